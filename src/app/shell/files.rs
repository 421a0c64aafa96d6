//! Files and the clipboard: what is chosen, dropped and pasted, and where it goes.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use egui::Context;

use super::App;
use crate::app::{
    dialogs::{Chosen, Purpose},
    import::Import,
    layers::Layer,
    model::Request,
    panels::Drawer,
    widgets, worker,
};
use crate::{
    case::{Action, NewEvidence, Op},
    exchange,
    export::Job,
};

/// How long dropped files wait for the pointer to say where they were dropped.
const DROP_WAIT: f64 = 0.35;

impl App {
    /// Takes what is in the clipboard as a document: an image, else text.
    pub(in crate::app) fn paste_document(&mut self) {
        let mut clipboard = match arboard::Clipboard::new() {
            Ok(clipboard) => clipboard,
            Err(error) => {
                self.toasts.fail(format!(
                    "The clipboard cannot be read ({error}); attach a file instead."
                ));
                return;
            }
        };
        let (bytes, mime, ending) = if let Ok(image) = clipboard.get_image() {
            let (width, height) = (image.width as u32, image.height as u32);
            let mut png = Vec::new();
            let made =
                image::RgbaImage::from_raw(width, height, image.bytes.into_owned()).map(|image| {
                    image.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
                });
            if !matches!(made, Some(Ok(()))) {
                self.toasts.fail(
                    "The image in the clipboard cannot be read; save it and attach the file.",
                );
                return;
            }
            (png, "image/png", "png")
        } else if let Ok(text) = clipboard.get_text() {
            if text.trim().is_empty() {
                self.toasts.say("The clipboard is empty: copy a text or an image first.");
                return;
            }
            (text.into_bytes(), "text/plain", "txt")
        } else {
            self.toasts.say("The clipboard is empty: copy a text or an image first.");
            return;
        };
        self.attach_pasted(bytes, mime, ending);
    }

    /// Attaches bytes that were pasted; with one thing selected, cites them for it.
    pub(crate) fn attach_pasted(&mut self, bytes: Vec<u8>, mime: &str, ending: &str) {
        let name = format!("Pasted {}", widgets::when(jiff::Timestamp::now().as_millisecond()));
        let file_name = format!("{}.{ending}", name.replace(':', "."));
        let document = NewEvidence::pasted(bytes, mime, &name, file_name);
        let id = document.id.clone();
        let mut ops = vec![Op::Attach(document)];
        if let (Some(to), 1) = (self.view.selection.first(), self.view.selection.len()) {
            ops.push(Op::Cite(worker::existence_citation(to, &id)));
        }
        self.settings.drawer = Some(Drawer::Evidence);
        self.requests.push(Request::Commit(Action::new(ops)));
    }

    pub(super) fn chosen(&mut self, ctx: &Context, Chosen { purpose, paths }: Chosen) {
        let Some(first) = paths.first().cloned() else { return };
        if purpose.may_replace()
            && let Err(why) = self.make_room(&purpose, &first)
        {
            self.toasts.fail(why);
            return;
        }
        let request = match purpose {
            Purpose::OpenCase => Request::Open(first),
            Purpose::NewCase | Purpose::NewCaseFor => Request::Create(first),
            Purpose::Import => Request::AskImport(paths),
            Purpose::Attach => {
                // What was attached is shown.
                self.settings.drawer = Some(Drawer::Evidence);
                Request::Attach(paths, None)
            }
            Purpose::SaveCopy => Request::SaveCopy(first),
            Purpose::Export(_) => {
                let Some(job) = self.exported.1.take() else { return };
                Request::Export(Box::new(Job { out: first, ..*job }))
            }
            Purpose::Write(text, _) => Request::Write(first, text),
            Purpose::LoadMapping => {
                if let Some(import) = &mut self.import {
                    import.load(ctx, &first);
                }
                return;
            }
            Purpose::Evidence(id) => Request::ExportEvidence(id, first),
        };
        self.requests.push(request);
    }

