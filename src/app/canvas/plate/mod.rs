//! A kept picture of the chart where there is no graphics processor: of the view and what lies
//! around it, made by the processor on threads of its own and moved with the view. A view that
//! moves costs one textured rectangle, however much is on the chart; the picture is made anew as
//! often as that can be done, and until then the one before is stretched. The chart from afar and
//! the cards each have one.

pub(super) mod bands;
pub(super) mod lay;
pub(super) mod sheet;
pub(super) mod triangles;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    thread,
    time::{Duration, Instant},
};

use egui::{
    Color32, ColorImage, Context, ImageData, Painter, Pos2, Rect, TextureHandle, TextureOptions,
    Vec2, pos2,
};

use super::Lens;
use crate::{
    chart::{Color, Point},
    model::Camera,
};

/// How far a picture reaches beyond the view, of the view's size, on each side.
pub(super) const MARGIN: f32 = 0.25;
/// The same while the zoom changes, and where a frame waits for it.
const ZOOMING: f32 = 0.06;
/// Beyond so many pixels a picture reaches less far beyond the view.
const LARGE: f32 = 6e6;

/// How long a frame waits for the picture of something that moves.
const MOVING: Duration = Duration::from_millis(12);

/// The same where the view leaves the picture.
const LEAVING: Duration = Duration::from_millis(100);

/// How long a view has rested when a picture is made that only reaches further.
const RESTED: Duration = Duration::from_millis(150);

/// What a picture depends on beside the place of the view.
pub(super) trait Subject: Clone + PartialEq {
    /// Whether a picture that a frame waits for reaches less far beyond the view, until another
    /// one that is made at leisure takes its place.
    const IN_HASTE: bool;

    /// Whether both show the same, if not as sharply, or as much of it. Where they do not, the
    /// picture of one is wrong for the other.
    fn shows_same(&self, other: &Self) -> bool;
}

/// The picture that is shown, and the one that is being made. `K` is the subject.
pub(super) struct Plate<K> {
    picture: Option<Arc<ColorImage>>,
    /// Tells the picture from every other.
    number: u64,
    /// The picture for egui's own shader, where there is no other.
    texture: Option<(TextureHandle, u64)>,
    shown: Option<Shown<K>>,
    going: Option<Going<K>>,
    /// Whether what was seen last is as sharp as it gets, even if a picture is being made that
    /// reaches further.
    is_sharp: bool,
    /// The camera that was seen last, and since when.
    seen: Option<(Camera, Instant)>,
    /// How long it took until the last one was there.
    pub(super) took: Duration,
}

/// What a picture shows, and from where.
#[derive(Clone, Debug)]
pub(super) struct Shown<K> {
    pub(super) of: K,
    pub(super) camera: Camera,
    /// Its pixels for a point of the screen.
    pub(super) pixels: f32,
    pub(super) size: [usize; 2],
    /// Where the place of the camera lies in it, in pixels.
    pub(super) middle: Vec2,
}

/// Makes the pixels of a picture, on another thread.
pub(super) type Job = Box<dyn FnOnce() -> Vec<Color32> + Send>;

struct Going<K> {
    what: Shown<K>,
    made: Receiver<Vec<Color32>>,
    since: Instant,
}

impl<K> Default for Plate<K> {
    fn default() -> Self {
        Self {
            picture: None,
            number: 0,
            texture: None,
            shown: None,
            going: None,
            is_sharp: false,
            seen: None,
            took: Duration::ZERO,
        }
    }
}

