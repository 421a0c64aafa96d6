//! Evidence and the citations that tie statements to places in it.

use super::{CitationRef, Credibility, Id, Reliability, StatementKey};

/// The properties of a document whose values are facts of its file. For a document whose bytes are
/// in the case they come from the custody record, and nobody states them.
pub const FACTS_OF_FILE: [&str; 4] = ["fileName", "fileSize", "mimeType", "contentHash"];

/// The custody record of a document and what is said about it. Its bytes are in the case file.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The id of the `Document` entity that stands for it.
    pub id: Id,
    /// What to call it: its title, else its file name.
    pub caption: String,
    /// The name that the file had when it was acquired.
    pub file_name: String,
    /// The media type, by content.
    pub mime: String,
    /// The length in bytes.
    pub size: u64,
    /// SHA-256 of the bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// When it was acquired: milliseconds since 1970, UTC.
    pub acquired_at: i64,
    pub acquired_by: String,
    /// How: dropped, pasted, opened, captured.
    pub method: String,
    /// How far its source can be relied on; absent until somebody judges it.
    pub reliability: Option<Reliability>,
    /// How far all that was read from it can be believed, where somebody judged that as a whole. A
    /// citation's own credibility goes before it.
    pub judged: Option<Credibility>,
    /// The publisher or author, by which the independence of sources is judged.
    pub origin: Option<String>,
    /// Whether it stands in the case; withdrawn evidence keeps its bytes and its record.
    pub live: bool,
    /// Whether it does not stand because the action that made it was undone.
    pub undone: bool,
}

/// A tie between a statement and a place in evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Citation {
    pub key: CitationRef,
    pub statement: StatementKey,
    pub evidence: Id,
    /// Whether the place supports the statement or contradicts it.
    pub supports: bool,
    /// How far this information can be believed; absent until somebody judges it.
    pub credibility: Option<Credibility>,
    /// Page, sheet or time, as a reader would look it up.
    pub page: Option<String>,
    /// The words of the source.
    pub quote: Option<String>,
    /// The character range `start..end` within the text of the evidence.
    pub range: Option<(u32, u32)>,
    /// The region of an image: left, top, width, height as fractions of its size, 0 to 1.
    pub region: Option<[f32; 4]>,
    /// Whether it stands, or has been withdrawn.
    pub live: bool,
    /// Whether it does not stand because the action that made it was undone.
    pub undone: bool,
}

impl Citation {
    /// Why it does not stand, in a word; `None` where it does.
    pub fn gone(&self) -> Option<&'static str> {
        gone(self.live, self.undone)
    }
}

/// Why what is not live does not stand, in a word.
pub fn gone(live: bool, undone: bool) -> Option<&'static str> {
    match (live, undone) {
        (true, _) => None,
        (false, true) => Some("undone"),
        (false, false) => Some("withdrawn"),
    }
}

impl Evidence {
    /// Why it does not stand, in a word; `None` where it does.
    pub fn gone(&self) -> Option<&'static str> {
        gone(self.live, self.undone)
    }

    /// What the record says under one of [`FACTS_OF_FILE`].
    pub fn fact(&self, property: &str) -> Option<String> {
        match property {
            "fileName" => Some(self.file_name.clone()),
            "mimeType" => Some(self.mime.clone()),
            "contentHash" => Some(self.sha256.clone()),
            "fileSize" => Some(self.size.to_string()),
            _ => None,
        }
    }
}
