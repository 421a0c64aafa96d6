//! What stands in the remarks of OFAC's list: items parted by semicolons, each with a label that
//! says what it is (“DOB”, “Passport”, “Linked To:”), as Treasury's file description and the
//! list itself have them. OFAC publishes no grammar; the labels here are those of the list.

use crate::{
    exchange::read::part::country,
    model::{PartialDate, schema},
};

/// What an item says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said<'a> {
    Value {
        /// The first of these that its schema has.
        properties: &'static [&'static str],
        text: String,
    },
    /// An identity document or a registration.
    Document(Document<'a>),
    /// An account of a digital currency.
    Wallet {
        /// Its symbol: XBT, ETH, …
        currency: &'a str,
        address: &'a str,
    },
    /// A tie to a party of the list, by name.
    Linked {
        role: &'static str,
        /// The other's name.
        name: &'a str,
    },
    /// A birth date with bounds instead of a date: each a value, in the words of the source.
    Dates {
        property: &'static str,
        /// The first and the last, or the one that it is about.
        dates: Vec<String>,
    },
    /// Anything else, which may name an office: to be kept as a note.
    Note,
}

/// A number that an authority has given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document<'a> {
    /// What it is called in the list.
    pub(super) kind: &'a str,
    pub(super) number: &'a str,
    /// The properties that it may be, the first that the schema has.
    pub(super) properties: &'static [&'static str],
    /// The country that gave it out, as a code.
    pub(super) country: Option<&'static str>,
    pub(super) issued: Option<String>,
    pub(super) expires: Option<String>,
}

const ID: &[&str] = &["idNumber", "registrationNumber"];
const TAX: &[&str] = &["taxNumber"];
const REGISTRATION: &[&str] = &["registrationNumber"];
const LICENCE: &[&str] = &["licenseNumber", "registrationNumber"];

/// Labels of numbers with the properties that they are. The longer ones stand before those that
/// they begin with.
const NUMBERS: [(&str, &[&str]); 78] = [
    ("Passport", &["passportNumber"]),
    ("Diplomatic Passport", &["passportNumber"]),
    ("Stateless Person Passport", &["passportNumber"]),
    ("Stateless Person ID Card", ID),
    ("SSN", &["socialSecurityNumber"]),
    ("National ID No.", ID),
    ("National Foreign ID Number", ID),
    ("Identification Number", ID),
    ("Turkish Identification Number", ID),
    ("Cedula No.", ID),
    ("Cedula de Ciudadania", ID),
    ("Cedula de Residencia", ID),
    ("D.N.I.", ID),
    ("C.U.R.P.", ID),
    ("C.U.I.P.", ID),
    ("I.F.E.", ID),
    ("Personal ID Card", ID),
    ("Residency Number", ID),
    ("Cartilla de Servicio Militar Nacional", ID),
    ("Credencial electoral", ID),
    ("Electoral Registry No.", ID),
    ("Birth Certificate Number", ID),
    ("Numero de Identidad", ID),
    ("Tarjeta de Identidad", ID),
    ("Travel Document Number", ID),
    ("Refugee ID Card", ID),
    ("Kenyan ID No.", ID),
    ("Bosnian Personal ID No.", ID),
    ("Moroccan Personal ID No.", ID),
    ("Tunisian Identification", ID),
    ("Citizen's Card Number", ID),
    ("British National Overseas Passport", &["passportNumber"]),
    ("Driver's License No.", ID),
    ("Drivers License", ID),
    ("Driver's License", ID),
    ("LE Number", ID),
    ("Seafarer's Identification Document", ID),
    ("Tax ID No.", TAX),
    ("NIT #", TAX),
    ("RUC #", TAX),
    ("RIF #", TAX),
    ("R.F.C.", TAX),
    ("C.U.I.T.", TAX),
    ("C.U.I.", TAX),
    ("US FEIN", TAX),
    ("RTN", TAX),
    ("N.I.E.", ID),
    ("C.I.F.", TAX),
    ("NIF", TAX),
    ("V.A.T. Number", &["vatCode", "taxNumber"]),
    ("Registration Number", REGISTRATION),
    ("Registration ID", REGISTRATION),
    ("Company Number", REGISTRATION),
    ("UK Company Number", REGISTRATION),
    ("Business Registration Number", REGISTRATION),
    ("Business Registration Document #", REGISTRATION),
    ("Business Number", REGISTRATION),
    ("Commercial Registry Number", REGISTRATION),
    ("Folio Mercantil No.", REGISTRATION),
    ("Matricula Mercantil No", REGISTRATION),
    ("Public Registration Number", REGISTRATION),
    ("Certificate of Incorporation Number", REGISTRATION),
    ("Chamber of Commerce Number", REGISTRATION),
    ("Dubai Chamber of Commerce Membership No.", REGISTRATION),
    ("Legal Entity Number", REGISTRATION),
    ("Registered Charity No.", REGISTRATION),
    ("Enterprise Number", REGISTRATION),
    ("Economic Register Number (CBLS)", REGISTRATION),
    ("Branch Unit Number", REGISTRATION),
    ("C.R. No.", REGISTRATION),
    ("Trade License No.", LICENCE),
    ("License", LICENCE),
    ("United Social Credit Code", &["uscCode", "registrationNumber"]),
    ("Unified Social Credit Code (USCC)", &["uscCode", "registrationNumber"]),
    ("D-U-N-S Number", &["dunsCode"]),
    ("SWIFT/BIC", &["swiftBic"]),
    ("BIK (RU)", &["bikCode", "registrationNumber"]),
    ("Vessel Registration Identification", &["imoNumber", "registrationNumber"]),
];

