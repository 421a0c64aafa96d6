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
    Drawn, Globals,
    raster::{self, Order},
};
use crate::{app::canvas::Lens, chart::Point};

/// How long a frame waits for the picture of something that was not there before.
const PATIENCE: Duration = Duration::from_millis(12);
/// The same where there is nothing else to show.
const FIRST: Duration = Duration::from_millis(250);
/// How far a picture reaches beyond the view, of the view's size, on each side.
const MARGIN: f32 = 0.25;
/// Beyond so many pixels a picture reaches less far beyond the view.
const LARGE: f32 = 6e6;

/// The picture that is shown, and the one that is being made.
#[derive(Default)]
pub(super) struct Plate {
    texture: Option<TextureHandle>,
    shown: Option<Shown>,
    going: Option<Going>,
    /// How long the last picture took to make.
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
    made: Receiver<(Vec<Color32>, Duration)>,
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

    pub(super) fn paint(
        &mut self,
        painter: &Painter,
        drawn: &Arc<Drawn>,
        globals: &Globals,
        lens: &Lens,
        opacity: f32,
    ) {
        let ctx = painter.ctx();
        self.receive(ctx, Duration::ZERO);
        let wanted = Shown::wanted(ctx, drawn, globals, lens);
        if self.going.is_none() && !self.does(&wanted, lens, globals.pixels) {
            let is_new = self.shown.as_ref().map(|shown| shown.drawn) != Some(drawn.version());
            self.begin(ctx, drawn, wanted);
            if is_new {
                let patience = if self.shown.is_some() { PATIENCE } else { FIRST };
                self.receive(ctx, patience);
            }
        }
        if let (Some(shown), Some(texture)) = (&self.shown, &self.texture) {
            let tint = Color32::WHITE.gamma_multiply(opacity);
            let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
            painter.image(texture.id(), shown.place(lens, globals.pixels), whole, tint);
        }
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
            let started = Instant::now();
            let pixels = raster::pixels(&order);
            send.send((pixels, started.elapsed())).ok();
            wake.request_repaint();
        });
        if thread.is_ok() {
            self.going = Some(Going { what, made });
        }
    }

    /// Takes a picture that has been made.
    fn receive(&mut self, ctx: &Context, patience: Duration) {
        let Some(going) = &self.going else { return };
        match going.made.recv_timeout(patience) {
            Ok((pixels, took)) => {
                let what = going.what.clone();
                self.took = took;
                self.going = None;
                let image = ColorImage::new(what.size, pixels);
                self.show(ctx, image);
                self.shown = Some(what);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.going = None,
        }
    }

    fn show(&mut self, ctx: &Context, image: ColorImage) {
        let options = TextureOptions::LINEAR;
        match &mut self.texture {
            // One of the same size is written over; a new one would have to be made first.
            Some(texture) if texture.size() == image.size => {
                texture.set_partial([0, 0], ImageData::Color(Arc::new(image)), options);
            }
            texture => {
                let image = ImageData::Color(Arc::new(image));
                *texture = Some(ctx.load_texture("chart", image, options));
            }
        }
    }
}

impl Shown {
    /// What should be shown: the view and what lies around it, as sharp as the screen is, or as
    /// sharp as a texture can be.
    fn wanted(ctx: &Context, drawn: &Drawn, globals: &Globals, lens: &Lens) -> Self {
        let most = ctx.input(|i| i.max_texture_side) as f32;
        let view = lens.rect.size() * globals.pixels;
        let shrunk = (most / view.max_elem().max(1.0)).min(1.0);
        let view = view * shrunk;
        let spare = (LARGE / (view.x * view.y).max(1.0)).sqrt() - 1.0;
        let beyond = view * spare.clamp(0.1, MARGIN * 2.0);
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
