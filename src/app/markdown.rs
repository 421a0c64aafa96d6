//! Markdown of captions: parsed into a flat list of blocks, and drawn with labels.
//!
//! A caption may come from somebody else's case: HTML is shown as text, an image as its
//! description, and nothing is loaded or opened.

use egui::{FontFamily, FontId, RichText, TextStyle, Ui, Vec2};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::theme::{S4, S8, T13, T16, T20, semibold};

/// Width of one level of a list or quote.
const STEP: f32 = 18.0;
/// Levels that are still drawn further to the right.
const LEVELS: u16 = 6;

/// The parsed form of the text that was drawn last.
#[derive(Debug, Default)]
pub struct Markdown {
    source: String,
    blocks: Vec<Block>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum BlockKind {
    #[default]
    Paragraph,
    Heading(u8),
    Code,
    Rule,
}

/// A paragraph, heading, list item, row of a table or piece of code.
#[derive(Debug, Clone, Default, PartialEq)]
struct Block {
    kind: BlockKind,
    /// Depth of the quotes around it.
    quotes: u16,
    /// Depth of the lists around it.
    lists: u16,
    /// Bullet or number, for the first block of a list item.
    marker: Option<String>,
    spans: Vec<Span>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Style {
    strong: bool,
    emphasis: bool,
    struck: bool,
    code: bool,
}

/// Text of one style.
#[derive(Debug, Clone, Default, PartialEq)]
struct Span {
    text: String,
    style: Style,
    link: Option<String>,
}

impl Markdown {
    /// Draws the text; returns the target of the link that was clicked.
    pub fn ui(&mut self, ui: &mut Ui, source: &str) -> Option<String> {
        if self.source != source {
            source.clone_into(&mut self.source);
            self.blocks = blocks(source);
        }
        let mut clicked = None;
        let mut inside = false;
        for block in &self.blocks {
            // The items of a list stand closer than paragraphs.
            let item = block.lists > 0;
            ui.add_space(if item && inside { S4 } else { S8 });
            inside = item;
            clicked = draw(ui, block).or(clicked);
        }
        clicked
    }
}

fn draw(ui: &mut Ui, block: &Block) -> Option<String> {
    if block.kind == BlockKind::Rule {
        ui.separator();
        return None;
    }
    let (quotes, lists) = (block.quotes.min(LEVELS), block.lists.min(LEVELS));
    let drawn = ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        // Rows as high as their text, the first one too.
        ui.spacing_mut().interact_size.y = 0.0;
        ui.add_space(f32::from(quotes) * STEP);
        if lists > 0 {
            ui.add_space(f32::from(lists - 1) * STEP);
            let marker = block.marker.as_deref().unwrap_or_default();
            let row = ui.text_style_height(&TextStyle::Body);
            let layout = egui::Layout::left_to_right(egui::Align::Min);
            ui.allocate_ui_with_layout(Vec2::new(STEP, row), layout, |ui| {
                ui.set_min_width(STEP);
                ui.label(marker);
            });
        }
        ui.vertical(|ui| ui.horizontal_wrapped(|ui| spans(ui, block)).inner).inner
    });
    let (rect, stroke) = (drawn.response.rect, ui.visuals().widgets.noninteractive.bg_stroke);
    for level in 0..quotes {
        let x = rect.left() + f32::from(level) * STEP + S4;
        ui.painter().vline(x, rect.y_range(), (2.0, stroke.color));
    }
    drawn.inner
}

fn spans(ui: &mut Ui, block: &Block) -> Option<String> {
    let body = TextStyle::Body.resolve(ui.style()).size;
    let mut clicked = None;
    for span in &block.spans {
        let (strong, size) = match block.kind {
            BlockKind::Heading(1) => (true, T20),
            BlockKind::Heading(2) => (true, T16),
            BlockKind::Heading(_) => (true, T13.max(body)),
            _ => (span.style.strong, body),
        };
        let mut text = RichText::new(&span.text).size(size);
        if span.style.code || block.kind == BlockKind::Code {
            text = text
                .font(FontId::new(size, FontFamily::Monospace))
                .background_color(ui.visuals().code_bg_color);
        } else if strong {
            text = text.font(semibold(size));
        }
        if span.style.emphasis {
            text = text.italics();
        }
        if span.style.struck {
            text = text.strikethrough();
        }
        match &span.link {
            None => drop(ui.label(text)),
            Some(target) => {
                let link = ui.link(text);
                let link = if in_case(target) {
                    link
                } else {
                    link.on_hover_text(format!("Copy the address {target}"))
                };
                if link.clicked() {
                    clicked = Some(target.clone());
                }
            }
        }
    }
    clicked
}

/// Whether a link leads to something in the case.
pub fn in_case(target: &str) -> bool {
    target.starts_with("entity:") || target.starts_with("evidence:")
}

