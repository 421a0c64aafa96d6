//! Statements as CSV, one a row, as `OpenSanctions`, nomenklatura and our own export write them:
//! `canonical_id`, `entity_id`, `prop`, `schema`, `value` and, where they are, `dataset`, `lang`,
//! `original_value` and `external`, in any order.
//!
//! An entity is called by its canonical id; its other ids are kept (`referent`), and what refers to
//! them refers to it. Rows that are `external` are only proposals of a match and are left out.

use super::{
    Head, Input, Problem, Sink,
    merged::{Merged, REFERENT},
    part::at,
    refused,
    text::{Rows, first_rows, total},
};
use crate::{
    case::{NewEntity, NewValue, Result},
    model::{Id, entity::SCHEMA, schema},
};

/// How many values one part of an entity holds before it is passed on.
const FULL: usize = 4096;

/// Where the columns are.
#[derive(Clone, Copy, Debug)]
struct Columns {
    count: usize,
    canonical: usize,
    entity: Option<usize>,
    property: usize,
    schema: usize,
    value: usize,
    dataset: Option<usize>,
    lang: Option<usize>,
    original: Option<usize>,
    external: Option<usize>,
}

impl Columns {
    fn of(header: &[String]) -> Option<Self> {
        let at = |name: &str| header.iter().position(|column| column.trim() == name);
        Some(Self {
            count: header.len(),
            canonical: at("canonical_id").or_else(|| at("entity_id"))?,
            entity: at("entity_id"),
            property: at("prop")?,
            schema: at("schema")?,
            value: at("value")?,
            dataset: at("dataset"),
            lang: at("lang"),
            original: at("original_value"),
            external: at("external"),
        })
    }
}

/// Whether a file begins with the header of statements.
pub(in crate::exchange) fn recognises(head: &Head) -> bool {
    first_rows(head, 1).first().is_some_and(|header| Columns::of(header).is_some())
}

/// Reads files.
pub(in crate::exchange) fn read(input: &Input<'_>, sink: &mut dyn Sink) -> Result<()> {
    let total = total(input)? * 2;
    let mut merged = Merged::default();
    let mut done = 0;
    for path in input.files {
        let (mut rows, columns) = open(path)?;
        while let Some(row) = rows.next()? {
            rows.tell(sink, done, total)?;
            let id = Id::from(row.get(columns.canonical).map_or("", String::as_str));
            if let Some(other) = columns.entity.and_then(|at| row.get(at)) {
                merged.add(other, &id);
            }
        }
        done += rows.size();
    }
    for (file, path) in input.files.iter().enumerate() {
        let (mut rows, columns) = open(path)?;
        let mut open: Option<Open> = None;
        while let Some(row) = rows.next()? {
            rows.tell(sink, done, total)?;
            let place = format!("row {}", rows.number);
            if row.len() != columns.count {
                if rows.is_open_end() && row.len() < columns.count {
                    return Err(refused(path, place, "the file is cut off here"));
                }
                let what = format!("it has {} columns instead of {}", row.len(), columns.count);
                sink.problem(Problem::new(file, place, what))?;
                continue;
            }
            match statement(&row, &columns) {
                Err(what) => sink.problem(Problem::new(file, place, what))?,
                Ok(statement) => {
                    if let Some(done) = open.take_if(|open| !open.goes_on(&statement)) {
                        sink.take(done.close(file, &merged))?;
                    }
                    open.get_or_insert_with(|| Open::new(&statement, rows.number))
                        .add(statement, rows.number);
                }
            }
        }
        if let Some(done) = open {
            sink.take(done.close(file, &merged))?;
        }
        done += rows.size();
    }
    sink.at(total, total)
}

fn open(path: &std::path::Path) -> Result<(Rows<'_>, Columns)> {
    let mut rows = Rows::open(path)?;
    let header = rows.next()?.unwrap_or_default();
    let columns = Columns::of(&header).ok_or_else(|| {
        refused(path, "row 1", "it has no columns canonical_id, prop, schema and value")
    })?;
    Ok((rows, columns))
}

struct Statement<'a> {
    id: &'a str,
    other: &'a str,
    schema: &'a str,
    dataset: &'a str,
    /// None for the row that only says that the entity is there.
    value: Option<NewValue>,
}

