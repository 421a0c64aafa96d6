//! What a column as a whole tells of its cells: whether `03/04/2016` is in March or in April,
//! whether `1,250` is a thousand or one.

use std::collections::{HashMap, HashSet};

use super::{
    clean,
    dates::{self, Order, Told},
    mapping::Mapping,
    numbers,
    row::Row,
    source::Table,
};
use crate::{case::Result, exchange::Sink, model::PropertyType};

/// How many rows are read for it.
const READ: u64 = 200_000;
/// How many rows without any doubt are enough.
const ENOUGH: u64 = 5_000;

/// What one column tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Column {
    days: u64,
    months: u64,
    either: u64,
    /// Of those that could mean two days, how many have points: there the day comes first.
    dotted: u64,
    commas: u64,
    points: u64,
    /// Numbers with one comma, or one point, and three digits behind it.
    threes: [u64; 2],
    /// Numbers between 0 and 1, and all that cannot be parts of one.
    fractions: u64,
    wholes: u64,
}

impl Column {
    /// Takes a cell in.
    pub(super) fn hear(&mut self, cell: &str) {
        let western = (!cell.is_ascii()).then(|| numbers::western(cell));
        let cell = western.as_deref().unwrap_or(cell);
        match dates::order_of(cell) {
            Some(Told::Is(Order::Day)) => self.days += 1,
            Some(Told::Is(Order::Month)) => self.months += 1,
            Some(Told::Either) => {
                self.either += 1;
                self.dotted += u64::from(cell.matches('.').count() == 2);
            }
            None => {}
        }
        match numbers::decimal_of(cell) {
            Some(',') => self.commas += 1,
            Some(_) => self.points += 1,
            None if cell.contains(',') => self.threes[0] += 1,
            None if cell.contains('.') => self.threes[1] += 1,
            None => {}
        }
        match cell.trim().replace(',', ".").parse::<f64>() {
            Ok(number) if number > 0.0 && number < 1.0 => self.fractions += 1,
            Ok(number) if number == 0.0 || (number - 1.0).abs() < f64::EPSILON => {}
            _ => self.wholes += u64::from(cell.chars().any(|c| c.is_ascii_digit())),
        }
    }

    /// Whether its numbers are parts of one: 0.6 beside 0.4, and nothing above 1.
    pub(crate) fn is_of_one(&self) -> bool {
        self.fractions > 1 && self.wholes == 0
    }

    /// Whether some of its numbers are between 0 and 1 and others above.
    pub(crate) fn mixes_parts(&self) -> bool {
        self.fractions > 0 && self.wholes > 0
    }

    /// The order of its dates; nothing where no date tells or dates contradict each other.
    pub fn order(&self) -> Option<Order> {
        match (self.days > 0, self.months > 0) {
            (true, false) => Some(Order::Day),
            (false, true) => Some(Order::Month),
            (false, false) if self.dotted > 0 && self.dotted == self.either => Some(Order::Day),
            _ => None,
        }
    }

    /// The order of its dates, as its cells tell, else as the language of its heading does.
    pub(super) fn order_below(&self, heading: &str) -> Option<Order> {
        let contradict = self.days > 0 && self.months > 0;
        let by_language = || dates::order_of_language(heading).filter(|_| !contradict);
        self.order().or_else(by_language)
    }

    /// Whether it has dates that could mean two days and nothing tells which.
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.either > 0 && self.order().is_none()
    }

    /// What stands before the decimals of its numbers.
    pub fn decimal(&self) -> Option<char> {
        match (self.commas > 0, self.points > 0) {
            (true, false) => Some(','),
            (false, true) => Some('.'),
            _ => None,
        }
    }

    /// The same for whole numbers, and for amounts of which several have exactly three digits
    /// behind a comma or point: those are thousands.
    pub(super) fn decimal_of(&self, whole: bool) -> Option<char> {
        let enough = if whole { 1 } else { 3 };
        match (self.commas + self.points, self.threes) {
            (0, [commas, 0]) if commas >= enough => Some('.'),
            (0, [0, points]) if points >= enough => Some(','),
            _ => self.decimal(),
        }
    }
}

/// What is learned of a table before it is read: its columns, and its keys.
#[derive(Debug, Default)]
pub(super) struct Learned {
    /// By the place of the column.
    pub columns: HashMap<usize, Column>,
    pub conflicts: Conflicts,
}

/// Reads a table once for what its columns say of dates and numbers, and for keys under which its
/// rows contradict each other. Columns need its first rows only, keys all of them.
pub(super) fn learn(table: &mut Table, mapping: &Mapping, sink: &mut dyn Sink) -> Result<Learned> {
    let mut learned = Learned { columns: unsaid(table, mapping), ..Learned::default() };
    let watches = Watch::of(mapping, &table.columns);
    let mut hearing = !learned.columns.is_empty();
    if !hearing && watches.is_empty() {
        return Ok(learned);
    }
    let mut read = 0_u64;
    table.rows(&mut |row: &Row, _, _| {
        if hearing {
            for (column, told) in &mut learned.columns {
                told.hear(row.get(*column));
            }
        }
        for watch in &watches {
            watch.hear(row, &mut learned.conflicts);
        }
        read += 1;
        if read.is_multiple_of(4096) {
            sink.at(0, 0)?;
        }
        let doubt = || learned.columns.values().any(Column::is_ambiguous);
        hearing = hearing && read < READ && (read < ENOUGH || doubt());
        Ok(hearing || !watches.is_empty())
    })?;
    Ok(learned)
}

