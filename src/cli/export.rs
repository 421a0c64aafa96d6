//! `redthread export`.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::{
    Failure,
    lens::LensArgs,
    terminal::{say, say_json},
    watched,
};
use crate::{
    case::Case,
    chart::Mode,
    export::{self, CaseView, ChartView, Job, Look, Scope, TARGETS, Target},
    network::{Lens, Network, measured::counted},
    report::{Furniture, sheet::Paper},
};

#[derive(Args, Debug)]
pub(super) struct ExportArgs {
    /// The case.
    case: PathBuf,
    /// The format; without it, the one that the ending of the file says.
    #[arg(long, value_parser = names())]
    format: Option<String>,
    /// The file or folder to create; one that exists is never replaced.
    #[arg(long)]
    out: PathBuf,
    /// Only what this chart shows; for a picture, the chart to draw, without it the first.
    #[arg(long)]
    chart: Option<String>,
    #[command(flatten)]
    look: LookArgs,
    #[command(flatten)]
    lens: LensArgs,
    /// Answer as JSON.
    #[arg(long)]
    json: bool,
}

/// How a picture looks.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct LookArgs {
    /// For PDF, the paper.
    #[arg(long, value_enum, default_value = "fit")]
    page: PageName,
    /// For pictures: light on dark.
    #[arg(long)]
    dark: bool,
    /// For PNG, pixels for a point: 0.1 to 8.
    #[arg(long, default_value_t = 2.0)]
    scale: f32,
    #[command(flatten)]
    around: AroundArgs,
}

impl LookArgs {
    /// The look, where its scale is one that a picture can have.
    pub(super) fn look(self) -> Result<Look, Failure> {
        look_of(self.dark, self.scale, self.page.into(), self.around)
    }
}

/// A look, where its scale is one that a picture can have.
pub(super) fn look_of(
    dark: bool,
    scale: f32,
    paper: Paper,
    around: AroundArgs,
) -> Result<Look, Failure> {
    if !(0.1..=8.0).contains(&scale) {
        return Err(Failure::Said("The scale must be 0.1 to 8 pixels for a point.".into()));
    }
    let mode = if dark { Mode::Dark } else { Mode::Light };
    Ok(Look { mode, scale, paper, furniture: around.furniture() })
}

/// What is left out around a picture.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct AroundArgs {
    /// For pictures: leave out the legend.
    #[arg(long)]
    no_legend: bool,
    /// For pictures: leave out the numbers of sources and the list of them.
    #[arg(long)]
    no_sources: bool,
    /// For pictures: leave out what the grades of the sources mean.
    #[arg(long)]
    no_grade_key: bool,
}

impl AroundArgs {
    fn furniture(self) -> Furniture {
        Furniture {
            legend: !self.no_legend,
            sources: !self.no_sources,
            grade_key: !self.no_grade_key,
        }
    }
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum PageName {
    /// One page as large as the chart.
    Fit,
    /// One page of A4.
    A4,
    /// One page of A3.
    A3,
    /// As many pages of A4 as the chart needs.
    PosterA4,
    /// As many pages of A3 as the chart needs.
    PosterA3,
}

impl From<PageName> for Paper {
    fn from(page: PageName) -> Self {
        match page {
            PageName::Fit => Self::Fit,
            PageName::A4 => Self::A4,
            PageName::A3 => Self::A3,
            PageName::PosterA4 => Self::PosterA4,
            PageName::PosterA3 => Self::PosterA3,
        }
    }
}

fn names() -> clap::builder::PossibleValuesParser {
    TARGETS.iter().map(|target| target.name).collect::<Vec<_>>().into()
}

/// The formats and examples that stand below the help.
pub(super) fn help() -> String {
    let mut help = String::from("Formats:\n");
    for target in &TARGETS {
        let ending = target.endings.first().map_or("folder".to_owned(), |end| format!(".{end}"));
        help.push_str(&format!("  {:<11} {ending}\n      {}\n", target.name, target.purpose));
    }
    help.push_str(
        "\nExamples:
  redthread export inquiry.redthread --format ftm --out inquiry.ftm.ndjson
  redthread export inquiry.redthread --format pdf --chart Overview --page a3 --out overview.pdf
  redthread export inquiry.redthread --format xlsx --known 40 --out as-known-then.xlsx
  redthread export inquiry.redthread --format neo4j --out inquiry-neo4j --json",
    );
    help
}

impl ExportArgs {
    pub(super) fn case(&self) -> &Path {
        &self.case
    }
}

pub(super) fn export(args: &ExportArgs) -> Result<ExitCode, Failure> {
    let target = target(args)?;
    let look = args.look.look()?;
    let case = Case::open(&args.case)?;
    let lens = Lens { on: args.lens.day()?, ..args.lens.lens(&case, &case.log()?)? };
    let through = (!lens.is_plain()).then(|| {
        watched("Reading the case", |progress| {
            let network = Network::read_at(&case, &lens.horizon, progress)?;
            let (seen, digest) = (network.through(&lens), case.digest()?);
            Ok::<_, Failure>(CaseView { seen, lens, digest })
        })
    });
    let through = through.transpose()?;
    let of_chart = args.chart.is_some() || target.is_picture();
    let scope = match &through {
        _ if of_chart => {
            let chart = ChartView::read_through(&case, args.chart.as_deref(), through.as_ref())?;
            Scope::Chart(chart)
        }
        Some(through) => Scope::Seen(through.clone()),
        None => Scope::Case,
    };
    let job = Job { target, out: args.out.clone(), scope, look };
    let written = watched("Exporting", |progress| export::run(&case, &job, progress))?;
    case.close()?;
    let files = files(&args.out);
    if args.json {
        let files: Vec<_> =
            files.iter().map(|(name, bytes)| json!({ "name": name, "bytes": bytes })).collect();
        let report = json!({
            "format": target.name,
            "out": args.out,
            "chart": args.chart,
            "lens": through.as_ref().map(CaseView::words),
            "entities": written.entities,
            "relationships": written.relationships,
            "statements": written.statements,
            "files": files,
            "notes": written.notes,
        });
        say_json(&report);
    } else {
        if let Some(through) = &through {
            say(through.words());
        }
        say(format!(
            "{} and {} written to {}",
            counted(written.entities as usize, "entity", "entities"),
            counted(written.relationships as usize, "relationship", "relationships"),
            args.out.display()
        ));
        for note in &written.notes {
            say(note);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn target(args: &ExportArgs) -> Result<&'static Target, Failure> {
    match &args.format {
        Some(name) => export::target(name)
            .ok_or_else(|| Failure::Said(format!("There is no format called {name}."))),
        None => export::fitting(&args.out).ok_or_else(|| {
            Failure::Said(format!(
                "The ending of {} does not say a format; name one with --format: {}.",
                args.out.display(),
                TARGETS.iter().map(|target| target.name).collect::<Vec<_>>().join(", ")
            ))
        }),
    }
}

/// What was written: names and sizes.
fn files(out: &Path) -> Vec<(String, u64)> {
    let entry = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let size = std::fs::metadata(path).map(|meta| meta.len()).unwrap_or_default();
        (name, size)
    };
    if !out.is_dir() {
        return vec![entry(out)];
    }
    let inside = std::fs::read_dir(out).into_iter().flatten().flatten();
    let mut files: Vec<_> = inside.map(|file| entry(&file.path())).collect();
    files.sort();
    files
}
