//! The parts of the search index that imports brought as segments of their own. While an import is
//! undone, its part is *out*: its pages stay where they are, but the table's list of segments does not
//! name them, so that no search reads them. Redo puts it back.
//!
//! The parts are listed in a row of `_data` that `SQLite` does not use. Once one of the segments of a part
//! is merged with others (when a tenth was deleted from it, or the others hold more), what is undone
//! stays in the index, and a search skips it entry by entry. An entry must be deleted from a part while
//! that is in, or a redo would bring it back: `put_back` ensures that.
//!
//! An entity of an import that was written anew by itself, such as one whose edit was undone, is a *stray*:
//! its entry is in the index, but no longer in the part of its import. A few strays are noted as standing
//! apart from their block, so that undo of the import removes their entries and redo adds them again.
//! Where there are many, the part is *loose*: undo leaves them in the index.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::{
    Bytes, STRUCTURE, Segment, Structure, TABLES, flush, forget, move_pages, openly, put,
    put_segment, row, segment, unknown, write as write_row,
};
use crate::{
    case::{Result, schema::SCHEMA},
    model::RevisionNumber,
};

/// The row of `_data` that says which parts there are.
const PARTS: i64 = 2;
/// What is written of a part: that it is out, and that it is not loose.
const OUT: u64 = 1;
const TIGHT: u64 = 2;
/// The memory for pages of a copy of what is out, in KiB; the rest goes to a temporary file.
const CACHE: i64 = 24 << 10;

/// What an import brought into a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::case) struct Part {
    /// The import.
    pub(in crate::case) revision: RevisionNumber,
    /// Its first and its last insertion.
    pub(in crate::case) first: u64,
    pub(in crate::case) last: u64,
    segments: Segments,
    /// Whether it has strays that are not noted.
    is_loose: bool,
}

/// The segments of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Segments {
    /// The table names them; here are their numbers.
    In(Vec<u64>),
    /// It does not.
    Out(Vec<Segment>),
}

impl Part {
    pub(super) fn of(revision: RevisionNumber, first: u64, last: u64, numbers: Vec<u64>) -> Self {
        Self { revision, first, last, segments: Segments::In(numbers), is_loose: false }
    }

    /// Whether entities of its import may be in the index while it is out.
    pub(in crate::case) fn is_loose(&self) -> bool {
        self.is_loose
    }

    pub(super) fn numbers(&self) -> Vec<u64> {
        match &self.segments {
            Segments::In(numbers) => numbers.clone(),
            Segments::Out(all) => all.iter().map(|segment| segment[super::NUMBER]).collect(),
        }
    }

    /// Whether an entity was inserted with this part.
    pub(in crate::case) fn holds(&self, insertion: i64) -> bool {
        u64::try_from(insertion).is_ok_and(|it| (self.first..=self.last).contains(&it))
    }

    fn is_out(&self) -> bool {
        matches!(self.segments, Segments::Out(_))
    }

    fn record(&self, to: &mut Vec<u8>) {
        for number in [self.revision.row().cast_unsigned(), self.first, self.last] {
            put(number, to);
        }
        let tight = if self.is_loose { 0 } else { TIGHT };
        match &self.segments {
            Segments::In(numbers) => {
                put(tight, to);
                put(numbers.len() as u64, to);
                for number in numbers {
                    put(*number, to);
                }
            }
            Segments::Out(all) => {
                put(OUT | tight, to);
                put(all.len() as u64, to);
                for segment in all {
                    put_segment(segment, to);
                }
            }
        }
    }

    fn read(at: &mut Bytes<'_>) -> Option<Self> {
        let (revision, first, last) = (at.number()?, at.number()?, at.number()?);
        let (state, count) = (at.number()?, at.number()?);
        let segments = match state & !TIGHT {
            0 => Segments::In((0..count).map(|_| at.number()).collect::<Option<_>>()?),
            OUT => Segments::Out((0..count).map(|_| segment(at)).collect::<Option<_>>()?),
            _ => return None,
        };
        let revision = RevisionNumber::from_row(revision.cast_signed());
        Some(Self { revision, first, last, segments, is_loose: state & TIGHT == 0 })
    }
}

