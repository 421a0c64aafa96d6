//! Filters: which entities and relationships of a chart pass, and how many would with another
//! choice.
//!
//! What a filter asks about is read once into a [`Table`] of numbers; a choice is then answered in
//! one pass over it, with the counts of every other choice.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::{
    model::{Chart, Id, PartialDate, Period, Property, Strength, schema, value},
    network::{Connection, EntityRef, Reference, Seen},
};

/// The properties that say which country something is of.
pub const COUNTRIES: [&str; 4] = ["jurisdiction", "country", "nationality", "flag"];
/// The value of [`Criterion::Country`] for what is of no known country.
pub(crate) const NO_COUNTRY: &str = "";
/// The value of [`Criterion::Document`] for what some document is cited for.
pub const CITED: &str = "cited";
/// The value of [`Criterion::Document`] for what no document is cited for.
pub(crate) const UNCITED: &str = "uncited";

/// Which documents are cited for which entities and relationships.
pub type Cited = HashMap<Id, Vec<Id>>;

/// What a filter can ask about by a choice of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Criterion {
    /// The schema of an entity.
    Schema,
    /// The schema of a relationship, or the property of a reference; see [`property_value`].
    Relationship,
    /// The country of an entity, by its code.
    Country,
    Strength,
    /// A tag or topic of an entity.
    Tag,
    /// The evidence that is cited for an entity or relationship.
    Document,
}

impl Criterion {
    /// Every criterion, in the order in which to offer them.
    pub const ALL: [Self; 6] = [
        Self::Schema,
        Self::Relationship,
        Self::Country,
        Self::Strength,
        Self::Tag,
        Self::Document,
    ];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Schema => "Entity",
            Self::Relationship => "Relationship",
            Self::Country => "Country",
            Self::Strength => "Strength",
            Self::Tag => "Tag",
            Self::Document => "Evidence",
        }
    }

    /// What people call one of its values. A document is called by its id: whoever knows its name
    /// says that instead.
    pub fn words(self, value: &str) -> String {
        match self {
            Self::Schema | Self::Relationship => match schema::schema(value) {
                Some(schema) => schema.plural.clone(),
                None => property_words(value).unwrap_or(value).to_owned(),
            },
            Self::Country if value == NO_COUNTRY => "No country".to_owned(),
            Self::Country => value::country(value).to_owned(),
            Self::Tag => schema::choice("topic", value).unwrap_or(value).to_owned(),
            Self::Document if value == CITED => "Cited".to_owned(),
            Self::Document if value == UNCITED => "Not cited".to_owned(),
            Self::Strength | Self::Document => value.to_owned(),
        }
    }

    fn asks_nodes(self) -> bool {
        self != Self::Relationship
    }

    fn asks_links(self) -> bool {
        matches!(self, Self::Relationship | Self::Strength | Self::Document)
    }
}

/// The value of [`Criterion::Relationship`] for references by a property: its name and the schema
/// of what it names, by which a company's parent is told from a document's folder.
fn property_value(property: &Property) -> String {
    format!("{}:{}", property.name, property.range.as_deref().unwrap_or_default())
}

/// What people call the property that [`property_value`] names.
fn property_words(value: &str) -> Option<&'static str> {
    let (name, _) = value.split_once(':')?;
    let mut all = schema::schemata().filter_map(|schema| schema.reference(name));
    all.find(|property| property_value(property) == value).map(Property::relation)
}

/// What must be so for an entity or relationship to pass: all of it. A relationship passes only
/// with both its ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// For each criterion the values of which one must hold; none chosen means any.
    pub chosen: BTreeMap<Criterion, BTreeSet<String>>,
    /// A property and a part of its value, in any case; an empty part asks for any value. An
    /// empty name asks every property.
    pub property: Option<(String, String)>,
    /// When an entity or relationship must have existed.
    pub period: Period,
    /// The fewest relationships in the case that an entity must have.
    pub least: Option<u32>,
    /// The most relationships in the case that an entity may have.
    pub most: Option<u32>,
    /// Whether what does not pass is hidden; otherwise it is dimmed.
    pub hides: bool,
}

impl Filter {
    /// Whether it asks for anything.
    pub fn is_on(&self) -> bool {
        self.chosen.values().any(|values| !values.is_empty())
            || self.property.is_some()
            || !self.period.is_empty()
            || self.least.is_some()
            || self.most.is_some()
    }

