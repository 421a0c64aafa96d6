//! Graphs of many kinds. The same kind and seed give the same graph everywhere.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    path::Path,
};

use redthread::network::Csr;

/// A graph by the numbers of its nodes.
pub struct Generated {
    pub count: usize,
    pub ties: Vec<(u32, u32)>,
}

/// A kind of graph.
pub struct GraphKind {
    pub name: &'static str,
    /// Whether the layout engine was tuned on this kind. The others were looked at meanwhile, too:
    /// only seeds above 2 are new to it.
    pub tuned: bool,
    pub make: fn(&mut Chance) -> Generated,
}

/// Every kind that is generated. Where a model leaves parts unconnected, the largest is taken: not
/// every peer takes more than one.
pub const KINDS: [GraphKind; 24] = [
    GraphKind { name: "scale-free", tuned: true, make: |c| attached(c, 5_000, 2) },
    GraphKind { name: "web of trust", tuned: true, make: web_of_trust },
    GraphKind { name: "co-authors", tuned: true, make: co_authors },
    GraphKind { name: "hubs", tuned: true, make: hubs },
    GraphKind { name: "communities", tuned: true, make: |c| planted(c, 6_000, 60, 7.0, 1.0) },
    GraphKind { name: "tree, grown", tuned: true, make: |c| attached_evenly(c, 5_000) },
    GraphKind { name: "tree, hubs", tuned: true, make: |c| attached(c, 8_000, 1) },
    GraphKind { name: "grid", tuned: true, make: |c| grid(c, 70, 70) },
    GraphKind { name: "bipartite", tuned: true, make: bipartite },
    GraphKind { name: "small world", tuned: true, make: |c| small_world(c, 5_000, 3, 0.05) },
    GraphKind { name: "random", tuned: true, make: |c| random(c, 6_000, 4.0) },
    GraphKind { name: "road-like", tuned: true, make: |c| near_in_plane(c, 8_000, 5.0) },
    GraphKind { name: "scale-free, clustered", tuned: false, make: clustered },
    GraphKind { name: "scale-free, large", tuned: false, make: |c| attached(c, 20_000, 3) },
    GraphKind { name: "recursive matrix", tuned: false, make: recursive_matrix },
    GraphKind { name: "duplication", tuned: false, make: duplication },
    GraphKind { name: "forest fire", tuned: false, make: forest_fire },
    GraphKind { name: "tree, even", tuned: false, make: balanced_tree },
    GraphKind { name: "tree, long", tuned: false, make: long_tree },
    GraphKind { name: "grid, three-dimensional", tuned: false, make: cube },
    GraphKind { name: "ring of cliques", tuned: false, make: cliques },
    GraphKind { name: "communities in communities", tuned: false, make: nested },
    GraphKind { name: "ownership", tuned: false, make: ownership },
    GraphKind { name: "real: crates of Cargo.lock", tuned: false, make: crates },
];

/// Random numbers (`SplitMix64`: Steele, Lea, Flood, OOPSLA 2014).
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0xD1B5_4A32_D192_ED03))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    /// A number from 0 up to 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number below a limit.
    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// A number of at least 1 with a heavy tail: the part above `n` falls with this power.
    fn heavy(&mut self, power: f64, most: usize) -> usize {
        ((1.0 - self.unit()).powf(-1.0 / power) as usize).clamp(1, most)
    }
}

/// The largest connected part of a graph, without loops and repetitions.
pub fn connected(count: usize, ties: &[(u32, u32)]) -> Generated {
    let csr = Csr::new(count, ties);
    let (part, parts) = csr.parts();
    let mut sizes = vec![0_usize; parts];
    for part in &part {
        sizes[*part as usize] += 1;
    }
    let largest = (0..parts).max_by_key(|part| sizes[*part]).unwrap_or(0) as u32;
    let mut number = vec![0_u32; count];
    let mut kept = 0;
    for n in (0..count).filter(|n| part[*n] == largest) {
        number[n] = kept;
        kept += 1;
    }
    let mut all = Vec::new();
    for n in (0..count).filter(|n| part[*n] == largest) {
        let above = csr.near(n).iter().filter(|other| **other as usize > n);
        all.extend(above.map(|other| (number[n], number[*other as usize])));
    }
    Generated { count: kept as usize, ties: all }
}

