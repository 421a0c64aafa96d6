//! One row of a table.

use super::{clean, entities};

/// Columns whose empty cells say what the last filled one above says.
#[derive(Clone, Debug, Default)]
pub(super) struct Fill {
    /// The column that begins a group of rows, and others that are filled with it.
    columns: Vec<usize>,
    last: Vec<String>,
}

impl Fill {
    /// Fills these columns; the first begins a group.
    pub fn of(columns: Vec<usize>) -> Self {
        let last = vec![String::new(); columns.len()];
        Self { columns, last }
    }

    /// The row with what it leaves to the one above; `None` where it is complete.
    pub fn take(&mut self, row: &Row) -> Option<Row> {
        let lead = *self.columns.first()?;
        if !row.get(lead).is_empty() {
            for (column, last) in self.columns.iter().zip(&mut self.last) {
                row.get(*column).clone_into(last);
            }
            return None;
        }
        if row.is_empty() || self.last[0].is_empty() {
            return None;
        }
        let width = row.len().max(self.columns.iter().max().map_or(0, |most| most + 1));
        let cells = (0..width).map(|at| match self.columns.iter().position(|c| *c == at) {
            Some(nth) if row.get(at).is_empty() => self.last[nth].as_str(),
            _ => row.get(at),
        });
        Some(Row::of(row.number, cells))
    }
}

/// The cells of a row in one piece of memory, used again for the next row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Which row of the file or sheet it is, from 1.
    pub number: u64,
    text: String,
    ends: Vec<usize>,
}

impl Row {
    /// A row of these cells.
    pub fn of<'a>(number: u64, cells: impl IntoIterator<Item = &'a str>) -> Self {
        let mut row = Self { number, ..Self::default() };
        cells.into_iter().for_each(|cell| row.push(cell));
        row
    }

    /// Rows of these lines, with `|` between their cells, the first with this number.
    #[cfg(test)]
    pub(super) fn lines(first: u64, lines: &[&str]) -> Vec<Self> {
        lines.iter().zip(first..).map(|(line, at)| Self::of(at, line.split('|'))).collect()
    }

    /// How many cells there are, empty ones at the end included.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// A cell without space around it; nothing where the row is shorter.
    pub fn get(&self, column: usize) -> &str {
        let Some(end) = self.ends.get(column) else { return "" };
        let start = column.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text[start..*end].trim()
    }

    /// Whether a cell says something: it is neither empty nor one of the words for nothing.
    pub(super) fn says(&self, column: usize) -> bool {
        !clean::is_nothing(self.get(column))
    }

    /// The cells in their order.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|column| self.get(column))
    }

    /// How many columns are used: up to the last cell that is not empty.
    pub fn used(&self) -> usize {
        (0..self.len()).rev().find(|column| !self.get(*column).is_empty()).map_or(0, |at| at + 1)
    }

    /// How many cells are not empty.
    pub fn filled(&self) -> usize {
        self.cells().filter(|cell| !cell.is_empty()).count()
    }

    /// Adds a cell.
    pub(super) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.end_cell();
    }

    /// Adds to the cell that is being written.
    pub(super) fn write(&mut self, part: &str) {
        self.text.push_str(part);
    }

    /// Ends the cell that is being written.
    pub(super) fn end_cell(&mut self) {
        if let Some(plain) = entities::decoded(self.open_cell()) {
            self.clear_cell();
            self.text.push_str(&plain);
        }
        self.ends.push(self.text.len());
    }

    /// What has been written of the cell so far.
    pub(super) fn open_cell(&self) -> &str {
        &self.text[self.ends.last().copied().unwrap_or(0)..]
    }

    /// Takes back what has been written of the cell so far.
    pub(super) fn clear_cell(&mut self) {
        self.text.truncate(self.ends.last().copied().unwrap_or(0));
    }

    /// Empties it and gives it a number.
    pub(super) fn begin(&mut self, number: u64) {
        self.number = number;
        self.text.clear();
        self.ends.clear();
    }
}
