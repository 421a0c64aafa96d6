//! Looking at files on a thread of its own.

use std::sync::mpsc::{Receiver, TryRecvError, channel};

use crate::{
    app::model::Model,
    case::Progress,
    exchange::{
        edition::looks_like,
        import::{Job, Preview, preview, with_kept_mapping},
    },
    model::Id,
};

/// What files would become, of what job, and the document that they look like an edition of.
pub(super) type Looked = (Preview, Job, Option<Id>);

/// Files being looked at. Who drops it stops the work.
pub(super) struct Look {
    progress: Progress,
    outcome: Receiver<Result<Looked, String>>,
}

impl Drop for Look {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Look {
    /// Begins.
    pub(super) fn start(ctx: &egui::Context, model: &Model, job: Job) -> Self {
        let settings = model.settings.clone();
        let progress = Progress::new();
        let (send, outcome) = channel();
        let (ctx, watched) = (ctx.clone(), progress.clone());
        let (seen, held) = (model.snapshot(), model.held());
        std::thread::spawn(move || {
            let known = |id: &Id| seen.get(id).is_some();
            let job = with_kept_mapping(job, &settings);
            let looked = preview(&job, &known, &watched).map_err(|error| error.to_string());
            let looked = looked.map(|preview| {
                let like = match &job.files[..] {
                    [file] => looks_like(&held, file, None).ok().flatten(),
                    _ => None,
                };
                let like = like.map(|one| one.id.clone());
                (preview, job, like)
            });
            // The dialog may have been closed meanwhile.
            send.send(looked).ok();
            ctx.request_repaint();
        });
        Self { progress, outcome }
    }

    /// What was seen, once, and of what job; or why nothing was.
    pub(super) fn outcome(&mut self) -> Option<Result<Looked, String>> {
        match self.outcome.try_recv() {
            Ok(seen) => Some(seen),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                Some(Err("The file could not be read to its end.".into()))
            }
        }
    }

    /// How far it has come, 0 to 1, where that is known.
    pub(super) fn fraction(&self) -> Option<f32> {
        self.progress.fraction()
    }

    /// Stops it.
    pub(super) fn stop(&self) {
        self.progress.cancel();
    }
}
