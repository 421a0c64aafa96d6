//! Which columns are about whom.

use std::collections::{HashMap, HashSet};

use super::{
    super::{
        row::Row,
        words::{self, Role},
    },
    party::{
        CORPORATE, OF_EDGES, OF_VESSELS, PERSONAL, Party, are_ends, by_last_word, by_start,
        first_word, group, is_personal, number, stem, with_affiliation,
    },
    profile::Profile,
};

/// What the rows of a table are about, besides their parties.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct About {
    pub edges: bool,
    pub goods: bool,
    pub events: bool,
    pub payments: bool,
    /// The column that says what is between two parties.
    pub relation: Option<usize>,
}

/// What is said of goods on their way.
const OF_GOODS: [&str; 23] = [
    "arrival",
    "departure",
    "port",
    "placeFrom",
    "placeTo",
    "goodsDescription",
    "vedCode",
    "quantity",
    "unit",
    "portOfLoading",
    "portOfDischarge",
    "originCountry",
    "departureCountry",
    "destinationCountry",
    "tradingCountry",
    "ccdNumber",
    "invoiceAmount",
    "customsAmount",
    "blNumber",
    "weight",
    "jobtext",
    "notes",
    "description",
];
/// What is said of an account, and not of a payment or a relationship.
const OF_ACCOUNTS: [&str; 5] =
    ["balance", "balanceDate", "accountType", "openingDate", "closeDate"];

/// Whether a heading names the number that a maker gives a machine.
fn is_serial(heading: &str) -> bool {
    const SERIAL: [&str; 12] = [
        "serial number",
        "serial no",
        "serial",
        "msn",
        "manufacturer serial number",
        "c n",
        "construction number",
        "constructor s number",
        "werknummer",
        "seriennummer",
        "numero de serie",
        "заводской номер",
    ];
    SERIAL.contains(&&*words::normal(heading))
}

/// Whether an attribute belongs to things of a schema alone.
fn is_of(schema: &str, what: &str) -> bool {
    match schema {
        "RealEstate" => matches!(what, "titleNumber" | "tenure" | "area"),
        "BankAccount" => {
            OF_ACCOUNTS.contains(&what)
                || matches!(
                    what,
                    "iban" | "accountNumber" | "swiftBic" | "bankName" | "bankCountry"
                )
        }
        "Vehicle" => matches!(what, "plate" | "vin" | "model" | "type" | "buildDate"),
        "Airplane" => matches!(
            what,
            "tail" | "model" | "type" | "sort" | "buildDate" | "serialNumber" | "incorporationDate"
        ),
        _ => false,
    }
}

/// Whether two columns hold different values in most rows that have both.
fn differ(rows: &[Row], one: usize, other: usize) -> bool {
    let both = rows.iter().filter(|row| !row.get(one).is_empty() && !row.get(other).is_empty());
    let (mut all, mut unlike) = (0, 0);
    for row in both {
        all += 1;
        unlike += usize::from(row.get(one) != row.get(other));
    }
    unlike * 2 > all
}

/// Numbers of which a party has one.
pub(super) const NUMBERS: [&str; 9] = [
    "registrationNumber",
    "taxNumber",
    "idNumber",
    "passportNumber",
    "innCode",
    "ogrnCode",
    "uscCode",
    "leiCode",
    "imoNumber",
];

/// How to reach somebody.
const OF_BODIES: [&str; 9] = [
    "address",
    "street",
    "city",
    "region",
    "postalCode",
    "phone",
    "email",
    "website",
    "modifiedAt",
];

