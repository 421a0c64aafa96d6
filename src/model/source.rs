//! The source of a document: how reliable it is, and whose information it is.

use super::{Reliability, derive::Said, entity::SCHEMA};

/// What the statements of a document say about its source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Source<'a> {
    /// How far it can be relied on; the judgement made last counts.
    pub reliability: Option<Reliability>,
    /// The publisher that was named first, else the author that was named first.
    pub origin: Option<&'a str>,
}

impl<'a> Source<'a> {
    /// From the live statements of a document in their order; `None` where it does not exist, so
    /// that nothing can rest on it.
    pub fn of(said: impl IntoIterator<Item = Said<'a>>) -> Option<Self> {
        let mut exists = false;
        let (mut reliability, mut publisher, mut author) = (None, None, None);
        for Said { property, value, .. } in said.into_iter().filter(|one| !one.denied) {
            match property {
                SCHEMA => exists = true,
                "reliability" => reliability = Reliability::from_code(value),
                "publisher" => drop(publisher.get_or_insert(value)),
                "author" => drop(author.get_or_insert(value)),
                _ => {}
            }
        }
        exists.then_some(Self { reliability, origin: publisher.or(author) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publisher_goes_before_an_author_and_the_last_judgement_before_the_first() {
        let said = [
            Said::asserted("author", "Ann"),
            Said::asserted(SCHEMA, "Document"),
            Said::asserted("reliability", "C"),
            Said::asserted("publisher", "Times"),
            Said::asserted("publisher", "Post"),
            Said::asserted("reliability", "A"),
        ];
        let source = Source::of(said).expect("exists");
        assert_eq!((source.reliability, source.origin), (Some(Reliability::A), Some("Times")));
        assert_eq!(Source::of(said[..1].iter().copied()), None);
    }
}
