//! Keys of rows never leave the file: outside `case` no field, parameter, answer or type is a bare
//! `i64` that could be one, and nothing makes a key or takes one apart. In `case`, where other rows
//! have plain keys, nothing that is called a statement, a citation or a revision is one.

use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use crate::layers::{files, for_tests};

/// Where keys are defined.
const HOME: &str = "model/key.rs";
/// Where they are read and written.
const CASE: &str = "case/";
/// The types of keys.
const KEYS: [&str; 3] = ["StatementKey", "CitationKey", "RevisionNumber"];
/// What is never an `i64`, even in `case`.
const NAMED: [&str; 6] =
    ["statement", "statements", "citation", "citations", "revision", "revisions"];
/// What is an `i64` and no key: file, what it belongs to, and what it is. A time is called `at`, or
/// something that ends with it.
const OTHERS: [(&str, &str, &str); 4] = [
    ("analysis/share.rs", "Share", "parts of a share"),
    ("app/toast.rs", "list", "a time"),
    ("case/verify/projections.rs", "revision", "a row as it is read, compared with other rows"),
    ("exchange/ftm.rs", "number", "a number in a file that is read"),
];

struct Reader<'a> {
    file: &'a str,
    /// The item, field or parameter whose type is being read.
    name: String,
    /// Whether what is being read is a type of one of these.
    reads: bool,
    found: Vec<String>,
    excused: Vec<usize>,
}

impl Reader<'_> {
    fn in_case(&self) -> bool {
        self.file.starts_with(CASE)
    }

    fn report(&mut self, what: &str) {
        let excuse =
            OTHERS.iter().position(|(file, name, _)| *file == self.file && *name == self.name);
        match excuse {
            Some(at) => self.excused.push(at),
            None => self.found.push(format!("src/{}: {}: {what}", self.file, self.name)),
        }
    }

    /// Reads a type that belongs to something of this name.
    fn named(&mut self, name: &str, read: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.name, name.to_owned());
        let read_before = std::mem::replace(&mut self.reads, true);
        read(self);
        (self.name, self.reads) = (before, read_before);
    }

    fn fields(&mut self, of: &syn::Ident, fields: &syn::Fields) {
        for field in fields {
            let name = field.ident.as_ref().unwrap_or(of).to_string();
            self.named(&name, |reader| reader.visit_type(&field.ty));
        }
    }
}

