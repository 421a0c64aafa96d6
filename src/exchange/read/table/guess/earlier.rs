//! Tables whose cells are ids of rows that the case holds: edges whose nodes were imported before.

use std::collections::{HashMap, HashSet};

use super::{
    super::{Mapping, Table, clean, layouts, nodes::RowsOf, rule, words},
    Guess, IDS, Look,
    graph::{self, MOST, Space, side},
    one_file::{EDGES, NODES},
};
use crate::{
    case::{Progress, Result},
    model::Id,
};

/// The longest id, in characters.
const LONGEST: usize = 64;
/// How large a part of the cells of a column of ids have no blanks in them.
const WHOLE: f32 = 0.95;
/// The confidence that ids are those of another table, and that of numbers that count rows, which
/// any list has.
const NAMED: f32 = 0.9;
const COUNTED: f32 = 0.6;

/// Whether an entity of a mapping is what another name means: it, or a kind of it.
pub(in crate::exchange::read::table) fn is_of(name: &str, base: &str) -> bool {
    graph::is_variant(name, base)
}

/// Whether the headings of a table let its cells be ids of rows of others.
pub fn may_name_rows(table: &Table) -> bool {
    let may = |heading: &&String| side(heading).is_some() || says_id(heading);
    table.columns.iter().filter(may).count() > 1
}

/// A table whose columns may hold ids of rows of others.
pub(in crate::exchange) struct Edges {
    look: Look,
    columns: Vec<Ids>,
    /// Whether it was understood by itself.
    is_understood: bool,
}

/// A column that may hold ids.
struct Ids {
    column: usize,
    /// The end that its heading says it to be.
    side: Option<usize>,
    /// The cells, and how often each comes.
    cells: HashMap<String, u64>,
    filled: u64,
}

impl Edges {
    /// Looks for columns of ids in a table of which this is guessed by itself. `headings` are those
    /// of the tables in the case. `None` where it names nothing that is elsewhere.
    pub(in crate::exchange) fn of(
        table: &Table,
        alone: &Guess,
        headings: &[String],
        progress: &Progress,
    ) -> Result<Option<Self>> {
        let is_understood = !alone.mapping.entities.is_empty() && !alone.is_nameless;
        let refers = alone.mapping.entities.iter().any(|made| made.refers);
        if refers || !alone.mapping.more.is_empty() || layouts::known(table).is_some() {
            return Ok(None);
        }
        let look = Look::of(table);
        let mut columns: Vec<Ids> = Vec::new();
        for (column, profile) in look.profiles.iter().enumerate() {
            let cells = look.rows.iter().map(|row| row.get(column));
            let cells = cells.filter(|cell| !clean::is_nothing(cell));
            let plain = cells.clone().filter(|cell| is_id(cell)).count();
            let side = side(&profile.heading);
            // What has things of its own is no list of edges unless its headings say so.
            let may = side.is_some()
                || !is_understood
                    && (says_id(&profile.heading) || is_like(&profile.heading, headings));
            if may && profile.filled > 0 && plain as f32 >= WHOLE * cells.count() as f32 {
                columns.push(Ids { column, side, cells: HashMap::new(), filled: 0 });
            }
        }
        if columns.len() < 2 || !Self::count(table, &mut columns, progress)? {
            return Ok(None);
        }
        Ok(Some(Self { look, columns, is_understood }))
    }

    /// Counts the cells of the whole table; false where there are too many.
    fn count(table: &Table, columns: &mut [Ids], progress: &Progress) -> Result<bool> {
        let shape = super::super::Shape::of(table);
        let (mut read, mut few) = (0_u64, true);
        table.again()?.rows(&mut |row, _, _| {
            read += 1;
            if read.is_multiple_of(1024) {
                progress.check()?;
            }
            if shape.wrong(row).is_some() {
                return Ok(true);
            }
            for ids in columns.iter_mut() {
                let cell = row.get(ids.column);
                if clean::is_nothing(cell) {
                    continue;
                }
                ids.filled += 1;
                match ids.cells.get_mut(cell) {
                    Some(count) => *count += 1,
                    None => drop(ids.cells.insert(cell.to_owned(), 1)),
                }
                few &= ids.cells.len() <= IDS;
            }
            Ok(few)
        })?;
        Ok(few)
    }

    /// Every text that may be an id of a row.
    pub(in crate::exchange) fn wanted(&self) -> HashSet<&str> {
        self.columns.iter().flat_map(|ids| ids.cells.keys().map(String::as_str)).collect()
    }

    fn heading(&self, ids: &Ids) -> &str {
        &self.look.profiles[ids.column].heading
    }
}

