//! Rows become entities.

mod left;

use std::collections::{HashMap, HashSet};

use super::{
    aside,
    clean::{self, Hints},
    dates, edit, key,
    learn::{self, Column, Conflicts, Learned},
    mapping::{EntityMapping, Mapping, NameForm, PropertyMapping, stands_for},
    money::{self, Currencies},
    nodes::Nodes,
    numbers, parts,
    row::Row,
    source::Outline,
};
use crate::{
    case::{Error, NewEntity, NewValue, Origin, Result},
    exchange::{Problem, Sink},
    model::{Id, Property, PropertyType},
};

/// How many entities are remembered so that what was told already is not told again.
const REMEMBERED: usize = 2_000_000;

/// How many different rows are counted where equal rows are different things.
const COUNTED: usize = 8_000_000;

/// A mapping made ready for a table.
pub(super) struct Apply<'a> {
    file: usize,
    columns: &'a [String],
    entities: Vec<Ready<'a>>,
    /// Where each entity stands among the ones that are ready, by name.
    places: HashMap<&'a str, usize>,
    /// Keys under which the file says different things.
    conflicts: &'a Conflicts,
    /// Digests of what was told.
    told: HashSet<u64>,
    /// By column: whether the mapping speaks of it, and whether something of the row holds its
    /// cell.
    named: Vec<bool>,
    used: Vec<bool>,
    /// Whether the mapping keeps notes with their headings.
    noted: bool,
    /// How often each equal row came, for those of which every row is another one.
    times: HashMap<u64, u32>,
    /// Between which ends a relationship is, for those that their keys alone do not tell apart.
    between: HashMap<u64, u64>,
    /// The data set whose name goes into every id.
    dataset: Option<&'a str>,
    /// The first value of an entity, by digest, where further ones are another property's.
    firsts: HashMap<u64, u64>,
}

