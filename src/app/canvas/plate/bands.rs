//! Pixels made in bands, as many at once as there are processors.

use std::thread;

use egui::Color32;

/// Pictures of fewer rows are made sooner than a thread begins.
const SMALL: usize = 64;

/// Returns a picture of so many pixels, row by row, over a ground. `draw` gets the number of the
/// first row of a band and its pixels.
pub(in crate::app::canvas) fn bands(
    [width, height]: [usize; 2],
    ground: Color32,
    draw: impl Fn(usize, &mut [Color32]) + Sync,
) -> Vec<Color32> {
    let mut all = vec![ground; width * height];
    if all.is_empty() {
        return all;
    }
    let bands = thread::available_parallelism().map_or(1, usize::from).min(8);
    if height < SMALL {
        draw(0, &mut all);
        return all;
    }
    let rows = height.div_ceil(bands);
    thread::scope(|scope| {
        for (number, pixels) in all.chunks_mut(rows * width).enumerate() {
            let draw = &draw;
            scope.spawn(move || draw(number * rows, pixels));
        }
    });
    all
}
