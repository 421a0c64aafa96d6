//! The schemata that a party can be of.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        super::{
            clean, content,
            row::Row,
            source,
            words::{self, Role},
        },
        either, party,
        plan::TableKind,
    },
    Build, Form, Variant, ends, is_a, promoted,
    property::property_of,
};
use crate::model::schema;

/// What nobody but a body has.
const STRONG: [&str; 10] = [
    "legalForm",
    "incorporationDate",
    "dissolutionDate",
    "capital",
    "ogrnCode",
    "kppCode",
    "uscCode",
    "leiCode",
    "ticker",
    "jurisdiction",
];

impl Build<'_> {
    /// The schema of a party where no column says it.
    pub(super) fn usual(&self, at: usize) -> &'static str {
        let party = self.party(at);
        if let Some(refers) = &party.refers {
            return refers.schema;
        }
        if let Some(fixed) = party.fixed {
            return fixed;
        }
        let name = party.name.map(|name| &self.profiles[name]);
        let companies = name.map_or(0.0, |name| name.companies);
        let firms = name.map_or(0.0, |name| name.firms);
        // Who has a post in a company is a person, unless the name says otherwise.
        let post = |column: usize| self.profiles[column].what == Some("position");
        let posted =
            self.plan.links.iter().any(|link| link.from == at && link.relation.is_some_and(post));
        let personal = party.has(&party::PERSONAL) || !party.apart.is_empty() || posted;
        let corporate = party.has(&party::CORPORATE);
        let ship = party.has(&party::OF_VESSELS[..5]);
        let base = match party.role {
            Some(Role::Vessel) => "Vessel",
            Some(Role::Company | Role::Asset) if ship && companies < 0.3 => "Vessel",
            Some(Role::Company) if firms < 0.5 && self.are_organizations(party.name) => {
                "Organization"
            }
            Some(Role::Company) => "Company",
            Some(Role::Person | Role::Director) => "Person",
            Some(_) if (personal && !corporate || party.personal) && companies == 0.0 => "Person",
            None if ship && companies < 0.3 => "Vessel",
            None if (personal || party.personal) && companies < 0.3 => "Person",
            // Where many names have a title, the others are those of people as well.
            None if companies == 0.0 && name.is_some_and(|name| name.titled >= 0.3) => "Person",
            None if party.has(&["topics"]) => "Person",
            None if companies == 0.0 && !party.has(&STRONG) && self.are_surnames(party.name) => {
                "Person"
            }
            // A state or a number beside names like those of people makes nobody a company.
            None if companies < 0.3
                && !party.has(&STRONG)
                && name.is_some_and(|name| name.people >= 0.4) =>
            {
                "LegalEntity"
            }
            None if corporate || companies >= 0.5 => "Company",
            _ => "LegalEntity",
        };
        let asked = self.fitting(at, base);
        if self.plan.role(Role::Director).is_some() && self.plan.subject == Some(at) {
            return promoted(asked, "Organization").unwrap_or(asked);
        }
        asked
    }

    /// Whether a heading speaks of organizations, which need not be companies.
    fn are_organizations(&self, name: Option<usize>) -> bool {
        const STEMS: [&str; 12] = [
            "organis",
            "organiz",
            "организац",
            "організац",
            "ngo",
            "charit",
            "stiftung",
            "机构",
            "組織",
            "组织",
            "団体",
            "团体",
        ];
        name.is_some_and(|name| {
            let heading = words::normal(&self.profiles[name].heading);
            words::mentions(&heading, &STEMS) || heading.split(' ').any(|word| word == "org")
        })
    }

    /// Whether nearly all names have a surname and a comma before the first name.
    fn are_surnames(&self, name: Option<usize>) -> bool {
        let Some(name) = name else { return false };
        let cells: Vec<&str> =
            self.rows.iter().map(|row| row.get(name)).filter(|cell| !cell.is_empty()).collect();
        let first = |cell: &&&str| {
            cell.split_once(", ").is_some_and(|(last, first)| {
                let plain =
                    |text: &str| text.chars().all(|c| c.is_alphabetic() || " -'’.".contains(c));
                let upper = |text: &str| text.chars().next().is_some_and(char::is_uppercase);
                plain(last) && plain(first) && upper(first) && last.split(' ').count() < 4
            })
        };
        cells.len() > 2 && cells.iter().filter(first).count() * 10 >= cells.len() * 9
    }

    /// A schema narrowed to what the relationships of every row demand of a party.
    pub(super) fn fitting(&self, party: usize, schema: &'static str) -> &'static str {
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
    pub(super) fn variants(&self, at: usize) -> Vec<Variant> {
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
            Some(Role::Employer) => "employer",
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
        if let Some(below) = party.above {
            let nothing =
                BTreeMap::from([(self.heading(below), either::nothings(self.rows, below))]);
            return vec![Variant { filters_not: nothing, ..whole }];
        }
        if let Some(name) = party.name.filter(|_| party.either) {
            return self.by_place(whole, name);
        }
        // A company beside a person of a list is where he works.
        let beside = party.role == Some(Role::Company)
            && party::with_affiliation(self.profiles, &self.plan.parties).is_some();
        if party.role == Some(Role::Employer) || beside {
            return vec![Variant { filters_not: self.no_employers(at), ..whole }];
        }
        if let Some(kind) = party.kind {
            return self.by_kind(&whole, kind);
        }
        let mixed = party.name.is_some_and(|name| self.profiles[name].companies > 0.0);
        if whole.schema == "Person" && mixed {
            let other = Variant {
                name: format!("{base} (organization)"),
                schema: "LegalEntity",
                form: Some(Form::Organization(true)),
                ..whole.clone()
            };
            return vec![Variant { form: Some(Form::Organization(false)), ..whole }, other];
        }
        let titled = party.name.is_some_and(|name| self.profiles[name].titled > 0.0);
        if whole.schema == "LegalEntity" && titled && party.split.is_none() {
            let person = Variant {
                name: format!("{base} (person)"),
                schema: self.fitting(at, "Person"),
                form: Some(Form::Titled(true)),
                ..whole.clone()
            };
            return vec![person, Variant { form: Some(Form::Titled(false)), ..whole }];
        }
        self.by_birth(&whole).unwrap_or_else(|| vec![whole])
    }

    /// A party that is a body where its name is in one column, and a person where it is not; a ship
    /// where it has the number of one.
    fn by_place(&self, whole: Variant, name: usize) -> Vec<Variant> {
        let of = |at: usize| BTreeMap::from([(self.heading(at), either::nothings(self.rows, at))]);
        let name = of(name);
        let person = Variant {
            name: "person".to_owned(),
            schema: "Person",
            filters: name.clone(),
            ..whole.clone()
        };
        let body = Variant { filters_not: name.clone(), ..whole };
        let body = Variant {
            schema: if self.party(body.party).corporate { "Company" } else { "LegalEntity" },
            name: "entity".to_owned(),
            ..body
        };
        let number = self.party(body.party).said.iter().find(|(_, what)| *what == "imoNumber");
        let Some((number, _)) = number else { return vec![person, body] };
        let number = of(*number);
        let ship = Variant {
            name: "vessel".to_owned(),
            schema: "Vessel",
            filters_not: name.into_iter().chain(number.clone()).collect(),
            ..body.clone()
        };
        vec![person, Variant { filters: number, ..body }, ship]
    }

    /// What stands in a column of employers where there is none.
    fn no_employers(&self, at: usize) -> BTreeMap<String, Vec<String>> {
        const NONE: [&str; 22] = [
            "self",
            "self employed",
            "selfemployed",
            "freelance",
            "freelancer",
            "retired",
            "unemployed",
            "not employed",
            "homemaker",
            "housewife",
            "student",
            "disabled",
            "information requested",
            "selbständig",
            "selbstständig",
            "freiberuflich",
            "rentner",
            "arbeitslos",
            "retraité",
            "sans emploi",
            "безработный",
            "пенсионер",
        ];
        let Some(name) = self.party(at).named_in() else { return BTreeMap::new() };
        let none: Vec<String> = NONE.iter().map(|word| words::normal(word)).collect();
        let cells = self.rows.iter().map(|row| row.get(name));
        let found: BTreeSet<String> =
            cells.filter(|cell| none.contains(&words::normal(cell))).map(str::to_owned).collect();
        let mut found: Vec<String> = found.into_iter().collect();
        if self.rows.len() >= source::SAMPLE {
            found.extend(NONE.iter().flat_map(|word| [(*word).to_owned(), word.to_uppercase()]));
        }
        if found.is_empty() { BTreeMap::new() } else { [(self.heading(name), found)].into() }
    }

    /// Whoever has a date of birth or a sex is a person, among others who have none.
    pub(super) fn by_birth(&self, whole: &Variant) -> Option<Vec<Variant>> {
        let party = self.party(whole.party);
        let company = whole.schema == "Company" && party.role.is_none();
        if !company && whole.schema != "LegalEntity" || party.split.is_some() {
            return None;
        }
        let born = party.said.iter().find(|(at, what)| {
            let heading = &self.profiles[*at].heading;
            matches!(*what, "birthDate" | "gender")
                && property_of("LegalEntity", what, heading).is_none()
        });
        let at = born?.0;
        // Companies by their names are taken for people only where all others are companies.
        let told = |row: &Row| {
            let name = party.named_in().map_or("", |name| row.get(name));
            row.says(at) != content::is_organization(name)
        };
        if company && !self.rows.iter().all(told) {
            return None;
        }
        let born = &self.profiles[at];
        // Where companies have one, it is somebody else's.
        let of_firm = |row: &Row| {
            let name = party.named_in().map_or("", |name| row.get(name));
            row.says(at) && content::is_organization(name)
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

    pub(super) fn by_kind(&self, whole: &Variant, kind: usize) -> Vec<Variant> {
        let profile = &self.profiles[kind];
        let mut groups: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        let mut open = self.rows.len() >= source::SAMPLE || profile.filled < self.rows.len();
        for value in &profile.values {
            match profile.kind_of(value) {
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
}
