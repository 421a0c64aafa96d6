//! Which entities of a table are others in the case: those that bear the same identifier by type
//! under names that agree. That they are the same is stated of them and cited to their row, so that
//! it can be withdrawn and a lens can leave it out; what is said of each stays said of it alone.

use std::collections::{HashMap, HashSet};

use super::{
    Problem, Sink,
    namesakes::{Groups, Namesakes},
};
use crate::{
    case::{Case, Horizon, NewEntity, NewValue, Progress, Result, StatementInfo},
    model::{
        EntityKey, Id, Property, PropertyType,
        fold::{folded, squeezed},
        schema::{self, SAME_AS, Schema},
    },
};

/// Maximum number of different identifiers that are looked for in the case.
const LOOKED_FOR: usize = 200_000;
/// Maximum number of entities of the file that are told apart under an identifier.
const BEARERS: usize = 8;
/// Maximum number of entities of the case that are looked at for an identifier.
const CANDIDATES: usize = 24;
/// Maximum number of entities of the case that one of the file is stated to be.
const STATED: usize = 3;

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
const REGISTERED: &str = "registrationNumber";
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
/// What a party is called.
const NAMES: [&str; 4] = ["name", "alias", "previousName", "abbreviation"];
/// Where a party's register is.
const COUNTRIES: [&str; 3] = ["country", "jurisdiction", "flag"];

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

/// An entity of the file that bears an identifier.
struct Bearer {
    id: Id,
    schema: String,
    name: String,
    /// Its names as they are compared.
    names: Vec<String>,
}

/// An identifier by type that the file says.
struct Identifier {
    property: &'static Property,
    written: String,
    squeezed: String,
    countries: Vec<String>,
    bearers: Vec<Bearer>,
}

/// Reads a table for its identifiers by type.
pub(super) struct Identifiers<'a> {
    progress: &'a Progress,
    all: Vec<Identifier>,
    places: HashMap<String, usize>,
    is_partial: bool,
}

/// Which entities of a file are others in the case.
#[derive(Default)]
pub(super) struct Identified {
    /// By the entity of the file, those of the case.
    of: HashMap<Id, Vec<Id>>,
    /// Those that are stated to be the same.
    pub same: Groups,
    /// Those that bear one identifier and are called otherwise.
    pub unlike: Groups,
    /// Folded names of the file with entities of the case, of which either group tells.
    pub told: HashSet<(String, Id)>,
    pub is_partial: bool,
}

impl Identified {
    /// Says of an entity that it is the same as others in the case.
    pub fn state(&mut self, entity: &mut NewEntity) {
        if self.of.is_empty() {
            return;
        }
        for other in self.of.remove(&entity.id).into_iter().flatten() {
            entity.values.push(NewValue::new(SAME_AS, other.as_str()));
        }
    }
}

/// An entity of the case that bears an identifier.
struct Other {
    id: Id,
    schema: String,
    caption: String,
    names: Vec<String>,
}

impl<'a> Identifiers<'a> {
    /// None yet; what stops `progress` stops the reading.
    pub fn new(progress: &'a Progress) -> Self {
        Self { progress, all: Vec::new(), places: HashMap::new(), is_partial: false }
    }

    /// Looks for them among the entities of the case up to a key.
    pub fn identified(self, case: &Case, newest: EntityKey) -> Result<Identified> {
        let mut done = Identified { is_partial: self.is_partial, ..Identified::default() };
        for identifier in &self.all {
            self.progress.check()?;
            let others = others(case, identifier, newest, self.progress)?;
            for bearer in &identifier.bearers {
                // What the case has under this id was compared when it came.
                if others.iter().any(|other| other.id == bearer.id) {
                    continue;
                }
                let fitting = others.iter().filter(|other| fits(&bearer.schema, &other.schema));
                let (same, unlike): (Vec<_>, Vec<_>) = fitting
                    .partition(|other| other.names.iter().any(|name| bearer.names.contains(name)));
                let whole = squeezed(&folded(&bearer.name));
                for other in same.iter().chain(&unlike) {
                    done.told.insert((whole.clone(), other.id.clone()));
                }
                if !same.is_empty() {
                    let ids = same.iter().take(STATED).map(|other| other.id.clone());
                    done.of.entry(bearer.id.clone()).or_default().extend(ids);
                    done.same.add(group(identifier, bearer, &same));
                }
                if !unlike.is_empty() {
                    done.unlike.add(group(identifier, bearer, &unlike));
                }
            }
        }
        for ids in done.of.values_mut() {
            ids.sort();
            ids.dedup();
        }
        Ok(done)
    }
}