/// The columns that hold dates and numbers by a mapping that does not say how they are written.
fn unsaid(table: &Table, mapping: &Mapping) -> HashMap<usize, Column> {
    let mut columns: HashMap<usize, Column> = HashMap::new();
    for entity in &mapping.entities {
        for said in &entity.properties {
            let known = entity.known().and_then(|schema| schema.property(&said.property));
            let Some(known) = known else { continue };
            let unsaid = match known.type_ {
                PropertyType::Date => said.order.is_none() && said.format.is_none(),
                PropertyType::Number => said.decimal.is_none(),
                _ => {
                    let amount = known.name == "percentage" || clean::is_amount(&known.name);
                    amount && said.decimal.is_none()
                }
            };
            if unsaid {
                let places = said.columns.iter().filter_map(|column| table.column(column));
                columns.extend(places.map(|column| (column, Column::default())));
            }
        }
    }
    columns
}

/// Keys under which a file says different things, so that they are no keys of one thing.
#[derive(Clone, Debug, Default)]
pub(super) struct Conflicts {
    /// By key and property, the first value that was met.
    met: HashMap<(u64, u64), u64>,
    /// The keys with two values.
    split: HashSet<u64>,
}

/// How many keys are watched; a file with more has so many things that its keys are numbers.
const WATCHED: usize = 6_000_000;

impl Conflicts {
    /// Takes in the cells of one row that should agree under a key.
    fn hear(&mut self, key: u64, property: u64, cell: &str) {
        if clean::is_nothing(cell) {
            return;
        }
        let value = digest(&folded(cell));
        let place = (key, property);
        match self.met.get(&place) {
            Some(before) if *before != value => drop(self.split.insert(key)),
            Some(_) => {}
            None if self.met.len() < WATCHED => drop(self.met.insert(place, value)),
            None => {}
        }
    }

    /// Whether different things were met under the keys of an entity.
    pub fn differ(&self, literal: &str, cells: &[&str]) -> bool {
        if self.split.is_empty() {
            return false;
        }
        let key = key_digest(literal, &mut cells.to_vec());
        key.is_some_and(|key| self.split.contains(&key))
    }
}

/// A cell without what two writers write differently: case, spaces, punctuation.
pub(super) fn folded(cell: &str) -> String {
    cell.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A digest of a text, within one run of the program.
pub(super) fn digest(text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// A digest of the keys of an entity, within one run of the program; nothing without keys.
pub(super) fn key_digest(literal: &str, cells: &mut [&str]) -> Option<u64> {
    use std::hash::{DefaultHasher, Hasher as _};
    if cells.is_empty() {
        return None;
    }
    cells.sort_unstable();
    let mut hasher = DefaultHasher::new();
    hasher.write(literal.as_bytes());
    for cell in cells.iter() {
        hasher.write(cell.as_bytes());
    }
    Some(hasher.finish())
}

/// The columns of one entity that should agree under its key.
pub(super) struct Watch<'a> {
    literal: &'a str,
    keys: Vec<usize>,
    /// The digest of the property that stands in each, and the column.
    agree: Vec<(u64, usize)>,
}

impl<'a> Watch<'a> {
    /// The columns to watch of every entity of a mapping.
    pub fn of(mapping: &'a Mapping, columns: &[String]) -> Vec<Self> {
        let place = |name: &String| columns.iter().position(|column| column == name);
        let watched = mapping.entities.iter().filter(|entity| !entity.agree.is_empty());
        watched
            .map(|entity| Self {
                literal: &entity.key_literal,
                keys: entity.keys.iter().filter_map(place).collect(),
                agree: entity
                    .agree
                    .iter()
                    .filter_map(|name| {
                        let said =
                            entity.properties.iter().find(|said| said.columns.contains(name));
                        let property = said.map_or(name.as_str(), |said| said.property.as_str());
                        Some((digest(property), place(name)?))
                    })
                    .collect(),
            })
            .collect()
    }

    /// Takes a row in.
    pub(crate) fn hear(&self, row: &Row, conflicts: &mut Conflicts) {
        let cells = self.keys.iter().map(|key| row.get(*key));
        let mut cells: Vec<&str> = cells.filter(|cell| !clean::is_nothing(cell)).collect();
        let Some(key) = key_digest(self.literal, &mut cells) else { return };
        for (property, column) in &self.agree {
            conflicts.hear(key, *property, row.get(*column));
        }
    }
}
