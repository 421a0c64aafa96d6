//! What leaves a case: all that stands in it, or a part of that, one entity at a time.

use std::{
    cell::{OnceCell, RefCell},
    collections::{BTreeMap, BTreeSet, HashMap},
};

use crate::{
    case::{Case, Progress, Result, StatementInfo, Which},
    model::{
        Entity, Evidence, Id, PropertyType, StatementKey, derive, evidence::FACTS_OF_FILE, schema,
    },
    network::{EntityRef, Lens, Seen},
};

/// What an export says about where it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub case: String,
    /// The name of the chart, where only what is on one leaves.
    pub chart: String,
    /// Who may see it; empty for no marking.
    pub marking: String,
    /// The day, `2026-03-01`.
    pub as_at: String,
    /// Who exports it.
    pub author: String,
    /// The beginning of the case's digest.
    pub digest: String,
    /// Through which lens the case is seen, in whole sentences; empty for the case as it is.
    pub lens: String,
}

/// What is seen of a case, and through which lens.
#[derive(Clone, Copy)]
pub struct Through<'a> {
    pub seen: &'a Seen,
    pub lens: &'a Lens,
}

/// Where something stands on a chart, and its colour there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Horizontally, in points.
    pub x: f32,
    /// Vertically, in points; grows downwards.
    pub y: f32,
    /// Red, green, blue.
    pub color: [u8; 3],
}

/// What leaves a case.
pub struct Content<'a> {
    pub case: &'a Case,
    /// What leaves, where that is not everything.
    pub only: Option<BTreeSet<Id>>,
    /// What stays although it is cited for something that leaves: what a chart hides.
    pub withheld: BTreeSet<Id>,
    /// Where entities stand, where what leaves is on a chart.
    pub places: HashMap<Id, Place>,
    /// Where it comes from.
    pub about: About,
    /// What is seen of the case, where it leaves as seen through a lens.
    pub through: Option<Through<'a>>,
    pub progress: &'a Progress,
    /// The statements that were taken off because they name what does not leave.
    taken_off: RefCell<BTreeSet<StatementKey>>,
    /// The records of documents, once they have been asked for.
    records: OnceCell<HashMap<Id, Evidence>>,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub entities: u64,
    pub relationships: u64,
    /// Statements, where a format has them one by one.
    pub statements: u64,
    /// What a reader should know: what the format could not hold, in whole sentences.
    pub notes: Vec<String>,
}

impl Written {
    /// Counts an entity or relationship.
    pub fn count(&mut self, entity: &Entity) {
        if entity.ends.is_some() {
            self.relationships += 1;
        } else {
            self.entities += 1;
        }
    }

    /// Adds a sentence if there is something to tell; `{}` in it is the number.
    pub fn note(&mut self, count: u64, one: &str, many: &str) {
        match count {
            0 => {}
            1 => self.notes.push(one.to_owned()),
            _ => self.notes.push(many.replace("{}", &count.to_string())),
        }
    }

    /// Says in how many cells of a table that people read hidden characters are written out.
    pub(crate) fn note_shown(&mut self, cells: u64) {
        self.note(
            cells,
            "One cell has hidden or reordering characters; they are written out, such as \
             ⟪U+202E⟫. FollowTheMoney and raw tables keep them.",
            "{} cells have hidden or reordering characters; they are written out, such as \
             ⟪U+202E⟫. FollowTheMoney and raw tables keep them.",
        );
    }
}

impl<'a> Content<'a> {
    /// All that stands in a case.
    pub fn all(case: &'a Case, progress: &'a Progress) -> Self {
        Self {
            case,
            only: None,
            withheld: BTreeSet::new(),
            places: HashMap::new(),
            about: About::default(),
            through: None,
            progress,
            taken_off: RefCell::default(),
            records: OnceCell::new(),
        }
    }
}

