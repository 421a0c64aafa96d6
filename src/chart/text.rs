//! Breaking captions into lines.

use super::font::{Weight, clusters, is_shaped, width};
use crate::model::visible::visible;

/// Breaks text into at most `lines` lines no wider than `max`; what does not fit ends in "…".
/// Latin breaks between words, Han and Hangul anywhere, a word that is too long anywhere too.
pub fn wrap(text: &str, size: f32, weight: Weight, max: f32, lines: usize) -> Vec<String> {
    // A name made to harm may be a million characters long.
    let clean = one_line(&text.chars().take(400).collect::<String>());
    let mut done: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut pieces = pieces(&clean).into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let longer = format!("{line}{piece}");
        if width(longer.trim_end(), size, weight) <= max {
            line = longer;
            continue;
        }
        if done.len() + 1 == lines {
            let rest: String = pieces.collect();
            done.push(cut(&format!("{longer}{rest}"), size, weight, max));
            return done;
        }
        if line.trim().is_empty() {
            let (head, tail) = split(piece, size, weight, max);
            done.push(head.to_owned());
            line = tail.to_owned();
        } else {
            done.push(line.trim_end().to_owned());
            line = piece.trim_start().to_owned();
        }
        while width(line.trim_end(), size, weight) > max && done.len() + 1 < lines {
            let (head, tail) = split(&line, size, weight, max);
            let (head, tail) = (head.to_owned(), tail.to_owned());
            done.push(head);
            line = tail;
        }
    }
    if !line.trim().is_empty() || done.is_empty() {
        done.push(cut(line.trim_end(), size, weight, max));
    }
    done
}

/// The text with spaces for ends of lines and tabs, and with hidden characters written out.
pub fn one_line(text: &str) -> String {
    let spaced = text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ");
    visible(&spaced).into_owned()
}

/// One line no wider than `max`, with "…" where something had to go.
pub fn cut(text: &str, size: f32, weight: Weight, max: f32) -> String {
    let text = visible(text.trim());
    let text = text.trim();
    if width(text, size, weight) <= max {
        return text.to_owned();
    }
    let room = max - width("…", size, weight);
    format!("{}…", split(text, size, weight, room).0.trim_end())
}

/// One line no wider than `max`, with "…" in the middle where something had to go: names often
/// differ at their ends.
pub fn middle(text: &str, size: f32, weight: Weight, max: f32) -> String {
    let text = one_line(text.trim());
    if width(&text, size, weight) <= max {
        return text;
    }
    let room = max - width("…", size, weight);
    // The beginning gets a little more, as it says what the rest is about.
    let head = split(&text, size, weight, room * 0.55).0;
    let left = room - width(head, size, weight);
    let starts: Vec<usize> =
        clusters(&text).map(|range| range.start).filter(|start| *start >= head.len()).collect();
    let fits = |start: &usize| width(&text[*start..], size, weight) > left;
    let from = starts.get(starts.partition_point(fits)).copied().unwrap_or(text.len());
    format!("{}…{}", head.trim_end(), text[from..].trim_start())
}

/// One line where it fits, else two, of which the second is cut in its middle where something has to
/// go: what tells two titles apart is often at their ends.
pub fn title(text: &str, size: f32, weight: Weight, max: f32) -> Vec<String> {
    let text = one_line(text.trim());
    let mut lines = wrap(&text, size, weight, max, 2);
    if let [first, second] = &mut lines[..] {
        let rest = text.strip_prefix(first.as_str()).unwrap_or(&text);
        *second = middle(rest, size, weight, max);
    }
    lines
}

/// As much of the text as fits, at least one letter with the marks upon it, and the rest.
fn split(text: &str, size: f32, weight: Weight, max: f32) -> (&str, &str) {
    if text.chars().any(is_shaped) {
        // What letters that join or stack take is only known of all together.
        let ends: Vec<usize> = clusters(text).map(|range| range.end).collect();
        let fitting = ends.partition_point(|end| width(&text[..*end], size, weight) <= max);
        let at = ends.get(fitting.saturating_sub(1)).copied().unwrap_or(text.len());
        return text.split_at(at);
    }
    let mut used = 0.0;
    for cluster in clusters(text) {
        used += width(&text[cluster.clone()], size, weight);
        if used > max && cluster.start > 0 {
            return text.split_at(cluster.start);
        }
    }
    (text, "")
}

