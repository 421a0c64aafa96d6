//! The keys of what has none by itself: relationships, and what is another one in every row.
//!
//! Ids are made of keys as `FollowTheMoney` makes them wherever that is possible, so that two
//! programs call the same relationship the same. Its rule sorts the keys, and therefore does not
//! know the direction of a relationship; where a file has both, the source is added.

use super::{
    Guess, Settings, Table,
    mapping::{EntityMapping, Mapping, stands_for},
};

/// Gives keys to each entity without any whose rows they tell apart.
fn give_keys(mapping: &mut Mapping) {
    let known = mapping.entities.clone();
    for entity in &mut mapping.entities {
        if !entity.keys.is_empty() || entity.id_column.is_some() || entity.each.is_some() {
            continue;
        }
        let edge = entity.known().and_then(|schema| schema.edge.as_ref());
        if edge.is_none() && !entity.each_row {
            continue;
        }
        let Some(keys) = columns(entity, &known, 0) else { continue };
        if let Some(edge) = edge {
            entity.by_ends = true;
            let source = stands_for(&edge.source);
            let source = entity.properties.iter().find(|said| source.contains(&&*said.property));
            let source = source.and_then(|said| said.entity.as_ref());
            let source = source.and_then(|name| known.iter().find(|made| made.name == *name));
            entity.agree = source.and_then(|source| columns(source, &known, 1)).unwrap_or_default();
        }
        entity.keys = keys;
    }
}

/// The columns that tell an entity of a row from others: its keys, or everything that is said of
/// it and of its ends. `None` where parts of a cell are entities of their own.
fn columns(entity: &EntityMapping, all: &[EntityMapping], depth: usize) -> Option<Vec<String>> {
    const DEEPEST: usize = 4;
    if entity.each.is_some() || depth > DEEPEST {
        return None;
    }
    let mut columns: Vec<String> = Vec::new();
    if let Some(id) = &entity.id_column {
        columns.push(id.clone());
    } else if entity.keys.is_empty() {
        for said in &entity.properties {
            match &said.entity {
                Some(name) => {
                    let end = all.iter().find(|made| made.name == *name)?;
                    columns.extend(self::columns(end, all, depth + 1)?);
                }
                None => columns.extend(said.all_columns().into_iter().map(str::to_owned)),
            }
        }
    } else {
        columns.extend(entity.keys.iter().cloned());
    }
    let mut once: Vec<String> = Vec::new();
    for column in columns {
        if !once.contains(&column) {
            once.push(column);
        }
    }
    Some(once)
}

/// Guesses what the columns of a table mean.
pub fn guess(table: &Table) -> Guess {
    keyed(super::guess::guess(table))
}

/// Guesses what the columns of tables mean that are read together, so that one may name the rows
/// of another by id.
pub fn guess_together(tables: &[Table]) -> Vec<Guess> {
    super::guess::guess_together(tables).into_iter().map(keyed).collect()
}

/// Guesses what the tables of files mean that are read together. Of a workbook, the mappings of the
/// further tables go with the first.
pub fn guess_files(files: Vec<Vec<Table>>, settings: &Settings) -> Vec<Guess> {
    super::guess::guess_files(files, settings).into_iter().map(keyed).collect()
}

/// A guess with keys for what has none by itself.
pub(super) fn keyed(mut guess: Guess) -> Guess {
    give_keys(&mut guess.mapping);
    guess.mapping.more.iter_mut().for_each(give_keys);
    guess
}

#[cfg(test)]
mod tests {
    use super::super::mapping::tests::shareholders;
    use super::*;

    #[test]
    fn relationships_have_the_keys_of_their_ends_and_what_is_said_of_them() {
        let mut mapping = shareholders();
        give_keys(&mut mapping);
        let [holding, company, _] = &mapping.entities[..] else { panic!("three entities") };
        assert_eq!(holding.keys, ["Owner", "Company", "Share"]);
        assert_eq!(holding.agree, ["Owner"]);
        assert!(holding.by_ends && company.keys.is_empty());
        let before = mapping.clone();
        give_keys(&mut mapping);
        assert_eq!(mapping, before);
        mapping.entities[0].keys.clear();
        mapping.entities[2].each = Some(super::super::Each {
            column: "Owner".into(),
            split: ";".into(),
            ..super::super::Each::default()
        });
        give_keys(&mut mapping);
        assert!(mapping.entities[0].keys.is_empty(), "each part of a cell is an owner");
    }
}
