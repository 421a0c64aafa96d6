//! Choosing files: the system's dialog where there is one, else our own.

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, TryRecvError, channel},
};

use egui::{Key, Modifiers, RichText, ScrollArea, Ui};

use super::{
    dialog::{Dialog, with_foot},
    theme::{S4, S8, T11, T16, Theme, icons, semibold},
    widgets::{self, icon_button, primary_button},
};
use crate::{chart::icon::ui as icon, export, model::Id};

/// What a file is chosen for.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    OpenCase,
    NewCase,
    /// Where to create a case for the files that are to be imported.
    NewCaseFor,
    Import,
    Attach,
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

    /// What its button says.
    fn verb(&self) -> &'static str {
        match self {
            Self::NewCase | Self::NewCaseFor => "Create",
            Self::Attach => "Attach",
            _ if self.saves() => "Save",
            _ => "Open",
        }
    }

    /// Whether a file that exists may be replaced, once the user has agreed. A case never is.
    pub(crate) fn may_replace(&self) -> bool {
        self.saves() && !matches!(self, Self::NewCase | Self::NewCaseFor)
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
    /// Files of the same folder that are chosen besides, by clicks with the command key held.
    more: Vec<String>,
    /// The entry that the arrow keys have reached.
    at: Option<usize>,
    asks: Option<Ask>,
    fresh: bool,
}

/// What the dialog asks before it goes on.
enum Ask {
    /// Whether a file is to be replaced.
    Replace(PathBuf),
    /// Whether a case that exists is to be opened instead.
    Open(PathBuf),
    /// What a new folder is called; why the last name could not be, and whether the field is new.
    Folder(String, Option<String>, bool),
}

/// What was chosen, for what.
#[derive(Debug)]
pub struct Chosen {
    pub purpose: Purpose,
    pub paths: Vec<PathBuf>,
}

impl Dialogs {
    /// Asks for a file.
    pub fn ask(&mut self, purpose: Purpose, suggested: &str) {
        if self.native.is_some() || self.own.is_some() {
            return;
        }
        let folder = self.folder.clone().or_else(home).unwrap_or_else(|| PathBuf::from("."));
        if self.own_only || !has_native() {
            self.own = Some(Browser::new(purpose, folder, suggested));
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
    pub(crate) fn is_own_open(&self) -> bool {
        self.own.is_some()
    }

    /// Leaves what is on top of our own dialog: its question, else the dialog itself.
    pub fn leave(&mut self) {
        if let Some(browser) = &mut self.own
            && browser.asks.take().is_none()
        {
            self.own = None;
        }
    }

    /// Draws our own dialog; gives what was chosen, once. A file that exists is one that the user
    /// has agreed to replace.
    pub fn ui(&mut self, ctx: &egui::Context, theme: &Theme) -> Option<Chosen> {
        let chosen = self.native_answer(ctx).or_else(|| self.own_answer(ctx, theme))?;
        let folder = chosen.paths.first().and_then(|path| path.parent()).map(Path::to_owned);
        self.folder = folder.or(self.folder.take());
        Some(chosen)
    }

    fn native_answer(&mut self, ctx: &egui::Context) -> Option<Chosen> {
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
        (!paths.is_empty()).then_some(Chosen { purpose, paths })
    }

    fn own_answer(&mut self, ctx: &egui::Context, theme: &Theme) -> Option<Chosen> {
        let browser = self.own.as_mut()?;
        match browser.ui(ctx, theme) {
            Told::Nothing => None,
            Told::Closed => {
                self.own = None;
                None
            }
            Told::OpenInstead(path) => {
                self.own = None;
                Some(Chosen { purpose: Purpose::OpenCase, paths: vec![path] })
            }
            Told::Chosen(paths) => {
                let purpose = self.own.take()?.purpose;
                let paths = paths.into_iter().map(|path| with_ending(&purpose, path)).collect();
                Some(Chosen { purpose, paths })
            }
        }
    }
}

enum Told {
    Nothing,
    Closed,
    Chosen(Vec<PathBuf>),
    /// A case that exists is opened, rather than replaced.
    OpenInstead(PathBuf),
}

impl Browser {
    fn new(purpose: Purpose, folder: PathBuf, suggested: &str) -> Self {
        let mut browser = Self {
            purpose,
            folder: folder.clone(),
            entries: Vec::new(),
            problem: None,
            name: suggested.to_owned(),
            more: Vec::new(),
            at: None,
            asks: None,
            fresh: true,
        };
        browser.go(folder);
        browser
    }

    fn go(&mut self, folder: PathBuf) {
        self.entries.clear();
        self.more.clear();
        self.at = None;
        self.problem = None;
        match std::fs::read_dir(&folder) {
            Ok(entries) => {
                for entry in entries.flatten() {
                    let name = entry.file_name().to_string_lossy().into_owned();
                    let is_folder = entry.path().is_dir();
                    // What lies beside a case while it is open is not for the user.
                    if is_beside_case(&name) {
                        continue;
                    }
                    if !name.starts_with('.') && (is_folder || self.fits(&name)) {
                        self.entries.push((name, is_folder));
                    }
                }
                self.entries.sort_by_key(|(name, is_folder)| (!is_folder, name.to_lowercase()));
            }
            Err(error) => {
                self.problem =
                    Some(format!("The folder {} cannot be read ({error}).", folder.display()));
            }
        }
        self.folder = folder;
    }

    fn fits(&self, name: &str) -> bool {
        let endings = self.purpose.endings();
        let lower = name.to_lowercase();
        endings.is_empty() || endings.iter().any(|end| lower.ends_with(&format!(".{end}")))
    }

    /// Moves by rows of the list.
    fn walk(&mut self, by: isize) {
        let last = self.entries.len() as isize - 1;
        if last < 0 {
            return;
        }
        let at = match self.at {
            Some(at) => (at as isize + by).clamp(0, last),
            None if by > 0 => (by - 1).min(last),
            None => last,
        };
        self.at = Some(at as usize);
        let (name, is_folder) = &self.entries[at as usize];
        if !is_folder {
            self.name.clone_from(name);
            self.more.clear();
        }
    }

    /// Makes a folder in the present one and goes there; else says why not, in one sentence.
    fn make_folder(&mut self, name: &str) -> Result<(), String> {
        let name = name.trim();
        if name.is_empty() || matches!(name, "." | "..") {
            return Err("Enter a name for the folder.".into());
        }
        if name.contains(['/', '\\', '\0']) {
            return Err("Enter a name without a separator such as / or \\.".into());
        }
        let path = self.folder.join(name);
        std::fs::create_dir(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                format!("{name} exists here already. Choose another name.")
            }
            std::io::ErrorKind::PermissionDenied => {
                format!("You may not make a folder in {}.", self.folder.display())
            }
            _ => format!("The folder {name} cannot be made ({error})."),
        })?;
        self.go(path);
        Ok(())
    }

