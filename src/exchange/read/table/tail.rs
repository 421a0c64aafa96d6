//! Sums below a table in which every row has an id or a number.

use super::{
    row::Row,
    source::{SAMPLE, Table},
    words,
};

/// The fewest rows that show that each has an id.
const SHOWN: usize = 4;

/// A column in which each row of a table has an id, and the last row that has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ids {
    column: usize,
    heading: String,
    last: u64,
}

impl Ids {
    /// The column with the ids of a table that was looked at as a whole and below whose rows are
    /// sums only.
    pub fn of(table: &Table) -> Option<Self> {
        if table.sample.len() >= SAMPLE || table.layout.heading == 0 {
            return None;
        }
        let is_id = |heading: &str| words::meaning(heading).what == Some("id");
        let columns = table.columns.iter().enumerate().filter(|(_, heading)| is_id(heading));
        columns.into_iter().find_map(|(column, heading)| {
            Self::within(&table.sample, column, heading).filter(|_| table.columns.len() > 2)
        })
    }

    fn within(rows: &[Row], column: usize, heading: &str) -> Option<Self> {
        let has = |row: &&Row| !row.get(column).is_empty();
        let count = rows.iter().take_while(has).count();
        let (own, below) = rows.split_at(count);
        let mut seen = std::collections::HashSet::new();
        let each = own.iter().all(|row| seen.insert(row.get(column)));
        let sums = below.iter().all(|row| !has(&row) && is_sum(row));
        let last = own.last()?.number;
        (count >= SHOWN && each && !below.is_empty() && below.len() < count && sums).then(|| Self {
            column,
            heading: heading.to_owned(),
            last,
        })
    }

    /// Why a row is none of the table, where it is below those with an id.
    pub fn wrong(&self, row: &Row) -> Option<String> {
        (row.number > self.last && row.get(self.column).is_empty()).then(|| {
            let text: Vec<&str> = row.cells().filter(|cell| !cell.is_empty()).collect();
            format!(
                "it stands below the rows with a “{}” and is none of them (“{}”)",
                self.heading,
                text.join("”, “")
            )
        })
    }
}

/// Whether a row has one text at most, and numbers otherwise.
fn is_sum(row: &Row) -> bool {
    let is_number =
        |cell: &&str| cell.chars().all(|c| c.is_ascii_digit() || " .,%-+'()\u{a0}€$£".contains(c));
    let cells = || row.cells().filter(|cell| !cell.is_empty());
    let texts = cells().filter(|cell| !is_number(cell)).count();
    texts <= 1 && (cells().count() > texts || texts == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_below_the_last_id_are_no_rows() {
        let rows = |lines: &[&str]| Row::lines(2, lines);
        let own = ["1|A|5", "2|B|6", "3|C|7", "4|D|8"];
        let all = rows(&[&own[..], &["|Shares in all|26", "|Price per share|$1.00"]].concat());
        let ids = Ids::within(&all, 0, "No.").expect("ids");
        assert!(ids.wrong(&all[3]).is_none() && ids.wrong(&all[4]).is_some());
        let other = rows(&[&own[..], &["|E|Paris", "|F|Rome"]].concat());
        assert_eq!(Ids::within(&other, 0, "No."), None, "a row with two texts says more");
        assert_eq!(Ids::within(&rows(&own), 0, "No."), None);
    }
}
