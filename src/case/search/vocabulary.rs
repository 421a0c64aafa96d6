//! The words of the index, kept in memory: to find what is spelled nearly so, and to know how
//! much a beginning of a word would bring.
//!
//! Read from the index in parts, since a large case has a million; later revisions add theirs.

use std::collections::BTreeSet;

use rapidfuzz::distance::damerau_levenshtein::{Args, BatchComparator};
use rusqlite::Connection;

use super::super::{
    Result, block::Sight, index, index::Entry, passage, projection, standing, touched::Touched,
};
use crate::model::{
    RevisionNumber,
    fold::{self, Sound, is_listed, sound},
};

/// More different words than this are not kept of either kind.
const MOST: usize = 3_000_000;
/// A revision that touched more entities than this has the whole vocabulary read again.
const FOLLOW_UP_TO: i64 = 3_000;
/// About how many occurrences are counted between two questions whether to go on.
const STEP: usize = 16_384;
/// What a term takes that the index has counted, in occurrences.
const COUNTED: usize = 64;

/// The ranges of the index that words are read from; names first.
const RANGES: [(&str, &str); 4] = [("@", "A"), ("0", ":"), ("a", "{"), ("\u{80}", "\u{10ffff}")];

/// The words of names, and those of texts.
#[derive(Debug, Default)]
pub(in super::super) struct Vocabulary {
    pub(super) names: Words,
    pub(super) texts: Words,
    /// The range that is being read, and the last term that was read of it.
    range: usize,
    last: String,
    /// The newest revision whose words are here, once reading has begun.
    revision: Option<RevisionNumber>,
    /// Whether revisions came since: words may be here that nothing has any more.
    is_old: bool,
}

impl Vocabulary {
    /// Whether all words of the index have been read.
    pub(super) fn is_complete(&self) -> bool {
        self.revision.is_some() && self.range == RANGES.len()
    }

    /// The words of these entries alone.
    pub(super) fn of(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut all = Self::default();
        for entry in entries {
            all.add(&entry);
        }
        // In their order, which is the order to keep them in.
        for words in [&mut all.names, &mut all.texts] {
            for word in std::mem::take(&mut words.later) {
                words.push(&word, 1, 1);
            }
            words.finish();
        }
        all
    }

    /// Whether a word may be here that nothing has any more.
    pub(super) fn is_old(&self) -> bool {
        self.is_old
    }

    /// Reads on until `stop` says so. Says whether everything is here.
    pub(in super::super) fn learn(
        &mut self,
        db: &Connection,
        stop: &mut dyn FnMut() -> bool,
    ) -> Result<bool> {
        let newest: RevisionNumber =
            db.query_row("SELECT coalesce(max(number), 0) FROM revision", [], |row| row.get(0))?;
        match self.revision {
            None => self.revision = Some(newest),
            Some(seen) if seen < newest => self.follow(db, seen, newest)?,
            Some(_) => {}
        }
        if self.is_complete() {
            return Ok(true);
        }
        let sight = Sight::of(db)?;
        while let Some((from, to)) = RANGES.get(self.range) {
            let start = if self.last.is_empty() { *from } else { self.last.as_str() };
            let words = if self.range == 0 { &mut self.names } else { &mut self.texts };
            if let Some(last) = words.read(db, &sight, start, to, stop)? {
                self.last = last;
                return Ok(false);
            }
            self.last.clear();
            self.range += 1;
        }
        self.names.finish();
        self.texts.finish();
        Ok(true)
    }

