//! What a column holds, by its heading and by its cells.

use std::collections::{BTreeMap, HashSet};

use super::super::{
    clean,
    content::{self, Kind},
    learn,
    row::Row,
    words::{self, Role},
};

/// A column as it looks.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    pub heading: String,
    pub role: Option<Role>,
    /// What stands in it, by a name of `words.txt`.
    pub what: Option<&'static str>,
    /// 0 to 1.
    pub confidence: f32,
    pub reason: String,
    /// How many of the rows that were looked at have it.
    pub filled: usize,
    /// Whether no value comes twice.
    pub distinct: bool,
    /// How large a part looks like the name of a company, and of a person.
    pub companies: f32,
    pub people: f32,
    /// Whether its dates could mean two days each.
    pub ambiguous: bool,
    /// Whether it holds nothing that a reader would want to read.
    pub technical: bool,
}

impl Profile {
    /// Looks at a column, by its heading and by what its cells hold.
    pub fn of(heading: &str, column: usize, rows: &[Row]) -> Self {
        let cells: Vec<&str> = rows
            .iter()
            .map(|row| row.get(column))
            .filter(|cell| !clean::is_nothing(cell))
            .collect();
        let mut kinds = BTreeMap::<Kind, usize>::new();
        let mut told = learn::Column::default();
        for cell in &cells {
            *kinds.entry(content::kind(cell)).or_default() += 1;
            told.hear(cell);
        }
        let part = |kind: Kind| *kinds.get(&kind).unwrap_or(&0) as f32 / cells.len().max(1) as f32;
        let distinct = cells.iter().collect::<HashSet<_>>().len() == cells.len();
        let mut profile = Self {
            heading: heading.to_owned(),
            role: None,
            what: None,
            confidence: 0.0,
            reason: String::new(),
            filled: cells.len(),
            distinct: distinct && cells.len() > 1,
            companies: part(Kind::Company),
            people: part(Kind::Person),
            ambiguous: told.is_ambiguous(),
            technical: is_technical(heading, &cells),
        };
        profile.by_heading(&kinds, cells.len());
        if profile.what.is_none() {
            profile.by_content(&kinds, &cells);
        }
        profile
    }

    fn by_heading(&mut self, kinds: &BTreeMap<Kind, usize>, count: usize) {
        let meaning = words::meaning(&self.heading);
        // A word in the middle of a sentence is no heading of that.
        if meaning.part < 30 {
            return;
        }
        self.role = meaning.role;
        let Some(what) = meaning.what else { return };
        let agreeing: usize = agreeing(what).map_or(count, |fits| {
            kinds.iter().filter(|(kind, _)| fits(**kind)).map(|(_, n)| n).sum()
        });
        let agrees = if count == 0 { 0.5 } else { agreeing as f32 / count as f32 };
        // A heading alone is not believed where hardly a cell is what it says.
        if agrees < 0.2 {
            return;
        }
        self.what = Some(what);
        self.confidence = meaning.part as f32 / 100.0 * (0.5 + agrees / 2.0);
        self.reason = format!("the heading says “{}”", self.heading);
        if agrees < 0.95 && count > 0 {
            self.reason.push_str(&format!(", but only {agreeing} of {count} cells look like it"));
        }
    }

    fn by_content(&mut self, kinds: &BTreeMap<Kind, usize>, cells: &[&str]) {
        let count = cells.len();
        if count == 0 {
            return;
        }
        let most = kinds.iter().max_by_key(|(_, n)| **n);
        let Some((kind, &many)) = most else { return };
        let ships = cells.iter().filter(|cell| content::satisfies("imo", cell)).count();
        let banks = cells.iter().filter(|cell| {
            content::satisfies("bic", cell)
                && cell.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
                && cell.len() != 7
        });
        let found = if count >= 5 && ships * 10 >= count * 9 {
            Some(("imoNumber", "IMO numbers whose check digit holds", ships))
        } else if count >= 3 && banks.clone().count() * 10 >= count * 9 {
            Some(("swiftBic", "BIC codes of banks", banks.count()))
        } else {
            let found = match kind {
                Kind::Identifier("lei") => ("leiCode", "LEI codes whose check holds"),
                Kind::Identifier("iban") => ("iban", "IBAN whose check holds"),
                Kind::Identifier("isin") => ("isin", "ISIN whose check holds"),
                Kind::Identifier("uscc") => ("uscCode", "Chinese credit codes whose check holds"),
                Kind::Identifier("imo") => ("imoNumber", "IMO numbers whose check digit holds"),
                Kind::Email => ("email", "e-mail addresses"),
                Kind::Url => ("website", "web addresses"),
                Kind::Phone => ("phone", "phone numbers"),
                Kind::Country => ("country", "countries"),
                Kind::Percent => ("percentage", "percentages"),
                Kind::Currency => ("currency", "codes of currencies"),
                Kind::Company => ("name", "names of companies"),
                Kind::Person => ("name", "names of people"),
                _ => return,
            };
            Some((found.0, found.1, many))
        };
        let Some((what, words, many)) = found else { return };
        if many * 10 < count * 7 {
            return;
        }
        self.what = Some(what);
        if what == "name" && self.role.is_none() {
            self.role = Some(if *kind == Kind::Company { Role::Company } else { Role::Person });
        }
        self.confidence = many as f32 / count as f32 * 0.8;
        self.reason = format!("{many} of {count} cells are {words}");
    }
}

/// What cells of an attribute look like, where that can be told.
fn agreeing(what: &str) -> Option<fn(Kind) -> bool> {
    Some(match what {
        "date" | "birthDate" | "startDate" | "endDate" | "incorporationDate"
        | "dissolutionDate" | "modifiedAt" | "createdAt" => {
            |kind| matches!(kind, Kind::Date | Kind::Number)
        }
        "amount" | "debit" | "credit" | "capital" | "sharesCount" | "tonnage"
        | "deadweightTonnage" => |kind| matches!(kind, Kind::Number | Kind::Identifier(_)),
        "percentage" => |kind| matches!(kind, Kind::Percent | Kind::Number | Kind::Text),
        "email" => |kind| kind == Kind::Email,
        "website" | "sourceUrl" => |kind| matches!(kind, Kind::Url | Kind::Text),
        "country" | "nationality" | "jurisdiction" | "flag" => {
            |kind| !matches!(kind, Kind::Date | Kind::Number | Kind::Email | Kind::Percent)
        }
        "name" | "firstName" | "lastName" | "alias" => |kind| {
            !matches!(kind, Kind::Date | Kind::Number | Kind::Email | Kind::Percent | Kind::Url)
        },
        "currency" => |kind| matches!(kind, Kind::Currency | Kind::Text | Kind::Person),
        "address" => |kind| !matches!(kind, Kind::Date | Kind::Number | Kind::Email | Kind::Url),
        _ => return None,
    })
}

/// Keys, hashes, flags and stamps of programs.
fn is_technical(heading: &str, cells: &[&str]) -> bool {
    let meaning = words::meaning(heading);
    if matches!(meaning.what, Some("id" | "createdAt" | "modifiedAt")) {
        return true;
    }
    let is_hash = |cell: &&str| {
        let hex = cell.chars().filter(|c| *c != '-').all(|c| c.is_ascii_hexdigit());
        cell.len() >= 16 && hex
    };
    let is_flag = |cell: &&str| {
        matches!(
            &*cell.to_lowercase(),
            "0" | "1" | "true" | "false" | "y" | "n" | "yes" | "no" | "t" | "f"
        )
    };
    !cells.is_empty() && (cells.iter().all(is_hash) || cells.iter().all(is_flag))
}