/// Whether what stands in a column under a heading that names nobody is about the row, not about
/// one of several parties of it: when a record was made, a state that stands behind what is said
/// of the relationship, a date of registration that is another in each row of one name.
fn is_of_row(
    what: &str,
    (profiles, rows): (&[Profile], &[Row]),
    (at, parties): (usize, &[Party]),
    before: Option<usize>,
) -> bool {
    match what {
        "createdAt" | "court" | "caseNumber" | "sourceUrl" => true,
        "modifiedAt" => {
            let of_tie = profiles.iter().any(|profile| {
                matches!(profile.what, Some("percentage" | "sharesCount" | "relation"))
            });
            before.is_none() || of_tie || parties.iter().any(Party::is_thing)
        }
        "status" => {
            let behind = at.checked_sub(1).and_then(|at| profiles[at].what);
            let of_edge = behind.is_some_and(|what| matches!(what, "startDate" | "endDate"));
            before.is_none() && (of_edge || !parties.iter().any(Party::is_body))
        }
        "incorporationDate" | "dissolutionDate" => {
            let body = parties.iter().position(Party::is_body);
            let key = body.or(before).and_then(|owner| parties[owner].key_column());
            key.is_some_and(|key| again(rows, key, at) > 2 && varies(rows, key, at))
                || body.is_none() && before.is_none()
        }
        _ => false,
    }
}

/// Whether a date of registration stands behind what is said of a share, so that the share was
/// registered then.
fn registers_a_share(profiles: &[Profile], at: usize) -> bool {
    const STEMS: [&str; 13] = [
        "regist",
        "tescil",
        "eintrag",
        "enregistr",
        "inscri",
        "wpis",
        "регистр",
        "реєстр",
        "登记",
        "登録",
        "등기",
        "تسجیل",
        "ثبت",
    ];
    let share = |profile: &Profile| {
        matches!(profile.what, Some("percentage" | "sharesCount" | "sharesValue" | "amount"))
    };
    profiles[at].what == Some("incorporationDate")
        && words::mentions(&profiles[at].heading, &STEMS)
        && at.checked_sub(1).is_some_and(|before| share(&profiles[before]))
}

/// Whether a column says different things in rows of one name, for most names that come again.
fn varies(rows: &[Row], key: usize, at: usize) -> bool {
    let mut first: HashMap<&str, &str> = HashMap::new();
    let (mut same, mut other) = (0, 0);
    for row in rows {
        let (name, said) = (row.get(key), row.get(at));
        if name.is_empty() || said.is_empty() {
            continue;
        }
        if *first.entry(name).or_insert(said) == said {
            same += 1;
        } else {
            other += 1;
        }
    }
    other > 0 && other * 2 > same + other - first.len()
}

/// In how many rows a name comes again.
fn again(rows: &[Row], key: usize, at: usize) -> usize {
    let both = rows.iter().filter(|row| !row.get(key).is_empty() && !row.get(at).is_empty());
    let names: Vec<&str> = both.map(|row| row.get(key)).collect();
    let different: HashSet<&&str> = names.iter().collect();
    names.len() - different.len()
}

/// Whether a role is that of a side of a deal or a quarrel, which has a state of its own.
fn is_of_deals(role: Role) -> bool {
    matches!(
        role,
        Role::Supplier
            | Role::Customer
            | Role::Authority
            | Role::Claimant
            | Role::Defendant
            | Role::Payer
            | Role::Beneficiary
            | Role::Shipper
            | Role::Consignee
            | Role::Transferor
            | Role::Transferee
    )
}

/// Whether the first word of a heading is that of other columns, too, and of no party: a
/// `group_status` beside a `group_uri` is that of a group.
fn is_of_other(profiles: &[Profile], stems: &[Vec<String>], at: usize) -> bool {
    let heading = words::normal(&profiles[at].heading);
    let Some((first, _)) = heading.split_once(' ') else { return false };
    let said = words::meaning(first);
    let own = |profile: &&Profile| {
        words::normal(&profile.heading).split_once(' ').is_some_and(|(word, _)| word == first)
    };
    said.role.is_none()
        && said.what.is_none()
        && number(&heading).is_empty()
        && stems.iter().all(|stem| stem.first().is_none_or(|word| word != first))
        && profiles.iter().filter(own).count() > 1
        && profiles.iter().any(|profile| !own(&profile) && profile.what == Some("name"))
}

/// Whether a heading says that names below it are shortened.
fn is_short(heading: &str) -> bool {
    const STEMS: [&str; 9] =
        ["short", "abbrev", "acronym", "kurz", "abgekürzt", "сокращ", "скороч", "sigle", "简称"];
    words::mentions(heading, &STEMS)
}

