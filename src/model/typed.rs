//! Typed text becomes a value here, and nowhere else: table, inspector, chart and forms agree.
//!
//! A value that the program computes with (a date, a country, an amount) must be of its type. An
//! identifier or a contact detail is kept as written where its check fails, because a false number
//! may be exactly what the source says; it comes with a doubt.

use super::{
    Property, PropertyType as Type, identifier,
    schema::{self, Schema},
    value::{self, Invalid},
};

/// A value as it is to be stated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    pub property: String,
    /// The value, in the spelling of its type.
    pub text: String,
    /// The language, a three-letter code.
    pub lang: Option<String>,
    /// The spelling of the source, where the value is spelled otherwise.
    pub original: Option<String>,
    pub denied: bool,
    /// Why the value is marked, where it is kept although its check fails.
    pub doubt: Option<Invalid>,
}

/// The value that an edit corrects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrected {
    pub text: String,
    pub lang: Option<String>,
    pub original: Option<String>,
    pub denied: bool,
}

/// Why typed text is not a value of its property, and what to type instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("“{text}” is not a known {what}; type a name or code, such as {example}.")]
    NotInList {
        text: String,
        /// What the list holds, in the singular.
        what: &'static str,
        /// An entry that may be meant.
        example: String,
    },
    #[error(
        "“{0}” is not a known language; type its name or three-letter code, such as Korean or kor."
    )]
    Language(String),
    /// Anything else that the type does not admit.
    #[error(transparent)]
    Invalid(#[from] Invalid),
}

/// Returns the value of a property that a text means. An edit keeps language, source's spelling
/// and denial of the value that it corrects.
pub fn typed(
    known: Option<&Schema>,
    property: &str,
    text: &str,
    corrected: Option<&Corrected>,
) -> Result<Typed, Refused> {
    let known = known.and_then(|schema| schema.property(property));
    let text = text.trim();
    let (clean, doubt) = match corrected {
        // A value that was imported as it is may stay as it is.
        Some(corrected) if corrected.text == text && !text.is_empty() => (text.to_owned(), None),
        _ => clean(known, text)?,
    };
    let spelling = spelling(text, &clean);
    let (lang, original, denied) = match corrected {
        None => (None, spelling, false),
        Some(corrected) => {
            let original = match &corrected.original {
                Some(written) if corrected.text == clean || !means(known, written, corrected) => {
                    Some(written.clone())
                }
                // The old spelling means the old value.
                Some(_) => spelling,
                None if corrected.text == clean => None,
                None => spelling,
            };
            (corrected.lang.clone(), original, corrected.denied)
        }
    };
    let property = property.to_owned();
    Ok(Typed { property, text: clean, lang, original, denied, doubt })
}

/// Returns the code of a language by its name or code; none for an empty text.
pub fn language(text: &str) -> Result<Option<String>, Refused> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let code = schema::choice_named("language", text);
    code.map(|code| Some(code.to_owned())).ok_or_else(|| Refused::Language(text.to_owned()))
}

/// Whether an edit corrects a slip of typing, so that whoever said the old value says the new one.
/// Spacing and case are slips, and one letter in a longer text; another word, digit, date or country
/// is another value, except in an identifier whose check failed before and holds now.
pub fn is_slip(property: Option<&Property>, old: &str, new: &str) -> bool {
    let bare = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    if old == new {
        return false;
    }
    let (old_bare, new_bare) = (bare(old), bare(new));
    if !new_bare.is_empty() && old_bare == new_bare {
        return true;
    }
    let Some(property) = property else { return false };
    match property.type_ {
        Type::Identifier => {
            let Some(format) = property.format.as_deref() else { return false };
            let holds = |text: &str| value::check(property, text).is_ok();
            let (old_bare, new_bare) =
                (identifier::bare(format, old), identifier::bare(format, new));
            !holds(old) && holds(new) && distance(&old_bare, &new_bare, 2).is_some()
        }
        Type::Name | Type::Address | Type::Text | Type::String | Type::Html
            if property.choices().is_empty() =>
        {
            let digits =
                |text: &str| text.chars().filter(|c| c.is_numeric()).collect::<Vec<char>>();
            let words = |text: &str| text.split_whitespace().count();
            let most = (old_bare.chars().count() / 8).min(3);
            words(old) == words(new)
                && digits(&old_bare) == digits(&new_bare)
                && distance(&old_bare, &new_bare, most).is_some()
        }
        _ => false,
    }
}

fn clean(property: Option<&Property>, text: &str) -> Result<(String, Option<Invalid>), Refused> {
    if text.is_empty() {
        return Err(Invalid::Empty.into());
    }
    let Some(property) = property else {
        let shown = text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
        return if shown { Ok((text.to_owned(), None)) } else { Err(Invalid::Control.into()) };
    };
    match value::clean(property, text) {
        Ok(clean) => Ok((clean, None)),
        Err(
            doubt @ (Invalid::Identifier(..)
            | Invalid::Phone(_)
            | Invalid::Email(_)
            | Invalid::Url(_)),
        ) if text.chars().count() <= property.max_length => Ok((text.to_owned(), Some(doubt))),
        Err(Invalid::NotInList(text, what)) => {
            let example = example(property, &text);
            Err(Refused::NotInList { text, what, example })
        }
        Err(other) => Err(other.into()),
    }
}

