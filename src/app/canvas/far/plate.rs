//! Dots and threads where there is no graphics processor: a picture of the view and what lies
//! around it, made by the processor on threads of its own and moved with the view. A view that
//! moves costs one textured rectangle, however large the chart; the picture is made anew as often
//! as that can be done, and until then the one before is stretched.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    thread,
    time::{Duration, Instant},
};

use egui::{
    Color32, ColorImage, Context, ImageData, Painter, Pos2, Rect, TextureHandle, TextureOptions,
    Vec2, pos2,
};

use super::{
    Drawn, Globals, Ink, lay,
    raster::{self, Order},
};
use crate::{app::canvas::Lens, chart::Point};

/// How long a frame waits for the picture of something that was not there before.
const PATIENCE: Duration = Duration::from_millis(12);
/// The same where there is nothing else to show.
const FIRST: Duration = Duration::from_millis(250);
/// How far a picture reaches beyond the view, of the view's size, on each side.
const MARGIN: f32 = 0.25;
/// The same while the zoom changes.
const ZOOMING: f32 = 0.06;
/// Beyond so many pixels a picture reaches less far beyond the view.
const LARGE: f32 = 6e6;

/// The picture that is shown, and the one that is being made.
#[derive(Default)]
pub(super) struct Plate {
    picture: Option<Arc<ColorImage>>,
    /// How many pictures there have been.
    number: u64,
    /// The picture for egui's own shader, where there is no other.
    texture: Option<(TextureHandle, u64)>,
    shown: Option<Shown>,
    going: Option<Going>,
    /// How long it took until the last one was there.
    pub took: Duration,
}

/// What a picture shows.
#[derive(Clone, PartialEq)]
struct Shown {
    drawn: u64,
    globals: Globals,
    size: [usize; 2],
}

struct Going {
    what: Shown,
    made: Receiver<Vec<Color32>>,
    since: Instant,
}

impl Plate {
    /// Forgets what is shown: it is of something else.
    pub(super) fn forget(&mut self) {
        self.shown = None;
        self.going = None;
    }

    /// Waits for no picture.
    pub(super) fn rest(&mut self) {
        self.going = None;
    }

    /// Whether the picture that is shown is as sharp as it gets.
    pub(super) fn is_settled(&self) -> bool {
        self.going.is_none()
    }

    /// Sees to it that there is a picture, or will be.
    pub(super) fn prepare(
        &mut self,
        ctx: &Context,
        drawn: &Arc<Drawn>,
        globals: &Globals,
        lens: &Lens,
    ) {
        self.receive(Duration::ZERO);
        let wanted = Shown::wanted(ctx, drawn, globals, lens, self.margin(lens));
        if self.going.is_none() && !self.does(&wanted, lens, globals.pixels) {
            let is_new = self.shown.as_ref().map(|shown| shown.drawn) != Some(drawn.version());
            self.begin(ctx, drawn, wanted);
            if is_new {
                self.receive(if self.shown.is_some() { PATIENCE } else { FIRST });
            }
        }
    }

    /// Paints the picture with egui's own shader, over what there is.
    pub(super) fn paint(&mut self, painter: &Painter, lens: &Lens, opacity: f32) {
        let (Some(shown), Some(picture)) = (&self.shown, &self.picture) else { return };
        let options = TextureOptions::LINEAR;
        match &mut self.texture {
            Some((_, number)) if *number == self.number => {}
            // One of the same size is written over; a new one would have to be made first.
            Some((texture, number)) if texture.size() == picture.size => {
                texture.set_partial([0, 0], ImageData::Color(Arc::clone(picture)), options);
                *number = self.number;
            }
            texture => {
                let image = ImageData::Color(Arc::clone(picture));
                let made = painter.ctx().load_texture("chart", image, options);
                *texture = Some((made, self.number));
            }
        }
        if let Some((texture, _)) = &self.texture {
            let tint = Color32::WHITE.gamma_multiply(opacity);
            let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
            let pixels = painter.ctx().pixels_per_point();
            painter.image(texture.id(), shown.place(lens, pixels), whole, tint);
        }
    }

