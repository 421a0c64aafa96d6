//! Boxes packed into a rectangle that is open at its foot.

/// Widths that are tried, as parts of the one that is asked for.
const WIDTHS: [f32; 7] = [1.0, 0.93, 1.05, 1.1, 1.16, 1.23, 1.3];
/// Of more boxes only the first width is tried: a row more or less makes no difference to them.
const MANY: usize = 20_000;

/// Where the upper left corners of boxes of these sizes come to lie: the highest first, each as
/// high up as there is room, and there as far left. The whole is about as wide as the side of a
/// square of `wide` times the boxes' area, but no narrower than the widest; of some such widths it
/// is the one that leaves the least room unused.
pub(super) fn packed(sizes: &[(f32, f32)], wide: f32) -> Vec<(f32, f32)> {
    let area: f32 = sizes.iter().map(|(w, h)| w * h).sum();
    let widest = sizes.iter().map(|(w, _)| *w).fold(0.0, f32::max);
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by(|a, b| sizes[*b].1.total_cmp(&sizes[*a].1).then_with(|| a.cmp(b)));
    let widths = if sizes.len() > MANY { &WIDTHS[..1] } else { &WIDTHS[..] };
    let mut best = (f32::INFINITY, Vec::new());
    for part in widths {
        let mut line = Skyline::new(((area * wide).sqrt() * part).max(widest));
        let mut corners = vec![(0.0, 0.0); sizes.len()];
        for n in &order {
            corners[*n] = line.place(sizes[*n]);
        }
        let boxes = || sizes.iter().zip(&corners);
        let right = boxes().map(|(size, corner)| corner.0 + size.0).fold(0.0, f32::max);
        let bottom = boxes().map(|(size, corner)| corner.1 + size.1).fold(0.0, f32::max);
        if right * bottom < best.0 || best.1.is_empty() {
            best = (right * bottom, corners);
        }
    }
    best.1
}

/// How far down each stretch of the rectangle is filled.
struct Skyline {
    wide: f32,
    /// Where a stretch begins and how far down it is filled, from left to right.
    steps: Vec<(f32, f32)>,
}

impl Skyline {
    fn new(wide: f32) -> Self {
        Self { wide, steps: vec![(0.0, 0.0)] }
    }

    /// Puts a box to where it lies highest; gives its upper left corner.
    fn place(&mut self, (width, height): (f32, f32)) -> (f32, f32) {
        // Sums of many widths are not exact.
        let slack = self.wide * 1e-5;
        let mut best = (0, f32::INFINITY);
        for (first, (x, y)) in self.steps.iter().enumerate() {
            if *y >= best.1 {
                continue;
            }
            if x + width > self.wide + slack {
                break;
            }
            let under = self.steps[first..].iter().take_while(|step| step.0 < x + width - slack);
            let top = under.map(|step| step.1).fold(0.0, f32::max);
            if top < best.1 {
                best = (first, top);
            }
        }
        let (first, top) = best;
        if !top.is_finite() {
            // Wider than all there is: below everything.
            let bottom = self.steps.iter().map(|step| step.1).fold(0.0, f32::max);
            self.steps = vec![(0.0, bottom + height)];
            return (0.0, bottom);
        }
        let x = self.steps[first].0;
        let end = x + width;
        let mut after = first;
        let mut below = top;
        while after < self.steps.len() && self.steps[after].0 < end - slack {
            below = self.steps[after].1;
            after += 1;
        }
        let rest =
            end < self.wide - slack && self.steps.get(after).is_none_or(|s| s.0 > end + slack);
        // Beside a stretch that is filled as far it is one with that: no box fits better at its
        // beginning than further left.
        let level = top + height;
        let joins = first > 0 && self.steps[first - 1].1 == level;
        let stretches = [(!joins).then_some((x, level)), rest.then_some((end, below))];
        self.steps.splice(first..after, stretches.into_iter().flatten());
        (x, top)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn small_boxes_fill_the_room_beside_a_large_one() {
        let mut sizes = vec![(10.0, 10.0)];
        sizes.extend([(1.0, 1.0); 60]);
        let corners = packed(&sizes, 1.6);
        assert_eq!(corners[0], (0.0, 0.0));
        let (right, bottom) = sizes
            .iter()
            .zip(&corners)
            .fold((0.0_f32, 0.0_f32), |far, (s, c)| (far.0.max(c.0 + s.0), far.1.max(c.1 + s.1)));
        assert!(right * bottom < 1.2 * 160.0, "{right} × {bottom} for an area of 160");
    }

    proptest! {
        #[test]
        fn no_box_lies_over_another_and_little_room_is_lost(
            sizes in prop::collection::vec((1..60_u8, 1..60_u8), 1..80),
            wide in 10..30_u8,
        ) {
            let sizes: Vec<(f32, f32)> =
                sizes.iter().map(|(w, h)| (f32::from(*w), f32::from(*h))).collect();
            let corners = packed(&sizes, f32::from(wide) / 10.0);
            prop_assert_eq!(corners.len(), sizes.len());
            let boxes: Vec<[f32; 4]> = sizes
                .iter()
                .zip(&corners)
                .map(|((w, h), (x, y))| [*x, *y, x + w, y + h])
                .collect();
            for (n, a) in boxes.iter().enumerate() {
                prop_assert!(a[0] >= 0.0 && a[1] >= 0.0);
                for b in &boxes[n + 1..] {
                    let over = |from: usize, to: usize| a[to].min(b[to]) - a[from].max(b[from]);
                    prop_assert!(over(0, 2) < 0.02 || over(1, 3) < 0.02, "{:?} over {:?}", a, b);
                }
            }
            let area: f32 = sizes.iter().map(|(w, h)| w * h).sum();
            let right = boxes.iter().map(|b| b[2]).fold(0.0, f32::max);
            let bottom = boxes.iter().map(|b| b[3]).fold(0.0, f32::max);
            let highest = sizes.iter().map(|(_, h)| *h).fold(0.0, f32::max);
            prop_assert!(right * (bottom - highest) <= 1.8 * area, "{right} × {bottom} for {area}");
        }
    }
}