fn statement<'a>(
    row: &'a [String],
    columns: &Columns,
) -> std::result::Result<Statement<'a>, &'static str> {
    let text = |at: Option<usize>| at.map_or("", |at| row[at].trim());
    let (id, schema) = (row[columns.canonical].trim(), row[columns.schema].trim());
    let (property, value) = (row[columns.property].trim(), &row[columns.value]);
    if id.is_empty() || schema.is_empty() || property.is_empty() {
        return Err("it names no entity, no schema or no property");
    }
    if property == SCHEMA {
        return Err("it has a property called “schema”, which cannot be one");
    }
    if matches!(text(columns.external), "t" | "true" | "True" | "1") {
        return Err("it is marked as external: proposed by a match that nobody has confirmed");
    }
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let value = (property != "id" && !value.is_empty()).then(|| NewValue {
        lang: some(text(columns.lang)),
        original: some(text(columns.original)).filter(|original| original != value),
        ..NewValue::new(property, value.as_str())
    });
    let (other, dataset) = (text(columns.entity), text(columns.dataset));
    Ok(Statement { id, other, schema, dataset, value })
}

/// An entity whose rows follow each other.
struct Open {
    entity: NewEntity,
    dataset: String,
    others: Vec<String>,
    first: u64,
    last: u64,
}

impl Open {
    fn new(statement: &Statement<'_>, first: u64) -> Self {
        let entity = NewEntity {
            id: statement.id.into(),
            schema: statement.schema.to_owned(),
            values: Vec::new(),
            origin: None,
        };
        Self {
            entity,
            dataset: statement.dataset.to_owned(),
            others: Vec::new(),
            first,
            last: first,
        }
    }

    /// Whether a statement is of the same entity by the same collection.
    fn goes_on(&self, statement: &Statement<'_>) -> bool {
        self.entity.id.as_str() == statement.id
            && self.dataset == statement.dataset
            && self.entity.values.len() < FULL
    }

    fn add(&mut self, statement: Statement<'_>, row: u64) {
        self.last = row;
        let known = schema::schema(statement.schema);
        // The schema that says more, as statements of one entity may differ in it.
        if known.is_some_and(|known| known.is_a(&self.entity.schema)) {
            self.entity.schema = statement.schema.to_owned();
        }
        let other = statement.other;
        if !other.is_empty() && other != statement.id && !self.others.iter().any(|o| o == other) {
            self.others.push(other.to_owned());
        }
        self.entity.values.extend(statement.value);
    }

    fn close(self, file: usize, merged: &Merged) -> NewEntity {
        let Self { mut entity, dataset, others, first, last } = self;
        merged.follow(&mut entity);
        entity.values.extend(others.into_iter().map(|other| NewValue::new(REFERENT, other)));
        let rows =
            if last > first { format!("rows {first} to {last}") } else { format!("row {first}") };
        let place = if dataset.is_empty() { rows } else { format!("{rows} ({dataset})") };
        NewEntity { origin: Some(at(file, place)), ..entity }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::tests::told;

    #[test]
    fn rows_become_entities_by_their_canonical_ids() {
        let text = "canonical_id,entity_id,prop,prop_type,schema,value,dataset,lang,original_value,external,first_seen,last_seen\n\
            own,own,owner,entity,Ownership,old-a,one,,,f,,\n\
            own,own,asset,entity,Ownership,b,one,,,f,,\n\
            NK-a,old-a,id,checksum,LegalEntity,abc,one,,,f,,\n\
            NK-a,old-a,name,name,LegalEntity,A,one,eng,,f,,\n\
            NK-a,NK-a,country,country,Company,cn,one,,China,f,,\n\
            NK-a,x,name,name,Company,Other,two,,,t,,\n\
            NK-a,NK-a,alias,name,Company,\"=A, B\",two,,,f,,\n\
            short\n";
        let told = told(read, &[("in.csv", text.as_bytes())]).expect("readable");
        assert!(told.tie("Ownership", "NK-a", "b").is_some());
        assert_eq!(told.schema("NK-a"), Some("Company"));
        assert!(told.says("NK-a", "name", "A") && told.says("NK-a", REFERENT, "old-a"));
        assert!(told.says("NK-a", "alias", "=A, B") && !told.says("NK-a", "name", "Other"));
        let a: Vec<_> = told.entities.iter().filter(|e| e.id.as_str() == "NK-a").collect();
        let name = &a[0].values[0];
        assert_eq!(name.lang.as_deref(), Some("eng"));
        assert_eq!(a[0].values[1].original.as_deref(), Some("China"));
        let places: Vec<&str> =
            a.iter().filter_map(|e| e.origin.as_ref()).map(|o| o.place.as_str()).collect();
        assert_eq!(places, ["rows 4 to 6 (one)", "row 8 (two)"]);
        let told: Vec<(&str, &str)> =
            told.problems.iter().map(|p| (p.place.as_str(), p.reason.as_str())).collect();
        assert_eq!(told.len(), 2);
        assert!(told[0].0 == "row 7" && told[0].1.contains("external"));
        assert!(told[1].1.contains("1 columns instead of 12"));
    }
}
