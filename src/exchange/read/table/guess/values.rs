//! Cells that name a kind of thing or of relationship, in many languages.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::super::words;

/// What a relationship is, by a word of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Relation {
    pub schema: &'static str,
    /// Whether it goes from the second party of a row to the first.
    pub reversed: bool,
}

struct Values {
    kinds: HashMap<String, &'static str>,
    links: HashMap<String, Relation>,
    parts: HashSet<String>,
}

static VALUES: LazyLock<Values> = LazyLock::new(|| {
    let mut values = Values { kinds: HashMap::new(), links: HashMap::new(), parts: HashSet::new() };
    for line in include_str!("values.txt").lines().filter(|line| !line.starts_with('#')) {
        let Some((name, words)) = line.split_once(": ") else { continue };
        for word in words.split("; ").map(words::normal).filter(|word| !word.is_empty()) {
            if let Some(kind) = name.strip_prefix("kind ") {
                values.kinds.entry(word).or_insert(kind);
            } else if name == "part" {
                values.parts.insert(word);
            } else if let Some(link) = name.strip_prefix("link ") {
                let (schema, reversed) =
                    link.strip_prefix('-').map_or((link, false), |link| (link, true));
                values.links.entry(word).or_insert(Relation { schema, reversed });
            }
        }
    }
    values
});

/// The schema that a cell names, where it names one.
pub(super) fn kind(cell: &str) -> Option<&'static str> {
    // “/organization/003-norden” is where something stands, and one of many.
    if cell.contains("://") || cell.starts_with('/') && cell.matches('/').count() > 1 {
        return None;
    }
    let whole = words::normal(cell);
    // “Company;Offshore” is a company first, and “:Company:Shell” too.
    VALUES.kinds.get(&whole).copied().or_else(|| {
        let mut parts = cell.split([';', ',', '|', '/', ':']).map(words::normal);
        parts.find_map(|part| VALUES.kinds.get(&part).copied())
    })
}

/// The schema that a letter stands for below a heading that speaks of kinds of persons: `F` and
/// `J` for “pessoa física” and “pessoa jurídica”.
pub(super) fn kind_code(heading: &str, cell: &str) -> Option<&'static str> {
    const STEMS: [&str; 6] =
        ["pessoa", "persona", "person type", "type of person", "osoby", "лица"];
    // Abbreviations that mean nothing else, below any heading.
    match &*words::normal(cell) {
        "jur" | "jurid" | "юр лицо" | "юрлицо" => return Some("LegalEntity"),
        "nat" | "fys" | "физ лицо" | "физлицо" => return Some("Person"),
        _ => {}
    }
    if !words::mentions(heading, &STEMS) {
        return None;
    }
    match &*words::normal(cell) {
        "f" | "pf" | "n" | "pn" | "фл" | "ф" | "fo" => Some("Person"),
        "j" | "pj" | "m" | "pm" | "юл" | "ю" | "po" => Some("LegalEntity"),
        _ => None,
    }
}

/// The relationship that a cell names: by the whole of it, else by the longest phrase in it.
pub(super) fn relation(cell: &str) -> Option<Relation> {
    let whole = words::normal(cell);
    if let Some(found) = VALUES.links.get(&whole) {
        return Some(*found);
    }
    let words: Vec<&str> = whole.split(' ').collect();
    // Who owns a debt of a firm does not own the firm.
    const DEBTS: [&str; 8] =
        ["debt", "debts", "loan", "loans", "bond", "bonds", "mortgage", "lien"];
    if words.len() > 12 || words.iter().any(|word| DEBTS.contains(word)) {
        return None;
    }
    (1..words.len()).rev().find_map(|length| {
        words.windows(length).find_map(|part| VALUES.links.get(&part.join(" ")).copied())
    })
}

/// Whether the whole of a cell names a relationship.
pub(super) fn is_relation(cell: &str) -> bool {
    VALUES.links.contains_key(&words::normal(cell))
}

/// Whether the whole of a cell says which part somebody has in a court case.
pub(super) fn is_part(cell: &str) -> bool {
    VALUES.parts.contains(&words::normal(cell))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_name_kinds_and_relationships() {
        for (cell, expected) in [
            ("Individual", Some("Person")),
            ("natürliche Person", Some("Person")),
            ("individual-person-with-significant-control", Some("Person")),
            ("LegalEntity", Some("LegalEntity")),
            ("企业", Some("Company")),
            ("Gerçek Kişi", Some("Person")),
            ("Company;Offshore", Some("Company")),
            (":PEP:Person", Some("Person")),
            ("http://example.org/entity/Q1", None),
            ("/organization/003-norden", None),
            ("Directed", None),
            ("Bulk Carrier", None),
        ] {
            assert_eq!(kind(cell), expected, "{cell}");
        }
        for (cell, expected) in [
            ("director of", Some(("Directorship", false))),
            ("Non-executive director", Some(("Directorship", false))),
            ("subsidiary of", Some(("Ownership", true))),
            ("ownership-of-shares-25-to-50-percent", Some(("Ownership", false))),
            ("OWNS", Some(("Ownership", false))),
            ("beneficiary of", None),
            ("Owns collateralized debt", None),
        ] {
            let found = relation(cell).map(|found| (found.schema, found.reversed));
            assert_eq!(found, expected, "{cell}");
        }
    }
}
