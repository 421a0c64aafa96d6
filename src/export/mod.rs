//! Everything that leaves a case: the one list of targets, for the command line and the window,
//! and how a case, a chart or a selection is written to one of them.
//!
//! What leaves is what stands: nothing that was withdrawn, nothing that a chart hides or a filter
//! leaves out. Of a chart its entities leave, those in groups one by one, and the relationships
//! between them.

mod part;
mod target;
mod timeline;
mod whole;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

pub use part::ChartView;
pub use target::{TARGETS, TIMELINE, Target, fitting, target};
pub use timeline::TimelineView;

use crate::{
    case::{Case, Error, Progress, Result, Which},
    chart::{self, Frame, Mode, Photo, Picture, Style},
    exchange::{
        self,
        content::{About, Content, Through, Written},
    },
    model::{Id, Period, schema},
    network::{Lens, Network, Seen},
    report::{
        self, Exhibit, Furniture, Photos,
        sheet::{Paper, Poster},
        sources::Sources,
    },
};
use target::Writer;

/// What is to leave.
#[derive(Clone, Default)]
pub enum Scope {
    #[default]
    Case,
    /// Everything that is seen of it through a lens.
    Seen(CaseView),
    Chart(ChartView),
    /// Of what a chart shows, what is selected and the relationships between.
    Selection(ChartView, BTreeSet<Id>),
    /// What has a date, in lanes.
    Timeline(TimelineView),
}

/// A case as it is seen through a lens.
#[derive(Clone)]
pub struct CaseView {
    pub seen: Arc<Seen>,
    pub lens: Lens,
    /// The digest of the case in the state that is seen.
    pub digest: String,
}

impl CaseView {
    /// What the lens does, in whole sentences.
    pub fn words(&self) -> String {
        self.lens.words(&self.seen)
    }
}

/// How pictures are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    pub mode: Mode,
    /// For PNG, pixels for a point: 0.1 to 8.
    pub scale: f32,
    /// For PDF, the paper.
    pub paper: Paper,
    /// What is drawn around the picture.
    pub furniture: Furniture,
}

impl Default for Look {
    fn default() -> Self {
        Self { mode: Mode::Light, scale: 2.0, paper: Paper::Fit, furniture: Furniture::default() }
    }
}

/// An export.
#[derive(Clone)]
pub struct Job {
    pub target: &'static Target,
    /// The file or folder to create; one that exists is never replaced.
    pub out: PathBuf,
    pub scope: Scope,
    /// How it is drawn, where it is a picture.
    pub look: Look,
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to {}", self.target.name, self.out.display())
    }
}

impl ChartView {
    /// What a chart of a case shows, without a filter; the first chart where none is named.
    pub fn read(case: &Case, name: Option<&str>) -> Result<Self> {
        Self::read_through(case, name, None)
    }

    /// The same with what is seen through a lens.
    pub fn read_through(
        case: &Case,
        name: Option<&str>,
        through: Option<&CaseView>,
    ) -> Result<Self> {
        let charts = case.charts()?;
        let names: Vec<String> = charts.iter().map(|chart| chart.name.clone()).collect();
        let wanted = charts.into_iter().find(|chart| name.is_none_or(|name| chart.name == name));
        let title = case.path().map(|path| path.display().to_string()).unwrap_or_default();
        let chart = wanted.ok_or_else(|| {
            Error::not_found(match name {
                None => {
                    format!(
                        "{title} has no chart to draw; create one and place entities on it, or \
                         draw the whole case with `render --all`."
                    )
                }
                Some(name) if names.is_empty() => {
                    format!("There is no chart called “{name}” in {title}; it has none.")
                }
                Some(name) => format!(
                    "There is no chart called “{name}” in {title}; it has: {}.",
                    names.join(", ")
                ),
            })
        })?;
        let placements = case.placements(&chart.id)?;
        let overlay = Arc::default();
        if let Some(CaseView { seen, lens, digest }) = through.cloned() {
            return Ok(Self { seen, lens, chart, placements, overlay, digest });
        }
        let ids: Vec<Id> = placements.iter().map(|placement| placement.entity.clone()).collect();
        if !case.editions()?.is_empty() {
            let (lens, digest) = (Lens::default(), case.digest()?);
            let seen = Network::read(case, &Progress::new())?.through(&lens);
            return Ok(Self { seen, lens, chart, placements, overlay, digest });
        }
        // Whose details are folded into a card, only the whole case says.
        let used = case.properties_in_use(Which::Entities)?;
        let may_refer = used.values().flatten().any(|name| schema::references().any(|r| r == name));
        let seen = if may_refer {
            Arc::clone(Network::read(case, &Progress::new())?.plain())
        } else {
            Arc::new(Seen::new(case.among(&ids)?))
        };
        let (lens, digest) = (Lens::default(), case.digest()?);
        Ok(Self { seen, lens, chart, placements, overlay, digest })
    }
}

