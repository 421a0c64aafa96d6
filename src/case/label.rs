//! What a revision is called, in the words that stand behind "Undo:".
//!
//! One place writes them: from the operations of an action and what the case holds before it, from
//! the files of an import, or from the revision that another one inverts.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _};
use serde::de::DeserializeOwned;

use super::{
    Action, Arrangement, Case, Cited, Intent, Judged, NewCitation, NewEvidence, NewValue, Op,
    Result, Source, projection, read, record,
    revision::{self, Kind},
    standing::Target,
    united::United,
};
use crate::model::{
    Chart, CitationRef, Credibility, Edition, Id, Pinned, Placement, Property, RevisionNumber,
    SavedSearch, Scene, Schema, StatementKey,
    chart::{Group, Parallels},
    count::{counted, grouped},
    derive, schema, value,
};

/// Returns what an action is called. The case must be as it is before the action.
pub(super) fn of_action(db: &Connection, action: &Action) -> Result<String> {
    let words = Words { db, ops: &action.ops };
    match &action.intent {
        Intent::Edit => words.edit(),
        Intent::Paste => Ok(format!("Paste {}", words.placed()?)),
        Intent::Expand => Ok(format!("Add neighbours: {}", words.placed()?)),
        Intent::Details(of) => {
            let folds = action.ops.iter().any(|op| matches!(op, Op::Unplace { .. }));
            let verb = if folds { "Fold" } else { "Show" };
            Ok(format!("{verb} details of {}", words.things(&of.iter().collect::<Vec<_>>())?))
        }
        Intent::Arrange(how) => Ok(how.label().to_owned()),
    }
}

/// Returns what the import of these files is called.
pub(super) fn of_import(sources: &[Source]) -> String {
    let name = |source: &Source| {
        source.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    };
    match sources {
        [] => "Import entities".to_owned(),
        [one] => format!("Import {}", name(one)),
        [first, rest @ ..] => format!("Import {} and {} more", name(first), rest.len()),
    }
}

/// Returns what the adoption of revisions of another copy is called.
pub(super) fn of_adoption(revisions: usize) -> String {
    format!("Adopt {} of another copy", counted(revisions, "revision", "revisions"))
}

/// Returns what a revision is called that undoes another one, or does it again. One that undoes an
/// undo does again what that undid, and is called so.
pub(super) fn of_inversion(
    db: &Connection,
    united: &United,
    kind: Kind,
    of: RevisionNumber,
) -> Result<String> {
    let mut is_undo = kind != Kind::Redo;
    let (mut at, mut later) = (of, 0);
    let mut query = db.prepare_cached("SELECT kind, label FROM revision WHERE number = ?1")?;
    let what: String = loop {
        let (kind, label): (String, String) =
            query.query_row([at], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if Kind::from_word(&kind)? != Kind::Revert {
            break label;
        }
        let undone = revision::undone_by(db, at)?;
        // A revision inverts older ones only, so that this ends.
        let Some(&first) = undone.first().filter(|first| **first < at) else { break label };
        later += undone.len() - united.with(BTreeSet::from([first])).len();
        (at, is_undo) = (first, !is_undo);
    };
    let verb = if is_undo { "Undo" } else { "Redo" };
    Ok(with_later(format!("{verb}: {what}"), later))
}

/// Returns what the reversion of a revision is called that takes so many later ones back with it.
pub(super) fn of_reversion(
    db: &Connection,
    united: &United,
    of: RevisionNumber,
    later: usize,
) -> Result<String> {
    Ok(with_later(of_inversion(db, united, Kind::Revert, of)?, later))
}

fn with_later(label: String, later: usize) -> String {
    match later {
        0 => label,
        _ => format!("{label} and {}", counted(later, "later change", "later changes")),
    }
}

/// Returns what the record of something that happened to a document is called.
pub(super) fn of_event(event: &str) -> String {
    format!("Evidence {event}")
}

impl Case {
    /// What an action would be called if it were done now.
    pub fn label(&self, action: &Action) -> Result<String> {
        of_action(&self.db, action)
    }
}

impl Arrangement {
    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Organic => "Layout: organic",
            Self::OrganicQuick => "Layout: organic, quick",
            Self::OrganicFine => "Layout: organic, fine",
            Self::OrganicFromHere => "Layout: organic, moving little",
            Self::Live => "Live layout",
            Self::Hierarchy => "Layout: hierarchy",
            Self::Radial => "Layout: radial",
            Self::Circle => "Layout: circle",
            Self::Grid => "Layout: grid",
            Self::GridBySchema => "Layout: grid by schema and name",
            Self::GridByDegree => "Layout: grid by relationships",
            Self::Timeline => "Layout: timeline",
            Self::AlignLeft => "Align left",
            Self::AlignCentres => "Align centres",
            Self::AlignRight => "Align right",
            Self::AlignTop => "Align top",
            Self::AlignMiddles => "Align middles",
            Self::AlignBottom => "Align bottom",
            Self::SpaceAcross => "Space evenly across",
            Self::SpaceDown => "Space evenly down",
        }
    }
}

