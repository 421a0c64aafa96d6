//! Tables of any kind become entities with relationships, through the import itself. Everything
//! in these tables is FICTIONAL.

use std::{
    io::{Cursor, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

use redthread::{
    case::{Case, Progress, Verdict},
    exchange::{
        import::{Job, Report, preview, run},
        table::{Mapping, Settings, Table, guess, saved},
    },
    model::Entity,
};

use crate::need;

struct Bench {
    folder: tempfile::TempDir,
    case: Case,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, case: Case::in_memory().expect("memory suffices") }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("space");
        path
    }

    fn import(&mut self, path: &Path, mapping: Option<Mapping>) -> Result<Report, String> {
        let job = Job { files: vec![path.to_owned()], mapping, ..Job::default() };
        run(&mut self.case, &job, &Progress::new()).map_err(|error| error.to_string())
    }

    /// Imports a table by the mapping that is guessed; a second time adds nothing.
    fn twice(&mut self, name: &str, bytes: &[u8]) -> Report {
        let path = self.file(name, bytes);
        let report = self.import(&path, None).expect(name);
        assert_eq!(report.format, "table");
        let again = self.import(&path, None).expect(name);
        assert_eq!(again.imported.delta.revision, None, "a second import adds nothing");
        report
    }

    fn all(&self, schema: &str) -> Vec<Entity> {
        let entities = self.case.entities().expect("readable");
        entities.into_iter().filter(|entity| &*entity.schema == schema).collect()
    }

    fn named(&self, name: &str) -> Entity {
        let entities = self.case.entities().expect("readable");
        let found = entities.into_iter().find(|entity| entity.all("name").any(|n| n == name));
        found.unwrap_or_else(|| panic!("{name} is not in the case"))
    }

    /// Relationships as `Schema source → target`.
    fn lines(&self) -> Vec<String> {
        let entities = self.case.entities().expect("readable");
        let name = |id| entities.iter().find(|e| e.id == id).map_or("?", |e| &*e.caption);
        let mut lines: Vec<String> = entities
            .iter()
            .filter_map(|e| {
                let (from, to) = e.ends.clone()?;
                Some(format!("{} {} → {}", e.schema, name(from), name(to)))
            })
            .collect();
        lines.sort();
        lines
    }
}

fn first<'a>(entity: &'a Entity, property: &'a str) -> &'a str {
    entity.first(property).unwrap_or_default()
}

#[test]
fn a_russian_register_in_windows_1251() {
    let mut bench = Bench::new();
    let text = "Реестр (ВЫМЫШЛЕННЫЙ)\n\
        \n\
        Наименование;Адрес;ОГРН;Дата регистрации;Директор;Уставный капитал\n\
        ООО «Ромашка»;г. Тестовск, ул. Примерная, 1;1027700132195;03.08.2016;Иванов Иван Иванович;10 000,50\n\
        АО «Лютик»;г. Тестовск, ул. Примерная, 2;;25.12.2015;Петров Пётр;1 250,5\n\
        Итого;;;;;11 251\n";
    let report = bench.twice("register.csv", &encoding_rs::WINDOWS_1251.encode(text).0);
    assert_eq!(report.problems.count, 2, "{:?}", report.problems);
    assert_eq!(report.problems.kept[0].place, "row 1");
    assert!(report.problems.kept[0].reason.contains("above the headings (“Реестр"));
    assert_eq!(report.problems.kept[1].place, "row 6");
    assert!(report.problems.kept[1].reason.contains("a total"));
    let company = bench.named("ООО «Ромашка»");
    assert_eq!(&*company.schema, "Company");
    assert_eq!(first(&company, "ogrnCode"), "1027700132195");
    assert_eq!(first(&company, "incorporationDate"), "2016-08-03", "25.12. tells the day's place");
    assert_eq!(first(&company, "capital"), "10000.50");
    assert_eq!(
        bench.lines(),
        [
            "Directorship Иванов Иван Иванович → ООО «Ромашка»",
            "Directorship Петров Пётр → АО «Лютик»"
        ]
    );
    assert!(matches!(bench.case.verify(&Progress::new()), Ok(Verdict::Holds { .. })));
}

