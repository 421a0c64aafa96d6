//! Taking candidates from the index, stage by stage, a bounded number in all.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    super::{
        Result,
        block::Sight,
        index::{NAME, WHOLE},
        projection,
    },
    Class,
    alike::Alike,
    explain::{Similar, explain},
    query::{Group, Query, Word},
    vocabulary::{Vocabulary, Words},
};
use crate::model::{Id, fold};

/// Words that are only spelled alike are looked for where so few others were found.
pub(super) const FEW: usize = 10;
/// A beginning that brings more occurrences than this is taken for its most frequent words.
const HEAVY: u64 = 100_000;
/// So many of them.
const FREQUENT: usize = 40;
/// So many where the index holds what is out of sight.
const MANY: usize = 1_000;
/// To look a word up costs as much as to put so many occurrences together.
const POSTINGS: u64 = 64;
/// Asks the index of words.
const MATCHING: &str =
    "SELECT rowid FROM search_word WHERE search_word MATCH ?1 AND rowid BETWEEN ?2 AND ?3";
/// Asks the index of the parts of names.
const WITH_PARTS: &str =
    "SELECT rowid FROM search_part WHERE search_part MATCH ?1 AND rowid BETWEEN ?2 AND ?3";
/// Of one question, so much of what is out of sight is passed over one by one. What is beyond that
/// begins with a letter or two, and is found by its words.
const MOST_HIDDEN: usize = 100_000;
/// What a look at the values of an entity costs, in rows of the index, beside the values.
const LOOK: u64 = 12;
/// Parts of names that are asked for at once.
const MOST_PARTS: usize = 12;

/// An entity that may be a hit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) entity: i64,
    pub(super) class: Class,
}

/// Candidates being gathered.
pub(super) struct Gather<'a> {
    db: &'a Connection,
    query: &'a Query,
    vocabulary: &'a Vocabulary,
    most: usize,
    /// How much may still be looked at: rows of the index, and values of entities. What is out of
    /// sight costs nothing of it.
    work: u64,
    sight: Sight,
    found: HashMap<i64, Class>,
    /// Whether nothing was left out for want of room or because too much was looked at.
    complete: bool,
    /// The words that stand for each group, where similar ones were looked for.
    pub(super) similar: Vec<Similar>,
    /// Whether similar words would have been looked for, had they been known.
    pub(super) misses_similar: bool,
}

impl<'a> Gather<'a> {
    pub(super) fn new(
        db: &'a Connection,
        query: &'a Query,
        vocabulary: &'a Vocabulary,
        most: usize,
        work: u64,
    ) -> Result<Self> {
        Ok(Self {
            db,
            query,
            vocabulary,
            most,
            work,
            sight: Sight::of(db)?,
            found: HashMap::new(),
            complete: true,
            similar: Vec::new(),
            misses_similar: false,
        })
    }

    pub(super) fn run(&mut self) -> Result<()> {
        if let Some(id) = &self.query.filters.id {
            return self.identified(&id.clone());
        }
        if self.query.groups.is_empty() {
            return self.filtered();
        }
        let stages: [fn(&mut Self) -> Result<()>; 6] =
            [Self::exact, Self::begins, Self::words, Self::parts, Self::latin, Self::text];
        for stage in stages {
            if self.is_over() {
                return Ok(());
            }
            stage(self)?;
        }
        if self.found.len() < FEW && !self.query.is_exact() {
            self.alike()?;
        }
        Ok(())
    }

    /// What was gathered, the best first: by class, then the best connected, then the shortest.
    /// Says too whether that is all.
    pub(super) fn ranked(self) -> Result<(Vec<Candidate>, bool)> {
        let mut query =
            self.db.prepare_cached("SELECT degree, length(caption) FROM node WHERE entity = ?1")?;
        let mut all = Vec::with_capacity(self.found.len());
        for (entity, class) in self.found {
            let mut rows = query.query([entity])?;
            if let Some(row) = rows.next()? {
                let (degree, length): (i64, i64) = (row.get(0)?, row.get(1)?);
                all.push(((class, -degree, length, entity), Candidate { entity, class }));
            }
        }
        all.sort_unstable_by_key(|(rank, _)| *rank);
        Ok((all.into_iter().map(|(_, candidate)| candidate).collect(), self.complete))
    }

