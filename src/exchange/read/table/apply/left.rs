//! The cells of a row of which nothing is made: what was said of a relationship that the row does
//! not have is kept as a note of what it does name.

use super::{Apply, NewEntity, NewValue, Origin, Problem, Result, Row, Sink, clean};
use crate::model::Id;

impl Apply<'_> {
    /// Keeps the cells of which nothing that the row became is made as notes of the first thing
    /// of the row, where the mapping has notes with their headings; else reports them.
    pub(super) fn rest(
        &self,
        row: &Row,
        place: &str,
        made: &[Vec<(usize, Id)>],
        sink: &mut dyn Sink,
    ) -> Result<()> {
        let thing = self.noted.then(|| self.first_thing(made)).flatten();
        let mut notes = Vec::new();
        for (column, heading) in self.columns.iter().enumerate() {
            let cell = if self.used[column] || !self.named[column] { "" } else { row.get(column) };
            if clean::is_nothing(cell) {
                continue;
            }
            if let Some((_, _, property)) = &thing {
                notes.push(NewValue::new(*property, format!("{heading}: {cell}")));
                continue;
            }
            let text = clean::short(cell);
            let what = format!("column “{heading}”: “{text}” is about nothing that the row names");
            sink.problem(Problem::new(self.file, place, what))?;
        }
        let Some((id, schema, _)) = thing.filter(|_| !notes.is_empty()) else { return Ok(()) };
        let origin = Some(Origin { file: self.file, place: place.to_owned(), quote: None });
        sink.take(NewEntity { id: id.clone(), schema: schema.to_owned(), values: notes, origin })
    }

    /// The first thing that a row became, with its schema and its property for notes.
    fn first_thing<'m>(
        &'m self,
        made: &'m [Vec<(usize, Id)>],
    ) -> Option<(&'m Id, &'m str, &'static str)> {
        self.entities.iter().zip(made).find_map(|(ready, made)| {
            let (_, id) = made.first().filter(|_| !ready.is_edge && !ready.mapping.refers)?;
            Some((id, ready.mapping.schema.as_str(), ready.notes?))
        })
    }
}
