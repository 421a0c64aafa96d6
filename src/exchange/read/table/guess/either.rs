//! Things whose name is in one of two places: bodies in a column of their own, people by first
//! and last name.

use super::{
    super::{clean, row::Row, words::Role},
    party::Party,
    profile::Profile,
};

/// The fewest rows of each kind that show that each row has one of the two names.
const SHOWN: usize = 2;

/// Joins a party named by one column and a person named by several to one, where every row has one
/// of the two names and none has both.
pub(super) fn join(profiles: &[Profile], rows: &[Row], parties: &mut Vec<Party>) {
    for at in 0..parties.len() {
        let Some(name) = parties[at].name.filter(|_| is_open(&parties[at])) else { continue };
        if !parties[at].apart.is_empty() {
            parties[at].either = one_of(rows, name, &parties[at].apart);
            if parties[at].either {
                parties[at].role = None;
            }
            continue;
        }
        let other = parties.iter().position(|other| {
            other.name.is_none()
                && is_open(other)
                && !other.apart.is_empty()
                && one_of(rows, name, &other.apart)
        });
        if let Some(other) = other {
            parties[at].apart = std::mem::take(&mut parties[other].apart);
            (parties[at].either, parties[at].role) = (true, None);
            parties[at].corporate |= profiles[name].companies >= 0.5;
            parties.remove(other);
            return;
        }
    }
}

/// Whether nothing says that a party is in a relationship.
fn is_open(party: &Party) -> bool {
    let role = matches!(party.role, None | Some(Role::Company | Role::Person | Role::Vessel));
    role && party.number.is_empty() && party.split.is_none()
}

/// Whether every row has either a name in one column or one in several, and some rows have each.
fn one_of(rows: &[Row], name: usize, apart: &[(usize, &'static str)]) -> bool {
    let (mut whole, mut parts) = (0, 0);
    for row in rows {
        match (row.says(name), apart.iter().any(|(at, _)| row.says(*at))) {
            (true, false) => whole += 1,
            (false, true) => parts += 1,
            _ => return false,
        }
    }
    whole >= SHOWN && parts >= SHOWN
}

/// The texts of a column that stand for nothing, in the rows that were looked at and beyond.
pub(super) fn nothings(rows: &[Row], column: usize) -> Vec<String> {
    let found = rows.iter().map(|row| row.get(column)).filter(|cell| clean::is_nothing(cell));
    let mut all: Vec<String> =
        ["", "-", "–", "—"].into_iter().chain(found).map(str::to_owned).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[&str]) -> Vec<Row> {
        Row::lines(1, lines)
    }

    #[test]
    fn each_row_has_one_of_two_names() {
        let apart = [(1, "lastName"), (2, "firstName")];
        let each = ["A Ltd||", "|Roe|Jo", "B Ltd||", "|Doe|Al"];
        assert!(one_of(&rows(&each), 0, &apart));
        for other in ["C Ltd|Roe|Jo", "||"] {
            assert!(!one_of(&rows(&[&each[..], &[other]].concat()), 0, &apart), "{other}");
        }
        assert!(!one_of(&rows(&each[..2]), 0, &apart), "one of each is chance");
    }
}
