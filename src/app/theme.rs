//! Every colour and size of the interface. The picture's own stand in `chart::style`.

use std::sync::Arc;

use egui::{
    Color32, ColorImage, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin,
    Shadow, Stroke, TextStyle, Vec2,
    epaint::text::{
        FallbackRequest, FontInsert, FontPriority, FontProvider, GlyphBitmap, GlyphRasterizer,
        GlyphRasterizerRequest, InsertFontFamily, RasterizedGlyph,
    },
};
use vello_cpu::kurbo::Affine;

use super::bidi;
use crate::{
    chart::{Color, Mode, Style, font, raster, style::Group},
    model::Strength,
};

/// The spacing scale, in points.
pub(crate) const S4: f32 = 4.0;
/// See [`S4`].
pub(crate) const S8: f32 = 8.0;
/// See [`S4`].
pub(crate) const S12: f32 = 12.0;
/// See [`S4`].
pub(crate) const S16: f32 = 16.0;
/// See [`S4`].
pub(crate) const S24: f32 = 24.0;
/// The type scale: small print.
pub(crate) const T11: f32 = 11.0;
/// Text.
pub(crate) const T13: f32 = 13.0;
/// Headings.
pub(crate) const T16: f32 = 16.0;
/// Titles.
pub(crate) const T20: f32 = 20.0;

/// The colours of the interface in one mode.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    pub mode: Mode,
    /// The colours of the picture.
    pub style: Style,
    /// Behind panels.
    pub panel: Color32,
    /// Behind text fields and lists.
    pub sunken: Color32,
    /// Behind menus and dialogs.
    pub raised: Color32,
    /// Lines between things.
    pub border: Color32,
    /// Behind what the pointer is over.
    pub hover: Color32,
    /// Behind what is selected.
    pub selected: Color32,
    pub text: Color32,
    /// Text that matters less.
    pub weak: Color32,
    /// What is selected, switched on, or has the keyboard.
    pub accent: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// The button that does what a dialog is for, and the text on it.
    pub primary: Color32,
    /// See [`Self::primary`].
    pub on_primary: Color32,
    /// The red thread: the path that the user follows, and the program's sign.
    pub thread: Color32,
    /// Denials.
    pub denied: Color32,
    /// Warnings and errors.
    pub alarm: Color32,
    /// The marking of the case.
    pub marking: Color32,
    /// What holds.
    pub good: Color32,
}

/// A colour of the picture for egui.
pub fn color(c: Color) -> Color32 {
    Color32::from_rgba_unmultiplied(c.0, c.1, c.2, c.3)
}

impl Theme {
    /// The theme of a mode.
    pub fn of(mode: Mode) -> Self {
        let style = Style::of(mode);
        let hex = |rgb: u32| color(Color::hex(rgb));
        let (text, weak, alarm) = (color(style.text), color(style.weak), color(style.alarm));
        let (thread, denied) = (color(style.thread), color(style.denied));
        let (accent, marking) = (color(style.select), color(style.marking));
        match mode {
            Mode::Light => Self {
                mode,
                style,
                panel: hex(0xFC_FCFD),
                sunken: hex(0xF1_F3F5),
                raised: hex(0xFF_FFFF),
                border: hex(0xD8_DCE1),
                hover: hex(0xE9_ECF0),
                selected: hex(0xDD_E8FB),
                text,
                weak,
                accent,
                on_accent: hex(0xFF_FFFF),
                primary: hex(0x1B_2129),
                on_primary: hex(0xFF_FFFF),
                thread,
                denied,
                alarm,
                marking,
                good: hex(0x1B_6E42),
            },
            Mode::Dark => Self {
                mode,
                style,
                panel: hex(0x1B_1F24),
                sunken: hex(0x14_171B),
                raised: hex(0x25_2A31),
                border: hex(0x36_3D46),
                hover: hex(0x2D_333B),
                selected: hex(0x24_3A5C),
                text,
                weak,
                accent,
                on_accent: hex(0x06_1022),
                primary: hex(0xF2_F5F8),
                on_primary: hex(0x14_181D),
                thread,
                denied,
                alarm,
                marking,
                good: hex(0x6F_CF97),
            },
        }
    }

    /// The colour of a schema's group.
    pub(crate) fn hue(&self, schema: &str) -> Color32 {
        color(self.style.hue(Group::of(schema)))
    }

    /// The colour of a strength's word. The dashes say the same without colour.
    pub fn strength(&self, strength: Strength) -> Color32 {
        match strength {
            Strength::Confirmed => self.good,
            Strength::Unconfirmed => self.text,
            Strength::Tentative => self.weak,
        }
    }

    /// Makes egui look like this. `scale` is the size of text and everything, 1 for normal.
    pub fn install(&self, ctx: &egui::Context, scale: f32) {
        // The size of text is a setting with commands of its own; egui's would be forgotten.
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        ctx.set_zoom_factor(scale);
        let theme = match self.mode {
            Mode::Light => egui::Theme::Light,
            Mode::Dark => egui::Theme::Dark,
        };
        ctx.set_theme(theme);
        ctx.all_styles_mut(|style| self.restyle(style));
    }

