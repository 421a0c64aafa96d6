//! Cells as values of properties: what registries, banks and ministries write, in their
//! languages, as `FollowTheMoney` spells it. What has two meanings is refused, not guessed.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    dates::{self, Order},
    numbers::{self, number, share},
    shares, words,
};
use crate::model::{Property, PropertyType as Type, schema, value};

/// What is known of a column as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hints {
    pub order: Option<Order>,
    /// A pattern as of `strptime`.
    pub format: Option<String>,
    /// What stands before the decimals of its numbers.
    pub decimal: Option<char>,
    /// Whether its shares are parts of one, not of a hundred.
    pub of_one: bool,
    /// Whether some of its numbers are between 0 and 1 and others above.
    pub mixed: bool,
    /// The currency that its heading names, where its numbers are money.
    pub currency: Option<String>,
    /// The zeros that its heading leaves out of its numbers: 3 for thousands.
    pub zeros: usize,
}

/// A number in the unit that its heading names, unless its cell names one.
fn times(number: String, text: &str, hints: &Hints) -> String {
    if hints.zeros == 0 || numbers::names_unit(text) {
        return number;
    }
    numbers::with_zeros(&number, hints.zeros).unwrap_or(number)
}

/// Whether a cell says that there is nothing.
pub(super) fn is_nothing(text: &str) -> bool {
    const NOTHING: [&str; 114] = [
        "#nulo",
        "#nulo#",
        "#ne",
        "#ne#",
        "rptd sold undisclosed interest",
        "reported sold undisclosed interest",
        "undisclosed interest",
        "undisclosed interests",
        "undisclosed",
        "unknown operator",
        "vacant",
        "various",
        "n.n.",
        "ditto",
        "?",
        "??",
        "unknown owner",
        "unknown owners",
        "not stated",
        "не указан",
        "не указана",
        "not specified",
        "未透露",
        "未披露",
        "未公开",
        "保密",
        "暂无",
        "該当なし",
        "なし",
        "해당없음",
        "해당 없음",
        "no definido",
        "no definida",
        "sin definir",
        "não definido",
        "non défini",
        "keine angaben",
        "не определено",
        "не визначено",
        "غير محدد",
        "néant",
        "neant",
        "sans objet",
        "aucun",
        "aucune",
        "non renseigné",
        "non communiqué",
        "keine",
        "keine angabe",
        "k.a.",
        "ninguno",
        "ninguna",
        "sin datos",
        "no aplica",
        "nessuno",
        "dato non disponibile",
        "non disponibile",
        "não informado",
        "não se aplica",
        "brak",
        "нет данных",
        "отсутствует",
        "не указано",
        "无",
        "無",
        "없음",
        "기타",
        "pro se",
        "same as consignee",
        "same as above",
        "same as shipper",
        "not provided",
        "not given",
        "no data",
        "bearer",
        "to bearer",
        "au porteur",
        "none supplied",
        "unknown",
        "not known",
        "not disclosed",
        "undisclosed",
        "not available",
        "not applicable",
        "to order",
        "unbekannt",
        "inconnu",
        "desconocido",
        "неизвестно",
        "нет сведений",
        "不明",
        "未知",
        "미상",
        "نامشخص",
        "غير معروف",
        "bilinmiyor",
        "-",
        "--",
        "---",
        "–",
        "—",
        "n/a",
        "n.a.",
        "na",
        "#n/a",
        "null",
        "none",
        "nil",
        "\\n",
        "nan",
        "-0-",
        ".",
        "нет данных",
        "不详",
    ];
    // Namibia's code is upper case, and so is the abbreviation of “not available”.
    let lower = text.to_lowercase();
    // “Undisclosed buyer” and “aggregate-undisclosed” say no more than “undisclosed”.
    let mut words = lower.split([' ', '-', '_']);
    let hidden = words.clone().count() <= 3 && words.any(|word| word == "undisclosed");
    // A program of databases draws a line of dashes under its headings.
    let is_line = text.len() > 2 && text.chars().all(|c| matches!(c, '-' | '–' | '—' | '_' | '='));
    text.is_empty() || hidden || is_line || text != "NA" && NOTHING.contains(&&*lower)
}

