//! Points, sizes and rectangles in the chart's own units. y grows downwards.

/// A place on a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

/// A width and a height.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    pub w: f32,
    pub h: f32,
}

/// The length from the middle of a card to its border in a direction.
pub(super) fn reach(size: Size, (dx, dy): (f32, f32)) -> f32 {
    let length = dx.hypot(dy);
    let across = size.w / 2.0 * length / dx.abs().max(1e-6);
    let down = size.h / 2.0 * length / dy.abs().max(1e-6);
    across.min(down)
}

/// Returns the part of the way from `a` to `b` that lies in a rectangle, from 0 to 1 (Liang and
/// Barsky's clipping).
pub fn within(a: Point, b: Point, rect: Rect) -> Option<(f32, f32)> {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let (mut enter, mut leave) = (0.0_f32, 1.0_f32);
    for (step, room) in [
        (-dx, a.x - rect.min.x),
        (dx, rect.max.x - a.x),
        (-dy, a.y - rect.min.y),
        (dy, rect.max.y - a.y),
    ] {
        if step == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            enter = enter.max(room / step);
        } else {
            leave = leave.min(room / step);
        }
    }
    (enter < leave).then_some((enter, leave))
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// The corner at the top left.
    pub min: Point,
    /// The corner at the bottom right.
    pub max: Point,
}

impl Point {
    /// The point at `x`, `y`.
    #[inline]
    pub fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    /// The distance to another point.
    #[inline]
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point that lies the fraction `t` of the way to another.
    #[must_use]
    #[inline]
    pub fn towards(self, other: Self, t: f32) -> Self {
        Self::new(self.x + (other.x - self.x) * t, self.y + (other.y - self.y) * t)
    }
}

impl Rect {
    /// The rectangle of a size around a point.
    #[inline]
    pub fn from_center_size(center: Point, size: Size) -> Self {
        let (w, h) = (size.w / 2.0, size.h / 2.0);
        Self {
            min: Point::new(center.x - w, center.y - h),
            max: Point::new(center.x + w, center.y + h),
        }
    }

    /// The smallest rectangle that holds both.
    #[must_use]
    #[inline]
    pub fn union(self, other: Self) -> Self {
        Self {
            min: Point::new(self.min.x.min(other.min.x), self.min.y.min(other.min.y)),
            max: Point::new(self.max.x.max(other.max.x), self.max.y.max(other.max.y)),
        }
    }

    /// The smallest rectangle that holds all; `None` for none.
    pub fn around(rects: impl IntoIterator<Item = Self>) -> Option<Self> {
        rects.into_iter().reduce(Self::union)
    }

    /// Whether a point lies in it or on its edge.
    #[inline]
    pub fn contains(self, p: Point) -> bool {
        (self.min.x..=self.max.x).contains(&p.x) && (self.min.y..=self.max.y).contains(&p.y)
    }

    /// It, larger by `by` on every side.
    #[must_use]
    #[inline]
    pub fn expand(self, by: f32) -> Self {
        Self {
            min: Point::new(self.min.x - by, self.min.y - by),
            max: Point::new(self.max.x + by, self.max.y + by),
        }
    }

    /// It, smaller by `by` on every side; nothing where it has no room for that.
    #[must_use]
    #[inline]
    pub fn shrink(self, by: f32) -> Self {
        let (x, y) = (by.min(self.width() / 2.0), by.min(self.height() / 2.0));
        Self {
            min: Point::new(self.min.x + x, self.min.y + y),
            max: Point::new(self.max.x - x, self.max.y - y),
        }
    }

    /// Its middle.
    #[inline]
    pub fn center(self) -> Point {
        self.min.towards(self.max, 0.5)
    }

    /// Its width.
    #[inline]
    pub fn width(self) -> f32 {
        self.max.x - self.min.x
    }

    /// Its height.
    #[inline]
    pub fn height(self) -> f32 {
        self.max.y - self.min.y
    }

    /// Its width and height.
    #[inline]
    pub fn size(self) -> Size {
        Size { w: self.width(), h: self.height() }
    }

    /// Whether the two share more than an edge.
    #[inline]
    pub fn intersects(self, other: Self) -> bool {
        self.min.x < other.max.x
            && other.min.x < self.max.x
            && self.min.y < other.max.y
            && other.min.y < self.max.y
    }
}