    /// Whether a value is chosen.
    pub fn has(&self, criterion: Criterion, value: &str) -> bool {
        self.chosen.get(&criterion).is_some_and(|values| values.contains(value))
    }

    /// Chooses a value, or no longer.
    pub fn toggle(&mut self, criterion: Criterion, value: &str) {
        let values = self.chosen.entry(criterion).or_default();
        if !values.remove(value) {
            values.insert(value.to_owned());
        }
        if values.is_empty() {
            self.chosen.remove(&criterion);
        }
    }

    /// Asks for nothing, but keeps whether it hides.
    pub fn clear(&mut self) {
        *self = Self { hides: self.hides, ..Self::default() };
    }
}

/// The entities of a chart and the relationships and references between them as numbers.
#[derive(Debug, Default)]
pub struct Table {
    nodes: Columns,
    links: Columns,
    ends: Vec<(u32, u32)>,
    /// The relationships and references in the case of each entity.
    degrees: Vec<u32>,
    names: BTreeMap<Criterion, Names>,
}

/// What is known of a list of entities or relationships.
#[derive(Debug, Default)]
struct Columns {
    ids: Vec<Id>,
    /// First and last day.
    spans: Vec<(i32, i32)>,
    values: BTreeMap<Criterion, Lists>,
}

/// For each row some numbers of names.
#[derive(Debug)]
struct Lists {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Default for Lists {
    fn default() -> Self {
        Self { starts: vec![0], items: Vec::new() }
    }
}

impl Lists {
    fn of(&self, row: usize) -> &[u32] {
        &self.items[self.starts[row] as usize..self.starts[row + 1] as usize]
    }

    fn end_row(&mut self) {
        let from = self.starts.last().map_or(0, |start| *start as usize);
        let mut kept = from;
        for at in from..self.items.len() {
            let item = self.items[at];
            if !self.items[from..kept].contains(&item) {
                self.items[kept] = item;
                kept += 1;
            }
        }
        self.items.truncate(kept);
        self.starts.push(kept as u32);
    }
}

/// The values that occur, by number.
#[derive(Debug, Default)]
struct Names {
    names: Vec<String>,
    known: HashMap<String, u32>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.known.get(name) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.known.insert(name.to_owned(), number);
        number
    }
}

/// A value that could be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    pub value: String,
    /// How many pass with it, whatever else of its criterion is chosen.
    pub count: usize,
    /// How many there are on the chart.
    pub all: usize,
}

/// What a filter comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// For each entity of the table whether it passes.
    pub nodes: Vec<bool>,
    /// The same for relationships.
    pub links: Vec<bool>,
    /// How many entities pass.
    pub shown: usize,
    /// The values of each criterion, the most frequent on the chart first.
    pub facets: BTreeMap<Criterion, Vec<Facet>>,
}

/// Rows between two looks at whether to go on.
const STRIDE: usize = 512;
/// The bits of conditions that are no [`Criterion`].
const PROPERTY: u16 = 1 << 13;
const PERIOD: u16 = 1 << 14;
const DEGREE: u16 = 1 << 15;

fn bit(criterion: Criterion) -> u16 {
    1 << criterion as u16
}