/// The parts of a table.
pub(super) fn read(db: &Connection, table: &str) -> Result<Vec<Part>> {
    let Some(record) = row(db, table, PARTS)? else { return Ok(Vec::new()) };
    let mut at = Bytes(&record);
    let mut parts = Vec::new();
    while !at.0.is_empty() {
        parts.push(Part::read(&mut at).ok_or_else(unknown)?);
    }
    Ok(parts)
}

pub(super) fn write(db: &Connection, table: &str, parts: &[Part]) -> Result<()> {
    let mut record = Vec::new();
    for part in parts {
        part.record(&mut record);
    }
    write_row(db, table, PARTS, &record)
}

/// The parts of `search_word` that are out; those of `search_part` come and go with them.
pub(in crate::case) fn out(db: &Connection) -> Result<Vec<Part>> {
    Ok(read(db, TABLES[0])?.into_iter().filter(Part::is_out).collect())
}

/// The imports that have a part in `search_word`.
pub(in crate::case) fn imports(db: &Connection) -> Result<BTreeSet<RevisionNumber>> {
    Ok(read(db, TABLES[0])?.iter().map(|part| part.revision).collect())
}

/// Notes that an import may have strays that are not noted.
pub(in crate::case) fn loosen(db: &Connection, revision: RevisionNumber) -> Result<()> {
    let mut parts = read(db, TABLES[0])?;
    for part in parts.iter_mut().filter(|part| part.revision == revision) {
        part.is_loose = true;
    }
    openly(db, || write(db, TABLES[0], &parts))
}

/// A table while its list of segments and its parts are changed.
struct Table<'a> {
    db: &'a Connection,
    name: &'static str,
    structure: Structure,
    parts: Vec<Part>,
}

impl<'a> Table<'a> {
    /// Reads a table, within a transaction.
    fn open(db: &'a Connection, name: &'static str) -> Result<Self> {
        flush(db, name)?;
        Ok(Self { db, name, structure: Structure::read(db, name)?, parts: read(db, name)? })
    }

    /// Whether all of a part is in, and can be taken out.
    fn is_whole(&self, revision: RevisionNumber) -> bool {
        self.parts.iter().any(|part| match &part.segments {
            Segments::In(numbers) if part.revision == revision => {
                numbers.iter().all(|number| self.structure.whole(*number).is_some())
            }
            _ => false,
        })
    }

    fn take_out(&mut self, revision: RevisionNumber) {
        for part in self.parts.iter_mut().filter(|part| part.revision == revision) {
            let Segments::In(numbers) = &part.segments else { continue };
            let all = numbers.iter().filter_map(|number| self.structure.whole(*number).copied());
            let all: Vec<Segment> = all.collect();
            for segment in &all {
                self.structure.remove(segment[super::NUMBER]);
            }
            part.segments = Segments::Out(all);
        }
    }

    fn put_back(&mut self, revision: RevisionNumber) {
        for part in self.parts.iter_mut().filter(|part| part.revision == revision) {
            let numbers = part.numbers();
            let Segments::Out(all) = &part.segments else { continue };
            for segment in all {
                self.structure.insert(*segment);
            }
            part.segments = Segments::In(numbers);
        }
    }

    fn close(self) -> Result<()> {
        write_row(self.db, self.name, STRUCTURE, &self.structure.record())?;
        write(self.db, self.name, &self.parts)
    }
}

