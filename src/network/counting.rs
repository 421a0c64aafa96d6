//! Which citations count in what is seen.

use std::collections::{BTreeMap, BTreeSet};

use super::support::Support;
use crate::{
    case::Backing,
    model::{CitationRef, StatementKey},
};

/// Which citations count. By default all do.
#[derive(Clone, Debug, Default)]
pub(super) struct Counting {
    /// Citations that are taken for withdrawn.
    pub citations: BTreeSet<CitationRef>,
    /// Documents of which a newer edition is seen, each with the newest. They count only for what a
    /// person stated and no other document supports: two editions are not two sources.
    pub superseded: BTreeMap<u32, u32>,
}

impl Counting {
    /// Returns the citations of a statement that count; `is_there` says which documents exist.
    pub fn of<'a, F: Fn(u32) -> bool>(
        &'a self,
        support: &'a Support,
        statement: StatementKey,
        is_there: F,
    ) -> impl Iterator<Item = Backing> + use<'a, F> {
        let counts = |one: &Backing| !self.citations.contains(&one.citation);
        let is_old = |one: &Backing| one.supports && self.superseded.contains_key(&one.document);
        let is_repeated = !self.superseded.is_empty()
            && support
                .of(statement)
                .any(|one| one.supports && !is_old(&one) && counts(&one) && is_there(one.document));
        support.of(statement).filter(move |one| counts(one) && !(is_repeated && is_old(one)))
    }

    /// Returns the citations of a statement that weigh: those that count, without older editions that
    /// it was read from, which only say where what is kept of an entity comes from.
    pub(crate) fn weighing<'a, F: Fn(u32) -> bool>(
        &'a self,
        support: &'a Support,
        statement: StatementKey,
        is_there: F,
    ) -> impl Iterator<Item = Backing> + use<'a, F> {
        let is_read = !self.superseded.is_empty()
            && support.of(statement).any(|one| {
                matches!(one.citation, CitationRef::Read(_))
                    && !self.citations.contains(&one.citation)
            });
        let is_old = |one: &Backing| one.supports && self.superseded.contains_key(&one.document);
        let all = self.of(support, statement, is_there);
        all.filter(move |one| !(is_read && is_old(one)))
    }

    /// Whether the newest edition of a document that supports one statement supports one of others.
    pub(crate) fn is_said_anew(
        &self,
        support: &Support,
        statement: StatementKey,
        mut others: impl Iterator<Item = StatementKey>,
    ) -> bool {
        let old = support.of(statement).filter(|one| one.supports);
        let newest: BTreeSet<u32> =
            old.filter_map(|one| self.superseded.get(&one.document).copied()).collect();
        let is_new = |one: Backing| {
            one.supports
                && newest.contains(&one.document)
                && !self.citations.contains(&one.citation)
        };
        !newest.is_empty() && others.any(|other| support.of(other).any(is_new))
    }
}
