//! What a column becomes, in words that need no knowledge of schemata: `Person, director of the
//! company`.

use super::{
    mapping::{EntityMapping, Mapping, PropertyMapping},
    nodes::RowsOf,
};
use crate::model::schema::{self, Schema};

/// Properties by which a thing is called.
const NAMING: [&str; 4] = ["name", "full", "iban", "accountNumber"];

impl Mapping {
    /// Returns what a column becomes, in words; `None` where it is not used.
    pub fn becomes(&self, column: &str) -> Option<String> {
        let mut phrases: Vec<String> = Vec::new();
        let mut naming: Vec<&EntityMapping> = Vec::new();
        for (at, nth) in self.uses(column) {
            let (entity, said) = (&self.entities[at], &self.entities[at].properties[nth]);
            if entity.refers || is_part_of_name(entity, said, column) {
                continue;
            }
            let phrase = if said.labelled {
                format!("Note on the {}", base(&entity.name))
            } else if names(entity, said) {
                naming.push(entity);
                continue;
            } else {
                let label = label(&entity.schema, &said.property);
                format!("{label} of the {}", base(&entity.name))
            };
            if !phrases.contains(&phrase) {
                phrases.push(phrase);
            }
        }
        if let Some(named) = self.called(&naming) {
            phrases.insert(0, named);
        }
        if let Some(decides) = self.decides(column) {
            phrases.insert(0, decides);
        }
        if phrases.is_empty() {
            phrases.extend(self.tells_apart(column));
        }
        (!phrases.is_empty()).then(|| phrases.join("; "))
    }

    /// The things that a column names: their schemata, and what they are to others of the row.
    fn called(&self, entities: &[&EntityMapping]) -> Option<String> {
        let mut schemata: Vec<String> = Vec::new();
        let mut roles: Vec<String> = Vec::new();
        // What a relationship makes of one end is said of the same thing.
        let own = entities.iter().filter(|entity| !entity.name.contains(" as "));
        let own: Vec<&&EntityMapping> = own.collect();
        for entity in if own.is_empty() { entities.iter().collect() } else { own } {
            let schema = kind(&entity.schema);
            if !schemata.contains(&schema) {
                schemata.push(schema);
            }
        }
        for entity in entities {
            for role in self.roles(entity) {
                if !roles.contains(&role) {
                    roles.push(role);
                }
            }
        }
        let schemata = either(&schemata)?;
        roles.truncate(3);
        Some(match either(&roles) {
            Some(roles) => format!("{schemata}, {roles}"),
            None => schemata,
        })
    }

    /// What an entity of the row is to the others: `director of the company`.
    fn roles(&self, entity: &EntityMapping) -> Vec<String> {
        let mut roles = Vec::new();
        for other in &self.entities {
            let Some(known) = other.known() else { continue };
            let naming = other.properties.iter();
            for said in naming.filter(|said| said.entity.as_ref() == Some(&entity.name)) {
                let edge = known.edge.as_ref();
                let far = edge.and_then(|edge| {
                    let far = (said.property == edge.source).then_some(&edge.target)?;
                    let far = other.properties.iter().find(|other| other.property == *far)?;
                    far.entity.as_deref().map(base)
                });
                let target = edge.is_some_and(|edge| said.property == edge.target);
                let role = label(&known.name, &said.property).to_lowercase();
                let role = match (&*known.name, far) {
                    ("Family", Some(far)) => format!("relative of the {far}"),
                    ("Associate", Some(far)) => format!("associate of the {far}"),
                    ("UnknownLink", Some(far)) => format!("linked to the {far}"),
                    ("Payment", _) => format!("{role} of the payment"),
                    (_, Some(far)) => format!("{role} of the {far}"),
                    _ if target => continue,
                    _ => format!("{role} of the {}", base(&other.name)),
                };
                roles.push(role);
            }
        }
        roles
    }

