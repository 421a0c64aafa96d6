//! A dialog over everything. It keeps its place and size while it is open, whatever arrives in it.

use egui::{
    Align, Area, Context, Frame, Id, Layout, Margin, Modal, Order, Pos2, Rect, Sense, Ui,
    UiBuilder, UiKind, Vec2,
};

use super::theme::{S8, S16};

/// The room that a dialog leaves to the edge of the window, in points.
const EDGE: f32 = 14.0;
/// The height of the row of buttons.
const FOOT: f32 = 30.0;

/// A dialog to show.
pub struct Dialog {
    id: Id,
    width: f32,
    height: Option<f32>,
}

/// What became of a dialog in a frame.
pub struct Shown<T> {
    /// What its contents returned.
    pub inner: T,
    /// Whether a click fell beside it.
    pub beside: bool,
}

/// Where a dialog was put, to be put there again.
#[derive(Clone, Copy)]
struct Place {
    /// The window for which the place was found.
    window: Rect,
    /// The widths that were asked for.
    width: f32,
    /// The contents.
    rect: Rect,
    /// The frame in which it was shown last.
    pass: u64,
    /// How often it was shown; the first time is for measuring.
    shown: u32,
}

impl Dialog {
    /// A dialog of a width, as high as its contents are when it opens; it never shrinks.
    pub fn new(id: &str, width: f32) -> Self {
        Self { id: Id::unique(id), width, height: None }
    }

    /// Gives its contents a height, whatever they need. What does not fit must scroll.
    pub fn height(mut self, height: f32) -> Self {
        self.height = Some(height);
        self
    }

    /// The size that its contents have in a window.
    fn size(&self, window: Rect) -> (f32, Option<f32>) {
        let most = window.size() - Vec2::splat(2.0 * (EDGE + S16));
        (self.width.min(most.x).max(120.0), self.height.map(|height| height.min(most.y).max(80.0)))
    }

    /// Draws it.
    pub fn show<T>(self, ctx: &Context, content: impl FnOnce(&mut Ui) -> T) -> Shown<T> {
        let window = ctx.content_rect();
        let (width, height) = self.size(window);
        let pass = ctx.cumulative_pass_nr();
        let before = ctx.data(|data| data.get_temp::<Place>(self.id)).filter(|place| {
            place.window == window && place.width == width && place.pass + 1 >= pass
        });
        let measured = before.filter(|place| place.shown > 1);
        let size =
            Vec2::new(width, height.or(measured.map(|place| place.rect.height())).unwrap_or(0.0));
        let centred = |size: Vec2| {
            let corner = window.center() - (size + Vec2::splat(2.0 * S16)) / 2.0;
            corner.max(window.min + Vec2::splat(EDGE)).round()
        };
        let corner: Option<Pos2> = match (measured, height) {
            (Some(place), _) => Some(place.rect.min - Vec2::splat(S16)),
            (None, Some(_)) => Some(centred(size)),
            (None, None) => None,
        };
        let mut area = Area::new(self.id)
            .kind(UiKind::Modal)
            .sense(Sense::hover())
            .order(Order::Foreground)
            .interactable(true);
        area = match corner {
            Some(corner) => area.fixed_pos(corner),
            None => area.anchor(egui::Align2::CENTER_CENTER, Vec2::ZERO),
        };
        let frame = Frame::popup(&ctx.global_style()).inner_margin(Margin::same(S16 as i8));
        let modal = Modal::new(self.id).area(area).frame(frame).show(ctx, |ui| {
            ui.set_width(width);
            ui.set_min_height(size.y);
            if let Some(height) = height {
                ui.set_max_height(height);
            }
            let inner = content(ui);
            (inner, ui.min_rect())
        });
        let (inner, rect) = modal.inner;
        let shown = before.map_or(0, |place| place.shown).saturating_add(1);
        // What grew is kept; the corner stays.
        let rect = Rect::from_min_size(rect.min, Vec2::new(width, rect.height()));
        ctx.data_mut(|data| data.insert_temp(self.id, Place { window, width, rect, pass, shown }));
        if shown < 3 {
            ctx.request_repaint();
        }
        Shown { inner, beside: modal.backdrop_response.clicked() }
    }
}

/// Draws what fills a dialog of a given height, with a row of buttons at its bottom that stays
/// where it is.
pub fn with_foot<A, B>(
    ui: &mut Ui,
    body: impl FnOnce(&mut Ui) -> A,
    foot: impl FnOnce(&mut Ui) -> B,
) -> (A, B) {
    let room = ui.available_rect_before_wrap();
    let above = Rect::from_min_max(room.min, room.max - Vec2::new(0.0, FOOT + S8));
    let below = Rect::from_min_max(Pos2::new(room.left(), room.bottom() - FOOT), room.max);
    let body = ui
        .scope_builder(
            UiBuilder::new().max_rect(above).layout(Layout::top_down(Align::Min)),
            |ui| {
                ui.set_clip_rect(above.expand(S8).intersect(ui.clip_rect()));
                body(ui)
            },
        )
        .inner;
    let row = UiBuilder::new().max_rect(below).layout(Layout::left_to_right(Align::Center));
    let foot = ui.scope_builder(row, foot).inner;
    ui.advance_cursor_after_rect(room);
    (body, foot)
}
