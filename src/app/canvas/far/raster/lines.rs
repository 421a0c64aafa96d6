//! Lines of one colour as how much of each pixel they cover. Sixteen bits for a pixel: a hundred
//! thousand lines, each as faint as one part in a hundred, still add up to what they should.

/// Rows of opacities, from `top` on.
pub(super) struct Layer {
    pub width: usize,
    pub top: usize,
    pub rows: usize,
    pub opacity: Vec<u16>,
}

/// Where a line goes and how: ends in pixels, its width, and its opacity from 0 to 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stroke {
    pub from: (f32, f32),
    pub to: (f32, f32),
    pub width: f32,
    pub ink: f32,
}

impl Layer {
    pub(super) fn new(width: usize, top: usize, rows: usize) -> Self {
        Self { width, top, rows, opacity: vec![0; width * rows] }
    }

    #[inline]
    fn add(&mut self, x: i32, y: i32, ink: f32) {
        let y = y - self.top as i32;
        if x < 0 || y < 0 || x >= self.width as i32 || y >= self.rows as i32 {
            return;
        }
        let pixel = &mut self.opacity[y as usize * self.width + x as usize];
        let free = u32::from(u16::MAX - *pixel);
        *pixel += ((free * (ink * 65_535.0) as u32) >> 16) as u16;
    }

    /// Draws a line as the part of each pixel that it covers, across its way.
    pub(super) fn stroke(&mut self, stroke: Stroke) {
        let ((ax, ay), (bx, by)) = (stroke.from, stroke.to);
        let margin = stroke.width + 2.0;
        let (left, right) = (-margin, self.width as f32 + margin);
        let (above, below) = (self.top as f32 - margin, (self.top + self.rows) as f32 + margin);
        let Some((from, to)) = clipped((ax, ay), (bx, by), (left, above), (right, below)) else {
            return;
        };
        let (dx, dy) = (bx - ax, by - ay);
        if dx.abs() >= dy.abs() {
            // The slope of the whole line, so that a part of it lies where the whole would.
            let slope = if dx == 0.0 { 0.0 } else { dy / dx };
            let at = |x: f32| ay + (x - ax) * slope;
            self.march(from.0, to.0, slope, at, stroke, |layer, along, across, ink| {
                layer.add(along, across, ink);
            });
        } else {
            let slope = dx / dy;
            let at = |y: f32| ax + (y - ay) * slope;
            self.march(from.1, to.1, slope, at, stroke, |layer, along, across, ink| {
                layer.add(across, along, ink);
            });
        }
    }

    /// Goes along the longer side of a line, pixel by pixel.
    fn march(
        &mut self,
        from: f32,
        to: f32,
        slope: f32,
        at: impl Fn(f32) -> f32,
        stroke: Stroke,
        mut put: impl FnMut(&mut Self, i32, i32, f32),
    ) {
        let (begin, end) = (from.min(to), from.max(to));
        let half = stroke.width * (1.0 + slope * slope).sqrt() / 2.0;
        let mut along = begin.floor();
        while along < end {
            // At the ends a pixel is covered in part.
            let (first, last) = (along.max(begin), (along + 1.0).min(end));
            let middle = at(f32::midpoint(first, last));
            let (low, high) = (middle - half, middle + half);
            let ink = stroke.ink * (last - first);
            let mut across = low.floor();
            while across < high {
                let covered = high.min(across + 1.0) - low.max(across);
                put(self, along as i32, across as i32, covered * ink);
                across += 1.0;
            }
            along += 1.0;
        }
    }

    /// Fills a triangle.
    pub(super) fn triangle(&mut self, corners: [(f32, f32); 3], ink: f32) {
        let [a, b, c] = corners;
        let low = |of: fn((f32, f32)) -> f32| of(a).min(of(b)).min(of(c));
        let high = |of: fn((f32, f32)) -> f32| of(a).max(of(b)).max(of(c));
        let turn = (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0);
        if turn == 0.0 {
            return;
        }
        let (top, bottom) = (self.top as f32, (self.top + self.rows) as f32);
        let rows = low(|p| p.1).max(top).floor() as i32..=high(|p| p.1).min(bottom).ceil() as i32;
        let right = self.width as f32;
        let columns = low(|p| p.0).max(0.0).floor() as i32..=high(|p| p.0).min(right).ceil() as i32;
        // How far a point lies inside of a side, in pixels.
        let inside = |p: (f32, f32), q: (f32, f32), at: (f32, f32)| {
            let (dx, dy) = (q.0 - p.0, q.1 - p.1);
            let cross = dx * (at.1 - p.1) - dy * (at.0 - p.0);
            cross * turn.signum() / dx.hypot(dy).max(1e-6)
        };
        for y in rows {
            for x in columns.clone() {
                let at = (x as f32 + 0.5, y as f32 + 0.5);
                let least = inside(a, b, at).min(inside(b, c, at)).min(inside(c, a, at));
                let covered = (least + 0.5).clamp(0.0, 1.0);
                if covered > 0.0 {
                    self.add(x, y, covered * ink);
                }
            }
        }
    }
}