impl Content<'_> {
    /// Gives each entity and relationship that leaves. References to what does not leave, because
    /// it is not part of it or has been withdrawn, are taken off.
    pub fn each(&self, which: Which, take: &mut dyn FnMut(Entity) -> Result<()>) -> Result<()> {
        if let Some(through) = self.through {
            return self.each_seen(through, which, &mut |seen| {
                let mut entity = as_seen(through.seen, seen);
                self.clean(&mut entity)?;
                if let Some(record) = through.seen.document(&entity.id) {
                    recorded(&mut entity, record);
                }
                take(entity)
            });
        }
        self.case.each(which, self.only.as_ref(), self.progress, &mut |mut entity| {
            self.clean(&mut entity)?;
            if let Some(record) = self.record(&entity.id)? {
                recorded(&mut entity, record);
            }
            take(entity)
        })
    }

    /// The same with the statements.
    pub(crate) fn each_with_statements(
        &self,
        which: Which,
        take: &mut dyn FnMut(Entity, Vec<StatementInfo>) -> Result<()>,
    ) -> Result<()> {
        if let Some(through) = self.through {
            return self.each_seen_with_statements(through, which, take);
        }
        self.case.each_with_statements(
            which,
            self.only.as_ref(),
            self.progress,
            &mut |mut entity, mut statements| {
                self.clean(&mut entity)?;
                let mut kept = Vec::with_capacity(statements.len());
                for statement in statements.drain(..) {
                    if !self.names_absent(&entity.schema, &statement.property, &statement.value)? {
                        kept.push(statement);
                    }
                }
                if let Some(record) = self.record(&entity.id)? {
                    recorded(&mut entity, record);
                    recorded_statements(&mut kept, record);
                }
                for statement in &mut kept {
                    statement.citations.retain(|c| !self.withheld.contains(&c.evidence));
                }
                take(entity, kept)
            },
        )
    }

    /// Gives each entity and relationship that leaves of what is seen, by id.
    fn each_seen(
        &self,
        Through { seen, .. }: Through<'_>,
        which: Which,
        take: &mut dyn FnMut(EntityRef<'_>) -> Result<()>,
    ) -> Result<()> {
        let all = seen.len() as u64;
        for (at, entity) in seen.iter().enumerate() {
            self.progress.check()?;
            self.progress.report(at as u64, all);
            let is_wanted = match which {
                Which::All => true,
                Which::Entities => !entity.is_link(),
                Which::Relationships => entity.is_link(),
                Which::Points => !entity.is_link() || self.is_loose(seen, entity)?,
                Which::Lines => entity.is_link() && !self.is_loose(seen, entity)?,
                Which::Loose => entity.is_link() && self.is_loose(seen, entity)?,
            };
            if is_wanted && self.has(entity.id()) {
                take(entity)?;
            }
        }
        Ok(())
    }

    /// Whether no line can stand for a relationship: one of its ends is a relationship itself, or
    /// is in the case and not seen.
    fn is_loose(&self, seen: &Seen, link: EntityRef<'_>) -> Result<bool> {
        let Some((source, target)) = link.ends() else { return Ok(false) };
        for end in [source, target] {
            let is_loose = match seen.get(end) {
                Some(end) => end.is_link(),
                None => self.is_known(end)?,
            };
            if is_loose {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether anything was ever stated about an id.
    fn is_known(&self, id: &Id) -> Result<bool> {
        Ok(self.case.is_withdrawn(id)? || self.case.caption(id)?.is_some())
    }

    fn each_seen_with_statements(
        &self,
        through: Through<'_>,
        which: Which,
        take: &mut dyn FnMut(Entity, Vec<StatementInfo>) -> Result<()>,
    ) -> Result<()> {
        let Through { seen, lens } = through;
        let said = self.case.said_at(&lens.horizon, self.progress)?;
        self.each_seen(through, which, &mut |one| {
            let mut entity = as_seen(seen, one);
            self.clean(&mut entity)?;
            let live: BTreeSet<_> = one.statements().collect();
            let counting: BTreeSet<_> =
                one.grounds().map(|ground| (ground.statement, ground.citation)).collect();
            let mut statements = Vec::new();
            for id in std::iter::once(one.id()).chain(one.one_with()) {
                statements.extend(said.of(id)?);
            }
            statements.retain(|statement| live.contains(&statement.key));
            let mut kept = Vec::with_capacity(statements.len());
            for mut statement in statements {
                if let Some(id) = named(seen, &entity.schema, &statement.property, &statement.value)
                {
                    statement.value = id.to_string();
                }
                statement.strength = one.strength_of(statement.key).unwrap_or(statement.strength);
                statement.citations.retain(|citation| {
                    counting.contains(&(statement.key, citation.key))
                        && !self.withheld.contains(&citation.evidence)
                });
                if !self.names_absent(&entity.schema, &statement.property, &statement.value)? {
                    kept.push(statement);
                }
            }
            if let Some(record) = seen.document(&entity.id) {
                recorded(&mut entity, record);
                recorded_statements(&mut kept, record);
            }
            take(entity, kept)
        })
    }

    /// The record of a document.
    fn record(&self, id: &Id) -> Result<Option<&Evidence>> {
        if let Some(records) = self.records.get() {
            return Ok(records.get(id));
        }
        let all = self.case.evidence()?.into_iter().map(|item| (item.id.clone(), item)).collect();
        Ok(self.records.get_or_init(|| all).get(id))
    }

    /// How many references to what does not leave have been taken off so far.
    pub(crate) fn taken_off(&self) -> u64 {
        self.taken_off.borrow().len() as u64
    }

    /// Whether something leaves by itself.
    pub fn has(&self, id: &Id) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(id))
    }

    fn clean(&self, entity: &mut Entity) -> Result<()> {
        let mut absent = Vec::new();
        for value in &entity.values {
            let names = self.names_absent(&entity.schema, &value.property, &value.text)?;
            if names {
                self.taken_off.borrow_mut().insert(value.statement);
            }
            absent.push(names);
        }
        if absent.contains(&true) {
            let mut absent = absent.into_iter();
            entity.values.retain(|_| !absent.next().unwrap_or_default());
            let first = |property: &str| {
                let named = entity.values.iter().find(|v| &*v.property == property && !v.denied);
                named.map(|value| Id::from(&*value.text))
            };
            entity.ends = derive::ends(&entity.schema, first);
        }
        Ok(())
    }

    /// Whether a value names something that is in the case, or was, and does not leave.
    fn names_absent(&self, schema: &str, property: &str, value: &str) -> Result<bool> {
        let known = schema::schema(schema).and_then(|schema| schema.property(property));
        if known.is_none_or(|property| property.type_ != PropertyType::Entity) {
            return Ok(false);
        }
        let id = Id::from(value);
        if let Some(Through { seen, .. }) = self.through {
            let leaves = seen.get(&id).is_some_and(|entity| self.has(entity.id()));
            return Ok(!leaves && self.is_known(&id)?);
        }
        if self.case.is_withdrawn(&id)? {
            return Ok(true);
        }
        Ok(!self.has(&id) && self.case.caption(&id)?.is_some())
    }

    /// The properties that some of what leaves has, by schema.
    pub fn properties(&self, which: Which) -> Result<BTreeMap<String, BTreeSet<String>>> {
        if self.only.is_none() && self.through.is_none() && which != Which::Loose {
            return self.case.properties_in_use(which);
        }
        let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        self.each(which, &mut |entity| {
            let properties = used.entry(entity.schema.to_string()).or_default();
            for value in entity.values.iter().filter(|value| !value.denied) {
                properties.insert(value.property.to_string());
            }
            Ok(())
        })?;
        Ok(used)
    }

    /// The same of all schemata together, by name. What names the ends of relationships is not
    /// among those of relationships: it has columns of its own.
    pub fn columns(&self, which: Which) -> Result<Vec<String>> {
        let mut all = BTreeSet::new();
        for (schema, properties) in self.properties(which)? {
            let edge = schema::schema(&schema).and_then(|schema| schema.edge.as_ref());
            let ends = edge.filter(|_| which == Which::Relationships);
            let is_end =
                |name: &String| ends.is_some_and(|e| *name == e.source || *name == e.target);
            all.extend(properties.into_iter().filter(|name| !is_end(name)));
        }
        Ok(all.into_iter().collect())
    }

    /// Ends of relationships about which nothing is stated.
    pub fn unknown_ends(&self) -> Result<Vec<Id>> {
        if let Some(Through { seen, .. }) = self.through.filter(|_| self.only.is_none()) {
            let mut unknown = BTreeSet::new();
            for (source, target) in seen.iter().filter_map(EntityRef::ends) {
                for end in [source, target] {
                    if seen.get(end).is_none() && !self.is_known(end)? {
                        unknown.insert(end.clone());
                    }
                }
            }
            return Ok(unknown.into_iter().collect());
        }
        if self.only.is_none() {
            return self.case.unknown_ends();
        }
        // What is on a chart is known.
        Ok(Vec::new())
    }

    /// What an entity that leaves is called.
    pub fn caption(&self, id: &Id) -> Result<String> {
        let caption = match self.through {
            _ if !self.has(id) => None,
            Some(Through { seen, .. }) => seen.get(id).map(|entity| entity.caption().to_owned()),
            None => self.case.caption(id)?,
        };
        Ok(caption.unwrap_or_else(|| id.to_string()))
    }

    /// The documents that leave: all that stand, or those that are `cited`.
    pub fn evidence(&self, cited: &BTreeSet<Id>) -> Result<Vec<Evidence>> {
        let mut all = match self.through {
            Some(Through { seen, .. }) => seen.evidence().cloned().collect(),
            None => self.case.evidence()?,
        };
        all.retain(|item| {
            let leaves = self.has(&item.id) || cited.contains(&item.id);
            item.live && leaves && !self.withheld.contains(&item.id)
        });
        Ok(all)
    }
}

/// What leaves of an entity that is seen. What it names by the id of one that is united with another
/// is named by the id of both.
fn as_seen(seen: &Seen, entity: EntityRef<'_>) -> Entity {
    let mut entity = entity.to_entity();
    for value in &mut entity.values {
        if let Some(one) = named(seen, &entity.schema, &value.property, &value.text) {
            value.text = one.as_str().into();
        }
    }
    entity
}

/// The id of the entity that a value names, where it is seen under another.
fn named<'a>(seen: &'a Seen, schema: &str, property: &str, value: &str) -> Option<&'a Id> {
    let property = schema::schema(schema)?.property(property)?;
    let entity = (property.type_ == PropertyType::Entity).then(|| seen.find(value))??;
    (entity.id().as_str() != value).then(|| entity.id())
}

