//! Where names and labels go where entities are icons: every one has a place, and as few as possible
//! lie over an icon or over each other.
//!
//! Each in turn takes the cheapest of its places, given where all others are, a few times over.

use super::{Curve, Point, Rect, Size, geometry::within};

/// How often all choose.
const SWEEPS: usize = 10;
/// How often names may make others give way.
const YIELDS: usize = 4;
/// The part of a name that may lie over others before these give way.
const HIDDEN: f32 = 0.02;
/// The space around an icon that is kept free of other names, in points.
const NEAR: f32 = 2.0;
/// The distance between an icon and its name, in points.
const OFF: f32 = 2.0;
/// What a place costs that lies over something, by the share of it that does.
const OVER_TEXT: f32 = 10.0;
const OVER_ICON: f32 = 20.0;
const OUTSIDE: f32 = 30.0;
/// What it costs that a line passes below a name: more than a place beside the icon.
const ON_LINE: f32 = 1.0;
/// What it costs a label to touch another line, and anything to touch what is written: more than
/// any place costs by itself, so that a free one is better.
const LABEL_ON_LINE: f32 = 2.6;
const TOUCHING: f32 = 2.6;
/// The space around a label that is kept free of other lines.
const BESIDE_LINE: f32 = 1.5;
/// The straight parts as which each part of a line is looked at.
const PARTS: u8 = 8;
/// The places of a label along its line.
const ALONG: [f32; 13] = [0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7, 0.25, 0.75, 0.2, 0.8];

/// The same beside its line.
const BESIDE: [f32; 9] = [0.5, 0.42, 0.58, 0.35, 0.65, 0.27, 0.73, 0.2, 0.8];

/// An icon with its name.
#[derive(Clone, Copy, Debug)]
pub struct Icon {
    pub at: Point,
    /// Half of its side.
    pub half: f32,
    /// The size of its name.
    pub name: Size,
}

/// A line with its label.
#[derive(Clone, Debug)]
pub struct Labelled {
    pub curve: Curve,
    /// The size of its label; nothing for none.
    pub label: Size,
    /// Whether the label must be written, as a share must. Others are where nothing else is.
    pub must: bool,
}

/// The places of names and labels, in the order of icons and lines. All is in points on screen.
#[derive(Clone, Debug, Default)]
pub struct Places {
    pub names: Vec<Rect>,
    /// The places of labels; nothing where one is left out.
    pub labels: Vec<Option<Rect>>,
}

/// Finds the places of all names and labels within a room, beside what covers it.
pub fn places(icons: &[Icon], lines: &[Labelled], room: Rect, covers: &[Rect]) -> Places {
    let tiles: Vec<Rect> = icons
        .iter()
        .map(|icon| {
            let side = (icon.half + NEAR) * 2.0;
            Rect::from_center_size(icon.at, Size { w: side, h: side })
        })
        .collect();
    let ways: Vec<Way> = lines.iter().map(|line| Way::of(&line.curve)).collect();
    let name = |n: usize| -> Vec<(f32, Rect)> {
        // Its own icon is near everywhere.
        let others = || tiles.iter().enumerate().filter(|(m, _)| *m != n).map(|(_, tile)| tile);
        let all = around(&icons[n]).into_iter().map(|(own, rect)| {
            let lines = ways.iter().filter(|way| way.crosses(rect)).count();
            let cost = own
                + lines as f32 * ON_LINE
                + outside(rect, room, covers)
                + touching(others(), rect, OVER_ICON);
            (cost, rect)
        });
        all.collect()
    };
    let label = |(n, line): (usize, &Labelled)| -> Vec<(f32, Rect)> {
        let all = label_places(line).map(|(own, rect)| {
            let near = rect.expand(BESIDE_LINE);
            let crossed = ways.iter().enumerate().filter(|(m, way)| *m != n && way.crosses(near));
            let cost = own
                + crossed.count() as f32 * LABEL_ON_LINE
                + outside(rect, room, covers)
                + touching(tiles.iter(), rect, OVER_ICON);
            (cost, rect)
        });
        all.collect()
    };
    let names: Vec<Vec<(f32, Rect)>> = (0..icons.len()).map(name).collect();
    let labels: Vec<Vec<(f32, Rect)>> = lines.iter().enumerate().map(label).collect();
    let mut placed = Places {
        names: names.iter().map(|places| places[0].1).collect(),
        labels: lines.iter().map(|line| line.must.then(|| along(line, 0.5))).collect(),
    };
    for _ in 0..SWEEPS {
        let mut changed = false;
        for (n, places) in names.iter().enumerate() {
            let best = placed.cheapest(places, (n, usize::MAX)).1;
            changed |= best != placed.names[n];
            placed.names[n] = best;
        }
        for (n, places) in labels.iter().enumerate().filter(|(n, _)| lines[*n].must) {
            let best = Some(placed.cheapest(places, (usize::MAX, n)).1);
            changed |= best != placed.labels[n];
            placed.labels[n] = best;
        }
        if !changed {
            break;
        }
    }
    for _ in 0..YIELDS {
        if !placed.make_way(&names) {
            break;
        }
    }
    for (n, places) in labels.iter().enumerate().filter(|(n, _)| !lines[*n].must) {
        let is_free = |(_, rect): &&(f32, Rect)| {
            let covered = over(tiles.iter(), *rect) + outside(*rect, room, covers);
            covered < 0.02 && placed.cost(*rect, (usize::MAX, n)) < 0.02 * OVER_TEXT
        };
        placed.labels[n] = places.iter().find(is_free).map(|(_, rect)| *rect);
    }
    placed
}

