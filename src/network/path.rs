//! Ways from one member of a graph to another.

use super::Csr;

/// Finds the ways of one pair after the other, in memory that is taken once.
#[derive(Clone, Debug, Default)]
pub struct Pathfinder {
    /// For each member, by which walk it was found last, and from where.
    found: Vec<(u32, u32)>,
    /// The number of the last walk.
    walk: u32,
    /// What is known of each member; nothing again after each search for all ways.
    marks: Vec<Mark>,
}

/// What a search for all ways knows of a member, side by side, since it asks for all of it at once.
#[derive(Clone, Copy, Debug)]
struct Mark {
    /// How far it is from the one and from the other end.
    far: [u32; 2],
    /// Its place among those that lie between.
    place: u32,
}

impl Mark {
    const NONE: Self = Self { far: [UNKNOWN; 2], place: UNKNOWN };
}

/// The ends of a search, as [`Mark::far`] counts them.
const HERE: usize = 0;
const THERE: usize = 1;

/// The ways between two members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// Each from its first member to its last; the shortest come first.
    pub ways: Vec<Vec<u32>>,
    /// Whether these are all.
    pub all: bool,
}

const UNKNOWN: u32 = u32::MAX;

impl Pathfinder {
    /// One of the shortest ways, with both ends; none where the ends are not connected.
    ///
    /// Two walks come towards each other, and that one goes on which has less to look at.
    pub fn shortest(&mut self, graph: &Csr, from: u32, to: u32) -> Option<Vec<u32>> {
        let inside = |n: u32| (n as usize) < graph.len();
        if !inside(from) || !inside(to) {
            return None;
        }
        if from == to {
            return Some(vec![from]);
        }
        self.found.resize(graph.len(), (0, 0));
        if self.walk >= UNKNOWN - 2 {
            self.found.fill((0, 0));
            self.walk = 0;
        }
        let walks = [self.walk + 1, self.walk + 2];
        self.walk += 2;
        let mut fronts = [vec![from], vec![to]];
        for (side, end) in [from, to].into_iter().enumerate() {
            self.found[end as usize] = (walks[side], end);
        }
        let work = |front: &[u32]| front.iter().map(|n| graph.degree(*n as usize)).sum::<usize>();
        let mut left = [work(&fronts[0]), work(&fronts[1])];
        loop {
            let side = usize::from(left[1] < left[0]);
            let mut next = Vec::new();
            left[side] = 0;
            for n in std::mem::take(&mut fronts[side]) {
                for &other in graph.near(n as usize) {
                    let (walk, _) = self.found[other as usize];
                    if walk == walks[1 - side] {
                        let (mut way, mut rest) = (self.back(n), self.back(other));
                        if side == 1 {
                            (way, rest) = (rest, way);
                        }
                        way.reverse();
                        way.append(&mut rest);
                        return Some(way);
                    }
                    if walk != walks[side] {
                        self.found[other as usize] = (walks[side], n);
                        left[side] += graph.degree(other as usize);
                        next.push(other);
                    }
                }
            }
            if next.is_empty() {
                return None;
            }
            fronts[side] = next;
        }
    }

    /// From a member back to where its walk began.
    fn back(&self, mut n: u32) -> Vec<u32> {
        let mut way = vec![n];
        loop {
            let (_, before) = self.found[n as usize];
            if before == n {
                return way;
            }
            n = before;
            way.push(n);
        }
    }
}

impl Pathfinder {
    /// All ways of at most so many ties (`hops`) that come through nobody twice, the shortest first,
    /// but no more than `most`. `going` is told the part that is done and may stop it.
    ///
    /// Walks from both ends as far as the middle say who can lie on such a way; only among those is
    /// searched, and only where the end can still be reached in time.
    pub fn ways(
        &mut self,
        graph: &Csr,
        (from, to): (u32, u32),
        hops: u32,
        most: usize,
        going: &dyn Fn(f32) -> bool,
    ) -> Option<Ways> {
        if from as usize >= graph.len() || to as usize >= graph.len() {
            return Some(Ways { ways: Vec::new(), all: true });
        }
        if from == to {
            let ways = vec![vec![from]; most.min(1)];
            return Some(Ways { ways, all: most > 0 });
        }
        self.between(graph, from, to, hops).ways(hops, most, going)
    }
}

