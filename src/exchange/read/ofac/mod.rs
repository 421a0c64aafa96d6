//! The lists of the US Treasury's Office of Foreign Assets Control as comma-separated values: the
//! main list, aliases, addresses and the rest of long remarks, in files of their own without a
//! header. The layout is that of the “SDN data specification” (`dat_spec.txt`): `-0- ` stands for
//! nothing, a remark that is longer than 1,000 characters goes on in the comments.
//!
//! Ids are `ofac-` and the number of the list. The programmes stand at the party itself (`program`,
//! with the topic `sanction`): these files say nothing else of a listing, no date and no reason,
//! that an entity of its own (`Sanction`) could carry.

mod names;
mod remark;

use std::{collections::HashMap, path::Path};

use self::{
    names::{Names, Number, Tie},
    remark::Said,
};
use super::{
    Head, Input, Problem, Sink, open,
    part::{Part, address, at, country, hashed, quoted},
    refused,
    text::{Rows, first_rows, total},
};
use crate::{case::Result, model::Id};

/// The longest file that is read, in bytes: ten times the longest that there has been. The names
/// of a list are held in memory.
const LONGEST_FILE: u64 = 64 << 20;
/// The longest remark or title that is read, in bytes; the longest there has been has 2,000. A
/// longer one is kept as a note.
const LONGEST_REMARK: usize = 16 << 10;
/// How many parties of one name a tie may mean; where there are more, it says nothing.
const MOST_MEANT: usize = 8;

/// The files of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Main,
    Aliases,
    Addresses,
    Comments,
}

impl Kind {
    /// How many columns it has.
    fn columns(self) -> usize {
        match self {
            Self::Main => 12,
            Self::Aliases => 5,
            Self::Addresses => 6,
            Self::Comments => 2,
        }
    }

    /// By what its first rows hold.
    fn of(head: &Head) -> Option<Self> {
        let rows = first_rows(head, 8);
        let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let rows: Vec<_> = rows.iter().filter(|row| !is_end_mark(row)).collect();
        let first = rows.first()?;
        let alike = rows.iter().all(|row| row.len() == first.len() && number(row[0].trim()));
        let has_null = rows.iter().flat_map(|row| row.iter()).any(|field| field.trim() == "-0-");
        let type_ = |at: usize| first.get(at).map_or("", |field| field.trim());
        match first.len() {
            12 if alike
                && ["-0-", "individual", "entity", "vessel", "aircraft"].contains(&type_(2)) =>
            {
                Some(Self::Main)
            }
            5 if alike && number(type_(1)) && ["aka", "fka", "nka"].contains(&type_(2)) => {
                Some(Self::Aliases)
            }
            6 if alike && number(type_(1)) && has_null => Some(Self::Addresses),
            2 if alike && head.name.contains("comment") => Some(Self::Comments),
            _ => None,
        }
    }
}

/// Whether a file begins like one of the list's.
pub(in crate::exchange) fn recognises(head: &Head) -> bool {
    Kind::of(head).is_some()
}

/// Reads the files of a list, in any order. Of a set without the main list, aliases and addresses
/// are read for parties that the case may have already.
pub(in crate::exchange) fn read(input: &Input<'_>, sink: &mut dyn Sink) -> Result<()> {
    let mut files = Vec::new();
    for (index, path) in input.files.iter().enumerate() {
        let (_, size) = open(path)?;
        if size > LONGEST_FILE {
            return Err(refused(path, "", "it is longer than 64 MiB, which no such list is"));
        }
        let kind = Kind::of(&Head::of(path)?)
            .ok_or_else(|| refused(path, "", "it is none of the files of OFAC's list"))?;
        files.push(File { index, path, kind });
    }
    let total = total(input)? * 2;
    let mut list = List { names: Names::default(), comments: HashMap::new(), done: 0, total };
    for file in &files {
        list.index(*file, sink)?;
    }
    if !files.iter().any(|file| file.kind == Kind::Main) {
        let what = "the main list (sdn.csv) is not among the files, so that nobody here has a name";
        sink.problem(Problem::new(0, "the whole", what))?;
    }
    for file in &files {
        list.tell(*file, sink)?;
    }
    sink.at(total, total)
}

