//! Nodes and edges in one file: rows that are things, and rows that name two of those by id.

use std::collections::BTreeMap;

use super::{
    super::{
        mapping::EntityMapping,
        source::{self, Table},
        words,
    },
    Guess, Look,
    graph::{self, side},
    plan::TableKind,
    profile::Profile,
};
use crate::case::Result;

/// Words of a column that parts nodes from edges in one file.
pub(super) const NODES: [&str; 8] = ["node", "nodes", "vertex", "n", "v", "entity", "узел", "节点"];
pub(super) const EDGES: [&str; 10] =
    ["edge", "edges", "link", "relationship", "relation", "e", "r", "arc", "связь", "关系"];

/// The rows of a table for which a column has one of some values, or none of them.
struct Part {
    look: Look,
    column: usize,
    values: Vec<String>,
    is: bool,
}

/// The guess for a table whose rows are nodes and edges.
pub(super) fn in_one(look: &Look) -> Option<Guess> {
    by_word(look).or_else(|| by_ends(look))
}

/// Nodes and edges where a column says of each row which of both it is.
fn by_word(look: &Look) -> Option<Guess> {
    let says = |words: &[&str], value: &String| words.contains(&&*words::normal(value));
    let parting = look.profiles.iter().position(|profile| {
        let values = &profile.values;
        values.len() == 2
            && profile.filled == look.rows.len()
            && values.iter().any(|value| says(&NODES, value))
            && values.iter().any(|value| says(&EDGES, value))
    })?;
    let heading = &look.profiles[parting].heading;
    let values = &look.profiles[parting].values;
    let parts = [&NODES[..], &EDGES[..]].map(|words| {
        let value = values.iter().find(|value| says(words, value)).cloned().unwrap_or_default();
        part(look, parting, vec![value], true)
    });
    let reason = format!("“{heading}” says which rows are nodes and which are edges");
    together(parts, None, reason)
}

/// Nodes and edges where every row either has an id or names two of those ids.
fn by_ends(look: &Look) -> Option<Guess> {
    let (ids, [from, to]) = ends(look)?;
    let parts = [true, false].map(|is| part(look, from, vec![String::new()], is));
    let [id, one, other] = [ids, from, to].map(|at| &look.profiles[at].heading);
    let reason = format!("rows without “{id}” name two other rows in “{one}” and “{other}”");
    together(parts, Some([from, to]), reason)
}

/// The column with ids and the two that hold such ids in the rows that have none themselves.
fn ends(look: &Look) -> Option<(usize, [usize; 2])> {
    let rows = &look.rows;
    let empty = |row: &super::Row, at: usize| row.get(at).is_empty();
    let (ids, known) = look.profiles.iter().enumerate().find_map(|(at, profile)| {
        let filled = rows.iter().filter(|row| !empty(row, at)).count();
        let unique = profile.different == filled && (2..rows.len()).contains(&filled);
        if !unique || !graph::is_id(profile) {
            return None;
        }
        let own = rows.iter().map(|row| row.get(at).to_owned());
        Some((at, look.ids.clone().unwrap_or_else(|| own.collect())))
    })?;
    let is_end = |at: &usize| {
        *at != ids
            && rows.iter().all(|row| empty(row, *at) != empty(row, ids))
            && rows.iter().filter(|row| empty(row, ids)).all(|row| known.contains(row.get(*at)))
    };
    let found: Vec<usize> = (0..look.profiles.len()).filter(is_end).collect();
    let [one, other] = found[..] else { return None };
    let says = |at: usize| side(&look.profiles[at].heading);
    let turned = says(one) == Some(1) && says(other) == Some(0);
    Some((ids, if turned { [other, one] } else { [one, other] }))
}

/// Reads nodes and edges of one table as two tables that are read together.
fn together(parts: [Part; 2], ends: Option<[usize; 2]>, reason: String) -> Option<Guess> {
    let pair = [parts[0].look.clone(), parts[1].look.clone()];
    let mut guesses: Vec<Guess> = pair
        .iter()
        .cloned()
        .map(|mut look| {
            let plan = super::plan::plan(&mut look.profiles, &look.rows);
            look.finish(plan)
        })
        .collect();
    match ends {
        Some([from, to]) => {
            let space = graph::space(&pair, &guesses, 0)?;
            graph::relate(&pair, &mut guesses, 1, [(from, &space), (to, &space)]);
        }
        None => graph::join(&pair, &mut guesses),
    }
    let [nodes, mut edges] = <[Guess; 2]>::try_from(guesses).ok()?;
    if edges.kind != TableKind::Graph || nodes.mapping.entities.is_empty() {
        return None;
    }
    let mut entities: Vec<EntityMapping> = Vec::new();
    let made_of = [nodes.mapping.entities, std::mem::take(&mut edges.mapping.entities)];
    for (made_here, part) in made_of.into_iter().zip(&parts) {
        for mut made in made_here {
            let heading = part.look.columns[part.column].clone();
            let condition = BTreeMap::from([(heading, part.values.clone())]);
            if part.is {
                made.filters.extend(condition);
            } else {
                made.filters_not.extend(condition);
            }
            entities.push(made);
        }
    }
    edges.reasons.insert(0, reason);
    edges.confidence = edges.confidence.min(nodes.confidence);
    for (column, other) in edges.columns.iter_mut().zip(nodes.columns) {
        if other.confidence > column.confidence {
            *column = other;
        }
    }
    edges.mapping.entities = entities;
    Some(edges)
}

