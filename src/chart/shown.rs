//! What of a chart is drawn: who stands where, once what is hidden, left out and grouped is
//! counted, and which relationships and references lie between.

use std::collections::{HashMap, HashSet};

use super::{Overlay, Point};
use crate::{
    model::{Chart, Id, Placement, chart::Group},
    network::{Connection, EntityRef, Seen},
};

/// What is drawn of a chart.
#[derive(Debug, Default)]
pub struct Shown<'a> {
    /// Who stands on it: entities in the order of their placements, each group where its first
    /// member would be.
    pub stands: Vec<Stand<'a>>,
    seen: Option<&'a Seen>,
    hidden: HashSet<&'a Id>,
    overlay: Option<&'a Overlay>,
    /// The stand of each entity that is drawn, be it by itself or in a group.
    at: HashMap<&'a Id, u32>,
}

/// Something that stands on a chart.
#[derive(Clone, Debug)]
pub struct Stand<'a> {
    pub who: Who<'a>,
    /// Its middle; that of a group is its members' middle.
    pub at: Point,
    /// Whether no layout moves it; a group is never pinned.
    pub pinned: bool,
    /// Whether a filter leaves it out; of a group, every member.
    pub left_out: bool,
    /// Its relationships and references in the case.
    pub degree: usize,
    /// Its place among the placements; of a group, that of its first member.
    pub placement: u32,
}

/// Who stands on a chart.
#[derive(Clone, Debug)]
pub enum Who<'a> {
    Entity(EntityRef<'a>),
    /// Several, drawn as one: the group, and its members that are drawn with it.
    Group(&'a Group, Vec<Member<'a>>),
}

/// A member of a group that stands on a chart.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    pub entity: EntityRef<'a>,
    /// Its place among the placements.
    pub placement: u32,
}

impl<'a> Who<'a> {
    /// The id by which it is selected and moved.
    pub fn id(&self) -> &'a Id {
        match self {
            Self::Entity(entity) => entity.id(),
            Self::Group(group, _) => &group.id,
        }
    }
}

/// A relationship or reference between two that stand on a chart.
#[derive(Clone, Copy, Debug)]
pub struct Between<'a> {
    /// The stand of its source.
    pub from: u32,
    /// The stand of its target.
    pub to: u32,
    pub link: Connection<'a>,
    /// Whether a filter leaves it out.
    pub left_out: bool,
}

/// What is drawn of a chart with these placements.
pub fn shown<'a>(
    seen: &'a Seen,
    chart: &'a Chart,
    placements: &'a [Placement],
    overlay: &'a Overlay,
) -> Shown<'a> {
    let hidden: HashSet<&Id> = chart.hidden.iter().collect();
    let mut shown = Shown {
        stands: Vec::with_capacity(placements.len()),
        seen: Some(seen),
        overlay: Some(overlay),
        at: HashMap::with_capacity(placements.len()),
        hidden,
    };
    let grouped: HashMap<&Id, usize> = chart
        .groups
        .iter()
        .enumerate()
        .flat_map(|(n, group)| group.members.iter().map(move |member| (member, n)))
        .collect();
    // The stand of each group that has one by now.
    let mut stand_of = vec![None; chart.groups.len()];
    for (number, placement) in placements.iter().enumerate() {
        let id = &placement.entity;
        if shown.hidden.contains(id) || overlay.hides(id) {
            continue;
        }
        let Some(entity) = seen.get(id) else { continue };
        let at = Point::new(placement.x, placement.y);
        let left_out = overlay.dims(id);
        let degree = seen.degree(id);
        let group = grouped.get(id).copied();
        if let Some(stand) = group.and_then(|group| stand_of[group]) {
            shown.at.insert(entity.id(), stand);
            let stand = &mut shown.stands[stand as usize];
            let Who::Group(_, members) = &mut stand.who else { continue };
            members.push(Member { entity, placement: number as u32 });
            // A mean kept up as members come.
            stand.at = stand.at.towards(at, 1.0 / members.len() as f32);
            stand.left_out &= left_out;
            stand.degree += degree;
            continue;
        }
        let stand = shown.stands.len() as u32;
        shown.at.insert(entity.id(), stand);
        let who = match group {
            Some(group) => {
                stand_of[group] = Some(stand);
                let first = Member { entity, placement: number as u32 };
                Who::Group(&chart.groups[group], vec![first])
            }
            None => Who::Entity(entity),
        };
        let pinned = placement.pinned;
        let placement = number as u32;
        shown.stands.push(Stand { who, at, pinned, left_out, degree, placement });
    }
    for stand in &mut shown.stands {
        if let Who::Group(_, members) = &stand.who {
            match members[..] {
                // One alone is drawn as what it is.
                [one] => stand.who = Who::Entity(one.entity),
                _ => stand.pinned = false,
            }
        }
    }
    shown
}

impl<'a> Shown<'a> {
    /// The stand of an entity, by itself or in a group.
    pub(crate) fn stand_of(&self, id: &Id) -> Option<u32> {
        self.at.get(id).copied()
    }

