//! Lists of who holds shares: of what they hold, a table may only give the code at the exchange,
//! and that the other party of a row holds shares, only its columns may say.

use super::{super::words::Role, party::Party, profile::Profile};

/// What says how much somebody holds.
fn is_share(profile: &Profile) -> bool {
    matches!(profile.what, Some("percentage" | "sharesCount"))
}

/// Adds the company that a list of holders names only by a code that stands in the rows of all its
/// holders.
pub(super) fn company(profiles: &mut [Profile], parties: &mut Vec<Party>) {
    let [only] = &parties[..] else { return };
    let holds = matches!(only.role, None | Some(Role::Owner | Role::Holder | Role::Company));
    let directs = only.role == Some(Role::Director);
    let Some(name) = only.name.filter(|_| holds || directs) else { return };
    if !directs && !profiles.iter().any(is_share) {
        return;
    }
    // A code of each row is that of who stands in it.
    let is_code = |profile: &Profile| {
        let what =
            matches!(profile.what, Some("ticker" | "isin" | "registrationNumber" | "leiCode"));
        what && profile.role.is_none_or(|role| role == Role::Company)
            && profile.filled >= profiles[name].filled
            && profile.different * 2 <= profile.filled
            && profile.different * 2 <= profiles[name].different
    };
    let Some(code) = profiles.iter().position(is_code) else { return };
    if holds {
        parties[0].role = Some(Role::Owner);
    }
    let mut company = Party { role: Some(Role::Company), ..Party::default() };
    match profiles[code].what {
        Some(what @ ("registrationNumber" | "leiCode")) => company.said.push((code, what)),
        // What has no other name is called by its code.
        _ => {
            company.name = Some(code);
            let profile = &mut profiles[code];
            (profile.what, profile.headed, profile.called) = (Some("name"), true, true);
        }
    }
    parties.push(company);
}

/// Whether the columns behind the other party of a row tell how many shares it has, and what part
/// of all that is, or one of both where nothing else is said.
pub(super) fn tells(profiles: &[Profile], parties: &[Party], holder: usize) -> bool {
    let [one, other] = parties else { return false };
    let at = parties[holder].first();
    let last = one.first().max(other.first());
    let behind = profiles.iter().skip(last + 1);
    let behind: Vec<&Profile> = behind.filter(|profile| is_share(profile)).collect();
    at == last
        && (behind.len() > 1
            || behind.iter().any(|profile| profile.what == Some("sharesCount") && profile.headed))
}