/// Gives every other column to the one whom it is about. What is about a relationship, or about
/// nobody in particular, is returned.
pub(super) fn assign(
    profiles: &[Profile],
    rows: &[Row],
    parties: &mut [Party],
    about: About,
) -> Vec<usize> {
    let About { edges, goods, events, payments, .. } = about;
    let mut rest = Vec::new();
    let tables = super::link::tables_beside(profiles);
    let stems: Vec<Vec<String>> = parties.iter().map(|party| stem(profiles, party)).collect();
    // The party that the columns before are about.
    let mut current = None;
    for (at, profile) in profiles.iter().enumerate() {
        let before = at.checked_sub(1).filter(|before| !rest.contains(before)).and(current);
        if let Some(named) = parties
            .iter()
            .position(|party| party.is_named_in(at) || party.said.iter().any(|(o, _)| *o == at))
        {
            current = Some(named);
            continue;
        }
        let thing =
            parties.iter().position(|party| party.is_machine() && is_serial(&profile.heading));
        if let Some(index) = thing.filter(|_| profile.what.is_none_or(|what| what == "id")) {
            parties[index].said.push((at, "serialNumber"));
            current = Some(index);
            continue;
        }
        // An id, or what has no meaning, is of whom the heading names.
        if profile.what.is_none_or(|what| what == "id")
            && parties.len() > 1
            && let Some(index) = group(&stems, &profile.heading)
            && parties[index].refers.is_none()
        {
            parties[index].notes.push(at);
            current = Some(index);
            continue;
        }
        let Some(what) = profile.what else {
            rest.push(at);
            continue;
        };
        // “Target role” is what the target is otherwise.
        let target = group(&stems, &profile.heading)
            .filter(|index| parties[*index].role == Some(Role::Target));
        if let Some(index) = target.filter(|_| matches!(what, "role" | "position")) {
            parties[index].notes.push(at);
            continue;
        }
        // A payer that is known by an account only.
        let unnamed = matches!(profile.role, Some(Role::Payer | Role::Beneficiary))
            && parties.iter().all(|party| party.role != profile.role)
            || matches!(what, "iban" | "accountNumber" | "balance")
                && profile.role.is_none()
                && parties.iter().any(|party| {
                    // A statement names its own account in every row, or before the other party.
                    party.role == Some(Role::Counterparty)
                        && (what == "balance" || profile.different < 2 || at < party.first())
                });
        // Beside the counterparty's number, one of nobody is that of the account's own holder.
        let of_holder = NUMBERS.contains(&what)
            && profile.role.is_none()
            && parties.iter().any(|party| party.role == Some(Role::Counterparty))
            && profiles
                .iter()
                .any(|other| other.role == Some(Role::Counterparty) && other.what == Some(what));
        // The number of an auditor or an agent who has no name here is nobody else's.
        let of_absent = NUMBERS.contains(&what)
            && profile.role.is_some_and(|role| {
                !matches!(role, Role::Company | Role::Person | Role::Vessel)
                    && parties.iter().all(|party| party.role != Some(role))
            })
            && parties.iter().any(|party| party.name.is_some());
        if unnamed || of_holder || of_absent {
            rest.push(at);
            continue;
        }
        let of_edge = OF_EDGES.contains(&what) && edges;
        let of_goods = goods && OF_GOODS.contains(&what);
        let of_event = events && super::events::OF_EVENTS.contains(&what);
        let fixed = parties.iter().any(|party| party.fixed == Some("BankAccount"));
        // A number that is another in each row of a company, before a name, is that one's.
        let owner = parties.iter().position(|party| party.is_body() && party.first() < at);
        let owner = owner.and_then(|body| parties[body].named_in());
        let next = parties.iter().position(|party| party.first() == at + 1);
        if let (Some(body), Some(next)) = (owner, next)
            && NUMBERS.contains(&what)
            && profile.role.is_none()
            && again(rows, body, at) > 2
            && varies(rows, body, at)
        {
            parties[next].said.push((at, "idNumber"));
            current = Some(next);
            continue;
        }
        let of_edge = of_edge
            || edges && what == "position" && about.relation == Some(at)
            || what == "weight" && edges && !goods
            || parties.iter().all(|party| profile.role.is_none_or(|role| party.role != Some(role)))
                && parties.len() > 1
                && (is_of_row(what, (profiles, rows), (at, &parties[..]), before)
                    || edges && registers_a_share(profiles, at));
        // What was supplied has a state of its own.
        let of_contract = what == "status"
            && profile.role.is_none()
            && parties.len() > 1
            && parties.iter().all(|party| party.role != Some(Role::Company))
            && parties.iter().any(|party| party.role.is_some_and(is_of_deals));
        // The number of a paper, another in each row of payments, is no payer's.
        let of_paper = payments
            && NUMBERS.contains(&what)
            && profile.role.is_none()
            && profile.different == rows.len()
            && group(&stems, &profile.heading).is_none()
            && words::meaning(&profile.heading).role.is_none();
        let of_bank = what == "bankName" && !payments && !fixed;
        let of_other =
            matches!(what, "status" | "website" | "legalForm" | "kind" | "sort" | "type")
                && profile.role.is_none()
                && is_of_other(profiles, &stems, at);
        // The type of an edge is neither end's.
        let typed = matches!(what, "type" | "kind" | "sort") && number(&profile.heading).is_empty();
        let of_edge = of_edge
            || edges
                && typed
                && profile.role.is_none()
                && are_ends(parties)
                && !profile.names_kinds();
        if of_edge && !(fixed && OF_ACCOUNTS.contains(&what))
            || of_goods
            || of_event
            || of_bank
            || of_contract
            || of_paper
            || of_other
            || what == "id"
            || parties.is_empty()
        {
            rest.push(at);
            continue;
        }
        // A second number of one kind is another's, unless its heading says whose it is.
        let numbers = ["registrationNumber", "taxNumber", "imoNumber", "leiCode", "uscCode"];
        let last = |()| {
            by_last_word(&stems, &profile.heading)
                .or_else(|| by_start(profiles, parties, &profile.heading))
        };
        let group = group(&stems, &profile.heading)
            .or_else(|| Some(()).filter(|()| numbers.contains(&what)).and_then(last));
        let second = numbers.contains(&what)
            && group.is_none()
            && (parties.len() > 1 || words::meaning(&profile.heading).part < 100)
            && parties
                .iter()
                .filter(|party| profile.role.is_none() || party.role == profile.role)
                .any(|party| {
                    let same = party.said.iter().find(|(_, said)| *said == what);
                    same.is_some_and(|(other, _)| differ(rows, *other, at))
                });
        if second {
            rest.push(at);
            continue;
        }
        let digits = number(&profile.heading);
        let numbered = !digits.is_empty() && parties.iter().any(|party| party.number == digits);
        let bodies = parties.iter().any(Party::is_body);
        let first_body = parties.iter().filter(|party| party.is_body()).map(Party::first).min();
        let before_bodies = first_body.is_some_and(|first| at < first);
        let affiliated = with_affiliation(profiles, parties);
        let of_role = |party: &Party| profile.role.is_none() || party.role == profile.role;
        let unnumbered = digits.is_empty()
            && parties.iter().any(|party| party.number.is_empty() && of_role(party));
        let fits = |party: &Party| {
            // What the rows of another table are, that table says.
            if party.refers.is_some() {
                return false;
            }
            // “Subsidiary of” only says what the row's company is.
            let whose = || words::is_other_end(&profiles[party.first()].heading);
            if party.role == Some(Role::Parent) && group.is_none() && whose() {
                return false;
            }
            // Nobody writes to an aircraft or an account.
            if party.is_thing() && OF_BODIES.contains(&what) {
                return false;
            }
            // What stands behind a blank column is about nobody before it.
            if tables.get(party.first()).or(tables.last()) != tables.get(at) {
                return false;
            }
            // A short name, or one with the form of a company, is no person's.
            let named = matches!(what, "alias" | "weakAlias" | "previousName" | "abbreviation")
                && profile.role.is_none()
                && (profile.companies >= 0.3 || is_short(&profile.heading));
            if named && party.is_person() && parties.iter().any(|other| !other.is_person()) {
                return false;
            }
            // What has no number is not about the first or second of several.
            if unnumbered && !party.number.is_empty() {
                return false;
            }
            // A number that is another in each row of one name is somebody else's.
            let number = NUMBERS.contains(&what) && group.is_none() && parties.len() > 1;
            let other = |name: usize| again(rows, name, at) > 2 && varies(rows, name, at);
            if number && party.named_in().is_some_and(other) {
                return false;
            }
            // Russian tax numbers have ten digits for bodies and twelve for people.
            if what == "innCode" && profile.role.is_none() && parties.len() > 1 {
                let digits = rows.iter().map(|row| row.get(at)).filter(|cell| !cell.is_empty());
                let ten = digits.clone().filter(|cell| cell.trim().len() == 10).count() * 2
                    > digits.count();
                let of_person = party.is_person();
                if of_person == ten && parties.iter().any(|other| other.is_person() != of_person) {
                    return false;
                }
            }
            // What differs from row to row of one body, and not of another, is that one's.
            let told = OF_BODIES.contains(&what) || OF_VESSELS.contains(&what) || what == "status";
            let unlike = |party: &Party| {
                party
                    .named_in()
                    .is_some_and(|name| again(rows, name, at) > 2 && varies(rows, name, at))
            };
            if told
                && profile.role.is_none()
                && group.is_none()
                && unlike(party)
                && parties.iter().any(|other| other.named_in().is_some() && !unlike(other))
            {
                return false;
            }
            // Where a company is, not its director, unless the row says more of him.
            let alone = matches!(
                what,
                "incorporationDate" | "dissolutionDate" | "legalForm" | "capital" | "status"
            );
            let next =
                party.name.is_some_and(|name| name + 1 == at) && !party.is_person() && !alone;
            let bodily = OF_BODIES.contains(&what) || CORPORATE.contains(&what) && !next;
            if profile.role.is_none() && affiliated.is_some() && party.is_body() {
                return false;
            }
            let owner = matches!(party.role, Some(Role::Owner | Role::Parent | Role::Holder));
            // Who directs a body is not reached for it, unless the heading says so.
            let reached = matches!(what, "phone" | "email" | "website")
                && party.role == Some(Role::Director)
                && profile.role.is_none()
                && parties.iter().any(|other| !other.is_person() && !other.is_thing())
                && !party.has(&PERSONAL);
            if reached && group.is_none() {
                return false;
            }
            let of_body = profile.role.is_some()
                || owner
                    && OF_BODIES.contains(&what)
                    && party.has(&["idNumber", "registrationNumber", "country", "birthOrNumber"])
                || numbered
                || party.name.is_some_and(|name| name + 1 == at)
                    && told
                    && parties.iter().any(|other| other.is_body() && unlike(other))
                || before_bodies
                || !bodily
                || !bodies
                || party.is_body()
                || party.has(&PERSONAL);
            if !of_body {
                return false;
            }
            let of_role = match profile.role {
                Some(role) if parties.iter().any(|p| p.role == Some(role)) => {
                    party.role == Some(role)
                }
                _ => true,
            };
            let of_kind = if profile.role.is_some() || party.kind.is_some() || what == "kind" {
                true
            } else if PERSONAL.contains(&what) {
                !matches!(party.role, Some(Role::Company | Role::Vessel | Role::Asset))
                    || parties.iter().all(|p| !p.is_person()) && what == "nationality"
            } else if OF_VESSELS.contains(&what) && what != "type" {
                let ship = |party: &Party| {
                    party.role == Some(Role::Vessel)
                        || party.role.is_none() && party.has(&OF_VESSELS[..3])
                };
                ship(party) || !parties.iter().any(ship)
            } else if CORPORATE.contains(&what) {
                party.is_corporate()
            } else {
                true
            };
            of_role && of_kind && (!numbered || party.number == digits)
        };
        // A thing that only has a number is what its attributes are about.
        let thing = parties.iter().position(|party| {
            profile.role.is_none() && party.fixed.is_some_and(|schema| is_of(schema, what))
        });
        // The one to the left of it, else the next to the right.
        let before = parties.iter().enumerate().filter(|(_, p)| fits(p) && p.first() < at);
        let before = before.max_by_key(|(_, party)| party.first()).map(|(index, _)| index);
        let goes_on = current.filter(|index| fits(&parties[*index]) && !is_personal(what));
        let before = goes_on.or(before);
        let after = parties.iter().enumerate().filter(|(_, p)| fits(p) && p.first() > at);
        let after = after.min_by_key(|(_, party)| party.first()).map(|(index, _)| index);
        // A sole party is meant whatever it is.
        let alone = (parties.len() == 1 && parties[0].refers.is_none()).then_some(0);
        // “Ultimate parent LEI” beside “Ultimate parent name”.
        let own = first_word(&profile.heading);
        let shared: Vec<usize> = (0..parties.len())
            .filter(|index| {
                let party = &parties[*index];
                fits(party)
                    && party.name.is_some_and(|name| first_word(&profiles[name].heading) == own)
            })
            .collect();
        let beside = match shared[..] {
            [one] if profile.role.is_some() => Some(one),
            _ => None,
        };
        // “Owner since” beside “Owner 1” and “Owner 2” is there in every row that the first is in.
        let numbers = parties.iter().position(|party| {
            profile.role.is_some() && party.role == profile.role && !party.number.is_empty()
        });
        let several = numbers.filter(|_| digits.is_empty() && !unnumbered);
        // Remarks are about the row, unless their heading says about whom.
        let of_deal = (goods || payments)
            && matches!(what, "legalForm" | "status" | "kind" | "sort" | "placeFrom" | "placeTo");
        let remark = of_deal
            || matches!(
                what,
                "jobtext"
                    | "notes"
                    | "description"
                    | "listed"
                    | "duration"
                    | "unit"
                    | "quantity"
                    | "event"
                    | "port"
                    | "portCountry"
                    | "portOfLoading"
                    | "portOfDischarge"
                    | "goodsDescription"
                    | "vedCode"
            )
            || matches!(what, "area" | "balance")
                && parties.iter().all(|party| party.fixed.is_none());
        if remark && group.is_none() && profile.role.is_none() && parties.len() > 1 {
            rest.push(at);
            continue;
        }
        let found = group.or(thing).or(several).or(beside).or(before).or(after).or(alone);
        let Some(index) = found else {
            rest.push(at);
            continue;
        };
        current = Some(index);
        let party = &mut parties[index];
        if what == "kind" && profile.names_kinds() && party.kind.is_none() {
            party.kind = Some(at);
        } else {
            party.said.push((at, what));
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::super::tests::guessed;

    #[test]
    fn a_number_that_varies_within_a_company_is_the_next_persons() {
        let (_, lines) = guessed(
            "s.csv",
            "Company number,Company,Tax no.,Director name\n1,A Ltd,77,Jane Doe\n1,A Ltd,78,John Roe\n\
             1,A Ltd,79,Jo Poe\n1,A Ltd,80,Al Moe\n2,B Ltd,81,Ed Koe\n",
        );
        let made = |line: &str| lines.iter().any(|made| made == line);
        assert!(
            made("Company company: name=Company, registrationNumber=Company number"),
            "{lines:#?}"
        );
        assert!(made("Person director: name=Director name, idNumber=Tax no."), "{lines:#?}");
    }

    #[test]
    fn nobody_writes_to_an_aircraft() {
        let (_, lines) = guessed(
            "a.csv",
            "Tail number,Serial number,Name,Street,City\nN1FX,17,A Ltd,Main St 1,Reno\nN2FX,18,B Ltd,Main St 2,Reno\n",
        );
        assert!(lines[0].contains("address=Street+City"), "{lines:#?}");
        assert!(lines[1].contains("serialNumber=Serial number"), "{lines:#?}");
    }

    #[test]
    fn a_date_between_a_company_and_its_owner_is_not_that_of_a_share() {
        let (_, lines) = guessed(
            "s.csv",
            "Company,Issue date,Owner 1,Share 1,Owner 2,Share 2\nA Ltd,2001-02-03,Jane Doe,60,John Doe,40\n\
             B Ltd,2002-02-03,Jo Roe,50,Al Roe,50\n",
        );
        assert!(lines[0].contains("notes=Issue date"), "{lines:#?}");
    }
}
