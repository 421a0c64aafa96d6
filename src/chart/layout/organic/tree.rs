//! What everything pushes on everything, in about n log n: far groups count as one
//! (Barnes and Hut, Nature 324, 1986), and near members share one list of what they look at.

use super::{even_cuts, spread};

/// Members that share a list of what acts on them.
const LEAF: usize = 16;
/// Lanes that the innermost loop works on at once.
const LANES: usize = 8;
/// Keeps what lies on the same spot from dividing by zero.
const SOFT: f32 = 1e-4;
/// The same for what is felt close by, which would throw far off what lies very close.
const CLOSE: f32 = 0.1;

/// Members sorted along a curve that keeps neighbours together, and the groups that they form.
pub(super) struct Tree {
    /// The members in the order of the curve.
    order: Vec<u32>,
    x: Vec<f32>,
    y: Vec<f32>,
    mass: Vec<f32>,
    cells: Vec<Cell>,
    sums: Vec<Sums>,
    /// The cells without parts, in order.
    leaves: Vec<u32>,
}

/// A group: where it is and what it weighs. Cells stand in the order of a walk that visits a
/// group before its parts.
#[derive(Clone, Copy, Default)]
struct Cell {
    x: f32,
    y: f32,
    mass: f32,
    /// The longer side of the box around its members.
    size: f32,
    /// The middle of that box.
    middle: (f32, f32),
    /// The cell after all of its parts.
    skip: u32,
    /// Its members in the order of the curve.
    first: u32,
    last: u32,
}

/// What the members of a group weigh together, and the box around them.
#[derive(Clone, Copy)]
struct Sums {
    x: f64,
    y: f64,
    mass: f64,
    bounds: (f32, f32, f32, f32),
}

impl Default for Sums {
    fn default() -> Self {
        Self { x: 0.0, y: 0.0, mass: 0.0, bounds: (f32::MAX, f32::MIN, f32::MAX, f32::MIN) }
    }
}

impl Sums {
    fn of(x: &[f32], y: &[f32], mass: &[f32]) -> Self {
        let mut sums = Self::default();
        for ((x, y), m) in x.iter().zip(y).zip(mass) {
            let mass = f64::from(*m);
            let bounds = (*x, *x, *y, *y);
            sums.add(&Self { x: f64::from(*x) * mass, y: f64::from(*y) * mass, mass, bounds });
        }
        sums
    }

    fn add(&mut self, other: &Self) {
        self.x += other.x;
        self.y += other.y;
        self.mass += other.mass;
        self.bounds = (
            self.bounds.0.min(other.bounds.0),
            self.bounds.1.max(other.bounds.1),
            self.bounds.2.min(other.bounds.2),
            self.bounds.3.max(other.bounds.3),
        );
    }
}

impl Tree {
    /// The tree of members at these places with these weights.
    pub(super) fn new(x: &[f32], y: &[f32], mass: &[f32], threads: usize) -> Self {
        let bounds = |values: &[f32]| {
            values.iter().fold((f32::MAX, f32::MIN), |(a, b), v| (a.min(*v), b.max(*v)))
        };
        let ((left, right), (top, bottom)) = (bounds(x), bounds(y));
        let side = (right - left).max(bottom - top).max(1e-6);
        let scale = 65_535.0 / side;
        let cuts = even_cuts(x.len(), threads);
        let mut keyed = vec![(0, 0); x.len()];
        spread(&mut keyed, &cuts, |first, part| {
            let cell = |v: f32, from: f32| ((v - from) * scale) as u32;
            for (n, keyed) in (first..).zip(part) {
                let key = interleave(cell(x[n], left)) | interleave(cell(y[n], top)) << 1;
                *keyed = (key, n as u32);
            }
        });
        radix_sort(&mut keyed);
        let order: Vec<u32> = keyed.iter().map(|(_, n)| *n).collect();
        let sorted = |values: &[f32]| order.iter().map(|n| values[*n as usize]).collect();
        let mut tree = Self {
            x: sorted(x),
            y: sorted(y),
            mass: sorted(mass),
            order,
            cells: Vec::with_capacity(x.len() / 4 + 4),
            sums: Vec::with_capacity(x.len() / 4 + 4),
            leaves: Vec::with_capacity(x.len() / 8 + 4),
        };
        if !keyed.is_empty() {
            tree.cell(&keyed, 0, keyed.len(), 15);
        }
        tree
    }

