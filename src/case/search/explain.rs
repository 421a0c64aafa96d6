//! Why an entity was found: which value it was, which characters of it, and how they match.

use rusqlite::Connection;

use super::{
    super::{Result, index},
    How, Reason,
    query::{Query, Word},
};
use crate::model::{
    fold::{self, Mapped, is_foreign},
    schema::{self, Schema},
};

/// Values of one entity that are looked at, and the characters of each.
const MOST_VALUES: i64 = 400;
const MOST_CHARS: usize = 200_000;
/// Of a long text this many characters around what matched are shown.
const SHOWN: usize = 160;

/// Words that stand for one that was typed, each with how far it is from it.
pub(super) type Similar = Vec<(String, usize)>;

/// What an entity has that was looked for.
#[derive(Debug)]
pub(super) struct Explained {
    pub(super) reasons: Vec<Reason>,
    /// Whether all that was looked for was found.
    pub(super) complete: bool,
    /// Whether the first reason is a name.
    pub(super) is_name: bool,
}

/// Finds the values that match. `similar` has the words that stand for each group.
pub(super) fn explain(
    db: &Connection,
    entity: i64,
    schema_name: &str,
    query: &Query,
    similar: &[Similar],
) -> Result<Explained> {
    let mut weighed = Weighed::of(schema_name);
    let mut statement = db.prepare_cached(
        "SELECT t.text, s.value FROM passage p CROSS JOIN statement s ON s.key BETWEEN p.first AND p.last
         JOIN term t ON t.key = s.property JOIN revision r ON r.number = s.revision
         WHERE p.entity = ?1 AND s.stands + r.live > 1 AND NOT s.denied LIMIT ?2",
    )?;
    let mut rows = statement.query([entity, MOST_VALUES])?;
    while let Some(row) = rows.next()? {
        let property = row.get_ref(0)?.as_str().unwrap_or_default();
        let text = row.get_ref(1)?.as_str().unwrap_or_default();
        weigh(&mut weighed, property, text, query, similar);
    }
    Ok(weighed.explained(query))
}

/// The values of an entity that match, as far as they have been looked at.
pub(super) struct Weighed {
    known: Option<&'static Schema>,
    found: Vec<Match>,
}

/// Looks at a value.
pub(super) fn weigh(
    weighed: &mut Weighed,
    property: &str,
    text: &str,
    query: &Query,
    similar: &[Similar],
) {
    let is_name = index::is_name(weighed.known, property);
    if !is_name && !index::is_text(weighed.known, property) {
        return;
    }
    let long = text.char_indices().nth(MOST_CHARS).map_or(text, |(at, _)| &text[..at]);
    if let Some((how, ranges, groups)) = matched(long, is_name, query, similar) {
        weighed.found.push(Match {
            property: property.to_owned(),
            text: long.to_owned(),
            is_name,
            how,
            ranges,
            groups,
        });
    }
}

impl Weighed {
    /// None yet of an entity of a schema.
    pub(super) fn of(schema_name: &str) -> Self {
        Self { known: schema::schema(schema_name), found: Vec::new() }
    }

    /// The best reasons, until all that is looked for has one.
    pub(super) fn explained(mut self, query: &Query) -> Explained {
        self.found.sort_by_key(|m| {
            (std::cmp::Reverse(m.groups.count_ones()), m.how, !m.is_name, m.text.len())
        });
        let wanted = (1_u32 << query.groups.len().min(31)) - 1;
        let mut covered = 0;
        let mut explained = Explained { reasons: Vec::new(), complete: false, is_name: false };
        for value in self.found {
            if value.groups & !covered == 0 && !explained.reasons.is_empty() {
                continue;
            }
            covered |= value.groups;
            if explained.reasons.is_empty() {
                explained.is_name = value.is_name;
            }
            explained.reasons.push(value.reason());
            if covered & wanted == wanted {
                break;
            }
        }
        explained.complete = covered & wanted == wanted;
        explained
    }
}

struct Match {
    property: String,
    text: String,
    is_name: bool,
    how: How,
    ranges: Vec<(usize, usize)>,
    /// Which groups it has, as bits.
    groups: u32,
}

impl Match {
    /// What to show: of a long text, the part around the first match.
    fn reason(mut self) -> Reason {
        self.ranges.sort_unstable();
        self.ranges.dedup();
        let mut merged: Vec<(usize, usize)> = Vec::new();
        for (start, end) in self.ranges {
            match merged.last_mut().filter(|last| start <= last.1) {
                Some(last) => last.1 = last.1.max(end),
                None => merged.push((start, end)),
            }
        }
        let count = self.text.chars().count();
        if count > SHOWN {
            let first = merged.first().map_or(0, |range| range.0);
            let from = first.saturating_sub(SHOWN / 4);
            let to = (from + SHOWN).min(count);
            let inside: String = self.text.chars().skip(from).take(to - from).collect();
            let lead = usize::from(from > 0);
            merged.retain(|(_, end)| *end <= to);
            for (start, end) in &mut merged {
                (*start, *end) = (*start - from + lead, *end - from + lead);
            }
            let before = if from > 0 { "…" } else { "" };
            let after = if to < count { "…" } else { "" };
            self.text = format!("{before}{inside}{after}").replace(['\n', '\r', '\t'], " ");
        }
        Reason { property: self.property, value: self.text, ranges: merged, how: self.how }
    }
}

type Matched = (How, Vec<(usize, usize)>, u32);

