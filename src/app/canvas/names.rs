//! Names below entities that are icons or dots: those that come first, where there is room. One
//! that has its place keeps it while the view is only moved, and others fade in beside it.

use std::sync::Arc;

use egui::{Color32, FontId, Galley, Painter, Pos2, Rect, Vec2};

use super::{Lens, far::radius_of, paint::faded};
use crate::{
    app::theme::{Theme, color, semibold},
    chart::{Dot, Mode, Sketch, font, text::cut},
    model::Camera,
    network::Network,
};

/// So much of the screen there is for each name, in points squared.
const ROOM: f32 = 32_000.0;
/// How many times as many are tried.
const TRIED: usize = 5;
/// From so many relationships on a name is written stronger.
const WEIGHTY: f32 = 12.0;
/// How far the view moves, in points, until names are looked for where there were none.
const MOVED: f32 = 48.0;
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
    since: f64,
}

impl Name {
    /// Laid out anew every frame: egui remembers it for as long as its letters lie where they did.
    fn galley(&self, painter: &Painter) -> Arc<Galley> {
        painter.layout_no_wrap(self.text.clone(), self.font.clone(), Color32::PLACEHOLDER)
    }
}

impl Names {
    /// Paints names; gives the dots that have one, each with where it and its name are on screen.
    /// `ranked`: dots in the order in which they deserve one.
    pub(super) fn paint(
        &mut self,
        painter: &Painter,
        theme: &Theme,
        network: &Network,
        (sketch, version): (&Sketch, u64),
        ranked: &[u32],
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
            self.look(painter, network, (sketch, key), ranked, lens, now);
        }
        let ground = color(theme.style.ground).gamma_multiply(0.9);
        let mut coming = false;
        let mut named = Vec::with_capacity(self.shown.len());
        for name in &self.shown {
            let dot = &sketch.dots[name.dot];
            let galley = name.galley(painter);
            let (at, rect) = place(dot, galley.size(), lens);
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
            for (x, y) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
                write(Vec2::new(x, y), ground);
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
        network: &Network,
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
            let since = match old {
                Some(name) => name.since,
                None if first => f64::NEG_INFINITY,
                None => now,
            };
            let Some((text, font)) = words(network, dot) else { continue };
            let name = Name { dot: n, text, font, since };
            let (_, rect) = place(dot, name.galley(painter).size(), lens);
            let room = rect.expand2(Vec2::new(5.0, 3.0));
            if taken.iter().any(|other| other.intersects(room)) {
                continue;
            }
            taken.push(rect);
            self.shown.push(name);
        }
    }
}

/// Where a dot is on screen, and where its name is: below it.
fn place(dot: &Dot, size: Vec2, lens: &Lens) -> (Pos2, Rect) {
    let at = lens.screen(dot.at);
    let below = radius_of(dot, lens.camera.zoom) + 2.0 + size.y / 2.0;
    (at, Rect::from_center_size(at + Vec2::new(0.0, below), size))
}

/// What is written at a dot, and in which type.
fn words(network: &Network, dot: &Dot) -> Option<(String, FontId)> {
    let entity = network.get(&dot.id)?;
    let (weight, font) = if dot.importance >= WEIGHTY || dot.selected {
        (font::Weight::SemiBold, semibold(11.0))
    } else {
        (font::Weight::Regular, FontId::proportional(11.0))
    };
    Some((cut(entity.caption(), 11.0, weight, WIDEST), font))
}
