//! The camera that shows all of something, with nothing of it under what lies over the chart.

use super::{
    Squeeze,
    geometry::{Point, Rect, Size},
    icons,
};
use crate::model::Camera;

/// The distance that cards keep from the window's edges and from what lies over the chart.
const MARGIN: f32 = 16.0;
const GAP: f32 = 8.0;
/// The least zoom.
const LEAST: f32 = 0.001;
/// From this zoom on entities are cards; from further away, icons with their names below.
pub const CARDS: f32 = 0.42;
/// The least size of what stands for an entity on screen.
const ICON: f32 = 24.0;
/// The room that a name takes below an icon, beyond the icon on each side and downwards.
const NAME: Size = Size { w: 44.0, h: 16.0 };
/// Zooms that are tried between the whole window and its largest free part.
const ZOOMS: i32 = 10;
/// Up to so many cards are looked at one by one.
const EACH: usize = 1_500;

/// The part of the screen that shows a chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ground {
    pub window: Rect,
    /// What lies over it: legend, mini-map, marking.
    pub covers: Vec<Rect>,
}

impl Ground {
    /// The camera that shows all of `bounds`, in which these cards lie; never closer than `most`.
    /// `squeeze` says how cards are drawn from further away.
    ///
    /// It looks at the whole window if no card is covered then, else from as near as the cards can
    /// be moved out of what covers them, at worst from where all fits into the largest free part.
    pub fn fit(&self, bounds: Rect, cards: &[Rect], most: f32, squeeze: Squeeze) -> Camera {
        let each = if cards.len() <= EACH { cards } else { &[] };
        let content = Content { bounds, cards: each, squeeze };
        let whole = self.window.shrink(MARGIN);
        let full = self.within(whole, &content, most);
        if self.covers.is_empty() || cards.len() <= EACH && self.shows(full, &content) {
            return full;
        }
        let middle = whole.center();
        let parts = free_parts(whole, &self.covers);
        let best = parts
            .into_iter()
            .map(|part| (self.within(part, &content, most), part))
            .max_by(|(a, at), (b, other)| {
                let near = |part: &Rect| -part.center().distance(middle);
                a.zoom.total_cmp(&b.zoom).then(near(at).total_cmp(&near(other)))
            })
            .map_or(full, |(camera, _)| camera);
        if cards.len() > EACH || best.zoom >= full.zoom {
            return best;
        }
        self.moved(&content, (full.zoom, best.zoom)).unwrap_or(best)
    }

    /// Looks for a place of the camera between two zooms from which no card is covered.
    fn moved(&self, content: &Content<'_>, (most, least): (f32, f32)) -> Option<Camera> {
        let room = self.window.shrink(MARGIN);
        let mut shifts: Vec<(i32, i32)> =
            (-4..=4).flat_map(|x| (-4..=4).map(move |y| (x, y))).collect();
        shifts.sort_by_key(|(x, y)| x * x + y * y);
        // Cards are looked for down to where they become icons, before icons are.
        let cards = content.squeeze.cards_from();
        let legs = if cards > least && cards < most {
            vec![(most, cards), (cards * 0.999, least)]
        } else {
            vec![(most, least)]
        };
        let leg = |(from, to): (f32, f32)| {
            let part = move |step: i32| step as f32 / (ZOOMS - 1) as f32;
            (0..ZOOMS).map(move |step| from * (to / from).powf(part(step)))
        };
        for zoom in legs.into_iter().flat_map(leg) {
            let extent = content.extent(zoom);
            let slack = Point::new(
                (room.width() - extent.width()).max(0.0) / 8.0,
                (room.height() - extent.height()).max(0.0) / 8.0,
            );
            for (x, y) in &shifts {
                let middle = room.center();
                let at = Point::new(middle.x + *x as f32 * slack.x, middle.y + *y as f32 * slack.y);
                let camera = self.looking(extent, at, zoom);
                if self.shows(camera, content) {
                    return Some(camera);
                }
            }
        }
        None
    }

