//! The first mapping of a table, by itself: what kind of table it is, who stands in a row, what
//! is between them, by its headings in many languages and by what its cells look like.

mod arrows;
mod assign;
mod bodies;
mod build;
mod chain;
mod deals;
mod denied;
mod details;
mod docket;
pub(in crate::exchange) mod earlier;
mod either;
mod events;
mod fill;
mod foreign;
mod graph;
mod heading;
mod held;
mod holdings;
mod link;
mod lists;
mod many;
mod movements;
mod nameless;
mod names;
mod naming;
mod nobody;
mod numbered;
mod offices;
mod one_file;
mod party;
mod people;
mod plan;
mod profile;
mod residence;
mod sections;
mod share_out;
mod shared;
mod sides;
mod statement;
mod stems;
mod steps;
mod sure;
mod twice;
mod unnamed;
mod values;
mod weigh;

use std::collections::HashSet;

use super::{
    clean, layouts,
    mapping::Mapping,
    row::Row,
    source::{self, Settings, Table},
};
pub use plan::TableKind;
use profile::Profile;

/// The confidence below which a mapping is not used without being asked for.
pub const SURE: f32 = 0.8;

/// A mapping that was guessed, with why.
#[derive(Clone, Debug, Default)]
pub struct Guess {
    /// The mapping; without entities where nothing was understood.
    pub mapping: Mapping,
    /// What kind of table it is.
    pub kind: TableKind,
    /// How sure the kind and its parties are, 0 to 1.
    pub confidence: f32,
    /// Why, without full stops.
    pub reasons: Vec<String>,
    /// What kind of table it seems to be, in words: `a list of shareholders`.
    pub shape: String,
    /// Every column in its order.
    pub columns: Vec<Column>,
    /// Whether it calls parties by ids that some other table may explain.
    pub is_nameless: bool,
}

/// What a column seems to be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    pub heading: String,
    /// How certain it is, 0 to 1.
    pub confidence: f32,
    /// Why, without a full stop; nothing where the column was not understood.
    pub reason: String,
    /// Whether its dates could mean two days each and nothing tells which comes first.
    pub ambiguous: bool,
    /// Whether it holds keys, hashes or stamps that nobody wants to read.
    pub technical: bool,
    /// The mapping that it is in: 0 for the first, else one of those of further tables.
    pub nth: usize,
}

impl Guess {
    /// What a column becomes, in words; nothing where it is not used.
    pub fn becomes(&self, column: &Column) -> Option<String> {
        let more = column.nth.checked_sub(1).and_then(|nth| self.mapping.more.get(nth));
        more.unwrap_or(&self.mapping).becomes(&column.heading)
    }
}

/// A table as it was looked at.
#[derive(Clone)]
struct Look {
    rows: Vec<Row>,
    profiles: Vec<Profile>,
    columns: Vec<String>,
    stem: String,
    /// The name of its sheet, where it is one of several.
    sheet: Option<String>,
    /// The ids of all its rows, where it has more than were looked at.
    ids: Option<HashSet<String>>,
}

/// The most ids of a table that other tables may name.
const IDS: usize = 3_000_000;

/// Guesses what the columns of a table mean.
pub fn guess(table: &Table) -> Guess {
    layouts::known(table).unwrap_or_else(|| Look::of(table).guess())
}

/// Guesses what the columns of tables mean that are read together, so that one may name the rows
/// of another by id.
pub fn guess_together(tables: &[Table]) -> Vec<Guess> {
    let known: Vec<Option<Guess>> = tables.iter().map(layouts::known).collect();
    let open = tables.iter().zip(&known).filter(|(_, known)| known.is_none());
    let several = tables.len() > 1;
    let looks: Vec<Look> = open
        .map(|(table, _)| {
            let look = Look::of(table);
            if several { look.with_ids(table) } else { look }
        })
        .collect();
    let mut guesses: Vec<Guess> = looks.iter().cloned().map(Look::guess).collect();
    if looks.len() > 1 {
        nameless::nodes(&looks, &mut guesses);
        graph::join(&looks, &mut guesses);
        numbered::join(&looks, &mut guesses);
        foreign::join(&looks, &mut guesses);
        details::join(&looks, &mut guesses);
    }
    let mut guesses = guesses.into_iter();
    known.into_iter().filter_map(|known| known.or_else(|| guesses.next())).collect()
}

