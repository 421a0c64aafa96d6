//! A name that stands once above the rows that belong to it, as where cells were merged.

use std::collections::HashSet;

use super::{super::row::Row, plan::Plan, profile::Profile};

/// The columns whose empty cells say what the last filled one above says: first the column with
/// the name, then what else is said of it there. Nothing where empty cells may be unknown names.
pub(super) fn columns(plan: &Plan, profiles: &[Profile], rows: &[Row]) -> Vec<String> {
    let Some(subject) = plan.subject.and_then(|at| plan.parties.get(at)) else {
        return Vec::new();
    };
    if let Some(name) = subject.name.filter(|_| subject.above.is_some()) {
        return vec![profiles[name].heading.clone()];
    }
    let Some(lead) = subject.name.filter(|_| !plan.links.is_empty()) else { return Vec::new() };
    let others: Vec<usize> = plan
        .parties
        .iter()
        .filter(|party| party.name != Some(lead))
        .filter_map(super::party::Party::named_in)
        .collect();
    if others.iter().any(|at| *at < lead) || rows.first().is_none_or(|row| row.get(lead).is_empty())
    {
        return Vec::new();
    }
    let blank: Vec<&Row> = rows.iter().filter(|row| row.get(lead).is_empty()).collect();
    let mut seen = HashSet::new();
    let once = rows
        .iter()
        .map(|row| row.get(lead))
        .filter(|name| !name.is_empty())
        .all(|name| seen.insert(name));
    let belong = blank.iter().all(|row| others.iter().any(|at| !row.get(*at).is_empty()));
    // A name or two that is missing in a long table is missing.
    if !once || !belong || blank.is_empty() || blank.len() * 10 < rows.len() * 3 {
        return Vec::new();
    }
    let said: Vec<usize> = subject.said.iter().map(|(at, _)| *at).collect();
    let empty = |at: &usize| blank.iter().all(|row| row.get(*at).is_empty());
    // What is filled beside an empty name is about something else in that row.
    if !said.iter().all(empty) {
        return Vec::new();
    }
    std::iter::once(lead).chain(said).map(|at| profiles[at].heading.clone()).collect()
}
