//! Tables that are read together, of which one has the companies by their numbers and another only
//! names those numbers beside its people.

use super::{super::words, Guess, Look, graph};

/// Lets what one table knows only by a number be the row of another that has that number under the
/// same heading.
pub(super) fn join(looks: &[Look], guesses: &mut [Guess]) {
    for table in 0..looks.len() {
        let found = known_by_number(&looks[table], &guesses[table]).into_iter().find_map(|nth| {
            let heading = guesses[table].mapping.entities[nth].properties[0].columns[0].clone();
            let mut others = (0..looks.len()).filter(|other| *other != table);
            let space = others.find_map(|other| space(looks, guesses, other, &heading))?;
            let column = looks[table].columns.iter().position(|column| *column == heading)?;
            space.is_named_in(&looks[table], column).then_some((nth, heading, space))
        });
        let Some((nth, heading, space)) = found else { continue };
        for made in &mut guesses[space.table].mapping.entities {
            if graph::is_variant(&made.name, &space.base) && !graph::is_edge(&made.schema) {
                let column = looks[space.table].columns[space.column].clone();
                graph::key_by(made, column, &space);
            }
        }
        let made = &mut guesses[table].mapping.entities[nth];
        if made.properties[0].property == "name" {
            made.properties.remove(0);
            made.refers = true;
            space.schema.clone_into(&mut made.schema);
        }
        graph::key_by(made, heading, &space);
    }
}

/// The things of a row of which the table only says a number.
fn known_by_number(look: &Look, guess: &Guess) -> Vec<usize> {
    let only = |made: &super::super::EntityMapping| {
        let told: Vec<_> = made.properties.iter().filter(|said| !said.labelled).collect();
        !made.refers
            && !graph::is_edge(&made.schema)
            && matches!(&told[..], [said] if said.entity.is_none()
                && said.columns.len() == 1
                && (NUMBERS.contains(&&*said.property) || said.property == "name" && is_code(&said.columns[0]))
                && look.columns.contains(&said.columns[0]))
            && made.properties.first().is_some_and(|said| !said.labelled)
    };
    let made = guess.mapping.entities.iter().enumerate();
    made.filter(|(_, made)| only(made)).map(|(nth, _)| nth).collect()
}

/// Numbers that a register gives to one body each.
const NUMBERS: [&str; 8] = [
    "registrationNumber",
    "taxNumber",
    "innCode",
    "ogrnCode",
    "uscCode",
    "leiCode",
    "vatCode",
    "idNumber",
];

/// Whether a heading says that codes of an exchange are below it, by which companies are called
/// where there is nothing else.
fn is_code(heading: &str) -> bool {
    matches!(words::meaning(heading).what, Some("ticker" | "isin"))
}

/// The rows of a table that have another number each under this heading.
fn space(looks: &[Look], guesses: &[Guess], table: usize, heading: &str) -> Option<graph::Space> {
    let look = &looks[table];
    let bare = |heading: &str| words::normal(heading).trim_end_matches(" id").to_owned();
    let heading = bare(heading);
    let mut columns = (0..look.profiles.len()).filter(|at| look.tells_apart(*at));
    let column = columns.find(|at| bare(&look.profiles[*at].heading) == heading)?;
    graph::space_of(look, &guesses[table], (table, column))
}

#[cfg(test)]
mod tests {
    use super::super::{super::EntityMapping, tests::together};

    #[test]
    fn shares_between_numbers_of_a_register_are_those_of_its_companies() {
        let guesses = together(&[
            (
                "firms.csv",
                "Firmenname,FNR,Ort,Funktion,Name\nNorden,FN_1456,Graz,Geschäftsführer,Alba Roe\n\
                 Vance,FN_6958,Linz,Geschäftsführer,Jo Moe\nMirage,FN_2348,Wels,Geschäftsführer,Al Poe\n",
            ),
            (
                "shares.csv",
                "Eigentümer_FNR,Beteiligung_an_FNR,Prozent\nFN_2348,FN_1456,35\nFN_6958,FN_1456,65\n\
                 FN_1456,FN_6958,10\n",
            ),
        ]);
        let [firms, shares] = &guesses[..] else { panic!("two tables") };
        let made = &firms.mapping.entities;
        let firm = |name: &&EntityMapping| name.name == "entity" || name.name.contains(" as ");
        assert!(made.iter().filter(firm).all(|made| made.keys == ["FNR"]), "{made:#?}");
        let made = &shares.mapping.entities;
        assert!(made.iter().any(|made| made.schema == "Ownership"), "{made:#?}");
    }
}
