//! What a column holds, by its heading and by its cells.

use std::collections::{BTreeMap, HashSet};

use super::{
    super::{
        aside::{self, Aside},
        clean,
        content::{self, Kind},
        dates, learn,
        numbers::{self, western},
        parts,
        row::Row,
        words::{self, Role},
    },
    values,
};

/// A column as it looks.
#[derive(Clone, Debug, Default)]
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
    /// Whether the heading was understood; else the cells told.
    pub headed: bool,
    /// How many different values it has.
    pub different: usize,
    /// How large a part looks like names of companies, of people, of anybody.
    pub companies: f32,
    /// How large a part has the form of a company in its name.
    pub firms: f32,
    pub people: f32,
    pub names: f32,
    /// How large a part of its names has the title of a person.
    pub titled: f32,
    /// Whether its numbers count the rows.
    pub counter: bool,
    /// Its different values, where they are few.
    pub values: Vec<String>,
    /// Whether those are the values of the whole table, not of its first rows.
    pub complete: bool,
    /// What stands behind each of its names, and what parts several in a cell.
    pub aside: Option<(Aside, &'static str)>,
    /// What parts several values in its cells.
    pub split: Option<&'static str>,
    /// Whether slashes with blanks around them part names in its cells.
    pub slashed: bool,
    /// The column with the same names in another language, where some have only that.
    pub also: Option<usize>,
    /// Whether the same in another script stands in brackets behind its names.
    pub twice: bool,
    /// Whether its cells are codes: none has a blank, most have a figure.
    pub coded: bool,
    /// How large a part of its cells are amounts below zero.
    pub negative: f32,
    /// Whether its dates could mean two days each.
    pub ambiguous: bool,
    /// Whether its cells are ids by which parties are called.
    pub called: bool,
    /// Whether it holds nothing that a reader would want to read.
    pub technical: bool,
}

/// The most different values that are kept.
const FEW: usize = 60;

impl Profile {
    /// Looks at a column, by its heading and by what its cells hold.
    pub fn of(heading: &str, column: usize, rows: &[Row]) -> Self {
        Self::said(heading, heading, column, rows)
    }

    /// The same for a heading of which only a part says anything.
    pub fn said(heading: &str, said: &str, column: usize, rows: &[Row]) -> Self {
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
        let count = cells.len().max(1) as f32;
        let part = |kind: Kind| *kinds.get(&kind).unwrap_or(&0) as f32 / count;
        let share = |fits: &dyn Fn(&str) -> bool| {
            cells.iter().filter(|cell| fits(cell)).count() as f32 / count
        };
        let mut seen = HashSet::new();
        let values: Vec<String> =
            cells.iter().filter(|cell| seen.insert(**cell)).map(|c| (*c).to_owned()).collect();
        let mut profile = Self {
            heading: heading.to_owned(),
            filled: cells.len(),
            different: values.len(),
            companies: share(&content::is_organization),
            firms: share(&content::is_company),
            people: part(Kind::Person),
            names: share(&is_name),
            titled: share(&content::is_titled),
            counter: is_counter(&cells),
            negative: share(&numbers::is_negative),
            twice: parts::in_two_scripts(&cells),
            coded: !cells.is_empty()
                && cells.iter().all(|cell| cell.is_ascii() && !cell.trim().contains(' '))
                && share(&|cell| cell.bytes().any(|byte| byte.is_ascii_digit())) >= 0.5,
            values: if values.len() <= FEW { values } else { Vec::new() },
            split: split_of(&cells),
            slashed: parts::are_slashed(&cells),
            aside: aside::of(&cells, is_role).or_else(|| {
                let people = !cells.iter().any(|cell| content::is_organization(cell));
                (people && aside::has_names(&cells)).then_some((Aside::Name, "\n"))
            }),
            ambiguous: told.is_ambiguous()
                && dates::order_in(heading).is_none()
                && told.order_below(heading).is_none(),
            technical: is_technical(heading, &cells),
            ..Self::default()
        };
        profile.by_heading(said, &kinds, &cells);
        let people = matches!(profile.role, Some(Role::Person | Role::Director));
        if people && profile.what == Some("name") && profile.aside.is_none() {
            profile.aside = if aside::has_posts(&cells, is_office) {
                Some((Aside::Role, "\n"))
            } else {
                aside::has_notes(&cells).then_some((Aside::Note, "\n"))
            };
        }
        if profile.what.is_none() && profile.role.is_none() {
            profile.by_content(&kinds, &cells);
        }
        profile
    }