/// Puts what the record of a document says of its file in the place of what statements say: those
/// may be another's, or have been edited.
fn recorded(entity: &mut Entity, record: &Evidence) {
    for property in FACTS_OF_FILE {
        let Some(fact) = record.fact(property) else { continue };
        let mut is_first = true;
        entity.values.retain_mut(|value| {
            if &*value.property != property {
                return true;
            }
            value.text = fact.as_str().into();
            value.denied = false;
            std::mem::replace(&mut is_first, false)
        });
    }
}

/// The same with statements. One that says what the record says stays as it is.
fn recorded_statements(statements: &mut Vec<StatementInfo>, record: &Evidence) {
    for property in FACTS_OF_FILE {
        let Some(fact) = record.fact(property) else { continue };
        let says = |s: &StatementInfo| s.property == property && s.value == fact && !s.denied;
        let kept = statements.iter().find(|s| says(s)).map(|s| s.key);
        let mut kept = kept.or(statements.iter().find(|s| s.property == property).map(|s| s.key));
        statements.retain_mut(|statement| {
            if statement.property != property {
                return true;
            }
            if kept != Some(statement.key) {
                return false;
            }
            kept = None;
            if !says(statement) {
                statement.value.clone_from(&fact);
                statement.denied = false;
                statement.original = None;
                statement.citations.clear();
            }
            true
        });
    }
}

/// The values of a property in one line, as a person reads them.
pub fn joined(entity: &Entity, property: &str) -> String {
    entity.all(property).collect::<Vec<_>>().join("; ")
}

/// What somebody denies of an entity, in one line; empty for nothing.
pub fn denials(entity: &Entity) -> String {
    let denied = entity.values.iter().filter(|value| value.denied);
    denied.map(|v| format!("{}: {}", v.property, v.text)).collect::<Vec<_>>().join("; ")
}
