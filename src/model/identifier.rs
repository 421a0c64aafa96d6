//! Identifiers that carry their own check: a slip of the pen shows.

/// Whether an identifier satisfies the rule of its format; `None` where no rule is known.
///
/// `text` is the bare identifier: no spaces, upper case.
pub fn holds(format: &str, text: &str) -> Option<bool> {
    Some(match format {
        "lei" => lei(text),
        "imo" => imo_of_ship(text),
        "imo-company" => imo_of_company(text),
        "iban" => iban(text),
        "bic" => bic(text),
        "isin" => isin(text),
        "inn" => inn(text),
        "ogrn" => ogrn(text),
        "uscc" => uscc(text),
        _ => return None,
    })
}

/// The bare form of an identifier: what people put between its characters is left out.
pub fn bare(format: &str, text: &str) -> String {
    let text: String =
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    match format {
        "imo" | "imo-company" => text.trim_start_matches("IMO").to_owned(),
        _ => text,
    }
}

/// What a format is called, with where its rule is written.
pub fn name(format: &str) -> Option<&'static str> {
    Some(match format {
        "lei" => "LEI (ISO 17442)",
        "imo" => "IMO number of a ship (resolution A.1117(30))",
        "imo-company" => "IMO number of a company (resolution MSC.160(78))",
        "iban" => "IBAN (ISO 13616)",
        "bic" => "BIC (ISO 9362)",
        "isin" => "ISIN (ISO 6166)",
        "inn" => "INN (Russian tax number)",
        "ogrn" => "OGRN (Russian register number)",
        "uscc" => "Unified social credit code (GB 32100-2015)",
        _ => return None,
    })
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}

/// The remainder of a text of digits and letters by 97, letters counting from A = 10 (ISO 7064).
fn mod_97(text: impl Iterator<Item = char>) -> Option<u32> {
    text.filter(char::is_ascii).try_fold(0, |rest, c| {
        let value = c.to_digit(36)?;
        Some(if value < 10 { rest * 10 + value } else { rest * 100 + value } % 97)
    })
}

/// Twenty characters, the last two digits checking the rest (ISO 17442-1, ISO 7064 MOD 97-10).
fn lei(text: &str) -> bool {
    text.len() == 20
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && text.bytes().skip(18).all(|b| b.is_ascii_digit())
        && mod_97(text.chars()) == Some(1)
}

/// Seven digits; the last is that of the sum of the others times 7 to 2.
fn imo_of_ship(text: &str) -> bool {
    let Some(digits) = digits(text).filter(|d| d.len() == 7) else { return false };
    let sum: u32 =
        digits.iter().take(6).zip((2..=7).rev()).map(|(digit, weight)| digit * weight).sum();
    sum % 10 == digits[6]
}

/// Seven digits; the last makes the weighted sum of the others up to a multiple of eleven, with
/// ten written as 0.
fn imo_of_company(text: &str) -> bool {
    const WEIGHTS: [u32; 6] = [8, 6, 4, 2, 9, 7];
    let Some(digits) = digits(text).filter(|d| d.len() == 7) else { return false };
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    (11 - sum % 11) % 11 % 10 == digits[6]
}

/// Country, check digits and account, rotated and taken by 97 (ISO 13616). The length is checked
/// for the countries whose length is certain here, otherwise only its range.
fn iban(text: &str) -> bool {
    const LENGTHS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 \
        CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 \
        GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 \
        LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 \
        RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 \
        VG24 XK20 YE30";
    if !text.is_ascii() || !(15..=34).contains(&text.len()) {
        return false;
    }
    let country = &text[..2];
    let right_length = LENGTHS
        .split_whitespace()
        .find_map(|entry| entry.strip_prefix(country))
        .is_none_or(|length| length.parse() == Ok(text.len()));
    let (head, body) = text.split_at(4);
    right_length
        && country.bytes().all(|b| b.is_ascii_uppercase())
        && head.bytes().skip(2).all(|b| b.is_ascii_digit())
        && mod_97(body.chars().chain(head.chars())) == Some(1)
}

/// Bank, country and place, with or without branch (ISO 9362). It has no check digit.
fn bic(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes.len(), 8 | 11)
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && bytes[4..6].iter().all(u8::is_ascii_alphabetic)
}

