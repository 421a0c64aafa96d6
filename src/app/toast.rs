//! Short messages in the corner. What was done offers to be undone; an error stays until closed.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use egui::{Align2, Area, Frame, Margin, Order, RichText, Stroke};

use super::{
    model::Request,
    theme::{S8, Theme},
    widgets::icon_button,
};
use crate::chart::icon::ui as icon;

const LASTS: Duration = Duration::from_secs(6);
/// How long one lasts from which a file can be shown.
const FILE_LASTS: Duration = Duration::from_secs(20);
const MOST: usize = 4;

/// A message.
#[derive(Debug)]
struct Toast {
    text: String,
    kind: Kind,
    born: Instant,
    /// What was written, if something was.
    file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Done,
    Said,
    Failed,
}

/// The messages on screen.
#[derive(Debug, Default)]
pub struct Toasts(Vec<Toast>);

impl Toasts {
    /// Something was done that can be undone.
    pub fn done(&mut self, text: impl Into<String>) {
        // One at a time: undo undoes the latest, so only the latest may offer it.
        self.0.retain(|toast| toast.kind != Kind::Done);
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
    pub fn fail(&mut self, text: impl Into<String>) {
        self.push(text.into(), Kind::Failed, None);
    }

    fn push(&mut self, text: String, kind: Kind, file: Option<PathBuf>) {
        self.0.retain(|toast| toast.text != text);
        self.0.push(Toast { text, kind, born: Instant::now(), file });
        let over = self.0.len().saturating_sub(MOST);
        self.0.drain(..over);
    }

    /// Draws the messages above everything.
    pub fn ui(&mut self, ctx: &egui::Context, theme: &Theme, requests: &mut Vec<Request>) {
        self.0.retain(|toast| {
            let lasts = if toast.file.is_some() { FILE_LASTS } else { LASTS };
            toast.kind == Kind::Failed || toast.born.elapsed() < lasts
        });
        if self.0.is_empty() {
            return;
        }
        if self.0.iter().any(|toast| toast.kind != Kind::Failed) {
            ctx.request_repaint_after(Duration::from_millis(500));
        }
        let mut close = None;
        Area::new(egui::Id::unique("toasts"))
            .anchor(Align2::RIGHT_BOTTOM, [-18.0, -40.0])
            .order(Order::Foreground)
            .show(ctx, |ui| {
                for (at, toast) in self.0.iter().enumerate() {
                    let (sign, ink) = match toast.kind {
                        Kind::Done => (icon::CHECK_CIRCLE, theme.good),
                        Kind::Said => (icon::INFO, theme.weak),
                        Kind::Failed => (icon::ERROR, theme.alarm),
                    };
                    Frame::new()
                        .fill(theme.raised)
                        .stroke(Stroke::new(
                            1.0,
                            if toast.kind == Kind::Failed { ink } else { theme.border },
                        ))
                        .corner_radius(8)
                        .inner_margin(Margin::symmetric(12, 6))
                        .shadow(ui.visuals().popup_shadow)
                        .show(ui, |ui| {
                            ui.horizontal(|ui| {
                                ui.label(RichText::new(sign).color(ink).size(16.0));
                                // A text of several lines leaves its room to the buttons.
                                let room = match (toast.kind, &toast.file) {
                                    (Kind::Done, _) => 290.0,
                                    (_, Some(_)) => 240.0,
                                    _ => 360.0,
                                };
                                ui.vertical(|ui| {
                                    ui.set_max_width(room);
                                    ui.add(egui::Label::new(&toast.text).wrap());
                                });
                                if toast.kind == Kind::Done && ui.button("Undo").clicked() {
                                    requests.push(Request::Undo);
                                    close = Some(at);
                                }
                                if let Some(file) = &toast.file
                                    && ui.button("Show in folder").clicked()
                                {
                                    requests.push(Request::Reveal(file.clone()));
                                }
                                if icon_button(ui, theme, icon::CLOSE, "Close this message")
                                    .clicked()
                                {
                                    close = Some(at);
                                }
                            });
                        });
                    ui.add_space(S8);
                }
            });
        if let Some(at) = close {
            self.0.remove(at);
        }
    }

    /// The texts on screen, oldest first.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|toast| toast.text.as_str())
    }
}
