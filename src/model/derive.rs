//! The derivation of an entity from its statements: schema, ends, caption, denial.
//!
//! The projections of the file, the network, imports, exports and verification all derive here,
//! so that they agree.
//!
//! Rules, over the live statements of an entity in the order in which they were made:
//!
//! - The *schema* is the value of [`SCHEMA`] asserted last. Without one the entity does not exist.
//! - The entity is *denied* if any statement denies a value of [`SCHEMA`].
//! - An *end* of a relationship is the value asserted first of the property that its schema names
//!   for that end. A relationship that lacks one end has none.
//! - The *caption* is chosen by [`schema::caption`] from the values asserted first.

use super::{
    entity::SCHEMA,
    schema::{self, Schema},
};

/// What the derivation needs to know of one live statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said<'a> {
    pub property: &'a str,
    pub value: &'a str,
    pub denied: bool,
}

impl<'a> Said<'a> {
    /// A statement that asserts a value.
    pub fn asserted(property: &'a str, value: &'a str) -> Self {
        Self { property, value, denied: false }
    }
}

/// What the live statements of an entity make of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived<'a> {
    /// The name of its schema, which this program may not know.
    pub schema: &'a str,
    pub caption: String,
    /// The ids of its source and its target, for a relationship.
    pub ends: Option<(&'a str, &'a str)>,
    /// Whether a statement denies that it exists.
    pub denied: bool,
}

/// Derives an entity from its live statements; `None` where they do not make it exist.
pub fn derive<'a>(id: &str, said: &[Said<'a>]) -> Option<Derived<'a>> {
    let schema = schema_of(said.iter().copied())?;
    let first = |property: &str| first(said.iter().copied(), property);
    Some(Derived {
        schema,
        caption: schema::caption(schema, &first, id),
        ends: ends(schema, first),
        denied: is_denied(said.iter().copied()),
    })
}

/// The schema that statements give an entity.
pub fn schema_of<'a>(said: impl IntoIterator<Item = Said<'a>>) -> Option<&'a str> {
    let asserted = said.into_iter().filter(|one| one.property == SCHEMA && !one.denied);
    asserted.last().map(|one| one.value)
}

/// Whether statements deny that an entity exists.
pub fn is_denied<'a>(said: impl IntoIterator<Item = Said<'a>>) -> bool {
    said.into_iter().any(|one| one.property == SCHEMA && one.denied)
}

/// The value of a property that was asserted first.
pub fn first<'a>(said: impl IntoIterator<Item = Said<'a>>, property: &str) -> Option<&'a str> {
    let mut asserted = said.into_iter().filter(|one| one.property == property && !one.denied);
    asserted.next().map(|one| one.value)
}

/// The source and the target of a relationship of a schema; `first` returns the value of a
/// property that was asserted first, in whatever form the caller keeps ids.
pub fn ends<T>(schema_name: &str, first: impl Fn(&str) -> Option<T>) -> Option<(T, T)> {
    ends_of(schema::schema(schema_name)?, first)
}

/// The same for a schema that has been looked up.
pub(crate) fn ends_of<T>(schema: &Schema, first: impl Fn(&str) -> Option<T>) -> Option<(T, T)> {
    let edge = schema.edge.as_ref()?;
    Some((first(&edge.source)?, first(&edge.target)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denied<'a>(property: &'a str, value: &'a str) -> Said<'a> {
        Said { property, value, denied: true }
    }

    #[test]
    fn an_entity_exists_by_an_asserted_schema_and_the_last_one_counts() {
        assert_eq!(derive("a", &[]), None);
        assert_eq!(derive("a", &[Said::asserted("name", "Ann")]), None);
        assert_eq!(derive("a", &[denied(SCHEMA, "Person")]), None);
        let said = [
            Said::asserted(SCHEMA, "Company"),
            Said::asserted("name", "Ann"),
            Said::asserted(SCHEMA, "Person"),
        ];
        let derived = derive("a", &said).expect("exists");
        assert_eq!((derived.schema, derived.caption.as_str()), ("Person", "Ann"));
        assert!(!derived.denied && derived.ends.is_none());
    }

    #[test]
    fn a_relationship_has_two_ends_or_none_and_a_denied_end_does_not_count() {
        let mut said = vec![
            Said::asserted(SCHEMA, "Ownership"),
            denied("owner", "x"),
            Said::asserted("owner", "a"),
            Said::asserted("owner", "b"),
        ];
        assert_eq!(derive("o", &said).expect("exists").ends, None);
        said.push(Said::asserted("asset", "c"));
        assert_eq!(derive("o", &said).expect("exists").ends, Some(("a", "c")));
    }

    #[test]
    fn a_denied_schema_denies_the_entity_but_does_not_change_it() {
        let said = [
            Said::asserted(SCHEMA, "Ownership"),
            denied(SCHEMA, "Control"),
            Said::asserted("percentage", "60"),
        ];
        let derived = derive("o", &said).expect("exists");
        assert_eq!((derived.schema, derived.denied), ("Ownership", true));
        assert_eq!(derived.caption, "60 %");
    }
}
