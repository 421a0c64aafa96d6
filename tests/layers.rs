//! The layers: SQL in `case` only, egui in `app` only, and nothing uses what lies above it. Every
//! path in the sources is resolved: imports however nested, paths in code and types, re-exports,
//! and what looks like a path inside a macro.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// Each layer, and the layers that it may use besides itself.
const MAY_USE: [(&str, &[&str]); 11] = [
    ("model", &[]),
    ("case", &["model"]),
    ("network", &["case", "model"]),
    ("analysis", &["network", "case", "model"]),
    ("chart", &["network", "case", "model"]),
    ("exchange", &["network", "case", "model"]),
    ("report", &["chart", "network", "case", "model"]),
    ("export", &["report", "exchange", "chart", "network", "case", "model"]),
    ("demo", &["case", "model"]),
    (
        "app",
        &["analysis", "demo", "export", "report", "exchange", "chart", "network", "case", "model"],
    ),
    (
        "cli",
        &["analysis", "demo", "export", "report", "exchange", "chart", "network", "case", "model"],
    ),
];

/// Crates that one layer alone may name.
const KEPT_TO: [(&str, &[&str]); 2] = [
    ("case", &["rusqlite", "libsqlite3_sys"]),
    (
        "app",
        &[
            "egui",
            "eframe",
            "egui_extras",
            "egui_plot",
            "egui_wgpu",
            "egui_winit",
            "egui_kittest",
            "epaint",
            "emath",
            "ecolor",
            "wgpu",
            "winit",
        ],
    ),
];

/// Uses that are against the rule: file, path that they begin with, and why they stay for now.
const ALLOWED: [(&str, &str, &str); 1] = [(
    "cli/commands.rs",
    "crate::app",
    "a command that names a case opens the window, and says why it cannot",
)];

/// A path as it is written in a module.
#[derive(Debug, Clone)]
struct Written {
    module: Vec<String>,
    path: Vec<String>,
    /// The name under which an import brings it into the module; `*` for all in it.
    import: Option<String>,
}

/// What is read in the sources.
#[derive(Debug, Default)]
struct Sources {
    /// By file: the paths in it, without those of its tests.
    written: BTreeMap<String, Vec<Written>>,
    modules: BTreeSet<Vec<String>>,
    /// Files of modules that are compiled for tests only.
    tests: BTreeSet<Vec<String>>,
}

struct Reader<'a> {
    module: Vec<String>,
    found: Vec<Written>,
    sources: &'a mut Sources,
}

fn name(ident: &impl ToString) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}

pub(super) fn for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else { return false };
        let words = list.tokens.to_string();
        let mut words = words.split(|c: char| !c.is_alphanumeric() && c != '_');
        attribute.path().is_ident("cfg")
            && words.clone().any(|word| word == "test")
            && !words.any(|word| word == "not")
    })
}

