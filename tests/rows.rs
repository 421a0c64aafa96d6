//! Keys of rows by their numbers. Only the library makes keys, of what it reads; a test that names a
//! row which its case may not have takes the key from another case.

use std::sync::LazyLock;

use redthread::{
    case::{Action, Case, Cited, EvidenceBytes, NewCitation, NewEvidence, NewValue, Op},
    model::{CitationKey, CitationRef, RevisionNumber, StatementKey},
};

/// How many statements and citations can be named.
pub const ROWS: usize = 128;

/// The keys of the statements and citations of a case that has so many of them.
static KEYS: LazyLock<(Vec<StatementKey>, Vec<CitationKey>)> = LazyLock::new(|| {
    let mut case = Case::in_memory().expect("memory suffices");
    let cite = NewCitation {
        statement: Cited::Nth(0),
        evidence: "document".into(),
        supports: true,
        credibility: None,
        page: None,
        quote: None,
        range: None,
        region: None,
    };
    let values = (1..ROWS).map(|n| NewValue::new("name", format!("Name {n}")));
    let mut ops = vec![
        Op::Add { entity: "entity".into(), schema: "Company".into(), values: values.collect() },
        Op::Attach(NewEvidence {
            id: "document".into(),
            bytes: EvidenceBytes::Memory(b"text".to_vec()),
            file_name: "text.txt".into(),
            mime: "text/plain".into(),
            method: "pasted".into(),
            values: Vec::new(),
        }),
    ];
    ops.extend(vec![Op::Cite(cite); ROWS]);
    case.commit(Action::new(ops)).expect("valid");
    let statements = case.details(&"entity".into()).expect("there").statements;
    let made = statements[0].citations.iter().map(|citation| match citation.key {
        CitationRef::Made(key) => key,
        CitationRef::Read(_) => panic!("it was made by hand"),
    });
    (statements.iter().map(|statement| statement.key).collect(), made.collect())
});

/// The key of the nth statement of a case, from 1.
pub fn statement(nth: usize) -> StatementKey {
    KEYS.0[nth - 1]
}

/// The key of the nth citation that was made in a case, from 1.
pub fn citation(nth: usize) -> CitationKey {
    KEYS.1[nth - 1]
}

/// The number of the nth revision of a case, from 1.
pub fn revision(nth: i64) -> RevisionNumber {
    nth.to_string().parse().expect("a number")
}

#[test]
fn a_key_is_what_it_is_called_here() {
    assert_eq!(format!("{:?}", statement(60)), "StatementKey(60)");
    assert_eq!(format!("{:?}", citation(ROWS)), format!("CitationKey({ROWS})"));
    assert_eq!(revision(3).to_string(), "3");
}
