//! Tables that are read together, of which one names nobody and only says more of the rows of
//! another: contracts with the ids of people, accounts with the ids of firms.

use super::{
    super::EntityMapping,
    Guess, Look, build,
    graph::{self, Space},
    plan::TableKind,
    sure,
};

/// The confidence that what a table says belongs to the rows whose ids it has.
const SURE: f32 = 0.8;

/// Lets what a table says be remarks on the rows of another whose ids it has.
pub(super) fn join(looks: &[Look], guesses: &mut [Guess]) {
    if guesses.iter().all(|guess| guess.kind != TableKind::None) {
        return;
    }
    let mut spaces = graph::spaces(looks, guesses);
    spaces.retain(|space| space.schema != "Thing");
    for table in 0..looks.len() {
        if guesses[table].kind != TableKind::None {
            continue;
        }
        let look = &looks[table];
        let Some((column, space)) = end(looks, &spaces, table) else { continue };
        graph::identify(&looks[space.table], &mut guesses[space.table], space);
        let heading = look.columns[column].clone();
        let mut made = EntityMapping {
            name: space.base.clone(),
            schema: space.schema.to_owned(),
            ..EntityMapping::default()
        };
        graph::key_by(&mut made, heading.clone(), space);
        build::label(&mut made, look.columns.clone());
        let guess = &mut guesses[table];
        guess.kind = TableKind::List;
        guess.confidence = sure::observed(SURE);
        guess.shape = "more about the rows of another table".to_owned();
        guess.reasons = vec![format!("“{heading}” holds the ids of rows of another table")];
        guess.mapping.entities = vec![made];
    }
}

/// The first column of which every cell is the id of a row of another table, and that says so.
fn end<'s>(looks: &[Look], spaces: &'s [Space], table: usize) -> Option<(usize, &'s Space)> {
    let look = &looks[table];
    (0..look.profiles.len()).find_map(|column| {
        let profile = &look.profiles[column];
        let near =
            |space: &Space| graph::likeness(&profile.heading, &looks[space.table], space.column);
        let known = |space: &Space| {
            let mut cells = look.rows.iter().map(|row| row.get(column));
            profile.filled > 0 && cells.all(|cell| cell.is_empty() || space.holds(cell))
        };
        let may = |space: &&Space| space.table != table && near(space) > 0 && known(space);
        let space = spaces.iter().filter(may).max_by_key(|space| near(space))?;
        Some((column, space))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::together;

    #[test]
    fn what_names_nobody_is_said_of_the_rows_whose_ids_it_has() {
        let made = |other: &str| {
            let firms = "npi,Company name\n17878,Norden Ltd\n98394,Vance Ltd\n";
            let guesses = together(&[("firms.csv", firms), ("accounts.csv", other)]);
            guesses[1].mapping.entities.clone()
        };
        let told = made("firm_npi,account_hash\n17878,B-001\n17878,B-002\n98394,B-001\n");
        assert_eq!(told.len(), 1, "{told:#?}");
        assert_eq!((&*told[0].schema, &*told[0].keys), ("Company", &["firm_npi".to_owned()][..]));
        assert!(told[0].properties.iter().all(|said| said.labelled));
        assert!(made("firm_npi,account_hash\n17878,B-001\n55555,B-002\n").is_empty());
        assert!(made("weight,account_hash\n17878,B-001\n98394,B-002\n").is_empty());
    }
}
