//! The cards as they are drawn: from further away at a larger scale than the places that they are
//! at, so that what is written on them can be read for as long as there is space between them.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use egui::{Painter, Rect, Vec2};

use super::{Canvas, Lens, WHOLE, camera, far::ICONS, furniture::of_screen};
use crate::{
    app::model::View,
    chart::{
        Line, Picture, Point, Squeeze, icons,
        picture::{CAPTION, label_size},
        route::Care,
        squeeze::{FEW, Leading, squeezed},
    },
    model::{Camera, Id},
};

/// Up to so many cards, lines are led with all care in each frame, and anew for each step of zoom.
const AT_ONCE: usize = 60;

/// The height of a line's label, in units of the chart.
const LABEL: f32 = 14.0;

/// A picture moved together for one zoom.
#[derive(Default)]
pub(super) struct Close {
    squeeze: Squeeze,
    /// The chart, its entities and its lines that the squeeze was found for, and whether they are
    /// bundled: where somebody only
    /// moves cards, the others keep their size.
    found_for: Option<(Id, usize, usize, bool)>,
    picture: Arc<Picture>,
    /// The number of the picture that it was made from, and the part of distances that is left.
    made_from: Option<(u64, f32)>,
    /// The scene's camera that it is for, and the cards that are left out of it.
    left_out: Option<(Camera, Arc<BTreeSet<Id>>)>,
    version: u64,
    /// How lines are led, and the picture and the part of distances that it was found for.
    leading: Leading,
    leading_for: Option<(u64, f32, Care)>,
    /// The lines between icons, and the picture and the zoom that they were found for.
    icons: Vec<Line>,
    icons_for: Option<(u64, f32, Care)>,
}

impl Close {
    /// How far the chart can be squeezed.
    pub(super) fn squeeze(&self) -> Squeeze {
        self.squeeze
    }

    /// Whether entities are cards, rather than icons or dots.
    pub(super) fn are_cards(&self, lens: &Lens) -> bool {
        lens.camera.zoom >= self.squeeze.cards_from()
    }

    /// The least part of distances that is ever left.
    fn least(&self) -> f32 {
        self.squeeze.part(self.squeeze.cards_from())
    }

    /// The picture as it is drawn, through [`Self::lens`].
    pub(super) fn picture(&self) -> &Picture {
        &self.picture
    }

    /// The lines between icons that are led around others; none where there are too many.
    pub(super) fn icons(&self) -> &[Line] {
        &self.icons
    }

    /// See [`Self::picture`].
    pub(super) fn shared(&self) -> &Arc<Picture> {
        &self.picture
    }

    /// Tells one such picture from every other.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// The part of the distances of the chart that is left in the picture.
    pub(super) fn part(&self) -> f32 {
        self.made_from.map_or(1.0, |(_, part)| part)
    }

    /// How the picture is seen where the chart is seen through a lens.
    pub(super) fn lens(&self, lens: &Lens) -> Lens {
        let (part, Camera { x, y, zoom }) = (self.part(), lens.camera);
        Lens { rect: lens.rect, camera: Camera { x: x * part, y: y * part, zoom: zoom / part } }
    }
}

/// What can be read on a chart, for tests.
#[derive(Clone, Debug)]
pub struct Legible {
    pub are_cards: bool,
    /// The size of names, in points.
    pub name_size: f32,
    /// Names, each with where it is on screen; of cards, the card.
    pub names: Vec<(String, Rect)>,
    /// The labels of lines.
    pub labels: Vec<(String, Rect)>,
}

impl Canvas {
    /// What can be read on the open chart.
    pub fn legible(&self, ctx: &egui::Context, view: &View) -> Option<Legible> {
        let (rect, chart) = (self.rect?, view.chart.as_ref()?);
        let lens = Lens { rect, camera: camera(view, chart) };
        let are_cards = self.close.are_cards(&lens);
        if !are_cards {
            let painter = Painter::new(ctx.clone(), egui::LayerId::background(), rect);
            let (names, labels) = self.names.texts(&painter, &self.sketch, &lens);
            let name_size = self.names.size();
            return Some(Legible { are_cards, name_size, names, labels });
        }
        let (lens, picture) = (self.close.lens(&lens), self.close.picture());
        let zoom = lens.camera.zoom;
        let names = picture.nodes.iter().map(|n| (n.name.to_string(), lens.screen_rect(n.rect())));
        let labelled = picture.lines.iter().filter(|line| !line.label.is_empty());
        let labels = labelled.map(|line| {
            let size = Vec2::new(label_size(&line.label), LABEL) * zoom;
            (line.label.clone(), Rect::from_center_size(lens.screen(line.label_at), size))
        });
        Some(Legible {
            are_cards,
            name_size: CAPTION * zoom,
            names: names.collect(),
            labels: labels.collect(),
        })
    }