    /// Adds the cell of a range of members and those of its parts; gives its place.
    fn cell(&mut self, keyed: &[(u32, u32)], first: usize, last: usize, level: i32) -> usize {
        let at = self.cells.len();
        self.sums.push(Sums::default());
        self.cells.push(Cell { first: first as u32, last: last as u32, ..Cell::default() });
        if last - first <= LEAF || level < 0 {
            self.leaves.push(at as u32);
        } else {
            let mut from = first;
            for quarter in 0..4_u32 {
                let to = if quarter == 3 {
                    last
                } else {
                    let in_part = |key: u32| (key >> (2 * level)) & 3 <= quarter;
                    from + keyed[from..last].partition_point(|(key, _)| in_part(*key))
                };
                if to > from {
                    self.cell(keyed, from, to, level - 1);
                }
                from = to;
            }
        }
        let sums = if at + 1 == self.cells.len() {
            Sums::of(&self.x[first..last], &self.y[first..last], &self.mass[first..last])
        } else {
            let mut sums = Sums::default();
            let mut part = at + 1;
            while part < self.cells.len() {
                sums.add(&self.sums[part]);
                part = self.cells[part].skip as usize;
            }
            sums
        };
        let Sums { x, y, mass, bounds } = sums;
        self.sums[at] = sums;
        let end = self.cells.len() as u32;
        let cell = &mut self.cells[at];
        cell.x = (x / mass) as f32;
        cell.y = (y / mass) as f32;
        cell.mass = mass as f32;
        cell.size = (bounds.1 - bounds.0).max(bounds.3 - bounds.2);
        cell.middle = (f32::midpoint(bounds.0, bounds.1), f32::midpoint(bounds.2, bounds.3));
        cell.skip = end;
        at
    }

    /// Sums, for each member, `mass · d / |d|²` over all others, with `d` pointing away from them;
    /// and `near` times about `mass · d / |d|⁴`, which is felt only close by.
    /// A group counts as one where it looks smaller than `theta` from where one stands. Nothing is
    /// summed where nobody moves.
    pub(super) fn push(
        &self,
        (theta, near): (f32, f32),
        threads: usize,
        moves: impl Fn(usize) -> bool + Sync,
        push: &mut Vec<(f32, f32)>,
    ) {
        let mut sorted = vec![(0.0_f32, 0.0_f32); self.order.len()];
        // Each thread takes leaves with about as many members as the others'.
        let share = self.order.len().div_ceil(threads.max(1)).max(1);
        let mut cuts = vec![0];
        for &leaf in &self.leaves {
            let first = self.cells[leaf as usize].first as usize;
            if first >= share * cuts.len() {
                cuts.push(first);
            }
        }
        spread(&mut sorted, &cuts, |first, part| {
            let last = first + part.len();
            let from =
                self.leaves.partition_point(|l| (self.cells[*l as usize].first as usize) < first);
            let mut list = List::default();
            for &leaf in &self.leaves[from..] {
                let leaf = &self.cells[leaf as usize];
                let (a, b) = (leaf.first as usize, leaf.last as usize);
                if a >= last {
                    break;
                }
                if !self.order[a..b].iter().any(|n| moves(*n as usize)) {
                    continue;
                }
                self.look(leaf, theta, &mut list);
                for n in a..b {
                    part[n - first] = list.push_on(self.x[n], self.y[n], near);
                }
            }
        });
        push.clear();
        push.resize(self.order.len(), (0.0, 0.0));
        for (at, member) in self.order.iter().enumerate() {
            push[*member as usize] = sorted[at];
        }
    }

    /// Lists what acts on the members of a leaf: groups that are far, members that are near.
    fn look(&self, leaf: &Cell, theta: f32, list: &mut List) {
        list.clear();
        let reach = leaf.size * 0.707;
        let mut at = 0;
        while at < self.cells.len() {
            let cell = &self.cells[at];
            let (dx, dy) = (cell.x - leaf.middle.0, cell.y - leaf.middle.1);
            let room = (dx * dx + dy * dy).sqrt() - reach;
            if cell.size < theta * room {
                list.add(cell.x, cell.y, cell.mass);
                at = cell.skip as usize;
            } else if cell.skip as usize == at + 1 {
                for n in cell.first as usize..cell.last as usize {
                    list.add(self.x[n], self.y[n], self.mass[n]);
                }
                at += 1;
            } else {
                at += 1;
            }
        }
        list.fill();
    }
}

/// What acts on some members, in arrays that a processor works on eight at a time.
#[derive(Default)]
struct List {
    x: Vec<f32>,
    y: Vec<f32>,
    mass: Vec<f32>,
}

impl List {
    fn clear(&mut self) {
        self.x.clear();
        self.y.clear();
        self.mass.clear();
    }

    fn add(&mut self, x: f32, y: f32, mass: f32) {
        self.x.push(x);
        self.y.push(y);
        self.mass.push(mass);
    }

