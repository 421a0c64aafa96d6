//! Redthread: who stands behind whom, how that is known, and what falls if a source falls.
//!
//! A case is a set of sourced statements in one `SQLite` file. The layers, top to bottom, each
//! using only those below it: `cli` and `app` (the two faces), `export`, `report`, `exchange`,
//! `chart`, `analysis`, `network`, `case`, `model`. `ARCHITECTURE.md` tells the rest on one page.
//! All below the faces is compiled as a crate of its own, `redthread-core` (`src/core.rs`).

pub use redthread_core::{analysis, case, chart, demo, exchange, export, model, network, report};

pub mod app;
pub mod cli;

#[cfg(test)]
#[path = "../tests/need.rs"]
mod need;