/// The rows of a table where a column has one of some values, or none, with what stands in their
/// columns.
fn part(look: &Look, parting: usize, values: Vec<String>, is: bool) -> Part {
    let fits = |row: &&super::Row| values.iter().any(|value| value == row.get(parting)) == is;
    let rows: Vec<_> = look.rows.iter().filter(fits).cloned().collect();
    let profiles = look.columns.iter().enumerate().map(|(column, heading)| {
        let profile = Profile::of(heading, column, &rows);
        let word = column == parting && values != [""];
        if word || profile.filled == 0 {
            Profile { heading: heading.clone(), ..Profile::default() }
        } else {
            profile
        }
    });
    let look = Look { profiles: profiles.collect(), rows, ..look.clone() };
    Part { look, column: parting, values, is }
}

/// The most rows of edges that are looked at below the first rows.
const FURTHER: usize = 100;

/// Looks for edges below the first rows of a long table whose columns for their ends are empty
/// there, and completes the ids of its nodes.
pub(super) fn further(table: &Table, look: &mut Look) -> Result<()> {
    if table.sample.len() < source::SAMPLE {
        return Ok(());
    }
    let empty = |at: &usize| look.rows.iter().all(|row| row.get(*at).is_empty());
    let columns: Vec<usize> = (0..look.columns.len()).filter(empty).collect();
    let of =
        |which: usize| columns.iter().copied().find(|at| end_of(&look.columns[*at]) == Some(which));
    let (Some(from), Some(to), Some(ids)) = (of(0), of(1), graph::id_column(look)) else {
        return Ok(());
    };
    let mut found = Vec::new();
    table.again()?.rows(&mut |row, _, _| {
        if !row.get(from).is_empty() && !row.get(to).is_empty() {
            found.push(row.clone());
        }
        Ok(found.len() < FURTHER)
    })?;
    if found.is_empty() {
        return Ok(());
    }
    let all = table.again()?.different(&[ids], super::IDS)?.pop().flatten();
    look.ids = all.map(|all| all.into_iter().collect());
    look.rows.extend(found);
    Ok(())
}

/// Which end of an edge a heading names, as graph databases write them.
fn end_of(heading: &str) -> Option<usize> {
    match &*words::normal(heading) {
        "start" | "start id" | "startnode" | "start node" => Some(0),
        "end" | "end id" | "endnode" | "end node" => Some(1),
        _ => side(heading),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::guess, *};
    use crate::exchange::table::Settings;

    fn read(text: &str) -> (TableKind, Vec<String>) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("all.csv");
        std::fs::write(&path, text).expect("space");
        let guess = guess(&Table::open(&path, &Settings::default()).expect("a table"));
        (guess.kind, guess.mapping.entities.into_iter().map(|made| made.schema).collect())
    }

    /// Nodes with a column of kinds, then edges between them.
    fn graph(nodes: usize) -> String {
        let mut text = "_id,_labels,name,_start,_end,_type,role\n".to_owned();
        for at in 0..nodes {
            let (kind, name) =
                if at % 2 == 0 { ("Person", "Jo Roe") } else { ("Company", "Pier Ltd") };
            text.push_str(&format!("{at},:{kind},{name} {at},,,,\n"));
        }
        text + ",,,0,1,OFFICER_OF,Director\n,,,1,3,OWNS,\n"
    }

    #[test]
    fn rows_without_an_id_that_name_two_ids_are_edges() {
        let (kind, made) = read(&graph(6));
        assert_eq!(kind, TableKind::Graph, "{made:?}");
        for schema in ["Person", "Company", "Directorship", "Ownership"] {
            assert!(made.iter().any(|other| other == schema), "{schema} in {made:?}");
        }
    }

    #[test]
    fn edges_are_found_below_many_nodes() {
        let (kind, made) = read(&graph(600));
        assert_eq!(kind, TableKind::Graph, "{made:?}");
    }

    #[test]
    fn an_end_that_nothing_is_makes_no_graph() {
        let (kind, _) = read(&graph(6).replace(",1,3,", ",1,99,"));
        assert_ne!(kind, TableKind::Graph);
    }
}