    /// Whether there is no more room, or enough has been looked at; then something may be left out.
    /// No clock is asked: the answer must not depend on how fast the machine is.
    fn is_over(&mut self) -> bool {
        let over = self.found.len() >= self.most || self.work == 0;
        self.complete &= !over;
        over
    }

    /// Takes the entities that a statement gives whose last two parameters are the first and the last
    /// key.
    fn take(&mut self, sql: &str, wanted: &str, class: Class, filtered: bool) -> Result<()> {
        for (first, last) in self.sight.ranges.clone() {
            self.take_rows(sql, params![wanted, first, last], class, filtered)?;
        }
        Ok(())
    }

    fn take_rows(
        &mut self,
        sql: &str,
        parameters: impl rusqlite::Params,
        class: Class,
        filtered: bool,
    ) -> Result<()> {
        let mut query = self.db.prepare_cached(sql)?;
        let mut rows = query.query(parameters)?;
        let mut passed_over = 0;
        while let Some(row) = rows.next()? {
            let entity = row.get(0)?;
            if self.sight.hides(self.db, entity)? {
                passed_over += 1;
                if passed_over == MOST_HIDDEN {
                    break;
                }
            } else if !self.take_one(entity, class, filtered)? {
                break;
            }
        }
        Ok(())
    }

    /// Takes an entity if the filters hold. Says whether there is room for more.
    fn take_one(&mut self, entity: i64, class: Class, filtered: bool) -> Result<bool> {
        if self.work == 0 {
            self.complete = false;
            return Ok(false);
        }
        self.work -= 1;
        if self.found.contains_key(&entity) {
            return Ok(true);
        }
        if self.found.len() >= self.most {
            self.complete = false;
            return Ok(false);
        }
        let filters = &self.query.filters;
        let need_a_look = if filtered { filters.need_a_look() } else { !filters.is_empty() };
        let holds = if need_a_look {
            let (holds, looked_at) = filters.hold(self.db, entity, self.work)?;
            self.work = self.work.saturating_sub(LOOK + looked_at);
            holds
        } else {
            true
        };
        if holds {
            self.found.insert(entity, class);
        }
        Ok(true)
    }

    /// Takes what a query of the index gives, together with the filters.
    fn take_matching(&mut self, wanted: &str, class: Class) -> Result<()> {
        let wanted = match self.query.filters.terms() {
            Some(filters) => format!("{wanted} AND {filters}"),
            None => wanted.to_owned(),
        };
        self.take(MATCHING, &wanted, class, true)
    }

    fn exact(&mut self) -> Result<()> {
        let whole: Vec<String> =
            self.query.whole.iter().map(|w| format!("\"{WHOLE}{}\"", fold::cut(w))).collect();
        if whole.is_empty() {
            return Ok(());
        }
        self.take_matching(&format!("({})", whole.join(" OR ")), Class::Exact)
    }

    /// Names that begin so, one by one in their order: to ask for the beginning would have the
    /// index put all of them together first.
    fn begins(&mut self) -> Result<()> {
        if self.query.is_exact() {
            return Ok(());
        }
        self.db.execute_batch(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_instance
             USING fts5vocab('main', 'search_word', 'instance')",
        )?;
        let sql = "SELECT doc FROM temp.search_instance WHERE term >= ?1 AND term < ?2";
        for whole in &self.query.whole {
            let from = format!("{WHOLE}{}", fold::cut(whole));
            let to = format!("{from}\u{10ffff}");
            self.take_rows(sql, [from, to], Class::Begins, false)?;
        }
        Ok(())
    }

