//! How the window is shared between the chart, the panels beside it and the drawer below it.
//!
//! The chart gives way first, then the side panels to their lowest widths. Where a side panel and a
//! drawer do not fit beside each other, the drawer, which was asked for last, has the width to
//! itself.

use egui::{Rangef, Ui, Vec2, accesskit::Role};

use super::widgets::ROW;

/// Narrower than this, in points, there is room for one panel beside the chart.
const NARROW: f32 = 780.0;
/// Narrower than this, in points, a side panel and a drawer do not fit beside each other.
const TIGHT: f32 = 600.0;
/// The height of a drawer that shows five rows below its toolbar and the heads of its columns.
const FIVE_ROWS: f32 = 5.0 * ROW + 100.0;
/// The lowest height of tabs and chart above a drawer.
const CHART: f32 = 150.0;
/// The rail beside the workspace.
const RAIL: f32 = 40.0;

/// The size of a panel: what it has until it is moved, and between which it can be moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Share {
    /// What sets the name of the panel apart: a small window has sizes of its own, so that a panel
    /// has its old size when the window is large again.
    pub(super) class: &'static str,
    pub(super) size: f32,
    pub(super) range: Rangef,
}

/// Whether a workspace has room for one panel beside the chart only.
pub(super) fn is_narrow(width: f32) -> bool {
    width < NARROW
}

/// Whether a drawer leaves a workspace no room for a panel beside it.
pub(super) fn is_tight(width: f32) -> bool {
    width < TIGHT
}

/// The width of the workspace in a window.
pub(super) fn width(ctx: &egui::Context) -> f32 {
    ctx.content_rect().width() - RAIL
}

/// The width of a panel beside the chart.
pub(super) fn side(room: Vec2) -> Share {
    if is_narrow(room.x) {
        let (size, most) = ((room.x * 0.34).clamp(210.0, 260.0), (room.x * 0.4).max(230.0));
        return Share { class: "-narrow", size, range: Rangef::new(200.0, most) };
    }
    let (size, most) = ((room.x * 0.36).clamp(250.0, 320.0), (room.x * 0.4).max(250.0));
    Share { class: "", size, range: Rangef::new(240.0, most) }
}

/// The height of the drawer.
pub(super) fn drawer(room: Vec2) -> Share {
    let lowest = FIVE_ROWS.min(room.y - CHART).max(120.0);
    let size = (room.y * 0.38).clamp(lowest, 300.0_f32.max(lowest));
    let class = if room.y < 500.0 { "-low" } else { "" };
    Share { class, size, range: Rangef::new(lowest, (room.y * 0.65).max(lowest)) }
}

/// Names the panel that is being drawn, for a screen reader and for tests.
pub(super) fn name(ui: &Ui, name: &str) {
    ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
        node.set_role(Role::Region);
        node.set_label(name.to_owned());
        let rect = ui.max_rect();
        node.set_bounds(egui::accesskit::Rect {
            x0: rect.min.x.into(),
            y0: rect.min.y.into(),
            x1: rect.max.x.into(),
            y1: rect.max.y.into(),
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_panel_takes_the_chart_and_a_drawer_has_five_rows_where_the_window_allows() {
        for scale in [0.8_f32, 1.0, 1.3, 1.5, 1.8] {
            for window in [[1440.0, 900.0], [1024.0, 640.0], [720.0, 460.0]] {
                let window = Vec2::from(window) / scale;
                let room = window - Vec2::new(RAIL, 72.0);
                let (side, drawer) = (side(room), drawer(room));
                for share in [side, drawer] {
                    assert!(share.range.contains(share.size), "{room:?}: {share:?}");
                }
                let panels = if is_narrow(room.x) { 1.0 } else { 2.0 };
                assert!(room.x - panels * side.size >= 150.0, "{room:?}: {side:?}");
                if room.y >= FIVE_ROWS + CHART {
                    assert!(drawer.range.min >= FIVE_ROWS, "{room:?}: {drawer:?}");
                    assert!(room.y - drawer.size >= CHART - 1.0, "{room:?}: {drawer:?}");
                }
            }
        }
    }
}
