//! Dates as tables write them: in several languages, with the day or the month first, with a
//! time, by a pattern.

use serde::{Deserialize, Serialize};

use crate::model::{PartialDate, date};

/// Which comes first where both are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// `31/12/2016`.
    Day,
    /// `12/31/2016`.
    Month,
}

/// What a cell tells of the order in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It must be this order.
    Is(Order),
    /// It could be either.
    Either,
}

/// The order that a heading states: “Date (DD/MM/YYYY)”.
pub(super) fn order_in(heading: &str) -> Option<Order> {
    let letters: String = heading
        .to_lowercase()
        .chars()
        .map(|c| if matches!(c, '-' | '.' | ' ') { '/' } else { c })
        .collect();
    let says = |forms: &[&str]| forms.iter().any(|form| letters.contains(form));
    if says(&["dd/mm/y", "d/m/y", "tt/mm/j", "jj/mm/a", "dd/mm/a", "дд/мм/г", "gg/aa/y"]) {
        Some(Order::Day)
    } else {
        says(&["mm/dd/y", "m/d/y"]).then_some(Order::Month)
    }
}

/// The order of the language of a heading: “Date de naissance”, “Geburtsdatum”, “Дата рождения”.
/// English headings are of lands of either order.
pub(super) fn order_of_language(heading: &str) -> Option<Order> {
    const STEMS: [&str; 36] = [
        "naissance",
        "décès",
        "création",
        "clôture",
        "immatriculation",
        "fecha",
        "nacimiento",
        "constitución",
        "nascimento",
        "nascita",
        "costituzione",
        "geburt",
        "geboren",
        "gründung",
        "datum",
        "geboorte",
        "oprichting",
        "urodzenia",
        "rejestracji",
        "narození",
        "naşter",
        "nașter",
        "nasterii",
        "дата",
        "рожден",
        "регистрац",
        "народж",
        "tarih",
        "doğum",
        "ngày",
        "tanggal",
        "tarikh",
        "ημερομηνία",
        "תאריך",
        "تاريخ",
        "syntymä",
    ];
    // What the word for a date is followed by in French, Italian and Portuguese.
    const AFTER: [(&str, &str); 11] = [
        ("date", "de"),
        ("date", "du"),
        ("date", "d"),
        ("date", "des"),
        ("né", "le"),
        ("née", "le"),
        ("data", "di"),
        ("data", "de"),
        ("data", "do"),
        ("data", "da"),
        ("data", "della"),
    ];
    let lower = heading.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let stem = words.iter().any(|word| {
        STEMS.iter().any(|stem| word.starts_with(stem))
            || word.ends_with("datum")
            || *word == "dato"
    });
    let pair = || words.windows(2).any(|pair| AFTER.contains(&(pair[0], pair[1])));
    (stem || pair()).then_some(Order::Day)
}

/// What a date tells of the order in its column; nothing where its own form says what is what.
pub(super) fn order_of(text: &str) -> Option<Told> {
    let (a, b, _) = three(date_and_time(text).0)?;
    match (a, b) {
        (13..=31, 1..=12) => Some(Told::Is(Order::Day)),
        (1..=12, 13..=31) => Some(Told::Is(Order::Month)),
        (1..=12, 1..=12) if a != b => Some(Told::Either),
        _ => None,
    }
}

