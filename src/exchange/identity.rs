//! Which entities of a table are others in the case: those that bear the same identifier by type
//! under names that agree. That they are the same is stated of them and cited to their row, so that
//! it can be withdrawn and a lens can leave it out; what is said of each stays said of it alone.

use std::collections::{HashMap, HashSet};

use super::{
    Problem, Sink,
    alike::{
        CANDIDATES, COUNTRIES, EXAMPLES, Groups, Met, Namesakes, REGISTERED, fits, is_party,
        is_typed, numbers, sorted,
    },
};
use crate::{
    case::{Case, Horizon, Lookup, NewEntity, NewValue, Progress, Result, SaidAt, StatementInfo},
    model::{
        EntityKey, Id, Property,
        fold::{folded, squeezed},
        schema::{self, SAME_AS},
    },
};

/// Maximum number of entities of the file that are told apart under an identifier.
const BEARERS: usize = 8;
/// What a party is called.
const NAMES: [&str; 4] = ["name", "alias", "previousName", "abbreviation"];

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
    all: Met<Identifier>,
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
        Self { progress, all: Met::default(), is_partial: false }
    }

    /// Looks for them among the entities of the case up to a key.
    pub fn identified(self, case: &Case, newest: EntityKey) -> Result<Identified> {
        let mut done = Identified { is_partial: self.is_partial, ..Identified::default() };
        let wanted = self.all.all.iter().map(|(_, identifier)| &*identifier.squeezed);
        let lookup = case.lookup(wanted, newest)?;
        let said = case.said_at(&Horizon::default(), self.progress)?;
        for (_, identifier) in &self.all.all {
            self.progress.check()?;
            let others = others(case, identifier, &lookup, &said)?;
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
                    let ids = same.iter().take(EXAMPLES).map(|other| other.id.clone());
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
    let shown = || others.iter().take(EXAMPLES);
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
    lookup: &Lookup,
    said: &SaidAt<'_>,
) -> Result<Vec<Other>> {
    let found = case.called(lookup, &identifier.squeezed, CANDIDATES)?;
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
            if self.all.is_full(&key) {
                self.is_partial = true;
                continue;
            }
            let met = self.all.under(key, || Identifier {
                property: number.property,
                written: number.written.to_owned(),
                squeezed: number.squeezed,
                countries: number.countries.into_iter().map(str::to_owned).collect(),
                bearers: Vec::new(),
            });
            let bearers = &mut met.bearers;
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
