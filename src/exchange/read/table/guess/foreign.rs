//! Tables that are read together, of which one names rows of another by an id beside a party of its
//! own: posts with the ids of people, licences with the ids of companies.

use std::collections::{HashMap, HashSet};

use super::{
    super::{
        EntityMapping, PropertyMapping, learn,
        words::{self, Role},
    },
    Guess, Look,
    graph::{self, Space},
    party::{Party, Reference},
    plan::{self, TableKind},
};

/// Links what a table names itself to the rows of another table whose ids it has.
pub(super) fn join(looks: &[Look], guesses: &mut [Guess]) {
    let spaces = graph::spaces(looks, guesses);
    for table in 0..looks.len() {
        let joined = guesses[table].mapping.entities.iter().any(|made| made.refers);
        let able = matches!(
            guesses[table].kind,
            TableKind::List | TableKind::Mixed | TableKind::Relationships | TableKind::Parties
        );
        if joined || !able || guesses[table].is_nameless {
            continue;
        }
        let Some((column, space)) = end(looks, &spaces, table) else { continue };
        let look = &looks[table];
        if let Some(name) = own_name(look, column, &looks[space.table], &guesses[space.table]) {
            let made = guesses[table].mapping.entities.iter_mut();
            let heading = look.columns[column].clone();
            for made in made.filter(|made| is_called(made, &look.columns[name])) {
                graph::key_by(made, heading.clone(), space);
                if made.filters.is_empty() && space.schema != "Thing" {
                    space.schema.clone_into(&mut made.schema);
                }
            }
            graph::identify(&looks[space.table], &mut guesses[space.table], space);
            let reason =
                format!("“{heading}” is the id of “{}” in another table", look.columns[name]);
            guesses[table].reasons.push(reason);
            continue;
        }
        let party = Party {
            role: role(&look.columns[column], space.schema),
            refers: Some(Reference {
                column,
                literal: space.literal.clone(),
                schema: space.schema,
            }),
            ..Party::default()
        };
        let mut profiles = look.profiles.clone();
        (profiles[column].what, profiles[column].role) = (None, None);
        let plan = plan::plan_with(&mut profiles, &look.rows, Some(party));
        let ends = |link: &plan::Link| {
            [link.from, link.to].iter().any(|end| plan.parties[*end].refers.is_some())
        };
        if plan.parties.len() < 2 || !plan.links.iter().any(ends) {
            continue;
        }
        let mut own = look.clone();
        own.profiles = profiles;
        graph::identify(&looks[space.table], &mut guesses[space.table], space);
        guesses[table] = own.finish(plan);
        let rows = looks[space.table].rows.len();
        let heading = &look.columns[column];
        guesses[table].reasons.push(format!("“{heading}” holds the ids of rows of another table"));
        graph::only_known(look, &mut guesses[table], (column, space), rows);
    }
}

/// The first column that holds ids of the rows of another table and says so.
fn end<'s>(looks: &[Look], spaces: &'s [Space], table: usize) -> Option<(usize, &'s Space)> {
    let look = &looks[table];
    // What is called an id and nothing more is the row's own.
    let own = graph::id_column(look).filter(|column| graph::is_bare(&look.columns[*column]));
    (0..look.profiles.len()).filter(|column| Some(*column) != own).find_map(|column| {
        let profile = &look.profiles[column];
        // Numbers that count rows are those of any table.
        let counts = graph::counts_rows(look, column);
        let near =
            |space: &Space| graph::likeness(&profile.heading, &looks[space.table], space.column);
        // The number of a contract is not the id of who stands beside it.
        let same = |space: &Space| {
            let own = words::normal(&looks[space.table].columns[space.column]);
            // What is another in each row is that row's own.
            own == words::normal(&profile.heading)
                && profile.filled == look.rows.len()
                && !graph::is_of_paper(&own)
                && profile.different < profile.filled
        };
        let of_rows = |space: &Space| {
            let bare = graph::is_bare(&looks[space.table].columns[space.column]);
            let of_ids = !space.numbered && (bare || graph::whose(&profile.heading).is_some());
            of_ids || same(space)
        };
        let may = |space: &&Space| {
            space.table != table
                && of_rows(space)
                && (graph::is_id(profile) || same(space))
                && (near(space) > 0 || !counts)
                && space.is_named_in(look, column)
        };
        let space = spaces.iter().filter(may).max_by_key(|space| near(space))?;
        Some((column, space))
    })
}