#[test]
fn chinese_shareholders_in_gb18030() {
    let mut bench = Bench::new();
    let text = "公司名称,统一社会信用代码,股东,持股比例,国籍\n\
        丹东测试贸易有限公司,91350100M000100Y43,张三,60%,中国\n\
        丹东测试贸易有限公司,91350100M000100Y43,李四,40%,朝鲜\n";
    bench.twice("股东.csv", &encoding_rs::GB18030.encode(text).0);
    let company = bench.named("丹东测试贸易有限公司");
    assert_eq!(first(&company, "uscCode"), "91350100M000100Y43");
    assert_eq!(bench.all("Company").len(), 1, "one company in two rows");
    assert_eq!(first(&bench.named("李四"), "nationality"), "kp");
    let owned: Vec<String> =
        bench.all("Ownership").iter().map(|o| first(o, "percentage").to_owned()).collect();
    assert_eq!(owned.len(), 2);
    assert!(owned.contains(&"60".to_owned()) && owned.contains(&"40".to_owned()), "{owned:?}");
}

#[test]
fn korean_directors_in_utf_16_and_german_payments_with_decimal_commas() {
    let mut bench = Bench::new();
    let text = "회사명\t대표이사\t생년월일\t직책\n주식회사 시험\t김영희\t1970년 1월 2일\t대표\n";
    let wide: Vec<u8> =
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    bench.twice("이사.tsv", &wide);
    assert_eq!(bench.lines(), ["Directorship 김영희 → 주식회사 시험"]);
    assert_eq!(first(&bench.named("김영희"), "birthDate"), "1970-01-02");
    assert_eq!(first(&bench.all("Directorship")[0], "role"), "대표");

    let text = "Buchungsdatum;Auftraggeber;Zahlungsempfänger;Betrag;Währung;Verwendungszweck\n\
        31.01.2016;A Handels GmbH;B Reederei AG;1.250,00;EUR;Rechnung 1\n\
        01.02.2016;A Handels GmbH;B Reederei AG;99,95;EUR;Rechnung 2\n\
        01.02.2016;A Handels GmbH;B Reederei AG;99,95;EUR;Rechnung 2\n";
    bench.twice("zahlungen.csv", text.as_bytes());
    let payments = bench.all("Payment");
    assert_eq!(payments.len(), 3, "two equal rows are two payments");
    let of = |amount: &str| payments.iter().filter(|p| first(p, "amount") == amount).count();
    assert_eq!((of("1250.00"), of("99.95")), (1, 2));
    assert!(payments.iter().any(|p| first(p, "date") == "2016-02-01"), "the day comes first");
}

#[test]
fn a_workbook_with_dates_percentages_long_numbers_and_merged_cells() {
    use rust_xlsxwriter::{Format, Workbook};
    let mut bench = Bench::new();
    let mut book = Workbook::new();
    book.add_worksheet()
        .set_name("About")
        .expect("a name")
        .write(0, 0, "FICTIONAL")
        .expect("a cell");
    let sheet = book.add_worksheet();
    sheet.set_name("Parties").expect("a name");
    let (date, month) =
        (Format::new().set_num_format("dd/mm/yyyy"), Format::new().set_num_format("mmm yyyy"));
    let percent = Format::new().set_num_format("0.0%");
    for (at, heading) in
        ["Company", "Company number", "Shareholder", "Share", "Since", "Incorporated"]
            .iter()
            .enumerate()
    {
        sheet.write(2, at as u16, *heading).expect("a cell");
    }
    sheet.merge_range(3, 0, 4, 0, "A Trading Ltd", &Format::new()).expect("merged");
    sheet.merge_range(3, 1, 4, 1, "", &Format::new()).expect("merged");
    sheet.write(3, 1, 1_027_700_132_195.0).expect("a cell");
    for (row, owner, share) in [(3, "Jane Doe", 0.57), (4, "B Holding GmbH", 0.43)] {
        sheet.write(row, 2, owner).expect("a cell");
        sheet.write_with_format(row, 3, share, &percent).expect("a cell");
        sheet.write_with_format(row, 4, 42_585.0, &month).expect("a cell");
        sheet.write_with_format(3, 5, 42_585.0, &date).expect("a cell");
    }
    let bytes = book.save_to_buffer().expect("a workbook");
    bench.twice("parties.xlsx", &bytes);
    let company = bench.named("A Trading Ltd");
    assert_eq!(first(&company, "registrationNumber"), "1027700132195");
    assert_eq!(first(&company, "incorporationDate"), "2016-08-03");
    assert_eq!(
        bench.lines(),
        ["Ownership B Holding GmbH → A Trading Ltd", "Ownership Jane Doe → A Trading Ltd"],
        "the company is merged over both rows"
    );
    let mut shares: Vec<String> =
        bench.all("Ownership").iter().map(|o| first(o, "percentage").to_owned()).collect();
    shares.sort();
    assert_eq!(shares, ["43", "57"]);
    assert_eq!(first(&bench.all("Ownership")[0], "startDate"), "2016-08", "shown as a month");
}

