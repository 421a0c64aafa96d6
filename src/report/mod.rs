//! What leaves the program for a reader.

pub mod png;
pub mod svg;
