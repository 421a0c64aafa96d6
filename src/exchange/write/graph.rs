//! What formats of points and lines have in common.

use std::{borrow::Cow, collections::BTreeSet};

use super::{
    content::{Content, Written, denials, joined},
    ftm, references,
};
use crate::{
    case::{Result, Which},
    model::{
        Entity, Id, PropertyType, schema,
        visible::{json_escaped, visible_lines},
    },
};

/// An attribute of points or lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub name: String,
    pub kind: Kind,
    from: From,
}

/// The types of attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// A number with decimals.
    Number,
    Flag,
}

impl Kind {
    /// Its name in `GraphML` and in GEXF.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Number => "double",
            Self::Flag => "boolean",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum From {
    Schema,
    Kind,
    Caption,
    Strength,
    Denied,
    Directed,
    Share,
    Start,
    End,
    X,
    Y,
    Color,
    Denials,
    Lossless,
    Property,
}

fn fixed(names: &[(&str, Kind, From)]) -> Vec<Attribute> {
    let attribute = |(name, kind, from): &(&str, Kind, From)| Attribute {
        name: (*name).to_owned(),
        kind: *kind,
        from: from.clone(),
    };
    names.iter().map(attribute).collect()
}

/// The attributes of points and those of lines, in the order in which they are written.
pub fn attributes(content: &Content<'_>) -> Result<[Vec<Attribute>; 2]> {
    let mut points: BTreeSet<String> = content.columns(Which::Entities)?.into_iter().collect();
    points.extend(content.columns(Which::Loose)?);
    let lines: BTreeSet<String> = content.columns(Which::Relationships)?.into_iter().collect();
    let mut of_points = vec![
        ("schema", Kind::Text, From::Schema),
        ("label", Kind::Text, From::Caption),
        ("strength", Kind::Text, From::Strength),
        ("denied", Kind::Flag, From::Denied),
    ];
    if !content.places.is_empty() {
        of_points.push(("x", Kind::Number, From::X));
        of_points.push(("y", Kind::Number, From::Y));
        of_points.push(("color", Kind::Text, From::Color));
    }
    let of_lines = [
        ("schema", Kind::Text, From::Schema),
        ("kind", Kind::Text, From::Kind),
        ("label", Kind::Text, From::Caption),
        ("directed", Kind::Flag, From::Directed),
        ("strength", Kind::Text, From::Strength),
        ("denied", Kind::Flag, From::Denied),
        ("share", Kind::Number, From::Share),
        ("start", Kind::Text, From::Start),
        ("end", Kind::Text, From::End),
    ];
    let last = [("denials", Kind::Text, From::Denials), ("redthread", Kind::Text, From::Lossless)];
    Ok([(fixed(&of_points), points), (fixed(&of_lines), lines)].map(|(mut all, properties)| {
        // One that is called as a fixed one is only in what is written without loss.
        let first = all.len();
        for name in properties {
            if !all[..first].iter().any(|fixed| fixed.name == name) {
                all.push(Attribute { name, kind: Kind::Text, from: From::Property });
            }
        }
        all.extend(fixed(&last));
        all
    }))
}

/// What an attribute says of an entity or relationship; `None` where it says nothing.
pub fn value(content: &Content<'_>, entity: &Entity, attribute: &Attribute) -> Option<String> {
    let place = || content.places.get(&entity.id);
    let some = |text: String| (!text.is_empty()).then_some(text);
    let value = match attribute.from {
        From::Schema => Some(entity.schema.to_string()),
        From::Kind if references::is_reference(entity) => Some("Reference".to_owned()),
        From::Kind => Some(schema::label(&entity.schema).to_owned()),
        From::Caption => Some(entity.caption.to_string()),
        From::Strength => Some(entity.strength.words().to_owned()),
        From::Denied => Some(entity.denied.to_string()),
        From::Directed => {
            let edge = schema::schema(&entity.schema).and_then(|s| s.edge.as_ref());
            Some(edge.is_none_or(|edge| edge.directed).to_string())
        }
        From::Share => {
            let share = entity.first("percentage")?.trim_end_matches('%').trim();
            share.parse::<f64>().ok().filter(|n| n.is_finite()).map(|n| n.to_string())
        }
        From::Start => entity.extent().0.map(|date| date.to_string()),
        From::End => entity.extent().1.map(|date| date.to_string()),
        From::X => place().map(|place| place.x.to_string()),
        From::Y => place().map(|place| place.y.to_string()),
        From::Color => place().map(|place| {
            let [r, g, b] = place.color;
            format!("#{r:02x}{g:02x}{b:02x}")
        }),
        From::Denials => some(denials(entity)),
        // JSON has an escape of its own, from which a program gets the true value back.
        From::Lossless if references::is_reference(entity) => Some(references::mark(entity)),
        From::Lossless => return Some(json_escaped(&ftm::lossless(entity))),
        From::Property => some(joined(entity, &attribute.name)),
    };
    // What a person reads shows what it hides.
    value.map(|text| match visible_lines(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(shown) => shown,
    })
}

/// Tells what became of what points and lines cannot hold.
pub fn tell(content: &Content<'_>, unknown: &[Id], written: &mut Written) -> Result<()> {
    let mut loose = 0;
    content.each(Which::Loose, &mut |_| {
        loose += 1;
        Ok(())
    })?;
    written.note(
        loose,
        "One relationship touches another relationship; it is written as a point, since a line cannot end at a line.",
        "{} relationships touch another relationship; they are written as points, since a line cannot end at a line.",
    );
    written.note(
        unknown.len() as u64,
        "One end of a relationship is not described in the case; it is written as a point that has only its id.",
        "{} ends of relationships are not described in the case; they are written as points that have only their ids.",
    );
    Ok(())
}

/// Whether a property of a schema holds numbers.
pub fn is_number(entity_schema: &str, property: &str) -> bool {
    let known = schema::schema(entity_schema).and_then(|schema| schema.property(property));
    known.is_some_and(|p| p.type_ == PropertyType::Number || p.name == "percentage")
}
