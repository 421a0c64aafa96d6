//! A whole case as a chart of its own, laid out: for a case in which nothing was placed yet.

use std::sync::Arc;

use super::{CaseView, ChartView};
use crate::{
    case::{Error, Progress, Result},
    chart::{
        self, Point,
        layout::{self, Algorithm, Body, Tie},
        picture::{card_size, label_width},
    },
    model::{Chart, Placement, count::grouped},
    network::{EntityRef, is_document},
};

/// More entities than this are not drawn: on the longest side that an image may have, none of their
/// names could be read.
const MAXIMUM: usize = 20_000;

impl ChartView {
    /// Every entity of a case and what lies between them, laid out. Entities that only describe
    /// another are on its card; documents that nothing is related to are sources, and stay away.
    pub fn of_all(view: CaseView, name: String, progress: &Progress) -> Result<Self> {
        let CaseView { seen, lens, digest } = view;
        let chart = Chart::new(&name, 0.0);
        let is_drawn = |node: &EntityRef<'_>| {
            node.host().is_none() && (node.degree() > 0 || !is_document(node.schema()))
        };
        let nodes: Vec<EntityRef<'_>> = seen.nodes().filter(is_drawn).collect();
        if nodes.len() > MAXIMUM {
            return Err(Error::invalid(format!(
                "The case has {} entities, and a drawing of more than {} cannot be read; place \
                 those that matter on a chart, and draw that.",
                grouped(nodes.len()),
                grouped(MAXIMUM)
            )));
        }
        let place = |node: &EntityRef<'_>| Placement {
            entity: node.id().clone(),
            x: 0.0,
            y: 0.0,
            pinned: false,
        };
        let mut placements: Vec<Placement> = nodes.iter().map(place).collect();
        let body = |node: &EntityRef<'_>| Body {
            at: Point::default(),
            size: card_size(*node),
            fixed: false,
        };
        let bodies: Vec<Body> = nodes.iter().map(body).collect();
        let overlay = Arc::default();
        let shown = chart::shown(&seen, &chart, &placements, &overlay);
        // Each entity has a stand of its own, in the order of the placements.
        let ties: Vec<Tie> = shown
            .between()
            .map(|between| {
                let label = label_width(between.link);
                Tie::new(between.from as usize, between.to as usize).labelled(label)
            })
            .collect();
        drop(shown);
        let going = |part: f32| {
            progress.report((part * 100.0) as u64, 100);
            progress.check().is_ok()
        };
        let request = layout::Request::new(Algorithm::Force, &bodies, &ties);
        let points = request.run(&going).ok_or(Error::Cancelled)?;
        for (placement, point) in placements.iter_mut().zip(points) {
            (placement.x, placement.y) = (point.x, point.y);
        }
        drop(nodes);
        Ok(Self { seen, lens, chart, placements, overlay, digest })
    }
}
