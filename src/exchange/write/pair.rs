//! Two CSV files, for a spreadsheet: entities with their properties as columns, and relationships
//! with the names of their ends. Several values of a property are joined by semicolons;
//! `as_written` has the source's text of values that were read from another one. Hidden and
//! reordering characters are written out (`⟪U+202E⟫`): people read it.

use std::{fs::File, path::Path};

use super::{
    content::{Content, Written, denials, joined},
    references::References,
    safe, unwritten,
};
use crate::{
    case::{Error, Result, StatementInfo, Which},
    model::{Entity, visible::visible_lines},
};

/// Writes `entities.csv` and `relationships.csv` into a folder.
pub fn write(content: &Content<'_>, folder: &Path) -> Result<Written> {
    let mut written = Written::default();
    let with_places = !content.places.is_empty();
    let mut changed = Changed::default();

    let columns = content.columns(Which::Entities)?;
    let mut out = Table::create(&folder.join("entities.csv"))?;
    let mut head = vec!["id", "schema", "caption", "strength", "denied", "denials", "as_written"];
    if with_places {
        head.extend(["x", "y"]);
    }
    out.row(head.into_iter().chain(columns.iter().map(String::as_str)))?;
    let mut references = References::among(columns.iter().map(String::as_str));
    content.each_with_statements(Which::Entities, &mut |entity, said| {
        references.note(&entity);
        written.count(&entity);
        let mut row = vec![
            entity.id.to_string(),
            entity.schema.to_string(),
            entity.caption.to_string(),
            entity.strength.words().to_owned(),
            if entity.denied { "true" } else { "" }.to_owned(),
            denials(&entity),
            as_written(&said),
        ];
        if with_places {
            let place = content.places.get(&entity.id);
            row.push(place.map(|place| place.x.to_string()).unwrap_or_default());
            row.push(place.map(|place| place.y.to_string()).unwrap_or_default());
        }
        row.extend(columns.iter().map(|column| joined(&entity, column)));
        out.safe_row(&row, &mut changed)?;
        Ok(())
    })?;
    out.finish()?;

    let columns = content.columns(Which::Relationships)?;
    let mut out = Table::create(&folder.join("relationships.csv"))?;
    let head = [
        "id",
        "schema",
        "source",
        "target",
        "source_caption",
        "target_caption",
        "caption",
        "strength",
        "denied",
        "denials",
        "as_written",
    ];
    out.row(head.into_iter().chain(columns.iter().map(String::as_str)))?;
    let mut line = |entity: Entity, said: &[StatementInfo]| {
        let Some((source, target)) = &entity.ends else { return Ok(()) };
        let mut row = vec![
            entity.id.to_string(),
            entity.schema.to_string(),
            source.to_string(),
            target.to_string(),
            content.caption(source)?,
            content.caption(target)?,
            entity.caption.to_string(),
            entity.strength.words().to_owned(),
            if entity.denied { "true" } else { "" }.to_owned(),
            denials(&entity),
            as_written(said),
        ];
        row.extend(columns.iter().map(|column| joined(&entity, column)));
        out.safe_row(&row, &mut changed)?;
        Ok(())
    };
    content.each_with_statements(Which::Relationships, &mut |entity, said| {
        written.count(&entity);
        line(entity, &said)
    })?;
    references.each(content, &mut written, &mut |entity| line(entity, &[]))?;
    out.finish()?;
    written.note(
        changed.formulas,
        "One cell begins like a formula; an apostrophe before it makes it text.",
        "{} cells begin like formulas; an apostrophe before them makes them text.",
    );
    written.note_shown(changed.shown);
    Ok(written)
}

/// The source's text of each value that was read from another one, in one line: *circa 1951* for
/// the year 1951.
fn as_written(statements: &[StatementInfo]) -> String {
    let originals = statements.iter().filter(|said| said.live).filter_map(|said| {
        let original = said.original.as_ref()?;
        Some(format!("{}: {original}", said.property))
    });
    originals.collect::<Vec<_>>().join("; ")
}

/// How many cells do not have their text as it is.
#[derive(Default)]
struct Changed {
    formulas: u64,
    shown: u64,
}

/// A CSV file that is written row by row. All text is in quotes, so that no other separator than
/// the comma can split a cell.
struct Table(csv::Writer<File>);

impl Table {
    fn create(path: &Path) -> Result<Self> {
        let file = File::create_new(path).map_err(unwritten)?;
        Ok(Self(
            csv::WriterBuilder::new()
                .quote_style(csv::QuoteStyle::NonNumeric)
                .buffer_capacity(1 << 18)
                .from_writer(file),
        ))
    }

    fn row<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> Result<()> {
        self.0.write_record(cells.map(|cell| safe::cell(cell).into_owned())).map_err(of_csv)
    }

    /// Writes a row of text, and counts the cells that had to be changed.
    fn safe_row(&mut self, cells: &[String], changed: &mut Changed) -> Result<()> {
        for cell in cells {
            let shown = visible_lines(cell);
            changed.shown += u64::from(*shown != **cell);
            let safe = safe::cell(&shown);
            changed.formulas += u64::from(*safe != *shown);
            self.0.write_field(safe.as_bytes()).map_err(of_csv)?;
        }
        self.0.write_record(None::<&[u8]>).map_err(of_csv)
    }

    fn finish(mut self) -> Result<()> {
        self.0.flush().map_err(unwritten)?;
        self.0.get_ref().sync_all().map_err(unwritten)
    }
}

/// What the writer of CSV says that went wrong.
pub(in crate::exchange) fn of_csv(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(source) => unwritten(source),
        other => unwritten(std::io::Error::other(format!("{other:?}"))),
    }
}
