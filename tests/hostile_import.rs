//! Files to be imported that are cut off, of another encoding, of other programs or made to harm:
//! one clear sentence or counted problems, in bounded time and memory, and never a change that was
//! not asked for.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use redthread::{
    case::{Case, Progress, Verdict},
    exchange::{
        FORMATS,
        import::{Job, Report, preview, run},
    },
};

/// What a small good file of each format looks like. All of it is FICTIONAL.
const GOOD: [(&str, &str, &str); 10] = [
    (
        "ftm",
        "in.ndjson",
        "{\"id\":\"a\",\"schema\":\"Company\",\"properties\":{\"name\":[\"A\"]}}\n{\"id\":\"own\",\"schema\":\"Ownership\",\"properties\":{\"owner\":[\"b\"],\"asset\":[\"a\"]}}\n{\"id\":\"b\",\"schema\":\"Person\",\"properties\":{\"name\":[\"B\"]}}\n",
    ),
    (
        "ofac",
        "sdn.csv",
        "1,\"FICTIONAL, Person\",\"individual\",\"DPRK\",\"Director, FICTIONAL CO LTD\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 15 Dec 1971; Linked To: FICTIONAL CO LTD.\"\r\n2,\"FICTIONAL CO LTD\",-0- ,\"DPRK\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\u{1a}",
    ),
    (
        "ofac",
        "alt.csv",
        "1,1,\"aka\",\"FICTIONAL, Other\",-0- \r\n2,2,\"fka\",\"FICTIONAL OLD\",-0- \r\n\u{1a}",
    ),
    (
        "un",
        "un.xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>FICTIONAL</FIRST_NAME><REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER><COMMENTS1>Invented.</COMMENTS1></INDIVIDUAL></INDIVIDUALS><ENTITIES><ENTITY><DATAID>2</DATAID><FIRST_NAME>FICTIONAL CO</FIRST_NAME><REFERENCE_NUMBER>XXe.001</REFERENCE_NUMBER></ENTITY></ENTITIES></CONSOLIDATED_LIST>",
    ),
    (
        "graphml",
        "in.graphml",
        "<?xml version=\"1.0\"?>\n<graphml><key id=\"d0\" for=\"node\" attr.name=\"name\"/><graph edgedefault=\"directed\"><node id=\"a\"><data key=\"d0\">A</data></node><node id=\"b\"><data key=\"d0\">B</data></node><edge source=\"a\" target=\"b\"/></graph></graphml>",
    ),
    (
        "gexf",
        "in.gexf",
        "<?xml version=\"1.0\"?>\n<gexf><graph><nodes><node id=\"a\" label=\"A\"/><node id=\"b\" label=\"B\"/></nodes><edges><edge id=\"0\" source=\"a\" target=\"b\"/></edges></graph></gexf>",
    ),
    (
        "bods",
        "in.json",
        "[{\"statementId\":\"s1\",\"recordId\":\"a\",\"recordType\":\"entity\",\"recordDetails\":{\"name\":\"A\",\"entityType\":{\"type\":\"registeredEntity\"}}},\n{\"statementId\":\"s2\",\"recordId\":\"r\",\"recordType\":\"relationship\",\"recordDetails\":{\"subject\":\"a\",\"interestedParty\":\"a\",\"interests\":[{\"type\":\"shareholding\",\"share\":{\"exact\":100}}]}}]",
    ),
    (
        "icij",
        "nodes-officers.csv",
        "node_id,name,countries,country_codes,sourceID,valid_until,note\n1,FICTIONAL Person,China,CHN,FICTIONAL Papers,,\n2,FICTIONAL Other,Cuba,CUB,FICTIONAL Papers,,\n",
    ),
    (
        "icij",
        "relationships.csv",
        "node_id_start,node_id_end,rel_type,link,status,start_date,end_date,sourceID\n1,2,officer_of,director of,,,,FICTIONAL Papers\n",
    ),
    (
        "statements",
        "in.statements.csv",
        "canonical_id,entity_id,prop,prop_type,schema,value,dataset,lang,original_value,external,first_seen,last_seen\na,a,name,name,Company,A,one,,,f,,\na,a,country,country,Company,cn,one,,,f,,\n",
    ),
];

/// The longest that anything here may take: it is a debug build beside other tests.
const LIMIT: Duration = Duration::from_mins(1);

/// A small generator that gives the same numbers every time (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }
}