/// Whether the cell of a name says that it is somebody, and not who: “(Particulier)”.
pub(super) fn is_nobody(name: &str) -> bool {
    const NOBODY: &[&str] = &[
        "na",
        "anonym",
        "anonyme",
        "anonymous",
        "anonymous donor",
        "anonimo",
        "anonimowy",
        "анонім",
        "аноним",
        "withheld",
        "name withheld",
        "redacted",
        "private person",
        "private individual",
        "private individuals",
        "natural person",
        "individual",
        "individuals",
        "privatperson",
        "privatpersonen",
        "particulier",
        "particuliers",
        "particulieren",
        "persona natural",
        "persona fisica",
        "personas naturales",
        "pessoa fisica",
        "osoba fizyczna",
        "физическое лицо",
        "физлицо",
        "частное лицо",
        "фізична особа",
        "gercek kisi",
        "个人",
        "個人",
        "自然人",
        "匿名",
        "개인",
        "익명",
        "other shareholders",
        "others",
        "other",
        "otros",
        "outros",
        "autres",
        "altri",
        "andere",
        "sonstige",
        "ubrige",
        "прочие",
        "інші",
        "其他",
        "その他",
        "기타",
        "diger",
        "free float",
        "streubesitz",
    ];
    let bare = name.trim_matches(|c: char| !c.is_alphanumeric());
    // Each name of a table is asked about.
    bare.len() <= 48 && NOBODY.contains(&&*words::normal(bare))
}

/// Whether a cell holds an error of a formula.
pub(super) fn is_error(text: &str) -> bool {
    const ERRORS: [&str; 8] =
        ["#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DATA!", "#SPILL!"];
    ERRORS.contains(&text)
}

/// The values that a cell holds: one, or the two ends of a range. Otherwise why it holds none,
/// without a full stop.
pub(super) fn all(property: &Property, text: &str, hints: &Hints) -> Result<Vec<String>, String> {
    if property.name == "percentage"
        && let Some(ends) = shares::range(text)
    {
        return Ok(ends.to_vec());
    }
    let whole = clean(property, text, hints);
    if whole.is_err()
        && property.type_ == Type::Country
        && let Some(codes) = countries(property, text)
    {
        return Ok(codes);
    }
    whole.map(|value| vec![value])
}

