//! What a stated confidence is worth, by how often such guesses were right.

/// The confidence that the rules state, and how often a table of such a guess was read rightly:
/// nothing invented or merged and at least .95 of its cells right, by
/// `tests/data/tables/score.py --accept`, which prints both. Of the 216 guesses of the tables that
/// the rules were made with 6 of 7 were right at .8, 180 of 195 at .9 and all 13 of known layouts.
/// Below .8 there are too few to say more than the rules do. Of 70 further tables from the field
/// fewer reach .95 of their cells: 1 of 11 at .8 and about half at .9.
const OBSERVED: [(f32, f32); 5] = [(0.0, 0.0), (0.79, 0.79), (0.8, 0.86), (0.9, 0.92), (1.0, 1.0)];

/// What a stated confidence is worth.
pub(super) fn observed(stated: f32) -> f32 {
    let stated = stated.clamp(0.0, 1.0);
    let above = OBSERVED.iter().position(|(at, _)| *at >= stated).unwrap_or(OBSERVED.len() - 1);
    let ((from, low), (to, high)) = (OBSERVED[above.saturating_sub(1)], OBSERVED[above]);
    if to <= from {
        return high;
    }
    low + (high - low) * (stated - from) / (to - from)
}

#[cfg(test)]
mod tests {
    use super::super::SURE;
    use super::*;

    #[test]
    fn more_is_never_worth_less_and_what_is_sure_stays_so() {
        let all: Vec<f32> = (0..=100).map(|at| observed(at as f32 / 100.0)).collect();
        assert!(all.windows(2).all(|pair| pair[0] <= pair[1]), "{all:?}");
        assert!((0.0..=1.0).contains(&all[0]) && all[100] <= 1.0);
        assert!(observed(0.8) >= SURE && observed(0.79) < SURE);
    }
}
