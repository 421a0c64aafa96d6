//! Taking files in without a window.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use serde_json::{Value, json};

use super::{
    commands::Done,
    edition,
    terminal::{complain, say, say_file, say_json},
    watched,
};
use crate::{
    analysis,
    case::{Case, Error, Result},
    exchange::{
        Problem,
        import::{Job, Report, jobs, run, with_kept_mapping},
        nodes::{self, Found, Sought},
        table::{self, Guess, Left, Settings, Table, saved},
    },
    model::{Id, RevisionNumber},
    network::{Network, measured::counted},
};

/// Kinds of problems that are written out for people; all are in the JSON report.
const WRITTEN: usize = 20;

#[derive(Args, Debug)]
pub(super) struct ImportArgs {
    /// The case.
    #[arg(required_unless_present = "explain")]
    case: Option<PathBuf>,
    /// The files; what they are is told by what they say.
    #[arg(required_unless_present = "explain")]
    files: Vec<PathBuf>,
    /// Print the mapping by which this table would be read, as a mapping file of `FollowTheMoney`
    /// to edit and give back with --mapping. Nothing is imported.
    #[arg(long, value_name = "FILE")]
    explain: Option<PathBuf>,
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
    /// The data set whose name goes into the ids of what a table becomes, as `ftm map` does it.
    #[arg(long, value_name = "NAME")]
    dataset: Option<String>,
    /// The sheet of a workbook to read; without it, each sheet that holds a table.
    #[arg(long)]
    sheet: Option<String>,
    /// What to call the source; without it, the name of the file.
    #[arg(long)]
    source: Option<String>,
    /// The document in the case whose rows the cells of a table name by their ids, by its name or id;
    /// can be given again. Without it, the ids and the names of the files tell.
    #[arg(long, value_name = "NAME|ID")]
    nodes_of: Vec<String>,
    /// Import the file as a newer edition of a document in the case, by its name or id; can be given
    /// again for a list in parts. What the newer edition does not say any more is out of sight.
    #[arg(long, value_name = "NAME|ID")]
    pub(super) edition_of: Vec<String>,
    /// The date of the edition, where the file does not bear it.
    #[arg(long, value_name = "DATE", requires = "edition_of")]
    pub(super) edition_date: Option<String>,
    /// The file is the older edition. Where both bear dates, these decide.
    #[arg(long, requires = "edition_of")]
    pub(super) older: bool,
    /// Say what the import would do, and keep nothing of it.
    #[arg(long)]
    dry_run: bool,
    /// Answer as JSON, one object a line for each import.
    #[arg(long)]
    json: bool,
}

impl ImportArgs {
    pub(super) fn case(&self) -> Option<&Path> {
        self.case.as_deref()
    }
}

/// An import, and what is guessed of its table.
struct Planned {
    job: Job,
    guess: Option<Guess>,
    /// Whether it may name rows of tables that come before it.
    waits: bool,
    /// Why it cannot be done.
    refused: Option<Error>,
}

pub(super) fn import(args: &ImportArgs) -> Done {
    if let Some(file) = &args.explain {
        return explain(args, file);
    }
    let Some(path) = &args.case else { return Ok(ExitCode::FAILURE) };
    let mut case = Case::open(path)?;
    if args.dry_run {
        let draft = watched("Copying", |progress| case.draft(progress))?;
        std::mem::replace(&mut case, draft).close()?;
    }
    let edition = edition::asked(args, &case)?;
    let nodes_of = edition::documents(&case, &args.nodes_of)?;
    let mut jobs = jobs(args.files.clone(), args.format.as_deref())?;
    if edition.is_some() && jobs.len() > 1 {
        let what = "One file, or one list in parts, is an edition of another";
        return Err(Error::invalid(what).hint("import the files one by one").into());
    }
    for job in &mut jobs {
        job.edition.clone_from(&edition);
    }
    let mut all = plan(args, jobs, &case.settings()?);
    // What names rows of other tables comes after them, and what may name some before.
    all.sort_by_key(|planned| planned.waits || planned.guess.as_ref().is_some_and(refers));
    let files: usize = all.iter().map(|planned| planned.job.files.len()).sum();
    let mut imported = 0;
    let mut last = None;
    for mut planned in all {
        let sought = with_nodes(args, &case, &mut planned, &nodes_of);
        let Planned { job, guess, refused, .. } = planned;
        let done = match sought.err().or(refused) {
            Some(error) => Err(error),
            None => one(args, &mut case, job.clone(), guess.as_ref()),
        };
        match done {
            Ok(()) => imported += job.files.len(),
            Err(Error::Cancelled) => return Err(Error::Cancelled.into()),
            Err(error) => {
                if args.json {
                    say_json(&json!({
                        "files": job.files,
                        "error": error.to_string(),
                        "guess": guess.as_ref().map(told),
                    }));
                }
                if let Some(before) = last.replace(error) {
                    complain(before);
                }
            }
        }
    }
    case.close()?;
    let Some(error) = last else { return Ok(ExitCode::SUCCESS) };
    if files == 1 {
        return Err(error.into());
    }
    complain(error);
    complain(format!("{imported} of {files} files were imported"));
    Ok(ExitCode::FAILURE)
}

