//! Changing a mapping by hand, one thing at a time, so that it stays of a piece.

use super::mapping::{EntityMapping, Mapping, PropertyMapping, free_name};
use crate::model::schema::{self, Schema};

impl Mapping {
    /// Where a column is used: entity and property, by their places.
    pub fn uses(&self, column: &str) -> Vec<(usize, usize)> {
        let entities = self.entities.iter().enumerate();
        entities
            .flat_map(|(at, entity)| {
                let said = entity.properties.iter().enumerate();
                let used = said.filter(|(_, said)| said.all_columns().contains(&column));
                used.map(move |(nth, _)| (at, nth))
            })
            .collect()
    }

    /// Uses a column for nothing any more. It may be a key still.
    pub fn unmap(&mut self, column: &str) {
        for entity in &mut self.entities {
            // It says nothing of this entity that could differ.
            if !entity.by_ends {
                entity.agree.retain(|other| other != column);
            }
            for said in &mut entity.properties {
                said.columns.retain(|other| other != column);
                let named = format!("{{{{{column}}}}}");
                if said.template.as_ref().is_some_and(|template| template.contains(&named)) {
                    said.template = None;
                }
            }
            entity.properties.retain(|said| {
                said.entity.is_some()
                    || said.template.is_some()
                    || !said.columns.is_empty()
                    || !said.literals.is_empty()
            });
        }
        // It told relationships apart by what it said of them.
        let keyed =
            |entity: &EntityMapping| !entity.by_ends && entity.keys.iter().any(|key| key == column);
        if !self.entities.iter().any(keyed) {
            for entity in self.entities.iter_mut().filter(|entity| entity.by_ends) {
                entity.keys.retain(|key| key != column);
                entity.agree.retain(|key| key != column);
            }
        }
    }

    /// Makes the cells of a column values of a property, and of nothing else.
    pub fn map(&mut self, column: &str, entity: usize, property: &str) {
        self.unmap(column);
        let Some(entity) = self.entities.get_mut(entity) else { return };
        let plain = |said: &&mut PropertyMapping| {
            said.property == property
                && !said.labelled
                && said.entity.is_none()
                && said.template.is_none()
        };
        match entity.properties.iter_mut().find(plain) {
            Some(said) => said.columns.push(column.to_owned()),
            None => entity.properties.push(PropertyMapping::column(property, column)),
        }
        // Two rows that differ in it are two relationships.
        if entity.by_ends && !entity.keys.iter().any(|key| key == column) {
            entity.keys.push(column.to_owned());
        }
    }

    /// Makes a column name a party of the row: a thing of a schema, at the near end of a
    /// relationship to the first thing of the row that can be its far end.
    pub fn party(&mut self, column: &str, schema_name: &str, edge_name: &str) {
        let names = |entity: &EntityMapping| {
            let mut said = entity.properties.iter();
            let named = said
                .any(|said| said.property == "name" && !said.labelled && said.columns == [column]);
            named && !entity.refers && !entity.known().is_some_and(Schema::is_edge)
        };
        let at = if let Some(at) = self.entities.iter().position(names) {
            self.retype(at, schema_name);
            at
        } else {
            let at = self.add(schema_name);
            self.map(column, at, "name");
            // A name alone does not make two people one.
            match schema_name {
                "Person" => self.entities[at].each_row = true,
                _ => self.entities[at].keys = vec![column.to_owned()],
            }
            at
        };
        let name = self.entities[at].name.clone();
        let Some((schema, edge)) =
            schema::schema(edge_name).and_then(|schema| Some((schema, schema.edge.as_ref()?)))
        else {
            return;
        };
        let far = self.entities.iter().enumerate();
        let far =
            far.filter(|(other, entity)| *other != at && may_be(schema, &edge.target, entity));
        let Some(far) = far.map(|(_, entity)| entity.name.clone()).next() else { return };
        let starts = |entity: &EntityMapping| {
            let edge = entity.known().and_then(|schema| schema.edge.as_ref());
            edge.is_some_and(|edge| {
                let mut said = entity.properties.iter();
                said.any(|said| {
                    said.property == edge.source && said.entity.as_deref() == Some(&*name)
                })
            })
        };
        let link = match self.entities.iter().position(starts) {
            Some(link) => {
                self.entities[link].properties.retain(|said| said.entity.is_none());
                self.retype(link, edge_name);
                let free = self.free_name(&schema.label.to_lowercase());
                self.entities[link].name = free;
                link
            }
            None => self.add(edge_name),
        };
        self.refer(link, &edge.target, Some(&far));
        self.refer(link, &edge.source, Some(&name));
    }