/// The part of a line that lies in a box, as its ends.
pub(super) fn clipped(
    a: (f32, f32),
    b: (f32, f32),
    min: (f32, f32),
    max: (f32, f32),
) -> Option<((f32, f32), (f32, f32))> {
    let (mut from, mut to) = (0.0_f32, 1.0_f32);
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    for (delta, start, low, high) in [(dx, a.0, min.0, max.0), (dy, a.1, min.1, max.1)] {
        if delta == 0.0 {
            if start < low || start > high {
                return None;
            }
            continue;
        }
        let (enter, leave) = ((low - start) / delta, (high - start) / delta);
        from = from.max(enter.min(leave));
        to = to.min(enter.max(leave));
    }
    // What is not finite compares false and is not drawn.
    (from <= to && dx.is_finite() && dy.is_finite()).then(|| {
        // Of what reaches very far no more than the box, however numbers round there.
        let at = |t: f32| ((a.0 + dx * t).clamp(min.0, max.0), (a.1 + dy * t).clamp(min.1, max.1));
        (at(from), at(to))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn drawn(stroke: Stroke, bands: usize) -> Vec<u16> {
        let (width, height) = (64, 48);
        let rows = height / bands;
        (0..bands)
            .flat_map(|band| {
                let mut layer = Layer::new(width, band * rows, rows);
                layer.stroke(stroke);
                layer.opacity
            })
            .collect()
    }

    proptest! {
        #[test]
        fn a_line_in_sight_covers_its_length_times_its_width(
            (ax, ay, bx, by) in (6..58_i16, 6..42_i16, 6..58_i16, 6..42_i16),
            width in 0.4..2.5_f32,
        ) {
            let stroke = Stroke {
                from: (f32::from(ax), f32::from(ay)),
                to: (f32::from(bx), f32::from(by)),
                width,
                ink: 0.5,
            };
            let sum: f32 = drawn(stroke, 1).iter().map(|v| f32::from(*v) / 65_535.0).sum();
            let length = f32::from(bx - ax).hypot(f32::from(by - ay));
            prop_assert!((sum - length * width * 0.5).abs() < 0.6 + length * 0.01, "{sum}");
        }

        #[test]
        fn bands_fit_together(
            (ax, ay, bx, by) in (-90..150_i16, -90..150_i16, -90..150_i16, -90..150_i16),
        ) {
            let stroke = Stroke {
                from: (f32::from(ax) + 0.3, f32::from(ay)),
                to: (f32::from(bx), f32::from(by) - 0.4),
                width: 1.3,
                ink: 0.8,
            };
            let (whole, parts) = (drawn(stroke, 1), drawn(stroke, 4));
            // Ends that are cut off elsewhere may round another way.
            let far = |(a, b): (&u16, &u16)| a.abs_diff(*b) > 700;
            prop_assert!(!whole.iter().zip(&parts).any(far));
        }

        #[test]
        fn nothing_odd_is_drawn_or_goes_on_for_ever(
            odd in prop::sample::select(vec![f32::NAN, f32::INFINITY, 1e30, -1e30]),
            at in 0..4_usize,
        ) {
            let mut ends = [1.0, 2.0, 30.0, 20.0];
            ends[at] = odd;
            let stroke = Stroke {
                from: (ends[0], ends[1]),
                to: (ends[2], ends[3]),
                width: 1.0,
                ink: 1.0,
            };
            drawn(stroke, 2);
        }
    }

    #[test]
    fn many_faint_lines_add_up() {
        let mut layer = Layer::new(8, 0, 8);
        for _ in 0..400 {
            layer.stroke(Stroke { from: (0.0, 4.0), to: (8.0, 4.0), width: 0.5, ink: 0.01 });
        }
        let opacity = f32::from(layer.opacity[4 * 8 + 4]) / 65_535.0;
        let expected = 1.0 - (1.0 - 0.0025_f32).powi(400);
        assert!((opacity - expected).abs() < 0.02, "{opacity} {expected}");
    }
}
