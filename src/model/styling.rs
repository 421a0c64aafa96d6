//! How things look on one chart where its user chose, and what was drawn there beside the cards. It
//! says nothing about the case.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Id;

macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $words:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $(#[doc = $words] $variant,)* }

        impl $name {
            /// Every one, in the order in which to offer them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name in words.
            pub fn words(self) -> &'static str {
                match self { $(Self::$variant => $words,)* }
            }
        }
    };
}

choices! {
    /// A colour that a user chose. Each has a shade for light and one for dark charts
    /// (`chart::Style::kind`, in the same order). There is no red: red is the thread.
    Paint {
        Blue = "blue";
        Orange = "orange";
        Green = "green";
        Magenta = "magenta";
        Violet = "violet";
        Olive = "olive";
        Teal = "teal";
        Brown = "brown";
        Lime = "lime";
        Plum = "plum";
    }
}

choices! {
    /// How thick a line or the edge of a card is, where that is not the usual thickness.
    Thickness {
        Thin = "thin";
        Thick = "thick";
        Heavy = "heavy";
    }
}

choices! {
    /// How large a card or a text is, where that is not the usual size.
    Magnitude {
        Small = "small";
        Large = "large";
        Huge = "huge";
    }
}

impl Thickness {
    /// How many times the usual thickness.
    pub fn factor(self) -> f32 {
        match self {
            Self::Thin => 0.6,
            Self::Thick => 2.0,
            Self::Heavy => 3.4,
        }
    }
}

impl Magnitude {
    /// How many times the usual size.
    pub fn factor(self) -> f32 {
        match self {
            Self::Small => 0.75,
            Self::Large => 1.4,
            Self::Huge => 2.0,
        }
    }
}

/// How an entity, a relationship or a group looks on a chart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Styling {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paint: Option<Paint>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thickness: Option<Thickness>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Magnitude>,
    /// The schema whose icon its card has in place of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// The photo in place of the icon: SHA-256 of a document of the case, in lower-case hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
    /// Settings of later versions, kept as they are.
    #[serde(flatten)]
    pub other: BTreeMap<String, serde_json::Value>,
}

impl Styling {
    /// Whether nothing was chosen.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// Something drawn on a chart beside its cards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawing {
    /// Its id, unique in the case and of no entity.
    pub id: Id,
    pub shape: Shape,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paint: Option<Paint>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thickness: Option<Thickness>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Magnitude>,
    /// Settings of later versions, kept as they are.
    #[serde(flatten)]
    pub other: BTreeMap<String, serde_json::Value>,
}

impl Drawing {
    /// A new drawing of a shape.
    pub fn new(shape: Shape) -> Self {
        let (paint, thickness, size) = (None, None, None);
        Self { id: Id::new(), shape, paint, thickness, size, other: BTreeMap::new() }
    }
}

/// What is drawn. Places are in the units of placements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Shape {
    /// A text in a box whose left top is at a place.
    Text { at: [f32; 2], text: String },
    /// A box around what is placed of these, wherever that is moved.
    Box { around: Vec<Id>, title: String },
    /// A straight line.
    Line { from: [f32; 2], to: [f32; 2], arrow: bool },
}

impl Shape {
    /// What it is called.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text box",
            Self::Box { .. } => "box",
            Self::Line { .. } => "line",
        }
    }
}