/// A minimal spreadsheet of `OpenDocument` with these rows as XML.
fn ods(rows: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("mimetype", options).expect("a part");
    zip.write_all(b"application/vnd.oasis.opendocument.spreadsheet").expect("space");
    zip.start_file("content.xml", options).expect("a part");
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>\
         <table:table table:name=\"Ships\">{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    zip.write_all(xml.as_bytes()).expect("space");
    zip.finish().expect("an archive").into_inner()
}

fn ods_row(cells: &[&str]) -> String {
    let cell = |text: &&str| match text.strip_prefix('<') {
        Some(_) => (*text).to_owned(),
        None => format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        ),
    };
    format!("<table:table-row>{}</table:table-row>", cells.iter().map(cell).collect::<String>())
}

#[test]
fn vessels_in_an_opendocument_sheet() {
    let mut bench = Bench::new();
    let rows = [
        ods_row(&["Vessel", "IMO", "Flag", "Owner", "Owner since", "Share"]),
        ods_row(&[
            "TEST &amp; TREASURE",
            "<table:table-cell office:value-type=\"float\" office:value=\"9074729\"><text:p>9,074,729</text:p></table:table-cell>",
            "Panama",
            "C Shipping Co Ltd",
            "<table:table-cell office:value-type=\"date\" office:date-value=\"2016-08-03\"><text:p>03/08/16</text:p></table:table-cell>",
            "<table:table-cell office:value-type=\"percentage\" office:value=\"0.5\"><text:p>50%</text:p></table:table-cell>",
        ]),
    ]
    .concat();
    let empty = "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    bench.twice("ships.ods", &ods(&(rows + empty)));
    let vessel = bench.named("TEST & TREASURE");
    assert_eq!((&*vessel.schema, first(&vessel, "imoNumber")), ("Vessel", "IMO9074729"));
    assert_eq!(first(&vessel, "flag"), "pa");
    assert_eq!(bench.lines(), ["Ownership C Shipping Co Ltd → TEST & TREASURE"]);
    assert_eq!(first(&bench.all("Ownership")[0], "percentage"), "50");
    assert_eq!(first(&bench.all("Ownership")[0], "startDate"), "2016-08-03");
}

#[test]
fn what_does_not_clean_is_told_with_row_and_column_and_the_rest_goes_in() {
    let mut bench = Bench::new();
    let text = "Name,Country,LEI,Founded\n\
        A Ltd,Atlantis,529900T8BM49AURSDO56,03/04/2016\n\
        B Ltd,Germany,529900T8BM49AURSDO55,04/05/2016\n\
        C Ltd,Germany,,2016-05-04,what is this\n";
    let report = bench.twice("a.csv", text.as_bytes());
    let told: Vec<String> =
        report.problems.kept.iter().map(|p| format!("{}: {}", p.place, p.reason)).collect();
    assert_eq!(told.len(), 5, "{told:#?}");
    assert!(told[0].starts_with("row 2: column “Country”: “Atlantis” is not a known country"));
    assert!(told[1].starts_with("row 2: column “LEI”:") && told[1].contains("check does not hold"));
    assert!(told[2].contains("column “Founded”") && told[2].contains("two different days"));
    assert!(told[4].starts_with("row 4: it has 5 cells and the table has 4 columns"));
    assert_eq!(bench.all("Company").len(), 2);
    assert!(bench.named("A Ltd").all("country").next().is_none());

    // The one question that is left is answered once for the whole column.
    let path = bench.file("b.csv", text.as_bytes());
    let table = Table::open(&path, &Settings::default()).expect("a table");
    let guessed = guess(&table);
    let founded = guessed.columns.iter().find(|c| c.heading == "Founded").expect("a column");
    assert!(founded.ambiguous);
    let mut mapping = guessed.mapping;
    for said in &mut mapping.entities[0].properties {
        said.order = Some(redthread::exchange::table::Order::Day);
    }
    let report = bench.import(&path, Some(mapping)).expect("imports");
    assert_eq!(report.problems.count, 3, "{:?}", report.problems);
    let b = bench.all("Company").into_iter().find(|e| e.first("incorporationDate").is_some());
    assert_eq!(first(&b.expect("a date"), "incorporationDate"), "2016-04-03");
}

