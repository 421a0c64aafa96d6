//! A window that was kept on a monitor that is gone comes back into sight.

use egui::{Pos2, Rect, Vec2};

/// The height of the strip by which a window is moved, in pixels.
const STRIP: f32 = 40.0;
/// How much of that strip must be in sight, in pixels.
const HOLD: f32 = 120.0;

/// Returns where a window should be instead, if too little of it is on any monitor to take hold
/// of. All in pixels; the first monitor is the main one.
pub(crate) fn into_sight(window: Rect, monitors: &[Rect]) -> Option<Rect> {
    let main = *monitors.first()?;
    let strip = Rect::from_min_size(window.min, Vec2::new(window.width(), STRIP));
    let held = monitors.iter().any(|monitor| {
        let seen = strip.intersect(*monitor);
        seen.width() >= HOLD.min(window.width()) && seen.height() >= STRIP / 2.0
    });
    if held {
        return None;
    }
    let size = window.size().min(main.size());
    let corner = main.center() - size / 2.0;
    Some(Rect::from_min_size(Pos2::new(corner.x.round(), corner.y.round()), size))
}

/// Returns where the program's window should be instead, in points of this many pixels, if it is
/// out of sight.
pub fn wanted(frame: &eframe::Frame, scale: f32) -> Option<Rect> {
    let window = frame.winit_window()?;
    if window.is_maximized() || window.fullscreen().is_some() || window.is_minimized() == Some(true)
    {
        return None;
    }
    // Where a system says nothing of places, it places windows itself.
    let at = window.outer_position().ok()?;
    let size = window.outer_size();
    let window_rect = Rect::from_min_size(
        Pos2::new(at.x as f32, at.y as f32),
        Vec2::new(size.width as f32, size.height as f32),
    );
    let main = window.primary_monitor();
    let monitors: Vec<Rect> = main
        .into_iter()
        .chain(window.available_monitors())
        .map(|monitor| {
            let (at, size) = (monitor.position(), monitor.size());
            Rect::from_min_size(
                Pos2::new(at.x as f32, at.y as f32),
                Vec2::new(size.width as f32, size.height as f32),
            )
        })
        .filter(|rect| rect.width() > 0.0 && rect.height() > 0.0)
        .collect();
    into_sight(window_rect, &monitors)
        .map(|rect| Rect::from_min_max(rect.min / scale, rect.max / scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(x: f32, y: f32, w: f32, h: f32) -> Rect {
        Rect::from_min_size(Pos2::new(x, y), Vec2::new(w, h))
    }

    #[test]
    fn what_cannot_be_taken_hold_of_comes_to_the_main_monitor() {
        let main = rect(0.0, 0.0, 1440.0, 900.0);
        let second = rect(1440.0, 0.0, 1920.0, 1080.0);
        let on_second = rect(1800.0, 100.0, 1200.0, 800.0);
        assert_eq!(into_sight(on_second, &[main, second]), None);
        assert_eq!(into_sight(on_second, &[main]), Some(rect(120.0, 50.0, 1200.0, 800.0)));
        // Half beside a monitor is still in sight; only its lower part is not enough.
        assert_eq!(into_sight(rect(1200.0, 500.0, 1200.0, 800.0), &[main]), None);
        assert!(into_sight(rect(100.0, -700.0, 1200.0, 800.0), &[main]).is_some());
        assert!(into_sight(rect(1400.0, 100.0, 1200.0, 800.0), &[main]).is_some());
        // One that is larger than what is left becomes smaller.
        let wide = into_sight(rect(5000.0, 0.0, 3000.0, 2000.0), &[main]);
        assert_eq!(wide, Some(main));
        assert_eq!(into_sight(on_second, &[]), None, "nothing is known");
    }
}
