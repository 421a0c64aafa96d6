//! Boxes side by side in rows.

/// Where the upper left corners of boxes of these sizes come to lie when they are set in rows, in
/// their order. `between` is left between them; a row is as wide
/// as the side of a square of `wide` times their area.
pub(super) fn shelves(sizes: &[(f32, f32)], between: f32, wide: f32) -> Vec<(f32, f32)> {
    let area: f32 = sizes.iter().map(|(w, h)| (w + between) * (h + between)).sum();
    let widest = sizes.iter().map(|(w, _)| *w).fold(0.0, f32::max);
    let row = (area * wide).sqrt().max(widest);
    let (mut x, mut y, mut high) = (0.0, 0.0, 0.0_f32);
    sizes
        .iter()
        .map(|(width, height)| {
            if x > 0.0 && x + width > row {
                (x, y, high) = (0.0, y + high + between, 0.0);
            }
            let corner = (x, y);
            x += width + between;
            high = high.max(*height);
            corner
        })
        .collect()
}