    /// What Enter and the main button do: goes into a folder, asks, complains, or gives the files.
    fn accept(&mut self) -> Option<Vec<PathBuf>> {
        if let Some((name, true)) = self.at.and_then(|at| self.entries.get(at)).cloned() {
            self.go(self.folder.join(name));
            return None;
        }
        self.problem = None;
        let typed = self.name.trim();
        let path = self.folder.join(typed);
        if typed.is_empty() {
            self.problem = Some("Choose a file, or enter its name.".into());
            return None;
        }
        if path.is_dir() && !self.purpose.is_folder() {
            self.name.clear();
            self.go(path);
            return None;
        }
        if !self.purpose.saves() {
            if !path.exists() {
                self.problem = Some(format!("There is no file {}.", path.display()));
                return None;
            }
            let more = self.more.iter().map(|name| self.folder.join(name));
            return Some(std::iter::once(path.clone()).chain(more).collect());
        }
        let full = with_ending(&self.purpose, path.clone());
        let folder = full.parent().unwrap_or(&self.folder);
        if !folder.is_dir() {
            self.problem =
                Some(format!("There is no folder {}. Choose or make one.", folder.display()));
        } else if !is_writable(folder) {
            self.problem =
                Some(format!("You may not write in {}. Choose another folder.", folder.display()));
        } else if full.symlink_metadata().is_err() {
            return Some(vec![path]);
        } else if self.purpose.is_folder() || full.is_dir() {
            let name = full.file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.problem = Some(format!("{name} exists here already. Choose another name."));
        } else if matches!(self.purpose, Purpose::NewCase | Purpose::NewCaseFor) {
            self.asks = Some(Ask::Open(full));
        } else {
            self.asks = Some(Ask::Replace(full));
        }
        None
    }

