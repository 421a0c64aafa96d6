//! Choosing files: the system's dialog where there is one, else our own.

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, TryRecvError, channel},
};

use egui::{Key, Modifiers, RichText, ScrollArea};

use super::{
    theme::{S4, S8, T11, T16, Theme, icons, semibold},
    widgets::{self, icon_button, primary_button},
};
use crate::{chart::icon::ui as icon, export, model::Id};

/// What a file is chosen for.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// A case to open.
    OpenCase,
    /// Where to create a case.
    NewCase,
    /// Where to create a case for the files that are to be imported.
    NewCaseFor,
    /// Files to import.
    Import,
    /// Documents to attach.
    Attach,
    /// Where to copy the case to.
    SaveCopy,
    /// Where to export to, in the format of this name.
    Export(&'static str),
    /// Where to write this text, in a file of this ending.
    Write(String, &'static str),
    /// A mapping file for the table that is being imported.
    LoadMapping,
    /// Where to write the original of a document.
    Evidence(Id),
}

impl Purpose {
    fn saves(&self) -> bool {
        !matches!(self, Self::OpenCase | Self::Import | Self::Attach | Self::LoadMapping)
    }

    /// Whether several files can be chosen at once.
    fn takes_several(&self) -> bool {
        matches!(self, Self::Import | Self::Attach)
    }

    /// Whether it is a folder that is created.
    fn is_folder(&self) -> bool {
        matches!(self, Self::Export(_)) && self.endings().is_empty()
    }

    fn title(&self) -> &'static str {
        match self {
            Self::OpenCase => "Open a case",
            Self::NewCase => "Create a case",
            Self::NewCaseFor => "Create a case for what is imported",
            Self::Import => "Import files",
            Self::Attach => "Attach documents",
            Self::SaveCopy => "Save a copy of the case",
            Self::Write(_, "csv") => "Save the list",
            Self::Write(..) => "Save the mapping",
            Self::LoadMapping => "Load a mapping",
            Self::Export(_) if self.is_folder() => "Export to a new folder",
            Self::Export(_) => "Export",
            Self::Evidence(_) => "Export the original of a document",
        }
    }

    fn endings(&self) -> &'static [&'static str] {
        match self {
            Self::OpenCase | Self::NewCase | Self::NewCaseFor | Self::SaveCopy => &["redthread"],
            Self::Write(_, "csv") => &["csv"],
            Self::Write(..) => &["json"],
            Self::LoadMapping => &["yml", "yaml", "json"],
            Self::Export(name) => export::target(name).map_or(&[], |target| target.endings),
            Self::Import | Self::Attach | Self::Evidence(_) => &[],
        }
    }
}

/// The dialog that is open, if one is.
#[derive(Default)]
pub struct Dialogs {
    native: Option<(Purpose, Receiver<Vec<PathBuf>>)>,
    own: Option<Browser>,
    folder: Option<PathBuf>,
    /// Whether to use our own in any case.
    pub own_only: bool,
}

/// Our own dialog.
struct Browser {
    purpose: Purpose,
    folder: PathBuf,
    entries: Vec<(String, bool)>,
    problem: Option<String>,
    name: String,
    /// Files of the same folder that are chosen besides, by clicks with Ctrl held.
    more: Vec<String>,
    fresh: bool,
}

impl Dialogs {
    /// Asks for a file.
    pub fn ask(&mut self, purpose: Purpose, suggested: &str) {
        if self.native.is_some() || self.own.is_some() {
            return;
        }
        let folder = self.folder.clone().or_else(home).unwrap_or_else(|| PathBuf::from("."));
        if self.own_only || !has_native() {
            let mut browser = Browser {
                purpose,
                folder: folder.clone(),
                entries: Vec::new(),
                problem: None,
                name: suggested.to_owned(),
                more: Vec::new(),
                fresh: true,
            };
            browser.go(folder);
            self.own = Some(browser);
            return;
        }
        let (send, receive) = channel();
        let (asked, suggested) = (purpose.clone(), suggested.to_owned());
        std::thread::spawn(move || {
            let mut dialog = rfd::FileDialog::new().set_title(asked.title()).set_directory(folder);
            if !asked.endings().is_empty() {
                dialog = dialog
                    .add_filter(asked.endings()[0], asked.endings())
                    .add_filter("All files", &["*"]);
            }
            let chosen = if asked.saves() {
                dialog.set_file_name(suggested).save_file().into_iter().collect()
            } else if asked.takes_several() {
                dialog.pick_files().unwrap_or_default()
            } else {
                dialog.pick_file().into_iter().collect()
            };
            // The window may have been closed meanwhile.
            send.send(chosen).ok();
        });
        self.native = Some((purpose, receive));
    }

    /// Whether our own dialog is open, to which the keys belong.
    pub fn is_own_open(&self) -> bool {
        self.own.is_some()
    }