/// A case with something in it, and a folder for files.
struct Bench {
    folder: tempfile::TempDir,
    case: Case,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut case = Case::create(&folder.path().join("case.redthread")).expect("a new case");
        let first = folder.path().join("first.ndjson");
        std::fs::write(&first, GOOD[0].2).expect("space");
        run(&mut case, &Job { files: vec![first], ..Job::default() }, &Progress::new())
            .expect("imports");
        Self { folder, case }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("space");
        path
    }

    /// Takes a file in and undoes it. What is refused must have changed nothing, and is one
    /// sentence; a panic of the reader would be neither.
    fn import(&mut self, path: &Path, format: Option<&str>) -> Result<Report, String> {
        let before = self.state();
        let job = Job {
            files: vec![path.to_owned()],
            format: format.map(str::to_owned),
            ..Job::default()
        };
        let started = Instant::now();
        let done = run(&mut self.case, &job, &Progress::new()).map_err(|error| error.to_string());
        let took = started.elapsed();
        assert!(took < LIMIT, "{} took {took:?}", path.display());
        match &done {
            Err(text) => {
                one_sentence(text);
                assert_eq!(self.state(), before, "{text}");
                assert!(self.holds(), "{text}");
            }
            Ok(report) if report.imported.delta.revision.is_none() => {
                assert_eq!(self.state(), before);
            }
            Ok(_) => {
                self.case.undo().expect("one step undoes it");
            }
        }
        done
    }

    /// What the case says of itself: revisions, entities, evidence.
    fn state(&self) -> (usize, usize, usize) {
        (
            self.case.log().expect("readable").len(),
            self.case.entities().expect("readable").len(),
            self.case.evidence().expect("readable").len(),
        )
    }

    /// Whether its chain of hashes holds.
    fn holds(&self) -> bool {
        matches!(self.case.verify(&Progress::new()), Ok(Verdict::Holds { .. }))
    }
}

fn one_sentence(text: &str) {
    assert!(
        !text.contains('\n') && text.len() > 20 && text.len() < 500 && text.ends_with('.'),
        "not a sentence: {text}"
    );
    for word in ["panicked", "Error {", "Some(", "unwrap"] {
        assert!(!text.contains(word), "not for people: {text}");
    }
}

