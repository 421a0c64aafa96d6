//! What falls between two ways to look at a case.

use std::{collections::BTreeSet, ops::ControlFlow, sync::Arc};

use super::{EntityRef, Network, Seen};
use crate::model::{CitationRef, Id, StatementKey, Strength};

/// An entity, a relationship or a value that is less well supported than before.
#[derive(Clone, Debug, PartialEq)]
pub struct Fall {
    /// The entity or relationship.
    pub entity: Id,
    /// The statement, where it is one value that falls and not the entity as a whole.
    pub statement: Option<StatementKey>,
    pub before: Strength,
    /// The strength after; `None` where it is gone.
    pub after: Option<Strength>,
    /// Whether something supported it before and nothing does after: it may be as strong as before,
    /// where that was not strong.
    pub unsupported: bool,
}

impl Fall {
    /// What becomes of it, in a word or two.
    pub fn words(&self) -> &'static str {
        match self.after {
            None => "gone",
            Some(_) if self.unsupported => "unsupported",
            Some(strength) => strength.words(),
        }
    }
}

impl Network {
    /// The keys of what says something else here than in another network of the case, or is cited
    /// otherwise, or is not there.
    pub fn unlike(&self, other: &Self) -> Vec<u32> {
        let grounds = |entity: EntityRef<'_>| {
            entity.grounds().map(|ground| (ground.statement, ground.citation)).collect::<Vec<_>>()
        };
        let is_like = |one: EntityRef<'_>, other: EntityRef<'_>| {
            one.statements().eq(other.statements()) && grounds(one) == grounds(other)
        };
        let unlike = self.plain.iter().filter(|entity| {
            let there = other.plain.get(entity.id());
            there.is_none_or(|there| !is_like(*entity, there))
        });
        unlike.map(EntityRef::key).collect()
    }
}

/// Lists what is weaker in `after` than in `before`, or supported by nothing any more, or gone, by
/// entity: first the entity as a whole, then its values. Both must come from networks of one case.
pub fn falls(before: &Seen, after: &Seen) -> Vec<Fall> {
    let mut all = Vec::new();
    let _ = each_fall(before, after, &mut |fall| {
        all.push(fall);
        ControlFlow::Continue(())
    });
    all
}

/// Gives the same one after another until `take` breaks off: of millions nobody needs all at once.
pub fn each_fall(
    before: &Seen,
    after: &Seen,
    take: &mut dyn FnMut(Fall) -> ControlFlow<()>,
) -> ControlFlow<()> {
    // Networks that were read apart number ids and kinds of values each in their own way.
    let is_one = Arc::ptr_eq(&before.ids, &after.ids);
    let lost = Lost::between(before, after);
    for old in before.iter() {
        let fall = |statement, strength: Strength, now: Option<Strength>, unsupported| {
            (unsupported || now.is_none_or(|now| now < strength)).then(|| Fall {
                entity: old.id().clone(),
                statement,
                before: strength,
                after: now,
                unsupported,
            })
        };
        let new = if is_one { after.by_key(old.key()) } else { after.get(old.id()) };
        let Some(new) = new else {
            fall(None, old.strength(), None, false)
                .map_or(ControlFlow::Continue(()), &mut *take)?;
            continue;
        };
        // Most of a large case is as it was.
        let loses = !is_one || lost.touches(before, old.key());
        if !loses && before.says_the_same(old.key(), after) {
            continue;
        }
        let is_bare =
            |statement| loses && before.is_supported(statement) && !after.is_supported(statement);
        // Where one of its statements is still supported, so is what they speak of.
        let is_all_bare = loses
            && before.asserted_of(old.key()).any(|one| before.is_supported(one))
            && !before.asserted_of(old.key()).any(|one| after.is_supported(one));
        let whole = fall(None, old.strength(), Some(new.strength()), is_all_bare);
        whole.map_or(ControlFlow::Continue(()), &mut *take)?;
        let said = |seen: &Seen, key| {
            let said = seen.values_of(key).map(|said| (said.statement, said.strength));
            said.collect::<Vec<_>>()
        };
        let mut values = said(after, new.key());
        // What was one may be several again.
        for other in old.one_with().filter_map(|id| after.get(id)) {
            if other.key() != new.key() {
                values.extend(said(after, other.key()));
            }
        }
        values.sort_unstable();
        let mut values = values.into_iter().peekable();
        let mut was = said(before, old.key());
        was.sort_unstable();
        for (statement, strength) in was {
            while values.next_if(|(other, _)| *other < statement).is_some() {}
            let same = values.next_if(|(other, _)| *other == statement);
            let now = same.map(|(_, strength)| strength);
            let one = fall(Some(statement), strength, now, now.is_some() && is_bare(statement));
            one.map_or(ControlFlow::Continue(()), &mut *take)?;
        }
    }
    ControlFlow::Continue(())
}

/// Documents and citations that count in one way to look at a case and not in another.
struct Lost {
    documents: BTreeSet<u32>,
    citations: BTreeSet<CitationRef>,
}

impl Lost {
    fn between(before: &Seen, after: &Seen) -> Self {
        let is_lost = |one: &u32| before.by_key(*one).is_some() && after.by_key(*one).is_none();
        let (pulled, known) = (&after.counting.citations, &before.counting.citations);
        Self {
            documents: before.support.documents().filter(is_lost).collect(),
            citations: pulled.difference(known).copied().collect(),
        }
    }

    /// Whether a statement of an entity may rest on one of them.
    fn touches(&self, before: &Seen, key: u32) -> bool {
        if self.documents.is_empty() && self.citations.is_empty() {
            return false;
        }
        let span = before.span_of(key);
        span.is_some_and(|(first, last)| {
            before.support.touches(first, last, &self.documents, &self.citations)
        })
    }
}
