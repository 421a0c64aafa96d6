//! What commands do that are about more than one panel. The list of them is in `app/command`.

use egui::Context;

use super::{super::command::Command, App};
use crate::{
    app::{
        canvas::{Canvas, How, Scope},
        dialogs::Purpose,
        export::Export,
        model::{Model, Request, View},
        panels::{Drawer, Panels},
        remark::Remark,
        room,
    },
    case::{Action, Arrangement, Op},
    chart::{Point, layout::Body},
    model::{Chart, Id},
    network::{Editions, EntityRef, Lens},
};

impl App {
    /// Does what a command does, or says why it cannot be done.
    pub(super) fn perform(&mut self, ctx: &Context, command: &Command) {
        match command.obstacle(self.model.as_ref(), &self.view) {
            Some(why) => self.toasts.say(why),
            None => (command.run)(self, ctx),
        }
    }

    /// Does something to the open chart.
    pub(in crate::app) fn on_chart(
        &mut self,
        ctx: &Context,
        run: impl FnOnce(&mut Canvas, &Context, &mut Scope<'_>, &Chart),
    ) {
        let Some(model) = &self.model else { return };
        let looks = (model, &mut self.view);
        self.canvas.on_chart(looks, &self.theme, &mut self.requests, |canvas, scope, chart| {
            run(canvas, ctx, scope, chart);
        });
    }

    /// Does something with the open case.
    pub(in crate::app) fn in_case(
        &mut self,
        run: impl FnOnce(&mut Panels, &Model, &mut View, &mut Vec<Request>),
    ) {
        if let Some(model) = &self.model {
            run(&mut self.panels, model, &mut self.view, &mut self.requests);
        }
    }

    pub(in crate::app) fn place_all(&mut self, ctx: &Context, with_documents: bool) {
        let Some(model) = &self.model else { return };
        let looks = (model, &mut self.view);
        let (theme, requests) = (&self.theme, &mut self.requests);
        self.canvas.place_everything(ctx, looks, theme, requests, with_documents);
    }

    pub(in crate::app) fn lay_out(&mut self, ctx: &Context, how: How) {
        self.on_chart(ctx, |canvas, ctx, scope, chart| canvas.layout(ctx, scope, &chart.id, how));
    }

    pub(in crate::app) fn line_up(
        &mut self,
        ctx: &Context,
        rule: Arrangement,
        how: impl Fn(&[Body]) -> Vec<Point>,
    ) {
        self.on_chart(ctx, |canvas, ctx, scope, chart| {
            canvas.line_up(ctx, scope, &chart.id, rule, how);
        });
    }

    pub(in crate::app) fn open_export(&mut self) {
        let (before, dark) = (self.exported.0, self.settings.dark);
        self.over.export =
            self.model.as_ref().map(|model| Export::new(before, model, &self.view, dark));
    }

    pub(in crate::app) fn ask_save_copy(&mut self) {
        let title = self.model.as_ref().map(Model::title).unwrap_or_default();
        self.dialogs.ask(Purpose::SaveCopy, &format!("{title} copy.redthread"));
    }

    pub(in crate::app) fn open_remark(&mut self, is_tag: bool) {
        self.over.remark = self.model.as_ref().map(|model| Remark::new(is_tag, model, &self.view));
    }

    pub(in crate::app) fn ask_question(&mut self, name: &str) {
        if let Some(model) = &self.model {
            self.panels.findings.ask_selected(name, model, &self.view);
        }
        self.settings.drawer = Some(Drawer::Findings);
    }

    pub(in crate::app) fn find_paths(&mut self) {
        if let Some(model) = &self.model {
            self.panels.ways.find(model, &self.view);
            self.settings.drawer = Some(Drawer::Ways);
        }
    }

    /// Opens the history, and says how to see the case as it was.
    pub(in crate::app) fn show_history(&mut self) {
        self.settings.drawer = Some(Drawer::History);
        let hint = "Choose “See then” at a revision to see the case as it was after it.";
        self.toasts.say(hint.to_owned());
    }

    /// Looks at all editions of documents, or at the newest again.
    pub(in crate::app) fn toggle_editions(&mut self) {
        let Some(model) = &self.model else { return };
        let lens = model.wanted_lens().clone();
        let editions = match lens.editions {
            Editions::Newest => Editions::All,
            Editions::All => Editions::Newest,
        };
        self.requests.push(Request::LookThrough(Lens { editions, ..lens }));
    }

    /// Opens the list of what has been withdrawn.
    pub(in crate::app) fn show_withdrawn(&mut self) {
        self.settings.drawer = Some(Drawer::Table);
        self.panels.entities.show_withdrawn();
    }

    /// Edits what is selected, on the chart that is open, else in the table.
    pub(in crate::app) fn edit_entity(&mut self, ctx: &Context) {
        let chart = self.view.chart.as_ref();
        if chart.is_some_and(|id| self.model.as_ref().is_some_and(|m| m.chart(id).is_some())) {
            self.on_chart(ctx, |canvas, _, scope, _| canvas.edit_selected(scope));
        } else {
            self.settings.drawer = Some(Drawer::Table);
            self.panels.entities.rename();
        }
    }

    pub(in crate::app) fn add_property(&mut self, ctx: &Context) {
        self.settings.inspector = true;
        self.settings.explore &= !room::is_narrow(room::width(ctx));
        self.close_drawer_for(ctx, true);
        self.panels.inspector.add_property();
    }

    pub(in crate::app) fn cite_selected(&mut self) {
        self.view.cite_for = self.view.selection.iter().next().map(|id| (id.clone(), None));
        self.show_evidence();
    }

    /// Opens the panel of documents; the form that cites gets the keys.
    pub(in crate::app) fn show_evidence(&mut self) {
        self.settings.drawer = Some(Drawer::Evidence);
        if self.view.cite_for.is_some() {
            self.panels.evidence.take_keys();
        }
    }

    pub(in crate::app) fn add_scene(&mut self) {
        self.settings.drawer = Some(Drawer::Scenes);
        if let Some(model) = &self.model {
            self.panels.scenes.add(model, &self.view, &mut self.requests);
        }
    }

    pub(in crate::app) fn toggle_drawer(&mut self, drawer: Drawer) {
        let is_open = self.settings.drawer == Some(drawer);
        self.settings.drawer = (!is_open).then_some(drawer);
    }

    pub(in crate::app) fn toggle_inspector(&mut self, ctx: &Context) {
        self.settings.inspector = !self.is_inspector_shown(ctx);
        self.settings.explore &= !(self.settings.inspector && room::is_narrow(room::width(ctx)));
        self.close_drawer_for(ctx, self.settings.inspector);
    }

    pub(in crate::app) fn toggle_explore(&mut self, ctx: &Context) {
        self.settings.explore = !self.is_explore_shown(ctx);
        self.close_drawer_for(ctx, self.settings.explore);
    }

    pub(in crate::app) fn toggle_theme(&mut self) {
        self.settings.dark = !self.settings.dark;
        self.styled = false;
    }

    /// Sets the size of text and everything, in steps of a tenth.
    pub(in crate::app) fn scale_text(&mut self, scale: f32) {
        self.settings.scale = ((scale * 10.0).round() / 10.0).clamp(0.8, 1.8);
        self.styled = false;
    }

    /// Withdraws what is selected.
    pub(in crate::app) fn withdraw(&mut self) {
        let Some(model) = &self.model else { return };
        // A reference goes with the value that it is.
        let ids = self.view.selection.iter().filter(|id| model.seen.reference(id).is_none());
        let ids: Vec<Id> = ids.cloned().collect();
        // A relationship goes with its end; withdrawing it by itself first is then refused.
        let goes_along = |id: &Id| {
            let ends = model.seen.get(id).and_then(EntityRef::ends);
            ends.is_some_and(|(a, b)| ids.contains(a) || ids.contains(b))
        };
        let ops =
            ids.iter().filter(|id| !goes_along(id)).cloned().map(Op::WithdrawEntity).collect();
        self.requests.push(Request::Commit(Action::new(ops)));
    }
}
