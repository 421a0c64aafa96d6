//! Statements of the Beneficial Ownership Data Standard 0.4 (standard.openownership.org), in an
//! array or one a line.
//!
//! A record is what its latest statement says. What parties were called before stays among their
//! values; a relationship that said something else before stays as one of its own that ended when
//! it was replaced. Each interest becomes a relationship. Record ids are a publisher's own, so that
//! ids are made from both.

mod party;
mod relationship;

use std::{
    collections::{HashMap, hash_map::DefaultHasher},
    hash::{Hash as _, Hasher as _},
    path::Path,
};

use serde_json::Value;

use super::{
    Head, Input, Problem, Sink, json,
    part::{Part, at, hashed},
    refused,
};
use crate::{
    case::{Origin, Result},
    model::Id,
};

/// How many records a file may have: what is remembered of each is some sixty bytes.
const MOST: usize = 5_000_000;

/// Whether a file begins like the standard's.
pub(in crate::exchange) fn recognises(head: &Head) -> bool {
    let text = head.text.trim_start();
    let has = |key: &str| text.contains(key);
    text.starts_with(['[', '{'])
        && ((has("\"recordType\"") && has("\"recordDetails\""))
            || (has("\"statementID\"") && has("\"statementType\"")))
}

/// Reads files.
pub(in crate::exchange) fn read(input: &Input<'_>, sink: &mut dyn Sink) -> Result<()> {
    for (file, path) in input.files.iter().enumerate() {
        let mut records: Records = HashMap::new();
        json::each(path, &mut |number, value, (done, total)| {
            if number.is_multiple_of(1000) {
                sink.at(done, total * 3)?;
            }
            remember(path, number, &value, &mut records)
        })?;
        // The latest first, so that it is what a party is called by.
        for latest in [true, false] {
            json::each(path, &mut |number, value, (done, total)| {
                if number.is_multiple_of(1000) {
                    let before = if latest { total } else { total * 2 };
                    sink.at(before + done, total * 3)?;
                }
                tell(file, number, &value, &records, latest, sink)
            })?;
        }
    }
    Ok(())
}

/// What a statement of a record said, and when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    date: String,
    number: u64,
    /// What it says but for ends, as far as it is compared.
    sum: u64,
}

type Records = HashMap<u64, Vec<Version>>;

fn remember(path: &Path, number: u64, value: &Value, records: &mut Records) -> Result<()> {
    if value.get("statementID").is_some() && value.get("statementType").is_some() {
        let what = "it is of an older version of the standard than 0.4, which is what is read";
        return Err(refused(path, format!("statement {number}"), what));
    }
    let Some(statement) = Statement::of(value) else { return Ok(()) };
    let mut kept = statement.details.clone();
    for interest in kept.get_mut("interests").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(interest) = interest.as_object_mut() {
            interest.remove("endDate");
        }
    }
    let version =
        Version { date: statement.date.to_owned(), number, sum: sum(&[&kept.to_string()]) };
    let versions = records.entry(sum(&[statement.publisher, statement.record])).or_default();
    versions.push(version);
    if records.len() > MOST {
        let what = "it has more than five million records; split it";
        return Err(refused(path, "", what));
    }
    Ok(())
}

fn sum(texts: &[&str]) -> u64 {
    let mut hash = DefaultHasher::new();
    texts.hash(&mut hash);
    hash.finish()
}

/// A statement's own parts.
#[derive(Clone, Copy)]
struct Statement<'a> {
    id: &'a str,
    record: &'a str,
    kind: &'a str,
    status: &'a str,
    /// The day that it is of.
    date: &'a str,
    publisher: &'a str,
    details: &'a Value,
    all: &'a Value,
}

impl<'a> Statement<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        let record = text(value, "recordId");
        let details = value.get("recordDetails").filter(|details| details.is_object())?;
        let date = text(value, "statementDate");
        let statement = Self {
            id: text(value, "statementId"),
            record,
            kind: text(value, "recordType"),
            status: text(value, "recordStatus"),
            date: date.split('T').next().unwrap_or(date),
            publisher: value.pointer("/publicationDetails/publisher/name").map_or("", as_text),
            details,
            all: value,
        };
        (!record.is_empty()).then_some(statement)
    }

    /// The id of a record of the same publisher.
    fn id_of(&self, record: &str) -> Id {
        hashed("bods", &[self.publisher, record]).into()
    }

    /// Who published it and where it comes from, for what it says.
    fn credit(&self, part: &mut Part) {
        part.put_or_note("publisher", self.publisher, "Publisher");
        let source = self.all.get("source").unwrap_or(&Value::Null);
        part.put_or_note("sourceUrl", text(source, "url"), "Source");
        part.put_or_note("retrievedAt", text(source, "retrievedAt"), "Retrieved");
        let said = text(source, "description");
        if !said.is_empty() {
            part.note(&format!("Source: {said}"));
        }
        for annotation in list(self.all, "annotations") {
            part.note(&format!("Annotation: {}", text(annotation, "description")));
        }
    }
}

