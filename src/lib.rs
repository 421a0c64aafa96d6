//! Redthread: who stands behind whom, how that is known, and what falls if a source falls.
//!
//! A case is a set of sourced statements in one `SQLite` file. The layers, top to bottom, each
//! using only those below it: `cli` and `app` (the two faces), `export`, `report`, `exchange`,
//! `chart`, `analysis`, `network`, `case`, `model`. `ARCHITECTURE.md` tells the rest on one page.

pub mod analysis;
pub mod app;
pub mod case;
pub mod chart;
pub mod cli;
pub mod demo;
pub mod exchange;
pub mod export;
pub mod model;
pub mod network;
pub mod report;

#[cfg(test)]
#[path = "../tests/need.rs"]
mod need;
