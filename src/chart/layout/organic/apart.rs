//! Members that have come to lie on one spot are told apart.

use super::{length, relax::Places};

const NOBODY: u32 = u32::MAX;

/// Moves members until no two are closer than `least`: whoever comes later in the list goes to the
/// nearest free place on a spiral around its own. What is far enough from others stays, and so
/// does who is held.
pub(super) fn keep(places: &mut Places, least: f32, held: impl Fn(usize) -> bool) {
    let mut taken = Taken::new(places.0.len(), least);
    for n in (0..places.0.len()).filter(|n| held(*n)) {
        taken.take(n, (places.0[n], places.1[n]));
    }
    for n in (0..places.0.len()).filter(|n| !held(*n)) {
        let from = (places.0[n], places.1[n]);
        let mut to = from;
        if !taken.is_free(to, places) {
            // Many on one spot do not all begin in its middle again.
            let slot = taken.slot(taken.cell(from));
            while !taken.is_free(to, places) {
                taken.turns[slot] += 1;
                let turn = taken.turns[slot] as f32;
                let (radius, angle) = (least * 1.1 * turn.sqrt(), turn * 2.399_963);
                to = (from.0 + radius * angle.cos(), from.1 + radius * angle.sin());
            }
        }
        (places.0[n], places.1[n]) = to;
        taken.take(n, to);
    }
}

/// Who lies where, by cells of the least distance, in a hash table of chains.
struct Taken {
    least: f32,
    /// The last member of each chain, and who came before each member.
    last: Vec<u32>,
    before: Vec<u32>,
    /// How far around the spiral those who began in a slot have gone.
    turns: Vec<u32>,
}

impl Taken {
    fn new(count: usize, least: f32) -> Self {
        let slots = (count * 2).next_power_of_two();
        Self {
            least,
            last: vec![NOBODY; slots],
            before: vec![NOBODY; count],
            turns: vec![0; slots],
        }
    }

    #[inline]
    fn cell(&self, (x, y): (f32, f32)) -> (i32, i32) {
        ((x / self.least).floor() as i32, (y / self.least).floor() as i32)
    }

    #[inline]
    fn slot(&self, (x, y): (i32, i32)) -> usize {
        let mixed = (x as u32 as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            ^ (y as u32 as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
        (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) as usize >> 20
            & (self.last.len() - 1)
    }

    fn is_free(&self, at: (f32, f32), places: &Places) -> bool {
        let (x, y) = self.cell(at);
        for dx in [-1, 0, 1] {
            for dy in [-1, 0, 1] {
                let slot = self.slot((x.saturating_add(dx), y.saturating_add(dy)));
                let mut other = self.last[slot];
                while other != NOBODY {
                    let (ox, oy) = (places.0[other as usize], places.1[other as usize]);
                    if length(at.0 - ox, at.1 - oy) < self.least {
                        return false;
                    }
                    other = self.before[other as usize];
                }
            }
        }
        true
    }

    fn take(&mut self, member: usize, at: (f32, f32)) {
        let slot = self.slot(self.cell(at));
        self.before[member] = self.last[slot];
        self.last[slot] = member as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_on_one_spot_are_told_apart_and_who_stands_alone_or_is_held_stays() {
        let mut places: Places = (vec![3.0; 5_000], vec![-2.0; 5_000]);
        places.0.push(50.0);
        places.1.push(50.0);
        keep(&mut places, 0.1, |n| n == 4_000);
        let (x, y) = &places;
        for a in 0..x.len() {
            for b in 0..a {
                assert!((x[a] - x[b]).hypot(y[a] - y[b]) >= 0.1, "{a} {b}");
            }
        }
        assert_eq!((x[5_000], y[5_000]), (50.0, 50.0));
        assert_eq!((x[4_000], y[4_000]), (3.0, -2.0));
    }
}