/// A table of things in the case whose rows have ids.
pub(in crate::exchange) struct Earlier {
    pub rows_of: RowsOf,
    look: Look,
    space: Space,
    /// Whether the user says that it is meant.
    pub is_chosen: bool,
    /// What its rows became that still exists, by their ids.
    pub ids: HashMap<String, Id>,
}

impl Earlier {
    /// Looks for the ids of a table that was read by a mapping.
    pub(in crate::exchange) fn of(
        table: &Table,
        mapping: &Mapping,
        (sha256, name): (&str, &str),
    ) -> Option<Self> {
        let look = Look::of(table);
        let guess = Guess { mapping: mapping.clone(), ..Guess::default() };
        let mut space = graph::space(std::slice::from_ref(&look), &[guess], 0)?;
        let rows_of = RowsOf {
            sha256: sha256.to_owned(),
            name: name.to_owned(),
            sheet: look.sheet.clone(),
            column: look.columns[space.column].clone(),
            entity: space.base.clone(),
        };
        space.literal = serde_json::to_string(&rows_of).unwrap_or_default();
        Some(Self { rows_of, look, space, is_chosen: false, ids: HashMap::new() })
    }

    /// How many cells of a column are ids of its rows.
    fn known(&self, ids: &Ids) -> u64 {
        ids.cells.iter().filter(|(id, _)| self.ids.contains_key(*id)).map(|(_, count)| count).sum()
    }

    /// How much the heading of a column, or else the names of both files, say that they belong
    /// together.
    fn nearness(&self, edges: &Edges, ids: &Ids) -> (usize, usize) {
        let likeness = graph::likeness(edges.heading(ids), &self.look, self.space.column);
        (likeness, kinship(&self.look, &edges.look))
    }

    /// Whether the ids of a column only count rows, so that any list of as many has them.
    fn is_counted(ids: &Ids) -> bool {
        let numbers: Option<Vec<u64>> = ids.cells.keys().map(|cell| cell.parse().ok()).collect();
        let most = numbers.and_then(|numbers| numbers.into_iter().max());
        most.is_some_and(|most| most <= 4 * ids.cells.len() as u64 + 1000)
    }
}

/// What is made of a table whose cells may be ids of rows in the case.
pub(in crate::exchange) enum Joined {
    /// Its cells name rows of these tables, by their places.
    Guess(Box<Guess>),
    /// Several tables have the ids of the column that is called so.
    Several(String, Vec<RowsOf>),
    /// Too few of its ids are in the case: the sentence says how many, and where.
    Few(String),
    Nothing,
}

/// Links a table to those in the case whose ids its cells are.
pub(in crate::exchange) fn join(edges: &Edges, all: &[Earlier]) -> Joined {
    let mut found: Vec<(usize, usize, usize)> = Vec::new();
    for (nth, ids) in edges.columns.iter().enumerate() {
        // What the user says comes first, then the heading, then the names of the files.
        let near = |at: usize| (all[at].is_chosen, all[at].nearness(edges, ids));
        let able: Vec<usize> = (0..all.len())
            .filter(|at| all[*at].known(ids) as f32 >= MOST * ids.filled as f32)
            .filter(|at| ids.side.is_some() || near(*at).1.0 > 0)
            .collect();
        let Some(nearest) = able.iter().map(|at| near(*at)).max() else { continue };
        let able: Vec<usize> = able.into_iter().filter(|at| near(*at) == nearest).collect();
        let Some(last) = able.last() else { continue };
        let answer = |at: usize, id: &String| all[at].ids.get(id);
        let same = |at: &usize| ids.cells.keys().all(|id| answer(*at, id) == answer(*last, id));
        if !able.iter().all(same) {
            let tables = able.iter().map(|at| all[*at].rows_of.clone()).collect();
            return Joined::Several(edges.heading(ids).to_owned(), tables);
        }
        found.push((ids.side.unwrap_or(2), nth, *last));
    }
    found.sort_by_key(|(side, nth, _)| (*side, *nth));
    let &[(_, one, from), (_, other, to), ..] = &found[..] else { return few(edges, all) };
    let ends = [(&edges.columns[one], &all[from]), (&edges.columns[other], &all[to])];
    let is_asked = all.iter().any(|earlier| earlier.is_chosen);
    if is_asked && ends.iter().all(|(_, earlier)| !earlier.is_chosen) {
        return few(edges, all);
    }
    Joined::Guess(Box::new(guess(edges, ends)))
}

/// Says how many ids of a table are in the case, where that is asked of it.
fn few(edges: &Edges, all: &[Earlier]) -> Joined {
    let is_asked = all.iter().any(|earlier| earlier.is_chosen);
    if all.is_empty() || edges.is_understood && !is_asked {
        return Joined::Nothing;
    }
    let mut columns: Vec<&Ids> = edges.columns.iter().collect();
    columns.sort_by_key(|ids| ids.side.unwrap_or(2));
    let said = columns.into_iter().take(2).filter_map(|ids| {
        let best = all.iter().max_by_key(|earlier| (earlier.is_chosen, earlier.known(ids)))?;
        Some(counted(edges, ids, best))
    });
    Joined::Few(said.collect::<Vec<_>>().join(", "))
}

