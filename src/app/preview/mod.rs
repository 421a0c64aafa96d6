//! What can be shown of a document, made on a thread of its own with limits on time and memory,
//! so that no document holds up a frame.

mod html;

use std::{
    borrow::Cow,
    io::Cursor,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
        mpsc::{Receiver, TryRecvError, channel},
    },
    time::{Duration, Instant},
};

use egui::{ColorImage, TextureHandle, TextureOptions};

use super::widgets::size_words;
use crate::model::{Evidence, Id};

/// Images with more pixels than this are not decoded.
const PIXELS: u64 = 40_000_000;
/// What a decoder may allocate, in bytes.
const MEMORY: u64 = 256 << 20;
/// The longest side of a texture, in pixels.
const SIDE: u32 = 4_096;
/// The longest text that is shown, in characters.
const TEXT: usize = 200_000;
/// How much of an HTML page is read, in bytes.
const PAGE: usize = 2 << 20;
/// How long a preview may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is shown of a document.
pub(super) enum Preview {
    /// It is being made.
    Coming,
    /// Text, which can be selected and cited.
    Text(String),
    /// An image, of which a region can be cited.
    Image(TextureHandle),
    /// Nothing, and why, in one sentence.
    Nothing(String),
}

impl std::fmt::Debug for Preview {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Coming => f.write_str("Coming"),
            Self::Text(text) => f.debug_tuple("Text").field(text).finish(),
            Self::Image(image) => f.debug_tuple("Image").field(&image.size()).finish(),
            Self::Nothing(why) => f.debug_tuple("Nothing").field(why).finish(),
        }
    }
}

/// What a thread makes of a document.
#[derive(Debug)]
enum Made {
    Text(String),
    Image(ColorImage),
    Nothing(String),
}

/// The preview of the document that was asked for last.
#[derive(Debug, Default)]
pub(super) struct Previews {
    of: Option<(Id, usize)>,
    shown: Option<Preview>,
    coming: Option<Coming>,
}

#[derive(Debug)]
struct Coming {
    made: Receiver<Made>,
    since: Instant,
    stop: Arc<AtomicBool>,
}

impl Drop for Coming {
    fn drop(&mut self) {
        self.stop.store(true, Relaxed);
    }
}

impl Previews {
    /// The preview of a document by its bytes, and whether it is another document than before.
    pub(super) fn of(
        &mut self,
        ctx: &egui::Context,
        item: &Evidence,
        bytes: &Arc<Vec<u8>>,
    ) -> (&Preview, bool) {
        let key = (item.id.clone(), bytes.len());
        let is_new = self.of.as_ref() != Some(&key);
        if is_new {
            self.of = Some(key);
            self.shown = None;
            self.coming = Coming::start(ctx, item, bytes);
        }
        self.collect(ctx, item);
        (self.shown.as_ref().unwrap_or(&Preview::Coming), is_new)
    }

    /// Whether one is being made.
    pub(super) fn is_coming(&self) -> bool {
        self.coming.is_some()
    }

    fn collect(&mut self, ctx: &egui::Context, item: &Evidence) {
        let outcome = match &self.coming {
            Some(coming) => match coming.made.try_recv() {
                Ok(made) => Some(made),
                Err(TryRecvError::Empty) if coming.since.elapsed() < PATIENCE => {
                    ctx.request_repaint_after(Duration::from_millis(100));
                    None
                }
                Err(TryRecvError::Empty) => Some(Made::Nothing(format!(
                    "Showing {} takes too long; open or export the original to look at it.",
                    item.file_name
                ))),
                Err(TryRecvError::Disconnected) => Some(damaged(item)),
            },
            None if self.shown.is_none() => Some(Made::Nothing(format!(
                "The system has no thread left to show {}; close other programs, then select it again.",
                item.file_name
            ))),
            None => None,
        };
        if let Some(made) = outcome {
            self.coming = None;
            self.shown = Some(match made {
                Made::Text(text) => Preview::Text(text),
                Made::Nothing(why) => Preview::Nothing(why),
                Made::Image(image) => Preview::Image(ctx.load_texture(
                    item.id.as_str(),
                    image,
                    TextureOptions::LINEAR,
                )),
            });
        }
    }
}

impl Coming {
    fn start(ctx: &egui::Context, item: &Evidence, bytes: &Arc<Vec<u8>>) -> Option<Self> {
        let (send, made) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        // Graphics chips take textures up to a size of their own.
        let side = (ctx.input(|i| i.max_texture_side) as u32).clamp(64, SIDE);
        let (item, bytes, ctx) = (item.clone(), Arc::clone(bytes), ctx.clone());
        let stopped = Arc::clone(&stop);
        let since = Instant::now();
        let thread = std::thread::Builder::new().name("preview".into()).spawn(move || {
            let goes_on = || !stopped.load(Relaxed) && since.elapsed() < PATIENCE;
            // Nobody waits for what was stopped.
            send.send(make(&item, &bytes, side, &goes_on)).ok();
            ctx.request_repaint();
        });
        thread.is_ok().then_some(Self { made, since, stop })
    }
}

fn damaged(item: &Evidence) -> Made {
    Made::Nothing(format!(
        "{} is damaged and cannot be shown; export the original to examine it.",
        item.file_name
    ))
}