/// Guesses what the tables of files mean that are read together. Of a workbook, the mappings of the
/// further tables go with the first.
pub fn guess_files(files: Vec<Vec<Table>>, settings: &Settings) -> Vec<Guess> {
    let counts: Vec<usize> = files.iter().map(Vec::len).collect();
    let tables: Vec<Table> = files.into_iter().flatten().collect();
    let mut guesses = guess_together(&tables).into_iter().zip(&tables);
    let of_file = |count: usize| {
        let all: Vec<Guess> = guesses
            .by_ref()
            .take(count)
            .map(|(mut guess, table)| {
                let read = &mut guess.mapping.table;
                if table.layout.sheets.len() > 1 || settings.sheet.is_some() {
                    read.sheet.clone_from(&table.layout.sheet);
                }
                if table.part.below {
                    (read.heading, read.below) = (table.part.heading, true);
                }
                read.last = table.part.last;
                guess
            })
            .collect();
        fold(unbroken(all))
    };
    counts.into_iter().map(of_file).collect()
}

/// Lets a table go on where the one below it was not understood, so that its rows are reported.
fn unbroken(mut all: Vec<Guess>) -> Vec<Guess> {
    for at in (1..all.len()).rev() {
        if all[at].mapping.entities.is_empty() && all[at].mapping.table.below {
            all[at - 1].mapping.table.last = None;
        }
    }
    all
}

/// The guesses for the sheets of one workbook as one. What refers to rows of others comes last.
fn fold(mut all: Vec<Guess>) -> Guess {
    if all.len() > 1 {
        all.retain(|guess| !guess.mapping.entities.is_empty());
    }
    let refers = |guess: &Guess| guess.mapping.entities.iter().any(|made| made.refers);
    all.sort_by_key(refers);
    let mut all = all.into_iter();
    let mut first = all.next().unwrap_or_default();
    for other in all {
        if other.confidence < first.confidence {
            (first.confidence, first.reasons) = (other.confidence, other.reasons);
        }
        first.mapping.more.push(other.mapping);
        let nth = first.mapping.more.len();
        first.columns.extend(other.columns.into_iter().map(|column| Column { nth, ..column }));
    }
    first
}

/// The most different values of a column of kinds or relationships in a whole table.
const KINDS: usize = 400;

/// Completes the values of columns that say what each row is: the first rows may not have all.
fn whole(table: &Table, profiles: &mut [Profile]) {
    if table.sample.len() < source::SAMPLE {
        return;
    }
    let says = |profile: &Profile| profile.names_kinds() || profile.names_relations();
    let columns: Vec<usize> = (0..profiles.len()).filter(|at| says(&profiles[*at])).collect();
    if columns.is_empty() {
        return;
    }
    let all = table.again().and_then(|mut table| table.different(&columns, KINDS));
    for (column, values) in columns.into_iter().zip(all.unwrap_or_default()) {
        if let Some(values) = values {
            profiles[column].values =
                values.into_iter().filter(|v| !clean::is_nothing(v)).collect();
            profiles[column].complete = true;
        }
    }
}

impl Look {
    fn of(table: &Table) -> Self {
        // A line of totals is no example of what stands in the columns.
        let shape = super::Shape::of(table);
        let rows: Vec<Row> =
            table.sample.iter().filter(|row| shape.wrong(row).is_none()).cloned().collect();
        let stem = table.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let sheet = table.layout.sheet.clone().filter(|_| table.layout.sheets.len() > 1);
        let (columns, profiles) = (table.columns.clone(), Vec::new());
        let mut look = Self { rows, profiles, columns, stem, sheet, ids: None };
        look.profile();
        let looked = look.rows.len();
        // What cannot be looked up now is not found out.
        if one_file::further(table, &mut look).is_ok() && look.rows.len() > looked {
            look.profile();
        }
        whole(table, &mut look.profiles);
        look
    }

