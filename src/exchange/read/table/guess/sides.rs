//! What cells decide of columns whose headings leave it open: from and to, a bank that pays, a
//! source.

use super::{
    super::words::{self, Role},
    events,
    profile::Profile,
};

const FROM: [&str; 9] = ["from", "von", "de", "от", "desde", "da", "kimden", "tu", "من"];
const TO: [&str; 9] = ["to", "an", "nach", "к", "кому", "hasta", "kime", "den", "الی"];

/// Stems of names of courts.
const COURTS: [&str; 9] =
    ["court", "gericht", "tribunal", "cour d", "juzgado", "суд", "法院", "裁判所", "법원"];

/// What a column called from or to is, where its cells are no names.
pub(super) fn dated(profile: &Profile) -> Option<&'static str> {
    let heading = words::normal(&profile.heading);
    let is = |list: &[&str]| profile.names < 0.5 && list.contains(&&*heading);
    if is(&FROM) { Some("startDate") } else { is(&TO).then_some("endDate") }
}

/// Decides by the cells what headings leave open: from and to, a bank that pays, a source.
pub(super) fn sides(profiles: &mut [Profile]) {
    let money = profiles.iter().any(|p| matches!(p.what, Some("amount" | "amountUsd")));
    let travel = events::of_travel(profiles) && !money;
    for profile in profiles.iter_mut().filter(|profile| !profile.called) {
        let heading = words::normal(&profile.heading);
        let side = if FROM.contains(&&*heading) {
            Some(true)
        } else if TO.contains(&&*heading) {
            Some(false)
        } else {
            None
        };
        if let Some(from) = side
            && profile.filled > 0
            && !profile.values.is_empty()
            && profile.values.iter().all(|value| events::is_wallet(value))
        {
            let side = if from { Role::Payer } else { Role::Beneficiary };
            (profile.role, profile.what) = (Some(side), Some("wallet"));
            (profile.headed, profile.confidence) = (true, 0.9);
            continue;
        }
        if let Some(from) = side {
            // Places, too, are what something goes from and to.
            let parties = profile.companies + profile.people >= 0.5 && !travel;
            if profile.names >= 0.5 && !parties {
                profile.what = Some(if from { "placeFrom" } else { "placeTo" });
                (profile.role, profile.headed, profile.confidence) = (None, true, 0.8);
                profile.reason = format!("the heading says “{}”", profile.heading);
                continue;
            }
            let dates = profile.names < 0.5;
            profile.headed = true;
            profile.confidence = 0.85;
            profile.reason =
                format!("the heading says “{}” and the cells are names", profile.heading);
            (profile.role, profile.what) = match (from, dates, money) {
                (true, true, _) => (None, Some("startDate")),
                (false, true, _) => (None, Some("endDate")),
                (true, false, true) => (Some(Role::Payer), Some("name")),
                (false, false, true) => (Some(Role::Beneficiary), Some("name")),
                (true, false, false) => (Some(Role::Source), Some("name")),
                (false, false, false) => (Some(Role::Target), Some("name")),
            };
        }
    }
    rows_by_their_ids(profiles);
    lettered(profiles);
    origins(profiles);
    lobbyists(profiles);
    parties_of_people(profiles);
    representatives(profiles);
    accounts_of_banks(profiles);
    let named = |profiles: &[Profile], role: Role| {
        profiles.iter().any(|p| p.role == Some(role) && p.what == Some("name"))
    };
    // A name of a bank beside other names is that of somebody's bank.
    let names = profiles.iter().filter(|p| p.what == Some("name") && p.headed).count();
    for profile in profiles.iter_mut().filter(|profile| names > 1 && profile.role.is_none()) {
        if profile.what == Some("name") && super::profile::is_of_bank(&profile.heading) {
            profile.role = Some(Role::Bank);
        }
    }
    let pays = named(profiles, Role::Payer) || named(profiles, Role::Beneficiary);
    let banks = profiles.iter().any(|profile| {
        profile.role == Some(Role::Bank)
            && profile.what == Some("name")
            && !pays
            && words::side(&profile.heading).is_some()
    });
    for profile in profiles.iter_mut().filter(|_| banks) {
        // Where banks pay, their country is the payer's.
        let side = words::side(&profile.heading);
        match profile.what {
            Some("bankCountry") => (profile.role, profile.what) = (side, Some("country")),
            Some("bankAddress") => (profile.role, profile.what) = (side, Some("address")),
            _ => {}
        }
    }
    for profile in profiles.iter_mut().filter(|profile| profile.role == Some(Role::Bank)) {
        if profile.what != Some("name") {
            continue;
        }
        match words::side(&profile.heading) {
            Some(side) if !pays => profile.role = Some(side),
            side => (profile.role, profile.what) = (side, Some("bankName")),
        }
    }
    for profile in profiles.iter_mut().filter(|profile| profile.role.is_none()) {
        if matches!(profile.what, Some("bankName" | "swiftBic" | "bankCountry" | "bankAddress")) {
            profile.role = words::side(&profile.heading);
        }
    }
    // “Estado” beside “municipio” is where, not how.
    let placed = profiles.iter().any(|profile| matches!(profile.what, Some("city" | "region")));
    for profile in profiles.iter_mut().filter(|profile| placed && profile.what == Some("status")) {
        const STATES: [&str; 8] =
            ["activ", "vigent", "disuel", "cancel", "baja", "liquid", "suspend", "extint"];
        let state = |value: &String| words::mentions(value, &STATES);
        if words::normal(&profile.heading) == "estado" && !profile.values.iter().any(state) {
            profile.what = Some("region");
        }
    }
    // Where a candidate is named, the party is his.
    let donor = named(profiles, Role::Payer)
        && !named(profiles, Role::Beneficiary)
        && !named(profiles, Role::Person)
        && money;
    let party_name =
        |profile: &Profile| matches!(&*words::normal(&profile.heading), "party name" | "partyname");
    let has_party_name = profiles.iter().any(party_name);
    for profile in profiles.iter_mut() {
        // Whom a donor gives to is a political party, or just “Party”.
        let heading = words::normal(&profile.heading);
        let named_beside = heading == "party" && has_party_name;
        if donor
            && (profile.what == Some("political") || heading == "party")
            && !named_beside
            && profile.names > 0.5
        {
            (profile.role, profile.what) = (Some(Role::Beneficiary), Some("name"));
            (profile.headed, profile.confidence) = (true, 0.9);
        }
    }
    // Who applies for a letter of credit pays by it; who takes part in a tender owns nothing.
    let credit = named(profiles, Role::Beneficiary) && money;
    let case = profiles.iter().any(|profile| matches!(profile.what, Some("caseNumber" | "court")));
    for profile in profiles.iter_mut().filter(|_| case) {
        let court = |value: &String| words::mentions(value, &COURTS);
        match profile.what {
            Some("sector") => profile.what = Some("subjectMatter"),
            // Where a case is lies with its court, not with whom it is about.
            Some("address" | "city") if profile.values.iter().any(court) => {
                (profile.what, profile.role) = (Some("court"), None);
            }
            _ => {}
        }
    }
    let tender = named(profiles, Role::Authority);
    let won = named(profiles, Role::Supplier) && !named(profiles, Role::Company);
    for profile in profiles.iter_mut() {
        let heading = words::normal(&profile.heading);
        if credit && profile.role == Some(Role::Claimant) && heading.starts_with("applicant") {
            profile.role = Some(Role::Payer);
        }
        // What is said of the firm of a tender is said of who won it.
        if tender && won && profile.role == Some(Role::Company) && profile.what != Some("name") {
            profile.role = Some(Role::Supplier);
        }
        if tender && profile.role == Some(Role::Owner) {
            profile.role = Some(Role::Supplier);
        }
    }
    // Who buys from suppliers, and not goods from a shipper, awards contracts.
    let buys = named(profiles, Role::Supplier)
        && named(profiles, Role::Consignee)
        && !named(profiles, Role::Shipper);
    // A first line of a name is a first name only among six.
    let six = profiles.iter().any(|profile| words::normal(&profile.heading) == "name 6");
    for profile in profiles.iter_mut() {
        if buys && profile.role == Some(Role::Consignee) {
            profile.role = Some(Role::Authority);
        }
        if !six && words::normal(&profile.heading) == "name 1" {
            (profile.what, profile.role) = (Some("name"), None);
        }
    }
    let target = named(profiles, Role::Target);
    // What is between two nodes may have a label of its own.
    let edges = target && named(profiles, Role::Source);
    for profile in profiles.iter_mut().filter(|profile| edges && profile.role.is_none()) {
        let label = ["label", "name", "title", "caption", "edge name"];
        if profile.what == Some("name") && label.contains(&&*words::normal(&profile.heading)) {
            (profile.what, profile.headed) = (Some("description"), true);
        }
    }
    // Behind two ends of a relationship, a source says where it is from.
    let end = profiles.iter().position(|p| p.role == Some(Role::Target) && p.what == Some("name"));
    let start =
        profiles.iter().position(|p| p.role.is_none() && p.headed && p.what == Some("name"));
    let cited = end.filter(|end| start.is_some_and(|start| start < *end));
    for (at, profile) in profiles.iter_mut().enumerate() {
        let cited = cited.is_some_and(|end| at > end) && profile.companies + profile.people < 0.5;
        if profile.role == Some(Role::Source) && (!target || cited) {
            profile.role = None;
            let heading = words::normal(&profile.heading);
            // “Source 2” is the second that says so, and “source name” may be who it is.
            let worded = heading.split(' ').filter(|word| word.parse::<u64>().is_err()).count() > 1;
            let named = worded && profile.companies + profile.people >= 0.5;
            if !named {
                (profile.what, profile.headed) = (None, false);
            }
        }
    }
}

