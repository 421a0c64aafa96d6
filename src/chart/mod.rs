//! The picture of a chart as data: the same for the screen and for every export.

pub mod bundle;
pub mod captions;
pub(crate) mod crowd;
pub mod curve;
mod detour;
mod drawn;
pub mod filter;
pub mod fit;
#[cfg(test)]
mod fitted;
pub mod font;
pub(crate) mod geometry;
pub mod grouping;
pub mod icon;
pub mod icons;
pub mod layout;
pub mod legend;
pub mod marks;
pub mod neighbours;
pub mod overlay;
pub mod photo;
pub mod picture;
pub mod raster;
pub mod route;
pub(crate) mod shown;
pub mod sketch;
pub(crate) mod spatial;
pub mod squeeze;
pub mod style;
pub mod text;
pub mod timeline;
pub(crate) mod together;

pub use curve::{Cubic, Curve};
pub use geometry::{Point, Rect, Size, within};
pub use legend::{Frame, Legend};
pub use marks::{Mark, MarkShape};
pub use overlay::Overlay;
pub use photo::Photo;
pub use picture::{Input, Line, Node, Picture, picture};
pub use shown::{Shown, shown};
pub use sketch::{Dot, Sketch, Thread, sketch};
pub use squeeze::Squeeze;
pub use style::{Color, Mode, Style};