impl Reader<'_> {
    fn write(&mut self, path: Vec<String>, import: Option<String>) {
        self.found.push(Written { module: self.module.clone(), path, import });
    }

    fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |ident: &syn::Ident| [before, &[name(ident)]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            syn::UseTree::Group(group) => {
                for item in &group.items {
                    self.tree(before, item);
                }
            }
            syn::UseTree::Glob(_) => self.write(before.to_vec(), Some("*".to_owned())),
            syn::UseTree::Name(item) if item.ident == "self" => {
                self.write(before.to_vec(), before.last().cloned());
            }
            syn::UseTree::Name(item) => self.write(with(&item.ident), Some(name(&item.ident))),
            syn::UseTree::Rename(item) if item.ident == "self" => {
                self.write(before.to_vec(), Some(name(&item.rename)));
            }
            syn::UseTree::Rename(item) => self.write(with(&item.ident), Some(name(&item.rename))),
        }
    }

    /// What looks like a path among the tokens of a macro.
    fn tokens(&mut self, before: &[String], tokens: TokenStream) {
        let mut path = before.to_vec();
        let mut colons = 0;
        for token in tokens {
            match &token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.end(before, &mut path);
                    }
                    path.push(name(ident));
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    let nested = group.delimiter() == Delimiter::Brace && colons == 2;
                    let around = if nested { path.clone() } else { Vec::new() };
                    self.end(before, &mut path);
                    self.tokens(&around, group.stream());
                    colons = 0;
                }
                _ => {
                    self.end(before, &mut path);
                    colons = 0;
                }
            }
        }
        self.end(before, &mut path);
    }

    fn end(&mut self, before: &[String], path: &mut Vec<String>) {
        let path = std::mem::replace(path, before.to_vec());
        if path.len() > before.len() && path.len() > 1 {
            self.write(path, None);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Const(i) => &i.attrs,
            syn::Item::Enum(i) => &i.attrs,
            syn::Item::ExternCrate(i) => &i.attrs,
            syn::Item::Fn(i) => &i.attrs,
            syn::Item::Impl(i) => &i.attrs,
            syn::Item::Macro(i) => &i.attrs,
            syn::Item::Mod(i) => &i.attrs,
            syn::Item::Static(i) => &i.attrs,
            syn::Item::Struct(i) => &i.attrs,
            syn::Item::Trait(i) => &i.attrs,
            syn::Item::Type(i) => &i.attrs,
            syn::Item::Use(i) => &i.attrs,
            _ => return visit::visit_item(self, item),
        };
        // Tests may look down from above: they make cases to draw.
        if for_tests(attributes) {
            if let syn::Item::Mod(module) = item {
                self.sources.tests.insert([&self.module[..], &[name(&module.ident)]].concat());
            }
            return;
        }
        visit::visit_item(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !for_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(name(&item.ident));
        self.sources.modules.insert(self.module.clone());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let known = item.rename.as_ref().map_or_else(|| name(&item.ident), |(_, as_)| name(as_));
        // `extern crate self` names the root.
        let path = if item.ident == "self" { "crate".to_owned() } else { name(&item.ident) };
        self.write(vec![path], Some(known));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            let path = path.segments.iter().map(|segment| name(&segment.ident)).collect();
            self.write(path, None);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.visit_path(&mac.path);
        self.tokens(&[], mac.tokens.clone());
    }
}

impl Sources {
    /// Reads a file; `file` is its path below `src`.
    fn read(&mut self, file: &str, text: &str) {
        let stem = file.trim_end_matches(".rs");
        let stem = stem.strip_suffix("/mod").unwrap_or(stem);
        let module: Vec<String> = if matches!(stem, "lib" | "core" | "main") {
            Vec::new()
        } else {
            stem.split('/').map(str::to_owned).collect()
        };
        let parsed = syn::parse_file(text).unwrap_or_else(|e| panic!("{file}: {e}"));
        self.modules.insert(module.clone());
        let mut reader = Reader { module, found: Vec::new(), sources: self };
        reader.visit_file(&parsed);
        let found = reader.found;
        self.written.insert(file.to_owned(), found);
    }

    /// By module and name, what an import there stands for.
    fn imports(&self) -> BTreeMap<(Vec<String>, String), &Written> {
        let all = self.written.values().flatten();
        all.filter_map(|written| {
            let import = written.import.clone()?;
            (import != "*").then_some(((written.module.clone(), import), written))
        })
        .collect()
    }

