//! The picture of a chart as data: the same for the screen and for every export.

pub(crate) mod crowd;
pub mod filter;
pub(crate) mod fit;
pub mod font;
pub(crate) mod geometry;
pub(crate) mod grouping;
pub(crate) mod icon;
pub mod layout;
pub(crate) mod legend;
pub(crate) mod neighbours;
pub(crate) mod overlay;
pub mod picture;
pub(crate) mod raster;
pub(crate) mod shown;
pub(crate) mod sketch;
pub(crate) mod spatial;
pub(crate) mod style;
pub(crate) mod text;

pub use geometry::{Point, Rect, Size};
pub use legend::{Frame, Legend};
pub use overlay::Overlay;
pub use picture::{Input, Line, Node, Picture, picture};
pub use shown::{Shown, shown};
pub use sketch::{Dot, Sketch, Thread, sketch};
pub use style::{Color, Mode, Style};