/// What must not be broken: words with the space behind them, single characters of the scripts
/// that have no spaces.
pub fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if at > start
            && ((before == ' ' && c != ' ') || breaks_anywhere(c) || breaks_anywhere(before))
        {
            pieces.push(&text[start..at]);
            start = at;
        }
        before = c;
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

fn breaks_anywhere(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{312f}' | '\u{31a0}'..='\u{31ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wrapped(text: &str) -> Vec<String> {
        wrap(text, 13.0, Weight::SemiBold, 130.0, 2)
    }

    #[test]
    fn words_stay_whole_and_han_breaks_anywhere() {
        assert_eq!(wrapped("Dandong Hongxiang Industrial"), ["Dandong Hongxiang", "Industrial"]);
        assert_eq!(wrapped("丹东鸿祥实业发展有限公司总部").len(), 2);
        assert_eq!(wrapped("ZTE"), ["ZTE"]);
        let long = wrapped("Dandong Hongxiang Industrial Development Company Limited");
        assert!(long.len() == 2 && long[1].ends_with('…'), "{long:?}");
        assert!(wrapped("Donaudampfschifffahrtsgesellschaft").len() == 2);
    }

    #[test]
    fn the_middle_goes_and_both_ends_stay() {
        let cut = |text: &str| middle(text, 13.0, Weight::SemiBold, 180.0);
        assert_eq!(cut("ZTE"), "ZTE");
        let name = "Harbour Light Shipping and Trading Company (Hong Kong) Limited";
        let short = cut(name);
        assert!(short.starts_with("Harbour") && short.ends_with("Limited"), "{short}");
        let han = cut("丹东鸿祥实业发展有限公司驻香港特别行政区办事处总部");
        assert!(han.starts_with("丹东") && han.ends_with("总部") && han.contains('…'), "{han}");
    }

    #[test]
    fn a_title_keeps_its_end_on_a_second_line() {
        let lines = |text: &str| title(text, 13.0, Weight::SemiBold, 130.0);
        assert_eq!(lines("ZTE"), ["ZTE"]);
        assert_eq!(lines("Note on the bank KKBC"), ["Note on the bank", "KKBC"]);
        let [a, b] = ["notice jl5059", "of the Department of Justice"]
            .map(|end| lines(&format!("Note on what the press wrote of the {end}")));
        assert!(a.len() == 2 && a[1].ends_with("jl5059"), "{a:?}");
        assert!(b.len() == 2 && b[1].ends_with("Justice") && b[1].contains('…'), "{b:?}");
        let han = lines("丹东鸿祥实业发展有限公司驻香港特别行政区办事处总部");
        assert!(han.len() == 2 && han[1].ends_with("总部"), "{han:?}");
    }

    proptest! {
        #[test]
        fn no_title_is_too_wide_or_has_more_than_two_lines(text in "\\PC{0,80}") {
            let lines = title(&text, 13.0, Weight::SemiBold, 130.0);
            prop_assert!(lines.len() <= 2, "{lines:?}");
            for line in lines {
                let width = width(&line, 13.0, Weight::SemiBold);
                prop_assert!(line.chars().count() <= 2 || width <= 131.5, "{line}");
            }
        }

        #[test]
        fn no_name_cut_in_its_middle_is_too_wide(text in "\\PC{0,80}") {
            let short = middle(&text, 13.0, Weight::SemiBold, 130.0);
            let width = width(&short, 13.0, Weight::SemiBold);
            prop_assert!(short.chars().count() <= 2 || width <= 131.5, "{short}");
        }

        #[test]
        fn no_line_is_too_wide_and_nothing_panics(text in "\\PC{0,80}") {
            let lines = wrapped(&text);
            prop_assert!((1..=2).contains(&lines.len()));
            for line in lines {
                prop_assert!(line.chars().count() <= 1 || width(&line, 13.0, Weight::SemiBold) <= 130.5, "{}", line);
            }
        }
    }
}
