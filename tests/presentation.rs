//! The walkthrough as an audience sees it.

use egui::{Key, Modifiers, Rect};
use egui_kittest::kittest::Queryable as _;
use redthread::{case::Progress, chart::picture::CAPTION, demo::Demo, model::Id};

use crate::window::{Window, click, model, press, settle, window};

/// Lantern's walkthrough, presented in a window.
fn presented(folder: &std::path::Path, size: [f32; 2]) -> Window {
    let path = folder.join("demo.redthread");
    Demo::Lantern.build(&path, &Progress::new()).expect("builds").close().expect("closes");
    let mut window = window(size, Some(path));
    press(&mut window, Modifiers::NONE, Key::F5);
    settle(&mut window);
    window
}

/// The cards of what is selected, and how large a point of the chart is on screen.
fn selected(window: &Window) -> (Vec<Rect>, f32) {
    let (app, model) = (window.state(), model(window));
    let view = app.view();
    let ends = |id: &Id| {
        let ends =
            model.seen.get(id).and_then(|e| e.ends().map(|(a, b)| vec![a.clone(), b.clone()]));
        ends.unwrap_or_else(|| vec![id.clone()])
    };
    let ids = view.selection.iter().flat_map(ends);
    let cards = ids.filter_map(|id| app.canvas().card(view, &id)).collect();
    let chart = view.chart.as_ref().expect("a chart");
    (cards, view.cameras[chart].zoom)
}

#[test]
fn every_scene_fits_what_it_selects_into_a_projected_window_in_large_letters() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = presented(folder.path(), [1280.0, 720.0]);
    let scenes = model(&window).scenes.clone();
    let mut sizes = Vec::new();
    for (n, scene) in scenes.iter().enumerate() {
        assert!(window.query_by_label(&format!("{} of {}", n + 1, scenes.len())).is_some());
        let rect = window.state().canvas().rect().expect("a chart");
        let (cards, zoom) = selected(&window);
        for card in &cards {
            assert!(rect.contains_rect(*card), "{}: {card:?} in {rect:?}", scene.title);
        }
        if !cards.is_empty() {
            sizes.push(CAPTION * zoom);
        }
        assert!(window.query_by_label_contains("Mini-map").is_none(), "{}", scene.title);
        let title = window.get_by_label(&scene.title).rect();
        assert!(title.height() >= 28.0, "{}: {title:?}", scene.title);
        press(&mut window, Modifiers::NONE, Key::ArrowRight);
        settle(&mut window);
    }
    sizes.sort_by(f32::total_cmp);
    println!("names in points, by scene: {sizes:?}");
    assert!(sizes[sizes.len() / 2] >= 16.0, "{sizes:?}");
    assert!(sizes[0] >= 9.0, "{sizes:?}");
}

#[test]
fn no_card_of_a_scene_is_cut_at_an_edge_or_by_the_marking_until_the_presenter_moves_the_chart() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = presented(folder.path(), [1280.0, 720.0]);
    let scenes = model(&window).scenes.len();
    let (mut whole, mut left_out) = (0, 0);
    for scene in 0..scenes {
        let rect = window.state().canvas().rect().expect("a chart");
        let app = window.state();
        let legible = app.canvas().legible(&window.ctx, app.view()).expect("a chart");
        let all = app.canvas().sketch().dots.len();
        if legible.are_cards && !app.view().selection.is_empty() {
            let marking = window.get_by_label_contains("Marking on the chart").rect();
            for (name, card) in legible.names.iter().filter(|(_, card)| card.intersects(rect)) {
                assert!(rect.contains_rect(*card), "{scene}: {name} at {card:?} is cut");
                assert!(!card.intersects(marking), "{scene}: {name} lies under the marking");
                whole += 1;
            }
            let labels = legible.labels.iter().filter(|(_, label)| label.intersects(rect));
            for (label, at) in labels {
                let is_cut = !rect.contains_rect(*at) || at.intersects(marking);
                assert!(!is_cut, "{scene}: {label} at {at:?} is cut");
            }
            left_out += all - legible.names.len();
        }
        press(&mut window, Modifiers::NONE, Key::ArrowRight);
        settle(&mut window);
    }
    println!("{whole} cards are shown whole, {left_out} are left out");
    assert!(whole > 20 && left_out > 0, "{whole}, {left_out}");
}

#[test]
fn a_numbered_source_opens_in_place_and_its_document_leads_back_to_the_scene() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = presented(folder.path(), [1280.0, 720.0]);
    press(&mut window, Modifiers::NONE, Key::ArrowRight);
    settle(&mut window);
    assert!(window.query_by_label_contains("Source 2: Extracts").is_some());
    assert!(window.query_by_label("Open the document").is_none());
    press(&mut window, Modifiers::NONE, Key::Num2);
    assert!(window.query_by_label_contains("Source graded").is_some());
    click(&mut window, "Open the document");
    settle(&mut window);
    assert_eq!(window.state().view().presenting, None);
    let document = window.state().view().document.clone().expect("a document");
    let shown = model(&window).evidence.iter().find(|one| one.id == document).expect("there");
    assert!(shown.caption.starts_with("Extracts"), "{}", shown.caption);
    press(&mut window, Modifiers::NONE, Key::F5);
    assert_eq!(window.state().view().presenting, Some(1), "where it was left");
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert_eq!(window.state().view().presenting, None);
}
