//! Headings that stand in more than one row: groups above the columns, the same in another
//! language or the units below them.

use super::{
    content::{self, Kind},
    row::Row,
    words,
};

/// The most rows of groups above the headings.
const GROUPS: usize = 2;

/// The rows that hold the headings of a table, and one heading for each column.
#[derive(Debug, Default)]
pub(super) struct Heads {
    pub first: u64,
    pub last: u64,
    pub names: Vec<String>,
}

/// Returns the headings of a table whose row of headings is known. Rows below it belong to the
/// headings only where `below` says so.
pub(super) fn of(rows: &[Row], heading: &Row, below: bool) -> Heads {
    let row = |number: u64| rows.iter().find(|row| row.number == number);
    let mut heads = Heads {
        first: heading.number,
        last: heading.number,
        names: heading.cells().map(tidy).collect(),
    };
    let own = heads.names.clone();
    let mut lowest = heading;
    for _ in 0..GROUPS {
        let above = heads.first.checked_sub(1).and_then(row);
        let Some(groups) = above.and_then(|above| Some((above, groups(above, lowest, heading)?)))
        else {
            break;
        };
        for ((name, own), group) in heads.names.iter_mut().zip(&own).zip(groups.1) {
            if group.is_empty() || name.starts_with(&group) {
                continue;
            }
            let all = format!("{group} {name}").trim().to_owned();
            // Of several groups over a column, the highest may say alone whose it is.
            let short = format!("{group} {own}").trim().to_owned();
            let is_known = |heading: &str| words::meaning(heading).part == 100;
            *name =
                if !own.is_empty() && is_known(&short) && !is_known(&all) { short } else { all };
        }
        lowest = groups.0;
        heads.first = lowest.number;
    }
    if let Some(next) = row(heads.last + 1).filter(|_| below) {
        let added = if is_units(next) {
            Some(("(", ")"))
        } else {
            is_translation(next, heading, rows).then_some(("/ ", ""))
        };
        if let Some((before, after)) = added {
            let width = heads.names.len().max(next.used());
            heads.names.resize(width, String::new());
            for (column, name) in heads.names.iter_mut().enumerate() {
                let said = tidy(next.get(column));
                if said.is_empty() || said == *name || is_form(&said) {
                    continue;
                }
                *name =
                    if name.is_empty() { said } else { format!("{name} {before}{said}{after}") };
            }
            heads.last = next.number;
        }
    }
    heads
}

