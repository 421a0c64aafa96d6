//! What each command does.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use serde_json::json;

use super::{
    Failure, PosterName, RenderArgs,
    export::look_of,
    terminal::{say, say_json},
    watched,
};
use crate::{
    app,
    case::{Case, Progress, Verdict},
    demo::Demo,
    export::{self, CaseView, ChartView, Job, Scope},
    network::{Editions, Lens, Network, Seen, measured::counted},
    report::sheet::Paper,
};

pub(super) type Done = Result<ExitCode, Failure>;

pub(super) fn window(case: Option<PathBuf>) -> Done {
    let shown = case.clone().unwrap_or_else(|| PathBuf::from("CASE"));
    app::run(case).map_err(|error| no_window(&error, &shown, "NAME"))?;
    Ok(ExitCode::SUCCESS)
}

fn no_window(error: &app::Error, case: &Path, chart: &str) -> Failure {
    Failure::Said(format!(
        "No window can be opened here ({error}); `redthread render \"{}\" --chart \"{chart}\" --out chart.svg` \
         draws the same chart without one.",
        case.display()
    ))
}

pub(super) fn demo(demo: Demo, out: Option<PathBuf>, no_window_wanted: bool) -> Done {
    let path = out.map_or_else(|| demo.free_path(), Ok)?;
    let case = watched("Building", |progress| demo.build(&path, progress))?;
    let chart = case.charts()?.first().map(|chart| chart.name.clone()).unwrap_or_default();
    case.close()?;
    say(format!("{} is in {}", demo.title(), path.display()));
    if !no_window_wanted {
        app::run(Some(path.clone())).map_err(|error| no_window(&error, &path, &chart))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn new(path: &Path) -> Done {
    Case::create(path)?.close()?;
    say(format!("Created {}", path.display()));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn info(path: &Path, all_editions: bool, as_json: bool) -> Done {
    let case = Case::open(path)?;
    let counts = case.counts()?;
    let settings = case.settings()?;
    let charts: Vec<String> = case.charts()?.into_iter().map(|chart| chart.name).collect();
    let digest = case.digest()?;
    let seen = newest(&case, all_editions)?;
    let (schemata, [entities, relationships, documents]) = match &seen {
        None => (counts.schemata.clone(), counts.kinds()),
        Some(seen) => {
            let mut schemata = BTreeMap::new();
            for entity in seen.iter() {
                *schemata.entry(entity.schema().to_owned()).or_default() += 1;
            }
            let kinds = [
                seen.node_count() - seen.document_count(),
                seen.len() - seen.node_count(),
                seen.document_count(),
            ];
            (schemata, kinds.map(|count| count as u64))
        }
    };
    let lens = seen.as_ref().map(|seen| Lens::default().words(seen));
    if as_json {
        say_json(&json!({
            "file": path,
            "settings": settings,
            "schemata": schemata,
            "lens": lens,
            "entities": entities,
            "relationships": relationships,
            "documents": documents,
            "statements": { "live": counts.live, "withdrawn": counts.withdrawn },
            "revisions": counts.revisions,
            "evidence": counts.evidence,
            "charts": charts,
            "size": counts.size,
            "digest": digest,
            "readOnly": case.read_only(),
        }));
    } else {
        for key in ["title", "marking"] {
            if let Some(text) = settings.get(key) {
                say(text);
            }
        }
        say(format!(
            "{}, {}, {}",
            counted(entities as usize, "entity", "entities"),
            counted(relationships as usize, "relationship", "relationships"),
            counted(documents as usize, "document", "documents")
        ));
        for (schema, count) in &schemata {
            say(format!("{count:>8}  {schema}"));
        }
        lens.iter().for_each(say);
        let (live, withdrawn) = (counts.live, counts.withdrawn);
        let line = |count: u64, one: &str, many: &str| {
            format!("{count:>8}  {}", if count == 1 { one } else { many })
        };
        say(format!("{} live, {withdrawn} withdrawn", line(live, "statement", "statements")));
        say(line(counts.revisions, "revision", "revisions"));
        say(line(counts.evidence, "document with its bytes", "documents with their bytes"));
        say(format!("{}: {}", line(charts.len() as u64, "chart", "charts"), charts.join(", ")));
        say(line(counts.size, "byte", "bytes"));
        say(format!("digest {digest}"));
        if let Some(why) = case.read_only() {
            say(format!("read only: {why}"));
        }
    }
    case.close()?;
    Ok(ExitCode::SUCCESS)
}

/// What is seen of a case in the newest editions of its documents, where it has several and not all
/// are asked for.
pub(super) fn newest(case: &Case, all_editions: bool) -> Result<Option<Arc<Seen>>, Failure> {
    if all_editions || case.editions()?.is_empty() {
        return Ok(None);
    }
    let network = watched("Reading the case", |progress| Network::read(case, progress))?;
    Ok(Some(network.through(&Lens::default())).filter(|seen| seen.is_of_newest()))
}

/// The title of a drawing of a whole case.
const EVERYTHING: &str = "Everything in the case";

pub(super) fn render(args: &RenderArgs) -> Done {
    let RenderArgs { case: path, chart, all, out, dark, all_editions, scale, poster, around } =
        args;
    let paper = match poster {
        None => Paper::Fit,
        Some(PosterName::A4) => Paper::PosterA4,
        Some(PosterName::A3) => Paper::PosterA3,
    };
    let look = look_of(*dark, *scale, paper, *around)?;
    let ending = out.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    if !matches!(&*ending, "svg" | "png" | "pdf") {
        return Err(Failure::Said(format!("{} must end in .svg, .png or .pdf.", out.display())));
    }
    if poster.is_some() && ending != "pdf" {
        return Err(Failure::Said(format!(
            "A poster has several pages, so {} must end in .pdf.",
            out.display()
        )));
    }
    let case = Case::open(path)?;
    let read = |lens: Lens| {
        let network = Network::read(&case, &Progress::new())?;
        let (seen, digest) = (network.through(&lens), case.digest()?);
        Ok::<_, Failure>(CaseView { seen, lens, digest })
    };
    let editions = if *all_editions { Editions::All } else { Lens::default().editions };
    let lens = Lens { editions, ..Lens::default() };
    let seen = if *all {
        let view = read(lens)?;
        watched("Laying out", |progress| ChartView::of_all(view, EVERYTHING.into(), progress))?
    } else {
        let view = all_editions.then(|| read(lens)).transpose()?;
        ChartView::read_through(&case, chart.as_deref(), view.as_ref())?
    };
    let Some(target) = export::target(&ending) else {
        return Err(Failure::Said(format!("There is no format called {ending}.")));
    };
    let job = Job { target, out: out.clone(), scope: Scope::Chart(seen), look };
    let written = watched("Drawing", |progress| export::run(&case, &job, progress))?;
    case.close()?;
    say(format!(
        "{} and {} drawn to {}",
        counted(written.entities as usize, "entity", "entities"),
        counted(written.relationships as usize, "relationship", "relationships"),
        out.display()
    ));
    for note in &written.notes {
        say(note);
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn verify(path: &Path, as_json: bool) -> Done {
    let checked = Case::open(path).and_then(|case| {
        let verdict = watched("Verifying", |progress: &Progress| match case.read_only() {
            // Somebody else may be editing it: the check must not hold up their commits.
            Some(_) => case
                .snapshot(progress)
                .map_or_else(|_| case.verify(progress), |copy| copy.verify(progress)),
            None => case.verify(progress),
        });
        case.close()?;
        verdict
    });
    // A file that does not even open does not hold either.
    let verdict = match checked {
        Err(crate::case::Error::Damaged { what, .. }) => Verdict::Broken(what),
        other => other?,
    };
    match verdict {
        Verdict::Holds { revisions, blobs } => {
            if as_json {
                say_json(&json!({ "holds": true, "revisions": revisions, "blobs": blobs }));
            } else {
                say(format!(
                    "{} holds: {}, {}, every projection.",
                    path.display(),
                    counted(revisions as usize, "revision", "revisions"),
                    counted(blobs as usize, "document", "documents"),
                ));
            }
            Ok(ExitCode::SUCCESS)
        }
        Verdict::Broken(what) if as_json => {
            say_json(&json!({ "holds": false, "firstBreak": what }));
            Ok(ExitCode::FAILURE)
        }
        Verdict::Broken(what) => {
            Err(Failure::Said(format!("{} does not hold: {what}.", path.display())))
        }
    }
}

pub(super) fn log(path: &Path, as_json: bool) -> Done {
    let case = Case::open(path)?;
    for revision in case.log()? {
        let at = jiff::Timestamp::from_millisecond(revision.at).unwrap_or_default();
        if as_json {
            say_json(&json!({
                "number": revision.number.get(),
                "id": revision.id,
                "at": at.to_string(),
                "author": revision.author,
                "kind": revision.kind.word(),
                "label": revision.label,
                "inverts": revision.inverts.iter().map(|one| one.get()).collect::<Vec<_>>(),
                "undone": revision.undone,
                "digest": revision.digest,
            }));
        } else {
            let undone = if revision.undone { "  (undone)" } else { "" };
            say(format!(
                "{:>5}  {}  {}  {}{undone}",
                revision.number,
                at.strftime("%Y-%m-%d %H:%M:%S"),
                revision.author,
                revision.label
            ));
        }
    }
    case.close()?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn undo(path: &Path) -> Done {
    let mut case = Case::open(path)?;
    let undone = case.undo()?;
    case.close()?;
    match undone {
        Some(delta) => say(delta.label),
        None => say("There is nothing to undo."),
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn copy(path: &Path, out: &Path) -> Done {
    let mut case = Case::open(path)?;
    watched("Copying", |progress| case.watched(progress, |case| case.save_copy(out)))?;
    case.close()?;
    say(format!("A copy is in {}", out.display()));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn unlock(path: &Path) -> Done {
    match crate::case::release(path)? {
        Some(who) => say(format!("Released the lock of {who}")),
        None => say(format!("{} is not locked", path.display())),
    }
    Ok(ExitCode::SUCCESS)
}