    /// What paints the picture, and the ground where it hides everything.
    pub(super) fn callback(
        &self,
        lens: &Lens,
        globals: &Globals,
        opacity: f32,
    ) -> Option<lay::Callback> {
        let shown = self.shown.as_ref()?;
        let place = shown.place(lens, globals.pixels);
        let corner = place.min * globals.pixels;
        let scale = shown.size[0] as f32 / (place.width() * globals.pixels);
        Some(lay::Callback {
            picture: Arc::clone(self.picture.as_ref()?),
            number: self.number,
            corner: [corner.x, corner.y],
            step: if (scale - 1.0).abs() < 1e-4 { 1.0 } else { scale },
            ground: globals.ink(Ink::Ground),
            opacity,
        })
    }

    /// How far a picture reaches beyond the view. While the zoom changes the next one is wanted
    /// before this one has been left.
    fn margin(&self, lens: &Lens) -> f32 {
        let zooms = |shown: &Shown| shown.globals.camera.zoom != lens.camera.zoom;
        if self.shown.as_ref().is_some_and(zooms) { ZOOMING } else { MARGIN }
    }

    /// Whether what is shown is what is wanted, with enough around it.
    fn does(&self, wanted: &Shown, lens: &Lens, pixels: f32) -> bool {
        let Some(shown) = &self.shown else { return false };
        let part = shown.place(lens, pixels);
        let margin = (part.size() - lens.rect.size()).max(Vec2::ZERO);
        shown.drawn == wanted.drawn
            && shown.globals.anywhere() == wanted.globals.anywhere()
            && part.contains_rect(lens.rect.expand2(margin * 0.2))
    }

    fn begin(&mut self, ctx: &Context, drawn: &Arc<Drawn>, what: Shown) {
        let order =
            Order { drawn: Arc::clone(drawn), globals: what.globals.clone(), size: what.size };
        let (send, made) = channel();
        let wake = ctx.clone();
        let thread = thread::Builder::new().name("plate".into()).spawn(move || {
            send.send(raster::pixels(&order)).ok();
            wake.request_repaint();
        });
        if thread.is_ok() {
            self.going = Some(Going { what, made, since: Instant::now() });
        }
    }

    /// Takes a picture that has been made.
    fn receive(&mut self, patience: Duration) {
        let Some(going) = &self.going else { return };
        match going.made.recv_timeout(patience) {
            Ok(pixels) => {
                self.picture = Some(Arc::new(ColorImage::new(going.what.size, pixels)));
                self.number += 1;
                self.took = going.since.elapsed();
                self.shown = Some(going.what.clone());
                self.going = None;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.going = None,
        }
    }
}

impl Shown {
    /// What should be shown: the view and what lies around it, as sharp as the screen is, or as
    /// sharp as a texture can be.
    fn wanted(ctx: &Context, drawn: &Drawn, globals: &Globals, lens: &Lens, margin: f32) -> Self {
        let most = ctx.input(|i| i.max_texture_side) as f32;
        let view = lens.rect.size() * globals.pixels;
        let shrunk = (most / view.max_elem().max(1.0)).min(1.0);
        let view = view * shrunk;
        let spare = (LARGE / (view.x * view.y).max(1.0)).sqrt() - 1.0;
        let beyond = view * (margin * 2.0).min(spare.max(0.1));
        let size = (view + beyond).min(Vec2::splat(most));
        Self {
            drawn: drawn.version(),
            globals: Globals { pixels: globals.pixels * shrunk, ..globals.clone() },
            size: [size.x as usize, size.y as usize].map(|side| side.max(1)),
        }
    }

    /// Where the picture lies on screen. Where it is as large as it was made, its pixels lie on
    /// those of the screen, so that it stays sharp.
    fn place(&self, lens: &Lens, pixels: f32) -> Rect {
        let camera = self.globals.camera;
        let stretched = lens.camera.zoom * pixels / (camera.zoom * self.globals.pixels);
        let size = Vec2::new(self.size[0] as f32, self.size[1] as f32) / pixels * stretched;
        let middle = lens.screen(Point::new(camera.x, camera.y));
        let corner = middle - size / 2.0;
        let corner = if stretched == 1.0 {
            ((corner.to_vec2() * pixels).round() / pixels).to_pos2()
        } else {
            corner
        };
        Rect::from_min_size(corner, size)
    }
}
