//! The text of an HTML page, for reading and citing: blocks as lines, lists with bullets, the
//! targets of links below. Nothing runs, nothing is fetched.
//!
//! The page is hostile until read: one pass over the text without recursion, so that neither deep
//! nesting nor an unclosed tag costs more than its length.

/// The longest text that is made, in bytes.
const LONGEST: usize = 1 << 20;
/// The maximum number of links that are listed.
const LINKS: usize = 500;
/// The longest target of a link that is listed, in bytes.
const TARGET: usize = 2_000;
/// The maximum depth to which lists are indented.
const INDENT: usize = 8;
/// The longest name of an element or entity, in bytes.
const NAME: usize = 32;
/// How many tags are read between two questions whether to go on.
const BREATH: usize = 1_024;

/// Returns the text of a page, or nothing where `goes_on` said to stop.
pub(super) fn text_of(page: &str, goes_on: &dyn Fn() -> bool) -> Option<String> {
    let mut writer = Writer::default();
    let mut rest = page;
    let mut tags = 0;
    while !rest.is_empty() && writer.out.len() < LONGEST {
        let Some(at) = rest.find('<') else {
            writer.text(rest);
            break;
        };
        writer.text(&rest[..at]);
        rest = &rest[at..];
        let (token, after) = token(rest);
        rest = match token {
            Token::Sign => {
                writer.text("<");
                after
            }
            Token::Nothing => after,
            Token::Open(name, attributes) => {
                writer.open(&name, attributes);
                if is_skipped(&name) { behind(after, &name) } else { after }
            }
            Token::Close(name) => {
                writer.close(&name);
                after
            }
        };
        tags += 1;
        if tags % BREATH == 0 && !goes_on() {
            return None;
        }
    }
    Some(writer.finish())
}

enum Token<'a> {
    /// A sign that begins no tag.
    Sign,
    /// A comment, a declaration, an instruction.
    Nothing,
    /// The beginning of an element and its attributes as they stand.
    Open(String, &'a str),
    Close(String),
}

/// The token at the beginning of a text that begins with `<`, and what follows it.
fn token(text: &str) -> (Token<'_>, &str) {
    let inner = &text[1..];
    if let Some(comment) = inner.strip_prefix("!--") {
        let end = comment.find("-->").map_or(comment.len(), |end| end + 3);
        return (Token::Nothing, &comment[end..]);
    }
    let closing = inner.starts_with('/');
    let name_at = &inner[usize::from(closing)..];
    if !name_at.starts_with(|c: char| c.is_ascii_alphabetic()) {
        if inner.starts_with(['!', '?', '/']) {
            let end = inner.find('>').map_or(inner.len(), |end| end + 1);
            return (Token::Nothing, &inner[end..]);
        }
        return (Token::Sign, inner);
    }
    let length = name_at
        .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
        .unwrap_or(name_at.len());
    let name: String = name_at[..length].chars().take(NAME).collect::<String>().to_lowercase();
    let attributes = &name_at[length..];
    let end = end_of_tag(attributes);
    let after = attributes.get(end + 1..).unwrap_or_default();
    let token = if closing { Token::Close(name) } else { Token::Open(name, &attributes[..end]) };
    (token, after)
}

/// Where a tag ends: at the first `>` outside quotes.
fn end_of_tag(attributes: &str) -> usize {
    let mut quote = None;
    let mut is_value = false;
    for (at, byte) in attributes.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return at,
            // Only where a value begins does a quote quote.
            (None, b'"' | b'\'') if is_value => quote = Some(byte),
            (None, byte) => is_value = byte == b'=' || (is_value && byte.is_ascii_whitespace()),
        }
    }
    attributes.len()
}

/// Elements whose content is not text of the page.
fn is_skipped(name: &str) -> bool {
    matches!(
        name,
        "script" | "style" | "template" | "iframe" | "noframes" | "noembed" | "svg" | "math"
    )
}

/// What follows the end of a skipped element; without an end, nothing.
fn behind<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        let is_it = rest.get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name));
        if is_it && !rest[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric()) {
            let end = rest.find('>').map_or(rest.len(), |end| end + 1);
            return &rest[end..];
        }
    }
    ""
}

/// The value of an attribute.
fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/'))
            .unwrap_or(rest.len())
            .max(1);
        let end = (end..=rest.len()).find(|at| rest.is_char_boundary(*at))?;
        let name = &rest[..end];
        rest = rest[end..].trim_start();
        let Some(value) = rest.strip_prefix('=') else {
            if name.eq_ignore_ascii_case(wanted) {
                return Some(String::new());
            }
            continue;
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = if let Some(quote) = quote {
            value[1..].split_once(quote).unwrap_or((&value[1..], ""))
        } else {
            let end = value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len());
            value.split_at(end)
        };
        if name.eq_ignore_ascii_case(wanted) {
            let mut cut = value.len().min(TARGET);
            while !value.is_char_boundary(cut) {
                cut -= 1;
            }
            return Some(decoded(&value[..cut]).trim().to_owned());
        }
        rest = after;
    }
}