/// Writes what is to leave to a new file or folder, or nothing.
///
/// Data is the case at one digest, which the export names: where somebody edits meanwhile, it
/// begins again.
pub fn run(case: &Case, job: &Job, progress: &Progress) -> Result<Written> {
    let newest;
    let job = match &job.scope {
        // What leaves of a case is what its newest editions say.
        Scope::Case if !case.editions()?.is_empty() && !job.target.is_picture() => {
            let lens = Lens::default();
            let (seen, digest) = case.consistent(|digest| {
                let network = Network::read(case, progress)?;
                case.is_still(digest)?;
                Ok((network.through(&lens), digest.to_owned()))
            })?;
            let scope = Scope::Seen(CaseView { seen, lens, digest });
            newest = Job { scope, ..job.clone() };
            &newest
        }
        _ => job,
    };
    let Job { target, out, scope, look } = job;
    // The format decides, not the name.
    if out.symlink_metadata().is_ok() {
        return Err(Error::Exists(out.clone()));
    }
    if let Scope::Timeline(view) = scope {
        let mut written = timeline::write(case, out, view, target, *look, progress)?;
        if written.entities + written.relationships == 0 {
            written.notes.push("Nothing that is shown has a date.".to_owned());
        }
        return Ok(written);
    }
    let mut written = match target.writer {
        Writer::Stream(write) => case.consistent(|digest| {
            data(case, job, progress, |content| {
                exchange::write_new(out, |to| kept(write(content, to)?, case, digest))
            })
        }),
        Writer::Seek(write) => case.consistent(|digest| {
            data(case, job, progress, |content| {
                exchange::create_new(out, |to| kept(write(content, to)?, case, digest))
            })
        }),
        Writer::Folder(write) => case.consistent(|digest| {
            data(case, job, progress, |content| {
                exchange::write_folder(out, |to| kept(write(content, to)?, case, digest))
            })
        }),
        Writer::Timeline => Err(Error::invalid("Only a timeline is written as this table.")),
        Writer::Svg | Writer::Png | Writer::Pdf => {
            let seen = match scope {
                Scope::Case => ChartView::read(case, None)?,
                Scope::Seen(through) => ChartView::read_through(case, None, Some(through))?,
                Scope::Chart(seen) => seen.clone(),
                Scope::Selection(seen, selection) => seen.selected(selection),
                // It was written above.
                Scope::Timeline(_) => return Ok(Written::default()),
            };
            picture(case, out, &seen, target, *look, progress)
        }
    }?;
    if target.is_raw() {
        written.notes.push(
            "The values are raw: give them to programs only; for a spreadsheet, export a CSV pair or an Excel workbook."
                .to_owned(),
        );
    }
    if written.entities + written.relationships == 0 {
        let is_whole = matches!(scope, Scope::Case | Scope::Seen(_));
        let what = if is_whole { "The case holds" } else { "The chart shows" };
        written.notes.push(format!("{what} nothing that could be written."));
    }
    Ok(written)
}

/// What was written, unless the case was changed while it was read.
fn kept(written: Written, case: &Case, digest: &str) -> Result<Written> {
    case.is_still(digest)?;
    Ok(written)
}