/// Barabási and Albert, Science 286 (1999): who is new prefers those with many ties.
fn attached(chance: &mut Chance, count: usize, each: usize) -> Generated {
    let (mut ties, mut ends) = (Vec::new(), vec![0_u32]);
    for n in 1..count as u32 {
        for _ in 0..each {
            let other = ends[chance.below(ends.len())];
            ties.push((n, other));
            ends.push(other);
        }
        ends.extend(std::iter::repeat_n(n, each));
    }
    connected(count, &ties)
}

/// A tree to which each new node is tied anywhere.
fn attached_evenly(chance: &mut Chance, count: usize) -> Generated {
    let ties: Vec<_> = (1..count).map(|n| (n as u32, chance.below(n) as u32)).collect();
    connected(count, &ties)
}

/// Holme and Kim, Physical Review E 65 (2002): attachment that closes triangles.
fn clustered(chance: &mut Chance) -> Generated {
    let count = 6_000;
    let (mut ties, mut ends) = (Vec::new(), vec![0_u32, 1, 2]);
    let mut near: Vec<Vec<u32>> = vec![Vec::new(); count];
    for n in 3..count as u32 {
        let mut last = None;
        for _ in 0..3 {
            let friend = last.filter(|_| chance.unit() < 0.7).and_then(|last: u32| {
                let near = &near[last as usize];
                (!near.is_empty()).then(|| near[chance.below(near.len())])
            });
            let other =
                friend.filter(|o| *o != n).unwrap_or_else(|| ends[chance.below(ends.len())]);
            ties.push((n, other));
            near[other as usize].push(n);
            near[n as usize].push(other);
            ends.extend([n, other]);
            last = Some(other);
        }
    }
    connected(count, &ties)
}

/// Stubs with a heavy tail that are tied at random (the configuration model), with many leaves.
fn web_of_trust(chance: &mut Chance) -> Generated {
    let count = 12_000;
    let mut stubs = Vec::new();
    for n in 0..count as u32 {
        let degree = chance.heavy(1.35, 400);
        stubs.extend(std::iter::repeat_n(n, degree));
    }
    for n in (1..stubs.len()).rev() {
        stubs.swap(n, chance.below(n + 1));
    }
    let (pairs, _) = stubs.as_chunks::<2>();
    let ties: Vec<_> = pairs.iter().map(|[a, b]| (*a, *b)).collect();
    connected(count, &ties)
}

/// Papers by a few authors each, most of whom have written together before.
fn co_authors(chance: &mut Chance) -> Generated {
    let mut near: Vec<Vec<u32>> = Vec::new();
    let (mut ties, mut wrote) = (Vec::new(), Vec::<u32>::new());
    for _ in 0..5_500 {
        let mut authors: Vec<u32> = Vec::new();
        let size = (1 + chance.heavy(1.6, 12)).min(9);
        while authors.len() < size {
            let known = authors.first().map_or(&[][..], |first| &near[*first as usize]);
            let old = if authors.is_empty() { 0.75 } else { 0.4 };
            let author = if !known.is_empty() && chance.unit() < 0.45 {
                known[chance.below(known.len())]
            } else if !wrote.is_empty() && chance.unit() < old * 0.6 {
                wrote[chance.below(wrote.len())]
            } else {
                near.push(Vec::new());
                near.len() as u32 - 1
            };
            if authors.contains(&author) && chance.unit() < 0.5 {
                break;
            }
            if !authors.contains(&author) {
                authors.push(author);
            }
        }
        for (n, a) in authors.iter().enumerate() {
            wrote.push(*a);
            for b in &authors[n + 1..] {
                ties.push((*a, *b));
                near[*a as usize].push(*b);
                near[*b as usize].push(*a);
            }
        }
    }
    connected(near.len(), &ties)
}

