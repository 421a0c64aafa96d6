//! What an import brought, and where to go from there.

use egui::{RichText, Ui};

use super::{Outcome, Told, preview};
use crate::{
    app::{
        command,
        dialog::with_foot,
        model::Request,
        theme::{S4, T16, Theme, icons, semibold},
        widgets::primary_button,
    },
    chart::icon::ui as icon,
    exchange::import::Problems,
    model::value::capital,
    network::measured::grouped,
};

/// More than this would not be read on a chart of its own; it is laid out as everything.
const CHARTED: usize = 50_000;

pub(super) fn ui(
    ui: &mut Ui,
    theme: &Theme,
    (done, title, files): (&Outcome, &str, usize),
    requests: &mut Vec<Request>,
) -> Told {
    let imported = &done.report.imported;
    let is_new = imported.delta.revision.is_some();
    let number = |count: u64| grouped(count as usize);
    let (sign, words) = match (is_new, imported.new) {
        (false, _) => (icon::INFO, "The case holds all of this already.".to_owned()),
        (true, 0) if imported.statements == 0 => {
            (icon::CHECK_CIRCLE, "Imported; the file says nothing new.".to_owned())
        }
        (true, 0) => (icon::CHECK_CIRCLE, "The import completed existing entities.".to_owned()),
        (true, many) => {
            let words = preview::in_words(many - imported.new_links, imported.new_links);
            (icon::CHECK_CIRCLE, format!("Imported {words}."))
        }
    };
    let mut told = Told::Nothing;
    let mut save = false;
    let body = |ui: &mut Ui| {
        ui.horizontal(|ui| {
            ui.label(RichText::new(sign).font(icons(22.0)).color(theme.good));
            ui.add(egui::Label::new(RichText::new(words).font(semibold(T16))).wrap());
        });
        ui.add_space(S4);
        let mut lines = Vec::new();
        if is_new {
            let statements = number(imported.statements);
            lines.push(match (imported.statements, files) {
                (0, 1) => format!("“{title}” is now evidence of what the case said already."),
                (0, many) => {
                    format!("The {many} files are now evidence of what the case said already.")
                }
                (1, 1) => format!("1 statement, cited to its place in “{title}”, which is now evidence."),
                (_, 1) => format!(
                    "{statements} statements, each cited to its place in “{title}”, which is now evidence."
                ),
                (_, many) => format!(
                    "{statements} statements, each cited to its place in the {many} files, which are now evidence."
                ),
            });
        }
        if imported.met > 0 && is_new && imported.statements > 0 {
            lines.push(format!(
                "{} existed already; missing values were added.",
                number(imported.met)
            ));
        }
        if let Some((_, name)) = imported.same.first() {
            lines.push(format!(
                "The file has the same bytes as “{name}”, which is evidence already; both names are kept."
            ));
        }
        lines.extend(done.report.shared.lines().iter().map(|line| format!("{}.", capital(line))));
        for line in lines {
            ui.add(egui::Label::new(RichText::new(line).color(theme.weak)).wrap());
        }
        preview::problems(ui, theme, &done.report.problems);
        save = done.report.problems.count > 0 && ui.button("Save this list…").clicked();
    };
    let foot = |ui: &mut Ui| {
        let few = done.ids.as_ref().filter(|ids| !ids.is_empty());
        if is_new {
            let chart = primary_button(ui, theme, "Show on chart");
            if chart.on_hover_text("Make a chart of what was imported, and lay it out").clicked() {
                requests.push(match few.filter(|ids| ids.len() <= CHARTED) {
                    Some(ids) => Request::ShowOnChart(title.to_owned(), ids.clone()),
                    None => Request::Run(command::CHART_PLACE_ALL),
                });
                told = Told::Closed;
            }
            if ui.button("Show in table").clicked() {
                requests.push(match few {
                    Some(ids) => Request::ShowInTable(title.to_owned(), ids.clone()),
                    None => Request::Run(command::VIEW_TABLE),
                });
                told = Told::Closed;
            }
            if ui.button("Undo").on_hover_text("Undo the whole import").clicked() {
                requests.push(Request::Undo);
                told = Told::Closed;
            }
        }
        if ui.button("Close").clicked() {
            told = Told::Closed;
        }
    };
    with_foot(ui, body, foot);
    if save {
        told = Told::Save("Not understood.csv".into(), listed(&done.report.problems));
    }
    told
}

/// What was not understood, as CSV: file, place, reason.
fn listed(problems: &Problems) -> String {
    let mut out = csv::Writer::from_writer(Vec::new());
    let rows = problems.kept.iter().map(|problem| {
        [(problem.file + 1).to_string(), problem.place.clone(), problem.reason.clone()]
    });
    let head = ["file", "place", "reason"].map(str::to_owned);
    for row in std::iter::once(head).chain(rows) {
        // Writing to memory cannot fail.
        out.write_record(row).ok();
    }
    String::from_utf8(out.into_inner().unwrap_or_default()).unwrap_or_default()
}