/// The value that a cell holds, or why it holds none, without a full stop.
pub(super) fn clean(property: &Property, text: &str, hints: &Hints) -> Result<String, String> {
    if text.contains('\u{fffd}') {
        return Err(format!(
            "“{}” holds characters that cannot be read in the encoding of the file",
            short(text)
        ));
    }
    if is_error(text) {
        return Err(format!("the cell holds an error of a formula ({text})"));
    }
    let by_model =
        |text: &str| value::clean(property, text).map_err(|error| worded(&error.to_string()));
    match property.type_ {
        Type::Date => match &hints.format {
            Some(format) => dates::formatted(text, format),
            None => dates::read(text, hints.order),
        }
        .map_err(|reason| worded(&reason)),
        // Most lists write web addresses without what programs need before them.
        Type::Url if is_domain(text) => by_model(&format!("http://{text}")),
        Type::Number => by_model(&times(number(text, hints.decimal)?, text, hints)),
        Type::Country => match value::clean(property, text) {
            Ok(code) => Ok(code),
            Err(error) => country(text)
                .or_else(|| demonym(text))
                .map(str::to_owned)
                .ok_or_else(|| worded(&error.to_string())),
        },
        Type::String if is_amount(&property.name) => match number(text, hints.decimal) {
            Ok(number) => by_model(&times(number, text, hints)),
            Err(_) => by_model(text),
        },
        Type::Gender => by_model(gender(text).unwrap_or(text)),
        Type::String if property.name == "percentage" => {
            let bare = text.trim_matches(['%', ' ', '％']);
            if let Some(share) = share(bare, hints.of_one) {
                return by_model(&share);
            }
            match number(bare, hints.decimal) {
                Ok(number) => by_model(&number),
                Err(_) => by_model(text),
            }
        }
        // One line is wanted, and cells of spreadsheets have several.
        Type::Text | Type::Html | Type::Json => by_model(text),
        _ if text.contains(char::is_control) => {
            by_model(&text.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        _ => by_model(text),
    }
}

/// Why a share is doubtful: what it was cleaned to is no share, or may be another one.
pub(super) fn doubtful_share(text: &str, cleaned: &str, hints: &Hints) -> Option<String> {
    let quoted = short(text);
    let Ok(share) = cleaned.replace(',', ".").parse::<f64>() else {
        return Some(format!("“{quoted}” is not a share in per cent and is kept as text"));
    };
    if share > 100.0 {
        return Some(format!("“{quoted}” is a share of over 100 per cent and is kept as written"));
    }
    if share < 0.0 {
        return Some(format!("“{quoted}” is a share below 0 and is kept as written"));
    }
    let part = share > 0.0 && share < 1.0 && !text.contains(['%', '％', '/']);
    (part && hints.mixed).then(|| {
        format!("“{quoted}” beside shares above 1 is read as per cent, but may be a part of one")
    })
}

/// Whether a text begins with the name of a host, as `www.example.org/page` does.
fn is_domain(text: &str) -> bool {
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((name, top)) = host.rsplit_once('.') else { return false };
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.');
    !text.contains(char::is_whitespace)
        && !name.is_empty()
        && name.chars().all(fits)
        && top.chars().count() >= 2
        && top.chars().all(char::is_alphabetic)
}

/// Whether a property of text holds a number where it can.
pub(super) fn is_amount(property: &str) -> bool {
    const AMOUNTS: [&str; 6] =
        ["sharesCount", "sharesValue", "capital", "invoiceAmount", "customsAmount", "quantity"];
    AMOUNTS.contains(&property)
}

/// A reason as the end of a sentence that somebody else begins.
fn worded(reason: &str) -> String {
    let reason = reason.trim_end_matches('.');
    match reason.strip_prefix("It ") {
        Some(rest) => format!("it {rest}"),
        None => match reason.strip_prefix("There is") {
            Some(rest) => format!("there is{rest}"),
            None => reason.to_owned(),
        },
    }
}

/// A text as a sentence can hold it.
pub(super) fn short(text: &str) -> String {
    if text.chars().count() <= 60 {
        return text.to_owned();
    }
    text.chars().take(57).chain("…".chars()).collect()
}

/// The codes of several countries in one cell, where all of its parts are countries.
fn countries(property: &Property, text: &str) -> Option<Vec<String>> {
    let parts = text.split(['/', ';', ',', '&', '|', '、', '，', '；', '+', '\n']);
    let parts = parts.flat_map(|part| part.split(" and ")).map(str::trim);
    let codes: Vec<String> = parts
        .map(|part| clean(property, part, &Hints::default()).ok())
        .collect::<Option<Vec<_>>>()?;
    (codes.len() > 1).then_some(codes)
}

/// The country of a nationality: “Iranian”, “Russe”, “中国籍”.
fn demonym(name: &str) -> Option<&'static str> {
    static NAMES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        include_str!("../../../../assets/model/demonyms.tsv")
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .flat_map(|(code, names)| names.split('|').map(move |name| (name, code)))
            .collect()
    });
    let lower = name.trim().to_lowercase().replace("i\u{307}", "i");
    if let Some(code) = NAMES.get(&*lower) {
        return Some(code);
    }
    let cut = ["籍", "国籍", "公民", "人", " citizen", " national", " vatandaşı"];
    let land =
        cut.iter().find_map(|end| lower.strip_suffix(end)).filter(|land| !land.is_empty())?;
    country(land).or_else(|| NAMES.get(land.trim()).copied())
}

/// What stands before the name of a country.
const STATES: [&str; 22] = [
    "republic of ",
    "kingdom of ",
    "state of ",
    "islamic republic of ",
    "federal republic of ",
    "république de ",
    "république ",
    "royaume de ",
    "república de ",
    "república ",
    "reino de ",
    "repubblica di ",
    "republik ",
    "königreich ",
    "республика ",
    "исламская республика ",
    "республіка ",
    "ісламська республіка ",
    "королевство ",
    "рэспубліка ",
    "republika ",
    "جمهورية ",
];

