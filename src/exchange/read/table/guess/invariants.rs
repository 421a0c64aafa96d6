//! What holds of every guessed mapping, whatever the table: no cell vanishes, no key has unlike
//! names, and no relationship is without a heading or a column that names it.

use std::collections::{BTreeMap, HashMap, HashSet};

use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, RngSeed},
};

use super::{
    super::{Settings, Sketch, Table, clean, learn, sketch, words},
    Guess, guess, values,
};
use crate::model::schema::schema;

/// Headings with cells as they may stand below them.
const COLUMNS: [(&str, &[&str]); 30] = [
    ("Name", &["Alba Norden", "Boris Kellner", "Grifon Trade LLC", "Alba Norden", "Nour Selwan"]),
    ("Company", &["Norden Holding Ltd", "Vance Metals Ltd", "Mirage SA", "Norden Holding Ltd"]),
    ("Director", &["Clara Oduya", "Dmitri Vance", "Oduya Nominees Limited", "Esther Quill"]),
    ("Shareholder", &["Alba Norden", "Norden Holding Ltd", "Boris Kellner", "Fata Morgana Ltd"]),
    ("Owner", &["Boris Kellner", "Mirage SA", "Kellner Trading Ltd"]),
    ("Source", &["Alba Norden", "Mirage SA", "Vance Metals Ltd"]),
    ("Target", &["Mirage SA", "Fata Morgana Ltd", "Alba Norden"]),
    ("From", &["Mirage SA", "2014", "Dalian", "Alba Norden"]),
    ("To", &["Fata Morgana Ltd", "2016", "Nampo"]),
    ("Payer", &["Norden Holding Ltd", "Alba Norden", "unknown"]),
    ("Beneficiary", &["Vance Metals Ltd", "Mirage SA", "Boris Kellner"]),
    ("Vessel", &["FICTION STAR", "MIRAGE 7", "THULE 3"]),
    ("Type", &["person", "company", "Individual", "vessel", "owner"]),
    ("Relationship", &["director", "owns", "married to", "friend", "something else"]),
    ("Role", &["Director", "Secretary", "Shareholder", "Chair"]),
    ("Reg. No.", &["BC-00011", "00412233", "X-7", "00412233"]),
    ("IMO", &["3000013", "3000025", "IMO 3000013"]),
    ("IBAN", &["GB27FICT00000000000001", "EE970000000000000001"]),
    ("Date of birth", &["1967-04-03", "03.04.1967", "circa 1951", "1965"]),
    ("Nationality", &["GB", "German", "DRC", "Belarus; Cyprus"]),
    ("Country", &["Panama", "NO", "Togo", "XX"]),
    ("Address", &["1 Invented Row, London", "12 Mirage Rd", "-"]),
    ("Amount", &["1,250.00", "12500", "a lot", "3.005,06"]),
    ("Currency", &["EUR", "USD", "GBP"]),
    ("Date", &["2018-01-02", "31/12/2017", "03/04/2016", "soon"]),
    ("Share %", &["25", "50 %", "25-50%", "0.6"]),
    ("Arrived", &["2018-01-02", "2018-02-03"]),
    ("Port", &["Dalian", "Hull", "Nampo"]),
    ("Remarks", &["see file 12", "total loss", "Alba Norden knows"]),
    ("Xyzzy", &["plugh", "17", "yes", "Mirage SA"]),
];

fn tables() -> impl Strategy<Value = Vec<Vec<String>>> {
    let columns = proptest::sample::subsequence((0..COLUMNS.len()).collect::<Vec<_>>(), 2..8);
    (columns.prop_shuffle(), 2_usize..9).prop_flat_map(|(columns, rows)| {
        let cell = |column: usize| {
            let cells = COLUMNS[column].1;
            prop_oneof![
                6 => (0..cells.len()).prop_map(move |at| cells[at].to_owned()),
                1 => Just(String::new()),
            ]
        };
        let heads: Vec<String> = columns.iter().map(|at| COLUMNS[*at].0.to_owned()).collect();
        let row: Vec<_> = columns.into_iter().map(cell).collect();
        proptest::collection::vec(row, rows).prop_map(move |rows| {
            let mut all = vec![heads.clone()];
            all.extend(rows);
            all
        })
    })
}