/// Parses a text. Blocks are flat, so that no depth of nesting costs stack.
fn blocks(source: &str) -> Vec<Block> {
    let mut reading = Reading::default();
    for event in Parser::new_ext(source, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        reading.event(event);
    }
    reading.close();
    reading.blocks
}

#[derive(Debug, Default)]
struct Reading {
    blocks: Vec<Block>,
    open: Option<Block>,
    quotes: u16,
    /// Of each list around, the number of the next item, if items are numbered.
    lists: Vec<Option<u64>>,
    marker: Option<String>,
    strong: u16,
    emphasis: u16,
    struck: u16,
    link: Option<String>,
    first_cell: bool,
    broken: bool,
}

impl Reading {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.text(&text, false);
            }
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text(&text, true);
            }
            Event::SoftBreak => self.broken = true,
            Event::HardBreak => self.text("\n", false),
            Event::Rule => {
                self.close();
                self.blocks.push(Block { kind: BlockKind::Rule, ..Block::default() });
            }
            Event::FootnoteReference(name) => self.text(&format!("[{name}]"), false),
            Event::TaskListMarker(done) => self.text(if done { "[x] " } else { "[ ] " }, false),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.open(BlockKind::Paragraph),
            Tag::Heading { level, .. } => self.open(BlockKind::Heading(match level {
                HeadingLevel::H1 => 1,
                HeadingLevel::H2 => 2,
                _ => 3,
            })),
            Tag::BlockQuote(_) => {
                self.close();
                self.quotes = self.quotes.saturating_add(1);
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                self.open(BlockKind::Code);
            }
            Tag::List(first) => {
                self.close();
                self.lists.push(first);
            }
            Tag::Item => {
                self.close();
                self.marker = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let marker = format!("{number}.");
                        *number = number.saturating_add(1);
                        marker
                    }
                    _ => "•".to_owned(),
                });
            }
            Tag::TableHead | Tag::TableRow => {
                self.open(BlockKind::Paragraph);
                self.first_cell = true;
                self.strong += u16::from(matches!(tag, Tag::TableHead));
            }
            Tag::TableCell => {
                let gap = if std::mem::take(&mut self.first_cell) { "" } else { "  ·  " };
                self.text(gap, false);
            }
            Tag::Strong => self.strong = self.strong.saturating_add(1),
            Tag::Emphasis => self.emphasis = self.emphasis.saturating_add(1),
            Tag::Strikethrough => self.struck = self.struck.saturating_add(1),
            Tag::Link { dest_url, .. } => self.link = Some(dest_url.into_string()),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::TableRow => {
                self.close();
            }
            TagEnd::TableHead => {
                self.strong = self.strong.saturating_sub(1);
                self.close();
            }
            TagEnd::BlockQuote(_) => {
                self.close();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::Item => {
                // An item without text keeps its bullet.
                if self.marker.is_some() {
                    self.open(BlockKind::Paragraph);
                }
                self.close();
            }
            TagEnd::List(_) => {
                self.close();
                self.lists.pop();
            }
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Emphasis => self.emphasis = self.emphasis.saturating_sub(1),
            TagEnd::Strikethrough => self.struck = self.struck.saturating_sub(1),
            TagEnd::Link => self.link = None,
            TagEnd::HtmlBlock => self.close(),
            _ => {}
        }
    }

    fn open(&mut self, kind: BlockKind) {
        self.close();
        self.open = Some(Block {
            kind,
            quotes: self.quotes,
            lists: u16::try_from(self.lists.len()).unwrap_or(u16::MAX),
            marker: self.marker.take(),
            spans: Vec::new(),
        });
    }

    fn close(&mut self) {
        self.broken = false;
        let Some(mut block) = self.open.take() else { return };
        if let Some(last) = block.spans.last_mut() {
            last.text.truncate(last.text.trim_end_matches('\n').len());
        }
        self.blocks.push(block);
    }

    fn text(&mut self, text: &str, code: bool) {
        if self.open.is_none() {
            self.open(BlockKind::Paragraph);
        }
        let style = Style {
            strong: self.strong > 0,
            emphasis: self.emphasis > 0,
            struck: self.struck > 0,
            code,
        };
        let broken = std::mem::take(&mut self.broken);
        let Some(block) = &mut self.open else { return };
        let before = block.spans.last().and_then(|span| span.text.chars().next_back());
        let space = broken && !(before.is_some_and(unspaced) && text.starts_with(unspaced));
        let space = if space { " " } else { "" };
        match block.spans.last_mut() {
            Some(last) if last.style == style && last.link == self.link => {
                last.text.push_str(space);
                last.text.push_str(text);
            }
            last => {
                if let Some(last) = last {
                    last.text.push_str(space);
                }
                block.spans.push(Span { text: text.to_owned(), style, link: self.link.clone() });
            }
        }
    }
}

