//! `redthread timeline`.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, ValueEnum};

use super::{Failure, export::LookArgs, lens::LensArgs, terminal::say, watched};
use crate::{
    case::Case,
    chart::timeline::Lanes,
    export::{self, ChartView, Job, Scope, TIMELINE, TimelineView},
    network::{Lens, Network, measured::counted},
};

#[derive(Args, Debug)]
pub(super) struct TimelineArgs {
    /// The case.
    case: PathBuf,
    /// The file to create, ending in .pdf, .svg, .png or .csv; one that exists is never replaced.
    #[arg(long)]
    out: PathBuf,
    /// Only what this chart shows.
    #[arg(long)]
    chart: Option<String>,
    /// What a lane stands for.
    #[arg(long, value_enum, default_value = "entity")]
    by: LaneName,
    #[command(flatten)]
    look: LookArgs,
    #[command(flatten)]
    lens: LensArgs,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum LaneName {
    /// An entity and the relationships that leave it.
    Entity,
    /// All things of a kind.
    Schema,
}

impl TimelineArgs {
    pub(super) fn case(&self) -> &Path {
        &self.case
    }
}

pub(super) fn timeline(args: &TimelineArgs) -> Result<ExitCode, Failure> {
    let look = args.look.look()?;
    let ending = args.out.extension().map(|end| end.to_string_lossy().to_lowercase());
    let target = match ending.as_deref() {
        Some("csv") => &TIMELINE,
        Some(name @ ("pdf" | "svg" | "png")) => export::target(name).unwrap_or(&TIMELINE),
        _ => {
            let out = args.out.display();
            return Err(Failure::Said(format!("{out} must end in .pdf, .svg, .png or .csv.")));
        }
    };
    let case = Case::open(&args.case)?;
    let lens = Lens { on: args.lens.day()?, ..args.lens.lens(&case, &case.log()?)? };
    let view = watched("Reading the case", |progress| {
        let network = Network::read_at(&case, &lens.horizon, progress)?;
        let (seen, digest) = (network.through(&lens), case.digest()?);
        let through = export::CaseView { seen, lens, digest };
        let lanes = match args.by {
            LaneName::Entity => Lanes::Entity,
            LaneName::Schema => Lanes::Schema,
        };
        let (ids, withheld, title) = match &args.chart {
            None => (None, Vec::new(), "Timeline".to_owned()),
            Some(name) => {
                let chart = ChartView::read_through(&case, Some(name), Some(&through))?;
                let title = format!("Timeline of {name}");
                (Some(chart.ids()), chart.chart.hidden, title)
            }
        };
        let export::CaseView { seen, lens, digest } = through;
        let today = None;
        Ok::<_, Failure>(TimelineView { seen, lens, digest, ids, withheld, lanes, title, today })
    })?;
    let scope = Scope::Timeline(view);
    let job = Job { target, out: args.out.clone(), scope, look };
    let written = watched("Drawing", |progress| export::run(&case, &job, progress))?;
    case.close()?;
    say(format!(
        "{} and {} with dates written to {}",
        counted(written.entities as usize, "entity", "entities"),
        counted(written.relationships as usize, "relationship", "relationships"),
        args.out.display()
    ));
    for note in &written.notes {
        say(note);
    }
    Ok(ExitCode::SUCCESS)
}
