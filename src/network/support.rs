//! What supports the statements of a case: which document, for or against, how credible.
//!
//! A list of a million statements is one span. Statements that are supported otherwise have an
//! entry of their own, which then says all.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Seen, pages::Pages};
use crate::{
    case::Backing,
    model::{CitationRef, Credibility, Entity, StatementKey},
};

/// What supports the statements of a case, by their local keys; documents by their keys in the
/// network.
#[derive(Clone, Debug, Default)]
pub(super) struct Support {
    /// In the order of their statements.
    spans: Arc<Vec<Span>>,
    apart: Pages<Box<[Backing]>>,
    /// The documents whose bytes are in the case, cited or not.
    evidence: BTreeSet<u32>,
    /// Credibilities that were given to all that was read from a document.
    judged: BTreeMap<u32, Credibility>,
}

/// Statements that were read from one document one after another.
#[derive(Clone, Copy, Debug)]
struct Span {
    first: StatementKey,
    last: StatementKey,
    document: u32,
}

/// What supports a run of statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Together {
    /// No document.
    Nothing,
    /// All of them were read from one document, and nothing else is known of them.
    Document(u32),
    /// They must be looked at one by one.
    Apart,
}

impl Support {
    /// Adds the statements `first` to `last`, which come after all that were added before.
    pub fn read(&mut self, first: StatementKey, last: StatementKey, document: u32) {
        let spans = Arc::make_mut(&mut self.spans);
        match spans.last_mut() {
            Some(span) if span.document == document && span.last.is_before(first) => {
                span.last = last;
            }
            _ => spans.push(Span { first, last, document }),
        }
    }

    /// Adds a document whose bytes are in the case, and the credibility of all that was read from
    /// it, if somebody judged that.
    pub fn attach(&mut self, document: u32, judged: Option<Credibility>) {
        self.evidence.insert(document);
        self.judged.extend(judged.map(|judged| (document, judged)));
    }

    /// The credibility of what was read from a document and has no entry of its own.
    pub fn judged(&self, document: u32) -> Option<Credibility> {
        self.judged.get(&document).copied()
    }

    /// Every document whose bytes are in the case.
    pub fn evidence(&self) -> impl Iterator<Item = u32> {
        self.evidence.iter().copied()
    }

    /// Sets all that supports a statement.
    pub fn cite(&mut self, statement: StatementKey, citations: Vec<Backing>) {
        self.apart.insert(statement, citations.into_boxed_slice());
    }

    /// Sets all that supports the statements of an entity that exists in the network.
    pub fn put(&mut self, seen: &Seen, entity: &Entity) {
        if entity.evidence {
            self.evidence.extend(seen.key(entity.id.as_str()));
        }
        let existence = entity.existence.iter().map(|one| one.statement);
        let mut statements: Vec<StatementKey> =
            existence.chain(entity.values.iter().map(|value| value.statement)).collect();
        statements.sort_unstable();
        // Both are in the order of statements: an entity may have a hundred thousand of each.
        let mut rest = entity.citations.as_slice();
        for statement in statements {
            rest = &rest[rest.partition_point(|cite| cite.statement < statement)..];
            let (cited, after) = rest.split_at(rest.partition_point(|c| c.statement == statement));
            rest = after;
            let citations = cited.iter().filter_map(|cite| {
                Some(Backing {
                    citation: cite.citation,
                    document: seen.key(cite.document.as_str())?,
                    supports: cite.supports,
                    credibility: cite.credibility,
                })
            });
            let citations: Box<[Backing]> = citations.collect();
            // Most statements of a case that is drawn by hand are supported by nothing: those
            // need no entry unless a span says otherwise.
            if citations.is_empty() && self.span(statement).is_none() {
                self.apart.remove(statement);
            } else {
                self.apart.insert(statement, citations);
            }
        }
    }

    fn span(&self, statement: StatementKey) -> Option<&Span> {
        let at = self.spans.partition_point(|span| span.first <= statement).checked_sub(1)?;
        self.spans.get(at).filter(|span| statement <= span.last)
    }

    /// Everything that supports or contradicts a statement.
    pub fn of(&self, statement: StatementKey) -> impl Iterator<Item = Backing> {
        let apart = self.apart.get(statement);
        let span = if apart.is_some() { None } else { self.span(statement) };
        let read = span.map(|span| Backing {
            citation: CitationRef::Read(statement),
            document: span.document,
            supports: true,
            credibility: self.judged(span.document),
        });
        apart.into_iter().flat_map(|all| all.iter().copied()).chain(read)
    }

    /// The documents that support a statement.
    pub fn documents_of(&self, statement: StatementKey) -> BTreeSet<u32> {
        self.of(statement).filter(|one| one.supports).map(|one| one.document).collect()
    }

