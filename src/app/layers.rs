//! What is open over the panels, in the order in which it was opened: Esc closes the topmost, and
//! keys belong to it alone.

/// Something that is open over the panels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// A box over the chart: an entity that is added, a relationship that is drawn, neighbours.
    Canvas,
    /// The box to find anything.
    Palette,
    /// Shortcuts, about, title and marking.
    Help,
    /// A tag or a note.
    Remark,
    Import,
    Export,
    Edition,
    Messages,
    /// Our own file dialog.
    Files,
    /// The question for the author.
    Author,
    Question,
}

impl Layer {
    /// All of them; those that are opened in the same frame lie in this order.
    pub const ALL: [Self; 11] = [
        Self::Canvas,
        Self::Palette,
        Self::Help,
        Self::Remark,
        Self::Import,
        Self::Export,
        Self::Edition,
        Self::Messages,
        Self::Files,
        Self::Author,
        Self::Question,
    ];

    /// Whether it covers the panels, so that nothing behind it can be clicked.
    pub(crate) fn is_modal(self) -> bool {
        !matches!(self, Self::Canvas | Self::Palette)
    }
}

/// What is open, the topmost last.
#[derive(Debug, Default)]
pub struct Layers(Vec<Layer>);

impl Layers {
    /// Takes note of what has been opened and closed since.
    pub fn follow(&mut self, is_open: impl Fn(Layer) -> bool) {
        self.0.retain(|layer| is_open(*layer));
        for layer in Layer::ALL {
            if is_open(layer) && !self.0.contains(&layer) {
                self.0.push(layer);
            }
        }
    }

    /// The topmost.
    pub fn top(&self) -> Option<Layer> {
        self.0.last().copied()
    }

    /// Whether something covers the panels.
    pub(crate) fn is_modal(&self) -> bool {
        self.0.iter().any(|layer| layer.is_modal())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_opened_last_is_on_top() {
        let mut layers = Layers::default();
        layers.follow(|layer| layer == Layer::Import);
        layers.follow(|layer| matches!(layer, Layer::Import | Layer::Help));
        assert_eq!(layers.top(), Some(Layer::Help), "though it comes earlier in the list");
        layers.follow(|layer| layer == Layer::Import);
        assert_eq!(layers.top(), Some(Layer::Import));
        assert!(layers.is_modal());
        layers.follow(|_| false);
        assert_eq!((layers.top(), layers.is_modal()), (None, false));
    }
}
