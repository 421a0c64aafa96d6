//! Every icon of the chart in one mask, from the bundled outlines.

use std::sync::OnceLock;

use crate::chart::{font, icon};

/// The side of an icon in the mask, in pixels; the mask is eight icons wide and high.
pub(super) const CELL: usize = 48;
/// The side of the mask.
pub(super) const SIDE: usize = CELL * 8;

/// The opacity of each pixel of the mask; all clear where the icons cannot be drawn.
pub(super) fn mask() -> &'static [u8] {
    static MASK: OnceLock<Vec<u8>> = OnceLock::new();
    MASK.get_or_init(drawn)
}

fn drawn() -> Vec<u8> {
    use resvg::{tiny_skia, usvg};
    let mut svg =
        format!("<svg xmlns='http://www.w3.org/2000/svg' width='{SIDE}' height='{SIDE}'>");
    for (number, sign) in icon::all().into_iter().enumerate() {
        let middle = |n: usize| (n * CELL + CELL / 2) as f32;
        svg.push_str(&format!(
            "<path transform='translate({} {})' d='{}'/>",
            middle(number % 8),
            middle(number / 8),
            font::icon_path(sign, CELL as f32)
        ));
    }
    svg.push_str("</svg>");
    let drawn = usvg::Tree::from_str(&svg, &usvg::Options::default()).ok().and_then(|tree| {
        let mut pixels = tiny_skia::Pixmap::new(SIDE as u32, SIDE as u32)?;
        resvg::render(&tree, tiny_skia::Transform::identity(), &mut pixels.as_mut());
        Some(pixels.data().chunks_exact(4).map(|p| p[3]).collect())
    });
    drawn.unwrap_or_else(|| vec![0; SIDE * SIDE])
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
