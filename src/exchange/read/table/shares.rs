//! Shares that are ranges: `25–50 %`, *More than 25% but not more than 50%*.

/// The two ends of a range of shares, with points before their decimals.
pub(super) fn range(text: &str) -> Option<[String; 2]> {
    let numbers: Vec<(usize, &str)> = numbers(text);
    let [(_, from), (start, to)] = numbers[..] else { return None };
    let lower = text.to_lowercase();
    let (from, to) = (from.replace(',', "."), to.replace(',', "."));
    let (one, other) = (from.parse::<f64>().ok()?, to.parse::<f64>().ok()?);
    let words: String = lower
        .chars()
        .map(|c| if c.is_alphabetic() || c == '-' || c == '–' || c == '—' { c } else { ' ' })
        .collect();
    let known = [
        "to", "and", "between", "more", "than", "but", "not", "less", "percent", "up", "of",
        "from", "bis", "von", "à", "de", "et", "entre", "от", "до", "%", "-", "–", "—", "at",
        "least", "or", "a", "e", "至", "到",
    ];
    let plain = words.split_whitespace().all(|word| known.contains(&word));
    // What the UK's registers call a band of shares.
    let band = lower.starts_with("ownership-of-shares-") || lower.starts_with("voting-rights-");
    // “1/3” is one share, and so is “33.3 (1 of 3)”.
    let parted = start > 0 && !text.contains('/') && !text.contains('(');
    (parted && (plain || band) && one < other && other <= 100.0).then_some([from, to])
}

/// The numbers of a text, each with its place.
fn numbers(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let within = c.is_ascii_digit() || matches!(c, '.' | ',') && start.is_some();
        match (within, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push((from, text[from..at].trim_end_matches(['.', ','])));
                start = None;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_two_ends_and_a_share_is_none() {
        for (text, ends) in [
            ("25-50%", Some(["25", "50"])),
            ("25–50 %", Some(["25", "50"])),
            ("50 to 75", Some(["50", "75"])),
            ("between 25% and 50%", Some(["25", "50"])),
            ("More than 25% but not more than 50%", Some(["25", "50"])),
            ("ownership-of-shares-75-to-100-percent", Some(["75", "100"])),
            ("ownership-of-shares-25-to-50-percent-as-trust", Some(["25", "50"])),
            ("от 25 до 50 %", Some(["25", "50"])),
            ("12,5–25 %", Some(["12.5", "25"])),
            ("33,34 %", None),
            (">25%", None),
            ("1/3", None),
            ("50", None),
            ("33.3", None),
            ("75-25", None),
            ("100 of 2500", None),
            ("-5", None),
        ] {
            assert_eq!(range(text), ends.map(|ends| ends.map(str::to_owned)), "{text}");
        }
    }
}
