//! An import under way: entities become rows.

use std::{
    collections::{BTreeSet, HashSet},
    sync::mpsc::Sender,
};

use rusqlite::Connection;

use super::{
    NewEntity, Origin,
    bulk::{BY_ENTITY, Later},
    files::Document,
    ids::{Found, Ids},
    indexer::Indexer,
    many::Many,
    rows::{Place, Rows},
    stated::{Known, Standing, is_cited},
};
use crate::{
    case::{
        Error, NewValue, Progress, Result, Source, block,
        commit::check_id,
        digest::Content,
        index, projection,
        touched::{RELOAD_ABOVE, Touched},
    },
    model::{
        Id, RevisionNumber, StatementKey,
        derive::{self, Said},
        entity::SCHEMA,
        schema,
    },
};

/// Up to so many values are compared with each other; more are put into a set.
const FEW: usize = 24;

/// An import under way.
pub(super) struct Writer<'a> {
    db: &'a Connection,
    revision: RevisionNumber,
    documents: Vec<Document<'a>>,
    ids: Ids<'a>,
    rows: Rows<'a>,
    node: Many<'a>,
    link: Many<'a>,
    /// The highest key of an entity before the import.
    before: i64,
    /// Between which keys those entities are of which no other revision speaks.
    own: Option<(i64, i64)>,
    touched: Touched,
    /// New entities; up to one more than are told one by one.
    fresh: BTreeSet<i64>,
    /// Entities that stood before and that the files speak of.
    met: HashSet<i64>,
    /// What is stated of entities that the files speak of again.
    known: Known,
    /// Statements that are known to be cited to a file, by its number.
    cited: HashSet<(StatementKey, usize)>,
    /// Makes the search index, where it is made on a thread of its own.
    indexer: Option<Indexer>,
    later: Later,
    counts: Counts,
    /// Whether a file got a further name.
    renamed: bool,
}

/// What an import has brought so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) new: u64,
    pub(super) new_links: u64,
    pub(super) met: u64,
    pub(super) statements: u64,
    citations: u64,
}

impl Counts {
    /// Counts what was not here before.
    fn add(&mut self, schema_name: &str) {
        self.new += 1;
        let is_link = schema::schema(schema_name).is_some_and(schema::Schema::is_edge);
        self.new_links += u64::from(is_link);
    }
}

/// What a finished import leaves to be done.
pub(super) struct Finished {
    pub(super) counts: Counts,
    pub(super) touched: Touched,
    /// The content of the revision as far as statements make it.
    pub(super) content: Content,
}

impl<'a> Writer<'a> {
    /// `is_small` says that the case is small beside what comes.
    pub(super) fn new(
        db: &'a Connection,
        revision: RevisionNumber,
        sources: &'a [Source],
        is_small: bool,
        progress: &Progress,
    ) -> Result<Self> {
        let sql = "SELECT coalesce(max(key), 0) FROM entity";
        let before: i64 = db.query_row(sql, [], |row| row.get(0))?;
        let ids = Ids::new(db, is_small || before == 0)?;
        block::make(db, revision, before, before)?;
        let mut documents = Vec::new();
        for source in sources {
            documents.push(Document::new(db, source, &documents, progress)?);
        }
        Ok(Self {
            db,
            revision,
            documents,
            ids,
            rows: Rows::new(db, revision)?,
            node: Many::new(
                db,
                "every_node(entity, schema, caption, degree, block)",
                &format!("?, ?, ?, 0, {revision}"),
            )?,
            link: Many::new(
                db,
                "every_link(entity, source, target, block)",
                &format!("?, ?, ?, {revision}"),
            )?,
            own: None,
            before,
            touched: Touched::default(),
            fresh: BTreeSet::new(),
            met: HashSet::new(),
            known: Known::default(),
            cited: HashSet::new(),
            indexer: None,
            later: if is_small { Later::drop(db)? } else { Later::default() },
            counts: Counts::default(),
            renamed: false,
        })
    }

    /// Has the search index and the digest made on threads of their own.
    pub(super) fn spread(&mut self, back: Option<Sender<Vec<NewEntity>>>) -> Result<()> {
        self.indexer = Some(Indexer::start(back)?);
        self.rows.hash_apart();
        Ok(())
    }

    /// Takes in an entity or a part of one.
    pub(super) fn take(&mut self, entity: NewEntity) -> Result<()> {
        check_id(&entity.id)?;
        if entity.schema.is_empty() {
            return Err(Error::invalid(format!("{} has no schema", entity.id)));
        }
        let found = self.ids.find(entity.id.as_str())?;
        if found.spoken_of { self.unite(found.key, entity) } else { self.add(found, entity) }
    }