/// Labels of what is said of the party itself.
const VALUES: [(&str, &[&str]); 26] = [
    ("POB", &["birthPlace"]),
    ("nationality", &["nationality"]),
    ("nationality of registration", &["jurisdiction"]),
    ("citizen", &["citizenship"]),
    ("Citizen", &["citizenship"]),
    ("Gender", &["gender"]),
    ("Email Address", &["email"]),
    ("Email", &["email"]),
    ("Phone Number", &["phone"]),
    ("Phone No.", &["phone"]),
    ("Telephone", &["phone"]),
    ("Telephone No.", &["phone"]),
    ("Tel.", &["phone"]),
    ("MMSI", &["mmsi"]),
    ("Organization Type:", &["sector"]),
    ("Aircraft Manufacturer", &["manufacturer"]),
    ("Aircraft Model", &["model"]),
    ("Aircraft Tail Number", &["registrationNumber"]),
    ("Aircraft Mode S Transponder Code", &["icaoCode"]),
    ("Aircraft Manufacturer's Serial Number (MSN)", &["serialNumber"]),
    ("Aircraft Construction Number (also called L/N or S/N or F/N)", &["serialNumber"]),
    ("Former Vessel Flag", &["pastFlags"]),
    ("Vessel Flag", &["flag"]),
    ("Vessel Call Sign", &["callSign"]),
    ("Vessel Type", &["type"]),
    ("Identification Number IMO", &["imoNumber"]),
];

/// The items of a remark.
pub(super) fn items(remark: &str) -> impl Iterator<Item = &str> {
    remark.split(';').map(str::trim).filter(|item| !item.is_empty())
}