    /// Draws our own dialog; gives what was chosen, once.
    pub fn ui(&mut self, ctx: &egui::Context, theme: &Theme) -> Option<(Purpose, Vec<PathBuf>)> {
        let chosen = self.native_answer(ctx).or_else(|| self.own_answer(ctx, theme))?;
        let folder = chosen.1.first().and_then(|path| path.parent()).map(Path::to_owned);
        self.folder = folder.or(self.folder.take());
        Some(chosen)
    }

    fn native_answer(&mut self, ctx: &egui::Context) -> Option<(Purpose, Vec<PathBuf>)> {
        let (_, answer) = self.native.as_ref()?;
        let paths = match answer.try_recv() {
            Ok(paths) => paths,
            Err(TryRecvError::Empty) => {
                ctx.request_repaint_after(std::time::Duration::from_millis(100));
                return None;
            }
            Err(TryRecvError::Disconnected) => Vec::new(),
        };
        let (purpose, _) = self.native.take()?;
        // The system's dialogs have asked whether to replace a file that exists.
        let paths: Vec<PathBuf> =
            paths.into_iter().map(|path| with_ending(&purpose, path)).collect();
        (!paths.is_empty()).then_some((purpose, paths))
    }

    fn own_answer(
        &mut self,
        ctx: &egui::Context,
        theme: &Theme,
    ) -> Option<(Purpose, Vec<PathBuf>)> {
        let browser = self.own.as_mut()?;
        match browser.ui(ctx, theme) {
            Told::Nothing => None,
            Told::Closed => {
                self.own = None;
                None
            }
            Told::Chosen(paths) => {
                let purpose = self.own.take()?.purpose;
                let paths = paths.into_iter().map(|path| with_ending(&purpose, path));
                Some((purpose.clone(), paths.collect()))
            }
        }
    }
}

enum Told {
    Nothing,
    Closed,
    Chosen(Vec<PathBuf>),
}

impl Browser {
    fn go(&mut self, folder: PathBuf) {
        self.entries.clear();
        self.more.clear();
        self.problem = None;
        match std::fs::read_dir(&folder) {
            Ok(entries) => {
                for entry in entries.flatten() {
                    let name = entry.file_name().to_string_lossy().into_owned();
                    let is_folder = entry.path().is_dir();
                    if !name.starts_with('.') && (is_folder || self.fits(&name)) {
                        self.entries.push((name, is_folder));
                    }
                }
                self.entries.sort_by_key(|(name, is_folder)| (!is_folder, name.to_lowercase()));
            }
            Err(error) => {
                self.problem = Some(format!("{} cannot be read ({error}).", folder.display()));
            }
        }
        self.folder = folder;
    }

    fn fits(&self, name: &str) -> bool {
        let endings = self.purpose.endings();
        let lower = name.to_lowercase();
        endings.is_empty() || endings.iter().any(|end| lower.ends_with(&format!(".{end}")))
    }

