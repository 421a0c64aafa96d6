//! Values as text: cleaning what was typed or imported, and showing it to people.
//!
//! A value that its type does not admit is kept as it was; [`check`] says what is wrong with it.

use super::{
    PartialDate, Property, PropertyType as Type,
    date::{self, InvalidDate},
    identifier, schema,
};

/// Why a value is not one of its type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error("A value is needed.")]
    Empty,
    /// Longer than the type admits.
    #[error("It is longer than {0} characters; shorten it or use a note.")]
    TooLong(usize),
    #[error(transparent)]
    Date(#[from] InvalidDate),
    #[error("“{0}” is not a known {1}; choose one from the list.")]
    NotInList(String, &'static str),
    #[error("“{0}” is not a number; write digits with a point for decimals, such as 1250000.50.")]
    Number(String),
    #[error(
        "“{0}” could mean two different numbers; write it without grouping and with a point for decimals."
    )]
    AmbiguousNumber(String),
    #[error("“{0}” is not a web address; it should begin with https:// or http://.")]
    Url(String),
    #[error("“{0}” is not an e-mail address.")]
    Email(String),
    #[error("“{0}” is not a phone number; write it with + and the country's code.")]
    Phone(String),
    #[error("“{0}” is not an IP address.")]
    Ip(String),
    /// The check digits do not fit.
    #[error("“{0}” is not a valid {1}: its check does not hold; compare it with the source.")]
    Identifier(String, &'static str),
    #[error("“{0}” is not a checksum; it should be hexadecimal.")]
    Checksum(String),
    #[error("“{0}” is not a media type such as application/pdf.")]
    Mimetype(String),
    #[error("It is not well-formed JSON.")]
    Json,
    /// Understood by people, but not in the spelling that programs read.
    #[error("“{0}” is not spelled as programs read it; write “{1}”.")]
    Spelling(String, String),
    /// A line's end or another control character where one line is wanted.
    #[error("It holds characters that cannot be shown.")]
    Control,
}

/// A value in `FollowTheMoney`'s spelling, from what a person typed or another program wrote.
pub(crate) fn clean(property: &Property, text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Invalid::Empty);
    }
    let one_line = !matches!(property.type_, Type::Text | Type::Html | Type::Json);
    if text.chars().any(|c| c.is_control() && (one_line || !matches!(c, '\n' | '\r' | '\t'))) {
        return Err(Invalid::Control);
    }
    let owned = || text.to_owned();
    let cleaned = match property.type_ {
        Type::Date => PartialDate::from_input(text)?.to_string(),
        Type::Country => from_list(property, text, "country")?,
        Type::Language => from_list(property, text, "language")?,
        Type::Gender => from_list(property, text, "gender")?,
        Type::Topic => from_list(property, text, "topic")?,
        Type::Number => number(text)?,
        Type::Url => url(text)?,
        Type::Email => email(text)?,
        Type::Phone => phone(text)?,
        Type::Ip => text.parse::<std::net::IpAddr>().map_err(|_| Invalid::Ip(owned()))?.to_string(),
        Type::Identifier => identified(property, text)?,
        Type::Checksum => {
            let is_hash = text.len() >= 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
            if is_hash { text.to_lowercase() } else { return Err(Invalid::Checksum(owned())) }
        }
        Type::Mimetype => {
            let is_type = text.split_once('/').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty());
            if is_type { text.to_lowercase() } else { return Err(Invalid::Mimetype(owned())) }
        }
        Type::Json => {
            serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|_| Invalid::Json)?;
            owned()
        }
        Type::Name | Type::Address => squeeze(text),
        Type::Entity | Type::Html | Type::Text => owned(),
        Type::String if property.name == "percentage" => percentage(text),
        Type::String if !property.choices().is_empty() => from_list(property, text, "choice")?,
        Type::String => squeeze(text),
    };
    // FollowTheMoney allows 40 characters, the length of SHA-1; ours are SHA-256.
    if property.type_ != Type::Checksum && cleaned.chars().count() > property.max_length {
        return Err(Invalid::TooLong(property.max_length));
    }
    Ok(cleaned)
}

/// Whether what was typed is a value of its type.
pub fn check(property: &Property, text: &str) -> Result<(), Invalid> {
    clean(property, text).map(drop)
}

/// Whether a stored value is one of its type, and in the spelling that programs read.
pub fn check_stored(property: &Property, text: &str) -> Result<(), Invalid> {
    let clean = clean(property, text)?;
    let exact = matches!(
        property.type_,
        Type::Date | Type::Country | Type::Language | Type::Gender | Type::Topic | Type::Number
    );
    if exact && clean != text { Err(Invalid::Spelling(text.to_owned(), clean)) } else { Ok(()) }
}

/// A value as a person reads it: names for codes, grouped digits for amounts.
pub fn display(property: &Property, text: &str) -> String {
    let choices = property.choices();
    if let Some((_, label)) = choices.iter().find(|(code, _)| code == text) {
        return label.clone();
    }
    match property.type_ {
        Type::Number => thousands(text),
        _ if property.name == "percentage" && text.parse::<f64>().is_ok() => format!("{text} %"),
        _ => text.to_owned(),
    }
}