fn counted(edges: &Edges, ids: &Ids, of: &Earlier) -> String {
    let (known, heading) = (of.known(ids), edges.heading(ids));
    format!("{known} of {} ids of “{heading}” are in {}", ids.filled, of.rows_of.words())
}

/// The guess for a table of edges.
fn guess(edges: &Edges, ends: [(&Ids, &Earlier); 2]) -> Guess {
    let [one, other] = ends.map(|(ids, earlier)| (ids.column, &earlier.space));
    let mut plan = graph::plan(&edges.look, one, other);
    let is_open = |(ids, of): &(&Ids, &Earlier)| {
        !of.is_chosen && Earlier::is_counted(ids) && of.nearness(edges, ids) == (0, 0)
    };
    plan.confidence = NAMED;
    plan.reasons = ends.iter().map(|(ids, of)| counted(edges, ids, of)).collect();
    if let Some((_, of)) = ends.iter().find(|end| is_open(end)) {
        plan.confidence = COUNTED;
        plan.reasons.push(format!(
            "numbers that count rows could be those of any list, not only of {}",
            of.rows_of.words()
        ));
    }
    let mut guess = edges.look.finish(plan);
    for made in guess.mapping.entities.iter_mut().filter(|made| made.refers) {
        let of = ends.iter().find(|(_, earlier)| earlier.space.literal == made.key_literal);
        made.rows_of = of.map(|(_, earlier)| earlier.rows_of.clone());
        made.key_literal.clear();
    }
    let read = &mut guess.mapping.table;
    read.sheet.clone_from(&edges.look.sheet);
    rule::keyed(guess)
}

/// Whether a cell can be an id.
pub(super) fn is_id(cell: &str) -> bool {
    !cell.contains(char::is_whitespace) && cell.chars().count() <= LONGEST
}

/// Whether a heading says that ids are below it.
fn says_id(heading: &str) -> bool {
    words::meaning(heading).what == Some("id")
        || words::normal(heading).split(' ').any(|word| word.ends_with("id"))
}

/// Whether a heading begins with one of others, as `Company ID 2` does.
fn is_like(heading: &str, others: &[String]) -> bool {
    let heading = words::normal(heading);
    let begins = |other: &String| {
        let other = words::normal(other);
        !other.is_empty() && (heading == other || heading.starts_with(&format!("{other} ")))
    };
    others.iter().any(begins)
}

/// How much the names of two files or sheets say that one holds the edges of the other: 2 where
/// they differ only in words such as nodes and edges, 1 where they share a word.
fn kinship(nodes: &Look, edges: &Look) -> usize {
    let parts = |look: &Look, own: &[&str]| -> (Vec<String>, bool) {
        let name = words::normal(look.sheet.as_ref().unwrap_or(&look.stem));
        let all: Vec<String> = name.split(' ').map(str::to_owned).collect();
        let is_own = |word: &String| {
            own.contains(&word.as_str())
                || word.strip_suffix('s').is_some_and(|one| own.contains(&one))
        };
        let said = all.iter().any(is_own);
        (all.into_iter().filter(|word| !is_own(word)).collect(), said)
    };
    let ((of_nodes, one), (of_edges, other)) = (parts(nodes, &NODES), parts(edges, &EDGES));
    if one && other && of_nodes == of_edges {
        return 2;
    }
    let is_word = |word: &&String| word.chars().filter(|c| c.is_alphanumeric()).count() > 1;
    usize::from(of_nodes.iter().filter(is_word).any(|word| of_edges.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::table::Settings;

    fn look(name: &str) -> Look {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        std::fs::write(&path, "id,name\n1,A\n2,B\n").expect("space");
        Look::of(&Table::open(&path, &Settings::default()).expect("a table"))
    }

    #[test]
    fn the_names_of_files_say_what_belongs_together() {
        for (nodes, edges, much) in [
            ("nodes.csv", "edges.csv", 2),
            ("gephi_nodes.csv", "gephi_edges.csv", 2),
            ("f10_ids_nodes.csv", "f10_ids_links.csv", 2),
            ("neo4j_people.csv", "neo4j_rels.csv", 1),
            ("узлы.csv", "связи.csv", 0),
            ("people.csv", "flows.csv", 0),
            ("a_nodes.csv", "b_edges.csv", 0),
        ] {
            assert_eq!(kinship(&look(nodes), &look(edges)), much, "{nodes} {edges}");
        }
    }
}
