//! Finding what lies where, among hundreds of thousands.

use super::{Point, Rect};

/// How many boxes share one box of the level above.
const FAN: usize = 8;

/// Boxes by where they are: a packed hierarchy of bounding boxes over boxes in Morton order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spatial {
    /// Which box stands at which place of the lowest level.
    order: Vec<u32>,
    /// The boxes in that order, then the boxes around each [`FAN`] of them, and so on to one.
    levels: Vec<Vec<Rect>>,
}

impl Spatial {
    /// Of boxes, by their places in a list. What is not finite is never found.
    pub fn new(boxes: &[Rect]) -> Self {
        let Some(whole) = Rect::around(boxes.iter().copied().filter(is_finite)) else {
            return Self::default();
        };
        let cell = |v: f32, from: f32, length: f32| {
            ((v - from) / length.max(f32::MIN_POSITIVE) * 65_535.0) as u16
        };
        let mut keyed: Vec<(u32, u32)> = boxes
            .iter()
            .enumerate()
            .filter(|(_, rect)| is_finite(rect))
            .map(|(n, rect)| {
                let c = rect.center();
                let x = cell(c.x, whole.min.x, whole.width());
                let y = cell(c.y, whole.min.y, whole.height());
                (interleaved(x) | (interleaved(y) << 1), n as u32)
            })
            .collect();
        keyed.sort_unstable();
        let order: Vec<u32> = keyed.into_iter().map(|(_, n)| n).collect();
        let mut levels = vec![order.iter().map(|n| boxes[*n as usize]).collect::<Vec<_>>()];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            let above =
                below.chunks(FAN).map(|some| some.iter().copied().fold(some[0], Rect::union));
            let above = above.collect();
            levels.push(above);
        }
        Self { order, levels }
    }

    /// Calls for each box that shares a point with an area, in no order that means anything.
    pub fn each(&self, area: Rect, found: &mut impl FnMut(usize)) {
        if let Some(top) = self.levels.len().checked_sub(1) {
            self.descend(top, 0..self.levels[top].len(), area, found);
        }
    }

    fn descend(
        &self,
        level: usize,
        range: std::ops::Range<usize>,
        area: Rect,
        found: &mut impl FnMut(usize),
    ) {
        for at in range {
            if !touch(self.levels[level][at], area) {
                continue;
            }
            match level.checked_sub(1) {
                None => found(self.order[at] as usize),
                Some(below) => {
                    let end = ((at + 1) * FAN).min(self.levels[below].len());
                    self.descend(below, at * FAN..end, area, found);
                }
            }
        }
    }
}

fn is_finite(rect: &Rect) -> bool {
    [rect.min, rect.max].iter().all(|p| p.x.is_finite() && p.y.is_finite())
}

/// Whether two boxes share a point, edges included.
fn touch(a: Rect, b: Rect) -> bool {
    a.min.x <= b.max.x && b.min.x <= a.max.x && a.min.y <= b.max.y && b.min.y <= a.max.y
}

/// The bits of a number with a gap after each.
fn interleaved(v: u16) -> u32 {
    let mut v = u32::from(v);
    v = (v | (v << 8)) & 0x00FF_00FF;
    v = (v | (v << 4)) & 0x0F0F_0F0F;
    v = (v | (v << 2)) & 0x3333_3333;
    (v | (v << 1)) & 0x5555_5555
}

/// A closed loop that somebody drew, for asking what is inside.
#[derive(Clone, Debug)]
pub struct Loop {
    bounds: Rect,
    /// The sides that reach into each of several bands, from top to bottom.
    bands: Vec<Vec<(Point, Point)>>,
}

const BANDS: usize = 64;

impl Loop {
    /// Through points, back to the first; `None` for fewer than three.
    pub fn new(points: &[Point]) -> Option<Self> {
        if points.len() < 3 {
            return None;
        }
        let bounds = Rect::around(points.iter().map(|p| Rect { min: *p, max: *p }))?;
        let mut shape = Self { bounds, bands: vec![Vec::new(); BANDS] };
        for (at, a) in points.iter().enumerate() {
            let b = points[(at + 1) % points.len()];
            let (first, last) = (shape.band(a.y.min(b.y)), shape.band(a.y.max(b.y)));
            for band in &mut shape.bands[first..=last] {
                band.push((*a, b));
            }
        }
        Some(shape)
    }

    /// What holds it.
    pub fn bounds(&self) -> Rect {
        self.bounds
    }

    /// Whether a point lies inside, by counting crossings.
    pub fn contains(&self, p: Point) -> bool {
        self.bounds.contains(p)
            && self.bands[self.band(p.y)].iter().fold(false, |inside, (a, b)| {
                let crosses = (a.y > p.y) != (b.y > p.y)
                    && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x;
                inside != crosses
            })
    }

    fn band(&self, y: f32) -> usize {
        let height = self.bounds.height().max(f32::MIN_POSITIVE);
        (((y - self.bounds.min.y) / height * BANDS as f32) as usize).min(BANDS - 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rect(x: f32, y: f32, w: f32, h: f32) -> Rect {
        Rect { min: Point::new(x, y), max: Point::new(x + w, y + h) }
    }

    proptest! {
        #[test]
        fn what_lies_in_an_area_is_found_and_nothing_else(
            boxes in prop::collection::vec((-99..99_i16, -99..99_i16, 0..30_u8, 0..30_u8), 0..200),
            (x, y, w, h) in (-120..120_i16, -120..120_i16, 0..90_u8, 0..90_u8),
        ) {
            let boxes: Vec<Rect> = boxes
                .into_iter()
                .map(|(x, y, w, h)| rect(x.into(), y.into(), w.into(), h.into()))
                .collect();
            let area = rect(x.into(), y.into(), w.into(), h.into());
            let mut found = Vec::new();
            Spatial::new(&boxes).each(area, &mut |n| found.push(n));
            found.sort_unstable();
            let all: Vec<usize> = (0..boxes.len()).filter(|n| touch(boxes[*n], area)).collect();
            prop_assert_eq!(found, all);
        }

        #[test]
        fn a_loop_holds_what_a_ray_says(
            points in prop::collection::vec((-99..99_i16, -99..99_i16), 3..40),
            (x, y) in (-120..120_i16, -120..120_i16),
        ) {
            let points: Vec<Point> =
                points.into_iter().map(|(x, y)| Point::new(x.into(), y.into())).collect();
            // Off the corners, where being inside has no meaning.
            let p = Point::new(f32::from(x) + 0.37, f32::from(y) + 0.41);
            let mut inside = false;
            for (at, a) in points.iter().enumerate() {
                let b = points[(at + 1) % points.len()];
                if (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x {
                    inside = !inside;
                }
            }
            prop_assert_eq!(Loop::new(&points).is_some_and(|l| l.contains(p)), inside);
        }
    }

    #[test]
    fn what_is_nowhere_is_not_found() {
        let boxes = [rect(f32::NAN, 0.0, 1.0, 1.0), rect(0.0, 0.0, 0.0, 0.0)];
        let mut found = Vec::new();
        Spatial::new(&boxes).each(rect(-1e9, -1e9, 2e9, 2e9), &mut |n| found.push(n));
        assert_eq!(found, [1]);
    }
}