/// The same with the doubt that the source's text has: “c. 1951” for “circa 1951”.
pub fn display_written(property: &Property, text: &str, original: Option<&str>) -> String {
    let shown = display(property, text);
    let about = property.type_ == Type::Date && original.and_then(date::about) == Some(text);
    if about { format!("c. {shown}") } else { shown }
}

/// Words with a capital letter at their beginning, as a sentence has it.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// A country's name by its code; the code itself where it is not known.
pub fn country(code: &str) -> &str {
    schema::choice("country", code).unwrap_or(code)
}

/// A country's name as it is abbreviated where there is little room.
pub fn short_country(name: &str) -> String {
    const SHORT: [(&str, &str); 8] = [
        ("United Arab Emirates", "UAE"),
        ("Islands", "Is."),
        ("Island", "I."),
        ("Saint ", "St "),
        (" and ", " & "),
        ("Republic", "Rep."),
        ("Territory", "Terr."),
        ("Territories", "Terr."),
    ];
    SHORT.iter().fold(name.to_owned(), |name, (long, short)| name.replace(long, short))
}

/// A number with thin spaces between groups of three digits; anything else as it is.
pub fn thousands(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, decimals) = rest.split_once('.').map_or((rest, None), |(w, d)| (w, Some(d)));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !decimals.is_none_or(is_number) || whole.len() < 5 {
        return text.to_owned();
    }
    let mut grouped = String::from(sign);
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push('\u{2009}');
        }
        grouped.push(digit);
    }
    if let Some(decimals) = decimals {
        grouped.push('.');
        grouped.push_str(decimals);
    }
    grouped
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn from_list(property: &Property, text: &str, what: &'static str) -> Result<String, Invalid> {
    let code = property.choice_named(text).map(str::to_owned);
    code.ok_or_else(|| Invalid::NotInList(text.to_owned(), what))
}

/// Digits with a point. Grouping is understood where it has one meaning only.
fn number(text: &str) -> Result<String, Invalid> {
    let bare: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\'' | '_'))
        .collect();
    let (commas, points) = (bare.matches(',').count(), bare.matches('.').count());
    let groups = |sep: char| {
        let mut parts = bare.trim_start_matches('-').split(sep);
        let first = parts.next().unwrap_or_default().len();
        (1..=3).contains(&first)
            && parts.all(|p| p.split(['.', ',']).next().is_some_and(|p| p.len() == 3))
    };
    let plain = match (commas, points) {
        (0, 0 | 1) => bare.clone(),
        (1, 0) if groups(',') => return Err(Invalid::AmbiguousNumber(text.to_owned())),
        (1, 0) => bare.replace(',', "."),
        (_, 0 | 1) if groups(',') && bare.rfind(',') < bare.rfind('.').or(Some(usize::MAX)) => {
            bare.replace(',', "")
        }
        (0 | 1, _) if groups('.') => bare.replace('.', "").replace(',', "."),
        _ => return Err(Invalid::Number(text.to_owned())),
    };
    let body = plain.strip_prefix('-').unwrap_or(&plain);
    let valid = body.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && body.starts_with(|c: char| c.is_ascii_digit())
        && body.ends_with(|c: char| c.is_ascii_digit());
    if valid { Ok(plain) } else { Err(Invalid::Number(text.to_owned())) }
}

/// A share without its sign; anything else ("50 to 75") as it is.
fn percentage(text: &str) -> String {
    let bare = text.trim_end_matches(['%', ' ']).trim();
    number(bare).unwrap_or_else(|_| squeeze(text))
}

fn url(text: &str) -> Result<String, Invalid> {
    let lower = text.to_lowercase();
    let rest =
        ["https://", "http://", "ftp://"].iter().find_map(|scheme| lower.strip_prefix(scheme));
    let valid = rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let named = host.trim_matches(['.', ':']).contains(['.', ':']);
        (named || host == "localhost") && !host.contains(char::is_whitespace)
    });
    if valid && !text.contains(char::is_whitespace) {
        Ok(text.to_owned())
    } else {
        Err(Invalid::Url(text.to_owned()))
    }
}

fn email(text: &str) -> Result<String, Invalid> {
    let valid = text.split_once('@').is_some_and(|(user, host)| {
        let parts = host.split('.').collect::<Vec<_>>();
        !user.is_empty()
            && parts.len() > 1
            && parts.iter().all(|part| !part.is_empty() && !part.contains('@'))
    });
    if valid && !text.contains(char::is_whitespace) {
        let (user, host) = text.split_once('@').unwrap_or_default();
        Ok(format!("{user}@{}", host.to_lowercase()))
    } else {
        Err(Invalid::Email(text.to_owned()))
    }
}

fn phone(text: &str) -> Result<String, Invalid> {
    let bare: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let only = text.chars().all(|c| c.is_ascii_digit() || " +-()./".contains(c));
    if only && bare.rfind('+') == Some(0) && (8..=16).contains(&bare.len()) {
        Ok(bare)
    } else {
        Err(Invalid::Phone(text.to_owned()))
    }
}

