//! Dates that are known to the year, the month, the day or the second, as `FollowTheMoney`
//! writes them: `2016`, `2016-08`, `2016-08-03`, `2016-08-03T10:00:00`.

use std::{fmt, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Period;

/// A date as precise as its source. Ordered by its first day, then the less precise one first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate {
    first: Date,
    precision: Precision,
    /// What follows the day, from `T` on.
    time: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Precision {
    Year,
    Month,
    Day,
}

/// Why a text is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDate {
    /// Nothing like a date.
    #[error("“{0}” is not a date; write YYYY, YYYY-MM or YYYY-MM-DD.")]
    Unreadable(String),
    /// Day and month could be either way round.
    #[error("“{0}” could mean two different days; write YYYY-MM-DD.")]
    Ambiguous(String),
    #[error("There is no day “{0}” in the calendar; write YYYY, YYYY-MM or YYYY-MM-DD.")]
    NoSuchDay(String),
}

impl PartialDate {
    /// A whole day.
    pub fn day(date: Date) -> Self {
        Self { first: date, precision: Precision::Day, time: String::new() }
    }

    /// The first day that it may mean.
    pub fn first(&self) -> Date {
        self.first
    }

    /// The last day that it may mean.
    pub fn last(&self) -> Date {
        match self.precision {
            Precision::Year => self.first.last_of_year(),
            Precision::Month => self.first.last_of_month(),
            Precision::Day => self.first,
        }
    }

    /// [`PartialDate::first`] in days since 1970-01-01.
    pub fn first_day(&self) -> i32 {
        days(self.first)
    }

    /// [`PartialDate::last`] in days since 1970-01-01.
    pub fn last_day(&self) -> i32 {
        days(self.last())
    }

    /// Reads what a person types: the strict forms, `3 Aug 2016`, `August 2016`, `08/2016`,
    /// `2016/8/3`, `25.12.2016`. Refuses what could mean two days.
    pub fn from_input(text: &str) -> Result<Self, InvalidDate> {
        let text = text.trim();
        match text.parse() {
            Err(InvalidDate::Unreadable(_)) => {}
            done => return done,
        }
        let unreadable = || InvalidDate::Unreadable(text.to_owned());
        let parts: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || "/.-,".contains(c))
            .filter(|part| !part.is_empty())
            .collect();
        let is_year = |part: &str| part.len() == 4 && part.bytes().all(|b| b.is_ascii_digit());
        let number = |part: &str| part.parse::<i8>().map_err(|_| unreadable());
        let month = |part: &str| month_named(part).map_or_else(|| number(part), Ok);
        let (year, month, day) = match parts[..] {
            [m, y] if is_year(y) => (y, month(m)?, None),
            [y, m] if is_year(y) => (y, month(m)?, None),
            [y, m, d] if is_year(y) => (y, month(m)?, Some(number(d)?)),
            [d, m, y] if is_year(y) && month_named(m).is_some() => (y, month(m)?, Some(number(d)?)),
            [m, d, y] if is_year(y) && month_named(m).is_some() => (y, month(m)?, Some(number(d)?)),
            [a, b, y] if is_year(y) => {
                let (a, b) = (number(a)?, number(b)?);
                match (a > 12, b > 12) {
                    (true, false) => (y, b, Some(a)),
                    (false, true) => (y, a, Some(b)),
                    (false, false) if a == b => (y, a, Some(b)),
                    (false, false) => return Err(InvalidDate::Ambiguous(text.to_owned())),
                    (true, true) => return Err(InvalidDate::NoSuchDay(text.to_owned())),
                }
            }
            _ => return Err(unreadable()),
        };
        let strict = match day {
            Some(day) => format!("{year}-{month:02}-{day:02}"),
            None => format!("{year}-{month:02}"),
        };
        strict.parse().map_err(|_| InvalidDate::NoSuchDay(text.to_owned()))
    }
}

/// Days from 1970-01-01 to a date.
pub fn days(date: Date) -> i32 {
    Date::constant(1970, 1, 1).duration_until(date).as_hours() as i32 / 24
}

/// The date that is so many days after 1970-01-01; the ends of the calendar beyond it.
pub fn from_days(days: i32) -> Date {
    let epoch = Date::constant(1970, 1, 1);
    let end = if days < 0 { Date::MIN } else { Date::MAX };
    let span = jiff::Span::new().try_days(days);
    span.and_then(|span| epoch.checked_add(span)).unwrap_or(end)
}

fn month_named(text: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = text.to_lowercase();
    let at = MONTHS.iter().position(|name| text.len() >= 3 && name.starts_with(&text))?;
    Some(at as i8 + 1)
}

