//! How a command looks at a case: as it was, as of a day, without what some say.

use std::collections::BTreeSet;

use clap::{Args, builder::PossibleValuesParser};

use super::Failure;
use crate::{
    case::{Case, Revision},
    model::{PartialDate, RevisionNumber, Strength},
    network::{Editions, Lens, Same},
};

#[derive(Args, Clone, Debug, Default)]
pub(super) struct LensArgs {
    /// The day on which the facts must hold: 2024, 2024-07 or 2024-07-03.
    #[arg(long, value_name = "DATE")]
    pub(super) on: Option<String>,
    /// As if a document (by id) or everything of a source (by name) were withdrawn; can be given
    /// again.
    #[arg(long, value_name = "ID|SOURCE")]
    pub(super) without: Vec<String>,
    /// As if all that an author entered were undone; can be given again.
    #[arg(long, value_name = "AUTHOR")]
    pub(super) without_enterer: Vec<String>,
    /// As the case was after a revision, by its number; see `redthread log`.
    #[arg(long, value_name = "REVISION")]
    pub(super) known: Option<RevisionNumber>,
    /// Which statements that two entities are the same unite them: none, all, or those that are at
    /// least unconfirmed or confirmed.
    #[arg(long, value_name = "WHICH", default_value = "none")]
    #[arg(value_parser = PossibleValuesParser::new(["none", "all", "unconfirmed", "confirmed"]))]
    pub(super) same: String,
    /// See what only older editions of documents say, too.
    #[arg(long)]
    pub(super) all_editions: bool,
}

impl LensArgs {
    /// The day, if one is named.
    pub(super) fn day(&self) -> Result<Option<PartialDate>, Failure> {
        let date = |text: &str| {
            PartialDate::from_input(text).map_err(|_| {
                Failure::Said(format!("“{text}” is not a date; write 2024, 2024-07 or 2024-07-03."))
            })
        };
        self.on.as_deref().map(date).transpose()
    }

    /// The lens that looks away from documents, sources and authors, and back to a revision; the
    /// day is left to the command.
    pub(super) fn lens(&self, case: &Case, log: &[Revision]) -> Result<Lens, Failure> {
        let evidence = case.evidence()?;
        let editions = if self.all_editions { Editions::All } else { Editions::Newest };
        let mut lens = Lens { same: same(&self.same), editions, ..Lens::default() };
        if let Some(known) = self.known {
            if !log.iter().any(|one| one.number == known) {
                let newest = log.last().map_or(0, |one| one.number.get());
                return Err(Failure::Said(format!(
                    "There is no revision {known} in this case; the newest is {newest}."
                )));
            }
            lens.horizon.known = Some(known);
        }
        for author in &self.without_enterer {
            if !log.iter().any(|one| one.author == *author) {
                let authors: BTreeSet<&str> = log.iter().map(|one| one.author.as_str()).collect();
                let authors: Vec<&str> = authors.into_iter().collect();
                return Err(Failure::Said(format!(
                    "No revision of this case is by “{author}”. Its authors: {}.",
                    authors.join(", ")
                )));
            }
            lens.horizon.without.insert(author.clone());
        }
        for name in &self.without {
            if let Some(item) = evidence.iter().find(|item| item.id.as_str() == name) {
                lens.evidence.insert(item.id.clone());
            } else if evidence.iter().any(|item| item.origin.as_ref() == Some(name)) {
                lens.sources.insert(name.clone());
            } else {
                return Err(Failure::Said(format!(
                    "“{name}” is neither the id of a document in the case nor a source that one names."
                )));
            }
        }
        Ok(lens)
    }
}

/// What is united, by its word.
fn same(word: &str) -> Same {
    match word {
        "all" => Same::All,
        "unconfirmed" => Same::AtLeast(Strength::Unconfirmed),
        "confirmed" => Same::AtLeast(Strength::Confirmed),
        _ => Same::None,
    }
}
