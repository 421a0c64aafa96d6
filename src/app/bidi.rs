//! Words that run from the right, on the screen. egui joins the letters of Arabic but lays words out
//! from left to right alone. So once a frame is done, each text that has such words is laid out
//! again in the order of `chart::font::bidi`, which exports have too, and takes the place of egui's.
//! What a label copies and what a screen reader says stays as it is read. A field in which somebody
//! types keeps egui's order, which its cursor follows.

use std::{collections::HashMap, ops::Range, sync::Arc};

use egui::{
    Align, Color32, Context, FullOutput, Galley, LayerId, Plugin, Rect, Shape, Ui, Vec2,
    epaint::{
        ClippedShape, TextShape,
        text::{ByteIndex, FontsView, LayoutJob, LayoutSection, TextWrapping},
    },
};

use crate::chart::{
    font::{
        self, Weight,
        bidi::{self, Direction},
        clusters,
    },
    text,
};

/// Puts words that run from the right in their order.
#[derive(Default)]
pub(super) struct Reorder {
    /// What was laid out again, by where egui's own lies in memory.
    done: HashMap<usize, Done>,
    /// Where the field is in which somebody types.
    field: Option<Rect>,
}

struct Done {
    /// Held, so that no other takes its place in memory.
    _from: Arc<Galley>,
    to: Arc<Galley>,
    is_used: bool,
}

impl Plugin for Reorder {
    fn debug_name(&self) -> &'static str {
        "words that run from the right"
    }

    /// Lays out while the letters that this takes still reach the screen with this frame.
    fn on_end_pass(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let focused = ctx.memory(egui::Memory::focused).filter(|_| ctx.text_edit_focused());
        // A response would take keys.
        self.field = focused.and_then(|id| {
            ctx.viewport(|viewport| viewport.this_pass.widgets.get(id).map(|field| field.rect))
        });
        let mut found = Vec::new();
        let layers: Vec<LayerId> = ctx.memory(|memory| memory.layer_ids().collect());
        ctx.graphics(|graphics| {
            for layer in layers.into_iter().chain([LayerId::background()]) {
                for clipped in graphics.get(layer).iter().flat_map(|list| list.all_entries()) {
                    collect(&clipped.shape, &mut found);
                }
            }
        });
        for galley in found {
            self.laid_out(&ctx, &galley);
        }
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        for clipped in &mut output.shapes {
            self.swap(ctx, &mut clipped.shape);
        }
        self.done.retain(|_, done| std::mem::take(&mut done.is_used));
    }
}

/// Puts the words in shapes in order that do not reach the screen as they are.
pub(super) fn reorder(ctx: &Context, shapes: &mut [ClippedShape]) {
    ctx.with_plugin(|plugin: &mut Reorder| {
        for clipped in shapes {
            plugin.swap(ctx, &mut clipped.shape);
        }
    });
}

/// Whether a text has words to put in order.
fn is_out_of_order(galley: &Galley) -> bool {
    !bidi::is_left_to_right(&galley.job.text)
}

/// The colour behind a text of which something is selected. All of it gets that colour, because egui
/// marks characters where it laid them out.
fn selection(galley: &Galley) -> Option<Color32> {
    let is_decorated = |section: &LayoutSection| {
        let format = &section.format;
        !format.underline.is_empty() || !format.strikethrough.is_empty()
    };
    if galley.job.sections.iter().any(is_decorated) {
        return None;
    }
    // The rectangle lies behind the letters, and comes after them in the list of corners.
    let after = galley.rows.iter().find_map(|placed| {
        let visuals = &placed.row.visuals;
        visuals.mesh.vertices.get(visuals.glyph_vertex_range.end)
    });
    after.map(|corner| corner.color)
}

fn collect(shape: &Shape, found: &mut Vec<Arc<Galley>>) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, found)),
        Shape::Text(text) if is_out_of_order(&text.galley) => found.push(Arc::clone(&text.galley)),
        _ => {}
    }
}