    /// Words of names.
    fn words(&mut self) -> Result<()> {
        let groups: Vec<String> = self
            .query
            .groups
            .iter()
            .map(|g| self.any(g, |s, w| s.in_names(&w.folded, w.open)))
            .collect();
        self.take_matching(&groups.join(" AND "), Class::Words)
    }

    /// Words of names, where what was typed is not written in Latin letters but a name is.
    fn latin(&mut self) -> Result<()> {
        if self.query.groups.iter().all(|g| g.words.iter().all(|w| w.latin.is_none())) {
            return Ok(());
        }
        let groups: Vec<String> = self
            .query
            .groups
            .iter()
            .map(|g| self.any(g, |s, w| s.in_names(w.latin.as_ref().unwrap_or(&w.folded), w.open)))
            .collect();
        self.take_matching(&groups.join(" AND "), Class::Latin)
    }

    /// Words of names or texts.
    fn text(&mut self) -> Result<()> {
        let groups: Vec<String> = self
            .query
            .groups
            .iter()
            .map(|g| {
                self.any(g, |s, w| {
                    format!(
                        "{} OR {}",
                        s.in_names(&w.folded, w.open),
                        s.in_texts(&w.folded, w.open)
                    )
                })
            })
            .collect();
        self.take_matching(&groups.join(" AND "), Class::Text)
    }

    fn any(&self, group: &Group, word: impl Fn(&Self, &Word) -> String) -> String {
        let words: Vec<String> = group.words.iter().map(|w| word(self, w)).collect();
        format!("({})", words.join(" OR "))
    }

    fn in_names(&self, folded: &str, open: bool) -> String {
        self.phrase(Some(NAME), folded, open, &self.vocabulary.names)
    }

    fn in_texts(&self, folded: &str, open: bool) -> String {
        self.phrase(None, folded, open, &self.vocabulary.texts)
    }

    /// Terms that follow each other, the last of which may be the beginning of one.
    fn phrase(&self, mark: Option<char>, folded: &str, open: bool, words: &Words) -> String {
        let mut terms: Vec<String> = Vec::new();
        fold::wanted(folded, |term| {
            terms.push(mark.map_or_else(|| term.to_owned(), |mark| format!("{mark}{term}")));
        });
        let joined = terms.join(" ");
        let last = folded.chars().next_back();
        // A character of a dense script alone is the beginning of its pairs.
        let dense = last.is_some_and(|c| !c.is_ascii() && fold::is_dense(c));
        let alone = terms.len() == 1 && folded.chars().count() == 1;
        if dense && alone {
            return format!("\"{joined}\" *");
        }
        if !open || dense {
            return format!("\"{joined}\"");
        }
        if terms.len() > 1 {
            return format!("\"{joined}\" *");
        }
        let known = self.vocabulary.is_complete();
        if !known {
            // Without knowing what a short beginning brings, only the whole word is sure.
            let short = folded.chars().count() < 3;
            return if short { format!("\"{joined}\"") } else { format!("\"{joined}\" *") };
        }
        let weight = words.weight(folded);
        // The index puts all together that begins so, out of sight or not; to name the words that are
        // in sight costs less then.
        let most = if self.sight.is_clear() { FREQUENT } else { MANY };
        let named = if self.sight.is_clear() { usize::MAX } else { words.count(folded) };
        if weight <= HEAVY && (named > MANY || named as u64 * POSTINGS > weight) {
            return format!("\"{joined}\" *");
        }
        let mut all = vec![format!("\"{joined}\"")];
        for word in words.frequent(folded, most) {
            all.push(mark.map_or_else(|| format!("\"{word}\""), |m| format!("\"{m}{word}\"")));
        }
        all.join(" OR ")
    }

