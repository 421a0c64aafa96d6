//! Every icon of the chart in one mask, from the bundled outlines.

use std::sync::OnceLock;

use vello_cpu::kurbo::{Affine, BezPath};

use crate::chart::{font, icon, raster};

/// The side of an icon in the mask, in pixels; the mask is eight icons wide and high.
pub(super) const CELL: usize = 48;
/// The side of the mask.
pub(super) const SIDE: usize = CELL * 8;

/// The opacity of each pixel of the mask.
pub(super) fn mask() -> &'static [u8] {
    static MASK: OnceLock<Vec<u8>> = OnceLock::new();
    MASK.get_or_init(drawn)
}

fn drawn() -> Vec<u8> {
    let mut all = BezPath::new();
    for (number, sign) in icon::all().into_iter().enumerate() {
        let middle = |n: usize| (n * CELL + CELL / 2) as f64;
        let to = Affine::translate((middle(number % 8), middle(number / 8)));
        all.extend(to * font::icon_path(sign, CELL as f32));
    }
    raster::coverage(&all, SIDE as u16, SIDE as u16)
}

/// The opacity of an icon at a place in its cell, 0 to 1 across and down, 0 to 1.
pub(super) fn ink(cell: usize, across: f32, down: f32) -> f32 {
    let mask = mask();
    let within = |v: f32| (v * CELL as f32 - 0.5).clamp(0.0, CELL as f32 - 1.0);
    let (x, y) = (within(across), within(down));
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(CELL - 1), (top + 1).min(CELL - 1));
    let at = |x: usize, y: usize| {
        let (column, row) = (cell % 8 * CELL + x, cell / 8 % 8 * CELL + y);
        f32::from(mask[row * SIDE + column]) / 255.0
    };
    let (fx, fy) = (x.fract(), y.fract());
    let upper = at(left, top) * (1.0 - fx) + at(right, top) * fx;
    let lower = at(left, bottom) * (1.0 - fx) + at(right, bottom) * fx;
    upper * (1.0 - fy) + lower * fy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_has_its_cell() {
        let mask = mask();
        for number in 0..icon::all().len() {
            let (x, y) = (number % 8 * CELL, number / 8 * CELL);
            let inked = (0..CELL)
                .flat_map(|row| mask[(y + row) * SIDE + x..][..CELL].iter())
                .filter(|v| **v > 128)
                .count();
            assert!(inked > 40, "the icon at {number} is empty");
        }
    }
}