struct Ready<'a> {
    mapping: &'a EntityMapping,
    /// What goes into the id before the keys: the data set and the literal of the mapping.
    literal: String,
    keys: Vec<usize>,
    /// What the rows of another table became that its key names.
    rows: Option<&'a HashMap<String, Id>>,
    id_column: Option<usize>,
    agree: Vec<usize>,
    /// The column whose parts are entities of their own, what parts them, and whether something
    /// stands behind the names.
    each: Option<(usize, &'a str, bool)>,
    /// Columns whose parts go with those of that column, one by one.
    beside: Vec<usize>,
    /// The column whose names must read so.
    forms: Vec<(usize, &'a NameForm)>,
    /// The column whose amounts must be below zero, or must not.
    sign: Option<(usize, bool)>,
    filters: Vec<(usize, &'a [String], bool)>,
    properties: Vec<Said<'a>>,
    /// The columns that it holds, and those of the rows of other tables to which it refers.
    holds: Vec<usize>,
    is_edge: bool,
    ends: Vec<&'a str>,
    /// The property for what was not understood.
    notes: Option<&'static str>,
}

struct Said<'a> {
    mapping: &'a PropertyMapping,
    property: &'static Property,
    columns: Vec<(usize, Hints)>,
    hints: Hints,
    /// A template in pieces: text, and columns between.
    template: Vec<(String, Option<usize>)>,
    /// Columns that must have one of these texts, or none of them.
    conditions: Vec<(usize, &'a [String], bool)>,
}

impl<'a> Apply<'a> {
    /// Makes a mapping ready. Refuses one that does not fit the table.
    pub fn new(
        (file, table): (usize, &'a Outline),
        mapping: &'a Mapping,
        learned: &'a Learned,
        nodes: &'a Nodes,
    ) -> Result<Self> {
        let columns = &table.columns;
        mapping.check(columns).map_err(Error::invalid)?;
        let order = mapping.order().map_err(Error::invalid)?;
        let mut entities = Vec::new();
        let mut places = HashMap::new();
        let dataset = mapping.dataset.as_deref().unwrap_or_default();
        for at in order {
            let mapping = &mapping.entities[at];
            places.insert(mapping.name.as_str(), entities.len());
            let literal = format!("{dataset}{}", mapping.key_literal);
            let rows = mapping.rows_of.as_ref().map(|of| nodes.of(of)).transpose()?;
            entities.push(Ready { rows, ..Ready::new(mapping, literal, table, &learned.columns) });
        }
        let (told, times, between) = (HashSet::new(), HashMap::new(), HashMap::new());
        let firsts = HashMap::new();
        let conflicts = &learned.conflicts;
        let dataset = mapping.dataset.as_deref().filter(|name| !name.is_empty());
        let mut named = vec![false; columns.len()];
        for at in 0..entities.len() {
            let others = entities[at].properties.iter().filter_map(|said: &Said<'_>| {
                let other = &entities[*places.get(said.mapping.entity.as_deref()?)?];
                other.mapping.refers.then_some(&other.keys)
            });
            let others: Vec<usize> = others.flatten().copied().collect();
            let ready: &mut Ready<'_> = &mut entities[at];
            ready.holds.extend(others);
            for column in ready.holds.iter().chain(&ready.keys) {
                named[*column] = true;
            }
        }
        let used = named.clone();
        Ok(Self {
            file,
            columns,
            entities,
            places,
            conflicts,
            told,
            named,
            used,
            noted: mapping.entities.iter().any(|made| made.properties.iter().any(|p| p.labelled)),
            times,
            between,
            dataset,
            firsts,
        })
    }

    /// Tells what a row becomes, and what of it does not become anything.
    pub fn row(&mut self, row: &Row, place: &str, sink: &mut dyn Sink) -> Result<()> {
        let made = self.made(row, place, sink)?;
        self.rest(row, place, &made, sink)
    }

    /// The entities that a row becomes and that a mapping calls by a name for which that holds.
    pub fn named(
        &mut self,
        row: &Row,
        is_meant: &dyn Fn(&str) -> bool,
        sink: &mut dyn Sink,
    ) -> Result<Vec<Id>> {
        let made = self.made(row, "", sink)?;
        let all = made.into_iter().zip(&self.entities);
        let meant = all.filter(|(_, ready)| is_meant(&ready.mapping.name));
        Ok(meant.flat_map(|(ids, _)| ids).map(|(_, id)| id).collect())
    }

    fn made(
        &mut self,
        row: &Row,
        place: &str,
        sink: &mut dyn Sink,
    ) -> Result<Vec<Vec<(usize, Id)>>> {
        let mut ids: Vec<Vec<(usize, Id)>> = Vec::with_capacity(self.entities.len());
        self.used.fill(false);
        for at in 0..self.entities.len() {
            let mut made: Vec<(usize, Id)> = Vec::new();
            for (nth, part) in self.entities[at].parts(row).iter().enumerate() {
                for one in self.rows_of(at, row, (nth, part), &ids) {
                    made.extend(self.entity(at, &one, place, sink)?.map(|id| (nth, id)));
                }
            }
            ids.push(made);
        }
        Ok(ids)
    }

    /// The entities to make of a part of a row: one, but a relationship for each pair of ends.
    fn rows_of<'r>(
        &self,
        at: usize,
        row: &'r Row,
        (part_nth, part): (usize, &'r Part<'r>),
        ids: &[Vec<(usize, Id)>],
    ) -> Vec<OneOf<'r>> {
        let ready = &self.entities[at];
        let parted = |ready: &Ready<'_>| ready.each.map(|(column, ..)| column);
        let mut all = vec![OneOf { row, part, refers: Vec::new() }];
        for (nth, said) in ready.properties.iter().enumerate() {
            let Some(other) = &said.mapping.entity else { continue };
            let Some(other) = self.places.get(other.as_str()).copied() else { continue };
            // A relationship that is made of a part of a cell is about who that part names.
            let same = parted(ready).is_some() && parted(ready) == parted(&self.entities[other]);
            let found = ids.get(other).into_iter().flatten();
            let found = found.filter(|(nth, _)| !same || *nth == part_nth);
            let mut found: Vec<&Id> = found.map(|(_, id)| id).collect();
            found.dedup();
            if found.is_empty() {
                continue;
            }
            if ready.is_edge && found.len() > 1 {
                all = found
                    .iter()
                    .flat_map(|id| {
                        all.iter().map(move |one| {
                            let mut one = one.clone();
                            one.refers.push((nth, (*id).clone()));
                            one
                        })
                    })
                    .collect();
            } else {
                for one in &mut all {
                    one.refers.extend(found.iter().map(|id| (nth, (*id).clone())));
                }
            }
        }
        all
    }

    fn entity(
        &mut self,
        at: usize,
        one: &OneOf<'_>,
        place: &str,
        sink: &mut dyn Sink,
    ) -> Result<Option<Id>> {
        let ready = &self.entities[at];
        let OneOf { row, part, refers } = one;
        if !ready.wants(row, part) {
            return Ok(None);
        }
        if ready.mapping.refers {
            let Some((id, _)) = ready.id(row, part, &[], self.conflicts) else { return Ok(None) };
            // What the case holds is signed already.
            let open = self.dataset.filter(|_| ready.rows.is_none());
            return Ok(Some(Id::from(
                open.map_or_else(|| id.clone(), |name| key::signed(&id, name)),
            )));
        }
        let problem = |what: String| Problem::new(self.file, place, what);
        let mut values: Vec<NewValue> = Vec::new();
        // Whether the row says anything of it, apart from what is the same in every row.
        let mut says = false;
        let mut unread: Vec<String> = Vec::new();
        let mut currencies = Currencies::default();
        for (nth, said) in ready.properties.iter().enumerate() {
            if said.mapping.entity.is_some() {
                for (_, id) in refers.iter().filter(|(of, _)| *of == nth) {
                    values.push(NewValue::new(&*said.property.name, id.as_str()));
                }
                continue;
            }
            for raw in said.raw(row, part) {
                says |= raw.column.is_some();
                if let Some(column) = raw.column.filter(|column| part.is_out_of_step(*column)) {
                    let heading = &self.columns[column];
                    unread.push(format!("{heading}: {}", raw.text));
                    let what = "it has another number of parts than the names";
                    sink.problem(problem(format!("column “{heading}”: {what}")))?;
                    continue;
                }
                match clean::all(said.property, &raw.text, raw.hints) {
                    Ok(cleaned) => {
                        let heading = raw.column.map(|column| &*self.columns[column]);
                        let heading = heading.unwrap_or_default();
                        if let Some(doubt) = said.doubt(&raw, &cleaned) {
                            sink.problem(problem(format!("column “{heading}”: {doubt}")))?;
                        }
                        let first = values.len();
                        let cleaned = cleaned.into_iter();
                        values.extend(cleaned.map(|one| said.value(one, &raw, self.columns)));
                        if money::is_money(&said.property.name) && !said.mapping.labelled {
                            let in_heading = raw.hints.currency.as_deref();
                            let place = ready.currency_place(&said.property.name);
                            let amounts = &mut values[first..];
                            currencies.take(place, (&raw.text, heading, in_heading), amounts);
                        }
                    }
                    Err(reason) => {
                        let heading = raw.column.map(|column| &*self.columns[column]);
                        unread.extend(heading.map(|heading| format!("{heading}: {}", raw.text)));
                        let heading = heading.map_or_else(
                            || format!("{} of “{}”", said.property.label, ready.mapping.name),
                            |heading| format!("column “{heading}”"),
                        );
                        sink.problem(problem(format!("{heading}: {reason}")))?;
                    }
                }
            }
        }
        // Nobody has a post with himself.
        let posts = ["Directorship", "Representation", "Employment"];
        if posts.contains(&&*ready.mapping.schema) && !says && self.is_of_one(ready, row) {
            return Ok(None);
        }
        // “Self” says that a row is about somebody himself.
        let of_self = |value: &NewValue| {
            const SELF: [&str; 5] = ["self", "himself", "herself", "same", "selbst"];
            matches!(&*value.property, "role" | "relationship")
                && SELF.contains(&&*value.value.to_lowercase())
        };
        if !ready.ends.is_empty()
            && let Some(value) = values.iter().find(|value| of_self(value))
            && self.is_of_one(ready, row)
        {
            let what = format!("“{}” says that it is about one alone", value.value);
            sink.problem(problem(what))?;
            return Ok(None);
        }
        // A parent that is the company itself is none. A firm may be called like its owner, and hold
        // shares of its own.
        if ready.mapping.apart {
            let is_end = |value: &&NewValue| ready.ends.contains(&value.property.as_str());
            let remark = |value: &&NewValue| Some(value.property.as_str()) == ready.notes;
            let ends: Vec<&str> = values.iter().filter(is_end).map(|one| &*one.value).collect();
            let told = values.iter().any(|value| !is_end(&value) && !remark(&value));
            if matches!(ends[..], [one, other] if one == other) && !told {
                for value in values.iter().filter(remark) {
                    let what = format!(
                        "it names a company as its own parent, so “{}” is left out",
                        value.value
                    );
                    sink.problem(problem(what))?;
                }
                return Ok(None);
            }
        }
        let has = |property: &str| values.iter().any(|value| value.property == property);
        // Nobody is made of remarks alone, or of a country.
        let named = ready.properties.iter().any(|said| said.property.name == "name");
        let bare = named
            && ready.mapping.whole_key
            && !has("name")
            && values.iter().filter(|v| Some(v.property.as_str()) != ready.notes).count() < 2;
        let missing = bare
            || ready
                .properties
                .iter()
                .any(|said| said.mapping.required && !has(&said.property.name));
        if missing {
            let said = values.iter().any(|value| value.property != "name");
            if says && said && ready.mapping.whole_key {
                let name = &ready.mapping.name;
                sink.problem(problem(format!("“{name}” is left out because it has no name here")))?;
            }
            return Ok(None);
        }
        let lacks = |end: &&&str| !stands_for(end).iter().any(|other| has(other));
        if let Some(end) = ready.ends.iter().find(lacks)
            && !(ready.mapping.one_end && says && self.is_blank(ready, row))
        {
            // A relationship of which nothing is said is not missed.
            if says {
                let name = &ready.mapping.name;
                sink.problem(problem(format!(
                    "“{name}” is left out because it has no {end} here"
                )))?;
            }
            return Ok(None);
        }
        let Some((mut id, keyed)) = ready.id(row, part, &values, self.conflicts) else {
            return Ok(None);
        };
        // A cell that does not clean is kept as it is.
        if let Some(property) = ready.notes.filter(|_| keyed || !values.is_empty()) {
            values.extend(unread.into_iter().map(|text| NewValue::new(property, text)));
        }
        if ready.mapping.each_row || !keyed && ready.mapping.whole_key {
            let digest = digest(&id, "", &[]);
            if self.times.len() < COUNTED || self.times.contains_key(&digest) {
                let times = self.times.entry(digest).or_default();
                *times += 1;
                if *times > 1 {
                    id = key::sha1(format!("{id} {times}").as_bytes());
                }
            }
        }
        // The sign says which way it goes, not how much it is.
        for value in values.iter_mut().filter(|_| ready.sign.is_some()) {
            if value.property == "amount" && value.value.starts_with('-') {
                value.original.get_or_insert_with(|| value.value.clone());
                value.value.remove(0);
            }
        }
        for value in &mut values {
            let said = ready.properties.iter().find(|said| said.property.name == value.property);
            let Some(later) = said.and_then(|said| said.mapping.later.as_ref()) else { continue };
            let (place, what) = (digest(&id, "first", &[]), digest(&value.value, "", &[]));
            let room = self.firsts.len() < REMEMBERED || self.firsts.contains_key(&place);
            if room && *self.firsts.entry(place).or_insert(what) != what {
                value.property.clone_from(later);
            }
        }
        if ready.mapping.by_ends {
            let ends: Vec<NewValue> =
                values.iter().filter(|value| ready.is_end(&value.property)).cloned().collect();
            let (place, between) = (digest(&id, "", &[]), digest("", "", &ends));
            match self.between.get(&place) {
                Some(known) if *known == between => {}
                None if self.between.len() < COUNTED => drop(self.between.insert(place, between)),
                _ => {
                    let ends: Vec<&str> = ends.iter().map(|end| end.value.as_str()).collect();
                    id = key::sha1(format!("{id} {}", ends.join(" ")).as_bytes());
                }
            }
        }
        // The ids of FollowTheMoney are made of what is mapped, so this comes behind them.
        currencies.add_to(&mut values);
        part_quantity(ready, &mut values);
        if let Some(dataset) = self.dataset {
            id = key::signed(&id, dataset);
        }
        for column in &ready.holds {
            self.used[*column] = true;
        }
        let id = Id::from(id);
        let digest = digest(id.as_str(), &ready.mapping.schema, &values);
        if self.told.contains(&digest) {
            return Ok(Some(id));
        }
        if self.told.len() < REMEMBERED {
            self.told.insert(digest);
        }
        let origin = Some(Origin { file: self.file, place: place.to_owned(), quote: None });
        let schema = ready.mapping.schema.clone();
        sink.take(NewEntity { id: id.clone(), schema, values, origin })?;
        Ok(Some(id))
    }
}

