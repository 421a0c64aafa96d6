//! The mapping that a plan amounts to.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        aside::Aside,
        clean, content, edit,
        mapping::{Each, EntityMapping, NameForm, PropertyMapping, free_name},
        row::Row,
        shares, source,
        words::{self, Role},
    },
    party::{self, Party},
    plan::{Link, Plan, TableKind},
    profile::Profile,
    values::{self, Relation},
};
use crate::model::schema;

/// Identifiers of which a thing has one.
const IDENTIFIERS: [&str; 17] = [
    "iban",
    "leiCode",
    "uscCode",
    "ogrnCode",
    "innCode",
    "imoNumber",
    "mmsi",
    "registrationNumber",
    "taxNumber",
    "vatCode",
    "passportNumber",
    "idNumber",
    "titleNumber",
    "plate",
    "vin",
    "tail",
    "wallet",
];
/// Parts of an address, in the order in which they are written.
const PLACES: [&str; 5] = ["address", "street", "city", "region", "postalCode"];

/// A party as one schema.
#[derive(Clone, Debug)]
struct Variant {
    party: usize,
    name: String,
    schema: &'static str,
    filters: BTreeMap<String, Vec<String>>,
    filters_not: BTreeMap<String, Vec<String>>,
    form: Option<bool>,
}

/// The entities and relationships of each row.
pub(super) fn entities(
    plan: &Plan,
    profiles: &[Profile],
    rows: &[Row],
    stem: &str,
) -> Vec<EntityMapping> {
    let mut build = Build { plan, profiles, rows, stem, made: Vec::new() };
    let mut variants: Vec<Variant> =
        (0..plan.parties.len()).flat_map(|party| build.variants(party)).collect();
    for at in 1..variants.len() {
        let (before, rest) = variants.split_at_mut(at);
        let taken = |name: &str| before.iter().any(|other| other.name == name);
        rest[0].name = free_name(&rest[0].name, taken);
    }
    for variant in &variants {
        let mapping = build.thing(variant);
        build.made.push(mapping);
    }
    match plan.kind {
        TableKind::Payments => build.payments(&variants),
        TableKind::Trade => build.trade(&variants),
        TableKind::Events => build.events(&variants),
        _ => {
            for link in &plan.links {
                build.links(link, &variants);
            }
            let subject = plan.subject.unwrap_or(0);
            let names: Vec<String> = variants
                .iter()
                .filter(|variant| variant.party == subject)
                .map(|variant| variant.name.clone())
                .collect();
            for name in names {
                build.note(&name, &plan.rest);
            }
        }
    }
    build.made
}

struct Build<'a> {
    plan: &'a Plan,
    profiles: &'a [Profile],
    rows: &'a [Row],
    stem: &'a str,
    made: Vec<EntityMapping>,
}

fn is_a(schema_name: &str, other: &str) -> bool {
    schema::schema(schema_name).is_some_and(|schema| schema.is_a(other))
}

/// The schema that something of a schema must be to be an end of a relationship; `None` where it
/// cannot be one.
fn promoted(schema_name: &'static str, range: &str) -> Option<&'static str> {
    if is_a(schema_name, range) {
        return Some(schema_name);
    }
    match (schema_name, range) {
        ("LegalEntity" | "Organization" | "PublicBody", "Asset" | "Company") => Some("Company"),
        ("LegalEntity", "Organization") => Some("Organization"),
        ("LegalEntity", "Person") => Some("Person"),
        _ => None,
    }
}

/// The ends of a relationship: property and range of each.
fn ends(schema_name: &str) -> Option<[(&'static str, &'static str); 2]> {
    let schema = schema::schema(schema_name)?;
    let edge = schema.edge.as_ref()?;
    let end = |name: &'static str| {
        let range = schema.property(name).and_then(|property| property.range.as_deref());
        (name, range.unwrap_or("Thing"))
    };
    Some([end(&edge.source), end(&edge.target)])
}

