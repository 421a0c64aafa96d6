//! Rows that name another row by its id: the parent of a company, the superior of an employee, the
//! account to which a contact belongs.

use std::collections::HashSet;

use super::{
    super::{
        EntityMapping, PropertyMapping,
        words::{self, Role},
    },
    Guess, Look,
    graph::{self, Space},
    plan::TableKind,
};
use crate::model::schema::schema;

/// Stems of headings that name what stands above a row in its own table.
const ABOVE: [&str; 24] = [
    "parent",
    "superior",
    "supervisor",
    "manager",
    "reports",
    "vorg",
    "vorgesetzt",
    "mutter",
    "übergeordnet",
    "oberste",
    "supérieur",
    "mère",
    "matriz",
    "superiore",
    "capogruppo",
    "родител",
    "головн",
    "начальник",
    "руководител",
    "上级",
    "母公司",
    "상위",
    "üst",
    "nadrzędn",
];

/// Links the rows of a table that name others of it by their ids.
pub(super) fn within(look: &Look, mut guess: Guess) -> Guess {
    let things = [TableKind::List, TableKind::Mixed, TableKind::Parties, TableKind::Relationships];
    if !things.contains(&guess.kind) {
        return guess;
    }
    let above = (0..look.profiles.len()).filter(|at| says_above(&look.profiles[*at].heading));
    let found = above.into_iter().find_map(|column| {
        let ids = (0..look.profiles.len()).filter(|at| *at != column && is_unique(look, *at));
        let mut spaces = ids.filter_map(|id| graph::space_of(look, &guess, (0, id)));
        let space = spaces.find(|space| names_rows(look, column, space))?;
        Some((column, space))
    });
    if let Some((column, space)) = found {
        graph::identify(look, &mut guess, &space);
        let base = space.base.clone();
        link(look, &mut guess, (column, &space), &base, (true, look.rows.len()));
    }
    guess
}

/// Whether a column has another code in each row.
fn is_unique(look: &Look, column: usize) -> bool {
    let profile = &look.profiles[column];
    profile.filled == look.rows.len()
        && profile.different == profile.filled
        && profile.filled > 2
        && (profile.coded || profile.what == Some("id"))
}

/// Links the rows of each table that name one row of another one by its id.
pub(super) fn between(looks: &[Look], guesses: &mut [Guess], spaces: &[Space]) {
    for table in 0..looks.len() {
        let list = matches!(guesses[table].kind, TableKind::List | TableKind::Mixed);
        let own = spaces.iter().find(|space| space.table == table);
        let (Some(own), true) = (own, list) else { continue };
        let look = &looks[table];
        let found = (0..look.profiles.len()).find_map(|column| {
            let mut others = spaces.iter().filter(|space| space.table != table);
            let other = others.find(|space| {
                space.is_named_in(look, column)
                    && graph::likeness(
                        &look.profiles[column].heading,
                        &looks[space.table],
                        space.column,
                    ) > 0
            })?;
            (column != own.column).then_some((column, other))
        });
        let Some((column, other)) = found else { continue };
        graph::identify(&looks[other.table], &mut guesses[other.table], other);
        graph::identify(look, &mut guesses[table], own);
        let base = own.base.clone();
        let rows = looks[other.table].rows.len();
        link(look, &mut guesses[table], (column, other), &base, (false, rows));
    }
}

/// Whether a heading says that what it names stands above the row.
fn says_above(heading: &str) -> bool {
    let heading = words::normal(heading);
    ABOVE.iter().any(|stem| {
        let stem = words::normal(stem);
        heading.split(' ').any(|word| word.starts_with(&stem))
            || !stem.is_ascii() && heading.contains(&stem)
    })
}

/// Whether a column holds ids of other rows of its table.
fn names_rows(look: &Look, column: usize, space: &Space) -> bool {
    let other = |row: &super::Row| row.get(column) != row.get(space.column);
    space.is_named_in(look, column)
        && look.rows.iter().filter(|row| !row.get(column).is_empty()).all(other)
}

