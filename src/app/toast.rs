//! Notes: what happened, and what went wrong. They have a place of their own, so that they cover
//! nothing that can be clicked; all of them are kept in a list.

use std::{
    collections::VecDeque,
    path::PathBuf,
    time::{Duration, Instant},
};

use egui::{
    Align2, Area, Frame, Label, Margin, Order, Panel, RichText, ScrollArea, Sense, Stroke, Ui,
};

use super::{
    dialog::{Dialog, with_foot},
    model::Request,
    theme::{S8, T11, T16, Theme, icons, semibold},
    widgets::{self, icon_button},
};
use crate::chart::icon::ui as icon;

const LASTS: Duration = Duration::from_secs(6);
/// How long one lasts from which a file can be shown.
const FILE_LASTS: Duration = Duration::from_secs(20);
/// How long an error stays at least, also where what it says is over before.
const ERROR_LASTS: Duration = Duration::from_secs(8);
/// Maximum number of notes on screen.
const MOST: usize = 2;
/// Maximum number of notes in the list.
const KEPT: usize = 200;

/// A note.
#[derive(Debug)]
struct Toast {
    text: String,
    kind: Kind,
    born: Instant,
    /// What was written, if something was.
    file: Option<PathBuf>,
    /// Whether what it says is over.
    over: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Done,
    Said,
    Failed,
}

/// The notes on screen, and the list of all.
#[derive(Debug, Default)]
pub struct Toasts {
    shown: Vec<Toast>,
    /// The newest first: when it was said, in milliseconds, whether it is an error, the text.
    list: VecDeque<(i64, bool, String)>,
}

impl Toasts {
    /// Something was done. The status bar says it, beside the button that undoes it.
    pub fn done(&mut self, text: impl Into<String>) {
        // One at a time: what was done before is in the history.
        self.shown.retain(|toast| toast.kind != Kind::Done);
        self.push(text.into(), Kind::Done, None);
    }

    /// A file was written, which can be shown in its folder.
    pub fn wrote(&mut self, text: impl Into<String>, file: PathBuf) {
        self.push(text.into(), Kind::Said, Some(file));
    }

    /// Something that is good to know.
    pub fn say(&mut self, text: impl Into<String>) {
        self.push(text.into(), Kind::Said, None);
    }

    /// Something failed.
    pub(crate) fn fail(&mut self, text: impl Into<String>) {
        self.push(text.into(), Kind::Failed, None);
    }

    /// Forgets what was done: it was done to another case.
    pub(crate) fn forget_done(&mut self) {
        self.shown.retain(|toast| toast.kind != Kind::Done);
    }

    /// Something worked that may have failed before: what errors say is over.
    pub fn worked(&mut self) {
        for toast in &mut self.shown {
            toast.over = true;
        }
    }

    /// Takes away the newest error; says whether there was one.
    pub(crate) fn dismiss(&mut self) -> bool {
        let newest = self.shown.iter().rposition(|toast| toast.kind == Kind::Failed);
        newest.map(|at| self.shown.remove(at)).is_some()
    }

    fn push(&mut self, text: String, kind: Kind, file: Option<PathBuf>) {
        if kind != Kind::Done {
            let now = jiff::Timestamp::now().as_millisecond();
            self.list.push_front((now, kind == Kind::Failed, text.clone()));
            self.list.truncate(KEPT);
        }
        self.shown.retain(|toast| toast.text != text);
        self.shown.push(Toast { text, kind, born: Instant::now(), file, over: false });
    }

    /// Lets what has been long enough on screen go.
    pub(crate) fn age(&mut self, ctx: &egui::Context) {
        self.shown.retain(|toast| {
            let age = toast.born.elapsed();
            match toast.kind {
                Kind::Failed => !toast.over || age < ERROR_LASTS,
                _ if toast.file.is_some() => age < FILE_LASTS,
                _ => age < LASTS,
            }
        });
        let goes = |toast: &Toast| toast.kind != Kind::Failed || toast.over;
        if self.shown.iter().any(goes) {
            ctx.request_repaint_after(Duration::from_millis(500));
        }
    }

    /// What was done last, for the status bar, for a short time.
    pub(crate) fn last_done(&self) -> Option<&str> {
        self.shown.iter().find(|toast| toast.kind == Kind::Done).map(|toast| toast.text.as_str())
    }

    /// How many errors are on screen.
    pub fn errors(&self) -> usize {
        self.shown.iter().filter(|toast| toast.kind == Kind::Failed).count()
    }

    /// The places of the notes that are drawn: the newest errors before the newest others.
    fn drawn(&self) -> Vec<usize> {
        let mut notes: Vec<usize> =
            (0..self.shown.len()).filter(|n| self.shown[*n].kind != Kind::Done).collect();
        notes.sort_by_key(|n| (self.shown[*n].kind != Kind::Failed, std::cmp::Reverse(*n)));
        notes.truncate(MOST);
        notes
    }

    /// Draws the notes in a strip of their own at the upper or lower edge of what is left; gives
    /// its height.
    pub fn strip(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        requests: &mut Vec<Request>,
        above: bool,
    ) -> f32 {
        let drawn = self.drawn();
        if drawn.is_empty() {
            return 0.0;
        }
        let before = ui.available_height();
        let panel = if above { Panel::top("notes") } else { Panel::bottom("notes") };
        let frame = Frame::new().fill(theme.raised).inner_margin(Margin::symmetric(12, 3));
        let panel = panel.frame(frame).resizable(false);
        panel.show(ui, |ui| self.rows(ui, theme, requests, &drawn));
        before - ui.available_height()
    }

