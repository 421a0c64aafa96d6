//! Whole-program tests: one binary, so that the library is linked once. `cargo test --test all ui::` runs
//! one module.

mod case;
mod cli;
mod create;
mod demo;
mod explore;
mod export;
mod export_window;
mod exported;
mod fit;
mod format;
mod ftm;
mod history;
mod hostile;
mod hostile_import;
mod import;
#[cfg(unix)]
mod kill;
mod layers;
mod licences;
mod mapping;
mod measures;
mod need;
mod provenance;
mod readers;
mod search;
mod snapshots;
mod tables;
mod tamper;
mod ui;
mod window;
