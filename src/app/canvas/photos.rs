//! Photos on cards: read from the case once, kept as textures.

use std::{collections::HashMap, sync::Arc};

use egui::{ColorImage, Context, TextureHandle, TextureOptions};

use super::{Canvas, Scope};
use crate::{app::query::PhotoOf, chart::photo::SIDE};

/// Photos by the SHA-256 of the document.
pub(super) type Photos = HashMap<Arc<str>, Photo>;

/// A photo for the graphics, and for the processor.
pub(super) struct Photo {
    pub(super) texture: TextureHandle,
    pub(super) image: Arc<ColorImage>,
}

impl Canvas {
    /// Asks for the photos of the cards that have been made. A card is drawn with its icon until the
    /// photo is there, and where the document is not seen.
    pub(super) fn load_photos(&mut self, ctx: &Context, scope: &mut Scope<'_>) {
        let wanted: Vec<Arc<str>> =
            self.picture.nodes.iter().filter_map(|node| node.photo.clone()).collect();
        let before = self.photos.len();
        self.photos.retain(|hash, _| wanted.contains(hash));
        let mut is_new = self.photos.len() != before;
        for hash in wanted {
            let documents = scope.model.evidence.iter().filter(|one| *one.sha256 == *hash);
            let mut seen = documents.filter(|one| scope.model.seen.get(&one.id).is_some());
            let Some(document) = seen.next() else {
                is_new |= self.photos.remove(&hash).is_some();
                continue;
            };
            if self.photos.contains_key(&hash) {
                continue;
            }
            let query = PhotoOf(document.id.clone());
            let answer = scope.model.ask(&query, scope.requests);
            let Some(photo) = answer.and_then(|photo| photo.as_ref().as_ref()) else { continue };
            let side = SIDE as usize;
            let image = Arc::new(ColorImage::from_rgba_unmultiplied([side, side], &photo.rgba));
            let name = format!("photo {hash}");
            let texture = ctx.load_texture(name, Arc::clone(&image), TextureOptions::LINEAR);
            self.photos.insert(hash, Photo { texture, image });
            is_new = true;
        }
        if is_new {
            // The cards are painted anew.
            self.pictures += 1;
            self.photos_seen += 1;
        }
    }
}
