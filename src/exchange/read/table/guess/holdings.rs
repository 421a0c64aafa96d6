//! The other end of holdings where its heading is no usual word: companies beside who holds them
//! and how much, and companies that stand in two columns, here as what is held, there as who holds.

use std::collections::HashSet;

use super::{
    super::{
        learn,
        row::Row,
        words::{self, Role},
    },
    profile::{Profile, has},
};

/// How sure a guess is that only the cells tell: it is asked about.
const UNSURE: f32 = 0.6;

/// Parts of headings that speak of what is held.
const HELD: [&str; 18] = [
    "beteilig",
    "particip",
    "partecip",
    "invest",
    "inversi",
    "holding",
    "holds",
    "held",
    "asset",
    "detenu",
    "posseduta",
    "актив",
    "доля в",
    "объект",
    "被",
    "投资",
    "投資",
    "対象",
];

/// Takes a column of companies for the other end of what a table of holders, or of what is held,
/// tells.
pub(super) fn call(profiles: &mut [Profile], rows: &[Row]) {
    let bodies: Vec<usize> = (0..profiles.len()).filter(|at| has_bodies(profiles, *at)).collect();
    let shares = has(profiles, &["percentage", "sharesCount"]);
    let named: Vec<usize> = (0..profiles.len()).filter(|at| is_named(&profiles[*at])).collect();
    let open = |at: &&usize| !is_named(&profiles[**at]);
    match (&named[..], &bodies.iter().filter(open).collect::<Vec<_>>()[..]) {
        ([named], [open]) if shares => {
            let (named, open) = (*named, **open);
            let told =
                in_common(rows, [named, open]) || words::mentions(&profiles[open].heading, &HELD);
            let role = match profiles[named].role {
                Some(Role::Owner | Role::Parent | Role::Holder) => Role::Asset,
                Some(Role::Asset) => Role::Owner,
                _ => return name_both(profiles, rows, [named, open]),
            };
            if told {
                let reason = format!(
                    "“{}” has companies, beside who holds how much of them",
                    profiles[open].heading
                );
                profiles[open].name_of(Some(role), 0.8, reason);
            }
        }
        ([named], [open]) => name_both(profiles, rows, [*named, **open]),
        ([], [one, other]) => name_both(profiles, rows, [**one, **other]),
        _ => {}
    }
}

/// Takes two columns for the ends of relationships, where companies of the one stand in the other.
fn name_both(profiles: &mut [Profile], rows: &[Row], ends: [usize; 2]) {
    let known = ends.into_iter().any(|at| {
        let role = profiles[at].role;
        profiles[at].headed && role.is_some_and(|role| role != Role::Company)
    });
    if known || !in_common(rows, ends) {
        return;
    }
    let roles =
        if ends[0] < ends[1] { [Role::Source, Role::Target] } else { [Role::Target, Role::Source] };
    for (at, role) in ends.into_iter().zip(roles) {
        let profile = &mut profiles[at];
        let reason = format!("companies stand under “{}” and in another column", profile.heading);
        profile.name_of(Some(role), UNSURE, reason);
        // No heading tells it.
        profile.headed = false;
    }
}

/// Whether a heading says that a column names somebody.
fn is_named(profile: &Profile) -> bool {
    profile.headed && matches!(profile.what, Some("name" | "firstName" | "lastName" | "id"))
}

/// Whether most rows have the name of a body in a column of which nothing else is known.
fn has_bodies(profiles: &[Profile], at: usize) -> bool {
    let profile = &profiles[at];
    let most = profiles.iter().map(|profile| profile.filled).max().unwrap_or(0);
    (is_named(profile) || matches!(profile.what, None | Some("name" | "percentage")))
        && profile.names >= 0.8
        && profile.companies >= 0.5
        && profile.different > 1
        && profile.filled * 5 >= most * 4
}

/// Whether a tenth of the names of one column, and not in the same row, stand in another.
fn in_common(rows: &[Row], [one, other]: [usize; 2]) -> bool {
    let names = |at: usize| -> HashSet<String> {
        let cells = rows.iter().map(|row| learn::folded(row.get(at)));
        cells.filter(|name| !name.is_empty()).collect()
    };
    let same =
        rows.iter().filter(|row| learn::folded(row.get(one)) == learn::folded(row.get(other)));
    let (first, second) = (names(one), names(other));
    let both = first.intersection(&second).count();
    same.count() == 0 && both > 0 && both * 10 >= first.len().min(second.len())
}

#[cfg(test)]
mod tests {
    use super::super::{SURE, TableKind, tests::guessed};

    #[test]
    fn what_is_held_may_have_any_heading_beside_who_holds_how_much() {
        let (guess, lines) = guessed(
            "h.csv",
            "Shareholder;Object of the holding;Stake\nAlba Ltd;Vance Metals Ltd;25%\n\
             Jo Roe;Mirage Trading SA;100%\nVance Metals Ltd;Norden Shipping AS;51%\n",
        );
        assert_eq!(guess.kind, TableKind::Relationships, "{lines:#?}");
        assert!(guess.confidence >= SURE, "{lines:#?}");
        assert!(lines.iter().any(|line| line.starts_with("Ownership")), "{lines:#?}");
    }

    #[test]
    fn a_chain_whose_direction_nobody_tells_is_asked_about() {
        let (guess, lines) = guessed(
            "h.csv",
            "Upper;Lower;Stake\nAlba Ltd;Vance Metals Ltd;25%\nRoe AG;Mirage Trading SA;100%\n\
             Vance Metals Ltd;Norden Shipping AS;51%\n",
        );
        assert!(guess.confidence < SURE, "{lines:#?}");
        assert!(lines.iter().any(|line| line.starts_with("UnknownLink")), "{lines:#?}");
    }

    #[test]
    fn companies_of_another_column_are_not_held() {
        let (guess, lines) = guessed(
            "h.csv",
            "Shareholder;Advice by;Stake\nAlba Ltd;Vance Audit Ltd;25%\n\
             Roe AG;Mirage Audit SA;100%\nMoe AG;Norden Audit AS;51%\n",
        );
        assert!(guess.confidence < SURE, "{lines:#?}");
        assert!(!lines.iter().any(|line| line.starts_with("Ownership")), "{lines:#?}");
    }
}
