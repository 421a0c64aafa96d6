//! A case without its window: all layers below the two faces of Redthread.
//!
//! A crate of its own so that it is compiled while the window's libraries still are, and not again
//! when only a face changes.

pub mod analysis;
pub mod case;
pub mod chart;
pub mod demo;
pub mod exchange;
pub mod export;
pub mod model;
pub mod network;
pub mod report;
