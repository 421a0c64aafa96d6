//! What things are: schema, statement, value, date, grade, id. No I/O happens here.

pub mod chart;
pub(crate) mod count;
pub mod date;
pub(crate) mod derive;
pub mod entity;
pub mod evidence;
pub mod fold;
pub(crate) mod grade;
pub(crate) mod id;
pub mod identifier;
pub(crate) mod key;
pub(crate) mod name;
pub(crate) mod pinned;
pub(crate) mod saved;
pub mod schema;
pub(crate) mod source;
pub(crate) mod strength;
pub mod typed;
pub mod value;
pub mod visible;
pub(crate) mod xml;

pub use chart::{Camera, Chart, Period, Placement, Scene};
pub use date::PartialDate;
pub use entity::{Cite, Entity, Existence, Value};
pub use evidence::{Citation, Evidence};
pub use grade::{Credibility, Reliability};
pub use id::Id;
pub use key::{CitationKey, CitationRef, InvalidRevision, RevisionNumber, StatementKey};
pub use name::{CitationId, InvalidName, StatementId};
pub use pinned::Pinned;
pub use saved::SavedSearch;
pub use schema::{Property, PropertyType, Schema};
pub use source::Source;
pub use strength::Strength;
pub use typed::{Corrected, Typed};