/// Writes data, and tells what was left out of it.
fn data(
    case: &Case,
    job: &Job,
    progress: &Progress,
    write: impl FnOnce(&Content<'_>) -> Result<Written>,
) -> Result<Written> {
    let content = content(case, job, progress)?;
    let mut written = write(&content)?;
    if !content.about.lens.is_empty() && !job.target.has_metadata() {
        written.notes.push(format!(
            "The format has no place for it, so say it when you pass this on: {}",
            content.about.lens
        ));
    }
    written.note(
        content.taken_off(),
        "One reference to something that does not leave is left out.",
        "{} references to something that does not leave are left out.",
    );
    Ok(written)
}

fn content<'a>(case: &'a Case, job: &'a Job, progress: &'a Progress) -> Result<Content<'a>> {
    let mut content = Content::all(case, progress);
    let (seen, selection) = match &job.scope {
        Scope::Case | Scope::Seen(_) | Scope::Timeline(_) => (None, None),
        Scope::Chart(seen) => (Some(seen), None),
        Scope::Selection(seen, selection) => (Some(seen), Some(selection)),
    };
    let title = seen.map_or("", |seen| &seen.chart.name);
    if let Some(seen) = seen {
        let style = Style::of(job.look.mode);
        let part = match selection {
            Some(selection) => seen.selected(selection).part(&style, Some(selection)),
            None => seen.part(&style, None),
        };
        content.withheld = part.without;
        content.only = Some(part.ids);
        content.places = part.places;
        content.withheld.extend(seen.chart.hidden.iter().cloned());
    }
    let through = match &job.scope {
        Scope::Seen(through) => Some((&through.seen, &through.lens, &through.digest)),
        Scope::Chart(seen) | Scope::Selection(seen, _) => {
            Some((&seen.seen, &seen.lens, &seen.digest))
        }
        Scope::Case | Scope::Timeline(_) => None,
    };
    let through = through.filter(|(seen, lens, _)| !lens.is_plain() || seen.is_of_newest());
    let frame = match through {
        Some((seen, lens, digest)) => {
            content.through = Some(Through { seen, lens });
            Frame { lens: lens.words(seen), ..frame(case, title, digest)? }
        }
        None => frame(case, title, &case.digest()?)?,
    };
    content.about = About {
        case: frame.case,
        chart: frame.title,
        marking: frame.marking,
        as_at: frame.as_at,
        author: frame.author,
        digest: frame.digest,
        lens: frame.lens,
    };
    Ok(content)
}

/// The pages of the poster that a chart becomes; `None` where the paper is not for posters.
pub fn poster(seen: &ChartView, settings: &BTreeMap<String, String>, look: Look) -> Option<Poster> {
    let style = Style::of(look.mode);
    let picture = drawn(seen, &style);
    let frame = report::frame(&seen.chart.name, settings, Path::new("case"), &seen.digest);
    let exhibit = Exhibit {
        picture: &picture,
        frame: &frame,
        style: &style,
        sources: &Sources::default(),
        photos: &Photos::new(),
        furniture: look.furniture,
    };
    look.paper.poster(&exhibit)
}

fn drawn(seen: &ChartView, style: &Style) -> Picture {
    let mut picture = chart::picture(&chart::Input {
        seen: &seen.seen,
        chart: &seen.chart,
        placements: &seen.placements,
        selection: &BTreeSet::new(),
        period: &Period::default(),
        overlay: &seen.overlay,
        style,
        follows: false,
    });
    if seen.chart.bundled {
        chart::bundle::bundle(&mut picture);
    } else {
        chart::route::route(&mut picture);
    }
    picture
}

fn frame(case: &Case, chart: &str, digest: &str) -> Result<Frame> {
    let path = case.path().unwrap_or(Path::new("case"));
    Ok(report::frame(chart, &case.settings()?, path, digest))
}

