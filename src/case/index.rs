//! What stands in the search index for an entity, and how it gets in and out.
//!
//! Two full-text tables without contents of their own. `search_word` holds terms, each with a
//! mark that says of what kind it is; text has none:
//!
//! | term | from |
//! |---|---|
//! | `=dandonghongxiang` | a whole name, alias or identifier without spaces |
//! | `@hongxiang` | a word of one |
//! | `hongxiang` | a word of an address, a note or another text |
//! | `%company` `+cn` `#2009` `!sanction` `~tag` | schema, countries, years, topics, tags |
//!
//! `search_part` holds the three-letter parts of the whole names. Names stand in both as they are
//! written, folded, and as they read in Latin letters. An entity with nothing but a schema, years,
//! a role and ends, as most relationships are, is not in the index at all.

use std::{
    collections::HashSet,
    hash::{BuildHasher as _, RandomState},
};

use rusqlite::{Connection, params};

use super::{Progress, Result};
use crate::model::{
    Property, PropertyType, Schema,
    derive::Said,
    fold::{self, fold, is_foreign, latin},
    schema,
};

/// Marks of the kinds of terms. `search_word` takes them for letters.
pub(super) const WHOLE: char = '=';
pub(super) const NAME: char = '@';
pub(super) const SCHEMA: char = '%';
pub(super) const COUNTRY: char = '+';
pub(super) const YEAR: char = '#';
pub(super) const TOPIC: char = '!';
pub(super) const TAG: char = '~';

/// Of longer texts of one entity only this much is indexed, in bytes.
const MOST: usize = 1 << 20;

/// What the index holds for an entity; empty where it is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// Terms with their marks, with spaces between.
    pub(super) words: String,
    /// Whole names without spaces, a line each.
    pub(super) parts: String,
}

impl Entry {
    /// From an entity's schema and its live statements in their order.
    pub(super) fn of(schema_name: &str, said: &[Said<'_>]) -> Self {
        let known = schema::schema(schema_name);
        // Each property is looked up once: that is done millions of times.
        let said: Vec<(&str, &str, Option<&Property>)> = said
            .iter()
            .filter(|one| !one.denied)
            .map(|one| (one.property, one.value, known.and_then(|s| s.property(one.property))))
            .collect();
        let mut entry = Self::default();
        let mut folded = String::new();
        let mut here = Here::default();
        for (name, value, property) in &said {
            if names(known, *property, name) {
                entry.name(value, &mut folded, &mut here);
            }
        }
        for (name, value, property) in &said {
            if !names(known, *property, name)
                && tells(known, *property, name)
                && (property.is_some() || !is_small_number(value))
            {
                entry.text(value, &mut folded);
            }
        }
        if entry.words.is_empty() {
            return entry;
        }
        entry.push(SCHEMA, fold::cut(&code(SCHEMA, schema_name)));
        let mut filtered: HashSet<(char, String)> = HashSet::new();
        for (name, value, property) in &said {
            let mark = match property.map(|p| p.type_) {
                Some(PropertyType::Country) => COUNTRY,
                Some(PropertyType::Topic) => TOPIC,
                Some(PropertyType::Date) => YEAR,
                _ if *name == "tag" => TAG,
                _ => continue,
            };
            let code = code(mark, value);
            if !code.is_empty() && filtered.insert((mark, code.clone())) {
                entry.push(mark, &code);
            }
        }
        entry
    }

    fn name(&mut self, value: &str, folded: &mut String, here: &mut Here) {
        folded.clear();
        fold(value, folded);
        self.named(folded, here);
        if is_foreign(value) {
            folded.clear();
            latin(value, folded);
            self.named(folded, here);
        }
    }

    /// One spelling of a name, unless it is here already.
    fn named(&mut self, folded: &str, here: &mut Here) {
        let start = self.parts.len();
        self.parts.extend(folded.chars().filter(|c| !matches!(c, ' ' | '\'')));
        let (before, whole) = self.parts.split_at(start);
        if whole.is_empty() || !here.add(before, whole) {
            self.parts.truncate(start);
            return;
        }
        let term = fold::cut(whole).to_owned();
        self.parts.push('\n');
        self.push(WHOLE, &term);
        fold::terms(folded, |term| self.push(NAME, term));
    }

    fn text(&mut self, value: &str, folded: &mut String) {
        if self.words.len() + value.len() > MOST {
            return;
        }
        folded.clear();
        fold(value, folded);
        fold::terms(folded, |term| {
            self.words.push_str(term);
            self.words.push(' ');
        });
    }

    fn push(&mut self, mark: char, term: &str) {
        self.words.push(mark);
        self.words.push_str(term);
        self.words.push(' ');
    }
}

/// The names that an entry has already: compared one by one while they are few, as nearly always.
#[derive(Default)]
struct Here {
    count: usize,
    many: HashSet<String>,
}

impl Here {
    /// Up to this many names are compared one by one.
    const FEW: usize = 8;