    /// Keeps a column as notes, each with its heading before it, of these entities.
    pub fn note(&mut self, column: &str, entities: &[usize]) {
        self.unmap(column);
        for at in entities {
            if let Some(entity) = self.entities.get_mut(*at) {
                label(entity, vec![column.to_owned()]);
            }
        }
    }

    /// Adds an entity or relationship of a schema; gives its place. The ends of a relationship
    /// are the first entities of the row that can be them.
    pub fn add(&mut self, schema_name: &str) -> usize {
        let name = self.free_name(&schema::label(schema_name).to_lowercase());
        let mut added = EntityMapping {
            name,
            schema: schema_name.to_owned(),
            key_literal: schema_name.to_owned(),
            ..EntityMapping::default()
        };
        let known = schema::schema(schema_name);
        if let Some((schema, edge)) = known.and_then(|s| Some((s, s.edge.as_ref()?))) {
            // Few things can be owned or directed, and most can own: the target is found first.
            let target = self.entities.iter().find(|entity| may_be(schema, &edge.target, entity));
            let fits = |entity: &&EntityMapping| {
                may_be(schema, &edge.source, entity)
                    && target.is_none_or(|target| target.name != entity.name)
            };
            let source = self.entities.iter().find(fits);
            for (end, entity) in [(&edge.source, source), (&edge.target, target)] {
                let said = entity.map(|entity| PropertyMapping::entity(end, &entity.name));
                added.properties.extend(said);
            }
        }
        self.entities.push(added);
        self.entities.len() - 1
    }

    /// Takes an entity out, and what names it.
    pub fn remove(&mut self, entity: usize) {
        if entity >= self.entities.len() {
            return;
        }
        let gone = self.entities.remove(entity).name;
        for entity in &mut self.entities {
            entity.properties.retain(|said| said.entity.as_ref() != Some(&gone));
        }
    }

    /// Calls an entity something else, everywhere.
    pub fn rename(&mut self, entity: usize, name: &str) {
        let Some(old) = self.entities.get(entity).map(|entity| entity.name.clone()) else { return };
        if old == name || name.trim().is_empty() {
            return;
        }
        let name = self.free_name(name);
        for said in self.entities.iter_mut().flat_map(|entity| &mut entity.properties) {
            if said.entity.as_ref() == Some(&old) {
                said.entity = Some(name.clone());
            }
        }
        self.entities[entity].name = name;
    }

    /// Makes an entity one of another schema; what cannot be said of that is dropped.
    pub fn retype(&mut self, entity: usize, schema_name: &str) {
        let (Some(entity), Some(schema)) =
            (self.entities.get_mut(entity), schema::schema(schema_name))
        else {
            return;
        };
        if let Some(rest) = entity.key_literal.strip_prefix(&entity.schema) {
            entity.key_literal = format!("{schema_name}{rest}");
        }
        schema_name.clone_into(&mut entity.schema);
        entity
            .properties
            .retain(|said| schema.property(&said.property).is_some_and(|property| !property.stub));
    }

    /// Makes an end of a relationship, or another property that names an entity, this one; no
    /// entity takes it away.
    pub fn refer(&mut self, entity: usize, property: &str, name: Option<&str>) {
        let Some(entity) = self.entities.get_mut(entity) else { return };
        entity.properties.retain(|said| said.property != property || said.entity.is_none());
        if let Some(name) = name {
            entity.properties.insert(0, PropertyMapping::entity(property, name));
        }
    }

