//! Taking files in without a window.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use serde_json::json;

use super::{
    commands::Done,
    terminal::{complain, say, say_json},
    watched,
};
use crate::{
    case::{Case, Error, Result},
    exchange::{
        import::{Job, Report, jobs, run, with_kept_mapping},
        table::{self, Guess, Left, Settings, saved},
    },
    model::RevisionNumber,
    network::measured::counted,
};

/// Places that were not understood and are written out for people; all are in the JSON report.
const WRITTEN: usize = 20;

#[derive(Args, Debug)]
pub(super) struct ImportArgs {
    /// The case.
    case: PathBuf,
    /// The files; what they are is told by what they say.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The format, where the files do not tell it.
    #[arg(long)]
    format: Option<String>,
    /// What the columns of a table mean: the name of a mapping that the case keeps, or a mapping
    /// file, of Redthread or of `FollowTheMoney`. Without it, the columns tell.
    #[arg(long)]
    mapping: Option<String>,
    /// Use what is guessed of the columns of a table even where the guess is weak.
    #[arg(long)]
    accept_guess: bool,
    /// The sheet of a workbook to read; without it, each sheet that holds a table.
    #[arg(long)]
    sheet: Option<String>,
    /// What to call the source; without it, the name of the file.
    #[arg(long)]
    source: Option<String>,
    /// Answer as JSON, one object a line for each import.
    #[arg(long)]
    json: bool,
}

impl ImportArgs {
    pub(super) fn case(&self) -> &Path {
        &self.case
    }
}

pub(super) fn import(args: &ImportArgs) -> Done {
    let mut case = Case::open(&args.case)?;
    let jobs = jobs(args.files.clone(), args.format.as_deref())?;
    let mut guesses = match args.mapping {
        None => guesses(&jobs, &case.settings()?, args.sheet.as_deref())?,
        Some(_) => jobs.iter().map(|_| None).collect(),
    };
    let mut all: Vec<(Job, Option<Guess>)> = jobs.into_iter().zip(guesses.drain(..)).collect();
    for (job, guess) in &all {
        is_sure(job, guess.as_ref(), args.accept_guess)?;
    }
    // What names rows of other tables comes after them.
    all.sort_by_key(|(_, guess)| {
        guess.as_ref().is_some_and(|guess| guess.mapping.entities.iter().any(|made| made.refers))
    });
    for (job, guess) in all {
        let (mapping, left) = match (&args.mapping, job.files.first()) {
            (Some(word), Some(file)) => {
                let (mut mapping, left) = saved::named(word, &case.settings()?, file)?;
                mapping.table.sheet = args.sheet.clone().or(mapping.table.sheet);
                (Some(mapping), left)
            }
            _ => (None, Left::new()),
        };
        for what in left {
            complain(format!("of the mapping, this is not used: {what}"));
        }
        let guessed = guess.as_ref().map(|guess| guess.mapping.clone());
        let mapping = mapping.or(guessed.filter(|mapping| !mapping.entities.is_empty()));
        // Who says what the columns mean says that it is a table.
        let format = mapping.as_ref().map(|_| table::NAME.to_owned()).or(job.format);
        let job = Job { title: args.source.clone(), format, mapping, ..job };
        let report = watched("Importing", |progress| run(&mut case, &job, progress))?;
        if args.json {
            say_json(&as_json(&job, &report, guess.as_ref()));
        } else {
            write(&job, &report, guess.as_ref());
        }
    }
    case.close()?;
    Ok(ExitCode::SUCCESS)
}

/// What tables seem to be that come without a mapping.
fn guesses(
    jobs: &[Job],
    settings: &BTreeMap<String, String>,
    sheet: Option<&str>,
) -> Result<Vec<Option<Guess>>> {
    let of = |job: &Job| -> bool {
        let is_table = job.format.as_deref() == Some(table::NAME) && job.files.len() == 1;
        is_table && with_kept_mapping(job.clone(), settings).mapping.is_none()
    };
    let is_table: Vec<bool> = jobs.iter().map(of).collect();
    let files = jobs.iter().zip(&is_table).filter(|(_, is)| **is).map(|(job, _)| &*job.files[0]);
    let files: Vec<&Path> = files.collect();
    let mut guesses = table::guess_files(&files, &settings_of(sheet))?.into_iter();
    Ok(is_table.into_iter().map(|is| if is { guesses.next() } else { None }).collect())
}

/// What is said of how tables are read.
fn settings_of(sheet: Option<&str>) -> Settings {
    Settings { sheet: sheet.map(str::to_owned), ..Settings::default() }
}

/// Refuses a guess that is too weak to be used unasked.
fn is_sure(job: &Job, guess: Option<&Guess>, accepted: bool) -> Result<()> {
    let Some(guess) = guess.filter(|guess| !guess.mapping.entities.is_empty()) else {
        return Ok(());
    };
    if accepted || guess.confidence >= table::SURE {
        return Ok(());
    }
    let why = match guess.reasons.last() {
        Some(reason) => format!(": {reason}"),
        None => String::new(),
    };
    let name = job.files.first().map(|path| path.display().to_string()).unwrap_or_default();
    Err(Error::invalid(format!(
        "{name} looks like {}, but that is only {:.0} % sure{why}",
        guess.shape,
        guess.confidence * 100.0
    ))
    .hint("say what its columns mean with --mapping FILE, or use the guess with --accept-guess"))
}

fn told(guess: &Guess) -> serde_json::Value {
    let columns = guess.columns.iter().map(|column| {
        json!({
            "heading": column.heading,
            "confidence": column.confidence,
            "reason": column.reason,
        })
    });
    json!({
        "kind": guess.kind.name(),
        "confidence": guess.confidence,
        "reasons": guess.reasons,
        "columns": columns.collect::<Vec<_>>(),
        "mapping": guess.mapping,
    })
}

fn as_json(job: &Job, report: &Report, guess: Option<&Guess>) -> serde_json::Value {
    let Report { format, imported, problems } = report;
    let places = problems.kept.iter().map(|problem| {
        json!({
            "file": job.files.get(problem.file),
            "place": problem.place,
            "reason": problem.reason,
        })
    });
    json!({
        "files": job.files,
        "format": format,
        "revision": imported.delta.revision.map_or(0, RevisionNumber::get),
        "new": imported.new,
        "met": imported.met,
        "statements": imported.statements,
        "notUnderstood": problems.count,
        "problems": places.collect::<Vec<_>>(),
        "guess": guess.map(told),
    })
}

fn write(job: &Job, report: &Report, guess: Option<&Guess>) {
    let Report { imported, problems, .. } = report;
    let names: Vec<String> = job.files.iter().map(|path| path.display().to_string()).collect();
    let names = names.join(", ");
    match imported.delta.revision {
        None => say(format!("{names}: nothing new")),
        Some(revision) => say(format!(
            "{names}: {}, {} (revision {revision})",
            counted(imported.new as usize, "entity", "entities"),
            counted(imported.statements as usize, "statement", "statements"),
        )),
    }
    if let Some(guess) = guess {
        say(format!("  read as {}, {:.0} % sure", guess.shape, guess.confidence * 100.0));
    }
    for problem in problems.kept.iter().take(WRITTEN) {
        let file = match job.files.len() {
            1 => String::new(),
            _ => job
                .files
                .get(problem.file)
                .map_or_else(String::new, |p| format!("{}, ", p.display())),
        };
        say(format!("  {file}{}: {}", problem.place, problem.reason));
    }
    if problems.count > WRITTEN as u64 {
        say(format!("  … {} places were not understood; --json lists them", problems.count));
    }
}
