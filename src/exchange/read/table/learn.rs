//! What a column as a whole tells of its cells: whether `03/04/2016` is in March or in April,
//! whether `1,250` is a thousand or one.

use std::collections::HashMap;

use super::{
    clean,
    dates::{self, Order, Told},
    mapping::Mapping,
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
    commas: u64,
    points: u64,
}

impl Column {
    /// Takes a cell in.
    pub(super) fn hear(&mut self, cell: &str) {
        match dates::order_of(cell) {
            Some(Told::Is(Order::Day)) => self.days += 1,
            Some(Told::Is(Order::Month)) => self.months += 1,
            Some(Told::Either) => self.either += 1,
            None => {}
        }
        match clean::decimal_of(cell) {
            Some(',') => self.commas += 1,
            Some(_) => self.points += 1,
            None => {}
        }
    }

    /// The order of its dates; nothing where no date tells or dates contradict each other.
    pub fn order(&self) -> Option<Order> {
        match (self.days > 0, self.months > 0) {
            (true, false) => Some(Order::Day),
            (false, true) => Some(Order::Month),
            _ => None,
        }
    }

    /// Whether it has dates that could mean two days and nothing tells which.
    pub fn is_ambiguous(&self) -> bool {
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
}

/// What the columns tell that hold dates and numbers by a mapping and of which it does not say
/// how they are written.
pub(super) fn columns(
    table: &mut Table,
    mapping: &Mapping,
    sink: &mut dyn Sink,
) -> Result<HashMap<usize, Column>> {
    let mut learnt: HashMap<usize, Column> = HashMap::new();
    for entity in &mapping.entities {
        for said in &entity.properties {
            let known = entity.known().and_then(|schema| schema.property(&said.property));
            let Some(known) = known else { continue };
            let unsaid = match known.type_ {
                PropertyType::Date => said.order.is_none() && said.format.is_none(),
                PropertyType::Number => said.decimal.is_none(),
                _ => known.name == "percentage" && said.decimal.is_none(),
            };
            if unsaid {
                let places = said.columns.iter().filter_map(|column| table.column(column));
                learnt.extend(places.map(|column| (column, Column::default())));
            }
        }
    }
    if learnt.is_empty() {
        return Ok(learnt);
    }
    let mut read = 0_u64;
    table.rows(&mut |row: &Row, _, _| {
        for (column, told) in &mut learnt {
            told.hear(row.get(*column));
        }
        read += 1;
        if read.is_multiple_of(4096) {
            sink.at(0, 0)?;
        }
        let doubt = learnt.values().any(Column::is_ambiguous);
        Ok(read < READ && (read < ENOUGH || doubt))
    })?;
    Ok(learnt)
}
