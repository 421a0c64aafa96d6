//! GEXF 1.3, the format of Gephi.

pub mod write;
