//! A dialog over everything. It keeps its place and size while it is open, whatever arrives in it.

use egui::{
    Align, Area, Context, Frame, Id, Layout, Margin, Modal, Order, Pos2, Rect, Sense, Ui,
    UiBuilder, UiKind, Vec2,
};

use super::theme::{S8, S16};

/// The room that a dialog leaves to the edge of the window, in points.
const EDGE: f32 = 14.0;
/// The room below it, in which notes are shown.
const BELOW: f32 = 42.0;
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
    /// The upper left corner of its frame, once the size is known.
    corner: Option<Pos2>,
    /// The height of the contents.
    tall: f32,
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
        let frame = 2.0 * (S16 + 1.0);
        let most = window.size() - Vec2::new(2.0 * EDGE + frame, EDGE + BELOW + frame);
        (self.width.min(most.x).max(120.0), self.height.map(|height| height.min(most.y).max(80.0)))
    }

    /// Draws it.
    pub fn show<T>(self, ctx: &Context, content: impl FnOnce(&mut Ui) -> T) -> Shown<T> {
        let window = ctx.content_rect();
        let (width, height) = self.size(window);
        let pass = ctx.cumulative_pass_nr();
        let before = ctx.data(|data| data.get_temp::<Place>(self.id));
        let before = before.filter(|place| place.pass + 1 >= pass);
        if before.is_none() {
            // What lies behind gives the keyboard up.
            if let Some(focused) = ctx.memory(egui::Memory::focused) {
                ctx.memory_mut(|memory| memory.surrender_focus(focused));
            }
        }
        let before = before.filter(|place| place.window == window && place.width == width);
        let frame = Frame::popup(&ctx.global_style()).inner_margin(Margin::same(S16 as i8));
        let inset = S16 + frame.stroke.width;
        let grown = before.filter(|place| place.shown > 1).map_or(0.0, |place| place.tall);
        let tall = height.unwrap_or(grown);
        let corner = before.and_then(|place| place.corner).or_else(|| {
            let size = Vec2::new(width, height?) + Vec2::splat(2.0 * inset);
            let middle = window.center() - Vec2::new(0.0, (BELOW - EDGE) / 2.0);
            Some((middle - size / 2.0).max(window.min + Vec2::splat(EDGE)).round())
        });
        let mut area = Area::new(self.id)
            .kind(UiKind::Modal)
            .sense(Sense::hover())
            .order(Order::Foreground)
            .interactable(true);
        area = match corner {
            Some(corner) => area.fixed_pos(corner),
            None => area.anchor(egui::Align2::CENTER_CENTER, [0.0, (EDGE - BELOW) / 2.0]),
        };
        let modal = Modal::new(self.id).area(area).frame(frame).show(ctx, |ui| {
            ui.set_width(width);
            ui.set_min_height(tall);
            if let Some(height) = height {
                ui.set_max_height(height);
            }
            let inner = content(ui);
            (inner, ui.min_rect())
        });
        let (inner, rect) = modal.inner;
        let shown = before.map_or(0, |place| place.shown).saturating_add(1);
        // What grew is kept. The first frame only measures, so the corner is known after the second.
        let corner = corner.or((shown > 1).then(|| (rect.min - Vec2::splat(inset)).round()));
        let place = Place { window, width, corner, tall: rect.height(), pass, shown };
        ctx.data_mut(|data| data.insert_temp(self.id, place));
        if shown < 3 {
            ctx.request_repaint();
        }
        Shown { inner, beside: modal.backdrop_response.clicked() }
    }
}

/// Draws what fills a dialog of a given height, with a row of buttons at its bottom that stays
/// where it is.
pub(crate) fn with_foot<A, B>(
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