/// Whether a table names rows of others.
fn refers(guess: &Guess) -> bool {
    guess.mapping.entities.iter().any(|made| made.refers)
}

/// What the imports are, with what is guessed of tables that come without a mapping.
fn plan(args: &ImportArgs, jobs: Vec<Job>, settings: &BTreeMap<String, String>) -> Vec<Planned> {
    let mut all: Vec<Planned> = Vec::new();
    let mut tables: Vec<(usize, Vec<Table>)> = Vec::new();
    for (at, job) in jobs.into_iter().enumerate() {
        let job = Job { dataset: args.dataset.clone(), title: args.source.clone(), ..job };
        let mut planned = Planned { job, guess: None, waits: false, refused: None };
        match open(args, &mut planned.job, settings) {
            Ok(Some(of_file)) => {
                planned.waits = of_file.iter().any(table::may_name_rows);
                tables.push((at, of_file));
            }
            Ok(None) => {}
            Err(error) => planned.refused = Some(error),
        }
        all.push(planned);
    }
    let (places, tables): (Vec<usize>, Vec<Vec<Table>>) = tables.into_iter().unzip();
    for (at, guess) in places.into_iter().zip(table::guess_files(tables, &settings_of(args))) {
        let planned = &mut all[at];
        planned.refused = is_sure(&planned.job, &guess, args.accept_guess).err();
        if !guess.mapping.entities.is_empty() {
            planned.job.mapping = Some(guess.mapping.clone());
        }
        planned.guess = Some(guess);
    }
    // Rows that others name come with them, or not at all.
    let together = |planned: &Planned| planned.guess.as_ref().is_some_and(refers);
    if all.iter().any(together) && all.iter().any(|p| p.guess.is_some() && p.refused.is_some()) {
        for planned in all.iter_mut().filter(|planned| planned.refused.is_none()) {
            if together(planned) {
                let name = planned.job.files.first().map(|path| path.display().to_string());
                planned.refused = Some(Error::invalid(format!(
                    "{} names rows of a table that was not imported",
                    name.unwrap_or_default()
                )));
            }
        }
    }
    all
}

/// Looks in the case for the rows that a table names by their ids, where it was guessed by itself.
fn with_nodes(
    args: &ImportArgs,
    case: &Case,
    planned: &mut Planned,
    nodes_of: &[Id],
) -> Result<()> {
    let (Some(alone), [path]) = (&planned.guess, &planned.job.files[..]) else { return Ok(()) };
    let found = ids_in(case, (path, settings_of(args)), alone, nodes_of)?;
    if let Some(error) = found.refused(path) {
        return Err(error);
    }
    if let Found::Rows(guess, nodes) = found {
        planned.refused = is_sure(&planned.job, &guess, args.accept_guess).err();
        (planned.job.mapping, planned.job.nodes) = (Some(guess.mapping.clone()), nodes);
        planned.guess = Some(*guess);
    }
    Ok(())
}

/// Looks in a case for the rows that a table names, of which this is guessed by itself.
fn ids_in(
    case: &Case,
    (path, settings): (&Path, Settings),
    alone: &Guess,
    of: &[Id],
) -> Result<Found> {
    let (path, alone, of) = (path.to_owned(), alone.clone(), of.to_owned());
    let sought = Sought { path, settings, alone, of, by: None };
    watched("Looking for ids", |progress| nodes::find(case, &sought, progress))
}

