//! How long a frame of the chart takes while it is panned and zoomed, through the whole program in
//! a window that nobody sees, beside what other programs need for the same graph in the same run.
//!
//! `cargo bench --bench frames`, with `-- 10000` for that many entities alone. The peers run where `PEERS_NODE` names a folder with their node
//! modules and `PEERS_BENCH` one that holds `render/render_bench.mjs`.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use eframe::egui_wgpu::{RenderState, RendererOptions, ScreenDescriptor, wgpu};
use egui::Vec2;
use egui_kittest::{
    Harness,
    wgpu::{WgpuTestRenderer, create_render_state, default_wgpu_setup},
};
use redthread::{
    app::App,
    case::{Action, Case, Op, Progress},
    chart::{
        Point,
        layout::organic::{Options, Quality, organic},
    },
    exchange::import::{Job, run},
    model::{Camera, Chart, Placement},
    network::Csr,
};

/// The program in a window that nobody sees, and what draws it.
struct Window {
    harness: Harness<'static, App>,
    graphics: RenderState,
    target: wgpu::TextureView,
    size: [u32; 2],
}

impl Window {
    /// A window in which the chart is as large as asked for; what stands around it comes on top.
    fn new(size: [u32; 2], case: &Path) -> Self {
        let mut outer = size;
        // What stands around it is not always as large.
        for _ in 0..6 {
            let window = Self::sized(outer, case);
            let rect = window.harness.state().canvas().rect().expect("a chart is open");
            let inner = [rect.width().round() as u32, rect.height().round() as u32];
            if inner == size {
                return window;
            }
            outer = [outer[0] + size[0] - inner[0], outer[1] + size[1] - inner[1]];
        }
        panic!("no window has a chart of {size:?}");
    }

    fn sized(size: [u32; 2], case: &Path) -> Self {
        // As in the program's own window.
        let options = RendererOptions { dithering: false, ..RendererOptions::default() };
        let graphics = create_render_state(default_wgpu_setup(), options);
        let case = case.to_owned();
        let mut harness = Harness::builder()
            .with_size(Vec2::new(size[0] as f32, size[1] as f32))
            .with_step_dt(1.0 / 30.0)
            .renderer(WgpuTestRenderer::from_render_state(graphics.clone()))
            .build_eframe(move |creation| App::new(creation, Some(case)));
        // As a window tells it.
        let most = graphics.device.limits().max_texture_dimension_2d as usize;
        harness.input_mut().max_texture_side = Some(most);
        let target = graphics.device.create_texture(&wgpu::TextureDescriptor {
            label: None,
            size: wgpu::Extent3d { width: size[0], height: size[1], depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: graphics.target_format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
            view_formats: &[],
        });
        let target = target.create_view(&wgpu::TextureViewDescriptor::default());
        let mut window = Self { harness, graphics, target, size };
        while window.harness.state().model().is_none() || !window.harness.state().is_idle() {
            window.harness.run_steps(1);
            std::thread::sleep(Duration::from_millis(5));
        }
        window.harness.run_steps(60);
        window
    }

    fn look(&mut self, camera: Camera) {
        self.harness.state_mut().look_at(camera);
    }

    /// What the processor does for one frame: the program and its triangles.
    fn frame(&mut self) -> (Duration, Vec<egui::ClippedPrimitive>) {
        let started = Instant::now();
        self.harness.step();
        let shapes = self.harness.output().shapes.clone();
        let primitives = self.harness.ctx.tessellate(shapes, 1.0);
        (started.elapsed(), primitives)
    }

    /// Waits until no picture is being made that only reaches further beyond the view.
    fn rest(&mut self) {
        for _ in 0..4 {
            std::thread::sleep(Duration::from_millis(200));
            self.harness.run_steps(2);
        }
    }

    /// Frames until what is seen is as sharp as it gets, drawn.
    fn sharp_frame(&mut self) -> Duration {
        let started = Instant::now();
        self.drawn_frame();
        while !self.harness.state().canvas().is_settled() {
            std::thread::sleep(Duration::from_millis(1));
            // As in a window, where a frame is drawn for a reason.
            if self.harness.ctx.has_requested_repaint() {
                self.drawn_frame();
            }
        }
        started.elapsed()
    }

    /// A frame until all of it is drawn.
    fn drawn_frame(&mut self) -> Duration {
        self.drawn(|_| true)
    }

    /// A frame in which everything is drawn but the chart and what lies over it.
    fn bare_frame(&mut self) -> Duration {
        let chart = self.harness.state().canvas().rect().expect("a chart is open");
        self.drawn(move |primitive| !chart.contains_rect(primitive.clip_rect))
    }

    /// A frame until those of its parts are drawn.
    fn drawn(&mut self, is_drawn: impl Fn(&egui::ClippedPrimitive) -> bool) -> Duration {
        let started = Instant::now();
        let (_, mut primitives) = self.frame();
        primitives.retain(is_drawn);
        let screen = ScreenDescriptor { size_in_pixels: self.size, pixels_per_point: 1.0 };
        let RenderState { device, queue, renderer, .. } = &self.graphics;
        let mut renderer = renderer.write();
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut buffers =
            renderer.update_buffers(device, queue, &mut encoder, &primitives, &screen);
        let mut pass = encoder
            .begin_render_pass(&wgpu::RenderPassDescriptor {
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view: &self.target,
                    resolve_target: None,
                    ops: wgpu::Operations::default(),
                    depth_slice: None,
                })],
                ..wgpu::RenderPassDescriptor::default()
            })
            .forget_lifetime();
        renderer.render(&mut pass, &primitives, &screen);
        drop(pass);
        buffers.push(encoder.finish());
        queue.submit(buffers);
        device.poll(wgpu::PollType::wait_indefinitely()).expect("the device answers");
        started.elapsed()
    }
}

