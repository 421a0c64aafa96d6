//! What somebody typed: words, phrases in quotation marks, `OR` between words, and filters.

use super::filter::{FILTERS, Filters};
use crate::model::fold::{self, folded, is_foreign};

/// Longer input is cut here, in characters.
const LONGEST: usize = 500;
/// More words than this are not looked for.
const MOST_WORDS: usize = 16;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Query {
    /// Each of these must be found.
    pub(super) groups: Vec<Group>,
    pub(super) filters: Filters,
    /// What was not understood, a sentence each.
    pub(super) told: Vec<String>,
    /// All of it as one name without spaces: as it is written, then as it reads in Latin letters.
    pub(super) whole: Vec<String>,
}

/// Alternatives, one of which must be found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Group {
    pub(super) words: Vec<Word>,
}

/// A word, or a phrase.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word {
    pub(super) folded: String,
    /// How it reads in Latin letters, where it is not written in them.
    pub(super) latin: Option<String>,
    /// Whether it is being typed, so that it may be the beginning of a word.
    pub(super) open: bool,
    /// Whether it stood in quotation marks, and nothing else is meant by it.
    pub(super) exact: bool,
}

impl Word {
    fn new(text: &str, open: bool, exact: bool) -> Option<Self> {
        let word = folded(text);
        let latin = is_foreign(text).then(|| {
            let mut latin = String::new();
            fold::latin(text, &mut latin);
            latin
        });
        let latin = latin.filter(|latin| !latin.is_empty() && *latin != word);
        (!word.is_empty()).then_some(Self { folded: word, latin, open, exact })
    }
}

impl Query {
    /// Reads what was typed. The last word may be the beginning of one, unless a space follows.
    pub(super) fn read(text: &str) -> Self {
        let text: String = text.chars().take(LONGEST).collect();
        let mut query = Self::default();
        let mut alternative = false;
        let mut whole = true;
        let pieces = pieces(&text);
        let last = pieces.len().saturating_sub(1);
        for (number, piece) in pieces.iter().enumerate() {
            if !piece.quoted && matches!(piece.text, "OR" | "|") && number > 0 && number < last {
                alternative = true;
                whole = false;
                continue;
            }
            if let Some((key, value)) = piece.filter {
                match query.filters.take(key, value) {
                    Ok(true) => continue,
                    Ok(false) => {}
                    Err(told) => {
                        query.told.push(told);
                        // What no filter is called is looked for as it stands.
                        if is_filter(key) {
                            continue;
                        }
                    }
                }
            }
            let ends = piece.text.len() + piece.at == text.len();
            let open = !piece.quoted && number == last && ends;
            let Some(word) = Word::new(piece.text, open, piece.quoted) else { continue };
            let room = query.groups.len() < MOST_WORDS;
            match query.groups.last_mut().filter(|_| alternative) {
                Some(group) => group.words.push(word),
                None if room => query.groups.push(Group { words: vec![word] }),
                None => {}
            }
            alternative = false;
        }
        if whole && !query.groups.is_empty() {
            let words = || query.groups.iter().flat_map(|group| &group.words);
            let plain: String = words().map(|w| fold::squeezed(&w.folded)).collect();
            let latin: String =
                words().map(|w| fold::squeezed(w.latin.as_ref().unwrap_or(&w.folded))).collect();
            query.whole.push(plain);
            if query.whole[0] != latin && !latin.is_empty() {
                query.whole.push(latin);
            }
        }
        query
    }

    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.filters.is_empty()
    }

    /// Whether all words are meant as they are written.
    pub(super) fn is_exact(&self) -> bool {
        self.groups.iter().flat_map(|group| &group.words).all(|word| word.exact)
    }
}

/// A part of what was typed.
struct Piece<'a> {
    text: &'a str,
    /// Where it begins, in bytes.
    at: usize,
    quoted: bool,
    /// Where it looks like a filter, its key and its value.
    filter: Option<(&'a str, &'a str)>,
}

/// Cuts at spaces outside quotation marks. A mark without its fellow reaches to the end.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| !c.is_whitespace()).map(|n| n + at) {
        let rest = &text[start..];
        let key = rest.find(|c: char| !c.is_ascii_alphabetic()).filter(|n| *n > 0);
        let key = key.filter(|n| rest[*n..].starts_with(':'));
        let value = key.map_or(rest, |n| &rest[n + 1..]);
        let from = text.len() - value.len();
        let (inner, end, quoted) = if let Some(mark) = value.chars().next().filter(|c| is_quote(*c))
        {
            let inside = from + mark.len_utf8();
            let close = text[inside..].char_indices().find(|(_, c)| is_quote(*c));
            let (to, after) = close
                .map_or((text.len(), text.len()), |(n, c)| (inside + n, inside + n + c.len_utf8()));
            (&text[inside..to], after, true)
        } else {
            let end = value.find(char::is_whitespace).map_or(text.len(), |n| from + n);
            (&text[from..end], end, false)
        };
        pieces.push(match key {
            Some(n) => Piece {
                text: &text[start..end],
                at: start,
                quoted: false,
                filter: Some((&rest[..n], inner)),
            },
            None => Piece { text: inner, at: start, quoted, filter: None },
        });
        at = end;
    }
    pieces
}

fn is_filter(key: &str) -> bool {
    FILTERS.iter().any(|(name, _)| name.trim_end_matches(':').eq_ignore_ascii_case(key))
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<Vec<String>> {
        let query = Query::read(text);
        let words = |g: &Group| g.words.iter().map(|w| w.folded.clone()).collect();
        query.groups.iter().map(words).collect()
    }

    #[test]
    fn words_phrases_alternatives_and_filters_are_told_apart() {
        assert_eq!(words("Pier Road OR Street"), [vec!["pier"], vec!["road", "street"]]);
        assert_eq!(words("“Pier Road” Ltd."), [vec!["pier road"], vec!["ltd"]]);
        assert_eq!(words("\"never closed"), [vec!["never closed"]]);
        assert_eq!(words("OR a OR"), [vec!["or"], vec!["a"], vec!["or"]]);
        assert_eq!(words("schema:company country:hk pier"), [vec!["pier"]]);
        let query = Query::read("丹东 鸿祥");
        assert_eq!(query.whole, ["丹东鸿祥", "dandonghongxiang"]);
    }

    #[test]
    fn the_last_word_is_open_until_a_space_follows() {
        let open = |text: &str| {
            let query = Query::read(text);
            query.groups.last().is_some_and(|g| g.words[0].open)
        };
        assert!(open("pier ro"));
        assert!(!open("pier ro "));
        assert!(!open("\"pier ro\""));
    }

    #[test]
    fn what_no_filter_is_called_is_told_and_looked_for() {
        let query = Query::read("colour:red pier");
        assert_eq!(query.told.len(), 1, "{:?}", query.told);
        assert_eq!(words("colour:red"), [vec!["colour red"]]);
        let query = Query::read("schema:spaceship");
        assert!(query.told[0].contains("spaceship") && query.groups.is_empty());
        assert!(Query::read("https://example.org").told.is_empty());
    }

    proptest! {
        #[test]
        fn anything_can_be_typed(text in "\\PC{0,80}", filter in "(schema|has|since|id|x):\\PC{0,9}") {
            Query::read(&text);
            Query::read(&format!("{text} {filter}"));
        }
    }
}
