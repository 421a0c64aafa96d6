//! Officers and owners in one list: a row may have an office, shares or both.

use super::{
    super::{clean, row::Row},
    plan::{Link, Plan},
    profile::Profile,
    values,
};

/// Columns that say how much somebody owns.
const SHARES: [&str; 3] = ["percentage", "sharesCount", "sharesValue"];

/// The columns of offices and of shares, where some rows have an office and no share.
pub(super) fn apart(profiles: &[Profile], plan: &Plan, rows: &[Row]) -> Option<(usize, usize)> {
    let of =
        |whats: &[&str], at: &usize| profiles[*at].what.is_some_and(|what| whats.contains(&what));
    let office = (0..profiles.len()).find(|at| of(&["role", "position"], at))?;
    let has = |row: &Row, at: usize| !clean::is_nothing(row.get(at));
    let shares: Vec<usize> = (0..profiles.len()).filter(|at| of(&SHARES, at)).collect();
    let share = *shares.iter().max_by_key(|at| (profiles[**at].filled, std::cmp::Reverse(**at)))?;
    let owner = plan.links.iter().any(|link| link.schema == "Ownership" && link.relation.is_none());
    (owner && rows.iter().any(|row| has(row, office) && !has(row, share)))
        .then_some((office, share))
}

/// Makes two relationships of one: who has shares owns, and who has an office directs. Returns
/// whether it could, which needs that each row has one of both and that the offices are known.
pub(super) fn part(profiles: &[Profile], plan: &mut Plan, rows: &[Row]) -> bool {
    let Some((office, share)) = apart(profiles, plan, rows) else { return false };
    let has = |row: &Row, at: usize| !clean::is_nothing(row.get(at));
    let shares: Vec<usize> = (0..profiles.len())
        .filter(|at| profiles[*at].what.is_some_and(|what| SHARES.contains(&what)))
        .collect();
    let whole = |row: &Row| {
        (has(row, office) || has(row, share))
            && (has(row, share) || shares.iter().all(|at| !has(row, *at)))
    };
    let directs = |value: &String| {
        values::relation(value).is_some_and(|found| found.schema == "Directorship")
    };
    let known = profiles[office].values.iter().filter(|value| directs(value)).count();
    let offices = !profiles[office].values.is_empty() && known * 2 > profiles[office].values.len();
    let mut owners = plan.links.iter_mut().filter(|link| link.schema == "Ownership");
    let (Some(link), None) = (owners.next(), owners.next()) else { return false };
    if !offices || !rows.iter().all(whole) {
        return false;
    }
    link.needs = Some(share);
    let mut other = Link::between(link.from, link.to, "Directorship");
    other.needs = Some(office);
    plan.links.push(other);
    plan.reasons.push(format!(
        "who has an office in “{}” directs, who has shares in “{}” owns",
        profiles[office].heading, profiles[share].heading
    ));
    true
}
