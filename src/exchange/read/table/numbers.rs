//! Numbers and amounts as tables write them: grouped, in brackets, with a currency, in thousands.

use super::clean::short;

/// A share that is written as a part of one: `0.75` in a column of such, or `1/3`.
pub(super) fn share(text: &str, of_one: bool) -> Option<String> {
    let part: f64 = match text.split_once('/') {
        Some((part, whole)) => {
            let (part, whole): (f64, f64) = (part.trim().parse().ok()?, whole.trim().parse().ok()?);
            (part >= 0.0 && whole > 0.0 && part <= whole).then(|| part / whole)?
        }
        None if of_one => text.replace(',', ".").parse().ok()?,
        None => return None,
    };
    let text = format!("{:.6}", part * 100.0);
    Some(text.trim_end_matches('0').trim_end_matches('.').to_owned())
}

/// A number in Arabic or Persian figures in Western ones.
pub(super) fn western(text: &str) -> String {
    let figure = |c: char| match c {
        '\u{660}'..='\u{669}' => char::from_digit(c as u32 - 0x660, 10).unwrap_or(c),
        '\u{6f0}'..='\u{6f9}' => char::from_digit(c as u32 - 0x6f0, 10).unwrap_or(c),
        '\u{66c}' => ',',
        '\u{66b}' => '.',
        other => other,
    };
    text.chars().map(figure).collect()
}

/// Whether an amount is below zero, as its sign or its brackets say.
pub(super) fn is_negative(text: &str) -> bool {
    let (figures, negative) = bare(text);
    let signed = negative
        || text.trim().starts_with(['-', '\u{2212}'])
        || figures.starts_with(['-', '\u{2212}'])
        || text.trim().ends_with(['-', '\u{2212}']);
    let western = western(text);
    let digits = western.chars().filter(char::is_ascii_digit).count();
    let letters = western.chars().filter(|c| c.is_alphabetic()).count();
    signed && digits > 0 && letters <= 4
}

/// Whether an amount is nothing: `0.00`, `0,00 €`.
pub(super) fn is_zero(text: &str) -> bool {
    let western = western(text);
    let mut digits = western.chars().filter(char::is_ascii_digit).peekable();
    let letters = western.chars().filter(|c| c.is_alphabetic()).count();
    letters <= 4 && digits.peek().is_some() && digits.all(|digit| digit == '0')
}

/// The figures of an amount without its currency and brackets, and whether brackets or a sign behind
/// them say that it is below zero. The currency may stand within the brackets or outside.
fn bare(text: &str) -> (&str, bool) {
    const SIGNS: [char; 14] =
        ['$', '€', '£', '¥', '￥', '₽', '₩', '₴', '₺', '元', '円', '원', '₹', '₸'];
    let mut bare = text.trim();
    bare = ["Rp.", "Rp", "Rs.", "Rs", "US$", "HK$", "R$"]
        .iter()
        .find_map(|sign| bare.strip_prefix(sign))
        .map_or(bare, str::trim);
    let mut negative = false;
    let is_code = |part: &str| part.len() == 3 && part.bytes().all(|b| b.is_ascii_uppercase());
    for _ in 0..3 {
        if let Some(inner) = bare.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            (bare, negative) = (inner.trim(), true);
        }
        bare = bare.trim_matches(|c: char| SIGNS.contains(&c) || c.is_whitespace());
        if let Some((code, rest)) = bare.split_at_checked(3)
            && is_code(code)
        {
            bare = rest;
        } else if let Some(at) = bare.len().checked_sub(3)
            && let Some((rest, code)) = bare.split_at_checked(at)
            && is_code(code)
        {
            bare = rest;
        }
    }
    match bare.strip_suffix('-') {
        Some(rest) => (rest, true),
        None => (bare, negative),
    }
}

/// A number without its currency, grouping and brackets.
pub(super) fn number(text: &str, decimal: Option<char>) -> Result<String, String> {
    // The signs that go with Arabic and Persian figures say what they are.
    let decimal = if text.contains(['\u{66b}', '\u{66c}']) { Some('.') } else { decimal };
    let western = western(text);
    let (scaled, times) = scaled(&western);
    let text = scaled.as_str();
    if times > 1.0 {
        return multiplied(text, decimal, times);
    }
    let (bare, negative) = bare(text);
    // “USD 1.2m”: beside a currency, `m` is a million and no metre.
    if bare.len() < text.trim().len()
        && let Some((rest, times)) = short_scale(bare)
    {
        return multiplied(rest, decimal, if negative { -times } else { times });
    }
    let bare = bare.replace('\u{2212}', "-");
    if let Some(plain) = with_exponent(&bare) {
        return Ok(if negative { format!("-{plain}") } else { plain });
    }
    let plain = match decimal {
        Some(',') => grouped(&bare, '.', ','),
        Some('.') => grouped(&bare, ',', '.'),
        _ => Some(bare.clone()),
    };
    let plain = plain.ok_or_else(|| {
        format!(
            "“{}” is not a number with “{}” before its decimals",
            short(text),
            decimal.unwrap_or('.')
        )
    })?;
    let plain = unspaced(&plain).unwrap_or(plain);
    Ok(if negative && !plain.starts_with('-') { format!("-{plain}") } else { plain })
}

