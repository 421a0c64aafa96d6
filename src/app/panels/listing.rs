//! Which rows the table of entities has, in which order.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::entities::{By, countries, from, name_of};
use crate::{
    app::{
        model::Snapshot,
        query::{Query, Same},
    },
    case::{Progress, Result},
    model::{Id, schema},
    network::{EntityRef, Seen, measured::Measured},
};

/// The keys of everything, by name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ByName;

impl Query for ByName {
    type Slot = ();
    type Answer = Vec<u32>;
    type Of = Snapshot;
    const HAS_KEYS: bool = true;

    fn slot(&self) {}

    fn read(&self, seen: &Snapshot, progress: &Progress) -> Result<Vec<u32>> {
        by_name(seen, progress)
    }
}

/// The rows that a table is to have.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rows {
    pub by_name: Same<Vec<u32>>,
    /// A part of a name or value, in lower case.
    pub text: String,
    /// What the case found for the text, once it has; where that is long, it alone is listed.
    pub found: Option<Same<HashSet<Id>>>,
    /// The only schema, if any.
    pub schema: Option<String>,
    /// The only entities and relationships, if some were asked for.
    pub only: Option<Same<HashSet<Id>>>,
    pub by: By,
    /// The measure to sort by, where that is what [`Self::by`] says.
    pub measured: Option<Same<Measured>>,
    pub descending: bool,
}

impl Query for Rows {
    type Slot = ();
    type Answer = Listing;
    type Of = Snapshot;
    const HAS_KEYS: bool = true;

    fn slot(&self) {}

    fn read(&self, seen: &Snapshot, progress: &Progress) -> Result<Listing> {
        Listing::new(seen, self, progress)
    }
}

/// The rows of a table.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// The keys of entities and relationships.
    pub rows: Vec<u32>,
    /// How many there are of each schema.
    pub counts: BTreeMap<String, usize>,
}

/// Stands after each name; no name has it, or it ends there for this purpose.
const END: char = '\0';
/// Up to so many entities and relationships are looked through value by value, too.
pub(super) const LOOKED_THROUGH: usize = 200_000;
/// Rows between two looks at whether to go on.
const STRIDE: usize = 256;
/// Names that are sorted between two such looks.
const SORTED_AT_ONCE: usize = 1 << 14;

impl Listing {
    /// The rows that are wanted.
    fn new(seen: &Seen, wanted: &Rows, progress: &Progress) -> Result<Self> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut rows = Vec::new();
        for (at, key) in wanted.by_name.0.iter().enumerate() {
            if at.is_multiple_of(STRIDE) {
                progress.check()?;
            }
            let Some(entity) = seen.by_key(*key) else { continue };
            if wanted.only.as_ref().is_some_and(|only| !only.0.contains(entity.id())) {
                continue;
            }
            *counts.entry(entity.schema()).or_default() += 1;
            if fits(seen, entity, wanted) {
                rows.push(*key);
            }
        }
        let counts = counts.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
        if wanted.by != By::Name {
            let ranks = ranks(seen, &rows, wanted, progress)?;
            let mut ranked: Vec<(u32, u32)> = ranks.into_iter().zip(rows).collect();
            ranked.sort_by_key(|(rank, _)| *rank);
            rows = ranked.into_iter().map(|(_, key)| key).collect();
        }
        if wanted.descending {
            rows.reverse();
        }
        Ok(Self { rows, counts })
    }
}

fn fits(seen: &Seen, entity: EntityRef<'_>, wanted: &Rows) -> bool {
    let text = &wanted.text;
    wanted.schema.as_deref().is_none_or(|name| entity.schema() == name)
        && (text.is_empty()
            || wanted.found.as_ref().is_some_and(|found| found.0.contains(entity.id()))
            || seen.len() <= LOOKED_THROUGH && holds(seen, entity, text))
}

/// Whether any value holds a text, as the table shows it.
fn holds(seen: &Seen, entity: EntityRef<'_>, text: &str) -> bool {
    name_of(seen, entity).to_lowercase().contains(text)
        || entity.values().any(|v| v.text.to_lowercase().contains(text))
        || countries(entity).to_lowercase().contains(text)
}

/// Everything by name.
fn by_name(seen: &Seen, progress: &Progress) -> Result<Vec<u32>> {
    let mut names = String::new();
    // The beginning of a name, where it starts, whose it is.
    let mut all: Vec<(u64, usize, u32)> = Vec::with_capacity(seen.len());
    for (at, entity) in seen.iter().enumerate() {
        if at.is_multiple_of(STRIDE) {
            progress.check()?;
        }
        let start = names.len();
        names.push_str(&name_of(seen, entity).to_lowercase());
        names.push(END);
        // Most names differ in their beginnings, which are compared as one number.
        let mut head = [0; 8];
        let name = names.as_bytes()[start..].strip_suffix(&[END as u8]).unwrap_or_default();
        let count = name.len().min(8);
        head[..count].copy_from_slice(&name[..count]);
        all.push((u64::from_be_bytes(head), start, entity.key()));
    }
    let name = |start: usize| names.as_bytes()[start..].split(|byte| *byte == END as u8).next();
    let order = |a: &(u64, usize, u32), b: &(u64, usize, u32)| {
        a.0.cmp(&b.0).then_with(|| name(a.1).cmp(&name(b.1)))
    };
    // In parts, and then two parts by two, which the library's sort merges: it can be stopped in
    // between.
    let mut part = SORTED_AT_ONCE;
    loop {
        for part in all.chunks_mut(part) {
            progress.check()?;
            part.sort_by(order);
        }
        if part >= all.len() {
            break;
        }
        part *= 2;
    }
    Ok(all.into_iter().map(|(.., key)| key).collect())
}

