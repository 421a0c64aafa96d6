//! Tables whose cells are ids of rows of a table that was imported before: which table it is, and
//! what its rows became.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use super::{
    edition::Held,
    import::Job,
    refused,
    table::{
        self, Guess, Mapping, Nodes, RowsOf, Settings, Table,
        earlier::{self, Earlier, Edges, Joined},
        saved,
    },
};
use crate::{
    case::{Case, Error, Progress, Result, private_folder},
    model::{Evidence, Id},
};

/// The most names that are kept, to show them.
const NAMES: usize = 100_000;
/// The most tables of a case in which ids are looked for, the newest first.
const TRIED: usize = 64;

/// A table whose ids are looked for in the case.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    pub path: PathBuf,
    pub settings: Settings,
    /// What is guessed of it by itself.
    pub alone: Guess,
    /// The documents that are meant, where the user says it.
    pub of: Vec<Id>,
    /// The mapping whose rows are looked up, where it is known what the columns mean.
    pub by: Option<Mapping>,
}

/// What came of looking for the ids of a table.
#[derive(Clone, Debug)]
pub enum Found {
    /// It names no rows of other tables.
    Nothing,
    /// What its columns mean, and what the rows became that it names.
    Rows(Box<Guess>, Nodes),
    /// The ids of the column that is called so could be those of any of these documents, which are
    /// called so.
    Several(String, Vec<(Id, String)>),
    /// It holds nothing but ids, of which too few are in the case: how many, and where.
    Few(String),
}

impl Found {
    /// Why a table cannot be read, if it cannot.
    pub fn refused(&self, path: &Path) -> Option<Error> {
        let what = match self {
            Self::Nothing | Self::Rows(..) => return None,
            Self::Several(column, documents) => {
                let names: Vec<&str> = documents.iter().map(|(_, name)| name.as_str()).collect();
                format!(
                    "the ids of “{column}” could be those of {}; say whose they are \
                     (--nodes-of DOCUMENT)",
                    names.join(" or ")
                )
            }
            Self::Few(how) => format!(
                "no column of it looks like a name, and too few of its ids are those of a table in \
                 the case: {how}; import the table with their names before it or together with it, \
                 else say with a mapping what its columns mean"
            ),
        };
        Some(refused(path, "", what))
    }
}

/// Looks in a case for the rows that a table names.
pub fn find(case: &Case, sought: &Sought, progress: &Progress) -> Result<Found> {
    if let Some(mapping) = &sought.by {
        let nodes = read(case, &sought.path, mapping, progress)?;
        let mapping = mapping.clone();
        return Ok(Found::Rows(Box::new(Guess { mapping, ..sought.alone.clone() }), nodes));
    }
    let held = Held::of(case)?;
    let documents = documents(&held, &sought.of);
    if documents.is_empty() {
        return Ok(Found::Nothing);
    }
    let mappings = documents.iter().flat_map(|(_, mappings)| mappings);
    let headings: Vec<String> = mappings.flat_map(|mapping| mapping.columns.clone()).collect();
    let table = Table::open(&sought.path, &sought.settings)?;
    let edges = Edges::of(&table, &sought.alone, &headings, progress)?;
    let Some(edges) = edges else { return Ok(Found::Nothing) };
    let wanted = edges.wanted();
    let mut all: Vec<Earlier> = Vec::new();
    let mut names = HashMap::new();
    for (document, mappings) in documents {
        progress.check()?;
        // A document that cannot be read any more answers nothing.
        let Ok(copy) = Copy::of(case, document) else { continue };
        for mapping in mappings {
            let Ok(table) = Table::open(&copy.path, &mapping.table) else { continue };
            let named = (&*document.sha256, &*document.file_name);
            let Some(mut earlier) = Earlier::of(&table, &mapping, named) else { continue };
            earlier.is_chosen = sought.of.contains(&document.id);
            let of = &earlier.rows_of;
            let ids = table::became(&copy.path, &mapping, of, &wanted, progress)?;
            earlier.ids = existing(case, ids, &mut names)?;
            all.push(earlier);
        }
    }
    Ok(match earlier::join(&edges, &all) {
        Joined::Nothing => Found::Nothing,
        Joined::Several(column, tables) => {
            let named = |of: RowsOf| {
                let mut live = held.evidence.iter().filter(|one| one.live);
                let document = live.find(|one| one.sha256 == of.sha256)?;
                Some((document.id.clone(), of.words()))
            };
            Found::Several(column, tables.into_iter().filter_map(named).collect())
        }
        Joined::Few(how) => Found::Few(how),
        Joined::Guess(guess) => {
            let used = |earlier: &Earlier| {
                let mut named = guess.mapping.rows_named();
                named.any(|(of, _)| *of == earlier.rows_of)
            };
            let nodes = all.into_iter().filter(used).map(|one| (one.rows_of, one.ids));
            let nodes = Nodes::new(nodes.collect(), names);
            Found::Rows(guess, nodes)
        }
    })
}