    /// Adds a name to those before it; says whether it is new.
    fn add(&mut self, before: &str, whole: &str) -> bool {
        if self.count >= Self::FEW && self.many.is_empty() {
            self.many = before.lines().map(str::to_owned).collect();
        }
        let is_new = if self.count < Self::FEW {
            !before.lines().any(|line| line == whole)
        } else {
            self.many.insert(whole.to_owned())
        };
        self.count += usize::from(is_new);
        is_new
    }
}

/// Whether a property says what something is called or known by.
pub(super) fn is_name(known: Option<&Schema>, name: &str) -> bool {
    names(known, known.and_then(|s| s.property(name)), name)
}

fn names(known: Option<&Schema>, property: Option<&Property>, name: &str) -> bool {
    let Some(known) = known else { return matches!(name, "name" | "alias") };
    property.is_some_and(|p| match p.type_ {
        PropertyType::Name | PropertyType::Identifier => true,
        PropertyType::Entity | PropertyType::Date | PropertyType::Number => false,
        // A document is called by its title, an address by itself; a line is called by nothing.
        _ => !known.is_edge() && known.caption.iter().any(|caption| caption == name),
    })
}

/// Whether the words of a property's values can be looked for. What a tie is called in a register
/// (its role, its status) is the same for thousands and is left to filters; of web addresses only
/// somebody's own is looked for, not the one that a statement was found at.
pub(super) fn is_text(known: Option<&Schema>, name: &str) -> bool {
    tells(known, known.and_then(|s| s.property(name)), name)
}

fn tells(known: Option<&Schema>, property: Option<&Property>, name: &str) -> bool {
    let Some(property) = property else { return name != crate::model::entity::SCHEMA };
    match property.type_ {
        PropertyType::Address
        | PropertyType::Checksum
        | PropertyType::Email
        | PropertyType::Html
        | PropertyType::Ip
        | PropertyType::Phone
        | PropertyType::Text => true,
        PropertyType::Url => name == "website",
        PropertyType::String => {
            !known.is_some_and(Schema::is_edge) && property.choices().is_empty()
        }
        _ => false,
    }
}

/// Whether a value of a property that nobody knows is only a small number, which tells nothing.
fn is_small_number(value: &str) -> bool {
    value.len() <= 4 && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// How a value that is filtered by stands in the index.
pub(super) fn code(mark: char, value: &str) -> String {
    match mark {
        YEAR => value
            .get(..4)
            .filter(|y| y.bytes().all(|b| b.is_ascii_digit()))
            .unwrap_or_default()
            .to_owned(),
        TAG => fold::cut(&fold::squeezed(&fold::folded(value))).to_owned(),
        _ => value
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
            .collect(),
    }
}

/// Puts an entity into the index, in which it is not.
pub(super) fn add(db: &Connection, entity: i64, entry: &Entry) -> Result<()> {
    if !entry.words.is_empty() {
        db.prepare_cached("INSERT INTO search_word(rowid, text) VALUES (?1, ?2)")?
            .execute(params![entity, entry.words])?;
    }
    if !entry.parts.is_empty() {
        db.prepare_cached("INSERT INTO search_part(rowid, text) VALUES (?1, ?2)")?
            .execute(params![entity, entry.parts])?;
    }
    Ok(())
}

/// Takes an entity out of the index, if it is in it.
pub(super) fn remove(db: &Connection, entity: i64) -> Result<()> {
    db.prepare_cached("DELETE FROM search_word WHERE rowid = ?1")?.execute([entity])?;
    db.prepare_cached("DELETE FROM search_part WHERE rowid = ?1")?.execute([entity])?;
    Ok(())
}

/// What an index holds, as one number that does not depend on the order: of an index read term by
/// term, or of the entries that it was made from. Two that differ have different numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Sum {
    total: u128,
    /// Drawn anew for each verification, so that nobody can make two that are alike.
    keys: [RandomState; 2],
}

/// A term of one of the two tables, as the sum takes it.
type Term = [u64; 2];

impl Sum {
    /// A sum of nothing that can be compared with this one.
    pub(super) fn beside(&self) -> Self {
        Self { total: 0, keys: self.keys.clone() }
    }

