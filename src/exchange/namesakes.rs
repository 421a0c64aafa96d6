//! What the entities of an imported table have in common with each other and with the case: names,
//! and numbers. It is reported; nothing is merged for it.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

pub use super::alike::{Groups, Namesakes};
use super::{
    alike::{CANDIDATES, COMPARED, EXAMPLES, Met, fits, is_party, numbers, sorted},
    identity::Identified,
};
use crate::{
    case::{Called, Case, NewEntity, Progress, Result},
    model::{
        EntityKey, Id,
        fold::{folded, squeezed},
        schema,
    },
};

/// Maximum number of entities that are told apart under their names and numbers.
const TOLD_APART: usize = 2_000_000;
/// What the entities of a table share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// Entities of the file with one name, which stay entities of their own.
    pub same_name: Groups,
    /// Entities of the file that bear an identifier of others in the case under names that agree,
    /// which is stated of them.
    pub same: Groups,
    /// Entities of the file that are likely the same as others in the case.
    pub likely_same: Groups,
    /// Numbers of the file that stand under unlike names.
    pub unlike_names: Groups,
    /// Whether something was not compared, since there is too much of it.
    pub is_partial: bool,
}

impl Shared {
    /// A sentence for each sort of which there is any.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let groups = &self.same_name;
        if groups.count > 0 {
            let words = |one: &Namesakes| {
                format!("{}: {} rows ({})", one.name, one.count, one.examples.join(", "))
            };
            let examples = groups.examples(&words);
            lines.push(match groups.count {
                1 => format!("same name, kept apart: {examples}"),
                many => format!("same name, kept apart, {many} times: {examples}"),
            });
        }
        let groups = &self.same;
        if groups.count > 0 {
            let words = |one: &Namesakes| format!("{} ({})", one.name, one.reason);
            let examples = groups.examples(&words);
            lines.push(match groups.count {
                1 => format!(
                    "stated to be the same as one in the case, by identifier and name: {examples}"
                ),
                many => format!(
                    "stated to be the same as in the case, by identifier and name, {many} times: \
                     {examples}"
                ),
            });
        }
        let groups = &self.likely_same;
        if groups.count > 0 {
            let words = |one: &Namesakes| match &*one.reason {
                "name" => one.name.clone(),
                reason => {
                    format!("{reason} of {} is also that of {}", one.name, one.examples.join(", "))
                }
            };
            let examples = groups.examples(&words);
            lines.push(match groups.count {
                1 => format!("likely the same as one in the case, not merged: {examples}"),
                many => {
                    format!("likely the same as in the case, not merged, {many} times: {examples}")
                }
            });
        }
        let groups = &self.unlike_names;
        if groups.count > 0 {
            let words = |one: &Namesakes| format!("{}: {}", one.reason, one.examples.join(", "));
            let examples = groups.examples(&words);
            lines.push(match groups.count {
                1 => format!("a number under unlike names, perhaps not their own: {examples}"),
                many => {
                    format!("{many} numbers under unlike names, perhaps not their own: {examples}")
                }
            });
        }
        if self.is_partial && !lines.is_empty() {
            lines.push(format!("only the first {COMPARED} names and numbers were compared"));
        }
        lines
    }
}

/// A name that the file says.
struct Name {
    written: String,
    squeezed: String,
    schema: String,
    count: u64,
    places: Vec<String>,
}

/// A number that the file says.
struct Number {
    written: String,
    label: String,
    count: u64,
    /// Different names under it, as they are compared and as they are written.
    names: Vec<(String, String)>,
}

/// Takes in the entities of a table while they are imported.
#[derive(Default)]
pub(super) struct Collector {
    names: Met<Name>,
    numbers: Met<Number>,
    /// Digests of which entities were met under which name or number.
    met: HashSet<u64>,
    is_partial: bool,
}

