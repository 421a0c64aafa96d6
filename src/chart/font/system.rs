//! The system's fonts, for characters that no bundled font has.

use std::{
    collections::HashMap,
    panic,
    sync::{LazyLock, Mutex, PoisonError},
};

use fontique::{
    Blob, Collection, CollectionOptions, FallbackKey, GenericFamily, QueryFamily, QueryStatus,
    Script, SourceCache, SourceCacheOptions,
};
use unicode_script::{Script as Of, UnicodeScript as _};

use super::face::Face;

/// What the system has, and what was found in it.
struct Fonts {
    collection: Collection,
    sources: SourceCache,
    faces: HashMap<(u64, u32), Option<&'static Face>>,
    found: HashMap<char, Option<&'static Face>>,
}

/// Listing the fonts of a system takes a while, so it waits for the first character that no
/// bundled font has.
static FONTS: LazyLock<Mutex<Fonts>> = LazyLock::new(|| {
    Mutex::new(Fonts {
        collection: collection(),
        sources: SourceCache::new(SourceCacheOptions::default()),
        faces: HashMap::new(),
        found: HashMap::new(),
    })
});

/// The fonts of the system. Listing them panics where a system has none at all, which is as good
/// as an empty list; nobody needs to read of it.
fn collection() -> Collection {
    let list = |system_fonts| Collection::new(CollectionOptions { shared: false, system_fonts });
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let listed = panic::catch_unwind(|| list(true));
    panic::set_hook(hook);
    listed.unwrap_or_else(|_| list(false))
}

/// The face of the system that draws a character. Private characters mean in each font something
/// else, so none of them has the right form.
pub fn find(c: char) -> Option<&'static Face> {
    if is_private(c) {
        return None;
    }
    let mut fonts = FONTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = fonts.found.get(&c) {
        return *known;
    }
    let face = fonts.search(c);
    fonts.found.insert(c, face);
    face
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

impl Fonts {
    fn search(&mut self, c: char) -> Option<&'static Face> {
        let Self { collection, sources, faces, .. } = self;
        let mut query = collection.query(sources);
        let families: &[GenericFamily] = match script(c) {
            Some(script) => {
                query.set_fallbacks(FallbackKey::new(script, None));
                &[GenericFamily::SansSerif]
            }
            // Signs and symbols belong to no script.
            None => &[
                GenericFamily::SansSerif,
                GenericFamily::SystemUi,
                GenericFamily::Emoji,
                GenericFamily::Math,
                GenericFamily::Serif,
                GenericFamily::Monospace,
            ],
        };
        query.set_families(families.iter().map(|family| QueryFamily::Generic(*family)));
        let mut found = None;
        query.matches_with(|font| {
            let key = (font.blob.id(), font.index);
            let face = *faces.entry(key).or_insert_with(|| kept(&font.blob, font.index));
            found = face.filter(|face| face.draws(c));
            if found.is_some() { QueryStatus::Stop } else { QueryStatus::Continue }
        });
        found
    }
}

/// Parses a face and keeps it for as long as the program runs: those that are asked are few, and
/// their files are mapped, not read.
fn kept(blob: &Blob<u8>, index: u32) -> Option<&'static Face> {
    let blob: &'static Blob<u8> = Box::leak(Box::new(blob.clone()));
    Face::new(blob.as_ref(), index).map(|face| &*Box::leak(Box::new(face)))
}

/// The script of a character; `None` where several share it.
fn script(c: char) -> Option<Script> {
    match c.script() {
        Of::Common | Of::Inherited | Of::Unknown => None,
        script => script.short_name().parse().ok(),
    }
}