impl Places {
    /// What it costs to lie over names and labels but one of each.
    fn cost(&self, rect: Rect, (name, label): (usize, usize)) -> f32 {
        let rect = rect.expand(1.0);
        let names = self.names.iter().enumerate().filter(|(n, _)| *n != name);
        let labels = self.labels.iter().enumerate().filter(|(n, _)| *n != label);
        let others = names.map(|(_, other)| other);
        touching(others.chain(labels.filter_map(|(_, other)| other.as_ref())), rect, OVER_TEXT)
    }

    /// The cheapest of some places for one of names and labels, with its whole cost.
    fn cheapest(&self, places: &[(f32, Rect)], one: (usize, usize)) -> (f32, Rect) {
        let costs = places.iter().map(|(own, rect)| (own + self.cost(*rect, one), *rect));
        costs.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default()
    }

    /// Lets names that lie over others take places from which these give way; returns whether any
    /// did.
    fn make_way(&mut self, names: &[Vec<(f32, Rect)>]) -> bool {
        /// Up to so many give way to one; where more than so many are hidden, there is no room.
        const UNDER: usize = 2;
        const HOPELESS: usize = 16;
        let crowded = self.names.iter().filter(|name| self.hidden(**name) >= HIDDEN).count();
        if crowded > HOPELESS {
            return false;
        }
        let mut changed = false;
        let own = |n: usize, rect: Rect| {
            names[n].iter().find(|(_, place)| *place == rect).map_or(0.0, |(cost, _)| *cost)
        };
        for n in 0..names.len() {
            let now = self.names[n];
            if self.hidden(now) < HIDDEN {
                continue;
            }
            for (_, rect) in &names[n] {
                let under: Vec<usize> = (0..names.len())
                    .filter(|m| *m != n && over(std::iter::once(&self.names[*m]), *rect) > 0.0)
                    .take(UNDER + 1)
                    .collect();
                if under.is_empty() || under.len() > UNDER || *rect == self.names[n] {
                    continue;
                }
                let sum = |placed: &Self| {
                    let cost = |m: &usize| {
                        let rect = placed.names[*m];
                        own(*m, rect) + placed.cost(rect, (*m, usize::MAX))
                    };
                    under.iter().chain([&n]).map(cost).sum::<f32>()
                };
                let (before, old) = (sum(self), self.names.clone());
                self.names[n] = *rect;
                for &m in &under {
                    self.names[m] = self.cheapest(&names[m], (m, usize::MAX)).1;
                }
                if sum(self) < before - 0.5 {
                    changed = true;
                    break;
                }
                self.names = old;
            }
        }
        changed
    }

    /// How much of a name's or label's place lies over other names and labels.
    pub fn hidden(&self, rect: Rect) -> f32 {
        let all = self.names.iter().chain(self.labels.iter().flatten());
        over(all.filter(|other| **other != rect), rect)
    }
}