const FTM: &str = "
queries:
  - csv_url: owners.csv
    filters_not: {kind: void}
    entities:
      company:
        schema: Company
        key_literal: FICTIONAL
        keys: [number, company]
        properties:
          name: {column: company}
          registrationNumber: {column: number}
          address: {columns: [street, town], join: ', '}
          country: {literal: gb}
      owner:
        schema: Person
        key: owner
        properties:
          name: {column: owner, required: true}
          alias: {column: aka, split: ';'}
          birthDate: {column: born, format: '%d/%m/%Y'}
          notes: {template: 'Of {{company}}'}
      holding:
        schema: Ownership
        key_literal: owns
        keys: [number, owner]
        properties:
          owner: {entity: owner}
          asset: {entity: company}
          percentage: {column: share}
";

const OWNERS: &str = "company,number,street,town,owner,aka,born,share,kind\n\
    A Ltd,0042,Main St 1,Testville,Jane Doe,JD;Janie,03/04/1970,60,owner\n\
    A Ltd,0042,Main St 1,Testville,,,,,owner\n\
    B Ltd,7,,Testville,John Doe,,25/12/1971,40,owner\n\
    C Ltd,8,,Testville,Nobody,,,1,void\n";

#[test]
fn a_mapping_of_followthemoney_makes_the_same_entities_as_its_own_program() {
    let mut bench = Bench::new();
    let table = bench.file("owners.csv", OWNERS.as_bytes());
    let yaml = bench.file("map.yml", FTM.as_bytes());
    let (mapping, left) =
        saved::named(&yaml.to_string_lossy(), &std::collections::BTreeMap::new(), &table)
            .expect("a mapping");
    assert!(left.is_empty(), "{left:?}");
    bench.import(&table, Some(mapping)).expect("imports");
    assert_eq!(bench.lines(), ["Ownership Jane Doe → A Ltd", "Ownership John Doe → B Ltd"]);
    let jane = bench.named("Jane Doe");
    assert_eq!(first(&jane, "birthDate"), "1970-04-03");
    assert_eq!(jane.all("alias").collect::<Vec<_>>(), ["JD", "Janie"]);
    assert_eq!(first(&jane, "notes"), "Of A Ltd");
    assert_eq!(first(&bench.named("A Ltd"), "address"), "Main St 1, Testville");

    let Some(python) = need::python("followthemoney, yaml") else { return };
    let script = "
import sys, yaml, json
from followthemoney import model
seen = set()
for query in yaml.safe_load(open(sys.argv[1]))['queries']:
    query['csv_url'] = sys.argv[2]
    for proxy in model.map_entities(query):
        data = proxy.to_dict()
        for name, values in data['properties'].items():
            for value in values:
                seen.add((data['id'], data['schema'], name, value))
print(json.dumps(sorted(seen)))
";
    let done =
        Command::new(python).arg("-c").arg(script).arg(&yaml).arg(&table).output().expect("runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let mut theirs: Vec<[String; 4]> = serde_json::from_slice(&done.stdout).expect("JSON");
    // It keeps relationships that lack an end, and repeats the names of the ends in them.
    let half: Vec<String> = theirs
        .iter()
        .filter(|[id, schema, ..]| {
            schema == "Ownership"
                && !theirs.iter().any(|[other, _, p, _]| other == id && p == "owner")
        })
        .map(|[id, ..]| id.clone())
        .collect();
    assert!(!half.is_empty());
    theirs.retain(|[id, _, property, _]| property != "namesMentioned" && !half.contains(id));
    let mut ours: Vec<[String; 4]> = bench
        .case
        .entities()
        .expect("readable")
        .iter()
        .flat_map(|e| {
            e.values.iter().map(|v| {
                [e.id.to_string(), e.schema.to_string(), v.property.to_string(), v.text.to_string()]
            })
        })
        .collect();
    ours.sort();
    // The file itself is evidence.
    ours.retain(|[_, schema, ..]| schema != "Table");
    assert_eq!(ours, theirs);
}

#[test]
fn a_mapping_that_does_not_fit_changes_nothing() {
    let mut bench = Bench::new();
    let path = bench.file("a.csv", b"Name,Town\nA Ltd,X\n");
    let mut mapping = guess(&Table::open(&path, &Settings::default()).expect("a table")).mapping;
    mapping.entities[0].keys = vec!["Number".into()];
    let error = bench.import(&path, Some(mapping)).expect_err("no such column");
    assert!(error.contains("needs a column “Number”") && error.contains("Name, Town"), "{error}");
    assert!(bench.case.log().expect("log").is_empty());
    let numbers = bench.file("n.csv", b"a1;b2\n1;2\n3;4\n");
    let error = bench.import(&numbers, None).expect_err("nothing in it has a name");
    assert!(error.contains("no column of it looks like a name"), "{error}");
}

#[test]
fn a_preview_shows_what_an_import_makes() {
    let bench = Bench::new();
    let path = bench.file("a.csv", b"Company,Director\nA Ltd,Jane Doe\nB Ltd,Jane Doe\n");
    let job = Job { files: vec![path], ..Job::default() };
    let shown = preview(&job, &|_| false, &Progress::new()).expect("a preview");
    assert_eq!(shown.schemata["Company"], 2);
    assert_eq!(shown.schemata["Directorship"], 2);
    assert_eq!(shown.schemata["Person"], 2, "nothing but the name says that they are one");
}

/// Each gives one sentence, soon, and leaves nothing behind.
#[test]
fn what_is_made_to_harm_is_refused() {
    let mut bench = Bench::new();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet().write(0, 0, "Name").expect("a cell");
    let workbook = workbook.save_to_buffer().expect("a workbook");
    let repeated = "<table:table-row table:number-rows-repeated=\"1000000\">\
        <table:table-cell table:number-columns-repeated=\"16000\" office:value-type=\"string\"><text:p>A</text:p></table:table-cell>\
        </table:table-row>";
    let laughs = "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>&lol;</text:p></table:table-cell></table:table-row>";
    let million = format!("{}\n{}\n", "name,".repeat(1_000_000), "x,".repeat(1_000_000));
    let mut unclosed = b"Name,Town\nA Ltd,\"X\n".to_vec();
    unclosed.resize(100 << 20, b'x');
    let mut bomb = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    bomb.start_file("xl/sharedStrings.xml", options).expect("a part");
    for _ in 0..160 {
        bomb.write_all(&vec![b'<'; 1 << 20]).expect("space");
    }
    let bomb = bomb.finish().expect("an archive").into_inner();
    let cut = &workbook[..workbook.len() / 2];
    let shouting: Vec<u8> =
        [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], &[0xff; 600]].concat();
    for (name, bytes, said) in [
        ("cut.xlsx", cut, "cut off or damaged"),
        ("bomb.xlsx", &bomb[..], "unpacks to more"),
        ("old.xls", &shouting[..], "cut off or damaged"),
        ("repeated.ods", &ods(repeated)[..], "more cells than a sheet has"),
        ("laughs.ods", &ods(laughs)[..], "damaged"),
        ("wide.csv", million.as_bytes(), "more than 16,384 columns"),
        ("unclosed.csv", &unclosed[..], "row 2, column 2: a quotation mark is opened here"),
        ("zeros.csv", &[b'a', b',', 0, 0, 0, b'\n'][..], "format"),
        ("blank.csv", b"\n\n,,\n", "no cell is filled"),
    ] {
        let path = bench.file(name, bytes);
        let started = std::time::Instant::now();
        let error = bench.import(&path, None).expect_err(name);
        println!("{name}: {:.1} s: {error}", started.elapsed().as_secs_f32());
        assert!(error.contains(said) && error.contains(name), "{error}");
        assert!(error.lines().count() == 1 && error.len() < 400, "{error}");
        assert!(started.elapsed().as_secs() < 60, "{name}");
        std::fs::remove_file(path).expect("removable");
    }
    assert!(bench.case.log().expect("log").is_empty());
    assert!(bench.case.entities().expect("readable").is_empty());
}