    /// Whether both come to the same.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.total == other.total
    }

    fn term(&self, table: u8, term: &str) -> Term {
        [0, 1].map(|half: usize| self.keys[half].hash_one((table, term)))
    }

    fn add(&mut self, term: Term, entity: i64, offset: i64) {
        let mixed = term.map(|half| {
            // What SplitMix64 ends with: every bit depends on every bit.
            let place = (entity as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let place = (place ^ place >> 32).wrapping_add(offset as u64);
            let mut mixed = (half ^ place.wrapping_mul(0xd1b5_4a32_d192_ed03)).wrapping_add(half);
            mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            u128::from(mixed ^ mixed >> 31)
        });
        self.total = self.total.wrapping_add(mixed[0] << 64 | mixed[1]);
    }

    /// What an entity's entry comes to.
    pub(super) fn add_entry(&mut self, entity: i64, entry: &Entry) {
        for (offset, term) in fold::words(&entry.words).enumerate() {
            self.add(self.term(0, term), entity, offset as i64);
        }
        let mut parts = HashSet::new();
        for part in entry.parts_of_names() {
            if parts.insert(part) {
                self.add(self.term(1, part), entity, 0);
            }
        }
    }

    /// Adds what the index of a case comes to.
    pub(super) fn read(&mut self, db: &Connection, progress: &Progress) -> Result<()> {
        for (number, table, offset) in [(0, "search_word", "offset"), (1, "search_part", "0")] {
            let list = format!("temp.{table}_all");
            db.execute_batch(&format!(
                "DROP TABLE IF EXISTS {list};
                 CREATE VIRTUAL TABLE {list} USING fts5vocab('main', '{table}', 'instance')"
            ))?;
            let read = self.read_table(
                db,
                number,
                &format!("SELECT term, doc, {offset} FROM {list}"),
                progress,
            );
            db.execute_batch(&format!("DROP TABLE {list}"))?;
            read?;
        }
        Ok(())
    }

    fn read_table(
        &mut self,
        db: &Connection,
        number: u8,
        sql: &str,
        progress: &Progress,
    ) -> Result<()> {
        let mut query = db.prepare(sql)?;
        let mut rows = query.query([])?;
        let (mut count, mut last, mut term) = (0_u64, String::new(), self.term(number, ""));
        while let Some(row) = rows.next()? {
            if count.is_multiple_of(4096) {
                progress.check()?;
            }
            count += 1;
            let text = row.get_ref(0)?.as_str().unwrap_or("\u{fffd}");
            if text != last {
                text.clone_into(&mut last);
                term = self.term(number, text);
            }
            self.add(term, row.get(1)?, row.get(2)?);
        }
        Ok(())
    }
}

impl Entry {
    /// The three-letter parts of the names, one after another, as `search_part` takes them.
    pub(super) fn parts_of_names(&self) -> impl Iterator<Item = &str> {
        let starts = || self.parts.char_indices().map(|(at, _)| at);
        let ends = starts().skip(3).chain(std::iter::once(self.parts.len()));
        // Of fewer than three letters there is no part.
        let starts =
            starts().zip(ends).filter(|(start, end)| self.parts[*start..*end].chars().count() == 3);
        starts.map(|(start, end)| &self.parts[start..end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_texts_and_what_is_filtered_by_have_their_marks() {
        let said = [
            ("schema", "Company"),
            ("name", "Dandong Hongxiang"),
            ("alias", "丹东鸿祥"),
            ("country", "cn"),
            ("incorporationDate", "2009-05-01"),
            ("topics", "role.pep"),
            ("notes", "Exports"),
            ("tag", "To check"),
        ]
        .map(|(property, value)| Said::asserted(property, value));
        let entry = Entry::of("Company", &said);
        assert_eq!(
            entry.words,
            "=dandonghongxiang @dandong @hongxiang =丹东鸿祥 @丹东 @东鸿 @鸿祥 @祥 exports to check \
             %company +cn #2009 !role_pep ~tocheck "
        );
        assert_eq!(entry.parts, "dandonghongxiang\n丹东鸿祥\n");
    }

    #[test]
    fn a_relationship_without_words_is_not_indexed() {
        let said = [("schema", "Ownership"), ("owner", "a"), ("asset", "b"), ("startDate", "2009")]
            .map(|(property, value)| Said::asserted(property, value));
        assert_eq!(Entry::of("Ownership", &said), Entry::default());
    }
}