    fn restyle(&self, style: &mut egui::Style) {
        let sizes = [
            (TextStyle::Small, T11),
            (TextStyle::Body, T13),
            (TextStyle::Button, T13),
            (TextStyle::Heading, T16),
        ];
        for (name, size) in sizes {
            style.text_styles.insert(name, FontId::new(size, FontFamily::Proportional));
        }
        style.text_styles.insert(TextStyle::Monospace, FontId::new(T13, FontFamily::Proportional));
        let spacing = &mut style.spacing;
        spacing.item_spacing = Vec2::new(S8, 6.0);
        spacing.button_padding = Vec2::new(10.0, 5.0);
        spacing.interact_size = Vec2::new(28.0, 26.0);
        spacing.menu_margin = Margin::same(6);
        spacing.window_margin = Margin::same(16);
        spacing.indent = S16;
        spacing.combo_width = 120.0;
        spacing.tooltip_width = 340.0;
        spacing.scroll = egui::style::ScrollStyle::solid();
        spacing.scroll.bar_width = 8.0;
        style.animation_time = 0.12;
        let visuals = &mut style.visuals;
        visuals.dark_mode = self.mode == Mode::Dark;
        visuals.override_text_color = None;
        visuals.weak_text_color = Some(self.weak);
        visuals.hyperlink_color = self.accent;
        visuals.faint_bg_color = self.sunken;
        visuals.extreme_bg_color = self.sunken;
        visuals.text_edit_bg_color = Some(self.sunken);
        visuals.code_bg_color = self.sunken;
        visuals.warn_fg_color = self.alarm;
        visuals.error_fg_color = self.alarm;
        visuals.panel_fill = self.panel;
        visuals.window_fill = self.raised;
        visuals.window_stroke = Stroke::new(1.0, self.border);
        visuals.window_corner_radius = CornerRadius::same(10);
        visuals.menu_corner_radius = CornerRadius::same(8);
        let shadow = |blur, alpha| Shadow {
            offset: [0, 4],
            blur,
            spread: 0,
            color: Color32::from_black_alpha(if self.mode == Mode::Dark {
                alpha * 2
            } else {
                alpha
            }),
        };
        visuals.window_shadow = shadow(28, 44);
        visuals.popup_shadow = shadow(14, 34);
        visuals.selection.bg_fill = self.selected;
        visuals.selection.stroke = Stroke::new(1.5, self.accent);
        visuals.striped = false;
        visuals.indent_has_left_vline = false;
        visuals.button_frame = true;
        let widgets = &mut visuals.widgets;
        for state in [
            &mut widgets.noninteractive,
            &mut widgets.inactive,
            &mut widgets.hovered,
            &mut widgets.active,
            &mut widgets.open,
        ] {
            state.corner_radius = CornerRadius::same(6);
            state.expansion = 0.0;
            state.fg_stroke = Stroke::new(1.0, self.text);
        }
        widgets.noninteractive.bg_stroke = Stroke::new(1.0, self.border);
        widgets.noninteractive.bg_fill = self.panel;
        for (state, fill, stroke) in [
            (&mut widgets.inactive, self.raised, self.border),
            (&mut widgets.hovered, self.hover, self.weak),
            (&mut widgets.active, self.hover, self.accent),
            (&mut widgets.open, self.hover, self.weak),
        ] {
            state.bg_fill = fill;
            state.weak_bg_fill = fill;
            state.bg_stroke = Stroke::new(1.0, stroke);
        }
    }
}