/// Day and month in their order, and the year, of a date such as `03/04/2016`.
fn three(text: &str) -> Option<(u8, u8, u16)> {
    let mut parts = text.split(['/', '.', '-', ' ']).filter(|part| !part.is_empty());
    let (a, b, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || a.len() > 2 || b.len() > 2 {
        return None;
    }
    Some((a.parse().ok()?, b.parse().ok()?, year.parse().ok()?))
}

/// A date in `FollowTheMoney`'s spelling. A year that is none of this calendar is refused.
pub(super) fn read(text: &str, order: Option<Order>) -> Result<String, String> {
    let date = read_any(text, order)?;
    match date.get(..4).and_then(|year| year.parse::<u16>().ok()) {
        Some(year @ (1..=1500 | 2400..)) => {
            Err(format!("the year {year} of “{text}” seems to be one of another calendar"))
        }
        _ => Ok(date),
    }
}

fn read_any(text: &str, order: Option<Order>) -> Result<String, String> {
    let text = text.trim();
    let refused = match PartialDate::from_input(text) {
        Ok(date) => return Ok(date.to_string()),
        Err(error) => error.to_string(),
    };
    // The doubt stays in what the cell says.
    if let Some(year) = date::about(text) {
        return Ok(year.to_owned());
    }
    if let Some(day) = serial(text) {
        return Ok(day);
    }
    let (date, time) = date_and_time(text);
    // What is not known of a date is written as 00.
    if let Some((a, b, year)) = three(date).filter(|(a, b, _)| *a == 0 || *b == 0) {
        let month = if order == Some(Order::Month) { a } else { b };
        let strict =
            if month == 0 { format!("{year:04}") } else { format!("{year:04}-{month:02}") };
        let parsed = strict.parse::<PartialDate>().map(|date| date.to_string());
        return parsed.map_err(|error| error.to_string());
    }
    if let (Some(order), Some((a, b, year))) = (order, three(date)) {
        let (day, month) = if order == Order::Day { (a, b) } else { (b, a) };
        let strict = format!("{year:04}-{month:02}-{day:02}{time}");
        return strict
            .parse::<PartialDate>()
            .map(|date| date.to_string())
            .map_err(|e| e.to_string());
    }
    if two_digits(date) {
        return Err(format!("the year of “{text}” has two digits only"));
    }
    let respelled = respelled(date);
    match PartialDate::from_input(&respelled) {
        Ok(date) if time.is_empty() || respelled.len() < 8 => Ok(date.to_string()),
        Ok(date) => {
            let whole = format!("{date}{time}");
            Ok(whole.parse::<PartialDate>().unwrap_or(date).to_string())
        }
        Err(_) => Err(refused),
    }
}

/// The day that a spreadsheet counts as so many from the end of 1899: five digits are no year.
fn serial(text: &str) -> Option<String> {
    let days: i32 = text.parse().ok()?;
    let known = text.len() == 5 && (10_959..=60_000).contains(&days);
    known.then(|| date::from_days(days - 25_569).to_string())
}

/// A date and the time of day behind it, `T` and all, if there is one.
fn date_and_time(text: &str) -> (&str, String) {
    let text = text.trim();
    let Some((date, clock)) = text.split_once([' ', 'T']) else { return (text, String::new()) };
    // “26/05/2026 - 16:00”.
    let clock = clock.trim_start_matches(['-', '–', ' ']);
    if !clock.contains(':') || !clock.starts_with(|c: char| c.is_ascii_digit()) {
        return (text, String::new());
    }
    let upper = clock.trim().to_uppercase();
    let (digits, half) = match upper.strip_suffix("AM").or_else(|| upper.strip_suffix("PM")) {
        Some(digits) => (digits.trim(), upper.ends_with("PM").then_some(12).or(Some(0))),
        None => (upper.as_str(), None),
    };
    let mut parts: Vec<u32> = Vec::new();
    for part in digits.split(':') {
        match part.parse() {
            Ok(number) => parts.push(number),
            Err(_) => return (date.trim_end_matches(','), format!("T{digits}")),
        }
    }
    if let (Some(half), Some(hour)) = (half, parts.first_mut()) {
        *hour = *hour % 12 + half;
    }
    let parts: Vec<String> = parts.iter().map(|part| format!("{part:02}")).collect();
    // Midnight is how programs write that there is no time.
    let clock = parts.join(":");
    let none = matches!(&*clock, "00:00" | "00:00:00");
    (date.trim_end_matches(','), if none { String::new() } else { format!("T{clock}") })
}

fn two_digits(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['/', '.', '-']).collect();
    parts.len() == 3
        && parts.iter().all(|part| {
            (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// The same date in a form that is read everywhere: English months, dashes.
fn respelled(text: &str) -> String {
    if text.len() == 8
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text.starts_with("19") || text.starts_with("20"))
    {
        return format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]);
    }
    if text.contains(['年', '년']) {
        let dashes: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| if matches!(c, '年' | '년' | '月' | '월') { '-' } else { c })
            .filter(|c| !matches!(c, '日' | '일'))
            .collect();
        return dashes.trim_end_matches('-').to_owned();
    }
    let words = text.split([' ', ',', '.', '-', '/']).filter(|word| !word.is_empty());
    let mut parts = Vec::new();
    for word in words {
        let lower = word.to_lowercase();
        if matches!(&*lower, "de" | "del" | "г" | "года" | "року" | "р" | "of" | "den" | "le")
        {
            continue;
        }
        if let Some(month) = month(&lower) {
            parts.push(month.to_owned());
        } else {
            let digits = lower.trim_end_matches(|c: char| !c.is_ascii_digit());
            // “3rd”, “1er”.
            let ordinal = matches!(&lower[digits.len()..], "st" | "nd" | "rd" | "th" | "er" | "");
            parts.push(if ordinal && !digits.is_empty() { digits.to_owned() } else { lower });
        }
    }
    parts.join(" ")
}

