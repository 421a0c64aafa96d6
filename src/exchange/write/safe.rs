//! Cells that a spreadsheet would take for formulas.
//!
//! OWASP's rule: what begins with `=`, `+`, `-`, `@`, a tab or an end of line is run by some
//! program that opens the file, also behind spaces, on a later line of a cell, and in full-width
//! forms. An apostrophe before it makes it text. Numbers stay numbers.

use std::borrow::Cow;

/// A cell that no spreadsheet takes for a formula.
pub fn cell(text: &str) -> Cow<'_, str> {
    if !is_dangerous(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 4);
    for (number, line) in text.split_inclusive(['\n', '\r']).enumerate() {
        let first = number == 0 && text.starts_with(['\t', '\n', '\r']);
        if first || begins_a_formula(line) {
            out.push('\'');
        }
        out.push_str(line);
    }
    Cow::Owned(out)
}

/// Whether a spreadsheet would take it for a formula.
pub(crate) fn is_dangerous(text: &str) -> bool {
    text.starts_with(['\t', '\n', '\r'])
        || (text.split(['\n', '\r']).any(begins_a_formula) && !is_number(text))
}

fn begins_a_formula(line: &str) -> bool {
    line.trim_start_matches(is_blank)
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹢', '﹣', '﹦', '﹫', '−'])
}

/// What may stand before a formula without hindering it.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Digits with at most a sign before them and a point among them.
fn is_number(text: &str) -> bool {
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, decimals) = bare.split_once('.').unwrap_or((bare, "0"));
    [whole, decimals]
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A number that a spreadsheet keeps to the last digit; no code that begins with a zero.
pub fn number(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let bare = text.strip_prefix('-').unwrap_or(text);
    let padded = bare.len() > 1 && bare.starts_with('0') && !bare.starts_with("0.");
    if text.starts_with('+') || padded || digits > 15 || !is_number(text) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_however_they_are_dressed_up() {
        for text in [
            "=1+1",
            "=cmd|' /C calc'!A0",
            "+1+1",
            "-1+1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "  =1",
            "\u{a0}=1",
            "\u{feff}=1",
            "\u{200b}=1",
            "name\n=1",
            "name\r\n  @x",
            "＝1+1",
            "＋1",
            "－x",
            "＠x",
            "+49 30 1",
        ] {
            let made = cell(text);
            assert!(made.contains('\''), "{text:?} became {made:?}");
            assert!(!is_dangerous(&made), "{text:?} became {made:?}");
            assert_eq!(made.replace('\'', ""), text.replace('\'', ""), "only text is added");
        }
    }

    #[test]
    fn no_way_of_hiding_a_formula_helps() {
        let before = [
            "", " ", "\t", "\r", "\n", "\u{a0}", "\u{3000}", "\u{feff}", "\u{200b}", "\u{200e}",
            "a\n", "a\r\n ",
        ];
        let signs = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "−"];
        let after = ["1+1", "cmd|' /C calc'!A0", "SUM(A1)", "HYPERLINK(\"//a\")", "=1", ""];
        let mut count = 0;
        for text in before.iter().flat_map(|b| signs.iter().map(move |s| format!("{b}{s}"))) {
            for text in after.iter().map(|after| format!("{text}{after}")) {
                let made = cell(&text);
                assert!(!is_dangerous(&made), "{text:?} became {made:?}");
                assert_eq!(made.replace('\'', ""), text.replace('\'', ""), "only text is added");
                assert_eq!(cell(&made), made, "it is safe now");
                count += 1;
            }
        }
        assert_eq!(count, 720);
    }

    #[test]
    fn numbers_and_names_stay_as_they_are() {
        for text in ["-12.5", "+861234567", "60", "A-1", "a=b", "丹东", "", "O'Neill", "a\nb"] {
            assert_eq!(cell(text), text);
        }
        assert_eq!(number("-12.5"), Some(-12.5));
        for text in ["+1", "007", "1e5", "1234567890123456", "", "-", "1."] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
