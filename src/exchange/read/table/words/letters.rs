//! Headings in plain lower-case words, whatever their letters and their case.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Whether a character belongs to a script that writes words without blanks between them.
pub(super) fn is_unparted(c: char) -> bool {
    matches!(
        c,
        '\u{0e00}'..='\u{0e7f}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7af}'
    )
}

/// Whether a mark is a letter of its script rather than an accent: vowels of Devanagari and Thai,
/// the strokes that make カ of ガ.
fn is_letter_mark(c: char) -> bool {
    is_combining_mark(c)
        && matches!(
            c,
            '\u{0900}'..='\u{0e7f}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
                | '\u{3099}' | '\u{309a}'
        )
}

/// The letters of a text, each apart from its accents; wide and narrow forms as the usual ones.
fn apart(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(|c| {
        let one = std::iter::once(c);
        let wide = ('\u{ff01}'..='\u{ffee}').contains(&c);
        let parts: Vec<char> = if wide { one.nfkd().collect() } else { one.nfd().collect() };
        parts
    })
}

/// A heading in lower-case words without accents: `ownerBirth_date (DOB)` is
/// `owner birth date dob`, and `dir1_name` is `dir 1 name`.
pub(crate) fn normal(heading: &str) -> String {
    // Most of what is listed and asked for is plain already.
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b' ';
    if heading.bytes().all(plain)
        && !heading.starts_with(' ')
        && !heading.ends_with(' ')
        && !heading.contains("  ")
    {
        return heading.to_owned();
    }
    let mut text = String::new();
    let mut before = ' ';
    // How many letters in a row there are before.
    let mut letters = 0;
    let marks = |c: &char| is_combining_mark(*c) && !is_letter_mark(*c);
    let all: Vec<char> = apart(heading).filter(|c| !marks(c)).collect();
    for (at, c) in all.iter().copied().enumerate() {
        let numbered = c.is_ascii_digit() && letters > 1;
        // `shipIMONumber` ends its capitals before a word.
        let word =
            all.get(at + 1..at + 3).is_some_and(|next| next.iter().all(|c| c.is_lowercase()));
        let begins = c.is_uppercase() && (before.is_lowercase() || before.is_uppercase() && word);
        if numbered || begins {
            text.push(' ');
        }
        letters = if c.is_alphabetic() && !is_unparted(c) { letters + 1 } else { 0 };
        before = c;
        match c {
            '%' | '％' => text.push_str(" percent "),
            'ı' => text.push('i'),
            'ß' => text.push_str("ss"),
            'æ' | 'Æ' => text.push_str("ae"),
            'œ' | 'Œ' => text.push_str("oe"),
            'ø' | 'Ø' => text.push('o'),
            'ł' | 'Ł' => text.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => text.push('d'),
            'ə' | 'Ə' => text.push('e'),
            _ if is_letter_mark(c) => text.push(c),
            _ if c.is_alphanumeric() || c == '№' => text.extend(c.to_lowercase()),
            _ => text.push(' '),
        }
    }
    let text: String = text.nfc().map(same_letter).collect();
    text.split_whitespace().map(without_article).collect::<Vec<_>>().join(" ")
}

/// One letter for those that writers of Arabic and Persian use for each other.
fn same_letter(c: char) -> char {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ي' => 'ی',
        'ك' => 'ک',
        'ة' => 'ه',
        other => other,
    }
}

/// A word without the article that Arabic and Hebrew write before it.
fn without_article(word: &str) -> &str {
    let long = |rest: &&str| rest.chars().count() >= 3;
    word.strip_prefix("ال").or_else(|| word.strip_prefix('ה')).filter(long).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vowels_and_voices_are_letters_and_accents_are_not() {
        assert_eq!(normal("Société"), "societe");
        assert_ne!(normal("पता"), normal("पति"));
        assert_eq!(normal("フリガナ"), "フリガナ");
        assert_eq!(normal("ﾌﾘｶﾞﾅ"), "フリガナ");
        assert_eq!(normal("ＩＭＯ番号"), "imo番号");
        assert_eq!(normal("ที่อยู่"), "ที่อยู่");
    }
}