/// The English name of a month by its name or the beginning of it in another language.
fn month(lower: &str) -> Option<&'static str> {
    const MONTHS: [(&str, &[&str]); 12] = [
        ("jan", &["jan", "jän", "ene", "gen", "янв", "січ", "sty", "led", "oca"]),
        ("feb", &["feb", "fév", "fev", "фев", "лют", "lut", "úno", "şub"]),
        ("mar", &["mar", "mär", "mrz", "мар", "бер", "bře", "maa"]),
        ("apr", &["apr", "avr", "abr", "апр", "кві", "kwi", "dub", "nis"]),
        ("may", &["may", "mai", "maj", "mag", "май", "мая", "тра", "kvě", "mei"]),
        ("jun", &["jun", "juin", "giu", "июн", "чер", "cze", "haz"]),
        ("jul", &["jul", "juil", "lug", "июл", "лип", "lip", "tem"]),
        ("aug", &["aug", "aoû", "aou", "ago", "авг", "сер", "sie", "srp", "ağu"]),
        ("sep", &["sep", "set", "сен", "вер", "wrz", "zář", "eyl"]),
        ("oct", &["oct", "okt", "ott", "out", "окт", "жов", "paź", "říj", "eki"]),
        ("nov", &["nov", "ноя", "лис", "kas"]),
        ("dec", &["dec", "dez", "déc", "dic", "дек", "гру", "gru", "pro", "ara"]),
    ];
    if lower.chars().count() < 3 || !lower.chars().all(char::is_alphabetic) {
        return None;
    }
    // The longest beginning wins: “juil” before “jui”.
    MONTHS
        .iter()
        .flat_map(|(month, names)| names.iter().map(move |name| (*month, *name)))
        .filter(|(_, name)| lower.starts_with(name))
        .max_by_key(|(_, name)| name.len())
        .map(|(month, _)| month)
}

