//! What one looks at a chart for: what a filter leaves out, and what size and colour stand for. It
//! is neither in the case nor on the chart.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use crate::model::Id;

/// What lies over a chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlay {
    /// Entities and relationships that a filter leaves out.
    pub left_out: Arc<HashSet<Id>>,
    /// Whether what is left out is hidden; otherwise it is dimmed.
    pub hides: bool,
    pub measured: Option<Arc<Measured>>,
    /// Whether the size of entities stands for it.
    pub by_size: bool,
    /// Whether the colour of entities stands for it.
    pub by_color: bool,
}

/// A measure of entities as it is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// What it is called: "Betweenness".
    pub title: String,
    pub marks: HashMap<Id, Mark>,
    /// The words for the least and the most, where marks are levels.
    pub ends: Option<[String; 2]>,
}

/// What a measure comes to for one entity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    /// How much, from 0 to 1: the square root of its part of the most, so that an area can stand
    /// for it.
    Level(f32),
    /// One of several kinds, numbered from 0, such as communities; size says nothing of them.
    Kind(u32),
}

impl Overlay {
    /// Whether something is left out and not drawn at all.
    pub fn hides(&self, id: &Id) -> bool {
        self.hides && self.left_out.contains(id)
    }

    /// Whether something is left out and drawn faintly.
    pub fn dims(&self, id: &Id) -> bool {
        !self.hides && self.left_out.contains(id)
    }

    /// What colour stands for at an entity.
    pub fn tint(&self, id: &Id) -> Option<Mark> {
        self.measured.as_ref().filter(|_| self.by_color)?.marks.get(id).copied()
    }

    /// How large an entity is drawn, from 0 to 1, where size stands for something.
    pub fn level(&self, id: &Id) -> Option<f32> {
        let measured = self.measured.as_ref().filter(|_| self.by_size)?;
        match measured.marks.get(id) {
            Some(Mark::Level(level)) => Some(*level),
            Some(Mark::Kind(_)) => None,
            // What was not measured is no larger than the least.
            None => Some(0.0),
        }
    }
}
