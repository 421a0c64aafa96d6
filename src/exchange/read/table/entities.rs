//! Characters that a web page wrote as entities, and that a table kept so: `&#8220;`, `&amp;`.

/// Names that tables taken from web pages have, and what they stand for.
const NAMES: [(&str, char); 16] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("shy", '\u{ad}'),
];
/// The longest entity, in bytes between its marks.
const LONGEST: usize = 8;

/// A text with the characters that its entities stand for; none where it has no entity. What only
/// looks like one stays as it is.
pub(super) fn decoded(text: &str) -> Option<String> {
    let (first, _) = next(text)?;
    let mut plain = String::with_capacity(text.len());
    plain.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some((at, (long, c))) = next(rest) {
        plain.push_str(&rest[..at]);
        plain.push(c);
        rest = &rest[at + long..];
    }
    plain.push_str(rest);
    Some(plain)
}

/// Where the next entity begins, how long it is, and what it stands for.
fn next(text: &str) -> Option<(usize, (usize, char))> {
    text.match_indices('&').find_map(|(at, _)| Some((at, entity(&text[at + 1..])?)))
}

/// The entity with which a text begins behind its `&`: how long it is with its marks, and its
/// character.
fn entity(text: &str) -> Option<(usize, char)> {
    let end = text.bytes().take(LONGEST + 1).position(|byte| byte == b';')?;
    let name = &text[..end];
    let number = |digits: &str, base: u32| u32::from_str_radix(digits, base).ok();
    let c = if let Some(hex) = name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
        char::from_u32(number(hex, 16)?)
    } else if let Some(digits) = name.strip_prefix('#') {
        char::from_u32(number(digits, 10)?)
    } else {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
    };
    let c = c.filter(|c| !c.is_control() || *c == '\n')?;
    Some((end + 2, c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_what_they_stand_for_and_nothing_else_changes() {
        let plain = |text: &str| decoded(text).unwrap_or_else(|| text.to_owned());
        assert_eq!(plain("Alba &#8220;Norden&#8221; &amp; Co"), "Alba “Norden” & Co");
        assert_eq!(plain("&#x738B;&#21894;"), "王喆");
        assert_eq!(plain("A &amp;amp; B"), "A &amp; B", "once");
        for text in
            ["A & B; C", "R&D", "?a=1&copy=2;", "&#0;", "&#x110000;", "&unknown;", "&;", "&"]
        {
            assert_eq!(decoded(text), None, "{text}");
        }
    }
}