/// What is picked of each operation of one form.
macro_rules! all {
    ($words:ident, $form:pat => $picked:expr) => {
        $words
            .ops
            .iter()
            .filter_map(|op| match op {
                $form => Some($picked),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
}

/// The operations of an action, and the case before it.
struct Words<'a> {
    db: &'a Connection,
    ops: &'a [Op],
}

/// A statement that is there: entity, property, value.
type Stated = (Id, String, String);

/// Which operation of an action names it: those that others only follow from or prepare come later.
fn rank(op: &Op) -> u8 {
    match op {
        Op::Attach(_) => 0,
        Op::Change { .. } => 1,
        Op::Add { .. } => 2,
        Op::Cite(_) => 3,
        Op::PutChart(_) => 5,
        Op::Place { .. } => 6,
        Op::Set { .. } => 7,
        _ => 4,
    }
}

impl<'a> Words<'a> {
    fn edit(&self) -> Result<String> {
        let Some(first) = self.ops.iter().min_by_key(|op| rank(op)) else {
            return Ok("Change nothing".into());
        };
        match first {
            Op::Attach(_) => self.attach(),
            Op::Change { statement, value } => self.change(*statement, value),
            Op::Cite(citation) => self.cite(citation),
            Op::Add { .. } => self.add(),
            Op::State { entity, value } => self.state(entity, value),
            Op::Withdraw(statement) => {
                let count = all!(self, Op::Withdraw(_) => ()).len();
                self.withdraw(*statement, count)
            }
            Op::Restore(statement) => {
                let count = all!(self, Op::Restore(_) => ()).len();
                self.of_statement(("Restore", "of"), *statement, count)
            }
            Op::Retype { entity, schema } => {
                Ok(format!("Make {} {}", self.name(entity)?, with_article(schema)))
            }
            Op::Deny { denied, .. } => {
                let verb = if *denied { "Deny" } else { "Stop denying" };
                let ids = all!(self, Op::Deny { entity, .. } => entity);
                Ok(format!("{verb} {}", self.things(&ids)?))
            }
            Op::WithdrawEntity(_) => {
                let ids = all!(self, Op::WithdrawEntity(id) => id);
                Ok(format!("Withdraw {}", self.things(&ids)?))
            }
            Op::RestoreEntity(_) => {
                let ids = all!(self, Op::RestoreEntity(id) => id);
                Ok(format!("Restore {}", self.things(&ids)?))
            }
            Op::SwapEnds(id) => Ok(format!("Swap direction of {}", self.name(id)?)),
            Op::WithdrawCitation(key) => Ok(format!("Withdraw {}", self.citation(*key)?)),
            Op::RestoreCitation(key) => Ok(format!("Restore {}", self.citation(*key)?)),
            Op::Judge { what, credibility } => self.judge(what, *credibility),
            Op::Place { chart, .. } => self.place(chart),
            Op::Unplace { entities, .. } => Ok(format!(
                "Remove {} from chart",
                self.things(&entities.iter().collect::<Vec<_>>())?
            )),
            Op::PutChart(chart) => self.put_chart(chart),
            Op::DeleteChart(id) => {
                let chart = self.chart(id)?;
                Ok(format!("Delete chart {}", chart.map_or(id.to_string(), |chart| chart.name)))
            }
            Op::PutScene(scene) => self.put_scene(scene),
            Op::DeleteScene(id) => {
                let scene: Option<Scene> = self.record(record::SCENE, id)?;
                Ok(format!("Delete scene {}", scene.map_or(id.to_string(), |scene| scene.title)))
            }
            Op::PutSearch(search) => Ok(match self.record(record::SEARCH, &search.id)? {
                Some(SavedSearch { name, .. }) if name != search.name => {
                    format!("Rename search “{name}” to “{}”", search.name)
                }
                _ => format!("Save search “{}”", search.name),
            }),
            Op::DeleteSearch(id) => {
                let search: Option<SavedSearch> = self.record(record::SEARCH, id)?;
                let name = search.map_or(id.to_string(), |search| search.name);
                Ok(format!("Delete search “{name}”"))
            }
            Op::PutPinned(pinned) => Ok(format!("Pin {}", self.finding(pinned)?)),
            Op::DeletePinned(id) => Ok(match self.record(record::PINNED, id)? {
                Some(pinned) => format!("Unpin {}", self.finding(&pinned)?),
                None => "Unpin a finding".into(),
            }),
            Op::PutEdition(edition) => self.put_edition(edition),
            Op::Set { .. } => Ok(self.set()),
        }
    }

    fn put_edition(&self, edition: &Edition) -> Result<String> {
        let name = self.name(&edition.document)?;
        let (age, others) = match (&edition.newer_than[..], &edition.older_than[..]) {
            ([], []) => return Ok(format!("Date the edition {name}")),
            ([], older) => ("an older", older),
            (newer, _) => ("a newer", newer),
        };
        let of = match others {
            [one] => self.name(one)?,
            many => counted(many.len(), "document", "documents"),
        };
        Ok(format!("Make {name} {age} edition of {of}"))
    }

    fn attach(&self) -> Result<String> {
        let documents = all!(self, Op::Attach(document) => document);
        let what = match documents[..] {
            [one] => title(one),
            _ => counted(documents.len(), "document", "documents"),
        };
        let cited = all!(self, Op::Cite(citation) => &citation.statement);
        Ok(match cited.first().map(|first| self.cited(first)).transpose()?.flatten() {
            Some(entity) if cited.iter().all(|other| *other == cited[0]) => {
                format!("Attach {what} to {}", self.name(&entity)?)
            }
            _ => format!("Attach {what}"),
        })
    }

    fn change(&self, statement: StatementKey, new: &NewValue) -> Result<String> {
        let count = all!(self, Op::Change { .. } => ()).len();
        let old = self.statement(statement)?.filter(|_| count == 1);
        let Some((entity, property, _)) = old else {
            return Ok(format!("Change {}", counted(count, "value", "values")));
        };
        let name = self.name(&entity)?;
        if let Some(words) = self.grade(&entity, &property, &new.value)? {
            return Ok(words);
        }
        if self.names(&entity, &property)? {
            return Ok(format!("Rename {name} to {}", new.value));
        }
        Ok(format!("Change {} of {name}", self.phrase(&entity, &property)?))
    }

    /// What the grade of a document is called, if that is what a value is.
    fn grade(&self, entity: &Id, property: &str, value: &str) -> Result<Option<String>> {
        let key = projection::find_key(self.db, entity)?.filter(|_| property == "reliability");
        Ok(match key {
            Some(key) if projection::is_evidence(self.db, key)? => {
                Some(format!("Grade {} {value}", self.name(entity)?))
            }
            _ => None,
        })
    }

    /// Whether an entity that is no relationship takes its name from a property.
    fn names(&self, entity: &Id, property: &str) -> Result<bool> {
        let Some(schema) = self.schema(entity)?.filter(|schema| !schema.is_edge()) else {
            return Ok(false);
        };
        let Some(key) = projection::find_key(self.db, entity)? else { return Ok(false) };
        let entity = read::load(self.db, Some(key))?.pop();
        let first = |name: &str| entity.as_ref().and_then(|entity| entity.first(name));
        Ok(schema::caption_property(schema, &first) == Some(property))
    }

    fn cite(&self, citation: &NewCitation) -> Result<String> {
        let all = all!(self, Op::Cite(citation) => citation);
        let what = if all.iter().all(|other| other.evidence == citation.evidence) {
            self.name(&citation.evidence)?
        } else {
            counted(all.len(), "place", "places")
        };
        Ok(match self.cited(&citation.statement)? {
            Some(entity) => format!("Cite {what} for {}", self.name(&entity)?),
            None => format!("Cite {what}"),
        })
    }

    fn add(&self) -> Result<String> {
        let new = all!(self, Op::Add { entity, schema, .. } => (entity, schema));
        let is_edge = |name: &str| schema::schema(name).is_some_and(Schema::is_edge);
        let (edges, nodes): (Vec<_>, Vec<_>) =
            new.into_iter().partition(|(_, schema)| is_edge(schema));
        Ok(match (&edges[..], &nodes[..]) {
            // An entity that was made for the end of a relationship goes with it.
            ([(edge, _)], [] | [_]) => format!("Link {}", self.name(edge)?),
            ([], [(node, _)]) => format!("Add {}", self.name(node)?),
            _ => format!("Add {}", entities_and_relationships(nodes.len(), edges.len())),
        })
    }

    fn state(&self, entity: &Id, new: &NewValue) -> Result<String> {
        let all = all!(self, Op::State { entity, value } => (entity, value));
        let ids: Vec<&Id> = all.iter().map(|(entity, _)| *entity).collect();
        let is_remark = |value: &NewValue| matches!(&*value.property, "notes" | "description");
        if all.iter().all(|(_, value)| value.property == "tag" && value.value == new.value) {
            return Ok(format!("Tag {} “{}”", self.things(&ids)?, new.value));
        }
        if all.iter().all(|(_, value)| is_remark(value) && value.value == new.value) {
            return Ok(format!("Note on {}", self.things(&ids)?));
        }
        if all.len() > 1 {
            return Ok(format!("Add {}", counted(all.len(), "value", "values")));
        }
        if let Some(words) = self.grade(entity, &new.property, &new.value)? {
            return Ok(words);
        }
        if new.property == schema::SAME_AS {
            let other = self.name(&Id::from(&*new.value))?;
            return Ok(format!("Mark {} as the same as {other}", self.name(entity)?));
        }
        Ok(format!("Add {} of {}", self.phrase(entity, &new.property)?, self.name(entity)?))
    }

    fn withdraw(&self, statement: StatementKey, count: usize) -> Result<String> {
        match self.statement(statement)?.filter(|(_, property, _)| count == 1 && property == "tag")
        {
            Some((entity, _, tag)) => Ok(format!("Remove tag {tag} from {}", self.name(&entity)?)),
            None => self.of_statement(("Withdraw", "from"), statement, count),
        }
    }

    /// A sentence about one of so many statements.
    fn of_statement(
        &self,
        (verb, preposition): (&str, &str),
        statement: StatementKey,
        count: usize,
    ) -> Result<String> {
        let one = self.statement(statement)?.filter(|_| count == 1);
        let Some((entity, property, text)) = one else {
            return Ok(format!("{verb} {}", counted(count, "value", "values")));
        };
        let text = match self.property(&entity, &property)? {
            _ if property == crate::model::entity::SCHEMA => schema::label(&text).to_owned(),
            Some(known) if known.range.is_some() => self.name(&Id::from(&*text))?,
            Some(known) => value::display(known, &text),
            None => text,
        };
        Ok(format!("{verb} {text} {preposition} {}", self.name(&entity)?))
    }

    /// "a citation of a document for an entity"
    fn citation(&self, citation: CitationRef) -> Result<String> {
        let sql = match citation {
            CitationRef::Made(_) => {
                "SELECT d.id, e.id FROM citation c JOIN statement s ON s.key = c.statement
                 JOIN entity d ON d.key = c.entity JOIN entity e ON e.key = s.entity
                 WHERE c.key = ?1"
            }
            CitationRef::Read(_) => {
                "SELECT d.id, e.id FROM passage p
                 JOIN entity d ON d.key = p.evidence JOIN entity e ON e.key = p.entity
                 WHERE ?1 BETWEEN p.first AND p.last ORDER BY p.first DESC LIMIT 1"
            }
        };
        let found: Option<(String, String)> = self
            .db
            .prepare_cached(sql)?
            .query_row([Target::from(citation).row()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((document, entity)) = found else { return Ok("a citation".into()) };
        let (document, entity) = (self.name(&document.into())?, self.name(&entity.into())?);
        Ok(format!("a citation of {document} for {entity}"))
    }

    fn judge(&self, what: &Judged, credibility: Option<Credibility>) -> Result<String> {
        let of = match what {
            Judged::Document(id) => self.name(id)?,
            Judged::Citation(citation) => self.citation(*citation)?,
        };
        Ok(match (what, credibility) {
            (Judged::Document(_), Some(step)) => format!("Judge what {of} says {}", step.code()),
            (Judged::Document(_), None) => format!("Clear the judgement of what {of} says"),
            (Judged::Citation(_), Some(step)) => format!("Judge {of} {}", step.code()),
            (Judged::Citation(_), None) => format!("Clear the judgement of {of}"),
        })
    }

    fn placements(&self) -> impl Iterator<Item = &'a Placement> {
        self.ops.iter().flat_map(|op| match op {
            Op::Place { placements, .. } => placements.as_slice(),
            _ => &[],
        })
    }

    /// What is placed, or moved, or pinned.
    fn placed(&self) -> Result<String> {
        self.things(&self.placements().map(|placement| &placement.entity).collect::<Vec<_>>())
    }

    fn place(&self, chart: &Id) -> Result<String> {
        let mut verb = "Move";
        for new in self.placements() {
            let id = record::part_id(chart, &new.entity);
            let image = record::place_image(new);
            match record::read(self.db, record::PLACEMENT, &id)? {
                Some(old) if old == image => continue,
                Some(old) => {
                    let turned =
                        record::place_image(&Placement { pinned: !new.pinned, ..new.clone() });
                    if old == turned {
                        verb = if new.pinned { "Pin" } else { "Unpin" };
                    }
                }
                None => verb = "Place",
            }
            // One intent does the same with all of them.
            break;
        }
        Ok(format!("{verb} {}", self.placed()?))
    }

    fn put_chart(&self, new: &Chart) -> Result<String> {
        let name = &new.name;
        let Some(old) = self.chart(&new.id)? else {
            if self.ops.iter().any(|op| matches!(op, Op::Set { key, .. } if key == "title")) {
                return Ok("Create the case".into());
            }
            let charts = all!(self, Op::PutChart(_) => ()).len();
            let placed = self.placements().count();
            return Ok(match (charts, placed) {
                (1, 0) => format!("Create chart {name}"),
                (1, _) => {
                    format!("Create chart {name} with {}", counted(placed, "entity", "entities"))
                }
                _ => format!("Create {}", counted(charts, "chart", "charts")),
            });
        };
        if old.name != *name {
            return Ok(format!("Rename chart {} to {name}", old.name));
        }
        if old.order != new.order {
            return Ok(format!("Move chart {name}"));
        }
        if old.parallels != new.parallels {
            return Ok(match new.parallels {
                Parallels::Single => "Bundle parallel lines",
                Parallels::PerDirection => "One line for each direction",
                Parallels::Multiple => "Separate parallel lines",
            }
            .into());
        }
        if old.bundled != new.bundled {
            let words = if new.bundled { "Bundle long lines" } else { "Draw long lines straight" };
            return Ok(words.into());
        }
        if let Some(words) = self.hide(&old, new)? {
            return Ok(words);
        }
        if let Some(words) = self.group(&old, new)? {
            return Ok(words);
        }
        if let Some(words) = self.draw(&old, new)? {
            return Ok(words);
        }
        Ok(format!("Change chart {name}"))
    }

    /// What was drawn beside the cards, or how something on the chart looks now.
    fn draw(&self, old: &Chart, new: &Chart) -> Result<Option<String>> {
        let of = |chart: &Chart, id: &Id| chart.drawings.iter().find(|d| d.id == *id).cloned();
        for drawing in &new.drawings {
            let words = drawing.shape.words();
            match of(old, &drawing.id) {
                None => return Ok(Some(format!("Draw a {words} on {}", new.name))),
                Some(before) if before != *drawing => {
                    return Ok(Some(format!("Change a {words} on {}", new.name)));
                }
                Some(_) => {}
            }
        }
        if let Some(gone) = old.drawings.iter().find(|drawing| of(new, &drawing.id).is_none()) {
            return Ok(Some(format!("Delete a {} from {}", gone.shape.words(), new.name)));
        }
        let ids = old.styles.keys().chain(new.styles.keys());
        let styled: BTreeSet<&Id> =
            ids.filter(|id| old.styles.get(*id) != new.styles.get(*id)).collect();
        if styled.is_empty() {
            let is_same = old.meanings == new.meanings;
            return Ok((!is_same).then(|| format!("Change the legend of {}", new.name)));
        }
        let styled: Vec<&Id> = styled.into_iter().collect();
        let groups = |id: &&Id| new.groups.iter().find(|group| group.id == **id);
        if let Some(group) = styled.first().and_then(groups).filter(|_| styled.len() == 1) {
            return Ok(Some(format!("Style {}", group.name)));
        }
        Ok(Some(format!("Style {}", self.things(&styled)?)))
    }

    fn hide(&self, old: &Chart, new: &Chart) -> Result<Option<String>> {
        let (was, is): (BTreeSet<&Id>, BTreeSet<&Id>) =
            (old.hidden.iter().collect(), new.hidden.iter().collect());
        let hidden: Vec<&Id> = is.difference(&was).copied().collect();
        let shown: Vec<&Id> = was.difference(&is).copied().collect();
        Ok(match (hidden.is_empty(), shown.is_empty()) {
            (false, _) => Some(format!("Hide {}", self.things(&hidden)?)),
            (true, false) if is.is_empty() => Some("Show all hidden".into()),
            (true, false) => Some(format!("Show {}", self.things(&shown)?)),
            (true, true) => None,
        })
    }

    fn group(&self, old: &Chart, new: &Chart) -> Result<Option<String>> {
        let made: Vec<&Group> =
            new.groups.iter().filter(|g| old.groups.iter().all(|o| o.id != g.id)).collect();
        if let [first, rest @ ..] = &made[..] {
            let members = made.iter().map(|group| group.members.len()).sum();
            let members = counted(members, "entity", "entities");
            return Ok(Some(match rest.len() {
                0 => format!("Group {members} as {}", first.name),
                more => format!("Group {members} as {} and {} more", first.name, grouped(more)),
            }));
        }
        let gone: Vec<&Group> =
            old.groups.iter().filter(|g| new.groups.iter().all(|n| n.id != g.id)).collect();
        if let [first, ..] = gone[..] {
            return Ok(Some(match gone.len() {
                1 => format!("Expand {}", first.name),
                many => format!("Expand {} groups", grouped(many)),
            }));
        }
        for is in &new.groups {
            let Some(was) = old.groups.iter().find(|was| was.id == is.id) else { continue };
            if was.name != is.name {
                return Ok(Some(format!("Rename group {} to {}", was.name, is.name)));
            }
            let out: Vec<&Id> = was.members.iter().filter(|m| !is.members.contains(m)).collect();
            if !out.is_empty() {
                return Ok(Some(format!("Take {} out of {}", self.things(&out)?, is.name)));
            }
        }
        Ok(None)
    }

    fn put_scene(&self, new: &Scene) -> Result<String> {
        let scenes = all!(self, Op::PutScene(_) => ()).len();
        let title = &new.title;
        let old: Option<Scene> = self.record(record::SCENE, &new.id)?;
        let verb = match &old {
            None if scenes > 1 => {
                return Ok(format!("Add {}", counted(scenes, "scene", "scenes")));
            }
            None => "Add",
            Some(old) if old.order != new.order => "Move",
            Some(old) if (&old.title, &old.caption) != (&new.title, &new.caption) => "Write",
            Some(old)
                if (&old.chart, old.camera, &old.selection, &old.period)
                    == (&new.chart, new.camera, &new.selection, &new.period) =>
            {
                "Confirm"
            }
            Some(_) => "Update",
        };
        Ok(format!("{verb} scene {title}"))
    }

    fn finding(&self, pinned: &Pinned) -> Result<String> {
        Ok(match pinned.about.first() {
            Some(id) => format!("a finding about {}", self.name(id)?),
            None => "a finding".into(),
        })
    }

    fn set(&self) -> String {
        let set = all!(self, Op::Set { key, value } => (key.replacen(':', " ", 1), value));
        match &set[..] {
            [(key, value)] if value.is_empty() => format!("Clear {key}"),
            [(key, _)] => format!("Set {key}"),
            [(first, _), (second, _)] => format!("Set {first} and {second}"),
            _ => format!("Set {}", counted(set.len(), "setting", "settings")),
        }
    }

    /// One by its name; several by how many there are.
    fn things(&self, ids: &[&Id]) -> Result<String> {
        if let [one] = ids {
            return self.name(one);
        }
        let mut links = 0;
        for id in ids {
            links += usize::from(self.ends(id)?.is_some());
        }
        Ok(entities_and_relationships(ids.len() - links, links))
    }

    /// What an entity is called; for a relationship, its ends.
    fn name(&self, id: &Id) -> Result<String> {
        match self.ends(id)? {
            Some((source, target)) => {
                Ok(format!("{} → {}", self.caption(&source)?, self.caption(&target)?))
            }
            None => self.caption(id),
        }
    }

    /// The caption of an entity that is there, or that the action makes.
    fn caption(&self, id: &Id) -> Result<String> {
        for op in self.ops {
            match op {
                Op::Add { entity, schema, values } if entity == id => {
                    let first = |name: &str| first(values, name);
                    return Ok(schema::caption(schema, &first, id.as_str()));
                }
                Op::Attach(document) if document.id == *id => return Ok(title(document)),
                _ => {}
            }
        }
        let Some(key) = projection::find_key(self.db, id)? else { return Ok(id.to_string()) };
        let caption: Option<String> = self
            .db
            .prepare_cached("SELECT caption FROM node WHERE entity = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()?;
        match caption {
            Some(caption) => Ok(caption),
            None => Ok(read::last_caption(self.db, key, true)?.1),
        }
    }

    /// The ends of a relationship that is there, or that the action makes.
    fn ends(&self, id: &Id) -> Result<Option<(Id, Id)>> {
        let new = self.ops.iter().find_map(|op| match op {
            Op::Add { entity, schema, values } if entity == id => Some((schema, values)),
            _ => None,
        });
        if let Some((schema, values)) = new {
            let ends = derive::ends(schema, |name| first(values, name));
            return Ok(ends.map(|(source, target)| (source.into(), target.into())));
        }
        let ends: Option<(String, String)> = self
            .db
            .prepare_cached(
                "SELECT s.id, t.id FROM entity e JOIN link l ON l.entity = e.key
                 JOIN entity s ON s.key = l.source JOIN entity t ON t.key = l.target
                 WHERE e.id = ?1",
            )?
            .query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(ends.map(|(source, target)| (source.into(), target.into())))
    }

    /// The schema of an entity, where this program knows it.
    fn schema(&self, id: &Id) -> Result<Option<&'static Schema>> {
        let new = self.ops.iter().find_map(|op| match op {
            Op::Add { entity, schema, .. } if entity == id => Some(schema),
            _ => None,
        });
        if let Some(name) = new {
            return Ok(schema::schema(name));
        }
        let name: Option<String> = self
            .db
            .prepare_cached(
                "SELECT t.text FROM entity e JOIN node n ON n.entity = e.key
                 JOIN term t ON t.key = n.schema WHERE e.id = ?1",
            )?
            .query_row([id.as_str()], |row| row.get(0))
            .optional()?;
        Ok(name.and_then(|name| schema::schema(&name)))
    }

    fn property(&self, entity: &Id, name: &str) -> Result<Option<&'static Property>> {
        Ok(self.schema(entity)?.and_then(|schema| schema.property(name)))
    }

    /// A property as it is written within a sentence.
    fn phrase(&self, entity: &Id, name: &str) -> Result<String> {
        Ok(self.property(entity, name)?.map_or_else(|| name.to_owned(), Property::phrase))
    }

    fn statement(&self, key: StatementKey) -> Result<Option<Stated>> {
        let stated = self
            .db
            .prepare_cached(
                "SELECT e.id, t.text, s.value FROM statement s JOIN entity e ON e.key = s.entity
                 JOIN term t ON t.key = s.property WHERE s.key = ?1",
            )?
            .query_row([key], |row| {
                Ok((Id::from(row.get::<_, String>(0)?), row.get(1)?, row.get(2)?))
            })
            .optional()?;
        Ok(stated)
    }

    /// The entity that a citation is about.
    fn cited(&self, cited: &Cited) -> Result<Option<Id>> {
        Ok(match cited {
            Cited::Statement(key) => self.statement(*key)?.map(|(entity, ..)| entity),
            Cited::ExistenceOf(id) => Some(id.clone()),
            Cited::Nth(nth) => {
                let mut before = 0;
                for op in self.ops {
                    let (entity, count) = match op {
                        Op::Add { entity, values, .. } => (Some(entity.clone()), 1 + values.len()),
                        Op::State { entity, .. } => (Some(entity.clone()), 1),
                        Op::Change { statement, .. } => {
                            (self.statement(*statement)?.map(|(entity, ..)| entity), 1)
                        }
                        _ => (None, 0),
                    };
                    before += count;
                    if *nth < before {
                        return Ok(entity);
                    }
                }
                None
            }
        })
    }

    fn chart(&self, id: &Id) -> Result<Option<Chart>> {
        let body = record::read(self.db, record::CHART, id.as_str())?;
        body.map(|body| record::chart(self.db, id.as_str(), &body)).transpose()
    }

    fn record<T: DeserializeOwned>(&self, kind: &str, id: &Id) -> Result<Option<T>> {
        let body = record::read(self.db, kind, id.as_str())?;
        body.map(|body| record::parse(kind, id.as_str(), &body)).transpose()
    }
}

/// What a new document is called.
fn title(document: &NewEvidence) -> String {
    first(&document.values, "title").unwrap_or(&document.file_name).to_owned()
}

/// The value of a property that is asserted first.
fn first<'a>(values: &'a [NewValue], property: &str) -> Option<&'a str> {
    let mut asserted = values.iter().filter(|v| v.property == property && !v.denied);
    asserted.next().map(|value| value.value.as_str())
}

/// "3 entities", "2 relationships", or "3 entities and 2 relationships".
fn entities_and_relationships(entities: usize, relationships: usize) -> String {
    let nodes = counted(entities, "entity", "entities");
    let links = counted(relationships, "relationship", "relationships");
    match (entities, relationships) {
        (_, 0) => nodes,
        (0, _) => links,
        _ => format!("{nodes} and {links}"),
    }
}

/// The name of a schema with its article: "a company", "an airplane".
fn with_article(schema: &str) -> String {
    let phrase = schema::phrase(schema::label(schema));
    let article =
        if phrase.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) { "an" } else { "a" };
    format!("{article} {phrase}")
}
