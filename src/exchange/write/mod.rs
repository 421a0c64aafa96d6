//! What leaves a case, as other formats.

pub mod content;
pub(crate) mod gexf;
pub(super) mod graph;
pub(crate) mod graphml;
pub(crate) mod neo4j;
pub(crate) mod pair;
pub(crate) mod safe;
pub(crate) mod statements;
pub(crate) mod xlsx;

use super::{ftm, put, references, unwritten};
