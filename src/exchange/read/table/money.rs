//! Currencies that a cell or a heading names beside an amount.

use super::content;
use crate::{case::NewValue, model::schema::Schema};

/// Signs and words that name one currency, the longer ones first. `$`, `¥` and `元` name several.
const SIGNS: [(&str, &str); 41] = [
    ("人民币", "CNY"),
    ("人民幣", "CNY"),
    ("新台币", "TWD"),
    ("新台幣", "TWD"),
    ("新臺幣", "TWD"),
    ("美元", "USD"),
    ("美金", "USD"),
    ("欧元", "EUR"),
    ("歐元", "EUR"),
    ("港元", "HKD"),
    ("港币", "HKD"),
    ("港幣", "HKD"),
    ("日元", "JPY"),
    ("英镑", "GBP"),
    ("us$", "USD"),
    ("u$s", "USD"),
    ("hk$", "HKD"),
    ("nt$", "TWD"),
    ("r$", "BRL"),
    ("c$", "CAD"),
    ("a$", "AUD"),
    ("s$", "SGD"),
    ("$us", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("₽", "RUB"),
    ("₩", "KRW"),
    ("₴", "UAH"),
    ("₺", "TRY"),
    ("₹", "INR"),
    ("₸", "KZT"),
    ("円", "JPY"),
    ("원", "KRW"),
    ("rp.", "IDR"),
    ("бел. руб", "BYN"),
    ("белорусских руб", "BYN"),
    ("руб", "RUB"),
    ("грн", "UAH"),
    ("тенге", "KZT"),
    ("злот", "PLN"),
    ("евро", "EUR"),
];

/// Words between other letters than their own.
const WORDS: [(&str, &str); 6] = [
    ("rmb", "CNY"),
    ("rur", "RUB"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("rp", "IDR"),
    ("kč", "CZK"),
];

/// Codes of ISO 4217 that headings are not searched for, as some of them are words.
const FURTHER: &str = "AFN ALL ANG AOA ARS AWG BAM BBD BDT BIF BMD BND BOB BSD BTN BWP BZD CDF CLP COP CRC \
    CUP CVE DJF DOP DZD EGP ERN ETB FJD FKP GHS GIP GMD GNF GTQ GYD HNL HTG IQD IRR ISK JMD JOD KES KGS \
    KHR KMF KYD LAK LBP LKR LRD LSL LYD MAD MGA MKD MMK MNT MOP MRU MUR MVR MWK MZN NAD NGN NIO NPR PAB \
    PEN PGK PKR PYG RSD RWF SBD SCR SDG SHP SLE SOS SRD SSP STN SYP SZL TJS TMT TND TOP TTD TZS UGX UYU \
    UZS VES VUV WST XAF XCD XOF XPF YER ZMW ZWL";

/// Whether a property of text or number holds money.
pub(super) fn is_money(property: &str) -> bool {
    const MONEY: [&str; 7] = [
        "amount",
        "capital",
        "balance",
        "maxBalance",
        "sharesValue",
        "invoiceAmount",
        "customsAmount",
    ];
    MONEY.contains(&property)
}

/// The property of a schema that holds the currency of another one.
pub(super) fn currency_property(schema: &Schema, property: &str) -> Option<&'static str> {
    let name = if property == "sharesValue" { "sharesCurrency" } else { "currency" };
    schema.property(name).map(|_| name)
}

/// The currencies of the amounts of a row, by the property that holds them.
#[derive(Default)]
pub(super) struct Currencies {
    named: Vec<(&'static str, Option<String>)>,
}

impl Currencies {
    /// Takes in the currency of an amount that was read as a number: that of its cell, else that of
    /// its heading. Where there is no `place` for one that only the heading names, the original text
    /// keeps the heading.
    pub fn take(
        &mut self,
        place: Option<&'static str>,
        (text, heading, in_heading): (&str, &str, Option<&str>),
        values: &mut [NewValue],
    ) {
        if values.iter().any(|value| value.value.parse::<f64>().is_err()) {
            return;
        }
        let in_cell = in_cell(text);
        match place {
            Some(place) => {
                self.named.push((place, in_cell.or_else(|| in_heading.map(str::to_owned))));
            }
            None if in_cell.is_none() && in_heading.is_some() => {
                for value in values {
                    value.original = Some(format!("{heading}: {text}"));
                }
            }
            None => {}
        }
    }

    /// Adds each currency that is that of all amounts and that the row does not state by itself.
    pub fn add_to(self, values: &mut Vec<NewValue>) {
        for place in ["currency", "sharesCurrency"] {
            let of = self.named.iter().filter(|(named, _)| *named == place);
            let mut of: Vec<&Option<String>> = of.map(|(_, code)| code).collect();
            of.dedup();
            if let [Some(code)] = of[..]
                && values.iter().all(|value| value.property != place)
            {
                values.push(NewValue::new(place, code.as_str()));
            }
        }
    }
}

/// The code of the currency that a cell names beside its number.
pub(super) fn in_cell(cell: &str) -> Option<String> {
    if cell.bytes().all(|b| b.is_ascii_digit() || b" .,'-+()".contains(&b)) {
        return None;
    }
    let code = |word: &str| {
        let known = content::is_currency(word)
            || word.len() == 3 && FURTHER.split_whitespace().any(|code| code == word);
        known.then(|| word.to_owned())
    };
    one(cell, &code)
}

/// The code of the currency that a heading names: “Amount (USD)”, `turnover_eur`, “注册资本(万美元)”.
pub(super) fn in_heading(heading: &str) -> Option<String> {
    let code = |word: &str| {
        let upper = word.to_uppercase();
        let bare = match upper.strip_prefix(['T', 'K']).filter(|bare| bare.len() == 3) {
            Some(bare) => bare.to_owned(),
            None => upper,
        };
        // “Try” is a word, and “TRY” a currency.
        let known = content::is_currency(&bare) && (bare != "TRY" || word == bare);
        known.then_some(bare)
    };
    one(heading, &code)
}

/// The one currency that a text names; nothing where it names two.
fn one(text: &str, code: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let lower = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let mut found: Vec<String> = words
        .filter_map(|word| {
            let known = WORDS.iter().find(|(name, _)| *name == word.to_lowercase());
            known.map(|(_, code)| (*code).to_owned()).or_else(|| code(word))
        })
        .collect();
    let mut rest = lower;
    for (sign, code) in SIGNS {
        let ends_word = |at: usize| !rest[..at].ends_with(char::is_alphabetic);
        let of_letters =
            sign.starts_with(|c: char| c.is_ascii_alphabetic() || ('а'..='я').contains(&c));
        if let Some(at) = rest.find(sign).filter(|at| !of_letters || ends_word(*at)) {
            found.push(code.to_owned());
            rest.replace_range(at..at + sign.len(), " ");
        }
    }
    found.sort_unstable();
    found.dedup();
    found.pop().filter(|_| found.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_headings_name_currencies() {
        for (cell, code) in [
            ("HK$ 1,200,000.00", Some("HKD")),
            ("€ 3.50", Some("EUR")),
            ("1200 CHF", Some("CHF")),
            ("EUR 1234.50", Some("EUR")),
            ("USD 1.2m", Some("USD")),
            ("人民币 1000万", Some("CNY")),
            ("1000万元人民币", Some("CNY")),
            ("50万美元", Some("USD")),
            ("1 250,5 ₽", Some("RUB")),
            ("2,5 млн руб.", Some("RUB")),
            ("100 бел. руб.", Some("BYN")),
            ("500 NGN", Some("NGN")),
            ("$ 500", None),
            ("120.5万元", None),
            ("1200", None),
            ("USD 10 / EUR 9", None),
            ("5 pcs", None),
        ] {
            assert_eq!(in_cell(cell).as_deref(), code, "{cell}");
        }
        for (heading, code) in [
            ("Amount (USD)", Some("USD")),
            ("turnover_eur", Some("EUR")),
            ("Umsatz TEUR", Some("EUR")),
            ("Сумма, тыс. руб.", Some("RUB")),
            ("注册资本(万美元)", Some("USD")),
            ("Loan £", Some("GBP")),
            ("Amount", None),
            ("Try amount", None),
            ("USD or EUR", None),
            ("注册资本(万元)", None),
        ] {
            assert_eq!(in_heading(heading).as_deref(), code, "{heading}");
        }
    }
}
