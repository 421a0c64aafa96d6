//! The demo cases, built from the readable files in `assets/demo`.
//!
//! `case.toml` holds entities and relationships under short keys, each with the documents that it
//! is cited from: `"ofac-2016:1"` is document and credibility, a leading `-` contradicts.
//! `charts.toml` holds placements by hand, `scenes.toml` the walkthrough, `evidence/*.md` our own
//! research notes with their grades.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{
    case::{
        self, Action, Case, Cited, EvidenceBytes, NewCitation, NewEvidence, NewValue, Op, Progress,
        author,
    },
    model::{Camera, Chart, Credibility, Id, Period, Placement, Reliability, Scene, schema},
};

/// A demo case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demo {
    /// A real front company, from the public record.
    Dandong,
    /// An invented network that teaches the craft.
    Lantern,
}

/// Why a demo case could not be built.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Its source files do not hold together.
    #[error("The demo case {demo} has a mistake in {file}: {what}.")]
    Source { demo: &'static str, file: String, what: String },
    /// The case file could not be written.
    #[error(transparent)]
    Case(#[from] case::Error),
}

/// The files of a demo case.
struct Files {
    case: &'static str,
    charts: &'static str,
    scenes: &'static str,
    evidence: &'static [(&'static str, &'static str)],
}

macro_rules! files {
    ($folder:literal: $($evidence:literal),* $(,)?) => {
        Files {
            case: include_str!(concat!("../assets/demo/", $folder, "/case.toml")),
            charts: include_str!(concat!("../assets/demo/", $folder, "/charts.toml")),
            scenes: include_str!(concat!("../assets/demo/", $folder, "/scenes.toml")),
            evidence: &[$(
                ($evidence, include_str!(concat!("../assets/demo/", $folder, "/evidence/", $evidence, ".md"))),
            )*],
        }
    };
}

const DANDONG: Files = files!("dandong":
    "analyst", "doj-2016", "doj-2019", "bis-fareast", "news-2017", "sdn-2021", "treasury-2009", "treasury-2016",
    "zte-bis", "zte-doj", "zte-ofac",
);

const LANTERN: Files = files!("lantern":
    "bank-records", "forensics", "gazette", "incumbency", "ledger", "letter", "news", "port-log", "register",
    "tip",
);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    settings: BTreeMap<String, String>,
    entity: Vec<Thing>,
    link: Vec<Link>,
}

#[derive(Deserialize)]
struct Thing {
    key: String,
    schema: String,
    #[serde(flatten)]
    claim: Claim,
}

#[derive(Deserialize)]
struct Link {
    key: Option<String>,
    schema: String,
    from: String,
    to: String,
    #[serde(flatten)]
    claim: Claim,
}

/// What is said, and where it is said.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Claim {
    cite: Vec<String>,
    quote: Option<String>,
    page: Option<String>,
    denied: bool,
    values: BTreeMap<String, OneOrMore>,
    /// Single values with documents of their own.
    said: Vec<Said>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    property: String,
    value: String,
    #[serde(default)]
    denied: bool,
    cite: Vec<String>,
    quote: Option<String>,
}

#[derive(Deserialize, Clone)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn all(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::More(more) => more,
        }
    }
}