/// The places of a label on its line and beside it, each with what it costs by itself.
fn label_places(line: &Labelled) -> impl Iterator<Item = (f32, Rect)> {
    let on_line = ALONG.iter().map(|t| ((t - 0.5).abs() * 2.0, along(line, *t)));
    on_line.chain(askew(line)).chain(beside(line))
}

/// Places of a label on its line, but not in the middle of it.
fn askew(line: &Labelled) -> impl Iterator<Item = (f32, Rect)> {
    ALONG.iter().flat_map(|t| {
        [0.25, -0.25].map(|part| {
            let on = along(line, *t);
            let middle = Point::new(on.center().x + on.width() * part, on.center().y);
            (0.8 + (t - 0.5).abs() * 2.0, Rect::from_center_size(middle, line.label))
        })
    })
}

/// The places around an icon, each with what it costs by itself: below it if nothing is there.
fn around(icon: &Icon) -> [(f32, Rect); 22] {
    let Icon { at, half, name } = *icon;
    let (across, down) = (half + OFF + name.w / 2.0, half + OFF + name.h / 2.0);
    let set = |cost: f32, x: f32, y: f32| {
        (cost, Rect::from_center_size(Point::new(at.x + x, at.y + y), name))
    };
    let (third, corner) = (name.w * 0.3, half * 0.6 + name.h / 2.0);
    [
        set(0.0, 0.0, down),
        set(0.4, 0.0, -down),
        set(0.9, across, 0.0),
        set(0.7, -across, 0.0),
        set(0.9, third, down),
        set(0.9, -third, down),
        set(1.1, third, -down),
        set(1.1, -third, -down),
        set(1.3, across - half * 0.4, corner),
        set(1.3, -across + half * 0.4, corner),
        set(1.5, across - half * 0.4, -corner),
        set(1.5, -across + half * 0.4, -corner),
        set(2.2, 0.0, down + name.h * 0.8),
        set(2.2, 0.0, -down - name.h * 0.8),
        set(2.4, third, down + name.h * 0.8),
        set(2.4, -third, down + name.h * 0.8),
        set(2.4, third, -down - name.h * 0.8),
        set(2.4, -third, -down - name.h * 0.8),
        set(2.6, across, name.h * 0.7),
        set(2.6, across, -name.h * 0.7),
        set(2.6, -across, name.h * 0.7),
        set(2.6, -across, -name.h * 0.7),
    ]
}

fn along(line: &Labelled, t: f32) -> Rect {
    Rect::from_center_size(line.curve.at(t), line.label)
}

/// Places of a label beside its line.
fn beside(line: &Labelled) -> impl Iterator<Item = (f32, Rect)> {
    let way = |t: f32| line.curve.at(t);
    let (a, b) = (way(0.4), way(0.6));
    let length = a.distance(b).max(0.1);
    let normal = ((a.y - b.y) / length, (b.x - a.x) / length);
    let reach = normal.0.abs() * line.label.w / 2.0 + normal.1.abs() * line.label.h / 2.0 + 2.0;
    let label = line.label;
    BESIDE.map(way).into_iter().enumerate().flat_map(move |(n, at)| {
        [reach, -reach].map(|off| {
            let middle = Point::new(at.x + normal.0 * off, at.y + normal.1 * off);
            (1.2 + n as f32 * 0.1, Rect::from_center_size(middle, label))
        })
    })
}

/// How much of a rectangle and of others lies over each other, by the smaller of each two: to cover
/// all of a short label is as bad as to lie under it.
fn over<'a>(others: impl Iterator<Item = &'a Rect>, rect: Rect) -> f32 {
    let area = |rect: &Rect| (rect.width() * rect.height()).max(1.0);
    let shared = |other: &Rect| {
        let w = rect.max.x.min(other.max.x) - rect.min.x.max(other.min.x);
        let h = rect.max.y.min(other.max.y) - rect.min.y.max(other.min.y);
        if w > 0.0 && h > 0.0 { w * h / area(&rect).min(area(other)) } else { 0.0 }
    };
    others.map(shared).sum()
}

fn outside(rect: Rect, room: Rect, covers: &[Rect]) -> f32 {
    let inside = over(std::iter::once(&room), rect);
    ((1.0 - inside).max(0.0) + over(covers.iter(), rect)) * OUTSIDE
}