/// Text with its entities resolved.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let length =
            rest.bytes().take(NAME).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
        let after = &rest[length..];
        // A name without its semicolon may be a part of an address: ?a=1&copy=2.
        let named = after.starts_with(';') || rest.starts_with('#');
        match entity(&rest[..length]).filter(|_| named) {
            Some(c) => {
                out.push(c);
                rest = after.strip_prefix(';').unwrap_or(after);
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return Some(char::from_u32(code).filter(|c| *c != '\0').unwrap_or('\u{fffd}'));
    }
    const NAMED: [(&str, char); 28] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("euro", '€'),
        ("ndash", '–'),
        ("mdash", '—'),
        ("hellip", '…'),
        ("lsquo", '‘'),
        ("rsquo", '’'),
        ("sbquo", '‚'),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("bdquo", '„'),
        ("lsaquo", '‹'),
        ("rsaquo", '›'),
        ("bull", '•'),
        ("trade", '™'),
        ("larr", '←'),
        ("rarr", '→'),
        ("minus", '−'),
        ("ensp", ' '),
        ("emsp", ' '),
        ("thinsp", ' '),
        ("OElig", 'Œ'),
        ("oelig", 'œ'),
        ("Scaron", 'Š'),
    ];
    // Latin-1 from U+00A0 on, in its order.
    const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy \
        reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 \
        frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml \
        Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave \
        Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil \
        egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde \
        ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";
    NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c).or_else(|| {
        let at = LATIN.split_ascii_whitespace().position(|known| known == name)?;
        char::from_u32(0xa0 + at as u32)
    })
}

/// What is made of the page.
#[derive(Default)]
struct Writer {
    out: String,
    /// How many ends of lines are due before the next text.
    breaks: usize,
    /// Whether a space is due before the next text.
    space: bool,
    /// What stands before the next text: a bullet or number.
    bullet: Option<String>,
    /// The open lists: the number of the last item, or none for bullets.
    lists: Vec<Option<u32>>,
    /// How many preformatted elements are open.
    preformatted: usize,
    /// The target of the open link.
    link: Option<String>,
    links: Vec<String>,
}

impl Writer {
    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let text = decoded(text);
        if self.preformatted > 0 {
            self.begin();
            self.out.push_str(&text.replace('\r', ""));
            return;
        }
        for (number, word) in text.split(|c: char| c.is_whitespace() && c != '\u{a0}').enumerate() {
            self.space |= number > 0;
            if !word.is_empty() {
                self.begin();
                self.out.push_str(word);
            }
        }
    }

    /// Writes what is due before text.
    fn begin(&mut self) {
        if self.breaks > 0 || self.out.is_empty() || self.bullet.is_some() {
            if !self.out.is_empty() {
                let there = self.out.bytes().rev().take(2).take_while(|b| *b == b'\n').count();
                for _ in there..self.breaks.clamp(1, 2) {
                    self.out.push('\n');
                }
            }
            if let Some(bullet) = self.bullet.take() {
                self.out.push_str(&bullet);
            }
        } else if self.space && !self.out.ends_with([' ', '\n', '\t']) {
            self.out.push(' ');
        }
        (self.breaks, self.space) = (0, false);
    }

    fn break_line(&mut self, count: usize) {
        self.breaks = self.breaks.max(count);
        self.space &= count == 0;
    }

    fn open(&mut self, name: &str, attributes: &str) {
        match name {
            "br" => {
                self.breaks = (self.breaks + 1).min(2);
                self.space = false;
            }
            "hr" => {
                self.break_line(2);
                self.text("―――");
                self.break_line(2);
            }
            "ul" | "ol" | "menu" => {
                self.break_line(if self.lists.is_empty() { 2 } else { 1 });
                self.lists.push((name == "ol").then_some(0));
            }
            "li" => {
                self.break_line(1);
                let indent = "    ".repeat(self.lists.len().clamp(1, INDENT) - 1);
                self.bullet = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number = number.saturating_add(1);
                        format!("{indent}{number}. ")
                    }
                    _ => format!("{indent}• "),
                });
            }
            "td" | "th" => {
                if self.breaks == 0 && !self.out.is_empty() && !self.out.ends_with('\n') {
                    self.out.push('\t');
                    self.space = false;
                }
            }
            "pre" | "textarea" => {
                self.break_line(2);
                self.preformatted += 1;
            }
            "a" => {
                let target = attribute(attributes, "href").unwrap_or_default();
                let leads = !target.is_empty() && !target.starts_with('#');
                self.link = (leads && self.links.len() < LINKS).then_some(target);
            }
            "img" => {
                let words = attribute(attributes, "alt").filter(|words| !words.is_empty());
                if let Some(words) = words {
                    self.begin();
                    self.out.push_str(&format!("[{words}]"));
                }
            }
            name => self.break_line(breaks_around(name)),
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "ul" | "ol" | "menu" => {
                self.lists.pop();
                self.break_line(if self.lists.is_empty() { 2 } else { 1 });
            }
            "pre" | "textarea" => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.break_line(2);
            }
            "a" => {
                if let Some(target) = self.link.take() {
                    self.links.push(target);
                    self.out.push_str(&format!(" [{}]", self.links.len()));
                }
            }
            name => self.break_line(breaks_around(name)),
        }
    }

    fn finish(mut self) -> String {
        let mut text = std::mem::take(&mut self.out);
        text.truncate(text.trim_end().len());
        for (number, target) in self.links.iter().enumerate() {
            let gap = if number == 0 { "\n\n" } else { "\n" };
            text.push_str(&format!("{gap}[{}] {target}", number + 1));
        }
        text
    }
}

