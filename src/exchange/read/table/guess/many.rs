//! Numbers and acronyms that stand beside many names: of an office, a form, a file. They are none
//! of those whose names they stand beside.

use std::collections::{HashMap, HashSet};

use super::{
    super::{learn, row::Row},
    assign::NUMBERS,
    party::{self, Party},
    profile::Profile,
};

/// What one party has and no other, besides its numbers.
const OWN: [&str; 5] = ["vatCode", "abbreviation", "ticker", "mmsi", "website"];
/// What is that of a row rather than of a party of which two rows say it differently.
const OF_ROWS: [&str; 3] = ["status", "website", "modifiedAt"];

/// Keeps what stands beside several names each as a note on the party that it was taken for, unless
/// its heading says that it is that party's.
pub(super) fn drop_shared(profiles: &[Profile], rows: &[Row], parties: &mut [Party]) {
    let groups = party::groups(profiles, parties);
    for (nth, party) in parties.iter_mut().enumerate() {
        let Some(name) = whole_name(party) else { continue };
        let shared = |(at, what): &(usize, &str)| {
            (NUMBERS.contains(what) || OWN.contains(what))
                && groups[*at] != Some(nth)
                && party.key != Some(*at)
                && is_shared(rows, name, *at)
        };
        let (shared, own): (Vec<_>, Vec<_>) = party.said.iter().copied().partition(shared);
        party.said = own;
        party.notes.extend(shared.into_iter().map(|(at, _)| at));
    }
}

/// Takes from a party a number that is another in each row of one name, and gives it to the party
/// whose names have one each; and a state that is another in two rows of a name. Returns the columns
/// that are nobody's.
pub(super) fn drop_varying(
    profiles: &[Profile],
    rows: &[Row],
    parties: &mut [Party],
) -> Vec<usize> {
    let groups = party::groups(profiles, parties);
    let mut nobodys = Vec::new();
    for nth in 0..parties.len() {
        let party = &parties[nth];
        let Some(name) = whole_name(party) else { continue };
        let varying = |(at, what): &(usize, &str)| {
            groups[*at] != Some(nth)
                && party.key != Some(*at)
                && (NUMBERS.contains(what) && varies(rows, name, *at)
                    || OF_ROWS.contains(what) && differs(rows, name, *at))
        };
        let (moved, own): (Vec<_>, Vec<_>) = party.said.iter().copied().partition(varying);
        parties[nth].said = own;
        for (at, what) in moved {
            let other = parties.iter_mut().filter(|_| NUMBERS.contains(&what)).find(|other| {
                let name = other.name.filter(|_| other.split.is_none());
                !other.has(&[what]) && name.is_some_and(|name| are_paired(rows, name, at))
            });
            match other {
                Some(other) => other.said.push((at, what)),
                None => nobodys.push(at),
            }
        }
    }
    nobodys
}

/// Whether two rows of one name have other values in a column.
fn differs(rows: &[Row], name: usize, at: usize) -> bool {
    let mut first: HashMap<String, &str> = HashMap::new();
    let mut said = rows.iter().filter(|row| row.says(name) && row.says(at));
    said.any(|row| *first.entry(learn::folded(row.get(name))).or_insert(row.get(at)) != row.get(at))
}

/// Whether nearly each row of a name that several rows have has another value in a column.
fn varies(rows: &[Row], name: usize, at: usize) -> bool {
    let mut of: HashMap<String, Vec<&str>> = HashMap::new();
    for row in rows.iter().filter(|row| row.says(name) && row.says(at)) {
        of.entry(learn::folded(row.get(name))).or_default().push(row.get(at));
    }
    let repeated = of.values().filter(|values| values.len() > 1);
    let (mut all, mut different) = (0, 0);
    for values in repeated {
        all += values.len();
        different += values.iter().collect::<HashSet<_>>().len();
    }
    all >= 4 && different * 10 >= all * 8
}

/// Whether each name has one value of a column, each value one name, and some stand in two rows.
fn are_paired(rows: &[Row], name: usize, at: usize) -> bool {
    let mut values: HashMap<String, &str> = HashMap::new();
    let mut names: HashMap<&str, String> = HashMap::new();
    let mut again = 0;
    for row in rows.iter().filter(|row| row.says(name) && row.says(at)) {
        let own = learn::folded(row.get(name));
        let value = row.get(at);
        if values.insert(own.clone(), value).is_some_and(|before| before != value)
            || names.insert(value, own.clone()).is_some_and(|before| {
                again += 1;
                before != own
            })
        {
            return false;
        }
    }
    names.len() > 2 && again > 0
}

/// The column in which each row has one name of a party.
fn whole_name(party: &Party) -> Option<usize> {
    party.name.filter(|_| party.split.is_none() && party.above.is_none())
}

/// Whether the values of a column stand beside two names each or more, taken together.
fn is_shared(rows: &[Row], name: usize, at: usize) -> bool {
    let mut beside: HashMap<&str, HashSet<String>> = HashMap::new();
    let mut names = HashSet::new();
    for row in rows.iter().filter(|row| row.says(name) && row.says(at)) {
        let own = learn::folded(row.get(name));
        names.insert(own.clone());
        beside.entry(row.get(at)).or_default().insert(own);
    }
    names.len() >= 4 && names.len() >= beside.len() * 2
}

#[cfg(test)]
mod tests {
    use super::super::tests::guessed;

    #[test]
    fn the_acronym_of_an_office_is_not_that_of_its_suppliers() {
        let (_, lines) = guessed(
            "c.csv",
            "Acronym,Supplier,Registration number\nAQ,Norden Ltd,11-1\nAQ,Vance Ltd,12-2\nAQ,Mirage SA,13-3\n\
             CB,Kellner Ltd,14-4\nCB,Oduya Ltd,15-5\n",
        );
        assert!(lines[0].contains("registrationNumber=Registration number"), "{lines:#?}");
        assert!(lines[0].contains("notes=Acronym"), "{lines:#?}");
    }

    #[test]
    fn a_number_that_is_another_in_each_row_of_a_name_is_not_its_number() {
        let (_, lines) = guessed(
            "c.csv",
            "Buyer,Registration number,Supplier\nTown A,11,Norden Ltd\nTown A,12,Vance Ltd\nTown A,13,Mirage SA\n\
             Town B,11,Norden Ltd\nTown B,12,Vance Ltd\nTown B,14,Oduya Ltd\n",
        );
        let of = |line: &&String| line.contains("registrationNumber=Registration number");
        let owner = lines.iter().find(of).map(String::as_str).unwrap_or_default();
        assert!(owner.contains("name=Supplier"), "{lines:#?}");
    }

    #[test]
    fn a_number_of_two_writings_of_one_name_stays_its_number() {
        let (_, lines) = guessed(
            "c.csv",
            "Company name,Company number\nNorden Ltd,11\nNorden Limited,11\nVance Ltd,12\nMirage SA,13\nOduya Ltd,14\n",
        );
        assert!(lines[0].contains("registrationNumber=Company number"), "{lines:#?}");
    }
}