/// The guess for a table, and what its rows become.
fn read(rows: &[Vec<String>]) -> Option<(Guess, Sketch)> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.csv");
    let quoted = |cell: &String| format!("\"{cell}\"");
    let lines = rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(","));
    std::fs::write(&path, lines.collect::<Vec<_>>().join("\n")).expect("space");
    let settings = Settings { heading: Some(1), delimiter: Some(','), ..Settings::default() };
    let table = Table::open(&path, &settings).expect("a table");
    let guess = guess(&table);
    if guess.mapping.entities.is_empty() {
        return None;
    }
    let sketch = sketch(&table, &guess.mapping, rows.len()).expect("a mapping that fits");
    Some((guess, sketch))
}

fn config() -> Config {
    Config {
        cases: 160,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(13),
        ..Config::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_cell_vanishes(rows in tables()) {
        let Some((guess, sketch)) = read(&rows) else { return Ok(()) };
        let mut told: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut all: Vec<&str> = Vec::new();
        for made in &sketch.entities {
            let place = made.origin.as_ref().map_or("", |origin| origin.place.as_str());
            for value in &made.values {
                let texts = std::iter::once(value.value.as_str()).chain(value.original.as_deref());
                told.entry(place).or_default().extend(texts.clone());
                all.extend(texts);
            }
        }
        for problem in &sketch.problems {
            told.entry(&problem.place).or_default().push(&problem.reason);
        }
        // What decides of which schema something is, or what a relationship is, is said by that.
        let deciding: HashSet<&str> = guess
            .mapping
            .entities
            .iter()
            .flat_map(|made| made.filters.keys().chain(made.filters_not.keys()))
            .map(String::as_str)
            .collect();
        for (number, row) in rows.iter().enumerate().skip(1) {
            let place = format!("row {}", number + 1);
            for (heading, cell) in rows[0].iter().zip(row) {
                if clean::is_nothing(cell) || deciding.contains(heading.as_str()) {
                    continue;
                }
                // What an earlier row said of the same thing is not said again.
                let here = told.get(place.as_str()).into_iter().flatten();
                let found = here.chain(&all).any(|text| holds(text, cell));
                prop_assert!(found, "“{heading}” {cell} of {place}\n{rows:?}\n{}", brief(&guess));
            }
        }
    }

    #[test]
    fn no_key_has_unlike_names(rows in tables()) {
        let Some((guess, sketch)) = read(&rows) else { return Ok(()) };
        let mut names: HashMap<&str, String> = HashMap::new();
        for made in &sketch.entities {
            for value in made.values.iter().filter(|value| value.property == "name") {
                let name = learn::folded(&value.value);
                let known = names.entry(made.id.as_str()).or_insert_with(|| name.clone());
                prop_assert_eq!(&*known, &name, "{:?}\n{}", rows, brief(&guess));
            }
        }
    }

    #[test]
    fn no_relationship_is_without_a_reason(rows in tables()) {
        let Some((guess, sketch)) = read(&rows) else { return Ok(()) };
        let role = rows[0].iter().any(|heading| words::meaning(heading).role.is_some());
        let side = rows[0].iter().any(|heading| heading == "From" || heading == "To");
        for made in &sketch.entities {
            let edge = schema(&made.schema).and_then(|schema| schema.edge.as_ref());
            if edge.is_none() {
                continue;
            }
            let place = made.origin.as_ref().map_or("", |origin| origin.place.as_str());
            let number: usize = place.trim_start_matches("row ").parse().unwrap_or(0);
            let row = number.checked_sub(1).and_then(|at| rows.get(at));
            let column = row.into_iter().flatten().any(|cell| values::relation(cell).is_some());
            prop_assert!(
                role || side || column,
                "{} of {place}\n{:?}\n{}",
                made.schema,
                rows,
                brief(&guess)
            );
        }
    }
}

/// Whether a text that was kept holds a cell, or each of its parts.
fn holds(text: &str, cell: &str) -> bool {
    text.contains(cell) || cell.contains(';') && cell.split(';').any(|part| text == part.trim())
}

/// The mapping, as a failure can be read.
fn brief(guess: &Guess) -> String {
    let lines = guess.mapping.entities.iter().map(|made| {
        let said = made.properties.iter().map(|said| {
            format!("{}={}", said.property, said.entity.clone().unwrap_or(said.columns.join("+")))
        });
        let said = said.collect::<Vec<_>>().join(", ");
        format!("{} {} {:?} {:?}: {said}", made.schema, made.name, made.keys, made.filters)
    });
    lines.collect::<Vec<_>>().join("\n")
}
