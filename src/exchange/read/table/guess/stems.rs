//! Columns that are called by nothing but what they are, of which other columns say more: a “Foreign
//! principal” beside its date of registration and its country.

use super::{super::words, graph, profile::Profile};

/// What only somebody has: a column of what has it names somebody.
const PERSONAL: [&str; 13] = [
    "country",
    "nationality",
    "jurisdiction",
    "address",
    "street",
    "city",
    "registrationNumber",
    "taxNumber",
    "incorporationDate",
    "dissolutionDate",
    "birthDate",
    "email",
    "phone",
];

/// Takes names for those of a party where other headings go on from their heading with what only a
/// party has.
pub(super) fn find(profiles: &mut [Profile]) {
    let named = profiles.iter().any(|profile| profile.headed && profile.what == Some("name"));
    for at in 0..profiles.len() {
        let profile = &profiles[at];
        let heading = words::normal(&profile.heading);
        let open = !profile.headed
            && matches!(profile.what, None | Some("name"))
            && profile.names >= 0.8
            && profile.different >= 3
            && profile.different * 3 >= profile.filled
            && words::meaning(&heading).what.is_none()
            && !graph::is_of_paper(&heading);
        if !named || !open || heading.is_empty() {
            continue;
        }
        let start = format!("{heading} ");
        // An address is somebody's; a place or a day may be that of anything.
        let called = profile.companies + profile.people >= 0.3;
        let says = |other: &&Profile| {
            words::normal(&other.heading).strip_prefix(&start).is_some_and(|rest| {
                words::meaning(rest).what.is_some_and(|what| {
                    PERSONAL.contains(&what)
                        && (called || matches!(what, "address" | "email" | "phone"))
                })
            })
        };
        if let Some(other) = profiles.iter().find(says) {
            let reason = format!("“{}” says more of it", other.heading);
            profiles[at].name_of(None, 0.8, reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::guessed;

    #[test]
    fn what_has_a_country_of_its_own_is_somebody() {
        let (_, lines) = guessed(
            "f.csv",
            "Registrant name,Foreign principal,Foreign principal country,Registration number\n\
             Norden LLP,Mirage Ltd,FR,11\nVance LLP,Kellner GmbH,DE,12\nOduya LLP,Alba Holding SA,ES,13\n",
        );
        let parties = lines.iter().filter(|line| line.contains(": name="));
        assert_eq!(parties.count(), 2, "{lines:#?}");
        let (_, lines) = guessed(
            "f.csv",
            "Company name,Machine,Machine weight\nNorden LLP,Big Press Ltd,4\nVance LLP,Old Press Ltd,5\nOduya LLP,New Press Ltd,6\n",
        );
        let parties = lines.iter().filter(|line| line.contains(": name="));
        assert_eq!(parties.count(), 1, "{lines:#?}");
    }
}