    /// Makes a column a key of an entity, or none.
    pub fn toggle_key(&mut self, entity: usize, column: &str) {
        let Some(entity) = self.entities.get_mut(entity) else { return };
        match entity.keys.iter().position(|key| key == column) {
            Some(at) => drop(entity.keys.remove(at)),
            None => entity.keys.push(column.to_owned()),
        }
    }

    fn free_name(&self, wanted: &str) -> String {
        free_name(wanted, |name| self.entities.iter().any(|entity| entity.name == name))
    }
}

/// Whether an entity of the row can be what a property of a schema names.
pub fn may_be(schema: &Schema, property: &str, entity: &EntityMapping) -> bool {
    let range = schema.property(property).and_then(|p| p.range.as_deref()).unwrap_or("Thing");
    entity.known().is_some_and(|known| known.is_a(range))
}

/// Keeps columns as notes with their headings.
pub(super) fn label(mapping: &mut EntityMapping, columns: Vec<String>) {
    let Some(property) = notes_of(&mapping.schema).filter(|_| !columns.is_empty()) else { return };
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

/// The property of a schema that takes what has no place elsewhere.
pub fn notes_of(schema_name: &str) -> Option<&'static str> {
    let schema = schema::schema(schema_name)?;
    ["notes", "description"].into_iter().find(|name| schema.property(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::super::mapping::tests::shareholders;

    #[test]
    fn a_column_is_used_for_one_thing_at_a_time() {
        let mut mapping = shareholders();
        assert_eq!(mapping.uses("Share"), [(0, 2)]);
        mapping.map("Share", 1, "capital");
        assert_eq!(mapping.uses("Share"), [(1, 1)]);
        mapping.note("Share", &[2]);
        assert!(mapping.entities[2].properties[1].labelled);
        mapping.map("Owner", 2, "alias");
        mapping.map("Company", 2, "alias");
        assert_eq!(mapping.uses("Company"), mapping.uses("Owner"), "two columns, one property");
        mapping.unmap("Share");
        assert!(mapping.uses("Share").is_empty());
    }

    #[test]
    fn a_column_becomes_a_party_with_one_choice() {
        let mut mapping = shareholders();
        mapping.party("Owner", "Person", "Directorship");
        assert_eq!(mapping.check(&mapping.columns), Ok(()));
        assert_eq!(mapping.becomes("Owner").as_deref(), Some("Person, director of the company"));
        assert!(!mapping.entities.iter().any(|entity| entity.schema == "Ownership"));
        mapping.columns.push("Boss".into());
        mapping.party("Boss", "Person", "Employment");
        assert_eq!(mapping.check(&mapping.columns), Ok(()));
        assert_eq!(mapping.becomes("Boss").as_deref(), Some("Person, employee of the company"));
        assert_eq!(mapping.becomes("Owner").as_deref(), Some("Person, director of the company"));
    }

    #[test]
    fn entities_come_and_go_and_references_follow() {
        let mut mapping = shareholders();
        mapping.rename(2, "holder");
        assert_eq!(mapping.entities[0].properties[0].entity.as_deref(), Some("holder"));
        mapping.rename(2, "company");
        assert_eq!(mapping.entities[2].name, "company 2", "a name is free");
        let person = mapping.add("Person");
        let edge = mapping.add("Directorship");
        assert_eq!(mapping.entities[edge].properties.len(), 2, "its ends are found");
        assert_eq!(mapping.check(&mapping.columns), Ok(()));
        mapping.refer(edge, "director", Some(&mapping.entities[person].name.clone()));
        assert_eq!(mapping.check(&mapping.columns), Ok(()));
        mapping.retype(2, "Person");
        assert_eq!(mapping.entities[2].key_literal, "Person");
        mapping.toggle_key(2, "Owner");
        assert_eq!(mapping.entities[2].keys, ["Owner"]);
        mapping.remove(1);
        assert!(mapping.check(&mapping.columns).expect_err("no asset").contains("no asset"));
    }
}
