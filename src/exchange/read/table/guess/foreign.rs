//! Tables that are read together, of which one names rows of another by an id beside a party of its
//! own: posts with the ids of people, licences with the ids of companies.

use super::{
    super::words::{self, Role},
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
}
