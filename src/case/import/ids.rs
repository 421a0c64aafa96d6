//! The keys of the entities that an import speaks of, in memory: asking the file for each end of
//! each relationship would take longer than all the rest.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashMap as FastMap, HashTable};
use rusqlite::{Connection, OptionalExtension as _};

use crate::case::{Result, rows::text};

/// So many ids are remembered at most …
const MOST: usize = 6_000_000;
/// … and so many bytes of them; others are looked up in the file.
const MOST_BYTES: usize = 120 << 20;

/// An entity that an import speaks of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) key: i64,
    /// Where it is remembered, if it is.
    slot: Option<usize>,
    /// Whether something may be stated of it already; if not, nothing is.
    pub(super) spoken_of: bool,
}

/// An entity whose id is remembered.
struct Remembered {
    key: i64,
    /// Where its id ends.
    end: u32,
    /// How many new relationships there are at it.
    degree: u32,
    spoken_of: bool,
}

/// Ids and their keys.
pub(super) struct Ids<'a> {
    db: &'a Connection,
    /// All ids one after another.
    text: String,
    all: Vec<Remembered>,
    /// Each with half of its hash, so that few others need to be looked at.
    slots: HashTable<(u32, u32)>,
    hasher: DefaultHashBuilder,
    /// The same for entities that are not remembered.
    others: FastMap<i64, i64>,
    /// Whether every entity of the case is remembered here.
    complete: bool,
}

impl<'a> Ids<'a> {
    /// `whole` says whether to remember every entity of the case from the beginning.
    pub(super) fn new(db: &'a Connection, whole: bool) -> Result<Self> {
        let mut ids = Self {
            db,
            text: String::new(),
            all: Vec::new(),
            slots: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            others: FastMap::new(),
            complete: whole,
        };
        if ids.complete {
            ids.read()?;
        }
        Ok(ids)
    }

    /// Remembers the entities of the case; where there is no room for all, it is known.
    fn read(&mut self) -> Result<()> {
        let mut query = self.db.prepare("SELECT key, id FROM entity ORDER BY key")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let id = text(row, 1)?;
            self.remember(self.hasher.hash_one(id), id, row.get(0)?, true);
        }
        Ok(())
    }

    /// The entity of an id, which gets a key if it has none.
    pub(super) fn find(&mut self, id: &str) -> Result<Found> {
        let hash = self.hasher.hash_one(id);
        let half = half_of(hash);
        let is_it = |&(other, slot): &(u32, u32)| other == half && self.id(slot as usize) == id;
        if let Some(&(_, slot)) = self.slots.find(hash, is_it) {
            let slot = slot as usize;
            let Remembered { key, spoken_of, .. } = self.all[slot];
            return Ok(Found { key, slot: Some(slot), spoken_of });
        }
        let here = if self.complete { None } else { self.look_up(id)? };
        let key = if let Some(key) = here {
            key
        } else {
            self.db.prepare_cached("INSERT INTO entity(id) VALUES (?1)")?.execute([id])?;
            self.db.last_insert_rowid()
        };
        let slot = self.remember(hash, id, key, here.is_some());
        Ok(Found { key, slot, spoken_of: here.is_some() || slot.is_none() })
    }

    /// Notes that something is stated of an entity from now on.
    pub(super) fn speak_of(&mut self, found: Found) {
        if let Some(known) = found.slot.and_then(|slot| self.all.get_mut(slot)) {
            known.spoken_of = true;
        }
    }

    /// Counts one more relationship at an entity.
    pub(super) fn link(&mut self, found: Found) {
        match found.slot.and_then(|slot| self.all.get_mut(slot)) {
            Some(known) => known.degree += 1,
            None => *self.others.entry(found.key).or_default() += 1,
        }
    }

    /// How many new relationships there are at which entities, by their keys.
    pub(super) fn degrees(self) -> Vec<(i64, i64)> {
        let Self { all, others, .. } = self;
        let counted = all.into_iter().map(|known| (known.key, i64::from(known.degree)));
        let mut all: Vec<(i64, i64)> = counted.chain(others).filter(|(_, n)| *n > 0).collect();
        all.sort_unstable();
        all
    }

    fn look_up(&self, id: &str) -> Result<Option<i64>> {
        let mut query = self.db.prepare_cached("SELECT key FROM entity WHERE id = ?1")?;
        Ok(query.query_row([id], |row| row.get(0)).optional()?)
    }

    fn remember(&mut self, hash: u64, id: &str, key: i64, spoken_of: bool) -> Option<usize> {
        if self.all.len() >= MOST || self.text.len() + id.len() > MOST_BYTES {
            self.complete = false;
            return None;
        }
        let slot = self.all.len();
        self.text.push_str(id);
        self.all.push(Remembered { key, end: self.text.len() as u32, degree: 0, spoken_of });
        let Self { text, all, slots, hasher, .. } = self;
        let rehash = |&(_, slot): &(u32, u32)| hasher.hash_one(piece(text, all, slot as usize));
        slots.insert_unique(hash, (half_of(hash), slot as u32), rehash);
        Some(slot)
    }

    fn id(&self, slot: usize) -> &str {
        piece(&self.text, &self.all, slot)
    }
}

fn half_of(hash: u64) -> u32 {
    (hash >> 24) as u32
}

fn piece<'a>(text: &'a str, all: &[Remembered], slot: usize) -> &'a str {
    let start = slot.checked_sub(1).map_or(0, |before| all[before].end);
    &text[start as usize..all[slot].end as usize]
}
