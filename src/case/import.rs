//! Taking in many entities at once: one transaction, one revision, one undo step.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    path::PathBuf,
};

use rusqlite::{Connection, params};

use super::{
    Case, Delta, NewValue, Progress, Result,
    commit::{Work, check_id},
    history::{self, Kind},
    projection,
};
use crate::model::{Id, entity::SCHEMA, schema};

/// An entity or relationship from another file, whole or in part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewEntity {
    /// Its global id; what is stated about an id that is here already is united with it.
    pub id: Id,
    /// Its schema, known to this program or not.
    pub schema: String,
    /// Its values.
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

/// A file of an import. It becomes evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file.
    pub path: PathBuf,
    /// What to call it.
    pub title: String,
    /// Its media type.
    pub mime: String,
}

/// What an import brought.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// What it changed. Revision 0 says that there was nothing new.
    pub delta: Delta,
    /// Entities and relationships that were not here, without the evidence itself.
    pub new: u64,
    /// Entities and relationships that were here already.
    pub met: u64,
    /// Statements that were added, without those about the evidence.
    pub statements: u64,
}

impl Case {
    /// Takes in entities until the iterator ends. An error or a wish to stop leaves the case as
    /// it was.
    ///
    /// What stands here already is not stated again, and what somebody has withdrawn here is
    /// not brought back. Revision 0 in the answer says that there was nothing new.
    pub fn import(
        &mut self,
        label: &str,
        _sources: &[Source],
        entities: &mut dyn Iterator<Item = Result<NewEntity>>,
        progress: &Progress,
    ) -> Result<Imported> {
        self.prepare()?;
        let undone = self.log()?.into_iter().filter(|r| r.undone).map(|r| r.number).collect();
        let tx = self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let revision = history::start(&tx, Kind::Edit, label, None)?;
        let mut work = Work::new(&tx, revision);
        let mut fresh = Fresh::default();
        let mut met = 0;
        for entity in entities {
            progress.check()?;
            let entity = entity?;
            check_id(&entity.id)?;
            match projection::find_key(work.db, &entity.id)? {
                Some(key) => {
                    met += 1;
                    unite(&mut work, &undone, key, &entity)?;
                }
                None => fresh.add(&mut work, &entity)?,
            }
        }
        if work.added.is_empty() {
            let delta = Delta { label: label.to_owned(), ..Delta::default() };
            return Ok(Imported { delta, met, ..Imported::default() });
        }
        let (new, statements) = (fresh.entities.len() as u64, work.added.len() as u64);
        let mut touched = work.touched;
        projection::refresh(&tx, &mut touched, progress)?;
        projection::count_degrees(&tx, fresh.ends)?;
        touched.entities.extend(fresh.entities);
        history::seal(&tx, revision)?;
        progress.check()?;
        tx.commit()?;
        self.undo.push(revision);
        self.redo.clear();
        let delta = self.delta(revision, label, &touched)?;
        Ok(Imported { delta, new, met, statements })
    }
}

/// Entities that nobody has spoken of before: nothing needs to be asked of the file about them.
#[derive(Default)]
struct Fresh {
    entities: Vec<i64>,
    /// The ends of relationships among them, whose degrees must be counted.
    ends: BTreeSet<i64>,
}

impl Fresh {
    fn add(&mut self, work: &mut Work<'_>, new: &NewEntity) -> Result<()> {
        let key = projection::key_of(work.db, &new.id)?;
        work.insert(key, &NewValue::new(SCHEMA, new.schema.as_str()))?;
        let mut said = HashSet::new();
        let mut asserted = Vec::new();
        for value in &new.values {
            let is_new = said.insert((&value.property, &value.value, value.denied));
            if is_new && !value.value.is_empty() {
                work.insert(key, value)?;
                if !value.denied {
                    asserted.push((value.property.as_str(), value.value.as_str()));
                }
            }
        }
        let schema = work.term(&new.schema)?;
        // The statement that makes it exist is a value too, though none that names it.
        asserted.insert(0, (SCHEMA, &new.schema));
        let derived = projection::derive_from(&new.schema, &asserted, new.id.as_str());
        self.ends.extend(projection::insert_new(work.db, key, schema, &derived)?);
        self.entities.push(key);
        Ok(())
    }
}