/// Adds the relationship between what a row is and the row that a column names.
fn link(
    look: &Look,
    guess: &mut Guess,
    (column, space): (usize, &Space),
    base: &str,
    (above, rows): (bool, usize),
) {
    let heading = look.profiles[column].heading.clone();
    let things: Vec<EntityMapping> = guess
        .mapping
        .entities
        .iter()
        .filter(|made| graph::is_variant(&made.name, base))
        .cloned()
        .collect();
    let shares = look.profiles.iter().position(|profile| {
        profile.what == Some("percentage") || profile.what == Some("sharesCount")
    });
    let is_parent = words::meaning(&heading).role == Some(Role::Parent)
        || words::normal(&heading).starts_with("parent");
    let company = |name: &str| schema(name).is_some_and(|known| known.is_a("Company"));
    let owns = above && is_parent && things.iter().all(|made| company(&made.schema));
    // Owners with their shares, each with the id of what he owns.
    let owner = |profile: &super::Profile| {
        profile.what == Some("name") && matches!(profile.role, Some(Role::Owner | Role::Holder))
    };
    let owned =
        !above && shares.is_some() && company(space.schema) && look.profiles.iter().any(owner);
    let other =
        super::super::mapping::free_name("row above", |name| guess.mapping.entity(name).is_some());
    guess.mapping.entities.push(EntityMapping {
        name: other.clone(),
        schema: space.schema.to_owned(),
        keys: vec![heading.clone()],
        key_literal: space.literal.clone(),
        whole_key: true,
        refers: true,
        ..EntityMapping::default()
    });
    let mut known: HashSet<String> = HashSet::new();
    for thing in things {
        let mut properties = if owned {
            vec![
                PropertyMapping::entity("owner", &thing.name),
                PropertyMapping::entity("asset", &other),
            ]
        } else if owns {
            vec![
                PropertyMapping::entity("owner", &other),
                PropertyMapping::entity("asset", &thing.name),
            ]
        } else {
            vec![
                PropertyMapping::entity("subject", &other),
                PropertyMapping::entity("object", &thing.name),
                PropertyMapping {
                    property: "role".into(),
                    literals: vec![heading.clone()],
                    ..PropertyMapping::default()
                },
            ]
        };
        if let Some(shares) = shares.filter(|_| owns || owned) {
            let profile = &look.profiles[shares];
            let what = profile.what.unwrap_or("percentage");
            properties.push(PropertyMapping::column(what, &profile.heading));
            known.insert(profile.heading.clone());
        }
        let name = if owns || owned { "ownership" } else { "other link" };
        let name =
            super::super::mapping::free_name(name, |name| guess.mapping.entity(name).is_some());
        let schema_name = if owns || owned { "Ownership" } else { "UnknownLink" };
        guess.mapping.entities.push(EntityMapping {
            name,
            schema: schema_name.to_owned(),
            key_literal: format!("{schema_name} {}", look.stem),
            filters: thing.filters.clone(),
            filters_not: thing.filters_not.clone(),
            forms: thing.forms.clone(),
            properties,
            ..EntityMapping::default()
        });
    }
    for said in guess.mapping.entities.iter_mut().flat_map(|made| &mut made.properties) {
        if said.labelled {
            said.columns.retain(|column| *column != heading && !known.contains(column));
        }
    }
    for made in &mut guess.mapping.entities {
        made.properties.retain(|said| !said.labelled || !said.columns.is_empty());
    }
    let whose = if above { "rows of this table" } else { "rows of another table" };
    graph::only_known(look, guess, (column, space), rows);
    guess.reasons.push(format!("“{heading}” holds the ids of {whose}"));
}

#[cfg(test)]
mod tests {
    use super::super::tests::{guessed, together};

    #[test]
    fn a_company_names_its_parent_by_its_code() {
        let (guess, lines) = guessed(
            "e.csv",
            "Entity code,Company name,Parent code,Own %\n1000,A Ltd,,\n1100,B Ltd,1000,100\n1110,C Ltd,1100,75\n",
        );
        assert!(
            lines.iter().any(|line| {
                line.starts_with("Ownership ownership: owner=<row above>, asset=<company>")
                    && line.contains("percentage=Own %")
            }),
            "{lines:#?}"
        );
        assert_eq!(guess.mapping.entities[0].keys, ["Entity code"]);
    }

    #[test]
    fn owners_own_the_companies_whose_ids_stand_beside_their_shares() {
        let guesses = together(&[
            ("k.csv", "client_id,company_name\n1001,A Ltd\n1002,B PLC\n1003,C Ltd\n"),
            (
                "o.csv",
                "owner_id,client_id,owner_name,ownership_percentage,owner_type\n\
                 1,1001,Jo Roe,60,Individual\n2,1001,D LLP,40,Corporate\n3,1002,Al Moe,100,Individual\n",
            ),
        ]);
        let made = &guesses[1].mapping.entities;
        let owned: Vec<_> = made.iter().filter(|made| made.schema == "Ownership").collect();
        assert!(!owned.is_empty(), "{made:#?}");
        assert!(
            owned.iter().all(|made| made.properties.iter().any(|s| s.property == "percentage"))
        );
    }

    #[test]
    fn a_number_that_happens_to_be_another_rows_is_no_parent() {
        let (_, lines) =
            guessed("e.csv", "ID,Company name,Floor\n1,A Ltd,2\n2,B Ltd,1\n3,C Ltd,1\n");
        assert!(lines.iter().all(|line| line.starts_with("Company")), "{lines:#?}");
    }
}