    /// Takes it for the names of a party.
    pub(super) fn name_of(&mut self, role: Option<Role>, confidence: f32, reason: String) {
        (self.role, self.what, self.headed) = (role, Some("name"), true);
        (self.confidence, self.reason) = (confidence, reason);
    }

    /// Takes its ids for what parties are called.
    pub(super) fn call_by(&mut self, role: Option<Role>, reason: String) {
        self.name_of(role, 0.85, reason);
        (self.names, self.called, self.technical) = (1.0, true, false);
    }

    /// Whether all of its values, or nearly all, name kinds of things.
    pub(crate) fn names_kinds(&self) -> bool {
        !self.values.is_empty()
            && (self.values.len() <= 24 || self.complete)
            && part_of(&self.values, |value| self.kind_of(value).is_some()) >= 0.6
    }

    /// The kind of thing that a value of the column names.
    pub(crate) fn kind_of(&self, value: &str) -> Option<&'static str> {
        values::kind(value).or_else(|| values::kind_code(&self.heading, value))
    }

    /// Whether most of its values name relationships.
    pub(crate) fn names_relations(&self) -> bool {
        !self.values.is_empty()
            && part_of(&self.values, |value| values::relation(value).is_some()) >= 0.5
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
        let codes = cells.iter().filter(|cell| cell.chars().count() <= 3).count();
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
                // Few different codes are flags and answers as well: YES and NO, OK and NA.
                Kind::Country if codes == 0 || many == count && self.different > 1 => {
                    ("country", "countries")
                }
                Kind::Percent => ("percentage", "percentages"),
                Kind::Currency => ("currency", "codes of currencies"),
                Kind::Company => ("name", "names of companies"),
                _ => return,
            };
            Some((found.0, found.1, many))
        };
        let Some((what, words, many)) = found else { return };
        let flags = part_of(&self.values, is_flag) > 0.0;
        if many * 10 < count * 8 || flags || what == "name" && self.different * 2 < count {
            return;
        }
        // Addresses of one site, one for each row, are of the records.
        const SOURCES: [&str; 16] = [
            "citation",
            "document",
            "source",
            "quelle",
            "fuente",
            "fonte",
            "источник",
            "джерело",
            "link",
            "article",
            "news",
            "evidence",
            "proof",
            "scraped",
            "reference",
            "出典",
        ];
        let cited = || words::mentions(&self.heading, &SOURCES);
        let what = if what == "website" && (cited() || are_of_records(cells)) {
            "sourceUrl"
        } else {
            what
        };
        self.what = Some(what);
        if what == "name" {
            self.role = Some(Role::Company);
        }
        // Names of companies throughout are as good as a heading; a few may be chance.
        let throughout = what == "name" && many == count && count >= 5 && self.different == count;
        self.confidence = many as f32 / count as f32 * if throughout { 0.8 } else { 0.75 };
        self.reason = format!("{many} of {count} cells are {words}");
    }
}

/// Whether a table has a column of one of these.
pub(super) fn has(profiles: &[Profile], whats: &[&str]) -> bool {
    profiles.iter().any(|profile| profile.what.is_some_and(|what| whats.contains(&what)))
}

pub(super) fn part_of(values: &[String], fits: impl Fn(&str) -> bool) -> f32 {
    values.iter().filter(|value| fits(value)).count() as f32 / values.len().max(1) as f32
}