/// What an item says. Only the last one of a remark has a full stop after it, which is none of
/// its words unless it is one of an abbreviation.
pub(super) fn said(item: &str) -> Said<'_> {
    let item = item.strip_prefix("alt. ").unwrap_or(item).trim();
    let bare = item.strip_suffix('.').unwrap_or(item);
    if let Some(name) = item.strip_prefix("Linked To:").or_else(|| item.strip_prefix("Linked To "))
    {
        return Said::Linked { role: "Linked To", name: name.trim() };
    }
    if let Some(name) = item.strip_prefix("Aircraft Operator ") {
        return Said::Linked { role: "Aircraft Operator", name: name.trim() };
    }
    for (label, property) in [("a.k.a.", "weakAlias"), ("f.k.a.", "previousName")] {
        // Names in quotes here are those that OFAC holds to be weak (its FAQ 122).
        let name = bare.strip_prefix(label).map(|name| name.trim().trim_matches('\''));
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            let properties: &'static [&'static str] =
                if property == "weakAlias" { &["weakAlias"] } else { &["previousName"] };
            return Said::Value { properties, text: name.to_owned() };
        }
    }
    for (label, property) in [
        ("DOB", "birthDate"),
        ("Organization Established Date", "incorporationDate"),
        ("Aircraft Manufacture Date", "buildDate"),
        ("Vessel Year of Build", "buildDate"),
    ] {
        if let Some(text) = after(bare, label)
            && let Some(dates) = dates(text)
        {
            return Said::Dates { property, dates };
        }
    }
    if let Some(text) = after(bare, "Website") {
        let has_scheme = ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme));
        let text = if has_scheme { text.to_owned() } else { format!("http://{text}") };
        return Said::Value { properties: &["website"], text };
    }
    if let Some(rest) = bare.strip_prefix("Digital Currency Address - ")
        && let Some((currency, address)) = rest.split_once(' ')
    {
        return Said::Wallet { currency: currency.trim(), address: address.trim() };
    }
    // The IMO numbers of companies stand among their other numbers.
    for label in ["Identification Number IMO", "Company Number IMO"] {
        if let Some(text) = after(bare, label) {
            return Said::Value { properties: &["imoNumber"], text: format!("IMO{text}") };
        }
    }
    if let Some((properties, text)) = longest(&VALUES, bare) {
        return Said::Value { properties, text: text.to_owned() };
    }
    if let Some((properties, rest)) = longest(&NUMBERS, bare)
        && let Some(document) = document(bare, rest, properties)
    {
        return Said::Document(document);
    }
    Said::Note
}

/// The text after a label that is a word of its own.
fn after<'a>(item: &'a str, label: &str) -> Option<&'a str> {
    let rest = item.strip_prefix(label)?;
    let apart = rest.starts_with([' ', ':']) || label.ends_with([':', '#', '.', ')']);
    let rest = rest.trim_start_matches(':').trim();
    (apart && !rest.is_empty()).then_some(rest)
}

/// What the longest label that fits says, and the text after it.
fn longest<'a>(
    labels: &[(&str, &'static [&'static str])],
    item: &'a str,
) -> Option<(&'static [&'static str], &'a str)> {
    labels
        .iter()
        .filter_map(|(label, properties)| Some((label.len(), *properties, after(item, label)?)))
        .max_by_key(|(length, ..)| *length)
        .map(|(_, properties, rest)| (properties, rest))
}

/// `G31122619 (China) issued 02 Sep 2008 expires 01 Sep 2018`, any part of it after the number.
fn document<'a>(
    item: &'a str,
    rest: &'a str,
    properties: &'static [&'static str],
) -> Option<Document<'a>> {
    let kind = item[..item.len() - rest.len()].trim().trim_end_matches([':', '#']).trim();
    let end = [" (", " issued ", " expires "].iter().filter_map(|stop| rest.find(stop)).min();
    let mut number = rest[..end.unwrap_or(rest.len())].trim();
    let mut land = None;
    // `AF000 Colombia`, `D000, Diplomatic`.
    while let Some((before, word)) = number.rsplit_once([' ', ',']) {
        let code = country(word);
        if code.is_none() && !matches!(word.trim(), "" | "Diplomatic" | "Booklet") {
            break;
        }
        land = land.or(code);
        number = before.trim();
    }
    let details = &rest[end.unwrap_or(rest.len())..];
    let stated = details.find('(').and_then(|from| {
        let inner = &details[from + 1..];
        inner.find(')').and_then(|to| country(&inner[..to]))
    });
    let date = |label: &str| {
        let text = details.split(label).nth(1)?;
        let text = text.split(" expires").next()?.split(" issued").next()?;
        PartialDate::from_input(text).ok().map(|date| date.to_string())
    };
    let holds_digit = number.chars().any(|c| c.is_ascii_digit());
    // A label without a number, or with a sentence after it, is no document.
    (holds_digit && number.split_whitespace().count() <= 6).then(|| Document {
        kind,
        number,
        properties,
        country: stated.or(land),
        issued: date("issued "),
        expires: date("expires "),
    })
}