/// How many ends of lines an element has before and after it.
fn breaks_around(name: &str) -> usize {
    match name {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "table" | "section"
        | "article" | "title" | "figure" | "dl" => 2,
        "div" | "tr" | "li" | "dt" | "dd" | "header" | "footer" | "main" | "nav" | "aside"
        | "form" | "fieldset" | "caption" | "figcaption" | "address" | "center" | "option"
        | "body" | "head" | "html" => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(page: &str) -> String {
        text_of(page, &|| true).expect("not stopped")
    }

    #[test]
    fn blocks_lists_tables_and_links_are_kept() {
        let page = "<!DOCTYPE html><html><head><title>Pier  Road</title>\
            <style>p { color: red }</style><script>alert('<p>no</p>')</script></head><body>\
            <h1>Sale &amp; lease</h1><p>The <b>m/v</b>\n <i>Lantern</i> was sold&nbsp;in 2016.</p>\
            <ul><li>one<li>two<ol><li>first</li><li>second</li></ol></ul>\
            <table><tr><th>Name</th><th>Share</th></tr><tr><td>Ma</td><td>60&#x25;</td></tr></table>\
            <p>See <a href='https://example.org/a?b=1&amp;c=2'>the register</a>, a < b.<br>End \
            <img src=x alt=\"a seal\"></p><!-- hidden --></body></html>";
        assert_eq!(
            read(page),
            "Pier Road\n\nSale & lease\n\nThe m/v Lantern was sold\u{a0}in 2016.\n\n• one\n• two\n    \
             1. first\n    2. second\n\nName\tShare\nMa\t60%\n\nSee the register [1], a < b.\nEnd \
             [a seal]\n\n[1] https://example.org/a?b=1&c=2"
        );
    }

    #[test]
    fn what_is_broken_is_read_as_far_as_it_goes() {
        for (page, text) in [
            ("", ""),
            ("plain", "plain"),
            ("<", "<"),
            ("<p", ""),
            ("a<!-- no end", "a"),
            ("a<script>no end", "a"),
            ("<script>x</scripty></SCRIPT >b", "b"),
            ("<p title='>'>c</p>", "c"),
            ("<p title=\"un>closed", ""),
            (
                "it's 5 < 6 & 7 > 6 &unknown; &#0; &#xffffffff;",
                "it's 5 < 6 & 7 > 6 &unknown; \u{fffd} \u{fffd}",
            ),
            ("<a href=丹>东</a>", "东 [1]\n\n[1] 丹"),
            ("<丹>", "<丹>"),
            ("</ul></pre></a>x", "x"),
            ("<pre>a\n  b</pre>c", "a\n  b\n\nc"),
            ("<a  =x / href>t</a>", "t"),
        ] {
            assert_eq!(read(page), text, "{page:?}");
        }
    }

    #[test]
    fn a_page_made_to_harm_costs_its_length() {
        // Work is counted by how often it asks whether to go on: once in so many tags.
        for unit in [
            "<div>",
            "<ul><li>",
            "<b><i>",
            "<a href=x>",
            "<pre>",
            "<!--",
            "<script",
            "<p a='",
            "&#",
            "</",
        ] {
            let page = unit.repeat(300_000);
            let asked = std::cell::Cell::new(0_usize);
            let text = text_of(&page, &|| {
                asked.set(asked.get() + 1);
                true
            });
            assert!(asked.get() <= 600_000 / BREATH + 1, "{unit}");
            assert!(text.is_some_and(|text| text.len() <= LONGEST * 2), "{unit}");
        }
        assert_eq!(text_of(&"<b>".repeat(10_000), &|| false), None, "it stops when told to");
    }
}