/// A number so many times, with at most two decimals.
fn multiplied(text: &str, decimal: Option<char>, times: f64) -> Result<String, String> {
    let plain = number(text, decimal)?.replace(',', ".").parse::<f64>();
    plain
        .map(|plain| format!("{}", (plain * times * 100.0).round() / 100.0))
        .map_err(|_| format!("“{}” is not a number", short(text)))
}

/// A number without the letter behind it that stands for a thousand, a million or a billion.
fn short_scale(text: &str) -> Option<(&str, f64)> {
    const SCALES: [(&str, f64); 5] = [("mn", 1e6), ("m", 1e6), ("k", 1e3), ("bn", 1e9), ("b", 1e9)];
    SCALES.iter().find_map(|(letters, times)| {
        let at = text.len().checked_sub(letters.len())?;
        let (rest, end) = text.split_at_checked(at)?;
        let rest = rest.trim_end();
        let scaled =
            end.eq_ignore_ascii_case(letters) && rest.ends_with(|c: char| c.is_ascii_digit());
        scaled.then_some((rest, *times))
    })
}

/// A number that a program wrote with an exponent: `5.68E7`. No more decimals than it has digits.
fn with_exponent(text: &str) -> Option<String> {
    let (digits, exponent) = text.split_once(['E', 'e'])?;
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
    let exponent: i32 = exponent.trim_start_matches('+').parse().ok()?;
    let number: f64 = text.parse().ok()?;
    let is_plain = digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    (is_plain && exponent.abs() < 40)
        .then(|| format!("{number:.*}", (decimals - exponent).max(0) as usize))
}

/// A number whose groups are parted by one character and whose decimals follow another.
fn grouped(text: &str, group: char, decimal: char) -> Option<String> {
    let (whole, decimals) = match text.split_once(decimal) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (text, None),
    };
    let mut groups = whole.split(group);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    // “1.5” is no number where points group thousands. India groups by two before the last three.
    let (last, before) = rest.split_last().map_or(("", &rest[..]), |(last, rest)| (*last, rest));
    let lengths = |long: usize| before.iter().all(|part| part.len() == long);
    let indian = group == ','
        && !before.is_empty()
        && lengths(2)
        && (1..=2).contains(&first.trim_start_matches('-').len());
    if !rest.is_empty() && (last.len() != 3 || !lengths(3) && !indian)
        || decimals.is_some_and(|d| d.contains([group, decimal]))
    {
        return None;
    }
    let mut plain = first.to_owned();
    for part in rest {
        plain.push_str(part);
    }
    if let Some(decimals) = decimals {
        plain.push('.');
        plain.push_str(decimals);
    }
    Some(plain)
}

/// What a number tells of the sign before decimals in its column.
pub(super) fn decimal_of(text: &str) -> Option<char> {
    let digits = |c: char| c.is_ascii_digit();
    let (comma, point) = (text.rfind(','), text.rfind('.'));
    let (last, other) = match (comma, point) {
        (Some(comma), Some(point)) => return Some(if comma > point { ',' } else { '.' }),
        (Some(comma), None) => (comma, (',', '.')),
        (None, Some(point)) => (point, ('.', ',')),
        (None, None) => return None,
    };
    let (sign, opposite) = other;
    if text.matches(sign).count() > 1 {
        return Some(opposite);
    }
    let after = text[last + 1..].chars().take_while(|c| digits(*c)).count();
    let before = text[..last].chars().rev().take_while(|c| digits(*c)).count();
    // Three digits behind it may be thousands or thousandths.
    (after > 0 && (after != 3 || before > 3 || text[..last].ends_with('0') && before == 1))
        .then_some(sign)
}

