//! What a stated confidence is worth, by how often such guesses were right.

/// The confidence that the rules state, and how often a table of such a guess was read rightly:
/// nothing invented or merged and at least .95 of its cells right, by
/// `tests/data/tables/score.py --accept`, which prints both. Of 325 tables 19 of 21 were right from
/// .8 on, 269 of 298 at .9 and all 15 of known layouts. Below .8 there are too few to say more than
/// the rules do. Tables that the rules have never met are read less well: of 232 real ones, each read
/// once the rules were made, two thirds of the cells were right, and 85 of 146 guesses at .9; of the
/// last 126, some 22 of which may be refused, 88 were read at all, and 47 of these were right.
const OBSERVED: [(f32, f32); 5] = [(0.0, 0.0), (0.79, 0.79), (0.8, 0.81), (0.9, 0.9), (1.0, 1.0)];

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