/// Changes both tables.
fn change(db: &Connection, change: impl FnOnce(&mut [Table<'_>; 2])) -> Result<()> {
    let [words, names] = TABLES.map(|table| Table::open(db, table));
    let mut tables = [words?, names?];
    change(&mut tables);
    openly(db, || tables.into_iter().try_for_each(Table::close))?;
    forget(db)
}

/// Puts back the parts of imports that are not hidden any more, and those from which one of these
/// entities may be deleted. Says whether any was.
pub(in crate::case) fn put_back(db: &Connection, entities: &BTreeSet<i64>) -> Result<bool> {
    let parts = out(db)?;
    if parts.is_empty() {
        return Ok(false);
    }
    let mut back = BTreeSet::new();
    let mut hidden = db.prepare_cached("SELECT 1 FROM hidden WHERE block = ?1")?;
    for part in &parts {
        if !hidden.exists([part.revision])? {
            back.insert(part.revision);
        }
    }
    let mut inserted = db.prepare_cached("SELECT origin FROM search_word_docsize WHERE id = ?1")?;
    for entity in entities {
        if back.len() == parts.len() {
            break;
        }
        let mut rows = inserted.query([entity])?;
        if let Some(row) = rows.next()? {
            let insertion = row.get(0)?;
            back.extend(parts.iter().filter(|part| part.holds(insertion)).map(|p| p.revision));
        }
    }
    if back.is_empty() {
        return Ok(false);
    }
    change(db, |tables| {
        for table in tables {
            for revision in &back {
                table.put_back(*revision);
            }
        }
    })?;
    Ok(true)
}

/// Takes out the parts of imports that are hidden, as far as they are still whole.
pub(in crate::case) fn take_out(db: &Connection) -> Result<()> {
    let mut query = db.prepare_cached("SELECT block FROM hidden")?;
    let hidden: BTreeSet<RevisionNumber> =
        query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let is_due = |part: &Part| !part.is_out() && hidden.contains(&part.revision);
    let due: Vec<RevisionNumber> =
        read(db, TABLES[0])?.iter().filter(|part| is_due(part)).map(|part| part.revision).collect();
    if due.is_empty() {
        return Ok(());
    }
    change(db, |tables| {
        for revision in due {
            if tables.iter().all(|table| table.is_whole(revision)) {
                for table in tables.iter_mut() {
                    table.take_out(revision);
                }
            }
        }
    })
}

/// A copy of the parts that are out, as an index of their own; `None` where none is.
pub(in crate::case) fn apart(db: &Connection) -> Result<Option<Connection>> {
    if out(db)?.is_empty() {
        return Ok(None);
    }
    let copy = Connection::open("")?;
    copy.pragma_update(None, "journal_mode", "off")?;
    copy.pragma_update(None, "synchronous", "off")?;
    copy.pragma_update(None, "cache_size", -CACHE)?;
    copy.execute_batch(SCHEMA)?;
    copy.execute_batch("BEGIN")?;
    for name in TABLES {
        let mut table = Table::open(&copy, name)?;
        for part in read(db, name)? {
            let Segments::Out(all) = part.segments else { continue };
            for segment in all {
                let number = segment[super::NUMBER];
                move_pages(db, &copy, name, number, number)?;
                table.structure.insert(segment);
            }
        }
        table.close()?;
    }
    forget(&copy)?;
    copy.execute_batch("COMMIT")?;
    Ok(Some(copy))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use rusqlite::params;

    use super::{super::join, *};

    const WORDS: [&str; 8] = ["abc", "abd", "acd", "bcd", "cde", "def", "efg", "fgh"];

    #[derive(Clone, Debug)]
    enum Doing {
        /// So many more by themselves.
        Add(u8),
        /// So many more as an import.
        Import(u16),
        /// Undo or redo of an import.
        Turn(u8),
        /// New words for some.
        Edit(Vec<u8>),
        /// None for some.
        Delete(Vec<u8>),
        Merge(i8),
        Optimize,
        Reopen,
        RollBack(u8),
    }

    fn doing() -> impl Strategy<Value = Doing> {
        let some = || prop::collection::vec(any::<u8>(), 1..12);
        prop_oneof![
            3 => (1..20_u8).prop_map(Doing::Add),
            3 => (0..60_u16).prop_map(Doing::Import),
            6 => any::<u8>().prop_map(Doing::Turn),
            4 => some().prop_map(Doing::Edit),
            2 => some().prop_map(Doing::Delete),
            1 => any::<i8>().prop_map(Doing::Merge),
            1 => Just(Doing::Optimize),
            1 => Just(Doing::Reopen),
            1 => any::<u8>().prop_map(Doing::RollBack),
        ]
    }

    /// An index with what it should hold.
    struct Index {
        db: Connection,
        /// The words of each entity.
        said: BTreeMap<i64, String>,
        /// The import that brought it, for those that nobody else speaks of.
        by: BTreeMap<i64, i64>,
        last: i64,
        imports: i64,
        hidden: BTreeSet<i64>,
    }

    fn database(path: &std::path::Path) -> Connection {
        let db = Connection::open(path).expect("opens");
        db.execute_batch("PRAGMA synchronous = off; PRAGMA foreign_keys = off").expect("sql");
        db
    }

    fn prepare(db: &Connection) {
        db.execute_batch(SCHEMA).expect("schema");
        for table in TABLES {
            for (name, value) in [("pgsz", 64), ("crisismerge", 6)] {
                let sql = format!("INSERT INTO {table}({table}, rank) VALUES (?1, ?2)");
                db.execute(&sql, params![name, value]).expect("set");
            }
        }
    }

    fn insert(db: &Connection, id: i64, words: &str) {
        for table in TABLES {
            let sql = format!("INSERT INTO {table}(rowid, text) VALUES (?1, ?2)");
            db.execute(&sql, params![id, words]).expect("inserted");
        }
    }

    /// Finds all that have a word, in both tables.
    fn found(db: &Connection, word: &str) -> [Vec<i64>; 2] {
        TABLES.map(|table| {
            let sql = format!("SELECT rowid FROM {table} WHERE {table} MATCH ?1 ORDER BY rowid");
            let mut query = db.prepare(&sql).expect("sql");
            let rows = query.query_map([word], |row| row.get(0)).expect("asked");
            rows.collect::<rusqlite::Result<_>>().expect("found")
        })
    }

    fn command(db: &Connection, name: &str, value: Option<i64>) {
        for table in TABLES {
            let done = match value {
                Some(value) => db.execute(
                    &format!("INSERT INTO {table}({table}, rank) VALUES (?1, ?2)"),
                    params![name, value],
                ),
                None => db.execute(&format!("INSERT INTO {table}({table}) VALUES (?1)"), [name]),
            };
            done.expect("done");
        }
    }

    impl Index {
        fn words(id: i64) -> String {
            let mut bits = id.wrapping_mul(0x9e37_79b9) >> 7;
            let mut words = Vec::new();
            for _ in 0..=(id % 4) {
                words.push(WORDS[usize::try_from(bits & 7).expect("small")]);
                bits >>= 3;
            }
            words.join(" ")
        }

        fn chosen(&self, by: &[u8]) -> BTreeSet<i64> {
            let all: Vec<i64> = self.said.keys().copied().collect();
            by.iter().filter_map(|n| all.get(usize::from(*n) * all.len() / 256).copied()).collect()
        }

        fn carry_out(&mut self, doing: &Doing) {
            match doing {
                Doing::Add(count) => {
                    for _ in 0..*count {
                        self.last += 1;
                        let words = Self::words(self.last);
                        insert(&self.db, self.last, &words);
                        self.said.insert(self.last, words);
                    }
                }
                Doing::Import(count) => {
                    let from = Connection::open_in_memory().expect("memory suffices");
                    prepare(&from);
                    self.imports += 1;
                    for _ in 0..*count {
                        self.last += 1;
                        let words = Self::words(self.last);
                        insert(&from, self.last, &words);
                        self.said.insert(self.last, words);
                        self.by.insert(self.last, self.imports);
                    }
                    for table in TABLES {
                        let revision = RevisionNumber::from_row(self.imports);
                        openly(&self.db, || join(&from, &self.db, table, revision)).expect("joins");
                    }
                }
                Doing::Turn(import) if self.imports > 0 => {
                    let import = i64::from(*import) % self.imports + 1;
                    let sql = if self.hidden.remove(&import) {
                        "DELETE FROM hidden WHERE block = ?1"
                    } else {
                        self.hidden.insert(import);
                        "INSERT INTO hidden(block) VALUES (?1)"
                    };
                    self.db.execute(sql, [import]).expect("sql");
                    put_back(&self.db, &BTreeSet::new()).expect("put back");
                    take_out(&self.db).expect("taken out");
                }
                Doing::Edit(some) | Doing::Delete(some) => {
                    let some = self.chosen(some);
                    put_back(&self.db, &some).expect("put back");
                    for id in some {
                        for table in TABLES {
                            let sql = format!("DELETE FROM {table} WHERE rowid = ?1");
                            self.db.execute(&sql, [id]).expect("deleted");
                        }
                        self.by.remove(&id);
                        self.said.remove(&id);
                        if matches!(doing, Doing::Edit(_)) {
                            let words = Self::words(id + 1 + self.last);
                            insert(&self.db, id, &words);
                            self.said.insert(id, words);
                        }
                    }
                    take_out(&self.db).expect("taken out");
                }
                Doing::Merge(pages) => command(&self.db, "merge", Some(i64::from(*pages))),
                Doing::Optimize => command(&self.db, "optimize", None),
                Doing::Turn(_) | Doing::Reopen | Doing::RollBack(_) => {}
            }
        }

        fn check(&self) {
            let apart = apart(&self.db).expect("copied");
            command(&self.db, "integrity-check", None);
            for word in WORDS {
                let here = found(&self.db, word);
                let there = apart.as_ref().map_or_else(Default::default, |db| found(db, word));
                let expected: Vec<i64> = self
                    .said
                    .iter()
                    .filter(|(_, words)| words.split(' ').any(|one| one == word))
                    .map(|(id, _)| *id)
                    .collect();
                for (here, there) in here.iter().zip(&there) {
                    let mut all = [here.as_slice(), there].concat();
                    all.sort_unstable();
                    assert_eq!(all, expected, "{word}");
                    for id in there {
                        let import = self.by.get(id).expect("no other import has it");
                        assert!(self.hidden.contains(import), "{word}: {id} is in sight");
                    }
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

        /// Whatever comes, goes, is merged or taken back in between: what is in sight is found, and
        /// nothing is found that was deleted.
        #[test]
        fn what_is_out_comes_back_as_it_should_be(
            steps in prop::collection::vec(doing(), 5..40)
        ) {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("index");
            let db = database(&path);
            prepare(&db);
            let mut index = Index {
                db,
                said: BTreeMap::new(),
                by: BTreeMap::new(),
                last: 0,
                imports: 0,
                hidden: BTreeSet::new(),
            };
            for step in steps {
                match step {
                    Doing::Reopen => index.db = database(&path),
                    Doing::RollBack(import) => {
                        let (said, by) = (index.said.clone(), index.by.clone());
                        let (hidden, imports) = (index.hidden.clone(), index.imports);
                        index.db.execute_batch("BEGIN").expect("begins");
                        for step in [Doing::Turn(import), Doing::Edit(vec![7, 99]), Doing::Import(9)] {
                            index.carry_out(&step);
                        }
                        index.db.execute_batch("ROLLBACK").expect("rolled back");
                        (index.said, index.by) = (said, by);
                        (index.hidden, index.imports) = (hidden, imports);
                    }
                    step => {
                        index.db.execute_batch("BEGIN").expect("begins");
                        index.carry_out(&step);
                        index.db.execute_batch("COMMIT").expect("commits");
                    }
                }
                index.check();
            }
        }
    }

    /// A case of others and of an import, after which so many single edits came.
    fn after(edits: i64) -> Index {
        let db = Connection::open_in_memory().expect("memory suffices");
        db.pragma_update(None, "foreign_keys", false).expect("sql");
        prepare(&db);
        let (said, by, hidden) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        let mut index = Index { db, said, by, last: 0, imports: 0, hidden };
        index.carry_out(&Doing::Add(200));
        index.carry_out(&Doing::Import(4_000));
        for _ in 0..edits {
            index.carry_out(&Doing::Add(1));
        }
        index
    }

    #[test]
    fn a_part_stays_whole_through_many_edits() {
        let mut index = after(3_000);
        index.carry_out(&Doing::Turn(0));
        assert_eq!(out(&index.db).expect("readable").len(), 1);
        index.check();
        // What is written meanwhile does not use its pages.
        for _ in 0..500 {
            index.carry_out(&Doing::Add(1));
        }
        index.carry_out(&Doing::Import(40));
        index.carry_out(&Doing::Turn(0));
        assert!(out(&index.db).expect("readable").is_empty());
        index.check();
    }

    #[test]
    fn a_part_that_was_merged_with_others_stays_in() {
        let mut index = after(20);
        index.carry_out(&Doing::Optimize);
        index.carry_out(&Doing::Turn(0));
        assert!(out(&index.db).expect("readable").is_empty());
        index.check();
        index.carry_out(&Doing::Turn(0));
        index.check();
    }
}
