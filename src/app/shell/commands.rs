//! What commands do that are about the window as a whole.

use egui::Context;

use super::App;
use crate::app::{
    author::AskAuthor,
    command,
    dialogs::Purpose,
    export::Export,
    help,
    model::{Model, Request},
    palette::Palette,
    panels::Drawer,
    remark::Remark,
    room,
};
use crate::{
    case::{Action, Op},
    model::Id,
    network::EntityRef,
};

impl App {
    /// Runs a command by its id.
    pub(super) fn run(&mut self, ctx: &Context, id: &'static str) {
        if let Some(why) =
            command::command(id).and_then(|c| c.obstacle(self.model.as_ref(), &self.view))
        {
            self.toasts.say(why);
            return;
        }
        if let Some(model) = &self.model
            && self.canvas.run(ctx, id, model, &mut self.view, &self.theme, &mut self.requests)
        {
            return;
        }
        let title = self.model.as_ref().map(Model::title).unwrap_or_default();
        match id {
            "case.new" => self.dialogs.ask(Purpose::NewCase, "New case.redthread"),
            "case.open" => self.dialogs.ask(Purpose::OpenCase, ""),
            "case.import" => self.dialogs.ask(Purpose::Import, ""),
            "case.export" => {
                let (before, dark) = (self.exported.0, self.settings.dark);
                self.export =
                    self.model.as_ref().map(|model| Export::new(before, model, &self.view, dark));
            }
            "case.save_copy" => {
                self.dialogs.ask(Purpose::SaveCopy, &format!("{title} copy.redthread"));
            }
            "case.verify" => self.requests.push(Request::Verify),
            "case.close" => self.requests.push(Request::Close),
            "app.author" => self.ask_author = Some(AskAuthor::new(false)),
            "app.quit" => self.quit(ctx),
            "view.messages" => self.messages_open = true,
            "case.settings" => self.help = self.model.as_ref().map(help::Help::settings),
            "edit.undo" => self.requests.push(Request::Undo),
            "edit.redo" => self.requests.push(Request::Redo),
            "edit.select_none" => self.view.selection.clear(),
            "palette.open" => self.palette = Some(Palette::default()),
            "case.withdraw" => self.withdraw(),
            "case.restore" => {
                self.settings.drawer = Some(Drawer::Table);
                self.panels.entities.show_withdrawn();
            }
            "entity.tag" | "entity.note" => {
                if let Some(model) = &self.model {
                    self.remark = Some(Remark::new(id == "entity.tag", model, &self.view));
                }
            }
            "evidence.attach" => self.dialogs.ask(Purpose::Attach, ""),
            "evidence.paste" => self.paste_document(),
            "evidence.cite" => {
                self.view.cite_for = self.view.selection.iter().next().map(|id| (id.clone(), None));
                self.panels.evidence.take_keys();
                self.settings.drawer = Some(Drawer::Evidence);
            }
            "ways.find" => {
                if let Some(model) = &self.model {
                    self.panels.ways.find(model, &self.view);
                    self.settings.drawer = Some(Drawer::Ways);
                }
            }
            "entity.edit" => {
                self.settings.drawer = Some(Drawer::Table);
                self.panels.entities.rename();
            }
            "property.add" => {
                self.settings.inspector = true;
                self.settings.explore &= !room::is_narrow(room::width(ctx));
                self.close_drawer_for(ctx, true);
                self.panels.inspector.add_property();
            }
            "ways.close" => self.settings.drawer = None,
            "show.evidence" => {
                self.settings.drawer = Some(Drawer::Evidence);
                if self.view.cite_for.is_some() {
                    self.panels.evidence.take_keys();
                }
            }
            "view.inspector" => {
                self.settings.inspector = !self.is_inspector_shown(ctx);
                self.settings.explore &=
                    !(self.settings.inspector && room::is_narrow(room::width(ctx)));
                self.close_drawer_for(ctx, self.settings.inspector);
            }
            "view.explore" => {
                self.settings.explore = !self.is_explore_shown(ctx);
                self.close_drawer_for(ctx, self.settings.explore);
            }
            "view.theme" => {
                self.settings.dark = !self.settings.dark;
                self.styled = false;
            }
            "view.text_bigger" => self.scale_text(self.settings.scale + 0.1),
            "view.text_smaller" => self.scale_text(self.settings.scale - 0.1),
            "view.text_normal" => self.scale_text(1.0),
            "scene.add" => {
                self.settings.drawer = Some(Drawer::Scenes);
                if let Some(model) = &self.model {
                    self.panels.scenes.add(model, &self.view, &mut self.requests);
                }
            }
            "scene.present" => self.view.presenting = Some(0),
            "help.shortcuts" => self.help = Some(help::Help::Shortcuts),
            "help.about" => self.help = Some(help::Help::About),
            id => {
                if let Some(name) = id.strip_prefix("ask.") {
                    if let Some(model) = &self.model {
                        self.panels.findings.ask_selected(name, model, &self.view);
                    }
                    self.settings.drawer = Some(Drawer::Findings);
                } else if let Some((drawer, _)) =
                    Drawer::ALL.iter().find(|(_, command)| *command == id)
                {
                    let open = self.settings.drawer == Some(*drawer);
                    self.settings.drawer = if open { None } else { Some(*drawer) };
                } else if let Some(model) = &self.model {
                    self.panels.tabs.run(id, model, &mut self.view, &mut self.requests);
                }
            }
        }
    }

    /// Sets the size of text and everything, in steps of a tenth.
    fn scale_text(&mut self, scale: f32) {
        self.settings.scale = ((scale * 10.0).round() / 10.0).clamp(0.8, 1.8);
        self.styled = false;
    }

    fn withdraw(&mut self) {
        let Some(model) = &self.model else { return };
        // A reference goes with the value that it is.
        let ids = self.view.selection.iter().filter(|id| model.seen.reference(id).is_none());
        let ids: Vec<Id> = ids.cloned().collect();
        let label = match &ids[..] {
            [one] => format!("Withdraw {}", model.name(one)),
            many => format!("Withdraw {} entities or relationships", many.len()),
        };
        // A relationship goes with its end; withdrawing it by itself first is then refused.
        let goes_along = |id: &Id| {
            let ends = model.seen.get(id).and_then(EntityRef::ends);
            ends.is_some_and(|(a, b)| ids.contains(a) || ids.contains(b))
        };
        let ops =
            ids.iter().filter(|id| !goes_along(id)).cloned().map(Op::WithdrawEntity).collect();
        self.requests.push(Request::Commit(Action::new(label, ops)));
    }
}
