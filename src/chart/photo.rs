//! A photo on a card: a document of the case that is an image, cut to a square.

use std::{io::Cursor, sync::Arc};

use image::{ImageReader, Limits, imageops::FilterType};

/// The side of the square, in pixels: sharp on a card of twice the usual size in print.
pub const SIDE: u32 = 256;
/// The longest file that is read, in bytes.
pub const LONGEST: u64 = 32 << 20;
/// The longest side of an image that is decoded, in pixels.
const LARGEST: u32 = 12_000;
/// Maximum memory of the decoder, in bytes.
const MEMORY: u64 = 256 << 20;

/// The pixels of a photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    /// Red, green, blue and opacity of [`SIDE`] × [`SIDE`] pixels, row by row.
    pub rgba: Arc<[u8]>,
}

impl Photo {
    /// The middle of an image, as large a square as fits; `None` for what is no image or too large.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
        let mut limits = Limits::default();
        limits.max_image_width = Some(LARGEST);
        limits.max_image_height = Some(LARGEST);
        limits.max_alloc = Some(MEMORY);
        reader.limits(limits);
        let square = reader.decode().ok()?.resize_to_fill(SIDE, SIDE, FilterType::Triangle);
        Some(Self { rgba: square.to_rgba8().into_raw().into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_an_image_is_kept_and_what_is_none_is_refused() {
        let mut image = image::RgbImage::from_pixel(300, 100, image::Rgb([200, 0, 0]));
        for (x, _, pixel) in image.enumerate_pixels_mut() {
            if (100..200).contains(&x) {
                *pixel = image::Rgb([0, 0, 200]);
            }
        }
        let mut png = Cursor::new(Vec::new());
        image.write_to(&mut png, image::ImageFormat::Png).expect("packed");
        let photo = Photo::of(png.get_ref()).expect("an image");
        assert_eq!(photo.rgba.len() as u32, SIDE * SIDE * 4);
        let at = |x: u32| photo.rgba[((SIDE / 2 * SIDE + x) * 4) as usize..][..4].to_vec();
        for x in [4, SIDE / 2, SIDE - 5] {
            assert_eq!(at(x), [0, 0, 200, 255], "the red sides are cut off");
        }
        assert_eq!(Photo::of(b"%PDF-1.7"), None);
        assert_eq!(Photo::of(&png.get_ref()[..60]), None);
    }
}