impl Apply<'_> {
    /// Whether both ends of a relationship have the same name in a row: of natural persons in a
    /// list of firms and who represents them, the same man stands in both columns.
    fn is_of_one(&self, ready: &Ready<'_>, row: &Row) -> bool {
        let name = |end: &&str| {
            let said = ready
                .properties
                .iter()
                .find(|said| stands_for(end).contains(&&*said.property.name))?;
            let other = &self.entities[*self.places.get(said.mapping.entity.as_deref()?)?];
            let named = other.properties.iter().find(|said| said.property.name == "name")?;
            let (column, _) = named.columns.first()?;
            let one = other.each.is_none() && named.columns.len() == 1;
            Some(learn::folded(row.get(*column))).filter(|name| one && !name.is_empty())
        };
        let mut ends = ready.ends.iter();
        let (Some(one), Some(other)) = (ends.next(), ends.next()) else { return false };
        let one = name(one);
        one.is_some() && one == name(other)
    }

    /// Whether a row names one end of a relationship and leaves the columns of the other empty.
    fn is_blank(&self, ready: &Ready<'_>, row: &Row) -> bool {
        let mut ends = ready.ends.iter().map(|end| {
            let of_end = ready
                .properties
                .iter()
                .filter(|said| stands_for(end).contains(&said.property.name.as_str()));
            let others = of_end.filter_map(|said| said.mapping.entity.as_deref());
            let mut others =
                others.filter_map(|name| Some(&self.entities[*self.places.get(name)?]));
            others.all(|other| {
                let named = other.properties.iter().filter(|said| said.property.name == "name");
                let named = named.flat_map(|said| said.columns.iter().map(|(column, _)| column));
                other.keys.iter().chain(named).all(|column| !row.says(*column))
            })
        });
        let (one, other) = (ends.next(), ends.next());
        one != other
    }
}

