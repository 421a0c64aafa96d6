//! Characters that nobody sees, written out.
//!
//! A name may hold characters that change how the text around them reads without being seen:
//! U+202E turns “gpj.exe” into “exe.jpg”, an escape sequence rewrites a terminal's earlier lines,
//! a zero-width space makes two names look like one. Where a person reads a name, each of them is
//! shown as `⟪U+202E⟫`. The stored text does not change.

use std::{borrow::Cow, fmt::Write as _};

/// Returns the text with every hidden or reordering character written out.
///
/// Ends of lines and tabs are written out too. Joiners that Arabic or Indic spelling needs, marks
/// of direction beside right-to-left letters, and selectors of Han variants stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    written_out(text, |_| false)
}

/// The same for a text of several lines: line feeds and tabs stay.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    written_out(text, |c| matches!(c, '\n' | '\t'))
}

fn written_out(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut kept = 0;
    let mut before = None;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let after = rest.peek().map(|(_, next)| *next);
        if !stays(c) && is_hidden(before, c, after) {
            out.push_str(&text[kept..at]);
            write!(out, "⟪U+{:04X}⟫", c as u32).ok();
            kept = at + c.len_utf8();
        }
        before = Some(c);
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// Returns a JSON text with hidden characters as JSON's own escapes, so that a terminal shows
/// them and a program reads the same values.
pub fn json_escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut units = [0; 2];
    for c in json.chars() {
        let marks = matches!(c, '\u{200c}'..='\u{200f}' | '\u{61c}');
        if c != '\n' && (marks || is_control(c)) {
            for unit in c.encode_utf16(&mut units) {
                write!(out, "\\u{unit:04x}").ok();
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a character is not seen, or moves what is, between the one before and the one after.
fn is_hidden(before: Option<char>, c: char, after: Option<char>) -> bool {
    match c {
        // Zero-width joiner and non-joiner: spelling in Arabic, Indic and other scripts, and the
        // glue of emoji; in other names they only hide.
        '\u{200c}' | '\u{200d}' => !before.is_some_and(joins),
        // Marks of direction are harmless beside letters of that direction.
        '\u{200e}' | '\u{200f}' | '\u{61c}' => {
            ![before, after].into_iter().flatten().any(is_right_to_left)
        }
        // Selectors of variants belong to the character before them.
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => {
            before.is_none_or(|b| b <= '\u{2000}')
        }
        _ => is_control(c),
    }
}

/// Whether a character never is a letter, a sign or a space of a name.
pub fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

fn joins(c: char) -> bool {
    (c >= '\u{600}' && c.is_alphabetic() && !('\u{1e00}'..='\u{2000}').contains(&c))
        // Signs that kill a vowel, after which Indic scripts choose a shape; emoji.
        || matches!(c, '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{2600}'..='\u{27bf}'
            | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_or_moves_text_is_written_out() {
        for (text, shown) in [
            ("evil\u{202e}gpj.exe", "evil⟪U+202E⟫gpj.exe"),
            ("a\u{1b}[2Jb", "a⟪U+001B⟫[2Jb"),
            ("a\nb\r\tc\u{7}", "a⟪U+000A⟫b⟪U+000D⟫⟪U+0009⟫c⟪U+0007⟫"),
            ("\u{9b}31m\u{7f}", "⟪U+009B⟫31m⟪U+007F⟫"),
            ("Acme\u{200b} Ltd", "Acme⟪U+200B⟫ Ltd"),
            ("Ac\u{200d}me", "Ac⟪U+200D⟫me"),
            ("\u{2066}x\u{2069}", "⟪U+2066⟫x⟪U+2069⟫"),
            ("a\u{200f}b", "a⟪U+200F⟫b"),
            ("x\u{e0041}", "x⟪U+E0041⟫"),
            ("a\u{2028}b", "a⟪U+2028⟫b"),
            ("i\u{fe00}", "i⟪U+FE00⟫"),
        ] {
            assert_eq!(visible(text), shown, "{text:?}");
            assert!(!visible(text).chars().any(is_control), "{text:?}");
        }
    }

    #[test]
    fn what_names_are_spelled_with_stays() {
        for text in [
            "Acme Ltd",
            "丹东鸿祥",
            "علی\u{200c}رضا",
            "שלום\u{200f}!",
            "क्\u{200d}ष",
            "葛\u{e0100}城",
            "👩\u{200d}💻",
            "Müller–Lüdenscheidt “GmbH”",
            "",
        ] {
            assert_eq!(visible(text), text, "{text:?}");
        }
        assert_eq!(visible_lines("a\n\tb\u{1b}"), "a\n\tb⟪U+001B⟫");
    }

    #[test]
    fn json_says_the_same_without_a_hidden_character() {
        let text = "a\u{1b}\u{9b}\u{202e}\u{e0041}\u{200d}丹\"\\";
        let json = json_escaped(&serde_json::json!({ text: text }).to_string());
        assert!(!json.chars().any(is_control) && !json.contains('\u{200d}'), "{json}");
        let read: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(read[text], text);
    }
}