    fn ui(&mut self, ctx: &egui::Context, theme: &Theme) -> Told {
        let mut told = Told::Nothing;
        let mut accept = ctx.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter));
        let modal = widgets::modal(ctx, "browser").show(ctx, |ui| {
            ui.set_width(560.0_f32.min(ctx.content_rect().width() - 60.0));
            ui.label(RichText::new(self.purpose.title()).font(semibold(T16)));
            ui.horizontal(|ui| {
                if icon_button(ui, theme, icon::KEYBOARD_ARROW_UP, "Up to the folder above")
                    .clicked()
                    && let Some(parent) = self.folder.parent().map(Path::to_owned)
                {
                    self.go(parent);
                }
                if icon_button(ui, theme, icon::HOME, "To your own folder").clicked()
                    && let Some(home) = home()
                {
                    self.go(home);
                }
                let shown = self.folder.display().to_string();
                ui.add(egui::Label::new(RichText::new(shown).color(theme.weak)).truncate());
            });
            let (mut open, mut toggled) = (None, None);
            ScrollArea::vertical()
                .max_height(280.0)
                .min_scrolled_height(180.0)
                .auto_shrink([false, false])
                .show(ui, |ui| {
                    if let Some(problem) = &self.problem {
                        ui.label(RichText::new(problem).color(theme.alarm));
                    }
                    if self.entries.is_empty() && self.problem.is_none() {
                        let kinds = self.purpose.endings().join(", .");
                        let what = if kinds.is_empty() {
                            "This folder is empty.".to_owned()
                        } else {
                            format!("No folder and no .{kinds} file is here.")
                        };
                        ui.label(RichText::new(what).color(theme.weak));
                    }
                    for (name, is_folder) in &self.entries {
                        ui.horizontal(|ui| {
                            let sign = if *is_folder { icon::FOLDER } else { icon::DESCRIPTION };
                            ui.label(RichText::new(sign).font(icons(16.0)).color(theme.weak));
                            let response = ui.add(
                                egui::Button::selectable(
                                    *name == self.name || self.more.contains(name),
                                    name.as_str(),
                                )
                                .truncate(),
                            );
                            let adds = !is_folder
                                && self.purpose.takes_several()
                                && !self.name.is_empty()
                                && ui.input(|i| i.modifiers.command);
                            if response.clicked() && adds {
                                toggled = Some(name.clone());
                            } else if response.clicked() {
                                open = Some((name.clone(), *is_folder, response.double_clicked()));
                            }
                            if response.double_clicked() && !is_folder {
                                accept = true;
                            }
                        });
                    }
                });
            match open {
                Some((name, true, _)) => self.go(self.folder.join(name)),
                Some((name, false, _)) => {
                    self.name = name;
                    self.more.clear();
                }
                None => {}
            }
            if let Some(name) = toggled.filter(|name| *name != self.name) {
                match self.more.iter().position(|chosen| *chosen == name) {
                    Some(at) => drop(self.more.remove(at)),
                    None => self.more.push(name),
                }
            }
            ui.add_space(S8);
            if !self.more.is_empty() {
                let words = format!("and {}", self.more.join(", "));
                let words = RichText::new(words).size(T11).color(theme.weak);
                ui.add(egui::Label::new(words).truncate());
            }
            let label = if self.purpose.is_folder() {
                "Name of the new folder"
            } else if self.purpose.saves() {
                "Name of the new file"
            } else if self.purpose.takes_several() {
                "Name or path of the file; click with Ctrl for several"
            } else {
                "Name or path of the file"
            };
            ui.label(RichText::new(label).size(T11).color(theme.weak));
            let width = ui.available_width();
            let response = widgets::field(ui, &mut self.name, label, "", width);
            if self.fresh {
                // A dialog that closed in this frame takes the focus with it once more.
                response.request_focus();
                self.fresh = !response.has_focus();
            }
            ui.add_space(S4);
            ui.horizontal(|ui| {
                let verb = if self.purpose.saves() { "Save" } else { "Open" };
                accept |= primary_button(ui, theme, verb).clicked();
                if ui.button("Cancel").clicked() {
                    told = Told::Closed;
                }
            });
        });
        if modal.should_close() {
            told = Told::Closed;
        }
        if accept {
            let path = self.folder.join(self.name.trim());
            if self.name.trim().is_empty() {
                self.problem = Some("Choose a file, or type its name.".into());
            } else if path.is_dir() && !self.purpose.is_folder() {
                self.name.clear();
                self.go(path);
            } else if self.purpose.saves() && with_ending(&self.purpose, path.clone()).exists() {
                self.problem = Some(
                    "A file of that name exists; choose another name, files are never replaced."
                        .into(),
                );
            } else if !self.purpose.saves() && !path.exists() {
                self.problem = Some(format!("There is no file {}.", path.display()));
            } else {
                let more = self.more.iter().map(|name| self.folder.join(name));
                told = Told::Chosen(std::iter::once(path).chain(more).collect());
            }
        }
        told
    }
}

/// A path with the ending of what is saved, where the user left it out.
fn with_ending(purpose: &Purpose, path: PathBuf) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let lower = name.to_lowercase();
    let endings = purpose.endings();
    if !purpose.saves()
        || endings.is_empty()
        || endings.iter().any(|end| lower.ends_with(&format!(".{end}")))
    {
        return path;
    }
    path.with_file_name(format!("{name}.{}", endings[0]))
}

fn home() -> Option<PathBuf> {
    let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_dir())
}

/// Whether this system can show a file dialog of its own. Without a portal and without a dialog
/// program the request would come back as if the user had cancelled.
fn has_native() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let on_path = |program: &str| {
        std::env::var_os("PATH")
            .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
    };
    let portals = Path::new("/usr/share/xdg-desktop-portal/portals");
    let portal = std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some()
        && std::fs::read_dir(portals).is_ok_and(|mut entries| entries.next().is_some());
    portal || on_path("zenity")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_added_where_they_are_missing() {
        let named = |purpose: Purpose, name: &str| {
            with_ending(&purpose, PathBuf::from(name)).to_string_lossy().into_owned()
        };
        assert_eq!(named(Purpose::NewCase, "a"), "a.redthread");
        assert_eq!(named(Purpose::NewCase, "a.Redthread"), "a.Redthread");
        assert_eq!(named(Purpose::NewCase, "v1.2 final"), "v1.2 final.redthread");
        assert_eq!(named(Purpose::Export("ftm"), "a"), "a.ftm.ndjson");
        assert_eq!(named(Purpose::Export("ftm"), "a.json"), "a.json");
        assert_eq!(named(Purpose::Export("neo4j"), "a"), "a");
        assert_eq!(named(Purpose::Attach, "a"), "a");
    }
}