#[test]
fn a_good_file_of_each_format_is_known_by_what_it_says() {
    let mut bench = Bench::new();
    for (format, name, text) in GOOD {
        let path = bench.write(name, text.as_bytes());
        let report = bench.import(&path, None).expect(name);
        assert_eq!(report.format, format, "{name}");
        let main_list_is_missing = u64::from(name == "alt.csv");
        assert_eq!(report.problems.count, main_list_is_missing, "{:?}", report.problems.kept);
        let job = Job { files: vec![path], ..Job::default() };
        let seen = preview(&job, &|_| false, &Progress::new()).expect(name);
        assert!(!seen.schemata.is_empty(), "{name}");
    }
    let here: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    for name in here.iter().filter(|name| **name != "table") {
        assert!(GOOD.iter().any(|(format, ..)| format == name), "{name} is not tested here");
    }
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_refused_or_read_as_far_as_it_is_whole() {
    let mut bench = Bench::new();
    let mut refused = 0;
    for (format, name, text) in GOOD {
        let bytes = text.as_bytes();
        let step = (bytes.len() / 25).max(1);
        for end in (0..bytes.len()).step_by(step) {
            let path = bench.write(name, &bytes[..end]);
            let done = bench.import(&path, Some(format));
            refused += usize::from(done.is_err());
            // What ends with its root or its array cannot be taken for whole.
            if matches!(format, "un" | "graphml" | "gexf" | "bods") {
                let text = done.err().unwrap_or_else(|| panic!("{name} cut off at {end}"));
                assert!(
                    ["cut off", "empty", "is not GraphML", "is not GEXF"]
                        .iter()
                        .any(|said| text.contains(said)),
                    "{name} at {end}: {text}"
                );
            }
        }
    }
    println!("{refused} were refused");
    assert!(refused > 120);
}

#[test]
fn the_file_of_a_case_is_the_same_to_the_byte_after_imports_that_were_refused() {
    let Bench { folder, case } = Bench::new();
    let path = folder.path().join("case.redthread");
    case.close().expect("closes");
    // All but what SQLite counts at the head of its file (offsets 24 and 92): opening a case for a
    // change counts as one.
    let bytes = || {
        let mut bytes = std::fs::read(&path).expect("readable");
        for counter in [24..28, 92..96] {
            bytes[counter].fill(0);
        }
        bytes
    };
    let (before, original) = (bytes(), std::fs::read(&path).expect("readable"));
    for (format, name, text) in GOOD {
        let broken = folder.path().join(name);
        std::fs::write(&broken, &text.as_bytes()[..text.len() * 9 / 10]).expect("space");
        let job = Job { files: vec![broken], format: Some(format.to_owned()), ..Job::default() };
        let mut case = Case::open(&path).expect("opens");
        let refused = run(&mut case, &job, &Progress::new()).is_err();
        case.close().expect("closes");
        // What was read as far as it went was an edit like any other.
        if refused {
            assert!(bytes() == before, "{name} changed it");
        } else {
            std::fs::write(&path, &original).expect("space");
        }
    }
    let here = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(here, GOOD.len() + 2, "nothing is left beside it");
}

#[test]
fn other_encodings_are_read_or_refused_but_never_mistaken() {
    let mut bench = Bench::new();
    let mut random = Random(0x5EED);
    for (format, name, text) in GOOD {
        let sixteen = |big: bool| -> Vec<u8> {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            units.flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
        };
        // As XML says itself which encoding it is of, one that says UTF-8 and is not is the same.
        for big in [false, true] {
            let path = bench.write(name, &sixteen(big));
            match bench.import(&path, Some(format)) {
                Ok(report) => assert!(report.imported.met + report.imported.new > 0, "{name}"),
                Err(text) => assert_eq!(format, "ftm", "{text}"),
            }
        }
        let latin: Vec<u8> =
            text.replace("FICTIONAL", "F\u{e9}").chars().map(|c| c as u8).collect();
        let path = bench.write(name, &latin);
        bench.import(&path, Some(format)).ok();
        let noise: Vec<u8> = (0..5000).map(|_| random.below(256) as u8).collect();
        let path = bench.write(name, &noise);
        let done = bench.import(&path, Some(format));
        assert!(done.is_err() || done.is_ok_and(|r| r.problems.count > 0), "{name} of noise");
        let mut zeros = text.as_bytes().to_vec();
        zeros.insert(text.len() / 2, 0);
        let path = bench.write(name, &zeros);
        bench.import(&path, Some(format)).ok();
    }
}

#[test]
fn three_thousand_mutations_never_crash_or_hang() {
    let mut random = Random(0x0D15_EA5E);
    let folder = tempfile::tempdir().expect("a folder");
    let (mut refused, mut told) = (0, 0);
    for round in 0..3000 {
        let (format, name, text) = GOOD[round % GOOD.len()];
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len());
            match random.below(5) {
                0 => bytes[at] = random.below(256) as u8,
                1 => bytes.truncate(at.max(1)),
                2 => drop(bytes.remove(at)),
                3 => {
                    let piece = bytes[at..(at + 40).min(bytes.len())].to_vec();
                    let to = random.below(bytes.len());
                    bytes.splice(to..to, piece);
                }
                _ => bytes[at] = b"\"'<>&;,[]{}\n:"[random.below(13)],
            }
            if bytes.is_empty() {
                bytes.push(b'x');
            }
        }
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes).expect("space");
        let job = Job { files: vec![path], format: Some(format.to_owned()), ..Job::default() };
        let started = Instant::now();
        match preview(&job, &|_| false, &Progress::new()) {
            Err(error) => {
                one_sentence(&error.to_string());
                refused += 1;
            }
            Ok(seen) => told += seen.problems.count,
        }
        assert!(started.elapsed() < LIMIT, "round {round}");
    }
    println!("{refused} of 3000 were refused, {told} problems told");
    assert!(refused > 500 && told > 100);
}

