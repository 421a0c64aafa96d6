//! How a text parts its cells, and which row of a table has the headings.

use super::{
    content::{self, Kind},
    delimited::{Dialect, Rows},
    row::Row,
    words,
};

/// What may part cells, the usual first.
const DELIMITERS: [u8; 5] = [b',', b';', b'\t', b'|', b'^'];
/// How many rows tell.
const TELLING: usize = 200;
/// How far down headings are looked for.
const DEEPEST: usize = 40;

/// The dialect of a text by its beginning, and how well it fits, 0 to 1.
pub(super) fn dialect(head: &str) -> (Dialect, f64) {
    if let Some(delimiter) = declared(head) {
        return (Dialect { delimiter, quote: Some(quote(head, delimiter)) }, 1.0);
    }
    let mut best = (Dialect { delimiter: b',', quote: Some(b'"') }, 0.0, 0.0);
    for delimiter in DELIMITERS {
        let dialect = Dialect { delimiter, quote: Some(quote(head, delimiter)) };
        let (fit, score) = fitness(head, dialect);
        if score > best.2 {
            best = (dialect, fit, score);
        }
    }
    (best.0, best.1)
}

/// Whether a text of any name begins like a table: between the first and the last of at least
/// three rows of one width hardly any has another. A title above and totals below are as narrow as
/// they like.
pub(super) fn is_table(head: &str) -> bool {
    let (dialect, _) = dialect(head);
    let mut rows = Rows::of_head(head, dialect);
    let mut row = Row::default();
    let mut widths = Vec::new();
    while widths.len() < TELLING && rows.next(&mut row).unwrap_or(false) {
        if !row.is_empty() {
            widths.push(row.len());
        }
    }
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    widths.iter().filter(|width| **width > 1).for_each(|w| *counts.entry(*w).or_default() += 1);
    let usual = counts.into_iter().max_by_key(|(width, count)| (*count, *width));
    let Some((width, count)) = usual else { return false };
    let first = widths.iter().position(|other| *other == width).unwrap_or(0);
    let last = widths.iter().rposition(|other| *other == width).unwrap_or(0);
    let around = widths.len() - (last + 1 - first);
    let few = if count < 3 { around == 0 } else { around <= count.max(6) };
    count > 1 && few && count * 10 > (last + 1 - first) * 9
}

/// What Excel's first line `sep=;` says.
fn declared(head: &str) -> Option<u8> {
    let line = head.lines().next()?.trim_matches(['"', ' ']);
    let rest = line.strip_prefix("sep=").or_else(|| line.strip_prefix("SEP="))?;
    // A tab is trimmed away by nobody but may be all there is.
    let byte = rest.bytes().next()?;
    (rest.len() == 1 && byte.is_ascii()).then_some(byte)
}

/// The quotation mark: `"`, unless only `'` stands where quotation marks stand.
fn quote(head: &str, delimiter: u8) -> u8 {
    let delimiter = delimiter as char;
    let marks = |quote: char| {
        let opening = head.matches(&format!("{delimiter}{quote}")).count();
        let closing = head.matches(&format!("{quote}{delimiter}")).count();
        opening.min(closing)
    };
    if !head.contains('"') && marks('\'') > 1 { b'\'' } else { b'"' }
}

/// How large a part of the rows have the usual number of cells, and a score that also counts how
/// many cells that are.
fn fitness(head: &str, dialect: Dialect) -> (f64, f64) {
    let mut rows = Rows::of_head(head, dialect);
    let mut row = Row::default();
    let mut widths = std::collections::BTreeMap::<usize, usize>::new();
    let (mut count, mut cells, mut spaced) = (0_usize, 0_usize, 0_usize);
    while count < TELLING && rows.next(&mut row).unwrap_or(false) {
        if row.is_empty() {
            continue;
        }
        *widths.entry(row.len()).or_default() += 1;
        count += 1;
        cells += row.len();
    }
    let needle = format!("{} ", dialect.delimiter as char);
    if dialect.delimiter != b'\t' {
        spaced = head.matches(&needle).count();
    }
    let Some((&width, &usual)) =
        widths.iter().filter(|(width, _)| **width > 1).max_by_key(|(width, n)| (**n, **width))
    else {
        return (0.0, 0.0);
    };
    let fit = usual as f64 / count as f64;
    // Commas in sentences are followed by spaces.
    let prose = if spaced * 2 > cells.saturating_sub(count) { 0.6 } else { 1.0 };
    (fit, fit * prose * (1.0 + (width as f64).ln()))
}