#[derive(Clone, Copy)]
struct File<'a> {
    index: usize,
    path: &'a Path,
    kind: Kind,
}

/// What is done with a good row: its party's number and its fields.
type Take<'a> = &'a mut dyn FnMut(&mut List, Number, &[String], &mut dyn Sink) -> Result<()>;

/// The list as it is read: first who is on it, then what is said of them.
struct List {
    names: Names,
    comments: HashMap<Number, String>,
    done: u64,
    total: u64,
}

impl List {
    /// Goes through the good rows of a file. What is wrong with the others is told where
    /// `problems` says so.
    fn each(
        &mut self,
        file: File<'_>,
        sink: &mut dyn Sink,
        problems: bool,
        take: Take<'_>,
    ) -> Result<()> {
        let mut rows = Rows::open(file.path)?;
        while let Some(row) = rows.next()? {
            rows.tell(sink, self.done, self.total)?;
            if is_end_mark(&row) {
                continue;
            }
            let place = format!("row {}", rows.number);
            if row.len() != file.kind.columns() {
                if rows.is_open_end() && row.len() < file.kind.columns() {
                    return Err(refused(file.path, place, "the file is cut off here"));
                }
                let what =
                    format!("it has {} columns instead of {}", row.len(), file.kind.columns());
                if problems {
                    sink.problem(Problem::new(file.index, place, what))?;
                }
                continue;
            }
            let row: Vec<String> = row.into_iter().map(without_null).collect();
            match row[0].parse() {
                Ok(number) => take(self, number, &row, sink)?,
                Err(_) if problems => {
                    let what = "its first column is not the number of a party";
                    sink.problem(Problem::new(file.index, place, what))?;
                }
                Err(_) => {}
            }
        }
        self.done += rows.size();
        sink.at(self.done, self.total)
    }

    fn index(&mut self, file: File<'_>, sink: &mut dyn Sink) -> Result<()> {
        self.each(file, sink, false, &mut |list, number, row, _| {
            match file.kind {
                Kind::Main => {
                    list.names.add(number, names::schema(&row[2], &row[1]), &row[1]);
                }
                Kind::Aliases => list.names.add_other(number, &row[3]),
                Kind::Comments => list.comments.entry(number).or_default().push_str(&row[1]),
                Kind::Addresses => {}
            }
            Ok(())
        })
    }

    fn tell(&mut self, file: File<'_>, sink: &mut dyn Sink) -> Result<()> {
        self.each(file, sink, true, &mut |list, number, row, sink| match file.kind {
            Kind::Main => list.party(file.index, number, row, sink),
            Kind::Aliases => list.alias(file.index, number, row, sink),
            Kind::Addresses => list.address(file.index, number, row, sink),
            // They go on with the remark that the main list begins.
            Kind::Comments if list.names.schema(number) == "Thing" => {
                let place = format!("record {number}");
                let mut part = Part::new(id(number), "Thing", quoted(file.index, place, &row[1]));
                part.note(&row[1]);
                sink.take(part.done())
            }
            Kind::Comments => Ok(()),
        })
    }

