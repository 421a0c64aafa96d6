//! The part of a case that a chart shows.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use crate::{
    chart::{
        Mode, Overlay, Style,
        overlay::Mark,
        shown::{Who, shown},
        style::Group,
    },
    exchange::content::Place,
    model::{Chart, Id, Placement},
    network::{EntityRef, Lens, Seen},
};

/// A chart as somebody sees it.
#[derive(Clone)]
pub struct ChartView {
    /// The case, or as much of it as the chart shows.
    pub seen: Arc<Seen>,
    pub lens: Lens,
    pub chart: Chart,
    pub placements: Vec<Placement>,
    pub overlay: Arc<Overlay>,
    /// The digest of the case in the state that is seen.
    pub digest: String,
}

/// What leaves of a chart.
pub(super) struct Part {
    /// Entities, and the relationships between them.
    pub ids: BTreeSet<Id>,
    /// References that a filter leaves out.
    pub without: BTreeSet<Id>,
    pub places: HashMap<Id, Place>,
}

impl ChartView {
    /// What leaves: what the chart shows, groups member by member. What a filter leaves out does
    /// not leave, be it hidden or faint: data cannot be faint. With a selection only that leaves,
    /// also what of it does not stand on the chart.
    pub(super) fn part(&self, style: &Style, selection: Option<&BTreeSet<Id>>) -> Part {
        let mut part =
            Part { ids: BTreeSet::new(), without: BTreeSet::new(), places: HashMap::new() };
        let hidden: HashSet<&Id> = self.chart.hidden.iter().collect();
        if let Some(selection) = selection {
            let ends = selection.iter().filter_map(|id| self.seen.reference(id));
            let ends = ends.flat_map(|one| [one.source(), one.target()]);
            for entity in selection.iter().filter_map(|id| self.seen.get(id)).chain(ends) {
                let ends = entity.ends().map(|(source, target)| [source, target]);
                for id in ends.into_iter().flatten().chain([entity.id()]) {
                    let is_entity = self.seen.get(id).is_some_and(|e| !e.is_link());
                    if is_entity && !hidden.contains(id) && !self.left_out(id) {
                        part.ids.insert(id.clone());
                    }
                }
            }
        }
        let shown = shown(&self.seen, &self.chart, &self.placements, &self.overlay);
        for stand in &shown.stands {
            match &stand.who {
                Who::Entity(entity) => self.take(*entity, stand.placement, style, &mut part),
                Who::Group(_, members) => {
                    for member in members {
                        self.take(member.entity, member.placement, style, &mut part);
                    }
                }
            }
        }
        let mut links = BTreeSet::new();
        for id in &part.ids {
            for link in self.seen.links_of(id) {
                let stands = link.ends().is_some_and(|(source, target)| {
                    part.ids.contains(source) && part.ids.contains(target)
                });
                if stands && !hidden.contains(link.id()) && !self.left_out(link.id()) {
                    links.insert(link.id().clone());
                }
            }
        }
        part.ids.extend(links);
        let left_out = self.overlay.left_out.iter();
        part.without.extend(left_out.filter(|id| self.seen.get(id).is_none()).cloned());
        part
    }

    /// The entities that leave, and the relationships between them.
    pub fn ids(&self) -> BTreeSet<Id> {
        self.part(&Style::of(Mode::Light), None).ids
    }

    fn take(&self, entity: EntityRef<'_>, placement: u32, style: &Style, part: &mut Part) {
        if self.left_out(entity.id()) {
            return;
        }
        let Some(placement) = self.placements.get(placement as usize) else { return };
        let color = match self.overlay.tint(entity.id()) {
            Some(Mark::Level(level)) => style.level(level),
            Some(Mark::Kind(kind)) => style.kind(kind),
            None => style.hue(Group::of(entity.schema())),
        };
        let place = Place { x: placement.x, y: placement.y, color: [color.0, color.1, color.2] };
        part.ids.insert(entity.id().clone());
        part.places.insert(entity.id().clone(), place);
    }

    fn left_out(&self, id: &Id) -> bool {
        self.overlay.hides(id) || self.overlay.dims(id)
    }

    /// The same chart with what is selected alone: entities, the members of groups, and the ends
    /// of relationships.
    #[must_use]
    pub fn selected(&self, selection: &BTreeSet<Id>) -> Self {
        let mut kept: HashSet<&Id> = selection.iter().collect();
        for group in self.chart.groups.iter().filter(|group| selection.contains(&group.id)) {
            kept.extend(&group.members);
        }
        for id in selection {
            if let Some((source, target)) = self.seen.get(id).and_then(EntityRef::ends) {
                kept.extend([source, target]);
            } else if let Some(reference) = self.seen.reference(id) {
                kept.extend([reference.source().id(), reference.target().id()]);
            }
        }
        let placements = self.placements.iter().filter(|p| kept.contains(&p.entity));
        Self { placements: placements.cloned().collect(), ..self.clone() }
    }
}
