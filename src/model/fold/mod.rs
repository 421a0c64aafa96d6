//! What a text is folded to for searching: accents, case, width and punctuation off; and how what
//! is not written in Latin letters reads in them.
//!
//! Folded text is words of letters and digits with one space between them. In a Latin reading
//! the syllables of Han and Hangul are set apart by apostrophes: 丹东 is `dan'dong`, so that it
//! can be taken as two words and as one.

mod latin;
mod sound;

use std::borrow::Cow;

use unicode_normalization::{
    UnicodeNormalization as _,
    char::{canonical_combining_class, decompose_compatible},
};

pub use sound::{Sound, is_listed, sound};

/// A longer word is cut here, in bytes: hashes and encoded data are not words.
const LONGEST: usize = 64;

/// Appends the folded form of a text.
pub fn fold(text: &str, out: &mut String) {
    write(text, false, &mut Out::new(out, None));
}

/// The folded form of a text.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold(text, &mut out);
    out
}

/// Whether a text holds letters of other scripts than Latin, and so reads otherwise in Latin.
pub(crate) fn is_foreign(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(|c| c >= '\u{370}' && c.is_alphabetic())
}

/// Appends how a text reads in Latin letters, folded.
pub fn latin(text: &str, out: &mut String) {
    write(text, true, &mut Out::new(out, None));
}

/// A folded text without the spaces and apostrophes between its words and syllables.
pub(crate) fn squeezed(folded: &str) -> String {
    folded.chars().filter(|c| !is_gap(*c)).collect()
}

fn is_gap(c: char) -> bool {
    c == ' ' || c == '\''
}

/// A folded text that knows where each of its bytes comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapped {
    pub text: String,
    /// For each byte of it, the number of the character in the source.
    from: Vec<u32>,
}

impl Mapped {
    /// Folds a text.
    pub fn folded(text: &str) -> Self {
        Self::of(text, false)
    }

    /// Reads a text in Latin letters.
    pub fn latin(text: &str) -> Self {
        Self::of(text, true)
    }

    fn of(text: &str, latin: bool) -> Self {
        let mut mapped = Self::default();
        write(text, latin, &mut Out::new(&mut mapped.text, Some(&mut mapped.from)));
        mapped
    }

    /// The same without the gaps between words and syllables.
    #[must_use]
    pub(crate) fn squeezed(&self) -> Self {
        let mut bare = Self::default();
        for (at, c) in self.text.char_indices() {
            if !is_gap(c) {
                bare.text.push(c);
                bare.from.extend_from_slice(&self.from[at..at + c.len_utf8()]);
            }
        }
        bare
    }

    /// The characters of the source, first and end, that a range of bytes comes from.
    pub fn source(&self, bytes: std::ops::Range<usize>) -> (usize, usize) {
        let at = |byte: usize| self.from.get(byte).map_or(0, |from| *from as usize);
        if bytes.is_empty() { (0, 0) } else { (at(bytes.start), at(bytes.end - 1) + 1) }
    }
}

/// Where folded text is written to: a gap is written when a character follows it.
struct Out<'a> {
    text: &'a mut String,
    from: Option<&'a mut Vec<u32>>,
    /// Where this text begins.
    start: usize,
    /// Characters in the present word, and since the last point in it.
    length: usize,
    initial: usize,
    gap: bool,
    /// Whether the last character was a syllable that stands for itself.
    syllable: bool,
}

impl<'a> Out<'a> {
    fn new(text: &'a mut String, from: Option<&'a mut Vec<u32>>) -> Self {
        Self { start: text.len(), text, from, length: 0, initial: 0, gap: false, syllable: false }
    }

    fn put(&mut self, c: char, source: usize) {
        if self.gap {
            self.gap = false;
            self.write(' ', source);
        }
        self.write(c, source);
        self.length += 1;
        self.initial += 1;
    }

    fn write(&mut self, c: char, source: usize) {
        self.text.push(c);
        if let Some(from) = &mut self.from {
            from.extend(std::iter::repeat_n(source as u32, c.len_utf8()));
        }
    }

    fn gap(&mut self) {
        self.gap = self.text.len() > self.start;
        (self.length, self.initial) = (0, 0);
        self.syllable = false;
    }

    /// Begins or ends a syllable.
    fn syllable(&mut self, begins: bool, source: usize) {
        if (begins || self.syllable) && self.length > 0 && !self.gap {
            self.write('\'', source);
        }
        self.syllable = begins;
    }
}

