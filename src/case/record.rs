//! What is not a statement but can be undone: charts, scenes, settings, placements.
//!
//! Each change is journaled with the row before and after it as JSON. What is present is the last
//! image of a revision that is live, in the order that is the same in every copy.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::{Error, Result};
use crate::model::{Chart, Edition, Id, Placement, RevisionNumber};

/// The kinds of record. To add one, add a name; nothing else in this folder changes.
pub(super) const CHART: &str = "chart";
pub(super) const SCENE: &str = "scene";
pub(super) const SETTING: &str = "setting";
pub(super) const SEARCH: &str = "search";
pub(super) const PINNED: &str = "finding";
/// What is recorded of a document as an edition, by its id.
pub(super) const EDITION: &str = "edition";
/// Kept in a table of its own because there are many.
pub(super) const PLACEMENT: &str = "placement";
/// What is hidden on a chart, and what is drawn as one there. Apart from the chart, so that two
/// people who change one chart can both be followed.
pub(super) const HIDDEN: &str = "hidden";
pub(super) const GROUP: &str = "group";
/// How something looks on a chart, and what is drawn there.
pub(super) const STYLE: &str = "style";
pub(super) const DRAWING: &str = "drawing";
/// Every kind of part of a chart, placements excepted.
pub(super) const PARTS: [&str; 4] = [HIDDEN, GROUP, STYLE, DRAWING];

/// The image of a placement.
#[derive(Serialize, Deserialize)]
struct Place {
    x: f32,
    y: f32,
    pinned: bool,
}

/// The journal's name for a part of a chart: the chart, and what is placed, hidden or grouped.
pub(super) fn part_id(chart: &Id, part: &Id) -> String {
    format!("{chart}\n{part}")
}

/// The chart and the part of a name in the journal.
pub(super) fn split_part_id(id: &str) -> (&str, &str) {
    id.split_once('\n').unwrap_or((id, ""))
}

