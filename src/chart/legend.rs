//! The legend, made from what is drawn, and the frame that every export carries.

use std::collections::BTreeSet;

use super::{
    Color, Input, Picture, Sketch, icon,
    overlay::{Mark, Measured},
    style::{Group, KINDS_TOLD_APART},
    text::one_line,
};
use crate::{
    model::{
        Id, Strength, schema,
        styling::{Magnitude, Paint, Thickness},
    },
    network::measured::grouped,
};

/// What the signs on a picture mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Legend {
    /// The signs that occur, in the order in which to list them.
    pub entries: Vec<Entry>,
}

/// One line of a legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub sign: Sign,
    pub text: String,
}

/// A sign on a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sign {
    /// The icon of a schema on the colour of its group.
    Schema(char, Group),
    Line(Strength),
    /// The path that the user follows.
    Thread,
    Denied,
    /// The thin line of a reference.
    Reference,
    Arrow,
    /// Long lines that follow shorter ones.
    Bundle,
    /// The pin of what no layout moves.
    Pin,
    /// A card that lies outside the period or that a filter leaves out.
    Dimmed,
    /// Several entities drawn as one.
    Group,
    /// A colour that stands for something measured.
    Tint(Color),
    /// The size of entities.
    Size,
    /// A thickness that the user chose.
    Thickness(Thickness),
    /// A size that the user chose.
    Magnitude(Magnitude),
}

/// Which signs a picture or sketch has.
#[derive(Default)]
struct Signs<'a> {
    schemata: BTreeSet<&'a str>,
    strengths: BTreeSet<Strength>,
    followed: bool,
    denied: bool,
    references: bool,
    arrows: bool,
    pinned: bool,
    dimmed: bool,
    groups: bool,
    /// The colours that entities have for what is measured.
    tints: BTreeSet<Color>,
    /// What the user chose.
    chosen: Chosen,
}

/// The looks that the user chose for what is drawn.
#[derive(Default)]
struct Chosen {
    paints: BTreeSet<Paint>,
    thicknesses: BTreeSet<Thickness>,
    sizes: BTreeSet<Magnitude>,
}

impl Legend {
    /// The legend of what a picture shows.
    pub(super) fn of(picture: &Picture, input: &Input<'_>) -> Self {
        let (nodes, lines) = (&picture.nodes, &picture.lines);
        let stated = lines.iter().filter(|l| !l.denied).map(|l| l.strength);
        let signs = Signs {
            schemata: nodes.iter().map(|n| &*n.schema).collect(),
            strengths: stated
                .chain(nodes.iter().filter(|n| n.members.is_none()).map(|n| n.strength))
                .collect(),
            followed: lines.iter().any(|l| l.followed),
            denied: lines.iter().any(|l| l.denied) || nodes.iter().any(|n| n.denied),
            references: lines.iter().any(|l| l.reference),
            arrows: lines.iter().any(|l| l.arrow_to != l.arrow_from),
            pinned: nodes.iter().any(|n| n.pinned),
            dimmed: nodes.iter().any(|n| n.dimmed) || lines.iter().any(|l| l.dimmed),
            groups: nodes.iter().any(|n| n.members.is_some()),
            tints: nodes.iter().filter_map(|n| n.tint).filter(|_| input.is_measured()).collect(),
            chosen: Chosen::of(input, &|id| nodes.iter().any(|n| n.id == *id), &|id| {
                lines.iter().any(|line| line.ids.contains(id))
            }),
        };
        Self::with(&signs, input)
    }

    /// The legend of what a sketch shows.
    pub fn of_sketch(sketch: &Sketch, input: &Input<'_>) -> Self {
        let (dots, threads) = (&sketch.dots, &sketch.threads);
        let stated = threads.iter().filter(|t| !t.denied).map(|t| t.strength);
        let signs = Signs {
            schemata: sketch.schemata.iter().map(|name| &**name).collect(),
            strengths: stated
                .chain(dots.iter().filter(|dot| !dot.is_group()).map(|dot| dot.strength))
                .collect(),
            followed: input.follows && threads.iter().any(|t| t.selected),
            denied: threads.iter().any(|t| t.denied) || dots.iter().any(|dot| dot.denied),
            references: threads.iter().any(|t| t.reference),
            arrows: threads.iter().any(|t| t.arrow_to != t.arrow_from),
            pinned: dots.iter().any(|dot| dot.pinned),
            dimmed: dots.iter().any(|dot| dot.dimmed) || threads.iter().any(|t| t.dimmed),
            groups: dots.iter().any(super::Dot::is_group),
            tints: dots.iter().filter_map(|dot| dot.tint).filter(|_| input.is_measured()).collect(),
            chosen: Chosen::of(input, &|id| dots.iter().any(|dot| dot.id == *id), &|id| {
                sketch.thread_with(id).is_some()
            }),
        };
        Self::with(&signs, input)
    }