/// A graph with places, as a case and as the files that peers read.
struct Scenery {
    folder: tempfile::TempDir,
    case: PathBuf,
    count: usize,
    ties: usize,
    /// The middle of the drawing and its longer side.
    middle: (f32, f32),
    extent: f32,
}

fn main() {
    println!(
        "milliseconds for a frame, the middle one of some dozens; the chart alone has the size"
    );
    println!(
        "that is named, in pixels. cpu: what the program does, without drawing. all: until every"
    );
    println!(
        "pixel is drawn, by software, the camera on the path of the peers; worst: the slowest of"
    );
    println!(
        "these. sharp: until nothing on the chart is stretched from an earlier frame any more."
    );
    println!(
        "{:<34}{:>8}{:>8}{:>10}{:>8}{:>8}{:>8}",
        "", "idle", "pan", "pan+zoom", "all", "worst", "sharp"
    );
    let only = std::env::args().skip(1).find_map(|word| word.parse::<usize>().ok());
    let asked = |count: usize| only.is_none_or(|only| only == count);
    if asked(1_000) {
        let cards = Scenery::new(1_000, 235.0);
        let near = Camera { x: cards.middle.0, y: cards.middle.1, zoom: 0.45 };
        report("1,000 cards in sight", &cards, near, [3_400, 1_900]);
    }
    for count in [10_000, 100_000].into_iter().filter(|count| asked(*count)) {
        let scenery = Scenery::new(count, 120.0);
        let whole =
            Camera { x: scenery.middle.0, y: scenery.middle.1, zoom: 1_000.0 / scenery.extent };
        let name = format!("{count} entities, {} links", scenery.ties);
        let ours = report(&name, &scenery, whole, PEERS_SIZE);
        for peer in ["sigma", "canvas2d"] {
            match peer_frame(peer, &scenery) {
                Some([theirs, worst]) => println!(
                    "{:<34}{:>34.1}{:>8.1}   ours is {:.4} of it",
                    format!("  {peer}"),
                    theirs,
                    worst,
                    ours / theirs
                ),
                None => println!("  {peer}: not measured (PEERS_NODE, PEERS_BENCH)"),
            }
        }
    }
}

/// The size in pixels that the peers draw.
const PEERS_SIZE: [u32; 2] = [1_920, 1_080];