    /// An entity that nobody has spoken of before: nothing needs to be asked of the file about it.
    fn add(&mut self, found: Found, mut new: NewEntity) -> Result<()> {
        let key = found.key;
        keep_distinct(&mut new.values);
        self.ids.speak_of(found);
        self.own = Some(reach(self.own, key));
        let place = place(&self.documents, new.origin.as_ref());
        let first = self.rows.begin(new.id.as_str(), place);
        self.rows.state(key, &NewValue::new(SCHEMA, new.schema.as_str()))?;
        for value in &new.values {
            self.rows.state(key, value)?;
            if value.property == SCHEMA && !value.denied {
                // It exists in two ways; which one counts is not for here to say.
                self.touched.entities.insert(key);
            }
        }
        self.rows.end(first, key, place)?;
        self.counts.statements += self.rows.since(first);
        self.counts.add(&new.schema);
        self.project(key, &new)?;
        if self.fresh.len() <= RELOAD_ABOVE {
            self.fresh.insert(key);
        }
        if let Some(indexer) = &mut self.indexer {
            indexer.add(key, new);
        } else {
            let entry = index::Entry::of(&new.schema, &said(&new));
            index::add(self.db, key, &entry)?;
        }
        Ok(())
    }

    /// Writes what is derived from all that is said of a new entity.
    fn project(&mut self, key: i64, new: &NewEntity) -> Result<()> {
        let said = |property: &str| {
            let mut said = new.values.iter().filter(|v| !v.denied && !v.value.is_empty());
            said.find(|v| v.property == property).map(|v| v.value.as_str())
        };
        // The statement that makes it exist is a value too, though none that names it.
        let first =
            |property: &str| if property == SCHEMA { Some(&*new.schema) } else { said(property) };
        let caption = schema::caption(&new.schema, &first, new.id.as_str());
        self.node.put(key)?;
        self.node.put(self.rows.term(&new.schema)?)?;
        self.node.put(caption)?;
        if let Some((source, target)) = derive::ends(&new.schema, first) {
            let (source, target) = (self.ids.find(source)?, self.ids.find(target)?);
            for key in [key, source.key, target.key] {
                self.link.put(key)?;
            }
            self.ids.link(source);
            if source.key != target.key {
                self.ids.link(target);
            }
        }
        Ok(())
    }

    /// States of an entity what is not stated yet, and cites what is.
    fn unite(&mut self, key: i64, mut new: NewEntity) -> Result<()> {
        keep_distinct(&mut new.values);
        let new = &new;
        self.rows.write()?;
        self.later.make(self.db, BY_ENTITY)?;
        let here = self.known.of(self.db, key, self.revision)?;
        let was_new = here.is_empty();
        let (needs_schema, exists) = (here.needs_schema(&new.schema), here.exists);
        if was_new {
            self.counts.add(&new.schema);
            self.own = Some(reach(self.own, key));
        } else if here.stood_before && self.met.insert(key) {
            self.counts.met += 1;
        }
        if !needs_schema && !exists {
            // Withdrawn by hand: what others say about it does not bring it back.
            return Ok(());
        }
        let place = place(&self.documents, new.origin.as_ref());
        let schema = NewValue::new(SCHEMA, new.schema.as_str());
        let mut first = None;
        if needs_schema {
            first = Some(self.rows.begin(new.id.as_str(), place));
            unite_value(&mut self.rows, &mut self.known, key, &schema)?;
        }
        for value in &new.values {
            match self.known.find(key, value) {
                None => {
                    if first.is_none() {
                        first = Some(self.rows.begin(new.id.as_str(), place));
                    }
                    unite_value(&mut self.rows, &mut self.known, key, value)?;
                }
                // A value that this very entry has stated as its schema is not cited to itself.
                Some(said) if first.is_some_and(|first| said.key >= first) => {}
                Some(said) => {
                    let cited = &mut self.cited;
                    if cite(self.db, self.revision, said, new, &self.documents, cited)? {
                        self.counts.citations += 1;
                        self.touched.cites(key);
                    }
                }
            }
        }
        if let Some(first) = first {
            self.rows.end(first, key, place)?;
            self.counts.statements += self.rows.since(first);
            self.touched.entities.insert(key);
        }
        Ok(())
    }

    /// How many entities were here already.
    pub(super) fn met(&self) -> u64 {
        self.counts.met
    }

    /// Keeps the names of files whose bytes are evidence already under others; gives the files and
    /// those others.
    pub(super) fn keep_names(&mut self) -> Result<Vec<(usize, String)>> {
        let mut same = Vec::new();
        for at in 0..self.documents.len() {
            let document = &self.documents[at];
            let Some((name, known)) = document.other_name(self.db)? else { continue };
            same.push((at, known));
            let key = document.key;
            self.rows.write()?;
            self.later.make(self.db, BY_ENTITY)?;
            let value = NewValue::new("fileName", name);
            if !self.known.of(self.db, key, self.revision)?.exists
                || self.known.find(key, &value).is_some()
            {
                continue;
            }
            let first = self.rows.begin(document.id.as_str(), None);
            unite_value(&mut self.rows, &mut self.known, key, &value)?;
            self.rows.end(first, key, None)?;
            self.touched.entities.insert(key);
            self.renamed = true;
        }
        Ok(same)
    }

    /// The ids of the documents that the files are.
    pub(super) fn document_ids(&self) -> Vec<Id> {
        self.documents.iter().map(|document| document.id.clone()).collect()
    }