    /// Parts of names. The index has only which parts of three letters a name has, so that each
    /// candidate is looked at.
    fn parts(&mut self) -> Result<()> {
        if self.query.is_exact() {
            return Ok(());
        }
        let mut groups: Vec<Vec<Vec<String>>> = Vec::new();
        for group in &self.query.groups {
            let mut words = Vec::new();
            for word in &group.words {
                for spelling in [Some(&word.folded), word.latin.as_ref()].into_iter().flatten() {
                    words.push(trigrams(&fold::squeezed(spelling)));
                }
            }
            // A word too short for a part says nothing here.
            words.retain(|word| !word.is_empty());
            if !words.is_empty() {
                groups.push(words);
            }
        }
        if groups.is_empty() {
            return Ok(());
        }
        let few = if self.sight.is_clear() { None } else { self.with_parts(&groups)? };
        if let Some(few) = few {
            for entity in few {
                if !self.take_one(entity, Class::Parts, false)? {
                    break;
                }
            }
        } else {
            let any = |words: &Vec<Vec<String>>| {
                let all: Vec<String> =
                    words.iter().map(|parts| format!("({})", parts.join(" AND "))).collect();
                format!("({})", all.join(" OR "))
            };
            let all: Vec<String> = groups.iter().map(any).collect();
            self.take(WITH_PARTS, &all.join(" AND "), Class::Parts, false)?;
        }
        let mut new: Vec<i64> = self
            .found
            .iter()
            .filter(|(_, class)| **class == Class::Parts)
            .map(|(entity, _)| *entity)
            .collect();
        new.sort_unstable();
        for entity in new {
            if !self.has_all(entity)? {
                self.found.remove(&entity);
            }
        }
        Ok(())
    }

    /// The entities in sight that may have these parts; `None` where there may be many. Where much is
    /// out of sight, the index would go through all of that to find what has several parts.
    fn with_parts(&self, groups: &[Vec<Vec<String>>]) -> Result<Option<Vec<i64>>> {
        let mut all: Option<BTreeSet<i64>> = None;
        for words in groups {
            let mut any = Some(BTreeSet::new());
            for parts in words {
                let mut word: Option<BTreeSet<i64>> = None;
                for part in parts {
                    if let Some(found) = self.with_part(part)? {
                        word = Some(word.map_or_else(|| found.clone(), |word| &word & &found));
                    }
                }
                any = any.zip(word).map(|(any, word)| &any | &word);
            }
            if let Some(any) = any {
                all = Some(all.map_or_else(|| any.clone(), |all| &all & &any));
            }
        }
        Ok(all.map(|all| all.into_iter().collect()))
    }

    /// The entities in sight that have a part; `None` where there are many.
    fn with_part(&self, part: &str) -> Result<Option<BTreeSet<i64>>> {
        let mut query = self.db.prepare_cached(WITH_PARTS)?;
        let (mut found, mut passed_over) = (BTreeSet::new(), 0);
        for (first, last) in &self.sight.ranges {
            let mut rows = query.query(params![part, first, last])?;
            while let Some(row) = rows.next()? {
                let entity = row.get(0)?;
                if self.sight.hides(self.db, entity)? {
                    passed_over += 1;
                } else {
                    found.insert(entity);
                }
                if found.len() + passed_over > MANY {
                    return Ok(None);
                }
            }
        }
        Ok(Some(found))
    }

    fn has_all(&self, entity: i64) -> Result<bool> {
        let schema: Option<String> = self
            .db
            .prepare_cached(
                "SELECT t.text FROM node n JOIN term t ON t.key = n.schema WHERE n.entity = ?1",
            )?
            .query_row([entity], |row| row.get(0))
            .optional()?;
        let schema = schema.unwrap_or_default();
        Ok(explain(self.db, entity, &schema, self.query, &[])?.complete)
    }

