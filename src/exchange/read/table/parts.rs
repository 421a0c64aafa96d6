//! Several values in one cell: parted by a sign, numbered, or as a program writes a list.

/// What stands between a name and the same in another script behind it.
pub(super) const BRACKET: &str = " (";

/// Whether most cells with brackets have the name before them once more within, in another script.
pub(super) fn in_two_scripts(cells: &[&str]) -> bool {
    let has_letters = |text: &str| text.chars().any(char::is_alphabetic);
    let latin = |c: char| c.is_ascii_alphabetic() || ('À'..='ɏ').contains(&c);
    let of_one = |text: &str, wanted: bool| {
        text.chars().filter(|c| c.is_alphabetic()).all(|c| latin(c) == wanted)
    };
    let (mut all, mut twice) = (0, 0);
    for cell in cells {
        let Some((before, inside)) = cell.split_once(BRACKET) else { continue };
        let Some(inside) = inside.strip_suffix(')') else { continue };
        all += 1;
        let long = inside.chars().filter(|c| c.is_alphabetic()).count() > 3;
        let both = has_letters(before) && has_letters(inside);
        let unlike = of_one(before, true) && of_one(inside, false)
            || of_one(before, false) && of_one(inside, true);
        twice += usize::from(long && both && unlike);
    }
    twice > 1 && twice * 2 > all
}

/// What stands between two names of one entity.
pub(super) const SLASH: &str = " / ";

/// Whether some cells have names with a slash between them, and no cell has one that parts anything
/// but names.
pub(super) fn are_slashed(cells: &[&str]) -> bool {
    let is_name = |part: &str| {
        part.chars().filter(|c| c.is_alphabetic()).count() > 1
            && !part.chars().any(|c| c.is_ascii_digit())
    };
    let mut slashed = cells.iter().filter(|cell| cell.contains(SLASH)).peekable();
    slashed.peek().is_some()
        && slashed.all(|cell| cell.split(SLASH).all(|part| is_name(part.trim())))
}

/// The parts of a cell between which a text stands.
pub(super) fn of(text: &str, split: &str) -> Vec<String> {
    if let Some(items) = listed(text) {
        return items;
    }
    let text = if split == BRACKET { text.trim_end_matches(')') } else { text };
    let parts: Vec<&str> = text.split(split).map(str::trim).collect();
    // “a) Eritrea; b) Spain” is numbered, “b) Ltd” alone is not.
    let numbered = parts.len() > 1 && parts.iter().all(|part| unnumbered(part).is_some());
    let bare = |part: &&str| unnumbered(part).filter(|_| numbered).unwrap_or(part).to_owned();
    parts.iter().map(bare).collect()
}

/// The items of a list as programs write it: `['BY', 'CY']`.
pub(super) fn listed(text: &str) -> Option<Vec<String>> {
    let inside = text.trim().strip_prefix('[')?.strip_suffix(']')?.trim();
    if inside.is_empty() {
        return Some(Vec::new());
    }
    let quote = inside.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let inside = inside.strip_prefix(quote)?.strip_suffix(quote)?;
    let between = [format!("{quote}, {quote}"), format!("{quote},{quote}")];
    let between = between.iter().find(|between| inside.contains(between.as_str()));
    let items: Vec<String> = match between {
        Some(between) => inside.split(between.as_str()).map(str::to_owned).collect(),
        None => vec![inside.to_owned()],
    };
    let plain = items.iter().all(|item| !item.contains(['[', ']', '{', '}', quote]));
    plain.then_some(items)
}

/// A part without the letter or number that counts it.
fn unnumbered(part: &str) -> Option<&str> {
    let (mark, rest) = part.trim_start_matches('(').split_once(')')?;
    let counts = mark.len() <= 2 && mark.chars().all(|c| c.is_ascii_alphanumeric());
    (counts && !mark.is_empty() && rest.starts_with(' ')).then(|| rest.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_without_what_counts_them() {
        assert_eq!(of("A; B", ";"), ["A", "B"]);
        assert_eq!(of("a) 12 Mar. 1962; b) 1963", ";"), ["12 Mar. 1962", "1963"]);
        assert_eq!(of("(1) A; B (2) C", ";"), ["(1) A", "B (2) C"]);
        assert_eq!(of("['BY', 'CY']", ","), ["BY", "CY"]);
        assert_eq!(of("[\"BY\"]", ","), ["BY"]);
        assert!(of("[]", ",").is_empty());
        assert_eq!(of("Gleb Voronov (Глеб Воронов)", BRACKET), ["Gleb Voronov", "Глеб Воронов"]);
        assert!(in_two_scripts(&["Łucja (Луция)", "Gleb (Глеб)", "Mirage (Cyprus) Ltd"]));
        assert!(!in_two_scripts(&["Mirage Ltd (Cyprus)", "Gleb (Глеб)"]));
        assert!(are_slashed(&["A. Norden; Alba N.", "B. Kellner / Boris K."]));
        assert!(!are_slashed(&["Norden A/S", "B. Kellner"]));
        assert!(!are_slashed(&["B. Kellner / 12", "Norden / Vance"]));
        assert_eq!(listed("[x]"), None);
        assert_eq!(listed("[{'charge': 'x'}, {'charge': 'y'}]"), None);
    }
}