    /// Looks at each column.
    fn profile(&mut self) {
        let said = shared::without(&self.columns);
        let columns = self.columns.iter().zip(&said).enumerate();
        let profiles = columns
            .map(|(column, (heading, said))| Profile::said(heading, said, column, &self.rows));
        self.profiles = profiles.collect();
    }

    /// Whether each row has a value of its own in a column.
    fn tells_apart(&self, column: usize) -> bool {
        let profile = &self.profiles[column];
        let filled = profile.filled;
        filled > 0 && filled == self.rows.len() && profile.different == filled
    }

    /// Completes the ids of its rows, for tables that name them.
    fn with_ids(mut self, table: &Table) -> Self {
        if table.sample.len() >= source::SAMPLE
            && let Some(column) = graph::id_column(&self)
        {
            let all = table.again().and_then(|mut table| table.different(&[column], IDS));
            self.ids = all.ok().and_then(|mut all| all.pop()?).map(HashSet::from_iter);
        }
        self
    }

    /// The guess for the table by itself.
    fn guess(mut self) -> Guess {
        if let Some(guess) = one_file::in_one(&self) {
            return guess;
        }
        let mut plan = plan::plan(&mut self.profiles, &self.rows);
        let nameless = nameless::ends(&self).filter(|_| plan.kind == TableKind::None);
        if let Some(pair) = nameless {
            nameless::call(&mut self.profiles, pair);
            plan = plan::plan(&mut self.profiles, &self.rows);
        }
        let asked = unnamed::find(&self).filter(|_| plan.kind == TableKind::None);
        if let Some(name) = asked {
            unnamed::call(&mut self.profiles, name);
            plan = plan::plan(&mut self.profiles, &self.rows);
            plan.confidence = plan.confidence.min(unnamed::UNSURE);
        }
        let mut fill = fill::columns(&plan, &self.profiles, &self.rows);
        fill.extend(docket::fill(&self.profiles, &self.rows, &plan));
        if let Some(why) = weigh::hardly_named(&self.profiles, &plan).filter(|_| fill.is_empty()) {
            plan.confidence = plan.confidence.min(unnamed::UNSURE);
            plan.reasons.push(why);
        }
        let mut guess = self.finish(plan);
        if let Some(lead) = fill.first() {
            guess.reasons.push(format!("“{lead}” stands once above the rows that belong to it"));
        }
        guess.mapping.fill = fill;
        guess.is_nameless = nameless.is_some();
        chain::within(&self, guess)
    }

    /// The guess that a plan amounts to.
    fn finish(&self, plan: plan::Plan) -> Guess {
        let Self { rows, profiles, columns, stem, .. } = self;
        let entities = if plan.kind == TableKind::None {
            Vec::new()
        } else {
            build::entities(&plan, profiles, rows, stem)
        };
        let used: HashSet<String> = entities
            .iter()
            .flat_map(|entity| &entity.properties)
            .filter(|said| !said.labelled)
            .flat_map(|said| said.all_columns().into_iter().map(str::to_owned))
            .collect();
        let shape = describe(&plan, &entities);
        let told = profiles.iter().map(|profile| {
            let known = used.contains(&profile.heading);
            Column {
                ambiguous: profile.ambiguous && known,
                confidence: if known { profile.confidence } else { 0.0 },
                reason: if known { profile.reason.clone() } else { String::new() },
                technical: profile.technical,
                nth: 0,
                heading: profile.heading.clone(),
            }
        });
        Guess {
            kind: plan.kind,
            confidence: sure::observed(plan.confidence),
            reasons: plan.reasons,
            shape,
            columns: told.collect(),
            mapping: Mapping {
                name: stem.clone(),
                columns: columns.clone(),
                entities,
                ..Mapping::default()
            },
            is_nameless: false,
        }
    }
}