impl Reorder {
    fn swap(&mut self, ctx: &Context, shape: &mut Shape) {
        match shape {
            Shape::Vec(shapes) => shapes.iter_mut().for_each(|shape| self.swap(ctx, shape)),
            Shape::Text(text) if is_out_of_order(&text.galley) && !self.is_typed(text) => {
                let selected = selection(&text.galley);
                text.galley = self.laid_out(ctx, &text.galley);
                if let Some(color) = selected {
                    let behind = text.galley.rect.translate(text.pos.to_vec2());
                    let text = std::mem::replace(shape, Shape::rect_filled(behind, 0.0, color));
                    *shape = Shape::Vec(vec![std::mem::replace(shape, Shape::Noop), text]);
                }
            }
            _ => {}
        }
    }

    /// Whether a text is that of the field in which somebody types.
    fn is_typed(&self, text: &TextShape) -> bool {
        let middle = text.pos + Vec2::new(0.0, text.galley.rect.height() / 2.0);
        text.galley.job.keep_trailing_whitespace
            && self.field.is_some_and(|field| field.y_range().contains(middle.y))
    }

    fn laid_out(&mut self, ctx: &Context, galley: &Arc<Galley>) -> Arc<Galley> {
        let done = self.done.entry(Arc::as_ptr(galley) as usize).or_insert_with(|| Done {
            to: ctx.fonts_mut(|fonts| reordered(fonts, &galley.job)),
            _from: Arc::clone(galley),
            is_used: true,
        });
        done.is_used = true;
        Arc::clone(&done.to)
    }
}

/// A line of a text.
struct Line {
    range: Range<usize>,
    direction: Direction,
    /// Whether a sign stands behind it for what was left out.
    is_cut: bool,
}

/// A text with its words in order.
fn reordered(fonts: &mut FontsView<'_>, job: &LayoutJob) -> Arc<Galley> {
    let lines = lines(fonts, job);
    let mut drawn = LayoutJob {
        first_row_min_height: job.first_row_min_height,
        halign: job.halign,
        round_output_to_gui: job.round_output_to_gui,
        ..LayoutJob::default()
    };
    for (number, line) in lines.iter().enumerate() {
        if number > 0 {
            let at = line.range.start;
            push(&mut drawn, "\n", 0.0, &job.sections[section_at(job, at)]);
        }
        set(&mut drawn, job, line);
    }
    let mut galley = fonts.layout_job(drawn);
    if job.halign == Align::LEFT && lines.len() > 1 {
        align(Arc::make_mut(&mut galley), &lines);
    }
    galley
}

/// Moves the lines that are read from the right there.
fn align(galley: &mut Galley, lines: &[Line]) {
    let width = galley.rect.width();
    let scale = galley.pixels_per_point;
    galley.mesh_bounds = Rect::NOTHING;
    for (placed, line) in galley.rows.iter_mut().zip(lines) {
        if line.direction.is_right_to_left() {
            placed.pos.x = ((width - placed.row.size.x).max(0.0) * scale).round() / scale;
        }
        galley.mesh_bounds |= placed.row.visuals.mesh_bounds.translate(placed.pos.to_vec2());
    }
}

/// Breaks a text into lines no wider than it may be, in the order in which it is read.
fn lines(fonts: &mut FontsView<'_>, job: &LayoutJob) -> Vec<Line> {
    let room = job.wrap.max_width + 0.5;
    let text = job.text.as_str();
    let mut lines: Vec<Line> = Vec::new();
    let mut start = 0;
    let paragraphs: Vec<&str> =
        if job.break_on_newline { text.split('\n').collect() } else { vec![text] };
    for paragraph in paragraphs {
        let (end, direction) = (start + paragraph.len(), Direction::of(paragraph));
        let line = |range| Line { range, direction, is_cut: false };
        loop {
            if lines.len() >= job.wrap.max_rows {
                if let Some(last) = lines.last_mut() {
                    last.is_cut = true;
                }
                return lines;
            }
            let mut fits = |line: &Line| width(fonts, job, line) <= room;
            let rest = line(start..end);
            if fits(&rest) {
                lines.push(rest);
                break;
            }
            let is_last = lines.len() + 1 == job.wrap.max_rows;
            // The last line is cut between letters, others between words where one fits.
            let mut to = None;
            if !is_last && !job.wrap.break_anywhere {
                let mut at = start;
                let words = text::pieces(&text[start..end]).into_iter().map(|word| {
                    at += word.len();
                    at
                });
                let words: Vec<usize> = words.collect();
                to = words[..words.partition_point(|to| fits(&line(start..*to)))].last().copied();
            }
            let to = to.unwrap_or_else(|| {
                let ends: Vec<usize> =
                    clusters(&text[start..end]).map(|range| start + range.end).collect();
                let fits = |to: &usize| fits(&Line { is_cut: is_last, ..line(start..*to) });
                let fitting = ends.partition_point(fits).max(usize::from(!is_last));
                ends[..fitting].last().copied().unwrap_or(start)
            });
            lines.push(Line { is_cut: is_last, ..line(start..to) });
            if is_last {
                return lines;
            }
            start = to;
        }
        start = end + 1;
    }
    lines
}