    /// Makes the length a multiple of the lanes, with what weighs nothing.
    fn fill(&mut self) {
        while !self.x.len().is_multiple_of(LANES) {
            self.add(0.0, 0.0, 0.0);
        }
    }

    #[inline]
    fn push_on(&self, x: f32, y: f32, near: f32) -> (f32, f32) {
        let (mut sx, mut sy) = ([0.0_f32; LANES], [0.0_f32; LANES]);
        let (masses, _) = self.mass.as_chunks::<LANES>();
        let lists_x = &self.x.as_chunks::<LANES>().0[..masses.len()];
        let lists_y = &self.y.as_chunks::<LANES>().0[..masses.len()];
        for (n, lm) in masses.iter().enumerate() {
            let (lx, ly) = (&lists_x[n], &lists_y[n]);
            for lane in 0..LANES {
                let (dx, dy) = (x - lx[lane], y - ly[lane]);
                let square = dx * dx + dy * dy;
                let (part, close) = (1.0 / (square + SOFT), 1.0 / (square + CLOSE));
                let part = lm[lane] * (part + near * close * close);
                sx[lane] += dx * part;
                sy[lane] += dy * part;
            }
        }
        (sx.iter().sum(), sy.iter().sum())
    }
}

/// Puts a zero between any two of sixteen bits.
fn interleave(value: u32) -> u32 {
    let mut v = value & 0xFFFF;
    v = (v | v << 8) & 0x00FF_00FF;
    v = (v | v << 4) & 0x0F0F_0F0F;
    v = (v | v << 2) & 0x3333_3333;
    (v | v << 1) & 0x5555_5555
}

/// Sorts by the first number, keeping the order of equals.
fn radix_sort(items: &mut Vec<(u32, u32)>) {
    const BITS: u32 = 11;
    let mut other = vec![(0, 0); items.len()];
    for pass in 0..3 {
        let digit = |key: u32| (key >> (pass * BITS)) as usize & ((1 << BITS) - 1);
        let mut starts = [0_usize; 1 << BITS];
        for (key, _) in items.iter() {
            starts[digit(*key)] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += std::mem::replace(start, sum);
        }
        for item in items.iter() {
            let start = &mut starts[digit(item.0)];
            other[*start] = *item;
            *start += 1;
        }
        std::mem::swap(items, &mut other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_push_is_about_that_of_all_pairs_and_the_same_on_any_number_of_threads() {
        let place = |n: usize| {
            let angle = n as f32 * 2.4;
            let far = (n as f32).sqrt() * (1.0 + (n % 7) as f32 * 0.3);
            (far * angle.cos(), far * angle.sin())
        };
        let (x, y): (Vec<f32>, Vec<f32>) = (0..3000).map(place).unzip();
        let mass: Vec<f32> = (0..3000).map(|n| 1.0 + (n % 3) as f32).collect();
        let tree = Tree::new(&x, &y, &mass, 1);
        let (mut one, mut three) = (Vec::new(), Vec::new());
        tree.push((0.6, 0.0), 1, |_| true, &mut one);
        tree.push((0.6, 0.0), 3, |_| true, &mut three);
        assert_eq!(one, three);
        let (mut wrong, mut whole) = (0.0_f64, 0.0_f64);
        for n in (0..3000).step_by(37) {
            let (mut fx, mut fy) = (0.0_f32, 0.0_f32);
            for o in 0..3000 {
                let (dx, dy) = (x[n] - x[o], y[n] - y[o]);
                let part = mass[o] / (dx * dx + dy * dy + SOFT);
                fx += dx * part;
                fy += dy * part;
            }
            wrong += f64::from((fx - one[n].0).hypot(fy - one[n].1));
            whole += f64::from(fx.hypot(fy));
        }
        assert!(wrong / whole < 0.02, "off by {}", wrong / whole);
    }

    #[test]
    fn many_on_one_spot_are_no_trouble() {
        let spot = vec![3.0_f32; 500];
        let tree = Tree::new(&spot, &spot, &vec![1.0; 500], 2);
        let mut push = Vec::new();
        tree.push((0.9, 0.0), 2, |_| true, &mut push);
        assert!(push.iter().all(|(x, y)| x.is_finite() && y.is_finite()));
        Tree::new(&[], &[], &[], 2).push((0.9, 0.0), 2, |_| true, &mut push);
        assert!(push.is_empty());
    }

    #[test]
    fn sorting_keeps_the_order_of_equals() {
        let mut items: Vec<(u32, u32)> =
            (0..5000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 3 << 3, n)).collect();
        let mut other = items.clone();
        other.sort_by_key(|(key, _)| *key);
        radix_sort(&mut items);
        assert_eq!(items, other);
    }
}