/// States of an entity what is not stated yet.
fn unite(work: &mut Work<'_>, undone: &BTreeSet<i64>, key: i64, new: &NewEntity) -> Result<()> {
    let here = Stated::of(work.db, key, undone)?;
    let mut said = HashSet::new();
    if here.needs_schema(&new.schema) {
        work.state(key, &NewValue::new(SCHEMA, new.schema.as_str()))?;
    } else if !here.exists {
        // Withdrawn by hand: what others say about it does not bring it back.
        return Ok(());
    }
    for value in &new.values {
        let is_new = said.insert((&value.property, &value.value, value.denied));
        if is_new && !value.value.is_empty() && !here.has(value) {
            work.state(key, value)?;
        }
    }
    Ok(())
}

/// What is stated of an entity already, or was until somebody withdrew it.
#[derive(Default)]
struct Stated {
    values: HashMap<String, HashSet<(String, bool)>>,
    exists: bool,
}

impl Stated {
    fn of(db: &Connection, entity: i64, undone: &BTreeSet<i64>) -> Result<Self> {
        let mut query = db.prepare_cached(
            "SELECT t.text, s.value, s.denied, s.live, s.revision
             FROM statement s JOIN term t ON t.key = s.property WHERE s.entity = ?1",
        )?;
        let mut rows = query.query(params![entity])?;
        let mut stated = Self::default();
        while let Some(row) = rows.next()? {
            let (property, value): (String, String) = (row.get(0)?, row.get(1)?);
            let (denied, live, revision): (bool, bool, i64) =
                (row.get(2)?, row.get(3)?, row.get(4)?);
            if !live && undone.contains(&revision) {
                continue;
            }
            stated.exists |= live && !denied && property == SCHEMA;
            stated.values.entry(property).or_default().insert((value, denied));
        }
        Ok(stated)
    }

    /// Whether a schema says more than the ones that are stated.
    fn needs_schema(&self, new: &str) -> bool {
        self.values.get(SCHEMA).is_none_or(|stated| {
            !stated.iter().any(|(old, _)| {
                old == new || schema::schema(old).is_some_and(|schema| schema.is_a(new))
            })
        })
    }

    fn has(&self, value: &NewValue) -> bool {
        self.values
            .get(&value.property)
            .is_some_and(|values| values.contains(&(value.value.clone(), value.denied)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Action, Error, Op};

    fn company(id: &str, names: &[&str]) -> NewEntity {
        NewEntity {
            id: id.into(),
            schema: "Company".into(),
            values: names.iter().map(|name| NewValue::new("name", *name)).collect(),
            origin: None,
        }
    }

    fn import(case: &mut Case, entities: Vec<NewEntity>) -> Result<Delta> {
        let done =
            case.import("Import", &[], &mut entities.into_iter().map(Ok), &Progress::new())?;
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
        assert_eq!(import(&mut case, vec![company("a", &["B", "A"])]).expect("import").revision, 0);
        assert_eq!(case.log().expect("log").len(), 1);
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
        case.commit(Action::new("Withdraw", ops)).expect("valid");
        import(&mut case, vec![company("a", &["Wrong", "New"]), company("b", &["B", "B2"])])
            .expect("import");
        assert_eq!(names(&case, "a"), ["A", "New"]);
        assert_eq!(case.entity(&"b".into()).expect("readable"), None);
    }

    #[test]
    fn a_failing_or_stopped_import_leaves_nothing() {
        let mut case = Case::in_memory().expect("memory suffices");
        let mut failing =
            [Ok(company("a", &["A"])), Err(Error::Refused("line 2 is cut off".into()))].into_iter();
        assert!(case.import("Import", &[], &mut failing, &Progress::new()).is_err());
        let stopped = Progress::new();
        stopped.cancel();
        let result =
            case.import("Import", &[], &mut [Ok(company("a", &["A"]))].into_iter(), &stopped);
        assert!(matches!(result, Err(Error::Cancelled)));
        assert!(
            case.entities().expect("readable").is_empty() && case.log().expect("log").is_empty()
        );
    }
}