    /// What supports the statements from `first` to `last`.
    pub fn together(&self, first: StatementKey, last: StatementKey) -> Together {
        if self.apart.range(first..=last).next().is_some() {
            return Together::Apart;
        }
        let at = self.spans.partition_point(|span| span.last < first);
        match self.spans.get(at) {
            Some(span) if span.first <= first && last <= span.last => {
                Together::Document(span.document)
            }
            Some(span) if span.first <= last => Together::Apart,
            _ => Together::Nothing,
        }
    }

    /// Whether one of these documents or citations supports or contradicts one of the statements
    /// from `first` to `last`. Says yes too often rather than too rarely.
    pub fn touches(
        &self,
        first: StatementKey,
        last: StatementKey,
        documents: &BTreeSet<u32>,
        citations: &BTreeSet<CitationRef>,
    ) -> bool {
        let at = self.spans.partition_point(|span| span.last < first);
        let mut spans = self.spans[at..].iter().take_while(|span| span.first <= last);
        let read = |one: &CitationRef| match one {
            CitationRef::Read(statement) => (first..=last).contains(statement),
            CitationRef::Made(_) => false,
        };
        spans.any(|span| documents.contains(&span.document))
            || citations.iter().any(read)
            || self.apart.range(first..=last).any(|all| {
                all.iter().any(|one| {
                    documents.contains(&one.document) || citations.contains(&one.citation)
                })
            })
    }

    /// Every document that supports or contradicts a statement.
    pub fn documents(&self) -> impl Iterator<Item = u32> {
        let apart = self.apart.values().flat_map(|all| all.iter().map(|one| one.document));
        self.spans.iter().map(|span| span.document).chain(apart)
    }

    /// Gives back what was set aside for more.
    pub fn shrink(&mut self) {
        self.apart.shrink();
    }

    #[cfg(test)]
    pub fn apart(&self, other: &Self) -> (usize, usize) {
        assert!(Arc::ptr_eq(&self.spans, &other.spans));
        self.apart.apart(&other.apart)
    }

    /// About what it takes in memory, in bytes.
    pub fn bytes(&self) -> usize {
        let apart = self.apart.values().map(|all| 16 + all.len() * size_of::<Backing>());
        let spans = self.spans.capacity() * size_of::<Span>();
        spans + self.apart.bytes() + apart.sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_an_entry_of_its_own_is_not_in_the_span_around_it() {
        let mut support = Support::default();
        let key = StatementKey::from_row;
        support.read(key(1), key(4), 7);
        support.read(key(5), key(9), 7);
        support.read(key(12), key(15), 8);
        support.cite(key(3), Vec::new());
        let documents =
            |statement| support.of(key(statement)).map(|one| one.document).collect::<Vec<_>>();
        let together = |first, last| support.together(key(first), key(last));
        assert_eq!(documents(2), [7]);
        assert!(documents(3).is_empty());
        assert!(documents(10).is_empty());
        assert_eq!(documents(15), [8]);
        assert_eq!(together(4, 9), Together::Document(7));
        assert_eq!(together(2, 4), Together::Apart);
        assert_eq!(together(8, 12), Together::Apart);
        assert_eq!(together(9, 10), Together::Apart);
        assert_eq!(together(10, 11), Together::Nothing);
        assert_eq!(together(16, 20), Together::Nothing);
    }

    #[test]
    fn an_entity_of_very_many_cited_values_is_taken_in_at_once() {
        const MANY: i64 = 100_000;
        let key = StatementKey::from_row;
        let value = |statement| crate::model::Value {
            statement: key(statement),
            property: "alias".into(),
            text: "A".into(),
            lang: None,
            denied: false,
            strength: crate::model::Strength::default(),
        };
        let cite = |statement| crate::model::Cite {
            statement: key(statement),
            citation: CitationRef::Read(key(statement)),
            document: "d".into(),
            supports: true,
            credibility: None,
        };
        let entity = |id: &str, range: std::ops::Range<i64>| Entity {
            id: id.into(),
            schema: "Company".into(),
            caption: "A".into(),
            ends: None,
            denied: false,
            strength: crate::model::Strength::default(),
            evidence: false,
            existence: Vec::new(),
            values: range.clone().map(value).collect(),
            citations: range.map(cite).collect(),
        };
        let all = vec![entity("d", 0..1), entity("e", 1..MANY)];
        let seen = Seen::new(all.clone());
        let mut support = Support::default();
        let begun = std::time::Instant::now();
        support.put(&seen, &all[1]);
        assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
        for statement in [1, 2, MANY - 1] {
            assert_eq!(support.of(key(statement)).count(), 1, "{statement}");
        }
        assert_eq!(support.of(key(MANY)).count(), 0);
    }
}
