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
    pub people: f32,
    pub names: f32,
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
            people: part(Kind::Person),
            names: share(&is_name),
            counter: is_counter(&cells),
            negative: share(&numbers::is_negative),
            twice: parts::in_two_scripts(&cells),
            coded: !cells.is_empty()
                && cells.iter().all(|cell| cell.is_ascii() && !cell.trim().contains(' '))
                && share(&|cell| cell.bytes().any(|byte| byte.is_ascii_digit())) >= 0.5,
            values: if values.len() <= FEW { values } else { Vec::new() },
            split: split_of(&cells),
            aside: aside::of(&cells, |role| {
                values::relation(role).is_some() || words::meaning(role).part == 100
            })
            .or_else(|| {
                let people = !cells.iter().any(|cell| content::is_organization(cell));
                (people && aside::has_names(&cells)).then_some((Aside::Name, "\n"))
            }),
            ambiguous: told.is_ambiguous() && dates::order_in(heading).is_none(),
            technical: is_technical(heading, &cells),
            ..Self::default()
        };
        profile.by_heading(said, &kinds, &cells);
        if profile.what.is_none() && profile.role.is_none() {
            profile.by_content(&kinds, &cells);
        }
        profile
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

    fn by_heading(&mut self, said: &str, kinds: &BTreeMap<Kind, usize>, cells: &[&str]) {
        let count = cells.len();
        let meaning = words::meaning(said);
        if is_of_aircraft(&self.heading, cells) {
            (self.what, self.headed, self.confidence) = (Some("tail"), true, 0.9);
            self.reason = format!("“{}” has the marks of aircraft", self.heading);
            return;
        }
        // Neo4j's columns of what a node is are no names, whatever stands in them.
        if self.heading.trim().eq_ignore_ascii_case(":label") {
            let kinds = self.names_kinds();
            (self.what, self.headed) = (kinds.then_some("kind"), kinds);
            self.confidence = if kinds { 0.9 } else { 0.0 };
            self.reason = format!("“{}” says what each node is", self.heading);
            self.role = None;
            return;
        }
        // A word in the middle of a sentence is no heading of that.
        if meaning.part < 30 {
            return;
        }
        self.role = meaning.role;
        let Some(mut what) = meaning.what else { return };
        if is_of_bank(&self.heading) {
            what = match what {
                "country" | "jurisdiction" => "bankCountry",
                "address" | "city" => "bankAddress",
                other => other,
            };
        }
        let ibans = kinds.get(&Kind::Identifier("iban")).copied().unwrap_or(0);
        if what == "accountNumber" && ibans * 10 >= count * 8 && count > 0 {
            what = "iban";
        }
        // What is an office in Spanish is what a ship carries in English.
        if what == "role" && words::normal(&self.heading) == "cargo" && !self.names_relations() {
            what = "goodsDescription";
        }
        // A column of names in which nothing stands names nobody.
        if what == "name" && count == 0 {
            return self.role = None;
        }
        // Whole names of countries are such, whatever the heading calls a part of an address.
        let countries = kinds.get(&Kind::Country).copied().unwrap_or(0);
        if matches!(what, "region" | "city" | "street" | "address")
            && count > 2
            && countries * 10 >= count * 8
            && cells.iter().filter(|cell| cell.chars().count() > 3).count() * 10 >= count * 8
        {
            what = "country";
        }
        // “Kraj” is a country to some and a region to others: none of them is a country.
        if matches!(&*words::normal(&self.heading), "kraj" | "край" | "land")
            && what == "country"
            && count > 2
            && countries == 0
            && self.different > 2
            && cells
                .iter()
                .all(|cell| cell.chars().count() > 3 && cell.chars().all(|c| !c.is_ascii_digit()))
            && cells.iter().all(|cell| !cell.contains([',', ';', '/']))
        {
            what = "region";
        }
        let dates = kinds.get(&Kind::Date).copied().unwrap_or(0);
        if matches!(what, "role" | "position" | "status") && dates * 2 > count {
            return self.role = None;
        }
        // “Position short name” is a form of the position.
        if matches!(what, "name" | "alias" | "abbreviation") && meaning.role.is_none() {
            let text = words::normal(&self.heading);
            let first = text.split_once(' ').map(|(first, _)| words::meaning(first));
            if first.is_some_and(|first| {
                matches!(
                    first.what,
                    Some("position" | "role" | "status" | "kind" | "type" | "currency" | "sector")
                ) && first.role.is_none()
            }) {
                return self.role = None;
            }
        }
        if what == "name" && self.names_no_party(meaning.part) {
            return self.role = None;
        }
        if what == "name" {
            what = match self.instead_of_names(meaning.part, kinds, cells) {
                Some("") => return self.role = None,
                Some(other) => other,
                None => what,
            };
        }
        // A title is a form of address or a post, and types may be of anything.
        if what == "title" && count > 0 && part_of(&self.values, is_address_form) < 0.5 {
            what = if self.values.is_empty() { what } else { "position" };
        }
        let bare = !words::normal(&self.heading).contains(' ') || self.role == Some(Role::Vessel);
        if what == "kind" && bare && !self.names_kinds() && !self.values.is_empty() {
            let form = part_of(&self.values, content::is_legal_form) >= 0.3;
            what = if form { what } else { "sort" };
        }
        // “% of the capital” is a share, and “stake (EUR)” its value.
        let percent = self.heading.contains(['%', '％']);
        if percent && matches!(what, "capital" | "sharesCount" | "sharesValue" | "amount") {
            what = "percentage";
        } else if what == "percentage" && !percent && names_currency(&self.heading) {
            what = "sharesValue";
        }
        // Percentages are a share, whatever part of a capital it is, and thousands are none.
        let percents = kinds.get(&Kind::Percent).copied().unwrap_or(0);
        if matches!(what, "capital" | "sharesCount" | "amount")
            && percents * 10 >= count * 8
            && count > 0
        {
            what = "percentage";
        }
        let large = |cell: &&&str| {
            let bare: String = cell.chars().filter(|c| !"., '\u{a0}".contains(*c)).collect();
            bare.len() > 4
                && bare.bytes().all(|byte| byte.is_ascii_digit())
                && !cell.contains('%')
                && cell.rsplit_once(['.', ',']).is_none_or(|(_, end)| end.len() > 2)
        };
        if what == "percentage" && !percent && cells.iter().filter(large).count() * 2 > count {
            what = "sharesCount";
        }
        // M beside H is a woman in Spanish, and beside V or K it depends on the language.
        let has = |letter: &str| self.values.iter().any(|value| value.eq_ignore_ascii_case(letter));
        if what == "gender" && has("m") && (has("h") || has("v") || has("k")) {
            self.role = None;
            return;
        }
        // What counts the rows is nobody's number.
        if self.counter && matches!(what, "registrationNumber" | "idNumber" | "accountNumber") {
            what = "id";
        }
        // A name of several meanings: dates in “Issuer since”, numbers in “Company no”.
        let agreeing: usize = agreeing(what).map_or(count, |fits| {
            kinds.iter().filter(|(kind, _)| fits(**kind)).map(|(_, n)| n).sum()
        });
        let agrees = if count == 0 { 0.5 } else { agreeing as f32 / count as f32 };
        // “VAT” above amounts is a tax that was paid.
        let decimal = |cell: &&&str| {
            cell.rsplit_once(['.', ',']).is_some_and(|(_, end)| end.len() == 2)
                && content::kind(cell) == Kind::Number
        };
        let number = matches!(what, "vatCode" | "taxNumber" | "registrationNumber" | "idNumber");
        if number && cells.iter().filter(decimal).count() * 2 > count {
            self.role = None;
            return;
        }
        // A link that is nowhere is none.
        let dotted = cells.iter().any(|cell| cell.contains('.') && !cell.contains(' '));
        if matches!(what, "website" | "sourceUrl") && count > 0 && !dotted {
            self.role = None;
            return;
        }
        // Addresses under the heading of somebody are his key in a database on the web.
        let urls = kinds.get(&Kind::Url).copied().unwrap_or(0);
        if what == "name" && self.role.is_some() && count > 1 && urls == count {
            (self.what, self.role, self.headed, self.confidence) = (Some("id"), None, true, 0.8);
            self.reason = format!("“{}” has web addresses as keys", self.heading);
            return;
        }
        // Half a heading is not believed where half of the cells are something else.
        if agrees < 0.6 && meaning.part < 50 && count > 2 {
            self.role = None;
            return;
        }
        // Words without a capital and without a blank, other in each row, are keys of a program.
        let slug = |cell: &&str| {
            cell.len() > 5 && cell.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'_')
        };
        if what == "name" && count > 3 && self.different == count && cells.iter().all(slug) {
            (self.what, self.role, self.headed, self.confidence) = (Some("id"), None, true, 0.7);
            self.reason = format!("“{}” has keys", self.heading);
            return;
        }
        if what == "name"
            && matches!(self.role, Some(Role::Director | Role::Person))
            && has_filler(cells)
        {
            self.role = None;
            return;
        }
        // A heading alone is not believed where hardly a cell is what it says.
        if agrees < 0.2 || what == "name" && count > 0 && self.names < 0.5 {
            self.role = None;
            return;
        }
        self.headed = true;
        self.what = Some(what);
        self.confidence = (0.6 + meaning.part as f32 / 250.0) * (0.5 + agrees / 2.0);
        self.reason = format!("the heading says “{}”", self.heading);
        if agrees < 0.95 && count > 0 {
            self.reason.push_str(&format!(", but only {agreeing} of {count} cells look like it"));
        }
    }

    /// Whether a heading calls names what are those of files, layers or projects.
    fn names_no_party(&self, part: u32) -> bool {
        const OTHERS: [&str; 42] = [
            "version",
            "document",
            "policy",
            "model",
            "item",
            "material",
            "service",
            "resource",
            "page",
            "job",
            "tag",
            "sector",
            "layer",
            "file",
            "field",
            "table",
            "class",
            "product",
            "plan",
            "project",
            "type",
            "form",
            "category",
            "event",
            "list",
            "sheet",
            "section",
            "course",
            "street",
            "region",
            "county",
            "state",
            "city",
            "country",
            "district",
            "province",
            "column",
            "data",
            "dataset",
            "status",
            "commodity",
            "domain",
        ];
        const GOODS: [&str; 16] = [
            "товар",
            "продукт",
            "продукц",
            "produkt",
            "produit",
            "producto",
            "produto",
            "artikel",
            "article",
            "商品",
            "製品",
            "产品",
            "货物",
            "品名",
            "상품",
            "품목",
        ];
        if self.role.is_none() && words::mentions(&self.heading, &GOODS) {
            return true;
        }
        let heading = words::normal(&self.heading);
        let other = heading.split_once(" name").is_some_and(|(before, behind)| {
            behind.is_empty()
                && before.split(' ').next_back().is_some_and(|word| OTHERS.contains(&word))
        });
        self.role.is_none() && part < 100 && other
    }

    /// What stands in a column that a heading calls names, where its cells are none: the kinds,
    /// offices or countries of parties, or nothing that is known.
    fn instead_of_names(
        &self,
        part: u32,
        kinds: &BTreeMap<Kind, usize>,
        cells: &[&str],
    ) -> Option<&'static str> {
        let count = cells.len();
        if count == 0 {
            return None;
        }
        let of = |kind: Kind| *kinds.get(&kind).unwrap_or(&0) as f32 / count as f32;
        if self.names_kinds() {
            return Some("kind");
        }
        // A name with its address or a date behind it is a note.
        let with_more = cells.iter().filter(|cell| {
            cell.matches([',', '，']).count() >= 2
                && !content::is_company(cell)
                && !super::lists::are_people(cell)
                || cell.ends_with(')')
                    && cell.rsplit_once('(').is_some_and(|(_, inside)| {
                        content::kind(inside.trim_end_matches(')')) == Kind::Date
                    })
        });
        if with_more.count() * 2 > count {
            return Some("");
        }
        let offices = part_of(&self.values, values::is_relation);
        if !self.values.is_empty() && offices >= 0.8 {
            return Some("role");
        }
        let codes = cells.iter().all(|cell| {
            cell.chars().count() <= 3 && cell.chars().all(|c| c.is_ascii_alphanumeric())
        });
        if of(Kind::Country) >= 0.8 && (codes || part < 100 || self.different * 2 < count) {
            return Some("country");
        }
        // Half a heading is believed where its cells are the names of somebody.
        let cased = cells.iter().any(|cell| cell.chars().any(char::is_uppercase));
        let few = count >= 6 && self.different * 4 < count;
        // The same few words in small letters are kinds of something.
        let small = |cell: &&str| {
            !cell.contains(' ') && cell.chars().all(|c| !c.is_alphabetic() || c.is_lowercase())
        };
        if count >= 4
            && self.different <= 4
            && self.different * 2 < count
            && cells.iter().all(small)
        {
            return Some("");
        }
        let named = self.companies + of(Kind::Person);
        if self.role == Some(Role::Bank) {
            return None;
        }
        (codes || part < 100 && self.role.is_some() && (few || cased) && named < 0.3).then_some("")
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
        const SOURCES: [&str; 14] = [
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

fn part_of(values: &[String], fits: impl Fn(&str) -> bool) -> f32 {
    values.iter().filter(|value| fits(value)).count() as f32 / values.len().max(1) as f32
}

/// Whether most cells of a column of people say the same, which is nobody's name: “to be filled in”.
fn has_filler(cells: &[&str]) -> bool {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for cell in cells {
        *counts.entry(cell).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.is_some_and(|(cell, count)| {
        let words: Vec<&str> = cell.split_whitespace().collect();
        let small = |word: &&&str| word.chars().next().is_some_and(char::is_lowercase);
        count > 4
            && count * 2 > cells.len()
            && words.len() > 1
            && (words.iter().filter(small).count() > 1 || cell.bytes().any(|b| b.is_ascii_digit()))
    })
}

/// Whether a heading names a currency in brackets or at its end.
fn names_currency(heading: &str) -> bool {
    let mut words = heading.split(|c: char| !c.is_alphanumeric());
    words.any(|word| content::kind(word) == Kind::Currency)
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
        && words <= 14
        && !host
        && !is_flag(cell)
        && !matches!(
            content::kind(cell),
            Kind::Date | Kind::Number | Kind::Email | Kind::Percent | Kind::Url | Kind::Currency
        )
        && !matches!(&*cell.to_lowercase(), "present" | "current" | "ongoing" | "heute" | "actuel")
}

/// Whether a cell is a form of address or an academic title.
fn is_address_form(cell: &str) -> bool {
    let letters = cell.chars().filter(|c| c.is_alphabetic()).count();
    letters <= 4 && !cell.trim().contains(' ')
        || words::normal(cell).split(' ').any(|word| {
            const FORMS: [&str; 18] = [
                "mr", "mrs", "ms", "miss", "dr", "prof", "herr", "frau", "monsieur", "madame",
                "mme", "senor", "senora", "sir", "lady", "lord", "sheikh", "bay",
            ];
            FORMS.contains(&word)
        })
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

/// Whether a column has the marks of aircraft: `EP-XXX`, `N123AB`.
fn is_of_aircraft(heading: &str, cells: &[&str]) -> bool {
    const STEMS: [&str; 6] = ["tail", "aircraft", "luftfahrzeug", "aeronave", "бортов", "kuyruk"];
    const WHOLE: [&str; 7] = [
        "registration mark",
        "registration marks",
        "registration",
        "reg",
        "a c reg",
        "immatriculation",
        "kennzeichen",
    ];
    let heading = words::normal(heading);
    let is_mark = |cell: &&str| {
        let capital = |text: &str| {
            text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        };
        match cell.split_once('-') {
            Some((land, mark)) => {
                (1..=2).contains(&land.len())
                    && (3..=5).contains(&mark.len())
                    && capital(land)
                    && capital(mark)
                    && land.bytes().any(|byte| byte.is_ascii_uppercase())
            }
            None => {
                (3..=6).contains(&cell.len())
                    && cell.starts_with('N')
                    && cell.as_bytes()[1].is_ascii_digit()
                    && capital(cell)
            }
        }
    };
    let says = WHOLE.contains(&&*heading)
        || heading.ends_with(" a c reg")
        || heading.split(' ').any(|word| STEMS.iter().any(|stem| word.starts_with(stem)));
    says && !cells.is_empty() && cells.iter().all(is_mark)
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
    [";", "；", " | ", "|", "\n"].into_iter().find(|split| many(split) > 0)
}

/// What cells of an attribute look like, where that can be told.
fn agreeing(what: &str) -> Option<fn(Kind) -> bool> {
    Some(match what {
        "date" | "startDate" | "endDate" | "modifiedAt" | "createdAt" | "arrival" | "departure"
        | "fileDate" | "closeDate" | "balanceDate" => {
            |kind| matches!(kind, Kind::Date | Kind::Number)
        }
        "birthDate" | "incorporationDate" | "dissolutionDate" => {
            |kind| matches!(kind, Kind::Date | Kind::Number | Kind::Text)
        }
        "amount" | "debit" | "credit" | "sharesCount" | "tonnage" | "deadweightTonnage" => {
            |kind| matches!(kind, Kind::Number | Kind::Identifier(_) | Kind::Text)
        }
        "percentage" => |kind| matches!(kind, Kind::Percent | Kind::Number | Kind::Text),
        "email" => |kind| kind == Kind::Email,
        "website" | "sourceUrl" => |kind| matches!(kind, Kind::Url | Kind::Text),
        "country" | "nationality" | "jurisdiction" | "flag" => {
            |kind| !matches!(kind, Kind::Date | Kind::Number | Kind::Email | Kind::Percent)
        }
        "name" | "firstName" | "lastName" | "alias" | "weakAlias" | "previousName" => |kind| {
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
    !cells.is_empty() && (cells.iter().all(is_hash) || cells.iter().all(|cell| is_flag(cell)))
}