/// The kind of a table in words, to go on after “it looks like”.
fn describe(plan: &plan::Plan, entities: &[super::EntityMapping]) -> String {
    use super::words::Role;
    let has = |role: Role| plan.role(role).is_some();
    let schemata: HashSet<&str> = entities.iter().map(|entity| entity.schema.as_str()).collect();
    let only = |schema: &str| schemata.len() == 1 && schemata.contains(schema);
    match plan.kind {
        TableKind::None => "",
        TableKind::Payments => "a list of payments",
        TableKind::Trade => "a list of consignments",
        TableKind::Events => "a list of what happened",
        TableKind::Graph => "relationships between rows of other tables",
        TableKind::Mixed => "a list of several kinds of things",
        TableKind::List if only("Person") => "a list of people",
        TableKind::List if only("Company") => "a register of companies",
        TableKind::List if only("Vessel") => "a list of vessels",
        TableKind::List => "a list of people and companies",
        _ if has(Role::Owner) && has(Role::Director) => "a register with owners and directors",
        _ if has(Role::Owner) || has(Role::Parent) => "a list of owners",
        _ if has(Role::Director) => "a list of directors",
        TableKind::Relationships => "a list of relationships",
        TableKind::Parties => "a list of things and who belongs to them",
    }
    .to_owned()
}

