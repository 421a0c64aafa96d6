//! Charts and scenes: pictures of part of the case. They hold nothing that is true or false.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Id, PartialDate,
    styling::{Drawing, Paint, Styling},
};

/// A named picture of part of the case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    pub id: Id,
    pub name: String,
    /// Its place among the tabs, ascending; ties are broken by id.
    pub order: f64,
    /// How several relationships between one pair are drawn.
    #[serde(default)]
    pub parallels: Parallels,
    /// Whether long lines follow paths of shorter ones, where there are hundreds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bundled: bool,
    /// Relationships and entities that are placed here but hidden for now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<Id>,
    /// Entities that are drawn as one; no entity is in two groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// How entities, relationships and groups look here where the user chose.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub styles: BTreeMap<Id, Styling>,
    /// Text boxes, boxes around cards, and lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drawings: Vec<Drawing>,
    /// What colours that the user chose stand for, for the legend.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub meanings: BTreeMap<Paint, String>,
    /// Settings of later versions, kept as they are.
    #[serde(flatten)]
    pub other: BTreeMap<String, serde_json::Value>,
}

impl Chart {
    /// A new, empty chart.
    pub fn new(name: &str, order: f64) -> Self {
        Self {
            id: Id::new(),
            name: name.to_owned(),
            order,
            parallels: Parallels::default(),
            bundled: false,
            hidden: Vec::new(),
            groups: Vec::new(),
            styles: BTreeMap::new(),
            drawings: Vec::new(),
            meanings: BTreeMap::new(),
            other: BTreeMap::new(),
        }
    }
}

/// Entities that a chart draws as one, until they are expanded. It says nothing about the case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Its id, unique in the case and of no entity.
    pub id: Id,
    pub name: String,
    /// Who is in it. Those that are not placed on the chart, or no longer exist, do not count.
    pub members: Vec<Id>,
}

impl Group {
    /// A new group.
    pub fn new(name: impl Into<String>, members: Vec<Id>) -> Self {
        Self { id: Id::new(), name: name.into(), members }
    }
}

/// How several relationships between one pair of entities are drawn: i2's three multiplicities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Parallels {
    /// One line with a count.
    Single,
    /// One line for each direction.
    PerDirection,
    /// Every relationship a line of its own.
    #[default]
    Multiple,
}

/// Where an entity stands on a chart. Units are points at zoom 1; y grows downwards.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// The entity; relationships are not placed, they follow their ends.
    pub entity: Id,
    /// Centre, horizontally.
    pub x: f32,
    /// Centre, vertically.
    pub y: f32,
    /// Whether no layout may move it.
    pub pinned: bool,
}

/// What part of a chart is seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Camera {
    /// The chart's point at the middle of the view.
    pub x: f32,
    /// The chart's point at the middle of the view.
    pub y: f32,
    /// Screen points for a chart point; 1 is natural size.
    pub zoom: f32,
}

/// A span of time, either end open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first day that counts.
    pub from: Option<PartialDate>,
    /// The last day that counts.
    pub to: Option<PartialDate>,
}

/// One step of a walkthrough, drawn from the live case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    pub id: Id,
    pub title: String,
    /// Its place in the walkthrough, ascending; ties are broken by id.
    pub order: f64,
    pub chart: Id,
    /// Where the camera ends up; absent means the whole chart.
    pub camera: Option<Camera>,
    /// What is highlighted.
    #[serde(default)]
    pub selection: Vec<Id>,
    /// What lies outside this period is dimmed.
    #[serde(default)]
    pub period: Period,
    /// Markdown; links to `entity:ID` and `evidence:ID` open what they name.
    pub caption: String,
    /// SHA-256 of what it showed when it was written, to tell when that has changed.
    #[serde(default)]
    pub shows: String,
}