fn write(text: &str, latin: bool, out: &mut Out<'_>) {
    // Hangul that was taken apart, as some file systems do, is put together first.
    let text = if text.chars().any(|c| ('\u{1100}'..='\u{11ff}').contains(&c)) {
        Cow::Owned(text.nfc().collect())
    } else {
        Cow::Borrowed(text)
    };
    let mut rest = text.chars();
    let mut at = 0;
    while let Some(c) = rest.next() {
        if c.is_ascii_alphanumeric() {
            if latin {
                out.syllable(false, at);
            }
            out.put(c.to_ascii_lowercase(), at);
        } else if c.is_ascii() {
            let next = rest.clone().next();
            // O'Brien is one word, and so is S.p.A.
            if c == '.' && out.initial == 1 && next.is_some_and(char::is_alphabetic) {
                out.initial = 0;
            } else if c != '\'' {
                out.gap();
            }
        } else if latin {
            latin::write(c, at, out);
        } else {
            plain(c, at, out);
        }
        at += 1;
    }
}

/// Writes one character of its own script.
fn plain(c: char, at: usize, out: &mut Out<'_>) {
    if let Some(letters) = letters(c) {
        letters.chars().for_each(|l| out.put(l, at));
    } else if is_hangul(c) || is_jamo(c) {
        out.put(c, at);
    } else {
        let mut parts = String::new();
        decompose_compatible(c, |part| parts.push(part));
        if parts.chars().any(is_jamo) {
            // A sign made of Hangul, such as one in brackets: its syllables stay whole.
            parts = parts.nfc().collect();
        }
        for part in parts.chars() {
            if is_hangul(part) { out.put(part, at) } else { simple(part, at, out) }
        }
    }
}

/// Writes a character that cannot be taken apart.
fn simple(c: char, at: usize, out: &mut Out<'_>) {
    if canonical_combining_class(c) != 0 || is_silent(c) {
        return;
    }
    if let Some(letters) = letters(c) {
        letters.chars().for_each(|l| out.put(l, at));
    } else if let Some(digit) = digit(c) {
        out.put(digit, at);
    } else if c.is_alphanumeric() {
        for lower in c.to_lowercase() {
            if canonical_combining_class(lower) == 0 {
                match letters(lower) {
                    Some(letters) => letters.chars().for_each(|l| out.put(l, at)),
                    None => out.put(lower, at),
                }
            }
        }
    } else {
        out.gap();
    }
}

/// Characters between or beside letters that part no words.
fn is_silent(c: char) -> bool {
    matches!(
        c,
        '\'' | '\u{ad}' | '\u{640}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'
            | '\u{feff}' | '‘' | '’' | 'ʼ' | 'ʻ' | 'ʿ' | 'ʾ' | 'ʹ' | 'ʺ' | '′' | '´' | '·'
    ) || ('\u{fe00}'..='\u{fe0f}').contains(&c)
}

/// Letters that do not come apart into a letter and an accent, or that are one letter to readers.
fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' | 'ẞ' => "ss",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'þ' | 'Þ' => "th",
        'ı' => "i",
        'ħ' | 'Ħ' => "h",
        'ŋ' | 'Ŋ' => "n",
        'ŧ' | 'Ŧ' => "t",
        'ə' | 'Ə' => "a",
        'ς' => "σ",
        'ك' | 'ک' => "ك",
        'ي' | 'ى' | 'ی' => "ي",
        'ه' | 'ة' | 'ہ' => "ه",
        // A company, written as one sign.
        '㈜' | '㈱' => "",
        _ => return None,
    })
}

/// A decimal digit of another script.
fn digit(c: char) -> Option<char> {
    if !c.is_numeric() || c.is_ascii() {
        return None;
    }
    let reading = any_ascii::any_ascii_char(c);
    reading.chars().next().filter(|d| reading.len() == 1 && d.is_ascii_digit())
}

fn is_hangul(c: char) -> bool {
    ('가'..='힣').contains(&c)
}

/// A part of a syllable of Hangul, by itself.
fn is_jamo(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' | '\u{ffa0}'..='\u{ffdc}')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' | '々' | '〇')
}

/// Whether words of a script are written without spaces between them.
pub(crate) fn is_dense(c: char) -> bool {
    is_hangul(c)
        || is_han(c)
        || matches!(c, '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{0e00}'..='\u{0eff}'
            | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// What a folded text, or a Latin reading, is cut into to be found by: words; of scripts without
/// spaces, each two neighbouring characters and the last by itself; of syllables, each, then each
/// two neighbouring ones as one word.
pub fn terms(folded: &str, mut each: impl FnMut(&str)) {
    for word in words(folded) {
        if word.contains('\'') {
            syllables(word, &mut each);
        } else if word.is_ascii() {
            each(cut(word));
        } else {
            runs(word, &mut each);
        }
    }
}

/// The same of what somebody looks for: without the ends that are there only to be found by.
pub fn wanted(folded: &str, mut each: impl FnMut(&str)) {
    for word in words(folded) {
        let mut last: Option<String> = None;
        if word.contains('\'') {
            word.split('\'').filter(|s| !s.is_empty()).for_each(|s| each(cut(s)));
        } else if word.is_ascii() {
            each(cut(word));
        } else {
            // The last character of a run follows its pairs; it is wanted only where it is alone.
            runs(word, |run| {
                let single = run.chars().count() == 1 && run.chars().all(is_dense);
                let ends = last.as_ref().is_some_and(|last| {
                    last.chars().count() == 2 && last.chars().all(is_dense) && last.ends_with(run)
                });
                if !(single && ends) {
                    each(run);
                }
                last = Some(run.to_owned());
            });
        }
    }
}

/// The words of a folded text.
pub fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(' ').filter(|word| !word.is_empty())
}

fn syllables(word: &str, each: &mut impl FnMut(&str)) {
    let parts = || word.split('\'').filter(|s| !s.is_empty());
    parts().for_each(|s| each(cut(s)));
    let mut pair = String::new();
    for (one, other) in parts().zip(parts().skip(1)) {
        pair.clear();
        pair.push_str(one);
        pair.push_str(other);
        each(cut(&pair));
    }
}

/// Pairs of neighbours in dense scripts, whole stretches of others.
fn runs(word: &str, mut each: impl FnMut(&str)) {
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let dense = is_dense(first);
        let end = rest.find(|c| is_dense(c) != dense).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if dense {
            for (at, _) in run.char_indices() {
                let mut two = run[at..].char_indices().skip(2);
                let end = two.next().map_or(run.len(), |(length, _)| at + length);
                each(&run[at..end]);
            }
        } else {
            each(cut(run));
        }
        rest = after;
    }
}