/// A part of a cell that is an entity of its own, where a mapping says so.
#[derive(Clone, Debug, Default)]
struct Part<'r> {
    /// The column, and the part without what stands behind it.
    of: Option<(usize, &'r str)>,
    /// What stands behind it.
    aside: &'r str,
    /// The parts of other cells that go with it.
    beside: Vec<(usize, Option<&'r str>)>,
}

impl<'r> Part<'r> {
    /// A cell of a row, or the part of it that is meant.
    fn get(&self, row: &'r Row, column: usize) -> &'r str {
        match self.of {
            Some((of, text)) if of == column => text,
            _ => match self.beside.iter().find(|(other, _)| *other == column) {
                Some((_, Some(text))) => text,
                _ => row.get(column),
            },
        }
    }

    /// Whether a cell has another number of parts than the one whose part this is.
    fn is_out_of_step(&self, column: usize) -> bool {
        self.beside.contains(&(column, None))
    }
}

/// What one entity is made of: a row, a part of one of its cells, and what it refers to.
#[derive(Clone)]
struct OneOf<'r> {
    row: &'r Row,
    part: &'r Part<'r>,
    /// The property by its place, and the entity.
    refers: Vec<(usize, Id)>,
}

fn digest(id: &str, schema: &str, values: &[NewValue]) -> u64 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    (id, schema).hash(&mut hasher);
    for value in values {
        (&value.property, &value.value).hash(&mut hasher);
    }
    hasher.finish()
}

