//! A way to look at a case: as it was after a revision, as of a day, without what an author, a source,
//! a document or a citation says, with what is the same united, in the newest editions of documents or in all. Nothing is written.

use std::collections::BTreeSet;

use super::Seen;
use crate::{
    case::Horizon,
    model::{CitationRef, Edition, Id, PartialDate, RevisionNumber, Strength},
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
    /// The day, month or year as of which the case is seen: entities and relationships that ended
    /// before it or began after it do not count. Where partial dates leave that open, they do, and
    /// [`super::EntityRef::is_date_uncertain`] says so; undated ones always count, and so do
    /// documents.
    pub on: Option<PartialDate>,
    /// Which statements that two entities are the same unite them.
    pub same: Same,
    /// Which editions of documents are seen.
    pub editions: Editions,
}

/// Which editions of documents are seen, where the case has several; see [`super::edition`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Editions {
    /// The newest: what these do not say any more is out of sight.
    #[default]
    Newest,
    All,
}

/// Which statements that two entities are the same count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Same {
    /// None: every entity stands for itself.
    #[default]
    None,
    /// Those that are at least so well supported.
    AtLeast(Strength),
    /// All that are live, however well they are supported.
    All,
}

impl Same {
    /// What is united, in a sentence; `None` where nothing is.
    pub fn words(self) -> Option<String> {
        match self {
            Self::None => None,
            Self::All => Some("Entities said to be the same are united.".to_owned()),
            Self::AtLeast(least) => Some(format!(
                "Entities said to be the same are united where that is at least {}.",
                least.words()
            )),
        }
    }

    /// Whether a statement of a strength counts.
    pub fn counts(self, strength: Strength) -> bool {
        match self {
            Self::None => false,
            Self::AtLeast(least) => strength >= least,
            Self::All => true,
        }
    }
}

impl Lens {
    /// Whether it shows the case as it is: what holds now, as the newest editions say it.
    pub fn is_plain(&self) -> bool {
        self.shows_now() && self.editions == Editions::Newest
    }

    /// Whether it shows all that holds now, as far as the editions that it shows say it.
    fn shows_now(&self) -> bool {
        self.horizon.is_now() && self.shows_all()
    }

    /// Whether all that holds now is seen through it where these editions are recorded, so that
    /// nothing has to be sifted.
    pub fn shows_everything(&self, editions: &[Edition]) -> bool {
        self.shows_now() && (editions.is_empty() || self.editions == Editions::All)
    }

    /// Whether it shows all that the revisions that count in it say, in the editions that it shows.
    pub(super) fn shows_all(&self) -> bool {
        self.on.is_none() && self.same == Same::None && self.pulls_nothing()
    }

    /// Whether no document, source or citation is taken for withdrawn.
    pub(super) fn pulls_nothing(&self) -> bool {
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

    /// What it does, in whole sentences; documents are named as in what is `seen` through it.
    pub fn words(&self, seen: &Seen) -> String {
        let mut all = Vec::new();
        if let Some(known) = self.horizon.known {
            all.push(format!("As the case was after revision {known}."));
        }
        if let Some(on) = &self.on {
            all.push(format!("As of {on}."));
        }
        let named = |id: &Id| {
            let item = seen.recorded.evidence.iter().find(|item| item.id == *id);
            item.map_or_else(|| id.to_string(), |item| item.caption.clone())
        };
        let pulled = self.pulled(named);
        if !pulled.is_empty() {
            all.push(format!("As if withdrawn: {pulled}."));
        }
        all.extend(self.same.words());
        let editions = &seen.recorded.editions;
        if self.editions == Editions::All && !editions.is_empty() {
            all.push("All editions of documents.".to_owned());
        } else if !seen.counting.superseded.is_empty() {
            let older = seen.counting.superseded.keys().filter_map(|key| seen.by_key(*key));
            let older: Vec<String> =
                older.map(|document| format!("“{}”", document.caption())).collect();
            all.push(format!("Without what only older editions say: {}.", older.join(", ")));
        }
        all.join(" ")
    }

    /// The documents, sources, authors and citations that are taken for withdrawn, in one line.
    pub fn pulled(&self, named: impl Fn(&Id) -> String) -> String {
        let mut all: Vec<String> =
            self.evidence.iter().map(|id| format!("“{}”", named(id))).collect();
        all.extend(self.sources.iter().map(|source| format!("everything from “{source}”")));
        all.extend(self.horizon.without.iter().map(|author| format!("what “{author}” entered")));
        match self.citations.len() {
            0 => {}
            1 => all.push("one citation".to_owned()),
            many => all.push(format!("{many} citations")),
        }
        all.join(", ")
    }

    /// Takes for withdrawn what another lens does, too. The revisions that count, the day, the
    /// editions and what is united stay the same.
    pub fn add(&mut self, other: &Self) {
        let Self { horizon: _, on: _, same: _, editions: _, evidence, sources, citations } = other;
        self.evidence.extend(evidence.iter().cloned());
        self.sources.extend(sources.iter().cloned());
        self.citations.extend(citations);
    }

    /// The case as it was after a revision, by its number in this file.
    pub fn known(revision: RevisionNumber) -> Self {
        let horizon = Horizon { known: Some(revision), ..Horizon::default() };
        Self { horizon, ..Self::default() }
    }

    /// The case as of a day, a month or a year.
    pub fn on(date: PartialDate) -> Self {
        Self { on: Some(date), ..Self::default() }
    }

    /// The case with those entities united that are the same.
    pub fn united(same: Same) -> Self {
        Self { same, ..Self::default() }
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