    /// Every relationship and reference that is drawn, by the stands of their sources. What is
    /// within a group is not.
    pub fn between(&self) -> impl Iterator<Item = Between<'a>> {
        self.stands.iter().flat_map(move |stand| {
            let mut found = Vec::new();
            match &stand.who {
                Who::Entity(entity) => self.leaving(*entity, &mut found),
                Who::Group(_, members) => {
                    for member in members {
                        self.leaving(member.entity, &mut found);
                    }
                    found.retain(|between| between.from != between.to);
                }
            }
            found
        })
    }

    /// What has its source at one entity.
    fn leaving(&self, entity: EntityRef<'a>, found: &mut Vec<Between<'a>>) {
        let (Some(seen), Some(overlay)) = (self.seen, self.overlay) else { return };
        let Some(from) = self.stand_of(entity.id()) else { return };
        let all_drawn = self.hidden.is_empty() && overlay.left_out.is_empty();
        for link in seen.connections_from(entity) {
            let to = link.ends().and_then(|(_, target)| self.stand_of(target.id()));
            let Some(to) = to else { continue };
            if all_drawn {
                found.push(Between { from, to, link, left_out: false });
                continue;
            }
            let id = link.id();
            if !self.hidden.contains(&*id) && !overlay.hides(&id) {
                found.push(Between { from, to, link, left_out: overlay.dims(&id) });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Action, Case, NewValue, Op};

    fn seen() -> Seen {
        let mut case = Case::in_memory().expect("memory suffices");
        let add = |id: &str, schema: &str, values: [(&str, &str); 2]| Op::Add {
            entity: id.into(),
            schema: schema.into(),
            values: values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect(),
        };
        let mut ops: Vec<Op> = ["a", "b", "c", "d"]
            .iter()
            .map(|n| add(n, "Company", [("name", n), ("country", "hk")]))
            .collect();
        for (id, from, to) in
            [("1", "a", "b"), ("2", "a", "c"), ("3", "d", "b"), ("4", "c", "c"), ("5", "c", "d")]
        {
            ops.push(add(id, "Ownership", [("owner", from), ("asset", to)]));
        }
        case.commit(Action::new(ops)).expect("valid");
        Seen::new(case.entities().expect("readable"))
    }

    fn placements() -> Vec<Placement> {
        let places = [("a", 0.0), ("b", 100.0), ("c", 200.0), ("d", 600.0)];
        let place =
            |(id, x): (&str, f32)| Placement { entity: id.into(), x, y: 10.0, pinned: false };
        places.map(place).to_vec()
    }

    fn said(shown: &Shown<'_>) -> (Vec<String>, Vec<String>) {
        let stands = shown.stands.iter().map(|stand| {
            let faint = if stand.left_out { "?" } else { "" };
            match &stand.who {
                Who::Entity(entity) => format!("{}{faint} at {}", entity.id(), stand.at.x),
                Who::Group(group, members) => {
                    format!("{} {}{faint} at {}", group.name, members.len(), stand.at.x)
                }
            }
        });
        let between = shown.between().map(|b| {
            let faint = if b.left_out { "?" } else { "" };
            format!("{}{faint}: {} to {}", b.link.id(), b.from, b.to)
        });
        (stands.collect(), between.collect())
    }

    #[test]
    fn a_group_stands_in_the_middle_of_its_members_and_takes_their_relationships() {
        let (seen, placements, overlay) = (seen(), placements(), Overlay::default());
        let mut chart = Chart::new("C", 1.0);
        let members = ["a", "b", "c", "stranger"].map(Id::from).to_vec();
        chart.groups = vec![Group::new("G", members)];
        let drawn = shown(&seen, &chart, &placements, &overlay);
        let (stands, between) = said(&drawn);
        assert_eq!(stands, ["G 3 at 100", "d at 600"]);
        assert_eq!(between, ["5: 0 to 1", "3: 1 to 0"]);
        assert_eq!(drawn.stand_of(&"c".into()), Some(0));
        // Of two, one is hidden: the other is drawn as what it is.
        chart.groups = vec![Group::new("G", ["a", "b"].map(Id::from).to_vec())];
        chart.hidden = vec!["a".into(), "5".into()];
        let (stands, between) = said(&shown(&seen, &chart, &placements, &overlay));
        assert_eq!(stands, ["b at 100", "c at 200", "d at 600"]);
        assert_eq!(between, ["4: 1 to 1", "3: 2 to 0"]);
    }

    #[test]
    fn what_a_filter_leaves_out_is_faint_or_gone() {
        let (seen, placements) = (seen(), placements());
        let left_out = std::sync::Arc::new(["a", "b", "3"].map(Id::from).into());
        let mut overlay = Overlay { left_out, ..Overlay::default() };
        let chart = Chart {
            groups: vec![Group::new("G", ["b", "c"].map(Id::from).to_vec())],
            ..Chart::new("C", 1.0)
        };
        let (stands, between) = said(&shown(&seen, &chart, &placements, &overlay));
        assert_eq!(stands, ["a? at 0", "G 2 at 150", "d at 600"]);
        assert_eq!(between, ["1: 0 to 1", "2: 0 to 1", "5: 1 to 2", "3?: 2 to 1"]);
        overlay.hides = true;
        let (stands, between) = said(&shown(&seen, &chart, &placements, &overlay));
        assert_eq!(stands, ["c at 200", "d at 600"]);
        assert_eq!(between, ["4: 0 to 0", "5: 0 to 1"]);
    }
}