/// `15 Dec 1971`, `circa 1961`, `1960 to 1963`, `Between Jan and …` where both ends are dates.
fn dates(text: &str) -> Option<Vec<String>> {
    let text = text.strip_prefix("circa ").or_else(|| text.strip_prefix("c.")).unwrap_or(text);
    let parts: Vec<&str> = text.splitn(2, " to ").collect();
    let parts = parts.iter().map(|part| part.trim().trim_start_matches("circa ").trim());
    let dates: Option<Vec<String>> =
        parts.map(|part| PartialDate::from_input(part).ok().map(|date| date.to_string())).collect();
    let mut dates = dates?;
    dates.dedup();
    Some(dates)
}

/// The first of some properties that a schema has.
pub(super) fn fitting<'a>(schema: &str, properties: &[&'a str]) -> Option<&'a str> {
    let schema = schema::schema(schema)?;
    properties.iter().copied().find(|name| schema.property(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_item_is_told_from_the_others() {
        let value = |properties: &'static [&'static str], text: &str| Said::Value {
            properties,
            text: text.into(),
        };
        let dates = |property: &'static str, dates: &[&str]| Said::Dates {
            property,
            dates: dates.iter().map(|&date| date.to_owned()).collect(),
        };
        for (item, wanted) in [
            ("DOB 15 Dec 1971", dates("birthDate", &["1971-12-15"])),
            ("alt. DOB Jan 1950", dates("birthDate", &["1950-01"])),
            ("DOB circa 1961.", dates("birthDate", &["1961"])),
            ("DOB 1960 to 1963", dates("birthDate", &["1960", "1963"])),
            ("DOB 01 Jan 1940 to 31 Dec 1940", dates("birthDate", &["1940-01-01", "1940-12-31"])),
            ("POB Tehran, Iran", value(&["birthPlace"], "Tehran, Iran")),
            ("nationality Korea, North", value(&["nationality"], "Korea, North")),
            ("citizen Cuba.", value(&["citizenship"], "Cuba")),
            ("a.k.a. 'BNC'.", value(&["weakAlias"], "BNC")),
            ("alt. Website www.hib.uk.com", value(&["website"], "http://www.hib.uk.com")),
            ("Company Number IMO 5857588.", value(&["imoNumber"], "IMO5857588")),
            (
                "Linked To: GHADIR INVESTMENT CO.",
                Said::Linked { role: "Linked To", name: "GHADIR INVESTMENT CO." },
            ),
            ("Passports were seized.", Said::Note),
            ("ICTY indictee.", Said::Note),
            ("Passport", Said::Note),
            ("DOB unknown", Said::Note),
        ] {
            assert_eq!(said(item), wanted, "{item}");
        }
        let Said::Document(document) = said("Company Number 000 (Panama) issued 02 Sep 2008")
        else {
            panic!("a number")
        };
        assert_eq!((document.kind, document.number), ("Company Number", "000"));
        assert_eq!(
            (document.country, document.issued.as_deref()),
            (Some("pa"), Some("2008-09-02"))
        );
        let Said::Document(document) = said("Passport D000, Diplomatic Cuba") else {
            panic!("a number")
        };
        assert_eq!((document.number, document.country), ("D000", Some("cu")));
        let Said::Document(document) = said("Vessel Registration Identification IMO 9115028")
        else {
            panic!("a number")
        };
        assert_eq!(document.number, "IMO 9115028");
    }
}
