//! Captions, ends, degrees and what the search index should hold, each derived anew from the
//! statements, a page of entities at a time.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::{HashMap as FastMap, HashSet as FastSet};
use rusqlite::Connection;

use super::{Checked, broken};
use crate::{
    case::{
        Progress, block,
        digest::Terms,
        index::{Entry, Sum},
        projection::Projected,
        rows::text,
        segments::{self, Part, put},
        standing,
    },
    model::{RevisionNumber, derive::Said, entity::SCHEMA, fold},
};

/// Entities that are derived at once.
const PAGE: i64 = 1_024;
/// About how many entities are looked for in the index afterwards.
const ASKED: i64 = 300;

/// What the search index should come to.
pub(super) struct Expected {
    pub(super) sum: Sum,
    /// What is out of it should come to, because its import is undone.
    pub(super) apart: Sum,
    /// How many entities are in each of its two tables, and of how many terms.
    pub(super) totals: [(u64, u64); 2],
    /// Some entities, spread over the case.
    pub(super) some: Vec<Asked>,
}

impl Default for Expected {
    fn default() -> Self {
        let sum = Sum::default();
        Self { apart: sum.beside(), sum, totals: Default::default(), some: Vec::new() }
    }
}

/// An entity with what it should be found by.
pub(super) struct Asked {
    pub(super) entity: i64,
    pub(super) entry: Entry,
    /// Whether that is out of the index.
    pub(super) is_apart: bool,
}

/// Rows of a page that are compared by the key of their entity; the last of each is the block.
struct Page {
    nodes: BTreeMap<i64, (i64, String, Option<i64>)>,
    links: BTreeMap<i64, (i64, i64, Option<i64>)>,
    /// How many terms each entity has in each table, and with which insertion they came.
    sizes: [BTreeMap<i64, (Vec<u8>, i64)>; 2],
}

/// Compares the projections of every entity with its statements, and adds what the index should hold
/// to `expected`. `alone` says that nothing is checked beside, and that this is the second half.
pub(super) fn check(
    db: &Connection,
    expected: Expected,
    alone: bool,
    progress: &Progress,
) -> Checked<Expected> {
    let total: i64 = db.query_row("SELECT count(*) FROM entity", [], |row| row.get(0))?;
    let mut work = Work {
        db,
        revisions: revisions(db)?,
        hidden: blocks(db)?,
        out: segments::out(db)?,
        terms: Terms::default(),
        expected,
        degrees: FastMap::new(),
        out_of_sight: FastMap::new(),
        silent: Vec::new(),
        step: (total / ASKED).max(1),
    };
    let (mut after, mut done) = (i64::MIN, 0);
    let before = if alone { total } else { 0 };
    loop {
        progress.check()?;
        progress.report((before + done) as u64, (before + total) as u64);
        let mut query =
            db.prepare_cached("SELECT key, id FROM entity WHERE key > ?1 ORDER BY key LIMIT ?2")?;
        let entities: Vec<(i64, String)> = query
            .query_map([after, PAGE], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        done += entities.len() as i64;
        let last = if entities.len() as i64 == PAGE { entities.last() } else { None };
        let to = last.map_or(i64::MAX, |(key, _)| *key);
        work.page(after, to, &entities)?;
        if last.is_none() {
            break;
        }
        after = to;
    }
    work.degrees(progress)?;
    work.silent(progress)?;
    Ok(work.expected)
}

/// A statement that may be projected: its place among all, the property, where its text is, the
/// revision, and how it stands.
struct Heard {
    order: (usize, i64),
    property: i64,
    text: std::ops::Range<usize>,
    revision: i64,
    stands: i64,
    holds: bool,
}

struct Work<'a> {
    db: &'a Connection,
    /// The place of each revision in the order that is alike in every copy, and whether it is live.
    revisions: FastMap<RevisionNumber, (usize, bool)>,
    /// The blocks that are out of sight.
    hidden: BTreeSet<i64>,
    /// The parts of the search index that are out of it.
    out: Vec<Part>,
    terms: Terms,
    expected: Expected,
    /// How many relationships there are at each entity, and how many of each hidden block.
    degrees: FastMap<i64, i64>,
    out_of_sight: FastMap<(i64, i64), i64>,
    /// Entities of which nothing is stated.
    silent: Vec<(i64, String)>,
    step: i64,
}