/// Letters become two digits, then the Luhn sum (ISO 6166).
fn isin(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shape = bytes.len() == 12
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..].iter().all(u8::is_ascii_alphanumeric)
        && bytes[11].is_ascii_digit();
    if !shape {
        return false;
    }
    let expanded: String =
        text.chars().filter_map(|c| c.to_digit(36)).map(|v| v.to_string()).collect();
    let sum: u32 = expanded
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0');
            let doubled = if at % 2 == 1 { digit * 2 } else { digit };
            doubled / 10 + doubled % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Ten digits for organisations, twelve for persons (order of the Federal Tax Service
/// MMV-7-6/435@).
fn inn(text: &str) -> bool {
    const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let Some(digits) = digits(text) else { return false };
    let check = |length: usize| {
        let sum: u32 =
            digits.iter().zip(&WEIGHTS[WEIGHTS.len() - length..]).map(|(d, w)| d * w).sum();
        sum % 11 % 10
    };
    match digits.len() {
        10 => check(9) == digits[9],
        12 => check(10) == digits[10] && check(11) == digits[11],
        _ => false,
    }
}

/// Thirteen digits taken by 11 for organisations, fifteen by 13 for sole traders.
fn ogrn(text: &str) -> bool {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let divisor = match text.len() {
        13 => 11,
        15 => 13,
        _ => return false,
    };
    let (body, check) = text.split_at(text.len() - 1);
    body.parse::<u64>().is_ok_and(|n| (n % divisor % 10).to_string() == check)
}

/// Eighteen characters without I, O, S, V and Z, taken by 31 (GB 32100-2015).
fn uscc(text: &str) -> bool {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let values: Option<Vec<usize>> = text.chars().map(|c| ALPHABET.find(c)).collect();
    let Some(values) = values.filter(|v| v.len() == 18) else { return false };
    let sum: usize = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    (31 - sum % 31) % 31 == values[17]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published examples, and ones of large known organisations.
    const VALID: [(&str, &str); 13] = [
        ("lei", "529900T8BM49AURSDO55"),
        ("imo", "9074729"),
        ("imo-company", "5342883"),
        ("iban", "GB82WEST12345698765432"),
        ("iban", "DE89370400440532013000"),
        ("iban", "SE4550000000058398257466"),
        ("bic", "DEUTDEFF"),
        ("bic", "DEUTDEFF500"),
        ("isin", "US0378331005"),
        ("inn", "7707083893"),
        ("inn", "500100732259"),
        ("ogrn", "1027700132195"),
        ("uscc", "91350100M000100Y43"),
    ];

    #[test]
    fn known_identifiers_hold() {
        for (format, text) in VALID {
            assert_eq!(holds(format, text), Some(true), "{format} {text}");
        }
        assert_eq!(holds("figi", "BBG000B9XRY4"), None);
    }

    #[test]
    fn a_wrong_digit_shows() {
        for (format, text) in VALID.into_iter().filter(|(format, _)| *format != "bic") {
            // INN and OGRN fold eleven remainders into ten digits, so a few slips pass there.
            let mut passed = 0;
            let mut tried = 0;
            for (at, digit) in text.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
                for other in ('0'..='9').filter(|other| *other != digit) {
                    let mut wrong = text.to_owned();
                    wrong.replace_range(at..=at, &other.to_string());
                    tried += 1;
                    passed += usize::from(holds(format, &wrong) == Some(true));
                }
            }
            let allowed = match format {
                "inn" | "ogrn" | "imo-company" => tried / 8,
                "imo" => tried / 4,
                _ => 0,
            };
            assert!(passed <= allowed, "{format}: {passed} of {tried} wrong ones pass");
        }
    }

    #[test]
    fn what_people_write_around_it_does_not_count() {
        assert_eq!(bare("imo", "IMO 9074729"), "9074729");
        assert_eq!(bare("iban", "gb82 west 1234 5698 7654 32"), "GB82WEST12345698765432");
    }

    #[test]
    fn nothing_panics() {
        for format in ["lei", "imo", "imo-company", "iban", "bic", "isin", "inn", "ogrn", "uscc"] {
            for text in ["", "é", "名字名字名字名字", "12", "ABCDÉFGHIJK", "éééééééééé", "0000000"]
            {
                holds(format, &bare(format, text));
                holds(format, text);
            }
        }
    }
}