/// Whether a letter is of a script that puts no space between words: a line break between two
/// of them is none.
fn unspaced(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{30ff}' | '\u{31f0}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use egui_kittest::{Harness, kittest::Queryable as _};

    use super::*;

    fn texts(source: &str) -> Vec<String> {
        blocks(source)
            .iter()
            .map(|block| {
                let text: String = block.spans.iter().map(|span| span.text.as_str()).collect();
                format!("{}{text}", block.marker.as_deref().unwrap_or_default())
            })
            .collect()
    }

    #[test]
    fn paragraphs_lists_and_quotes_become_flat_blocks() {
        let source = "# Title\n\nOne\ntwo  \nthree\n\n- a\n- b\n  1. c\n  2. d\n\n> said\n> more\n\n    code\n\n---\n";
        assert_eq!(
            texts(source),
            ["Title", "One two\nthree", "•a", "•b", "1.c", "2.d", "said more", "code", ""]
        );
        let parsed = blocks(source);
        assert_eq!(parsed[0].kind, BlockKind::Heading(1));
        assert_eq!((parsed[4].lists, parsed[6].quotes), (2, 1));
        assert_eq!(parsed[7].kind, BlockKind::Code);
        assert_eq!(parsed[8].kind, BlockKind::Rule);
    }

    #[test]
    fn styles_and_links_are_spans() {
        let parsed = blocks("A **strong *both*** `code` ~~no~~ [Ma](entity:ma).");
        let spans: Vec<(&str, Style, Option<&str>)> = parsed[0]
            .spans
            .iter()
            .map(|span| (span.text.as_str(), span.style, span.link.as_deref()))
            .collect();
        let plain = Style::default();
        let strong = Style { strong: true, ..plain };
        assert_eq!(
            spans,
            [
                ("A ", plain, None),
                ("strong ", strong, None),
                ("both", Style { emphasis: true, ..strong }, None),
                (" ", plain, None),
                ("code", Style { code: true, ..plain }, None),
                (" ", plain, None),
                ("no", Style { struck: true, ..plain }, None),
                (" ", plain, None),
                ("Ma", plain, Some("entity:ma")),
                (".", plain, None),
            ]
        );
    }

    #[test]
    fn a_line_break_within_chinese_is_no_space() {
        assert_eq!(texts("丹东鸿祥\n实业"), ["丹东鸿祥实业"]);
        assert_eq!(texts("김 정은\n위원장"), ["김 정은 위원장"], "Korean puts spaces");
        assert_eq!(texts("鸿祥\nHongxiang"), ["鸿祥 Hongxiang"]);
    }

    #[test]
    fn a_table_is_a_line_for_each_row() {
        let source = "| Name | Share |\n|---|---|\n| Ma | 51 % |\n| Hong | |\n";
        assert_eq!(texts(source), ["Name  ·  Share", "Ma  ·  51 %", "Hong  ·  "]);
        assert!(blocks(source)[0].spans[0].style.strong);
        assert!(!blocks(source)[1].spans[0].style.strong);
    }

    #[test]
    fn html_and_images_are_text() {
        assert_eq!(
            texts("<script>x</script>\n\nA <b>c</b> ![Photo](https://example.org/p.png)"),
            ["<script>x</script>", "A <b>c</b> Photo"]
        );
        assert!(blocks("![Photo](https://example.org/p.png)")[0].spans[0].link.is_none());
    }

    #[test]
    fn no_depth_of_nesting_costs_stack() {
        for source in
            [">".repeat(50_000), "- ".repeat(5_000), "[".repeat(50_000), "*a ".repeat(9_000)]
        {
            let _ = blocks(&source);
        }
    }

    #[test]
    fn a_click_on_a_link_returns_its_target_and_opens_nothing() {
        let source =
            "See [DHID](entity:dhid), [the note](evidence:n) and [this](https://example.org).";
        for (label, target) in
            [("DHID", "entity:dhid"), ("the note", "evidence:n"), ("this", "https://example.org")]
        {
            let mut markdown = Markdown::default();
            let mut harness = Harness::builder().with_size([300.0, 200.0]).build_ui_state(
                move |ui, clicked: &mut Option<String>| {
                    super::super::theme::install_fonts(ui.ctx());
                    *clicked = markdown.ui(ui, source).or(clicked.take());
                },
                None,
            );
            harness.run_steps(3);
            assert_eq!(*harness.state(), None, "nothing follows without a click");
            harness.get_by_label(label).click();
            harness.run_steps(3);
            assert_eq!(harness.state().as_deref(), Some(target));
            assert!(
                !harness
                    .output()
                    .platform_output
                    .commands
                    .iter()
                    .any(|command| matches!(command, egui::OutputCommand::OpenUrl(_))),
                "no browser opens"
            );
        }
    }
}
