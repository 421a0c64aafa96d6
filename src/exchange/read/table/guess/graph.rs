//! Tables that name each other's rows by id: nodes in one, edges in another.

use std::collections::HashSet;

use super::{
    super::words::{self, Role},
    Guess, Look,
    party::{Party, Reference},
    plan::{Link, Plan, TableKind},
};
use crate::model::schema::{Schema, schema};

/// The ids of the rows of a table.
struct Space {
    table: usize,
    column: usize,
    ids: HashSet<String>,
    literal: String,
    /// The schema of its rows, where all have one.
    schema: &'static str,
}

/// A column with ids, and the table whose they are.
type End<'s> = (usize, &'s Space);

/// How large a part of the cells must be ids of another table.
const MOST: f32 = 0.7;

/// Links the tables that are read together: what is an id in one becomes the end of a
/// relationship in another.
pub(super) fn join(looks: &[Look], guesses: &mut [Guess]) {
    let spaces: Vec<Space> =
        (0..looks.len()).filter_map(|table| space(looks, guesses, table)).collect();
    for table in 0..looks.len() {
        let Some((one, other)) = ends(looks, &spaces, table) else { continue };
        // Payments between the accounts of another table are not understood yet.
        let paid = looks[table].profiles.iter().any(|profile| profile.what == Some("amount"));
        if paid {
            guesses[table].confidence = 0.5;
            guesses[table].reasons.push("it has payments between rows of another table".into());
            continue;
        }
        for (_, space) in [&one, &other] {
            identify(&looks[space.table], &mut guesses[space.table], space);
        }
        guesses[table] = looks[table].finish(plan(&looks[table], one, other));
    }
}

/// The column with the ids of a table.
fn space(looks: &[Look], guesses: &[Guess], table: usize) -> Option<Space> {
    let look = &looks[table];
    let things: Vec<_> =
        guesses[table].mapping.entities.iter().filter(|made| !is_edge(&made.schema)).collect();
    if things.is_empty() {
        return None;
    }
    let column = look.profiles.iter().position(|profile| {
        let heading = words::normal(&profile.heading);
        let says =
            profile.what == Some("id") || heading.split(' ').any(|word| word.ends_with("id"));
        let full = profile.filled == look.rows.len() && profile.different == profile.filled;
        says && full && profile.filled > 0
    })?;
    let first = schema(&things[0].schema)?;
    let one = things.iter().all(|made| made.schema == things[0].schema);
    Some(Space {
        table,
        column,
        ids: look.rows.iter().map(|row| row.get(column).to_owned()).collect(),
        literal: match &look.sheet {
            Some(sheet) => format!("Node {}, {sheet}", look.stem),
            None => format!("Node {}", look.stem),
        },
        schema: if one { &first.name } else { "Thing" },
    })
}

fn is_edge(schema_name: &str) -> bool {
    schema(schema_name).is_some_and(Schema::is_edge)
}

/// The two columns of a table that hold ids of others, in the order source and target.
fn ends<'s>(looks: &[Look], spaces: &'s [Space], table: usize) -> Option<(End<'s>, End<'s>)> {
    let look = &looks[table];
    let mut found: Vec<(usize, usize, &Space)> = Vec::new();
    for (column, profile) in look.profiles.iter().enumerate() {
        if profile.filled == 0 {
            continue;
        }
        let within = |space: &&Space| {
            let cells = look.rows.iter().map(|row| row.get(column)).filter(|cell| !cell.is_empty());
            let known = cells.filter(|cell| space.ids.contains(*cell)).count();
            known as f32 / profile.filled as f32 >= MOST
        };
        let near = |space: &&Space| likeness(&profile.heading, &looks[space.table], space.column);
        let best = spaces
            .iter()
            .filter(|space| space.table != table)
            .filter(within)
            .max_by_key(|space| near(space));
        let Some(space) = best else { continue };
        let heading = words::normal(&profile.heading);
        let rank = match words::meaning(&profile.heading).role {
            Some(Role::Source) => 0,
            Some(Role::Target) => 1,
            _ if heading.starts_with("source") || heading.starts_with("start id") => 0,
            _ if heading.starts_with("target") || heading.starts_with("end id") => 1,
            _ if near(&space) > 0 => 2,
            _ => continue,
        };
        found.push((rank, column, space));
    }
    found.sort_by_key(|(rank, column, _)| (*rank, *column));
    let &[(_, one, from), (_, other, to), ..] = &found[..] else { return None };
    Some(((one, from), (other, to)))
}

/// How much a heading says of the table whose ids stand below it.
fn likeness(heading: &str, look: &Look, column: usize) -> usize {
    let heading = words::normal(heading);
    let own = words::normal(&look.profiles[column].heading);
    if own != "id" && (heading == own || heading.starts_with(&format!("{own} "))) {
        return 2;
    }
    let stem = words::normal(look.sheet.as_ref().unwrap_or(&look.stem));
    let start = |word: &str| word.chars().take(5).collect::<String>();
    let said = heading.split(' ').any(|word| word.len() > 3 && stem.contains(&start(word)));
    usize::from(said)
}

/// Makes the id of a row the key of what the row is.
fn identify(look: &Look, guess: &mut Guess, space: &Space) {
    let column = look.profiles[space.column].heading.clone();
    let subject = guess.mapping.entities.first().map(|made| made.name.clone());
    let base = subject.unwrap_or_default();
    let base = base.split(" (").next().unwrap_or_default().to_owned();
    for made in &mut guess.mapping.entities {
        let own = made.name == base || made.name.starts_with(&format!("{base} ("));
        if own && !is_edge(&made.schema) {
            made.keys = vec![column.clone()];
            made.key_literal.clone_from(&space.literal);
            made.each_row = false;
            made.whole_key = true;
            made.agree.clear();
        }
    }
}

/// A table of edges.
fn plan(look: &Look, one: End<'_>, other: End<'_>) -> Plan {
    let party = |(column, space): End<'_>, role: Role| Party {
        role: Some(role),
        refers: Some(Reference { column, literal: space.literal.clone(), schema: space.schema }),
        ..Party::default()
    };
    // A person is in a company, whichever of them comes first.
    let turned = one.1.schema == "Company" && other.1.schema == "Person";
    let (from, to) = if turned { (other, one) } else { (one, other) };
    let relation = look
        .profiles
        .iter()
        .enumerate()
        .filter(|(_, profile)| profile.names_relations())
        .max_by_key(|(at, profile)| (profile.filled, std::cmp::Reverse(*at)))
        .map(|(at, _)| at)
        .or_else(|| look.profiles.iter().position(|profile| profile.what == Some("role")));
    let mut link = Link {
        from: 0,
        to: 1,
        schema: "UnknownLink",
        relation,
        said: Vec::new(),
        notes: Vec::new(),
    };
    for (at, profile) in look.profiles.iter().enumerate() {
        if at == from.0 || at == to.0 {
            continue;
        }
        match profile.what {
            _ if relation == Some(at) => link.said.push((at, "relation")),
            Some(what) if super::party::OF_EDGES.contains(&what) => link.said.push((at, what)),
            _ => link.notes.push(at),
        }
    }
    Plan {
        kind: TableKind::Graph,
        confidence: 0.9,
        reasons: vec![format!(
            "“{}” and “{}” hold the ids of rows of other tables",
            look.profiles[from.0].heading, look.profiles[to.0].heading
        )],
        parties: vec![party(from, Role::Source), party(to, Role::Target)],
        links: vec![link],
        ..Plan::default()
    }
}