/// What the rows became that the mapping of a job names.
pub(super) fn of_job(case: &Case, job: &Job, progress: &Progress) -> Result<Nodes> {
    let (Some(mapping), Some(path)) = (&job.mapping, job.files.first()) else {
        return Ok(job.nodes.clone());
    };
    if job.nodes.are_for(mapping) {
        Ok(job.nodes.clone())
    } else {
        read(case, path, mapping, progress)
    }
}

/// Reads what the rows became that a mapping of a table names.
fn read(case: &Case, path: &Path, mapping: &Mapping, progress: &Progress) -> Result<Nodes> {
    let held = Held::of(case)?;
    let mut wanted: HashMap<&RowsOf, HashSet<String>> = HashMap::new();
    let mut table = Table::open(path, &mapping.table)?;
    for (of, keys) in mapping.rows_named() {
        let columns: Vec<usize> = keys.iter().filter_map(|key| table.column(key)).collect();
        let cells = table.texts(&columns, &mut || progress.check())?;
        wanted.entry(of).or_default().extend(cells);
    }
    let (mut all, mut names) = (HashMap::new(), HashMap::new());
    for (of, wanted) in wanted {
        let absent = || {
            Error::not_found(format!(
                "The mapping names rows of {}, which is not in the case as a table",
                of.words()
            ))
            .hint("import that table first")
        };
        let document = held.evidence.iter().find(|one| one.live && one.sha256 == of.sha256);
        let document = document.ok_or_else(absent)?;
        let copy = Copy::of(case, document)?;
        let wanted: HashSet<&str> = wanted.iter().map(String::as_str).collect();
        let mappings = saved::mappings_of(&held.settings, &of.sha256);
        let is_meant = |mapping: &&Mapping| {
            let table = Table::open(&copy.path, &mapping.table);
            let has = |table: Table| {
                let is_sheet = of.sheet.is_none() || of.sheet == table.layout.sheet;
                is_sheet && table.column(&of.column).is_some()
            };
            table.is_ok_and(has)
        };
        let by = mappings.iter().find(is_meant).ok_or_else(absent)?;
        let ids = table::became(&copy.path, by, of, &wanted, progress)?;
        all.insert(of.clone(), existing(case, ids, &mut names)?);
    }
    Ok(Nodes::new(all, names))
}

/// The documents of a case that were read as tables of things, with their mappings: of several
/// editions the newest, and those that are asked for.
fn documents<'h>(held: &'h Held, of: &[Id]) -> Vec<(&'h Evidence, Vec<Mapping>)> {
    let newest: HashSet<&Id> = held.newest().map(|one| &one.id).collect();
    let all: Vec<&Evidence> = held
        .evidence
        .iter()
        .filter(|one| one.live && (newest.contains(&one.id) || of.contains(&one.id)))
        .collect();
    let of_things = |mapping: &Mapping| mapping.entities.iter().all(|made| !made.refers);
    let read = all.into_iter().rev().map(|one| {
        let mut mappings = saved::mappings_of(&held.settings, &one.sha256);
        mappings.retain(of_things);
        (one, mappings)
    });
    let mut read: Vec<_> = read.filter(|(_, mappings)| !mappings.is_empty()).take(TRIED).collect();
    read.reverse();
    read
}

/// Those of the entities that rows became that still exist; their names are added to others.
fn existing(
    case: &Case,
    ids: HashMap<String, Id>,
    names: &mut HashMap<Id, String>,
) -> Result<HashMap<String, Id>> {
    let mut kept = HashMap::with_capacity(ids.len());
    for (cell, id) in ids {
        let Some(name) = case.caption(&id)? else { continue };
        if names.len() < NAMES {
            names.insert(id.clone(), name);
        }
        kept.insert(cell, id);
    }
    Ok(kept)
}

/// A copy of a document outside the case, for as long as it is read.
struct Copy {
    folder: PathBuf,
    path: PathBuf,
}

impl Copy {
    fn of(case: &Case, document: &Evidence) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("redthread-{}", Id::new()));
        private_folder(&folder)?;
        // The name decides how it is read; nothing else of it is trusted.
        let name = Path::new(&document.file_name).file_name().unwrap_or_default();
        let copy = Self { path: folder.join(name), folder };
        let unwritable = |source| Error::Unwritable { path: copy.path.clone(), source };
        let mut out = BufWriter::new(File::create_new(&copy.path).map_err(unwritable)?);
        case.read_evidence(&document.id, &mut out)?;
        out.flush().map_err(unwritable)?;
        Ok(copy)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}