    /// Words that are spelled nearly so, or sound like it.
    fn alike(&mut self) -> Result<()> {
        if !self.vocabulary.is_complete() {
            self.misses_similar = true;
            return Ok(());
        }
        let mut groups = Vec::new();
        let mut all_similar = Vec::new();
        let is_said = |term: &str| self.is_said(term);
        let alike = Alike { vocabulary: self.vocabulary, is_said: &is_said };
        for group in &self.query.groups {
            let mut terms = Vec::new();
            let mut similar = Similar::new();
            for word in &group.words {
                terms.push(self.in_names(&word.folded, word.open));
                terms.push(self.in_texts(&word.folded, word.open));
                if word.exact {
                    continue;
                }
                alike.add(word, &mut terms, &mut similar)?;
            }
            similar.sort_by_key(|(_, distance)| *distance);
            all_similar.push(similar);
            groups.push(format!("({})", terms.join(" OR ")));
        }
        self.similar = all_similar;
        if self.similar.iter().any(|similar| !similar.is_empty()) {
            self.take_matching(&groups.join(" AND "), Class::Similar)?;
        }
        Ok(())
    }

    /// Whether anything in sight has a term.
    fn is_said(&self, term: &str) -> Result<bool> {
        let mut query = self.db.prepare_cached(MATCHING)?;
        for (first, last) in &self.sight.ranges {
            let mut rows = query.query(params![term, first, last])?;
            let mut passed_over = 0;
            while let Some(row) = rows.next()? {
                if !self.sight.hides(self.db, row.get(0)?)? {
                    return Ok(true);
                }
                passed_over += 1;
                if passed_over == MANY {
                    break;
                }
            }
        }
        Ok(false)
    }

    /// Entities with an id or an identifier.
    fn identified(&mut self, id: &str) -> Result<()> {
        if let Some(key) = projection::find_key(self.db, &Id::from(id))?
            && self.query.filters.hold(self.db, key, self.work)?.0
        {
            self.found.insert(key, Class::Exact);
        }
        let term = fold::squeezed(&fold::folded(id));
        if term.is_empty() {
            return Ok(());
        }
        self.take_matching(&format!("\"{WHOLE}{}\"", fold::cut(&term)), Class::Exact)
    }

    /// All that filters alone let through.
    fn filtered(&mut self) -> Result<()> {
        let filters = &self.query.filters;
        if let Some(terms) = filters.terms()
            && !filters.may_be_line()
        {
            self.take(MATCHING, &terms, Class::Filtered, true)?;
            if filters.schemata().is_empty() || self.is_over() {
                return Ok(());
            }
            return self.of_schemata();
        }
        if let Some(terms) = filters.terms() {
            self.take(MATCHING, &terms, Class::Filtered, true)?;
        }
        self.of_schemata()
    }

    /// All of the schemata that are wanted: relationships and nameless things are not in the index
    /// unless they have words.
    fn of_schemata(&mut self) -> Result<()> {
        let list = serde_json::to_string(self.query.filters.schemata()).unwrap_or_default();
        let sql = "SELECT entity FROM node
                   WHERE (?1 = '[]' OR schema IN (
                     SELECT key FROM term WHERE lower(text) IN (SELECT value FROM json_each(?1))))
                     AND entity BETWEEN ?2 AND ?3";
        self.take(sql, &list, Class::Filtered, false)
    }
}

/// What names with a part have in common in the index: its parts of three letters, of a long one
/// some. None for what is shorter.
fn trigrams(part: &str) -> Vec<String> {
    let starts: Vec<usize> = part.char_indices().map(|(at, _)| at).collect();
    let count = (starts.len() + 1).saturating_sub(3);
    let step = count.div_ceil(MOST_PARTS).max(1);
    let parts = (0..starts.len().saturating_sub(2)).step_by(step).map(|number| {
        let end = starts.get(number + 3).copied().unwrap_or(part.len());
        format!("\"{}\"", &part[starts[number]..end])
    });
    parts.collect()
}