/// The zeros that a heading leaves out of the numbers below it: 3 for “USD '000”, 4 for “万元”.
pub(super) fn zeros_of(heading: &str) -> usize {
    const SIGNS: [(&str, usize); 19] = [
        ("'000", 3),
        ("\u{2019}000", 3),
        ("000s", 3),
        ("000's", 3),
        ("百万", 6),
        ("백만", 6),
        ("百萬", 6),
        ("千元", 3),
        ("천원", 3),
        ("千円", 3),
        ("千株", 3),
        ("万股", 4),
        ("万元", 4),
        ("萬元", 4),
        ("万美元", 4),
        ("万円", 4),
        ("만원", 4),
        ("亿元", 8),
        ("억원", 8),
    ];
    const WORDS: [(&str, usize); 31] = [
        ("thousand", 3),
        ("thousands", 3),
        ("thsd", 3),
        ("tsd", 3),
        ("teur", 3),
        ("tusd", 3),
        ("tchf", 3),
        ("keur", 3),
        ("kusd", 3),
        ("milliers", 3),
        ("тыс", 3),
        ("тысяч", 3),
        ("тис", 3),
        ("tys", 3),
        ("nghìn", 3),
        ("million", 6),
        ("millions", 6),
        ("millionen", 6),
        ("millones", 6),
        ("milioni", 6),
        ("mio", 6),
        ("mln", 6),
        ("mn", 6),
        ("млн", 6),
        ("milyon", 6),
        ("triệu", 6),
        ("مليون", 6),
        ("میلیون", 6),
        ("billion", 9),
        ("bn", 9),
        ("млрд", 9),
    ];
    let lower = heading.to_lowercase();
    if let Some((_, zeros)) = SIGNS.iter().find(|(sign, _)| lower.contains(sign)) {
        return *zeros;
    }
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let pair = words.windows(2).find_map(|pair| match pair {
        ["en", "miles"] => Some(3),
        ["usd" | "eur" | "gbp" | "chf" | "us", "m"] | ["m", "usd" | "eur" | "gbp" | "chf"] => {
            Some(6)
        }
        _ => None,
    });
    let word =
        || words.iter().find_map(|word| WORDS.iter().find(|(known, _)| known == word)).map(|w| w.1);
    pair.or_else(word).unwrap_or(0)
}

/// Whether a cell itself says in thousands or millions what its number is.
pub(super) fn names_unit(text: &str) -> bool {
    scaled(text).1 > 1.0
}

/// A whole number and the unit behind it, as in “1 LOT”. Others may be written in two ways.
pub(super) fn with_unit(text: &str) -> Option<(&str, &str)> {
    let (number, unit) = text.trim().split_once([' ', '\u{a0}'])?;
    let unit = unit.trim();
    let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let letters = unit.chars().filter(|c| c.is_alphabetic()).count();
    let fits = unit.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '³' | '²'));
    let short = unit.split_whitespace().count() <= 2 && unit.chars().count() <= 20;
    (plain && letters > 0 && fits && short).then_some((number, unit))
}

/// A plain number with zeros behind it.
pub(super) fn with_zeros(number: &str, zeros: usize) -> Option<String> {
    let (sign, digits) = match number.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", number),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(decimals) {
        return None;
    }
    let (up, rest) = decimals.split_at(decimals.len().min(zeros));
    let rest = rest.trim_end_matches('0');
    let whole = format!("{whole}{up}{}", "0".repeat(zeros - up.len()));
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if rest.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{rest}"))
}

/// A number without the words for thousands and millions and for its currency, and how many times
/// it is meant.
fn scaled(text: &str) -> (String, f64) {
    const CURRENCIES: [&str; 23] = [
        "人民币",
        "人民幣",
        "美元",
        "欧元",
        "港元",
        "港币",
        "日元",
        "英镑",
        "元",
        "us$",
        "hk$",
        "c$",
        "a$",
        "s$",
        "nt$",
        "руб.",
        "рублей",
        "руб",
        "грн.",
        "грн",
        "тенге",
        "rmb",
        "euro",
    ];
    const TIMES: [(&str, f64); 19] = [
        ("百万", 1e6),
        ("万", 1e4),
        ("萬", 1e4),
        ("만", 1e4),
        ("亿", 1e8),
        ("億", 1e8),
        ("억", 1e8),
        ("million", 1e6),
        ("mln", 1e6),
        ("mio.", 1e6),
        ("mio", 1e6),
        ("млн.", 1e6),
        ("млн", 1e6),
        ("billion", 1e9),
        ("bn", 1e9),
        ("млрд", 1e9),
        ("тыс.", 1e3),
        ("тыс", 1e3),
        ("thousand", 1e3),
    ];
    // Most cells have neither.
    if text.bytes().all(|b| b.is_ascii_digit() || b" .,'-+()".contains(&b)) {
        return (text.to_owned(), 1.0);
    }
    let lower = text.to_lowercase();
    // Only letters and signs beside one number: a sentence is no amount.
    if !lower.chars().any(|c| c.is_ascii_digit()) || lower.chars().count() > 40 {
        return (text.to_owned(), 1.0);
    }
    let mut bare = lower.trim().to_owned();
    for _ in 0..2 {
        for currency in CURRENCIES {
            let cut = bare.strip_suffix(currency).or_else(|| bare.strip_prefix(currency));
            if let Some(rest) = cut {
                bare = rest.trim().to_owned();
            }
        }
    }
    let mut times = 1.0;
    for (word, number) in TIMES {
        if let Some(rest) = bare.strip_suffix(word)
            && rest.trim_end().ends_with(|c: char| c.is_ascii_digit())
        {
            (bare, times) = (rest.trim().to_owned(), number);
            break;
        }
    }
    for currency in CURRENCIES {
        if let Some(rest) = bare.strip_prefix(currency) {
            bare = rest.trim().to_owned();
        }
    }
    if bare == lower.trim() { (text.to_owned(), 1.0) } else { (bare.to_uppercase(), times) }
}