/// The property of a schema that an attribute is.
fn property_of(schema_name: &str, what: &'static str, heading: &str) -> Option<&'static str> {
    let heading = words::normal(heading);
    let says = |parts: &[&str]| parts.iter().any(|part| heading.contains(part));
    let founded = || says(&["inc", "found", "grund", "creation", "построй", "built", "تاسیس"]);
    let is = |other: &str| is_a(schema_name, other);
    let renamed = match what {
        "isin" => "isinCode",
        "placeFrom" | "placeTo" | "passengers" | "wallet" | "tail" | "port"
            if !matches!(schema_name, "CryptoWallet" | "Airplane") =>
        {
            return None;
        }
        "wallet" => "publicKey",
        "tail" => "registrationNumber",
        "closeDate" if is("BankAccount") => "closingDate",
        "closeDate" if is("LegalEntity") => "dissolutionDate",
        "bankCountry" if is("BankAccount") => "country",
        // “Role in the proceedings” is no position of a person.
        "role" if is("Person") && words::meaning(&heading).part < 50 => return None,
        // What an event is, nobody is.
        "kind" if words::meaning(&heading).part < 100 => return None,
        "description" => return None,
        "kind" if !says(&["type", "tip", "typ", "form", "类型", "유형", "tur", "نوع", "סוג"]) =>
        {
            return None;
        }
        "kind" if is("Vehicle") => "type",
        "kind" => "legalForm",
        "swiftBic" if is("BankAccount") => "bic",
        "latinName" => "alias",
        "abbreviation" | "previousName" | "alias" => what,
        "role" if is("Person") => "position",
        "role" | "relation" if is("Family") || is("Associate") => "relationship",
        "relation" => "role",
        "notes" => edit::notes_of(schema_name)?,
        "jurisdiction" if !is("Organization") && !is("LegalEntity") => "country",
        "jurisdiction" if is("Person") => "country",
        "nationality" if is("Vehicle") => "flag",
        "nationality" if !is("Person") => "country",
        "birthDate" if is("Vehicle") && founded() => "buildDate",
        "birthDate" if !is("Person") && is("LegalEntity") && founded() => "incorporationDate",
        "incorporationDate" if is("Vehicle") => "registrationDate",
        "idNumber" | "registrationNumber" if is("Vessel") => "imoNumber",
        "idNumber" if !is("Person") => "registrationNumber",
        "registrationNumber" if is("Person") => "idNumber",
        "type" if is("Organization") => "legalForm",
        "tonnage" => "grossRegisteredTonnage",
        "position" if !is("Person") => "role",
        "plate" => "registrationNumber",
        "arrival" if is("EconomicActivity") => "endDate",
        "departure" if is("EconomicActivity") => "startDate",
        "startDate" if is("BankAccount") => "openingDate",
        "endDate" if is("BankAccount") => "closingDate",
        "currency" if is("Ownership") => "sharesCurrency",
        "amount" if is("Ownership") => "sharesValue",
        "weight" if is("EconomicActivity") => return None,
        "incorporationDate" if is("BankAccount") => "openingDate",
        "blNumber" => "recordId",
        "customsValue" => "customsAmount",
        "bankName" | "iban" | "accountNumber" if !is("BankAccount") => return None,
        other => other,
    };
    let known = schema::schema(schema_name)?.property(renamed)?;
    (!known.stub && known.range.is_none()).then_some(renamed)
}

impl Build<'_> {
    fn party(&self, at: usize) -> &Party {
        &self.plan.parties[at]
    }

    /// The schema of a party where no column says it.
    fn usual(&self, at: usize) -> &'static str {
        let party = self.party(at);
        if let Some(refers) = &party.refers {
            return refers.schema;
        }
        if let Some(fixed) = party.fixed {
            return fixed;
        }
        let name = party.name.map(|name| &self.profiles[name]);
        let companies = name.map_or(0.0, |name| name.companies);
        let personal = party.has(&party::PERSONAL) || !party.apart.is_empty();
        let corporate = party.has(&party::CORPORATE);
        let ship = party.has(&party::OF_VESSELS[..5]);
        let base = match party.role {
            Some(Role::Vessel) => "Vessel",
            Some(Role::Company | Role::Asset) if ship && companies < 0.3 => "Vessel",
            Some(Role::Company) => "Company",
            Some(Role::Person | Role::Director) => "Person",
            Some(_) if personal && companies == 0.0 && !corporate => "Person",
            None if ship && companies < 0.3 => "Vessel",
            None if personal && companies < 0.3 => "Person",
            None if party.has(&["topics"]) => "Person",
            None if corporate || companies >= 0.5 => "Company",
            _ => "LegalEntity",
        };
        let asked = self.fitting(at, base);
        if self.plan.role(Role::Director).is_some() && self.plan.subject == Some(at) {
            return promoted(asked, "Organization").unwrap_or(asked);
        }
        asked
    }

    /// A schema narrowed to what the relationships of every row demand of a party.
    fn fitting(&self, party: usize, schema: &'static str) -> &'static str {
        let links = self.plan.links.iter().filter(|link| link.relation.is_none());
        let ranges = links.filter_map(|link| {
            let [from, to] = ends(link.schema)?;
            let range = if link.from == party { from.1 } else { to.1 };
            (link.from == party || link.to == party).then_some(range)
        });
        let fitted = ranges.fold(schema, |schema, range| promoted(schema, range).unwrap_or(schema));
        // Nothing but somebody pays, ships or calls.
        let acts = matches!(self.plan.kind, TableKind::Payments | TableKind::Trade)
            && self.party(party).role != Some(Role::Vessel);
        if acts && !is_a(fitted, "LegalEntity") { "LegalEntity" } else { fitted }
    }

    /// A party as the schemata that it can be of.
    fn variants(&self, at: usize) -> Vec<Variant> {
        let party = self.party(at);
        let base = match party.role {
            Some(Role::Company) => "company",
            Some(Role::Person) => "person",
            Some(Role::Director) => "director",
            Some(Role::Owner) => "owner",
            Some(Role::Parent) => "parent",
            Some(Role::Asset) => "asset",
            Some(Role::Payer) => "payer",
            Some(Role::Beneficiary) => "beneficiary",
            Some(Role::Counterparty) => "counterparty",
            Some(Role::Vessel) => "vessel",
            Some(Role::Source) => "source",
            Some(Role::Target) => "target",
            Some(Role::Agent) => "agent",
            Some(Role::Manager) => "manager",
            Some(Role::Holder) => "holder",
            Some(Role::Shipper) => "shipper",
            Some(Role::Consignee) => "consignee",
            Some(Role::Notify) => "notify party",
            Some(Role::Declarant) => "declarant",
            Some(Role::Authority) => "authority",
            Some(Role::Supplier) => "supplier",
            Some(Role::Customer) => "customer",
            Some(Role::Broker) => "broker",
            Some(Role::Creditor) => "creditor",
            Some(Role::Debtor) => "debtor",
            Some(Role::Transferor) => "transferor",
            Some(Role::Transferee) => "transferee",
            Some(Role::Caller) => "caller",
            Some(Role::Called) => "receiver",
            Some(_) => "party",
            None => match self.usual(at) {
                "Person" => "person",
                "Company" => "company",
                "Vessel" => "vessel",
                _ => "entity",
            },
        };
        let before =
            self.plan.parties[..at].iter().filter(|other| other.role == party.role).count();
        let base = if before == 0 { base.to_owned() } else { format!("{base} {}", before + 1) };
        let base = match party.fixed {
            Some(schema) => schema::label(schema).to_lowercase(),
            None => base,
        };
        let whole = Variant {
            party: at,
            name: base.clone(),
            schema: self.usual(at),
            filters: BTreeMap::new(),
            filters_not: BTreeMap::new(),
            form: None,
        };
        if let Some(kind) = party.kind {
            return self.by_kind(&whole, kind);
        }
        let mixed = party.name.is_some_and(|name| self.profiles[name].companies > 0.0);
        if whole.schema == "Person" && mixed {
            let other = Variant {
                name: format!("{base} (organization)"),
                schema: "LegalEntity",
                form: Some(true),
                ..whole.clone()
            };
            return vec![Variant { form: Some(false), ..whole }, other];
        }
        self.by_birth(&whole).unwrap_or_else(|| vec![whole])
    }

    /// Whoever has a date of birth is a person, among others who have none.
    fn by_birth(&self, whole: &Variant) -> Option<Vec<Variant>> {
        let party = self.party(whole.party);
        if whole.schema != "LegalEntity" || party.split.is_some() {
            return None;
        }
        let born = party.said.iter().find(|(at, what)| {
            let heading = &self.profiles[*at].heading;
            *what == "birthDate" && property_of("LegalEntity", what, heading).is_none()
        });
        let at = born?.0;
        let born = &self.profiles[at];
        // Where companies have one, it is somebody else's.
        let of_firm = |row: &Row| {
            let name = party.named_in().map_or("", |name| row.get(name));
            !clean::is_nothing(row.get(at)) && content::is_organization(name)
        };
        if self.rows.iter().any(of_firm) {
            return None;
        }
        let mut empty: BTreeSet<String> = [String::new(), "-".to_owned()].into();
        for row in self.rows {
            let cell = row.get(self.profiles.iter().position(|p| p.heading == born.heading)?);
            if clean::is_nothing(cell) {
                empty.insert(cell.to_owned());
            }
        }
        let empty: Vec<String> = empty.into_iter().collect();
        let empty = BTreeMap::from([(born.heading.clone(), empty)]);
        let person = Variant {
            name: format!("{} (person)", whole.name),
            schema: "Person",
            filters_not: empty.clone(),
            ..whole.clone()
        };
        Some(vec![person, Variant { filters: empty, ..whole.clone() }])
    }

    fn by_kind(&self, whole: &Variant, kind: usize) -> Vec<Variant> {
        let profile = &self.profiles[kind];
        let mut groups: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        let mut open = self.rows.len() >= source::SAMPLE || profile.filled < self.rows.len();
        for value in &profile.values {
            match values::kind(value) {
                Some(schema) => groups.entry(schema).or_default().push(value.clone()),
                None => open = true,
            }
        }
        let known: Vec<String> = groups.values().flatten().cloned().collect();
        let mut variants: Vec<Variant> = groups
            .into_iter()
            .map(|(schema, values)| Variant {
                name: format!("{} ({})", whole.name, schema::label(schema).to_lowercase()),
                schema: self.fitting(whole.party, schema),
                filters: BTreeMap::from([(profile.heading.clone(), values)]),
                ..whole.clone()
            })
            .collect();
        if open {
            variants.push(Variant {
                name: format!("{} (other)", whole.name),
                schema: self.fitting(whole.party, "LegalEntity"),
                filters_not: BTreeMap::from([(profile.heading.clone(), known)]),
                ..whole.clone()
            });
        }
        variants
    }

    fn heading(&self, at: usize) -> String {
        self.profiles[at].heading.clone()
    }

    /// The entity of a variant.
    fn thing(&self, variant: &Variant) -> EntityMapping {
        let party = self.party(variant.party);
        if let Some(refers) = &party.refers {
            return EntityMapping {
                name: variant.name.clone(),
                schema: variant.schema.to_owned(),
                keys: vec![self.heading(refers.column)],
                key_literal: refers.literal.clone(),
                whole_key: true,
                refers: true,
                ..EntityMapping::default()
            };
        }
        let mut properties: Vec<PropertyMapping> = Vec::new();
        let subject = self.plan.subject == Some(variant.party);
        let person = variant.schema == "Person";
        let mut left: Vec<usize> = Vec::new();
        if let Some(name) = party.name {
            properties.push(PropertyMapping {
                required: !subject || variant.schema != "Person",
                ..PropertyMapping::column("name", &self.profiles[name].heading)
            });
        }
        if !party.apart.is_empty() {
            let order = ["firstName", "middleName", "lastName"];
            let parts = order
                .iter()
                .flat_map(|part| party.apart.iter().filter(move |(_, what)| what == part));
            let mut columns: Vec<String> = parts.map(|(at, _)| self.heading(*at)).collect();
            // Of what is no person, the last name is the name.
            let last = party.apart.iter().find(|(_, what)| *what == "lastName");
            if let Some((last, _)) = last.filter(|_| !person) {
                columns = vec![self.heading(*last)];
                left.extend(party.apart.iter().map(|(at, _)| *at).filter(|at| at != last));
            }
            if party.name.is_none() {
                let join = (columns.len() > 1).then(|| " ".to_owned());
                properties.push(PropertyMapping {
                    property: "name".into(),
                    columns,
                    join,
                    required: !person,
                    ..PropertyMapping::default()
                });
            }
            if person {
                properties.extend(
                    party.apart.iter().map(|(at, what)| {
                        PropertyMapping::column(what, &self.profiles[*at].heading)
                    }),
                );
            }
        }
        let mut place: Vec<(usize, &str)> = Vec::new();
        for (at, what) in &party.said {
            let profile = &self.profiles[*at];
            if *what == "kind" && party.kind == Some(*at) {
                left.push(*at);
            } else if PLACES.contains(what) {
                place.push((*at, what));
            } else if let Some(property) = property_of(variant.schema, what, &profile.heading) {
                say(&mut properties, property, profile);
            } else {
                left.push(*at);
            }
        }
        // A house is called by its address.
        let house = place.iter().find(|(_, what)| matches!(*what, "address" | "street"));
        if let Some((at, _)) = house.filter(|_| variant.schema == "RealEstate") {
            properties.push(PropertyMapping::column("name", &self.profiles[*at].heading));
        }
        address(&mut properties, place, self.profiles);
        let mut mapping = EntityMapping {
            name: variant.name.clone(),
            schema: variant.schema.to_owned(),
            filters: variant.filters.clone(),
            filters_not: variant.filters_not.clone(),
            form: variant
                .form
                .zip(party.name)
                .map(|(organization, name)| NameForm { column: self.heading(name), organization }),
            each: party.split.zip(party.name).map(|(split, name)| self.each(name, split, party)),
            properties,
            ..EntityMapping::default()
        };
        self.identify(&mut mapping, party);
        label(&mut mapping, left.iter().map(|at| self.heading(*at)).collect());
        mapping
    }

    /// The parts of a cell of which each is a party.
    fn each(&self, name: usize, split: &str, party: &Party) -> Each {
        let (column, split) = (self.heading(name), split.to_owned());
        Each { column, split, aside: party.aside.is_some() }
    }

    /// Says of a relationship what stands behind the name of one of its ends.
    fn aside(&self, mapping: &mut EntityMapping, ends: [usize; 2]) {
        for party in ends.map(|end| self.party(end)) {
            let Some((aside, name)) = party.aside.zip(party.name) else { continue };
            let Some(split) = party.split else { continue };
            let what = if aside == Aside::Share { "percentage" } else { "role" };
            let column = self.heading(name);
            let said = if let Some(property) = property_of(&mapping.schema, what, &column) {
                PropertyMapping::column(property, &column)
            } else {
                let notes = edit::notes_of(&mapping.schema).unwrap_or("description");
                PropertyMapping { labelled: true, ..PropertyMapping::column(notes, &column) }
            };
            mapping.each = Some(self.each(name, split, party));
            mapping.properties.push(PropertyMapping { aside: true, ..said });
            return;
        }
    }

    /// Says what tells a party from others.
    fn identify(&self, mapping: &mut EntityMapping, party: &Party) {
        let stem = self.stem;
        let names: Vec<String> = if let Some(name) = party.name {
            vec![self.heading(name)]
        } else {
            let last = |what: &str| what == "lastName" || mapping.schema == "Person";
            let parts = party.apart.iter().filter(|(_, what)| last(what));
            parts.map(|(at, _)| self.heading(*at)).collect()
        };
        let said = |list: &[&str]| -> Vec<usize> {
            let said = party.said.iter().filter(|(_, what)| list.contains(what));
            said.map(|(at, _)| *at).collect()
        };
        let numbers = said(&IDENTIFIERS);
        mapping.whole_key = true;
        if let Some(key) = party.key {
            // Without a name it is known all the same.
            mapping.key_literal = format!("Number {stem}");
            mapping.keys = vec![self.heading(key)];
            mapping.agree = names;
            mapping.whole_key = false;
            for said in &mut mapping.properties {
                said.required = false;
            }
            return;
        }
        if mapping.schema == "Person" {
            mapping.key_literal = format!("Person {stem}");
            let born = said(&["birthDate"]);
            let mut details: Vec<usize> = born.into_iter().chain(numbers).collect();
            // Of what tells people apart, what most of them have.
            details.sort_by_key(|at| std::cmp::Reverse(self.profiles[*at].filled));
            details.splice(0..0, party.id);
            if let Some(detail) = details.first().filter(|_| mapping.each.is_none()) {
                mapping.keys = names;
                mapping.keys.push(self.heading(*detail));
                mapping.agree = details[1..].iter().map(|at| self.heading(*at)).collect();
            } else {
                mapping.each_row = true;
                mapping.whole_key = false;
            }
            return;
        }
        mapping.key_literal = match &*mapping.schema {
            "Vessel" | "Airplane" | "BankAccount" => format!("{} {stem}", mapping.schema),
            _ => format!("Party {stem}"),
        };
        let details = said(&["incorporationDate", "birthDate", "buildDate", "jurisdiction"]);
        let all: Vec<usize> = numbers.iter().copied().chain(details).chain(party.id).collect();
        if names.is_empty() {
            let own = party.said.first().map(|(at, _)| *at).filter(|_| party.fixed.is_some());
            let key = own.or(all.first().copied());
            mapping.keys = key.map(|at| self.heading(at)).into_iter().collect();
            return;
        }
        mapping.keys = names;
        mapping.agree = all.iter().map(|at| self.heading(*at)).collect();
    }

    /// The relationships of a link, one for each meaning of its column and each schema of its ends.
    fn links(&mut self, link: &Link, variants: &[Variant]) {
        let mut groups: BTreeMap<Relation, Vec<String>> = BTreeMap::new();
        let usual = Relation { schema: link.schema, reversed: false };
        let mut known: Vec<String> = Vec::new();
        if let Some(column) = link.relation {
            for value in &self.profiles[column].values {
                let Some(relation) = values::relation(value) else { continue };
                // A heading that says director is believed, unless a cell says owner.
                let believed = link.schema == "UnknownLink" || relation.schema == "Ownership";
                if believed && relation != usual {
                    groups.entry(relation).or_default().push(value.clone());
                    known.push(value.clone());
                }
            }
        }
        let heading = link.relation.map(|column| self.heading(column)).unwrap_or_default();
        let mut all: Vec<(Relation, BTreeMap<String, Vec<String>>, bool)> = groups
            .into_iter()
            .map(|(relation, values)| (relation, BTreeMap::from([(heading.clone(), values)]), true))
            .collect();
        let rest = if known.is_empty() {
            BTreeMap::new()
        } else {
            BTreeMap::from([(heading.clone(), known)])
        };
        all.push((usual, rest, false));
        for (relation, filter, is) in all {
            let (from, to) =
                if relation.reversed { (link.to, link.from) } else { (link.from, link.to) };
            let of = |party: usize| variants.iter().filter(move |variant| variant.party == party);
            for from in of(from) {
                for to in of(to) {
                    self.link(link, relation.schema, (from, to), &filter, is);
                }
            }
        }
    }

    fn link(
        &mut self,
        link: &Link,
        schema_name: &'static str,
        (from, to): (&Variant, &Variant),
        filter: &BTreeMap<String, Vec<String>>,
        is: bool,
    ) {
        let fits = |schema_name: &'static str| {
            let [source, target] = ends(schema_name)?;
            // What the rows of another table are, that table says.
            let end = |variant: &Variant, range: &str| match self.party(variant.party).refers {
                Some(_) => Some(variant.schema),
                None => promoted(variant.schema, range),
            };
            Some((end(from, source.1)?, end(to, target.1)?))
        };
        let (schema_name, schemata) = match fits(schema_name) {
            Some(schemata) => (schema_name, schemata),
            None => match fits("UnknownLink") {
                Some(schemata) => ("UnknownLink", schemata),
                None => return,
            },
        };
        let Some([source, target]) = ends(schema_name) else { return };
        let mut filters = from.filters.clone();
        filters.extend(to.filters.clone());
        let mut filters_not = from.filters_not.clone();
        filters_not.extend(to.filters_not.clone());
        if is {
            filters.extend(filter.clone());
        } else {
            filters_not.extend(filter.clone());
        }
        let one = self.as_schema(from, schemata.0, &filters, &filters_not);
        let other = self.as_schema(to, schemata.1, &filters, &filters_not);
        let mut properties = vec![
            PropertyMapping::entity(source.0, &one),
            PropertyMapping::entity(target.0, &other),
        ];
        let mut left: Vec<usize> = Vec::new();
        for (at, what) in &link.said {
            let profile = &self.profiles[*at];
            match property_of(schema_name, what, &profile.heading) {
                Some(property) => say(&mut properties, property, profile),
                None => left.push(*at),
            }
            // What a register calls the control of a company names the share as well.
            let bands: Vec<String> = profile
                .values
                .iter()
                .filter(|value| {
                    matches!(*what, "relation" | "role") && shares::range(value).is_some()
                })
                .cloned()
                .collect();
            let unsaid = properties.iter().all(|said| said.property != "percentage");
            if schema_name == "Ownership" && unsaid && !bands.is_empty() {
                properties.push(PropertyMapping {
                    when: BTreeMap::from([(profile.heading.clone(), bands)]),
                    ..PropertyMapping::column("percentage", &profile.heading)
                });
            }
        }
        if let Some(role) = link.role.as_ref().filter(|_| schema_name == "UnknownLink") {
            properties.push(PropertyMapping {
                property: "role".into(),
                literals: vec![role.clone()],
                ..PropertyMapping::default()
            });
        }
        left.extend(&link.notes);
        // Who sold a share is not who bought it, though both are tied to its company.
        let side = link.role.as_ref().filter(|_| self.is_deal(link));
        let side = side.map_or_else(String::new, |role| format!(" {role}"));
        let label_of = schema::label(schema_name).to_lowercase();
        let mut mapping = EntityMapping {
            name: self.free(&label_of),
            schema: schema_name.to_owned(),
            key_literal: format!("{schema_name} {}{side}", self.stem),
            each_row: matches!(self.plan.kind, TableKind::Relationships | TableKind::Graph)
                || link.relation.is_some()
                || self.is_deal(link),
            filters,
            filters_not,
            properties,
            ..EntityMapping::default()
        };
        label(&mut mapping, left.iter().map(|at| self.heading(*at)).collect());
        self.aside(&mut mapping, [link.from, link.to]);
        self.made.push(mapping);
    }

    /// Whether each row is a deal of its own, however often the two meet.
    fn is_deal(&self, link: &Link) -> bool {
        const SIDES: [Role; 5] =
            [Role::Transferor, Role::Transferee, Role::Customer, Role::Creditor, Role::Debtor];
        let side = |party: usize| self.party(party).role.is_some_and(|role| SIDES.contains(&role));
        side(link.from) || side(link.to)
    }

    /// The name of the entity of a variant as it must be for a relationship; adds one of that
    /// schema beside it where only some rows ask for it.
    fn as_schema(
        &mut self,
        variant: &Variant,
        schema_name: &'static str,
        filters: &BTreeMap<String, Vec<String>>,
        filters_not: &BTreeMap<String, Vec<String>>,
    ) -> String {
        if is_a(variant.schema, schema_name) {
            return variant.name.clone();
        }
        let Some(base) = self.made.iter().find(|made| made.name == variant.name) else {
            return variant.name.clone();
        };
        if base.each_row {
            return variant.name.clone();
        }
        let mut mapping = EntityMapping {
            schema: schema_name.to_owned(),
            filters: filters.clone(),
            filters_not: filters_not.clone(),
            properties: base
                .properties
                .iter()
                .filter(|said| said.property == "name")
                .map(|said| PropertyMapping { required: true, ..said.clone() })
                .collect(),
            ..base.clone()
        };
        let label = schema::label(schema_name).to_lowercase();
        mapping.name = self.free(&format!("{} as {label}", variant.name));
        let name = mapping.name.clone();
        self.made.push(mapping);
        name
    }

    /// A name that no entity has yet.
    fn free(&self, base: &str) -> String {
        free_name(base, |name| self.made.iter().any(|made| made.name == name))
    }

    /// Keeps columns as notes of an entity.
    fn note(&mut self, name: &str, columns: &[usize]) {
        let headings = columns.iter().map(|at| self.heading(*at)).collect();
        if let Some(mapping) = self.made.iter_mut().find(|made| made.name == name) {
            label(mapping, headings);
        }
    }

    /// The account of a side of a payment; gives its name.
    fn account(&mut self, side: Role, said: &[(usize, &'static str)]) -> Option<String> {
        let (at, what) =
            *said.iter().find(|(_, what)| matches!(*what, "iban" | "accountNumber"))?;
        let base = if side == Role::Payer { "account of payer" } else { "account of beneficiary" };
        let name = self.free(base);
        let profile = &self.profiles[at];
        let mut properties = vec![PropertyMapping {
            required: true,
            ..PropertyMapping::column(what, &profile.heading)
        }];
        for (other, what) in said.iter().filter(|(other, _)| *other != at) {
            if let Some(property) =
                matches!(*what, "bankName" | "swiftBic" | "bankCountry" | "bankAddress")
                    .then(|| property_of("BankAccount", what, ""))
                    .flatten()
            {
                say(&mut properties, property, &self.profiles[*other]);
            }
        }
        self.made.push(EntityMapping {
            name: name.clone(),
            schema: "BankAccount".to_owned(),
            keys: vec![profile.heading.clone()],
            key_literal: format!("BankAccount {}", self.stem),
            whole_key: true,
            properties,
            ..EntityMapping::default()
        });
        Some(name)
    }

    /// Whether an account is made of a column.
    fn is_of_account(&self, heading: &str) -> bool {
        let mut accounts = self.made.iter().filter(|made| made.schema == "BankAccount");
        accounts.any(|made| made.all_columns().contains(&heading))
    }

    /// Payments, one a row.
    fn payments(&mut self, variants: &[Variant]) {
        let plan = self.plan;
        let of = |role: Role| -> Vec<String> {
            let party = plan.role(role);
            let of = variants.iter().filter(|variant| Some(variant.party) == party);
            of.map(|variant| variant.name.clone()).collect()
        };
        if plan.role(Role::Counterparty).is_some() {
            self.statement(of(Role::Counterparty));
            return;
        }
        let mut accounts = Vec::new();
        for (side, property) in
            [(Role::Payer, "payerAccount"), (Role::Beneficiary, "beneficiaryAccount")]
        {
            let mut said: Vec<(usize, &'static str)> =
                plan.role(side).map(|at| self.party(at).said.clone()).unwrap_or_default();
            let own = plan.activity.iter().filter(|(at, _)| self.profiles[*at].role == Some(side));
            said.extend(own.copied());
            if let Some(name) = self.account(side, &said) {
                accounts.push((property, name));
            }
        }
        let sides = |names: Vec<String>| -> Vec<Option<String>> {
            if names.is_empty() { vec![None] } else { names.into_iter().map(Some).collect() }
        };
        for payer in sides(of(Role::Payer)) {
            for beneficiary in sides(of(Role::Beneficiary)) {
                let mut properties: Vec<PropertyMapping> = Vec::new();
                let sides = [(&payer, Role::Payer), (&beneficiary, Role::Beneficiary)];
                for (name, side) in sides {
                    let property = self.side(side);
                    properties
                        .extend(name.as_ref().map(|name| PropertyMapping::entity(property, name)));
                }
                for (property, name) in &accounts {
                    properties.push(PropertyMapping::entity(property, name));
                }
                let filtered: Vec<EntityMapping> = [&payer, &beneficiary]
                    .into_iter()
                    .flatten()
                    .filter_map(|name| self.made.iter().find(|made| made.name == *name).cloned())
                    .collect();
                self.activity("Payment", properties, &filtered, &[]);
                let first = self.made.iter().filter(|made| made.schema == "Payment").count() == 1;
                if let Some(made) = self.made.last_mut() {
                    made.one_end = first;
                }
            }
        }
    }

    /// The property of a payment that names a side: the party, or its account in another table.
    fn side(&self, side: Role) -> &'static str {
        let refers = self.plan.role(side).and_then(|at| self.party(at).refers.as_ref());
        let account = refers.is_some_and(|refers| is_a(refers.schema, "BankAccount"));
        match (side, account) {
            (Role::Payer, true) => "payerAccount",
            (Role::Payer, false) => "payer",
            (_, true) => "beneficiaryAccount",
            (_, false) => "beneficiary",
        }
    }

    /// The payments of an account statement: those that go out and those that come in.
    fn statement(&mut self, others: Vec<String>) {
        let plan = self.plan;
        let at = plan.role(Role::Counterparty).unwrap_or(0);
        let other_account = self.account(Role::Beneficiary, &self.party(at).said.clone());
        let own: Vec<(usize, &'static str)> = plan
            .activity
            .iter()
            .filter(|(_, what)| matches!(*what, "iban" | "accountNumber" | "bankName"))
            .copied()
            .collect();
        let own_account = self.account(Role::Payer, &own);
        for (nth, other) in others.into_iter().enumerate() {
            for (amount, out) in [("debit", true), ("credit", false)] {
                let mut properties = Vec::new();
                let (mine, theirs, party) = if out {
                    ("payerAccount", "beneficiaryAccount", "beneficiary")
                } else {
                    ("beneficiaryAccount", "payerAccount", "payer")
                };
                properties.push(PropertyMapping::entity(party, &other));
                let accounts = [(mine, &own_account), (theirs, &other_account)];
                for (property, name) in accounts {
                    properties
                        .extend(name.as_ref().map(|name| PropertyMapping::entity(property, name)));
                }
                let column = plan.activity.iter().find(|(_, what)| *what == amount);
                let Some((column, _)) = column else { continue };
                properties.push(PropertyMapping {
                    required: true,
                    ..PropertyMapping::column("amount", &self.profiles[*column].heading)
                });
                self.activity("Payment", properties, &[], &["debit", "credit"]);
                if let Some(made) = self.made.last_mut() {
                    made.one_end = nth == 0;
                }
            }
        }
    }

    /// Consignments, one a row.
    fn trade(&mut self, variants: &[Variant]) {
        let plan = self.plan;
        let mut properties: Vec<PropertyMapping> = Vec::new();
        for (role, property) in [
            (Role::Shipper, "sender"),
            (Role::Payer, "sender"),
            (Role::Consignee, "receiver"),
            (Role::Beneficiary, "receiver"),
            (Role::Notify, "notifyParty"),
            (Role::Declarant, "declarant"),
            (Role::Vessel, "transport"),
        ] {
            let known = schema::schema("EconomicActivity")
                .and_then(|schema| schema.property(property))
                .is_some();
            let taken = properties.iter().any(|said| said.property == property);
            let Some(party) = plan.role(role).filter(|_| known && !taken) else { continue };
            for variant in variants.iter().filter(|variant| variant.party == party) {
                properties.push(PropertyMapping::entity(property, &variant.name));
            }
        }
        self.activity("EconomicActivity", properties, &[], &[]);
    }

    /// What happened to the things of each row.
    fn events(&mut self, variants: &[Variant]) {
        let plan = self.plan;
        let Some(event) = plan.event else { return };
        for link in &plan.links {
            self.links(link, variants);
        }
        let of = |role: Role| -> Vec<&Variant> {
            let party = plan.role(role);
            variants.iter().filter(|variant| Some(variant.party) == party).collect()
        };
        let mut properties: Vec<PropertyMapping> = Vec::new();
        match event.schema {
            "Call" => {
                for (role, property) in [(Role::Caller, "caller"), (Role::Called, "receiver")] {
                    properties.extend(
                        of(role).iter().map(|party| PropertyMapping::entity(property, &party.name)),
                    );
                }
                for (property, what) in
                    [("callerNumber", "callerNumber"), ("receiverNumber", "calledNumber")]
                {
                    let number = self.profiles.iter().find(|profile| profile.what == Some(what));
                    properties.extend(
                        number.map(|number| PropertyMapping::column(property, &number.heading)),
                    );
                }
            }
            "CourtCase" => {}
            _ => {
                let subject = variants.iter().filter(|v| Some(v.party) == plan.subject);
                properties
                    .extend(subject.map(|thing| PropertyMapping::entity("vehicle", &thing.name)));
                for (what, property) in [("placeFrom", "startLocation"), ("placeTo", "endLocation")]
                {
                    let found = self.profiles.iter().find(|profile| profile.what == Some(what));
                    let Some(place) = found else { continue };
                    let name = self.place(&place.heading.clone());
                    properties.push(PropertyMapping::entity(property, &name));
                }
            }
        }
        self.activity(event.schema, properties, &[], &["placeFrom", "placeTo"]);
        if event.schema == "CourtCase" {
            self.case(variants);
        }
    }

    /// A place of a column; gives its name.
    fn place(&mut self, heading: &str) -> String {
        let name = self.free("place");
        self.made.push(EntityMapping {
            name: name.clone(),
            schema: "Address".to_owned(),
            keys: vec![heading.to_owned()],
            key_literal: format!("Address {}", self.stem),
            whole_key: true,
            properties: vec![PropertyMapping {
                required: true,
                ..PropertyMapping::column("full", heading)
            }],
            ..EntityMapping::default()
        });
        name
    }

    /// The case that was made last by its number, and its parties.
    fn case(&mut self, variants: &[Variant]) {
        let number = self.profiles.iter().find(|profile| profile.what == Some("caseNumber"));
        let number = number.map(|profile| profile.heading.clone());
        let Some(case) = self.made.last_mut() else { return };
        if let Some(number) = number {
            case.keys = vec![number];
            case.each_row = false;
        }
        let case = case.name.clone();
        for variant in variants {
            let Some(column) = self.party(variant.party).named_in() else { continue };
            self.made.push(EntityMapping {
                name: self.free("party of the case"),
                schema: "CourtCaseParty".to_owned(),
                key_literal: format!("CourtCaseParty {}", self.stem),
                properties: vec![
                    PropertyMapping::entity("party", &variant.name),
                    PropertyMapping::entity("case", &case),
                    PropertyMapping {
                        property: "role".into(),
                        literals: vec![self.heading(column)],
                        ..PropertyMapping::default()
                    },
                ],
                ..EntityMapping::default()
            });
        }
    }

    /// The payment or consignment of each row, with what is said of it.
    fn activity(
        &mut self,
        schema_name: &'static str,
        mut properties: Vec<PropertyMapping>,
        filtered: &[EntityMapping],
        without: &[&str],
    ) {
        let mut left = self.plan.rest.clone();
        let mut seen = BTreeSet::new();
        for (at, what) in &self.plan.activity {
            let profile = &self.profiles[*at];
            if without.contains(what) || self.is_of_account(&profile.heading) {
                continue;
            }
            let known = property_of(schema_name, what, &profile.heading)
                .filter(|property| *property == "date" || seen.insert(*property));
            match known {
                Some(property) => say(&mut properties, property, profile),
                None => left.push(*at),
            }
        }
        // What is said of a bank and has no account is kept with the payment.
        for party in &self.plan.parties {
            for (at, what) in &party.said {
                let heading = &self.profiles[*at].heading;
                if matches!(
                    *what,
                    "bankName"
                        | "swiftBic"
                        | "iban"
                        | "accountNumber"
                        | "bankCountry"
                        | "bankAddress"
                ) && !self.is_of_account(heading)
                    && schema_name == "Payment"
                {
                    left.push(*at);
                }
            }
        }
        let mut mapping = EntityMapping {
            name: self.free(&schema::label(schema_name).to_lowercase()),
            schema: schema_name.to_owned(),
            key_literal: format!("{schema_name} {}", self.stem),
            each_row: true,
            properties,
            ..EntityMapping::default()
        };
        for other in filtered {
            mapping.filters.extend(other.filters.clone());
            mapping.filters_not.extend(other.filters_not.clone());
        }
        label(&mut mapping, left.iter().map(|at| self.heading(*at)).collect());
        self.made.push(mapping);
    }
}

/// Says a property from one more column.
fn say(properties: &mut Vec<PropertyMapping>, property: &str, profile: &Profile) {
    const SEVERAL: [&str; 16] = [
        "alias",
        "weakAlias",
        "previousName",
        "nationality",
        "country",
        "citizenship",
        "passportNumber",
        "idNumber",
        "phone",
        "email",
        "pastFlags",
        "programId",
        "website",
        "birthDate",
        "jurisdiction",
        "topics",
    ];
    let split = profile.split.filter(|_| SEVERAL.contains(&property)).map(str::to_owned);
    let same = properties
        .iter_mut()
        .find(|said| said.property == property && said.split == split && said.entity.is_none());
    match same.filter(|said| !said.required && said.join.is_none()) {
        Some(said) => said.columns.push(profile.heading.clone()),
        None => properties
            .push(PropertyMapping { split, ..PropertyMapping::column(property, &profile.heading) }),
    }
}

/// Joins the parts of an address to one.
fn address(
    properties: &mut Vec<PropertyMapping>,
    mut place: Vec<(usize, &str)>,
    profiles: &[Profile],
) {
    if place.is_empty() {
        return;
    }
    place.sort_by_key(|(at, what)| (PLACES.iter().position(|known| known == what), *at));
    let columns: Vec<String> = place.iter().map(|(at, _)| profiles[*at].heading.clone()).collect();
    let split = match &place[..] {
        [(at, _)] => profiles[*at].split.filter(|split| *split == ";").map(str::to_owned),
        _ => None,
    };
    properties.push(PropertyMapping {
        property: "address".into(),
        join: (columns.len() > 1).then(|| ", ".to_owned()),
        split,
        columns,
        ..PropertyMapping::default()
    });
}

/// Keeps columns as notes with their headings.
pub(super) fn label(mapping: &mut EntityMapping, columns: Vec<String>) {
    let Some(property) = edit::notes_of(&mapping.schema).filter(|_| !columns.is_empty()) else {
        return;
    };
    match mapping.properties.iter_mut().find(|said| said.labelled) {
        Some(said) => {
            for column in columns {
                if !said.columns.contains(&column) {
                    said.columns.push(column);
                }
            }
        }
        None => mapping.properties.push(PropertyMapping {
            property: property.to_owned(),
            columns,
            labelled: true,
            ..PropertyMapping::default()
        }),
    }
}