    /// Draws the notes at the lower edge of the window, below a dialog that leaves room for them.
    pub(crate) fn beside_dialog(
        &mut self,
        ctx: &egui::Context,
        theme: &Theme,
        requests: &mut Vec<Request>,
    ) {
        let drawn = self.drawn();
        if drawn.is_empty() {
            return;
        }
        let newest = &drawn[..1];
        Area::new(egui::Id::unique("notes-beside"))
            .anchor(Align2::CENTER_BOTTOM, [0.0, -4.0])
            .order(Order::Tooltip)
            .show(ctx, |ui| {
                let width = (ctx.content_rect().width() - 60.0).min(900.0);
                let frame = Frame::new().fill(theme.raised).corner_radius(8);
                let frame = frame.stroke(Stroke::new(1.0, theme.border));
                frame.inner_margin(Margin::symmetric(12, 2)).show(ui, |ui| {
                    ui.set_width(width);
                    self.rows(ui, theme, requests, newest);
                });
            });
    }

    fn rows(&mut self, ui: &mut Ui, theme: &Theme, requests: &mut Vec<Request>, drawn: &[usize]) {
        let mut close = None;
        for at in drawn {
            let Some(toast) = self.shown.get(*at) else { continue };
            let (sign, ink) = match toast.kind {
                Kind::Failed => (icon::ERROR, theme.alarm),
                _ => (icon::INFO, theme.weak),
            };
            ui.horizontal(|ui| {
                ui.label(RichText::new(sign).font(icons(16.0)).color(ink));
                // The text leaves its room to the buttons, which stay at the right.
                let buttons = if toast.file.is_some() { 170.0 } else { 44.0 };
                let room = (ui.available_width() - buttons).max(80.0);
                let text = RichText::new(&toast.text);
                let text = if toast.kind == Kind::Failed { text.color(ink) } else { text };
                let wrap = Some(egui::TextWrapMode::Wrap);
                let text = egui::WidgetText::from(text);
                let text = text.into_galley(ui, wrap, room, egui::TextStyle::Body);
                // One line stands at the height of the signs beside it.
                let above = (ui.spacing().interact_size.y - text.size().y) / 2.0;
                ui.vertical(|ui| {
                    ui.set_width(room);
                    ui.add_space(above.max(0.0));
                    let label = ui.add(Label::new(text).sense(Sense::click()));
                    if label.clicked() && toast.kind == Kind::Failed {
                        close = Some(*at);
                    }
                });
                if let Some(file) = &toast.file
                    && ui.button("Show in folder").clicked()
                {
                    requests.push(Request::Reveal(file.clone()));
                }
                if icon_button(ui, theme, icon::CLOSE, "Close this message").clicked() {
                    close = Some(*at);
                }
            });
        }
        if let Some(at) = close {
            self.shown.remove(at);
        }
    }

    /// The texts on screen, oldest first.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.shown.iter().map(|toast| toast.text.as_str())
    }

    /// Draws the list of all notes as a dialog; says whether it stays open.
    pub(crate) fn list_ui(&self, ctx: &egui::Context, theme: &Theme) -> bool {
        let mut open = true;
        let shown = Dialog::new("messages", 560.0).height(380.0).show(ctx, |ui| {
            let body = |ui: &mut Ui| {
                ui.label(RichText::new("Messages").font(semibold(T16)));
                ui.add_space(S8);
                if self.list.is_empty() {
                    ui.label(RichText::new("No messages since the start.").color(theme.weak));
                }
                ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
                    for (at, failed, text) in &self.list {
                        let when = widgets::when(*at);
                        ui.label(RichText::new(when).size(T11).color(theme.weak));
                        let ink = if *failed { theme.alarm } else { theme.text };
                        ui.add(Label::new(RichText::new(text).color(ink)).wrap());
                        ui.add_space(S8 / 2.0);
                    }
                });
            };
            with_foot(ui, body, |ui| open = !widgets::close_button(ui).clicked());
        });
        open && !shown.beside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_leaves_by_hand_or_when_it_is_over_and_is_kept() {
        let ctx = egui::Context::default();
        let mut notes = Toasts::default();
        notes.fail("The disk is full.");
        notes.say("Copied.");
        assert_eq!(notes.errors(), 1);
        let long_ago = Instant::now().checked_sub(Duration::from_mins(1)).expect("a minute ago");
        for toast in &mut notes.shown {
            toast.born = long_ago;
        }
        notes.age(&ctx);
        assert_eq!(notes.texts().collect::<Vec<_>>(), ["The disk is full."], "it does not fade");
        notes.worked();
        notes.age(&ctx);
        assert_eq!(notes.texts().count(), 0, "it is over");
        notes.fail("The folder is gone.");
        notes.worked();
        notes.age(&ctx);
        assert_eq!(notes.errors(), 1, "long enough to be read");
        assert!(notes.dismiss() && !notes.dismiss());
        assert_eq!(notes.list.len(), 3, "all are kept");
    }
}
