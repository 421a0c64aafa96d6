//! Names below entities that are icons or dots: those that come first, where there is room. One
//! that has its place keeps it while the view is only moved, and others fade in beside it.

use std::sync::Arc;

use egui::{
    Align, Color32, FontId, Galley, Painter, Pos2, Rect, TextFormat, Vec2, text::LayoutJob,
};

use super::{
    Lens,
    far::{Far, Graphics, ICONS, radius_of},
    letters::Letters,
    paint::faded,
    plate::sheet::{Hand, Sheet, Writing},
};
use crate::{
    app::theme::{Theme, color, semibold},
    chart::{
        self, Dot, Line, Mode, Point, Sketch,
        captions::{self, Icon, Labelled},
        font::{self, bidi::Direction, missing::with_reading},
        text::{cut, wrap},
    },
    model::Camera,
};

/// What a dot is called, if anything.
type NameOf<'a> = &'a dyn Fn(&Dot) -> Option<String>;

/// So much of the screen there is for each name, in points squared.
const ROOM: f32 = 32_000.0;
/// How many times as many are tried.
const TRIED: usize = 5;
/// From so many relationships on a name is written stronger.
const WEIGHTY: f32 = 12.0;
/// How far the view moves, in points, until names are looked for where there were none.
const MOVED: f32 = 48.0;
/// Where the rim of a name is written, and where what each costs is felt.
const RIM: [Vec2; 4] =
    [Vec2::new(-1.0, -1.0), Vec2::new(1.0, -1.0), Vec2::new(-1.0, 1.0), Vec2::new(1.0, 1.0)];
const SMALL_RIM: [Vec2; 2] = [Vec2::new(-1.0, -0.7), Vec2::new(1.0, 0.7)];
/// How long a name takes to appear, in seconds.
const FADE: f64 = 0.14;
/// How wide a name is at most, in one line and in two.
const WIDEST: f32 = 190.0;
const NARROW: f32 = 112.0;
/// On a chart of fewer entities every icon has its name, and every line its label.
const ALL: usize = 100;
/// Up to so many lines, every label is written, else only shares and what has room.
const ALL_LABELS: usize = 60;
/// The size of a name, and the smallest that it shrinks to where names would fill more than a part of
/// the ground that they are on.
const NAME: f32 = 11.0;
const SMALLEST: f32 = 7.0;
const FILLED: f32 = 0.18;
/// How far around the outermost icons names reach, in points.
const AROUND: Vec2 = Vec2::new(60.0, 30.0);
/// The size of a label.
const LABEL: f32 = 9.0;

/// The names that are shown.
#[derive(Default)]
pub(super) struct Names {
    key: Option<(u64, Mode)>,
    /// Where the view was, and how large, when names were last looked for.
    looked: Option<(Camera, Vec2)>,
    shown: Vec<Name>,
    /// Whether every dot has its name, and every line its label.
    all: bool,
    labels: Vec<Label>,
    letters: Letters,
    /// What is written already, where a program stands in for a graphics processor.
    sheet: Sheet,
}

struct Name {
    /// Its place among the dots.
    dot: usize,
    text: String,
    font: FontId,
    side: Side,
    since: f64,
}

impl Name {
    /// Laid out anew every frame: egui remembers it for as long as its letters lie where they did.
    fn galley(&self, painter: &Painter) -> Arc<Galley> {
        if !self.text.contains('\n') {
            let ink = Color32::PLACEHOLDER;
            return painter.layout_no_wrap(self.text.clone(), self.font.clone(), ink);
        }
        let format = TextFormat::simple(self.font.clone(), Color32::PLACEHOLDER);
        let mut job = LayoutJob::single_section(self.text.clone(), format);
        job.wrap.max_width = f32::INFINITY;
        job.halign = Align::Center;
        painter.layout_job(job)
    }
}

/// What is written, and where on screen.
type Written = (String, Rect);

/// Where a name stands.
#[derive(Clone, Copy)]
enum Side {
    Below,
    Above,
    /// The middle of the name, as seen from its dot, in points.
    Off(Vec2),
}

/// A label that is written on a line.
struct Label {
    text: String,
    /// Whether it is a source's denial.
    denied: bool,
    dimmed: bool,
    /// The middle of it: a point of the chart, which stays where it is while the view moves.
    at: Point,
}