/// Gives an account behind the bank from which or to which something is paid to that side.
fn accounts_of_banks(profiles: &mut [Profile]) {
    for at in 1..profiles.len() {
        let (before, after) = profiles.split_at_mut(at);
        let (bank, account) = (&before[at - 1], &mut after[0]);
        if account.what != Some("accountNumber")
            || account.role.is_some()
            || !super::profile::is_of_bank(&bank.heading)
        {
            continue;
        }
        let heading = words::normal(&bank.heading);
        let is = |list: &[&str]| heading.split(' ').any(|word| list.contains(&word));
        account.role = match words::side(&bank.heading) {
            Some(side) => Some(side),
            None if is(&FROM) => Some(Role::Payer),
            None => is(&TO).then_some(Role::Beneficiary),
        };
    }
}

/// Takes the “legal person” of a company for who represents it, where it has names of people: so
/// are the representatives of Chinese companies called in English.
fn representatives(profiles: &mut [Profile]) {
    const HEADINGS: [&str; 8] = [
        "legal person",
        "legal person name",
        "legal rep",
        "legal representative",
        "legal representative name",
        "法人",
        "法人代表",
        "法人姓名",
    ];
    let named = |profile: &Profile| profile.what == Some("name") && profile.companies >= 0.3;
    if !profiles.iter().any(named) {
        return;
    }
    for profile in profiles.iter_mut() {
        let says = HEADINGS.contains(&&*words::normal(&profile.heading));
        if says && profile.companies < 0.2 && profile.names >= 0.5 {
            let reason = format!("the heading says “{}”", profile.heading);
            profile.name_of(Some(Role::Director), 0.9, reason);
        }
    }
}