/// Whether a text beside a name says what its bearer is to somebody.
fn is_role(text: &str) -> bool {
    values::relation(text).is_some() || words::meaning(text).part == 100
}

/// Whether a text beside a name is an office in a company.
fn is_office(text: &str) -> bool {
    values::relation(text).is_some_and(|found| found.schema == "Directorship")
        || aside::is_post(text)
}

/// Whether a cell can be the name of somebody or something.
fn is_name(cell: &str) -> bool {
    let letters = cell.chars().filter(|c| c.is_alphabetic()).count();
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let words = cell.split_whitespace().count();
    // “ns1.example.org” is the name of a machine.
    let host = words == 1 && cell.trim_end_matches('.').contains('.') && !cell.ends_with('.');
    letters >= 2
        && letters > digits
        && words <= 24
        && !host
        && !is_flag(cell)
        && !matches!(
            content::kind(cell),
            Kind::Date | Kind::Number | Kind::Email | Kind::Percent | Kind::Url | Kind::Currency
        )
        && !matches!(&*cell.to_lowercase(), "present" | "current" | "ongoing" | "heute" | "actuel")
}

/// Whether web addresses differ from row to row within one site.
fn are_of_records(cells: &[&str]) -> bool {
    let site = |cell: &str| {
        let rest = cell.split_once("://").map_or(cell, |(_, rest)| rest);
        rest.split_once('/').map(|(site, _)| site.to_lowercase())
    };
    let first = cells.first().and_then(|cell| site(cell));
    let different: HashSet<&&str> = cells.iter().collect();
    cells.len() >= 3
        && different.len() == cells.len()
        && first.is_some()
        && cells.iter().all(|cell| site(cell) == first)
}

/// Whether a cell is an answer of yes or no.
fn is_flag(cell: &str) -> bool {
    const FLAGS: [&str; 24] = [
        "0",
        "1",
        "true",
        "false",
        "y",
        "n",
        "yes",
        "no",
        "t",
        "f",
        "ja",
        "nein",
        "oui",
        "non",
        "sí",
        "si",
        "да",
        "нет",
        "是",
        "否",
        "예",
        "아니오",
        "evet",
        "hayır",
    ];
    FLAGS.contains(&&*cell.to_lowercase())
}

/// Whether numbers go up by one from row to row.
fn is_counter(cells: &[&str]) -> bool {
    let numbers: Option<Vec<u64>> =
        cells.iter().map(|cell| western(cell.trim_end_matches('.')).parse().ok()).collect();
    numbers.is_some_and(|numbers| {
        numbers.len() > 1
            && numbers[0] <= 1
            && numbers.windows(2).all(|pair| pair[1] > pair[0] && pair[1] - pair[0] <= 2)
    })
}

/// Whether a heading speaks of a bank.
pub(super) fn is_of_bank(heading: &str) -> bool {
    const BANKS: [&str; 9] =
        ["bank", "banque", "banco", "банк", "银行", "은행", "banka", "بنک", "בנק"];
    let heading = words::normal(heading);
    heading.split(' ').any(|word| BANKS.iter().any(|bank| word.starts_with(bank)))
        || heading.contains("银行")
}

/// What parts several values in the cells of a column, where they show it.
fn split_of(cells: &[&str]) -> Option<&'static str> {
    if !cells.is_empty() && cells.iter().all(|cell| parts::listed(cell).is_some()) {
        return Some(",");
    }
    let many = |split: &str| cells.iter().filter(|cell| cell.contains(split)).count();
    // “Former name: …” on a line of its own is no second name.
    let told = cells.iter().any(|cell| cell.lines().skip(1).any(|line| line.contains(": ")));
    let splits = [";", "；", " | ", "|", "\n"].into_iter();
    splits.filter(|split| *split != "\n" || !told).find(|split| many(split) > 0)
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
    !cells.is_empty() && (cells.iter().all(is_hash) || cells.iter().all(|cell| is_flag(cell)))
}
