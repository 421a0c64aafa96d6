//! Text as XML holds it.

use std::fmt::Write as _;

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

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn what_xml_cannot_hold_is_left_out_and_the_rest_is_kept() {
        assert_eq!(escape("a<b>&\"c\u{0}\u{1b}\u{ffff}\n丹"), "a&lt;b&gt;&amp;&quot;c&#10;丹");
    }
}