/// The spelling that was typed, where it is more than the value with other spaces.
fn spelling(text: &str, clean: &str) -> Option<String> {
    let same = text.split_whitespace().eq(clean.split_whitespace());
    (!same).then(|| text.to_owned())
}

/// Whether the source's spelling of a corrected value is only another spelling of its old text.
fn means(property: Option<&Property>, written: &str, corrected: &Corrected) -> bool {
    property.and_then(|p| value::clean(p, written).ok()).is_some_and(|t| t == corrected.text)
}

/// An entry of a property's list that may be meant by a text, with its code.
fn example(property: &Property, text: &str) -> String {
    let choices = property.choices();
    let wanted = text.to_lowercase();
    let starts = |text: &str, start: &str| !start.is_empty() && text.starts_with(start);
    let close = choices.iter().find(|(_, label)| label.to_lowercase().contains(&wanted));
    let close = close.or_else(|| {
        let start: String = wanted.chars().take(4).collect();
        choices.iter().find(|(_, label)| starts(&label.to_lowercase(), &start))
    });
    let usual = choices.iter().find(|(code, _)| matches!(&**code, "cn" | "zho" | "corp.offshore"));
    let Some((code, label)) = close.or(usual).or_else(|| choices.first()) else {
        return String::new();
    };
    if code == label { label.clone() } else { format!("{label} or {code}") }
}

