//! Tables of which no heading names anybody, though the cells of one column are names: they are
//! read only where somebody says that the guess is right.

use super::{
    super::{
        content::{self, Kind},
        words,
    },
    Look,
    profile::Profile,
};

/// How sure such a guess is.
pub(super) const UNSURE: f32 = 0.6;
/// The most words of a name, and the most characters.
const WORDS: usize = 8;
const LONGEST: usize = 70;

/// Parts of headings of what has names and is nobody.
const THINGS: [&str; 46] = [
    "product",
    "produit",
    "produkt",
    "producto",
    "prodotto",
    "item",
    "article",
    "artikel",
    "goods",
    "ware",
    "descr",
    "beschreib",
    "categ",
    "kateg",
    "service",
    "title",
    "titel",
    "titre",
    "titulo",
    "subject",
    "purpose",
    "objet",
    "objeto",
    "depart",
    "project",
    "projekt",
    "projet",
    "proyecto",
    "model",
    "brand",
    "event",
    "city",
    "ville",
    "stadt",
    "ciudad",
    "place",
    "station",
    "location",
    "address",
    "region",
    "country",
    "reason",
    "comment",
    "note",
    "remark",
    "type",
];

/// What only a row about somebody has.
const OF_SOMEBODY: [&str; 14] = [
    "amount",
    "amountUsd",
    "amountEur",
    "address",
    "street",
    "phone",
    "email",
    "registrationNumber",
    "idNumber",
    "taxNumber",
    "birthDate",
    "nationality",
    "percentage",
    "sharesCount",
];

/// The column whose cells are the names of somebody.
pub(super) fn find(look: &Look) -> Option<usize> {
    let told = |profile: &Profile| {
        profile.headed && profile.what.is_some_and(|what| OF_SOMEBODY.contains(&what))
    };
    if !look.profiles.iter().any(told) {
        return None;
    }
    let names = |at: &usize| has_names(look, *at);
    let likely = |at: &usize| {
        let profile = &look.profiles[*at];
        ((profile.companies + profile.people) * 100.0) as u32
    };
    (0..look.profiles.len()).filter(names).max_by_key(|at| (likely(at), std::cmp::Reverse(*at)))
}

/// Whether nearly all cells of a column are different names of people or bodies.
fn has_names(look: &Look, at: usize) -> bool {
    let profile = &look.profiles[at];
    let known = words::meaning(&profile.heading);
    let somebody = known.role.is_some() || words::names_company(&profile.heading);
    let likely = profile.companies + profile.people;
    let cells: Vec<&str> =
        look.rows.iter().filter(|row| row.says(at)).map(|row| row.get(at).trim()).collect();
    let is_name = |cell: &&&str| {
        cell.chars().count() <= LONGEST
            && cell.split_whitespace().count() <= WORDS
            && cell.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_uppercase)
            && matches!(content::kind(cell), Kind::Person | Kind::Company | Kind::Text)
    };
    (profile.what.is_none() || !profile.headed)
        && !words::mentions(&profile.heading, &THINGS)
        && cells.len() >= 3
        && cells.len() * 5 >= look.rows.len() * 4
        && profile.different * 2 >= profile.filled
        && profile.names >= 0.8
        && cells.iter().filter(is_name).count() * 10 >= cells.len() * 8
        && (likely >= 0.5 || somebody && likely >= 0.2)
}

/// Takes a column for the name of who stands in each row.
pub(super) fn call(profiles: &mut [Profile], at: usize) {
    let profile = &mut profiles[at];
    let reason =
        format!("no heading names anybody, and the cells of “{}” are names", profile.heading);
    profile.name_of(None, UNSURE, reason);
}

#[cfg(test)]
mod tests {
    use super::super::{SURE, tests::guessed};

    #[test]
    fn names_that_no_heading_calls_so_are_asked_about() {
        let (guess, lines) = guessed(
            "g.csv",
            "Xyzzy,Amount\nAlba Norden,10\nVance Metals Ltd,20\nJo Roe,30\nMirage Trading SA,30\n",
        );
        assert!(guess.confidence < SURE);
        assert!(lines[0].contains("name=Xyzzy"), "{lines:#?}");
    }

    #[test]
    fn goods_and_codes_are_nobody() {
        for text in [
            "Product,Amount\nOffice Chair,10\nDesk Lamp,20\nPaper Bin,30\n",
            "exporter,value_usd\nTR,10\nDE,20\nNL,30\n",
            "animal,number\nBear,10\nCaribou,20\nSheep,30\n",
        ] {
            let (guess, lines) = guessed("g.csv", text);
            assert!(guess.mapping.entities.is_empty(), "{lines:#?}");
        }
    }
}