impl FromStr for PartialDate {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        let unreadable = || InvalidDate::Unreadable(text.to_owned());
        let (date, time) = match text.find(['T', ' ']) {
            Some(at) => (&text[..at], &text[at..]),
            None => (text, ""),
        };
        if !time.is_empty() && !is_time(&time[1..]) {
            return Err(unreadable());
        }
        let bytes = date.as_bytes();
        let shape: String =
            bytes.iter().map(|b| if b.is_ascii_digit() { '9' } else { *b as char }).collect();
        let precision = match shape.as_str() {
            "9999" => Precision::Year,
            "9999-99" => Precision::Month,
            "9999-99-99" => Precision::Day,
            _ => return Err(unreadable()),
        };
        if precision != Precision::Day && !time.is_empty() {
            return Err(unreadable());
        }
        let part = |from: usize| date.get(from..from + 2).map_or(Ok(1), str::parse::<i8>);
        let year = date.get(..4).and_then(|y| y.parse().ok()).ok_or_else(unreadable)?;
        let (month, day) = (part(5).map_err(|_| unreadable())?, part(8).map_err(|_| unreadable())?);
        let first =
            Date::new(year, month, day).map_err(|_| InvalidDate::NoSuchDay(text.to_owned()))?;
        Ok(Self { first, precision, time: time.to_owned() })
    }
}

/// Whether this is a time of day: hours, with minutes, seconds and their fraction as far as they
/// are known, and perhaps an offset.
fn is_time(text: &str) -> bool {
    let (clock, offset) = match text.find(['Z', '+', '-']) {
        Some(at) => (&text[..at], &text[at..]),
        None => (text, ""),
    };
    let (clock, fraction) = clock.split_once('.').map_or((clock, "0"), |(c, f)| (c, f));
    let below = |part: &str, end: u8| part.len() == 2 && part.parse().is_ok_and(|n: u8| n < end);
    let parts = |text: &str| {
        let mut parts = text.split(':');
        parts.next().is_some_and(|hours| below(hours, 24)) && parts.all(|part| below(part, 60))
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let colons = clock.matches(':').count();
    let offset = match offset.strip_prefix(['+', '-']) {
        Some(hours) if hours.len() == 4 && hours.is_ascii() => {
            below(&hours[..2], 24) && below(&hours[2..], 60)
        }
        Some(hours) => hours.matches(':').count() < 2 && parts(hours),
        None => matches!(offset, "" | "Z"),
    };
    colons < 3 && parts(clock) && digits(fraction) && offset
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.first;
        write!(f, "{:04}", date.year())?;
        if self.precision >= Precision::Month {
            write!(f, "-{:02}", date.month())?;
        }
        if self.precision == Precision::Day {
            write!(f, "-{:02}{}", date.day(), self.time)?;
        }
        Ok(())
    }
}

impl TryFrom<String> for PartialDate {
    type Error = InvalidDate;

    fn try_from(text: String) -> Result<Self, InvalidDate> {
        text.parse()
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.to_string()
    }
}

impl Period {
    /// The period of one day, month or year; open at both ends without one.
    pub fn on(date: Option<PartialDate>) -> Self {
        Self { from: date.clone(), to: date }
    }