/// What is to be named, and how.
pub(super) struct Named<'a> {
    pub(super) name_of: NameOf<'a>,
    pub(super) sketch: &'a Sketch,
    /// Tells one state of the sketch from another.
    pub(super) version: u64,
    /// The lines with their labels; none where there are too many to be written.
    pub(super) lines: &'a [Line],
    /// What lies over the chart.
    pub(super) covers: &'a [chart::Rect],
}

impl Names {
    /// Paints names; gives the dots that have one, each with where it and its name are on screen.
    pub(super) fn paint(
        &mut self,
        painter: &Painter,
        theme: &Theme,
        named: &Named<'_>,
        far: &Far,
        lens: &Lens,
    ) -> Vec<(usize, Rect)> {
        let Named { sketch, version, .. } = *named;
        let now = painter.ctx().input(|i| i.time);
        let key = Some((version, theme.mode));
        let moved = self.looked.is_none_or(|(before, size)| {
            let by = Vec2::new(lens.camera.x - before.x, lens.camera.y - before.y);
            before.zoom != lens.camera.zoom
                || size != lens.rect.size()
                || (by * before.zoom).length() > MOVED
        });
        if sketch.dots.len() < ALL && lens.camera.zoom >= ICONS * 0.8 {
            let zoomed = self.looked.is_none_or(|(before, size)| {
                before.zoom != lens.camera.zoom || size != lens.rect.size()
            });
            if key != self.key || zoomed || !self.all {
                self.look_all(painter, named, lens);
                (self.key, self.all) = (key, true);
                self.looked = Some((lens.camera, lens.rect.size()));
            }
            self.labels(painter, theme, lens);
        } else if key != self.key || moved || self.all {
            (self.all, self.labels) = (false, Vec::new());
            self.look(painter, named.name_of, (sketch, key), far.ranked(), lens, now);
        }
        let ground = color(theme.style.ground).gamma_multiply(0.9);
        let mut coming = false;
        let mut found = Vec::with_capacity(self.shown.len());
        let mut writings = Vec::with_capacity(self.shown.len());
        for name in &self.shown {
            let dot = &sketch.dots[name.dot];
            let galley = name.galley(painter);
            let (at, rect) = place(dot, galley.size(), name.side, lens);
            if !lens.rect.intersects(rect) {
                continue;
            }
            let come = (((now - name.since) / FADE) as f32).clamp(0.0, 1.0);
            coming |= come < 1.0;
            writings.push(Writing {
                text: &name.text,
                font: &name.font,
                at: rect.min - galley.rect.min.to_vec2(),
                galley,
                ink: faded(if dot.selected { theme.accent } else { theme.text }, dot.dimmed),
                come,
            });
            let radius = radius_of(dot, lens.camera.zoom);
            found.push((
                name.dot,
                Rect::from_center_size(at, Vec2::splat(radius * 2.0)).union(rect),
            ));
        }
        if far.graphics() == Graphics::Software {
            let hand = Hand {
                letters: self.letters.number(painter.ctx()),
                rim: &RIM,
                ground,
                pixels: painter.pixels_per_point(),
            };
            self.sheet.paint(painter, hand, &writings);
        } else {
            let rim: &[Vec2] = if far.graphics() == Graphics::Hardware { &RIM } else { &SMALL_RIM };
            for writing in &writings {
                writing.paint(painter, rim, ground);
            }
        }
        if coming {
            painter.ctx().request_repaint();
        }
        found
    }

    /// The size of the smallest name that is written, in points.
    pub(super) fn size(&self) -> f32 {
        self.shown.iter().map(|name| name.font.size).fold(NAME, f32::min)
    }

    /// The names and the labels that are written, each with where it is on screen.
    pub(super) fn texts(
        &self,
        painter: &Painter,
        sketch: &Sketch,
        lens: &Lens,
    ) -> (Vec<Written>, Vec<Written>) {
        let names = self.shown.iter().filter_map(|name| {
            let dot = sketch.dots.get(name.dot)?;
            let size = name.galley(painter).size();
            Some((name.text.clone(), place(dot, size, name.side, lens).1))
        });
        let labels = self.labels.iter().map(|label| {
            let size = label_galley(painter, &label.text).size();
            (label.text.clone(), Rect::from_center_size(lens.screen(label.at), size))
        });
        (names.collect(), labels.collect())
    }