#[derive(Deserialize)]
struct ChartsFile {
    chart: Vec<ChartSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChartSource {
    name: String,
    #[serde(default)]
    pinned: Vec<String>,
    /// The kinds of relationship that the chart is about; the others are hidden on it.
    #[serde(default)]
    kinds: Vec<String>,
    /// Relationships of other kinds that it shows all the same.
    #[serde(default)]
    also: Vec<String>,
    at: BTreeMap<String, [f32; 2]>,
}

#[derive(Deserialize)]
struct ScenesFile {
    scene: Vec<SceneSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SceneSource {
    title: String,
    chart: String,
    camera: Option<[f32; 3]>,
    #[serde(default)]
    select: Vec<String>,
    from: Option<String>,
    to: Option<String>,
    caption: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Head {
    title: String,
    publisher: String,
    source_url: Option<String>,
    published_at: Option<String>,
    author: Option<String>,
    reliability: Reliability,
}

impl Demo {
    /// Every demo case.
    pub const ALL: [Self; 2] = [Self::Dandong, Self::Lantern];

    /// Its short name, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dandong => "dandong",
            Self::Lantern => "lantern",
        }
    }

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Dandong => "Dandong Hongxiang",
            Self::Lantern => "Paper Lantern (FICTIONAL – TRAINING)",
        }
    }

    /// What it shows, in a sentence.
    pub fn about(self) -> &'static str {
        match self {
            Self::Dandong => {
                "A trading company at the North Korean border, its officers, its ship and its bank, from the \
                 public record of 2009 to 2019."
            }
            Self::Lantern => {
                "An invented network of shells, nominees and one forged paper, to learn the craft on."
            }
        }
    }

    /// A file name in the user's data folder that is not taken.
    pub fn free_path(self) -> Result<PathBuf, Error> {
        let folder = author::folder().unwrap_or_else(|| std::env::temp_dir().join("redthread"));
        let folder = folder.join("demo");
        std::fs::create_dir_all(&folder)
            .map_err(|source| case::Error::Unwritable { path: folder.clone(), source })?;
        let stem = match self {
            Self::Dandong => "Dandong",
            Self::Lantern => "Paper Lantern",
        };
        let named = |number: u32| match number {
            1 => folder.join(format!("{stem}.redthread")),
            n => folder.join(format!("{stem} {n}.redthread")),
        };
        Ok((1..).map(named).find(|path| !path.exists()).unwrap_or_default())
    }

    /// Builds the case into a new file.
    pub fn build(self, path: &Path, progress: &Progress) -> Result<Case, Error> {
        let source = Source::read(self)?;
        source.build(Case::create(path)?, progress).map_err(|error| match error {
            Error::Case(error) => error.undo_new(path).into(),
            mistake @ Error::Source { .. } => {
                std::fs::remove_file(path).ok();
                mistake
            }
        })
    }

    /// Builds the case in memory.
    pub fn build_in_memory(self) -> Result<Case, Error> {
        Source::read(self)?.build(Case::in_memory()?, &Progress::new())
    }

    /// The id of what has this key in the source files.
    pub fn id(self, key: &str) -> Id {
        format!("{}-{key}", self.name()).into()
    }
}

/// The files of a demo case, read.
struct Source {
    demo: Demo,
    case: CaseFile,
    charts: Vec<ChartSource>,
    scenes: Vec<SceneSource>,
    evidence: Vec<(&'static str, Head, &'static str)>,
    /// Every key that stands for an entity, relationship or document.
    keys: BTreeSet<String>,
}

impl Source {
    fn read(demo: Demo) -> Result<Self, Error> {
        let files = match demo {
            Demo::Dandong => &DANDONG,
            Demo::Lantern => &LANTERN,
        };
        let wrong =
            |file: &str, what: String| Error::Source { demo: demo.name(), file: file.into(), what };
        let case: CaseFile =
            toml::from_str(files.case).map_err(|e| wrong("case.toml", e.to_string()))?;
        let charts: ChartsFile =
            toml::from_str(files.charts).map_err(|e| wrong("charts.toml", e.to_string()))?;
        let scenes: ScenesFile =
            toml::from_str(files.scenes).map_err(|e| wrong("scenes.toml", e.to_string()))?;
        let mut evidence = Vec::new();
        for (name, text) in files.evidence {
            let parts = text.strip_prefix("+++\n").and_then(|rest| rest.split_once("\n+++\n"));
            let (head, body) =
                parts.ok_or_else(|| wrong(name, "it has no head between +++ lines".into()))?;
            let head = toml::from_str(head).map_err(|e| wrong(name, e.to_string()))?;
            evidence.push((*name, head, body.trim_start()));
        }
        let mut keys = BTreeSet::new();
        let named = case
            .entity
            .iter()
            .map(|thing| thing.key.clone())
            .chain(case.link.iter().map(Link::key));
        for key in named.chain(evidence.iter().map(|(name, ..)| (*name).to_owned())) {
            if !keys.insert(key.clone()) {
                return Err(wrong("case.toml", format!("the key “{key}” occurs twice")));
            }
        }
        Ok(Self { demo, case, charts: charts.chart, scenes: scenes.scene, evidence, keys })
    }

    fn wrong(&self, file: &str, what: String) -> Error {
        Error::Source { demo: self.demo.name(), file: file.into(), what }
    }

    /// The id of a key that must exist.
    fn id(&self, file: &str, key: &str) -> Result<Id, Error> {
        if self.keys.contains(key) {
            Ok(self.demo.id(key))
        } else {
            Err(self.wrong(file, format!("nothing has the key “{key}”")))
        }
    }