    /// Moves a camera that shows some cards whole to where it cuts as few of the others as possible at
    /// the edges of the window, but not much further away.
    pub fn uncut(
        &self,
        camera: Camera,
        (shown, others): (&[Rect], &[Rect]),
        squeeze: Squeeze,
    ) -> Camera {
        const NEARER: [f32; 4] = [1.0, 0.93, 0.87, 0.8];
        /// What it costs to be that much further away, in cards that are cut.
        const FURTHER: f32 = 8.0;
        /// What it costs that what is shown is as far from the middle as it may be.
        const ASIDE: f32 = 1.2;
        /// How far the camera moves, in steps that are a part of the window.
        const STEPS: i32 = 5;
        const STEP: f32 = 0.04;
        if others.len() > EACH {
            return camera;
        }
        let bounds = Rect::around(shown.iter().copied()).unwrap_or_default();
        let content = Content { bounds, cards: shown, squeeze };
        let mut best = (f32::INFINITY, camera);
        for nearer in NEARER {
            let zoom = camera.zoom * nearer;
            for x in -STEPS..=STEPS {
                for y in -STEPS..=STEPS {
                    let shift = |n: i32, side: f32| n as f32 * STEP * side / zoom;
                    let moved = Camera {
                        x: camera.x + shift(x, self.window.width()),
                        y: camera.y + shift(y, self.window.height()),
                        zoom,
                    };
                    let on_screen = |card: &Rect| self.on_screen(moved, &content, *card);
                    if !shown.iter().all(|card| self.is_whole(on_screen(card))) {
                        continue;
                    }
                    let is_cut = |card: &&Rect| {
                        let card = on_screen(card);
                        self.window.intersects(card) && !self.is_whole(card)
                    };
                    let cut = others.iter().filter(is_cut).count() as f32;
                    let off = (x * x + y * y) as f32 / 50.0;
                    let cost = cut + (1.0 - nearer) * FURTHER + off * ASIDE;
                    if cost < best.0 {
                        best = (cost, moved);
                    }
                }
            }
        }
        best.1
    }

    /// Whether a card is in sight, but cut at the edges of the window or covered in part.
    pub fn cuts(&self, camera: Camera, card: Rect, squeeze: Squeeze) -> bool {
        let content = Content { bounds: card, cards: &[], squeeze };
        let card = self.on_screen(camera, &content, card);
        self.window.intersects(card) && !self.is_whole(card)
    }

    /// Whether all of something on screen is in sight, and not at the very edge.
    pub fn is_whole(&self, card: Rect) -> bool {
        let room = self.window.shrink(MARGIN / 2.0);
        room.contains(card.min)
            && room.contains(card.max)
            && !self.covers.iter().any(|cover| cover.intersects(card))
    }

    /// Where a card, or an icon with its name, is on screen.
    fn on_screen(&self, camera: Camera, content: &Content<'_>, card: Rect) -> Rect {
        let middle = self.window.center();
        let by = Point::new(middle.x - camera.x * camera.zoom, middle.y - camera.y * camera.zoom);
        let card = content.drawn(card, camera.zoom);
        let moved = |p: Point| Point::new(p.x + by.x, p.y + by.y);
        Rect { min: moved(card.min), max: moved(card.max) }
    }

    /// The camera that shows all in the middle of a part of the window, from as near as it fits.
    fn within(&self, part: Rect, content: &Content<'_>, most: f32) -> Camera {
        let fits = |zoom: f32| {
            let extent = content.extent(zoom);
            extent.width() <= part.width() && extent.height() <= part.height()
        };
        let cards_from = content.squeeze.cards_from().min(most);
        let (mut near, mut far) = if fits(most) {
            (most, most)
        } else if fits(cards_from) {
            (most, cards_from)
        } else {
            (cards_from * 0.999, LEAST)
        };
        for _ in 0..24 {
            let zoom = (near * far).sqrt();
            if fits(zoom) {
                far = zoom;
            } else {
                near = zoom;
            }
        }
        self.looking(content.extent(far), part.center(), far)
    }