impl Table {
    /// Reads what stands on a chart and is not hidden. `cited` is needed only for
    /// [`Criterion::Document`]. `going` is asked now and then; where it answers false, there is
    /// no table.
    pub fn new<'a>(
        seen: &Seen,
        chart: &Chart,
        placed: impl IntoIterator<Item = &'a Id>,
        cited: Option<&Cited>,
        going: &dyn Fn() -> bool,
    ) -> Option<Self> {
        let hidden: HashSet<&Id> = chart.hidden.iter().collect();
        let mut table = Self::default();
        let mut number: HashMap<&Id, u32> = HashMap::new();
        for (at, id) in placed.into_iter().enumerate() {
            if at.is_multiple_of(STRIDE) && !going() {
                return None;
            }
            let Some(entity) = seen.get(id).filter(|_| !hidden.contains(id)) else { continue };
            if number.insert(id, table.nodes.ids.len() as u32).is_some() {
                continue;
            }
            table.degrees.push(seen.degree(id) as u32);
            table.nodes.add(&mut table.names, entity, Criterion::asks_nodes, cited);
        }
        for at in 0..table.nodes.ids.len() {
            if at.is_multiple_of(STRIDE) && !going() {
                return None;
            }
            let Some(entity) = seen.get(&table.nodes.ids[at]) else { continue };
            for link in seen.connections_from(entity) {
                let to = link.ends().and_then(|(_, target)| number.get(target.id()));
                let Some(to) = to.filter(|_| !hidden.contains(&*link.id())) else { continue };
                table.ends.push((at as u32, *to));
                let names = &mut table.names;
                match link {
                    Connection::Relationship(link) => {
                        table.links.add(names, link, Criterion::asks_links, cited);
                    }
                    Connection::Reference(one) => table.links.add_reference(names, one, cited),
                }
            }
        }
        Some(table)
    }

    /// How many entities it has.
    pub fn len(&self) -> usize {
        self.nodes.ids.len()
    }

    /// Whether it has no entity.
    pub fn is_empty(&self) -> bool {
        self.nodes.ids.is_empty()
    }

    /// What a filter lets pass; `going` as with [`Self::new`].
    pub fn outcome(
        &self,
        filter: &Filter,
        seen: &Seen,
        going: &dyn Fn() -> bool,
    ) -> Option<Outcome> {
        let chosen = Chosen::of(filter, &self.names);
        let property = filter.property.as_ref().map(HasValue::new);
        let degree_fits = |degree: u32| {
            filter.least.is_none_or(|least| degree >= least)
                && filter.most.is_none_or(|most| degree <= most)
        };
        let mut counts = Counts::new(&self.names);
        let mut nodes = Vec::with_capacity(self.nodes.ids.len());
        for (row, id) in self.nodes.ids.iter().enumerate() {
            if row.is_multiple_of(STRIDE) && !going() {
                return None;
            }
            let mut fails = chosen.fails(&self.nodes, row, Criterion::asks_nodes);
            let fits = |wanted: &HasValue<'_>| seen.get(id).is_some_and(|e| wanted.fits(e));
            if property.as_ref().is_some_and(|wanted| !fits(wanted)) {
                fails |= PROPERTY;
            }
            if !degree_fits(self.degrees[row]) {
                fails |= DEGREE;
            }
            counts.add(&self.nodes, row, fails, Criterion::asks_nodes);
            nodes.push(fails == 0);
        }
        let mut links = Vec::with_capacity(self.ends.len());
        let only_relationships = |criterion| criterion == Criterion::Relationship;
        for (row, (from, to)) in self.ends.iter().enumerate() {
            let fails = chosen.fails(&self.links, row, Criterion::asks_links);
            let ends = nodes[*from as usize] && nodes[*to as usize];
            // Only entities are counted, but for the kinds of relationships.
            let counted = if ends { fails } else { fails | PROPERTY };
            counts.add(&self.links, row, counted, only_relationships);
            links.push(ends && fails == 0);
        }
        let shown = nodes.iter().filter(|passes| **passes).count();
        Some(Outcome { nodes, links, shown, facets: counts.facets(&self.names) })
    }

    /// What does not pass: entities, and relationships between entities that do.
    pub fn left_out(&self, outcome: &Outcome) -> HashSet<Id> {
        let nodes = self.nodes.ids.iter().zip(&outcome.nodes);
        let passes = |n: u32| outcome.nodes[n as usize];
        let between = self.ends.iter().map(|(from, to)| passes(*from) && passes(*to));
        let links = self.links.ids.iter().zip(&outcome.links).zip(between);
        let links = links.filter(|(_, between)| *between).map(|(link, _)| link);
        nodes.chain(links).filter(|(_, passes)| !**passes).map(|(id, _)| id.clone()).collect()
    }
}

/// A property and a part of its value.
struct HasValue<'a> {
    name: &'a str,
    part: String,
}

impl<'a> HasValue<'a> {
    fn new((name, part): &'a (String, String)) -> Self {
        Self { name, part: part.to_lowercase() }
    }

    fn fits(&self, entity: EntityRef<'_>) -> bool {
        let mut values = entity.values().filter(|v| !v.denied);
        values.any(|v| {
            (self.name.is_empty() || v.property == self.name)
                && (self.part.is_empty() || v.text.to_lowercase().contains(&self.part))
        })
    }
}

