//! What a heading says of its column, as far as the cells agree.

use std::collections::BTreeMap;

use super::{
    super::{
        content::{self, Kind},
        words::{self, Role},
    },
    lists,
    profile::{Profile, is_of_bank, part_of},
    values,
};

impl Profile {
    /// Takes a heading for what it says, as far as the cells agree.
    pub(super) fn by_heading(&mut self, said: &str, kinds: &BTreeMap<Kind, usize>, cells: &[&str]) {
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
            return;
        }
        // A word in the middle of a sentence is no heading of that.
        if meaning.part < 30 {
            return;
        }
        self.role = meaning.role;
        let Some(what) = meaning.what else { return };
        let Some(what) = self.narrowed(what, meaning.part, kinds, cells) else {
            self.role = None;
            return;
        };
        // A name of several meanings: dates in “Issuer since”, numbers in “Company no”.
        let agreeing: usize = agreeing(what).map_or(count, |fits| {
            kinds.iter().filter(|(kind, _)| fits(**kind)).map(|(_, n)| n).sum()
        });
        let agrees = if count == 0 { 0.5 } else { agreeing as f32 / count as f32 };
        if what == "name"
            && let Some(keys) = self.keys(kinds, cells)
        {
            (self.what, self.role, self.headed, self.confidence) = (Some("id"), None, true, 0.8);
            self.reason = format!("“{}” has {keys}", self.heading);
            return;
        }
        // A list of countries names nobody.
        let countries = kinds.get(&Kind::Country).copied().unwrap_or(0);
        let of_countries = count > 4 && self.different > 4 && countries * 10 >= count * 8;
        if what == "name" && self.role.is_none() && of_countries {
            return;
        }
        // A heading alone is not believed where hardly a cell is what it says, nor half of one
        // where half of the cells are something else.
        let half = agrees < 0.6 && meaning.part < 50 && count > 2;
        if half || agrees < 0.2 || self.denies(what, cells) {
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

    /// What a heading means that by itself may mean several things; nothing where the cells, or the
    /// rest of the heading, leave none of them.
    fn narrowed(
        &self,
        said: &'static str,
        part: u32,
        kinds: &BTreeMap<Kind, usize>,
        cells: &[&str],
    ) -> Option<&'static str> {
        let count = cells.len();
        let of = |kind: Kind| kinds.get(&kind).copied().unwrap_or(0);
        let nearly_all = |number: usize| count > 0 && number * 10 >= count * 8;
        let mut what = said;
        if is_of_bank(&self.heading) {
            what = match what {
                "country" | "jurisdiction" => "bankCountry",
                "address" | "city" => "bankAddress",
                other => other,
            };
        }
        // Several categories in a cell are no form.
        let parted = |value: &String| value.contains(['|', ';', ',']);
        if what == "legalForm"
            && words::mentions(&self.heading, &["categor", "tag", "list"])
            && self.values.iter().any(parted)
        {
            what = "sector";
        }
        // “Value without VAT” is what was paid, no number of a tax.
        const MONEY: [&str; 16] = [
            "value",
            "price",
            "amount",
            "sum",
            "without",
            "excl",
            "incl",
            "netto",
            "brutto",
            "hodnota",
            "cena",
            "wert",
            "betrag",
            "montant",
            "importe",
            "сумма",
        ];
        if what == "vatCode" && words::mentions(&self.heading, &MONEY) {
            what = "amount";
        }
        // “VAT” above 20 and 19.50 is what was added to a price.
        let short = |cell: &&&str| {
            let bare = cell.trim_end_matches(['%', ' ']);
            bare.bytes().filter(u8::is_ascii_digit).count() < 7
                && bare.chars().all(|c| c.is_ascii_digit() || " .,'".contains(c))
        };
        if what == "vatCode" && nearly_all(cells.iter().filter(short).count()) {
            return None;
        }
        // A column for the marks of ships, aircraft or land that nobody filled makes nobody one.
        const MARKS: [&str; 7] =
            ["imoNumber", "mmsi", "callSign", "tail", "plate", "vin", "titleNumber"];
        if count == 0 && MARKS.contains(&what) {
            return None;
        }
        if what == "accountNumber" && nearly_all(of(Kind::Identifier("iban"))) {
            what = "iban";
        }
        // What is an office in Spanish is what a ship carries in English.
        if what == "role" && words::normal(&self.heading) == "cargo" && !self.names_relations() {
            what = "goodsDescription";
        }
        // What a payment is for is a text, and no number of a file.
        if what == "purpose" && part < 100 && self.coded {
            let own = words::normal(&self.heading).ends_with("reference");
            return own.then_some("transactionNumber");
        }
        // What is written in sentences is no branch of trade.
        let long = |cell: &&&str| cell.split_whitespace().count() > 4;
        let sentences = cells.iter().filter(long).count() * 2 > count;
        if what == "sector" && part < 100 && sentences {
            return None;
        }
        // “Owner title” is whatever the owner is called.
        let titled = what == "title" && self.role == Some(Role::Owner) && self.companies >= 0.3;
        if titled {
            what = "name";
        }
        // Bonds have a denomination, and so do firms in French.
        if what == "name"
            && words::normal(&self.heading) == "denomination"
            && nearly_all(of(Kind::Number))
        {
            what = "amount";
        }
        what = self.place(what, of(Kind::Country), cells);
        if matches!(what, "role" | "position" | "status") && of(Kind::Date) * 2 > count {
            return None;
        }
        // A column of names in which nothing stands names nobody.
        if what == "name" && (count == 0 || self.names_no_party(part))
            || matches!(what, "name" | "alias" | "abbreviation") && self.is_form_of_word()
        {
            return None;
        }
        if what == "name" {
            what = match self.instead_of_names(part, kinds, cells) {
                Some("") => return None,
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
        what = self.share(what, of(Kind::Percent), cells);
        // M beside H is a woman in Spanish, and beside V or K it depends on the language.
        let has = |letter: &str| self.values.iter().any(|value| value.eq_ignore_ascii_case(letter));
        if what == "gender" && has("m") && (has("h") || has("v") || has("k")) {
            return None;
        }
        // What counts the rows is nobody's number.
        if self.counter && matches!(what, "registrationNumber" | "idNumber" | "accountNumber") {
            what = "id";
        }
        Some(what)
    }

    /// A country or a part of an address, by how many of the cells name countries.
    fn place(&self, what: &'static str, countries: usize, cells: &[&str]) -> &'static str {
        let count = cells.len();
        let long = cells.iter().filter(|cell| cell.chars().count() > 3).count();
        // Whole names of countries are such, whatever the heading calls a part of an address.
        if matches!(what, "region" | "city" | "street" | "address")
            && count > 2
            && countries * 10 >= count * 8
            && long * 10 >= count * 8
            // Georgia is a state, too.
            && !(self.different == 1 && words::mentions(&self.heading, &["state"]))
        {
            return "country";
        }
        // “Kraj” is a country to some and a region to others: none of them is a country.
        let plain =
            |cell: &&str| !cell.chars().any(|c| c.is_ascii_digit() || matches!(c, ',' | ';' | '/'));
        if what == "country"
            && matches!(&*words::normal(&self.heading), "kraj" | "край" | "land")
            && count > 2
            && countries == 0
            && self.different > 2
            && long == count
            && cells.iter().all(plain)
        {
            return "region";
        }
        what
    }

    /// A share as a part, a number or a value.
    fn share(&self, what: &'static str, percents: usize, cells: &[&str]) -> &'static str {
        let count = cells.len();
        // “% of the capital” is a share, and “stake (EUR)” its value.
        let percent = self.heading.contains(['%', '％']);
        if percent && matches!(what, "capital" | "sharesCount" | "sharesValue" | "amount") {
            return "percentage";
        }
        if what == "percentage" && !percent && names_currency(&self.heading) {
            return "sharesValue";
        }
        // Percentages are a share, whatever part of a capital it is, and thousands are none.
        if matches!(what, "capital" | "sharesCount" | "amount")
            && count > 0
            && percents * 10 >= count * 8
        {
            return "percentage";
        }
        let large = |cell: &&&str| {
            let bare: String = cell.chars().filter(|c| !"., '\u{a0}".contains(*c)).collect();
            bare.len() > 4
                && bare.bytes().all(|byte| byte.is_ascii_digit())
                && cell.rsplit_once(['.', ',']).is_none_or(|(_, end)| end.len() > 2)
        };
        let many = cells.iter().filter(large).count();
        if what == "percentage" && !percent && (many * 2 > count || many > 2 && percents == 0) {
            return "sharesCount";
        }
        what
    }

    /// What a column that a heading calls names has instead, where those are keys of a program.
    fn keys(&self, kinds: &BTreeMap<Kind, usize>, cells: &[&str]) -> Option<&'static str> {
        let count = cells.len();
        // Addresses under the heading of somebody are his key in a database on the web.
        let urls = kinds.get(&Kind::Url).copied().unwrap_or(0);
        if self.role.is_some() && count > 1 && urls == count {
            return Some("web addresses as keys");
        }
        const KEYS: [&str; 9] =
            ["permalink", "slug", "url", "uri", "uuid", "guid", "hash", "href", "handle"];
        let last = words::normal(&self.heading);
        if last.split(' ').next_back().is_some_and(|word| KEYS.contains(&word)) {
            return Some("keys");
        }
        // So are words without a capital and without a blank, another in each row.
        let slug = |cell: &&str| {
            cell.len() > 5 && cell.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'_')
        };
        (count > 3 && self.different == count && cells.iter().all(slug)).then_some("keys")
    }

    /// Whether the cells cannot be what a heading says.
    fn denies(&self, what: &str, cells: &[&str]) -> bool {
        let count = cells.len();
        // “VAT” above amounts is a tax that was paid.
        let decimal = |cell: &&&str| {
            cell.rsplit_once(['.', ',']).is_some_and(|(_, end)| end.len() == 2)
                && content::kind(cell) == Kind::Number
        };
        let people = matches!(self.role, Some(Role::Director | Role::Person));
        match what {
            "vatCode" | "taxNumber" | "registrationNumber" | "idNumber" => {
                cells.iter().filter(decimal).count() * 2 > count
                    || !cells.iter().any(|cell| cell.bytes().any(|byte| byte.is_ascii_digit()))
            }
            // A link that is nowhere is none.
            "website" | "sourceUrl" => {
                count > 0 && !cells.iter().any(|cell| cell.contains('.') && !cell.contains(' '))
            }
            "name" => count > 0 && self.names < 0.5 || people && has_filler(cells),
            _ => false,
        }
    }

    /// Whether a heading is of a form of a word, as “position short name” is of a position.
    fn is_form_of_word(&self) -> bool {
        let text = words::normal(&self.heading);
        let first = text.split_once(' ').map(|(first, _)| words::meaning(first));
        self.role.is_none()
            && first.is_some_and(|first| {
                first.role.is_none()
                    && matches!(
                        first.what,
                        Some(
                            "position"
                                | "role"
                                | "status"
                                | "kind"
                                | "type"
                                | "currency"
                                | "sector"
                        )
                    )
            })
    }

    /// Whether a heading calls names what are those of files, layers or projects.
    fn names_no_party(&self, part: u32) -> bool {
        const OTHERS: [&str; 60] = [
            "scientific",
            "generic",
            "drug",
            "medicine",
            "ingredient",
            "substance",
            "species",
            "chemical",
            "goods",
            "article",
            "recipe",
            "dish",
            "game",
            "song",
            "film",
            "movie",
            "book",
            "equipment",
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
        const GOODS: [&str; 31] = [
            "פריט",
            "מוצר",
            "צורה",
            "منتج",
            "صنف",
            "سلعة",
            "مادة",
            "دواء",
            "کالا",
            "محصول",
            "دارو",
            "препарат",
            "номенклатур",
            "medicament",
            "药品",
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
                && !lists::are_people(cell)
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
    let marks = cells.iter().filter(|cell| is_mark(cell)).count();
    says && !cells.is_empty() && marks * 10 >= cells.len() * 8
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