    /// Makes room for a file that the user has agreed to replace.
    fn make_room(&mut self, purpose: &Purpose, to: &Path) -> Result<(), String> {
        if !to.exists() || to.is_dir() {
            return Ok(());
        }
        if matches!(purpose, Purpose::SaveCopy) {
            let same = |path: &PathBuf| path.canonicalize().ok() == to.canonicalize().ok();
            if self.model.as_ref().is_some_and(|model| same(&model.path)) {
                return Err(format!(
                    "{} is the case that is open. Choose another name for the copy.",
                    to.display()
                ));
            }
            let mut lock = to.as_os_str().to_owned();
            lock.push(".lock");
            if PathBuf::from(lock).exists() {
                return Err(format!(
                    "{} is open in another program. Choose another name for the copy.",
                    to.display()
                ));
            }
        }
        self.replaced.make_room(to)
    }

    /// Opens the dialog of an import; without a case, one is created first.
    pub(super) fn ask_import(&mut self, ctx: &Context, files: Vec<PathBuf>) {
        let Some(model) = &self.model else {
            let stem = files.first().and_then(|path| path.file_stem()).unwrap_or_default();
            let name = format!("{}.redthread", stem.to_string_lossy());
            self.import_next = files;
            self.dialogs.ask(Purpose::NewCaseFor, &name);
            return;
        };
        match &model.read_only {
            Some(why) => self.toasts.say(format!("This case is open for reading only: {why}")),
            None => self.import = Some(Import::new(ctx, model, files)),
        }
    }

    /// Closes the dialog of an import, or goes on with the files that follow.
    pub(super) fn close_import(&mut self, ctx: &Context) {
        if let (Some(import), Some(model)) = (&mut self.import, &self.model)
            && import.go_on(ctx, model)
        {
            return;
        }
        self.import = None;
    }

    /// Files that were dropped: a case is opened, a document attached. Where a document was
    /// dropped is known only once the pointer moves again. While something is asked, they wait:
    /// an import that is being looked at is not thrown away for the next.
    pub(super) fn drops(&mut self, ctx: &Context) {
        let (files, moved, now, at) = ctx.input(|i| {
            let files: Vec<PathBuf> =
                i.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect();
            let moved = i.events.iter().any(|event| matches!(event, egui::Event::PointerMoved(_)));
            (files, moved, i.time, i.pointer.latest_pos())
        });
        if !files.is_empty() {
            let waiting = self.dropped.get_or_insert_with(|| (Vec::new(), now));
            waiting.0.extend(files);
            waiting.1 = now;
        }
        let asks = [Layer::Import, Layer::Export, Layer::Files, Layer::Author, Layer::Question];
        if asks.into_iter().any(|layer| self.is_open(layer)) {
            // Nothing on the chart is meant by the time that they are let through.
            if let Some((_, since)) = &mut self.dropped {
                *since = f64::NEG_INFINITY;
            }
            return;
        }
        let Some((files, since)) = &self.dropped else { return };
        if let [one] = &files[..]
            && one.extension().is_some_and(|e| e.eq_ignore_ascii_case("redthread"))
        {
            self.requests.push(Request::Open(one.clone()));
            self.dropped = None;
            return;
        }
        if self.model.is_some() && !moved && now - since < DROP_WAIT {
            ctx.request_repaint_after(Duration::from_millis(60));
            return;
        }
        let waited = since.is_infinite();
        let Some((files, _)) = self.dropped.take() else { return };
        let is_data = || matches!(exchange::import::recognise(&files), Ok(Some(_)));
        self.requests.push(match (&self.model, &files[..]) {
            (None, [one, ..]) if !is_data() => Request::Open(one.clone()),
            (None, _) => Request::AskImport(files),
            (Some(_), _) => {
                let at = at.filter(|_| !waited).unwrap_or(egui::Pos2::new(-1.0, -1.0));
                match self.canvas.under(at, &self.view) {
                    Some(id) => Request::Attach(files, Some(id)),
                    // A file of data is offered for import, any other is a document.
                    None if is_data() => Request::AskImport(files),
                    None => Request::Attach(files, None),
                }
            }
        });
    }
}