/// The code of a country by its name in one of several languages.
pub(super) fn country(name: &str) -> Option<&'static str> {
    static NAMES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        include_str!("../../../../assets/model/countries.tsv")
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .flat_map(|(code, names)| names.split('|').map(move |name| (name, code)))
            .collect()
    });
    // “İran” has a point of its own above the letter in lower case.
    let lower = name.trim().to_lowercase().replace("i\u{307}", "i");
    let found = NAMES.get(&*lower).copied();
    // “Germany (DE)”, “the Netherlands”, “U.S.A.”.
    found.or_else(|| {
        let list = schema::schema("Company")?.property("country")?;
        let inner = lower.strip_prefix("the ").unwrap_or(&lower);
        let inner = inner.split_once(" (").map_or(inner, |(before, _)| before);
        let inner = inner.replace('.', "");
        let bare = STATES.iter().find_map(|state| inner.strip_prefix(state)).map(str::trim);
        // The Republic of China is not China.
        let bare = bare.filter(|bare| !["china", "korea", "congo"].contains(bare));
        list.choice_named(&inner)
            .or_else(|| NAMES.get(&*inner).copied())
            .or_else(|| bare.and_then(|bare| NAMES.get(bare).copied()))
    })
}

fn gender(text: &str) -> Option<&'static str> {
    const MALE: [&str; 15] = [
        "m",
        "h",
        "male",
        "man",
        "mr",
        "männlich",
        "homme",
        "masculin",
        "hombre",
        "masculino",
        "м",
        "муж",
        "мужской",
        "男",
        "남",
    ];
    const FEMALE: [&str; 16] = [
        "f",
        "female",
        "woman",
        "mrs",
        "ms",
        "w",
        "weiblich",
        "femme",
        "féminin",
        "mujer",
        "femenino",
        "ж",
        "жен",
        "женский",
        "女",
        "여",
    ];
    let lower = text.trim_end_matches('.').to_lowercase();
    if MALE.contains(&&*lower) {
        Some("male")
    } else {
        FEMALE.contains(&&*lower).then_some("female")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cleaned(
        schema: &str,
        property: &str,
        text: &str,
        decimal: Option<char>,
    ) -> Result<String, String> {
        let property = schema::schema(schema).and_then(|s| s.property(property)).expect("known");
        clean(property, text, &Hints { decimal, ..Hints::default() })
    }

    #[test]
    fn what_the_world_writes_becomes_what_programs_read() {
        for (schema, property, text, decimal, kept) in [
            ("Company", "country", "Deutschland", None, "de"),
            ("Company", "country", "中国", None, "cn"),
            ("Company", "country", "РФ", None, "ru"),
            ("Company", "country", "대한민국", None, "kr"),
            ("Company", "country", "The Netherlands", None, "nl"),
            ("Person", "gender", "жен.", None, "female"),
            ("Payment", "amount", "€ 1.250.000,50", None, "1250000.50"),
            ("Payment", "amount", "12.500 EUR", Some(','), "12500"),
            ("Payment", "amount", "(1,250.00)", Some('.'), "-1250.00"),
            ("Payment", "amount", "12,500", Some('.'), "12500"),
            ("Payment", "amount", "5.689852347E7", None, "56898523.47"),
            ("Payment", "amount", "1.5e-2", Some('.'), "0.015"),
            ("Payment", "amount", "1 250,5 ₽", Some(','), "1250.5"),
            ("Ownership", "percentage", "25,125 %", Some(','), "25.125"),
            ("Ownership", "percentage", "over 25%", None, "over 25"),
            ("Company", "name", "A\nLtd", None, "A Ltd"),
            ("Company", "country", "Holland", None, "nl"),
            ("Person", "nationality", "Iranian", None, "ir"),
            ("Person", "nationality", "Nord-coréen", None, "kp"),
            ("Person", "nationality", "中国籍", None, "cn"),
            ("Company", "country", "DRC", None, "cd"),
            ("Company", "country", "British Virgin Islands", None, "vg"),
            ("Company", "country", "الإمارات", None, "ae"),
            ("Company", "country", "เวียดนาม", None, "vn"),
            ("Company", "country", "Hàn Quốc", None, "kr"),
            ("Company", "country", "ایران", None, "ir"),
            ("Company", "capital", "人民币120.5万元", None, "1205000"),
            ("Company", "capital", "7 150 000,00", Some(','), "7150000.00"),
            ("Payment", "amount", "HK$ 1,200,000.00", None, "1200000.00"),
            ("Payment", "amount", "2,5 млн руб.", Some(','), "2500000"),
            ("Person", "birthDate", "circa 1951", None, "1951"),
            ("Person", "birthDate", "26551", None, "1972-09-09"),
        ] {
            assert_eq!(cleaned(schema, property, text, decimal).as_deref(), Ok(kept), "{text}");
        }
    }

    #[test]
    fn a_heading_names_the_unit_of_its_numbers_and_a_cell_several_countries() {
        let amount = schema::schema("Payment").and_then(|s| s.property("amount")).expect("known");
        for (heading, text, kept) in [
            ("Principal (USD '000)", "12,500", "12500000"),
            ("注册资本(万元)", "80.5", "805000"),
            ("注册资本(万元)", "80.5万元", "805000"),
            ("Сумма, тыс. руб.", "7", "7000"),
            ("Amount", "7", "7"),
            ("Miles", "7", "7"),
        ] {
            let hints =
                Hints { decimal: Some('.'), zeros: numbers::zeros_of(heading), ..Hints::default() };
            assert_eq!(clean(amount, text, &hints).as_deref(), Ok(kept), "{heading} {text}");
        }
        let land = schema::schema("Person").and_then(|s| s.property("nationality")).expect("known");
        let share = schema::schema("Ownership").and_then(|s| s.property("percentage"));
        let share = share.expect("known");
        let wrong = |text: &str, mixed: bool| {
            let hints = Hints { mixed, decimal: Some('.'), ..Hints::default() };
            let cleaned = all(share, text, &hints).expect("shares are kept as they are");
            let [one] = &cleaned[..] else { return String::new() };
            doubtful_share(text, one, &hints).unwrap_or_default()
        };
        for (text, mixed, said) in [
            ("120", false, "over 100"),
            ("120 %", false, "over 100"),
            ("-5", false, "below 0"),
            ("minority", false, "kept as text"),
            ("at least 50", false, "kept as text"),
            (".5", true, "part of one"),
        ] {
            assert!(wrong(text, mixed).contains(said), "{text}: {}", wrong(text, mixed));
        }
        for (text, mixed) in
            [(".5", false), (".5 %", true), ("1/3", true), ("60 %", true), ("25–50 %", false)]
        {
            assert_eq!(wrong(text, mixed), "", "{text}");
        }
        let several = all(land, "British/Cypriot", &Hints::default());
        assert_eq!(several, Ok(vec!["gb".to_owned(), "cy".to_owned()]));
        assert!(all(land, "British/other", &Hints::default()).is_err());
    }

    #[test]
    fn what_does_not_clean_is_said() {
        for (property, text, decimal, said) in [
            ("amount", "1,250", None, "two different numbers"),
            ("amount", "1.5", Some(','), "not a number with “,”"),
            ("amount", "#REF!", None, "error of a formula"),
            ("amount", "a lot", None, "not a number"),
            ("purpose", "Caf\u{fffd}", None, "cannot be read"),
        ] {
            let error = cleaned("Payment", property, text, decimal).expect_err(text);
            assert!(error.contains(said) && !error.ends_with('.'), "{error}");
        }
    }

    proptest! {
        #[test]
        fn cleaning_never_panics(text in "\\PC{0,30}") {
            for (schema, property) in [("Payment", "amount"), ("Person", "country"), ("Person", "birthDate"),
                ("Ownership", "percentage"), ("Person", "gender")] {
                for decimal in [None, Some(','), Some('.')] {
                    cleaned(schema, property, &text, decimal).ok();
                }
            }
            shares::range(&text);
        }
    }
}
