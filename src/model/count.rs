//! Counts as a person reads them.

/// A count with commas: "1,050".
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its word, in the singular for one: "1 chart", "1,050 charts".
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_counted_in_the_singular() {
        let words = [0, 1, 2_000].map(|n| counted(n, "chart", "charts"));
        assert_eq!(words, ["0 charts", "1 chart", "2,000 charts"]);
    }
}
