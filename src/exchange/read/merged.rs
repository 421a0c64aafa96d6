//! Ids that were given up when entities were found to be one: what refers to them follows.

use std::collections::HashMap;

use crate::{
    case::NewEntity,
    model::{Id, PropertyType, schema},
};

/// How many are remembered; those beyond are kept at their entities only.
const MOST: usize = 5_000_000;
/// How often an id may have been given up for another that was given up too.
const STEPS: usize = 8;

/// The property that keeps an entity's former ids.
pub(in crate::exchange) const REFERENT: &str = "referent";

/// Former ids with those that took their place.
#[derive(Debug, Default)]
pub(in crate::exchange) struct Merged(HashMap<Box<str>, Id>);

impl Merged {
    /// Notes that one id was given up for another.
    pub(in crate::exchange) fn add(&mut self, old: &str, new: &Id) {
        if old != new.as_str() && self.0.len() < MOST {
            self.0.insert(old.into(), new.clone());
        }
    }

    fn of(&self, id: &str) -> Option<&Id> {
        let mut last = self.0.get(id)?;
        for _ in 1..STEPS {
            let Some(next) = self.0.get(last.as_str()) else { break };
            last = next;
        }
        Some(last)
    }

    /// Lets an entity and what it refers to be called by the ids that hold now.
    pub(in crate::exchange) fn follow(&self, entity: &mut NewEntity) {
        if self.0.is_empty() {
            return;
        }
        if let Some(id) = self.of(entity.id.as_str()) {
            entity.id = id.clone();
        }
        let Some(known) = schema::schema(&entity.schema) else { return };
        for value in &mut entity.values {
            let Some(id) = self.of(&value.value) else { continue };
            let refers = known.property(&value.property).map(|property| property.type_);
            if refers == Some(PropertyType::Entity) {
                value.original = Some(std::mem::replace(&mut value.value, id.as_str().to_owned()));
            }
        }
    }
}