/// The parts of a chart of one kind: id and image, by id. Placements have a table of their own.
pub(super) fn parts(db: &Connection, kind: &str, chart: &Id) -> Result<Vec<(String, String)>> {
    let mut query = db.prepare_cached(
        "SELECT id, body FROM record WHERE kind = ?1 AND id > ?2 || char(10) AND id < ?2 || char(11)
         ORDER BY id",
    )?;
    let rows = query.query_map([kind, chart.as_str()], |row| {
        let id: String = row.get(0)?;
        Ok((split_part_id(&id).1.to_owned(), row.get(1)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A chart with its parts. An older format kept them in its image.
pub(super) fn chart(db: &Connection, id: &str, body: &str) -> Result<Chart> {
    let mut chart: Chart = parse(CHART, id, body)?;
    for (part, _) in parts(db, HIDDEN, &chart.id)? {
        chart.hidden.push(part.into());
    }
    for (part, image) in parts(db, GROUP, &chart.id)? {
        chart.groups.push(parse(GROUP, &part, &image)?);
    }
    for (part, image) in parts(db, STYLE, &chart.id)? {
        let styling = parse(STYLE, &part, &image)?;
        chart.styles.insert(part.into(), styling);
    }
    for (part, image) in parts(db, DRAWING, &chart.id)? {
        chart.drawings.push(parse(DRAWING, &part, &image)?);
    }
    Ok(chart)
}

/// Reads the image of a record.
pub(super) fn parse<T: serde::de::DeserializeOwned>(kind: &str, id: &str, body: &str) -> Result<T> {
    serde_json::from_str(body)
        .map_err(|e| Error::Corrupt(format!("the {kind} {id} cannot be read ({e})")))
}

pub(super) fn place_image(placement: &Placement) -> String {
    let Placement { x, y, pinned, .. } = *placement;
    // The table keeps no negative zero, and the two images must be the same.
    serde_json::to_string(&Place { x: x + 0.0, y: y + 0.0, pinned }).unwrap_or_default()
}

pub(super) fn edition_image(edition: &Edition) -> Result<String> {
    serde_json::to_string(edition).map_err(|_| Error::report("The edition cannot be stored"))
}

/// The images of all records of a kind, as far as the revisions that `count` make them: by id.
pub(super) fn all_at(
    db: &Connection,
    kind: &str,
    is_live: &dyn Fn(RevisionNumber) -> bool,
) -> Result<BTreeMap<String, String>> {
    let mut query = db.prepare_cached(
        "SELECT j.id, j.new, r.number FROM journal j JOIN revision r ON r.number = j.revision
         WHERE j.kind = ?1 ORDER BY r.clock, r.id, j.key",
    )?;
    let mut rows = query.query([kind])?;
    let mut all = BTreeMap::new();
    while let Some(row) = rows.next()? {
        if is_live(row.get(2)?) {
            let id: String = row.get(0)?;
            match row.get(1)? {
                Some(image) => drop(all.insert(id, image)),
                None => drop(all.remove(&id)),
            }
        }
    }
    Ok(all)
}

/// The present image of a record.
pub(super) fn read(db: &Connection, kind: &str, id: &str) -> Result<Option<String>> {
    if kind == PLACEMENT {
        let (chart, entity) = split_part_id(id);
        let row = db
            .prepare_cached("SELECT x, y, pinned FROM placement WHERE chart = ?1 AND entity = ?2")?
            .query_row([chart, entity], |r| {
                Ok(Place { x: r.get(0)?, y: r.get(1)?, pinned: r.get(2)? })
            })
            .optional()?;
        return Ok(row.map(|place| serde_json::to_string(&place).unwrap_or_default()));
    }
    Ok(db
        .prepare_cached("SELECT body FROM record WHERE kind = ?1 AND id = ?2")?
        .query_row([kind, id], |row| row.get(0))
        .optional()?)
}

/// Makes an image the present one; `None` removes the record.
pub(super) fn write(db: &Connection, kind: &str, id: &str, image: Option<&str>) -> Result<()> {
    match (kind, image) {
        (PLACEMENT, None) => {
            let (chart, entity) = split_part_id(id);
            db.prepare_cached("DELETE FROM placement WHERE chart = ?1 AND entity = ?2")?
                .execute([chart, entity])?;
        }
        (PLACEMENT, Some(image)) => {
            let (chart, entity) = split_part_id(id);
            let place: Place = serde_json::from_str(image)
                .map_err(|_| Error::Corrupt("a placement in the journal cannot be read".into()))?;
            db.prepare_cached(
                "INSERT OR REPLACE INTO placement(chart, entity, x, y, pinned) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![chart, entity, place.x, place.y, place.pinned])?;
        }
        (_, None) => {
            db.prepare_cached("DELETE FROM record WHERE kind = ?1 AND id = ?2")?
                .execute([kind, id])?;
        }
        (_, Some(image)) => {
            db.prepare_cached("INSERT OR REPLACE INTO record(kind, id, body) VALUES (?1, ?2, ?3)")?
                .execute([kind, id, image])?;
        }
    }
    Ok(())
}

/// What a change did to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It is as it was.
    None,
    Changed,
    /// It was not there before, or is not there now.
    CameOrWent,
}

impl Effect {
    fn of(old: Option<&str>, new: Option<&str>) -> Self {
        match (old, new) {
            _ if old == new => Self::None,
            (Some(_), Some(_)) => Self::Changed,
            _ => Self::CameOrWent,
        }
    }
}

/// Changes a record and journals the change.
pub(super) fn change(
    db: &Connection,
    revision: RevisionNumber,
    kind: &str,
    id: &str,
    new: Option<&str>,
) -> Result<Effect> {
    let old = read(db, kind, id)?;
    let effect = Effect::of(old.as_deref(), new);
    if effect == Effect::None {
        return Ok(effect);
    }
    write(db, kind, id, new)?;
    db.prepare_cached(
        "INSERT INTO journal(revision, kind, id, old, new) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![revision, kind, id, old, new])?;
    Ok(effect)
}

/// The records that a revision changed, by kind and id.
pub(super) fn of_revision(
    db: &Connection,
    revision: RevisionNumber,
) -> Result<Vec<(String, String)>> {
    let mut query =
        db.prepare_cached("SELECT DISTINCT kind, id FROM journal WHERE revision = ?1")?;
    let rows = query.query_map([revision], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Makes the last image of a record that is live the present one.
pub(super) fn settle(db: &Connection, kind: &str, id: &str) -> Result<Effect> {
    let image: Option<Option<String>> = db
        .prepare_cached(
            "SELECT j.new FROM journal j JOIN revision r ON r.number = j.revision
             WHERE j.kind = ?1 AND j.id = ?2 AND r.live
             ORDER BY r.clock DESC, r.id DESC, j.key DESC LIMIT 1",
        )?
        .query_row([kind, id], |row| row.get(0))
        .optional()?;
    let (old, new) = (read(db, kind, id)?, image.flatten());
    write(db, kind, id, new.as_deref())?;
    Ok(Effect::of(old.as_deref(), new.as_deref()))
}

/// Every record of a kind: id and image, by id.
pub(super) fn all(db: &Connection, kind: &str) -> Result<Vec<(String, String)>> {
    let mut query = db.prepare_cached("SELECT id, body FROM record WHERE kind = ?1 ORDER BY id")?;
    let rows = query.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