    /// The path from the root (`crate`), or from the name of another crate.
    fn resolve(
        &self,
        imports: &BTreeMap<(Vec<String>, String), &Written>,
        module: &[String],
        path: &[String],
        depth: usize,
    ) -> Vec<String> {
        let (mut at, mut rest) = (module.to_vec(), path);
        let mut inside = false;
        while let Some((first, after)) = rest.split_first() {
            match first.as_str() {
                // The two crates are one tree of modules.
                "crate" | "redthread_core" => at.clear(),
                "self" => {}
                "super" => drop(at.pop()),
                _ => break,
            }
            (inside, rest) = (true, after);
        }
        // Down from there, through modules and what they import from elsewhere.
        while let Some((first, after)) = rest.split_first() {
            let below = [&at[..], std::slice::from_ref(first)].concat();
            if self.modules.contains(&below) {
                (at, rest, inside) = (below, after, true);
                continue;
            }
            let import = imports.get(&(at.clone(), first.clone()));
            if let Some(import) = import
                && depth < 16
                && !(import.path == path && import.module == module)
            {
                let target = [&import.path[..], after].concat();
                return self.resolve(imports, &import.module, &target, depth + 1);
            }
            break;
        }
        let root: &[String] = if inside { &["crate".to_owned()] } else { &[] };
        let own: &[String] = if inside { &at } else { &[] };
        [root, own, rest].concat()
    }

    /// Every use that is against the rules, and the number of uses of another layer.
    fn against_the_rules(&self) -> (Vec<String>, usize) {
        let imports = self.imports();
        let (mut wrong, mut across) = (BTreeSet::new(), 0);
        let mut allowed = BTreeSet::new();
        for (file, found) in &self.written {
            let layer = file.split('/').next().unwrap_or_default().trim_end_matches(".rs");
            if matches!(layer, "lib" | "core" | "main" | "window") {
                continue;
            }
            let may = MAY_USE.iter().find(|(name, _)| *name == layer).map(|(_, may)| *may);
            let may = may.unwrap_or_else(|| panic!("{file} is in no layer; add it to MAY_USE"));
            let in_tests = |module: &[String]| self.tests.iter().any(|t| module.starts_with(t));
            for written in found.iter().filter(|written| !in_tests(&written.module)) {
                // Both the place that it names and the place where that comes from.
                let named = self.resolve(&BTreeMap::new(), &written.module, &written.path, 0);
                let from = self.resolve(&imports, &written.module, &written.path, 0);
                across += usize::from(matches!(&from[..], [root, used, ..]
                    if root == "crate" && used != layer && MAY_USE.iter().any(|(l, _)| l == used)));
                for path in [&named, &from] {
                    let reason = match &path[..] {
                        [root] if root == "crate" && written.import.is_some() => {
                            "imports all layers"
                        }
                        [root, used, ..] if root == "crate" => {
                            let is_layer = MAY_USE.iter().any(|(name, _)| name == used);
                            if !is_layer || used == layer || may.contains(&used.as_str()) {
                                continue;
                            }
                            "is above it"
                        }
                        [other, ..] => {
                            let kept = KEPT_TO.iter().find(|(_, c)| c.contains(&other.as_str()));
                            if kept.is_none_or(|(home, _)| *home == layer) {
                                continue;
                            }
                            "belongs to another layer"
                        }
                        [] => continue,
                    };
                    let path = path.join("::");
                    let excuse = ALLOWED.iter().position(|(in_file, begins, _)| {
                        file == in_file && path.starts_with(begins)
                    });
                    match excuse {
                        Some(at) => drop(allowed.insert(at)),
                        None => drop(wrong.insert(format!("src/{file}: {path} {reason}"))),
                    }
                }
            }
        }
        if self.written.contains_key("lib.rs") && self.written.len() > 100 {
            for (at, (file, path, _)) in ALLOWED.iter().enumerate() {
                if !allowed.contains(&at) {
                    wrong.insert(format!(
                        "src/{file} uses {path} no longer; strike it from ALLOWED"
                    ));
                }
            }
        }
        (wrong.into_iter().collect(), across)
    }
}

