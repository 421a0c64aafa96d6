//! An organic layout that runs while one looks on: one small step after the other, from where
//! everybody stands, with some held by a hand meanwhile.

use std::collections::BTreeMap;

use super::{
    Body, Graph, Tie,
    force::{Flat, Unit},
    organic::Steps,
};
use crate::chart::Point;

/// A layout under way.
pub struct Live {
    steps: Steps,
    /// The number that each card has there.
    number: Vec<u32>,
    unit: Unit,
    /// Where cards are that do not move.
    held: BTreeMap<usize, Point>,
}

impl Live {
    /// A layout of these cards from where they are; who is fixed does not move.
    pub fn new(bodies: &[Body], ties: &[Tie], threads: usize) -> Self {
        let flat = Flat::of(&Graph::new(bodies.len(), ties));
        let unit = Unit::roomy(bodies);
        let places: Vec<(f32, f32)> = bodies.iter().map(|body| unit.of(body.at)).collect();
        let (steps, number) = Steps::new(flat.problem(), &places, threads);
        let mut live = Self { steps, number, unit, held: BTreeMap::new() };
        for (n, body) in bodies.iter().enumerate().filter(|(_, body)| body.fixed) {
            live.hold(n, body.at);
        }
        live
    }

    /// Keeps a card at a place until it is let go.
    pub fn hold(&mut self, card: usize, at: Point) {
        let Some(&n) = self.number.get(card) else { return };
        if self.held.insert(card, at) != Some(at) {
            self.steps.put(n as usize, self.unit.of(at));
            self.steps.set_mobility(n as usize, 0.0);
            self.steps.warm();
        }
    }

    /// Lets a card move again.
    pub fn let_go(&mut self, card: usize) {
        if self.held.remove(&card).is_some() {
            self.steps.set_mobility(self.number[card] as usize, 1.0);
            self.steps.warm();
        }
    }

    /// One step. Gives how far cards moved on average.
    pub fn step(&mut self) -> f32 {
        self.steps.step() * self.unit.0.max(self.unit.1)
    }

    /// Whether nothing moves any more that one would see.
    pub fn is_at_rest(&self) -> bool {
        self.steps.is_at_rest()
    }

    /// Where every card is now.
    pub fn points(&self) -> Vec<Point> {
        let at = |(card, n): (usize, &u32)| {
            let held = self.held.get(&card).copied();
            held.unwrap_or_else(|| self.unit.back(self.steps.at(*n as usize)))
        };
        self.number.iter().enumerate().map(at).collect()
    }
}
