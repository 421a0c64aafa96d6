//! The program in a window that nobody sees, for tests that find things by their labels.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use egui::{Key, Modifiers};
use egui_kittest::{Harness, kittest::Queryable as _};
use redthread::app::{App, model::Model};

pub type Window = Harness<'static, App>;

/// The program, with a case if one is named.
pub fn window(size: [f32; 2], case: Option<PathBuf>) -> Window {
    let mut harness = Harness::builder()
        .with_size(size)
        .with_step_dt(1.0 / 30.0)
        .build_eframe(|creation| App::new(creation, case));
    harness.state_mut().use_own_dialogs();
    settle(&mut harness);
    harness
}

/// Steps until nothing is under way, animations included.
pub fn settle(window: &mut Window) {
    let until = Instant::now() + Duration::from_mins(3);
    loop {
        window.run_steps(3);
        let Some(busy) = window.state().under_way() else { break };
        assert!(Instant::now() < until, "the program does not come to rest: {busy}");
        std::thread::sleep(Duration::from_millis(4));
    }
    window.run_steps(24);
}

pub fn press(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    settle(window);
}

pub fn click(window: &mut Window, label: &str) {
    window.get_by_label(label).scroll_to_me();
    window.run_steps(20);
    window.get_by_label(label).click();
    settle(window);
}

pub fn write(window: &mut Window, label: &str, text: &str) {
    let field =
        |window: &Window| window.get_by_role_and_label(egui::Role::TextInput, label).focus();
    field(window);
    window.run_steps(2);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.run_steps(2);
    window.get_by_role_and_label(egui::Role::TextInput, label).type_text(text);
    settle(window);
}

pub fn model(window: &Window) -> &Model {
    window.state().model().expect("a case is open")
}
