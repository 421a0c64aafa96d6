//! How sure a plan is, and why not.

use super::{
    super::{
        learn,
        row::Row,
        words::{self, Role},
    },
    arrows, link, offices,
    party::Party,
    plan::Plan,
    profile::Profile,
};

/// Whether one of several tables side by side has no heading for its names.
fn has_strange_side(profiles: &[Profile]) -> bool {
    let sides = link::tables_beside(profiles);
    let named = |side: usize| {
        let mut own = profiles.iter().zip(&sides).filter(|(_, of)| **of == side);
        own.any(|(profile, _)| profile.headed && profile.what == Some("name"))
    };
    let count = sides.last().map_or(0, |last| last + 1);
    count > 1 && !(0..count).all(named)
}

/// Whether a row is made of headings only.
fn is_heading(row: &Row) -> bool {
    let mut filled = row.cells().filter(|cell| !cell.is_empty());
    row.filled() > 2 && filled.all(|cell| words::meaning(cell).part == 100)
}

/// Whether rows of one id of the table have different names, as where a list has a row for each
/// alias.
fn goes_on(party: &Party, rows: &[Row]) -> bool {
    let (Some(id), Some(name)) = (party.id, party.named_in()) else { return false };
    let mut names = std::collections::HashMap::new();
    rows.iter().any(|row| {
        let (id, name) = (row.get(id), learn::folded(row.get(name)));
        !id.is_empty() && *names.entry(id.to_owned()).or_insert_with(|| name.clone()) != name
    })
}

/// Whether only owners or officers have names where a company has numbers.
fn is_alone(profiles: &[Profile], plan: &Plan) -> bool {
    let of_company = !plan.parties.is_empty()
        && plan.parties.iter().all(|party| {
            matches!(party.role, Some(Role::Owner | Role::Director | Role::Parent | Role::Agent))
        });
    let of = ["registrationNumber", "taxNumber", "legalForm", "capital", "percentage"];
    // Without another column of names, the company stands elsewhere: they are a list.
    let other = |profile: &Profile| {
        profile.what.is_none() && profile.companies + profile.people >= 0.3
            || profile.what.is_some_and(|what| of[..4].contains(&what))
    };
    of_company
        && profiles.iter().any(|profile| profile.what.is_some_and(|what| of.contains(&what)))
        && profiles.iter().any(other)
}

/// Whether most cells of the first row would do as headings.
fn begins_with_headings(rows: &[Row]) -> bool {
    let Some(first) = rows.first() else { return false };
    let cells: Vec<&str> = first.cells().filter(|cell| !cell.is_empty()).collect();
    let known = cells.iter().filter(|cell| words::meaning(cell).part >= 60).count();
    cells.len() >= 4 && known * 10 >= cells.len() * 7 || known >= 6 && known * 2 >= cells.len()
}

/// Whether a heading was read in another encoding than it was written in: UTF-8 as Windows-1252
/// has a sign behind each `Ã`, and not a letter.
fn is_garbled(heading: &str) -> bool {
    let pairs = heading.chars().zip(heading.chars().skip(1));
    heading.contains('\u{fffd}')
        || pairs.into_iter().any(|(one, next)| {
            matches!(one, 'Ã' | 'Ð' | 'Ñ' | 'Â')
                && (matches!(next, '\u{80}'..='\u{bf}') || "€‚ƒ„…†‡ˆ‰‹‘’“”•–—˜™›".contains(next))
        })
}

/// How sure all of it is.
pub(super) fn weigh(profiles: &[Profile], plan: &mut Plan, rows: &[Row]) {
    for party in &plan.parties {
        let Some(name) = party.named_in() else { continue };
        let profile = &profiles[name];
        plan.reasons.push(if profile.reason.is_empty() {
            format!("“{}” has names", profile.heading)
        } else {
            profile.reason.clone()
        });
        let sure = if profile.headed { profile.confidence.max(0.8) } else { profile.confidence };
        plan.confidence = plan.confidence.min(sure);
    }
    for (doubtful, why) in [
        (profiles.len() > 40, "it has more columns than a plain list"),
        (rows.iter().any(is_heading), "it has headings again among its rows"),
        (is_alone(profiles, plan), "it has owners or officers, and nothing says of which company"),
        (
            arrows::turning(profiles).is_some()
                && plan.links.iter().all(|link| link.turned.is_none()),
            "arrows say which way the relationships of its rows go",
        ),
        (
            offices::apart(profiles, plan, rows).is_some()
                && plan.links.iter().all(|link| link.needs.is_none()),
            "some owners have an office and no share",
        ),
        (begins_with_headings(rows), "its first row seems to be a second row of headings"),
        (has_strange_side(profiles), "a blank column parts it into two tables"),
        (plan.parties.iter().any(|party| goes_on(party, rows)), "several rows tell of one thing"),
    ] {
        if doubtful {
            plan.confidence = plan.confidence.min(0.6);
            plan.reasons.push(why.into());
        }
    }
    let wallets = plan.parties.iter().any(|party| party.fixed == Some("CryptoWallet"));
    if !wallets && profiles.iter().any(|profile| profile.what == Some("wallet")) {
        plan.confidence = plan.confidence.min(0.5);
        plan.reasons.push("wallets are not read yet".into());
    }
    if profiles.iter().any(|profile| is_garbled(&profile.heading)) {
        plan.confidence = plan.confidence.min(0.5);
        plan.reasons.push("the headings are not in the encoding that was found".into());
    }
    if let [link] = &plan.links[..] {
        let ends = [&plan.parties[link.from], &plan.parties[link.to]];
        let unsaid = link.schema == "UnknownLink" && link.relation.is_none();
        if unsaid && ends.iter().all(|party| party.role.is_none()) {
            // In a wide table, a second name that no heading explains may be anything.
            let own = |party: &Party| {
                party.name.is_some_and(|name| {
                    profiles[name].headed && words::normal(&profiles[name].heading).contains(' ')
                })
            };
            // The one whose birth and sex the row tells needs no more.
            let named = ends.iter().all(|party| own(party) || party.has(&["birthDate", "gender"]));
            let sure = if profiles.len() > 8 && !named { 0.6 } else { 0.8 };
            plan.confidence = plan.confidence.min(sure);
        }
    }
}
