//! For each entity the relationships that have it at an end, or the entities that refer to it.

use std::sync::Arc;

use super::shards::Lists;

/// Lists of relationships by the key of their end: one flat array, and the lists that changed
/// since it was made. A clone copies pointers.
#[derive(Clone, Debug, Default)]
pub(super) struct Touching {
    starts: Arc<[u32]>,
    links: Arc<[u32]>,
    changed: Lists,
}

impl Touching {
    /// The lists of relationships with these ends; each list keeps the order given here. There
    /// are `count` keys.
    pub fn new(count: usize, ends: impl Iterator<Item = (u32, u32, u32)> + Clone) -> Self {
        let mut starts = vec![0_u32; count + 1];
        let at_ends = |(link, source, target)| {
            let other = (source != target).then_some((link, target));
            std::iter::once((link, source)).chain(other)
        };
        for (_, end) in ends.clone().flat_map(at_ends) {
            starts[end as usize] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum - *start;
        }
        let mut links = vec![0; sum as usize];
        let mut next = starts.clone();
        for (link, end) in ends.flat_map(at_ends) {
            let place = &mut next[end as usize];
            links[*place as usize] = link;
            *place += 1;
        }
        Self { starts: starts.into(), links: links.into(), changed: Lists::default() }
    }

    /// The lists of entities that refer to others: holder and target, each pair once, holders in
    /// the order that the lists are to have. Few of them take no room for each of `count` keys.
    pub(crate) fn of_references(count: usize, pairs: &[(u32, u32)]) -> Self {
        if pairs.len() >= count / 16 {
            return Self::new(
                count,
                pairs.iter().map(|(holder, target)| (*holder, *target, *target)),
            );
        }
        let mut few = Self::default();
        for (holder, target) in pairs {
            few.changed.get_mut(*target).push(*holder);
        }
        few
    }

    /// The relationships at an end.
    pub fn of(&self, end: u32) -> &[u32] {
        if let Some(links) = self.changed.get(end) {
            return links;
        }
        let bound = |n: u32| self.starts.get(n as usize).map(|start| *start as usize);
        match (bound(end), bound(end + 1)) {
            (Some(from), Some(to)) => &self.links[from..to],
            _ => &[],
        }
    }

    /// Puts a relationship into the list of an end, before the first for which `later` holds.
    pub fn insert(&mut self, end: u32, link: u32, later: impl Fn(u32) -> bool) {
        let links = self.of(end);
        let at = links.partition_point(|other| !later(*other));
        if links.contains(&link) {
            return;
        }
        let mut links = links.to_vec();
        links.insert(at, link);
        self.changed.insert(end, links);
    }

    /// Sets the list of an end.
    pub fn set(&mut self, end: u32, links: Vec<u32>) {
        if self.of(end) != links {
            self.changed.insert(end, links);
        }
    }

    /// Takes a relationship out of the list of an end.
    pub fn remove(&mut self, end: u32, link: u32) {
        let mut links = self.of(end).to_vec();
        links.retain(|other| *other != link);
        self.changed.insert(end, links);
    }

    /// What it takes, in bytes.
    pub fn bytes(&self) -> usize {
        (self.starts.len() + self.links.len()) * 4 + self.changed.bytes()
    }

    #[cfg(test)]
    pub fn apart(&self, other: &Self) -> (usize, usize) {
        assert!(Arc::ptr_eq(&self.links, &other.links));
        self.changed.apart(&other.changed)
    }
}