    /// Takes in the words of later revisions. Words that are gone stay.
    fn follow(
        &mut self,
        db: &Connection,
        seen: RevisionNumber,
        newest: RevisionNumber,
    ) -> Result<()> {
        for revision in (seen.row() + 1..=newest.row()).map(RevisionNumber::from_row) {
            let mut touched = Touched::default();
            let mut many = false;
            for base in standing::subjects(db, revision)? {
                let added = passage::keys_of(db, base)?;
                many |= added.end().row() - added.start().row() > FOLLOW_UP_TO * 10;
                if !many {
                    touched.add_rows_of(db, base)?;
                }
            }
            if many || touched.entities.len() as i64 > FOLLOW_UP_TO {
                *self = Self { revision: Some(newest), ..Self::default() };
                return Ok(());
            }
            for entity in touched.entities {
                if let Some(projected) = projection::project(db, entity)? {
                    self.add(&projected.entry);
                }
            }
        }
        self.revision = Some(newest);
        self.is_old = true;
        Ok(())
    }

    fn add(&mut self, entry: &Entry) {
        for term in fold::words(&entry.words) {
            match term.strip_prefix(index::NAME) {
                Some(word) => self.names.add(word),
                None if term.starts_with(|c: char| c.is_alphanumeric()) => self.texts.add(term),
                None => {}
            }
        }
    }
}

/// Different words in their order, each with how many entities have it.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: String,
    /// Where each word ends in the text.
    ends: Vec<u32>,
    docs: Vec<u32>,
    /// The letters of each word, as bits.
    letters: Vec<u32>,
    /// What each word sounds like; 0 for nothing.
    sounds: Vec<Sound>,
    /// How many occurrences the words before each have, and all of them; with those that are out of
    /// sight, which the index holds too.
    before: Vec<u64>,
    sum: u64,
    /// Whether there are such.
    is_partly_hidden: bool,
    /// Words that came later.
    later: BTreeSet<String>,
}

/// A word that is spelled nearly so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Near {
    pub(super) word: String,
    /// How many letters must change, go, come or trade places.
    pub(super) distance: usize,
    docs: u32,
}

impl Words {
    /// Reads the words after one and before another; gives after which to go on if it was stopped.
    fn read(
        &mut self,
        db: &Connection,
        sight: &Sight,
        from: &str,
        to: &str,
        stop: &mut dyn FnMut() -> bool,
    ) -> Result<Option<String>> {
        // The index counts the entities that have a term. Where some of them are out of sight, each
        // occurrence is looked at.
        let is_counted = sight.is_whole();
        self.is_partly_hidden |= !is_counted;
        let kind = if is_counted { "row" } else { "instance" };
        db.execute_batch(&format!(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_{kind}
             USING fts5vocab('main', 'search_word', '{kind}')",
        ))?;
        let mut query = db.prepare_cached(&format!(
            "SELECT term, doc FROM temp.search_{kind} WHERE term > ?1 AND term < ?2"
        ))?;
        let mut rows = query.query([from, to])?;
        let mut now = String::new();
        let (mut last, mut docs, mut all, mut work) = (None, 0, 0, 0);
        while let Some(row) = rows.next()? {
            let term = row.get_ref(0)?.as_str().unwrap_or_default();
            if term != now {
                self.push(&now, docs, all);
                // In the middle of a term that millions have, it does not stop.
                if work >= STEP && stop() {
                    return Ok(Some(now));
                }
                work %= STEP;
                term.clone_into(&mut now);
                (last, docs, all) = (None, 0, 0);
            }
            // How many have it, or one of them: in their order, some of them several times.
            let doc: i64 = row.get(1)?;
            if is_counted {
                (docs, all) = (doc, doc);
                work += COUNTED;
                continue;
            }
            if last.replace(doc) != Some(doc) {
                all += 1;
                docs += i64::from(!sight.hides(db, doc)?);
            }
            work += 1;
        }
        self.push(&now, docs, all);
        Ok(None)
    }

    /// Adds a term that so many entities have, and so many with those that are out of sight.
    fn push(&mut self, term: &str, docs: i64, all: i64) {
        let before = self.sum;
        self.sum += all.max(0) as u64;
        let word = term.strip_prefix(index::NAME).unwrap_or(term);
        if docs <= 0 || self.ends.len() >= MOST || self.text.len() + word.len() > u32::MAX as usize
        {
            return;
        }
        self.before.push(before);
        self.text.push_str(word);
        self.ends.push(self.text.len() as u32);
        self.docs.push(docs.clamp(0, i64::from(u32::MAX)) as u32);
        self.letters.push(letters(word));
        self.sounds.push(sound(word).unwrap_or(0));
    }