/// How wide a line is.
fn width(fonts: &mut FontsView<'_>, job: &LayoutJob, line: &Line) -> f32 {
    let mut alone = LayoutJob {
        wrap: TextWrapping::no_max_width(),
        round_output_to_gui: false,
        ..LayoutJob::default()
    };
    set(&mut alone, job, line);
    fonts.layout_job(alone).rect.width()
}

/// Appends a line in the order in which it is drawn. What egui is to shape by itself is a section of
/// its own: the letters of a word that runs from the right, and each sign between such words.
fn set(drawn: &mut LayoutJob, job: &LayoutJob, line: &Line) {
    let mut text = job.text[line.range.clone()].trim_end_matches(' ').to_owned();
    if line.is_cut {
        text.truncate(text.trim_end().len());
        text.extend(job.wrap.overflow_character);
    }
    for part in bidi::parts(&text, line.direction) {
        let mut atoms = atoms(&text, &part, |at| section_at(job, line.range.start + at));
        if part.is_right_to_left {
            atoms.reverse();
        }
        for (range, section) in atoms {
            let section = &job.sections[section];
            let is_first = line.range.start + range.start == section.byte_range.start.0;
            let leading = if is_first { section.leading_space } else { 0.0 };
            let mut chars = text[range.clone()].chars();
            let (first, second) = (chars.next(), chars.next());
            match (first.filter(|_| part.is_right_to_left), second) {
                (Some(c), None) if bidi::mirrored(c) != c => {
                    push(drawn, bidi::mirrored(c).encode_utf8(&mut [0; 4]), leading, section);
                }
                _ => push(drawn, &text[range], leading, section),
            }
        }
    }
}

/// The pieces of a part that are shaped by themselves, in the order of reading, each with the number
/// of its section.
fn atoms(
    text: &str,
    part: &bidi::Part,
    section_at: impl Fn(usize) -> usize,
) -> Vec<(Range<usize>, usize)> {
    let mut atoms: Vec<(Range<usize>, usize)> = Vec::new();
    // What joins its neighbours: letters of one font where text runs from the right, all but digits
    // of Arabic where it does not.
    let mut before = None;
    for cluster in clusters(&text[part.range.clone()]) {
        let range = part.range.start + cluster.start..part.range.start + cluster.end;
        let mut chars = text[range.clone()].chars();
        let Some(c) = chars.next().filter(|c| !font::is_ignorable(*c) || chars.next().is_some())
        else {
            continue;
        };
        let section = section_at(range.start);
        let is_of_the_right = bidi::runs_from_the_right(c);
        let joins = if part.is_right_to_left {
            let face =
                font::face(Weight::Regular, c).map_or(0, |face| std::ptr::from_ref(face) as usize);
            Some(face).filter(|_| is_of_the_right && c.is_alphabetic())
        } else {
            Some(0).filter(|_| !is_of_the_right)
        };
        match atoms.last_mut() {
            Some((last, of)) if *of == section && joins.is_some() && joins == before => {
                last.end = range.end;
            }
            _ => atoms.push((range, section)),
        }
        before = joins;
    }
    atoms
}

/// The number of the section that a byte belongs to.
fn section_at(job: &LayoutJob, at: usize) -> usize {
    let before = job.sections.partition_point(|section| section.byte_range.start.0 <= at);
    before.saturating_sub(1)
}

fn push(drawn: &mut LayoutJob, text: &str, leading_space: f32, like: &LayoutSection) {
    let start = ByteIndex(drawn.text.len());
    drawn.text.push_str(text);
    let byte_range = start..ByteIndex(drawn.text.len());
    drawn.sections.push(LayoutSection { leading_space, byte_range, format: like.format.clone() });
}

