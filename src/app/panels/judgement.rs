//! Choosing how far information can be believed.

use egui::Ui;

use crate::app::{model::Request, widgets};
use crate::{
    case::{Action, Judged, Op},
    model::Credibility,
};

/// What was chosen; nothing says that nobody knows.
#[derive(Debug)]
pub(super) struct Choice(pub(super) Option<Credibility>);

/// The six steps in a row, named for what they are `of`; gives what was chosen just now. A click on
/// the present one says that nobody knows.
pub(super) fn steps(
    ui: &mut Ui,
    of: &str,
    now: Option<Credibility>,
    enabled: bool,
) -> Option<Choice> {
    let mut chosen = None;
    for step in Credibility::ALL {
        let on = now == Some(step);
        let response = ui.selectable_label(on, step.code());
        let name = format!("{of}: credibility {}, {}", step.code(), step.words());
        widgets::named(&response, &name, Some(on), enabled);
        let response = response.on_hover_text(step.words());
        // The second click of two that were meant for what was here before is none.
        if response.clicked() && !response.double_clicked() {
            chosen = Some(Choice((!on).then_some(step)));
        }
    }
    chosen
}

/// The judgement as one action.
pub(super) fn request(what: Judged, Choice(credibility): Choice) -> Request {
    Request::Commit(Action::new(vec![Op::Judge { what, credibility }]))
}