impl<K: Subject> Plate<K> {
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
        self.is_sharp || self.going.is_none()
    }

    /// Whether what is shown is right, however sharp.
    pub(super) fn shows(&self, of: &K) -> bool {
        self.shown.as_ref().is_some_and(|shown| shown.of.shows_same(of))
    }

    /// Sees to it that there is a picture, or will be. Where the one that is shown would be wrong,
    /// it waits for the new one up to `patience`; without patience, because what is shown moves and
    /// is wrong again in the next frame, only for a moment.
    pub(super) fn prepare(
        &mut self,
        ctx: &Context,
        of: &K,
        lens: &Lens,
        patience: Option<Duration>,
        job: impl FnOnce(&Shown<K>) -> Job,
    ) {
        self.receive(Duration::ZERO);
        let pixels = ctx.pixels_per_point();
        let is_new = !self.shows(of);
        // A view that is moved beyond the picture would be empty there.
        let leaves = self.shown.as_ref().is_some_and(|shown| {
            shown.camera.zoom == lens.camera.zoom && !shown.fills(lens, pixels)
        });
        let is_urgent = is_new || leaves;
        let comes = self.going.as_ref().is_some_and(|going| {
            going.what.of.shows_same(of) && (is_new || going.what.fills(lens, pixels))
        });
        // One of what moves is shown once it is there, or there would never be one.
        let may_begin = self.going.is_none()
            || is_urgent && !comes && (patience.is_some() || self.shown.is_none());
        if self.seen.is_none_or(|(camera, _)| camera != lens.camera) {
            self.seen = Some((lens.camera, Instant::now()));
        }
        if may_begin && let Some(wanted) = self.wanted(ctx, of, is_urgent, lens) {
            let job = job(&wanted);
            self.begin(ctx, wanted, is_urgent, job);
        }
        if is_new {
            self.receive(patience.unwrap_or(MOVING));
        } else if leaves {
            self.receive(patience.unwrap_or(MOVING).min(LEAVING));
        }
        self.is_sharp = self.shown.as_ref().is_some_and(|shown| {
            shown.of == *of && shown.camera.zoom == lens.camera.zoom && shown.fills(lens, pixels)
        });
    }

    /// The picture that should be shown: the view and what lies around it, as sharp as the screen
    /// is, or as sharp as a texture can be. `None` where the one that is shown does. What is waited
    /// for reaches less far beyond the view.
    fn wanted(&self, ctx: &Context, of: &K, is_waited_for: bool, lens: &Lens) -> Option<Shown<K>> {
        let margin = if is_waited_for && K::IN_HASTE { ZOOMING } else { self.margin(lens) };
        let wanted = Shown::wanted(ctx, of, lens, margin);
        let pixels = ctx.pixels_per_point();
        let does = self.shown.as_ref().is_some_and(|shown| {
            let part = shown.place(lens, pixels);
            let margin = (part.size() - lens.rect.size()).max(Vec2::ZERO);
            shown.of == wanted.of
                && shown.camera.zoom == wanted.camera.zoom
                && shown.pixels == wanted.pixels
                && part.expand(1.0).contains_rect(lens.rect.expand2(margin * 0.2))
                && !(K::IN_HASTE && self.is_short(ctx, shown, &wanted))
        });
        (!does).then_some(wanted)
    }

    /// Whether what is shown, made in haste, reaches less far than a picture for a view that rests,
    /// and this view does.
    fn is_short(&self, ctx: &Context, shown: &Shown<K>, wanted: &Shown<K>) -> bool {
        let is_short = shown.size.iter().zip(wanted.size).any(|(is, should)| *is < should);
        let rested = self.seen.map_or(Duration::ZERO, |(_, since)| since.elapsed());
        if is_short && rested < RESTED {
            ctx.request_repaint_after(RESTED.saturating_sub(rested));
        }
        is_short && rested >= RESTED
    }

    /// How far a picture reaches beyond the view. While the zoom changes the next one is wanted
    /// before this one has been left.
    fn margin(&self, lens: &Lens) -> f32 {
        let zooms = |shown: &Shown<K>| shown.camera.zoom != lens.camera.zoom;
        if self.shown.as_ref().is_some_and(zooms) { ZOOMING } else { MARGIN }
    }

    /// Begins to make a picture. One that is still being made is not waited for any more. While no
    /// frame waits for it, it leaves the processor to the frames.
    fn begin(&mut self, ctx: &Context, what: Shown<K>, is_waited_for: bool, job: Job) {
        let (send, made) = channel();
        let wake = ctx.clone();
        let thread = thread::Builder::new().name("plate".into()).spawn(move || {
            if !is_waited_for {
                stand_back();
            }
            send.send(job()).ok();
            wake.request_repaint();
        });
        if thread.is_ok() {
            self.going = Some(Going { what, made, since: Instant::now() });
        }
    }

    /// Takes the picture that is being made, if it is there in that time.
    fn receive(&mut self, patience: Duration) {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let Some(going) = &self.going else { return };
        match going.made.recv_timeout(patience) {
            Ok(pixels) => {
                self.picture = Some(Arc::new(ColorImage::new(going.what.size, pixels)));
                self.number = NEXT.fetch_add(1, Ordering::Relaxed);
                self.took = going.since.elapsed();
                self.shown = Some(going.what.clone());
                self.going = None;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.going = None,
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
        slot: lay::Slot,
        lens: &Lens,
        pixels: f32,
        ground: Color,
        opacity: f32,
    ) -> Option<lay::Callback> {
        let shown = self.shown.as_ref()?;
        Some(lay::Callback {
            slot,
            picture: Arc::clone(self.picture.as_ref()?),
            number: self.number,
            view: lens.rect * pixels,
            place: shown.place(lens, pixels) * pixels,
            ground: [ground.0, ground.1, ground.2].map(|v| f32::from(v) / 255.0),
            opacity,
        })
    }
}

/// Gives this thread, and those that it starts, a quarter of the processor where another wants it
/// too: software that draws a frame needs all of it.
fn stand_back() {
    #[cfg(target_os = "linux")]
    rustix::process::nice(5).ok();
}

impl<K: Clone> Shown<K> {
    fn wanted(ctx: &Context, of: &K, lens: &Lens, margin: f32) -> Self {
        let most = ctx.input(|i| i.max_texture_side) as f32;
        let pixels = ctx.pixels_per_point();
        let view = lens.rect.size() * pixels;
        let shrunk = (most / view.max_elem().max(1.0)).min(1.0);
        let view = view * shrunk;
        let spare = (LARGE / (view.x * view.y).max(1.0)).sqrt() - 1.0;
        let beyond = view * (margin * 2.0).min(spare.max(0.1));
        let size = (view + beyond).min(Vec2::splat(most)).floor().max(Vec2::splat(1.0));
        let pixels = pixels * shrunk;
        // The pixels of the picture lie on those of the screen.
        let place = lens.rect.center().to_vec2() * pixels;
        let middle = place - (place - size / 2.0).round();
        Self {
            of: of.clone(),
            camera: lens.camera,
            pixels,
            size: [size.x as usize, size.y as usize],
            middle,
        }
    }

    /// Whether the picture fills the view.
    fn fills(&self, lens: &Lens, pixels: f32) -> bool {
        // Its corner lies on a whole pixel.
        self.place(lens, pixels).expand(1.0).contains_rect(lens.rect)
    }

    /// Where the picture begins on screen, in its pixels, seen from where it was made.
    pub(super) fn corner(&self, lens: &Lens) -> Vec2 {
        (lens.rect.center().to_vec2() * self.pixels - self.middle).round()
    }

    /// Where the picture lies on screen. Where it is as large as it was made, its pixels lie on
    /// those of the screen, so that it stays sharp.
    fn place(&self, lens: &Lens, pixels: f32) -> Rect {
        let camera = self.camera;
        let stretched = lens.camera.zoom * pixels / (camera.zoom * self.pixels);
        let [width, height] = self.size.map(|side| side as f32);
        let size = Vec2::new(width, height) / pixels * stretched;
        let middle = lens.screen(Point::new(camera.x, camera.y));
        let corner = middle - self.middle / pixels * stretched;
        let corner = if stretched == 1.0 {
            ((corner.to_vec2() * pixels).round() / pixels).to_pos2()
        } else {
            corner
        };
        Rect::from_min_size(corner, size)
    }
}

#[cfg(test)]
mod tests;