/// The column of a table whose names are those of the rows of another table that its ids name.
fn own_name(look: &Look, ids: usize, other: &Look, guess: &Guess) -> Option<usize> {
    let names = guess.mapping.entities.iter().flat_map(|made| &made.properties);
    let names: HashSet<&String> =
        names.filter(|said| said.property == "name").flat_map(|said| &said.columns).collect();
    let id = graph::id_column(other)?;
    let called = (0..other.profiles.len()).filter(|at| names.contains(&other.columns[*at]));
    let called: Vec<usize> = called.collect();
    let of_id: HashMap<&str, Vec<String>> = other
        .rows
        .iter()
        .map(|row| (row.get(id), called.iter().map(|at| learn::folded(row.get(*at))).collect()))
        .collect();
    let is_named = |at: &usize| {
        let met: Vec<bool> = look
            .rows
            .iter()
            .filter_map(|row| Some(of_id.get(row.get(ids))?.contains(&learn::folded(row.get(*at)))))
            .collect();
        let same = met.iter().filter(|same| **same).count();
        same > 1 && same * 10 >= met.len() * 8
    };
    let profiles = &look.profiles;
    (0..profiles.len()).filter(|at| *at != ids && profiles[*at].names >= 0.5).find(is_named)
}

/// Whether something that a table makes of each row is called by what stands in a column.
fn is_called(made: &EntityMapping, heading: &str) -> bool {
    let named = |said: &PropertyMapping| {
        said.property == "name" && said.columns.iter().any(|column| column == heading)
    };
    !graph::is_edge(&made.schema) && made.properties.iter().any(named)
}

/// Whose id a heading says a column to have, else what the rows are. Whose client somebody is says
/// nothing of what he is to who stands beside.
fn role(heading: &str, schema: &str) -> Option<Role> {
    let said = graph::whose(heading).filter(|role| *role != Role::Customer);
    said.or(match schema {
        "Person" => Some(Role::Person),
        "Company" => Some(Role::Company),
        "Vessel" => Some(Role::Vessel),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{TableKind, tests::together};

    #[test]
    fn posts_name_people_of_another_table_by_their_ids() {
        let guesses = together(&[
            (
                "people.csv",
                "id,name,nationality\njane-doe,Jane Doe,GB\njo-roe,Jo Roe,FR\nal-poe,Al Poe,DE\n",
            ),
            (
                "posts.csv",
                "organisation,person_id,position\nA Office,jane-doe,Senior Adviser\n\
                 B Office,jo-roe,Head of Unit\nA Office,al-poe,Adviser\n",
            ),
        ]);
        assert_eq!(guesses[1].kind, TableKind::Relationships);
        let made = &guesses[1].mapping.entities;
        assert!(made.iter().any(|made| made.refers && made.schema == "Person"), "{made:#?}");
        assert!(made.iter().any(|made| made.schema == "UnknownLink"), "{made:#?}");
    }

    #[test]
    fn an_id_beside_the_name_of_its_row_is_of_whoever_has_that_name() {
        let guesses = together(&[
            (
                "agencies.csv",
                "id,business_entity_name,abn\n271,Norden Advice,72963\n605,Vance Pty Ltd,80060\n\
                 746,Mirage Pty Ltd,81000\n",
            ),
            (
                "lobbyists.csv",
                "agency_id,agency_business_entity_name,lobbyist_name\n\
                 271,Norden Advice,Alba Norden\n605,Vance Pty Ltd,Jo Roe\n746,Mirage Pty Ltd,Al Moe\n",
            ),
        ]);
        let [agencies, lobbyists] = &guesses[..] else { panic!("two tables") };
        let agency = &agencies.mapping.entities[0];
        let made = &lobbyists.mapping.entities;
        let mut same = made.iter().filter(|made| made.key_literal == agency.key_literal);
        assert!(same.any(|made| made.keys == ["agency_id"]), "{made:#?}");
        assert!(!made.iter().any(|made| made.refers), "{made:#?}");
        assert_eq!(made.iter().filter(|made| made.schema.ends_with("Link")).count(), 1);
    }

    #[test]
    fn the_rows_of_a_table_are_not_those_of_the_edges_that_name_them() {
        let guesses = together(&[
            ("people.csv", "person_id,name,gender\na1,Alba Norden,F\nb2,Jo Roe,M\nc3,Al Moe,M\n"),
            ("firms.csv", "stock_id,name\n601,Vance Ltd\n602,Mirage SA\n"),
            (
                "edges.csv",
                "person_id,jobs,stock_id\na1,Director,601\nb2,Director,602\nc3,Chairman,601\n",
            ),
        ]);
        assert_eq!(guesses[0].kind, TableKind::List, "{:#?}", guesses[0].mapping.entities);
        assert_eq!(guesses[2].kind, TableKind::Graph);
    }
}