impl Work<'_> {
    /// Compares the entities whose keys are above `after` and up to `to`.
    fn page(&mut self, after: i64, to: i64, entities: &[(i64, String)]) -> Checked {
        let mut page = self.read(after, to)?;
        let mut query = self.db.prepare_cached(
            "SELECT p.entity, s.property, s.value, s.denied, s.revision, s.stands, s.key
             FROM passage p CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
             WHERE p.entity > ?1 AND p.entity <= ?2 ORDER BY p.entity",
        )?;
        let mut rows = query.query([after, to])?;
        let mut now = rows.next()?;
        let mut heard: Vec<Heard> = Vec::new();
        let mut texts = String::new();
        for (key, id) in entities {
            heard.clear();
            texts.clear();
            let mut is_silent = true;
            while let Some(row) = now {
                let entity: i64 = row.get(0)?;
                if entity > *key {
                    break;
                }
                if entity == *key {
                    is_silent = false;
                    let (revision, stands): (RevisionNumber, i64) = (row.get(4)?, row.get(5)?);
                    if !row.get::<_, bool>(3)?
                        && let Some((place, live)) = self.revisions.get(&revision)
                    {
                        let start = texts.len();
                        texts.push_str(text(row, 2)?);
                        heard.push(Heard {
                            order: (*place, row.get(6)?),
                            property: row.get(1)?,
                            text: start..texts.len(),
                            revision: revision.row(),
                            stands,
                            holds: stands + i64::from(*live) > 1,
                        });
                    }
                }
                now = rows.next()?;
            }
            if is_silent {
                self.silent.push((*key, id.clone()));
            }
            // Nearly always they are in order already.
            heard.sort_by_key(|one| one.order);
            self.entity(*key, id, &heard, &texts, &mut page)?;
        }
        for (table, left) in [
            ("node", page.nodes.len()),
            ("link", page.links.len()),
            ("entry of the search index", page.sizes[0].len() + page.sizes[1].len()),
        ] {
            if left > 0 {
                return broken(format!("a {table} belongs to no entity"));
            }
        }
        Ok(())
    }

    fn read(&self, after: i64, to: i64) -> Checked<Page> {
        let mut page = Page {
            nodes: BTreeMap::new(),
            links: BTreeMap::new(),
            sizes: [BTreeMap::new(), BTreeMap::new()],
        };
        let mut query = self.db.prepare_cached(
            "SELECT entity, schema, caption, block FROM every_node WHERE entity > ?1 AND entity <= ?2",
        )?;
        let mut rows = query.query([after, to])?;
        while let Some(row) = rows.next()? {
            page.nodes.insert(row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?));
        }
        let mut query = self.db.prepare_cached(
            "SELECT entity, source, target, block FROM every_link WHERE entity > ?1 AND entity <= ?2",
        )?;
        let mut rows = query.query([after, to])?;
        while let Some(row) = rows.next()? {
            page.links.insert(row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?));
        }
        for (table, sizes) in ["search_word", "search_part"].into_iter().zip(&mut page.sizes) {
            let mut query = self.db.prepare_cached(&format!(
                "SELECT id, sz, origin FROM {table}_docsize WHERE id > ?1 AND id <= ?2"
            ))?;
            let mut rows = query.query([after, to])?;
            while let Some(row) = rows.next()? {
                let size = row.get_ref(1)?.as_blob().unwrap_or_default();
                sizes.insert(row.get(0)?, (size.to_vec(), row.get(2)?));
            }
        }
        Ok(page)
    }

    fn entity(
        &mut self,
        key: i64,
        id: &str,
        heard: &[Heard],
        texts: &str,
        page: &mut Page,
    ) -> Checked {
        let (node, link) = (page.nodes.remove(&key), page.links.remove(&key));
        let block = node.as_ref().and_then(|(.., block)| *block);
        let is_hidden = block.is_some_and(|block| self.hidden.contains(&block));
        // What stands in a block is said by its revision alone, and is right once that is live.
        let is_of_block = |one: &&Heard| {
            one.stands == standing::AS_ITS_REVISION && block.is_none_or(|b| b == one.revision)
        };
        let counts = |one: &&Heard| if is_hidden { is_of_block(one) } else { one.holds };
        let said: Vec<&Heard> = heard.iter().filter(counts).collect();
        if block.is_some()
            && (!said.iter().all(is_of_block) || is_hidden && heard.iter().any(|one| one.holds))
        {
            return broken(format!("more than one revision speaks of entity {id}"));
        }
        for one in &said {
            self.terms.text(self.db, one.property)?;
        }
        let terms = &self.terms;
        let said: Vec<Said<'_>> = said
            .into_iter()
            .map(|one| {
                let property = terms.known(one.property).unwrap_or_default();
                Said::asserted(property, &texts[one.text.clone()])
            })
            .collect();
        let derived = Projected::of(id, &said);
        let (schema, caption) = match &node {
            Some((schema, caption, _)) => (self.terms.text(self.db, *schema)?, Some(caption)),
            None => (None, None),
        };
        let expected = derived.as_ref().map(|derived| (derived.schema.as_str(), &derived.caption));
        if schema.zip(caption) != expected || schema.is_none() && node.is_some() {
            return broken(format!(
                "the schema or caption of entity {id} differs from its statements"
            ));
        }
        let ends = derived.as_ref().and_then(|derived| derived.ends.as_ref());
        let same = match (link, ends) {
            (None, None) => true,
            (Some((from, to, in_block)), Some((source, target))) => {
                in_block == block && self.is_id(from, source)? && self.is_id(to, target)?
            }
            _ => false,
        };
        if !same {
            return broken(format!("the ends of relationship {id} differ from its statements"));
        }
        if let Some((from, to, _)) = link {
            let mut count = |end: i64| match block.filter(|_| is_hidden) {
                Some(block) => *self.out_of_sight.entry((end, block)).or_default() += 1,
                None => *self.degrees.entry(end).or_default() += 1,
            };
            count(from);
            if to != from {
                count(to);
            }
        }
        let entry = derived.map(|derived| derived.entry).unwrap_or_default();
        self.entry(key, id, entry, block.filter(|_| is_hidden), page)
    }

    /// Counts what the index should hold of an entity, which may be in a `hidden` block, and compares
    /// what it says of how much that is.
    fn entry(
        &mut self,
        key: i64,
        id: &str,
        entry: Entry,
        hidden: Option<i64>,
        page: &mut Page,
    ) -> Checked {
        let counts = [fold::words(&entry.words).count(), entry.parts_of_names().count()];
        let texts = [&entry.words, &entry.parts];
        let insertion = page.sizes[0].get(&key).map(|(_, insertion)| *insertion);
        let out = self.out.iter().find(|part| hidden == Some(part.revision.row()));
        let is_apart = out.zip(insertion).is_some_and(|(part, insertion)| part.holds(insertion));
        if insertion.is_some() && !is_apart && out.is_some_and(|part| !part.is_loose()) {
            return broken(format!("the search index holds entity {id}, which is out of sight"));
        }
        for table in 0..2 {
            let expected = (!texts[table].is_empty()).then(|| {
                let mut bytes = Vec::new();
                put(counts[table] as u64, &mut bytes);
                bytes
            });
            if page.sizes[table].remove(&key).map(|(size, _)| size) != expected {
                return broken(format!(
                    "the search index differs from what the statements say of entity {id}"
                ));
            }
            if expected.is_some() {
                let (entities, terms) = &mut self.expected.totals[table];
                *entities += 1;
                *terms += counts[table] as u64;
            }
        }
        let Expected { sum, apart, .. } = &mut self.expected;
        if is_apart { apart } else { sum }.add_entry(key, &entry);
        if key % self.step == 0 && !entry.words.is_empty() {
            self.expected.some.push(Asked { entity: key, entry, is_apart });
        }
        Ok(())
    }

    fn is_id(&self, key: i64, id: &str) -> Checked<bool> {
        let mut query = self.db.prepare_cached("SELECT id FROM entity WHERE key = ?1")?;
        let mut rows = query.query([key])?;
        Ok(match rows.next()? {
            Some(row) => row.get_ref(0)?.as_str().ok() == Some(id),
            None => false,
        })
    }

    /// With the ends known to be right, degrees are counted from them.
    fn degrees(&self, progress: &Progress) -> Checked {
        let mut query = self.db.prepare(
            "SELECT n.entity, n.degree, e.id, n.block FROM every_node n
             JOIN entity e ON e.key = n.entity ORDER BY n.entity",
        )?;
        let mut rows = query.query([])?;
        let mut count = 0_u64;
        while let Some(row) = rows.next()? {
            count += 1;
            if count.is_multiple_of(4096) {
                progress.check()?;
            }
            let entity: i64 = row.get(0)?;
            let mut degree = self.degrees.get(&entity).copied().unwrap_or_default();
            if let Some(block) = row.get::<_, Option<i64>>(3)?
                && let Some(more) = self.out_of_sight.get(&(entity, block))
            {
                degree += more;
            }
            if row.get::<_, i64>(1)? != degree {
                let id = text(row, 2)?;
                return broken(format!("the degree of entity {id} differs from its relationships"));
            }
        }
        Ok(())
    }

    /// Ids that nothing speaks of.
    fn silent(&mut self, progress: &Progress) -> Checked {
        // Ends about which nothing is known have an id and no statements; those of relationships
        // that are withdrawn or were changed are found only by reading every value.
        let ends: FastSet<i64> = self.out_of_sight.keys().map(|(end, _)| *end).collect();
        let degrees = &self.degrees;
        self.silent.retain(|(key, _)| !degrees.contains_key(key) && !ends.contains(key));
        if self.silent.is_empty() {
            return Ok(());
        }
        let mut ids: std::collections::HashSet<&str> =
            self.silent.iter().map(|(_, id)| id.as_str()).collect();
        let mut query = self.db.prepare("SELECT value FROM statement")?;
        let mut rows = query.query([])?;
        let mut count = 0_u64;
        while !ids.is_empty()
            && let Some(row) = rows.next()?
        {
            count += 1;
            if count.is_multiple_of(4096) {
                progress.check()?;
            }
            ids.remove(text(row, 0)?);
        }
        match self.silent.iter().find(|(_, id)| ids.contains(id.as_str())) {
            Some((_, id)) => broken(format!("no statement speaks of the entity {id}")),
            None => Ok(()),
        }
    }
}

