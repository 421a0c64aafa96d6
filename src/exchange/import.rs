//! Taking files in: what they are, what they would become, and the import itself.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::{BuildHasher as _, RandomState},
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
};

use super::{
    FORMATS, Format, Head, Input, Problem, Sink, alike,
    edition::Recording,
    identity::{Identified, Identifiers},
    namesakes::{Collector, Shared},
    nodes,
    table::{self, Mapping, Nodes, Table, saved},
};
pub use super::{
    edition::EditionOf,
    problems::{ProblemGroup, Problems},
};
use crate::{
    case::{Case, Entities, Error, Imported, NewEntity, Progress, Result, Source},
    model::{
        Edition, Id,
        schema::{self, Schema},
    },
};

/// How many entities travel from reader to writer at once.
const BATCH: usize = 512;
/// How many batches may wait for the writer: what bounds the memory of an import.
const WAITING: usize = 8;
/// How many entities, and how many relationships, a preview shows.
const SHOWN: usize = 10;
/// How many captions are remembered for the ends of the relationships that a preview shows.
const CAPTIONS: usize = 200_000;

/// What to take in.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// The files: one, or the parts of one list.
    pub files: Vec<PathBuf>,
    /// The name of the format; without it, the files tell.
    pub format: Option<String>,
    /// What the columns mean, for tables.
    pub mapping: Option<Mapping>,
    /// What to call the source; without it, the name of the file.
    pub title: Option<String>,
    /// What rows of tables in the case became, where the mapping names them. What is missing of it
    /// is read when the import begins.
    pub nodes: Nodes,
    /// The data set whose name goes into the ids of what tables become.
    pub dataset: Option<String>,
    /// Which documents in the case the files are another edition of.
    pub edition: Option<EditionOf>,
}

/// What an import did.
#[derive(Clone, Debug)]
pub struct Report {
    pub format: &'static str,
    pub imported: Imported,
    pub problems: Problems,
    /// What the entities of a table share with each other and with the case.
    pub shared: Shared,
}

/// What files would become.
#[derive(Clone, Debug)]
pub struct Preview {
    pub format: &'static str,
    /// The first ten entities, as they would be.
    pub entities: Vec<NewEntity>,
    /// The first ten relationships.
    pub links: Vec<NewEntity>,
    /// What the entities are called that these name, where the files say it.
    pub captions: HashMap<Id, String>,
    /// How many there are of each schema; parts of one entity count once.
    pub schemata: BTreeMap<String, u64>,
    /// How many of them the case has already, in whole or in part.
    pub known: u64,
    pub problems: Problems,
}

/// The format of files by what they say; `None` where no format knows them.
pub fn recognise(files: &[PathBuf]) -> Result<Option<&'static Format>> {
    let Some(first) = files.first() else { return Ok(None) };
    let head = Head::of(first)?;
    Ok(FORMATS.iter().find(|format| (format.reader.recognises)(&head)))
}

/// The imports that files amount to: one for each file, but one for all parts of a list. A format
/// that is named is that of all; a file of no known format is an import that will be refused.
pub fn jobs(files: Vec<PathBuf>, named: Option<&str>) -> Result<Vec<Job>> {
    let mut jobs: Vec<Job> = Vec::new();
    for path in files {
        let format = match named {
            Some(name) => super::format(name),
            None => recognise(std::slice::from_ref(&path))?,
        };
        let in_parts = format.is_some_and(|format| format.reader.in_parts);
        let name = format.map(|format| format.name.to_owned()).or(named.map(str::to_owned));
        match jobs.iter_mut().find(|job| in_parts && job.format == name) {
            Some(job) => job.files.push(path),
            None => jobs.push(Job { files: vec![path], format: name, ..Job::default() }),
        }
    }
    Ok(jobs)
}

/// The format that a job names, or that its files are of.
fn format_of(job: &Job) -> Result<&'static Format> {
    if let Some(name) = &job.format {
        let format = super::format(name);
        return format.ok_or_else(|| {
            Error::not_found(format!(
                "There is no format called “{name}” that can be imported; there are: {}",
                readable().collect::<Vec<_>>().join(", ")
            ))
        });
    }
    recognise(&job.files)?.ok_or_else(|| {
        let name = job.files.first().map(|path| path.display().to_string()).unwrap_or_default();
        Error::invalid(format!(
            "{name} is of no format that can be imported; there are: {}",
            readable().collect::<Vec<_>>().join(", ")
        ))
    })
}

