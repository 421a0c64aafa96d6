//! Tables whose columns mean what the user says: CSV, TSV, spreadsheets.

mod mapping;

pub use mapping::Mapping;
