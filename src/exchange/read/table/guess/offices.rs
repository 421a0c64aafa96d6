//! Officers and owners in one list: a row may have an office, shares or both.

use super::{
    super::{
        row::Row,
        words::{self, Role},
    },
    party::{self, Party},
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

/// Titles of offices of a state, by which people are known whatever they have to do with a body.
const OF_STATE: [&str; 14] = [
    "president",
    "prasident",
    "presidente",
    "prezydent",
    "prezident",
    "президент",
    "minister",
    "ministre",
    "ministro",
    "министр",
    "senator",
    "governor",
    "chancellor",
    "总统",
];

/// Whether a row links two ids of a database, of which one is that of somebody with an office of a
/// state: what he has to do with the other it does not say.
pub(super) fn is_of_state(profiles: &[Profile], parties: &[Party], ends: [usize; 2]) -> bool {
    let groups = party::groups(profiles, parties);
    let has_id = |party: usize| {
        let own = profiles.iter().zip(&groups).filter(|(_, group)| **group == Some(party));
        own.into_iter().any(|(profile, _)| profile.what == Some("id"))
    };
    let [holder, body] = ends;
    let heading = parties[holder].named_in().map(|name| words::normal(&profiles[name].heading));
    let title = heading.is_some_and(|heading| {
        let vice = heading.contains("vice");
        !vice && heading.split(' ').any(|word| OF_STATE.contains(&word))
    });
    let numbered = ends.into_iter().all(has_id);
    title && parties[body].role != Some(Role::Company) && numbered
}

/// Makes notes of columns with whoever held an office of a state at the time.
pub(super) fn drop_circumstances(profiles: &mut [Profile], parties: &mut Vec<Party>) {
    for at in (0..parties.len()).rev() {
        let directs = parties[at].role == Some(Role::Director);
        if directs && is_circumstance(profiles, parties, at) {
            let name = parties.remove(at).first();
            (profiles[name].role, profiles[name].what) = (None, None);
        }
    }
}

/// Whether a column has the same few holders of an office of a state in all rows, beside people or
/// things that are no body.
fn is_circumstance(profiles: &[Profile], parties: &[Party], holder: usize) -> bool {
    let Some(name) = parties[holder].named_in() else { return false };
    let heading = words::normal(&profiles[name].heading);
    let title = OF_STATE.contains(&&*heading) || heading.starts_with("prime minister");
    let body = |party: &Party| {
        party.corporate
            || party.role == Some(Role::Company)
            || party.named_in().is_some_and(|name| profiles[name].companies >= 0.3)
    };
    let others = parties.iter().enumerate().filter(|(at, _)| *at != holder);
    title
        && profiles[name].different * 2 <= profiles[name].filled
        && !others.into_iter().any(|(_, party)| body(party))
}

#[cfg(test)]
mod tests {
    use super::super::tests::guessed;

    #[test]
    fn who_was_president_at_the_time_directs_nobody() {
        let (_, lines) = guessed(
            "c.csv",
            "investigation,name,type,president\nA,Alba Norden,plea,Jo Roe\nA,Al Moe,charge,Jo Roe\n\
             B,Su Poe,plea,Ed Koe\nB,Ann Loe,plea,Ed Koe\n",
        );
        assert_eq!(lines.len(), 1, "{lines:#?}");
    }

    #[test]
    fn a_president_with_an_id_beside_a_school_with_an_id_does_not_direct_it() {
        let (_, lines) = guessed(
            "l.csv",
            "President-ID,President-Name,School-ID,School-Name\n1,Alba Norden,7,North Hill\n2,Jo Roe,8,South Hill\n",
        );
        assert!(lines[2].starts_with("UnknownLink other link:"), "{lines:#?}");
        let (_, lines) =
            guessed("b.csv", "Company,President\nNorden Ltd,Alba Norden\nVance Ltd,Jo Roe\n");
        assert!(lines[2].starts_with("Directorship"), "{lines:#?}");
    }
}