/// A number without the blanks and apostrophes between its groups.
fn unspaced(text: &str) -> Option<String> {
    let blank = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\'' | '’');
    let groups: Vec<&str> = text.split(blank).collect();
    let (first, rest) = groups.split_first()?;
    let whole = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let fits = first.trim_start_matches('-').len() <= 3
        && whole(first.trim_start_matches('-'))
        && rest.iter().enumerate().all(|(at, group)| {
            let (head, tail) = group.split_at_checked(3).unwrap_or((group, ""));
            let last = at + 1 == rest.len();
            head.len() == 3
                && whole(head)
                && (tail.is_empty() || last && tail.starts_with(['.', ',']))
        });
    (fits && !rest.is_empty()).then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_beside_a_currency_is_a_scale() {
        for (text, plain) in [
            ("USD 1.2m", "1200000"),
            ("EUR 300k", "300000"),
            ("$2.5 mn", "2500000"),
            ("(GBP 1.5m)", "-1500000"),
        ] {
            assert_eq!(number(text, Some('.')).as_deref(), Ok(plain), "{text}");
        }
        for text in ["1500 m", "12k", "USD m"] {
            let read = number(text, Some('.'));
            assert!(read.is_err() || read.is_ok_and(|read| read.parse::<f64>().is_err()), "{text}");
        }
    }

    #[test]
    fn india_groups_by_two_before_the_last_three() {
        assert_eq!(number("12,50,000.00", Some('.')).as_deref(), Ok("1250000.00"));
        assert_eq!(number("1,00,00,000", Some('.')).as_deref(), Ok("10000000"));
        assert_eq!(number("-1,50,000", Some('.')).as_deref(), Ok("-150000"));
        for text in ["1,50,00", "1,5,000", "123,50,000", "1,50,0000"] {
            assert!(number(text, Some('.')).is_err(), "{text}");
        }
        assert!(number("12.50.000", Some(',')).is_err(), "points never group by two");
    }

    #[test]
    fn a_currency_stands_within_the_brackets_of_an_amount_or_outside() {
        for text in
            ["(500,00)", "(500,00) EUR", "EUR (500,00)", "(500,00 EUR)", "€ (500,00)", "(€500,00)"]
        {
            assert_eq!(number(text, Some(',')).as_deref(), Ok("-500.00"), "{text}");
            assert!(is_negative(text), "{text}");
        }
        assert!(
            !is_negative("500,00 EUR") && is_negative("-500,00 EUR") && is_negative("EUR -500")
        );
    }

    #[test]
    fn a_unit_is_behind_a_whole_number() {
        for (text, parts) in [
            ("1 LOT", Some(("1", "LOT"))),
            ("240 cartons", Some(("240", "cartons"))),
            ("1 200", None),
            ("1 200 KG", None),
            ("1,200 KG", None),
            ("LOT", None),
            ("2 pallets, 3 boxes", None),
            ("1 LOT of used machine parts", None),
        ] {
            assert_eq!(with_unit(text), parts, "{text}");
        }
    }

    #[test]
    fn a_number_tells_of_its_column_only_what_it_must_mean() {
        for (text, told) in [
            ("1.250,00", Some(',')),
            ("1,250.00", Some('.')),
            ("12,5", Some(',')),
            ("1.250.000", Some(',')),
            ("1250,125", Some(',')),
            ("0.125", Some('.')),
            ("1,250", None),
            ("1250", None),
            (",", None),
        ] {
            assert_eq!(decimal_of(text), told, "{text}");
        }
    }
}
