//! The fonts of pictures that leave: the bundled ones, so that a picture looks the same on every
//! machine, and those of the system for characters that these do not have.

use std::sync::{Arc, LazyLock};

use resvg::usvg::{self, fontdb::Database};

use super::Error;
use crate::chart::font;

static BUNDLED: LazyLock<Arc<Database>> = LazyLock::new(|| Arc::new(bundled()));

static ALL: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = bundled();
    fonts.load_system_fonts();
    Arc::new(fonts)
});

fn bundled() -> Database {
    let mut fonts = Database::new();
    for bytes in [font::REGULAR, font::MEDIUM, font::SEMIBOLD, font::CJK] {
        fonts.load_font_data(bytes.to_vec());
    }
    fonts.set_sans_serif_family("Inter");
    fonts
}

/// An SVG document of ours, laid out.
pub(super) fn tree(svg: &str) -> Result<usvg::Tree, Error> {
    let known = |c: char| c.is_ascii() || c.is_whitespace() || font::has(c);
    let fonts = if svg.chars().all(known) { &*BUNDLED } else { &*ALL };
    let options = usvg::Options { fontdb: Arc::clone(fonts), ..usvg::Options::default() };
    Ok(usvg::Tree::from_str(svg, &options)?)
}
