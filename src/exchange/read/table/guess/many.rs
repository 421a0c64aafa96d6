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
const OWN: [&str; 4] = ["vatCode", "abbreviation", "ticker", "mmsi"];

/// Keeps what stands beside several names each as a note on the party that it was taken for, unless
/// its heading says that it is that party's.
pub(super) fn drop_shared(profiles: &[Profile], rows: &[Row], parties: &mut [Party]) {
    let groups = party::groups(profiles, parties);
    for (nth, party) in parties.iter_mut().enumerate() {
        let Some(name) = party.name.filter(|_| party.split.is_none() && party.above.is_none())
        else {
            continue;
        };
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
    fn a_number_of_two_writings_of_one_name_stays_its_number() {
        let (_, lines) = guessed(
            "c.csv",
            "Company name,Company number\nNorden Ltd,11\nNorden Limited,11\nVance Ltd,12\nMirage SA,13\nOduya Ltd,14\n",
        );
        assert!(lines[0].contains("registrationNumber=Company number"), "{lines:#?}");
    }
}