/// Takes the times of a window; gives that of a frame until it is drawn.
fn report(name: &str, scenery: &Scenery, from: Camera, size: [u32; 2]) -> f64 {
    let mut window = Window::new(size, &scenery.case);
    window.look(from);
    window.harness.run_steps(30);
    while !window.harness.state().canvas().is_settled() {
        window.harness.run_steps(1);
    }
    window.rest();
    let [idle, _] = spread(30, || window.frame().0);
    let asks = window.harness.ctx.has_requested_repaint();
    let mut n = 0.0;
    let [pan, _] = spread(60, || {
        n += 7.0 / from.zoom;
        window.look(Camera { x: from.x + n, y: from.y + n * 0.3, ..from });
        window.frame().0
    });
    // The path of the camera that the peers are measured on.
    let path = |n: f32| Camera {
        x: from.x + 0.1 * scenery.extent * (n / 5.0).sin(),
        y: from.y + 0.1 * scenery.extent * (n / 7.0).cos(),
        zoom: from.zoom / (0.5 + 0.4 * (n / 9.0).sin()),
    };
    let mut along = |take: &mut dyn FnMut(&mut Window) -> Duration| {
        let mut n = 0.0;
        spread(40, || {
            n += 1.0;
            window.look(path(n));
            take(&mut window)
        })
    };
    let [zoom, _] = along(&mut |window| window.frame().0);
    let [drawn, worst] = along(&mut Window::drawn_frame);
    let [sharp, _] = along(&mut Window::sharp_frame);
    println!("{name:<34}{idle:>8.2}{pan:>8.2}{zoom:>10.2}{drawn:>8.1}{worst:>8.1}{sharp:>8.1}");
    let frames = if asks { "asks for frames without cause" } else { "asks for no frame" };
    let lasso = lasso(&window, scenery);
    window.rest();
    let [still, _] = spread(20, || window.drawn_frame());
    let [bare, _] = spread(20, || window.bare_frame());
    println!("  {} x {}; at rest it {frames}; a lasso around all {lasso:.2}", size[0], size[1]);
    println!("  all at rest {still:.1}, of which everything but the chart {bare:.1}");
    drawn
}

/// The middle and the longest of some times, in milliseconds.
fn spread(times: usize, mut once: impl FnMut() -> Duration) -> [f64; 2] {
    for _ in 0..3 {
        once();
    }
    let mut all: Vec<f64> = (0..times).map(|_| once().as_secs_f64() * 1e3).collect();
    all.sort_by(f64::total_cmp);
    [all[all.len() / 2], all[all.len() - 1]]
}

/// How long it takes to find what lies in a loop around everything, in milliseconds.
fn lasso(window: &Window, scenery: &Scenery) -> f64 {
    let sketch = window.harness.state().canvas().sketch();
    let around: Vec<Point> = (0..400)
        .map(|n| {
            let (sin, cos) = (n as f32 / 400.0 * std::f32::consts::TAU).sin_cos();
            let (x, y) = scenery.middle;
            Point::new(x + cos * scenery.extent, y + sin * scenery.extent)
        })
        .collect();
    assert_eq!(sketch.inside(&around).len(), scenery.count, "a lasso around all holds all");
    let [middle, _] = spread(10, || {
        let started = Instant::now();
        std::hint::black_box(sketch.inside(&around));
        started.elapsed()
    });
    middle
}

/// Numbers that only look like chance.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % most.max(1)
    }
}

