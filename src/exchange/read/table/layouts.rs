//! Published layouts that are recognised by their headings and read exactly.
//!
//! Each is a file in `assets/layouts`. To add one, add the file and its line in [`FILES`]; only
//! layouts whose heading row was seen belong there, and the file says where.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use super::{
    edit,
    guess::{Column, Guess, TableKind},
    mapping::{Each, EntityMapping, Mapping, PropertyMapping},
    row::Row,
    source::Table,
};
use crate::model::schema;

/// The layouts that are known.
const FILES: [&str; 14] = [
    include_str!("../../../../assets/layouts/bis-denied-persons.toml"),
    include_str!("../../../../assets/layouts/companies-house-basic.toml"),
    include_str!("../../../../assets/layouts/companies-house-psc.toml"),
    include_str!("../../../../assets/layouts/eu-consolidated.toml"),
    include_str!("../../../../assets/layouts/fincen-connections.toml"),
    include_str!("../../../../assets/layouts/fincen-transactions.toml"),
    include_str!("../../../../assets/layouts/gleif-level-1.toml"),
    include_str!("../../../../assets/layouts/gleif-level-2.toml"),
    include_str!("../../../../assets/layouts/japan-corporate-numbers.toml"),
    include_str!("../../../../assets/layouts/ofsi-conlist.toml"),
    include_str!("../../../../assets/layouts/opencorporates-companies.toml"),
    include_str!("../../../../assets/layouts/receita-partners.toml"),
    include_str!("../../../../assets/layouts/uk-sanctions-list.toml"),
    include_str!("../../../../assets/layouts/us-consolidated-screening-list.toml"),
];

/// How many rows may be above the headings.
const DEEPEST: usize = 12;

/// A layout as its file describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Layout {
    /// What it is called in a sentence: `the UK sanctions list`.
    title: String,
    /// The kind of table, by its name.
    kind: String,
    /// Where its heading row was seen.
    #[allow(dead_code, reason = "for those who read the file")]
    seen: String,
    /// The headings by which it is recognised: all must be there.
    headings: Vec<String>,
    /// How the cells of columns look, for a layout without headings.
    #[serde(default)]
    shape: BTreeMap<String, String>,
    /// What a row becomes.
    entity: Vec<Part>,
}

/// An entity or relationship of each row.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Part {
    name: String,
    schema: String,
    /// The name of another entity whose keys and properties it has too.
    like: Option<String>,
    keys: Vec<String>,
    /// What goes into the id before the keys; equal in layouts whose keys mean the same.
    literal: String,
    id: Option<String>,
    each_row: bool,
    each: Option<Each>,
    when: BTreeMap<String, Vec<String>>,
    unless: BTreeMap<String, Vec<String>>,
    /// Whether it keeps all columns as notes that are used for nothing else.
    rest: bool,
    /// Properties by their columns.
    say: BTreeMap<String, Said>,
    /// Properties that are other entities of the row.
    refers: BTreeMap<String, Vec<String>>,
}

/// Where the values of a property come from; `*` in a heading stands for a number.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Said {
    Column(String),
    Columns(Vec<String>),
    Whole(Box<PropertyMapping>),
    Several(Vec<PropertyMapping>),
}

static LAYOUTS: LazyLock<Vec<Layout>> = LazyLock::new(|| {
    let layouts = FILES.iter().filter_map(|file| toml::from_str(file).ok());
    layouts.collect()
});

/// The mapping of a table whose headings are those of a known layout.
pub(super) fn known(table: &Table) -> Option<Guess> {
    let has = |heading: &String| table.columns.iter().any(|column| is(column, heading));
    let fits = |layout: &&Layout| {
        layout.headings.iter().all(has)
            && (layout.shape.is_empty()
                || table.layout.heading == 0 && layout.has_shape_of(&table.sample))
    };
    // The one that explains most.
    let layout = LAYOUTS.iter().filter(fits).max_by_key(|layout| layout.headings.len())?;
    let entities = layout.entities(&table.columns);
    let kind = TableKind::named(&layout.kind).unwrap_or_default();
    let what = if layout.shape.is_empty() { "headings" } else { "columns" };
    let reason = format!("the {what} are those of {}", layout.title);
    let columns = table.columns.iter().map(|heading| Column {
        heading: heading.clone(),
        confidence: 1.0,
        reason: reason.clone(),
        ..Column::default()
    });
    Some(Guess {
        kind,
        confidence: 1.0,
        shape: layout.title.clone(),
        columns: columns.collect(),
        mapping: Mapping {
            name: layout.title.clone(),
            columns: table.columns.clone(),
            entities,
            ..Mapping::default()
        },
        reasons: vec![reason],
        is_nameless: false,
    })
}