/// The number of letters to change, add or leave out to make one text of the other, swaps of
/// neighbours counting once; none where it is more than `most`.
fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    // Anything that differs in the middle of more than a screen of text is no slip.
    if a.len().abs_diff(b.len()) > most || a.len().max(b.len()) > 2_000 {
        return None;
    }
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut best =
                (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    Some(rows[a.len()][b.len()]).filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(schema_name: &str, property: &str, text: &str) -> Result<Typed, Refused> {
        typed(schema::schema(schema_name), property, text, None)
    }

    #[test]
    fn typed_text_becomes_a_value_with_its_spelling() {
        for (schema, property, text, value, original) in [
            ("Company", "name", " Harbour  Trading ", "Harbour Trading", None),
            ("Company", "jurisdiction", "Hong Kong SAR", "hk", Some("Hong Kong SAR")),
            ("Company", "jurisdiction", "HK", "hk", Some("HK")),
            ("Company", "incorporationDate", "3 Aug 2016", "2016-08-03", Some("3 Aug 2016")),
            ("Company", "incorporationDate", "2016-08", "2016-08", None),
            ("Ownership", "percentage", "60 %", "60", Some("60 %")),
            ("Ownership", "percentage", "50 to 75", "50 to 75", None),
            ("Payment", "amount", "1,250,000.50", "1250000.50", Some("1,250,000.50")),
            ("Vessel", "imoNumber", "9074729", "IMO9074729", Some("9074729")),
            ("Company", "leiCode", "529900T8BM49AURSDO55", "529900T8BM49AURSDO55", None),
            ("Company", "notes", "One.\nTwo.", "One.\nTwo.", None),
            ("Company", "nothing we know", " as it is ", "as it is", None),
            ("No schema", "name", "as it is", "as it is", None),
        ] {
            let typed = new(schema, property, text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!((&*typed.text, typed.original.as_deref()), (value, original), "{text}");
            assert!(!typed.denied && typed.lang.is_none() && typed.doubt.is_none(), "{text}");
        }
    }

    #[test]
    fn what_is_no_value_is_refused_with_what_to_type_instead() {
        for (schema, property, text, said) in [
            ("Company", "incorporationDate", "spring", "write YYYY, YYYY-MM or YYYY-MM-DD"),
            ("Company", "incorporationDate", "03/04/2016", "two different days"),
            ("Company", "incorporationDate", "2016-02-30", "no day “2016-02-30”"),
            ("Company", "jurisdiction", "hong", "such as Hong Kong SAR or hk."),
            ("Company", "jurisdiction", "Atlantis", "such as China or cn."),
            ("Company", "jurisdiction", "Netherlnads", "such as Netherlands or nl."),
            ("Payment", "amount", "a lot", "write digits"),
            ("Payment", "amount", "1,250", "two different numbers"),
            ("Company", "legalStatus", "suspected", "such as alleged."),
            ("Company", "name", "   ", "A value is needed."),
            ("Company", "name", "A\u{7}B", "cannot be shown"),
            ("Company", "nothing we know", "A\u{7}B", "cannot be shown"),
        ] {
            let error = new(schema, property, text).expect_err(text).to_string();
            assert!(error.contains(said), "{error}");
            assert!(!error.contains('\n') && error.ends_with('.'), "one sentence: {error}");
        }
    }

    #[test]
    fn an_identifier_or_contact_whose_check_fails_is_kept_and_marked() {
        for (schema, property, text) in [
            ("Vessel", "imoNumber", "9074728"),
            ("Company", "leiCode", "529900T8BM49AURSDO56"),
            ("Company", "phone", "123"),
            ("Company", "email", "nobody"),
            ("Company", "website", "example"),
        ] {
            let typed = new(schema, property, text).expect(text);
            assert_eq!((&*typed.text, typed.original), (text, None));
            assert!(typed.doubt.is_some(), "{text} is marked");
        }
    }

    #[test]
    fn an_edit_keeps_language_spelling_and_denial() {
        let old = |text: &str, original: Option<&str>| Corrected {
            text: text.into(),
            lang: Some("kor".into()),
            original: original.map(str::to_owned),
            denied: true,
        };
        for (property, before, written, text, value, original) in [
            // The source's spelling in another script stays whatever the value becomes.
            ("name", "Kim Chol", Some("김철"), "Kim Chul", "Kim Chul", Some("김철")),
            ("name", "Kim Chol", None, "Kim  Chul", "Kim Chul", None),
            // A spelling that means the old value goes with it; the typed one takes its place.
            (
                "birthDate",
                "2016-08-03",
                Some("3 Aug 2016"),
                "4 Aug 2016",
                "2016-08-04",
                Some("4 Aug 2016"),
            ),
            ("birthDate", "2016-08-03", Some("3 Aug 2016"), "2016-08-04", "2016-08-04", None),
            (
                "birthDate",
                "2016-08-03",
                Some("3 Aug 2016"),
                "2016-08-03",
                "2016-08-03",
                Some("3 Aug 2016"),
            ),
            (
                "birthDate",
                "2016-08-03",
                Some("팔월 삼일"),
                "2016-08-04",
                "2016-08-04",
                Some("팔월 삼일"),
            ),
            ("birthDate", "2016", None, "Aug 2016", "2016-08", Some("Aug 2016")),
            // What is no value of its type but was imported so may stay.
            ("birthDate", "in spring", None, "in spring", "in spring", None),
        ] {
            let corrected = old(before, written);
            let typed = typed(schema::schema("Person"), property, text, Some(&corrected));
            let typed = typed.unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!((&*typed.text, typed.original.as_deref()), (value, original), "{text}");
            assert_eq!((typed.lang.as_deref(), typed.denied), (Some("kor"), true), "{text}");
        }
        let corrected = old("2016", None);
        assert!(typed(schema::schema("Person"), "birthDate", "soon", Some(&corrected)).is_err());
    }

    #[test]
    fn a_language_is_named_by_name_or_code() {
        for (text, code) in
            [("Korean", Some("kor")), ("kor", Some("kor")), ("ko", Some("kor")), (" ", None)]
        {
            assert_eq!(language(text).as_ref().map(Option::as_deref), Ok(code), "{text}");
        }
        let error = language("Klingonese").expect_err("none").to_string();
        assert!(error.contains("such as Korean or kor"), "{error}");
    }

    #[test]
    fn a_slip_is_told_from_another_value() {
        for (schema_name, property, old, new, slip) in [
            (
                "Company",
                "name",
                "Dandong Hongxang Industrial",
                "Dandong Hongxiang Industrial",
                true,
            ),
            ("Company", "name", "Habrour Trading", "Harbour Trading", true),
            ("Company", "name", "HARBOUR TRADING", "Harbour Trading", true),
            ("Company", "name", "Harbour-Trading Ltd.", "Harbour Trading Ltd", true),
            ("Company", "name", "Harbour Trading", "Lantern Shipping", false),
            ("Company", "name", "Harbour Trading 3", "Harbour Trading 4", false),
            ("Person", "name", "Kim Jong Un", "Kim Jong Il", false),
            ("Person", "name", "Ma Xiaohong", "Ma Xiaohong X", false),
            ("Person", "name", "王喆", "王哲", false),
            ("Person", "birthDate", "1974-02-01", "1974-02-11", false),
            ("Company", "jurisdiction", "cn", "ch", false),
            ("Company", "legalStatus", "charged", "cleared", false),
            ("Ownership", "percentage", "60", "61", false),
            ("Payment", "amount", "1250000", "1260000", false),
            ("Vessel", "imoNumber", "9074728", "IMO9074729", true),
            ("Vessel", "imoNumber", "IMO9074728", "IMO9074729", true),
            ("Vessel", "imoNumber", "IMO9074729", "IMO9074728", false),
            ("Vessel", "imoNumber", "IMO9074729", "IMO9115028", false),
            ("Company", "registrationNumber", "12-34 A", "1234a", true),
            ("Company", "registrationNumber", "1234", "1235", false),
            ("Company", "name", "Harbour", "Harbour", false),
        ] {
            let property = schema::schema(schema_name).and_then(|s| s.property(property));
            assert_eq!(is_slip(property, old, new), slip, "{old} → {new}");
        }
    }
}