/// `tests/data/parties.xls` was written by Python's xlwt: three FICTIONAL companies with a
/// director and a date shown as `DD/MM/YYYY`.
#[test]
fn an_old_workbook_and_what_is_left_of_it() {
    let mut bench = Bench::new();
    let whole = include_bytes!("data/parties.xls");
    bench.twice("parties.xls", whole);
    assert_eq!(bench.all("Company").len(), 3);
    assert_eq!(bench.lines()[0], "Directorship Jane Doe → A1 Ltd");
    let since = bench.all("Directorship").iter().map(|d| first(d, "startDate").to_owned()).max();
    assert_eq!(since.as_deref(), Some("2016-08-03"));
    // However much of it is missing or wrong, it is refused or read, and nothing else happens.
    for cut in (0..whole.len()).step_by(97) {
        let path = bench.file("cut.xls", &whole[..cut]);
        bench.import(&path, None).ok();
        let mut spoilt = whole.to_vec();
        spoilt[cut] ^= 0x55;
        let path = bench.file("spoilt.xls", &spoilt);
        bench.import(&path, None).ok();
    }
}

/// The parts of an archive.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    use std::io::Read as _;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let names: Vec<String> =
        archive.file_names().map(|name| name.expect("a name").into_owned()).collect();
    let read = |name: String| {
        let mut bytes = Vec::new();
        archive.by_name(&name).expect("a part").read_to_end(&mut bytes).expect("readable");
        (name, bytes)
    };
    names.into_iter().map(read).collect()
}

