//! Every colour and stroke of the picture. The interface's own stand in `app::theme`.

use super::Node;
use crate::model::{Strength, schema, styling::Paint};

/// A colour: red, green, blue, opacity; each 0 to 255, not premultiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Color(pub u8, pub u8, pub u8, pub u8);

impl Color {
    /// An opaque colour, written `0xRRGGBB`.
    pub const fn hex(rgb: u32) -> Self {
        Self((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8, 255)
    }

    /// It, laid over another with an opacity of 0 to 1.
    #[must_use]
    pub fn over(self, below: Self, opacity: f32) -> Self {
        let mix =
            |a: u8, b: u8| (f32::from(a) * opacity + f32::from(b) * (1.0 - opacity)).round() as u8;
        Self(mix(self.0, below.0), mix(self.1, below.1), mix(self.2, below.2), 255)
    }

    /// The contrast with another, 1 to 21, by WCAG 2.2.
    pub fn contrast(self, other: Self) -> f32 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f32 {
        let [r, g, b] = self.linear();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// Its parts as light, 0 to 1.
    fn linear(self) -> [f32; 3] {
        [self.0, self.1, self.2].map(|channel| {
            let c = f32::from(channel) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// The difference from another as people see it, in CIE 1976 L*a*b*: one that can just be seen
    /// is 2.3. Without green cones (deuteranopia), as Machado, Oliveira and Fernandes simulate it
    /// (IEEE TVCG 15, 2009).
    pub fn difference(self, other: Self, without_green: bool) -> f32 {
        const WITHOUT_GREEN: [[f32; 3]; 3] = [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ];
        let sum = |row: [f32; 3], of: [f32; 3]| -> f32 {
            row.iter().zip(of).map(|(part, value)| part * value).sum()
        };
        let lab = |color: Self| {
            let mut light = color.linear();
            if without_green {
                light = WITHOUT_GREEN.map(|row| sum(row, light).clamp(0.0, 1.0));
            }
            let [x, y, z] = [
                sum([0.4124, 0.3576, 0.1805], light) / 0.950_47,
                sum([0.2126, 0.7152, 0.0722], light),
                sum([0.0193, 0.1192, 0.9505], light) / 1.088_83,
            ]
            .map(|v| if v > 0.008_856 { v.cbrt() } else { 7.787 * v + 16.0 / 116.0 });
            [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
        };
        let (own, other) = (lab(self), lab(other));
        own.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
    }

    /// As CSS writes it, without its opacity.
    pub(crate) fn css(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// Dark on light or light on dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Dark on light; what is printed.
    #[default]
    Light,
    Dark,
}

/// What a schema's colour stands for. Eight hues that people with any colour vision can tell
/// apart, after Okabe and Ito (2008), with the lightness moved until each can be read; the icon
/// says the same without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Person,
    /// Companies and other organisations.
    Organization,
    Public,
    /// Ships, aircraft, vehicles, land.
    Asset,
    /// Accounts, wallets, securities, payments.
    Money,
    Document,
    /// Addresses.
    Place,
    /// Events, sanctions, court cases.
    Event,
    Other,
}

impl Group {
    /// The group of a schema.
    pub fn of(name: &str) -> Self {
        const GROUPS: [(&str, Group); 14] = [
            ("Person", Group::Person),
            ("PublicBody", Group::Public),
            ("LegalEntity", Group::Organization),
            ("BankAccount", Group::Money),
            ("CryptoWallet", Group::Money),
            ("Security", Group::Money),
            ("Asset", Group::Asset),
            ("Value", Group::Money),
            ("Document", Group::Document),
            ("Address", Group::Place),
            ("Event", Group::Event),
            ("Sanction", Group::Event),
            ("CourtCase", Group::Event),
            ("Interval", Group::Other),
        ];
        schema::schema(name)
            .and_then(|s| GROUPS.iter().find(|(ancestor, _)| s.is_a(ancestor)))
            .map_or(Self::Other, |(_, group)| *group)
    }
}

/// The colours of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    pub mode: Mode,
    pub ground: Color,
    /// The dots of the ground's grid.
    pub grid: Color,
    /// The inside of a card.
    pub card: Color,
    /// The edge of a card.
    pub edge: Color,
    /// Captions.
    pub text: Color,
    /// What stands below captions.
    pub weak: Color,
    /// Relationships.
    pub line: Color,
    /// The thread, and nothing else: the path that the user follows.
    pub thread: Color,
    /// The ring around what is selected.
    pub select: Color,
    /// Denials, beside their cross.
    pub denied: Color,
    /// Warnings.
    pub alarm: Color,
    /// The marking of the case.
    pub marking: Color,
}

impl Style {
    /// The style of a mode.
    pub fn of(mode: Mode) -> Self {
        match mode {
            Mode::Light => Self {
                mode,
                ground: Color::hex(0xF6_F7F8),
                grid: Color::hex(0xE3_E6EA),
                card: Color::hex(0xFF_FFFF),
                edge: Color::hex(0xAE_B6C0),
                text: Color::hex(0x18_1C22),
                weak: Color::hex(0x56_5F6B),
                line: Color::hex(0x5B_6673),
                thread: Color::hex(0xA8_0F28),
                select: Color::hex(0x16_60E0),
                denied: Color::hex(0x7B_2FA8),
                alarm: Color::hex(0x92_5C00),
                marking: Color::hex(0x00_6B3C),
            },
            Mode::Dark => Self {
                mode,
                ground: Color::hex(0x16_191D),
                grid: Color::hex(0x25_2A30),
                card: Color::hex(0x20_252B),
                edge: Color::hex(0x50_5A66),
                text: Color::hex(0xEC_EFF3),
                weak: Color::hex(0xA4_AFBB),
                line: Color::hex(0x98_A4B1),
                thread: Color::hex(0xFF_6A78),
                select: Color::hex(0x5B_9CFF),
                denied: Color::hex(0xE7_B8FF),
                alarm: Color::hex(0xF5_B544),
                marking: Color::hex(0x2F_BFA0),
            },
        }
    }

    /// The colour of a group.
    pub fn hue(&self, group: Group) -> Color {
        let (light, dark) = match group {
            Group::Person => (0x00_5FA3, 0x6D_B6F2),
            Group::Organization => (0x8A_5A00, 0xE9_AC4A),
            Group::Public => (0x50_44A5, 0xB1_A8F8),
            Group::Asset => (0x00_6E54, 0x45_C9A3),
            Group::Money => (0x9C_3B78, 0xEE_98C8),
            Group::Document => (0x53_5D69, 0xAD_B7C3),
            Group::Place => (0x6B_6300, 0xD3_C54F),
            Group::Event => (0x9A_4318, 0xF2_9C74),
            Group::Other => (0x45_5866, 0xA5_B9C6),
        };
        Color::hex(match self.mode {
            Mode::Light => light,
            Mode::Dark => dark,
        })
    }

    /// The colour of a level from 0 to 1: one hue, the more the further from the ground.
    pub fn level(&self, level: f32) -> Color {
        let [least, middle, most] = match self.mode {
            Mode::Light => [0xB4_C6D6, 0x2E_7EB8, 0x05_2A5E],
            Mode::Dark => [0x3A_5268, 0x5A_A9EA, 0xEA_F5FF],
        }
        .map(Color::hex);
        let level = level.clamp(0.0, 1.0);
        if level < 0.5 {
            middle.over(least, level * 2.0)
        } else {
            most.over(middle, level * 2.0 - 1.0)
        }
    }

    /// The colour of one of several kinds, numbered from 0. There are only so many that people
    /// can tell apart; the rest share a grey.
    pub fn kind(&self, kind: u32) -> Color {
        let (light, dark) = KINDS[(kind as usize).min(KINDS.len() - 1)];
        Color::hex(match self.mode {
            Mode::Light => light,
            Mode::Dark => dark,
        })
    }

    /// The colour that a user chose.
    pub fn paint(&self, paint: Paint) -> Color {
        self.kind(paint as u32)
    }

    /// The ground and the ink of a card's icon.
    pub fn sign_of(&self, node: &Node) -> (Color, Color) {
        match node.tint {
            Some(tint) => (tint.over(self.card, 0.22), self.legible(tint)),
            None => (self.tile(node.group), self.hue(node.group)),
        }
    }

    /// A colour moved towards the text's until it stands out from a card.
    fn legible(&self, color: Color) -> Color {
        let darker = (0..=10_u8).map(|n| self.text.over(color, f32::from(n) / 10.0));
        let enough = |c: &Color| c.contrast(color.over(self.card, 0.22)) >= 3.0;
        darker.clone().find(enough).unwrap_or(self.text)
    }

    /// The ground of an icon of a group.
    pub fn tile(&self, group: Group) -> Color {
        let opacity = if self.mode == Mode::Light { 0.13 } else { 0.20 };
        self.hue(group).over(self.card, opacity)
    }

    /// The ground of a tag on a card.
    pub fn tag(&self) -> Color {
        self.weak.over(self.card, 0.18)
    }
}

/// Colours of kinds in the light and the dark mode, after the same set as those of groups; the
/// last is for every kind that has none of its own. No red among them: that is the thread's.
const KINDS: [(u32, u32); 11] = [
    (0x00_6BB0, 0x62_B4F5),
    (0xB8_5C00, 0xF4_A24A),
    (0x00_7A5C, 0x3F_CBA2),
    (0xA6_3D84, 0xF0_94CC),
    (0x5A_4CBB, 0xB4_AAFA),
    (0x76_6D00, 0xD8_CA50),
    (0x00_8292, 0x58_D3DF),
    (0x7A_4B22, 0xD9_AA7C),
    (0x3F_7A1E, 0x9A_D66E),
    (0x7C_56A0, 0xD3_A6F0),
    (0x8A_929C, 0x6E_7884),
];

/// How many kinds have a colour of their own.
pub(crate) const KINDS_TOLD_APART: usize = KINDS.len() - 1;

/// The dashes of a line by its strength: lengths of stroke and gap in turn; empty for solid.
/// After i2's charting convention.
pub fn dash(strength: Strength) -> &'static [f32] {
    match strength {
        Strength::Confirmed => &[],
        Strength::Unconfirmed => &[8.0, 5.0],
        Strength::Tentative => &[2.0, 4.5],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUPS: [Group; 9] = [
        Group::Person,
        Group::Organization,
        Group::Public,
        Group::Asset,
        Group::Money,
        Group::Document,
        Group::Place,
        Group::Event,
        Group::Other,
    ];

    #[test]
    fn everything_can_be_read_in_both_modes() {
        for style in [Style::of(Mode::Light), Style::of(Mode::Dark)] {
            for ground in [style.card, style.ground] {
                for text in [
                    style.text,
                    style.weak,
                    style.thread,
                    style.select,
                    style.denied,
                    style.alarm,
                    style.marking,
                ] {
                    assert!(
                        text.contrast(ground) >= 4.5,
                        "{:?} {text:?} on {ground:?}",
                        style.mode
                    );
                }
                assert!(style.line.contrast(ground) >= 3.0);
            }
            for group in GROUPS {
                let contrast = style.hue(group).contrast(style.tile(group));
                assert!(contrast >= 4.0, "{:?} {group:?} {contrast}", style.mode);
            }
        }
    }

    #[test]
    fn measures_can_be_seen_and_more_stands_out_more() {
        for style in [Style::of(Mode::Light), Style::of(Mode::Dark)] {
            let seen: Vec<f32> = (0..=10_u8)
                .map(|n| style.level(f32::from(n) / 10.0).contrast(style.ground))
                .collect();
            assert!(seen.is_sorted() && seen[0] >= 1.5 && seen[10] >= 9.0, "{seen:?}");
            let kinds: std::collections::BTreeSet<String> =
                (0..40).map(|n| style.kind(n).css()).collect();
            assert_eq!(kinds.len(), KINDS_TOLD_APART + 1);
            for n in 0..KINDS_TOLD_APART as u32 {
                assert!(style.kind(n).contrast(style.ground) >= 3.0, "{n}");
            }
        }
    }

    #[test]
    fn the_strengths_are_told_apart_without_colour() {
        let dashes: std::collections::BTreeSet<String> =
            Strength::ALL.iter().map(|s| format!("{:?}", dash(*s))).collect();
        assert_eq!(dashes.len(), 3);
    }
}