/// A date by a pattern as of `strptime`: `%d.%m.%Y`.
pub(super) fn formatted(text: &str, pattern: &str) -> Result<String, String> {
    let refused = || format!("“{text}” is not a date of the form {pattern}");
    let (mut year, mut month_, mut day) = (None, None, None);
    let mut rest = text.trim();
    let mut chars = pattern.trim().chars();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            rest = rest.trim_start();
            continue;
        }
        if c != '%' {
            rest = rest.strip_prefix(c).ok_or_else(refused)?;
            continue;
        }
        let kind = chars.next().ok_or_else(refused)?;
        let most = match kind {
            'Y' => 4,
            'd' | 'm' | 'y' | 'H' | 'I' | 'M' | 'S' | 'e' => 2,
            'j' => 3,
            'f' => 9,
            'b' | 'B' | 'a' | 'A' | 'p' | 'Z' | 'z' => 0,
            '%' => {
                rest = rest.strip_prefix('%').ok_or_else(refused)?;
                continue;
            }
            _ => {
                return Err(format!(
                    "the form of dates “{pattern}” has “%{kind}”, which is not understood"
                ));
            }
        };
        let fits = |c: char| {
            if most > 0 { c.is_ascii_digit() } else { c.is_alphabetic() || "+:".contains(c) }
        };
        let length: usize = rest
            .chars()
            .take(if most > 0 { most } else { 40 })
            .take_while(|c| fits(*c))
            .map(char::len_utf8)
            .sum();
        let (taken, left) = rest.split_at(length);
        if taken.is_empty() {
            return Err(refused());
        }
        rest = left;
        let number = || taken.parse::<u16>().map_err(|_| refused());
        match kind {
            'Y' => year = Some(number()?),
            // As POSIX has it: 69 to 99 are of the last century.
            'y' => year = Some(number().map(|y| if y < 69 { 2000 + y } else { 1900 + y })?),
            'm' => month_ = Some(number()?),
            'd' | 'e' => day = Some(number()?),
            'b' | 'B' => {
                const ORDER: [&str; 12] = [
                    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec",
                ];
                let named = month(&taken.to_lowercase()).ok_or_else(refused)?;
                month_ = ORDER.iter().position(|name| *name == named).map(|at| at as u16 + 1);
            }
            _ => {}
        }
    }
    if !rest.trim().is_empty() {
        return Err(refused());
    }
    let strict = match (year, month_, day) {
        (Some(y), Some(m), Some(d)) => format!("{y:04}-{m:02}-{d:02}"),
        (Some(y), Some(m), None) => format!("{y:04}-{m:02}"),
        (Some(y), None, None) => format!("{y:04}"),
        _ => return Err(refused()),
    };
    strict.parse::<PartialDate>().map(|date| date.to_string()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_heading_may_state_the_order() {
        assert_eq!(order_in("Date of Incorporation (D-M-Y)"), Some(Order::Day));
        assert_eq!(order_in("Geboren (TT.MM.JJJJ)"), Some(Order::Day));
        assert_eq!(order_in("Filed, mm/dd/yyyy"), Some(Order::Month));
        assert_eq!(order_in("Comm. date"), None);
    }

    #[test]
    fn the_language_of_a_heading_decides_what_comes_first() {
        for heading in [
            "Date de naissance",
            "Date d'immatriculation",
            "Fecha de nacimiento",
            "Geburtsdatum",
            "Дата рождения",
            "date_naissance",
            "Data di nascita",
            "Data de nascimento",
            "Doğum tarihi",
            "Дата народження",
            "Geboortedatum",
            "Data urodzenia",
        ] {
            assert_eq!(order_of_language(heading), Some(Order::Day), "{heading}");
        }
        for heading in [
            "Date of birth",
            "DOB",
            "Date",
            "Date debited",
            "Data date",
            "Update",
            "Registration date",
        ] {
            assert_eq!(order_of_language(heading), None, "{heading}");
        }
    }

    #[test]
    fn dates_of_many_lands() {
        for (text, order, kept) in [
            ("03/04/2016", Some(Order::Day), "2016-04-03"),
            ("03/04/2016", Some(Order::Month), "2016-03-04"),
            ("3.4.2016 12:30", Some(Order::Day), "2016-04-03T12:30"),
            ("03/04/2016 00:00:00", Some(Order::Day), "2016-04-03"),
            ("4/3/2016 1:05 PM", Some(Order::Month), "2016-04-03T13:05"),
            ("2016-04-03 12:30:00", None, "2016-04-03 12:30:00"),
            ("20160403", None, "2016-04-03"),
            ("00/00/1958", None, "1958"),
            ("00/05/1958", Some(Order::Day), "1958-05"),
            ("2016年4月3日", None, "2016-04-03"),
            ("2016년 4월 3일", None, "2016-04-03"),
            ("2016年4月", None, "2016-04"),
            ("3 апреля 2016 г.", None, "2016-04-03"),
            ("3. März 2016", None, "2016-03-03"),
            ("1er août 2016", None, "2016-08-01"),
            ("3 de abril de 2016", None, "2016-04-03"),
            ("April 3rd, 2016", None, "2016-04-03"),
            ("juillet 2016", None, "2016-07"),
            ("vers 1951", None, "1951"),
            ("about 1951", None, "1951"),
            ("около 1951 г.", None, "1951"),
        ] {
            assert_eq!(read(text, order).as_deref(), Ok(kept), "{text}");
        }
        for (text, said) in [
            ("03/04/2016", "two different days"),
            ("03/04/16", "two digits"),
            ("31.02.2016", "no day"),
            ("soon", "not a date"),
            ("1346/12/21", "another calendar"),
            ("25/05/2559", "another calendar"),
        ] {
            let error = read(text, None).expect_err(text);
            assert!(error.contains(said), "{error}");
        }
        assert!(read("25/12/2016", Some(Order::Month)).is_ok(), "it can mean one day only");
    }

    #[test]
    fn a_pattern_is_followed() {
        for (text, pattern, kept) in [
            ("03.04.16", "%d.%m.%y", "2016-04-03"),
            ("04-03-1969", "%m-%d-%Y", "1969-04-03"),
            ("3 Apr 2016", "%d %b %Y", "2016-04-03"),
            ("20160403T101500", "%Y%m%dT%H%M%S", "2016-04-03"),
            ("2016", "%Y", "2016"),
        ] {
            assert_eq!(formatted(text, pattern).as_deref(), Ok(kept), "{text}");
        }
        assert!(formatted("2016-04-03", "%d.%m.%Y").is_err());
        assert!(formatted("2016", "%Q").expect_err("unknown").contains("%Q"));
    }

    #[test]
    fn the_order_of_a_column_is_told_by_what_can_mean_one_day_only() {
        assert_eq!(order_of("25/12/2016"), Some(Told::Is(Order::Day)));
        assert_eq!(order_of("12/25/2016 10:00"), Some(Told::Is(Order::Month)));
        assert_eq!(order_of("03.04.2016"), Some(Told::Either));
        assert_eq!(order_of("04.04.2016"), None);
        assert_eq!(order_of("2016-04-03"), None);
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "\\PC{0,30}", pattern in "(%[a-zA-Z%]|\\PC){0,8}") {
            read(&text, None).ok();
            read(&text, Some(Order::Day)).ok();
            order_of(&text);
            formatted(&text, &pattern).ok();
        }
    }
}
