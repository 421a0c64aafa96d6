//! One row of what was found: an icon, what it is called, why it was found, what it is.

use egui::{
    Align2, Color32, FontId, Pos2, Rect, Response, Sense, Ui, Vec2,
    text::{LayoutJob, TextFormat, TextWrapping},
};

use super::super::{
    command::Command,
    theme::{S8, T11, T13, Theme, color, icons, semibold},
    widgets,
};
use crate::{
    case::{Hit, How, Reason},
    chart::{icon, style::Group},
    model::{Id, schema},
};

/// Something that was found.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    Command(&'static Command),
    Entity(Id),
    Document(Id),
    Chart(Id),
    /// What a saved search looks for.
    Saved(String),
}

#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) found: Found,
    pub(super) icon: char,
    /// The schema whose colours the icon has.
    pub(super) schema: Option<String>,
    pub(super) text: String,
    /// What to highlight in it, in characters.
    pub(super) ranges: Vec<(usize, usize)>,
    /// Why it was found, where the text does not say so: before the value, the value.
    pub(super) because: Option<(String, Reason)>,
    pub(super) about: String,
    pub(super) score: u32,
}

impl Row {
    pub(super) fn plain(found: Found, icon: char, text: &str, about: String, score: u32) -> Self {
        Self {
            found,
            icon,
            schema: None,
            text: text.to_owned(),
            ranges: Vec::new(),
            because: None,
            about,
            score,
        }
    }

    /// A hit of the search, under the name that it has in the window.
    pub(super) fn hit(hit: &Hit, name: String, is_document: bool, score: u32) -> Self {
        let id = hit.id.clone();
        let mut row = Self {
            found: if is_document { Found::Document(id) } else { Found::Entity(id) },
            icon: if is_document { icon::ui::DESCRIPTION } else { icon::for_schema(&hit.schema) },
            schema: (!is_document).then(|| hit.schema.clone()),
            text: name,
            ranges: Vec::new(),
            because: None,
            about: schema::label(&hit.schema).to_lowercase(),
            score,
        };
        let Some(reason) = hit.reasons.first() else { return row };
        if reason.value == row.text {
            row.ranges = reason.ranges.clone();
            if matches!(reason.how, How::Transliterated | How::Similar(_)) {
                row.about = format!("{}  ·  {}", reason.how.words(), row.about);
            }
        } else {
            let known = schema::schema(&hit.schema).and_then(|s| s.property(&reason.property));
            let label = known.map_or(reason.property.as_str(), |p| p.label.as_str());
            row.because = Some((format!("{label}: "), reason.clone()));
        }
        row
    }

    /// Draws the row over the whole width.
    pub(super) fn draw(&self, ui: &mut Ui, theme: &Theme, on: bool) -> Response {
        let height = if self.because.is_some() { 42.0 } else { 28.0 };
        let size = Vec2::new(ui.available_width(), height);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let label = match &self.because {
            Some((lead, reason)) => format!("{} – {lead}{}", self.text, reason.value),
            None => self.text.clone(),
        };
        widgets::named(&response, &label, Some(on), true);
        if !ui.is_rect_visible(rect) {
            return response;
        }
        let fill = match (on, response.hovered()) {
            (true, _) => theme.selected,
            (false, true) => theme.hover,
            (false, false) => Color32::TRANSPARENT,
        };
        let painter = ui.painter();
        painter.rect_filled(rect, 6.0, fill);
        let ink = if on { theme.accent } else { theme.text };
        let first = if self.because.is_some() { rect.top() + 14.0 } else { rect.center().y };
        let middle = Pos2::new(rect.left() + 18.0, rect.center().y);
        let glyph = match &self.schema {
            Some(name) => {
                let group = Group::of(name);
                let tile = Rect::from_center_size(middle, Vec2::splat(20.0));
                painter.rect_filled(tile, 4.5, color(theme.style.tile(group)));
                (color(theme.style.hue(group)), 14.0)
            }
            None if on => (theme.accent, 16.0),
            None => (theme.weak, 16.0),
        };
        painter.text(middle, Align2::CENTER_CENTER, self.icon, icons(glyph.1), glyph.0);
        let about = painter.text(
            Pos2::new(rect.right() - S8, first),
            Align2::RIGHT_CENTER,
            &self.about,
            FontId::proportional(T11),
            theme.weak,
        );
        let left = rect.left() + 36.0;
        let line =
            |lead: &str, text: &str, ranges: &[(usize, usize)], size: f32, ink, y: f32, room| {
                let job = highlighted(theme, (lead, text), ranges, size, ink, room);
                let galley = painter.layout_job(job);
                let at = Pos2::new(left, y - galley.size().y / 2.0);
                painter.galley(at, galley, ink);
            };
        let room = about.left() - left - S8;
        line("", &self.text, &self.ranges, T13, ink, first, room);
        if let Some((lead, reason)) = &self.because {
            let (room, y) = (rect.right() - left - S8, rect.top() + 31.0);
            let tail = match reason.how {
                How::Transliterated | How::Similar(_) => format!("   {}", reason.how.words()),
                _ => String::new(),
            };
            let text = format!("{}{tail}", reason.value);
            line(lead, &text, &reason.ranges, T11, theme.weak, y, room);
        }
        response
    }
}

/// One line with its ranges standing out, cut where there is no more room.
fn highlighted(
    theme: &Theme,
    (lead, text): (&str, &str),
    ranges: &[(usize, usize)],
    size: f32,
    ink: Color32,
    room: f32,
) -> LayoutJob {
    let mut job = LayoutJob {
        wrap: TextWrapping {
            break_anywhere: true,
            ..TextWrapping::truncate_at_width(room.max(40.0))
        },
        ..LayoutJob::default()
    };
    let plain =
        TextFormat { font_id: FontId::proportional(size), color: ink, ..Default::default() };
    let strong = TextFormat {
        font_id: semibold(size),
        color: theme.text,
        underline: egui::Stroke::new(1.5, theme.accent),
        ..Default::default()
    };
    job.append(lead, 0.0, plain.clone());
    let mut part = String::new();
    let mut was = false;
    for (at, c) in text.chars().enumerate() {
        let is = ranges.iter().any(|(from, to)| (*from..*to).contains(&at));
        if is != was && !part.is_empty() {
            job.append(&part, 0.0, if was { strong.clone() } else { plain.clone() });
            part.clear();
        }
        part.push(if c.is_control() { ' ' } else { c });
        was = is;
    }
    job.append(&part, 0.0, if was { strong } else { plain });
    job
}