/// The ways of one pair; see [`Pathfinder::ways`].
pub fn ways(
    graph: &Csr,
    pair: (u32, u32),
    hops: u32,
    most: usize,
    going: &dyn Fn(f32) -> bool,
) -> Option<Ways> {
    Pathfinder::default().ways(graph, pair, hops, most, going)
}

/// How a search ended.
enum End {
    /// There is no other way.
    Through,
    /// There is one more than was asked for.
    Enough,
    /// It was told to stop.
    Stopped,
}

/// Everybody who can lie on a way between two members that is short enough, with numbers of their
/// own: the first end is 0.
struct Between {
    members: Vec<u32>,
    /// How far each is from the last end.
    far: Vec<u32>,
    /// Where to go on from each, those nearer to the last end first.
    starts: Vec<usize>,
    ends: Vec<u32>,
}

impl Pathfinder {
    fn between(&mut self, graph: &Csr, from: u32, to: u32, hops: u32) -> Between {
        self.marks.resize(graph.len(), Mark::NONE);
        let hops = hops.min(graph.len() as u32);
        let half = hops / 2;
        let marks = &mut self.marks[..];
        let near_from = ball(graph, from, to, half, marks, HERE);
        let near_to = ball(graph, to, from, hops - half, marks, THERE);
        // Who is in the one half may be further from the other end.
        beyond(graph, &near_from, marks, HERE, from, hops - half, hops);
        beyond(graph, &near_to, marks, THERE, to, half, hops);
        let mut members: Vec<u32> = Vec::with_capacity(near_from.len() + near_to.len());
        let mut far: Vec<u32> = Vec::with_capacity(members.capacity());
        for n in near_from.iter().chain(&near_to) {
            let mark = &mut marks[*n as usize];
            let on_way = mark.far[HERE].saturating_add(mark.far[THERE]) <= hops;
            if on_way && mark.place == UNKNOWN {
                mark.place = members.len() as u32;
                members.push(*n);
                far.push(mark.far[THERE]);
            }
        }
        let mut starts = Vec::with_capacity(members.len() + 1);
        starts.push(0);
        let mut ends: Vec<u32> = Vec::with_capacity(4 * members.len());
        for n in &members {
            let left = hops.saturating_sub(marks[*n as usize].far[HERE] + 1);
            let begin = ends.len();
            let near = graph.near(*n as usize).iter().map(|other| marks[*other as usize].place);
            // Nothing goes back to where it began, nor on from where it ends.
            if *n != to {
                ends.extend(near.filter(|o| *o != UNKNOWN && *o != 0 && far[*o as usize] <= left));
            }
            // Most rows are of one or two, for which a sort costs more than asking.
            let row = &mut ends[begin..];
            let key = |other: &u32| (far[*other as usize], *other);
            if !row.is_sorted_by_key(key) {
                row.sort_unstable_by_key(key);
            }
            starts.push(ends.len());
        }
        for n in near_from.into_iter().chain(near_to) {
            marks[n as usize] = Mark::NONE;
        }
        Between { members, far, starts, ends }
    }
}

impl Between {
    /// All ways; see [`Pathfinder::ways`].
    fn ways(&self, hops: u32, most: usize, going: &dyn Fn(f32) -> bool) -> Option<Ways> {
        let Some(nearest) = self.far.first().copied() else {
            return Some(Ways { ways: Vec::new(), all: true });
        };
        let longest = hops.min(self.members.len() as u32 - 1);
        let mut ways = Vec::new();
        for length in nearest..=longest {
            let before = (length - nearest) as f32;
            let going = |part: f32| going((before + part) / (longest - nearest + 1) as f32);
            match self.search(length as usize, most, &mut ways, &going) {
                End::Through => {}
                End::Enough => return Some(Ways { ways, all: false }),
                End::Stopped => return None,
            }
        }
        Some(Ways { ways, all: true })
    }

