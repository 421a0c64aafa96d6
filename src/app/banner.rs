//! The line above the chart that says why nothing can be changed, and offers what can be done.

use egui::{Align, Frame, Label, Layout, Margin, Panel, RichText, Ui};

use super::{
    command,
    model::{Model, Request},
    question::{Matter, Question},
    theme::Theme,
};
use crate::{case::Remedy, chart::icon::ui as icon};

/// The answer that releases the lock.
pub(crate) const RELEASE: &str = "Release, and open for changes";
const KEEP: &str = "Keep the lock";

/// Draws it, where the case cannot be changed. Returns the question that a click on it asks.
pub fn ui(
    ui: &mut Ui,
    model: &Model,
    theme: &Theme,
    requests: &mut Vec<Request>,
) -> Option<Question> {
    // A case that is shown as it was has a line of its own.
    let why = model.read_only.as_ref().filter(|_| model.lens().horizon.known.is_none())?;
    let mut question = None;
    let frame = Frame::new().fill(theme.selected).inner_margin(Margin::symmetric(12, 6));
    Panel::top("read-only").frame(frame).show(ui, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            match &model.remedy {
                Some(Remedy::SaveCopy) if ui.button("Save a copy…").clicked() => {
                    requests.push(Request::Run(command::CASE_SAVE_COPY));
                }
                Some(Remedy::ReleaseLock(who)) if ui.button("Release the lock…").clicked() => {
                    question = Some(release(who));
                }
                _ => {}
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let text = format!("{}  Open for reading only: {why}", icon::LOCK);
                ui.add(Label::new(RichText::new(text).color(theme.text)).wrap());
            });
        });
    });
    question
}

/// Says what releasing the lock of another computer means.
fn release(who: &str) -> Question {
    let text = format!(
        "The lock was set by {who}. Release it only if that program is gone, for example after its \
         computer crashed. If it still has the case open, both of you would write to one file, and \
         changes of either could be lost."
    );
    Question::new(Matter::ReleaseLock, "Release the lock?", text, vec![KEEP, RELEASE])
}