    /// Finds a place for every name and label.
    fn look_all(&mut self, painter: &Painter, named: &Named<'_>, lens: &Lens) {
        let on_screen = |p: Point| {
            let at = lens.screen(p);
            Point::new(at.x, at.y)
        };
        let size = |size: Vec2| chart::Size { w: size.x, h: size.y };
        let mut shown: Vec<Name> = Vec::new();
        for (n, dot) in named.sketch.dots.iter().enumerate() {
            let Some((text, font)) = words(named.name_of, dot, true) else { continue };
            shown.push(Name { dot: n, text, font, side: Side::Below, since: f64::NEG_INFINITY });
        }
        let area = |name: &Name| name.galley(painter).size().x * name.galley(painter).size().y;
        let taken = shown.iter().map(area).sum::<f32>();
        let at = shown.iter().map(|name| lens.screen(named.sketch.dots[name.dot].at));
        let ground = at.fold(Rect::NOTHING, |all, p| all.union(Rect::from_min_max(p, p)));
        let ground = ground.expand2(AROUND).intersect(lens.rect);
        let filled = taken / ground.area().max(1.0);
        if filled > FILLED {
            // In steps, so that zooming does not fill the glyph atlas.
            let size = (NAME * (FILLED / filled).sqrt() * 2.0).round() / 2.0;
            for name in &mut shown {
                name.font.size = size.clamp(SMALLEST, NAME);
            }
        }
        let icons: Vec<Icon> = shown
            .iter()
            .map(|name| {
                let dot = &named.sketch.dots[name.dot];
                Icon {
                    at: on_screen(dot.at),
                    half: radius_of(dot, lens.camera.zoom),
                    name: size(name.galley(painter).size()),
                }
            })
            .collect();
        let lines: Vec<&Line> = named.lines.iter().filter(|line| !line.label.is_empty()).collect();
        let all = lines.len() <= ALL_LABELS;
        let labelled: Vec<Labelled> = lines
            .iter()
            .map(|line| Labelled {
                curve: line.curve.map(on_screen),
                label: size(label_galley(painter, &line.label).size()),
                must: all || line.label.contains('%'),
            })
            .collect();
        let room = lens.rect.shrink(6.0);
        let room = chart::Rect {
            min: Point::new(room.min.x, room.min.y),
            max: Point::new(room.max.x, room.max.y),
        };
        let placed = captions::places(&icons, &labelled, room, named.covers);
        for ((name, icon), rect) in shown.iter_mut().zip(&icons).zip(&placed.names) {
            let middle = rect.center();
            name.side = Side::Off(Vec2::new(middle.x - icon.at.x, middle.y - icon.at.y));
        }
        let labels = lines.iter().zip(&placed.labels);
        self.labels = labels
            .filter_map(|(line, rect)| Some((line, (*rect)?)))
            .map(|(line, rect)| Label {
                text: line.label.clone(),
                denied: line.denied,
                dimmed: line.dimmed,
                at: lens.chart(Pos2::new(rect.center().x, rect.center().y)),
            })
            .collect();
        self.shown = shown;
    }

    /// Writes the labels of lines.
    fn labels(&self, painter: &Painter, theme: &Theme, lens: &Lens) {
        for label in &self.labels {
            let galley = label_galley(painter, &label.text);
            let rect = Rect::from_center_size(lens.screen(label.at), galley.size());
            if !lens.rect.intersects(rect) {
                continue;
            }
            let ground = color(theme.style.ground).gamma_multiply(0.9);
            painter.rect_filled(rect.expand2(Vec2::new(2.0, 0.0)), 3.0, ground);
            let ink = if label.denied { theme.denied } else { theme.weak };
            let ink = faded(ink, label.dimmed);
            painter.galley_with_override_text_color(rect.min, galley, ink);
        }
    }

