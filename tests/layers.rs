//! The layers: SQL in `case` only, egui in `app` only, and nothing uses what lies above it.

use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the sources are here").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

/// What each layer must not name, from the bottom up.
const FORBIDDEN: [(&str, &[&str]); 10] = [
    ("model", &["case", "network", "chart", "exchange", "report", "export", "demo", "cli", "app"]),
    ("case", &["network", "chart", "exchange", "report", "export", "demo", "cli", "app"]),
    ("network", &["chart", "exchange", "report", "export", "demo", "cli", "app"]),
    ("chart", &["exchange", "report", "export", "demo", "cli", "app"]),
    ("exchange", &["network", "chart", "report", "export", "demo", "cli", "app"]),
    ("report", &["exchange", "export", "demo", "cli", "app"]),
    ("export", &["demo", "cli", "app"]),
    ("demo.rs", &["network", "chart", "exchange", "report", "export", "cli", "app"]),
    ("app", &["cli"]),
    ("cli", &[]),
];

#[test]
fn nothing_uses_what_lies_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in sources(&root) {
        let relative =
            path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
        let layer = relative.split('/').next().unwrap_or_default();
        let text = std::fs::read_to_string(&path).expect("readable");
        // Tests may look down from above: they make cases to draw.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        assert!(layer == "case" || !code.contains("rusqlite"), "{relative} knows SQL");
        assert!(layer == "app" || !code.contains("egui::"), "{relative} knows egui");
        let Some((_, forbidden)) = FORBIDDEN.iter().find(|(name, _)| *name == layer) else {
            continue;
        };
        for upper in *forbidden {
            for form in [
                format!("crate::{upper}::"),
                format!("crate::{upper};"),
                format!("    {upper}::{{"),
            ] {
                assert!(!code.contains(&form), "{relative} uses the layer {upper} above it");
            }
        }
    }
}