    fn build(&self, mut case: Case, progress: &Progress) -> Result<Case, Error> {
        let set: Vec<Op> = self
            .case
            .settings
            .iter()
            .map(|(key, value)| Op::Set { key: key.clone(), value: value.clone() })
            .collect();
        let charts: Vec<Chart> = self
            .charts
            .iter()
            .enumerate()
            .map(|(n, c)| self.chart(n, c))
            .collect::<Result<_, _>>()?;
        let steps: [Vec<Op>; 5] = [
            set,
            self.evidence.iter().map(|e| self.attach(e)).collect(),
            self.entities()?,
            self.links()?,
            self.placements(&charts)?,
        ];
        let total = steps.len() as u64 + 1;
        for (done, ops) in (0..).zip(steps) {
            progress.report(done, total);
            progress.check()?;
            case.commit(Action::new(ops))?;
        }
        let scenes = self.scenes(&charts)?;
        case.commit(Action::new(scenes))?;
        Ok(case)
    }

    fn attach(&self, (name, head, body): &(&'static str, Head, &'static str)) -> Op {
        let mut values = vec![
            NewValue::new("title", head.title.clone()),
            NewValue::new("publisher", head.publisher.clone()),
            NewValue::new("reliability", head.reliability.code()),
        ];
        for (property, value) in [
            ("sourceUrl", &head.source_url),
            ("publishedAt", &head.published_at),
            ("author", &head.author),
        ] {
            values.extend(value.iter().map(|value| NewValue::new(property, value.clone())));
        }
        Op::Attach(NewEvidence {
            id: self.demo.id(name),
            bytes: EvidenceBytes::Memory(body.as_bytes().to_vec()),
            file_name: format!("{name}.md"),
            mime: "text/markdown".into(),
            method: "research note of the demo case".into(),
            values,
        })
    }

    fn entities(&self) -> Result<Vec<Op>, Error> {
        let mut adding = Adding { source: self, ops: Vec::new(), added: 0 };
        for Thing { key, schema, claim } in &self.case.entity {
            adding.add(key, schema, Vec::new(), claim)?;
        }
        Ok(adding.ops)
    }

    fn links(&self) -> Result<Vec<Op>, Error> {
        let mut adding = Adding { source: self, ops: Vec::new(), added: 0 };
        for link in &self.case.link {
            let edge =
                schema::schema(&link.schema).and_then(|s| s.edge.as_ref()).ok_or_else(|| {
                    self.wrong("case.toml", format!("{} is not a relationship", link.schema))
                })?;
            let ends = vec![
                NewValue::new(edge.source.clone(), self.id("case.toml", &link.from)?.to_string()),
                NewValue::new(edge.target.clone(), self.id("case.toml", &link.to)?.to_string()),
            ];
            adding.add(&link.key(), &link.schema, ends, &link.claim)?;
        }
        Ok(adding.ops)
    }

    fn chart(&self, number: usize, source: &ChartSource) -> Result<Chart, Error> {
        for key in &source.also {
            self.id("charts.toml", key)?;
        }
        let shown = |link: &&Link| {
            source.kinds.is_empty()
                || source.kinds.contains(&link.schema)
                || source.also.contains(&link.key())
        };
        let placed =
            |link: &&Link| source.at.contains_key(&link.from) && source.at.contains_key(&link.to);
        let links = self.case.link.iter().filter(placed).filter(|link| !shown(link));
        let hidden = links.map(|link| self.demo.id(&link.key())).collect();
        Ok(Chart {
            id: self.demo.id(&format!("chart-{}", number + 1)),
            hidden,
            ..Chart::new(&source.name, number as f64 + 1.0)
        })
    }

    fn placements(&self, charts: &[Chart]) -> Result<Vec<Op>, Error> {
        let mut ops = Vec::new();
        for (chart, source) in charts.iter().zip(&self.charts) {
            ops.push(Op::PutChart(chart.clone()));
            let mut placements = Vec::new();
            for (key, [x, y]) in &source.at {
                let pinned = source.pinned.contains(key);
                placements.push(Placement {
                    entity: self.id("charts.toml", key)?,
                    x: *x,
                    y: *y,
                    pinned,
                });
            }
            ops.push(Op::Place { chart: chart.id.clone(), placements });
        }
        Ok(ops)
    }