impl Sources {
    /// Which rooms of a layer each room names: the files and folders that lie in it.
    fn rooms(&self, layer: &str) -> BTreeMap<String, BTreeSet<String>> {
        let imports = self.imports();
        let room = |path: &[String]| match path {
            [first, room, ..] if first == layer => Some(room.clone()),
            _ => None,
        };
        let is_room = |name: &String| {
            let module = vec![layer.to_owned(), name.clone()];
            self.modules.contains(&module) && !self.tests.contains(&module)
        };
        let in_tests = |module: &[String]| self.tests.iter().any(|t| module.starts_with(t));
        let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for written in self.written.values().flatten().filter(|one| !in_tests(&one.module)) {
            let Some(own) = room(&written.module) else { continue };
            let named = self.resolve(&imports, &written.module, &written.path, 0);
            let other =
                named.get(1..).and_then(room).filter(|other| *other != own && is_room(other));
            rooms.entry(own).or_default().extend(other);
        }
        rooms
    }
}

/// A round trip through rooms that name each other, if there is one.
fn circle(rooms: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    // Rooms that name nothing but what was taken away are taken away, until none is.
    let mut left: BTreeSet<&String> = rooms.keys().collect();
    loop {
        let bare = |room: &&String| !rooms[*room].iter().any(|other| left.contains(other));
        let gone: Vec<&String> = left.iter().copied().filter(bare).collect();
        if gone.is_empty() {
            break;
        }
        left.retain(|room| !gone.contains(room));
    }
    let mut way = vec![(*left.first()?).clone()];
    loop {
        let next = rooms[&way[way.len() - 1]].iter().find(|other| left.contains(other))?;
        if let Some(at) = way.iter().position(|room| room == next) {
            way.drain(..at);
            return Some(way);
        }
        way.push(next.clone());
    }
}

pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the sources are here").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

fn our_sources() -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Sources::default();
    for path in files(&root) {
        let file =
            path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
        sources.read(&file, &std::fs::read_to_string(&path).expect("readable"));
    }
    sources
}