fn make(item: &Evidence, bytes: &[u8], side: u32, goes_on: &dyn Fn() -> bool) -> Made {
    let mime = item.mime.as_str();
    if mime.starts_with("image/") {
        return image_of(item, bytes, side);
    }
    if mime == "text/html" || mime == "application/xhtml+xml" {
        let page = bytes.get(..bytes.len().min(PAGE)).unwrap_or_default();
        return match html::text_of(&text_of(page), goes_on) {
            Some(text) => Made::Text(shortened(&text)),
            None => Made::Nothing(format!(
                "Reading {} takes too long; open or export the original to look at it.",
                item.file_name
            )),
        };
    }
    if mime.starts_with("text/") || matches!(mime, "application/json" | "application/xml") {
        return Made::Text(shortened(&String::from_utf8_lossy(bytes)));
    }
    Made::Nothing(format!(
        "{}, {}. Redthread does not draw documents of this kind; open or export the original.",
        item.file_name,
        size_words(item.size)
    ))
}

fn image_of(item: &Evidence, bytes: &[u8], side: u32) -> Made {
    let reader = || image::ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok();
    let Some((width, height)) = reader().and_then(|reader| reader.into_dimensions().ok()) else {
        return damaged(item);
    };
    if u64::from(width) * u64::from(height) > PIXELS {
        return Made::Nothing(format!(
            "{} has {width} × {height} pixels, which is too large to be shown here; open or export the original.",
            item.file_name
        ));
    }
    let Some(mut reader) = reader() else { return damaged(item) };
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let Ok(decoded) = reader.decode() else { return damaged(item) };
    let rgba = smaller(decoded, side).into_rgba8();
    let size = [rgba.width() as usize, rgba.height() as usize];
    Made::Image(ColorImage::from_rgba_unmultiplied(size, rgba.as_raw()))
}

/// A picture at most `side` pixels wide and high.
///
/// The common kind, photographs, is made smaller here rather than by
/// [`DynamicImage::thumbnail`](image::DynamicImage::thumbnail): the loop over the pixels is then
/// compiled with this crate, and is quick in a build made in a hurry, too.
fn smaller(image: image::DynamicImage, side: u32) -> image::DynamicImage {
    let (width, height) = (image.width(), image.height());
    let longest = width.max(height);
    if longest <= side {
        return image;
    }
    let scaled = |length: u32| {
        let exact = u64::from(length) * u64::from(side) / u64::from(longest);
        u32::try_from(exact).unwrap_or(side).max(1)
    };
    let (width, height) = (scaled(width), scaled(height));
    match image {
        image::DynamicImage::ImageRgb8(rgb) => {
            image::imageops::thumbnail(&rgb, width, height).into()
        }
        other => image::imageops::thumbnail(&other.into_rgba8(), width, height).into(),
    }
}

/// The text of a page in whatever encoding it is.
fn text_of(page: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(page) {
        return text.into();
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(page, true);
    detector.guess(None, chardetng::Utf8Detection::Allow).decode(page).0
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).take(TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(mime: &str) -> Evidence {
        Evidence {
            id: "e".into(),
            caption: "page".into(),
            file_name: "page".into(),
            mime: mime.into(),
            size: 4,
            sha256: String::new(),
            acquired_at: 0,
            acquired_by: String::new(),
            method: String::new(),
            reliability: None,
            judged: None,
            origin: None,
            live: true,
            undone: false,
        }
    }

    fn words(made: Made) -> String {
        match made {
            Made::Text(text) => format!("text: {text}"),
            Made::Image(image) => format!("image: {:?}", image.size),
            Made::Nothing(why) => why,
        }
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image::DynamicImage::new_luma8(width, height)
            .write_to(&mut bytes, image::ImageFormat::Png)
            .expect("encodes");
        bytes.into_inner()
    }

    #[test]
    fn each_kind_is_shown_or_the_reason_said() {
        let make = |mime: &str, bytes: &[u8]| words(make(&item(mime), bytes, 64, &|| true));
        assert_eq!(make("text/plain", b"a\x1bb\nc"), "text: ab\nc");
        assert_eq!(make("text/html", b"<p>a</p>\xe9"), "text: a\n\né");
        assert_eq!(make("image/png", &png(100, 50)), "image: [64, 32]");
        assert_eq!(make("image/png", &png(4_000, 1)), "image: [64, 1]");
        let mut colours = Cursor::new(Vec::new());
        let photograph = image::RgbImage::from_pixel(50, 100, image::Rgb([200, 30, 30]));
        photograph.write_to(&mut colours, image::ImageFormat::Png).expect("encodes");
        let shown = super::make(&item("image/png"), colours.get_ref(), 64, &|| true);
        let Made::Image(shown) = shown else { panic!("not shown") };
        assert_eq!(shown.size, [32, 64]);
        assert!(shown.pixels.iter().all(|&pixel| pixel == egui::Color32::from_rgb(200, 30, 30)));
        assert!(make("image/png", b"\x89PNG\r\n").contains("damaged"));
        assert!(make("application/pdf", b"%PDF").contains("does not draw"));
    }

    #[test]
    fn an_image_too_large_is_not_decoded() {
        // A header that claims 60,000 × 60,000 pixels over a few bytes.
        let mut bytes = png(8, 8);
        bytes[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        bytes[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
        let text = words(image_of(&item("image/png"), &bytes, 64));
        assert!(text.contains("damaged") || text.contains("60000 × 60000"), "{text}");
        let large = words(image_of(&item("image/png"), &png(20_000, 2_001), 64));
        assert!(large.contains("20000 × 2001"), "{large}");
    }

    #[test]
    fn a_page_that_takes_too_long_says_so() {
        let page = "<b>".repeat(5_000);
        let text = words(make(&item("text/html"), page.as_bytes(), 64, &|| false));
        assert!(text.contains("takes too long"), "{text}");
    }
}
