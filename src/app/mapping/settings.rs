//! How the table is read, and the mapping as a whole: its name, keeping, loading, exporting it.

use egui::{ComboBox, RichText, Ui};

use super::{MappingState, Told};
use crate::app::{
    theme::{S4, T11, Theme},
    widgets,
};

/// What is offered to part cells.
const DELIMITERS: [(char, &str); 4] =
    [(',', "comma"), (';', "semicolon"), ('\t', "tab"), ('|', "pipe")];
/// What is offered to hold cells together; a space stands for none.
const QUOTES: [(char, &str); 3] = [('"', "\" \""), ('\'', "' '"), (' ', "none")];
/// The encodings that are offered; any other can be said by a mapping file.
const ENCODINGS: [&str; 14] = [
    "UTF-8",
    "UTF-16LE",
    "windows-1252",
    "windows-1251",
    "KOI8-R",
    "IBM866",
    "GBK",
    "Big5",
    "EUC-KR",
    "Shift_JIS",
    "ISO-8859-2",
    "windows-1250",
    "windows-1254",
    "windows-1256",
];

pub(super) fn ui(state: &mut MappingState, ui: &mut Ui, theme: &Theme) -> Option<Told> {
    let mut told = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = S4;
        if state.table.is_some() || state.refused.is_some() {
            layout(state, ui, theme);
        }
    });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = S4;
        ui.label(RichText::new("Mapping").size(T11).color(theme.weak));
        widgets::field(ui, &mut state.mapping.name, "Name of the mapping", "Name", 170.0);
        let named = !state.mapping.name.trim().is_empty();
        let keep = ui.add_enabled(named, egui::Button::new("Keep in the case"));
        let keep = keep
            .on_hover_text("Keep it under this name; a table with the same columns is then mapped by it at once")
            .on_disabled_hover_text("Give the mapping a name first.");
        if keep.clicked() {
            told = Some(Told::Keep);
        }
        kept(state, ui);
        if ui.button("Load…").on_hover_text("A mapping of Redthread, or of FollowTheMoney as YAML").clicked() {
            told = Some(Told::Load);
        }
        if ui.button("Save as file…").clicked() {
            let name = format!("{}.mapping.json", state.mapping.name.trim());
            told = Some(Told::Export(name, state.mapping.to_json()));
        }
        let guess = ui.button("Guess again").on_hover_text("Forget what was changed and map by headings and cells");
        if guess.clicked() {
            let table = std::mem::take(&mut state.mapping.table);
            state.mapping = state.guess.mapping.clone();
            state.mapping.table = table;
            state.remark = None;
        }
        let remark = state.remark();
        if !remark.is_empty() {
            let label = ui.label(RichText::new(remark).size(T11).color(theme.weak));
            if state.remark.is_none() && !state.guess.reasons.is_empty() {
                label.on_hover_text(state.guess.reasons.join("\n"));
            }
        }
    });
    told
}

/// The mappings that the case keeps, to choose one.
fn kept(state: &mut MappingState, ui: &mut Ui) {
    if state.kept.is_empty() {
        return;
    }
    let mut chosen = None;
    let combo = ComboBox::from_id_salt("kept").selected_text("Kept mappings").width(100.0);
    let combo = combo.show_ui(ui, |ui| {
        for (at, mapping) in state.kept.iter().enumerate() {
            if ui.selectable_label(mapping.name == state.mapping.name, &mapping.name).clicked() {
                chosen = Some(at);
            }
        }
    });
    name(&combo.response, "Mappings that the case keeps");
    if let Some(mapping) = chosen.and_then(|at| state.kept.get(at)).cloned() {
        state.remark = None;
        let ctx = ui.ctx().clone();
        state.take(&ctx, mapping);
    }
}

fn name(response: &egui::Response, label: &str) {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, label));
}

fn layout(state: &mut MappingState, ui: &mut Ui, theme: &Theme) {
    let layout = state.table.as_ref().map(|table| table.layout.clone()).unwrap_or_default();
    let said = &mut state.mapping.table;
    let label = |ui: &mut Ui, text: &str| {
        ui.label(RichText::new(text).size(T11).color(theme.weak));
    };
    if layout.sheets.is_empty() {
        label(ui, "Separator");
        let shown = said.delimiter.or(layout.delimiter).unwrap_or(',');
        let word = DELIMITERS.iter().find(|(c, _)| *c == shown);
        let word = word.map_or_else(|| shown.to_string(), |(_, word)| (*word).to_owned());
        let combo = ComboBox::from_id_salt("delimiter").selected_text(word).width(86.0);
        let combo = combo.show_ui(ui, |ui| {
            for (c, word) in DELIMITERS {
                if ui.selectable_label(c == shown, word).clicked() {
                    (said.delimiter, said.heading) = (Some(c), None);
                }
            }
        });
        name(&combo.response, "What parts the cells");
        label(ui, "Quotes");
        let shown = said.quote.or(layout.quote).unwrap_or(' ');
        let word = QUOTES.iter().find(|(c, _)| *c == shown).map_or("none", |(_, word)| word);
        let combo = ComboBox::from_id_salt("quote").selected_text(word).width(58.0);
        let combo = combo.show_ui(ui, |ui| {
            for (c, word) in QUOTES {
                if ui.selectable_label(c == shown, word).clicked() {
                    said.quote = Some(c);
                }
            }
        });
        name(&combo.response, "Quotation marks");
        label(ui, "Encoding");
        let shown =
            said.encoding.clone().unwrap_or_else(|| layout.encoding.unwrap_or("?").to_owned());
        let combo =
            ComboBox::from_id_salt("encoding").selected_text(&shown).width(112.0).height(300.0);
        let combo = combo.show_ui(ui, |ui| {
            for encoding in ENCODINGS {
                if ui.selectable_label(encoding == shown, encoding).clicked() {
                    said.encoding = Some(encoding.to_owned());
                }
            }
        });
        name(&combo.response, "Encoding");
    } else {
        label(ui, "Sheet");
        let shown = layout.sheet.clone().unwrap_or_default();
        let combo = ComboBox::from_id_salt("sheet").selected_text(&shown).width(130.0).truncate();
        let combo = combo.show_ui(ui, |ui| {
            for sheet in &layout.sheets {
                if ui.selectable_label(*sheet == shown, sheet).clicked() {
                    said.sheet = Some(sheet.clone());
                    said.heading = None;
                }
            }
        });
        name(&combo.response, "Sheet");
    }
    label(ui, "Headings in row");
    let mut heading = said.heading.unwrap_or(layout.heading);
    let drag = egui::DragValue::new(&mut heading).range(0..=10_000).speed(0.05).custom_formatter(
        |row, _| {
            if row < 1.0 { "none".to_owned() } else { format!("{row:.0}") }
        },
    );
    let drag = drag.custom_parser(|text| {
        if text.trim() == "none" { Some(0.0) } else { text.trim().parse().ok() }
    });
    let response = ui.add(drag).on_hover_text("Number of the row with the headings; 0 for none");
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::SpinButton, true, "Row with the headings")
    });
    if response.changed() && heading != said.heading.unwrap_or(layout.heading) {
        said.heading = Some(heading);
    }
}
