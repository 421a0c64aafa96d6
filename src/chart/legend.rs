//! The legend, made from what is drawn, and the frame that every export carries.

use std::collections::BTreeSet;

use super::{Picture, Sketch, icon, style::Group};
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

/// Which signs a picture or sketch has.
#[derive(Default)]
struct Signs<'a> {
    schemata: BTreeSet<&'a str>,
    strengths: BTreeSet<Strength>,
    denied: bool,
    arrows: bool,
    pinned: bool,
    dimmed: bool,
}

impl Legend {
    /// The legend of what a picture shows.
    pub(super) fn of(picture: &Picture) -> Self {
        let (nodes, lines) = (&picture.nodes, &picture.lines);
        let stated = lines.iter().filter(|l| !l.denied).map(|l| l.strength);
        Self::with(&Signs {
            schemata: nodes.iter().map(|n| &*n.schema).collect(),
            strengths: stated.chain(nodes.iter().map(|n| n.strength)).collect(),
            denied: lines.iter().any(|l| l.denied) || nodes.iter().any(|n| n.denied),
            arrows: lines.iter().any(|l| l.arrow_to != l.arrow_from),
            pinned: nodes.iter().any(|n| n.pinned),
            dimmed: nodes.iter().any(|n| n.dimmed),
        })
    }

    /// The legend of what a sketch shows.
    pub fn of_sketch(sketch: &Sketch) -> Self {
        let (dots, threads) = (&sketch.dots, &sketch.threads);
        let stated = threads.iter().filter(|t| !t.denied).map(|t| t.strength);
        Self::with(&Signs {
            schemata: sketch.schemata.iter().map(|name| &**name).collect(),
            strengths: stated.chain(dots.iter().map(|dot| dot.strength)).collect(),
            denied: threads.iter().any(|t| t.denied) || dots.iter().any(|dot| dot.denied),
            arrows: threads.iter().any(|t| t.arrow_to != t.arrow_from),
            pinned: dots.iter().any(|dot| dot.pinned),
            dimmed: dots.iter().any(|dot| dot.dimmed),
        })
    }

    fn with(signs: &Signs<'_>) -> Self {
        let mut entries = Vec::new();
        for name in &signs.schemata {
            let sign = Sign::Schema(icon::for_schema(name), Group::of(name));
            entries.push(Entry { sign, text: schema::label(name).to_owned() });
        }
        for strength in Strength::ALL.into_iter().filter(|s| signs.strengths.contains(s)) {
            entries.push(Entry { sign: Sign::Line(strength), text: strength.words().to_owned() });
        }
        for (sign, text, there) in [
            (Sign::Denied, "denied by a source", signs.denied),
            (Sign::Arrow, "direction", signs.arrows),
            (Sign::Pin, "pinned", signs.pinned),
            (Sign::Dimmed, "outside the period", signs.dimmed),
        ] {
            if there {
                entries.push(Entry { sign, text: text.to_owned() });
            }
        }
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