fn archive_of(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in parts {
        zip.start_file(name, options).expect("a part");
        zip.write_all(bytes).expect("space");
    }
    zip.finish().expect("an archive").into_inner()
}

/// A workbook and a sheet of `OpenDocument` with FICTIONAL parties.
fn two_workbooks() -> [(&'static str, Vec<u8>); 2] {
    let mut book = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    let sheet = book.add_worksheet();
    for (column, heading) in ["Company", "Director", "Since"].iter().enumerate() {
        sheet.write(0, column as u16, *heading).expect("a cell");
    }
    sheet.merge_range(1, 0, 2, 0, "A Ltd", &rust_xlsxwriter::Format::new()).expect("merged");
    for (row, name) in [(1, "Jane Doe"), (2, "Jo Roe")] {
        sheet.write(row, 1, name).expect("a cell");
        sheet.write_with_format(row, 2, 42_585, &date).expect("a cell");
    }
    let rows = ods_row(&["Company", "Director"]) + &ods_row(&["A Ltd", "Jane Doe"]);
    [("a.xlsx", book.save_to_buffer().expect("a workbook")), ("a.ods", ods(&rows))]
}

#[test]
fn a_workbook_with_one_wrong_byte_somewhere_is_read_or_refused() {
    let mut bench = Bench::new();
    let mut seed = 1_u64;
    let mut next = |end: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % end.max(1)
    };
    for (name, bytes) in two_workbooks() {
        let whole = parts(&bytes);
        let mut refused = 0;
        for _ in 0..250 {
            let mut spoilt = whole.clone();
            let part = next(spoilt.len());
            let bytes = &mut spoilt[part].1;
            let at = next(bytes.len());
            match next(3) {
                0 => bytes[at] = b"<>&\"'/09zZ\0\xff"[next(12)],
                1 => bytes.truncate(at),
                _ => bytes.splice(at..at, b"999999999".iter().copied()).for_each(drop),
            }
            let path = bench.file(name, &archive_of(&spoilt));
            match bench.import(&path, None) {
                Ok(_) => {}
                Err(error) => {
                    assert!(error.lines().count() == 1, "{error}");
                    refused += 1;
                }
            }
        }
        println!("{name}: {refused} of 250 refused");
        assert!(refused > 20, "{name}");
    }
}