impl Columns {
    /// Adds a reference, which is of no known date; the evidence is that of the entity that refers.
    fn add_reference(
        &mut self,
        names: &mut BTreeMap<Criterion, Names>,
        reference: Reference<'_>,
        cited: Option<&Cited>,
    ) {
        self.ids.push(reference.id());
        self.spans.push((i32::MIN, i32::MAX));
        for criterion in Criterion::ALL.into_iter().filter(|criterion| criterion.asks_links()) {
            let names = names.entry(criterion).or_default();
            let list = self.values.entry(criterion).or_default();
            match criterion {
                Criterion::Relationship => {
                    list.items.push(names.number(&property_value(reference.property())));
                }
                Criterion::Strength => {
                    list.items.push(names.number(reference.strength().words()));
                }
                _ => documents(&mut list.items, names, reference.source().id(), cited),
            }
            list.end_row();
        }
    }

    fn add(
        &mut self,
        names: &mut BTreeMap<Criterion, Names>,
        entity: EntityRef<'_>,
        asks: fn(Criterion) -> bool,
        cited: Option<&Cited>,
    ) {
        self.ids.push(entity.id().clone());
        let (start, end) = entity.extent();
        let first = start.map_or(i32::MIN, |date| date.first_day());
        let last = end.map_or(i32::MAX, |date| date.last_day());
        self.spans.push((first, last));
        for criterion in Criterion::ALL.into_iter().filter(|criterion| asks(*criterion)) {
            let names = names.entry(criterion).or_default();
            let list = self.values.entry(criterion).or_default();
            let items = &mut list.items;
            match criterion {
                Criterion::Schema | Criterion::Relationship => {
                    items.push(names.number(entity.schema()));
                }
                Criterion::Strength => items.push(names.number(entity.strength().words())),
                Criterion::Country => {
                    let before = items.len();
                    for property in COUNTRIES {
                        items.extend(entity.all(property).map(|code| names.number(code)));
                    }
                    if items.len() == before {
                        items.push(names.number(NO_COUNTRY));
                    }
                }
                Criterion::Tag => {
                    for property in ["tag", "topics"] {
                        items.extend(entity.all(property).map(|tag| names.number(tag)));
                    }
                }
                Criterion::Document => documents(items, names, entity.id(), cited),
            }
            list.end_row();
        }
    }
}

/// Adds the numbers of the documents that are cited for an entity.
fn documents(items: &mut Vec<u32>, names: &mut Names, id: &Id, cited: Option<&Cited>) {
    match cited.map(|cited| cited.get(id)) {
        None => {}
        Some(None) => items.push(names.number(UNCITED)),
        Some(Some(documents)) => {
            items.push(names.number(CITED));
            items.extend(documents.iter().map(|id| names.number(id.as_str())));
        }
    }
}

/// A filter in the numbers of a table.
struct Chosen {
    values: Vec<(Criterion, Vec<bool>)>,
    days: Option<(i32, i32)>,
}

impl Chosen {
    fn of(filter: &Filter, names: &BTreeMap<Criterion, Names>) -> Self {
        let chosen = filter.chosen.iter().filter(|(_, values)| !values.is_empty());
        let values = chosen.map(|(criterion, values)| {
            let names = names.get(criterion).map_or(&[][..], |names| &names.names);
            (*criterion, names.iter().map(|name| values.contains(name)).collect())
        });
        let period = &filter.period;
        let from = period.from.as_ref().map_or(i32::MIN, PartialDate::first_day);
        let to = period.to.as_ref().map_or(i32::MAX, PartialDate::last_day);
        Self { values: values.collect(), days: (!period.is_empty()).then_some((from, to)) }
    }

    /// Which conditions a row does not meet, a bit for each.
    fn fails(&self, columns: &Columns, row: usize, asks: fn(Criterion) -> bool) -> u16 {
        let mut fails = 0;
        for (criterion, chosen) in self.values.iter().filter(|(criterion, _)| asks(*criterion)) {
            let items = columns.values.get(criterion).map_or(&[][..], |list| list.of(row));
            if !items.iter().any(|item| chosen[*item as usize]) {
                fails |= bit(*criterion);
            }
        }
        let (first, last) = columns.spans[row];
        if self.days.is_some_and(|(from, to)| first > to || last < from) {
            fails |= PERIOD;
        }
        fails
    }
}