/// Gives a job its mapping where one is given, kept or was used before; else opens its table, so
/// that it can be guessed.
fn open(
    args: &ImportArgs,
    job: &mut Job,
    settings: &BTreeMap<String, String>,
) -> Result<Option<Vec<Table>>> {
    let Some(file) = job.files.first() else { return Ok(None) };
    if let Some(word) = &args.mapping {
        let (mut mapping, left) = saved::named(word, settings, file)?;
        mapping.table.sheet = args.sheet.clone().or(mapping.table.sheet);
        unused(&left);
        // Who says what the columns mean says that it is a table.
        job.format = Some(table::NAME.to_owned());
        job.mapping = Some(mapping);
        return Ok(None);
    }
    if job.format.as_deref() != Some(table::NAME) || job.files.len() > 1 {
        return Ok(None);
    }
    *job = with_kept_mapping(job.clone(), settings);
    match (&job.mapping, job.files.first()) {
        (None, Some(file)) => Table::open_all(file, &settings_of(args)).map(Some),
        _ => Ok(None),
    }
}

fn unused(left: &Left) {
    for what in left {
        complain(format!("of the mapping, this is not used: {what}"));
    }
}

/// Prints the mapping by which a table would be read.
fn explain(args: &ImportArgs, file: &Path) -> Done {
    let case = args.case.as_ref().map(|path| Case::open(path)).transpose()?;
    let settings = case.as_ref().map(Case::settings).transpose()?.unwrap_or_default();
    let job = Job {
        files: vec![file.to_owned()],
        format: Some(table::NAME.to_owned()),
        ..Job::default()
    };
    let mapping = match &args.mapping {
        Some(word) => {
            let (mapping, left) = saved::named(word, &settings, file)?;
            unused(&left);
            Some(mapping)
        }
        None => with_kept_mapping(job, &settings).mapping,
    };
    let mut read = mapping.as_ref().map(|mapping| mapping.table.clone()).unwrap_or_default();
    read.sheet = args.sheet.clone().or(read.sheet);
    let table = Table::open(file, &read)?;
    let mut guess = if mapping.is_none() { Some(table::guess(&table)) } else { None };
    if let (Some(alone), Some(case)) = (&guess, &case) {
        let of = edition::documents(case, &args.nodes_of)?;
        let found = ids_in(case, (file, read), alone, &of)?;
        if let Some(error) = found.refused(file) {
            return Err(error.into());
        }
        if let Found::Rows(rows, _) = found {
            guess = Some(*rows);
        }
    }
    let mapping = mapping.or_else(|| guess.as_ref().map(|guess| guess.mapping.clone()));
    let mut mapping = mapping.unwrap_or_default();
    if args.dataset.is_some() {
        mapping.dataset.clone_from(&args.dataset);
    }
    mapping.check(&table.columns).map_err(Error::invalid)?;
    say_file(&table::to_yaml(&table, &mapping, guess.as_ref())?);
    Ok(ExitCode::SUCCESS)
}

/// Imports the files of one job and reports it.
fn one(args: &ImportArgs, case: &mut Case, job: Job, guess: Option<&Guess>) -> Result<()> {
    let known = guess.is_none() && args.mapping.is_none() && job.mapping.is_some();
    let hint = edition::hint(case, &job);
    let (report, difference) = watched("Importing", |progress| {
        let before = job.edition.as_ref().map(|_| Network::read(case, progress)).transpose()?;
        let report = run(case, &job, progress)?;
        let Some(before) = before else { return Ok((report, None)) };
        let after = Network::read(case, progress)?;
        let going = || !progress.is_cancelled();
        Ok::<_, Error>((report, analysis::difference(&before, &after, &case.pinned()?, &going)))
    })?;
    if args.json {
        let mut told = as_json(&job, &report, guess);
        told["dryRun"] = args.dry_run.into();
        told["edition"] = difference.map_or(Value::Null, |it| edition::as_json(case, &it));
        told["looksLikeEditionOf"] = match hint {
            Some((like, _)) => json!({ "id": like.id, "name": like.caption }),
            None => Value::Null,
        };
        say_json(&told);
    } else {
        write(&job, &report, guess);
        if known {
            say("  read by the mapping that the case has for it");
        }
        if let Some(difference) = difference {
            edition::write(case, &difference);
        }
        if let Some((_, words)) = hint {
            say(format!("  {words}"));
        }
        if args.dry_run {
            say("  nothing of this is kept");
        }
    }
    Ok(())
}

/// What is said of how tables are read.
fn settings_of(args: &ImportArgs) -> Settings {
    Settings { sheet: args.sheet.clone(), ..Settings::default() }
}

