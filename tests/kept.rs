//! The picture of the chart that is kept where no graphics processor draws: it shows what a window
//! that was never moved shows, and a change or a selection in the frame in which it comes.

use std::path::Path;

use eframe::egui_wgpu::RendererOptions;
use egui::Rect;
use egui_kittest::{
    Harness,
    kittest::Queryable as _,
    wgpu::{WgpuTestRenderer, create_render_state, default_wgpu_setup},
};
use image::RgbaImage;
use redthread::{
    app::{App, command, model::Request},
    case::{Action, Case, NewValue, Op},
    model::{Camera, Chart, Id, Placement},
};

use crate::{
    need,
    window::{Window, model, settle},
};

const SIZE: [f32; 2] = [1100.0, 640.0];

/// Companies in rows of eight, each owned by the one before.
fn companies(path: &Path) {
    let mut case = Case::create(path).expect("a new case");
    let chart = Chart::new("Rows", 1.0);
    let mut ops = Vec::new();
    let mut placements = Vec::new();
    for n in 0..64_u8 {
        ops.push(Op::Add {
            entity: id(n),
            schema: ["Company", "Person", "Vessel"][usize::from(n % 3)].into(),
            values: vec![NewValue::new("name", format!("Harbour Number {n}"))],
        });
        placements.push(Placement {
            entity: id(n),
            x: f32::from(n % 8) * 260.0,
            y: f32::from(n / 8) * 130.0,
            pinned: n % 9 == 0,
        });
    }
    for n in 1..64_u8 {
        ops.push(Op::Add {
            entity: format!("o{n}").as_str().into(),
            schema: "Ownership".into(),
            values: vec![
                NewValue::new("owner", id(n - 1).to_string()),
                NewValue::new("asset", id(n).to_string()),
            ],
        });
    }
    let place = Op::Place { chart: chart.id.clone(), placements };
    ops.extend([Op::PutChart(chart), place]);
    case.commit(Action::new(ops)).expect("valid");
    case.close().expect("closed");
}

fn id(n: u8) -> Id {
    format!("c{n}").as_str().into()
}

/// The program in a window that is drawn from the start, as on a machine.
fn drawn(case: &Path) -> Window {
    let options = RendererOptions { dithering: false, ..RendererOptions::PREDICTABLE };
    let state = create_render_state(default_wgpu_setup(), options);
    let case = case.to_owned();
    let mut window = Harness::builder()
        .with_size(SIZE)
        .with_step_dt(1.0 / 30.0)
        .renderer(WgpuTestRenderer::from_render_state(state))
        .build_eframe(move |creation| App::new(creation, Some(case)));
    window.state_mut().use_own_dialogs();
    settle(&mut window);
    window
}

/// A window that has looked at nothing else before, with a copy of the case of its own.
fn at(case: &Path, camera: Camera) -> Window {
    let mut number = 0;
    let copy = loop {
        let copy = case.with_extension(format!("{number}.redthread"));
        if !copy.exists() {
            break copy;
        }
        number += 1;
    };
    std::fs::copy(case, &copy).expect("space");
    let mut window = drawn(&copy);
    window.state_mut().look_at(camera);
    settle(&mut window);
    window
}

/// The chart as it is on screen now, without legend and mini-map, which are at its lower edge.
fn chart(window: &mut Window) -> RgbaImage {
    let rect = window.state().canvas().rect().expect("a chart is open");
    let rect = Rect::from_min_max(rect.min, rect.max - egui::vec2(0.0, 150.0));
    part(window, rect)
}

fn part(window: &mut Window, rect: Rect) -> RgbaImage {
    let image = window.render().expect("a picture");
    let (min, size) = (rect.min.ceil(), rect.size().floor());
    let [x, y, width, height] = [min.x, min.y, size.x, size.y].map(|v| v as u32);
    image::imageops::crop_imm(&image, x, y, width, height).to_image()
}

/// The share of pixels that differ so much that it can be seen.
fn differ(a: &RgbaImage, b: &RgbaImage) -> f32 {
    assert_eq!(a.dimensions(), b.dimensions());
    let far = |(a, b): (&image::Rgba<u8>, &image::Rgba<u8>)| {
        a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > 6)
    };
    let count = a.pixels().zip(b.pixels()).filter(|pair| far(*pair)).count();
    count as f32 / (a.width() * a.height()) as f32
}