/// The number of the row with the headings among the first rows; 0 where there is none.
pub(super) fn heading(rows: &[Row]) -> u64 {
    let width = usual_width(rows);
    let full = |row: &Row| row.filled() * 10 >= width * 6 && row.filled() >= width.min(2);
    let found = rows.iter().take(DEEPEST).enumerate().find(|(_, row)| full(row));
    let Some((at, first)) = found else { return 0 };
    // A title that reaches over the columns, then the headings: the fuller one with known words.
    let known = |row: &Row| row.cells().filter(|cell| words::knows(cell)).count();
    let better = rows[at + 1..].iter().take(4).find(|row| {
        full(row)
            && looks_like_headings(row)
            && known(row) > known(first).max(1)
            && row.filled() > first.filled()
    });
    let first = better.unwrap_or(first);
    if !looks_like_headings(first) {
        return 0;
    }
    let body: Vec<&Row> = rows.iter().filter(|row| row.number > first.number).take(50).collect();
    if known(first) * 3 >= first.filled() || body.is_empty() || stands_on_numbers(first, &body) {
        return first.number;
    }
    // No word of it is known: headings do not stand among the values, and names of firms are
    // not headings.
    let repeated = (0..first.len()).any(|column| {
        let cell = first.get(column);
        !cell.is_empty() && body.iter().filter(|row| row.get(column) == cell).count() > 1
    });
    let firm = first.cells().any(|cell| content::kind(cell) == Kind::Company);
    if repeated || firm { 0 } else { first.number }
}

/// Whether many words of a row stand above nothing but numbers.
fn stands_on_numbers(first: &Row, body: &[&Row]) -> bool {
    let numeric = |column: &usize| {
        let cells = body.iter().map(|row| row.get(*column)).filter(|cell| !cell.is_empty());
        let (all, numbers) = (
            cells.clone().count(),
            cells.filter(|cell| content::kind(cell) == Kind::Number).count(),
        );
        !first.get(*column).is_empty() && all > 1 && numbers * 10 >= all * 9
    };
    let above = (0..first.len()).filter(numeric).count();
    above > 2 && above * 3 >= first.filled()
}

/// The number of columns that most rows use.
fn usual_width(rows: &[Row]) -> usize {
    let mut widths = std::collections::BTreeMap::<usize, usize>::new();
    for row in rows {
        *widths.entry(row.used()).or_default() += 1;
    }
    widths.into_iter().max_by_key(|(width, count)| (*count, *width)).map_or(0, |(width, _)| width)
}

/// Whether the cells are short words that differ: no numbers, dates or addresses.
fn looks_like_headings(row: &Row) -> bool {
    let mut seen = std::collections::HashSet::new();
    row.cells().filter(|cell| !cell.is_empty()).all(|cell| {
        let telling = matches!(
            content::kind(cell),
            Kind::Date
                | Kind::Number
                | Kind::Percent
                | Kind::Email
                | Kind::Url
                | Kind::Identifier(_)
        );
        // “2019” may head a column of a year's figures, but then others are words.
        !telling
            && cell.chars().count() <= 120
            && (seen.insert(cell.to_owned()) || words::knows(cell))
    }) && row.cells().any(|cell| cell.chars().any(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (char, u64) {
        let (dialect, _) = dialect(text);
        let mut rows = Rows::of_head(text, dialect);
        let mut all = Vec::new();
        let mut row = Row::default();
        while rows.next(&mut row).expect("readable") {
            all.push(row.clone());
        }
        (dialect.delimiter as char, heading(&all))
    }

    #[test]
    fn what_parts_the_cells_is_told() {
        assert_eq!(told("name,country\nA,de\nB,fr\n"), (',', 1));
        assert_eq!(told("Firma;Anteil\nA GmbH;12,5\nB GmbH;87,5\n"), (';', 1));
        assert_eq!(told("name\taddress\nA\t1, Main St, X\nB\t2, Main St, X\n"), ('\t', 1));
        assert_eq!(told("name|country\nA|de\n"), ('|', 1));
        assert_eq!(told("sep=|\nname|country\nA|de\n"), ('|', 2));
    }

    #[test]
    fn headings_stand_below_a_preamble_or_nowhere() {
        assert_eq!(
            told(
                "Register of companies (FICTIONAL)\nAs at 2020-01-01\n\nName,Number,Country\nA Ltd,1,gb\nB Ltd,2,gb\n"
            ),
            (',', 4)
        );
        assert_eq!(told("A Ltd,1001,gb\nB Ltd,1002,gb\n").1, 0);
        assert_eq!(told("A Ltd,London\nB Ltd,Leeds\n").1, 0);
        assert_eq!(
            told("Land,Bank Index,Trust Index,Fund Score\nA,1.5,2,3\nB,2.5,3,4\nC,3.5,4,5\n").1,
            1,
            "words above numbers"
        );
        assert_eq!(told("公司名称,地址\n甲有限公司,丹东\n").1, 1);
    }
}