/// The names of the formats that can be read.
pub fn readable() -> impl Iterator<Item = &'static str> {
    FORMATS.iter().map(|format| format.name)
}

/// A job with the mapping by which the case has read its table before, or that it keeps for a
/// table of these columns, where nothing else says what they mean. Another edition of a table is
/// read as the first was, but for what somebody changed: only so do its rows meet.
pub fn with_kept_mapping(job: Job, settings: &BTreeMap<String, String>) -> Job {
    let is_table = job.format.as_deref() == Some(table::NAME);
    let (Some(path), true) = (job.files.first(), is_table) else { return job };
    if job.mapping.is_some() && job.edition.is_none() {
        return job;
    }
    let read = job.mapping.as_ref().map(|given| given.table.clone()).unwrap_or_default();
    // What is wrong with the table is said when it is read.
    let Ok(table) = Table::open(path, &read) else { return job };
    let others = job.edition.iter().flat_map(|edition| &edition.of);
    let mut digests = others.filter_map(|id| id.as_str().strip_prefix("sha256-"));
    let of_edition = digests.find_map(|digest| saved::used_for(settings, digest, &table));
    let mapping = match (&job.mapping, of_edition) {
        (Some(given), Some(used)) => {
            let own = table::guessed(path, &read).unwrap_or_default();
            Some(saved::as_before(given, used, &own))
        }
        (None, Some(used)) => Some(used),
        (Some(given), None) => Some(given.clone()),
        (None, None) => saved::used_before(settings, &table)
            .or_else(|| saved::fitting(settings, &table.columns)),
    };
    Job { mapping, ..job }
}

/// A job for a table with its mapping, guessed where none is given; and the setting by which the
/// case keeps it.
fn with_mapping(job: Job) -> Result<(Job, Option<(String, String)>)> {
    let ([path], Some(table::NAME)) = (&job.files[..], job.format.as_deref()) else {
        return Ok((job, None));
    };
    let given = job.mapping.clone();
    let settings = given.as_ref().map(|mapping| mapping.table.clone()).unwrap_or_default();
    let table = Table::open(path, &settings)?;
    let mut mapping = match given.filter(|mapping| !mapping.entities.is_empty()) {
        Some(mapping) => mapping,
        None => table::guessed(path, &settings)?,
    };
    if mapping.entities.is_empty() {
        // The reader says what is missing.
        return Ok((job, None));
    }
    if job.dataset.is_some() {
        mapping.dataset.clone_from(&job.dataset);
    }
    let used = saved::used(&table, &mapping)?;
    Ok((Job { mapping: Some(mapping), ..job }, Some(used)))
}

/// Takes files in as one revision, or not at all. The files become evidence, and every statement
/// that comes of them is cited to its place in them.
pub fn run(case: &mut Case, job: &Job, progress: &Progress) -> Result<Report> {
    let format = format_of(job)?;
    let job = Job { format: Some(format.name.to_owned()), ..job.clone() };
    let (job, used) = with_mapping(with_kept_mapping(job, &case.settings()?))?;
    let job = &Job { nodes: nodes::of_job(case, &job, progress)?, ..job };
    let edition = job.edition.as_ref();
    let edition = edition.map(|edition| Recording::new(case, edition, &job.files)).transpose()?;
    let mut problems = Problems::default();
    let newest = case.newest_entity()?;
    let is_table = format.name == table::NAME;
    let mut shared = is_table.then(Collector::default);
    let mut known = match newest {
        Some(newest) if is_table && may_identify(job) => {
            let mut identifiers = Identifiers::new(progress);
            read(format, job, &mut identifiers)?;
            identifiers.identified(case, newest)?
        }
        _ => Identified::default(),
    };
    let sources: Vec<Source> = job.files.iter().map(|path| source(path, job, format)).collect();
    let imported = std::thread::scope(|scope| {
        let (send, receive) = sync_channel(WAITING);
        let (back, spent) = channel();
        scope.spawn(move || {
            let mut pipe = Pipe { send, batch: Vec::new(), problems: Vec::new(), progress, spent };
            let done = read(format, job, &mut pipe).and_then(|()| pipe.flush());
            if let Err(error) = done {
                pipe.send.send(Err(error)).ok();
            }
        });
        let batch = Vec::new().into_iter();
        let (problems, shared, known) = (&mut problems, &mut shared, &mut known);
        let mut entities =
            Arriving { receive, batch, problems, back, used, edition, shared, known };
        case.import(&sources, &mut entities, progress)
    })?;
    // Where nothing is new, all of it was told before.
    let shared = shared.filter(|_| imported.delta.revision.is_some());
    let shared =
        shared.map(|shared| shared.shared(case, newest, known, progress)).unwrap_or_default();
    Ok(Report { format: format.name, imported, problems, shared })
}

