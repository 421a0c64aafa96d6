//! Networks of other programs: `GraphML` and GEXF. What their nodes and edges are called and said
//! to be is read by the names of their attributes; what has no place in the model is kept as a
//! note `name: value`.
//!
//! A node's own id means something within its file only, so that ids are made from it and the
//! file's checksum. In a file with an attribute `schema` or `redthread` the ids are those of
//! entities and stay as they are; under `redthread` a node or edge carries the whole of its entity
//! as JSON, as our own export writes it.

pub(in crate::exchange) mod gexf;
pub(in crate::exchange) mod graphml;

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::LazyLock,
};

use sha2::{Digest as _, Sha256};

use super::{
    Problem, Sink, ftm,
    markup::Xml,
    part::{Part, at, hashed},
    references,
};
use crate::{
    case::{NewEntity, Origin, Progress, Result, hash_file},
    model::{Id, schema},
};

/// The attribute that holds a whole entity.
pub(in crate::exchange) const WHOLE: &str = "redthread";

/// How many attributes a node or an edge may have.
const MOST_ATTRIBUTES: usize = 10_000;
/// For how many attributes it is remembered which property they are.
const REMEMBERED: usize = 10_000;

/// What a node or an edge is of where nothing says it.
const NODE: &str = "LegalEntity";
const EDGE: &str = "UnknownLink";

/// A node or an edge as its file has it.
#[derive(Debug, Default)]
pub(in crate::exchange) struct Item {
    pub(in crate::exchange) id: Option<String>,
    pub(in crate::exchange) ends: Option<(String, String)>,
    /// The attributes by name, in the order of the file.
    pub(in crate::exchange) attributes: Vec<(String, String)>,
    /// The line that it begins on.
    pub(in crate::exchange) line: u64,
    /// What the node that it lies in is called.
    pub(in crate::exchange) group: Option<String>,
    /// How many of its attributes have been told; `None` before it was told at all.
    pub(in crate::exchange) told: Option<usize>,
}

impl Item {
    /// The first attribute of one of these names, in their order, whatever their case.
    fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| {
            let found = self
                .attributes
                .iter()
                .find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.trim().is_empty());
            found.map(|(_, value)| value.trim())
        })
    }

    /// What it is called, for those that lie within it.
    pub(in crate::exchange) fn caption(&self) -> String {
        let id = self.id.as_deref().unwrap_or_default();
        self.first(&["name", "label", "title"]).unwrap_or(id).to_owned()
    }

    /// Whether it holds more than any that people look at.
    pub(in crate::exchange) fn is_too_long(&self) -> bool {
        self.attributes.len() > MOST_ATTRIBUTES
    }
}

/// The network of one file while it is read.
#[derive(Debug)]
pub(in crate::exchange) struct Graph {
    file: usize,
    key: String,
    /// Whether the ids are those of entities.
    pub(in crate::exchange) has_own_ids: bool,
    /// Whether nodes carry whole entities: one that has nothing is then only the end of an edge.
    pub(in crate::exchange) has_whole: bool,
    /// Ids of entities that differ from what their node's id would become.
    renamed: HashMap<String, Id>,
    nodes: HashSet<String>,
    /// Ends of edges whose nodes have not come yet.
    awaited: HashMap<String, u64>,
    /// How many edges there were of the same ends and id.
    repeated: HashMap<[u8; 16], u32>,
    /// The properties of a schema that attributes are by their names.
    properties: HashMap<(&'static str, String), Option<&'static str>>,
    told: u64,
}

impl Graph {
    /// A network that is read from a file.
    pub(in crate::exchange) fn new(file: usize, path: &Path) -> Result<Self> {
        let key = hex::encode(&hash_file(path, &Progress::new())?[..6]);
        Ok(Self {
            file,
            key,
            has_own_ids: false,
            has_whole: false,
            renamed: HashMap::new(),
            nodes: HashSet::new(),
            awaited: HashMap::new(),
            repeated: HashMap::new(),
            properties: HashMap::new(),
            told: 0,
        })
    }

    fn id(&self, node: &str) -> Id {
        if let Some(id) = self.renamed.get(node) {
            return id.clone();
        }
        if self.has_own_ids { node.into() } else { format!("graph-{}-{node}", self.key).into() }
    }

    /// Notes that a kind of attribute is declared for nodes.
    pub(in crate::exchange) fn declare(&mut self, name: &str) {
        self.has_own_ids |= matches!(name, "schema" | WHOLE);
        self.has_whole |= name == WHOLE;
    }