    /// Attaches the files and brings the rest up to date; `None` where nothing was new and nothing
    /// `must_keep` the files all the same.
    pub(super) fn finish(
        mut self,
        must_keep: bool,
        progress: &Progress,
    ) -> Result<Option<Finished>> {
        let is_new = self.counts.statements + self.counts.citations > 0;
        if !is_new && !self.renamed && !must_keep {
            return Ok(None);
        }
        for document in &self.documents {
            progress.check()?;
            if let Some(key) = document.attach(self.db, self.revision, &mut self.rows)? {
                self.touched.attaches(key);
                self.own = Some(reach(self.own, key));
            }
        }
        let content = self.rows.finish()?;
        self.node.write()?;
        self.link.write()?;
        self.later.make_all(self.db)?;
        if let Some(indexer) = self.indexer {
            indexer.finish(self.db, self.revision)?;
        }
        progress.check()?;
        let mut more =
            self.db.prepare("UPDATE every_node SET degree = degree + ?2 WHERE entity = ?1")?;
        let mut apart = block::noting(self.db)?;
        for (entity, count) in self.ids.degrees() {
            more.raw_bind_parameter(1, entity)?;
            more.raw_bind_parameter(2, count)?;
            more.raw_execute()?;
            // What was here may stand in another block, or in none.
            if entity <= self.before {
                apart.execute((self.revision, entity))?;
            }
        }
        drop((more, apart));
        // Where nothing is its own, all that it speaks of stands apart.
        let (first, last) = self.own.unwrap_or((self.before, self.before));
        block::resize(self.db, self.revision, first, last)?;
        progress.check()?;
        projection::refresh(self.db, &mut self.touched, progress)?;
        self.touched.entities.extend(self.fresh);
        Ok(Some(Finished { counts: self.counts, touched: self.touched, content }))
    }
}

/// A range of keys, stretched to one more.
fn reach(range: Option<(i64, i64)>, key: i64) -> (i64, i64) {
    let (first, last) = range.unwrap_or((key, key));
    (first.min(key), last.max(key))
}

/// Where something was read, if it was in one of the files of the import.
fn place<'a>(documents: &'a [Document<'_>], origin: Option<&'a Origin>) -> Option<Place<'a>> {
    let origin = origin?;
    let document = documents.get(origin.file)?;
    Some(Place {
        evidence: document.key,
        evidence_id: document.id.as_str(),
        words: &origin.place,
        quote: origin.quote.as_deref(),
    })
}

/// States a value, and remembers it.
fn unite_value(rows: &mut Rows<'_>, known: &mut Known, key: i64, value: &NewValue) -> Result<()> {
    let statement = rows.next();
    rows.state(key, value)?;
    known.add(key, value, statement);
    Ok(())
}

/// Cites a statement that stands already to where it is said again, unless it is cited to the
/// same bytes; says whether it did.
fn cite(
    db: &Connection,
    revision: RevisionNumber,
    said: Standing,
    new: &NewEntity,
    documents: &[Document<'_>],
    cited: &mut HashSet<(StatementKey, usize)>,
) -> Result<bool> {
    let Some(origin) = &new.origin else { return Ok(false) };
    let Some(document) = documents.get(origin.file) else { return Ok(false) };
    if !said.live || !cited.insert((said.key, origin.file)) {
        return Ok(false);
    }
    if is_cited(db, said.key, &document.same)? {
        return Ok(false);
    }
    db.prepare_cached(
        "INSERT INTO citation(revision, nth, statement, entity, supports, page, quote, stands)
         VALUES (?1, (SELECT coalesce(max(nth) + 1, 0) FROM citation WHERE revision = ?1),
                 ?2, ?3, 1, ?4, ?5, 1)",
    )?
    .execute(rusqlite::params![
        revision,
        said.key,
        document.key,
        origin.place,
        origin.quote
    ])?;
    Ok(true)
}

/// The statements that a new entity becomes, in their order; each value stands there once.
pub(super) fn said(new: &NewEntity) -> Vec<Said<'_>> {
    let mut all = Vec::with_capacity(new.values.len() + 1);
    all.push(Said::asserted(SCHEMA, new.schema.as_str()));
    all.extend(new.values.iter().map(|value| Said {
        property: &value.property,
        value: &value.value,
        denied: value.denied,
    }));
    all
}

/// Leaves the values that say something, each once.
fn keep_distinct(values: &mut Vec<NewValue>) {
    let mut said = HashSet::new();
    let is_many = values.len() > FEW;
    let mut kept = 0;
    for at in 0..values.len() {
        let (before, rest) = values.split_at(at);
        let Some(value) = rest.first() else { break };
        let is_new = if is_many {
            said.insert((value.property.clone(), value.value.clone(), value.denied))
        } else {
            !before[..kept].iter().any(|other| {
                other.value == value.value
                    && other.property == value.property
                    && other.denied == value.denied
            })
        };
        // What an entity is, its schema says.
        if is_new && !value.value.is_empty() && !value.property.is_empty() {
            values.swap(kept, at);
            kept += 1;
        }
    }
    values.truncate(kept);
}