#[cfg(test)]
mod invariants;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::table::Settings;

    /// The guesses for tables that are read together, each with its name and its text.
    pub(super) fn together(tables: &[(&str, &str)]) -> Vec<Guess> {
        let folder = tempfile::tempdir().expect("a folder");
        let open = |(name, text): &(&str, &str)| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("space");
            Table::open(&path, &Settings::default()).expect("a table")
        };
        guess_together(&tables.iter().map(open).collect::<Vec<_>>())
    }

    pub(super) fn guessed(name: &str, text: &str) -> (Guess, Vec<String>) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("space");
        let guess = guess(&Table::open(&path, &Settings::default()).expect("a table"));
        let lines = guess.mapping.entities.iter().map(|entity| {
            let said = entity.properties.iter().map(|said| {
                let from = match &said.entity {
                    Some(other) => format!("<{other}>"),
                    None => said.columns.join("+"),
                };
                format!("{}={from}", said.property)
            });
            format!("{} {}: {}", entity.schema, entity.name, said.collect::<Vec<_>>().join(", "))
        });
        let lines = lines.collect();
        (guess, lines)
    }

    #[test]
    fn a_register_of_companies() {
        let (guess, lines) = guessed(
            "r.csv",
            "id,Company Name,Company Number,Status,Incorporated,Street,Town,Post code,Country,Website,hash,Remarks\n\
             1,A Ltd,0042,Active,2001-02-03,Main St 1,X,AB1,United Kingdom,https://a.example,0123456789abcdef0123,odd\n\
             2,B Ltd,0043,Active,2002-02-03,Main St 2,X,AB1,United Kingdom,,1123456789abcdef0123,\n",
        );
        assert_eq!((guess.kind, &*guess.shape), (TableKind::List, "a register of companies"));
        assert_eq!(
            lines,
            [
                "Company company: name=Company Name, registrationNumber=Company Number, status=Status, \
                 incorporationDate=Incorporated, country=Country, website=Website, notes=Remarks, \
                 address=Street+Town+Post code, notes=id+hash"
            ]
        );
        let company = &guess.mapping.entities[0];
        assert_eq!(company.keys, ["Company Name"]);
        assert_eq!(company.agree, ["Company Number", "Incorporated"]);
        assert!(guess.columns[0].technical && guess.columns[10].technical);
        assert!(guess.confidence >= SURE && guess.columns[1].reason.contains("heading"));
    }

    #[test]
    fn owners_and_directors_beside_a_company() {
        let (guess, lines) = guessed(
            "s.csv",
            "Company,Director,Date of birth,Nationality,Shareholder,Shareholder country,Share %\n\
             A Ltd,Jane Doe,1970-01-02,British,B Holding GmbH,Germany,60\n\
             A Ltd,John Doe,1971-01-02,German,C Holding SA,France,40\n",
        );
        assert_eq!(guess.shape, "a register with owners and directors");
        assert_eq!(
            lines,
            [
                "Company company: name=Company",
                "Person director: name=Director, birthDate=Date of birth, nationality=Nationality",
                "LegalEntity owner: name=Shareholder, country=Shareholder country",
                "Directorship directorship: director=<director>, organization=<company>",
                "Ownership ownership: owner=<owner>, asset=<company>, percentage=Share %",
            ]
        );
        assert_eq!(guess.mapping.entities[1].keys, ["Director", "Date of birth"]);
    }

    #[test]
    fn owners_do_not_own_each_other() {
        let (_, lines) = guessed(
            "p.csv",
            "Parcel,Owner 1,Owner 2\n1,Alba Norden,Ola Norden\n2,Chimera LLC,\n3,Kellner Trust,Jo Roe\n",
        );
        assert!(lines.iter().all(|line| !line.starts_with("Ownership")), "{lines:?}");
    }

    #[test]
    fn a_ship_that_is_sold_is_no_consignment() {
        let (guess, _) = guessed(
            "s.csv",
            "Vessel,IMO,Seller,Buyer,Date of sale\nFICTION STAR,3000013,A Ltd,B Ltd,2021-03-01\n\
             THULE SPIRIT,3000025,C Ltd,D Ltd,2021-04-01\n",
        );
        assert_ne!(guess.kind, TableKind::Trade);
    }

    #[test]
    fn a_form_behind_a_comma_is_no_second_name() {
        for name in ["\"Pier Trading Co., Ltd. (Hong Kong)\"", "\"Pier Holdings, Pte. Ltd.\""] {
            let text = format!("Shareholder,Company,Share\nA Ltd,{name},60\nB Ltd,{name},40\n");
            let (_, lines) = guessed("s.csv", &text);
            let company = lines.iter().any(|line| line == "Company company: name=Company");
            assert!(company, "{name}: {lines:?}");
        }
    }

    #[test]
    fn two_owners_in_one_row_are_two() {
        let (_, lines) = guessed(
            "s.csv",
            "Company,Owner 1,Share 1,Owner 2,Share 2\nA Ltd,Jane Doe,60,John Doe,40\nB Ltd,Jo Roe,50,Al Roe,50\n",
        );
        assert_eq!(
            lines[3..],
            [
                "Ownership ownership: owner=<owner>, asset=<company>, percentage=Share 1",
                "Ownership ownership 2: owner=<owner 2>, asset=<company>, percentage=Share 2",
            ]
        );
    }

    #[test]
    fn payments_with_accounts() {
        let (guess, lines) = guessed(
            "p.csv",
            "Date,Payer,Payer IBAN,Beneficiary,Beneficiary IBAN,Amount,Currency,Details\n\
             2016-01-02,A Ltd,GB82WEST12345698765432,B GmbH,DE89370400440532013000,100.50,EUR,Invoice 1\n",
        );
        assert_eq!(guess.kind, TableKind::Payments);
        assert_eq!(
            lines[2..],
            [
                "BankAccount account of payer: iban=Payer IBAN",
                "BankAccount account of beneficiary: iban=Beneficiary IBAN",
                "Payment payment: payer=<payer>, beneficiary=<beneficiary>, payerAccount=<account of payer>, \
                 beneficiaryAccount=<account of beneficiary>, date=Date, amount=Amount, currency=Currency, \
                 purpose=Details",
            ]
        );
        assert!(guess.mapping.entities[4].each_row);
    }

    #[test]
    fn people_with_their_names_apart_and_content_without_headings() {
        let (guess, lines) = guessed(
            "n.csv",
            "First name,Last name,DOB,Passport No\nJane,Doe,1970-01-02,X1\nJohn,Roe,1971-01-02,X2\n",
        );
        assert_eq!(guess.shape, "a list of people");
        assert_eq!(
            lines,
            [
                "Person person: name=First name+Last name, firstName=First name, lastName=Last name, \
              birthDate=DOB, passportNumber=Passport No"
            ]
        );
        let (guess, lines) =
            guessed("c.csv", "A Trading Ltd,gb,a@example.org\nB Trading Ltd,de,b@example.org\n");
        assert_eq!(lines, ["Company company: name=Column 1, country=Column 2, email=Column 3"]);
        assert!(guess.columns[0].reason.contains("2 of 2 cells are names of companies"));
        assert!(guess.confidence < SURE, "cells alone are a weak reason");
        let (guess, _) = guessed("x.csv", "a1;b2\n1;2\n3;4\n");
        assert!(guess.mapping.entities.is_empty());
    }

    #[test]
    fn a_column_of_kinds_decides_row_by_row() {
        let (guess, lines) = guessed(
            "k.csv",
            "Type,Name,Country,Remarks\nindividual,Alba Norden,GB,x\nEntity,Norden Bank,GB,\nVessel,FICTION STAR,PA,\n",
        );
        assert_eq!(guess.kind, TableKind::Mixed);
        assert_eq!(lines.len(), 3, "{lines:#?}");
        for (schema, value) in
            [("Person", "individual"), ("LegalEntity", "Entity"), ("Vessel", "Vessel")]
        {
            let made = guess.mapping.entities.iter().find(|made| made.schema == schema);
            assert_eq!(made.expect(schema).filters["Type"], [value]);
        }
    }

    #[test]
    fn a_column_of_relationships_decides_row_by_row_and_chains_are_chains() {
        let (guess, lines) = guessed(
            "e.csv",
            "Source,Target,Relationship\nJo Roe,A Ltd,director of\nA Ltd,B Ltd,owns\nB Ltd,C Ltd,subsidiary of\nJo Roe,Al Roe,\n",
        );
        assert_eq!(guess.kind, TableKind::Relationships);
        let has = |line: &str| assert!(lines.iter().any(|l| l.starts_with(line)), "{lines:#?}");
        has("Directorship directorship: director=<source>, organization=<target as");
        has("Ownership ownership: owner=<source>, asset=<target as company>");
        has("Ownership ownership 2: owner=<target>, asset=<source as company>");
        has("UnknownLink other link: subject=<source>, object=<target>");
        let literals: HashSet<&str> = guess
            .mapping
            .entities
            .iter()
            .filter(|made| made.properties.iter().all(|said| said.entity.is_none()))
            .map(|made| made.key_literal.as_str())
            .collect();
        assert_eq!(literals.len(), 1, "one name is one entity on both sides: {literals:?}");
    }

    #[test]
    fn flags_totals_and_codes_are_no_parties() {
        let (guess, lines) = guessed("h.csv", "name,pep\nAlba Norden,NO\nClara Oduya,YES\n");
        assert_eq!(guess.mapping.entities.len(), 1, "{lines:#?}");
        assert!(!lines[0].contains("country"), "{lines:#?}");
        let (_, lines) = guessed(
            "d.csv",
            "Name,Action,Country\nJO ROE,FR NOTICE ADDED,US\nA LLC,FR NOTICE ADDED,BY\n",
        );
        assert_eq!(lines.len(), 1, "{lines:#?}");
    }

    #[test]
    fn every_guess_fits_its_table() {
        for text in [
            "Name,Company,Position,E-mail\nJane Doe,A Ltd,Manager,a@example.org\nJo Roe,B Ltd,Clerk,b@example.org\n",
            "船名,IMO,船旗,船东\nTEST,9074729,巴拿马,丹东测试有限公司\n",
            "Название;Участник;Доля\nООО А;Иванов Иван;50\n",
            "Owner,Asset\nJane Doe,A Ltd\n",
            "name,name,name\na b,c d,e f\n",
            "payerAccount,beneficiaryAccount,amount_usd,date\nacc-1,acc-2,535470,2012-06-30\n",
            "Account,Date,Counterparty,Debit,Credit\nX1,2018-01-02,A Ltd,5,\nX1,2018-01-03,B Ltd,,7\n",
            "Shipper,Consignee,Port of Loading,Vessel Name\nA Co Ltd,B Ltd,Dalian,STAR\n",
        ] {
            let (guess, lines) = guessed("t.csv", text);
            let columns = &guess.mapping.columns;
            assert_eq!(guess.mapping.check(columns), Ok(()), "{text} {lines:#?}");
            assert!(!lines.is_empty(), "{text}");
        }
    }
}
