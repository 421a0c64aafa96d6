//! What a case records beside its statements, as far as a question needs it: its evidence, what is
//! cited from it, which of it is an edition of which, and the case's own settings.

use std::collections::{BTreeMap, BTreeSet};

use super::{EntityRef, Seen};
use crate::{
    case::{Case, Horizon, Result},
    model::{CitationRef, Credibility, Edition, Evidence, Id, StatementKey},
};

/// The evidence of a case, withdrawn documents included, its editions and its settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    /// In the order of acquisition: when and how each was captured, its file, its grade.
    pub evidence: Vec<Evidence>,
    /// The case's own settings and rules: `title`, `marking`, ….
    pub settings: BTreeMap<String, String>,
    /// Which documents are editions of others.
    pub editions: Vec<Edition>,
}

impl Records {
    /// Reads them as far as the revisions of a horizon make them. Settings are those of now.
    pub fn read(case: &Case, horizon: &Horizon) -> Result<Self> {
        Ok(Self {
            evidence: case.evidence_at(horizon)?,
            settings: case.settings()?,
            editions: case.editions_at(horizon)?,
        })
    }
}

/// A citation that counts in what is seen.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    pub statement: StatementKey,
    pub citation: CitationRef,
    pub document: EntityRef<'a>,
    /// Whether it supports the statement or contradicts it.
    pub supports: bool,
    /// How far the information can be believed; absent until somebody judges it.
    pub credibility: Option<Credibility>,
}

impl Seen {
    /// The records of the documents that are seen, in the order of their acquisition.
    pub fn evidence(&self) -> impl Iterator<Item = &Evidence> {
        self.recorded.evidence.iter().filter(|item| self.get(&item.id).is_some())
    }

    /// The record of a document that is seen.
    pub fn document(&self, id: &Id) -> Option<&Evidence> {
        self.evidence().find(|item| item.id == *id)
    }

    /// The case's own settings and rules.
    pub fn settings(&self) -> &BTreeMap<String, String> {
        &self.recorded.settings
    }

    /// The documents from which something that is seen is cited, for it or against it.
    pub fn cited(&self) -> BTreeSet<&Id> {
        let grounds = self.iter().flat_map(EntityRef::grounds);
        grounds.map(|ground| ground.document.id()).collect()
    }

    /// The document from which another one was made, as a translation or an extract is: the first
    /// that its properties name as its folder, source or proof.
    pub fn derived_from<'a>(&'a self, document: EntityRef<'a>) -> Option<EntityRef<'a>> {
        let references = self.references_from(document);
        let mut targets = references.into_iter().map(super::Reference::target);
        targets.find(|target| super::is_document(target.schema()))
    }
}

impl<'a> EntityRef<'a> {
    /// The citations of its statements that count, those about its schema included.
    pub fn grounds(self) -> impl Iterator<Item = Ground<'a>> {
        let seen = self.seen;
        self.statements().flat_map(move |statement| {
            let is_there = move |document| seen.by_key(document).is_some();
            let counting = seen.counting.of(&seen.support, statement, is_there);
            counting.filter_map(move |one| {
                Some(Ground {
                    statement,
                    citation: one.citation,
                    document: seen.by_key(one.document)?,
                    supports: one.supports,
                    credibility: one.credibility,
                })
            })
        })
    }
}