/// Whether the entities of a table may bear identifiers that hold in every file.
fn may_identify(job: &Job) -> bool {
    job.mapping.as_ref().is_none_or(|mapping| {
        let all = std::iter::once(mapping).chain(&mapping.more);
        let said = all.flat_map(|mapping| &mapping.entities).flat_map(|made| &made.properties);
        let mut named = said.flat_map(|said| [Some(&said.property), said.later.as_ref()]).flatten();
        named.any(|property| alike::is_typed(property))
    })
}

/// Reads files without taking anything in. `known` says whether the case has an entity.
pub fn preview(job: &Job, known: &dyn Fn(&Id) -> bool, progress: &Progress) -> Result<Preview> {
    let format = format_of(job)?;
    let mut counting = Counting {
        seen: HashSet::new(),
        hashers: [RandomState::new(), RandomState::new()],
        known,
        progress,
        preview: Preview {
            format: format.name,
            entities: Vec::new(),
            links: Vec::new(),
            captions: HashMap::new(),
            schemata: BTreeMap::new(),
            known: 0,
            problems: Problems::default(),
        },
    };
    read(format, job, &mut counting)?;
    let mut preview = counting.preview;
    let shown = preview.entities.iter().chain(&preview.links);
    let named: HashSet<&str> =
        shown.flat_map(|entity| &entity.values).map(|value| value.value.as_str()).collect();
    preview.captions.retain(|id, _| named.contains(id.as_str()));
    Ok(preview)
}

/// The ids of a relationship's ends.
pub fn ends(link: &NewEntity) -> Vec<String> {
    let edge = schema::schema(&link.schema).and_then(|schema| schema.edge.as_ref());
    let names = edge.into_iter().flat_map(|edge| [&edge.source, &edge.target]);
    names.filter_map(|name| first(link, name)).map(str::to_owned).collect()
}

/// What an entity of a file would be called.
pub fn caption(entity: &NewEntity) -> String {
    schema::caption(&entity.schema, &|name| first(entity, name), entity.id.as_str())
}

fn first<'a>(entity: &'a NewEntity, property: &str) -> Option<&'a str> {
    let values = entity.values.iter().filter(|value| !value.denied);
    values.filter(|v| v.property == property).map(|v| v.value.as_str()).next()
}

fn read(format: &Format, job: &Job, sink: &mut dyn Sink) -> Result<()> {
    let input = Input { files: &job.files, mapping: job.mapping.as_ref(), nodes: &job.nodes };
    (format.reader.read)(&input, sink)
}

fn source(path: &Path, job: &Job, format: &Format) -> Source {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let title = match &job.title {
        Some(title) if job.files.len() > 1 => format!("{title}: {name}"),
        Some(title) => title.clone(),
        None => name,
    };
    let mime = match format.name {
        table::NAME => table::mime(path),
        _ => format.mime,
    };
    Source { path: path.to_owned(), title, mime: mime.to_owned() }
}

/// What travels from the reader to the writer.
type Batch = Result<(Vec<NewEntity>, Vec<Problem>)>;

/// The reader's end.
struct Pipe<'a> {
    send: SyncSender<Batch>,
    batch: Vec<NewEntity>,
    problems: Vec<Problem>,
    progress: &'a Progress,
    /// What the writer is done with.
    spent: Receiver<Vec<NewEntity>>,
}

