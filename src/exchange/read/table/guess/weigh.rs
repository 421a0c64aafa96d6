//! How sure a plan is, and why not.

use super::{
    super::{
        learn,
        row::Row,
        words::{self, Role},
    },
    arrows, link, offices,
    party::{self, Party},
    plan::{Link, Plan, TableKind},
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

/// Whether the rows with the number of a ship and those with a date of birth or a passport are
/// others.
fn has_ships_and_people(profiles: &[Profile], rows: &[Row]) -> bool {
    let of = |whats: &[&str]| -> Vec<usize> {
        let is = |at: &usize| profiles[*at].what.is_some_and(|what| whats.contains(&what));
        (0..profiles.len()).filter(is).collect()
    };
    let (ship, person) = (of(&["imoNumber"]), of(&["birthDate", "passportNumber"]));
    let says = |row: &Row, columns: &[usize]| columns.iter().any(|at| row.says(*at));
    // A list with the parts of people's names tells them from ships by those.
    !ship.is_empty()
        && of(&["firstName", "lastName"]).is_empty()
        && rows.iter().any(|row| says(row, &person) && !says(row, &ship))
        && !profiles.iter().any(Profile::names_kinds)
}

/// Whether the accounts of a table have debit and credit, and no money moves between parties.
fn is_chart_of_accounts(profiles: &[Profile], plan: &Plan) -> bool {
    let account = plan.parties.iter().any(|party| party.fixed == Some("BankAccount"));
    let has = |what: &str| profiles.iter().any(|profile| profile.what == Some(what));
    account && plan.kind != TableKind::Payments && has("debit") && has("credit")
}

/// Why nobody can say what two names of a row have to do with each other: neither a heading nor a
/// column tells. The second may be another spelling of the first, a product or a contact.
fn unexplained(profiles: &[Profile], plan: &Plan) -> Option<String> {
    let heading = |at: usize| Some(&profiles[plan.parties[at].named_in()?].heading);
    let counted = |at: usize| {
        heading(at).map(|heading| party::number(&words::normal(heading))).unwrap_or_default()
    };
    let silent = |link: &&Link| {
        let ends = [&plan.parties[link.from], &plan.parties[link.to]];
        let numbers = [counted(link.from), counted(link.to)];
        let lettered = numbers.iter().any(|number| !number.is_empty());
        // Where more than two are counted, as in `company1` to `company4`, none is about another.
        let listed = plan.links.len() > 1
            && ends[0].role == ends[1].role
            && numbers.iter().all(|number| !number.is_empty());
        let contact = [link.from, link.to].into_iter().any(|at| {
            heading(at).is_some_and(|heading| words::mentions(heading, &party::CONTACTS))
        });
        let told = lettered || party::are_two_ends(ends) || contact || is_contact(profiles, ends);
        link.schema == "UnknownLink"
            && link.relation.is_none()
            && (listed || link.role.is_none() && !told)
    };
    let link = plan.links.iter().find(silent)?;
    let (from, to) = (heading(link.from)?, heading(link.to)?);
    Some(format!("nothing says what “{from}” and “{to}” have to do with each other"))
}

/// Whether one of two names is a body's, by its heading, and the other a person's, by its cells:
/// they are no two spellings of one name.
fn is_contact(profiles: &[Profile], ends: [&Party; 2]) -> bool {
    let person = |party: &Party| {
        let name = party.named_in();
        !party.corporate && name.is_some_and(|name| profiles[name].people >= 0.8)
    };
    // In a wide table, a second name that no heading explains may be anything, unless the row tells
    // the birth or sex of its bearer.
    let own = |party: &Party| {
        party.name.is_some_and(|name| {
            profiles[name].headed && words::normal(&profiles[name].heading).contains(' ')
        })
    };
    let explained = |party: &Party| own(party) || party.has(&["birthDate", "gender"]);
    if profiles.len() > 8 && !ends.into_iter().all(explained) {
        return false;
    }
    let [one, other] = ends;
    person(one) && other.corporate || person(other) && one.corporate
}

/// Why a table of relationships may be about others: the heading of one of its parties is known
/// in part only, and neither its cells nor a number of its own tell that it is somebody.
fn half_known(profiles: &[Profile], plan: &Plan) -> Option<String> {
    const OWN: [&str; 9] = [
        "registrationNumber",
        "taxNumber",
        "idNumber",
        "innCode",
        "ogrnCode",
        "uscCode",
        "leiCode",
        "birthDate",
        "legalForm",
    ];
    let open = |party: &Party| party.refers.is_none() && !party.has(&OWN);
    let name = |party: &Party| party.named_in().filter(|_| open(party));
    let in_part = |name: &usize| {
        let profile = &profiles[*name];
        let uncounted: String = profile.heading.chars().filter(|c| !c.is_ascii_digit()).collect();
        let known = words::meaning(&uncounted).part;
        profile.headed
            && !profile.called
            && profile.confidence <= 0.8
            && profile.companies + profile.people < 0.5
            && (1..=50).contains(&known)
    };
    let name =
        plan.parties.iter().filter_map(name).find(in_part).filter(|_| !plan.links.is_empty())?;
    Some(format!("what stands under “{}” is known in part only", profiles[name].heading))
}

/// Why a table may not be about the only party that it names: most rows leave its name empty.
pub(super) fn hardly_named(profiles: &[Profile], plan: &Plan) -> Option<String> {
    let [only] = &plan.parties[..] else { return None };
    let parts = only.apart.iter().map(|(at, _)| *at);
    let names = only.name.into_iter().chain(parts).filter(|_| only.above.is_none());
    let name = names.map(|at| &profiles[at]).max_by_key(|profile| profile.filled)?;
    let most = profiles.iter().map(|profile| profile.filled).max().unwrap_or(0);
    (name.filled * 2 < most).then(|| format!("“{}” is empty in most rows", name.heading))
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
        (
            is_chart_of_accounts(profiles, plan),
            "debit and credit stand beside accounts that may be those of its bookkeeping",
        ),
        (
            has_ships_and_people(profiles, rows),
            "some rows have the number of a ship, others a birth",
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
    if let Some(why) = unexplained(profiles, plan).or_else(|| half_known(profiles, plan)) {
        plan.confidence = plan.confidence.min(0.6);
        plan.reasons.push(why);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Guess, SURE, tests::guessed};

    fn asks(guess: &Guess, about: &str) -> bool {
        guess.confidence < SURE && guess.reasons.iter().any(|reason| reason.contains(about))
    }

    #[test]
    fn two_names_between_which_nothing_is_said_are_asked_about() {
        let (guess, lines) = guessed(
            "g.csv",
            "legal_entity_name,division_name,address\nNorden Handel,Norden Trading,Main St 1\n\
             Vance Metall,Vance Metals,Main St 2\nMoe Bau,Moe Building,Main St 3\n",
        );
        assert!(asks(&guess, "have to do with each other"), "{lines:#?}");
    }

    #[test]
    fn a_name_that_most_rows_leave_empty_is_asked_about() {
        let (guess, lines) = guessed(
            "d.csv",
            "acheteur_id,objet,titulaire_nom_2\n21210038200010,Travaux,\n21210038200011,Etudes,\n\
             21210038200012,Menuiserie,Norden Bois SARL\n21210038200013,Peinture,\n\
             21210038200014,Gros oeuvre,Vance SAS\n",
        );
        assert!(asks(&guess, "empty in most rows"), "{lines:#?}");
    }

    #[test]
    fn several_numbered_companies_are_not_about_the_first() {
        let (guess, lines) = guessed(
            "m.csv",
            "namemine,company1,company2,company3\nRed Hill,Norden Gold,Vance Gold,Moe Metals\n\
             Blue Hill,Roe Mining,Vance Gold,Alba Mining\nOld Pit,Moe Metals,Norden Gold,Roe Mining\n",
        );
        assert!(asks(&guess, "have to do with each other"), "{lines:#?}");
    }

    #[test]
    fn a_party_that_is_half_known_is_asked_about() {
        let (guess, lines) = guessed(
            "c.csv",
            "President-Name,College-Name,town\nAlba Norden,Hill,Alba\nJo Roe,Valley,Alba\nAl Moe,Lake,Alba\n",
        );
        assert!(asks(&guess, "in part only"), "{lines:#?}");
    }

    #[test]
    fn a_person_beside_a_company_may_be_linked_to_it() {
        let (guess, lines) = guessed(
            "k.csv",
            "Contact Name,Charity Name,Phone\nAlba Norden,House of Vance Ltd,1\nJo Roe,Moe Trust Ltd,2\n\
             Al Moe,Roe Fund Ltd,3\n",
        );
        assert!(guess.confidence >= SURE, "{lines:#?}");
    }
}
