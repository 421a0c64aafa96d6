//! A timeline as it leaves: as a picture with its frame and sources, and as a table.

use std::{collections::BTreeSet, io::Write, path::Path, sync::Arc};

use super::{Look, Target, Writer, frame, picture_of};
use crate::{
    case::{Case, Error, Progress, Result},
    chart::{
        Frame, Style,
        text::one_line,
        timeline::{Lanes, Timeline},
    },
    exchange::{self, content::Written, safe},
    model::{Id, schema, visible::visible_lines},
    network::{EntityRef, Lens, Seen},
    report::{
        Exhibit, Photos,
        sources::{Sources, bracketed},
    },
};

/// Maximum number of dated things in a picture; a table has all.
const MOST: usize = 3_000;

/// What has a date, as somebody sees it.
#[derive(Clone)]
pub struct TimelineView {
    pub seen: Arc<Seen>,
    pub lens: Lens,
    /// The digest of the case in the state that is seen.
    pub digest: String,
    /// What is shown, where that is not everything.
    pub ids: Option<BTreeSet<Id>>,
    /// Documents that must not be named among the sources.
    pub withheld: Vec<Id>,
    pub lanes: Lanes,
    pub title: String,
    /// The day until which is drawn what has no known end, where it is not the computer's.
    pub today: Option<jiff::civil::Date>,
}

impl TimelineView {
    fn timeline(&self, most: usize) -> Timeline {
        let today = self.today.unwrap_or_else(|| jiff::ZonedDateTime::now().date());
        let is_shown =
            |entity: &EntityRef<'_>| self.ids.as_ref().is_none_or(|ids| ids.contains(entity.id()));
        let entities = self.seen.iter().filter(is_shown);
        Timeline::of(&self.seen, entities, self.lanes, today, most)
    }

    fn frame(&self, case: &Case) -> Result<Frame> {
        let is_whole = self.lens.is_plain() && !self.seen.is_of_newest();
        let lens = if is_whole { String::new() } else { self.lens.words(&self.seen) };
        Ok(Frame { lens, ..frame(case, &self.title, &self.digest)? })
    }
}

/// Writes a timeline to a new file.
pub(super) fn write(
    case: &Case,
    out: &Path,
    view: &TimelineView,
    target: &Target,
    look: Look,
    progress: &Progress,
) -> Result<Written> {
    match target.writer {
        Writer::Svg | Writer::Png | Writer::Pdf => draw(case, out, view, target, look, progress),
        Writer::Timeline => table(case, out, view),
        _ => Err(Error::invalid("A timeline is written as PDF, SVG, PNG or CSV.")),
    }
}

fn draw(
    case: &Case,
    out: &Path,
    view: &TimelineView,
    target: &Target,
    look: Look,
    progress: &Progress,
) -> Result<Written> {
    let timeline = view.timeline(MOST);
    progress.check()?;
    let style = Style::of(look.mode);
    let sources = if look.furniture.sources {
        let ids: BTreeSet<&Id> = timeline.items.iter().map(|item| &item.id).collect();
        Sources::of(case, &view.seen, ids, &view.withheld)?
    } else {
        Sources::default()
    };
    let picture = timeline.picture(&style, &|id| bracketed(sources.numbers(id)));
    let exhibit = Exhibit {
        picture: &picture,
        frame: &view.frame(case)?,
        style: &style,
        sources: &sources,
        photos: &Photos::new(),
        furniture: look.furniture,
    };
    let mut written = picture_of(out, &exhibit, target, look, progress)?;
    count(&timeline, view, &mut written);
    if timeline.is_cut {
        written.notes.push(format!(
            "The picture has the first {MOST} dated things; write CSV to have all of them."
        ));
    }
    Ok(written)
}

fn table(case: &Case, out: &Path, view: &TimelineView) -> Result<Written> {
    let timeline = view.timeline(usize::MAX);
    let frame = view.frame(case)?;
    let mut written = Written::default();
    count(&timeline, view, &mut written);
    exchange::write_new(out, |to: &mut dyn Write| {
        let mut rows = csv::Writer::from_writer(to);
        let failed = |error: csv::Error| exchange::unwritten(std::io::Error::other(error));
        let head = ["lane", "what", "kind", "from", "to", "end_known", "id", "marking"];
        rows.write_record(head).map_err(failed)?;
        for item in &timeline.items {
            let (from, to) = item.days();
            let row = [
                timeline.lane_of(item.lane).to_owned(),
                one_line(&item.label),
                schema::label(&item.schema).to_owned(),
                from.to_string(),
                to.map(|day| day.to_string()).unwrap_or_default(),
                if item.open { "no" } else { "yes" }.to_owned(),
                item.id.to_string(),
                frame.marking.clone(),
            ];
            let row = row.iter().map(|text| safe::cell(&visible_lines(text)).into_owned());
            rows.write_record(row).map_err(failed)?;
        }
        rows.flush().map_err(exchange::unwritten)
    })?;
    if !frame.lens.is_empty() {
        written.notes.push(format!(
            "The format has no place for it, so say it when you pass this on: {}",
            frame.lens
        ));
    }
    Ok(written)
}

/// Counts the entities and relationships that have a date.
fn count(timeline: &Timeline, view: &TimelineView, written: &mut Written) {
    let ids: BTreeSet<&Id> = timeline.items.iter().map(|item| &item.id).collect();
    let is_link = |id: &&&Id| view.seen.get(id).is_some_and(EntityRef::is_link);
    written.relationships = ids.iter().filter(is_link).count() as u64;
    written.entities = ids.len() as u64 - written.relationships;
}
