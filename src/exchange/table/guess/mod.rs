//! The first mapping of a table, by itself: by its headings in many languages and by what its
//! cells look like.

mod party;
mod profile;

use std::collections::HashSet;

use super::{mapping::Mapping, source::Table};
use profile::Profile;

/// A mapping that was guessed, with why.
#[derive(Clone, Debug, Default)]
pub struct Guess {
    /// The mapping; without entities where nothing was understood.
    pub mapping: Mapping,
    /// What kind of table it seems to be: `a list of shareholders`.
    pub shape: &'static str,
    /// Every column in its order.
    pub columns: Vec<Column>,
}

/// What a column seems to be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// How certain it is, 0 to 1.
    pub confidence: f32,
    /// Why, without a full stop; nothing where the column was not understood.
    pub reason: String,
    /// Whether its dates could mean two days each and nothing tells which comes first.
    pub ambiguous: bool,
    /// Whether it holds keys, hashes or stamps that nobody wants to read.
    pub technical: bool,
}

/// Guesses what the columns of a table mean.
pub fn guess(table: &Table) -> Guess {
    let profiles: Vec<Profile> = table
        .columns
        .iter()
        .enumerate()
        .map(|(column, heading)| Profile::of(heading, column, &table.sample))
        .collect();
    let stem = table.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (shape, entities) = party::entities(&profiles, &stem);
    let used: HashSet<String> = entities
        .iter()
        .flat_map(|entity| &entity.properties)
        .filter(|said| !said.labelled)
        .flat_map(|said| said.all_columns().into_iter().map(str::to_owned))
        .collect();
    let columns = profiles.into_iter().map(|profile| {
        let known = used.contains(&profile.heading);
        Column {
            ambiguous: profile.ambiguous && known,
            confidence: if known { profile.confidence } else { 0.0 },
            reason: if known { profile.reason } else { String::new() },
            technical: profile.technical,
            heading: profile.heading,
        }
    });
    Guess {
        shape,
        columns: columns.collect(),
        mapping: Mapping {
            name: stem,
            columns: table.columns.clone(),
            entities,
            ..Mapping::default()
        },
    }
}