    /// Tells a node or an edge that has not been told with all its attributes, with the defaults
    /// of those that it lacks, and now and then how far the reading has come.
    pub(in crate::exchange) fn tell(
        &mut self,
        item: &mut Item,
        defaults: Vec<(String, String)>,
        sink: &mut dyn Sink,
        xml: &Xml<'_>,
    ) -> Result<()> {
        let own = item.attributes.len();
        if item.told == Some(own) {
            return Ok(());
        }
        let has = |name: &str| item.attributes.iter().any(|(known, _)| known == name);
        let mut missing: Vec<_> = defaults.into_iter().filter(|(name, _)| !has(name)).collect();
        missing.sort();
        item.attributes.extend(missing);
        match &item.ends {
            Some((source, target)) => self.edge(item, source, target, sink)?,
            None => self.node(item, sink)?,
        }
        item.attributes.truncate(own);
        item.told = Some(own);
        self.told += 1;
        if self.told.is_multiple_of(1000) {
            let (done, total) = xml.progress();
            sink.at(done, total)?;
        }
        Ok(())
    }

    /// Tells what is wrong with the network as a whole.
    pub(in crate::exchange) fn finish(&mut self, sink: &mut dyn Sink) -> Result<()> {
        let mut missing: Vec<(String, u64)> = self.awaited.drain().collect();
        missing.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        for (node, line) in missing {
            let what = format!("an edge ends at “{node}”, which is no node of this file");
            sink.problem(Problem::new(self.file, format!("line {line}"), what))?;
        }
        Ok(())
    }

    fn node(&mut self, item: &Item, sink: &mut dyn Sink) -> Result<()> {
        let Some(own) = item.id.as_deref().filter(|id| !id.is_empty()) else {
            let what = "a node has no id";
            return sink.problem(Problem::new(self.file, format!("line {}", item.line), what));
        };
        let origin = at(self.file, format!("line {}, node {own}", item.line));
        self.awaited.remove(own);
        if let Some(whole) = self.whole(item, &origin, sink)? {
            if whole.id.as_str() != own {
                self.renamed.insert(own.to_owned(), whole.id.clone());
            }
            self.nodes.insert(own.to_owned());
            return sink.take(whole);
        }
        if self.has_whole && item.attributes.is_empty() {
            self.nodes.insert(own.to_owned());
            return Ok(());
        }
        if !self.nodes.insert(own.to_owned()) && item.told.is_none() {
            let what = format!("the id “{own}” stands at several nodes, which are taken for one");
            sink.problem(Problem::new(self.file, &origin.place, what))?;
        }
        let kind = item.first(&KINDS).and_then(|kind| named(kind, false)).unwrap_or(NODE);
        let mut part = Part::new(self.id(own), kind, origin);
        let name = item.first(&["name", "label", "title"]);
        if let Some(name) = name {
            part.put_or_note(name_of(kind), name, "Name");
        } else if !self.has_whole {
            part.put_or_note(name_of(kind), own, "Id");
        }
        let other = item.first(&["label", "title"]).filter(|other| Some(*other) != name);
        if let Some(other) = other {
            part.put_or_note("alias", other, "Label");
        }
        for (key, value) in &item.attributes {
            let is_name =
                ["name", "label", "title"].iter().any(|name| key.eq_ignore_ascii_case(name));
            let is_kind = named(value, false) == Some(kind)
                && KINDS.iter().any(|name| key.eq_ignore_ascii_case(name));
            if !is_name && !is_kind && key != WHOLE {
                self.attribute(&mut part, kind, key, value);
            }
        }
        if let Some(group) = &item.group {
            part.note(&format!("Group: {group}"));
        }
        sink.take(part.done())
    }

    fn edge(&mut self, item: &Item, source: &str, target: &str, sink: &mut dyn Sink) -> Result<()> {
        let is_mark = |(key, text): &(String, String)| key == WHOLE && references::is_mark(text);
        if item.attributes.iter().any(is_mark) {
            // The node that refers says so itself.
            return Ok(());
        }
        let origin = at(self.file, format!("line {}, edge {source} to {target}", item.line));
        if source.is_empty() || target.is_empty() {
            let what = "an edge has only one end";
            return sink.problem(Problem::new(self.file, origin.place, what));
        }
        for end in [source, target] {
            if !self.nodes.contains(end) && !self.has_own_ids {
                self.awaited.entry(end.to_owned()).or_insert(item.line);
            }
        }
        if let Some(whole) = self.whole(item, &origin, sink)? {
            return sink.take(whole);
        }
        let kind = item.first(&KINDS).or_else(|| item.first(&LABELS));
        let kind = kind.and_then(|kind| named(kind, true)).unwrap_or(EDGE);
        let Some(edge) = schema::schema(kind).and_then(|schema| schema.edge.as_ref()) else {
            return Ok(());
        };
        let id = self.edge_id(item, source, target);
        let mut part = Part::new(id, kind, origin);
        part.state(&edge.source, self.id(source).as_str());
        part.state(&edge.target, self.id(target).as_str());
        let mut has_role = false;
        for (key, value) in &item.attributes {
            let is = |names: &[&str]| names.iter().any(|name| key.eq_ignore_ascii_case(name));
            if key == WHOLE || (is(&KINDS) && named(value, true) == Some(kind)) {
                continue;
            }
            if !has_role && (is(&LABELS) || is(&KINDS)) && part.put("role", value) {
                has_role = true;
            } else if *key != edge.source && *key != edge.target {
                self.attribute(&mut part, kind, key, value);
            }
        }
        sink.take(part.done())
    }