impl<'a> Ready<'a> {
    fn new(
        mapping: &'a EntityMapping,
        literal: String,
        table: &Outline,
        learnt: &HashMap<usize, Column>,
    ) -> Self {
        let place = |name: &String| table.column(name);
        let filters = [(&mapping.filters, true), (&mapping.filters_not, false)];
        let filters = filters.into_iter().flat_map(|(filters, is)| {
            filters
                .iter()
                .filter_map(move |(column, values)| Some((place(column)?, values.as_slice(), is)))
        });
        let schema = mapping.known();
        let properties: Vec<Said<'a>> = mapping
            .properties
            .iter()
            .filter_map(|said| {
                Some(Said::new(said, schema?.property(&said.property)?, table, learnt))
            })
            .collect();
        let edge = schema.and_then(|schema| schema.edge.as_ref());
        Self {
            mapping,
            literal,
            keys: mapping.keys.iter().filter_map(place).collect(),
            rows: None,
            id_column: mapping.id_column.as_ref().and_then(place),
            agree: mapping.agree.iter().filter_map(place).collect(),
            each: mapping
                .each
                .as_ref()
                .and_then(|each| Some((place(&each.column)?, each.split.as_str(), each.aside)))
                .filter(|(_, split, _)| !split.is_empty()),
            beside: mapping
                .each
                .iter()
                .flat_map(|each| each.beside.iter().filter_map(place))
                .collect(),
            forms: mapping
                .forms
                .iter()
                .filter_map(|form| Some((place(&form.column)?, form)))
                .collect(),
            sign: mapping
                .sign
                .as_ref()
                .and_then(|sign| Some((place(&sign.column)?, sign.negative))),
            holds: if mapping.refers {
                Vec::new()
            } else {
                mapping.all_columns().into_iter().filter_map(|name| table.column(name)).collect()
            },
            notes: edit::notes_of(&mapping.schema),
            filters: filters.collect(),
            properties,
            is_edge: edge.is_some(),
            ends: edge
                .map_or_else(Vec::new, |edge| vec![edge.source.as_str(), edge.target.as_str()]),
        }
    }