    /// Looks for what deserves a name and has room for it.
    fn look(
        &mut self,
        painter: &Painter,
        name_of: NameOf<'_>,
        (sketch, key): (&Sketch, Option<(u64, Mode)>),
        ranked: &[u32],
        lens: &Lens,
        now: f64,
    ) {
        let before = std::mem::take(&mut self.shown);
        // Only while the view keeps its zoom: further out others come first.
        let keep = key == self.key && self.looked.is_some_and(|(c, _)| c.zoom == lens.camera.zoom);
        let first = self.looked.is_none();
        self.key = key;
        self.looked = Some((lens.camera, lens.rect.size()));
        let most = ((lens.rect.area() / ROOM) as usize).clamp(8, 70);
        let in_sight = |n: &usize| {
            sketch.dots.get(*n).is_some_and(|dot| lens.rect.contains(lens.screen(dot.at)))
        };
        let kept = before.iter().filter(|_| keep).map(|name| name.dot).filter(in_sight);
        let others = ranked.iter().map(|n| *n as usize).filter(in_sight).take(most * TRIED);
        let mut taken: Vec<Rect> = Vec::new();
        for n in kept.chain(others) {
            if self.shown.len() >= most || self.shown.iter().any(|name| name.dot == n) {
                continue;
            }
            let dot = &sketch.dots[n];
            let old = before.iter().find(|name| name.dot == n);
            let Some((text, font)) = words(name_of, dot, false) else { continue };
            let since = match old {
                Some(name) => name.since,
                None if first => f64::NEG_INFINITY,
                None => now,
            };
            let mut name = Name { dot: n, text, font, side: Side::Below, since };
            let size = name.galley(painter).size();
            let is_free = |side: &Side| {
                let (_, rect) = place(dot, size, *side, lens);
                // From afar names would hide the picture that they are to explain.
                let apart = if lens.camera.zoom < ICONS * 0.5 { 3.0 } else { 1.0 };
                let room = rect.expand2(Vec2::new(5.0, 3.0) * apart);
                !taken.iter().any(|other| other.intersects(room))
                    && !covers(sketch, dot, rect, lens)
            };
            // One that has its place keeps it.
            let held = old.filter(|_| keep).map(|name| name.side);
            let sides = [held.unwrap_or(Side::Below), Side::Above];
            let Some(side) = sides.into_iter().find(is_free) else { continue };
            name.side = side;
            taken.push(place(dot, size, side, lens).1);
            self.shown.push(name);
        }
    }
}

/// Where a dot is on screen, and where its name is.
fn place(dot: &Dot, size: Vec2, side: Side, lens: &Lens) -> (Pos2, Rect) {
    let at = lens.screen(dot.at);
    let off = radius_of(dot, lens.camera.zoom) + 2.0 + size.y / 2.0;
    let off = match side {
        Side::Below => Vec2::new(0.0, off),
        Side::Above => Vec2::new(0.0, -off),
        Side::Off(by) => return (at, Rect::from_center_size(at + by, size)),
    };
    let rect = Rect::from_center_size(at + off, size);
    // At the edge of the view a name stands beside its dot rather than being cut.
    let home = lens.rect.shrink(6.0);
    let in_right = (home.left() - rect.left()).max(0.0);
    let in_left = (home.right() - rect.right()).min(0.0);
    (at, rect.translate(Vec2::new(in_right + in_left, 0.0)))
}

/// Whether a name would lie over another's icon; what is only a dot may be written over.
fn covers(sketch: &Sketch, own: &Dot, rect: Rect, lens: &Lens) -> bool {
    let zoom = lens.camera.zoom;
    if zoom < ICONS || own.selected {
        return false;
    }
    let rect = rect.expand(chart::icons::side(zoom) * 0.36);
    let area = chart::Rect { min: lens.chart(rect.min), max: lens.chart(rect.max) };
    let mut other = false;
    sketch.dots_in(area, &mut |n| other |= sketch.dots[n].id != own.id);
    other
}

/// What is written at a dot, and in which type.
fn words(name_of: NameOf<'_>, dot: &Dot, in_two: bool) -> Option<(String, FontId)> {
    let name = name_of(dot)?;
    let name = with_reading(&name);
    let (weight, font) = if dot.importance >= WEIGHTY || dot.selected {
        (font::Weight::SemiBold, semibold(NAME))
    } else {
        (font::Weight::Regular, FontId::proportional(NAME))
    };
    // Two short lines find a place more easily; what is read from the right stays one.
    let text = if in_two && Direction::of(&name) == Direction::LeftToRight {
        wrap(&name, NAME, weight, NARROW, 3).join("\n")
    } else {
        cut(&name, NAME, weight, WIDEST)
    };
    Some((text, font))
}

/// The label of a line laid out.
fn label_galley(painter: &Painter, text: &str) -> Arc<Galley> {
    let font = FontId::proportional(LABEL);
    painter.layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER)
}