/// That every term is one that a statement has, beside those that are `used`.
pub(super) fn unused(db: &Connection, used: &Terms) -> Checked {
    let mut query = db.prepare("SELECT key, text FROM term ORDER BY key")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let text = text(row, 1)?;
        if !used.knows(row.get(0)?) && !is_schema(db, text)? {
            return broken(format!("no statement has the term “{text}”"));
        }
    }
    Ok(())
}

/// Whether a term is the schema of a statement: those stand among the terms for the nodes.
fn is_schema(db: &Connection, text: &str) -> Checked<bool> {
    let sql = "SELECT 1 FROM statement s JOIN term t ON t.key = s.property
               WHERE t.text = ?1 AND s.value = ?2 LIMIT 1";
    Ok(db.prepare_cached(sql)?.exists([SCHEMA, text])?)
}

/// The place of each revision in the order of all, and whether it is live.
fn revisions(db: &Connection) -> Checked<FastMap<RevisionNumber, (usize, bool)>> {
    let mut query = db.prepare("SELECT number, live FROM revision ORDER BY clock, id")?;
    let mut rows = query.query([])?;
    let mut all = FastMap::new();
    while let Some(row) = rows.next()? {
        all.insert(row.get(0)?, (all.len(), row.get(1)?));
    }
    Ok(all)
}