    /// Whether a property names an end of the relationship.
    fn is_end(&self, property: &str) -> bool {
        self.ends.iter().any(|end| stands_for(end).contains(&property))
    }

    /// The parts of a row of which each is one.
    fn parts<'r>(&self, row: &'r Row) -> Vec<Part<'r>> {
        let Some((column, split, aside)) = self.each else { return vec![Part::default()] };
        let parts: Vec<&str> = row.get(column).split(split).map(str::trim).collect();
        let beside = |nth: usize| -> Vec<(usize, Option<&'r str>)> {
            let others = self.beside.iter().filter(|other| !row.get(**other).is_empty());
            let part = |other: &usize| {
                let all: Vec<&str> = row.get(*other).split(split).map(str::trim).collect();
                (*other, all.get(nth).copied().filter(|_| all.len() == parts.len()))
            };
            others.map(part).collect()
        };
        let named = parts.iter().enumerate().filter(|(_, part)| !clean::is_nothing(part));
        let parted = named.map(|(nth, part)| {
            let (name, behind) = aside::apart(part).filter(|_| aside).unwrap_or((*part, ""));
            Part { of: Some((column, name)), aside: behind, beside: beside(nth) }
        });
        parted.collect()
    }

    /// Whether it is made of a row.
    fn wants(&self, row: &Row, part: &Part<'_>) -> bool {
        let filtered = self.filters.iter().all(|(column, values, is)| {
            values.iter().any(|value| value == part.get(row, *column)) == *is
        });
        filtered
            && !self.is_nobody(row, part)
            && self.forms.iter().all(|(column, form)| form.fits(part.get(row, *column)))
            && self.sign.is_none_or(|(column, negative)| {
                numbers::is_negative(part.get(row, column)) == negative
            })
    }

    /// Whether what it is called says that nobody is named.
    fn is_nobody(&self, row: &Row, part: &Part<'_>) -> bool {
        let names = self.properties.iter().filter(|said| said.property.name == "name");
        let mut named = names.flat_map(|said| &said.columns).map(|(at, _)| part.get(row, *at));
        !self.is_edge && named.any(clean::is_nobody)
    }

    /// Its id in a row, and whether keys made it; `None` where there is nothing to make it of.
    fn id(
        &self,
        row: &Row,
        part: &Part<'_>,
        values: &[NewValue],
        conflicts: &Conflicts,
    ) -> Option<(String, bool)> {
        let literal = &self.literal;
        if let Some(rows) = self.rows {
            let key = self.keys.first().map(|key| part.get(row, *key))?;
            return rows.get(key).map(|id| (id.to_string(), true));
        }
        if let Some(column) = self.id_column {
            let id = row.get(column);
            return (!clean::is_nothing(id)).then(|| (id.to_owned(), true));
        }
        let cells: Vec<&str> = self.keys.iter().map(|key| part.get(row, *key)).collect();
        let filled = cells.iter().filter(|cell| !clean::is_nothing(cell)).count();
        let keyed = if self.mapping.whole_key { filled == cells.len() } else { filled > 0 };
        if !cells.is_empty() && (keyed || !self.mapping.whole_key) {
            let numbered = self.mapping.each.as_ref().is_some_and(|each| each.numbered);
            let number = Some(part.aside).filter(|aside| numbered && !aside.is_empty());
            let cells: Vec<&str> =
                cells.into_iter().filter(|cell| !clean::is_nothing(cell)).chain(number).collect();
            // Conflicts are learned without the name of the data set.
            if !conflicts.differ(&self.mapping.key_literal, &cells) {
                return Some((key::of_keys(literal, cells)?, true));
            }
            let more: Vec<String> = self
                .agree
                .iter()
                .map(|column| learn::folded(row.get(*column)))
                .filter(|cell| !cell.is_empty())
                .collect();
            let all = cells.into_iter().chain(more.iter().map(String::as_str)).collect();
            return Some((key::of_keys(literal, all)?, true));
        }
        let own = values.iter().filter(|value| {
            let literal = self.properties.iter().any(|said| {
                said.property.name == value.property
                    && said.columns.is_empty()
                    && said.template.is_empty()
                    && said.mapping.entity.is_none()
            });
            !literal
        });
        let said: Vec<(&str, &str)> =
            own.map(|value| (value.property.as_str(), value.value.as_str())).collect();
        let is_thing = !self.is_edge;
        let any = said.iter().any(|(property, _)| is_thing || self.is_end(property));
        if any { Some((key::of_content(literal, &said)?, false)) } else { None }
    }
}

