//! A way to look at a case: as it was after a revision, without what an author, a source, a
//! document or a citation says. Nothing is written.

use std::collections::BTreeSet;

use crate::{
    case::Horizon,
    model::{CitationRef, Id},
};

/// A way to look at a case. The default is the case as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lens {
    /// Which revisions count: *known on*, and without authors. Which statements hold then is read
    /// from the file; see [`super::Network::read_at`].
    pub horizon: Horizon,
    /// Documents that are taken for withdrawn.
    pub evidence: BTreeSet<Id>,
    /// Sources (publisher, else author) all of whose documents are taken for withdrawn.
    pub sources: BTreeSet<String>,
    /// Citations that are taken for withdrawn.
    pub citations: BTreeSet<CitationRef>,
}

impl Lens {
    /// Whether it shows the case as it is.
    pub fn is_plain(&self) -> bool {
        self.horizon.is_now() && self.pulls_nothing()
    }

    /// Whether no document, source or citation is taken for withdrawn.
    pub fn pulls_nothing(&self) -> bool {
        self.evidence.is_empty() && self.sources.is_empty() && self.citations.is_empty()
    }

    /// The same with one document taken for withdrawn, or no longer.
    #[must_use]
    pub fn toggle_evidence(&self, document: &Id) -> Self {
        let mut lens = self.clone();
        toggle(&mut lens.evidence, document);
        lens
    }

    /// The same with one source taken for withdrawn, or no longer.
    #[must_use]
    pub fn toggle_source(&self, source: &String) -> Self {
        let mut lens = self.clone();
        toggle(&mut lens.sources, source);
        lens
    }

    /// The same with one citation taken for withdrawn, or no longer.
    #[must_use]
    pub fn toggle_citation(&self, citation: CitationRef) -> Self {
        let mut lens = self.clone();
        toggle(&mut lens.citations, &citation);
        lens
    }

    /// The same with what one author entered taken for withdrawn, or no longer.
    #[must_use]
    pub fn toggle_enterer(&self, author: &String) -> Self {
        let mut lens = self.clone();
        toggle(&mut lens.horizon.without, author);
        lens
    }

    /// Takes for withdrawn what another lens does, too. The revisions that count stay the same.
    pub fn add(&mut self, other: &Self) {
        let Self { horizon: _, evidence, sources, citations } = other;
        self.evidence.extend(evidence.iter().cloned());
        self.sources.extend(sources.iter().cloned());
        self.citations.extend(citations);
    }

    /// The case as it was after a revision, by its number in this file.
    pub fn known(revision: i64) -> Self {
        let horizon = Horizon { known: Some(revision), ..Horizon::default() };
        Self { horizon, ..Self::default() }
    }

    /// The case without what an author entered.
    pub fn without_enterer(author: impl Into<String>) -> Self {
        let horizon = Horizon { without: BTreeSet::from([author.into()]), ..Horizon::default() };
        Self { horizon, ..Self::default() }
    }

    /// The case as if one document were withdrawn.
    pub fn without_evidence(document: Id) -> Self {
        Self { evidence: BTreeSet::from([document]), ..Self::default() }
    }

    /// The case as if every document of a source were withdrawn.
    pub fn without_source(source: impl Into<String>) -> Self {
        Self { sources: BTreeSet::from([source.into()]), ..Self::default() }
    }

    /// The case as if one citation were withdrawn.
    pub fn without_citation(citation: CitationRef) -> Self {
        Self { citations: BTreeSet::from([citation]), ..Self::default() }
    }
}

fn toggle<T: Clone + Ord>(set: &mut BTreeSet<T>, item: &T) {
    if !set.remove(item) {
        set.insert(item.clone());
    }
}