/// How a value matches, in its own script or as it reads in Latin letters.
fn matched(text: &str, is_name: bool, query: &Query, similar: &[Similar]) -> Option<Matched> {
    let own = in_spelling(&Mapped::folded(text), is_name, false, query, similar);
    if !is_foreign(text) {
        return own;
    }
    let latin = in_spelling(&Mapped::latin(text), is_name, true, query, similar);
    let rank = |m: &Matched| (std::cmp::Reverse(m.2.count_ones()), m.0);
    match (own, latin) {
        (Some(own), Some(latin)) => Some(if rank(&latin) < rank(&own) { latin } else { own }),
        (own, latin) => own.or(latin),
    }
}

fn in_spelling(
    mapped: &Mapped,
    is_name: bool,
    transliterated: bool,
    query: &Query,
    similar: &[Similar],
) -> Option<Matched> {
    let all = if query.groups.is_empty() { 0 } else { (1_u32 << query.groups.len().min(31)) - 1 };
    let bare = if is_name { mapped.squeezed() } else { Mapped::default() };
    if is_name && !bare.text.is_empty() {
        for (number, whole) in query.whole.iter().enumerate().filter(|(_, whole)| !whole.is_empty())
        {
            let how = |how| if transliterated || number > 0 { How::Transliterated } else { how };
            if bare.text == *whole {
                return Some((how(How::Exact), vec![bare.source(0..whole.len())], all));
            }
            if !query.is_exact() && bare.text.starts_with(whole.as_str()) {
                return Some((how(How::Prefix), vec![bare.source(0..whole.len())], all));
            }
        }
    }
    let (mut ranges, mut groups, mut worst) = (Vec::new(), 0, How::Exact);
    for (number, group) in query.groups.iter().enumerate().take(31) {
        let near = similar.get(number).map_or(&[][..], Vec::as_slice);
        let best = group
            .words
            .iter()
            .filter_map(|word| one(mapped, &bare, word, near))
            .min_by_key(|(how, _)| *how);
        if let Some((how, range)) = best {
            let how = match how {
                How::Similar(_) => how,
                _ if transliterated => How::Transliterated,
                how => how,
            };
            ranges.extend(range);
            groups |= 1 << number;
            worst = worst.max(how);
        }
    }
    (groups != 0).then_some((worst, ranges, groups))
}

type Place = (How, Vec<(usize, usize)>);

/// How one word matches, and where.
fn one(mapped: &Mapped, bare: &Mapped, word: &Word, near: &[(String, usize)]) -> Option<Place> {
    let spellings = [Some(&word.folded), word.latin.as_ref()];
    for (number, wanted) in spellings.iter().enumerate() {
        let Some(wanted) = wanted else { continue };
        let how = |how| if number > 0 { How::Transliterated } else { how };
        if let Some((found, range)) = as_words(mapped, wanted, word.open) {
            return Some((how(found), range));
        }
        let sought = fold::squeezed(wanted);
        let long = sought.chars().count() >= if sought.is_ascii() { 3 } else { 2 };
        if long
            && !word.exact
            && let Some(at) = bare.text.find(&sought)
        {
            return Some((how(How::Part), vec![bare.source(at..at + sought.len())]));
        }
    }
    let mut found: Option<Place> = None;
    for (similar, distance) in near {
        if let Some((_, range)) = as_words(mapped, similar, false) {
            found.get_or_insert((How::Similar(*distance), Vec::new())).1.extend(range);
        }
    }
    found
}

/// Finds words that follow each other, at the boundaries of words, syllables or dense scripts.
fn as_words(mapped: &Mapped, wanted: &str, open: bool) -> Option<Place> {
    let text = &mapped.text;
    let (mut ranges, mut kind) = (Vec::new(), None);
    let dense = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && fold::is_dense(c));
    let (first, last) = (wanted.chars().next(), wanted.chars().next_back());
    for (at, _) in text.match_indices(wanted) {
        let end = at + wanted.len();
        let (before, after) = (text[..at].chars().next_back(), text[end..].chars().next());
        let edge = |c: Option<char>| c.is_none_or(|c| c == ' ' || c == '\'');
        let starts = edge(before) || dense(first) || dense(before);
        let ends = edge(after) || dense(last) || dense(after);
        let how = match (starts, ends) {
            (true, true) => How::Word,
            (true, false) if open => How::Begins,
            _ => continue,
        };
        kind = Some(kind.map_or(how, |kind: How| kind.min(how)));
        ranges.push(mapped.source(at..end));
        if ranges.len() >= 20 {
            break;
        }
    }
    kind.map(|kind| (kind, ranges)).or_else(|| pairs(mapped, wanted))
}

/// Finds a word that is two syllables of a text, which has them apart.
fn pairs(mapped: &Mapped, wanted: &str) -> Option<Place> {
    let text = &mapped.text;
    if !text.contains('\'') || wanted.contains([' ', '\'']) {
        return None;
    }
    let mut starts: Vec<usize> = vec![0];
    starts.extend(text.match_indices([' ', '\'']).map(|(at, _)| at + 1));
    starts.into_iter().find_map(|start| {
        let mut rest = wanted;
        for (at, c) in text[start..].char_indices() {
            if rest.is_empty() {
                return (c == '\'' || c == ' ')
                    .then(|| (How::Word, vec![mapped.source(start..start + at)]));
            }
            if c == '\'' {
                continue;
            }
            rest = rest.strip_prefix(c)?;
        }
        rest.is_empty().then(|| (How::Word, vec![mapped.source(start..text.len())]))
    })
}