    fn ui(&mut self, ctx: &egui::Context, theme: &Theme) -> Told {
        let mut told = Told::Nothing;
        let asking = self.asks.is_some();
        let mut accept = !asking && widgets::enter(ctx);
        if !asking {
            let by = ctx.input_mut(|i| {
                if i.consume_key(Modifiers::ALT, Key::ArrowUp) {
                    return 0;
                }
                [(Key::ArrowDown, 1), (Key::ArrowUp, -1), (Key::PageDown, 8), (Key::PageUp, -8)]
                    .into_iter()
                    .find_map(|(key, by)| i.consume_key(Modifiers::NONE, key).then_some(by))
                    .unwrap_or(isize::MIN)
            });
            match by {
                isize::MIN => {}
                0 => self.up(),
                by => self.walk(by),
            }
        }
        let moved = !asking;
        Dialog::new("browser", 600.0).height(430.0).show(ctx, |ui| {
            let title = self.purpose.title();
            let mut buttons = (false, false);
            let asks = self.asks.is_some();
            let verb = self.purpose.verb();
            with_foot(
                ui,
                |ui| {
                    ui.label(RichText::new(title).font(semibold(T16)));
                    self.head(ui, theme, !asking);
                    // The list gives its room to a question, and nothing else moves.
                    let height = (ui.available_height() - 84.0).max(60.0);
                    let size = egui::vec2(ui.available_width(), height);
                    ui.allocate_ui(size, |ui| {
                        ui.set_min_size(size);
                        if asking {
                            told = self.question(ui, theme);
                        } else {
                            accept |= self.list(ui, theme, moved);
                        }
                    });
                    self.field(ui, theme, !asking);
                },
                |ui| {
                    ui.add_enabled_ui(!asks, |ui| {
                        buttons.0 = primary_button(ui, theme, verb).clicked();
                    });
                    buttons.1 = ui.button("Cancel").clicked();
                },
            );
            if buttons.1 {
                told = Told::Closed;
            }
            accept |= buttons.0;
        });
        // A click beside it is no answer: what was typed stays.
        if accept
            && matches!(told, Told::Nothing)
            && let Some(paths) = self.accept()
        {
            told = Told::Chosen(paths);
        }
        told
    }

    fn up(&mut self) {
        if let Some(parent) = self.folder.parent().map(Path::to_owned) {
            self.go(parent);
        }
    }

    /// Where one is, and the ways elsewhere.
    fn head(&mut self, ui: &mut Ui, theme: &Theme, enabled: bool) {
        ui.add_enabled_ui(enabled, |ui| {
            ui.horizontal(|ui| {
                let up = ui
                    .ctx()
                    .format_shortcut(&egui::KeyboardShortcut::new(Modifiers::ALT, Key::ArrowUp));
                let words = format!("Up to the folder above ({up})");
                let icon_up = icon_button(ui, theme, icon::KEYBOARD_ARROW_UP, &words);
                if icon_up.clicked() {
                    self.up();
                }
                if icon_button(ui, theme, icon::HOME, "To your own folder").clicked()
                    && let Some(home) = home()
                {
                    self.go(home);
                }
                if self.purpose.saves()
                    && icon_button(ui, theme, icon::ADD, "Make a folder here").clicked()
                {
                    self.asks = Some(Ask::Folder(String::new(), None, true));
                }
                let shown = self.folder.display().to_string();
                let label = egui::Label::new(RichText::new(&shown).color(theme.weak)).truncate();
                ui.add(label).on_hover_text(shown);
            });
        });
    }