/// What it costs to lie over others; to touch any costs something however little it is.
fn touching<'a>(others: impl Iterator<Item = &'a Rect>, rect: Rect, all: f32) -> f32 {
    let covered = over(others, rect);
    if covered > 0.0 { covered * all + TOUCHING } else { 0.0 }
}

/// A line as straight parts.
struct Way {
    points: Vec<Point>,
    hull: Rect,
}

impl Way {
    fn of(curve: &Curve) -> Self {
        Self { points: curve.points(PARTS), hull: curve.hull().expand(0.1) }
    }

    /// Whether it passes through a rectangle.
    fn crosses(&self, rect: Rect) -> bool {
        self.hull.intersects(rect)
            && self.points.windows(2).any(|p| within(p[0], p[1], rect).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Random;

    #[test]
    fn names_of_a_row_and_labels_between_find_places_of_their_own() {
        let icon = |x: f32, y: f32| Icon {
            at: Point::new(x, y),
            half: 12.0,
            name: Size { w: 110.0, h: 14.0 },
        };
        // Closer than names are wide.
        let icons: Vec<Icon> = (0..10_u8)
            .flat_map(|x| [0.0, 90.0].map(|y| icon(100.0 + f32::from(x) * 95.0, 300.0 + y)))
            .collect();
        let lines: Vec<Labelled> = (0..9)
            .map(|n| {
                let (a, b) = (icons[n * 2].at, icons[n * 2 + 3].at);
                let curve = [a, a.towards(b, 0.3), a.towards(b, 0.7), b].into();
                Labelled { curve, label: Size { w: 26.0, h: 12.0 }, must: true }
            })
            .collect();
        let room = Rect { min: Point::default(), max: Point::new(1000.0, 700.0) };
        let placed = places(&icons, &lines, room, &[]);
        let hidden = |all: &[Rect]| all.iter().filter(|rect| placed.hidden(**rect) > 0.05).count();
        let labels: Vec<Rect> = placed.labels.iter().flatten().copied().collect();
        assert_eq!((labels.len(), hidden(&labels)), (9, 0), "{labels:?}");
        assert!(hidden(&placed.names) <= 4, "{:?}", placed.names);
        // At the edge a name stays in the room.
        let alone = places(&[icon(4.0, 300.0)], &[], room, &[]);
        assert!(alone.names[0].min.x >= 0.0, "{alone:?}");
    }

    #[test]
    fn a_label_touches_a_line_or_a_label_only_where_it_has_no_free_place() {
        let (mut touch, mut before, mut all) = (0, 0, 0);
        for seed in 0..40 {
            let mut random = Random(seed * 31 + 5);
            let mut point = || Point::new(random.unit() * 900.0, random.unit() * 600.0);
            let lines: Vec<Labelled> = (0..14)
                .map(|_| {
                    let (a, b) = (point(), point());
                    let curve = [a, a.towards(b, 0.3), a.towards(b, 0.7), b].into();
                    Labelled { curve, label: Size { w: 70.0, h: 14.0 }, must: true }
                })
                .collect();
            let everywhere = Rect { min: Point::default(), max: Point::new(900.0, 600.0) };
            let room = everywhere.expand(200.0);
            let placed = places(&[], &lines, room, &[]);
            let labels: Vec<Rect> = placed.labels.iter().flatten().copied().collect();
            let touches = |n: usize, rect: Rect, labels: &[Rect]| {
                let near = rect.expand(1.0);
                let crossed = |(m, line): (usize, &Labelled)| {
                    m != n && Way::of(&line.curve).crosses(rect.expand(BESIDE_LINE))
                };
                let meets = |(m, other): (usize, &Rect)| m != n && other.intersects(near);
                lines.iter().enumerate().any(crossed) || labels.iter().enumerate().any(meets)
            };
            let middles: Vec<Rect> = lines.iter().map(|line| along(line, 0.5)).collect();
            for (n, line) in lines.iter().enumerate() {
                all += 1;
                before += usize::from(touches(n, middles[n], &middles));
                if touches(n, labels[n], &labels) {
                    touch += 1;
                    let free = label_places(line).find(|(_, p)| !touches(n, *p, &labels));
                    assert!(free.is_none(), "{seed}: label {n} could be at {free:?}");
                }
            }
        }
        println!("{touch} of {all} labels touch something, {before} in the middle of their lines");
        assert!(touch * 12 < all && before > touch * 3, "{touch} of {all}, {before} before");
    }
}