    fn party(
        &self,
        file: usize,
        number: Number,
        row: &[String],
        sink: &mut dyn Sink,
    ) -> Result<()> {
        let place = format!("record {number}");
        let mut party = self.part(file, number, &place);
        name(&mut party, "name", &row[1]);
        if party.schema() == "Person"
            && let Some((last, first)) = row[1].split_once(',')
        {
            party.put("lastName", last);
            party.put("firstName", first);
        }
        // `[SDGT] [IFSR]`, without the outer brackets.
        for program in row[3].split("] [").map(|p| p.trim_matches(['[', ']', ' '])) {
            party.put("program", program);
        }
        party.state("topics", "sanction");
        let page = "https://sanctionssearch.ofac.treas.gov/Details.aspx?id=";
        party.state("sourceUrl", format!("{page}{number}"));
        let title = if row[4].len() > LONGEST_REMARK { "" } else { row[4].as_str() };
        if title.is_empty() {
            party.note(&row[4]);
        }
        for title in remark::items(title) {
            party.put_or_note("position", title, "Title");
        }
        for (property, column, label) in [
            ("callSign", 5, "Call sign"),
            ("type", 6, "Vessel type"),
            ("tonnage", 7, "Tonnage"),
            ("grossRegisteredTonnage", 8, "Gross registered tonnage"),
            ("flag", 9, "Flag"),
        ] {
            // A number of the list is grouped by commas, which may look like a decimal one.
            let text = if matches!(column, 7 | 8) {
                row[column].replace(',', "")
            } else {
                row[column].clone()
            };
            party.put_or_note(property, &text, label);
        }
        let mut ties = Vec::new();
        if !row[10].is_empty() {
            match self.names.find(&row[10]) {
                [owner] => ties.push((*owner, number, Relation::new("Ownership", "Vessel owner"))),
                _ => party.note(&format!("Vessel owner: {}", row[10])),
            }
        }
        ties.extend(remark::items(title).filter_map(|title| self.office(number, title)));
        sink.take(party.done())?;
        let remark =
            format!("{}{}", row[11], self.comments.get(&number).map_or("", String::as_str));
        if remark.len() > LONGEST_REMARK {
            let what = "its remark is longer than 16 KiB and is kept as a note, unread";
            sink.problem(Problem::new(file, &place, what))?;
            let mut party = self.part(file, number, &place);
            party.note(&remark);
            return sink.take(party.done());
        }
        self.remark(file, number, &remark, title, ties, sink)
    }