    /// The folders and files; true where one was chosen for good.
    fn list(&mut self, ui: &mut Ui, theme: &Theme, keys: bool) -> bool {
        let (mut open, mut toggled, mut accept) = (None, None, false);
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            if self.entries.is_empty() && self.problem.is_none() {
                let kinds = self.purpose.endings().join(", .");
                let what = if kinds.is_empty() {
                    "This folder is empty.".to_owned()
                } else {
                    format!("This folder holds no folder and no .{kinds} file.")
                };
                ui.label(RichText::new(what).color(theme.weak));
            }
            for (row, (name, is_folder)) in self.entries.iter().enumerate() {
                ui.horizontal(|ui| {
                    let sign = if *is_folder { icon::FOLDER } else { icon::DESCRIPTION };
                    ui.label(RichText::new(sign).font(icons(16.0)).color(theme.weak));
                    let reached = self.at == Some(row);
                    let on = reached || *name == self.name || self.more.contains(name);
                    // The whole row is the button.
                    let width = ui.available_width();
                    let button = egui::Button::selectable(on, name.as_str())
                        .truncate()
                        .min_size([width, 24.0].into());
                    // In a row of its own layout its words would stand in the middle.
                    let left = egui::Layout::top_down(egui::Align::Min);
                    let response = ui.with_layout(left, |ui| ui.add(button)).inner;
                    if reached && keys && ui.input(|i| i.pointer.delta() == egui::Vec2::ZERO) {
                        response.scroll_to_me(None);
                    }
                    // What is too long for the row is read here.
                    let response = if name.chars().count() > 60 {
                        response.on_hover_text(name)
                    } else {
                        response
                    };
                    let adds = !is_folder
                        && self.purpose.takes_several()
                        && !self.name.is_empty()
                        && ui.input(|i| i.modifiers.command);
                    if response.clicked() && adds {
                        toggled = Some(name.clone());
                    } else if response.clicked() {
                        open = Some((name.clone(), *is_folder));
                    }
                    if response.double_clicked() && !is_folder {
                        accept = true;
                    }
                });
            }
        });
        if open.is_some() || toggled.is_some() {
            self.at = None;
            self.problem = None;
        }
        match open {
            Some((name, true)) => self.go(self.folder.join(name)),
            Some((name, false)) => {
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
        accept
    }

    /// What is asked, in place of the list.
    fn question(&mut self, ui: &mut Ui, theme: &Theme) -> Told {
        let mut told = Told::Nothing;
        let mut leave = false;
        ui.add_space(S8);
        let name_of = |path: &Path| path.file_name().unwrap_or_default().display().to_string();
        let mut make = None;
        match &mut self.asks {
            Some(Ask::Replace(path)) => {
                let words = format!("{} exists here already. Replace it?", name_of(path));
                ui.add(egui::Label::new(RichText::new(words).font(semibold(T16))).wrap());
                let hint = "The old file is removed once the new one is written.";
                ui.label(RichText::new(hint).color(theme.weak));
                ui.add_space(S8);
                ui.horizontal(|ui| {
                    if ui.button("Replace the file").clicked() {
                        told = Told::Chosen(vec![path.clone()]);
                    }
                    leave = primary_button(ui, theme, "Choose another name").clicked();
                });
            }
            Some(Ask::Open(path)) => {
                let words = format!("The case {} exists already.", name_of(path));
                ui.add(egui::Label::new(RichText::new(words).font(semibold(T16))).wrap());
                let hint = "A case is never replaced. Open it, or choose another name.";
                ui.label(RichText::new(hint).color(theme.weak));
                ui.add_space(S8);
                ui.horizontal(|ui| {
                    if ui.button("Open that case").clicked() {
                        told = Told::OpenInstead(path.clone());
                    }
                    leave = primary_button(ui, theme, "Choose another name").clicked();
                });
            }
            Some(Ask::Folder(name, problem, fresh)) => {
                ui.label(RichText::new("Name of the folder").size(T11).color(theme.weak));
                let width = ui.available_width() - S8;
                let enter = ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter));
                let field = widgets::field(ui, name, "Name of the folder", "", width);
                if *fresh {
                    field.request_focus();
                    *fresh = !field.has_focus();
                }
                let said = problem.as_deref().unwrap_or(" ");
                ui.add(egui::Label::new(RichText::new(said).color(theme.alarm)).wrap());
                ui.horizontal(|ui| {
                    if primary_button(ui, theme, "Make the folder").clicked() || enter {
                        make = Some(name.clone());
                    }
                    leave = ui.button("Back to the list").clicked();
                });
            }
            None => {}
        }
        if let Some(name) = make {
            match self.make_folder(&name) {
                Ok(()) => leave = true,
                Err(why) => {
                    if let Some(Ask::Folder(_, problem, _)) = &mut self.asks {
                        *problem = Some(why);
                    }
                }
            }
        }
        if leave {
            self.asks = None;
            self.fresh = true;
        }
        told
    }

    /// The name, and what is wrong with it.
    fn field(&mut self, ui: &mut Ui, theme: &Theme, enabled: bool) {
        let said = match (&self.problem, self.more.is_empty()) {
            (Some(problem), _) => RichText::new(problem).color(theme.alarm),
            (None, false) => {
                RichText::new(format!("and {}", self.more.join(", "))).color(theme.weak)
            }
            (None, true) => RichText::new(" "),
        };
        let text = said.text().to_owned();
        let line = ui.add(egui::Label::new(said.size(T11)).truncate());
        line.on_hover_text(text);
        let command = egui::ModifierNames::NAMES;
        let label = if self.purpose.is_folder() {
            "Name of the new folder".to_owned()
        } else if self.purpose.saves() {
            "Name of the new file".to_owned()
        } else if self.purpose.takes_several() {
            let is_mac = ui.ctx().os() == egui::os::OperatingSystem::Mac;
            let held = if is_mac { "⌘" } else { command.ctrl };
            format!("Name or path of the file; {held} and click for several")
        } else {
            "Name or path of the file".to_owned()
        };
        ui.label(RichText::new(&label).size(T11).color(theme.weak));
        ui.add_enabled_ui(enabled, |ui| {
            let width = ui.available_width() - S4;
            let response = widgets::field(ui, &mut self.name, &label, "", width);
            if response.changed() {
                self.at = None;
                self.problem = None;
            }
            if self.fresh && enabled {
                // A dialog that closed in this frame takes the focus with it once more.
                self.fresh = !widgets::focus_all(&response, &self.name);
            }
        });
    }
}

