//! The panels around the chart, and which of them have room.

use std::time::Duration;

use egui::{CentralPanel, Context, Frame, Margin, Panel, RichText, Ui, ViewportCommand};

use super::{ANNOUNCE, App};
use crate::app::{model::View, room, theme::Theme, widgets::panel_frame, worker::Worker};
use crate::model::{Camera, Id};

impl App {
    pub(super) fn workspace(&mut self, ui: &mut Ui) {
        let Some(model) = &self.model else { return };
        let (view, theme, requests) = (&mut self.view, &self.theme, &mut self.requests);
        let room = ui.available_size();
        self.panels.explore.update(model, view, requests, self.settings.explore);
        let side = room::side(room);
        let beside = !(self.settings.drawer.is_some() && room::is_tight(room.x));
        let both = !room::is_narrow(room.x) || !self.settings.explore;
        if self.settings.inspector && both && beside {
            Panel::right(format!("inspector{}", side.class))
                .resizable(true)
                .default_size(side.size)
                .size_range(side.range)
                .frame(panel_frame(theme).fill(self.panel_fill))
                .show(ui, |ui| {
                    room::name(ui, "Inspector panel");
                    self.panels.inspector.ui(ui, model, view, theme, requests);
                });
        }
        if let Some(drawer) = self.settings.drawer {
            let share = room::drawer(room);
            Panel::bottom(format!("drawer-{drawer:?}{}", share.class))
                .resizable(true)
                .default_size(share.size)
                .size_range(share.range)
                .frame(panel_frame(theme).fill(self.panel_fill))
                .show(ui, |ui| {
                    room::name(ui, drawer.name());
                    ui.set_min_height(ui.available_height());
                    self.panels.drawer(ui, drawer, model, view, theme, requests);
                });
        }
        if self.settings.explore && beside {
            Panel::left(format!("explore{}", side.class))
                .resizable(true)
                .default_size(side.size.min(268.0))
                .size_range(side.range)
                .frame(panel_frame(theme).fill(self.panel_fill))
                .show(ui, |ui| {
                    room::name(ui, "Filter panel");
                    self.panels.explore.ui(ui, model, view, theme, requests);
                });
        }
        let tabs = Frame::new().fill(self.panel_fill).inner_margin(Margin::symmetric(8, 4));
        Panel::top("tabs")
            .frame(tabs)
            .resizable(false)
            .show(ui, |ui| self.panels.tabs.ui(ui, model, view, theme, requests));
        let strip =
            if self.layers.is_modal() { 0.0 } else { self.toasts.strip(ui, theme, requests, true) };
        let strip = strip + self.canvas.mode_strip(ui, theme);
        keep_place(&mut self.strip, strip, view);
        CentralPanel::no_frame().show(ui, |ui| self.canvas.ui(ui, model, view, theme, requests));
    }

    pub(super) fn present(&mut self, ui: &mut Ui) {
        let Some(model) = &self.model else { return };
        let (view, theme, requests) = (&mut self.view, &self.theme, &mut self.requests);
        self.panels.presentation.ui(ui, model, view, theme, requests);
        if !self.layers.is_modal() {
            self.toasts.strip(ui, theme, requests, true);
        }
        CentralPanel::no_frame().show(ui, |ui| self.canvas.ui(ui, model, view, theme, requests));
    }

    /// Makes the window fill the screen while something is presented, and as it was afterwards.
    pub(super) fn fill_screen(&mut self, ctx: &Context) {
        let is_presenting = self.model.is_some() && self.view.presenting.is_some();
        if is_presenting && self.was_full.is_none() {
            let is_full = ctx.input(|i| i.viewport().fullscreen.unwrap_or(false));
            self.was_full = Some(is_full);
            ctx.send_viewport_cmd(ViewportCommand::Fullscreen(true));
        } else if !is_presenting && let Some(was_full) = self.was_full.take() {
            ctx.send_viewport_cmd(ViewportCommand::Fullscreen(was_full));
        }
    }

    /// Whether the inspector is on screen: in a narrow window the filter takes its place.
    pub(super) fn is_inspector_shown(&self, ctx: &Context) -> bool {
        let instead = self.settings.explore && room::is_narrow(room::width(ctx));
        self.settings.inspector && !instead && !self.is_drawer_alone(ctx)
    }

    /// Whether the filter is on screen.
    pub(super) fn is_explore_shown(&self, ctx: &Context) -> bool {
        self.settings.explore && !self.is_drawer_alone(ctx)
    }

    /// Whether a drawer leaves no room for a panel beside it.
    fn is_drawer_alone(&self, ctx: &Context) -> bool {
        self.settings.drawer.is_some() && room::is_tight(room::width(ctx))
    }

    /// Closes the drawer where a side panel that was opened has no room beside it.
    pub(super) fn close_drawer_for(&mut self, ctx: &Context, opened: bool) {
        if opened && self.is_drawer_alone(ctx) {
            self.settings.drawer = None;
        }
    }
}

/// Keeps the chart where it is on the screen while the strip of notes above it comes and goes.
fn keep_place(
    (before, moved): &mut (f32, Option<(Id, Camera, Camera)>),
    now: f32,
    view: &mut View,
) {
    let by = now - std::mem::replace(before, now);
    if by == 0.0 {
        return;
    }
    let Some(chart) = view.chart.clone() else { return };
    let Some(camera) = view.cameras.get_mut(&chart) else { return };
    let was = *camera;
    *camera = match moved.take() {
        // Back to the very same place, where nobody has looked elsewhere meanwhile.
        Some((id, old, new)) if now == 0.0 && id == chart && new == was => old,
        kept => {
            let new = Camera { y: was.y + by / 2.0 / was.zoom, ..was };
            let old = kept.filter(|(id, _, new)| *id == chart && *new == was);
            *moved = Some((chart, old.map_or(was, |(_, old, _)| old), new));
            new
        }
    };
}

pub(super) fn waiting(ui: &mut Ui, theme: &Theme, worker: &Worker) {
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.4);
        let Some(running) = worker.running() else { return };
        if running.since.elapsed() < ANNOUNCE {
            return;
        }
        ui.label(RichText::new(running.what).color(theme.weak));
        match running.progress.fraction() {
            Some(part) => drop(ui.add(egui::ProgressBar::new(part).desired_width(240.0))),
            None => drop(ui.spinner()),
        }
        if ui.button("Cancel").clicked() {
            running.progress.cancel();
        }
    });
    ui.ctx().request_repaint_after(Duration::from_millis(60));
}
