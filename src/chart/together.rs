//! How far cards can be moved together: until two of them touch, or a label has no room on its line.

use super::{Point, Rect, Size, geometry::reach};

/// The space that remains between two cards, in units of the chart at the scale of the cards.
pub(super) const BETWEEN: f32 = 10.0;
/// The length of a line that remains beside its label, for its arrowhead and for the eye.
const BESIDE: f32 = 20.0;
/// The height of a label.
const LABEL: f32 = 16.0;

/// A line between two cards, by their places in a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub from: usize,
    pub to: usize,
    /// The width of its label, in units of the chart; 0 for none.
    pub label: f32,
}

/// Returns the part of the distances between cards that must remain: less than 1 where they can be
/// moved together, more than 1 where they are too close.
pub(super) fn least(cards: &[Rect], links: impl Iterator<Item = Link>) -> f32 {
    let middles: Vec<Point> = cards.iter().map(|card| card.center()).collect();
    let size = |n: usize| Size { w: cards[n].width(), h: cards[n].height() };
    let mut least = 0.0_f32;
    for (n, a) in cards.iter().enumerate() {
        for (m, b) in cards[..n].iter().enumerate() {
            let across = f32::midpoint(a.width(), b.width()) + BETWEEN;
            let down = f32::midpoint(a.height(), b.height()) + BETWEEN;
            let dx = (middles[n].x - middles[m].x).abs();
            let dy = (middles[n].y - middles[m].y).abs();
            least = least.max((across / dx.max(1e-3)).min(down / dy.max(1e-3)));
        }
    }
    for link in links.filter(|link| link.from != link.to) {
        let (a, b) = (middles[link.from], middles[link.to]);
        let way = (b.x - a.x, b.y - a.y);
        let inside = reach(size(link.from), way) + reach(size(link.to), way);
        least = least.max((length(link.label, way) + inside) / a.distance(b).max(1.0));
    }
    least
}

/// Returns the length that a line must have between its cards: for its arrowhead, and for its label,
/// of which the whole width counts where it is level, and the height where it is upright.
pub(super) fn length(label: f32, way: (f32, f32)) -> f32 {
    let below = if label > 0.0 { 2.0 * reach(Size { w: label, h: LABEL }, way) } else { 0.0 };
    below + BESIDE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(x: f32, y: f32) -> Rect {
        Rect::from_center_size(Point::new(x, y), Size { w: 200.0, h: 60.0 })
    }

    #[test]
    fn cards_come_together_until_they_touch_and_lines_keep_room_for_their_labels() {
        assert!((least(&[card(0.0, 0.0), card(420.0, 0.0)], [].into_iter()) - 0.5).abs() < 1e-3);
        let link = |label: f32| [Link { from: 0, to: 1, label }].into_iter();
        // Level: the whole width of the label; upright: its height.
        let level = least(&[card(0.0, 0.0), card(560.0, 0.0)], link(60.0));
        assert!((level * 560.0 - 280.0).abs() < 0.1, "{level}");
        let upright = least(&[card(0.0, 0.0), card(0.0, 400.0)], link(60.0));
        assert!((upright * 400.0 - 96.0).abs() < 0.1, "{upright}");
        assert!(least(&[card(0.0, 0.0), card(150.0, 0.0)], link(0.0)) > 1.0);
    }
}
