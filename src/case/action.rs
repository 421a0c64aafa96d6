//! What a user can do to a case. One action is one transaction, one revision, one undo step.

use std::path::PathBuf;

use crate::model::{
    Chart, CitationRef, Credibility, Edition, Id, Pinned, Placement, SavedSearch, Scene,
    StatementKey, Typed,
};

/// One user action: operations that happen together or not at all. What it is called is written
/// from them (`case/label.rs`).
#[derive(Clone, Debug, Default)]
pub struct Action {
    /// What the user did, where the operations do not tell.
    pub intent: Intent,
    /// What to do, in this order.
    pub ops: Vec<Op>,
}

impl Action {
    /// An action that its operations tell all about.
    pub fn new(ops: Vec<Op>) -> Self {
        Self { intent: Intent::Edit, ops }
    }

    /// An action with an intent that its operations do not tell.
    pub fn by(intent: Intent, ops: Vec<Op>) -> Self {
        Self { intent, ops }
    }
}

/// What the user wanted, where the operations alone do not tell: the same placements may be pasted,
/// or come from a layout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Intent {
    /// What the operations say.
    #[default]
    Edit,
    /// Placed what was copied.
    Paste,
    /// Placed neighbours of what is on the chart.
    Expand,
    /// Placed what describes these entities beside them, or took it off the chart again.
    Details(Vec<Id>),
    Arrange(Arrangement),
}

/// A rule by which entities are arranged on a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "`label` says it")]
pub enum Arrangement {
    Organic,
    OrganicQuick,
    OrganicFine,
    OrganicFromHere,
    Live,
    Hierarchy,
    Radial,
    Circle,
    Grid,
    GridBySchema,
    GridByDegree,
    Timeline,
    AlignLeft,
    AlignCentres,
    AlignRight,
    AlignTop,
    AlignMiddles,
    AlignBottom,
    SpaceAcross,
    SpaceDown,
}

/// One operation of an action.
#[derive(Clone, Debug)]
pub enum Op {
    /// Creates an entity or a relationship: states its schema, then its values.
    Add {
        entity: Id,
        schema: String,
        values: Vec<NewValue>,
    },
    /// States one more value of an entity that exists.
    State {
        entity: Id,
        value: NewValue,
    },
    /// Withdraws one statement, with its citations.
    Withdraw(StatementKey),
    Restore(StatementKey),
    /// Replaces a statement: withdraws it and states another value of the same property.
    Change {
        statement: StatementKey,
        /// The new value, under the same property.
        value: NewValue,
    },
    /// Makes an entity one of another schema, keeping its values.
    Retype {
        entity: Id,
        schema: String,
    },
    /// Denies that an entity exists, or that a relationship holds, or stops denying it.
    Deny {
        entity: Id,
        denied: bool,
    },
    /// Withdraws an entity with all its statements, and every relationship that it is an end of.
    WithdrawEntity(Id),
    /// Restores a withdrawn entity, and what its latest withdrawal took along.
    RestoreEntity(Id),
    SwapEnds(Id),
    /// Takes a document into the case.
    Attach(NewEvidence),
    /// Ties a statement to a place in evidence.
    Cite(NewCitation),
    WithdrawCitation(CitationRef),
    RestoreCitation(CitationRef),
    /// Says how far information can be believed; `None` says that nobody knows any more. The
    /// latest judgement counts.
    Judge {
        what: Judged,
        credibility: Option<Credibility>,
    },
    /// Places entities on a chart, or moves them.
    Place {
        chart: Id,
        placements: Vec<Placement>,
    },
    /// Takes entities off a chart; the case keeps them.
    Unplace {
        chart: Id,
        entities: Vec<Id>,
    },
    /// Creates a chart, or changes its name or settings.
    PutChart(Chart),
    /// Deletes a chart with its placements.
    DeleteChart(Id),
    /// Creates or changes a scene. `shows` is filled in by the case.
    PutScene(Scene),
    DeleteScene(Id),
    /// Saves a search, or changes its name or what it looks for.
    PutSearch(SavedSearch),
    /// Pins a finding, or changes it.
    PutPinned(Pinned),
    DeletePinned(Id),
    /// Says of a document that it is a newer or older edition of others, or which date it bears.
    PutEdition(Edition),
    DeleteSearch(Id),
    /// Sets one of the case's own settings (`title`, `marking`, `officer`, …).
    Set {
        key: String,
        /// Its value; empty removes it.
        value: String,
    },
}

/// A value to be stated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewValue {
    pub property: String,
    /// The value, cleaned to the property's type where it could be.
    pub value: String,
    /// The language, a three-letter code.
    pub lang: Option<String>,
    /// The spelling of the source, where cleaning changed it.
    pub original: Option<String>,
    pub denied: bool,
}

impl NewValue {
    /// An asserted value without language.
    pub fn new(property: impl Into<String>, value: impl Into<String>) -> Self {
        Self { property: property.into(), value: value.into(), ..Self::default() }
    }
}

impl From<Typed> for NewValue {
    fn from(typed: Typed) -> Self {
        let Typed { property, text: value, lang, original, denied, doubt: _ } = typed;
        Self { property, value, lang, original, denied }
    }
}

/// A document to be taken into the case.
#[derive(Clone, Debug)]
pub struct NewEvidence {
    /// The id of the `Document` entity that will stand for it.
    pub id: Id,
    pub bytes: EvidenceBytes,
    pub file_name: String,
    pub mime: String,
    /// How it was acquired: `dropped on a line`, `pasted`, `opened`.
    pub method: String,
    /// What is said about it: `title`, `sourceUrl`, `publishedAt`, `author`, `publisher`,
    /// `reliability`.
    pub values: Vec<NewValue>,
}

/// Where the bytes of new evidence come from.
#[derive(Clone, Debug)]
pub enum EvidenceBytes {
    /// A file, streamed.
    File(PathBuf),
    Memory(Vec<u8>),
}

/// A citation to be made.
#[derive(Clone, Debug)]
pub struct NewCitation {
    pub statement: Cited,
    pub evidence: Id,
    /// Whether it supports the statement or contradicts it.
    pub supports: bool,
    pub credibility: Option<Credibility>,
    /// Page, sheet or time.
    pub page: Option<String>,
    /// The words of the source.
    pub quote: Option<String>,
    /// A character range in the text of the evidence.
    pub range: Option<(u32, u32)>,
    /// A region of an image: left, top, width, height as fractions of its size.
    pub region: Option<[f32; 4]>,
}

/// What a judgement is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    Citation(CitationRef),
    /// All that was read from one document: every citation of it that has no credibility of its
    /// own.
    Document(Id),
}

/// The statement that a new citation is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cited {
    Statement(StatementKey),
    /// The nth statement that the same action adds, from 0. `Op::Add` adds the schema's
    /// statement first and its values after it.
    Nth(usize),
    /// The live statement that makes this entity exist.
    ExistenceOf(Id),
}

/// A file of an import. It becomes evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub path: PathBuf,
    pub title: String,
    pub mime: String,
}