    fn with(signs: &Signs<'_>, input: &Input<'_>) -> Self {
        let mut entries = Vec::new();
        for name in &signs.schemata {
            // Where colour stands for something else, it says nothing of schemata.
            let group = if signs.tints.is_empty() { Group::of(name) } else { Group::Other };
            let sign = Sign::Schema(icon::for_schema(name), group);
            entries.push(Entry { sign, text: schema::label(name).to_owned() });
        }
        for strength in Strength::ALL.into_iter().filter(|s| signs.strengths.contains(s)) {
            entries.push(Entry { sign: Sign::Line(strength), text: strength.words().to_owned() });
        }
        for (sign, text, there) in [
            (Sign::Thread, "path that you follow", signs.followed),
            (Sign::Denied, "denied by a source", signs.denied),
            (Sign::Reference, "named in a property", signs.references),
            (Sign::Arrow, "direction", signs.arrows),
            (Sign::Group, "several, drawn as one", signs.groups),
            (Sign::Pin, "pinned", signs.pinned),
            (Sign::Dimmed, outside(input), signs.dimmed),
        ] {
            if there {
                entries.push(Entry { sign, text: text.to_owned() });
            }
        }
        for paint in &signs.chosen.paints {
            let meaning = input.chart.meanings.get(paint).filter(|text| !text.trim().is_empty());
            let text = meaning.map_or_else(|| format!("marked {}", paint.words()), |m| one_line(m));
            entries.push(Entry { sign: Sign::Tint(input.style.paint(*paint)), text });
        }
        for &thickness in &signs.chosen.thicknesses {
            let text = format!("marked {}", thickness.words());
            entries.push(Entry { sign: Sign::Thickness(thickness), text });
        }
        for &size in &signs.chosen.sizes {
            let text = format!("marked by {} size", size.words());
            entries.push(Entry { sign: Sign::Magnitude(size), text });
        }
        if let Some(measured) = &input.overlay.measured {
            entries.extend(measures(measured, signs, input));
        }
        Self { entries }
    }
}

impl Chosen {
    /// What was chosen for cards, lines and drawings. Where cards are coloured by a measure, only lines
    /// and drawings have colours of their own.
    fn of(input: &Input<'_>, is_card: &dyn Fn(&Id) -> bool, is_line: &dyn Fn(&Id) -> bool) -> Self {
        let mut chosen = Self::default();
        for (id, styling) in &input.chart.styles {
            let (card, line) = (is_card(id), is_line(id));
            let painted = line || card && !input.is_measured();
            chosen.paints.extend(styling.paint.filter(|_| painted));
            chosen.thicknesses.extend(styling.thickness.filter(|_| card || line));
            chosen.sizes.extend(styling.size.filter(|_| card));
        }
        chosen.paints.extend(input.chart.drawings.iter().filter_map(|drawing| drawing.paint));
        chosen
    }
}

/// What faint means.
fn outside(input: &Input<'_>) -> &'static str {
    match (input.period.is_empty(), input.overlay.left_out.is_empty()) {
        (_, true) => "outside the period",
        (true, false) => "left out by the filter",
        (false, false) => "outside the period or left out by the filter",
    }
}

/// What size and colour stand for.
fn measures(measured: &Measured, signs: &Signs<'_>, input: &Input<'_>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let title = &measured.title;
    if input.overlay.by_size && measured.ends.is_some() {
        entries.push(Entry { sign: Sign::Size, text: format!("size: {title}") });
    }
    if !input.overlay.by_color || signs.tints.is_empty() {
        return entries;
    }
    if let Some([least, most]) = &measured.ends {
        for (level, text) in [(1.0, format!("{title}: {most}")), (0.0, format!("{title}: {least}"))]
        {
            entries.push(Entry { sign: Sign::Tint(input.style.level(level)), text });
        }
        return entries;
    }
    let kinds: BTreeSet<u32> = measured
        .marks
        .values()
        .filter_map(|mark| match mark {
            Mark::Kind(kind) => Some(*kind),
            Mark::Level(_) => None,
        })
        .collect();
    for kind in &kinds {
        let color = input.style.kind(*kind);
        if *kind as usize >= KINDS_TOLD_APART {
            let rest = kinds.len() - KINDS_TOLD_APART;
            if signs.tints.contains(&color) {
                let text = format!("{title}: {} more", grouped(rest));
                entries.push(Entry { sign: Sign::Tint(color), text });
            }
            break;
        }
        if signs.tints.contains(&color) {
            let text = format!("{title} {}", kind + 1);
            entries.push(Entry { sign: Sign::Tint(color), text });
        }
    }
    entries
}

/// What stands around an exported picture, so that it can be traced to the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// The name of the chart.
    pub title: String,
    pub case: String,
    /// Its reference, such as a file number; empty for none.
    pub reference: String,
    /// Its marking, for instance `FICTIONAL – TRAINING` or `RESTRICTED`.
    pub marking: String,
    /// The day on which it was so.
    pub as_at: String,
    /// Who exported it.
    pub author: String,
    /// The digest of the case then.
    pub digest: String,
    /// Through which lens the case is seen, in whole sentences; empty for the case as it is.
    pub lens: String,
}
