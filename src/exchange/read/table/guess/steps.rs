//! Lists in step: several names in a cell, and as many of their details in the cells beside.

use super::{super::row::Row, party::Party, profile::Profile};

/// Finds for each party the columns that are lists in step with its names; names that no role calls
/// several are then several, too.
pub(super) fn find(profiles: &[Profile], rows: &[Row], parties: &mut [Party]) {
    for party in parties {
        let Some(name) = party.name else { continue };
        let Some(split) = party.split.or(profiles[name].split) else { continue };
        let beside: Vec<usize> = party
            .said
            .iter()
            .map(|(at, _)| *at)
            .filter(|at| in_step(rows, split, name, *at))
            .collect();
        if !beside.is_empty() {
            (party.split, party.beside) = (Some(split), beside);
        }
    }
}

/// Whether every cell of a column has as many parts as that with the names, and some have several.
fn in_step(rows: &[Row], split: &str, name: usize, other: usize) -> bool {
    let both = rows.iter().filter(|row| !row.get(name).is_empty() && !row.get(other).is_empty());
    let parts = |row: &Row, at: usize| row.get(at).split(split).count();
    let mut several = 0;
    for row in both {
        if parts(row, name) != parts(row, other) {
            return false;
        }
        several += usize::from(parts(row, name) > 1);
    }
    several > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_details_as_names() {
        let rows = |lines: &[&str]| Row::lines(2, lines);
        let all = ["Jo Roe; Al Roe|a@x; b@x", "Jo Doe|c@x", "A; B; C|1; 2; 3", "|d"];
        assert!(in_step(&rows(&all), ";", 0, 1));
        assert!(!in_step(&rows(&[&all[..], &["D; E|4"]].concat()), ";", 0, 1));
        assert!(!in_step(&rows(&all[1..2]), ";", 0, 1), "nothing shows it");
    }
}