/// How often each value occurs: with everything else that is asked for, and in all.
struct Counts(BTreeMap<Criterion, Vec<(usize, usize)>>);

impl Counts {
    fn new(names: &BTreeMap<Criterion, Names>) -> Self {
        Self(names.iter().map(|(of, names)| (*of, vec![(0, 0); names.names.len()])).collect())
    }

    fn add(&mut self, columns: &Columns, row: usize, fails: u16, counts: fn(Criterion) -> bool) {
        for (criterion, list) in &columns.values {
            if !counts(*criterion) {
                continue;
            }
            let Some(counted) = self.0.get_mut(criterion) else { continue };
            let passes = usize::from(fails & !bit(*criterion) == 0);
            for item in list.of(row) {
                let (count, all) = &mut counted[*item as usize];
                *count += passes;
                *all += 1;
            }
        }
    }

    fn facets(self, names: &BTreeMap<Criterion, Names>) -> BTreeMap<Criterion, Vec<Facet>> {
        let facets = self.0.into_iter().map(|(criterion, counts)| {
            let names = names.get(&criterion).map_or(&[][..], |names| &names.names);
            let facets = names.iter().zip(counts).filter(|(_, (_, all))| *all > 0);
            let mut facets: Vec<Facet> = facets
                .map(|(value, (count, all))| Facet { value: value.clone(), count, all })
                .collect();
            facets.sort_by(|a, b| b.all.cmp(&a.all).then_with(|| a.value.cmp(&b.value)));
            if criterion == Criterion::Strength {
                let rank = |facet: &Facet| {
                    Strength::ALL.iter().position(|strength| strength.words() == facet.value)
                };
                facets.sort_by_key(rank);
            }
            (criterion, facets)
        });
        facets.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Action, Case, NewValue, Op};

    fn add(id: &str, schema: &str, values: &[(&str, &str)]) -> Op {
        let values = values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect();
        Op::Add { entity: id.into(), schema: schema.into(), values }
    }

    fn seen() -> Seen {
        let mut case = Case::in_memory().expect("memory suffices");
        let ops = vec![
            add("a", "Company", &[("name", "Alpha"), ("country", "hk"), ("tag", "to check")]),
            add("b", "Company", &[("name", "Beta"), ("jurisdiction", "cn"), ("country", "hk")]),
            add("c", "Person", &[("name", "Chen"), ("nationality", "cn"), ("topics", "sanction")]),
            add("d", "Vessel", &[("name", "Delta"), ("buildDate", "2015")]),
            add("o", "Ownership", &[("owner", "a"), ("asset", "b"), ("startDate", "2012")]),
            add("p", "Ownership", &[("owner", "b"), ("asset", "d"), ("endDate", "2010")]),
            add("q", "Directorship", &[("director", "c"), ("organization", "a")]),
        ];
        case.commit(Action::new(ops)).expect("valid");
        Seen::new(case.entities().expect("readable"))
    }

    /// What passes, by id, and the facets.
    fn passing(filter: &Filter) -> (Vec<String>, Outcome) {
        let seen = seen();
        let placed: Vec<Id> = ["a", "b", "c", "d"].map(Id::from).to_vec();
        let cited =
            Cited::from([("a".into(), vec!["doc".into()]), ("o".into(), vec!["doc".into()])]);
        let chart = Chart::new("C", 1.0);
        let table = Table::new(&seen, &chart, &placed, Some(&cited), &|| true).expect("goes on");
        let outcome = table.outcome(filter, &seen, &|| true).expect("goes on");
        let all = table.nodes.ids.iter().zip(&outcome.nodes);
        let all = all.chain(table.links.ids.iter().zip(&outcome.links));
        (all.filter(|(_, passes)| **passes).map(|(id, _)| id.to_string()).collect(), outcome)
    }

    fn choosing(criterion: Criterion, values: &[&str]) -> Filter {
        let mut filter = Filter::default();
        for value in values {
            filter.toggle(criterion, value);
        }
        filter
    }

