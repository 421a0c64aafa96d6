//! Taking files in without a window.

use std::{
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
    case::Case,
    exchange::{
        import::{Job, Report, jobs, run},
        table::{self, Left, saved},
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
    for job in jobs(args.files.clone(), args.format.as_deref())? {
        let (mapping, left) = match (&args.mapping, job.files.first()) {
            (Some(word), Some(file)) => {
                let (mapping, left) = saved::named(word, &case.settings()?, file)?;
                (Some(mapping), left)
            }
            _ => (None, Left::new()),
        };
        for what in left {
            complain(format!("of the mapping, this is not used: {what}"));
        }
        // Who says what the columns mean says that it is a table.
        let format = mapping.as_ref().map(|_| table::NAME.to_owned()).or(job.format);
        let job = Job { title: args.source.clone(), format, mapping, ..job };
        let report = watched("Importing", |progress| run(&mut case, &job, progress))?;
        if args.json {
            say_json(&as_json(&job, &report));
        } else {
            write(&job, &report);
        }
    }
    case.close()?;
    Ok(ExitCode::SUCCESS)
}

fn as_json(job: &Job, report: &Report) -> serde_json::Value {
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
    })
}

fn write(job: &Job, report: &Report) {
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
