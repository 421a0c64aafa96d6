//! Trade names that are the only names, and first names that are counted.

use super::{
    super::words::{self, Role},
    party,
    profile::Profile,
};

/// Takes the first trade name for the name of what a row is about, where no column names that and
/// others are its owners or officers.
pub(super) fn instead(profiles: &mut [Profile]) {
    let named = |profile: &&Profile| {
        profile.headed && matches!(profile.what, Some("name" | "firstName" | "lastName"))
    };
    let of_company = |role: Option<Role>| {
        matches!(role, Some(Role::Owner | Role::Director | Role::Manager | Role::Holder))
    };
    let mut others = profiles.iter().filter(named).peekable();
    if others.peek().is_none() || !others.all(|profile| of_company(profile.role)) {
        return;
    }
    let first = profiles.iter().position(|profile| named(&profile)).unwrap_or(0);
    let trade = profiles[..first]
        .iter_mut()
        .find(|profile| profile.headed && profile.what == Some("alias") && profile.names >= 0.8);
    if let Some(profile) = trade {
        (profile.what, profile.role) = (Some("name"), Some(Role::Company));
        profile.reason.push_str(", and nothing else names the company");
    }
}

/// Takes the names of codes for what they are: “Code of size” beside “Name of size” names nobody.
pub(super) fn of_codes(profiles: &mut [Profile]) {
    let words = |profile: &Profile| -> Vec<String> {
        let heading = words::normal(profile.heading.rsplit(" / ").next().unwrap_or_default());
        heading.split(' ').map(str::to_owned).collect()
    };
    let without = |profile: &Profile, list: &[&str]| -> Option<Vec<String>> {
        let all = words(profile);
        let rest: Vec<String> =
            all.iter().filter(|word| !list.contains(&word.as_str())).cloned().collect();
        (rest.len() < all.len() && !rest.is_empty()).then_some(rest)
    };
    let coded: Vec<Vec<String>> =
        profiles.iter().filter_map(|profile| without(profile, &CODES)).collect();
    for profile in profiles.iter_mut() {
        let open = profile.what == Some("name") && profile.role.is_none();
        let named = without(profile, &NAMES).filter(|_| open);
        if named.is_some_and(|rest| coded.contains(&rest)) {
            (profile.what, profile.headed) = (None, false);
        }
    }
}

/// Takes the number of a file for what it is beside a number of registration.
pub(super) fn of_files(profiles: &mut [Profile]) {
    let number =
        |profile: &Profile| profile.what == Some("registrationNumber") && profile.role.is_none();
    let file = |profile: &Profile| words::normal(&profile.heading).starts_with("file ");
    let other = profiles.iter().any(|profile| number(profile) && !file(profile));
    for profile in profiles.iter_mut().filter(|p| other && number(p) && file(p)) {
        profile.what = Some("id");
    }
}

/// Words for codes.
const CODES: [&str; 10] =
    ["code", "codes", "kod", "kodu", "код", "codigo", "codice", "cod", "代码", "코드"];
/// Words for names.
const NAMES: [&str; 12] = [
    "name",
    "names",
    "label",
    "description",
    "nom",
    "libelle",
    "nombre",
    "nome",
    "bezeichnung",
    "наименование",
    "название",
    "nazwa",
];

/// The number of a party in a heading: none where it counts the first names of one person, of
/// which no last name has a number.
pub(super) fn number_of(profiles: &[Profile], at: usize) -> String {
    let digits = party::number(&profiles[at].heading);
    let part = |what: Option<&str>| matches!(what, Some("firstName" | "middleName"));
    if digits.is_empty() || !part(profiles[at].what) {
        return digits;
    }
    let same = |profile: &Profile| {
        matches!(profile.what, Some("lastName" | "name"))
            && party::number(&profile.heading) == digits
    };
    let lasts = |profile: &Profile| matches!(profile.what, Some("lastName" | "name"));
    if profiles.iter().any(lasts) && !profiles.iter().any(same) { String::new() } else { digits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_code_is_nobodys() {
        let column = |heading: &str, what| Profile {
            heading: heading.to_owned(),
            what: Some(what),
            ..Profile::default()
        };
        let mut profiles = [
            column("Name", "name"),
            column("Код КРП", "id"),
            column("КРП атауы / Наименование КРП", "name"),
        ];
        of_codes(&mut profiles);
        assert_eq!(profiles.each_ref().map(|p| p.what), [Some("name"), Some("id"), None]);
    }

    #[test]
    fn a_trade_name_is_the_name_where_there_is_no_other() {
        let column = |what: &'static str, role: Option<Role>| Profile {
            what: Some(what),
            role,
            names: 1.0,
            headed: true,
            ..Profile::default()
        };
        let owner = || column("name", Some(Role::Owner));
        let mut alone = [column("alias", None), column("alias", None), owner()];
        instead(&mut alone);
        assert_eq!(alone.each_ref().map(|p| p.what), [Some("name"), Some("alias"), Some("name")]);
        let mut beside = [column("name", Some(Role::Company)), column("alias", None), owner()];
        instead(&mut beside);
        assert_eq!(beside[1].what, Some("alias"));
    }
}