#[test]
fn entities_that_a_workbook_declares_are_not_expanded() {
    let mut bench = Bench::new();
    let [(_, bytes), _] = two_workbooks();
    let mut parts = parts(&bytes);
    let mut laughs = String::new();
    for n in 1..12 {
        let ten = format!("&l{};", n - 1).repeat(10);
        laughs.push_str(&format!("<!ENTITY l{n} \"{ten}\">"));
    }
    for (name, bytes) in &mut parts {
        if name == "xl/sharedStrings.xml" {
            let text = String::from_utf8_lossy(bytes).replace("Jane Doe", "&l11;").replacen(
                "<sst",
                &format!("<!DOCTYPE sst [<!ENTITY l0 \"lol\">{laughs}]><sst"),
                1,
            );
            *bytes = text.into_bytes();
        }
    }
    let path = bench.file("laughs.xlsx", &archive_of(&parts));
    let started = std::time::Instant::now();
    let error = bench.import(&path, None).expect_err("a bomb");
    assert!(error.contains("laughs.xlsx") && started.elapsed().as_secs() < 10, "{error}");
    assert!(bench.case.entities().expect("readable").is_empty());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..proptest::prelude::ProptestConfig::default()
    })]

    #[test]
    fn whatever_the_bytes_are_nothing_panics(
        bytes in proptest::collection::vec(
            proptest::prop_oneof![
                proptest::sample::select(b",;\t|\"'\r\n =%@.-0159AaLtdb\xe4\xd0\xff\0".to_vec()),
                proptest::num::u8::ANY,
            ],
            0..300,
        ),
        ending in proptest::sample::select(vec!["csv", "tsv", "xlsx", "xls", "ods", "txt"]),
    ) {
        let mut bench = Bench::new();
        let path = bench.file(&format!("t.{ending}"), &bytes);
        if let Ok(table) = Table::open(&path, &Settings::default()) {
            guess(&table);
        }
        bench.import(&path, None).ok();
    }
}

#[test]
fn currencies_doubtful_shares_and_units_are_kept() {
    let mut bench = Bench::new();
    let text = "Payer,Payee,Amount\nA Ltd,B Ltd,\"HK$ 1,200,000.00\"\nA Ltd,C Ltd,€ 3.50\n\
        A Ltd,D Ltd,USD 10.00\nA Ltd,E Ltd,1200 CHF\nA Ltd,F Ltd,7.00\n";
    bench.twice("amounts.csv", text.as_bytes());
    let mut paid: Vec<String> = bench
        .all("Payment")
        .iter()
        .map(|paid| format!("{} {}", first(paid, "amount"), first(paid, "currency")))
        .collect();
    paid.sort();
    assert_eq!(paid, ["10.00 USD", "1200 CHF", "1200000.00 HKD", "3.50 EUR", "7.00 "]);

    let mut bench = Bench::new();
    let text = "Owner,Company,Share\nA Ilves,One Ltd,60\nB Tamm,One Ltd,39.5\nC Vald,One Ltd,.5\n\
        D Kask,Two Ltd,120\nE Lepp,Two Ltd,-5\nF Rebane,Three Ltd,minority\nG Saar,Three Ltd,25–50 %\n";
    let report = bench.twice("shares.csv", text.as_bytes());
    let told: Vec<&str> = report.problems.groups.iter().map(|group| &*group.reason).collect();
    assert_eq!(told.len(), 4, "{told:?}");
    for (nth, said) in ["a part of one", "over 100", "below 0", "kept as text"].iter().enumerate() {
        assert!(told[nth].starts_with("column “Share”: ") && told[nth].contains(said), "{told:?}");
    }
    let kept = bench.all("Ownership");
    assert!(kept.iter().any(|held| first(held, "percentage") == "minority"));

    let mut bench = Bench::new();
    let text = "Bill of Lading,Arrival Date,Shipper Name,Consignee Name,Vessel Name,Quantity\n\
        ABCD1,2017-04-03,Dandong Invented Trading Co.,Norden Holding Ltd,MV FICTION STAR,1 LOT\n\
        ABCD2,2017-05-13,Dandong Invented Trading Co.,Vance Metals Ltd,MV FICTION STAR,240 cartons\n";
    bench.twice("bol.csv", text.as_bytes());
    let mut moved: Vec<String> = bench
        .all("EconomicActivity")
        .iter()
        .map(|one| format!("{} {}", first(one, "quantity"), first(one, "unit")))
        .collect();
    moved.sort();
    assert_eq!(moved, ["1 LOT", "240 cartons"]);

    let mut bench = Bench::new();
    let text = "Nom,Date de naissance\nAlba Norden,03/04/1967\nBoris Kellner,05/06/1958\n\
        Clara Vance,vers 1951\n";
    bench.twice("personnes.csv", text.as_bytes());
    assert_eq!(first(&bench.named("Alba Norden"), "birthDate"), "1967-04-03");
    assert_eq!(first(&bench.named("Clara Vance"), "birthDate"), "1951");

    let mut bench = Bench::new();
    let text = "Name,Alias,Nationality\nAlba Norden,A. Norden; Alba N.,GB\n\
        Boris Kellner,B. Kellner / Boris K.,DE\n";
    bench.twice("aliases.csv", text.as_bytes());
    assert_eq!(bench.named("Boris Kellner").all("alias").count(), 2);
}
