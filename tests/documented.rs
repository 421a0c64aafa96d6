//! Documentation: every module says in its first line what it is about, and every public item has a
//! doc comment. Fields and variants have one where their name and type leave something open: a unit,
//! a range, an order, what a missing value means. Rust's own `missing_docs` cannot leave them out.

use std::path::Path;

use syn::{
    Attribute, Visibility,
    visit::{self, Visit},
};

use crate::layers::{files, for_tests};

struct Reader {
    /// The type or trait whose items are being read.
    of: Option<String>,
    missing: Vec<String>,
}

fn is_documented(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("doc"))
}

impl Reader {
    fn check(&mut self, visibility: &Visibility, attributes: &[Attribute], name: &syn::Ident) {
        if matches!(visibility, Visibility::Public(_)) {
            self.demand(attributes, name);
        }
    }

    fn demand(&mut self, attributes: &[Attribute], name: &syn::Ident) {
        if !is_documented(attributes) && !for_tests(attributes) {
            let of = self.of.as_ref().map(|of| format!("{of}::")).unwrap_or_default();
            self.missing.push(format!("{of}{name}"));
        }
    }

    fn within(&mut self, of: String, read: impl FnOnce(&mut Self)) {
        let before = self.of.replace(of);
        read(self);
        self.of = before;
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        // A module in a file of its own is documented there.
        if module.content.is_none() || for_tests(&module.attrs) {
            return;
        }
        self.check(&module.vis, &module.attrs, &module.ident);
        visit::visit_item_mod(self, module);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.check(&item.vis, &item.attrs, &item.sig.ident);
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.check(&item.vis, &item.attrs, &item.ident);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.check(&item.vis, &item.attrs, &item.ident);
    }

    fn visit_item_union(&mut self, item: &'ast syn::ItemUnion) {
        self.check(&item.vis, &item.attrs, &item.ident);
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.check(&item.vis, &item.attrs, &item.ident);
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.check(&item.vis, &item.attrs, &item.ident);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.check(&item.vis, &item.attrs, &item.ident);
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        if let Some(name) = &item.ident
            && item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export"))
        {
            self.demand(&item.attrs, name);
        }
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.check(&item.vis, &item.attrs, &item.ident);
        if !matches!(item.vis, Visibility::Public(_)) {
            return;
        }
        self.within(item.ident.to_string(), |reader| {
            for part in &item.items {
                match part {
                    syn::TraitItem::Fn(part) => reader.demand(&part.attrs, &part.sig.ident),
                    syn::TraitItem::Const(part) => reader.demand(&part.attrs, &part.ident),
                    syn::TraitItem::Type(part) => reader.demand(&part.attrs, &part.ident),
                    _ => {}
                }
            }
        });
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        // What a trait asks for is documented there.
        if item.trait_.is_some() || for_tests(&item.attrs) {
            return;
        }
        let of = match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        self.within(of.unwrap_or_default(), |reader| {
            for part in &item.items {
                match part {
                    syn::ImplItem::Fn(part) => {
                        reader.check(&part.vis, &part.attrs, &part.sig.ident);
                    }
                    syn::ImplItem::Const(part) => {
                        reader.check(&part.vis, &part.attrs, &part.ident);
                    }
                    _ => {}
                }
            }
        });
    }
}

/// The public items of a file that have no doc comment, and its module where that has none.
fn undocumented(file: &str, text: &str) -> Vec<String> {
    let parsed = syn::parse_file(text).unwrap_or_else(|e| panic!("{file}: {e}"));
    let mut reader = Reader { of: None, missing: Vec::new() };
    if !is_documented(&parsed.attrs) {
        reader.missing.push("the module".to_owned());
    }
    reader.visit_file(&parsed);
    reader.missing.into_iter().map(|name| format!("{file}: {name}")).collect()
}

#[test]
fn every_public_item_is_documented() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut missing = Vec::new();
    for path in files(&root) {
        let file = path.strip_prefix(&root).expect("below src").display().to_string();
        missing.extend(undocumented(&file, &std::fs::read_to_string(&path).expect("readable")));
    }
    assert!(missing.is_empty(), "without a doc comment:\n{}", missing.join("\n"));
}

#[test]
fn a_missing_doc_comment_is_found_in_every_form() {
    for text in [
        "pub fn f() {}",
        "pub const fn f() {}",
        "pub struct S;",
        "pub enum E { A }",
        "pub union U { a: u8 }",
        "pub const C: u8 = 0;",
        "pub static S: u8 = 0;",
        "pub type T = u8;",
        "pub trait T {}",
        "/// T.\npub trait T { fn f(&self); }",
        "/// T.\npub trait T { type A; }",
        "/// T.\npub trait T { const C: u8; }",
        "impl S { pub fn f(&self) {} }",
        "impl<T> S<T> { pub const C: u8 = 0; }",
        "pub mod m { /* inline */ }",
        "mod m { pub fn f() {} }",
        "#[macro_export] macro_rules! m { () => {}; }",
        "#[derive(Debug)] pub struct S;",
        "// No doc comment.\npub fn f() {}",
    ] {
        let found = undocumented("x.rs", &format!("//! X.\n{text}"));
        assert_eq!(found.len(), 1, "{text}: {found:?}");
    }
    assert_eq!(undocumented("x.rs", "fn f() {}"), ["x.rs: the module"]);
}

#[test]
fn what_needs_no_doc_comment_is_not_reported() {
    for text in [
        "fn f() {}",
        "pub(crate) fn f() {}",
        "pub(super) struct S { pub a: u8 }",
        "/// S.\npub struct S { pub a: u8 }",
        "/// E.\npub enum E { A, B { c: u8 } }",
        "impl Display for S { fn fmt(&self) {} }",
        "trait T { fn f(&self); }",
        "pub mod m;",
        "pub use a::b;",
        "#[cfg(test)] mod tests { pub fn f() {} }",
        "#[cfg(test)] pub fn f() {}",
    ] {
        let found = undocumented("x.rs", &format!("//! X.\n{text}"));
        assert_eq!(found, Vec::<String>::new(), "{text}");
    }
}
