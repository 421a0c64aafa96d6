//! What entities may have in common: names and numbers as they are compared, and groups of those who
//! share one.

use std::collections::HashMap;

use serde::Serialize;

use crate::{
    case::{NewEntity, NewValue},
    model::{
        Id, Property, PropertyType,
        fold::{folded, squeezed},
        schema::{self, Schema},
    },
};

/// Maximum number of different names, and of different numbers, that are compared.
pub(super) const COMPARED: usize = 200_000;
/// Maximum number of groups that are listed; further ones are counted.
const LISTED: usize = 100;
/// Maximum number of examples of a group.
pub(super) const EXAMPLES: usize = 3;
/// Maximum number of entities of the case that are looked at for a name or a number.
pub(super) const CANDIDATES: usize = 24;

/// Identifiers by type: whoever bears one is the same everywhere.
const TYPED: [&str; 8] = [
    "leiCode",
    "imoNumber",
    "innCode",
    "ogrnCode",
    "uscCode",
    "uniqueEntityId",
    "wikidataId",
    REGISTERED,
];
/// An identifier by type only together with its register.
pub(super) const REGISTERED: &str = "registrationNumber";
/// Codes that many may share: of banks, offices, places and trades.
const SHARED: [&str; 10] = [
    "swiftBic",
    "bikCode",
    "coatoCode",
    "fnsCode",
    "kppCode",
    "okvedCode",
    "programId",
    "ticker",
    "licenseNumber",
    "icaoCode",
];
/// Where a party's register is.
pub(super) const COUNTRIES: [&str; 3] = ["country", "jurisdiction", "flag"];

/// Entities that share a name or a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Namesakes {
    pub name: String,
    /// What they share.
    pub reason: String,
    /// The number of entities of the file.
    pub count: u64,
    /// Up to three examples: places in the file, names, or captions in the case.
    pub examples: Vec<String>,
    /// Entities of the case that are likely the same, as many as there are examples.
    pub ids: Vec<Id>,
}

/// Groups of one sort.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// The number of groups.
    pub count: u64,
    /// The first hundred.
    pub listed: Vec<Namesakes>,
}

impl Groups {
    /// Adds a group.
    pub(super) fn add(&mut self, group: Namesakes) {
        self.count += 1;
        if self.listed.len() < LISTED {
            self.listed.push(group);
        }
    }

    /// Its first groups in words.
    pub(super) fn examples(&self, words: &dyn Fn(&Namesakes) -> String) -> String {
        let shown: Vec<String> = self.listed.iter().take(EXAMPLES).map(words).collect();
        let more = if self.count > shown.len() as u64 { "; …" } else { "" };
        format!("{}{more}", shown.join("; "))
    }
}

/// A number that an entity bears.
pub(super) struct Number<'a> {
    pub property: &'static Property,
    pub written: &'a str,
    pub squeezed: String,
    /// The countries of its register, where each has numbers of its own.
    pub countries: Vec<&'a str>,
}

impl Number<'_> {
    /// What it has in common with every mention of the same number.
    pub fn key(&self) -> String {
        format!("{}\0{}\0{}", self.property.name, self.countries.join(","), self.squeezed)
    }
}

/// The numbers of an entity that tell who it is. Unnamed properties and codes that many share are
/// none.
pub(super) fn numbers<'a>(entity: &'a NewEntity, known: &'static Schema) -> Vec<Number<'a>> {
    let said = || entity.values.iter().filter(|value| !value.denied);
    let countries = || {
        let of_it = said().filter(|other| COUNTRIES.contains(&&*other.property));
        let mut countries: Vec<&str> = of_it.map(|other| other.value.as_str()).collect();
        countries.sort_unstable();
        countries.dedup();
        countries
    };
    let number = |value: &'a NewValue| {
        let property = known.property(&value.property)?;
        let tells = property.type_ == PropertyType::Identifier
            && !SHARED.contains(&&*value.property)
            && value.value.chars().any(|c| c.is_ascii_digit());
        let squeezed = squeezed(&folded(&value.value));
        let is_registered = value.property == REGISTERED;
        let countries = if is_registered { countries() } else { Vec::new() };
        (tells && !squeezed.is_empty()).then_some(Number {
            property,
            written: &value.value,
            squeezed,
            countries,
        })
    };
    said().filter_map(number).collect()
}

/// Whether a property is an identifier by type.
pub(super) fn is_typed(property: &str) -> bool {
    TYPED.contains(&property)
}

/// The words of a name in the order of the alphabet: a surname may come first or last.
pub(super) fn sorted(folded: &str) -> String {
    let mut words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.concat()
}

/// Whether entities of a schema have names that tell who or what they are.
pub(super) fn is_party(schema: &Schema) -> bool {
    schema.name == "Thing" || ["LegalEntity", "Vehicle"].iter().any(|party| schema.is_a(party))
}

/// Whether entities of two schemata can be the same.
pub(super) fn fits(one: &str, other: &str) -> bool {
    let (Some(one), Some(other)) = (schema::schema(one), schema::schema(other)) else {
        return one == other;
    };
    is_party(one) && is_party(other) && (one.is_a(&other.name) || other.is_a(&one.name))
}

/// What was met under keys, in the order in which it was met.
pub(super) struct Met<T> {
    pub all: Vec<(String, T)>,
    places: HashMap<String, usize>,
}

impl<T> Default for Met<T> {
    fn default() -> Self {
        Self { all: Vec::new(), places: HashMap::new() }
    }
}

impl<T> Met<T> {
    /// Whether nothing more is compared than what was met already.
    pub fn is_full(&self, key: &str) -> bool {
        self.all.len() >= COMPARED && !self.places.contains_key(key)
    }

    /// What was met under a key, made where it is the first.
    pub fn under(&mut self, key: String, made: impl FnOnce() -> T) -> &mut T {
        let at = *self.places.entry(key.clone()).or_insert(self.all.len());
        if at == self.all.len() {
            self.all.push((key, made()));
        }
        &mut self.all[at].1
    }
}