    /// The camera that shows the middle of an extent at a point of the screen.
    fn looking(&self, extent: Rect, at: Point, zoom: f32) -> Camera {
        let (middle, point) = (self.window.center(), extent.center());
        Camera {
            x: (point.x + middle.x - at.x) / zoom,
            y: (point.y + middle.y - at.y) / zoom,
            zoom,
        }
    }

    /// Whether no card lies under what covers the chart, or out of the window.
    fn shows(&self, camera: Camera, content: &Content<'_>) -> bool {
        content.cards.iter().all(|card| {
            let card = self.on_screen(camera, content, *card);
            self.covers.iter().all(|cover| !cover.expand(GAP / 2.0).intersects(card))
        })
    }
}

/// What is to be shown.
struct Content<'a> {
    bounds: Rect,
    /// None where they are too many to be looked at one by one.
    cards: &'a [Rect],
    squeeze: Squeeze,
}

impl Content<'_> {
    /// What a card takes up at a zoom, or an icon with its name, from the chart's origin, in points.
    fn drawn(&self, card: Rect, zoom: f32) -> Rect {
        let center = card.center();
        let at = Point::new(center.x * zoom, center.y * zoom);
        let are_cards = zoom >= self.squeeze.cards_from();
        let scale = if are_cards { self.squeeze.scale(zoom) } else { zoom };
        let size = if are_cards {
            Size { w: card.width() * scale, h: card.height() * scale }
        } else {
            let side = icons::side(zoom).max(ICON);
            Size { w: side, h: side }
        };
        let mut rect = Rect::from_center_size(at, size);
        if !are_cards {
            rect.min.x -= NAME.w;
            rect.max.x += NAME.w;
            rect.max.y += NAME.h;
        }
        rect
    }

    /// What all takes up at a zoom, from the chart's origin, in points.
    fn extent(&self, zoom: f32) -> Rect {
        let b = self.bounds;
        let mut all = Rect {
            min: Point::new(b.min.x * zoom, b.min.y * zoom),
            max: Point::new(b.max.x * zoom, b.max.y * zoom),
        };
        if self.cards.is_empty() {
            if zoom < self.squeeze.cards_from() {
                all.min.x -= NAME.w;
                all.max.x += NAME.w;
                all.max.y += NAME.h;
            }
            return all;
        }
        let cards = self.cards.iter().map(|card| self.drawn(*card, zoom));
        Rect::around(cards).unwrap_or(all)
    }
}