/// A few very large hubs whose leaves are tied to one or several of them, and now and then to
/// each other.
fn hubs(chance: &mut Chance) -> Generated {
    let (count, hubs) = (7_000, 14);
    let mut ties = Vec::new();
    for n in hubs..count {
        let hub = (hubs as f64 * chance.unit() * chance.unit()) as u32;
        ties.push((n as u32, hub));
        if chance.unit() < 0.12 {
            ties.push((n as u32, chance.below(hubs) as u32));
        }
        if chance.unit() < 0.15 {
            ties.push((n as u32, chance.below(count) as u32));
        }
    }
    connected(count, &ties)
}

/// Communities of equal size (Condon and Karp, 2001), with so many ties of each node inside its
/// own and outside, on average.
fn planted(
    chance: &mut Chance,
    count: usize,
    communities: usize,
    inside: f64,
    outside: f64,
) -> Generated {
    let size = count / communities;
    let mut ties = Vec::new();
    for n in 0..count {
        let first = n / size * size;
        for _ in 0..(inside / 2.0 + chance.unit()) as usize {
            ties.push((n as u32, (first + chance.below(size)) as u32));
        }
        for _ in 0..(outside / 2.0 + chance.unit()) as usize {
            ties.push((n as u32, chance.below(count) as u32));
        }
    }
    connected(count, &ties)
}

/// Communities that form larger ones, on three levels.
fn nested(chance: &mut Chance) -> Generated {
    let count = 10_000;
    let mut ties = Vec::new();
    for n in 0..count {
        for (size, each) in [(25, 2.2), (250, 0.8), (2_500, 0.25), (count, 0.08)] {
            for _ in 0..(each + chance.unit()) as usize {
                ties.push((n as u32, (n / size * size + chance.below(size)) as u32));
            }
        }
    }
    connected(count, &ties)
}

/// A grid of which one tie of fifty is missing.
fn grid(chance: &mut Chance, wide: usize, high: usize) -> Generated {
    let mut ties = Vec::new();
    for n in 0..wide * high {
        for (other, there) in [(n + 1, (n + 1) % wide != 0), (n + wide, n + wide < wide * high)] {
            if there && chance.unit() > 0.02 {
                ties.push((n as u32, other as u32));
            }
        }
    }
    connected(wide * high, &ties)
}

/// A grid in space of which one tie of fifty is missing.
fn cube(chance: &mut Chance) -> Generated {
    const SIDE: usize = 16;
    let mut ties = Vec::new();
    for n in 0..SIDE * SIDE * SIDE {
        let mut step = 1;
        for _ in 0..3 {
            if n / step % SIDE + 1 < SIDE && chance.unit() > 0.02 {
                ties.push((n as u32, (n + step) as u32));
            }
            step *= SIDE;
        }
    }
    connected(SIDE * SIDE * SIDE, &ties)
}

/// People and what they took part in: few take part often.
fn bipartite(chance: &mut Chance) -> Generated {
    let (people, events) = (5_000, 1_500);
    let mut ties = Vec::new();
    for n in 0..people {
        let home = chance.below(events);
        for _ in 0..chance.heavy(1.3, 60) {
            let event = if chance.unit() < 0.7 {
                (home + chance.below(40)) % events
            } else {
                chance.below(events)
            };
            ties.push((n as u32, (people + event) as u32));
        }
    }
    connected(people + events, &ties)
}

