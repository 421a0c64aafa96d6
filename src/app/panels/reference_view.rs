//! What the inspector shows of a reference: what names what, how well that is supported, and where
//! it is stated.

use std::collections::BTreeSet;

use egui::{Label, RichText, Ui};

use super::inspector::{citation_card, ends};
use crate::app::{
    model::{Model, Request, View},
    query::DetailsOf,
    theme::{T11, T16, Theme, semibold},
    widgets::{section, strength_badge},
};
use crate::{
    model::{StatementKey, schema},
    network::Reference,
};

/// Draws a reference.
pub(super) fn ui(
    ui: &mut Ui,
    model: &Model,
    view: &mut View,
    theme: &Theme,
    requests: &mut Vec<Request>,
    reference: Reference<'_>,
) {
    let (source, target) = (reference.source(), reference.target());
    let relation = reference.property().relation();
    let name = model.name(&reference.id());
    ui.add(Label::new(RichText::new(name).font(semibold(T16))).wrap());
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new("Reference").size(T11));
        strength_badge(ui, theme, reference.strength(), false);
    });
    ends(ui, view, theme, [source, target], &schema::phrase(relation));
    let why = model.why(source.id(), Some(reference.statement())).unwrap_or_default();
    ui.add(Label::new(RichText::new(why).size(T11).color(theme.weak)).wrap());
    section(ui, theme, "STATED BY");
    let label = &reference.property().label;
    let text = format!(
        "The property “{label}” of {} names {}. Edit or withdraw it there.",
        source.caption(),
        target.caption()
    );
    ui.add(Label::new(text).wrap());
    let details = model.ask(&DetailsOf::seen(model, source.id().clone()), requests);
    let Some(details) = details else { return };
    let said: BTreeSet<StatementKey> = reference.statements().collect();
    for statement in details.statements.iter().filter(|one| said.contains(&one.key)) {
        for citation in statement.citations.iter().filter(|citation| citation.live) {
            citation_card(ui, model, view, theme, requests, citation);
        }
    }
}