    #[test]
    fn each_condition_lets_pass_what_meets_it() {
        let date = |text: &str| text.parse().ok();
        for (filter, passes) in [
            (Filter::default(), "a b c d o q p"),
            (choosing(Criterion::Schema, &["Company"]), "a b o"),
            (choosing(Criterion::Schema, &["Company", "Person"]), "a b c o q"),
            (choosing(Criterion::Relationship, &["Ownership"]), "a b c d o p"),
            (choosing(Criterion::Country, &["cn"]), "b c"),
            (choosing(Criterion::Country, &[NO_COUNTRY]), "d"),
            (choosing(Criterion::Tag, &["sanction"]), "c"),
            (choosing(Criterion::Strength, &["tentative"]), "a b c d o q p"),
            (choosing(Criterion::Strength, &["confirmed"]), ""),
            (choosing(Criterion::Document, &[CITED]), "a"),
            (choosing(Criterion::Document, &[UNCITED]), "b c d p"),
            (Filter { least: Some(2), ..Filter::default() }, "a b o"),
            (Filter { most: Some(1), ..Filter::default() }, "c d"),
            (Filter { property: Some(("name".into(), "ET".into())), ..Filter::default() }, "b"),
            (Filter { property: Some((String::new(), "hk".into())), ..Filter::default() }, "a b o"),
            (Filter { property: Some(("tag".into(), String::new())), ..Filter::default() }, "a"),
            (
                Filter {
                    period: Period { from: date("2011"), to: date("2011") },
                    ..Filter::default()
                },
                "a b c q",
            ),
        ] {
            let (found, outcome) = passing(&filter);
            let mut expected: Vec<&str> = passes.split_whitespace().collect();
            let mut found: Vec<&str> = found.iter().map(String::as_str).collect();
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{filter:?}");
            let nodes = expected.iter().filter(|id| "abcd".contains(**id)).count();
            assert_eq!(outcome.shown, nodes, "{filter:?}");
            assert_eq!(filter.is_on(), filter != Filter::default());
        }
    }

    #[test]
    fn a_count_says_what_choosing_it_would_show() {
        let mut filter = choosing(Criterion::Schema, &["Company"]);
        let count = |filter: &Filter, criterion, value: &str| {
            let facets = passing(filter).1.facets;
            let facet = facets[&criterion].iter().find(|facet| facet.value == value).cloned();
            facet.map(|facet| (facet.count, facet.all))
        };
        // Of its own criterion, as if nothing were chosen; of others, with what is chosen.
        assert_eq!(count(&filter, Criterion::Schema, "Person"), Some((1, 1)));
        assert_eq!(count(&filter, Criterion::Country, "cn"), Some((1, 2)));
        assert_eq!(count(&filter, Criterion::Country, "hk"), Some((2, 2)));
        assert_eq!(count(&filter, Criterion::Relationship, "Ownership"), Some((1, 2)));
        assert_eq!(count(&filter, Criterion::Relationship, "Directorship"), Some((0, 1)));
        assert_eq!(count(&filter, Criterion::Document, "doc"), Some((1, 1)));
        filter.toggle(Criterion::Country, "cn");
        assert_eq!(passing(&filter).0, ["b"]);
        assert_eq!(count(&filter, Criterion::Schema, "Person"), Some((1, 1)));
        filter.clear();
        assert!(!filter.is_on());
    }

    #[test]
    fn what_is_left_out_are_entities_and_the_lines_between_those_that_stay() {
        let seen = seen();
        let placed: Vec<Id> = ["a", "b", "c", "d", "gone"].map(Id::from).to_vec();
        let chart = Chart::new("C", 1.0);
        let table = Table::new(&seen, &chart, &placed, None, &|| true).expect("goes on");
        let mut filter = choosing(Criterion::Relationship, &["Directorship"]);
        filter.toggle(Criterion::Schema, "Company");
        let outcome = table.outcome(&filter, &seen, &|| true).expect("goes on");
        let left_out: BTreeSet<Id> = table.left_out(&outcome).into_iter().collect();
        assert_eq!(left_out, ["c", "d", "o"].map(Id::from).into());
        let hidden = Chart { hidden: vec!["a".into(), "p".into()], ..Chart::new("C", 1.0) };
        let table = Table::new(&seen, &hidden, &placed, None, &|| true).expect("goes on");
        assert_eq!((table.len(), table.ends.len()), (3, 0));
        assert!(Table::new(&seen, &hidden, &placed, None, &|| false).is_none(), "it is stopped");
    }
}
