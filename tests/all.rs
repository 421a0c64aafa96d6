//! Whole-program tests: one binary, so that the library is linked once. `cargo test --test all ui::` runs
//! one module.

mod cancel;
mod case;
mod cli;
mod create;
mod demo;
mod evidence_record;
mod explore;
mod export;
mod export_window;
mod exported;
mod faults;
mod fit;
mod format;
mod ftm;
mod history;
mod hostile;
mod hostile_import;
mod import;
#[cfg(unix)]
mod keyboard;
mod kill;
mod layers;
mod letters;
mod licences;
mod limits;
mod linear;
mod mapping;
mod measures;
mod need;
mod panels;
mod preview;
mod provenance;
mod raw;
mod readers;
mod safety;
mod said;
mod search;
mod shell;
mod snapshots;
mod tables;
mod tamper;
mod terminal;
mod ui;
mod window;
