//! What a case file looks like inside.

/// The format that this program writes.
pub(super) const FORMAT: u32 = 3;
/// Its tables and views.
pub(super) const SCHEMA: &str = include_str!("schema.sql");
