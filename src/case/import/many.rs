//! Rows that are written several at a time: `SQLite` takes half as long for them.

use rusqlite::{Connection, Statement, ToSql};

use crate::case::Result;

/// How many rows are written at once.
const AT_ONCE: usize = 16;
/// The parameter that says how many of them are to be written.
const COUNT: usize = 1;

/// An insertion of many rows into one table. Values wait in the statement itself.
pub(super) struct Many<'a> {
    insert: Statement<'a>,
    /// How many values of a row differ from row to row, and how many wait.
    columns: usize,
    waiting: usize,
    /// How many rows the statement writes as it stands.
    count: usize,
}

impl<'a> Many<'a> {
    /// `into` is a table with its columns in brackets, `row` a value for each, `?` where it differs
    /// from row to row.
    pub(super) fn new(db: &'a Connection, into: &str, row: &str) -> Result<Self> {
        let columns = row.matches('?').count();
        let mut number = COUNT;
        let mut numbered = || -> String {
            let parts = row.split_inclusive('?').map(|part| {
                number += usize::from(part.ends_with('?'));
                if part.ends_with('?') { format!("{part}{number}") } else { part.to_owned() }
            });
            format!("({})", parts.collect::<String>())
        };
        let rows: Vec<String> = (0..AT_ONCE).map(|_| numbered()).collect();
        let sql =
            format!("INSERT INTO {into} SELECT * FROM (VALUES {}) LIMIT ?{COUNT}", rows.join(", "));
        Ok(Self { insert: db.prepare(&sql)?, columns, waiting: 0, count: 0 })
    }

    /// Puts the next value of the next row; writes where enough wait.
    pub(super) fn put(&mut self, value: impl ToSql) -> Result<()> {
        self.waiting += 1;
        self.insert.raw_bind_parameter(COUNT + self.waiting, value)?;
        if self.waiting == self.columns * AT_ONCE { self.write() } else { Ok(()) }
    }

    /// Writes the rows that wait, if they are whole.
    pub(super) fn write(&mut self) -> Result<()> {
        let count = self.waiting / self.columns;
        if count == 0 || self.waiting % self.columns > 0 {
            return Ok(());
        }
        if count != self.count {
            self.insert.raw_bind_parameter(COUNT, count as i64)?;
            self.count = count;
        }
        self.insert.raw_execute()?;
        self.waiting = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_written_in_their_order_whole_and_once() {
        let db = Connection::open_in_memory().expect("memory suffices");
        db.execute_batch("CREATE TABLE t(key INTEGER PRIMARY KEY, a, b, c)").expect("sql");
        let mut many = Many::new(&db, "t(a, b, c)", "?, 7, ?").expect("sql");
        let mut count = 0;
        for step in 0..100_i64 {
            many.put(step).expect("put");
            if step % 9 == 0 {
                // A row that is not whole waits.
                many.write().expect("written");
            }
            many.put(format!("text {step}")).expect("put");
            if step % 7 == 0 {
                many.write().expect("written");
            }
            count += 1;
        }
        many.write().expect("written");
        many.write().expect("nothing is left");
        drop(many);
        let mut query = db.prepare("SELECT key, a, b, c FROM t ORDER BY key").expect("sql");
        let rows = query.query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, String>(3)?))
        });
        let rows: Vec<(i64, i64, i64, String)> =
            rows.expect("read").collect::<rusqlite::Result<_>>().expect("read");
        assert_eq!(rows.len(), count);
        for (at, row) in (0..).zip(rows) {
            assert_eq!(row, (at + 1, at, 7, format!("text {at}")));
        }
    }
}
