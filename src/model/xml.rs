//! Text as XML holds it.

use std::fmt::Write as _;

use super::visible::{is_control, visible_lines};

/// What has a meaning in XML is written out, ends of lines too, which an attribute would lose;
/// characters that XML cannot hold are left out.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => drop(write!(out, "&#{};", c as u32)),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

/// An id: characters that nobody sees are written as references, from which a program gets the
/// same id back.
pub(crate) fn escape_id(id: &str) -> String {
    let escaped = escape(id);
    if !escaped.contains(is_control) {
        return escaped;
    }
    let mut out = String::with_capacity(escaped.len() + 8);
    for c in escaped.chars() {
        if is_control(c) {
            write!(out, "&#x{:X};", c as u32).ok();
        } else {
            out.push(c);
        }
    }
    out
}

/// A name: characters that nobody sees are shown.
pub(crate) fn escape_name(name: &str) -> String {
    escape(&visible_lines(name))
}

#[cfg(test)]
mod tests {
    use super::{escape, escape_id, escape_name};

    #[test]
    fn what_xml_cannot_hold_is_left_out_and_the_rest_is_kept() {
        assert_eq!(escape("a<b>&\"c\u{0}\u{1b}\u{ffff}\n丹"), "a&lt;b&gt;&amp;&quot;c&#10;丹");
    }

    #[test]
    fn a_name_shows_what_it_hides_and_an_id_keeps_it() {
        assert_eq!(escape_name("a\u{202e}b<\n"), "a⟪U+202E⟫b&lt;&#10;");
        assert_eq!(escape_id("a\u{202e}b<"), "a&#x202E;b&lt;");
        assert_eq!(escape_id("丹-1"), "丹-1");
    }
}