/// Takes the few names under “party” beside people for those of their political parties.
fn parties_of_people(profiles: &mut [Profile]) {
    const HEADINGS: [&str; 5] = ["party name", "party", "partei", "partei name", "name of party"];
    let person = |profile: &Profile| {
        matches!(
            profile.what,
            Some("birthDate" | "gender" | "nationality" | "firstName" | "lastName")
        )
    };
    if !profiles.iter().any(person) {
        return;
    }
    for profile in profiles.iter_mut() {
        let says = HEADINGS.contains(&&*words::normal(&profile.heading));
        if says && profile.what == Some("name") && profile.different * 2 <= profile.filled.max(2) {
            (profile.role, profile.what, profile.headed) = (None, Some("political"), true);
        }
    }
}

/// Lets names without a role be those of what the id of each row is of: `director_id` beside `name`.
fn rows_by_their_ids(profiles: &mut [Profile]) {
    let unique = |profile: &&Profile| {
        profile.filled > 1 && profile.different == profile.filled && profile.what != Some("name")
    };
    let role = profiles.iter().filter(unique).find_map(|profile| {
        let heading = words::normal(&profile.heading);
        let stem = heading.strip_suffix(" id").or_else(|| heading.strip_suffix(" code"))?;
        let said = words::meaning(stem);
        let able = [Role::Director, Role::Owner, Role::Person, Role::Vessel];
        said.role.filter(|role| said.part == 100 && able.contains(role))
    });
    let Some(role) = role else { return };
    let mut names = profiles.iter_mut().filter(|p| p.what == Some("name") && p.headed);
    if let (Some(only), None) = (names.next(), names.next()) {
        let bare = matches!(&*words::normal(&only.heading), "name" | "full name" | "names");
        let unlike = role == Role::Person && only.companies >= 0.3;
        if only.role.is_none() && bare && !unlike {
            only.role = Some(role);
        }
    }
}