#[cfg(test)]
mod tests {
    use egui::{Event, FontId, Key, Modifiers, OutputCommand, PointerButton, Pos2, RawInput};

    use super::*;
    use crate::app::theme;

    /// The lines of a text of a width as they lie from left to right, each with where it begins.
    fn seen(text: &str, room: f32, rows: usize) -> Vec<(String, f32)> {
        let ctx = Context::default();
        theme::install_fonts(&ctx);
        let mut seen = Vec::new();
        let mut output = ctx.run_ui(RawInput::default(), |ui| {
            let font = FontId::proportional(13.0);
            let mut job = LayoutJob::simple(text.to_owned(), font, Color32::BLACK, room);
            job.wrap.max_rows = rows;
            job.wrap.break_anywhere = rows == 1;
            let galley = ui.fonts_mut(|fonts| reordered(fonts, &job));
            let texts = galley.job.text.split('\n').map(str::to_owned);
            seen = texts.zip(galley.rows.iter().map(|row| row.pos.x)).collect();
            assert!(galley.rect.width() <= room + 1.0, "{text}: {}", galley.rect.width());
        });
        output.textures_delta.clear();
        seen
    }

    fn line(text: &str) -> String {
        let lines = seen(text, f32::INFINITY, usize::MAX);
        assert_eq!(lines.len(), 1, "{text}");
        lines[0].0.clone()
    }

    #[test]
    fn words_from_the_right_lie_in_order_and_each_is_whole() {
        assert_eq!(line("شركة دبي للتجارة"), "للتجارة دبي شركة");
        assert_eq!(line("شارع 125 دبي"), "دبي 125 شارع");
        assert_eq!(line("پتروشیمی ۱۲"), "۱۲ پتروشیمی");
        assert_eq!(line("בנק (ישראל) בעמ"), "בעמ (ישראל) בנק");
        assert_eq!(line("Bank בנק לאומי Ltd"), "Bank לאומי בנק Ltd");
        assert_eq!(line("بنك دبي → בנק לאומי"), "دبي بنك → לאומי בנק");
    }

    #[test]
    fn lines_break_in_the_order_of_reading_and_begin_at_the_right() {
        let lines = seen("شركة دبي العالمية للتجارة والاستثمار", 90.0, usize::MAX);
        assert!(lines.len() > 1 && lines[0].0.ends_with("شركة"), "{lines:?}");
        assert!(lines.iter().any(|(_, x)| *x > 0.0), "{lines:?}");
        let lines = seen("شركة دبي العالمية للتجارة والاستثمار", 90.0, 1);
        let [(cut, _)] = &lines[..] else { panic!("one line: {lines:?}") };
        assert!(cut.starts_with('…') && cut.ends_with("شركة"), "{cut}");
        let lines = seen("Bank\nבנק", 90.0, usize::MAX);
        assert!(lines[0].1 == 0.0 && lines[1].1 > 0.0, "{lines:?}");
    }

    #[test]
    fn a_label_is_copied_as_it_is_read_and_shows_that_it_is_selected() {
        let ctx = Context::default();
        theme::install_fonts(&ctx);
        let name = "بنك دبي (ABC) 12";
        let rect = std::cell::Cell::new(Rect::NOTHING);
        let frame = |events: Vec<Event>| {
            let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, Vec2::splat(400.0)));
            let input = RawInput { events, screen_rect, ..RawInput::default() };
            let mut output = ctx.run_ui(input, |ui| rect.set(ui.label(name).rect));
            output.textures_delta.clear();
            output
        };
        frame(vec![]);
        frame(vec![]);
        let button = |pos, pressed| Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        let at = rect.get().left_center() + Vec2::X;
        frame(vec![Event::PointerMoved(at)]);
        frame(vec![button(at, true), button(at, false)]);
        frame(vec![Event::Key {
            key: Key::A,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: Modifiers::COMMAND,
        }]);
        let marked = frame(vec![Event::Copy]);
        let copied = marked.platform_output.commands.iter().find_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.as_str()),
            _ => None,
        });
        assert_eq!(copied, Some(name));
        let is_marked = |shape: &Shape| matches!(shape, Shape::Vec(shapes) if shapes.len() == 2);
        assert!(marked.shapes.iter().any(|clipped| is_marked(&clipped.shape)));
    }
}