#[test]
fn nothing_uses_what_lies_above_it() {
    let sources = our_sources();
    let (wrong, across) = sources.against_the_rules();
    println!("{across} uses of another layer in {} files", sources.written.len());
    assert!(
        across > 300,
        "only {across} uses of another layer were found: what is read is too little"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_rooms_of_the_case_file_lie_above_each_other() {
    let sources = our_sources();
    let rooms = sources.rooms("case");
    let arrows: usize = rooms.values().map(BTreeSet::len).sum();
    assert!(rooms.len() > 35 && arrows > 150, "{arrows} arrows: what is read is too little");
    assert_eq!(circle(&rooms), None, "these name each other, one after the other");
}

#[test]
fn rooms_that_name_each_other_are_found() {
    let mut sources = Sources::default();
    sources.read("case/mod.rs", "mod a; mod b; mod c; pub use b::What;");
    sources.read("case/a.rs", "use super::What; fn f() -> What { What }");
    sources.read("case/b.rs", "pub struct What; fn g() { super::c::h() }");
    assert_eq!(circle(&sources.rooms("case")), None);
    sources.read("case/c.rs", "pub fn h() { crate::case::a::f() }");
    assert_eq!(circle(&sources.rooms("case")), Some(["a", "b", "c"].map(str::to_owned).to_vec()));
}

/// What is wrong in files that are not there.
fn wrong(files: &[(&str, &str)]) -> Vec<String> {
    let mut sources = Sources::default();
    for (file, text) in files {
        sources.read(file, text);
    }
    sources.against_the_rules().0
}

#[test]
fn a_use_from_below_is_found_in_every_form() {
    for text in [
        "use crate::app::App;",
        "use crate::app;",
        "use crate::{model::Id, app::{self, worker::Worker}};",
        "use {crate::{app}};",
        "use super::super::app::App;",
        "use super::super::{app as window};",
        "pub use crate::app::App as Window;",
        "pub(crate) use crate::app::*;",
        "use crate::r#app::App;",
        "fn f() { use crate::app::App; }",
        "fn f() { crate::app::run(None); }",
        "fn f() { super::super::app::run(None); }",
        "fn f(app: &crate::app::App) {}",
        "fn f() -> Vec<Option<crate::app::App>> { Vec::new() }",
        "struct S { app: Box<dyn crate::app::Draw> }",
        "impl crate::app::Draw for u8 {}",
        "fn f<T: crate::app::Draw>() {}",
        "fn f() { let x = <u8 as crate::app::Draw>::draw; }",
        "fn f() { vec![crate::app::App::new()]; }",
        "fn f() { println!(\"{}\", { let x = crate::app::NAME; x }); }",
        "macro_rules! m { () => { $crate::app::run(None) }; }",
        "macro_rules! m { () => { use crate::{model::Id, app::App}; }; }",
        "mod inner { use super::super::super::app::App; }",
        "use crate as all; fn f() { all::app::run(None); }",
        "extern crate self as all;",
        "use crate::*;",
        "#[cfg(not(test))] use crate::app::App;",
        "use rusqlite as sql; use egui;",
        "use egui::Ui;",
        "use {std::fmt, egui::{Ui, Pos2}};",
        "fn f(ui: &mut egui::Ui) {}",
        "fn f(ui: &mut ::eframe::egui::Ui) {}",
        "extern crate egui as e;",
    ] {
        let found = wrong(&[("case/open.rs", text)]);
        let with_others = wrong(&[
            ("lib.rs", "pub mod app; pub mod case; pub mod model;"),
            ("case/mod.rs", "pub mod open;"),
            ("app/mod.rs", "pub struct App;"),
            ("case/open.rs", text),
        ]);
        assert!(!with_others.is_empty(), "missed with other files: {text}");
        assert!(!found.is_empty() || text.contains("all::"), "missed: {text}");
    }
    for text in ["use rusqlite::Connection;", "fn f(c: rusqlite::Connection) {}"] {
        assert_eq!(wrong(&[("case/open.rs", text)]), Vec::<String>::new(), "SQL is at home there");
        assert_eq!(wrong(&[("app/shell.rs", text)]).len(), 1, "{text}");
    }
    assert_eq!(wrong(&[("cli/mod.rs", "use crate::app::App;")]).len(), 1, "the other face");
}

#[test]
fn a_use_through_a_lower_layer_is_found() {
    let files = [
        ("case/mod.rs", "pub use rusqlite::Error as Refusal; pub mod open; pub use open::Opened;"),
        ("case/open.rs", "pub use rusqlite::Connection as Opened;"),
    ];
    for text in [
        "use crate::case::Refusal;",
        "use crate::case::{self, Opened};",
        "use crate::case; fn f(e: case::Refusal) {}",
    ] {
        let found = wrong(&[files[0], files[1], ("chart/mod.rs", text)]);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].contains("rusqlite"), "{found:?}");
    }
}

#[test]
fn what_may_be_used_is_not_reported() {
    for (file, text) in [
        ("case/open.rs", "use crate::model::{Id, value::Value}; use super::commit;"),
        ("case/open.rs", "mod app {} fn f() { app::x(); self::app::y(); }"),
        ("case/open.rs", "/// Sent by [`crate::app`].\nfn f() {}"),
        ("case/open.rs", "#[cfg(test)] use crate::app::App;"),
        ("case/open.rs", "#[cfg(all(test, unix))] mod tests { use crate::app::App; }"),
        ("case/open.rs", "struct S; impl S { #[cfg(test)] fn f(a: crate::app::App) {} }"),
        ("app/shell.rs", "use crate::{case::Case, chart, export, demo::Demo}; use egui::Ui;"),
        ("main.rs", "fn main() { redthread::cli::run(); }"),
    ] {
        assert_eq!(wrong(&[(file, text)]), Vec::<String>::new(), "{text}");
    }
    let tests =
        [("case/mod.rs", "#[cfg(test)] mod tests;"), ("case/tests.rs", "use crate::app::App;")];
    assert_eq!(wrong(&tests), Vec::<String>::new(), "a file of tests");
}