/// Takes two columns of names whose headings differ by a letter or number alone for the ends of
/// what a column of relationships says.
fn lettered(profiles: &mut [Profile]) {
    let says = |profile: &Profile| profile.what == Some("relation") || profile.names_relations();
    let others = |profile: &Profile| profile.what == Some("name") && profile.headed;
    if !profiles.iter().any(says) || profiles.iter().filter(|profile| others(profile)).count() > 2 {
        return;
    }
    // “Person A name” without the A, and that.
    let parted = |heading: &str| {
        let bare = heading.split(['(', '（']).next().unwrap_or(heading);
        let heading = words::normal(bare);
        let words: Vec<&str> = heading.split(' ').collect();
        let single = words.iter().rposition(|word| {
            words.len() > 1 && matches!(*word, "a" | "b" | "1" | "2" | "甲" | "乙")
        });
        if let Some(at) = single {
            let rest: Vec<&str> = words
                .iter()
                .enumerate()
                .filter(|(nth, _)| *nth != at)
                .map(|(_, word)| *word)
                .collect();
            return Some((rest.join(" "), words[at].chars().next()?));
        }
        let last = heading.chars().next_back()?;
        Some((heading.trim_end_matches(last).trim_end().to_owned(), last))
    };
    for one in 0..profiles.len() {
        for other in one + 1..profiles.len() {
            let texts = [one, other].iter().all(|at| profiles[*at].names >= 0.5);
            let (Some((stem, first)), Some((same, second))) =
                (parted(&profiles[one].heading), parted(&profiles[other].heading))
            else {
                continue;
            };
            let pair = matches!((first, second), ('a', 'b') | ('1', '2') | ('甲', '乙'));
            // “Source 1” and “source 2” say where the row is from.
            let cited = matches!(&*stem, "source" | "src" | "fuente" | "quelle" | "источник");
            if !texts || !pair || stem != same || stem.is_empty() || cited {
                continue;
            }
            let free = |at: usize| {
                matches!(profiles[at].role, None | Some(Role::Person | Role::Company))
                    && profiles[at].what.is_none_or(|what| what == "name")
            };
            if !free(one) || !free(other) {
                continue;
            }
            let people = profiles[one].role == Some(Role::Person);
            for (at, role) in [(one, Role::Source), (other, Role::Target)] {
                let profile = &mut profiles[at];
                if people {
                    (profile.what, profile.headed) = (Some("name"), true);
                    profile.role = Some(Role::Person);
                    profile.confidence = 0.85;
                    continue;
                }
                let reason = format!("“{}” is an end of a relationship", profile.heading);
                profile.name_of(Some(role), 0.85, reason);
            }
            return;
        }
    }
}

/// Takes names under “origin” for the source of a relationship whose target another column names.
fn origins(profiles: &mut [Profile]) {
    const HEADINGS: [&str; 8] =
        ["origine", "origen", "origem", "origin", "origem name", "ursprung", "herkunft", "начало"];
    let named =
        |profile: &Profile, role: Role| profile.role == Some(role) && profile.what == Some("name");
    let target = profiles.iter().any(|profile| named(profile, Role::Target));
    let says = |profile: &Profile| {
        HEADINGS.contains(&&*words::normal(&profile.heading)) && profile.names >= 0.5
    };
    if !target || !profiles.iter().any(says) {
        return;
    }
    // Behind an origin and a target, “source” says where the row is from.
    let cited = |profile: &&mut Profile| {
        named(profile, Role::Source) && words::normal(&profile.heading) == "source"
    };
    for profile in profiles.iter_mut().filter(cited) {
        (profile.role, profile.what, profile.headed) = (None, None, false);
    }
    if profiles.iter().any(|profile| named(profile, Role::Source)) {
        return;
    }
    if let Some(profile) = profiles.iter_mut().find(|profile| says(profile)) {
        let reason = format!("the heading says “{}”", profile.heading);
        profile.name_of(Some(Role::Source), 0.85, reason);
    }
}

/// Takes names under “lobbyist” for a party beside those for whom he works, where no post of
/// somebody else's stands in the row.
fn lobbyists(profiles: &mut [Profile]) {
    const HEADINGS: [&str; 4] = ["lobbyist", "lobbyist name", "lobbying firm", "lobby firm"];
    let posted = profiles.iter().any(|p| matches!(p.what, Some("position" | "role" | "relation")));
    let other = profiles.iter().any(|profile| profile.headed && profile.what == Some("name"));
    if posted || !other {
        return;
    }
    for profile in profiles.iter_mut().filter(|p| p.what.is_none() && p.names >= 0.5) {
        if HEADINGS.contains(&&*words::normal(&profile.heading)) {
            let reason = format!("the heading says “{}”", profile.heading);
            profile.name_of(profile.role, 0.85, reason);
        }
    }
}
