//! A search among what is seen through a lens: what the index finds now, as far as it is seen and
//! still holds, and what says something else in the lens than now.

use std::{collections::HashSet, sync::Arc};

use super::{EntityRef, Seen};
use crate::{
    case::{Case, Class, Found, Hit, Reason, Result, Search, Subject, Total, in_its_year},
    model::Id,
};

/// Values that are looked through one by one, for a list of hits and for all there are: about half a
/// second and ten seconds of a slow machine's time.
const LOOKED_AT: usize = 200_000;
const LOOKED_AT_FOR_ALL: usize = 4_000_000;
/// Of so many times as many hits as are wanted, those are taken that are seen.
const SPARE: usize = 8;

/// What is seen, while it is looked through.
#[derive(Debug)]
pub struct Look {
    seen: Arc<Seen>,
    unlike: Arc<Vec<u32>>,
}

impl Look {
    /// What is seen, and the keys of what says something else than in the case as it is, unless that
    /// is only less.
    pub fn new(seen: Arc<Seen>, unlike: Arc<Vec<u32>>) -> Self {
        Self { seen, unlike }
    }

    /// Returns the best hits.
    pub fn find(&self, case: &Case, text: &str, limit: usize) -> Result<Found> {
        let found = self.find_words(case, text, limit)?;
        match in_its_year(text).filter(|_| found.hits.is_empty()) {
            Some((year, told)) => Ok(self.find_words(case, &year, limit)?.telling(told)),
            None => Ok(found),
        }
    }

    fn find_words(&self, case: &Case, text: &str, limit: usize) -> Result<Found> {
        let now = case.find(text, limit * SPARE)?;
        let mut search = Search::of(text);
        let (mut hits, mut met) = (Vec::new(), HashSet::new());
        let listed = now.hits.len();
        for hit in now.hits {
            let Some(entity) = self.seen.get(&hit.id).filter(|one| !met.contains(&one.key()))
            else {
                continue;
            };
            let found = search.hit(&entity).or_else(|| {
                let is_alike = hit.class == Class::Similar && search.holds(&entity);
                (is_alike && still_says(entity, &hit)).then(|| (hit.class, hit.reasons.clone()))
            });
            // What says something else may still be spelled alike.
            if let Some((class, reasons)) = found {
                met.insert(entity.key());
                hits.push(hit_of(entity, class, reasons));
            }
        }
        let (more, is_whole) = self.others(&mut search, &met, hits.len(), LOOKED_AT);
        hits.extend(more);
        hits.sort_by_key(|hit| (hit.class, hit.reasons.iter().map(|reason| reason.how).max()));
        let count = hits.len();
        hits.truncate(limit);
        let is_all = is_whole && now.total == Total::Exactly(listed);
        let total = if is_all { Total::Exactly(count) } else { Total::MoreThan(hits.len()) };
        let mut found = Found { hits, total, told: now.told, still_learning: now.still_learning };
        found.told.extend(missing(is_whole));
        Ok(found)
    }

    /// Returns all that is found, the best first; at most `most`.
    pub fn find_all(&self, case: &Case, text: &str, most: usize) -> Result<(Vec<Id>, Found)> {
        let found = self.find_all_words(case, text, most)?;
        match in_its_year(text).filter(|_| found.0.is_empty()) {
            Some((year, _)) => self.find_all_words(case, &year, most),
            None => Ok(found),
        }
    }

    fn find_all_words(&self, case: &Case, text: &str, most: usize) -> Result<(Vec<Id>, Found)> {
        let (ids, total) = case.find_all(text, most)?;
        let mut search = Search::of(text);
        let mut met = HashSet::new();
        let mut all = Vec::new();
        // What says the same as now is found for the same reason, unless it is no longer cited.
        let unlike: HashSet<u32> = self.unlike.iter().copied().collect();
        for entity in ids.iter().filter_map(|id| self.seen.get(id)) {
            let is_hit = || {
                let is_like = !unlike.contains(&entity.key());
                if is_like { search.holds(&entity) } else { search.hit(&entity).is_some() }
            };
            if is_hit() && met.insert(entity.key()) {
                all.push(entity.id().clone());
            }
        }
        let (more, is_whole) = self.others(&mut search, &met, all.len(), LOOKED_AT_FOR_ALL);
        all.extend(more.into_iter().map(|hit| hit.id));
        all.truncate(most);
        let is_all = is_whole && matches!(total, Total::Exactly(_));
        let total = if is_all { Total::Exactly(all.len()) } else { Total::MoreThan(all.len()) };
        let told = missing(is_whole).into_iter().collect();
        Ok((all, Found { total, told, ..Found::default() }))
    }

    /// Looks through what the index does not know as it is seen: what says something else, and what
    /// is united; besides what was `met`, where so many were `found`. Returns whether all of it was
    /// looked through.
    fn others(
        &self,
        search: &mut Search,
        met: &HashSet<u32>,
        found: usize,
        most: usize,
    ) -> (Vec<Hit>, bool) {
        let mut hits = Vec::new();
        if search.is_empty() {
            return (hits, true);
        }
        let (mut looked_at, mut is_whole) = (0, true);
        let united = self.seen.united().map(EntityRef::key);
        let mut done = met.clone();
        let mut others = Vec::new();
        for key in united.chain(self.unlike.iter().copied()) {
            let Some(entity) = self.seen.by_key(key).filter(|one| done.insert(one.key())) else {
                continue;
            };
            looked_at += entity.values().count();
            if looked_at > most {
                is_whole = false;
                break;
            }
            match search.hit(&entity) {
                Some((class, reasons)) => hits.push(hit_of(entity, class, reasons)),
                None => others.push(entity),
            }
        }
        if search.wants_alike(found + hits.len())
            && search.learn(others.iter().map(|entity| entity as &dyn Subject))
        {
            for entity in others {
                let found = search.hit(&entity);
                hits.extend(found.map(|(class, reasons)| hit_of(entity, class, reasons)));
            }
        }
        (hits, is_whole)
    }
}

fn hit_of(entity: EntityRef<'_>, class: Class, reasons: Vec<Reason>) -> Hit {
    Hit {
        id: entity.id().clone(),
        caption: entity.caption().to_owned(),
        schema: entity.schema().to_owned(),
        degree: entity.degree() as u64,
        class,
        reasons,
    }
}

/// Whether an entity says what it was found for, as far as that is shown.
fn still_says(entity: EntityRef<'_>, hit: &Hit) -> bool {
    hit.reasons.iter().all(|reason| {
        let shown = reason.value.trim_matches('…');
        entity
            .all(&reason.property)
            .any(|value| value == shown || value.replace(['\n', '\r', '\t'], " ").contains(shown))
    })
}

/// What a search says that could not look through everything.
fn missing(is_whole: bool) -> Option<String> {
    let words = "The case says too much else now to look through all of it: what only held then may \
                 be missing.";
    (!is_whole).then(|| words.to_owned())
}