fn picture(
    case: &Case,
    out: &Path,
    seen: &ChartView,
    target: &Target,
    look: Look,
    progress: &Progress,
) -> Result<Written> {
    let style = Style::of(look.mode);
    let mut picture = drawn(seen, &style);
    progress.check()?;
    let is_whole = seen.lens.is_plain() && !seen.seen.is_of_newest();
    let lens = if is_whole { String::new() } else { seen.lens.words(&seen.seen) };
    let frame = Frame { lens, ..frame(case, &seen.chart.name, &seen.digest)? };
    let furniture = look.furniture;
    let sources = if furniture.sources {
        Sources::of_picture(case, &seen.seen, &seen.chart, &picture)?
    } else {
        Sources::default()
    };
    report::number(&mut picture, &sources);
    let photos = photos(case, seen, &picture)?;
    let exhibit = Exhibit {
        picture: &picture,
        frame: &frame,
        style: &style,
        sources: &sources,
        photos: &photos,
        furniture,
    };
    let written = picture_of(out, &exhibit, target, look, progress)?;
    Ok(Written {
        entities: picture.nodes.iter().map(|node| node.members.unwrap_or(1) as u64).sum(),
        relationships: picture.lines.iter().map(|line| line.ids.len() as u64).sum(),
        ..written
    })
}

/// Draws an exhibit to a new file, and says which names are not whole.
fn picture_of(
    out: &Path,
    exhibit: &Exhibit<'_>,
    target: &Target,
    look: Look,
    progress: &Progress,
) -> Result<Written> {
    let drawn = match target.writer {
        Writer::Pdf => report::pdf::render(exhibit, look.paper, progress),
        Writer::Png => report::png::render(exhibit, look.scale, progress),
        _ => Ok(report::svg::write(exhibit).into_bytes()),
    };
    let bytes = drawn.map_err(|error| match error {
        report::Error::Stopped => Error::Cancelled,
        other => Error::invalid(other.to_string()),
    })?;
    progress.check()?;
    exchange::create_new(out, |file: &mut File| {
        file.write_all(&bytes).map_err(exchange::unwritten)
    })?;
    let not_whole = report::not_whole(exhibit);
    Ok(Written { notes: boxes(&not_whole).into_iter().collect(), ..Written::default() })
}

/// The photos of the cards of a picture: images among the documents that are seen and not hidden.
fn photos(case: &Case, view: &ChartView, picture: &Picture) -> Result<Photos> {
    let wanted: BTreeSet<&Arc<str>> =
        picture.nodes.iter().filter_map(|node| node.photo.as_ref()).collect();
    let mut photos = Photos::new();
    if wanted.is_empty() {
        return Ok(photos);
    }
    // What is seen was read without documents where the chart was asked for alone.
    let is_seen = |id: &Id| view.lens.is_plain() || view.seen.get(id).is_some();
    for document in case.evidence()?.into_iter().filter(|document| document.live) {
        let hidden = view.chart.hidden.contains(&document.id);
        if hidden || !is_seen(&document.id) || document.size > chart::photo::LONGEST {
            continue;
        }
        let hash = wanted.iter().find(|hash| *document.sha256 == ****hash);
        let Some(hash) = hash else { continue };
        let mut bytes = Vec::new();
        case.read_evidence(&document.id, &mut bytes)?;
        if let Some(photo) = Photo::of(&bytes) {
            photos.insert(Arc::clone(hash), photo);
        }
    }
    Ok(photos)
}

/// A sentence about the names that have a letter which no font has, the first few by name.
fn boxes(names: &[String]) -> Option<String> {
    const FEW: usize = 3;
    let named = |name: &String| {
        let mut letters: Vec<char> = name.chars().filter(|c| chart::font::lacks(*c)).collect();
        letters.dedup();
        let numbers = letters.iter().take(4).map(|c| format!("U+{:04X}", *c as u32));
        let more = if letters.len() > 4 { ", …" } else { "" };
        format!("“{name}” ({}{more})", numbers.collect::<Vec<_>>().join(", "))
    };
    let first = names.iter().take(FEW).map(named).collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => None,
        1 => Some(format!(
            "1 name is not drawn whole: no font here has every letter of {first}. A box stands for \
             each that is missing; install a font that has it, and export again."
        )),
        count => {
            let more = if count > FEW { " and others" } else { "" };
            Some(format!(
                "{count} names are not drawn whole: no font here has every letter of {first}{more}. \
                 A box stands for each that is missing; install a font that has it, and export again."
            ))
        }
    }
}