#[test]
fn what_is_made_to_harm_is_refused_in_time() {
    let mut bench = Bench::new();
    let mut laughs = String::new();
    for n in 1..10 {
        let ten = format!("&l{};", n - 1).repeat(10);
        laughs += &format!("<!ENTITY l{n} \"{ten}\">");
    }
    let bomb = |root: &str| {
        format!(
            "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY l0 \"ha\">{laughs}]><{root}>&l9;</{root}>"
        )
    };
    let outside = |root: &str| {
        format!("<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><{root}>&f;</{root}>")
    };
    for (format, root) in [("un", "CONSOLIDATED_LIST"), ("graphml", "graphml"), ("gexf", "gexf")] {
        for text in [bomb(root), outside(root)] {
            let path = bench.write("bomb.xml", text.as_bytes());
            let error = bench.import(&path, Some(format)).expect_err(format);
            assert!(error.contains("entities of its own") && error.contains("bomb.xml"), "{error}");
        }
        let deep = format!("<{root}>{}", "<x>".repeat(100_000));
        let path = bench.write("deep.xml", deep.as_bytes());
        let error = bench.import(&path, Some(format)).expect_err(format);
        assert!(error.contains("deep") || error.contains("cut off"), "{error}");
    }
    let nested = format!("<graphml>{}", "<graph><node id=\"a\">".repeat(50_000));
    let path = bench.write("nested.graphml", nested.as_bytes());
    assert!(bench.import(&path, None).expect_err("deep").contains("256 deep"));
    for (format, name, start) in [
        ("bods", "deep.json", "[{\"recordId\":\"a\",\"recordType\":\"entity\",\"recordDetails\":"),
        ("ftm", "deep.ndjson", "{\"id\":\"a\",\"schema\":\"Company\",\"properties\":"),
    ] {
        let deep = format!("{start}{}", "{\"a\":[".repeat(100_000));
        let path = bench.write(name, deep.as_bytes());
        match bench.import(&path, Some(format)) {
            Err(error) => assert!(error.contains("128 deep"), "{error}"),
            Ok(report) => assert_eq!((report.problems.count, report.imported.new), (1, 0)),
        }
    }
}

#[test]
fn a_million_columns_and_a_field_of_sixteen_megabytes_are_told_in_bounded_memory() {
    let mut bench = Bench::new();
    let wide = "x,".repeat(1_000_000);
    // A buffer more than the limit.
    let long = "x".repeat(17 << 20);
    for (format, name, text) in GOOD.iter().filter(|good| good.1.rsplit('.').next() == Some("csv"))
    {
        let header = text.split_inclusive('\n').next().unwrap_or_default();
        let path = bench.write(name, format!("{header}{wide}\n").as_bytes());
        let done = bench.import(&path, Some(format));
        assert!(done.is_err() || done.is_ok_and(|report| report.problems.count > 0), "{name}");
        let path = bench.write(name, format!("{header}1,\"{long}\",x\n").as_bytes());
        let error = bench.import(&path, Some(format)).expect_err(name);
        assert!(error.contains("16 MiB"), "{error}");
    }
    for (format, name, start) in [
        ("ftm", "long.ndjson", "{\"id\":\"a\",\"schema\":\"Company\",\"properties\":{\"name\":[\""),
        ("bods", "long.json", "[{\"recordId\":\""),
        ("un", "long.xml", "<CONSOLIDATED_LIST><ENTITIES><ENTITY><DATAID>"),
        ("graphml", "long.graphml", "<graphml><graph><node id=\""),
        ("gexf", "long.gexf", "<gexf><graph><nodes><node id=\"a\" label=\""),
    ] {
        let path = bench.write(name, format!("{start}{long}").as_bytes());
        let error = bench.import(&path, Some(format)).expect_err(name);
        assert!(error.contains("16 MiB"), "{error}");
    }
    // One node with a million attributes is one that is too long.
    let many = "<data key=\"a\">x</data>".repeat(1_000_000);
    let path =
        bench.write("many.graphml", format!("<graphml><graph><node id=\"a\">{many}").as_bytes());
    assert!(bench.import(&path, None).expect_err("too long").contains("10,000"));
    // Remarks, titles and names that only a quadratic reader would choke on.
    let items = "a.k.a. 'x'; Director, FICTIONAL CO LTD; Linked To: FICTIONAL; ".repeat(200_000);
    let row = |number: u32, title: &str, remark: &str| {
        format!(
            "{number},\"FICTIONAL\",\"individual\",\"X\",\"{title}\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"{remark}\"\n"
        )
    };
    let commas = ", ".repeat(1_000_000);
    let text = [row(1, "X", &items), row(2, &commas, "X"), row(3, &"of the ".repeat(1000), &items)];
    let path = bench.write("sdn.csv", text.concat().as_bytes());
    let report = bench.import(&path, Some("ofac")).expect("imports");
    assert_eq!(report.problems.count, 2, "{:?}", report.problems);
    let same: String =
        (1..5000).map(|n| row(n, "X", &"Linked To: FICTIONAL; ".repeat(40))).collect();
    let path = bench.write("sdn.csv", same.as_bytes());
    assert!(bench.import(&path, Some("ofac")).expect("imports").problems.count > 100_000);
    let aliases = "<INDIVIDUAL_ALIAS><ALIAS_NAME>x</ALIAS_NAME></INDIVIDUAL_ALIAS>".repeat(150_000);
    let text = format!(
        "<CONSOLIDATED_LIST><INDIVIDUAL><DATAID>1</DATAID>{aliases}</INDIVIDUAL></CONSOLIDATED_LIST>"
    );
    let path = bench.write("un.xml", text.as_bytes());
    bench.import(&path, Some("un")).expect("imports");
    let names = "{\"fullName\":\"x\"},".repeat(100_000);
    let interests = "{\"type\":\"shareholding\"},".repeat(100_000);
    let text = format!(
        "[{{\"recordId\":\"a\",\"recordType\":\"person\",\"recordDetails\":{{\"names\":[{names}{{}}]}}}},{{\"recordId\":\"r\",\"recordType\":\"relationship\",\"recordDetails\":{{\"subject\":\"a\",\"interestedParty\":\"a\",\"interests\":[{interests}{{}}]}}}}]"
    );
    let path = bench.write("many.json", text.as_bytes());
    bench.import(&path, None).ok();
}