/// In the middle of the chart, at a zoom at which entities are cards and a step is one pixel.
const HERE: Camera = Camera { x: 900.0, y: 460.0, zoom: 1.0 };

#[test]
fn a_moved_view_shows_what_a_fresh_one_shows() {
    if !need::adapter() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("rows.redthread");
    companies(&path);
    let mut window = at(&path, HERE);
    // What a frame waited for reaches less far than what is made while the view moves.
    for x in [HERE.x + 200.0, HERE.x] {
        window.state_mut().look_at(Camera { x, ..HERE });
        settle(&mut window);
    }
    let before = chart(&mut window);
    for camera in [
        Camera { x: HERE.x + 45.0, y: HERE.y - 26.0, ..HERE },
        // Beyond what the picture holds around the view.
        Camera { x: HERE.x + 700.0, y: HERE.y + 120.0, ..HERE },
    ] {
        window.state_mut().look_at(camera);
        window.run_steps(1);
        if camera.x < 1_000.0 {
            assert!(window.state().canvas().is_settled(), "a picture is kept");
        } else {
            settle(&mut window);
        }
        let moved = chart(&mut window);
        let mut other = at(&path, camera);
        let off = differ(&moved, &chart(&mut other));
        assert!(off < 0.002, "{off} of the pixels differ at {camera:?}");
        assert!(differ(&moved, &before) > 0.02, "the view has moved");
    }
}

#[test]
fn a_zoomed_view_comes_to_rest_sharp() {
    if !need::adapter() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("rows.redthread");
    companies(&path);
    let mut window = at(&path, HERE);
    let nearer = Camera { zoom: 1.3, ..HERE };
    window.state_mut().look_at(nearer);
    window.run_steps(1);
    let stretched = chart(&mut window);
    settle(&mut window);
    let sharp = chart(&mut window);
    let fresh = chart(&mut at(&path, nearer));
    let off = differ(&sharp, &fresh);
    assert!(off < 0.002, "{off} of the pixels differ");
    // Not the picture of before: as large as it will be, if not as sharp.
    let dark = |image: &RgbaImage| image.pixels().filter(|p| p.0[0] < 200).count() as f32;
    let part = dark(&stretched) / dark(&sharp);
    assert!((0.5..2.0).contains(&part), "{part} times the ink while it is stretched");
}

#[test]
fn a_change_and_a_selection_are_seen_at_once() {
    if !need::adapter() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("rows.redthread");
    companies(&path);
    let mut window = at(&path, HERE);
    let chosen = id(27);
    let card = |window: &Window| {
        let app = window.state();
        app.canvas().card(app.view(), &chosen).expect("a card").expand(8.0)
    };
    let place = card(&window);
    let before = part(&mut window, place);

    let deny = Op::Deny { entity: chosen.clone(), denied: true };
    let generation = model(&window).generation;
    window.state_mut().ask(Request::Commit(Action::new(vec![deny])));
    while model(&window).generation == generation {
        window.run_steps(1);
    }
    let changed = part(&mut window, place);
    settle(&mut window);
    let rested = part(&mut window, place);
    assert!(differ(&changed, &before) > 0.01, "the change is not seen");
    assert_eq!(differ(&changed, &rested), 0.0, "it was not all seen at once");

    let named = window.get_all_by_label_contains("Harbour Number 27");
    let node =
        { named }.find(|node| place.contains_rect(node.rect())).expect("the card has a node");
    node.click();
    while window.state().view().selection.is_empty() {
        window.run_steps(1);
    }
    window.run_steps(1);
    let selected = part(&mut window, place);
    settle(&mut window);
    assert!(differ(&selected, &rested) > 0.01, "the ring is not seen");
    if card(&window) == place {
        assert_eq!(differ(&selected, &part(&mut window, place)), 0.0);
    }

    window.state_mut().ask(Request::Run(command::VIEW_THEME));
    // egui makes its letters for the other theme one frame later.
    window.run_steps(3);
    let dark = chart(&mut window);
    settle(&mut window);
    let off = differ(&dark, &chart(&mut window));
    assert!(off < 0.002, "{off} of the pixels are of the other theme");
}
