//! The parties of a row, and what tells each from others.

use super::{
    super::{
        super::{
            aside::Aside,
            edit,
            mapping::{Each, EntityMapping, NameForm, PropertyMapping},
            parts,
            row::Row,
        },
        party::Party,
        plan::TableKind,
        profile::Profile,
    },
    Build, Form, Variant, label,
    property::property_of,
    say,
};

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

impl Build<'_> {
    /// The entity of a variant.
    pub(super) fn thing(&self, variant: &Variant) -> EntityMapping {
        let party = &self.named(variant);
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
            let property = if self.is_numbered(variant, name) { "accountNumber" } else { "name" };
            properties.push(PropertyMapping {
                required: !subject || variant.schema != "Person",
                split: self.profiles[name].twice.then(|| parts::BRACKET.to_owned()),
                ..PropertyMapping::column(property, &self.profiles[name].heading)
            });
            if let (Some(also), Some(said)) = (party.also, properties.last_mut()) {
                said.columns.push(self.heading(also));
            }
        }
        if let Some(name) = party.name.filter(|_| party.aside == Some(Aside::Name)) {
            properties.push(PropertyMapping {
                aside: true,
                split: Some(", ".into()),
                ..PropertyMapping::column("alias", &self.profiles[name].heading)
            });
        }
        if let Some(name) = party.name.filter(|_| party.aside == Some(Aside::Note))
            && let Some(notes) = edit::notes_of(variant.schema)
        {
            properties.push(PropertyMapping {
                aside: true,
                labelled: true,
                ..PropertyMapping::column(notes, &self.profiles[name].heading)
            });
        }
        if let Some(name) = party.name.filter(|_| party.aside == Some(Aside::Number)) {
            let property = if person { "idNumber" } else { "registrationNumber" };
            properties.push(PropertyMapping {
                aside: true,
                ..PropertyMapping::column(property, &self.profiles[name].heading)
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
            // A bank's code is no payer's.
            let of_bank = *what == "swiftBic" && self.plan.kind == TableKind::Payments;
            // A currency is that of a capital, or of amounts that are nobody's property.
            let of_money = *what == "currency" && !party.has(&["capital"]) && !person;
            let of_money = of_money && variant.schema != "BankAccount";
            if of_bank || of_money || *what == "kind" && party.kind == Some(*at) {
                left.push(*at);
            } else if PLACES.contains(what) {
                place.push((*at, what));
            } else {
                let property = property_of(variant.schema, what, &profile.heading);
                if !property.is_some_and(|property| say(&mut properties, property, profile)) {
                    left.push(*at);
                }
            }
        }
        // A house is called by its address.
        let house = place.iter().find(|(_, what)| matches!(*what, "address" | "street"));
        if let Some((at, _)) = house.filter(|_| variant.schema == "RealEstate") {
            properties.push(PropertyMapping::column("name", &self.profiles[*at].heading));
        }
        left.extend(self.within_address(&mut place));
        address(&mut properties, place, self.profiles);
        let mut mapping = EntityMapping {
            name: variant.name.clone(),
            schema: variant.schema.to_owned(),
            filters: variant.filters.clone(),
            filters_not: variant.filters_not.clone(),
            forms: self.forms(variant),
            each: party.split.zip(party.name).map(|(split, name)| self.each(name, split, party)),
            properties,
            ..EntityMapping::default()
        };
        self.identify(&mut mapping, party);
        left.extend(&party.notes);
        label(&mut mapping, left.iter().map(|at| self.heading(*at)).collect());
        mapping
    }

    /// How the name of a variant must read.
    pub(super) fn forms(&self, variant: &Variant) -> Vec<NameForm> {
        let Some((form, name)) = variant.form.zip(self.party(variant.party).name) else {
            return Vec::new();
        };
        let column = self.heading(name);
        vec![match form {
            Form::Organization(is) => NameForm { column, organization: Some(is), titled: None },
            Form::Titled(is) => NameForm { column, organization: None, titled: Some(is) },
        }]
    }

    /// Whether the names of a variant are the numbers of accounts.
    fn is_numbered(&self, variant: &Variant, name: usize) -> bool {
        let is_one = |row: &&Row| {
            variant.filters.iter().all(|(heading, values)| {
                let column = self.profiles.iter().position(|p| p.heading == *heading);
                column.is_some_and(|at| values.iter().any(|value| value == row.get(at)))
            })
        };
        let is_number = |cell: &str| {
            cell.chars().filter(char::is_ascii_digit).count() >= 5
                && cell
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '/' | '.'))
        };
        let mut cells = self.rows.iter().filter(is_one).map(|row| row.get(name)).peekable();
        variant.schema == "BankAccount" && cells.peek().is_some() && cells.all(is_number)
    }

    /// The party of a variant with the names that it has as one.
    fn named(&self, variant: &Variant) -> Party {
        let mut party = self.party(variant.party).clone();
        if party.either && variant.schema == "Person" {
            party.name = None;
        } else if party.either {
            party.apart.clear();
        }
        party
    }

    /// Takes the places out that the full address names as well.
    fn within_address(&self, place: &mut Vec<(usize, &str)>) -> Vec<usize> {
        let full = place.iter().find(|(_, what)| *what == "address").map(|(at, _)| *at);
        let Some(full) = full.filter(|_| place.len() > 1) else { return Vec::new() };
        let holds = |at: usize| {
            let both = self
                .rows
                .iter()
                .filter(|row| !row.get(at).trim().is_empty() && !row.get(full).trim().is_empty());
            let (mut all, mut inside) = (0, 0);
            for row in both {
                all += 1;
                let text = row.get(full).to_lowercase();
                inside += usize::from(text.contains(&row.get(at).trim().to_lowercase()));
            }
            all > 0 && inside * 10 >= all * 6
        };
        let around = |what: &str| matches!(what, "city" | "region");
        let named = place.iter().any(|(at, what)| *at != full && around(what) && holds(*at));
        let cells = self.rows.iter().map(|row| row.get(full)).filter(|cell| !cell.is_empty());
        let long = cells.clone().filter(|cell| cell.matches([',', '，']).count() >= 3).count();
        let named = named || long > 0 && long * 10 >= cells.count() * 8;
        let (within, kept): (Vec<_>, Vec<_>) = place
            .drain(..)
            .partition(|(at, what)| *at != full && (holds(*at) || named && around(what)));
        *place = kept;
        within.into_iter().map(|(at, _)| at).collect()
    }

    /// The parts of a cell of which each is a party.
    pub(super) fn each(&self, name: usize, split: &str, party: &Party) -> Each {
        let (column, split) = (self.heading(name), split.to_owned());
        let beside = party.beside.iter().map(|at| self.heading(*at)).collect();
        let numbered = party.aside == Some(Aside::Number);
        Each { column, split, aside: party.aside.is_some(), numbered, beside }
    }

    /// Says of a relationship what stands behind the name of one of its ends.
    pub(super) fn aside(&self, mapping: &mut EntityMapping, ends: [usize; 2]) {
        for party in ends.map(|end| self.party(end)) {
            let Some((aside, name)) = party.aside.zip(party.name) else { continue };
            let of_tie = !matches!(aside, Aside::Name | Aside::Note | Aside::Number);
            let Some(split) = party.split.filter(|_| of_tie) else { continue };
            let what = if aside == Aside::Share { "percentage" } else { "role" };
            let column = self.heading(name);
            let known = property_of(&mapping.schema, what, &column);
            let said = if let Some(property) = known.filter(|_| aside != Aside::Country) {
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
    pub(super) fn identify(&self, mapping: &mut EntityMapping, party: &Party) {
        let stem = self.stem;
        let names: Vec<String> = if let Some(name) = party.name {
            std::iter::once(name).chain(party.also).map(|at| self.heading(at)).collect()
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
        mapping.whole_key = party.also.is_none();
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
            // An id by which somebody is called is his, and the number beside his name is, too.
            let numbered = party.aside == Some(Aside::Number);
            if numbered || party.name.is_some_and(|name| self.profiles[name].called) {
                mapping.keys = names;
            } else if let Some(detail) = details.first().filter(|_| mapping.each.is_none()) {
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
        let details =
            said(&["incorporationDate", "birthDate", "birthOrNumber", "buildDate", "jurisdiction"]);
        let all: Vec<usize> = numbers.iter().copied().chain(details).chain(party.id).collect();
        if names.is_empty() {
            let own = party.said.first().map(|(at, _)| *at).filter(|_| party.fixed.is_some());
            let key = own.or(all.first().copied()).or(party.said.first().map(|(at, _)| *at));
            mapping.keys = key.map(|at| self.heading(at)).into_iter().collect();
            // What is only known by a number is nothing without it.
            for said in mapping
                .properties
                .iter_mut()
                .filter(|said| !said.labelled && said.columns == mapping.keys)
            {
                said.required = true;
            }
            return;
        }
        mapping.keys = names;
        let own = all.iter().filter(|at| !party.beside.contains(at));
        mapping.agree = own.map(|at| self.heading(*at)).collect();
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
