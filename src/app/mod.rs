//! The window: panels read a copy of the case and ask for changes.

mod aside;
mod author;
mod banner;
mod beside;
mod bidi;
pub(crate) mod canvas;
pub mod command;
mod dialog;
pub(crate) mod dialogs;
mod editor;
mod export;
mod help;
mod import;
mod keys;
mod layers;
pub mod mapping;
mod markdown;
pub(crate) mod menu;
pub mod model;
mod opened;
mod palette;
mod panels;
mod preview;
pub mod query;
mod question;
mod remark;
mod rename;
mod replaced;
mod room;
mod sent;
mod shell;
mod sight;
mod start;
mod suggest;
mod system;
pub mod theme;
mod through;
mod toast;
pub(crate) mod widgets;
pub(crate) mod worker;

use std::{path::PathBuf, sync::Arc};

pub use shell::App;

/// Why no window could be opened.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no display")]
    NoDisplay,
    /// The system opened none; why, for each way to draw that was tried.
    #[error("{0}")]
    NoWindow(String),
}

/// Opens the window, with a case if one is named; returns when it is closed.
pub fn run(case: Option<PathBuf>) -> Result<(), Error> {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(target_os = "linux") && !set("DISPLAY") && !set("WAYLAND_DISPLAY") {
        return Err(Error::NoDisplay);
    }
    // Virtual machines and remote desktops have the one or the other.
    let mut reasons = Vec::new();
    for renderer in [eframe::Renderer::Wgpu, eframe::Renderer::Glow] {
        let options = eframe::NativeOptions {
            renderer,
            viewport: egui::ViewportBuilder::default()
                .with_title("Redthread")
                .with_app_id("redthread")
                .with_icon(Arc::new(icon()))
                .with_inner_size([1360.0, 860.0])
                .with_min_inner_size([720.0, 460.0])
                .with_drag_and_drop(true),
            persist_window: true,
            // No colour here runs into another, and where a program stands in for a graphics
            // processor every pixel would take longer.
            dithering: false,
            // `theme::install_fonts` looks for them when a character needs one.
            system_font_fallback: false,
            ..eframe::NativeOptions::default()
        };
        let case = case.clone();
        let started = eframe::run_native(
            "Redthread",
            options,
            Box::new(move |creation| {
                let mut app = App::new(creation, case);
                app.ask_for_author();
                Ok(Box::new(app))
            }),
        );
        match started {
            Ok(()) => return Ok(()),
            Err(error) => reasons.push(error.to_string()),
        }
    }
    Err(Error::NoWindow(reasons.join("; ")))
}

/// The program's sign: a thread through three knots.
fn icon() -> egui::IconData {
    const SIDE: u32 = 64;
    let knots = [(16.0_f32, 46.0_f32), (32.0, 16.0), (48.0, 46.0)];
    let mut rgba = Vec::with_capacity((SIDE * SIDE * 4) as usize);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
            let knot =
                knots.iter().map(|(kx, ky)| (px - kx).hypot(py - ky)).fold(f32::INFINITY, f32::min);
            let thread = knots.windows(2).map(|pair| {
                let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
                let (dx, dy) = (bx - ax, by - ay);
                let t = (((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
                (px - ax - dx * t).hypot(py - ay - dy * t)
            });
            let thread = thread.fold(f32::INFINITY, f32::min);
            let ink = (9.5 - knot).max(2.6 - thread).clamp(0.0, 1.0);
            rgba.extend([196, 18, 48, (ink * 255.0) as u8]);
        }
    }
    egui::IconData { rgba, width: SIDE, height: SIDE }
}
