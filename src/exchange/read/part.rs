//! What a reader makes of a record: values in the spelling of the model, and nothing lost.

use sha2::{Digest as _, Sha256};

use crate::{
    case::{NewEntity, NewValue, Origin},
    model::{Id, PropertyType, schema, value},
};

/// With how many of an entity's values a new one is compared.
const COMPARED: usize = 256;

/// An entity or relationship as it is put together. What its schema has no place for, or what is
/// no value of its type, becomes a note that says what it was.
#[derive(Debug)]
pub(in crate::exchange) struct Part {
    id: Id,
    schema: String,
    values: Vec<NewValue>,
    origin: Origin,
}

impl Part {
    /// A part of an entity that was read at a place.
    pub(in crate::exchange) fn new(id: impl Into<Id>, schema: &str, origin: Origin) -> Self {
        Self { id: id.into(), schema: schema.to_owned(), values: Vec::new(), origin }
    }

    /// Its id.
    pub(in crate::exchange) fn id(&self) -> &Id {
        &self.id
    }

    /// Its schema.
    pub(in crate::exchange) fn schema(&self) -> &str {
        &self.schema
    }

    /// Where it was read.
    pub(in crate::exchange) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Whether nothing is said in it.
    pub(in crate::exchange) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// States a value; says whether the schema has the property and admits the value. Nothing is
    /// stated of an empty text, which counts as admitted.
    pub(in crate::exchange) fn put(&mut self, property: &str, text: &str) -> bool {
        self.put_as(property, text, text)
    }

    /// States a value where the source spells it in another way.
    pub(in crate::exchange) fn put_as(
        &mut self,
        property: &str,
        text: &str,
        original: &str,
    ) -> bool {
        let text = text.trim();
        if text.is_empty() {
            return true;
        }
        let known = schema::schema(&self.schema).and_then(|schema| schema.property(property));
        let Some(known) = known.filter(|known| !known.stub) else { return false };
        // A cell may break a name into lines; the source's spelling is kept beside it.
        let is_long = matches!(known.type_, PropertyType::Text | PropertyType::Html);
        let clean = if is_long || !text.contains(['\n', '\r', '\t']) {
            value::clean(known, text)
        } else {
            value::clean(known, &text.split_whitespace().collect::<Vec<_>>().join(" "))
        };
        let Ok(clean) = clean else { return false };
        let original = original.trim();
        let original = (clean != original).then(|| original.to_owned());
        let value = NewValue { original, ..NewValue::new(property, clean) };
        // What is said twice of somebody with very many values is left to the case to find.
        let few = &self.values[..self.values.len().min(COMPARED)];
        if !few.iter().any(|v| v.property == value.property && v.value == value.value) {
            self.values.push(value);
        }
        true
    }

    /// States a value, or keeps it as a note under a label.
    pub(in crate::exchange) fn put_or_note(&mut self, property: &str, text: &str, label: &str) {
        if !self.put(property, text) {
            self.note(&format!("{label}: {}", text.trim()));
        }
    }

    /// Keeps what has no place of its own.
    pub(in crate::exchange) fn note(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let known = schema::schema(&self.schema);
        let has = |name: &str| known.is_none_or(|schema| schema.property(name).is_some());
        let property = if has("notes") { "notes" } else { "description" };
        // A control character is no reason to lose a text.
        let text: String =
            text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        self.values.push(NewValue::new(property, text));
    }

    /// States a value as it is: ids of other entities, and what was checked already.
    pub(in crate::exchange) fn state(&mut self, property: &str, value: impl Into<String>) {
        self.values.push(NewValue::new(property, value));
    }

    /// What a sink takes.
    pub(in crate::exchange) fn done(self) -> NewEntity {
        let Self { id, schema, values, origin } = self;
        NewEntity { id, schema, values, origin: Some(origin) }
    }
}

/// A place in a file, without words of its own.
pub(in crate::exchange) fn at(file: usize, place: impl std::fmt::Display) -> Origin {
    Origin { file, place: place.to_string(), quote: None }
}

/// A place in a file with the words that stand there.
pub(in crate::exchange) fn quoted(
    file: usize,
    place: impl std::fmt::Display,
    quote: &str,
) -> Origin {
    Origin { quote: Some(quote.to_owned()), ..at(file, place) }
}

/// An id for what has none of its own: the same for the same parts, whenever they are read.
pub(in crate::exchange) fn hashed(prefix: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    format!("{prefix}-{}", hex::encode(&hash.finalize()[..12]))
}

/// The country that a text names, as its code.
pub(in crate::exchange) fn country(text: &str) -> Option<&'static str> {
    schema::schema("Thing")?.property("country")?.choice_named(text.trim())
}

/// An address that stands for itself, so that two parties at one address meet there; and says of
/// the party where it is. An address of a country alone is no place to meet: only said.
pub(in crate::exchange) fn address(party: &mut Part, parts: &[(&str, &str)]) -> Option<Part> {
    let said: Vec<(&str, &str)> = parts
        .iter()
        .map(|(property, text)| (*property, text.trim()))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let texts: Vec<&str> = said.iter().map(|(_, text)| *text).collect();
    let full = texts.join(", ");
    if full.is_empty() {
        return None;
    }
    party.put_or_note("address", &full, "Address");
    let land = said.iter().find(|(property, _)| *property == "country").map(|(_, text)| *text);
    if let Some(code) = land.and_then(country) {
        party.put("country", code);
    }
    if said.iter().all(|(property, _)| *property == "country") {
        return None;
    }
    let id = hashed("addr", &[&full.to_lowercase()]);
    party.state("addressEntity", id.as_str());
    let mut address = Part::new(id, "Address", party.origin.clone());
    if !address.put("full", &full) {
        address.note(&full);
    }
    for (property, text) in said {
        address.put_or_note(property, text, property);
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_place_is_a_note_and_what_was_cleaned_keeps_its_spelling() {
        let mut part = Part::new("a", "Company", at(0, "row 1"));
        assert!(part.put("country", "China") && part.put("name", " A ") && part.put("name", "A"));
        part.put_or_note("country", "Atlantis", "Country");
        part.put_or_note("birthDate", "1970", "Born");
        let done = part.done();
        let said: Vec<(&str, &str, Option<&str>)> =
            done.values.iter().map(|v| (&*v.property, &*v.value, v.original.as_deref())).collect();
        assert_eq!(
            said,
            [
                ("country", "cn", Some("China")),
                ("name", "A", None),
                ("notes", "Country: Atlantis", None),
                ("notes", "Born: 1970", None)
            ]
        );
    }

    #[test]
    fn one_address_is_one_entity_and_a_country_is_none() {
        let mut a = Part::new("a", "Company", at(0, "row 1"));
        let mut b = Part::new("b", "Person", at(0, "row 2"));
        let parts = [("street", "1 Road"), ("city", "Town"), ("country", "Cuba")];
        let (first, second) = (address(&mut a, &parts), address(&mut b, &parts));
        let (first, second) = (first.expect("an address"), second.expect("an address"));
        assert_eq!(first.id(), second.id());
        assert!(address(&mut a, &[("street", ""), ("country", "Cuba")]).is_none());
        let said = a.done().values;
        assert!(said.iter().any(|v| v.property == "address" && v.value == "1 Road, Town, Cuba"));
        assert!(said.iter().any(|v| v.property == "country" && v.value == "cu"));
    }
}