fn tell(
    file: usize,
    number: u64,
    value: &Value,
    records: &Records,
    latest: bool,
    sink: &mut dyn Sink,
) -> Result<()> {
    let Some(statement) = Statement::of(value) else {
        if latest {
            let what = "it is no statement of BODS 0.4: it has no record id or no details";
            sink.problem(Problem::new(file, format!("statement {number}"), what))?;
        }
        return Ok(());
    };
    let key = sum(&[statement.publisher, statement.record]);
    let versions = records.get(&key).map_or(&[][..], Vec::as_slice);
    let newest = versions.iter().max().is_none_or(|newest| newest.number == number);
    if newest != latest {
        return Ok(());
    }
    let place = if statement.id.is_empty() {
        format!("statement {number}")
    } else {
        format!("statement {}", statement.id)
    };
    let origin = at(file, place);
    match statement.kind {
        "person" | "entity" => party::tell(&statement, origin, sink),
        "relationship" => {
            let own = versions.iter().find(|version| version.number == number);
            let next = own.and_then(|own| versions.iter().filter(|next| *next > own).min());
            match (own, next) {
                // It said the same as the one that took its place.
                (Some(own), Some(next)) if own.sum == next.sum => Ok(()),
                (_, next) => relationship::tell(
                    &statement,
                    next.map(|next| next.date.as_str()),
                    origin,
                    sink,
                ),
            }
        }
        other => {
            let what = format!("it is of a record type “{other}” that the standard does not have");
            sink.problem(Problem::new(origin.file, &origin.place, what))
        }
    }
}

/// Tells somebody or something that a statement names but does not say who it is.
fn unspecified(statement: &Statement<'_>, role: &str, said: &Value, origin: &Origin) -> (Id, Part) {
    let id: Id = hashed("bods", &[statement.publisher, statement.record, role]).into();
    let reason = text(said, "reason");
    let mut part = Part::new(id.clone(), "LegalEntity", origin.clone());
    part.put(
        "name",
        &format!("Unspecified ({})", words(if reason.is_empty() { role } else { reason })),
    );
    part.put_or_note("summary", text(said, "description"), "Description");
    (id, part)
}

/// A code as words: `subjectUnableToConfirm` becomes `subject unable to confirm`.
fn words(code: &str) -> String {
    let mut out = String::new();
    for c in code.chars() {
        if c.is_uppercase() {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
    }
    out.trim().to_owned()
}

/// The text of a member; empty where there is none.
fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).map_or("", as_text)
}

fn as_text(value: &Value) -> &str {
    value.as_str().unwrap_or_default().trim()
}