impl Ready<'_> {
    /// The property that holds the currency of an amount.
    fn currency_place(&self, amount: &str) -> Option<&'static str> {
        money::currency_property(self.mapping.known()?, amount)
    }
}

/// Parts “1 LOT” into a quantity and its unit, where the row does not state the unit by itself.
fn part_quantity(ready: &Ready<'_>, values: &mut Vec<NewValue>) {
    let is_stated = values.iter().any(|value| value.property == "unit");
    let mut quantities = values.iter_mut().filter(|value| value.property == "quantity");
    let (Some(only), None, false) = (quantities.next(), quantities.next(), is_stated) else {
        return;
    };
    if ready.mapping.known().is_none_or(|schema| schema.property("unit").is_none()) {
        return;
    }
    // “LOT” may have been taken for the code of a currency.
    let whole = only.original.clone().unwrap_or_else(|| only.value.clone());
    let Some((number, unit)) = numbers::with_unit(&whole) else { return };
    if money::in_cell(&whole).is_some() {
        return;
    }
    let unit = NewValue::new("unit", unit);
    number.clone_into(&mut only.value);
    only.original.get_or_insert(whole.clone());
    values.push(unit);
}

/// Something that a row says, before it is cleaned.
struct Raw<'h> {
    text: String,
    column: Option<usize>,
    hints: &'h Hints,
}

impl<'a> Said<'a> {
    fn new(
        mapping: &'a PropertyMapping,
        property: &'static Property,
        table: &Outline,
        learnt: &HashMap<usize, Column>,
    ) -> Self {
        let said = Hints {
            order: mapping.order,
            format: mapping.format.clone(),
            decimal: mapping.decimal,
            of_one: false,
            mixed: false,
            currency: None,
            zeros: 0,
        };
        // Where semicolons part the cells, commas part the decimals.
        let usual = (table.delimiter == Some(';')).then_some(',');
        let columns = mapping.columns.iter().filter_map(|name| {
            let column = table.column(name)?;
            let told = learnt.get(&column);
            let hints = Hints {
                order: said
                    .order
                    .or_else(|| dates::order_in(name))
                    .or_else(|| told?.order_below(name)),
                decimal: said.decimal.or_else(|| decimal(told?, property)).or(usual),
                of_one: told.is_some_and(Column::is_of_one),
                mixed: told.is_some_and(Column::mixes_parts),
                currency: money::in_heading(name).filter(|_| money::is_money(&property.name)),
                zeros: numbers::zeros_of(name),
                ..said.clone()
            };
            Some((column, hints))
        });
        let columns = columns.collect();
        let template =
            mapping.template.as_deref().map_or_else(Vec::new, |text| pieces(text, table));
        let conditions = [(&mapping.when, true), (&mapping.unless, false)];
        let conditions = conditions.into_iter().flat_map(|(conditions, is)| {
            conditions
                .iter()
                .filter_map(move |(name, texts)| Some((table.column(name)?, texts.as_slice(), is)))
        });
        let conditions = conditions.collect();
        Self { mapping, property, columns, hints: said, template, conditions }
    }