#[test]
fn cycles_duplicates_and_formulas_are_data_like_any_other() {
    let mut bench = Bench::new();
    let ftm = concat!(
        "{\"id\":\"self\",\"schema\":\"Ownership\",\"properties\":{\"owner\":[\"self\"],\"asset\":[\"self\"]}}\n",
        "{\"id\":\"up\",\"schema\":\"Ownership\",\"properties\":{\"owner\":[\"down\"],\"asset\":[\"down\"]}}\n",
        "{\"id\":\"down\",\"schema\":\"Ownership\",\"properties\":{\"owner\":[\"up\"],\"asset\":[\"self\"]}}\n",
        "{\"id\":\"c\",\"schema\":\"Company\",\"properties\":{\"name\":[\"=cmd|' /C calc'!A0\"]}}\n",
        "{\"id\":\"c\",\"schema\":\"Person\",\"properties\":{\"name\":[\"@SUM(A1)\"]}}\n",
        "{\"id\":\"r\",\"schema\":\"Person\",\"properties\":{},\"referents\":[\"r2\"]}\n",
        "{\"id\":\"r2\",\"schema\":\"Person\",\"properties\":{},\"referents\":[\"r\"]}\n",
    );
    let path = bench.write("cycle.ndjson", ftm.as_bytes());
    let report = bench.import(&path, None).expect("imports");
    assert_eq!(report.problems.count, 0);
    let graphml = "<graphml><graph><node id=\"a\"/><node id=\"a\"/><edge source=\"a\" target=\"a\"/><edge source=\"a\" target=\"a\"/><edge id=\"a\" source=\"a\" target=\"gone\"/></graph></graphml>";
    let path = bench.write("cycle.graphml", graphml.as_bytes());
    let report = bench.import(&path, None).expect("imports");
    assert_eq!((report.imported.new, report.problems.count), (4, 2), "{:?}", report.problems);
    let bods = GOOD[6].2.replace("]}}]", "]}},{\"statementId\":\"s1\",\"recordId\":\"a\",\"recordType\":\"entity\",\"recordDetails\":{\"name\":\"=1+1\"}}]");
    let path = bench.write("cycle.json", bods.as_bytes());
    assert_eq!(bench.import(&path, None).expect("imports").problems.count, 0);
}

#[test]
fn what_is_no_file_or_of_another_program_is_told_apart() {
    let mut bench = Bench::new();
    let folder = bench.folder.path().join("folder.csv");
    std::fs::create_dir(&folder).expect("space");
    let pipe = bench.folder.path().join("pipe.ndjson");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    let missing = bench.folder.path().join("missing.json");
    let empty = bench.write("empty.json", b"");
    let photo = bench.write("photo.graphml", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00 and so on");
    let page = bench.write("page.xml", b"<!DOCTYPE html><html><body><p>Hello.</p></body></html>");
    let zip = bench.write("list.csv", b"PK\x03\x04\x14\x00\x00\x00\x08\x00 and so on");
    for format in FORMATS.iter().map(|format| format.name).filter(|name| *name != "table") {
        for path in [&folder, &missing, &photo, &page, &zip] {
            let done = bench.import(path, Some(format));
            let refused = match &done {
                Err(_) => true,
                Ok(report) => report.problems.count > 0 && report.imported.new == 0,
            };
            assert!(refused, "{format} took {}", path.display());
        }
        bench.import(&empty, Some(format)).ok();
        if made.as_ref().is_ok_and(std::process::ExitStatus::success) {
            let error = bench.import(&pipe, Some(format)).expect_err("a pipe");
            assert!(error.contains("not a file"), "{error}");
        }
    }
    for path in [&photo, &page] {
        bench.import(path, None).expect_err("of no format");
    }
}
