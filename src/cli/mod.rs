//! The headless face: every command is one function here or in [`commands`].

mod ask;
mod commands;
mod edition;
mod export;
mod find;
mod graph;
mod import;
mod lens;
mod terminal;
mod timeline;
mod ways;

use std::{
    io::IsTerminal as _,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{case::Progress, demo::Demo, network::Editions};

/// Who stands behind whom, how that is known, and what falls if a source falls.
///
/// Without a command, Redthread opens its window, with CASE if one is named.
#[derive(Parser, Debug)]
#[command(
    name = "redthread",
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  redthread                                  open the window
  redthread inquiry.redthread                open a case in it
  redthread demo                             build and open the Dandong case
  redthread render inquiry.redthread --chart Overview --out overview.svg

Exit codes: 0 done; 1 it failed or, for verify, something does not hold; 2 wrong usage."
)]
#[command(args_conflicts_with_subcommands = true)]
struct Cli {
    /// The case to open in the window.
    case: Option<PathBuf>,
    /// The name under which changes are made; without it `REDTHREAD_AUTHOR`, else the name given in
    /// the window, else the system's name of the user.
    #[arg(long, global = true, value_name = "NAME")]
    author: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Build a demo case and open it.
    #[command(after_help = "Examples:
  redthread demo
  redthread demo lantern --out lantern.redthread --no-window")]
    Demo(DemoArgs),
    /// Create an empty case.
    #[command(after_help = "Example:\n  redthread new inquiry.redthread")]
    New {
        /// The file to create; one that exists is never replaced.
        case: PathBuf,
    },
    /// Say what a case holds.
    #[command(after_help = "Example:\n  redthread info inquiry.redthread --json")]
    Info {
        /// The case.
        case: PathBuf,
        /// Count what older editions of documents say, too.
        #[arg(long)]
        all_editions: bool,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Take other files into a case; each, or each list in parts, is one step to undo.
    #[command(after_help = "Examples:
  redthread import inquiry.redthread entities.ftm.ndjson
  redthread import inquiry.redthread sdn.csv alt.csv add.csv --source \"OFAC SDN list\" --json
  redthread import --explain owners.csv > owners.yml
  redthread import inquiry.redthread owners.csv --mapping owners.yml
  redthread import inquiry.redthread owners-2025.csv --edition-of owners-2024.csv --dry-run")]
    Import(import::ImportArgs),
    /// Write a case, or what a chart shows, to a file or folder of another format.
    ///
    /// What leaves is what stands: nothing that was withdrawn and, of a chart, nothing that it
    /// hides. Of groups on a chart the members leave.
    #[command(after_help = export::help())]
    Export(export::ExportArgs),
    /// Look for entities by any part of a name, in any script, and by their texts.
    #[command(after_help = "Examples:
  redthread find inquiry.redthread \"dandong hongxiang\"
  redthread find inquiry.redthread \"holding schema:company country:hk since:2009\" --json

Filters: schema: country: since: until: topic: tag: has: id:")]
    Find {
        /// The case.
        case: PathBuf,
        /// What to look for: words, \"phrases\", OR between words, filters.
        query: String,
        /// How many hits to give.
        #[arg(long, default_value_t = 20)]
        limit: usize,
        /// Find what only older editions of documents say, too.
        #[arg(long)]
        all_editions: bool,
        /// Answer as JSON: the hits, why each was found and where, and what was not understood.
        #[arg(long)]
        json: bool,
    },
    /// Ask a case a question; the findings name the statements that they rest on.
    #[command(after_help = ask::help())]
    Ask(ask::AskArgs),
    /// Draw a chart, or a whole case, as SVG, PNG or PDF.
    #[command(
        after_help = "Examples:\n  redthread render inquiry.redthread --chart Overview --out overview.png\n  redthread render inquiry.redthread --all --out everything.pdf\n  redthread render inquiry.redthread --poster a3 --out wall.pdf"
    )]
    Render(RenderArgs),
    /// Write everything that has a date as a timeline: PDF, SVG, PNG or CSV.
    #[command(after_help = "Examples:
  redthread timeline inquiry.redthread --out timeline.pdf --page a3
  redthread timeline inquiry.redthread --chart Money --by schema --out money.csv")]
    Timeline(timeline::TimelineArgs),
    /// Check that a case is what its authors wrote: the chain, the evidence, the projections.
    #[command(after_help = "Example:\n  redthread verify inquiry.redthread && echo unchanged")]
    Verify {
        /// The case.
        case: PathBuf,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// List every revision: number, time, author, what it did.
    #[command(after_help = "Example:\n  redthread log inquiry.redthread")]
    Log {
        /// The case.
        case: PathBuf,
        /// Answer as JSON, one object a line.
        #[arg(long)]
        json: bool,
    },
    /// Undo the latest action.
    #[command(after_help = "Example:\n  redthread undo inquiry.redthread")]
    Undo {
        /// The case.
        case: PathBuf,
    },
    /// Save a copy of a case: everything in one new file, the log of an open window included.
    #[command(after_help = "Example:\n  redthread copy inquiry.redthread --out for-ann.redthread")]
    Copy {
        /// The case.
        case: PathBuf,
        /// The file to create; one that exists is never replaced.
        #[arg(long)]
        out: PathBuf,
    },
    /// Release the lock that a program on another computer left on a case.
    ///
    /// Only a name holds such a lock. Release it if that program is gone, for example after its
    /// computer crashed. If it still has the case open, both would write to one file, and changes
    /// of either could be lost. A lock that a program on this computer holds is never released.
    #[command(after_help = "Example:\n  redthread unlock inquiry.redthread")]
    Unlock {
        /// The case.
        case: PathBuf,
    },
    /// Lay out a graph in two CSV files, and say how long it took.
    #[command(after_help = "Example:
  redthread layout --nodes nodes.csv --edges edges.csv --algorithm fine --out places.csv --json")]
    Layout(graph::LayoutArgs),
    /// Measure a graph in two CSV files, and say how long it took.
    #[command(after_help = "Examples:
  redthread measure --nodes nodes.csv --edges edges.csv --op betweenness --json
  redthread measure --nodes nodes.csv --edges edges.csv --op paths --from A --to B --hops 4")]
    Measure(graph::MeasureArgs),
}

