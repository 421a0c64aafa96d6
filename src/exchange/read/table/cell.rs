//! Cells of spreadsheets as text: dates as ISO, numbers without the noise of their binary form.

use calamine::{DataRef, ExcelDateTime};

/// A number with at most the fifteen digits that spreadsheets keep, never with an exponent: a
/// long registration number must not become 1.2E+15.
pub(super) fn number(number: f64) -> String {
    let rounded = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}

/// The text of a cell of an Excel sheet; `format` is how the cell is shown.
pub(super) fn text(data: &DataRef<'_>, format: Option<&str>) -> String {
    match data {
        DataRef::Int(int) => padded(int.to_string(), format),
        DataRef::Float(float) => match format {
            Some(format) if shows_percent(format) => format!("{}%", number(float * 100.0)),
            _ => padded(number(*float), format),
        },
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(bool) => bool.to_string(),
        DataRef::DateTime(date) => date_time(*date, format),
        DataRef::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_owned(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A format without what it shows literally.
fn bare(format: &str) -> String {
    let mut bare = String::new();
    let (mut quoted, mut bracketed) = (false, false);
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '[' if !quoted => bracketed = true,
            ']' if !quoted => bracketed = false,
            '\\' | '_' | '*' if !quoted => drop(chars.next()),
            _ if !quoted && !bracketed => bare.extend(c.to_lowercase()),
            _ => {}
        }
    }
    bare
}

/// A whole number with the leading zeros that its format shows: a register writes `00412233`.
fn padded(number: String, format: Option<&str>) -> String {
    let format = format.map(bare).unwrap_or_default();
    let shown = format.split(';').next().unwrap_or_default();
    let zeros = shown.len() > 1 && shown.bytes().all(|byte| byte == b'0');
    if zeros && number.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("{number:0>width$}", width = shown.len());
    }
    number
}

fn shows_percent(format: &str) -> bool {
    bare(format).contains('%')
}

/// A date as exact as it is shown: a cell that shows `Aug 2016` holds the first of August only
/// because it has to hold some day.
fn date_time(date: ExcelDateTime, format: Option<&str>) -> String {
    let value = date.as_f64();
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    if date.is_duration() || (0.0..1.0).contains(&value) {
        let seconds = (value * 86_400.0).round().max(0.0) as u64;
        return format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    let format = format.map(bare).unwrap_or_default();
    if format.contains('y') && !format.contains('d') {
        return if format.contains('m') {
            format!("{year:04}-{month:02}")
        } else {
            format!("{year:04}")
        };
    }
    let time = (hour, minute, second) != (0, 0, 0);
    let clock = if time { format!("T{hour:02}:{minute:02}:{second:02}") } else { String::new() };
    format!("{year:04}-{month:02}-{day:02}{clock}")
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn numbers_are_written_as_people_wrote_them() {
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(1_234_567_890_123_456.0), "1234567890123460");
        assert_eq!(number(1_027_700_132_195.0), "1027700132195");
        assert_eq!(number(33.333_333_333_333_33), "33.3333333333333");
        assert_eq!(text(&DataRef::Float(0.125), Some("0.0%")), "12.5%");
        assert_eq!(text(&DataRef::Float(0.125), Some("0.0\"%\"")), "0.125");
        assert_eq!(text(&DataRef::Float(0.57), Some("0%")), "57%");
        assert_eq!(text(&DataRef::Float(1.0), Some("0%")), "100%");
        assert_eq!(text(&DataRef::Float(412_233.0), Some("00000000")), "00412233");
        assert_eq!(text(&DataRef::Float(412_233.0), Some("#,##0.00")), "412233");
    }

    #[test]
    fn dates_are_as_exact_as_they_are_shown() {
        let date = |value, format| {
            let date = ExcelDateTime::new(value, ExcelDateTimeType::DateTime, false);
            text(&DataRef::DateTime(date), Some(format))
        };
        assert_eq!(date(45943.0, "DD/MM/YYYY"), "2025-10-13");
        assert_eq!(date(45943.5, "dd.mm.yy hh:mm"), "2025-10-13T12:00:00");
        assert_eq!(date(45943.0, "mmm yyyy"), "2025-10");
        assert_eq!(date(45943.0, "yyyy"), "2025");
        assert_eq!(date(0.5, "hh:mm"), "12:00:00");
    }
}