/// Watts and Strogatz, Nature 393 (1998): a ring with some ties elsewhere.
fn small_world(chance: &mut Chance, count: usize, each: usize, elsewhere: f64) -> Generated {
    let mut ties = Vec::new();
    for n in 0..count {
        for step in 1..=each {
            let other =
                if chance.unit() < elsewhere { chance.below(count) } else { (n + step) % count };
            ties.push((n as u32, other as u32));
        }
    }
    connected(count, &ties)
}

/// Erdős and Rényi (1959), with this mean degree.
fn random(chance: &mut Chance, count: usize, degree: f64) -> Generated {
    let ties: Vec<_> = (0..(count as f64 * degree / 2.0) as usize)
        .map(|_| (chance.below(count) as u32, chance.below(count) as u32))
        .collect();
    connected(count, &ties)
}

/// Points in a square, tied where they are near, with about this mean degree.
fn near_in_plane(chance: &mut Chance, count: usize, degree: f64) -> Generated {
    let points: Vec<(f64, f64)> = (0..count).map(|_| (chance.unit(), chance.unit())).collect();
    let reach = (degree / (std::f64::consts::PI * count as f64)).sqrt();
    let cell = |v: f64| (v / reach) as i64;
    let mut cells: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
    for (n, p) in points.iter().enumerate() {
        cells.entry((cell(p.0), cell(p.1))).or_default().push(n);
    }
    let mut ties = Vec::new();
    for (n, p) in points.iter().enumerate() {
        for (dx, dy) in (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy))) {
            let Some(others) = cells.get(&(cell(p.0) + dx, cell(p.1) + dy)) else { continue };
            for other in others.iter().filter(|other| **other > n) {
                let q = points[*other];
                if (p.0 - q.0).hypot(p.1 - q.1) < reach {
                    ties.push((n as u32, *other as u32));
                }
            }
        }
    }
    connected(count, &ties)
}

/// Chakrabarti, Zhan, Faloutsos, SDM 2004: ties that prefer one quarter of a matrix, again and
/// again.
fn recursive_matrix(chance: &mut Chance) -> Generated {
    const BITS: u32 = 13;
    let mut ties = Vec::new();
    for _ in 0..22_000 {
        let (mut a, mut b) = (0, 0);
        for _ in 0..BITS {
            let (down, right) = match chance.unit() {
                p if p < 0.55 => (0, 0),
                p if p < 0.75 => (0, 1),
                p if p < 0.95 => (1, 0),
                _ => (1, 1),
            };
            (a, b) = (a << 1 | down, b << 1 | right);
        }
        ties.push((a, b));
    }
    connected(1 << BITS, &ties)
}

/// Vázquez and others, `ComPlexUs` 1 (2003): proteins that are copied and lose some of their ties.
fn duplication(chance: &mut Chance) -> Generated {
    let count = 5_000;
    let mut near: Vec<Vec<u32>> = vec![vec![1], vec![0]];
    for n in 2..count as u32 {
        let from = chance.below(n as usize);
        let mut kept: Vec<u32> = near[from].clone();
        kept.retain(|_| chance.unit() < 0.35);
        if kept.is_empty() || chance.unit() < 0.1 {
            kept.push(from as u32);
        }
        for other in &kept {
            near[*other as usize].push(n);
        }
        near.push(kept);
    }
    let ends = near.iter().enumerate();
    let ties: Vec<_> =
        ends.flat_map(|(n, near)| near.iter().map(move |other| (n as u32, *other))).collect();
    connected(count, &ties)
}