/// Compares which blocks there are and what is noted of them with the revisions; gives those that
/// are out of sight.
fn blocks(db: &Connection) -> Checked<BTreeSet<i64>> {
    const WRONG: [(&str, &str); 4] = [
        (
            "SELECT 1 FROM block b JOIN revision r ON r.number = b.revision
             LEFT JOIN hidden h ON h.block = b.revision WHERE (h.block IS NULL) <> r.live",
            "what is out of sight is not what was undone",
        ),
        (
            "SELECT 1 FROM block b CROSS JOIN revision r ON r.number = b.revision
             CROSS JOIN passage p ON p.first BETWEEN r.first AND r.last
             LEFT JOIN every_node n ON n.entity = p.entity
             WHERE n.block IS NOT b.revision AND NOT EXISTS(
               SELECT 1 FROM apart a WHERE a.block = b.revision AND a.entity = p.entity)",
            "what would have to be derived anew after an undo is not noted",
        ),
        (
            "SELECT 1 FROM every_link l JOIN every_node n ON n.entity IN (l.source, l.target)
             WHERE l.block IS NOT NULL AND n.block IS NOT l.block AND NOT EXISTS(
               SELECT 1 FROM apart a WHERE a.block = l.block AND a.entity = n.entity)",
            "an end whose degree changes after an undo is not noted",
        ),
        (
            "SELECT 1 FROM gap g CROSS JOIN node n ON n.entity BETWEEN g.first AND g.last",
            "something in sight is passed over by searches",
        ),
    ];
    for (sql, what) in WRONG {
        if db.prepare(sql)?.exists([])? {
            return broken(what);
        }
    }
    Ok(block::hidden_numbers(db)?)
}
