//! A picture as PDF: the same shapes as in SVG, names as text that can be searched and copied,
//! with the parts of the fonts that they need. Equal input gives equal bytes.

use krilla::{
    Document, SerializeSettings,
    geom::{Size, Transform},
    metadata::{DateTime, Metadata},
    page::PageSettings,
    tagging::{ContentTag, Tag, TagGroup, TagTree},
};
use krilla_svg::{SurfaceExt as _, SvgSettings};

use super::{Error, fonts, sheet::Paper, svg};
use crate::{
    case::Progress,
    chart::{Frame, Picture, Style},
};

/// The longest side that a page of a PDF may have, in points.
const LONGEST: f32 = 14_400.0;

/// Draws a picture with its frame and legend on paper; each sheet becomes a page.
pub fn render(
    picture: &Picture,
    frame: &Frame,
    style: &Style,
    paper: Paper,
    progress: &Progress,
) -> Result<Vec<u8>, Error> {
    let mut document = Document::new_with(SerializeSettings {
        xmp_metadata: true,
        enable_tagging: true,
        ..SerializeSettings::default()
    });
    document.set_metadata(metadata(frame));
    let mut tags = TagTree::new().with_lang(Some("en".to_owned()));
    let sheets = paper.sheets(picture);
    for (number, sheet) in sheets.iter().enumerate() {
        progress.report(number as u64, sheets.len() as u64);
        progress.check().map_err(|_| Error::Stopped)?;
        let tree = fonts::tree(&svg::sheet(picture, frame, style, sheet))?;
        let (w, h) = (tree.size().width(), tree.size().height());
        let scale = (LONGEST / w.max(h)).min(1.0);
        let size = Size::from_wh(w * scale, h * scale).ok_or(Error::TooLarge)?;
        let settings = PageSettings::from_wh(size.width(), size.height()).ok_or(Error::TooLarge)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        let drawn = surface.start_tagged(ContentTag::Other);
        surface.push_transform(&Transform::from_scale(scale, scale));
        let whole = Size::from_wh(w, h).ok_or(Error::TooLarge)?;
        surface.draw_svg(&tree, whole, SvgSettings::default()).ok_or(Error::TooLarge)?;
        surface.pop();
        surface.end_tagged();
        surface.finish();
        page.finish();
        let mut figure = TagGroup::new(Tag::Figure(Some(described(picture, frame, &sheet.note))));
        figure.push(drawn);
        tags.push(figure);
    }
    document.set_tag_tree(tags);
    document.finish().map_err(|error| Error::Pdf(format!("{error:?}")))
}

fn described(picture: &Picture, frame: &Frame, note: &str) -> String {
    let mut words = format!(
        "Chart “{}” of the case “{}”: {} entities and {} lines.",
        frame.title,
        frame.case,
        picture.nodes.len(),
        picture.lines.len()
    );
    if !note.is_empty() {
        words = format!("{words} {note}.");
    }
    words
}

fn metadata(frame: &Frame) -> Metadata {
    let mut metadata = Metadata::new()
        .title(format!("{} – {}", frame.title, frame.case))
        .creator("Redthread".to_owned())
        .producer("Redthread".to_owned())
        .language("en".to_owned())
        .document_id(format!("{} {} {}", frame.digest, frame.title, frame.as_at));
    if !frame.author.is_empty() {
        metadata = metadata.authors(vec![frame.author.clone()]);
    }
    if !frame.marking.is_empty() {
        metadata = metadata.description(frame.marking.clone());
    }
    if let Ok(day) = frame.as_at.parse::<jiff::civil::Date>() {
        let date = DateTime::new(day.year().max(0) as u16)
            .month(day.month().max(1) as u8)
            .day(day.day().max(1) as u8);
        metadata = metadata.creation_date(date);
    }
    metadata
}
