//! Taking in many entities at once: one transaction, one revision, one undo step.

mod bulk;
mod files;
mod ids;
mod indexer;
mod many;
mod rows;
mod stated;
mod writer;

use std::{collections::BTreeSet, sync::mpsc::Sender};

use super::{
    Case, Delta, Error, NewValue, Progress, Result, Source, label,
    record::{self, EDITION, SETTING},
    revision::{self, Kind},
    settle, watch,
};
use crate::model::{Edition, Id};
use writer::{Counts, Finished, Writer};

/// An entity or relationship from another file, whole or in part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewEntity {
    /// Its global id; what is stated about an id that is here already is united with it.
    pub id: Id,
    /// Its schema, known to this program or not.
    pub schema: String,
    pub values: Vec<NewValue>,
    /// Where all of this stands.
    pub origin: Option<Origin>,
}

/// A place in one of the files of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Which of the import's sources, from 0.
    pub file: usize,
    /// Where in it, as a reader would look it up: `line 12`, `sheet Parties, row 4`.
    pub place: String,
    /// The words of the source, where they say more than the values.
    pub quote: Option<String>,
}

/// What an import brought.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// What it changed. No revision says that there was nothing new.
    pub delta: Delta,
    /// Entities and relationships that were not here, without the evidence itself.
    pub new: u64,
    /// How many of those are relationships.
    pub new_links: u64,
    /// Entities and relationships that were here already.
    pub met: u64,
    /// Statements that were added, without those about the evidence.
    pub statements: u64,
    /// Files, counted from 0, whose bytes are evidence already under another name, and that name.
    pub same: Vec<(usize, String)>,
}

/// Entities that arrive one after another, whole or in parts.
pub trait Entities {
    /// The next one; after an error, none.
    fn next_entity(&mut self) -> Option<Result<NewEntity>>;

    /// Where those go that have been taken in. Memory is best freed by the thread that took it:
    /// millions of values that another one frees make both wait for each other.
    fn back(&self) -> Option<Sender<Vec<NewEntity>>> {
        None
    }

    /// What to record of the files as editions, once it is known which documents they are.
    fn editions(&self, _documents: &[Id]) -> Vec<Edition> {
        Vec::new()
    }