/// A heading on one line, without a byte order mark.
fn tidy(cell: &str) -> String {
    cell.trim_start_matches('\u{feff}').split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The group of each column where a row names groups of the columns below it: each of its cells
/// reaches over several columns of the headings, or down to where the row below has nothing else.
/// One of several may stand over a single column.
fn groups(above: &Row, below: &Row, heading: &Row) -> Option<Vec<String>> {
    let width = heading.used().max(below.used()).max(above.used());
    let mut all = vec![String::new(); width];
    let (mut cells, mut wide, mut single) = (0, 0, 0);
    let mut column = 0;
    while column < width {
        let cell = tidy(above.get(column));
        if cell.is_empty() {
            column += 1;
            continue;
        }
        let own = |at: &usize| above.get(*at).is_empty() || tidy(above.get(*at)) == cell;
        let end = (column + 1..width).take_while(own).last().map_or(column + 1, |last| last + 1);
        // Blank columns behind it are not its own.
        let under = (column..end).filter(|at| !heading.get(*at).is_empty()).count();
        let same = below.get(column).is_empty() || tidy(below.get(column)) == cell;
        if !is_word(&cell) {
            return None;
        }
        single += usize::from(under < 2 && !same);
        cells += 1;
        wide += usize::from(under > 1);
        all[column..end].iter_mut().for_each(|group| group.clone_from(&cell));
        column = end;
    }
    let blank = |at: usize| heading.get(at).is_empty() && above.get(at).is_empty();
    (0..width).filter(|at| blank(*at)).for_each(|at| all[at].clear());
    (cells > 1 && wide > single && single < 2).then_some(all)
}

/// Whether a cell can be a heading: a few words, no number, no key of a line of notes.
fn is_word(cell: &str) -> bool {
    cell.chars().count() <= 60
        && cell.chars().any(char::is_alphabetic)
        && !cell.ends_with([':', '：'])
        && !cell.contains(": ")
        // A number of an account or a firm is one of the table's, not of its headings.
        && cell.chars().filter(char::is_ascii_digit).count() < 6
        && !matches!(
            content::kind(cell),
            Kind::Date | Kind::Number | Kind::Percent | Kind::Email | Kind::Url
        )
}

/// Whether a row says in which units or forms the columns below are.
fn is_units(row: &Row) -> bool {
    const UNITS: [&str; 30] = [
        "id",
        "code",
        "%",
        "percent",
        "per cent",
        "usd",
        "eur",
        "gbp",
        "chf",
        "rub",
        "cny",
        "usd '000",
        "eur '000",
        "gbp '000",
        "usd m",
        "eur m",
        "tusd",
        "teur",
        "kg",
        "t",
        "tonnes",
        "mt",
        "m2",
        "sqm",
        "pcs",
        "шт",
        "шт.",
        "руб",
        "руб.",
        "тыс. руб.",
    ];
    const FORMS: [&str; 7] =
        ["dd/mm/yyyy", "mm/dd/yyyy", "yyyy-mm-dd", "dd.mm.yyyy", "yyyy", "万元", "元"];
    let is_unit = |cell: &str| {
        let lower = cell.to_lowercase();
        let bare = lower.trim_matches(['(', ')', '[', ']', '（', '）', ' ']);
        is_form(bare) || UNITS.contains(&bare) || FORMS.contains(&bare)
    };
    row.filled() > 1 && row.cells().filter(|cell| !cell.is_empty()).all(is_unit)
}

/// Whether a unit only says how a cell is stored.
fn is_form(unit: &str) -> bool {
    const FORMS: [&str; 14] = [
        "text", "string", "char", "varchar", "number", "numeric", "integer", "int", "float",
        "decimal", "date", "datetime", "boolean", "bool",
    ];
    FORMS.contains(&&*unit.to_lowercase())
}

/// Whether a row says the headings again, in another language. In another script, it needs fewer
/// words that headings are known to use.
fn is_translation(row: &Row, heading: &Row, rows: &[Row]) -> bool {
    let filled = row.filled();
    let enough = if is_latin(row) == is_latin(heading) { 100 } else { 40 };
    let known = row.cells().filter(|cell| words::meaning(cell).part >= enough).count();
    let alone = |column: usize| {
        let cell = row.get(column);
        cell.is_empty() || rows.iter().filter(|other| other.get(column) == cell).count() == 1
    };
    filled > 1
        && filled * 10 >= heading.filled() * 7
        && known * 10 >= filled * 6
        && row.cells().filter(|cell| !cell.is_empty()).all(is_word)
        && (0..row.len()).all(alone)
}

/// Whether most of the letters of a row are Latin ones.
fn is_latin(row: &Row) -> bool {
    let letters = || row.cells().flat_map(str::chars).filter(|c| c.is_alphabetic());
    letters().filter(|c| *c < '\u{250}').count() * 2 > letters().count()
}

/// Whether a row has the headings of another table: every cell of it is a known one.
pub(super) fn begins_table(row: &Row) -> bool {
    let mut filled = row.cells().filter(|cell| !cell.is_empty());
    row.filled() > 2 && filled.all(|cell| words::meaning(cell).part == 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(lines: &[&str]) -> (u64, u64, Vec<String>) {
        let rows = Row::lines(1, lines);
        let heading = super::super::sniff::heading(&rows);
        let heading = rows.iter().find(|row| row.number == heading).expect("headings");
        let heads = of(&rows, heading, true);
        (heads.first, heads.last, heads.names)
    }

    #[test]
    fn groups_languages_and_units_are_part_of_the_headings() {
        let (first, last, all) = names(&[
            "Company|||Officer||",
            "Name|Number|Country|Name|Born|Nationality",
            "A Ltd|1|GB|Jo Roe|1970|GB",
            "B Ltd|2|GB|Al Roe|1971|GB",
        ]);
        assert_eq!((first, last), (1, 2));
        assert_eq!(all[2..4], ["Company Country", "Officer Name"]);
        let (_, last, all) = names(&[
            "公司名称|注册号|法定代表人",
            "Company name|Registration no.|Director",
            "甲有限公司|1|王某",
            "乙有限公司|2|李某",
        ]);
        assert_eq!((last, &*all[1]), (2, "注册号 / Registration no."));
        let (_, last, all) = names(&["Company|Stake|Since", "text|%|date", "A Ltd|60|2011"]);
        assert_eq!((last, &*all[1]), (2, "Stake (%)"));
    }

    #[test]
    fn three_rows_of_headings_are_one() {
        let (first, last, all) = names(&[
            "Company||Owner||",
            "Identity||Person||Holding",
            "Name|Reg. no.|Name|Born|%",
            "A Ltd|1020|Jo Roe|1970-01-02|60",
            "B Ltd|1030|Al Roe|1971-02-03|40",
        ]);
        assert_eq!((first, last), (1, 3));
        assert_eq!(all[1..], ["Company Reg. no.", "Owner Name", "Owner Born", "Owner %"]);
    }

    #[test]
    fn lines_of_notes_above_are_no_groups() {
        let (first, _, all) = names(&[
            "Name of ship|STAR||Port of arrival|DALIAN",
            "Family name|Given names|Rank|Nationality|Date of birth",
            "ROE|JO|MASTER|RU|09/09/1972",
            "ROE|AL|C/O|KP|15/12/1961",
        ]);
        assert_eq!((first, &*all[0]), (2, "Family name"));
        let (first, ..) = names(&["Date:|31/12/2019|", "Name|Shares|Per cent", "A Ltd|5|60"]);
        assert_eq!(first, 2);
        let (first, _, all) = names(&[
            "Carrier: A Lines||||Port: X||",
            "BILL||SHIPPER||CONSIGNEE||",
            "No.|Pcs|Name|Address|Name|Address|Goods",
            "1|3|A LTD|MAIN ST 1|B LTD|MAIN ST 2|PARTS",
        ]);
        assert_eq!((first, &*all[4]), (2, "CONSIGNEE Name"));
    }

    #[test]
    fn headings_in_another_script_need_fewer_known_words() {
        let (_, last, all) = names(&[
            "رقم الرخصة|الاسم التجاري|حالة الرخصة",
            "License No.|Trade Name (EN)|License Status",
            "FZ-1|A LTD|ACTIVE",
            "FZ-2|B LTD|ACTIVE",
        ]);
        assert_eq!((last, &*all[1]), (2, "الاسم التجاري / Trade Name (EN)"));
    }
}