    /// The kinds of things that a column decides between, row by row.
    fn decides(&self, column: &str) -> Option<String> {
        let filtered = self
            .entities
            .iter()
            .filter(|entity| entity.filters.contains_key(column) && !entity.name.contains(" as "))
            // Of rows of another table, only those that are there are meant.
            .filter(|entity| !entity.refers);
        let mut kinds: Vec<String> = Vec::new();
        for entity in filtered {
            let kind = kind(&entity.schema);
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        let kinds = either(&kinds)?;
        Some(format!("Says what each row is: {kinds}"))
    }

    /// What a column is that only tells one thing from another.
    fn tells_apart(&self, column: &str) -> Option<String> {
        let is_key = |entity: &EntityMapping| {
            entity.id_column.as_deref() == Some(column)
                || entity.keys.iter().chain(&entity.agree).any(|key| key == column)
        };
        let refers: Vec<&EntityMapping> =
            self.entities.iter().filter(|entity| entity.refers && is_key(entity)).collect();
        if let Some(called) = self.called(&refers) {
            let named = refers.iter().find_map(|entity| entity.rows_of.as_ref());
            let place = named.map_or_else(|| "another table".to_owned(), RowsOf::words);
            return Some(format!("{called}, by its id in {place}"));
        }
        let entity = self.entities.iter().find(|entity| is_key(entity))?;
        Some(format!("Tells one {} from another", base(&entity.name)))
    }
}

/// Whether a property calls its entity by a name.
fn names(entity: &EntityMapping, said: &PropertyMapping) -> bool {
    let known = entity.known();
    let named = NAMING.contains(&said.property.as_str());
    let first = || {
        let naming = entity.properties.iter().find(|said| NAMING.contains(&&*said.property));
        naming.is_some_and(|naming| naming.property == said.property)
    };
    let whole = said.columns.len() < 2;
    named && whole && known.is_some_and(|known| !known.is_edge()) && first()
}

/// Whether a column is only one of those that a name is put together from, and is named by itself:
/// a last name.
fn is_part_of_name(entity: &EntityMapping, said: &PropertyMapping, column: &str) -> bool {
    let alone = |other: &PropertyMapping| {
        !other.labelled && other.columns.len() == 1 && other.columns[0] == column
    };
    said.property == "name" && said.columns.len() > 1 && entity.properties.iter().any(alone)
}

/// The name of an entity without what tells its variants apart.
fn base(name: &str) -> &str {
    let name = name.split(" (").next().unwrap_or(name);
    name.split(" as ").next().unwrap_or(name)
}

/// What people call a schema.
fn kind(schema_name: &str) -> String {
    match schema_name {
        "LegalEntity" => "Person or company".to_owned(),
        other => schema::label(other).to_owned(),
    }
}

/// What people call a property.
fn label(schema_name: &str, property: &str) -> String {
    schema::schema(schema_name)
        .and_then(|schema: &Schema| schema.property(property))
        .map_or_else(|| property.to_owned(), |property| property.label.clone())
}

/// Words as a choice: `a, b or c`.
fn either(words: &[String]) -> Option<String> {
    let (last, before) = words.split_last()?;
    Some(if before.is_empty() { last.clone() } else { format!("{} or {last}", before.join(", ")) })
}

#[cfg(test)]
mod tests {
    use super::super::mapping::tests::shareholders;

    #[test]
    fn columns_become_what_anybody_would_call_them() {
        let mut mapping = shareholders();
        mapping.note("Remarks", &[1]);
        let becomes = |column: &str| mapping.becomes(column);
        assert_eq!(becomes("Company").as_deref(), Some("Company"));
        assert_eq!(becomes("Owner").as_deref(), Some("Person or company, owner of the company"));
        assert_eq!(becomes("Share").as_deref(), Some("Percentage held of the holding"));
        assert_eq!(becomes("Remarks").as_deref(), Some("Note on the company"));
        assert_eq!(becomes("Else"), None);
        mapping.entities[2].filters.insert("Kind".into(), vec!["x".into()]);
        mapping.entities[1].keys.push("Number".into());
        let becomes = |column: &str| mapping.becomes(column);
        assert_eq!(becomes("Kind").as_deref(), Some("Says what each row is: Person or company"));
        assert_eq!(becomes("Number").as_deref(), Some("Tells one company from another"));
    }
}