    /// States an attribute under the property of its name, or keeps it as a note.
    fn attribute(&mut self, part: &mut Part, kind: &'static str, key: &str, value: &str) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        if self.properties.len() > REMEMBERED {
            self.properties.clear();
        }
        let known = self.properties.entry((kind, key.to_owned()));
        match *known.or_insert_with(|| property(kind, key)) {
            Some(name) => match serde_json::from_str::<Vec<String>>(value) {
                Ok(list) => list.iter().for_each(|value| part.put_or_note(name, value, key)),
                Err(_) => part.put_or_note(name, value, key),
            },
            None => part.note(&format!("{key}: {value}")),
        }
    }

    /// An edge's id: its own where ids are those of entities; networkx numbers parallel edges from
    /// 0 between any two nodes, and such numbers are none.
    fn edge_id(&mut self, item: &Item, source: &str, target: &str) -> Id {
        let own = item.id.as_deref().unwrap_or_default();
        let number = own.bytes().all(|byte| byte.is_ascii_digit());
        if self.has_own_ids && !number {
            return own.into();
        }
        let mut hash = Sha256::new();
        for text in [source, target, own] {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
        let mut short = [0; 16];
        short.copy_from_slice(&hash.finalize()[..16]);
        let before = self.repeated.entry(short).or_default();
        *before += 1;
        let nth = before.to_string();
        let key = if self.has_own_ids { "" } else { &self.key };
        hashed("edge", &[key, source, target, own, &nth]).into()
    }

    /// The entity that an item carries whole.
    fn whole(
        &self,
        item: &Item,
        origin: &Origin,
        sink: &mut dyn Sink,
    ) -> Result<Option<NewEntity>> {
        let Some((_, json)) = item.attributes.iter().find(|(key, _)| key == WHOLE) else {
            return Ok(None);
        };
        match ftm::from_json(json) {
            Ok(entity) => Ok(Some(NewEntity { origin: Some(origin.clone()), ..entity })),
            Err(what) => {
                let what = format!("its attribute “redthread” is damaged: {what}");
                sink.problem(Problem::new(self.file, &origin.place, what))?;
                Ok(None)
            }
        }
    }
}

/// Attributes that may say what a thing is.
const KINDS: [&str; 8] =
    ["schema", "type", "kind", "category", "class", "entity_type", "entityType", "node_type"];
/// Attributes that may say what an edge is called.
const LABELS: [&str; 7] =
    ["role", "label", "relationship", "relation", "relationship_type", "rel_type", "name"];

/// The property of a schema that an attribute is by its name.
fn property(kind: &str, key: &str) -> Option<&'static str> {
    let plain = |text: &str| text.replace(['_', ' ', '-'], "").to_lowercase();
    let wanted = plain(key);
    schema::schema(kind)?
        .properties()
        .find(|property| plain(&property.name) == wanted || plain(&property.label) == wanted)
        .map(|property| property.name.as_str())
}

/// The property that a thing of a schema is named by.
fn name_of(kind: &str) -> &'static str {
    if kind == "Address" { "full" } else { "name" }
}

/// The schema that a word names: its own name, its label, or what people often call it.
fn named(word: &str, edge: bool) -> Option<&'static str> {
    const OTHERS: [(&str, &str); 16] = [
        ("individual", "Person"),
        ("people", "Person"),
        ("human", "Person"),
        ("corporation", "Company"),
        ("firm", "Company"),
        ("organisation", "Organization"),
        ("org", "Organization"),
        ("ship", "Vessel"),
        ("aircraft", "Airplane"),
        ("plane", "Airplane"),
        ("location", "Address"),
        ("owner", "Ownership"),
        ("owns", "Ownership"),
        ("director", "Directorship"),
        ("shareholder", "Ownership"),
        ("employee", "Employment"),
    ];
    static WORDS: LazyLock<HashMap<(String, bool), &'static str>> = LazyLock::new(|| {
        let mut words = HashMap::new();
        for (other, name) in OTHERS {
            if let Some(schema) = schema::schema(name) {
                words.insert((other.to_owned(), schema.is_edge()), schema.name.as_str());
            }
        }
        let real = || schema::schemata().filter(|schema| !schema.is_abstract);
        for schema in real() {
            words.insert((schema.label.to_lowercase(), schema.is_edge()), &schema.name);
        }
        for schema in real() {
            words.insert((schema.name.to_lowercase(), schema.is_edge()), &schema.name);
        }
        words
    });
    WORDS.get(&(word.trim().to_lowercase(), edge)).copied()
}
