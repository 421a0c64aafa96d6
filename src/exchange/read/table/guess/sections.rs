//! Names that stand alone in a row above the rows that belong to them, in a column without a
//! heading.

use super::{super::row::Row, party::Party, profile::Profile};

/// A column of such names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// The column with the names.
    pub name: usize,
    /// A column that every row below them fills.
    pub below: usize,
}

/// The fewest names that make a column of them.
const FEWEST: usize = 2;

/// The column of names above their rows, where there is one: the first has no heading, and each of
/// its cells stands alone. The column is then one of names.
pub(super) fn find(profiles: &mut [Profile], rows: &[Row]) -> Option<Section> {
    let first = profiles.first()?;
    if !first.heading.starts_with("Column ") || first.names < 0.8 {
        return None;
    }
    let lead = |row: &&Row| !row.get(0).is_empty();
    let names = rows.iter().filter(lead).count();
    let alone = rows.iter().filter(lead).all(|row| row.filled() == 1);
    if names < FEWEST
        || names * 2 > rows.len()
        || !alone
        || rows.first().is_none_or(|row| !lead(&row))
    {
        return None;
    }
    let full = |at: &usize| rows.iter().all(|row| row.get(*at).is_empty() != row.get(0).is_empty());
    let below = (1..profiles.len()).find(full)?;
    let first = &mut profiles[0];
    (first.what, first.role, first.headed, first.confidence) = (Some("name"), None, true, 0.8);
    first.reason = "names stand alone above the rows that belong to them".into();
    Some(Section { name: 0, below })
}

/// Makes the names of sections count only where rows belong to them.
pub(super) fn head(section: Section, parties: &mut Vec<Party>) {
    parties.retain(|party| party.name == Some(section.name));
    for party in parties {
        party.above = Some(section.below);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_alone_above_their_rows() {
        let lines = ["A Ltd||", "|1|5", "|2|6", "B Ltd||", "|3|7"];
        let rows = Row::lines(2, &lines);
        let profiles = |heading: &str| -> Vec<Profile> {
            let headings = [heading, "Date", "Amount"].into_iter().enumerate();
            headings.map(|(at, heading)| Profile::of(heading, at, &rows)).collect()
        };
        assert_eq!(find(&mut profiles("Column 1"), &rows), Some(Section { name: 0, below: 1 }));
        assert_eq!(find(&mut profiles("Company"), &rows), None, "a heading says what it is");
    }
}