    /// Whether it is open at both ends.
    pub fn is_empty(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// Whether something that began and ended at these dates may have gone on within it. What
    /// has no date at all is never outside; what has only a beginning may go on still.
    pub fn overlaps(&self, start: Option<&PartialDate>, end: Option<&PartialDate>) -> bool {
        let starts_in_time = match (&self.to, start) {
            (Some(to), Some(start)) => start.first() <= to.last(),
            _ => true,
        };
        let ends_in_time = match (&self.from, end) {
            (Some(from), Some(end)) => end.last() >= from.first(),
            _ => true,
        };
        starts_in_time && ends_in_time
    }

    /// Whether it went on within it whatever its dates mean exactly: if it began in 2016, nobody
    /// knows whether it had begun in May. What has no date counts as always there.
    pub fn surely_overlaps(&self, start: Option<&PartialDate>, end: Option<&PartialDate>) -> bool {
        let started = match (&self.to, start) {
            (Some(to), Some(start)) => start.last() <= to.last(),
            _ => true,
        };
        let goes_on = match (&self.from, end) {
            (Some(from), Some(end)) => end.first() >= from.first(),
            _ => true,
        };
        started && goes_on
    }
}

/// The year of a text that says that it is an inexact one: “circa 1951”, “vers 1951”.
pub fn about(text: &str) -> Option<&str> {
    const ABOUT: [&str; 32] = [
        "circa",
        "ca.",
        "ca",
        "c.",
        "c",
        "cca.",
        "cca",
        "approximately",
        "approx.",
        "approx",
        "appr.",
        "about",
        "abt.",
        "abt",
        "around",
        "~",
        "≈",
        "um",
        "etwa",
        "vers",
        "environ",
        "env.",
        "hacia",
        "alrededor de",
        "около",
        "ок.",
        "прибл.",
        "примерно",
        "приблизно",
        "близько",
        "約",
        "约",
    ];
    const BEHIND: [&str; 5] = ["г.", "года", "г", "年", "年頃"];
    // The year comes last, and nothing before it has digits.
    let at = text.find(|c: char| c.is_ascii_digit())?;
    let (word, rest) = text.split_at(at);
    let (year, behind) = rest.split_at_checked(4)?;
    let is_year = (year.starts_with("19") || year.starts_with("20"))
        && year.bytes().all(|byte| byte.is_ascii_digit());
    let behind = behind.trim();
    let known = ABOUT.contains(&&*word.trim().to_lowercase())
        && (behind.is_empty() || BEHIND.contains(&behind));
    (is_year && known).then_some(year)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> PartialDate {
        text.parse().expect("a valid date")
    }

    #[test]
    fn a_word_says_that_a_year_is_inexact() {
        for text in [
            "circa 1951",
            "c. 1951",
            "c1951",
            "Ca. 1951",
            "about 1951",
            "vers 1951",
            "um 1951",
            "около 1951 г.",
            "ОКОЛО 1951",
            "~1951",
            "约1951年",
        ] {
            assert_eq!(about(text), Some("1951"), "{text}");
        }
        for text in ["1951", "before 1951", "about 1951-04", "c. 19512", "about 51", "circa"] {
            assert_eq!(about(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_is_one_of_the_day() {
        for time in
            ["T10", "T10:00", " 23:59:59", "T10:00:00Z", "T10:00:00.123+08:00", "T10:00-0500"]
        {
            assert!(format!("2016-08-03{time}").parse::<PartialDate>().is_ok(), "{time}");
        }
        for time in
            ["T", "T99:99", "T24:00", "T10:", "T1:2", "T10:00:00:00", "T10+", "TZ", "T10.", "Té"]
        {
            assert!(format!("2016-08-03{time}").parse::<PartialDate>().is_err(), "{time}");
        }
    }

    #[test]
    fn a_partial_date_is_the_span_that_it_may_mean() {
        let span = |text: &str| (date(text).first().to_string(), date(text).last().to_string());
        assert_eq!(span("2016"), ("2016-01-01".into(), "2016-12-31".into()));
        assert_eq!(span("2016-02"), ("2016-02-01".into(), "2016-02-29".into()));
        assert_eq!(span("2016-08-03T10:00:00"), ("2016-08-03".into(), "2016-08-03".into()));
        assert_eq!(date("1970-01-02").first_day(), 1);
        assert_eq!(from_days(date("2016-08-03").first_day()), date("2016-08-03").first());
        assert_eq!(date("1969-12-31").first_day(), -1);
    }

    #[test]
    fn what_people_type_is_understood_unless_it_has_two_meanings() {
        for (typed, meant) in [
            ("3 Aug 2016", "2016-08-03"),
            ("August 3, 2016", "2016-08-03"),
            ("aug 2016", "2016-08"),
            ("08/2016", "2016-08"),
            ("2016/8/3", "2016-08-03"),
            ("25.12.2016", "2016-12-25"),
            ("12/25/2016", "2016-12-25"),
            (" 2016 ", "2016"),
        ] {
            assert_eq!(
                PartialDate::from_input(typed).map(|d| d.to_string()).as_deref(),
                Ok(meant),
                "{typed}"
            );
        }
        let ambiguous = PartialDate::from_input("03/04/2016").expect_err("ambiguous").to_string();
        assert!(ambiguous.contains("two different days"), "{ambiguous}");
        assert!(PartialDate::from_input("2016-02-30").is_err());
        assert!(PartialDate::from_input("soon").is_err());
    }

    #[test]
    fn a_period_dims_only_what_is_surely_outside() {
        let period = Period { from: Some(date("2010")), to: Some(date("2012-06")) };
        assert!(period.overlaps(None, None));
        assert!(period.overlaps(Some(&date("2012")), None));
        assert!(!period.overlaps(Some(&date("2012-07-01")), None));
        assert!(period.overlaps(Some(&date("2001")), None), "it may go on still");
        assert!(!period.overlaps(Some(&date("2001")), Some(&date("2009"))));
    }

    #[test]
    fn a_day_in_a_year_that_is_all_that_is_known_is_uncertain() {
        let on = |text: &str| Period::on(Some(date(text)));
        let sure = |on: &Period, start: Option<&str>, end: Option<&str>| {
            let (start, end) = (start.map(date), end.map(date));
            let may = on.overlaps(start.as_ref(), end.as_ref());
            (may, may && on.surely_overlaps(start.as_ref(), end.as_ref()))
        };
        let may = on("2016-05-01");
        assert_eq!(sure(&may, Some("2016"), None), (true, false));
        assert_eq!(sure(&may, Some("2015"), Some("2016")), (true, false));
        assert_eq!(sure(&may, Some("2015"), Some("2017")), (true, true));
        assert_eq!(sure(&may, Some("2016-05"), None), (true, false));
        assert_eq!(sure(&may, Some("2016-05-01"), Some("2016-05-01")), (true, true));
        assert_eq!(sure(&may, Some("2016-06"), None), (false, false));
        assert_eq!(sure(&may, None, Some("2016-04")), (false, false));
        assert_eq!(sure(&may, None, None), (true, true));
        // It went on at some time of that year.
        assert_eq!(sure(&on("2016"), Some("2016-05-01"), None), (true, true));
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_what_is_read_is_written_the_same(text in "\\PC{0,24}") {
            PartialDate::from_input(&text).ok();
            if let Ok(date) = text.parse::<PartialDate>() {
                prop_assert_eq!(date.to_string(), text);
            }
        }
    }
}