/// A word, or the beginning of one that is too long to be one.
pub fn cut(word: &str) -> &str {
    if word.len() <= LONGEST {
        return word;
    }
    let end = (0..=LONGEST).rev().find(|at| word.is_char_boundary(*at)).unwrap_or(0);
    &word[..end]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reading(text: &str) -> String {
        let mut out = String::new();
        latin(text, &mut out);
        out
    }

    fn cut_up(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        terms(text, |term| all.push(term.to_owned()));
        all
    }

    #[test]
    fn accents_case_width_and_punctuation_go() {
        for (text, expected) in [
            ("Société Générale S.A.", "societe generale sa"),
            ("Gamma S.p.A. No.1", "gamma spa no 1"),
            ("ŁUKASZ Straße Ørsted", "lukasz strasse orsted"),
            ("  O’Brien & Co., Ltd.  ", "obrien co ltd"),
            ("ＡＢＣ　Ｔｒａｄｉｎｇ", "abc trading"),
            ("İstanbul ılık", "istanbul ilik"),
            ("Ёлка Йод", "елка иод"),
            ("Ναυτιλιακή ΟΔΟΣ", "ναυτιλιακη οδοσ"),
            ("مُحَمَّد", "محمد"),
            ("٢٠١٩", "2019"),
            ("조선광선은행", "조선광선은행"),
            ("조선", "조선"),
            ("No. 7-B", "no 7 b"),
            ("", ""),
            ("—…", ""),
        ] {
            assert_eq!(folded(text), expected, "{text}");
        }
    }

    #[test]
    fn four_scripts_read_in_latin_letters() {
        for (text, expected) in [
            ("丹东鸿祥", "dan'dong'hong'xiang"),
            ("Рассвет Трейд", "rassvet treyd"),
            ("Щукин Хабаровск Цой", "shchukin khabarovsk tsoy"),
            ("Объединённая", "obedinennaya"),
            ("محمد", "mhmd"),
            ("محمود", "mhmud"),
            ("김정은", "gim'jeong'eun"),
            ("A公司B", "a'gong'si'b"),
            ("Société", "societe"),
        ] {
            assert_eq!(reading(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_written_without_spaces_is_cut_in_pairs() {
        assert_eq!(cut_up("丹东鸿祥 ltd"), ["丹东", "东鸿", "鸿祥", "祥", "ltd"]);
        assert_eq!(cut_up("dan'dong'hong"), ["dan", "dong", "hong", "dandong", "donghong"]);
        let mut all = Vec::new();
        wanted("丹东鸿 王", |term| all.push(term.to_owned()));
        assert_eq!(all, ["丹东", "东鸿", "王"]);
    }

    #[test]
    fn a_place_in_the_folded_text_is_one_in_the_source() {
        let text = "The Straße of 丹东";
        let mapped = Mapped::folded(text);
        let at = mapped.text.find("strasse").expect("there");
        assert_eq!(mapped.source(at..at + 7), (4, 10));
        let latin = Mapped::latin(text).squeezed();
        let at = latin.text.find("dong").expect("there");
        assert_eq!(latin.source(at..at + 4), (15, 16));
    }

    proptest! {
        #[test]
        fn folding_never_panics_and_folds_once(text in "\\PC{0,60}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once.clone());
            prop_assert!(!once.contains("  ") && once.trim() == once);
            let mapped = Mapped::latin(&text);
            prop_assert_eq!(mapped.text.len(), mapped.from.len());
            let count = text.nfc().count().max(text.chars().count());
            prop_assert!(mapped.from.iter().all(|from| (*from as usize) < count));
            terms(&once, |term| assert!(!term.is_empty()));
            terms(&mapped.text, |term| assert!(!term.is_empty()));
        }
    }
}