    fn finish(&mut self) {
        self.before.push(self.sum);
    }

    fn add(&mut self, word: &str) {
        let at = self.lower_bound(word);
        if at == self.ends.len() || self.word(at) != word {
            self.later.insert(word.to_owned());
        }
    }

    fn word(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.text[start..self.ends[at] as usize]
    }

    /// The first word that is not before this text.
    fn lower_bound(&self, text: &str) -> usize {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.word(middle) < text { low = middle + 1 } else { high = middle }
        }
        low
    }

    fn beginning(&self, with: &str) -> std::ops::Range<usize> {
        self.lower_bound(with)..self.lower_bound(&format!("{with}\u{10ffff}"))
    }

    /// How many entities have a word, among those that were read first.
    pub(super) fn docs(&self, word: &str) -> u32 {
        let at = self.lower_bound(word);
        if at < self.ends.len() && self.word(at) == word { self.docs[at] } else { 0 }
    }

    /// How many words in sight begin so; for a complete vocabulary.
    pub(super) fn count(&self, beginning: &str) -> usize {
        let later = self.later.range(beginning.to_owned()..);
        self.beginning(beginning).len() + later.take_while(|w| w.starts_with(beginning)).count()
    }

    /// How many occurrences words that begin so have; for a complete vocabulary. Where something is
    /// out of sight, it may be less.
    pub(super) fn weight(&self, beginning: &str) -> u64 {
        let range = self.beginning(beginning);
        // What is out of sight and begins so may stand between the word before and the first.
        let start = range.start.saturating_sub(usize::from(self.is_partly_hidden));
        match (self.before.get(start), self.before.get(range.end)) {
            (Some(start), Some(end)) => end - start,
            _ => u64::MAX,
        }
    }

    /// The most frequent words that begin so, and then those that came later.
    pub(super) fn frequent(&self, beginning: &str, most: usize) -> Vec<String> {
        let mut all: Vec<usize> = self.beginning(beginning).collect();
        if all.len() > most {
            all.select_nth_unstable_by_key(most, |at| std::cmp::Reverse(self.docs[*at]));
            all.truncate(most);
        }
        let known = all.into_iter().map(|at| self.word(at).to_owned());
        let later =
            self.later.range(beginning.to_owned()..).take_while(|w| w.starts_with(beginning));
        known.chain(later.take(most).cloned()).collect()
    }

    /// The words that a word may be meant for: a letter or two away, or sounding like it. The
    /// nearest first, the most frequent first among those.
    pub(super) fn near(&self, word: &str, most: usize) -> Vec<Near> {
        let length = word.chars().count();
        let edits = edits(length);
        let (bits, key) = (letters(word), sound(word));
        let keys = [key, other_sound(word)].map(Option::unwrap_or_default);
        let comparator = BatchComparator::new(word.chars());
        let distance = |other: &str, limit: usize| {
            comparator.distance_with_args(other.chars(), &Args::default().score_cutoff(limit))
        };
        let mut near = Vec::new();
        let mut consider = |other: &str, docs: u32, sounds: bool| {
            let limit = if sounds { heard_apart(word, other) } else { edits };
            // A word that is longer or shorter by more letters is further away.
            let far = other.len().abs_diff(word.len()) > 4 * limit
                || other.is_ascii() && other.len().abs_diff(length) > limit;
            if limit > 0
                && !far
                && other != word
                && let Some(distance) = distance(other, limit)
            {
                near.push(Near { word: other.to_owned(), distance, docs });
            }
        };
        // One edit changes at most two letters of the set.
        let most_letters = if edits > 0 { 2 * edits as u32 } else { 0 };
        let alike = |letters: u32| edits > 0 && (bits ^ letters).count_ones() <= most_letters;
        // Asked of each word, for which a search of a list takes long.
        let sounds = |sound: Sound| sound != 0 && (sound == keys[0] || sound == keys[1]);
        for (at, (letters, sound)) in self.letters.iter().zip(&self.sounds).enumerate() {
            let heard = sounds(*sound);
            if heard || alike(*letters) {
                consider(self.word(at), self.docs[at], heard);
            }
        }
        for later in &self.later {
            let heard = sounds(sound(later).unwrap_or(0));
            if heard || alike(letters(later)) {
                consider(later, 1, heard);
            }
        }
        near.sort_by(|a, b| {
            a.distance.cmp(&b.distance).then(b.docs.cmp(&a.docs)).then_with(|| a.word.cmp(&b.word))
        });
        near.truncate(most);
        near
    }
}

