//! Several entities drawn as one: made by hand, by community, country or address, and undone.

use std::collections::{BTreeSet, HashMap};

use super::{
    Canvas, Scope,
    commands::{edit, ties_of},
};
use crate::{
    app::model::Request,
    case::Op,
    chart::{
        grouping::{By, groups, with_groups, without_groups},
        layout::{Tie, settle},
    },
    model::{Chart, Id, Placement, chart::Group},
};

impl Canvas {
    /// Draws the selected entities as one.
    pub(in crate::app) fn group_selected(&mut self, scope: &mut Scope<'_>, chart: &Chart) {
        let members: Vec<Id> = self.selected_entities(scope).into_iter().collect();
        if members.len() < 2 {
            scope.requests.push(Request::Say("Select two or more entities on this chart.".into()));
            return;
        }
        let first = members.iter().max_by_key(|id| scope.model.seen.degree(id));
        let name = first.map(|id| scope.model.name(id)).unwrap_or_default();
        let group = Group::new(format!("{name} and {} more", members.len() - 1), members);
        put(scope, chart, vec![group]);
    }

    /// Draws those as one that belong together: of the selected entities, if several are, else of
    /// all on the chart.
    pub(in crate::app) fn group_by(&mut self, scope: &mut Scope<'_>, chart: &Chart, by: By) {
        let selected = self.selected_entities(scope);
        let ids: Vec<Id> = if selected.len() > 1 {
            selected.into_iter().collect()
        } else {
            let placed = scope.model.placed(&chart.id).iter().map(|p| &p.entity);
            placed.filter(|id| self.sketch.find(id).is_some()).cloned().collect()
        };
        let found = groups(&scope.model.seen, &ids, by);
        if found.is_empty() {
            let why = match by {
                By::Community => "No two of them are linked.",
                By::Country => "No two of them are known to be of one country.",
                By::Address => "No two of them share an address.",
            };
            scope.requests.push(Request::Say(why.into()));
            return;
        }
        put(scope, chart, found);
    }

    /// Lets the members of the selected groups, or of all, stand for themselves again, each where it
    /// was placed or, if something else is there by now, beside that.
    pub(in crate::app) fn expand_groups(
        &mut self,
        scope: &mut Scope<'_>,
        chart: &Chart,
        all: bool,
    ) {
        let wanted = |id: &Id| all || scope.view.selection.contains(id);
        let gone: Vec<&Group> = chart.groups.iter().filter(|group| wanted(&group.id)).collect();
        let members: BTreeSet<Id> = gone.iter().flat_map(|group| group.members.clone()).collect();
        let placed = scope.model.placed(&chart.id).iter();
        let placed: Vec<Placement> =
            placed.filter(|p| members.contains(&p.entity)).cloned().collect();
        let mut bodies = self.bodies(scope.model, self.drawn_chart(scope.model), &placed);
        let others = self.obstacles(scope.model).into_iter().zip(&self.sketch.dots);
        let leave: BTreeSet<&Id> = gone.iter().map(|group| &group.id).collect();
        let mut numbers: HashMap<&Id, usize> =
            placed.iter().enumerate().map(|(n, p)| (&p.entity, n)).collect();
        for (body, dot) in others.filter(|(_, dot)| !leave.contains(&dot.id)) {
            numbers.insert(&dot.id, bodies.len());
            bodies.push(body);
        }
        let find = |id: &Id| numbers.get(id).copied();
        let ties: Vec<Tie> = placed
            .iter()
            .enumerate()
            .flat_map(|(n, p)| {
                let ties = ties_of(scope.model, &p.entity, &find).into_iter();
                ties.map(move |(to, label)| Tie::new(n, to).labelled(label))
            })
            .collect();
        let points = settle(&bodies, &ties, &|_| true).unwrap_or_default();
        let moved = placed.into_iter().zip(points);
        let moved = moved.filter(|(p, at)| (p.x, p.y) != (at.x, at.y));
        let placements: Vec<Placement> =
            moved.map(|(p, at)| Placement { x: at.x, y: at.y, ..p }).collect();
        let mut ops = vec![Op::PutChart(without_groups(chart, &wanted))];
        if !placements.is_empty() {
            ops.push(Op::Place { chart: chart.id.clone(), placements });
        }
        if !all {
            scope.view.selection = members;
        }
        edit(scope, ops);
    }
}

fn put(scope: &mut Scope<'_>, chart: &Chart, new: Vec<Group>) {
    scope.view.selection.clear();
    scope.view.select_new = match &new[..] {
        [one] => Some(one.id.clone()),
        _ => None,
    };
    edit(scope, vec![Op::PutChart(with_groups(chart, new))]);
}
