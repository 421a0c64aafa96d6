//! Lines between icons: from further away than cards are seen, they are led around icons as they are
//! around cards. Icons keep their size on screen, so their lines are found in points.

use std::collections::HashMap;

use super::{
    Line, Picture, Point, Size,
    curve::step_beside,
    route::{Care, Courses},
};
use crate::model::Id;

/// The side of an icon, in points.
pub fn side(zoom: f32) -> f32 {
    (60.0 * zoom).clamp(12.0, 28.0)
}

/// The zoom for which to lead lines that are seen at `zoom`: it does for all that are a little
/// nearer, so that zooming need not lead them every time. With `steps` of it the zoom doubles.
pub fn zoom_for(zoom: f32, steps: f32) -> f32 {
    ((zoom.log2() * steps + 1e-3).floor() / steps).exp2()
}

/// The lines of a picture whose entities are icons at a zoom, from icon to icon.
pub fn lines(picture: &Picture, zoom: f32, care: Care) -> Vec<Line> {
    let side = side(zoom);
    let mut nodes = picture.nodes.clone();
    for node in &mut nodes {
        node.at = Point::new(node.at.x * zoom, node.at.y * zoom);
        node.size = Size { w: side, h: side };
    }
    let mut lines = picture.lines.clone();
    let at: HashMap<&Id, Point> = nodes.iter().map(|node| (&node.id, node.at)).collect();
    // A step beside the straight way is of another length in points.
    let steps: Vec<f32> = lines
        .iter()
        .map(|line| {
            let ends = at.get(&line.from).zip(at.get(&line.to));
            let length = ends.map_or(0.0, |(a, b)| a.distance(*b));
            step_beside(length / zoom) * zoom / step_beside(length)
        })
        .collect();
    for (line, step) in lines.iter_mut().zip(&steps) {
        line.spread *= step;
    }
    let courses = Courses::of(&nodes, &lines, care);
    courses.lead(&nodes, &mut lines);
    for (line, step) in lines.iter_mut().zip(&steps) {
        line.spread /= step;
        line.curve = line.curve.map(|p| Point::new(p.x / zoom, p.y / zoom));
    }
    lines
}
