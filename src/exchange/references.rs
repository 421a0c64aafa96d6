//! References as the lines of a graph: a property whose value is another entity, with the name of
//! the property. The entity that refers keeps the value, so readers of our own files skip the line.

use std::collections::HashSet;

use super::content::{Content, Written};
use crate::{
    case::Result,
    model::{Entity, Id, Property, Strength, schema},
};

/// What a line says of itself that stands for a reference, where others hold their whole entity.
const MARK: &str = "{\"reference\":";

/// The references between what is written as points. Kept while points are written, and only where
/// some property can be a reference.
pub struct References {
    can_be: bool,
    points: HashSet<Id>,
    found: Vec<(Id, &'static Property, Id, Strength)>,
}

impl References {
    /// None yet, of points that have these properties.
    pub fn among<'a>(properties: impl IntoIterator<Item = &'a str>) -> Self {
        let known: HashSet<&str> = schema::references().collect();
        let can_be = properties.into_iter().any(|name| known.contains(name));
        Self { can_be, points: HashSet::new(), found: Vec::new() }
    }

    /// Takes note of a point.
    pub fn note(&mut self, entity: &Entity) {
        if !self.can_be {
            return;
        }
        self.points.insert(entity.id.clone());
        let Some(schema) = schema::schema(&entity.schema).filter(|_| entity.ends.is_none()) else {
            return;
        };
        let asserted = entity.values.iter().filter(|value| !value.denied);
        let mut all: Vec<_> = asserted
            .filter_map(|value| {
                Some((schema.reference(&value.property)?, Id::from(&*value.text), value.strength))
            })
            .filter(|(_, target, _)| *target != entity.id)
            .collect();
        all.sort_by(|a, b| (&a.0.name, &a.1, b.2).cmp(&(&b.0.name, &b.1, a.2)));
        all.dedup_by(|again, kept| (&again.0.name, &again.1) == (&kept.0.name, &kept.1));
        let all = all.into_iter();
        self.found
            .extend(all.map(|(property, target, how)| (entity.id.clone(), property, target, how)));
    }

    /// Gives each reference between two points as if it were a relationship that has the name of
    /// the property for its schema, and tells how many there were.
    pub fn each(
        self,
        content: &Content<'_>,
        written: &mut Written,
        take: &mut dyn FnMut(Entity) -> Result<()>,
    ) -> Result<()> {
        let mut count = 0;
        for (source, property, target, strength) in self.found {
            if !self.points.contains(&target) {
                continue;
            }
            let id = Id::of_reference(&source, &property.name, &target);
            if content.withheld.contains(&id) {
                continue;
            }
            count += 1;
            take(Entity {
                id,
                schema: property.name.as_str().into(),
                caption: schema::phrase(property.relation()).into(),
                ends: Some((source, target)),
                denied: false,
                strength,
                evidence: false,
                existence: Vec::new(),
                values: Vec::new(),
                citations: Vec::new(),
            })?;
        }
        written.note(
            count,
            "One property names another entity; it is written as a line too, with the name of the property.",
            "{} properties name other entities; they are written as lines too, with the names of the properties.",
        );
        Ok(())
    }
}

/// Whether a line stands for a reference: no relationship is of a schema that is not known.
pub fn is_reference(line: &Entity) -> bool {
    line.ends.is_some() && schema::schema(&line.schema).is_none()
}

/// What such a line has in the place of its whole entity.
pub fn mark(line: &Entity) -> String {
    format!("{MARK}{}}}", serde_json::Value::from(&*line.schema))
}

/// Whether the text is such a mark.
pub(crate) fn is_mark(text: &str) -> bool {
    text.trim_start().starts_with(MARK)
}