impl Pipe<'_> {
    fn flush(&mut self) -> Result<()> {
        self.spent.try_iter().for_each(drop);
        let batch = (std::mem::take(&mut self.batch), std::mem::take(&mut self.problems));
        // The writer has stopped, and knows why.
        self.send.send(Ok(batch)).map_err(|_| Error::Cancelled)
    }
}

impl Sink for Pipe<'_> {
    fn take(&mut self, entity: NewEntity) -> Result<()> {
        self.batch.push(entity);
        if self.batch.len() >= BATCH { self.flush() } else { Ok(()) }
    }

    fn problem(&mut self, problem: Problem) -> Result<()> {
        self.problems.push(problem);
        if self.problems.len() >= BATCH { self.flush() } else { Ok(()) }
    }

    fn at(&mut self, done: u64, total: u64) -> Result<()> {
        self.progress.report(done, total);
        self.progress.check()
    }
}

/// The writer's end.
struct Arriving<'a> {
    receive: Receiver<Batch>,
    batch: std::vec::IntoIter<NewEntity>,
    problems: &'a mut Problems,
    back: Sender<Vec<NewEntity>>,
    /// The setting by which the case keeps the mapping of a table.
    used: Option<(String, String)>,
    /// What is recorded of the files as editions.
    edition: Option<Recording>,
    /// What compares the entities of a table.
    shared: &'a mut Option<Collector>,
    /// Which entities of a table are others in the case.
    known: &'a mut Identified,
}

impl Entities for Arriving<'_> {
    fn next_entity(&mut self) -> Option<Result<NewEntity>> {
        loop {
            if let Some(mut entity) = self.batch.next() {
                self.known.state(&mut entity);
                if let Some(shared) = &mut self.shared {
                    shared.see(&entity);
                }
                return Some(Ok(entity));
            }
            match self.receive.recv().ok()? {
                Ok((entities, problems)) => {
                    self.batch = entities.into_iter();
                    for problem in problems {
                        self.problems.add(problem);
                    }
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }

    fn back(&self) -> Option<Sender<Vec<NewEntity>>> {
        Some(self.back.clone())
    }

    fn editions(&self, documents: &[Id]) -> Vec<Edition> {
        self.edition.as_ref().map_or_else(Vec::new, |edition| edition.of(documents))
    }

    fn settings(&self) -> Vec<(String, String)> {
        self.used.clone().into_iter().collect()
    }
}

/// A sink that only looks.
struct Counting<'a> {
    /// Each id as two independent hashes of 64 bits, which take a tenth of the room of millions of
    /// ids and practically never meet.
    seen: HashSet<[u64; 2]>,
    hashers: [RandomState; 2],
    known: &'a dyn Fn(&Id) -> bool,
    progress: &'a Progress,
    preview: Preview,
}

impl Sink for Counting<'_> {
    fn take(&mut self, entity: NewEntity) -> Result<()> {
        let hashes = self.hashers.each_ref().map(|hasher| hasher.hash_one(entity.id.as_str()));
        if self.seen.insert(hashes) {
            *self.preview.schemata.entry(entity.schema.clone()).or_default() += 1;
            self.preview.known += u64::from((self.known)(&entity.id));
            let is_link = schema::schema(&entity.schema).is_some_and(Schema::is_edge);
            let captions = &mut self.preview.captions;
            if !is_link && captions.len() < CAPTIONS {
                captions.insert(entity.id.clone(), caption(&entity));
            }
            let Preview { entities, links, .. } = &mut self.preview;
            let shown = if is_link { links } else { entities };
            if shown.len() < SHOWN {
                shown.push(entity);
            }
            return Ok(());
        }
        let Preview { entities, links, .. } = &mut self.preview;
        let mut shown = entities.iter_mut().chain(links);
        if let Some(shown) = shown.find(|shown| shown.id == entity.id) {
            shown.values.extend(entity.values);
        }
        Ok(())
    }

    fn problem(&mut self, problem: Problem) -> Result<()> {
        self.preview.problems.add(problem);
        Ok(())
    }

    fn at(&mut self, done: u64, total: u64) -> Result<()> {
        self.progress.report(done, total);
        self.progress.check()
    }
}
