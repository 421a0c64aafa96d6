//! Lists of who holds shares: of what they hold, a table may only give the code at the exchange,
//! and that the other party of a row holds shares, only its columns may say.

use super::{
    super::words::{self, Role},
    names,
    party::{self, Party},
    profile::Profile,
    values,
};

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
    let related = (0..profiles.len()).find(|at| says_what_they_are(profiles, name, *at));
    if let Some(related) = related {
        profiles[related].what = Some("relation");
    } else if !directs && !profiles.iter().any(is_share) {
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
    let Some(code) = (profiles.iter().position(is_code))
        .or_else(|| (0..profiles.len()).find(|at| !directs && is_id_of_held(profiles, name, *at)))
    else {
        return;
    };
    // “Subsidiary” in each row says that the company of the code owns what has a name.
    let owned = |value: &String| {
        values::relation(value).is_some_and(|said| said.schema == "Ownership" && said.reversed)
    };
    let reversed = profiles
        .iter()
        .any(|profile| !profile.values.is_empty() && profile.values.iter().all(owned));
    if holds {
        parties[0].role = Some(if reversed { Role::Asset } else { Role::Owner });
    }
    let role = if holds && reversed { Role::Owner } else { Role::Company };
    let mut company = Party { role: Some(role), corporate: true, ..Party::default() };
    if let Some(what @ ("registrationNumber" | "leiCode")) = profiles[code].what {
        company.said.push((code, what));
    } else {
        // What has no other name is called by its code.
        company.name = Some(code);
        let profile = &mut profiles[code];
        company.said.extend(profile.what.map(|what| (code, what)));
        (profile.what, profile.headed, profile.called) = (Some("name"), true, true);
    }
    parties.push(company);
}

/// Whether a column says what those are whom another one names: “stakeholder type” beside
/// “stakeholder name”.
fn says_what_they_are(profiles: &[Profile], name: usize, at: usize) -> bool {
    let heading = words::normal(&profiles[at].heading);
    let stem = ["type", "role", "kind"].iter().find_map(|kind| heading.strip_suffix(kind));
    let same = stem.is_some_and(|stem| {
        !stem.is_empty() && words::normal(&profiles[name].heading).starts_with(stem)
    });
    same && !profiles[at].names_kinds()
        && profiles[at].values.iter().any(|value| values::relation(value).is_some())
}

/// Whether a column has speaking ids of what is held beside who holds it: `mine_id` of a company.
fn is_id_of_held(profiles: &[Profile], name: usize, at: usize) -> bool {
    const HELD: [&str; 13] = [
        "company",
        "firm",
        "asset",
        "mine",
        "project",
        "property",
        "plant",
        "issuer",
        "subsidiary",
        "fund",
        "site",
        "startup",
        "empresa",
    ];
    let profile = &profiles[at];
    let heading = words::normal(&profile.heading);
    let Some(stem) = heading.strip_suffix(" id").filter(|stem| HELD.contains(stem)) else {
        return false;
    };
    let own = words::normal(&profiles[name].heading).split(' ').any(|word| word == stem);
    !own && profile.filled >= profiles[name].filled
        && profile.values.iter().all(|value| value.chars().any(char::is_alphabetic))
        && !profile.values.is_empty()
}

/// Takes the first column for the name of what numbered owners hold, “holder 1” and “holder 2”,
/// where each row has another and no column names it.
pub(super) fn first_of_row(profiles: &mut [Profile]) {
    let owner = |profile: &Profile| {
        profile.headed
            && profile.what == Some("name")
            && matches!(profile.role, Some(Role::Owner | Role::Holder))
    };
    let named = |profile: &Profile| {
        profile.headed && matches!(profile.what, Some("name" | "firstName" | "lastName"))
    };
    let numbered =
        profiles.iter().filter(|p| owner(p) && !party::number(&p.heading).is_empty()).count();
    let others = profiles.iter().any(|profile| named(profile) && !owner(profile));
    let Some((first, rest)) = profiles.split_first_mut() else { return };
    let letters = first.people + first.companies > 0.0 || first.names >= 0.5 || !first.coded;
    if numbered < 2
        || others
        || first.what.is_some_and(|what| what != "website")
        || first.different < first.filled
        || first.filled < rest.iter().map(|profile| profile.filled).max().unwrap_or(0)
        || first.filled < 2
        || first.counter
        || !letters
    {
        return;
    }
    let reason = format!("“{}” is another in each row, and who holds it follows", first.heading);
    first.name_of(Some(Role::Company), 0.8, reason);
    first.names = 1.0;
}

/// Whether the columns behind the other party of a row tell how many shares it has, and what part
/// of all that is, or one of both where nothing else is said.
pub(super) fn tells(profiles: &[Profile], parties: &[Party], holder: usize) -> bool {
    // Who directs the company besides says nothing of who holds it.
    let others = |party: &&Party| party.role != Some(Role::Director);
    let held: Vec<&Party> = parties.iter().filter(others).collect();
    let [one, other] = held[..] else { return false };
    // Who has a post there holds shares besides.
    if profiles.iter().any(|profile| matches!(profile.what, Some("position"))) {
        return false;
    }
    let at = parties[holder].first();
    let last = one.first().max(other.first());
    let behind = profiles.iter().skip(last + 1);
    // Numbers of shares in thousands are a note, but shares all the same.
    let counts = |profile: &Profile| match profile.what {
        Some(what) => what == "sharesCount" && profile.headed,
        None => names::is_number_of_shares(&profile.heading),
    };
    let behind: Vec<&Profile> =
        behind.filter(|profile| is_share(profile) || counts(profile)).collect();
    at == last && (behind.len() > 1 || behind.iter().any(|profile| counts(profile)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::guessed;

    #[test]
    fn numbered_holders_hold_what_stands_first() {
        let (_, lines) = guessed(
            "s.csv",
            "domain,holder1,holder2\nnorden.example,Alba Norden,Jo Roe\nvance.example,Alba Norden,\n\
             mirage.example,Mirage SA,Al Moe\n",
        );
        assert!(lines[0].starts_with("Company company: name=domain"), "{lines:#?}");
        let owned = lines.iter().filter(|line| line.starts_with("Ownership")).count();
        assert_eq!(owned, 2, "{lines:#?}");
    }
}