    /// What a row says of it.
    fn raw(&self, row: &Row, part: &Part<'_>) -> Vec<Raw<'_>> {
        let meant = self.conditions.iter().all(|(column, texts, is)| {
            texts.iter().any(|text| text == part.get(row, *column)) == *is
        });
        if !meant {
            return Vec::new();
        }
        if !self.template.is_empty() {
            let mut filled = false;
            let mut text = String::new();
            for (before, column) in &self.template {
                text.push_str(before);
                let cell = column.map_or("", |column| part.get(row, column));
                filled |= !clean::is_nothing(cell);
                text.push_str(cell);
            }
            let column = self.template.iter().find_map(|(_, column)| *column);
            let text = text.trim().to_owned();
            let raw = Raw { text, column, hints: &self.hints };
            return if filled || column.is_none() { vec![raw] } else { Vec::new() };
        }
        let literals = self.mapping.literals.iter();
        let literals =
            literals.map(|text| Raw { text: text.clone(), column: None, hints: &self.hints });
        let cells = self.columns.iter().filter_map(|(column, hints)| {
            let cell = if self.mapping.aside { part.aside } else { part.get(row, *column) };
            let raw = Raw { text: cell.to_owned(), column: Some(*column), hints };
            // NA is Namibia among countries, and elsewhere nothing.
            let nothing = cell == "NA"
                && matches!(&*self.mapping.property, "email" | "website" | "legalForm" | "phone");
            (!nothing && !clean::is_nothing(cell)).then_some(raw)
        });
        let mut raw: Vec<Raw<'_>> = literals.chain(cells).collect();
        if let Some(join) = &self.mapping.join
            && raw.len() > 1
        {
            let text = raw.iter().map(|raw| raw.text.as_str()).collect::<Vec<_>>().join(join);
            let column = raw.iter().find_map(|raw| raw.column);
            let hints = raw[0].hints;
            raw = vec![Raw { text, column, hints }];
        }
        if let Some(split) = self.mapping.split.as_deref().filter(|split| !split.is_empty()) {
            raw = raw
                .into_iter()
                .flat_map(|raw| {
                    let Raw { text, column, hints } = raw;
                    let other = self.mapping.split_else.as_deref();
                    let other = other.filter(|other| !text.contains(split) && text.contains(other));
                    let parts = parts::of(&text, other.unwrap_or(split));
                    parts.into_iter().map(move |text| Raw { text, column, hints })
                })
                .filter(|raw| !clean::is_nothing(&raw.text))
                .collect();
        }
        raw
    }

    /// Why a share that is kept as it is written is doubtful.
    fn doubt(&self, raw: &Raw<'_>, cleaned: &[String]) -> Option<String> {
        let is_share = self.property.name == "percentage" && raw.column.is_some();
        // A range has two ends.
        let [share] = cleaned else { return None };
        (is_share && !self.mapping.labelled)
            .then(|| clean::doubtful_share(&raw.text, share, raw.hints))
            .flatten()
    }

    /// A cleaned value as it is stated.
    fn value(&self, cleaned: String, raw: &Raw<'_>, columns: &[String]) -> NewValue {
        let heading = raw.column.filter(|_| self.mapping.labelled).map(|column| &columns[column]);
        let value = match heading {
            Some(heading) => format!("{heading}: {cleaned}"),
            None => cleaned,
        };
        // Only a difference that a reader would want to look up.
        let kept = self.mapping.labelled
            || value == raw.text
            || matches!(
                self.property.type_,
                PropertyType::Text | PropertyType::Name | PropertyType::Address
            );
        NewValue {
            property: self.property.name.clone(),
            value,
            lang: self.mapping.lang.clone(),
            original: (!kept).then(|| raw.text.clone()),
            denied: false,
        }
    }
}

/// What stands before the decimals in a column of a property.
fn decimal(told: &Column, property: &Property) -> Option<char> {
    const WHOLE: [&str; 6] = [
        "tonnage",
        "grossRegisteredTonnage",
        "deadweightTonnage",
        "sharesCount",
        "quantity",
        "employeeCount",
    ];
    if property.name == "percentage" {
        return told.decimal();
    }
    told.decimal_of(WHOLE.contains(&property.name.as_str()))
}

/// A template in its pieces: text, and the column behind it.
fn pieces(template: &str, table: &Outline) -> Vec<(String, Option<usize>)> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, behind)) = after.split_once("}}") else { break };
        pieces.push((before.to_owned(), table.column(name)));
        rest = behind;
    }
    pieces.push((rest.to_owned(), None));
    pieces
}