    /// Adds all ways of one length to `found`, until there would be more than `most`.
    fn search(
        &self,
        length: usize,
        most: usize,
        found: &mut Vec<Vec<u32>>,
        going: &dyn Fn(f32) -> bool,
    ) -> End {
        let mut on_way = vec![false; self.members.len()];
        // Who is on the way, and which neighbour of each is looked at next.
        let mut way = Vec::with_capacity(length + 1);
        way.push((0, self.starts[0]));
        on_way[0] = true;
        let mut steps = 0_u32;
        while let Some((n, next)) = way.last().copied() {
            steps = steps.wrapping_add(1);
            if steps.is_multiple_of(1 << 16) {
                let first = (way[0].1 - self.starts[0]) as f32;
                if !going(first / (self.starts[1] - self.starts[0]).max(1) as f32) {
                    return End::Stopped;
                }
            }
            let left = length - way.len();
            let row = &self.ends[next..self.starts[n as usize + 1]];
            let Some(&other) = row.first().filter(|o| self.far[**o as usize] as usize <= left)
            else {
                on_way[n as usize] = false;
                way.pop();
                continue;
            };
            if let Some(last) = way.last_mut() {
                last.1 += 1;
            }
            let is_end = self.far[other as usize] == 0;
            if on_way[other as usize] {
                continue;
            }
            // The end, or somebody next to it with one tie left, whose first neighbour it is.
            if left == usize::from(!is_end) {
                if found.len() >= most {
                    return End::Enough;
                }
                let mut whole = Vec::with_capacity(length + 1);
                whole.extend(way.iter().map(|(n, _)| self.members[*n as usize]));
                whole.push(self.members[other as usize]);
                if !is_end {
                    let last = self.ends[self.starts[other as usize]];
                    whole.push(self.members[last as usize]);
                }
                found.push(whole);
            } else if !is_end {
                on_way[other as usize] = true;
                way.push((other, self.starts[other as usize]));
            }
        }
        End::Through
    }
}

/// Finds how far everybody within so many steps is from one end, without coming through the other;
/// gives who those are.
fn ball(
    graph: &Csr,
    end: u32,
    other_end: u32,
    most: u32,
    marks: &mut [Mark],
    side: usize,
) -> Vec<u32> {
    marks[end as usize].far[side] = 0;
    let mut members = Vec::with_capacity(64);
    members.push(end);
    let mut at = 0;
    while let Some(&n) = members.get(at) {
        at += 1;
        let next = marks[n as usize].far[side] + 1;
        if next > most {
            break;
        }
        if n == other_end {
            continue;
        }
        for &other in graph.near(n as usize) {
            let far = &mut marks[other as usize].far[side];
            if *far == UNKNOWN {
                *far = next;
                members.push(other);
            }
        }
    }
    members
}