/// How many edits a word of so many letters may be away: none below 4, one below 8, else two.
fn edits(length: usize) -> usize {
    match length {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

/// How many letters two spellings of one sound may be apart: two in five of the longer one, and
/// half of it where one is short or written without vowels. Family names of Korea have a list.
fn heard_apart(word: &str, other: &str) -> usize {
    let longer = word.chars().count().max(other.chars().count());
    let bare = |w: &str| !w.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    match longer {
        _ if sound(word).is_some_and(is_listed) => longer,
        0..=6 => (longer / 2).max(1),
        _ if bare(word) || bare(other) => longer / 2,
        _ => longer * 2 / 5,
    }
}

/// The set of letters of a word, by their place in the alphabet; other characters share bits.
fn letters(word: &str) -> u32 {
    word.chars().fold(0, |bits, c| match c {
        'a'..='z' => bits | 1 << (c as u32 - 'a' as u32),
        _ => bits | 1 << (26 + c as u32 % 6),
    })
}

/// What a word that begins with j or y would sound like with the other one: Jurij and Yuri.
fn other_sound(word: &str) -> Option<Sound> {
    let rest = word.strip_prefix('j').map(|rest| format!("y{rest}"));
    rest.or_else(|| word.strip_prefix('y').map(|rest| format!("j{rest}"))).and_then(|w| sound(&w))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(all: &[&str]) -> Words {
        let mut words = Words::default();
        let mut all = all.to_vec();
        all.sort_unstable();
        for word in all {
            words.push(word, word.len() as i64, word.len() as i64);
        }
        words.finish();
        words
    }

    fn near(words: &Words, word: &str) -> Vec<(String, usize)> {
        words.near(word, 10).into_iter().map(|n| (n.word, n.distance)).collect()
    }

    #[test]
    fn what_is_misspelled_is_near() {
        let words =
            words(&["hongxiang", "dandong", "holdings", "road", "roads", "нефть", "kim", "mhmd"]);
        assert_eq!(near(&words, "hognxiang"), [("hongxiang".into(), 1)]);
        assert_eq!(near(&words, "hongxang"), [("hongxiang".into(), 1)]);
        assert_eq!(near(&words, "raod"), [("road".into(), 1)]);
        assert_eq!(near(&words, "нефтъ"), [("нефть".into(), 1)]);
        assert_eq!(near(&words, "gim"), [("kim".into(), 1)]);
        assert_eq!(near(&words, "mohammed"), [("mhmd".into(), 4)]);
        assert!(near(&words, "xyz").is_empty());
        // It has the same consonants, and is another word.
        assert!(near(&words, "haladanagasa").is_empty());
    }

    #[test]
    fn a_beginning_has_a_weight() {
        let mut words = words(&["ab", "abc", "abd", "b"]);
        assert_eq!(words.weight("ab"), 8);
        assert_eq!(words.weight("c"), 0);
        words.add("abz");
        words.add("ab");
        assert_eq!(words.frequent("ab", 2).len(), 3);
    }
}