/// Refuses a guess that is too weak to be used unasked.
fn is_sure(job: &Job, guess: &Guess, accepted: bool) -> Result<()> {
    if accepted || guess.confidence >= table::SURE || guess.mapping.entities.is_empty() {
        return Ok(());
    }
    let why = match guess.reasons.last() {
        Some(reason) => format!(": {reason}"),
        None => String::new(),
    };
    let name = job.files.first().map(|path| path.display().to_string()).unwrap_or_default();
    let named = guess.mapping.rows_named().next().is_some();
    Err(Error::invalid(format!(
        "{name} looks like {}, but that is only {:.0} % sure{why}",
        guess.shape,
        guess.confidence * 100.0
    ))
    .hint(if named {
        "say whose ids they are with --nodes-of DOCUMENT, or use the guess with --accept-guess"
    } else {
        "say what its columns mean with --mapping FILE, or use the guess with --accept-guess"
    }))
}

/// What is guessed of a table, for programs.
fn told(guess: &Guess) -> Value {
    let columns = guess.columns.iter().map(|column| {
        json!({
            "heading": column.heading,
            "becomes": guess.becomes(column),
            "confidence": column.confidence,
            "reason": column.reason,
        })
    });
    json!({
        "kind": guess.kind.name(),
        "shape": guess.shape,
        "confidence": guess.confidence,
        "reasons": guess.reasons,
        "columns": columns.collect::<Vec<_>>(),
        "mapping": guess.mapping,
    })
}

fn as_json(job: &Job, report: &Report, guess: Option<&Guess>) -> Value {
    let Report { format, imported, problems, shared } = report;
    let place = |problem: &Problem| {
        json!({
            "file": job.files.get(problem.file),
            "place": problem.place,
            "reason": problem.reason,
        })
    };
    let groups = problems.groups.iter().map(|group| {
        json!({
            "reason": group.reason,
            "count": group.count,
            "examples": group.examples.iter().map(place).collect::<Vec<_>>(),
        })
    });
    let same = imported
        .same
        .iter()
        .map(|(file, name)| json!({"file": job.files.get(*file), "sameBytesAs": name}));
    json!({
        "files": job.files,
        "format": format,
        "revision": imported.delta.revision.map_or(0, RevisionNumber::get),
        "new": imported.new,
        "met": imported.met,
        "statements": imported.statements,
        "sameBytes": same.collect::<Vec<_>>(),
        "sameName": shared.same_name.listed,
        "sameAs": shared.same.listed,
        "likelySame": shared.likely_same.listed,
        "unlikeNames": shared.unlike_names.listed,
        "sharedCounts": {
            "sameName": shared.same_name.count,
            "sameAs": shared.same.count,
            "likelySame": shared.likely_same.count,
            "unlikeNames": shared.unlike_names.count,
            "isPartial": shared.is_partial,
        },
        "notUnderstood": problems.count,
        "problemGroups": groups.collect::<Vec<_>>(),
        "problems": problems.kept.iter().map(place).collect::<Vec<_>>(),
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
            "{names}: {}, {}, {} (revision {revision})",
            counted((imported.new - imported.new_links) as usize, "entity", "entities"),
            counted(imported.new_links as usize, "relationship", "relationships"),
            counted(imported.statements as usize, "statement", "statements"),
        )),
    }
    for (file, name) in &imported.same {
        let file = job.files.get(*file).map_or_else(String::new, |path| path.display().to_string());
        say(format!(
            "  {file} has the same bytes as “{name}”, which is evidence already; both names are kept"
        ));
    }
    if let Some(guess) = guess {
        understood(guess);
    }
    for line in report.shared.lines() {
        say(format!("  {line}"));
    }
    let name = |file: usize| {
        let several = job.files.len() > 1;
        job.files.get(file).filter(|_| several).map(|path| path.display().to_string())
    };
    for group in problems.groups.iter().take(WRITTEN) {
        say(format!("  {}", group.line(&name)));
    }
    if problems.groups.len() > WRITTEN {
        say(format!("  … {} places were not understood; --json lists them", problems.count));
    }
}

/// Says how a table was understood, column by column.
fn understood(guess: &Guess) {
    let why = if guess.reasons.is_empty() {
        String::new()
    } else {
        format!(": {}", guess.reasons.join("; "))
    };
    say(format!("  read as {}, {:.0} % sure{why}", guess.shape, guess.confidence * 100.0));
    for column in &guess.columns {
        let becomes = guess.becomes(column);
        let becomes = becomes.unwrap_or_else(|| "not used".to_owned());
        let why = if column.reason.is_empty() {
            String::new()
        } else {
            format!(" ({:.0} %: {})", column.confidence * 100.0, column.reason)
        };
        say(format!("    {} → {becomes}{why}", column.heading));
    }
}
