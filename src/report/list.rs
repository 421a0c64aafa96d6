//! The list of numbered sources and the key to their grades, in columns.

use super::{Exhibit, sheet::MARGIN};
use crate::{
    chart::{
        Point, Size,
        font::{self, Weight},
        text::wrap,
    },
    model::{Credibility, Reliability},
};

/// The size of titles, in points.
const TITLE: f32 = 11.0;
/// The size of what is known of a source, in points.
const FACT: f32 = 9.5;
/// The size of a digest, in points: 64 letters fit a column.
const HASH: f32 = 8.0;
/// The room for a number before a title, in points.
const INDENT: f32 = 30.0;
/// The minimum width of a column, in points.
const COLUMN: f32 = 330.0;
const GAP: f32 = 28.0;

/// A line of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its baseline.
    pub at: Point,
    pub text: String,
    pub size: f32,
    pub weight: Weight,
    /// Whether it is drawn in the colour of details.
    pub is_weak: bool,
}

/// Lines that stay together: an entry or the key.
#[derive(Default)]
struct Block {
    rows: Vec<Row>,
    height: f32,
}

impl Block {
    fn add(&mut self, x: f32, text: String, size: f32, weight: Weight, is_weak: bool) {
        self.height += (size * 1.35).ceil();
        let at = Point::new(x, self.height - size * 0.3);
        self.rows.push(Row { at, text, size, weight, is_weak });
    }

    fn space(&mut self, by: f32) {
        self.height += by;
    }
}

/// The lists of an exhibit as pages of a size, from `top` to `bottom`; none where it has none.
pub(super) fn pages(exhibit: &Exhibit<'_>, size: Size, top: f32, bottom: f32) -> Vec<Vec<Row>> {
    let (count, width) = columns(size.w);
    let mut pages: Vec<Vec<Row>> = Vec::new();
    let (mut column, mut y) = (count, f32::INFINITY);
    for block in blocks(exhibit, width) {
        if y + block.height > bottom {
            column += 1;
            y = top;
        }
        if column >= count {
            pages.push(Vec::new());
            column = 0;
        }
        let x = MARGIN + column as f32 * (width + GAP);
        if let Some(page) = pages.last_mut() {
            page.extend(moved(&block, x, y));
        }
        y += block.height;
    }
    pages
}

/// The lists of an exhibit below each other or side by side in a width, from `top` on, and their
/// height; nothing where it has none.
pub(super) fn inline(exhibit: &Exhibit<'_>, width: f32, top: f32) -> (Vec<Row>, f32) {
    let (count, column) = columns(width);
    let all = blocks(exhibit, column);
    let total: f32 = all.iter().map(|block| block.height).sum();
    let tallest = all.iter().map(|block| block.height).fold(0.0, f32::max);
    let mut height = (total / count as f32).max(tallest);
    loop {
        let mut rows = Vec::new();
        let (mut at, mut y) = (0, 0.0);
        for block in &all {
            if y + block.height > height + 0.5 {
                (at, y) = (at + 1, 0.0);
            }
            rows.extend(moved(block, MARGIN + at as f32 * (column + GAP), top + y));
            y += block.height;
        }
        if at < count {
            return (rows, height);
        }
        height += 12.0;
    }
}

/// How many columns a width has, and how wide each is.
fn columns(width: f32) -> (usize, f32) {
    let room = width - 2.0 * MARGIN;
    let count = (((room + GAP) / (COLUMN + GAP)) as usize).clamp(1, 4);
    (count, (room - GAP * (count - 1) as f32) / count as f32)
}

fn moved(block: &Block, x: f32, y: f32) -> impl Iterator<Item = Row> {
    block.rows.iter().map(move |row| {
        let at = Point::new(row.at.x + x, row.at.y + y);
        Row { at, ..row.clone() }
    })
}

fn blocks(exhibit: &Exhibit<'_>, width: f32) -> Vec<Block> {
    let sources = exhibit.sources;
    if !exhibit.furniture.sources || sources.is_empty() {
        return Vec::new();
    }
    let room = width - INDENT;
    let mut blocks = Vec::with_capacity(sources.entries.len() + 1);
    for (n, source) in sources.entries.iter().enumerate() {
        let mut block = Block::default();
        if n == 0 {
            block.add(0.0, "Sources".to_owned(), 14.0, Weight::SemiBold, false);
            let words = "Numbers in brackets on the chart name these documents.";
            block.add(0.0, words.to_owned(), FACT, Weight::Regular, true);
            block.space(8.0);
        }
        let number = format!("[{}]", n + 1);
        let top = block.height;
        for line in wrap(&source.title, TITLE, Weight::SemiBold, room, 3) {
            block.add(INDENT, line, TITLE, Weight::SemiBold, false);
        }
        let at = Point::new(0.0, top + (TITLE * 1.35).ceil() - TITLE * 0.3);
        let weight = Weight::SemiBold;
        block.rows.push(Row { at, text: number, size: TITLE, weight, is_weak: false });
        let grades = source.grades();
        let facts = [
            ("", source.origin.clone()),
            ("published ", source.published.clone()),
            ("acquired ", source.acquired.clone()),
            ("", if grades.is_empty() { "not graded".into() } else { format!("graded {grades}") }),
        ];
        let facts = facts.iter().filter(|(_, text)| !text.is_empty());
        let facts: Vec<String> = facts.map(|(what, text)| format!("{what}{text}")).collect();
        for line in wrap(&facts.join(" · "), FACT, Weight::Regular, room, 3) {
            block.add(INDENT, line, FACT, Weight::Regular, true);
        }
        if !source.sha256.is_empty() {
            let text = format!("SHA-256 {}", source.sha256);
            let size = HASH.min(HASH * room / font::width(&text, HASH, Weight::Regular));
            block.add(INDENT, text, size, Weight::Regular, true);
        }
        block.space(9.0);
        blocks.push(block);
    }
    if exhibit.furniture.explains_grades(sources) {
        blocks.push(key(width));
    }
    blocks
}

/// The Admiralty code. Source: NATO AJP-2.1.
fn key(width: f32) -> Block {
    let mut block = Block::default();
    block.space(6.0);
    block.add(0.0, "Grade key".to_owned(), 14.0, Weight::SemiBold, false);
    let words = "Admiralty code: a letter for the source, a digit for what it says.";
    for line in wrap(words, FACT, Weight::Regular, width, 2) {
        block.add(0.0, line, FACT, Weight::Regular, true);
    }
    block.space(4.0);
    let letters = Reliability::ALL.map(|one| (one.code(), one.words()));
    let digits = Credibility::ALL.map(|one| (one.code(), one.words()));
    for ((letter, source), (digit, information)) in letters.into_iter().zip(digits) {
        let before = block.height;
        block.add(0.0, letter.to_owned(), FACT, Weight::SemiBold, false);
        let line = block.height;
        for (x, text, weight, is_weak) in [
            (16.0, source, Weight::Regular, true),
            (width / 2.0, digit, Weight::SemiBold, false),
            (width / 2.0 + 16.0, information, Weight::Regular, true),
        ] {
            block.height = before;
            block.add(x, text.to_owned(), FACT, weight, is_weak);
        }
        block.height = line;
    }
    block.space(9.0);
    block
}