    fn scenes(&self, charts: &[Chart]) -> Result<Vec<Op>, Error> {
        let mut ops = Vec::new();
        for (number, source) in self.scenes.iter().enumerate() {
            let chart =
                charts.iter().find(|chart| chart.name == source.chart).ok_or_else(|| {
                    self.wrong(
                        "scenes.toml",
                        format!("there is no chart called “{}”", source.chart),
                    )
                })?;
            let date = |text: &Option<String>| match text {
                Some(text) => text
                    .parse()
                    .map(Some)
                    .map_err(|_| self.wrong("scenes.toml", format!("“{text}” is not a date"))),
                None => Ok(None),
            };
            ops.push(Op::PutScene(Scene {
                id: self.demo.id(&format!("scene-{:02}", number + 1)),
                title: source.title.clone(),
                order: number as f64 + 1.0,
                chart: chart.id.clone(),
                camera: source.camera.map(|[x, y, zoom]| Camera { x, y, zoom }),
                selection: source
                    .select
                    .iter()
                    .map(|key| self.id("scenes.toml", key))
                    .collect::<Result<_, _>>()?,
                period: Period { from: date(&source.from)?, to: date(&source.to)? },
                caption: self.linked(&source.caption)?,
                shows: String::new(),
            }));
        }
        Ok(ops)
    }

    /// A caption with the keys behind `entity:` and `evidence:` replaced by ids.
    fn linked(&self, caption: &str) -> Result<String, Error> {
        let mut out = String::new();
        let mut rest = caption;
        while let Some(at) =
            ["(entity:", "(evidence:"].iter().filter_map(|s| Some(rest.find(s)? + s.len())).min()
        {
            let (before, after) = rest.split_at(at);
            let end = after.find(')').unwrap_or(after.len());
            out.push_str(before);
            out.push_str(self.id("scenes.toml", &after[..end])?.as_str());
            rest = &after[end..];
        }
        out.push_str(rest);
        Ok(out)
    }
}

impl Link {
    fn key(&self) -> String {
        self.key
            .clone()
            .unwrap_or_else(|| format!("{}-{}-{}", self.from, self.schema, self.to).to_lowercase())
    }
}

/// Entities or relationships that become one action.
struct Adding<'a> {
    source: &'a Source,
    ops: Vec<Op>,
    /// How many statements the operations add, for the citations to count by.
    added: usize,
}

impl Adding<'_> {
    fn add(
        &mut self,
        key: &str,
        schema: &str,
        mut values: Vec<NewValue>,
        claim: &Claim,
    ) -> Result<(), Error> {
        let source = self.source;
        let known = schema::schema(schema)
            .ok_or_else(|| source.wrong("case.toml", format!("{schema} is not a schema")))?;
        for (property, listed) in &claim.values {
            let known = known.property(property).ok_or_else(|| {
                source.wrong("case.toml", format!("{schema} has no property {property} ({key})"))
            })?;
            for value in listed.all() {
                // Values may name others by their keys.
                let value = match known.type_ {
                    crate::model::PropertyType::Entity => {
                        source.id("case.toml", value)?.to_string()
                    }
                    _ => crate::model::value::clean(known, value).map_err(|e| {
                        source.wrong("case.toml", format!("{key}, {property}: {e}"))
                    })?,
                };
                values.push(NewValue::new(property.clone(), value));
            }
        }
        let id = source.demo.id(key);
        let first = self.added;
        self.added += 1 + values.len();
        self.ops.push(Op::Add { entity: id.clone(), schema: schema.into(), values });
        for at in first..self.added {
            let quote = claim.quote.as_deref().filter(|_| at == first);
            self.cite(key, at, &claim.cite, quote, claim.page.as_deref())?;
        }
        for said in &claim.said {
            let value = NewValue {
                denied: said.denied,
                ..NewValue::new(said.property.clone(), said.value.clone())
            };
            self.ops.push(Op::State { entity: id.clone(), value });
            self.added += 1;
            self.cite(key, self.added - 1, &said.cite, said.quote.as_deref(), None)?;
        }
        if claim.denied {
            self.ops.push(Op::Deny { entity: id, denied: true });
            self.added += 1;
        }
        Ok(())
    }

    fn cite(
        &mut self,
        key: &str,
        at: usize,
        cites: &[String],
        quote: Option<&str>,
        page: Option<&str>,
    ) -> Result<(), Error> {
        for cite in cites {
            let wrong =
                || self.source.wrong("case.toml", format!("“{cite}” is not a citation ({key})"));
            let (supports, text) =
                cite.strip_prefix('-').map_or((true, cite.as_str()), |rest| (false, rest));
            let (document, grade) = text.split_once(':').ok_or_else(wrong)?;
            let credibility = Credibility::from_code(grade).ok_or_else(wrong)?;
            self.ops.push(Op::Cite(NewCitation {
                statement: Cited::Nth(at),
                evidence: self.source.id("case.toml", document)?,
                supports,
                credibility: Some(credibility),
                page: page.map(str::to_owned),
                quote: quote.map(str::to_owned),
                range: None,
                region: None,
            }));
        }
        Ok(())
    }
}
