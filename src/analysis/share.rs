//! Shares of a company, exactly: no floating point decides who is blocked.

use std::fmt;

/// A share in millionths of a per cent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Share(i64);

/// The lowest and the highest share that a text allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Band {
    pub low: Share,
    pub high: Share,
}

/// Decimal places of a per cent that are kept.
const PLACES: usize = 6;

impl Share {
    pub(super) const NONE: Self = Self(0);
    pub(super) const HALF: Self = Self(50_000_000);
    pub(super) const WHOLE: Self = Self(100_000_000);

    /// The sum, at most the largest number.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference, at least nothing.
    pub fn less(self, other: Self) -> Self {
        Self((self.0 - other.0).max(0))
    }

    /// A number of per cent, rounded down or up where it has more decimal places than are kept.
    fn parse(text: &str, up: bool) -> Option<Self> {
        let text = text.trim().trim_end_matches('%').trim();
        let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() && part.is_empty() || whole.len() > 9 || !digits(whole) || !digits(part)
        {
            return None;
        }
        let kept = &part[..part.len().min(PLACES)];
        let rest = &part[kept.len()..];
        let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let part: i64 = format!("{kept:0<PLACES$}").parse().ok()?;
        let more = i64::from(up && rest.bytes().any(|byte| byte != b'0'));
        Some(Self(whole * 1_000_000 + part + more))
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 1_000_000, self.0 % 1_000_000);
        let part = format!("{part:06}");
        match part.trim_end_matches('0') {
            "" => write!(f, "{whole} %"),
            part => write!(f, "{whole}.{part} %"),
        }
    }
}

impl Band {
    /// Reads `60`, `60 %`, `25-50`, `25 to 50`, `>50`, `at least 25`, `75 or more`, `<10`; `None` for
    /// any other text. More than all is no share.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase().replace("percent", "%").replace("per cent", "%");
        let text = text.trim();
        let above = [">=", "≥", ">", "at least", "more than", "over"];
        let below = ["<=", "≤", "<", "at most", "less than", "under", "up to"];
        let band = if let Some(rest) = above.iter().find_map(|word| text.strip_prefix(word)) {
            Self { low: Share::parse(rest, false)?, high: Share::WHOLE }
        } else if let Some(rest) = below.iter().find_map(|word| text.strip_prefix(word)) {
            Self { low: Share::NONE, high: Share::parse(rest, true)? }
        } else if let Some(rest) =
            ["or more", "and more", "+"].iter().find_map(|word| text.strip_suffix(word))
        {
            Self { low: Share::parse(rest, false)?, high: Share::WHOLE }
        } else if let Some((low, high)) =
            ["-", "–", "—", " to "].iter().find_map(|mark| text.split_once(mark))
        {
            Self { low: Share::parse(low, false)?, high: Share::parse(high, true)? }
        } else {
            Self { low: Share::parse(text, false)?, high: Share::parse(text, true)? }
        };
        (band.low <= band.high && band.high <= Share::WHOLE).then_some(band)
    }

    /// The narrowest band that holds both.
    pub fn around(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        Band::parse(text).map_or("unknown".into(), |band| format!("{} to {}", band.low, band.high))
    }

    #[test]
    fn shares_and_bands_are_read_exactly() {
        for (text, expected) in [
            ("60", "60 % to 60 %"),
            ("49.999999 %", "49.999999 % to 49.999999 %"),
            ("33,3333333", "33.333333 % to 33.333334 %"),
            ("25-50", "25 % to 50 %"),
            ("25 – 50 %", "25 % to 50 %"),
            ("more than 25%", "25 % to 100 %"),
            ("75 or more", "75 % to 100 %"),
            ("<10", "0 % to 10 %"),
            ("0", "0 % to 0 %"),
            (".5", "0.5 % to 0.5 %"),
            ("101", "unknown"),
            ("50-25", "unknown"),
            ("-5", "unknown"),
            ("a majority", "unknown"),
            ("1e2", "unknown"),
            ("", "unknown"),
            ("1000 shares", "unknown"),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn tenths_add_up_to_a_half() {
        let tenth = Band::parse("0.1").expect("a share").low;
        let sum = (0..500).fold(Share::NONE, |sum, _| sum.plus(tenth));
        assert_eq!(sum, Share::HALF);
    }
}