/// Finds how far the members of the ball around one end are from the other end where that is more
/// than the `known` steps of its own ball, as far as it can matter.
fn beyond(
    graph: &Csr,
    ball: &[u32],
    marks: &mut [Mark],
    side: usize,
    end: u32,
    known: u32,
    hops: u32,
) {
    let other_side = 1 - side;
    for step in known + 1..=hops {
        let mut any = false;
        for &n in ball {
            let mark = &marks[n as usize];
            if mark.far[side] > hops - step {
                break;
            }
            if mark.far[other_side] != UNKNOWN {
                continue;
            }
            let mut near = graph.near(n as usize).iter();
            if near.any(|o| *o != end && marks[*o as usize].far[other_side] == step - 1) {
                marks[n as usize].far[other_side] = step;
                any = true;
            }
        }
        if !any {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn every(graph: &Csr, ends: (u32, u32), hops: u32) -> Vec<Vec<u32>> {
        let ways = ways(graph, ends, hops, usize::MAX, &|_| true).expect("goes on");
        assert!(ways.all);
        ways.ways
    }

    /// Adds every way that begins like this one, by trying everything.
    fn plain(graph: &Csr, way: &mut Vec<u32>, to: u32, hops: u32, all: &mut Vec<Vec<u32>>) {
        let last = way[way.len() - 1];
        if last == to {
            all.push(way.clone());
        } else if way.len() as u32 <= hops {
            for &other in graph.near(last as usize) {
                if !way.contains(&other) {
                    way.push(other);
                    plain(graph, way, to, hops, all);
                    way.pop();
                }
            }
        }
    }

    proptest! {
        #[test]
        fn ways_are_all_that_there_are(
            ties in proptest::collection::vec((0_u32..14, 0_u32..14), 0..40),
            (from, to) in (0_u32..14, 0_u32..14),
            hops in 0_u32..8,
        ) {
            let graph = Csr::new(14, &ties);
            let mut ours = every(&graph, (from, to), hops);
            prop_assert!(ours.is_sorted_by_key(Vec::len));
            let some = ways(&graph, (from, to), hops, 3, &|_| true).expect("goes on");
            prop_assert_eq!(&some.ways, &ours[..ours.len().min(3)]);
            prop_assert_eq!(some.all, ours.len() <= 3);
            let mut theirs = Vec::new();
            plain(&graph, &mut vec![from], to, hops, &mut theirs);
            ours.sort();
            theirs.sort();
            prop_assert_eq!(ours, theirs);
        }

        #[test]
        fn one_search_leaves_nothing_to_the_next(
            ties in proptest::collection::vec((0_u32..14, 0_u32..14), 0..40),
            pairs in proptest::collection::vec((0_u32..15, 0_u32..15), 1..6),
            hops in 0_u32..6,
        ) {
            let graph = Csr::new(14, &ties);
            let mut finder = Pathfinder::default();
            for pair in pairs {
                let again = finder.ways(&graph, pair, hops, 50, &|_| true);
                prop_assert_eq!(again, ways(&graph, pair, hops, 50, &|_| true));
                finder.shortest(&graph, pair.0, pair.1);
            }
        }

        #[test]
        fn the_shortest_way_is_one(
            ties in proptest::collection::vec((0_u32..60, 0_u32..60), 0..110),
            pairs in proptest::collection::vec((0_u32..61, 0_u32..61), 1..10),
        ) {
            let graph = Csr::new(60, &ties);
            let mut finder = Pathfinder::default();
            for (from, to) in pairs {
                let found = finder.shortest(&graph, from, to);
                if from >= 60 || to >= 60 {
                    prop_assert_eq!(found, None);
                    continue;
                }
                let mut marks = vec![Mark::NONE; 60];
                ball(&graph, from, UNKNOWN, 60, &mut marks, HERE);
                let far: Vec<u32> = marks.iter().map(|mark| mark.far[HERE]).collect();
                let Some(way) = found else {
                    prop_assert_eq!(far[to as usize], UNKNOWN);
                    continue;
                };
                prop_assert_eq!((way[0], way[way.len() - 1]), (from, to));
                prop_assert_eq!(way.len() as u32 - 1, far[to as usize]);
                prop_assert!(way.windows(2).all(|w| graph.near(w[0] as usize).contains(&w[1])));
            }
        }
    }

    #[test]
    fn a_search_for_ways_can_be_stopped() {
        let ties: Vec<_> = (0..14).flat_map(|a| (0..a).map(move |b| (a, b))).collect();
        let graph = Csr::new(14, &ties);
        assert_eq!(ways(&graph, (0, 1), 13, usize::MAX, &|_| false), None);
        assert_eq!(every(&graph, (0, 1), 3).len(), 1 + 12 + 12 * 11);
        assert_eq!(every(&Csr::new(2, &[]), (0, 1), u32::MAX), Vec::<Vec<u32>>::new());
    }
}
