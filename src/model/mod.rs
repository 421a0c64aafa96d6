//! What things are: schema, statement, value, date, grade, id. No I/O happens here.

pub mod chart;
pub mod date;
pub mod derive;
pub mod entity;
pub mod evidence;
pub mod fold;
pub mod grade;
pub mod id;
pub mod identifier;
pub mod key;
pub mod pinned;
pub mod saved;
pub mod schema;
pub mod source;
pub mod strength;
pub mod typed;
pub mod value;
pub mod visible;

pub use chart::{Camera, Chart, Period, Placement, Scene};
pub use date::PartialDate;
pub use entity::{Cite, Entity, Existence, Value};
pub use evidence::{Citation, Evidence};
pub use grade::{Credibility, Reliability};
pub use id::Id;
pub use key::CitationRef;
pub use pinned::Pinned;
pub use saved::SavedSearch;
pub use schema::{Property, PropertyType, Schema};
pub use source::Source;
pub use strength::Strength;
pub use typed::{Corrected, Typed};