    /// Makes the picture for where the camera is, if it is not there.
    pub(super) fn come_close(&mut self, lens: &Lens) {
        let part = if self.close.are_cards(lens) {
            self.close.squeeze.part(lens.camera.zoom)
        } else {
            1.0
        };
        let wanted = Some((self.pictures, part));
        let left_out = self.left_out(lens.camera);
        let is_led = self.moving || self.close.leading_for.is_none_or(|led| led.2 == Care::Whole);
        if self.close.made_from == wanted && self.close.left_out == left_out && is_led {
            return;
        }
        self.close.picture = if self.picture.nodes.len() <= FEW && !self.sketch.is_bundled() {
            let is_quick = self.picture.nodes.len() <= AT_ONCE;
            let least = self.close.least();
            let led_at = if is_quick { Leading::part_for(part).max(least) } else { least };
            let care = if is_quick || !self.moving { Care::Whole } else { Care::Quick };
            let leading_for = Some((self.pictures, led_at, care));
            if self.close.leading_for != leading_for {
                self.close.leading = Leading::of(&self.picture, led_at, care);
                self.close.leading_for = leading_for;
            }
            Arc::new(squeezed(&self.picture, part, &self.close.leading))
        } else {
            self.close.leading_for = None;
            Arc::clone(&self.picture)
        };
        self.close.made_from = wanted;
        if let Some((camera, cut)) = &left_out {
            self.leave_out(*camera, cut, lens.rect);
        }
        self.close.left_out = left_out;
        self.close.version += 1;
    }

    /// Leaves cards out, their lines, and the labels of lines that would be cut.
    fn leave_out(&mut self, camera: Camera, cut: &BTreeSet<Id>, window: Rect) {
        let lens = self.close.lens(&Lens { rect: window, camera });
        let ground = self.furniture.ground(window);
        let picture = Arc::make_mut(&mut self.close.picture);
        picture.nodes.retain(|node| !cut.contains(&node.id));
        picture.lines.retain(|line| !cut.contains(&line.from) && !cut.contains(&line.to));
        for line in picture.lines.iter_mut().filter(|line| !line.selected) {
            let size = Vec2::new(label_size(&line.label), LABEL) * lens.camera.zoom;
            let label = Rect::from_center_size(lens.screen(line.label_at), size);
            if !ground.is_whole(of_screen(label)) {
                line.label.clear();
            }
        }
    }

    /// Leads lines around icons where the camera sees icons, if they are not led yet.
    pub(super) fn lead_icons(&mut self, lens: &Lens) {
        /// The steps of zoom, within one in which it doubles, for few and for more.
        const STEPS: [f32; 2] = [6.0, 1.0];
        let zoom = lens.camera.zoom;
        let is_led = self.close.icons_for.is_some_and(|led| led.0 == self.pictures);
        if self.picture.nodes.len() > FEW || self.sketch.is_bundled() {
            self.close.icons.clear();
            self.close.icons_for = None;
            return;
        }
        if self.close.are_cards(lens) || zoom < ICONS && is_led {
            return;
        }
        let is_quick = self.picture.nodes.len() <= AT_ONCE;
        let zoom = icons::zoom_for(zoom.max(ICONS), STEPS[usize::from(!is_quick)]);
        let care = if is_quick || !self.moving { Care::Whole } else { Care::Quick };
        let wanted = Some((self.pictures, zoom, care));
        if self.close.icons_for != wanted {
            self.close.icons = icons::lines(&self.picture, zoom, care);
            self.close.icons_for = wanted;
            self.sketch.lead(&self.close.icons);
            self.version += 1;
        }
    }

    /// Finds out how far the chart can be squeezed, where something has come or gone.
    pub(super) fn find_squeeze(&mut self, chart: &Id, anew: bool) {
        let (nodes, lines) = (self.picture.nodes.len(), self.picture.lines.len());
        let found_for = Some((chart.clone(), nodes, lines, self.sketch.is_bundled()));
        if self.close.found_for == found_for && !anew || self.moving {
            return;
        }
        self.close.squeeze = if nodes > WHOLE || self.sketch.is_bundled() {
            Squeeze::default()
        } else {
            Squeeze::of(&self.picture)
        };
        self.close.found_for = found_for;
    }

    /// The same for where a layout is about to put entities.
    pub(super) fn squeeze_for(&mut self, places: &HashMap<&Id, Point>) {
        if self.sketch.is_bundled() {
            return;
        }
        let mut picture = Picture::clone(&self.picture);
        for node in &mut picture.nodes {
            node.at = places.get(&node.id).copied().unwrap_or(node.at);
        }
        self.close.squeeze = Squeeze::of(&picture);
    }
}
