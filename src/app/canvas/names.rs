//! Names below entities that are icons or dots: those that come first, where there is room. One
//! that has its place keeps it while the view is only moved, and others fade in beside it.

use std::sync::Arc;

use egui::{Color32, FontId, Galley, Painter, Pos2, Rect, Vec2};

use super::{
    Lens,
    far::{Far, Graphics, ICONS, radius_of, tile_side},
    paint::faded,
};
use crate::{
    app::theme::{Theme, color, semibold},
    chart::{
        self, Dot, Mode, Sketch,
        font::{self, missing::with_reading},
        text::cut,
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
/// How wide a name is at most.
const WIDEST: f32 = 190.0;

/// The names that are shown.
#[derive(Default)]
pub(super) struct Names {
    key: Option<(u64, Mode)>,
    /// Where the view was, and how large, when names were last looked for.
    looked: Option<(Camera, Vec2)>,
    shown: Vec<Name>,
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
        painter.layout_no_wrap(self.text.clone(), self.font.clone(), Color32::PLACEHOLDER)
    }
}

/// Where a name stands.
#[derive(Clone, Copy)]
enum Side {
    Below,
    Above,
}

impl Names {
    /// Paints names; gives the dots that have one, each with where it and its name are on screen.
    pub(super) fn paint(
        &mut self,
        painter: &Painter,
        theme: &Theme,
        name_of: NameOf<'_>,
        (sketch, version): (&Sketch, u64),
        far: &Far,
        lens: &Lens,
    ) -> Vec<(usize, Rect)> {
        let now = painter.ctx().input(|i| i.time);
        let key = Some((version, theme.mode));
        let moved = self.looked.is_none_or(|(before, size)| {
            let by = Vec2::new(lens.camera.x - before.x, lens.camera.y - before.y);
            before.zoom != lens.camera.zoom
                || size != lens.rect.size()
                || (by * before.zoom).length() > MOVED
        });
        if key != self.key || moved {
            self.look(painter, name_of, (sketch, key), far.ranked(), lens, now);
        }
        let ground = color(theme.style.ground).gamma_multiply(0.9);
        let rim: &[Vec2] = if far.graphics() == Graphics::Hardware { &RIM } else { &SMALL_RIM };
        let mut coming = false;
        let mut named = Vec::with_capacity(self.shown.len());
        for name in &self.shown {
            let dot = &sketch.dots[name.dot];
            let galley = name.galley(painter);
            let (at, rect) = place(dot, galley.size(), name.side, lens);
            if !lens.rect.intersects(rect) {
                continue;
            }
            let come = (((now - name.since) / FADE) as f32).clamp(0.0, 1.0);
            coming |= come < 1.0;
            let ink = faded(if dot.selected { theme.accent } else { theme.text }, dot.dimmed);
            let write = |by: Vec2, ink: Color32| {
                let galley = Arc::clone(&galley);
                let ink = ink.gamma_multiply(come);
                painter.galley_with_override_text_color(rect.min + by, galley, ink);
            };
            // A rim of ground, so that it can be read over whatever lies there.
            for by in rim {
                write(*by, ground);
            }
            write(Vec2::ZERO, ink);
            let radius = radius_of(dot, lens.camera.zoom);
            named.push((
                name.dot,
                Rect::from_center_size(at, Vec2::splat(radius * 2.0)).union(rect),
            ));
        }
        if coming {
            painter.ctx().request_repaint();
        }
        named
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
            let Some((text, font)) = words(name_of, dot) else { continue };
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
        Side::Below => off,
        Side::Above => -off,
    };
    let rect = Rect::from_center_size(at + Vec2::new(0.0, off), size);
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
    let rect = rect.expand(tile_side(zoom) * 0.36);
    let area = chart::Rect { min: lens.chart(rect.min), max: lens.chart(rect.max) };
    let mut other = false;
    sketch.dots_in(area, &mut |n| other |= sketch.dots[n].id != own.id);
    other
}

/// What is written at a dot, and in which type.
fn words(name_of: NameOf<'_>, dot: &Dot) -> Option<(String, FontId)> {
    let name = name_of(dot)?;
    let (weight, font) = if dot.importance >= WEIGHTY || dot.selected {
        (font::Weight::SemiBold, semibold(11.0))
    } else {
        (font::Weight::Regular, FontId::proportional(11.0))
    };
    Some((cut(&with_reading(&name), 11.0, weight, WIDEST), font))
}