    /// Reads a remark, and tells the ties of a party.
    fn remark(
        &self,
        file: usize,
        number: Number,
        remark: &str,
        title: &str,
        mut ties: Vec<(Number, Number, Relation)>,
        sink: &mut dyn Sink,
    ) -> Result<()> {
        let place = format!("record {number}");
        let origin = quoted(file, &place, remark);
        let mut party = Part::new(id(number), self.names.schema(number), origin.clone());
        let mut links: Vec<(Vec<Number>, &'static str, &str)> = Vec::new();
        let mut others = Vec::new();
        for item in remark::items(remark) {
            match remark::said(item) {
                Said::Value { properties, text } => {
                    let fits = remark::fitting(party.schema(), properties);
                    if !fits.is_some_and(|property| put(&mut party, property, &text)) {
                        party.note(item);
                    }
                }
                Said::Dates { property, dates } => {
                    let text = item.trim_start_matches("alt. ");
                    let spelt = text.split_once(' ').map_or(text, |(_, spelt)| spelt);
                    let spelt = spelt.trim_end_matches('.');
                    let fits = remark::fitting(party.schema(), &[property]).is_some()
                        && dates.iter().all(|date| party.put_as(property, date, spelt));
                    if !fits {
                        party.note(item);
                    }
                }
                Said::Document(document) => others.extend(paper(&mut party, &document, item)),
                Said::Wallet { currency, address } => {
                    let key = hashed("wallet", &[currency, address]);
                    let mut wallet = Part::new(key, "CryptoWallet", origin.clone());
                    wallet.put_or_note("publicKey", address, "Address");
                    wallet.put_or_note("currencySymbol", currency, "Currency");
                    wallet.state("topics", "sanction");
                    wallet.state("holder", id(number).as_str());
                    others.push(wallet);
                }
                Said::Linked { role, name } => match self.names.find(name) {
                    found if found.is_empty() || found.len() > MOST_MEANT => {
                        party.note(item);
                        if role == "Linked To" {
                            let how = if found.is_empty() { "not" } else { "too often" };
                            let what =
                                format!("“{name}”, to whom it is linked, is {how} on the list");
                            sink.problem(Problem::new(file, &place, what))?;
                        }
                    }
                    found => links.push((found.to_vec(), role, item)),
                },
                Said::Note => {
                    let bare = item.strip_suffix('.').unwrap_or(item);
                    match self.office(number, bare) {
                        Some(tie) => {
                            // As the remark often repeats the title in full.
                            if !remark::items(title).any(|title| title == bare)
                                && !party.put("position", bare)
                            {
                                party.note(item);
                            }
                            if !ties.iter().any(|(from, to, known)| {
                                (*from, *to, known.schema) == (tie.0, tie.1, tie.2.schema)
                            }) {
                                ties.push(tie);
                            }
                        }
                        None if remark::items(title).any(|title| title == bare) => {}
                        None => party.note(item),
                    }
                }
            }
        }
        if !party.is_empty() {
            sink.take(party.done())?;
        }
        for part in others {
            sink.take(part.done())?;
        }
        for (from, to, relation) in &ties {
            let origin = if remark.is_empty() || !relation.in_remark(remark) {
                quoted(file, &place, &relation.words)
            } else {
                origin.clone()
            };
            sink.take(tie(*from, *to, relation, origin).done())?;
        }
        for (found, role, item) in links {
            link(number, &found, (role, item), &ties, &origin, sink)?;
        }
        Ok(())
    }

    /// The office that a party holds by a title.
    fn office(&self, number: Number, title: &str) -> Option<(Number, Number, Relation)> {
        if self.names.schema(number) != "Person" {
            return None;
        }
        let office = self.names.office(title)?;
        let schema = match office.tie {
            Tie::Directs => "Directorship",
            Tie::Owns => "Ownership",
            Tie::Serves => "Employment",
        };
        let relation = Relation { schema, role: office.role.to_owned(), words: title.to_owned() };
        Some((number, office.number, relation))
    }

    /// What a place of a file says of a party.
    fn part(&self, file: usize, number: Number, place: &str) -> Part {
        Part::new(id(number), self.names.schema(number), at(file, place))
    }

    fn alias(
        &self,
        file: usize,
        number: Number,
        row: &[String],
        sink: &mut dyn Sink,
    ) -> Result<()> {
        let place = format!("record {number}, alias {}", row[1]);
        let mut party = self.part(file, number, &place);
        let property = if row[2] == "fka" { "previousName" } else { "alias" };
        let quotes = row[3].strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
        let text = quotes.filter(|text| !text.contains('\'')).unwrap_or(&row[3]);
        name(&mut party, property, text);
        party.note(&row[4]);
        sink.take(party.done())
    }

    fn address(
        &self,
        file: usize,
        number: Number,
        row: &[String],
        sink: &mut dyn Sink,
    ) -> Result<()> {
        let place = format!("record {number}, address {}", row[1]);
        let mut party = self.part(file, number, &place);
        let parts = [("street", &*row[2]), ("city", &*row[3]), ("country", &*row[4])];
        let address = address(&mut party, &parts);
        party.note(&row[5]);
        if party.is_empty() {
            return Ok(());
        }
        sink.take(party.done())?;
        address.map_or(Ok(()), |address| sink.take(address.done()))
    }
}

/// A `Linked To:`: what the title says of the two, where it says something, else a tie of which no
/// more is known. Where several parties are called by the name, each is linked and says that it
/// may not be the one.
fn link(
    number: Number,
    found: &[Number],
    (role, item): (&str, &str),
    ties: &[(Number, Number, Relation)],
    origin: &crate::case::Origin,
    sink: &mut dyn Sink,
) -> Result<()> {
    for other in found {
        let known = ties.iter().find(|(from, to, _)| {
            (*from, *to) == (number, *other) || (*from, *to) == (*other, number)
        });
        if let Some((from, to, relation)) = known {
            sink.take(tie(*from, *to, relation, origin.clone()).done())?;
            continue;
        }
        let mut part = tie(number, *other, &Relation::new("UnknownLink", role), origin.clone());
        if found.len() > 1 {
            part.note(&format!(
                "“{item}” may mean any of the {} parties of the list that are called so.",
                found.len()
            ));
        }
        sink.take(part.done())?;
    }
    if found.len() > 1 {
        let what = format!("“{item}” may mean {} parties of the list; each is linked", found.len());
        sink.problem(Problem::new(origin.file, &origin.place, what))?;
    }
    Ok(())
}

/// A relationship of two parties, as it is to be told.
#[derive(Debug)]
struct Relation {
    schema: &'static str,
    role: String,
    words: String,
}

impl Relation {
    fn new(schema: &'static str, role: &str) -> Self {
        Self { schema, role: role.to_owned(), words: role.to_owned() }
    }