/// Gives egui the bundled fonts, those of the system behind them, and a box for what none has.
pub fn install_fonts(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::default();
    let inter: [(&str, &'static [u8]); 5] = [
        ("inter", font::REGULAR),
        ("inter-medium", font::MEDIUM),
        ("inter-semibold", font::SEMIBOLD),
        ("icons", font::ICONS),
        ("icons-alone", font::ICONS),
    ];
    for (name, bytes) in inter {
        let mut data = FontData::from_static(bytes);
        if name == "icons" {
            // Icons hang lower than the letters beside them.
            data.tweak.y_offset_factor = 0.07;
            data.tweak.scale = 1.2;
        }
        fonts.font_data.insert(name.to_owned(), Arc::new(data));
    }
    for (name, bytes) in font::OTHERS {
        let mut data = FontData::from_static(bytes);
        // One baseline for all letters, as in exports.
        data.tweak.y_offset_factor = font::lowered(bytes).unwrap_or_default();
        fonts.font_data.insert(name.to_owned(), Arc::new(data));
    }
    // The order of `chart::font`, so that an export has the same letters.
    let others = font::OTHERS.iter().map(|(name, _)| (*name).to_owned());
    let more = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let more = more.into_iter().filter(|name| font::OTHERS.iter().all(|(has, _)| has != name));
    let rest: Vec<String> = std::iter::once("icons".to_owned()).chain(others).chain(more).collect();
    for (family, first) in [
        (FontFamily::Proportional, "inter"),
        (FontFamily::Monospace, "inter"),
        (FontFamily::Name("medium".into()), "inter-medium"),
        (FontFamily::Name("semibold".into()), "inter-semibold"),
    ] {
        let mut names = vec![first.to_owned()];
        names.extend(rest.iter().cloned());
        fonts.families.insert(family, names);
    }
    fonts
        .families
        .insert(FontFamily::Name("icons".into()), vec!["icons-alone".into(), "inter".into()]);
    ctx.set_fonts(fonts);
    ctx.add_plugin(bidi::Reorder::default());
    ctx.set_font_providers(vec![Arc::new(SystemFonts)]);
    ctx.set_glyph_rasterizers(vec![GlyphRasterizer::new("redthread::missing", missing_glyph)]);
}

/// The system's fonts, for characters that no bundled font has.
struct SystemFonts;

impl FontProvider for SystemFonts {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let face = font::in_system(request.cluster.chars().next()?)?;
        let name = format!("system {:p} {}", face.bytes(), face.index());
        let data = FontData::from_blob(Arc::new(face.bytes()), face.index());
        let family =
            InsertFontFamily { family: request.family.clone(), priority: FontPriority::Lowest };
        Some(FontInsert::new(&name, data, vec![family]))
    }
}

/// The box for a character that no font has.
fn missing_glyph(request: &GlyphRasterizerRequest<'_>) -> Option<RasterizedGlyph> {
    /// The size in pixels from which the number in a box can be read.
    const READABLE: f32 = 22.0;
    let c = request.cluster.chars().next().filter(|c| font::lacks(*c))?;
    let size = request.font_size_px.min(500.0);
    let top = (-0.86 * size).floor();
    let [width, height] = [size.ceil() + 1.0, (0.16 * size).ceil() - top];
    let to = Affine::translate((request.subpixel_offset_px.into(), (-top).into()))
        * Affine::scale(size.into());
    let path = to * font::missing::frame(c, size >= READABLE);
    let covered = raster::coverage(&path, width as u16, height as u16);
    let pixels = covered.into_iter().map(Color32::from_white_alpha).collect();
    Some(RasterizedGlyph {
        bitmap: GlyphBitmap {
            image: ColorImage::new([width as usize, height as usize], pixels),
            offset_px: Vec2::new(0.0, top),
            is_color: false,
        },
        advance_px: request.font_size_px,
    })
}

/// The semi-bold face at a size.
pub fn semibold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("semibold".into()))
}

/// The icons at a size.
pub(crate) fn icons(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("icons".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(c: Color32) -> Color {
        Color(c.r(), c.g(), c.b(), 255)
    }

    /// What each colour with a meaning stands for.
    fn meanings(theme: &Theme) -> [(&'static str, Color32); 6] {
        [
            ("thread", theme.thread),
            ("selection", theme.accent),
            ("denial", theme.denied),
            ("warning", theme.alarm),
            ("marking", theme.marking),
            ("primary button", theme.primary),
        ]
    }

    #[test]
    fn text_can_be_read_on_every_ground_in_both_themes() {
        for theme in [Theme::of(Mode::Light), Theme::of(Mode::Dark)] {
            let grounds = [theme.panel, theme.sunken, theme.raised, theme.hover, theme.selected];
            let chart = [theme.style.card, theme.style.ground].map(color);
            for ground in grounds.into_iter().chain(chart) {
                let plainly = [theme.text, theme.weak, theme.good];
                for text in plainly.into_iter().chain(meanings(&theme).map(|(_, ink)| ink)) {
                    let contrast = plain(text).contrast(plain(ground));
                    let least = if ground == theme.selected { 3.9 } else { 4.5 };
                    assert!(
                        contrast >= least,
                        "{:?}: {text:?} on {ground:?} is {contrast:.2}",
                        theme.mode
                    );
                }
            }
            assert!(plain(theme.on_accent).contrast(plain(theme.accent)) >= 4.5);
            assert!(plain(theme.on_primary).contrast(plain(theme.primary)) >= 4.5);
        }
    }

    #[test]
    fn each_meaning_has_a_colour_of_its_own_for_any_eyes() {
        for theme in [Theme::of(Mode::Light), Theme::of(Mode::Dark)] {
            let meanings = meanings(&theme);
            for (n, (what, own)) in meanings.iter().enumerate() {
                for (other, ink) in &meanings[..n] {
                    for without_green in [false, true] {
                        let apart = plain(*own).difference(plain(*ink), without_green);
                        let least = if without_green { 15.0 } else { 25.0 };
                        assert!(
                            apart >= least,
                            "{:?}: {what} and {other} differ by {apart:.0}, {without_green}",
                            theme.mode
                        );
                    }
                }
            }
        }
    }
}
