//! Rows of tables that the case holds, named by their ids in a table that comes later.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    path::Path,
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use super::{Mapping, Table, guess::earlier};
use crate::{
    case::{Error, NewEntity, Progress, Result},
    exchange::{Problem, Sink},
    model::Id,
};

/// The rows of a table in the case, as the key of a mapping names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct RowsOf {
    /// The SHA-256 of the table.
    pub sha256: String,
    /// What people call it: the name of its file.
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The column with the ids.
    pub column: String,
    /// What the mapping of that table calls the entity of a row.
    pub entity: String,
}

impl RowsOf {
    /// The table as a sentence can hold it.
    pub fn words(&self) -> String {
        match &self.sheet {
            Some(sheet) => format!("“{}”, sheet {sheet}", self.name),
            None => format!("“{}”", self.name),
        }
    }
}

/// What rows of tables in the case became, by the ids of these rows.
#[derive(Clone, Debug, Default)]
pub struct Nodes {
    ids: Arc<HashMap<RowsOf, HashMap<String, Id>>>,
    names: Arc<HashMap<Id, String>>,
}

impl Nodes {
    pub(in crate::exchange) fn new(
        ids: HashMap<RowsOf, HashMap<String, Id>>,
        names: HashMap<Id, String>,
    ) -> Self {
        Self { ids: Arc::new(ids), names: Arc::new(names) }
    }

    /// What an entity is called that a row became. Of very many, only some names are known.
    pub fn name(&self, id: &str) -> Option<&str> {
        self.names.get(&Id::from(id)).map(String::as_str)
    }

    /// Whether they were looked up for a mapping.
    pub(crate) fn are_for(&self, mapping: &Mapping) -> bool {
        mapping.rows_named().all(|(of, _)| self.ids.contains_key(of))
    }

    pub(super) fn of(&self, of: &RowsOf) -> Result<&HashMap<String, Id>> {
        self.ids.get(of).ok_or_else(|| {
            Error::invalid(format!("The mapping names rows of {}, which were not read", of.words()))
        })
    }
}

/// What the rows of a table with these ids became by the mapping by which it was imported. An id
/// that stands in rows of which different entities were made is left out.
pub(in crate::exchange) fn became(
    path: &Path,
    mapping: &Mapping,
    of: &RowsOf,
    wanted: &HashSet<&str>,
    progress: &Progress,
) -> Result<HashMap<String, Id>> {
    let mut table = Table::open(path, &mapping.table)?;
    let mut found: HashMap<String, Option<Id>> = HashMap::new();
    let Some(column) = table.column(&of.column) else { return Ok(HashMap::new()) };
    let is_meant = |name: &str| earlier::is_of(name, &of.entity);
    let nodes = Nodes::default();
    super::rows(
        (0, mapping, &nodes),
        &mut table,
        &mut Silent(progress),
        &mut |apply, row, _, sink| {
            let made = apply.named(row, &is_meant, sink)?;
            let cell = row.get(column);
            let (true, Some(id)) = (wanted.contains(cell), made.first()) else { return Ok(()) };
            let one = made.iter().all(|other| other == id).then(|| id.clone());
            match found.entry(cell.to_owned()) {
                Entry::Vacant(entry) => drop(entry.insert(one)),
                Entry::Occupied(mut entry) if *entry.get() != one => drop(entry.insert(None)),
                Entry::Occupied(_) => {}
            }
            Ok(())
        },
    )?;
    Ok(found.into_iter().filter_map(|(cell, id)| Some((cell, id?))).collect())
}

/// A sink that keeps nothing.
struct Silent<'p>(&'p Progress);

impl Sink for Silent<'_> {
    fn take(&mut self, _: NewEntity) -> Result<()> {
        Ok(())
    }

    fn problem(&mut self, _: Problem) -> Result<()> {
        Ok(())
    }

    fn at(&mut self, _: u64, _: u64) -> Result<()> {
        self.0.check()
    }
}
