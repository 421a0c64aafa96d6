//! Officers and owners in one list: a row may have an office, shares or both.

use super::{
    super::row::Row,
    plan::{Link, Plan},
    profile::Profile,
    values,
};

/// Columns that say how much somebody owns.
const SHARES: [&str; 3] = ["percentage", "sharesCount", "sharesValue"];

/// The columns of offices and of shares, where some rows have an office and no share.
pub(super) fn apart(profiles: &[Profile], plan: &Plan, rows: &[Row]) -> Option<(usize, usize)> {
    let is_office = |profile: &Profile| matches!(profile.what, Some("role" | "position"));
    let office = profiles.iter().position(is_office)?;
    let share = shares(profiles).max_by_key(|at| (profiles[*at].filled, std::cmp::Reverse(*at)))?;
    let owner = plan.links.iter().any(|link| link.schema == "Ownership" && link.relation.is_none());
    (owner && rows.iter().any(|row| row.says(office) && !row.says(share)))
        .then_some((office, share))
}

/// The columns that say how much somebody owns.
fn shares(profiles: &[Profile]) -> impl Iterator<Item = usize> + '_ {
    let is_share = |at: &usize| profiles[*at].what.is_some_and(|what| SHARES.contains(&what));
    (0..profiles.len()).filter(is_share)
}

/// Makes two relationships of one: who has shares owns, and who has an office directs. Returns
/// whether it could, which needs that each row has one of both and that the offices are known.
pub(super) fn part(profiles: &[Profile], plan: &mut Plan, rows: &[Row]) -> bool {
    let Some((office, share)) = apart(profiles, plan, rows) else { return false };
    let whole =
        |row: &Row| row.says(share) || row.says(office) && shares(profiles).all(|at| !row.says(at));
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