fn identified(property: &Property, text: &str) -> Result<String, Invalid> {
    let Some(format) = property.format.as_deref() else { return Ok(squeeze(text)) };
    let bare = identifier::bare(format, text);
    match identifier::holds(format, &bare) {
        None => Ok(squeeze(text)),
        // The IMO number is written with its letters, as FollowTheMoney does.
        Some(true) if format.starts_with("imo") => Ok(format!("IMO{bare}")),
        Some(true) => Ok(bare),
        Some(false) => Err(Invalid::Identifier(
            text.to_owned(),
            identifier::name(format).unwrap_or("identifier"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn property(schema: &str, name: &str) -> &'static Property {
        schema::schema(schema).and_then(|s| s.property(name)).expect("known")
    }

    fn cleaned(schema: &str, name: &str, text: &str) -> Option<String> {
        clean(property(schema, name), text).ok()
    }

    #[test]
    fn what_people_write_becomes_what_programs_read() {
        for (schema, name, typed, kept) in [
            ("Company", "country", "China", "cn"),
            ("Company", "country", "HK", "hk"),
            ("Company", "country", "PRK", "kp"),
            ("Document", "language", "zh", "zho"),
            ("Organization", "imoNumber", "IMO 5342883", "IMO5342883"),
            ("Company", "incorporationDate", "3 Aug 2016", "2016-08-03"),
            ("Company", "name", "  Dandong   Hongxiang ", "Dandong Hongxiang"),
            ("Company", "leiCode", "5299 00T8 BM49 AURS DO55", "529900T8BM49AURSDO55"),
            ("Vessel", "imoNumber", "9074729", "IMO9074729"),
            ("Payment", "amount", "1 250 000.50", "1250000.50"),
            ("Payment", "amount", "1,250,000", "1250000"),
            ("Payment", "amount", "1.250.000,50", "1250000.50"),
            ("Ownership", "percentage", "60 %", "60"),
            ("Ownership", "percentage", "50 to 75", "50 to 75"),
            ("Company", "legalStatus", "Designated", "designated"),
            ("Company", "phone", "+86 (415) 123-4567", "+864151234567"),
        ] {
            assert_eq!(cleaned(schema, name, typed).as_deref(), Some(kept), "{name} {typed}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_one_sentence() {
        for (schema, name, typed, said) in [
            ("Company", "leiCode", "529900T8BM49AURSDO56", "check does not hold"),
            ("Payment", "amount", "1,250", "two different numbers"),
            ("Payment", "amount", "a lot", "not a number"),
            ("Company", "country", "Atlantis", "not a known country"),
            ("Company", "website", "javascript:alert(1)", "not a web address"),
            ("Company", "email", "nobody", "not an e-mail"),
            ("Company", "email", "a@.com", "not an e-mail"),
            ("Company", "website", "https://nowhere", "not a web address"),
            ("Company", "phone", "+86+415 123 4567", "not a phone"),
            ("Vessel", "imoNumber", "IMO5342883", "check does not hold"),
            ("Company", "name", "", "needed"),
        ] {
            let error = check(property(schema, name), typed).expect_err(typed).to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn a_stored_value_that_programs_cannot_read_is_marked() {
        for (name, stored, said) in
            [("country", "USA", "write “us”"), ("incorporationDate", "3 Aug 2016", "2016-08-03")]
        {
            let error = check_stored(property("Company", name), stored).expect_err(stored);
            assert!(error.to_string().contains(said), "{error}");
        }
        assert_eq!(check_stored(property("Company", "country"), "us"), Ok(()));
        assert_eq!(check_stored(property("Company", "name"), "A  B"), Ok(()));
    }

    #[test]
    fn the_doubt_of_a_date_is_shown() {
        let birth = schema::schema("Person").and_then(|s| s.property("birthDate")).expect("known");
        for (original, shown) in [
            (Some("circa 1951"), "c. 1951"),
            (Some("vers 1951"), "c. 1951"),
            (Some("1951 or 1952"), "1951"),
            (Some("circa 1952"), "1951"),
            (None, "1951"),
        ] {
            assert_eq!(display_written(birth, "1951", original), shown, "{original:?}");
        }
    }

    #[test]
    fn amounts_are_grouped_and_nothing_else_is() {
        assert_eq!(thousands("892360064"), "892\u{2009}360\u{2009}064");
        assert_eq!(thousands("-12500.5"), "-12\u{2009}500.5");
        assert_eq!(thousands("2016"), "2016");
        assert_eq!(thousands("50 to 75"), "50 to 75");
    }

    proptest! {
        #[test]
        fn cleaning_never_panics_and_cleans_once(text in "\\PC{0,40}") {
            for schema in schema::schemata() {
                for property in schema.properties() {
                    if let Ok(once) = clean(property, &text) {
                        let twice = clean(property, &once);
                        prop_assert_eq!(twice.as_ref(), Ok(&once), "{}", property.name);
                        display(property, &once);
                    }
                }
            }
        }
    }
}
