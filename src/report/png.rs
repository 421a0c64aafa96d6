//! An SVG document of ours as PNG.

use resvg::tiny_skia;

use super::{Error, fonts};

/// The longest side of an image in pixels; what is larger is scaled down.
const LONGEST: f32 = 16_000.0;

/// Draws an SVG document; `scale` is pixels for a point, 2 for print on a screen.
pub fn render(svg: &str, scale: f32) -> Result<Vec<u8>, Error> {
    let tree = fonts::tree(svg)?;
    let size = tree.size();
    let scale = scale.min(LONGEST / size.width().max(size.height()));
    let (width, height) =
        ((size.width() * scale).ceil() as u32, (size.height() * scale).ceil() as u32);
    let mut image = tiny_skia::Pixmap::new(width, height).ok_or(Error::TooLarge)?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut image.as_mut());
    image.encode_png().map_err(|e| Error::Encode(e.to_string()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        case::{Action, Case, NewValue, Op},
        chart::{Frame, Input, Mode, Overlay, Style, picture},
        model::{Chart, Period, Placement},
        network::Network,
        report::svg,
    };

    fn drawn(name: &str) -> String {
        let mut case = Case::in_memory().expect("memory suffices");
        let add = |id: &str, schema: &str, pairs: &[(&str, &str)]| Op::Add {
            entity: id.into(),
            schema: schema.into(),
            values: pairs.iter().map(|(p, v)| NewValue::new(*p, *v)).collect(),
        };
        let ops = vec![
            add("a", "Company", &[("name", name)]),
            add("b", "Person", &[("name", "B")]),
            add("o", "Ownership", &[("owner", "b"), ("asset", "a"), ("percentage", "60")]),
        ];
        case.commit(Action::new("Add", ops)).expect("valid");
        let network = Network::new(case.entities().expect("readable"));
        let at = |id: &str, x| Placement { entity: id.into(), x, y: 0.0, pinned: true };
        let style = Style::of(Mode::Light);
        let picture = picture(&Input {
            network: &network,
            chart: &Chart::new("C", 1.0),
            placements: &[at("a", 0.0), at("b", 400.0)],
            selection: &BTreeSet::new(),
            period: &Period::default(),
            overlay: &Overlay::default(),
            style: &style,
        });
        let frame = Frame {
            title: name.into(),
            marking: "FICTIONAL – TRAINING".into(),
            ..Frame::default()
        };
        svg::write(&picture, &frame, &style)
    }

    fn pixels(svg: &str) -> Vec<u8> {
        let png = render(svg, 1.0).expect("drawn");
        image::load_from_memory(&png).expect("a PNG").to_rgb8().into_raw()
    }

    #[test]
    fn an_export_carries_its_marking_its_lines_and_its_legend() {
        let svg = drawn("Acme");
        for part in ["FICTIONAL – TRAINING", "60 %", "stroke-dasharray", "tentative", "polygon"] {
            assert!(svg.contains(part), "{part} is missing");
        }
    }

    #[test]
    fn han_hangul_and_cyrillic_are_drawn_and_not_left_blank() {
        let blank = pixels(&drawn("\u{3000}"));
        for name in ["丹", "조", "Ж"] {
            let differ = pixels(&drawn(name)).iter().zip(&blank).filter(|(a, b)| a != b).count();
            assert!(differ > 60, "{name} left no ink");
        }
    }

    #[test]
    fn a_name_made_to_harm_is_only_a_name() {
        for name in [
            "<script>alert(1)</script>",
            "\"/><image href='file:///etc/passwd'/>",
            "\u{0}\u{1b}]&&amp;",
            "]]>",
        ] {
            let svg = drawn(name);
            assert!(!svg.contains("<script") && !svg.contains("<image"));
            render(&svg, 0.5).expect("still well-formed");
        }
    }
}