fn group(identifier: &Identifier, bearer: &Bearer, others: &[&Other]) -> Namesakes {
    let shown = || others.iter().take(STATED);
    Namesakes {
        name: bearer.name.clone(),
        reason: format!("{} {}", identifier.property.label, identifier.written),
        count: 1,
        examples: shown().map(|other| other.caption.clone()).collect(),
        ids: shown().map(|other| other.id.clone()).collect(),
    }
}

/// The entities of the case that bear an identifier.
fn others(
    case: &Case,
    identifier: &Identifier,
    newest: EntityKey,
    progress: &Progress,
) -> Result<Vec<Other>> {
    let found = case.called(&identifier.squeezed, newest, CANDIDATES)?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let said = case.said_at(&Horizon::default(), progress)?;
    let mut others = Vec::new();
    for other in found {
        let values = said.of(&other.id)?;
        let values = || values.iter().filter(|value| !value.denied);
        let bears = |value: &StatementInfo| {
            value.property == identifier.property.name
                && squeezed(&folded(&value.value)) == identifier.squeezed
        };
        let of_register = |value: &StatementInfo| {
            COUNTRIES.contains(&&*value.property) && identifier.countries.contains(&value.value)
        };
        let is_registered = identifier.property.name == REGISTERED;
        if values().any(bears) && (!is_registered || values().any(of_register)) {
            let names = values().filter(|value| NAMES.contains(&&*value.property));
            let names = names.map(|value| sorted(&folded(&value.value))).collect();
            others.push(Other {
                id: other.id,
                schema: other.schema,
                caption: other.caption,
                names,
            });
        }
    }
    Ok(others)
}

impl Sink for Identifiers<'_> {
    fn take(&mut self, entity: NewEntity) -> Result<()> {
        let Some(known) = schema::schema(&entity.schema).filter(|schema| is_party(schema)) else {
            return Ok(());
        };
        let named = entity.values.iter().filter(|value| !value.denied);
        let named = || named.clone().filter(|value| NAMES.contains(&&*value.property));
        let Some(name) = named().next() else { return Ok(()) };
        for number in numbers(&entity, known) {
            if !is_typed(&number.property.name) {
                continue;
            }
            let key = number.key();
            let at = match self.places.get(&key) {
                Some(at) => *at,
                None if self.all.len() >= LOOKED_FOR => {
                    self.is_partial = true;
                    continue;
                }
                None => {
                    self.all.push(Identifier {
                        property: number.property,
                        written: number.written.to_owned(),
                        squeezed: number.squeezed,
                        countries: number.countries.into_iter().map(str::to_owned).collect(),
                        bearers: Vec::new(),
                    });
                    self.places.insert(key, self.all.len() - 1);
                    self.all.len() - 1
                }
            };
            let bearers = &mut self.all[at].bearers;
            let names = named().map(|value| sorted(&folded(&value.value)));
            if let Some(bearer) = bearers.iter_mut().find(|bearer| bearer.id == entity.id) {
                bearer.names.extend(names);
                bearer.names.sort();
                bearer.names.dedup();
            } else if bearers.len() < BEARERS {
                bearers.push(Bearer {
                    id: entity.id.clone(),
                    schema: entity.schema.clone(),
                    name: name.value.clone(),
                    names: names.collect(),
                });
            } else {
                self.is_partial = true;
            }
        }
        Ok(())
    }

    fn problem(&mut self, _: Problem) -> Result<()> {
        Ok(())
    }

    fn at(&mut self, done: u64, total: u64) -> Result<()> {
        self.progress.report(done, total);
        self.progress.check()
    }
}
