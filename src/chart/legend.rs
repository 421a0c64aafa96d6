//! The legend, made from what is drawn, and the frame that every export carries.

use std::collections::BTreeSet;

use super::{Picture, icon, style::Group};
use crate::model::{Strength, schema};

/// What the signs on a picture mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Legend {
    /// The signs that occur, in the order in which to list them.
    pub entries: Vec<Entry>,
}

/// One line of a legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The sign.
    pub sign: Sign,
    /// What it means.
    pub text: String,
}

/// A sign on a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sign {
    /// The icon of a schema on the colour of its group.
    Schema(char, Group),
    /// A line of a strength.
    Line(Strength),
    /// A line that is denied.
    Denied,
    /// An arrowhead.
    Arrow,
    /// The pin of what no layout moves.
    Pin,
    /// A card that lies outside the period.
    Dimmed,
}

impl Legend {
    /// The legend of what a picture shows.
    pub(super) fn of(picture: &Picture) -> Self {
        let mut entries = Vec::new();
        let schemata: BTreeSet<&str> = picture.nodes.iter().map(|n| &*n.schema).collect();
        for name in schemata {
            let sign = Sign::Schema(icon::for_schema(name), Group::of(name));
            entries.push(Entry { sign, text: schema::label(name).to_owned() });
        }
        for strength in Strength::ALL {
            let drawn = picture.lines.iter().any(|l| !l.denied && l.strength == strength);
            if drawn || picture.nodes.iter().any(|n| n.strength == strength) {
                entries
                    .push(Entry { sign: Sign::Line(strength), text: strength.words().to_owned() });
            }
        }
        let mut sign = |sign, text: &str, there: bool| {
            if there {
                entries.push(Entry { sign, text: text.to_owned() });
            }
        };
        let denied =
            picture.lines.iter().any(|l| l.denied) || picture.nodes.iter().any(|n| n.denied);
        sign(Sign::Denied, "denied by a source", denied);
        let arrows = picture.lines.iter().any(|l| l.arrow_to != l.arrow_from);
        sign(Sign::Arrow, "direction", arrows);
        sign(Sign::Pin, "pinned", picture.nodes.iter().any(|n| n.pinned));
        sign(Sign::Dimmed, "outside the period", picture.nodes.iter().any(|n| n.dimmed));
        Self { entries }
    }
}

/// What stands around an exported picture, so that it can be traced to the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// The name of the chart.
    pub title: String,
    /// The name of the case.
    pub case: String,
    /// Its marking, for instance `FICTIONAL – TRAINING` or `RESTRICTED`.
    pub marking: String,
    /// The day on which it was so.
    pub as_at: String,
    /// Who exported it.
    pub author: String,
    /// The digest of the case then.
    pub digest: String,
}