/// The number of the row with the headings of a known layout: dates and titles may be above it.
pub(super) fn heading(rows: &[Row]) -> Option<u64> {
    let fits = |row: &&Row| {
        let has = |heading: &String| row.cells().any(|cell| is(cell, heading));
        LAYOUTS.iter().any(|layout| layout.headings.iter().all(has))
    };
    if LAYOUTS.iter().any(|layout| !layout.shape.is_empty() && layout.has_shape_of(rows)) {
        return Some(0);
    }
    rows.iter().take(DEEPEST).find(fits).map(|row| row.number)
}

/// Whether a column is the one that a layout names, whose `*` stands for a number.
fn is(column: &str, named: &str) -> bool {
    let Some((before, after)) = named.split_once('*') else {
        return column.eq_ignore_ascii_case(named);
    };
    let number = column.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a cell looks like one of some patterns, in which 9 stands for a digit.
fn looks_like(cell: &str, patterns: &str) -> bool {
    let (patterns, may_be_empty) =
        patterns.strip_prefix('?').map_or((patterns, false), |rest| (rest, true));
    let same = |pattern: &str| {
        pattern.chars().count() == cell.chars().count()
            && pattern
                .chars()
                .zip(cell.chars())
                .all(|(p, c)| p == c || p == '9' && c.is_ascii_digit())
    };
    cell.is_empty() && may_be_empty || patterns.split('|').any(same)
}

impl Layout {
    /// Whether all rows have its columns and look as their cells do.
    fn has_shape_of(&self, rows: &[Row]) -> bool {
        let place = |heading: &String| self.headings.iter().position(|other| other == heading);
        let fits = |row: &Row| {
            row.len() == self.headings.len()
                && self.shape.iter().all(|(heading, patterns)| {
                    place(heading).is_some_and(|at| looks_like(row.get(at), patterns))
                })
        };
        rows.len() > 1 && rows.iter().all(fits)
    }

    /// The entities of each row of a table of these columns; what it lacks is left out.
    fn entities(&self, columns: &[String]) -> Vec<EntityMapping> {
        let mut made: Vec<EntityMapping> =
            self.entity.iter().map(|part| self.entity(part, columns)).collect();
        let is_rest = |name: &str| self.entity.iter().any(|part| part.name == name && part.rest);
        let shared: Vec<String> = made
            .iter()
            .filter(|entity| !is_rest(&entity.name))
            .flat_map(|entity| &entity.properties)
            .flat_map(|said| said.columns.clone())
            .collect();
        for entity in made.iter_mut().filter(|entity| is_rest(&entity.name)) {
            let own: Vec<&String> =
                entity.properties.iter().flat_map(|said| &said.columns).collect();
            let rest = columns.iter().filter(|c| !shared.contains(c) && !own.contains(c));
            let rest: Vec<String> = rest.cloned().collect();
            if let Some(property) = edit::notes_of(&entity.schema).filter(|_| !rest.is_empty()) {
                entity.properties.push(PropertyMapping {
                    property: property.to_owned(),
                    columns: rest,
                    labelled: true,
                    ..PropertyMapping::default()
                });
            }
        }
        made
    }

    /// One entity, with what it shares with the one that it is like.
    fn entity(&self, part: &Part, columns: &[String]) -> EntityMapping {
        let like = part.like.as_ref();
        let like = like.and_then(|name| self.entity.iter().find(|other| other.name == *name));
        let there = |names: &[String]| -> Vec<String> {
            let found = names.iter().flat_map(|name| columns.iter().filter(move |c| is(c, name)));
            found.cloned().collect()
        };
        let one = |name: &String| columns.iter().find(|column| is(column, name)).cloned();
        let conditions = |conditions: &BTreeMap<String, Vec<String>>| -> BTreeMap<_, _> {
            conditions
                .iter()
                .filter_map(|(name, texts)| Some((one(name)?, texts.clone())))
                .collect()
        };
        let known = schema::schema(&part.schema);
        let said = |(property, said): (&String, &Said)| -> Vec<PropertyMapping> {
            let all = match said {
                Said::Column(column) => vec![PropertyMapping::column("", column)],
                Said::Columns(columns) => {
                    vec![PropertyMapping { columns: columns.clone(), ..PropertyMapping::default() }]
                }
                Said::Whole(said) => vec![(**said).clone()],
                Said::Several(all) => all.clone(),
            };
            let all = all.into_iter().map(|said| PropertyMapping {
                property: property.clone(),
                columns: there(&said.columns),
                when: conditions(&said.when),
                unless: conditions(&said.unless),
                ..said
            });
            all.filter(|said| !said.columns.is_empty() || !said.literals.is_empty()).collect()
        };
        let has = |property: &str| known.is_some_and(|known| known.property(property).is_some());
        let shared = like.into_iter().flat_map(|like| &like.say);
        let shared = shared.filter(|(property, _)| !part.say.contains_key(*property));
        let mut properties: Vec<PropertyMapping> =
            shared.chain(&part.say).filter(|(name, _)| has(name)).flat_map(said).collect();
        for (property, others) in &part.refers {
            properties.extend(others.iter().map(|other| PropertyMapping::entity(property, other)));
        }
        let keys =
            if part.keys.is_empty() { like.map(|like| &like.keys) } else { Some(&part.keys) };
        let literal =
            like.filter(|_| part.literal.is_empty()).map_or(&part.literal, |l| &l.literal);
        EntityMapping {
            name: part.name.clone(),
            schema: part.schema.clone(),
            keys: keys.map(|keys| there(keys)).unwrap_or_default(),
            key_literal: literal.clone(),
            id_column: part.id.as_ref().or(like.and_then(|like| like.id.as_ref())).and_then(one),
            each_row: part.each_row,
            each: part.each.clone(),
            filters: conditions(&part.when),
            filters_not: conditions(&part.unless),
            properties,
            ..EntityMapping::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_is_a_layout_and_is_read() {
        for file in FILES {
            let layout: Layout = toml::from_str(file).unwrap_or_else(|error| panic!("{error}"));
            assert!(TableKind::named(&layout.kind).is_some(), "{}", layout.title);
            assert!(layout.seen.len() > 20 && layout.headings.len() > 1, "{}", layout.title);
            let conditions = layout.entity.iter().flat_map(|part| {
                let said = part.say.values().flat_map(|said| match said {
                    Said::Whole(said) => vec![(**said).clone()],
                    Said::Several(all) => all.clone(),
                    _ => Vec::new(),
                });
                let said =
                    said.flat_map(|said| said.when.into_keys().chain(said.unless.into_keys()));
                part.when.keys().chain(part.unless.keys()).cloned().chain(said)
            });
            for heading in conditions {
                assert!(layout.headings.contains(&heading), "{}: {heading}", layout.title);
            }
            for part in &layout.entity {
                let schema = schema::schema(&part.schema).expect(&part.schema);
                for property in part.say.keys().chain(part.refers.keys()) {
                    let known = schema.property(property).is_some() || shares(&layout, part);
                    assert!(known, "{}: {} has no {property}", layout.title, part.schema);
                }
            }
            let columns: Vec<String> = layout.headings.clone();
            let mapping = Mapping {
                columns: columns.clone(),
                entities: layout.entities(&columns),
                ..Mapping::default()
            };
            assert_eq!(mapping.check(&columns), Ok(()), "{}", layout.title);
        }
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/layouts");
        let there = std::fs::read_dir(folder).expect("a folder").count();
        assert_eq!(there, FILES.len(), "each file of assets/layouts has its line in FILES");
    }

    /// Whether others have the properties of an entity, too, each as far as its schema has them.
    fn shares(layout: &Layout, part: &Part) -> bool {
        layout.entity.iter().any(|other| other.like.as_ref() == Some(&part.name))
    }

    #[test]
    fn columns_without_headings_are_known_by_their_cells() {
        assert!(looks_like("20110403", "99999999") && !looks_like("2011040", "99999999"));
        assert!(looks_like("***000011**", "?***999999**|99999999999999"));
        assert!(looks_like("", "?99") && !looks_like("", "99"));
    }

    #[test]
    fn a_star_stands_for_a_number() {
        assert!(is("SICCode.SicText_4", "SICCode.SicText_*") && is("LEI", "lei"));
        assert!(
            !is("SICCode.SicText_x", "SICCode.SicText_*")
                && !is("SICCode.SicText_", "SICCode.SicText_*")
        );
    }
}
