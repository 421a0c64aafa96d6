//! Whole-program tests: one binary, so that the library is linked once. `cargo test --test all ui::` runs
//! one module.

mod case;
mod cli;
mod demo;
mod explore;
mod export;
mod export_window;
mod exported;
mod format;
mod ftm;
mod history;
mod hostile;
mod hostile_import;
mod import;
#[cfg(unix)]
mod kill;
mod layers;
mod mapping;
mod measures;
mod provenance;
mod readers;
mod safety;
mod search;
mod tables;
mod tamper;
mod ui;
mod window;
