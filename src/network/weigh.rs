//! How strong statements are, by what supports them.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use super::{
    Seen,
    counting::Counting,
    support::{Support, Together},
};
use crate::model::{
    Reliability, Source, StatementKey, Strength, derive::Said, strength::Support as Weight,
};

/// Weighs statements by the documents that support them, as they are in a case.
pub(super) struct Weigher<'a> {
    support: &'a Support,
    /// The sources of the documents that exist.
    sources: HashMap<u32, OwnSource>,
    counting: &'a Counting,
    /// What [`Self::alone`] has answered.
    alone: RefCell<HashMap<u32, Strength>>,
}

/// A source that stands by itself, so that what is seen can be changed meanwhile.
struct OwnSource {
    reliability: Option<Reliability>,
    origin: Option<String>,
}

static ALL: LazyLock<Counting> = LazyLock::new(Counting::default);

impl<'a> Weigher<'a> {
    /// Weighs by the documents that exist in `seen`.
    pub fn new(seen: &Seen, support: &'a Support) -> Self {
        Self::counting(seen, support, &ALL)
    }

    /// The same by those citations that count.
    pub fn counting(seen: &Seen, support: &'a Support, counting: &'a Counting) -> Self {
        Self::of_documents(seen, support, counting, support.documents())
    }

    /// The same for some statements alone, without a look at all that supports others.
    pub(crate) fn of_statements(
        seen: &Seen,
        support: &'a Support,
        counting: &'a Counting,
        statements: &[StatementKey],
    ) -> Self {
        let documents = statements.iter().flat_map(|statement| support.of(*statement));
        Self::of_documents(seen, support, counting, documents.map(|one| one.document))
    }

    fn of_documents(
        seen: &Seen,
        support: &'a Support,
        counting: &'a Counting,
        documents: impl Iterator<Item = u32>,
    ) -> Self {
        let documents: BTreeSet<u32> = documents.collect();
        let sources = documents.into_iter().filter_map(|document| {
            let Source { reliability, origin } = source_of(seen, document)?;
            Some((document, OwnSource { reliability, origin: origin.map(str::to_owned) }))
        });
        Self { support, sources: sources.collect(), counting, alone: RefCell::default() }
    }

    /// What weighs for and against a statement.
    pub fn of(&self, statement: StatementKey) -> impl Iterator<Item = Weight<'_>> {
        let is_there = |document| self.sources.contains_key(&document);
        self.counting.weighing(self.support, statement, is_there).filter_map(|one| {
            let source = self.sources.get(&one.document)?;
            Some(Weight {
                supports: one.supports,
                reliability: source.reliability,
                credibility: one.credibility,
                origin: source.origin.as_deref(),
            })
        })
    }

    /// Whether some documents have newer editions.
    pub(crate) fn knows_editions(&self) -> bool {
        !self.counting.superseded.is_empty()
    }

    /// Whether the newest edition of a document that a statement was read from supports one of others.
    pub(crate) fn is_said_anew(
        &self,
        statement: StatementKey,
        others: impl Iterator<Item = StatementKey>,
    ) -> bool {
        self.counting.is_said_anew(self.support, statement, others)
    }

    /// The strength of what was read from a document and is supported by nothing else.
    pub fn alone(&self, document: u32) -> Strength {
        let mut known = self.alone.borrow_mut();
        *known.entry(document).or_insert_with(|| {
            Strength::of(self.sources.get(&document).map(|source| Weight {
                supports: true,
                reliability: source.reliability,
                credibility: self.support.judged(document),
                origin: source.origin.as_deref(),
            }))
        })
    }

    /// The strength that all statements from `first` to `last` have, together and each by itself,
    /// where that is known without a look at each.
    pub fn together(&self, first: StatementKey, last: StatementKey) -> Option<Strength> {
        if !self.counting.citations.is_empty() {
            return None;
        }
        match self.support.together(first, last) {
            Together::Nothing => Some(Strength::default()),
            // They have one source and one credibility in common, so that many weigh no more than
            // one.
            Together::Document(one) if self.counting.superseded.contains_key(&one) => {
                Some(Strength::default())
            }
            Together::Document(document) => Some(self.alone(document)),
            Together::Apart => None,
        }
    }
}

/// The source of a document that exists.
pub(super) fn source_of(seen: &Seen, document: u32) -> Option<Source<'_>> {
    let entity = seen.by_key(document)?;
    let said = entity.values().map(|value| Said {
        property: value.property,
        value: value.text,
        denied: value.denied,
    });
    let exists = Said::asserted(crate::model::entity::SCHEMA, entity.schema());
    Source::of(std::iter::once(exists).chain(said))
}