impl Command {
    /// The case that it is about.
    fn case(&self) -> Option<&Path> {
        match self {
            Self::Demo(DemoArgs { out, .. }) => out.as_deref(),
            Self::New { case }
            | Self::Info { case, .. }
            | Self::Find { case, .. }
            | Self::Verify { case, .. }
            | Self::Log { case, .. }
            | Self::Undo { case }
            | Self::Copy { case, .. }
            | Self::Unlock { case } => Some(case),
            Self::Import(args) => args.case(),
            Self::Export(args) => Some(args.case()),
            Self::Ask(args) => Some(args.case()),
            Self::Render(args) => Some(&args.case),
            Self::Timeline(args) => Some(args.case()),
            Self::Layout(_) | Self::Measure(_) => None,
        }
    }
}

#[derive(Args, Debug)]
struct DemoArgs {
    /// Which one.
    #[arg(value_enum, default_value = "dandong")]
    name: DemoName,
    /// The file to create; without it, one in your data folder.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Build it only.
    #[arg(long)]
    no_window: bool,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum DemoName {
    /// A real front company, from the public record.
    Dandong,
    /// An invented network that teaches the craft.
    Lantern,
}

#[derive(Args, Debug)]
struct RenderArgs {
    /// The case.
    case: PathBuf,
    /// The name of the chart; without it, the first.
    #[arg(long)]
    chart: Option<String>,
    /// Draw the whole case, laid out, whatever is on its charts.
    #[arg(long, conflicts_with = "chart")]
    all: bool,
    /// The file to create, ending in .svg, .png or .pdf.
    #[arg(long)]
    out: PathBuf,
    /// Light on dark.
    #[arg(long)]
    dark: bool,
    /// Draw what only older editions of documents say, too.
    #[arg(long)]
    all_editions: bool,
    /// Pixels for a point, for PNG: 0.1 to 8.
    #[arg(long, default_value_t = 2.0)]
    scale: f32,
    /// For PDF, print it on as many pages of A4 or A3 as it needs, with cut marks and a plan.
    #[arg(long, value_enum, value_name = "PAPER")]
    poster: Option<PosterName>,
    #[command(flatten)]
    around: export::AroundArgs,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum PosterName {
    A4,
    A3,
}

/// Why a command failed, in one sentence for the error stream.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Case(#[from] crate::case::Error),
    #[error(transparent)]
    Demo(#[from] crate::demo::Error),
    #[error("{0}")]
    Said(String),
}

/// Reads the arguments, does what they say, and gives the exit code.
pub fn main() -> ExitCode {
    let arguments = Cli::try_parse().map(|mut arguments| {
        if let Some(name) = arguments.author.take() {
            crate::case::author::give(&name);
        }
        arguments
    });
    let done = match arguments {
        Ok(Cli { command: Some(command), .. }) => {
            let case = command.case().map(Path::to_path_buf);
            run(command).map_err(|failure| match (failure, case) {
                (Failure::Case(error), Some(case)) => Failure::Case(error.in_file(&case)),
                (failure, _) => failure,
            })
        }
        Ok(Cli { case, .. }) => commands::window(case),
        Err(error) => return terminal::usage(&error),
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            terminal::complain(failure);
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Demo(DemoArgs { name, out, no_window }) => {
            let demo = match name {
                DemoName::Dandong => Demo::Dandong,
                DemoName::Lantern => Demo::Lantern,
            };
            commands::demo(demo, out, no_window)
        }
        Command::New { case } => commands::new(&case),
        Command::Info { case, all_editions, json } => commands::info(&case, all_editions, json),
        Command::Import(args) => import::import(&args),
        Command::Export(args) => export::export(&args),
        Command::Find { case, query, limit, all_editions, json } => {
            let which = if all_editions { Editions::All } else { Editions::Newest };
            find::find(&case, &query, limit, which, json)
        }
        Command::Ask(args) => ask::ask(&args),
        Command::Render(args) => commands::render(&args),
        Command::Timeline(args) => timeline::timeline(&args),
        Command::Verify { case, json } => commands::verify(&case, json),
        Command::Log { case, json } => commands::log(&case, json),
        Command::Undo { case } => commands::undo(&case),
        Command::Copy { case, out } => commands::copy(&case, &out),
        Command::Unlock { case } => commands::unlock(&case),
        Command::Layout(args) => graph::layout(&args),
        Command::Measure(args) => graph::measure(&args),
    }
}

/// Does something long, with a line of progress where a person looks on.
fn watched<T>(what: &str, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::new();
    if !std::io::stderr().is_terminal() {
        return work(&progress);
    }
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut shown = false;
            while !over.load(Ordering::Relaxed) {
                std::thread::park_timeout(Duration::from_millis(150));
                if let Some(part) = progress.fraction()
                    && !over.load(Ordering::Relaxed)
                {
                    eprint!("\r{what} … {:3.0} %", part * 100.0);
                    shown = true;
                }
            }
            if shown {
                eprint!("\r\x1b[K");
            }
        });
        let done = work(&progress);
        over.store(true, Ordering::Relaxed);
        done
    })
}
