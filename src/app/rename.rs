//! A name that is changed in place: a field, and the reason where the case refused the name.

use egui::{Area, Frame, Key, Modifiers, Order, RichText, Ui};

use super::{
    sent::Refusable,
    theme::{T11, Theme},
    widgets,
};
use crate::model::Id;

/// The width of the reason below a field, in points.
const WIDTH: f32 = 300.0;

/// A name that is being typed.
#[derive(Debug)]
pub struct Rename {
    pub id: Id,
    text: String,
    /// Whether the field takes the keyboard in this frame, with all of its text selected.
    fresh: bool,
    refused: Option<String>,
}

/// What became of the field in a frame.
#[derive(Debug, PartialEq, Eq)]
pub enum Typed {
    /// It stays.
    Open,
    /// It was left, or nothing was changed.
    Left,
    Name(String),
}

impl Rename {
    /// A field that takes the keyboard.
    pub fn new(id: Id, name: &str) -> Self {
        Self { fresh: true, ..Self::shown(id, name) }
    }

    /// A field that is always there, and waits for a click.
    pub fn shown(id: Id, name: &str) -> Self {
        Self { id, text: name.to_owned(), fresh: false, refused: None }
    }

    /// Whether the case refused the name.
    pub fn is_refused(&self) -> bool {
        self.refused.is_some()
    }

    /// Draws the field; `before` is the name that the thing has.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        (label, before): (&str, &str),
        width: f32,
    ) -> Typed {
        let field = widgets::field(ui, &mut self.text, label, "Name", width);
        if self.fresh {
            self.fresh = !widgets::focus_all(&field, &self.text);
        }
        if field.changed() {
            self.refused = None;
        }
        if let Some(why) = &self.refused {
            let area = Area::new(field.id.with("refused")).order(Order::Foreground);
            area.fixed_pos(field.rect.left_bottom() + egui::vec2(0.0, 4.0))
                .constrain_to(ui.ctx().content_rect().shrink(8.0))
                .show(ui.ctx(), |ui| {
                    Frame::popup(ui.style()).show(ui, |ui| {
                        ui.set_width(WIDTH);
                        let why = RichText::new(why).size(T11).color(theme.alarm);
                        ui.add(egui::Label::new(why).wrap());
                        let keys = "Enter tries again · Esc leaves the name as it was";
                        let keys = RichText::new(keys).size(T11).color(theme.weak);
                        ui.add(egui::Label::new(keys).wrap());
                    });
                });
        }
        let has_keys = field.has_focus() || field.lost_focus() || self.refused.is_some();
        if has_keys && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape)) {
            return Typed::Left;
        }
        // A refused name is not sent again by a click elsewhere, and not thrown away either.
        let entered = ui.input(|i| i.key_pressed(Key::Enter));
        if !field.lost_focus() || (self.refused.is_some() && !entered) {
            return Typed::Open;
        }
        let name = self.text.trim();
        if name.is_empty() || name == before {
            return Typed::Left;
        }
        Typed::Name(name.to_owned())
    }
}

impl Refusable for Rename {
    fn refuse(&mut self, why: &str) {
        self.refused = Some(why.to_owned());
        self.fresh = true;
    }
}