/// The elements of a member that is an array.
fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::tests::{Told, told};

    fn read_text(text: &str) -> Told {
        told(read, &[("in.json", text.as_bytes())]).expect("readable")
    }

    fn id(record: &str) -> String {
        hashed("bods", &["", record])
    }

    #[test]
    fn interests_become_relationships_with_shares_and_reasons() {
        let told = read_text(
            r#"[{"statementId":"s1","recordId":"c","recordType":"entity","recordStatus":"new","recordDetails":
            {"name":"FICTIONAL Ltd","entityType":{"type":"registeredEntity"},"jurisdiction":{"name":"Ireland","code":"IE"},
            "identifiers":[{"scheme":"GB-COH","id":"000"},{"scheme":"XI-LEI","id":"529900T8BM49AURSDO55"}]}},
            {"statementId":"s2","recordId":"p","recordType":"person","recordStatus":"new","recordDetails":
            {"personType":"knownPerson","names":[{"type":"legal","fullName":"FICTIONAL Person"},{"type":"former","fullName":"OLD Person"}],
            "politicalExposure":{"status":"isPep"}}},
            {"statementId":"s3","recordId":"r","recordType":"relationship","recordStatus":"new","recordDetails":
            {"subject":"c","interestedParty":"p","componentRecords":["x"],"interests":[
            {"type":"shareholding","directOrIndirect":"indirect","share":{"minimum":25,"exclusiveMinimum":true,"maximum":50},"startDate":"2017-11-01"},
            {"type":"boardMember"},{"type":"votingRights","share":{"exact":12.5}}]}},
            {"statementId":"s4","recordId":"q","recordType":"relationship","recordStatus":"new","recordDetails":
            {"subject":"c","interestedParty":{"reason":"noBeneficialOwners","description":"None."}}},
            {"statementId":"s5","recordType":"person"}]"#,
        );
        let (c, p) = (id("c"), id("p"));
        assert_eq!((told.schema(&c), told.schema(&p)), (Some("Company"), Some("Person")));
        assert!(told.says(&c, "jurisdiction", "ie") && told.says(&c, "registrationNumber", "000"));
        assert!(told.says(&c, "leiCode", "529900T8BM49AURSDO55"));
        assert!(told.says(&p, "previousName", "OLD Person") && told.says(&p, "topics", "role.pep"));
        let owns = told.tie("Ownership", &p, &c).expect("an ownership");
        let said: Vec<(&str, &str)> =
            owns.values.iter().map(|v| (v.property.as_str(), v.value.as_str())).collect();
        for wanted in [
            ("percentage", "more than 25 to 50"),
            ("startDate", "2017-11-01"),
            ("ownershipType", "indirect"),
            ("description", "Made up of the records: x"),
        ] {
            assert!(said.contains(&wanted), "{wanted:?} in {said:?}");
        }
        assert!(
            told.tie("Directorship", &p, &c).is_some() && told.tie("Control", &p, &c).is_some()
        );
        let nobody = hashed("bods", &["", "q", "interested party"]);
        assert!(told.says(&nobody, "name", "Unspecified (no beneficial owners)"));
        assert!(told.tie("UnknownLink", &nobody, &c).is_some());
        assert_eq!(told.problems.len(), 1);
        assert_eq!(told.problems[0].place, "statement 5");
    }

    #[test]
    fn an_interest_that_is_not_beneficial_is_marked_as_such() {
        let told = read_text(
            r#"[{"statementId":"r","recordId":"r","recordType":"relationship","recordStatus":"new","recordDetails":
            {"subject":"c","interestedParty":"p","interests":[
            {"type":"shareholding","share":{"exact":60},"beneficialOwnershipOrControl":false},
            {"type":"boardMember","beneficialOwnershipOrControl":false},
            {"type":"votingRights","beneficialOwnershipOrControl":true},
            {"type":"unknownInterest","beneficialOwnershipOrControl":false},
            {"type":"rightsToProfitOrIncome"}]}}]"#,
        );
        let marked = told.entities.iter().filter(|entity| {
            entity
                .values
                .iter()
                .any(|v| v.property == "role" && v.value.starts_with("not beneficial"))
        });
        let marked: Vec<&str> = marked.map(|entity| entity.schema.as_str()).collect();
        assert_eq!(marked, ["Ownership", "Directorship", "UnknownLink"]);
    }

    #[test]
    fn what_was_replaced_ends_when_it_was_and_the_latest_comes_first() {
        let statement = |number: u32, date: &str, share: u32, name: &str| {
            format!(
                r#"{{"statementId":"r{number}","statementDate":"{date}","recordId":"r","recordType":"relationship","recordStatus":"updated","recordDetails":{{"subject":"c","interestedParty":"p","interests":[{{"type":"shareholding","share":{{"exact":{share}}}}}]}}}}
{{"statementId":"c{number}","statementDate":"{date}","recordId":"c","recordType":"entity","recordDetails":{{"name":"{name}","entityType":{{"type":"registeredEntity"}}}}}}
"#
            )
        };
        let lines = [
            statement(1, "2019-01-01", 50, "A"),
            statement(2, "2020-01-01T10:00:00Z", 50, "A"),
            statement(3, "2021-01-01", 100, "B"),
        ]
        .concat();
        let told = read_text(&lines);
        let owns: Vec<_> = told.entities.iter().filter(|e| e.schema == "Ownership").collect();
        assert_eq!(owns.len(), 2, "the first and the second say the same");
        let value = |at: usize, property: &str| {
            let found = owns[at].values.iter().find(|v| v.property == property);
            found.map_or("", |v| v.value.as_str())
        };
        assert_eq!((value(0, "percentage"), value(0, "endDate")), ("100", ""));
        assert_eq!((value(1, "percentage"), value(1, "endDate")), ("50", "2021-01-01"));
        assert_eq!(value(1, "status"), "replaced");
        let names: Vec<&str> = told
            .entities
            .iter()
            .flat_map(|e| &e.values)
            .filter(|v| v.property == "name")
            .map(|v| v.value.as_str())
            .collect();
        assert_eq!(names[0], "B");
    }

    #[test]
    fn an_older_version_is_refused_and_anything_else_is_told() {
        let old = br#"[{"statementID":"x","statementType":"personStatement"}]"#;
        let error = told(read, &[("in.json", old)]).expect_err("refused");
        assert!(error.contains("0.4"), "{error}");
        let told =
            read_text(r#"[1, "x", {"recordId":"a","recordType":"boat","recordDetails":{}}]"#);
        assert_eq!(told.problems.len(), 3);
    }
}
