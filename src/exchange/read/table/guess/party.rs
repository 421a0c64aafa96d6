//! Who and what stands in a row, and how they are related.

use super::{
    super::{
        mapping::{EntityMapping, PropertyMapping},
        words::{self, Role},
    },
    profile::Profile,
};
use crate::model::schema;

/// Somebody or something with a name of its own in each row.
struct Party {
    role: Role,
    name: String,
    schema: &'static str,
    /// The columns with its name, the first one in front.
    names: Vec<usize>,
    /// First and last name, where they stand apart.
    apart: Vec<(usize, &'static str)>,
    /// Other columns with what is in them.
    said: Vec<(usize, &'static str)>,
    /// What is said of how it is related.
    edge: Vec<(usize, &'static str)>,
}

/// What is said of a relationship, not of who is related.
const OF_EDGES: [&str; 11] = [
    "percentage",
    "sharesCount",
    "sharesValue",
    "role",
    "startDate",
    "endDate",
    "amount",
    "currency",
    "date",
    "purpose",
    "transactionNumber",
];
/// What people have and companies have not.
const PERSONAL: [&str; 8] = [
    "birthDate",
    "birthPlace",
    "nationality",
    "gender",
    "passportNumber",
    "firstName",
    "lastName",
    "middleName",
];
/// What companies have and people have not.
const CORPORATE: [&str; 15] = [
    "registrationNumber",
    "legalForm",
    "incorporationDate",
    "dissolutionDate",
    "jurisdiction",
    "status",
    "sector",
    "capital",
    "innCode",
    "ogrnCode",
    "kppCode",
    "uscCode",
    "leiCode",
    "vatCode",
    "isin",
];
/// What ships have.
const OF_VESSELS: [&str; 7] =
    ["imoNumber", "mmsi", "callSign", "flag", "tonnage", "deadweightTonnage", "buildDate"];
/// Identifiers that are one thing's alone in the whole world, the surest first.
const UNIQUE: [&str; 6] = ["leiCode", "uscCode", "ogrnCode", "innCode", "imoNumber", "mmsi"];
/// Identifiers that are one thing's alone in their register.
const REGISTERED: [&str; 5] =
    ["registrationNumber", "taxNumber", "vatCode", "passportNumber", "idNumber"];

/// What kind of table it is, and the entities and relationships of its rows.
pub(super) fn entities(profiles: &[Profile], stem: &str) -> (&'static str, Vec<EntityMapping>) {
    let mut parties = parties(profiles);
    let payments = profiles.iter().any(|profile| profile.what == Some("amount"))
        && parties.iter().any(|party| matches!(party.role, Role::Payer | Role::Beneficiary));
    let mut payment = Vec::new();
    assign(profiles, &mut parties, payments.then_some(&mut payment));
    let subject = parties
        .iter()
        .position(|party| matches!(party.role, Role::Company | Role::Vessel | Role::Person));
    for at in 0..parties.len() {
        parties[at].schema = schema_of(&parties[at], Some(at) == subject, &parties, profiles);
    }
    name_them(&mut parties);
    let mut made: Vec<EntityMapping> =
        parties.iter().map(|party| thing(party, profiles, stem)).collect();
    let mut shape = shape_of(&parties, subject);
    if payments {
        shape = "a list of payments";
        add_payment(&mut made, &parties, &payment, profiles, stem);
    }
    for (at, party) in parties.iter().enumerate() {
        let Some(subject) = subject.filter(|subject| *subject != at) else { continue };
        if let Some(edge) = relationship(party, &parties[subject], profiles, stem) {
            made.push(edge);
        }
    }
    keep_the_rest(&mut made, profiles);
    (shape, made)
}

/// Those who have a name in a row.
fn parties(profiles: &[Profile]) -> Vec<Party> {
    let has = |what: &str| profiles.iter().any(|profile| profile.what == Some(what));
    let ships = OF_VESSELS.iter().take(4).filter(|what| has(what)).count() > 0;
    let company = profiles.iter().any(|p| p.role == Some(Role::Company) && p.what == Some("name"));
    let mut parties: Vec<Party> = Vec::new();
    for (at, profile) in profiles.iter().enumerate() {
        let Some(what) = profile.what else { continue };
        let apart = matches!(what, "firstName" | "lastName" | "middleName");
        if what != "name" && !apart {
            continue;
        }
        let role = match profile.role {
            Some(role) => role,
            None if ships => Role::Vessel,
            // A name beside a company's is a person's, unless it looks like another of the
            // company's.
            None if apart || company && profile.companies < 0.5 && profile.people > 0.3 => {
                Role::Person
            }
            None => Role::Company,
        };
        let number =
            |heading: &str| heading.chars().filter(char::is_ascii_digit).collect::<String>();
        let same = parties.iter_mut().rev().find(|party| {
            let first = party.names.first().or(party.apart.first().map(|(at, _)| at));
            party.role == role
                && first.is_some_and(|first| {
                    number(&profiles[*first].heading) == number(&profile.heading)
                })
        });
        match same {
            Some(party) if apart => party.apart.push((at, what)),
            Some(party) => party.names.push(at),
            None => parties.push(Party {
                role,
                name: String::new(),
                schema: "LegalEntity",
                names: if apart { vec![] } else { vec![at] },
                apart: if apart { vec![(at, what)] } else { vec![] },
                said: Vec::new(),
                edge: Vec::new(),
            }),
        }
    }
    parties
}

impl Party {
    fn first(&self) -> usize {
        let apart = self.apart.iter().map(|(at, _)| *at);
        self.names.iter().copied().chain(apart).min().unwrap_or(0)
    }

    fn is_related(&self) -> bool {
        matches!(self.role, Role::Owner | Role::Director | Role::Person)
    }
}

/// Gives every other column to the one whom it is about.
fn assign(
    profiles: &[Profile],
    parties: &mut [Party],
    mut payment: Option<&mut Vec<(usize, &'static str)>>,
) {
    for (at, profile) in profiles.iter().enumerate() {
        let Some(what) = profile.what else { continue };
        let named =
            parties.iter().any(|p| p.names.contains(&at) || p.apart.iter().any(|(a, _)| *a == at));
        if named || matches!(what, "id" | "createdAt" | "modifiedAt" | "debit" | "credit") {
            continue;
        }
        if OF_EDGES.contains(&what)
            && profile.role.is_none()
            && let Some(payment) = &mut payment
        {
            payment.push((at, what));
            continue;
        }
        let related = parties.len() > 1;
        let to_edge = OF_EDGES.contains(&what) && related && what != "amount";
        let fits = |party: &Party| {
            let of_role = match profile.role {
                Some(role) if parties.iter().any(|p| p.role == role) => party.role == role,
                _ => true,
            };
            let of_kind = if to_edge {
                party.is_related()
            } else if PERSONAL.contains(&what) {
                !matches!(party.role, Role::Company | Role::Vessel)
            } else if OF_VESSELS.contains(&what) {
                party.role == Role::Vessel
            } else if CORPORATE.contains(&what) && profile.role.is_none() {
                matches!(party.role, Role::Company | Role::Payer | Role::Beneficiary)
            } else {
                true
            };
            of_role && of_kind
        };
        // The one to the left of it, else the next to the right.
        let before = parties.iter().enumerate().filter(|(_, p)| fits(p) && p.first() < at);
        let before = before.max_by_key(|(_, party)| party.first()).map(|(index, _)| index);
        let after = parties.iter().enumerate().filter(|(_, p)| fits(p) && p.first() > at);
        let after = after.min_by_key(|(_, party)| party.first()).map(|(index, _)| index);
        // A sole party is meant whatever it is.
        let alone = (parties.len() == 1).then_some(0);
        let Some(index) = before.or(after).or(alone) else { continue };
        let party = &mut parties[index];
        if to_edge { party.edge.push((at, what)) } else { party.said.push((at, what)) }
    }
}

/// The schema of a party by its role, by what is said of it and by what its names look like.
fn schema_of(party: &Party, is_subject: bool, all: &[Party], profiles: &[Profile]) -> &'static str {
    let has = |list: &[&str]| party.said.iter().any(|(_, what)| list.contains(what));
    let (companies, people) = party
        .names
        .first()
        .map_or((0.0, 1.0), |at| (profiles[*at].companies, profiles[*at].people));
    let personal = has(&PERSONAL) || !party.apart.is_empty();
    match party.role {
        Role::Vessel => "Vessel",
        Role::Company => {
            let others = all.len() > 1;
            if !others && companies < 0.3 && personal {
                "Person"
            } else if others && is_subject
                || companies >= 0.3
                || has(&CORPORATE)
                || profiles[party.first()].role == Some(Role::Company)
            {
                "Company"
            } else if people > 0.8 {
                "Person"
            } else {
                "LegalEntity"
            }
        }
        Role::Person => "Person",
        Role::Director if companies < 0.3 => "Person",
        _ if personal && companies < 0.3 => "Person",
        _ if companies >= 0.7 => "Company",
        _ if people >= 0.7 && companies == 0.0 => "Person",
        _ => "LegalEntity",
    }
}

/// Names that are short and differ.
fn name_them(parties: &mut [Party]) {
    let mut used: Vec<String> = Vec::new();
    for party in parties {
        let base = match party.role {
            Role::Company if party.schema == "Person" => "person",
            Role::Company if party.schema == "LegalEntity" => "entity",
            Role::Company => "company",
            Role::Person => "person",
            Role::Director => "director",
            Role::Owner => "owner",
            Role::Payer => "payer",
            Role::Beneficiary => "beneficiary",
            Role::Vessel => "vessel",
        };
        let mut name = base.to_owned();
        let mut number = 2;
        while used.contains(&name) {
            name = format!("{base} {number}");
            number += 1;
        }
        used.push(name.clone());
        party.name = name;
    }
}

fn shape_of(parties: &[Party], subject: Option<usize>) -> &'static str {
    let has = |role: Role| parties.iter().any(|party| party.role == role);
    match subject.map(|at| parties[at].schema) {
        Some(_) if has(Role::Owner) && has(Role::Director) => {
            "a register with owners and directors"
        }
        Some(_) if has(Role::Owner) => "a list of owners",
        Some(_) if has(Role::Director) => "a list of directors",
        Some("Company") if has(Role::Person) => "a list of people and their companies",
        Some("Vessel") => "a list of vessels",
        Some("Company") => "a register of companies",
        Some("Person") => "a list of people",
        Some(_) => "a list of people and companies",
        None if parties.is_empty() => "",
        None => "a list of names",
    }
}

/// The property of a schema that an attribute is.
fn property_of(schema_name: &str, what: &'static str) -> Option<&'static str> {
    let renamed = match (schema_name, what) {
        (_, "isin") => "isinCode",
        ("Person", "role") => "position",
        ("Payment" | "Ownership" | "Directorship" | "Employment", "notes" | "description") => {
            "description"
        }
        ("Person", "jurisdiction") => "country",
        ("Vessel", "owner") => return None,
        (_, what) => what,
    };
    let known = schema::schema(schema_name)?.property(renamed)?;
    (!known.stub && known.range.is_none()).then_some(renamed)
}

fn thing(party: &Party, profiles: &[Profile], stem: &str) -> EntityMapping {
    let heading = |at: usize| profiles[at].heading.clone();
    let mut properties: Vec<PropertyMapping> = Vec::new();
    for (nth, at) in party.names.iter().enumerate() {
        let property = if nth == 0 { "name" } else { "alias" };
        properties.push(PropertyMapping::column(property, &profiles[*at].heading));
    }
    if !party.apart.is_empty() {
        if party.names.is_empty() {
            let order = ["firstName", "middleName", "lastName"];
            let parts = order
                .iter()
                .flat_map(|part| party.apart.iter().filter(move |(_, what)| what == part));
            let columns: Vec<String> = parts.map(|(at, _)| heading(*at)).collect();
            let join = (columns.len() > 1).then(|| " ".to_owned());
            properties.push(PropertyMapping {
                property: "name".into(),
                columns,
                join,
                ..PropertyMapping::default()
            });
        }
        for (at, what) in &party.apart {
            if let Some(property) = property_of(party.schema, what) {
                properties.push(PropertyMapping::column(property, &profiles[*at].heading));
            }
        }
    }
    let mut place: Vec<String> = Vec::new();
    let whole = party.said.iter().any(|(_, what)| *what == "address");
    for (at, what) in &party.said {
        if matches!(*what, "street" | "city" | "postalCode" | "region") {
            place.push(heading(*at));
        } else if let Some(property) = property_of(party.schema, what) {
            match properties.iter_mut().find(|said| said.property == property) {
                Some(said) => said.columns.push(heading(*at)),
                None => properties.push(PropertyMapping::column(property, &profiles[*at].heading)),
            }
        }
    }
    if !place.is_empty() && !whole {
        let join = Some(", ".to_owned());
        properties.push(PropertyMapping {
            property: "address".into(),
            columns: place,
            join,
            ..PropertyMapping::default()
        });
    }
    let (keys, everywhere) = keys(party, profiles);
    // Equal names in two files may be two people; only what is unique unites across files.
    let key_literal =
        if everywhere { party.schema.to_owned() } else { format!("{} {stem}", party.schema) };
    EntityMapping {
        name: party.name.clone(),
        schema: party.schema.to_owned(),
        keys,
        key_literal,
        properties,
        ..EntityMapping::default()
    }
}

/// The columns that tell a party from others, and whether they do so in other files too.
fn keys(party: &Party, profiles: &[Profile]) -> (Vec<String>, bool) {
    let full = |what: &str| {
        let found = party.said.iter().find(|(_, said)| *said == what).map(|(at, _)| *at)?;
        // A number that half of the rows lack would leave those rows out.
        let most = profiles[party.first()].filled;
        (profiles[found].filled * 20 >= most * 19 && most > 0)
            .then(|| profiles[found].heading.clone())
    };
    if let Some(key) = UNIQUE.iter().find_map(|what| full(what)) {
        return (vec![key], true);
    }
    let country = ["jurisdiction", "country"].iter().find_map(|what| full(what));
    if let Some(key) = REGISTERED.iter().find_map(|what| full(what)) {
        let everywhere = country.is_some();
        return (std::iter::once(key).chain(country).collect(), everywhere);
    }
    let names = if party.names.is_empty() {
        party.apart.iter().map(|(at, _)| *at).collect()
    } else {
        vec![party.names[0]]
    };
    let more = ["birthDate", "nationality", "jurisdiction", "country"];
    let more = more.iter().filter_map(|what| {
        let (at, _) = party.said.iter().find(|(_, said)| said == what)?;
        Some(profiles[*at].heading.clone())
    });
    (names.iter().map(|at| profiles[*at].heading.clone()).chain(more).collect(), false)
}

fn relationship(
    party: &Party,
    subject: &Party,
    profiles: &[Profile],
    stem: &str,
) -> Option<EntityMapping> {
    let (name, schema_name, from, to) = match party.role {
        Role::Owner => ("ownership", "Ownership", "owner", "asset"),
        Role::Director if subject.schema == "Company" => {
            ("directorship", "Directorship", "director", "organization")
        }
        Role::Person if subject.schema == "Company" => {
            ("employment", "Employment", "employee", "employer")
        }
        _ => return None,
    };
    let number = party.name.rsplit_once(' ').map_or("", |(_, number)| number);
    let mut properties = vec![
        PropertyMapping::entity(from, &party.name),
        PropertyMapping::entity(to, &subject.name),
    ];
    for (at, what) in &party.edge {
        if let Some(property) = property_of(schema_name, what) {
            properties.push(PropertyMapping::column(property, &profiles[*at].heading));
        }
    }
    Some(EntityMapping {
        name: format!("{name} {number}").trim_end().to_owned(),
        schema: schema_name.to_owned(),
        key_literal: format!("{schema_name} {stem}"),
        properties,
        ..EntityMapping::default()
    })
}

fn add_payment(
    made: &mut Vec<EntityMapping>,
    parties: &[Party],
    said: &[(usize, &'static str)],
    profiles: &[Profile],
    stem: &str,
) {
    let party = |role: Role| parties.iter().find(|party| party.role == role);
    let (Some(payer), Some(beneficiary)) = (party(Role::Payer), party(Role::Beneficiary)) else {
        return;
    };
    let mut properties = vec![
        PropertyMapping::entity("payer", &payer.name),
        PropertyMapping::entity("beneficiary", &beneficiary.name),
    ];
    for (party, property) in [(payer, "payerAccount"), (beneficiary, "beneficiaryAccount")] {
        let account = party.said.iter().find(|(_, what)| matches!(*what, "iban" | "accountNumber"));
        let Some((at, what)) = account else { continue };
        let name = format!("account of {}", party.name);
        let heading = &profiles[*at].heading;
        let mut own = vec![PropertyMapping::column(what, heading)];
        let bank = party.said.iter().find(|(_, what)| *what == "bankName");
        own.extend(bank.map(|(at, _)| PropertyMapping::column("bankName", &profiles[*at].heading)));
        let everywhere = *what == "iban";
        made.push(EntityMapping {
            name: name.clone(),
            schema: "BankAccount".to_owned(),
            keys: vec![heading.clone()],
            key_literal: if everywhere {
                "BankAccount".to_owned()
            } else {
                format!("BankAccount {stem}")
            },
            properties: own,
            ..EntityMapping::default()
        });
        properties.push(PropertyMapping::entity(property, &name));
    }
    let mut number = None;
    for (at, what) in said {
        if let Some(property) = property_of("Payment", what) {
            properties.push(PropertyMapping::column(property, &profiles[*at].heading));
            if *what == "transactionNumber" && profiles[*at].distinct {
                number = Some(profiles[*at].heading.clone());
            }
        }
    }
    made.push(EntityMapping {
        name: "payment".to_owned(),
        schema: "Payment".to_owned(),
        key_literal: format!("Payment {stem}"),
        each_row: number.is_none(),
        keys: number.into_iter().collect(),
        properties,
        ..EntityMapping::default()
    });
}

/// What was not understood becomes notes of the first entity, unless only a program would read it.
fn keep_the_rest(made: &mut [EntityMapping], profiles: &[Profile]) {
    let used: Vec<String> = made
        .iter()
        .flat_map(|entity| entity.all_columns().into_iter().map(str::to_owned))
        .collect();
    let rest: Vec<String> = profiles
        .iter()
        .filter(|profile| {
            !profile.technical && profile.filled > 0 && !used.contains(&profile.heading)
        })
        .filter(|profile| words::normal(&profile.heading).chars().any(char::is_alphabetic))
        .map(|profile| profile.heading.clone())
        .collect();
    let Some(first) = made.first_mut().filter(|_| !rest.is_empty()) else { return };
    first.properties.push(PropertyMapping {
        property: "notes".to_owned(),
        columns: rest,
        labelled: true,
        ..PropertyMapping::default()
    });
}