fn has_i64(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "i64",
        TokenTree::Group(group) => has_i64(group.stream()),
        _ => false,
    })
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Enum(i) => &i.attrs,
            syn::Item::Fn(i) => &i.attrs,
            syn::Item::Impl(i) => &i.attrs,
            syn::Item::Mod(i) => &i.attrs,
            syn::Item::Struct(i) => &i.attrs,
            syn::Item::Trait(i) => &i.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.fields(&item.ident, &item.fields);
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        self.fields(&variant.ident, &variant.fields);
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        let function = signature.ident.to_string();
        for input in &signature.inputs {
            let syn::FnArg::Typed(parameter) = input else { continue };
            let name = match &*parameter.pat {
                syn::Pat::Ident(pat) => pat.ident.to_string(),
                _ => function.clone(),
            };
            self.named(&name, |reader| reader.visit_type(&parameter.ty));
        }
        self.named(&function, |reader| reader.visit_return_type(&signature.output));
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.named(&item.ident.to_string(), |reader| reader.visit_type(&item.ty));
    }

    fn visit_impl_item_type(&mut self, item: &'ast syn::ImplItemType) {
        self.named(&item.ident.to_string(), |reader| reader.visit_type(&item.ty));
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        let read_before = std::mem::replace(&mut self.reads, false);
        visit::visit_block(self, block);
        self.reads = read_before;
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        if has_i64(item.mac.tokens.clone()) && !self.in_case() {
            self.named("a macro", |reader| reader.report("i64"));
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let is = |at: usize, name: &str| {
            path.segments.iter().rev().nth(at).is_some_and(|s| s.ident == name)
        };
        let is_time = self.name == "at" || self.name.ends_with("_at");
        let may_be = if self.in_case() { NAMED.contains(&self.name.as_str()) } else { !is_time };
        if self.reads && is(0, "i64") && may_be {
            self.report("i64");
        }
        if is(0, "from_row") && !self.in_case() && KEYS.iter().any(|key| is(1, key)) {
            self.report("makes a key");
        }
        visit::visit_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if call.method == "row" && call.args.is_empty() && !self.in_case() {
            self.report("takes a key apart");
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// What could be a bare key in a file below `src`, and which of the exceptions it makes use of.
fn bare(file: &str, text: &str) -> (Vec<String>, Vec<usize>) {
    if file == HOME {
        return (Vec::new(), Vec::new());
    }
    let parsed = syn::parse_file(text).unwrap_or_else(|e| panic!("{file}: {e}"));
    let (name, found, excused) = ("a file".to_owned(), Vec::new(), Vec::new());
    let mut reader = Reader { file, name, reads: false, found, excused };
    reader.visit_file(&parsed);
    (reader.found, reader.excused)
}

#[test]
fn no_bare_key_leaves_the_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut wrong, mut excused) = (Vec::new(), Vec::new());
    for path in files(&root) {
        let file =
            path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
        let (found, uses) = bare(&file, &std::fs::read_to_string(&path).expect("readable"));
        wrong.extend(found);
        excused.extend(uses);
    }
    for (at, (file, name, _)) in OTHERS.iter().enumerate() {
        if !excused.contains(&at) {
            wrong.push(format!("src/{file}: {name} is no longer an i64; strike it from OTHERS"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_bare_key_is_found_in_every_form() {
    for text in [
        "pub struct Value { pub statement: i64 }",
        "pub struct Draft { statement: Option<i64> }",
        "pub struct Finding { pub rests_on: Vec<i64> }",
        "pub struct TouchedBy(pub i64);",
        "pub enum Op { Withdraw(i64) }",
        "pub enum Op { Change { statement: i64 } }",
        "impl Lens { pub fn known(revision: i64) -> Self { todo!() } }",
        "impl Support { fn read(&mut self, first: i64, last: i64) {} }",
        "pub fn stated(keys: &BTreeSet<i64>) {}",
        "pub fn keys_where(is: impl Fn(i64) -> bool) {}",
        "pub fn keys_of(key: u32) -> impl Iterator<Item = (i64, bool)> { todo!() }",
        "pub trait Sink { fn cite(&mut self, statement: i64); }",
        "impl Query for Touched { type Slot = i64; }",
        "pub type Span = (i64, i64);",
        "pub struct Key(core::primitive::i64);",
        "macro_rules! key { ($name:ident) => { pub struct $name(i64); }; }",
        "fn f() { let key = StatementKey::from_row(7); }",
        "fn f() { let key = crate::model::CitationKey::from_row; }",
        "fn f(key: StatementKey) -> u64 { key.row() as u64 }",
    ] {
        assert!(!bare("network/x.rs", text).0.is_empty(), "missed: {text}");
    }
    for text in [
        "pub(super) struct Said { statement: Option<i64> }",
        "fn has(db: &Connection, revision: i64) -> bool { true }",
        "fn turn(revisions: &[i64]) {}",
        "struct S { citations: BTreeMap<i64, Vec<Citation>> }",
    ] {
        assert!(!bare("case/x.rs", text).0.is_empty(), "missed: {text}");
    }
}

#[test]
fn what_is_no_key_is_not_reported() {
    for text in [
        "pub struct Revision { pub at: i64, pub acquired_at: i64 }",
        "pub fn when(at: i64) -> String { todo!() }",
        "pub fn sum(all: &[u8]) -> u64 { let sum: i64 = 0; sum as u64 }",
        "pub fn put(statement: StatementKey) -> Option<RevisionNumber> { None }",
        "#[cfg(test)] mod tests { fn f(key: i64) { StatementKey::from_row(key).row(); } }",
        "fn f(sheet: &mut Sheet, book: &Book) { sheet.row(book); Transform::from_row(1.0); }",
    ] {
        assert_eq!(bare("network/x.rs", text).0, Vec::<String>::new(), "{text}");
    }
    for text in [
        "pub(super) fn id_of(db: &Connection, entity: i64) -> Result<Id> { todo!() }",
        "fn f(row: &Row) { let key = StatementKey::from_row(row.get(0)); key.row(); }",
    ] {
        assert_eq!(bare("case/x.rs", text).0, Vec::<String>::new(), "at home there: {text}");
    }
}