/// Whether the user may write in a folder, as far as that can be told without writing.
#[cfg(unix)]
fn is_writable(folder: &Path) -> bool {
    use rustix::fs::{Access, access};
    access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

/// Whether the user may write in a folder: here only writing shows it.
#[cfg(not(unix))]
fn is_writable(_: &Path) -> bool {
    true
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
    std::env::home_dir().filter(|path| path.is_dir())
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

/// Whether a file is the lock or the log of an open case.
fn is_beside_case(name: &str) -> bool {
    let Some((case, rest)) = name.rsplit_once(".redthread") else { return false };
    !case.is_empty() && [".lock", "-wal", "-shm", "-journal"].contains(&rest)
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

    #[test]
    fn the_lock_and_the_log_of_an_open_case_are_not_offered() {
        for name in ["a.redthread.lock", "a.redthread-wal", "a.redthread-shm"] {
            assert!(is_beside_case(name), "{name}");
        }
        for name in ["a.redthread", ".redthread.lock", "a.lock", "a.pdf", "a-wal"] {
            assert!(!is_beside_case(name), "{name}");
        }
    }

    fn browser(purpose: Purpose, folder: &Path, name: &str) -> Browser {
        Browser::new(purpose, folder.to_owned(), name)
    }

    #[test]
    fn a_file_is_replaced_only_after_a_question_and_a_case_never() {
        let folder = tempfile::tempdir().expect("a folder");
        let there = |name: &str| {
            std::fs::write(folder.path().join(name), "old").expect("written");
        };
        there("a.pdf");
        there("a.redthread");
        let mut export = browser(Purpose::Export("pdf"), folder.path(), "a");
        assert!(export.accept().is_none());
        assert!(matches!(&export.asks, Some(Ask::Replace(path)) if path.ends_with("a.pdf")));
        let mut new = browser(Purpose::NewCase, folder.path(), "a");
        assert!(new.accept().is_none());
        assert!(matches!(&new.asks, Some(Ask::Open(path)) if path.ends_with("a.redthread")));
        std::fs::create_dir(folder.path().join("pair")).expect("a folder in it");
        let mut pair = browser(Purpose::Export("neo4j"), folder.path(), "pair");
        assert!(pair.accept().is_none() && pair.asks.is_none());
        assert!(pair.problem.is_some_and(|why| why.contains("exists")));
        let mut free = browser(Purpose::Export("pdf"), folder.path(), "b");
        assert_eq!(free.accept(), Some(vec![folder.path().join("b")]));
    }

    #[test]
    fn a_folder_is_made_or_one_sentence_says_why_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut open = browser(Purpose::NewCase, folder.path(), "a");
        assert_eq!(open.make_folder("North \u{4e1c}"), Ok(()));
        assert_eq!(open.folder, folder.path().join("North \u{4e1c}"));
        open.go(folder.path().to_owned());
        for (name, why) in [("North \u{4e1c}", "exists"), ("a/b", "separator"), ("..", "name")] {
            let said = open.make_folder(name).expect_err(name);
            assert!(said.contains(why) && said.ends_with('.'), "{said}");
        }
        assert_eq!(open.folder, folder.path());
        let mut lost = browser(Purpose::NewCase, &folder.path().join("none"), "a");
        assert!(lost.problem.is_some());
        assert!(lost.accept().is_none());
        assert!(lost.problem.is_some_and(|why| why.contains("no folder")));
    }

    #[test]
    fn arrow_keys_walk_through_folders_and_files() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("sub")).expect("a folder in it");
        for name in ["a.redthread", "b.redthread"] {
            std::fs::write(folder.path().join(name), "").expect("written");
        }
        let mut open = browser(Purpose::OpenCase, folder.path(), "");
        open.walk(1);
        assert_eq!((open.at, open.name.as_str()), (Some(0), ""), "the folder");
        open.walk(1);
        assert_eq!((open.at, open.name.as_str()), (Some(1), "a.redthread"));
        open.walk(5);
        assert_eq!(open.name, "b.redthread");
        open.walk(-9);
        assert_eq!(open.accept(), None);
        assert_eq!(open.folder, folder.path().join("sub"), "Enter on a folder opens it");
    }
}