    fn in_remark(&self, remark: &str) -> bool {
        remark.contains(&self.words)
    }
}

fn tie(from: Number, to: Number, relation: &Relation, origin: crate::case::Origin) -> Part {
    let (source, target) = match relation.schema {
        "Directorship" => ("director", "organization"),
        "Ownership" => ("owner", "asset"),
        "Employment" => ("employee", "employer"),
        _ => ("subject", "object"),
    };
    let (from, to) = (id(from), id(to));
    let key = hashed("ofac-link", &[relation.schema, from.as_str(), to.as_str(), &relation.role]);
    let mut part = Part::new(key, relation.schema, origin);
    part.state(source, from.as_str());
    part.state(target, to.as_str());
    part.put_or_note("role", &relation.role, "Role");
    part
}

/// A number that an authority gave out: the party's, and where more is said of it than that, a
/// document of its own.
fn paper(party: &mut Part, document: &remark::Document<'_>, item: &str) -> Option<Part> {
    let fits = document.properties.iter().find(|property| {
        remark::fitting(party.schema(), &[property]).is_some()
            && party.put(property, document.number)
    });
    let Some(property) = fits else {
        party.note(item);
        return None;
    };
    if !matches!(*property, "passportNumber" | "idNumber" | "taxNumber") {
        if document.country.is_some() || document.issued.is_some() {
            party.note(item);
        }
        return None;
    }
    let schema = if *property == "passportNumber" { "Passport" } else { "Identification" };
    let key = hashed(
        "ofac-id",
        &[
            party.id().as_str(),
            document.kind,
            document.number,
            document.country.unwrap_or_default(),
        ],
    );
    let holder = party.id().as_str().to_owned();
    let mut paper = Part::new(key, schema, party.origin().clone());
    paper.state("holder", holder);
    paper.put("type", document.kind);
    paper.put("number", document.number);
    paper.put("country", document.country.unwrap_or_default());
    paper.put("startDate", document.issued.as_deref().unwrap_or_default());
    paper.put("endDate", document.expires.as_deref().unwrap_or_default());
    paper.put("summary", item);
    Some(paper)
}

/// States a value that a remark tells of, with what follows from it.
fn put(party: &mut Part, property: &str, text: &str) -> bool {
    if property == "birthPlace" {
        let land = text.rsplit(',').next().unwrap_or(text);
        if let Some(code) = country(text).or_else(|| country(land)) {
            party.put("birthCountry", code);
        }
    }
    party.put(property, text)
}

/// A name, or where it is longer than one may be, a note.
fn name(party: &mut Part, property: &str, text: &str) {
    party.put_or_note(property, text, "Name");
}

fn id(number: Number) -> Id {
    format!("ofac-{number}").into()
}

/// A file of the list ends in the end-of-file mark of old.
fn is_end_mark(row: &[String]) -> bool {
    matches!(row, [only] if only.trim() == "\u{1a}")
}

fn without_null(field: String) -> String {
    let trimmed = field.trim();
    if trimmed == "-0-" { String::new() } else { trimmed.to_owned() }
}