/// Leskovec, Kleinberg, Faloutsos, KDD 2005: who is new links to one and to those around it.
fn forest_fire(chance: &mut Chance) -> Generated {
    let count = 10_000;
    let mut near: Vec<Vec<u32>> = vec![Vec::new()];
    for n in 1..count as u32 {
        let mut burning = VecDeque::from([chance.below(n as usize) as u32]);
        let mut burned = HashSet::new();
        while let Some(at) = burning.pop_front() {
            if burned.len() >= 40 || !burned.insert(at) {
                continue;
            }
            let around = &near[at as usize];
            while !around.is_empty() && chance.unit() < 0.3 {
                burning.push_back(around[chance.below(around.len())]);
            }
        }
        let mut all: Vec<u32> = burned.into_iter().collect();
        all.sort_unstable();
        for other in &all {
            near[*other as usize].push(n);
        }
        near.push(all);
    }
    let ends = near.iter().enumerate();
    let ties: Vec<_> =
        ends.flat_map(|(n, near)| near.iter().map(move |other| (n as u32, *other))).collect();
    connected(count, &ties)
}

/// A tree with two to four branches at each node.
fn balanced_tree(chance: &mut Chance) -> Generated {
    let (count, mut next) = (6_000, 1);
    let mut ties = Vec::new();
    for n in 0..count {
        for _ in 0..2 + chance.below(3) {
            if next < count {
                ties.push((n as u32, next as u32));
                next += 1;
            }
        }
    }
    connected(count, &ties)
}

/// Any labelled tree, each as likely as another, from its code (Prüfer, 1918): paths in it are
/// long.
fn long_tree(chance: &mut Chance) -> Generated {
    let count = 4_000;
    let code: Vec<usize> = (0..count - 2).map(|_| chance.below(count)).collect();
    let mut degree = vec![1_u32; count];
    for n in &code {
        degree[*n] += 1;
    }
    let mut leaves: std::collections::BTreeSet<usize> =
        (0..count).filter(|n| degree[*n] == 1).collect();
    let mut ties = Vec::new();
    for n in code {
        let Some(leaf) = leaves.pop_first() else { break };
        ties.push((leaf as u32, n as u32));
        degree[n] -= 1;
        if degree[n] == 1 {
            leaves.insert(n);
        }
    }
    if let (Some(a), Some(b)) = (leaves.pop_first(), leaves.pop_first()) {
        ties.push((a as u32, b as u32));
    }
    connected(count, &ties)
}

/// Groups in which everybody knows everybody, in a ring, with a few ties across it.
fn cliques(chance: &mut Chance) -> Generated {
    let (groups, size) = (400, 9);
    let mut ties = Vec::new();
    for group in 0..groups {
        let first = group * size;
        for a in 0..size {
            ties.extend((0..a).map(|b| ((first + a) as u32, (first + b) as u32)));
        }
        let next = (group + 1) % groups * size;
        ties.push((first as u32, next as u32 + 1));
        if chance.unit() < 0.05 {
            ties.push((first as u32, chance.below(groups * size) as u32));
        }
    }
    connected(groups * size, &ties)
}

/// Owners above companies above companies, agents with many of them, and shared addresses.
fn ownership(chance: &mut Chance) -> Generated {
    let count = 15_000_usize;
    let mut ties = Vec::new();
    for n in 1..count {
        let near = n.saturating_sub(200);
        let owner = if chance.unit() < 0.9 { near + chance.below(n - near) } else { n / 50 * 50 };
        if owner != n {
            ties.push((n as u32, owner as u32));
        }
        if chance.unit() < 0.2 {
            ties.push((n as u32, (chance.below(150) * 97) as u32));
        }
    }
    connected(count, &ties)
}

/// What the crates of this program depend on.
fn crates(_: &mut Chance) -> Generated {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
    let text = std::fs::read_to_string(lock).expect("it is in the repository");
    let mut number: HashMap<String, u32> = HashMap::new();
    let mut of = |name: &str| {
        let next = number.len() as u32;
        *number.entry(name.to_owned()).or_insert(next)
    };
    let (mut now, mut ties) = (0, Vec::new());
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("name = ") {
            now = of(name.trim_matches('"'));
        } else if let Some(name) = line.strip_prefix(" \"") {
            let name = name.split([' ', '"']).next().unwrap_or_default();
            ties.push((now, of(name)));
        }
    }
    connected(number.len(), &ties)
}