impl Collector {
    /// Takes an entity in.
    pub fn see(&mut self, entity: &NewEntity) {
        let Some(known) = schema::schema(&entity.schema).filter(|schema| is_party(schema)) else {
            return;
        };
        let said = || entity.values.iter().filter(|value| !value.denied);
        let Some(name) = said().find(|value| value.property == "name") else { return };
        let whole = folded(&name.value);
        let short = squeezed(&whole);
        if short.is_empty() {
            return;
        }
        let key = format!("{}\0{short}", if known.is_a("Person") { "person" } else { "" });
        if self.is_first(self.names.is_full(&key), &key, &entity.id) {
            let place = entity.origin.as_ref().map(|origin| origin.place.clone());
            let met = self.names.under(key, || Name {
                written: name.value.clone(),
                squeezed: short,
                schema: entity.schema.clone(),
                count: 0,
                places: Vec::new(),
            });
            met.count += 1;
            if met.places.len() < EXAMPLES {
                met.places.extend(place);
            }
        }
        for number in numbers(entity, known) {
            let key = number.key();
            if !self.is_first(self.numbers.is_full(&key), &key, &entity.id) {
                continue;
            }
            let met = self.numbers.under(key, || Number {
                written: number.written.to_owned(),
                label: number.property.label.clone(),
                count: 0,
                names: Vec::new(),
            });
            met.count += 1;
            let sorted = sorted(&whole);
            if met.names.len() < EXAMPLES && met.names.iter().all(|(other, _)| *other != sorted) {
                met.names.push((sorted, name.value.clone()));
            }
        }
    }

    /// Whether an entity is met under a key for the first time, as far as that is compared.
    fn is_first(&mut self, is_full: bool, key: &str, id: &Id) -> bool {
        if is_full || self.met.len() >= TOLD_APART {
            self.is_partial = true;
            return false;
        }
        self.met.insert(pair(key, id))
    }

    /// What was met, compared with the entities of the case up to a key, of which some are known
    /// by their identifiers.
    pub fn shared(
        self,
        case: &Case,
        newest: Option<EntityKey>,
        known: Identified,
        progress: &Progress,
    ) -> Shared {
        let Identified { same, unlike: likely_same, told, is_partial, .. } = known;
        let is_partial = is_partial || self.is_partial;
        let mut shared = Shared { same, likely_same, is_partial, ..Shared::default() };
        for (_, name) in self.names.all.iter().filter(|(_, name)| name.count > 1) {
            shared.same_name.add(Namesakes {
                name: name.written.clone(),
                reason: "name".to_owned(),
                count: name.count,
                examples: name.places.clone(),
                ids: Vec::new(),
            });
        }
        for (_, number) in self.numbers.all.iter().filter(|(_, one)| one.names.len() > 1) {
            shared.unlike_names.add(Namesakes {
                name: number.written.clone(),
                reason: format!("{} {}", number.label, number.written),
                count: number.count,
                examples: number.names.iter().map(|(_, written)| written.clone()).collect(),
                ids: Vec::new(),
            });
        }
        // The import is done: what cannot be looked up is not compared.
        if self.against(case, newest, &told, progress, &mut shared.likely_same).is_err() {
            shared.is_partial = true;
        }
        shared
    }

    fn against(
        &self,
        case: &Case,
        newest: Option<EntityKey>,
        told: &HashSet<(String, Id)>,
        progress: &Progress,
        groups: &mut Groups,
    ) -> Result<()> {
        let Some(newest) = newest else {
            return Ok(());
        };
        let wanted = self.names.all.iter().map(|(_, name)| &*name.squeezed);
        let lookup = case.lookup(wanted, newest)?;
        for (key, name) in &self.names.all {
            progress.check()?;
            let mut found = case.called(&lookup, &name.squeezed, CANDIDATES)?;
            found.retain(|other| {
                !self.met.contains(&pair(key, &other.id))
                    && fits(&name.schema, &other.schema)
                    && !told.contains(&(name.squeezed.clone(), other.id.clone()))
            });
            if !found.is_empty() {
                groups.add(likely((name.written.clone(), "name".to_owned(), name.count), found));
            }
        }
        Ok(())
    }
}

fn likely((name, reason, count): (String, String, u64), mut found: Vec<Called>) -> Namesakes {
    found.truncate(EXAMPLES);
    let (ids, examples) = found.into_iter().map(|other| (other.id, other.caption)).unzip();
    Namesakes { name, reason, count, examples, ids }
}

fn pair(key: &str, id: &Id) -> u64 {
    let mut hasher = DefaultHasher::new();
    (key, id.as_str()).hash(&mut hasher);
    hasher.finish()
}