    /// Settings of the case to keep with them: keys and values.
    fn settings(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

impl<I: Iterator<Item = Result<NewEntity>>> Entities for I {
    fn next_entity(&mut self) -> Option<Result<NewEntity>> {
        self.next()
    }
}

impl Case {
    /// Takes in entities until the iterator ends. An error or a wish to stop leaves the case as
    /// it was.
    ///
    /// The files become evidence in the same revision, and what is stated is cited to its place in
    /// them. What stands here already is not stated again but cited to where it is said again,
    /// unless that is a file which the case has; what somebody has withdrawn here is not brought
    /// back. No revision in the answer says that there was nothing new; then nothing is changed.
    pub fn import(
        &mut self,
        sources: &[Source],
        entities: &mut dyn Entities,
        progress: &Progress,
    ) -> Result<Imported> {
        self.in_bulk(sources, |case, large| case.take_in(sources, entities, progress, large))
    }

    fn take_in(
        &mut self,
        sources: &[Source],
        entities: &mut dyn Entities,
        progress: &Progress,
        large: Option<u64>,
    ) -> Result<Imported> {
        let tx = self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let label = &label::of_import(sources);
        let revision = revision::start(&tx, Kind::Edit, label, &BTreeSet::new())?;
        let is_small = large.map_or(Ok(false), |size| bulk::is_small(&tx, size))?;
        let mut writer = Writer::new(&tx, revision, sources, is_small, progress)?;
        if large.is_some() {
            writer.spread(entities.back())?;
        }
        while let Some(entity) = entities.next_entity() {
            progress.check()?;
            writer.take(entity?)?;
        }
        let (met, same) = (writer.met(), writer.keep_names()?);
        let mut editions = Vec::new();
        for edition in entities.editions(&writer.document_ids()) {
            let (id, image) = (edition.document.to_string(), record::edition_image(&edition)?);
            if record::read(&tx, EDITION, &id)?.as_deref() != Some(&image) {
                editions.push((id, image));
            }
        }
        let must_keep = !editions.is_empty();
        let Some(Finished { counts, mut touched, content }) = writer.finish(must_keep, progress)?
        else {
            let delta = Delta { label: label.clone(), ..Delta::default() };
            return Ok(Imported { delta, met, same, ..Imported::default() });
        };
        for (key, value) in entities.settings() {
            let effect = record::change(&tx, revision, SETTING, &key, Some(&value))?;
            touched.effect(SETTING, &key, effect);
        }
        for (id, image) in editions {
            let effect = record::change(&tx, revision, EDITION, &id, Some(&image))?;
            touched.effect(EDITION, &id, effect);
        }
        revision::seal(&tx, revision, Some(content))?;
        if self.importing {
            settle::unmark_import(&tx)?;
        }
        let done = watch::finish(tx, progress);
        self.settled(done)?;
        self.imported();
        self.undo.push(revision);
        self.redo.clear();
        let delta = self.delta(revision, label, &touched).map_err(Error::after_commit)?;
        let Counts { new, new_links, met, statements, .. } = counts;
        Ok(Imported { delta, new, new_links, met, statements, same })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Action, Op};

    fn company(id: &str, names: &[&str]) -> NewEntity {
        NewEntity {
            id: id.into(),
            schema: "Company".into(),
            values: names.iter().map(|name| NewValue::new("name", *name)).collect(),
            origin: None,
        }
    }

    fn import(case: &mut Case, entities: Vec<NewEntity>) -> Result<Delta> {
        let done = case.import(&[], &mut entities.into_iter().map(Ok), &Progress::new())?;
        Ok(done.delta)
    }

    fn names(case: &Case, id: &str) -> Vec<String> {
        let entity = case.entity(&id.into()).expect("readable");
        entity.map_or_else(Vec::new, |e| e.all("name").map(str::to_owned).collect())
    }

    #[test]
    fn the_same_file_twice_adds_nothing_and_parts_unite() {
        let mut case = Case::in_memory().expect("memory suffices");
        import(&mut case, vec![company("a", &["A"]), company("a", &["A", "B", "B"])])
            .expect("import");
        assert_eq!(names(&case, "a"), ["A", "B"]);
        assert_eq!(
            import(&mut case, vec![company("a", &["B", "A"])]).expect("import").revision,
            None
        );
        assert_eq!(case.log().expect("log").len(), 1);
    }

    #[test]
    fn only_what_stood_before_was_met_and_each_once() {
        let mut case = Case::in_memory().expect("memory suffices");
        let mut take = |entities: Vec<NewEntity>| {
            let mut entities = entities.into_iter().map(Ok);
            let done = case.import(&[], &mut entities, &Progress::new());
            let done = done.expect("imports");
            (done.new, done.met)
        };
        assert_eq!(take(vec![company("a", &["A"]), company("a", &["B"])]), (1, 0));
        let again = vec![company("a", &["C"]), company("b", &["B"]), company("a", &["D"])];
        assert_eq!(take(again), (1, 1));
    }

    #[test]
    fn an_import_is_one_undo_step_and_can_be_done_anew() {
        let mut case = Case::in_memory().expect("memory suffices");
        import(&mut case, vec![company("a", &["A"]), company("b", &["B"])]).expect("import");
        case.undo().expect("undo");
        assert!(case.entities().expect("readable").is_empty());
        import(&mut case, vec![company("a", &["A"])]).expect("import");
        assert_eq!(names(&case, "a"), ["A"]);
    }

    #[test]
    fn what_was_withdrawn_by_hand_stays_withdrawn() {
        let mut case = Case::in_memory().expect("memory suffices");
        import(&mut case, vec![company("a", &["A", "Wrong"]), company("b", &["B"])])
            .expect("import");
        let wrong =
            case.entity(&"a".into()).expect("readable").expect("exists").values[1].statement;
        let ops = vec![Op::Withdraw(wrong), Op::WithdrawEntity("b".into())];
        case.commit(Action::new(ops)).expect("valid");
        import(&mut case, vec![company("a", &["Wrong", "New"]), company("b", &["B", "B2"])])
            .expect("import");
        assert_eq!(names(&case, "a"), ["A", "New"]);
        assert_eq!(case.entity(&"b".into()).expect("readable"), None);
    }

    /// A file of lines, long enough to be written in bulk, and what it says.
    fn large(folder: &std::path::Path) -> (Source, impl Iterator<Item = Result<NewEntity>>) {
        let path = folder.join("large.txt");
        std::fs::write(&path, vec![b'x'; 9 << 20]).expect("space");
        let entities = (0..3000).map(|n| {
            let origin = Origin { file: 0, place: format!("line {n}"), quote: None };
            let id = if n % 3 == 2 { n - 1 } else { n };
            Ok(NewEntity {
                origin: Some(origin),
                ..company(&format!("e{id}"), &[&format!("Pier Road {n}")])
            })
        });
        (Source { path, title: "Large".into(), mime: "text/plain".into() }, entities)
    }

    fn assert_holds(case: &Case) {
        let verdict = case.verify(&Progress::new()).expect("verification runs");
        assert!(matches!(verdict, crate::case::Verdict::Holds { .. }), "{verdict:?}");
    }

    #[test]
    fn a_large_import_is_whole_found_and_undone_like_any_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("c.redthread");
        let mut case = Case::create(&path).expect("new");
        let (source, mut entities) = large(folder.path());
        let done = case
            .import(std::slice::from_ref(&source), &mut entities, &Progress::new())
            .expect("imports");
        assert_eq!((done.new, done.met, done.statements), (2000, 0, 5000));
        assert_holds(&case);
        assert_eq!(names(&case, "e1"), ["Pier Road 1", "Pier Road 2"]);
        case.undo().expect("undone");
        assert_holds(&case);
        case.redo().expect("done again");
        assert_holds(&case);
        case.close().expect("closes");
        let case = Case::open(&path).expect("opens: the schema is ours");
        assert_eq!(case.read_only(), None);
        assert_holds(&case);
        // Somebody who reads keeps the log alive; the import goes through it.
        case.close().expect("closes");
        let path = folder.path().join("read.redthread");
        let mut case = Case::create(&path).expect("new");
        import(&mut case, vec![company("a", &["A"])]).expect("imports");
        let reader = Case::open(&path).expect("opens");
        assert_eq!(reader.entities().expect("readable").len(), 1);
        let (source, mut entities) = large(folder.path());
        case.import(&[source], &mut entities, &Progress::new()).expect("imports");
        assert_holds(&case);
        assert_eq!(reader.entities().expect("readable").len(), 2002);
    }

    #[test]
    fn a_full_disk_or_a_wish_to_stop_leaves_a_large_import_undone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("c.redthread");
        let mut case = Case::create(&path).expect("new");
        import(&mut case, vec![company("a", &["A"])]).expect("imports");
        case.close().expect("closes");
        let before = std::fs::read(&path).expect("readable");
        for pages in [100, 700, 2500] {
            let mut case = Case::open(&path).expect("opens");
            case.db.pragma_update(None, "max_page_count", pages).expect("sql");
            let (source, mut entities) = large(folder.path());
            let full = case.import(&[source], &mut entities, &Progress::new());
            assert!(matches!(full, Err(Error::DiskFull)), "{pages}: {full:?}");
            assert_eq!(case.entities().expect("readable").len(), 1);
            assert_holds(&case);
            case.close().expect("closes");
            assert_eq!(std::fs::read(&path).expect("readable").len(), before.len());
        }
        let mut case = Case::open(&path).expect("opens");
        let (source, entities) = large(folder.path());
        let progress = Progress::new();
        let wish = progress.clone();
        let mut stopped = entities.enumerate().map(|(n, entity)| {
            if n == 2500 {
                wish.cancel();
            }
            entity
        });
        let result = case.import(&[source], &mut stopped, &progress);
        assert!(matches!(result, Err(Error::Cancelled)), "{result:?}");
        assert!(case.evidence().expect("readable").is_empty());
        assert_holds(&case);
        case.close().expect("closes");
        assert_eq!(std::fs::read_dir(folder.path()).expect("readable").count(), 2);
    }

    #[test]
    fn a_failing_or_stopped_import_leaves_nothing() {
        let mut case = Case::in_memory().expect("memory suffices");
        let mut failing =
            [Ok(company("a", &["A"])), Err(Error::invalid("line 2 is cut off"))].into_iter();
        assert!(case.import(&[], &mut failing, &Progress::new()).is_err());
        let stopped = Progress::new();
        stopped.cancel();
        let result = case.import(&[], &mut [Ok(company("a", &["A"]))].into_iter(), &stopped);
        assert!(matches!(result, Err(Error::Cancelled)));
        assert!(
            case.entities().expect("readable").is_empty() && case.log().expect("log").is_empty()
        );
    }
}
