//! What moves by itself: the camera to a place, entities to where a layout puts them.

use super::Places;
use crate::{
    chart::Point,
    model::{Camera, Id, Placement},
};

/// How long a glide of the camera takes, in seconds.
const GLIDE: f64 = 0.55;
/// How long entities take to their new places, in seconds.
const SETTLE: f64 = 0.35;

/// What is on the move.
#[derive(Default)]
pub(super) struct Motion {
    glide: Option<(Camera, Camera, f64)>,
    /// Where entities of a chart start from, and when.
    settle: Option<(Id, Places, f64)>,
    /// Where entities of a chart are shown until the case has them there.
    held: Option<(Id, Places)>,
}

fn ease(t: f64) -> f32 {
    let t = t.clamp(0.0, 1.0);
    (t * t * (3.0 - 2.0 * t)) as f32
}

fn now(ctx: &egui::Context) -> f64 {
    ctx.input(|i| i.time)
}

impl Motion {
    pub(super) fn glide(&mut self, ctx: &egui::Context, from: Camera, to: Camera) {
        self.glide = Some((from, to, now(ctx)));
    }

    pub(super) fn stop_glide(&mut self) {
        self.glide = None;
    }

    /// Where the camera will be, if it is on its way.
    pub(super) fn glide_target(&self) -> Option<Camera> {
        self.glide.map(|(_, to, _)| to)
    }

    /// Whether the camera is on its way somewhere.
    pub(super) fn glides(&self) -> bool {
        self.glide.is_some()
    }

    /// Where the camera is on its way, if it is on one.
    pub(super) fn gliding(&mut self, ctx: &egui::Context) -> Option<Camera> {
        let (from, to, since) = self.glide?;
        let t = (now(ctx) - since) / GLIDE;
        if t >= 1.0 {
            self.glide = None;
            return Some(to);
        }
        ctx.request_repaint();
        let t = ease(t);
        let mix = |a: f32, b: f32| a + (b - a) * t;
        // Zoom is felt as a ratio, so it moves as one.
        let zoom = (mix(from.zoom.ln(), to.zoom.ln())).exp();
        Some(Camera { x: mix(from.x, to.x), y: mix(from.y, to.y), zoom })
    }

    /// Shows placements before the case has them.
    pub(super) fn hold(&mut self, chart: &Id, placements: &[Placement]) {
        let places = placements.iter().map(|p| (p.entity.clone(), Point::new(p.x, p.y))).collect();
        self.held = Some((chart.clone(), places));
    }

    /// Lets entities travel from where they are to what a layout said.
    pub(super) fn travel(&mut self, ctx: &egui::Context, chart: &Id, from: &[Placement]) {
        let places = from.iter().map(|p| (p.entity.clone(), Point::new(p.x, p.y))).collect();
        self.settle = Some((chart.clone(), places, now(ctx)));
    }

    pub(super) fn is_moving(&mut self, ctx: &egui::Context) -> bool {
        if let Some((_, _, since)) = &self.settle {
            if now(ctx) - since < SETTLE + 0.05 {
                ctx.request_repaint();
                return true;
            }
            self.settle = None;
        }
        self.held.is_some()
    }

    /// Puts placements where they are shown at this moment.
    pub(super) fn place(&mut self, ctx: &egui::Context, chart: &Id, placements: &mut [Placement]) {
        if let Some((of, places)) = &self.held {
            let arrived = of != chart
                || placements.iter().all(|p| {
                    places
                        .get(&p.entity)
                        .is_none_or(|at| (at.x - p.x).abs() < 0.01 && (at.y - p.y).abs() < 0.01)
                });
            if arrived {
                self.held = None;
            } else {
                for p in placements.iter_mut() {
                    if let Some(at) = places.get(&p.entity) {
                        (p.x, p.y) = (at.x, at.y);
                    }
                }
            }
        }
        let Some((of, from, since)) = &self.settle else { return };
        if of != chart {
            return;
        }
        let t = ease((now(ctx) - since) / SETTLE);
        for p in placements {
            if let Some(start) = from.get(&p.entity) {
                let at = start.towards(Point::new(p.x, p.y), t);
                (p.x, p.y) = (at.x, at.y);
            }
        }
    }

    /// Forgets what is shown ahead of the case: it was refused.
    pub(super) fn let_go(&mut self) {
        self.held = None;
        self.settle = None;
    }
}