/// The largest free parts of a rectangle: each touches its edges or what covers it on every side.
fn free_parts(whole: Rect, covers: &[Rect]) -> Vec<Rect> {
    let mut parts = vec![whole];
    for cover in covers.iter().map(|cover| cover.expand(GAP)) {
        let (hit, mut kept): (Vec<Rect>, Vec<Rect>) =
            parts.into_iter().partition(|part| part.intersects(cover));
        for part in hit {
            let (min, max) = (part.min, part.max);
            for piece in [
                Rect { min, max: Point::new(cover.min.x, max.y) },
                Rect { min: Point::new(cover.max.x, min.y), max },
                Rect { min, max: Point::new(max.x, cover.min.y) },
                Rect { min: Point::new(min.x, cover.max.y), max },
            ] {
                let has_room = piece.width() > ICON && piece.height() > ICON;
                let is_new =
                    |other: &Rect| !other.contains(piece.min) || !other.contains(piece.max);
                if has_room && kept.iter().all(is_new) {
                    kept.push(piece);
                }
            }
        }
        parts = kept;
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rect(x: f32, y: f32, w: f32, h: f32) -> Rect {
        Rect { min: Point::new(x, y), max: Point::new(x + w, y + h) }
    }

    #[test]
    fn a_chart_that_is_under_nothing_is_in_the_middle() {
        let ground = Ground {
            window: rect(0.0, 0.0, 1000.0, 800.0),
            covers: vec![rect(10.0, 500.0, 180.0, 290.0)],
        };
        let card = rect(-50.0, -20.0, 100.0, 40.0);
        assert_eq!(
            ground.fit(card, &[card], 1.0, Squeeze::default()),
            Camera { x: 0.0, y: 0.0, zoom: 1.0 }
        );
    }

    #[test]
    fn free_corners_are_used_before_the_chart_gets_smaller() {
        let ground = Ground {
            window: rect(0.0, 0.0, 1000.0, 800.0),
            covers: vec![rect(10.0, 500.0, 180.0, 290.0), rect(820.0, 680.0, 170.0, 110.0)],
        };
        // A cross has nothing in the corners.
        let cards = [
            rect(-450.0, -20.0, 100.0, 40.0),
            rect(350.0, -20.0, 100.0, 40.0),
            rect(-50.0, -350.0, 100.0, 40.0),
            rect(-50.0, 310.0, 100.0, 40.0),
        ];
        let bounds = Rect::around(cards).expect("four");
        assert!(ground.fit(bounds, &cards, 1.0, Squeeze::default()).zoom >= 1.0);
        // A full sheet has to go beside or above.
        let sheet = rect(-450.0, -350.0, 900.0, 700.0);
        let camera = ground.fit(sheet, &[sheet], 1.0, Squeeze::default());
        assert!(camera.zoom > 0.6, "{camera:?}");
    }

    #[test]
    fn a_camera_moves_aside_so_that_cards_at_the_edge_are_whole_or_out_of_sight() {
        let ground = Ground { window: rect(0.0, 0.0, 1000.0, 700.0), covers: Vec::new() };
        let shown = [rect(-100.0, -30.0, 200.0, 60.0)];
        // One is cut at the right, one at the top.
        let others = [shown[0], rect(420.0, 0.0, 200.0, 60.0), rect(-50.0, -390.0, 200.0, 60.0)];
        let camera = Camera { x: 0.0, y: 0.0, zoom: 1.0 };
        let moved = ground.uncut(camera, (&shown, &others), Squeeze::default());
        let content = Content { bounds: shown[0], cards: &shown, squeeze: Squeeze::default() };
        for card in others {
            let at = ground.on_screen(moved, &content, card);
            let whole = ground.window.contains(at.min) && ground.window.contains(at.max);
            assert!(whole || !ground.window.intersects(at), "{moved:?} {at:?}");
        }
        assert!(moved.zoom >= 0.8);
    }

    proptest! {
        #[test]
        fn no_card_is_ever_covered(
            window in (350.0_f32..2000.0, 330.0_f32..1400.0),
            legend in (80.0_f32..220.0, 30.0_f32..250.0),
            marking in 40.0_f32..200.0,
            places in proptest::collection::vec((-3000.0_f32..3000.0, -2000.0_f32..2000.0), 1..60),
        ) {
            let (w, h) = window;
            let ground = Ground {
                window: rect(40.0, 70.0, w, h),
                covers: vec![
                    rect(52.0, 58.0 + h - legend.1, legend.0, legend.1),
                    rect(40.0 + w - 180.0, 58.0 + h - 112.0, 168.0, 112.0),
                    rect(40.0 + (w - marking) / 2.0, 80.0, marking, 26.0),
                ],
            };
            let cards: Vec<Rect> =
                places.iter().map(|(x, y)| rect(*x, *y, 200.0, 60.0)).collect();
            let bounds = Rect::around(cards.iter().copied()).expect("some");
            let camera = ground.fit(bounds, &cards, 1.0, Squeeze::default());
            for card in &cards {
                let (middle, center) = (ground.window.center(), card.center());
                let at = Point::new(
                    middle.x + (center.x - camera.x) * camera.zoom,
                    middle.y + (center.y - camera.y) * camera.zoom,
                );
                let size = Size { w: card.width() * camera.zoom, h: card.height() * camera.zoom };
                let zoomed = Rect::from_center_size(at, size);
                prop_assert!(ground.window.contains(zoomed.min) && ground.window.contains(zoomed.max));
                prop_assert!(ground.covers.iter().all(|cover| !cover.intersects(zoomed)));
            }
        }
    }
}