/// For each row where it stands by a column; equal where it says the same.
fn ranks(seen: &Seen, rows: &[u32], wanted: &Rows, progress: &Progress) -> Result<Vec<u32>> {
    let by = wanted.by;
    let mut texts: HashMap<String, u32> = HashMap::new();
    let mut ranks = Vec::with_capacity(rows.len());
    for (at, key) in rows.iter().enumerate() {
        if at.is_multiple_of(STRIDE) {
            progress.check()?;
        }
        let Some(entity) = seen.by_key(*key) else {
            ranks.push(0);
            continue;
        };
        let text = match by {
            By::Name => String::new(),
            By::Schema => schema::label(entity.schema()).to_owned(),
            By::Country => countries(entity),
            By::From => from(entity),
            By::Strength => {
                ranks.push(u32::from(entity.denied()) * 8 + entity.strength() as u32);
                continue;
            }
            By::Degree => {
                ranks.push(entity.degree() as u32);
                continue;
            }
            By::Measured(measure) => {
                let Some(Same(measured)) = &wanted.measured else {
                    return Ok(vec![0; rows.len()]);
                };
                // What was not measured comes last, whichever way the rest is sorted.
                let last = if wanted.descending { 0 } else { u32::MAX };
                let kind = || measured.value(entity.id()).map(|kind| kind as u32 + 1);
                // The rank is 1 for the most; the least is to come first.
                let level = || measured.rank(entity.id()).map(|rank| u32::MAX - rank);
                let rank = if measure.is_kind() { kind() } else { level() };
                ranks.push(rank.unwrap_or(last));
                continue;
            }
        };
        let next = texts.len() as u32;
        ranks.push(*texts.entry(text).or_insert(next));
    }
    if matches!(by, By::Strength | By::Degree | By::Measured(_)) {
        return Ok(ranks);
    }
    let mut sorted: Vec<(&str, u32)> = texts.iter().map(|(text, n)| (text.as_str(), *n)).collect();
    sorted.sort_unstable();
    let mut place = vec![0; sorted.len()];
    for (at, (_, number)) in sorted.iter().enumerate() {
        place[*number as usize] = at as u32;
    }
    Ok(ranks.into_iter().map(|number| place[number as usize]).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        app::model::{Model, Request},
        case::{Case, NewEntity, NewValue},
    };

    fn model(count: usize) -> Model {
        let mut case = Case::in_memory().expect("memory suffices");
        let company = |n: usize| NewEntity {
            id: Id::from(format!("n{n}")),
            schema: if n.is_multiple_of(3) { "Person" } else { "Company" }.into(),
            values: vec![
                NewValue::new("name", format!("Pier {} Road", n * 7919 % count)),
                NewValue::new("country", ["hk", "cn", "gb"][n % 3]),
            ],
            origin: None,
        };
        let mut all = (0..count).map(company).map(Ok);
        case.import(&[], &mut all, &Progress::new()).expect("valid");
        Model::read(&case).expect("readable")
    }

    /// Lists what is wanted, as the window does: by name first, then the rows.
    fn listed(model: &mut Model, wanted: impl Fn(Same<Vec<u32>>) -> Rows) -> Arc<Listing> {
        let ctx = egui::Context::default();
        loop {
            let mut requests = Vec::new();
            let by_name = model.ask_current(&ByName, &mut requests).cloned();
            let rows = by_name.map(|by_name| wanted(Same(by_name)));
            if let Some(rows) = rows.and_then(|rows| model.ask_current(&rows, &mut requests)) {
                return Arc::clone(rows);
            }
            for request in requests {
                let Request::Query(asked) = request else { panic!("{request:?}") };
                model.work_out(&ctx, asked);
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
            assert_eq!(model.take_answers(), Vec::<String>::new());
        }
    }

    fn columns(model: &Model, listing: &Listing) -> Vec<(String, String)> {
        let entity = |key: &u32| model.seen.by_key(*key).expect("there");
        let said = |e: EntityRef<'_>| (countries(e), e.caption().to_lowercase());
        listing.rows.iter().map(|key| said(entity(key))).collect()
    }

    #[test]
    fn rows_are_in_the_same_order_whether_few_or_so_many_that_a_thread_sorts_them() {
        for count in [300, 30_000] {
            let mut model = model(count);
            let wanted = |by_name| Rows {
                by_name,
                text: String::new(),
                schema: None,
                found: None,
                only: None,
                by: By::Name,
                measured: None,
                descending: false,
            };
            let listing = listed(&mut model, wanted);
            let by_name = columns(&model, &listing);
            assert_eq!(by_name.len(), count);
            assert!(by_name.is_sorted_by_key(|(_, name)| name.clone()), "{count}");
            let china = |by_name| Rows { text: "china".into(), ..wanted(by_name) };
            assert!(!listed(&mut model, china).rows.is_empty(), "as the column says it");
            let by_country = |by_name| Rows { by: By::Country, ..wanted(by_name) };
            let listing = listed(&mut model, by_country);
            assert!(columns(&model, &listing).is_sorted(), "{count}");
            let people = |by_name| Rows {
                descending: true,
                text: "pier 7".into(),
                schema: Some("Person".into()),
                ..by_country(by_name)
            };
            let listing = listed(&mut model, people);
            assert_eq!(listing.counts["Person"], count / 3);
            let found = columns(&model, &listing);
            assert!(found.iter().rev().is_sorted() && !found.is_empty());
            assert!(found.iter().all(|(_, name)| name.starts_with("pier 7")));
        }
    }
}