impl Scenery {
    /// Companies, their officers and addresses in groups of some dozens, a few of them with
    /// hundreds of links; ties `length` long.
    fn new(count: usize, length: f32) -> Self {
        let mut chance = Chance(7);
        let mut ties = Vec::new();
        for n in 1..count {
            let group = n / 46 * 46;
            let near = if chance.below(12) == 0 {
                chance.below(n)
            } else {
                group + chance.below(n - group)
            };
            ties.push((n as u32, near.min(n - 1) as u32));
            if chance.below(5) < 4 {
                let hub = if chance.below(40) == 0 { chance.below(1 + n / 300) } else { group };
                ties.push((n as u32, hub.min(n - 1) as u32));
            }
        }
        ties.retain(|(a, b)| a != b);
        ties.sort_unstable();
        ties.dedup();
        let graph = Csr::new(count, &ties);
        let options = Options { quality: Quality::Fast, seed: 1, threads: 2 };
        let points = organic(&graph, options, &|_| true).expect("it is not cancelled");
        let folder = tempfile::tempdir().expect("a folder");
        let case = folder.path().join("scenery.redthread");
        let lines = folder.path().join("scenery.ndjson");
        std::fs::write(&lines, statements(count, &ties)).expect("space");
        let mut file = Case::create(&case).expect("a new case");
        let job = Job { files: vec![lines], ..Job::default() };
        run(&mut file, &job, &Progress::new()).expect("an import");
        let chart = Chart::new("Scenery", 1.0);
        let placements: Vec<Placement> = points
            .iter()
            .enumerate()
            .map(|(n, p)| Placement {
                entity: format!("n{n}").into(),
                x: p.x * length,
                y: p.y * length,
                pinned: false,
            })
            .collect();
        let place = Op::Place { chart: chart.id.clone(), placements: placements.clone() };
        file.commit(Action::new(vec![Op::PutChart(chart), place])).expect("placed");
        file.close().expect("closed");
        write_csv(folder.path(), &ties, &placements);
        let span = |of: fn(&Placement) -> f32| {
            placements.iter().map(of).fold((f32::MAX, f32::MIN), |(a, b), v| (a.min(v), b.max(v)))
        };
        let (x, y) = (span(|p| p.x), span(|p| p.y));
        Self {
            folder,
            case,
            count,
            ties: ties.len(),
            middle: (f32::midpoint(x.0, x.1), f32::midpoint(y.0, y.1)),
            extent: (x.1 - x.0).max(y.1 - y.0),
        }
    }
}

fn statements(count: usize, ties: &[(u32, u32)]) -> String {
    let mut text = String::new();
    for n in 0..count {
        let (schema, what) = match n % 5 {
            0 => ("Address", "Harbour Road"),
            1 | 2 => ("Person", "Kim Ferreira"),
            _ => ("Company", "Northern Trading Limited"),
        };
        let name = if schema == "Address" { "full" } else { "name" };
        writeln!(
            text,
            r#"{{"id":"n{n}","schema":"{schema}","properties":{{"{name}":["{what} {n}"],"country":["hk"]}}}}"#
        )
        .ok();
    }
    for (n, (a, b)) in ties.iter().enumerate() {
        writeln!(
            text,
            r#"{{"id":"e{n}","schema":"Ownership","properties":{{"owner":["n{a}"],"asset":["n{b}"]}}}}"#
        )
        .ok();
    }
    text
}

fn write_csv(folder: &Path, ties: &[(u32, u32)], placements: &[Placement]) {
    let mut edges = String::from("src,dst\n");
    for (a, b) in ties {
        writeln!(edges, "{a},{b}").ok();
    }
    let mut layout = String::from("id,x,y\n");
    for (n, p) in placements.iter().enumerate() {
        writeln!(layout, "{n},{},{}", p.x, p.y).ok();
    }
    std::fs::write(folder.join("edges.csv"), edges).expect("space");
    std::fs::write(folder.join("layout.csv"), layout).expect("space");
}

/// The middle and the slowest frame of a peer in milliseconds, where it can be run.
fn peer_frame(peer: &str, scenery: &Scenery) -> Option<[f64; 2]> {
    let script = PathBuf::from(std::env::var_os("PEERS_BENCH")?).join("render/render_bench.mjs");
    std::env::var_os("PEERS_NODE")?;
    let frames = if scenery.count > 50_000 { "12" } else { "40" };
    let output = Command::new("node")
        .arg(script)
        .arg(peer)
        .arg(scenery.folder.path())
        .arg(scenery.folder.path().join("layout.csv"))
        .arg(frames)
        .output()
        .ok()?;
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
    let figure = |name: &str| answer.get(name)?.as_f64();
    Some([figure("p50")?, figure("max")?])
}
