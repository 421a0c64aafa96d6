//! GEXF 1.1 to 1.3 (gexf.net) as Gephi and networkx write it: declared attributes with defaults,
//! nested nodes, parallel edges. Places, colours and sizes (`viz`) are not read.

use std::collections::HashMap;

use super::{Graph, Item};
use crate::{
    case::Result,
    exchange::{
        Head, Input, Sink,
        markup::{Element, Piece, Tag, Xml},
        refused,
    },
    model::PartialDate,
};

/// Whether a file begins like GEXF.
pub(in crate::exchange) fn recognises(head: &Head) -> bool {
    head.text.trim_start().starts_with('<') && head.text.contains("<gexf")
}

/// A declared attribute.
#[derive(Default)]
struct Attribute {
    title: String,
    is_list: bool,
    default: Option<String>,
}

/// The declared attributes of nodes and of edges, by id.
#[derive(Default)]
struct Declared {
    nodes: HashMap<String, Attribute>,
    edges: HashMap<String, Attribute>,
}

/// Reads files.
pub(in crate::exchange) fn read(input: &Input<'_>, sink: &mut dyn Sink) -> Result<()> {
    for (file, path) in input.files.iter().enumerate() {
        let mut xml = Xml::open(path)?;
        let mut graph = Graph::new(file, path)?;
        let mut declared = Declared::default();
        // `None` stands for an element that holds others, such as `nodes`.
        let mut frames: Vec<Option<Item>> = Vec::new();
        while let Some(piece) = xml.next()? {
            match piece {
                Piece::Open(tag) if frames.is_empty() && tag.name != "gexf" => {
                    return Err(refused(path, "", "it is not GEXF"));
                }
                Piece::Open(tag) => match tag.name.as_str() {
                    "gexf" | "graph" | "edges" => frames.push(None),
                    "nodes" => {
                        if let Some(Some(item)) = frames.last_mut() {
                            tell(&mut graph, item, &declared, sink, &xml)?;
                        }
                        frames.push(None);
                    }
                    "attributes" => {
                        let attributes = xml.element(tag)?;
                        declare(&mut declared, &attributes);
                        declared.nodes.values().for_each(|known| graph.declare(&known.title));
                    }
                    "node" => frames.push(Some(node(&tag, xml.line(), &frames))),
                    "edge" => {
                        let line = xml.line();
                        let element = xml.element(tag)?;
                        let mut item = edge(&element.tag, line);
                        for values in element.all("attvalues") {
                            add(&mut item, values, &declared.edges);
                        }
                        tell(&mut graph, &mut item, &declared, sink, &xml)?;
                    }
                    "attvalues" => {
                        let values = xml.element(tag)?;
                        if let Some(Some(item)) = frames.last_mut() {
                            add(item, &values, &declared.nodes);
                            if item.is_too_long() {
                                return Err(xml.refuse("a node has more than 10,000 attributes"));
                            }
                        }
                    }
                    _ => xml.skip()?,
                },
                Piece::Close => {
                    if let Some(Some(mut item)) = frames.pop() {
                        tell(&mut graph, &mut item, &declared, sink, &xml)?;
                    }
                }
                Piece::Text(_) => {}
            }
        }
        graph.finish(sink)?;
        let (done, total) = xml.progress();
        sink.at(done, total)?;
    }
    Ok(())
}

fn tell(
    graph: &mut Graph,
    item: &mut Item,
    declared: &Declared,
    sink: &mut dyn Sink,
    xml: &Xml<'_>,
) -> Result<()> {
    let known = if item.ends.is_some() { &declared.edges } else { &declared.nodes };
    let defaults = known
        .values()
        .filter_map(|known| Some((known.title.clone(), known.default.clone()?)))
        .collect();
    graph.tell(item, defaults, sink, xml)
}

fn declare(declared: &mut Declared, attributes: &Element) {
    let of_edges = attributes.tag.get("class") == Some("edge");
    let known = if of_edges { &mut declared.edges } else { &mut declared.nodes };
    for attribute in attributes.all("attribute") {
        let id = attribute.tag.get("id").unwrap_or_default();
        let title = attribute.tag.get("title").unwrap_or(id).to_owned();
        let is_list = attribute.tag.get("type").is_some_and(|kind| kind.starts_with("list"));
        let default = attribute.all("default").next().map(|value| value.text.trim().to_owned());
        let default = default.filter(|text| !text.is_empty());
        known.insert(id.to_owned(), Attribute { title, is_list, default });
    }
}

fn node(tag: &Tag, line: u64, frames: &[Option<Item>]) -> Item {
    let group = frames.iter().rev().find_map(|frame| frame.as_ref().map(Item::caption));
    let group = group.or_else(|| tag.get("pid").map(str::to_owned));
    let mut item = Item { id: tag.get("id").map(str::to_owned), line, group, ..Item::default() };
    own(&mut item, tag, &["label"]);
    dates(&mut item, tag);
    item
}

fn edge(tag: &Tag, line: u64) -> Item {
    let end = |name: &str| tag.get(name).unwrap_or_default().to_owned();
    let ends = Some((end("source"), end("target")));
    let mut item = Item { id: tag.get("id").map(str::to_owned), ends, line, ..Item::default() };
    own(&mut item, tag, &["label", "kind", "weight"]);
    dates(&mut item, tag);
    item
}

fn own(item: &mut Item, tag: &Tag, names: &[&str]) {
    for name in names {
        if let Some(value) = tag.get(name).filter(|value| !value.trim().is_empty()) {
            item.attributes.push(((*name).to_owned(), value.to_owned()));
        }
    }
}

/// When it was, where it is told as dates and not as steps of a simulation.
fn dates(item: &mut Item, tag: &Tag) {
    for (name, property) in [("start", "startDate"), ("end", "endDate")] {
        let date = tag.get(name).filter(|text| text.parse::<PartialDate>().is_ok());
        if let Some(date) = date {
            item.attributes.push((property.to_owned(), date.to_owned()));
        }
    }
}

/// Adds values of declared attributes. GEXF 1.1 calls their id `id`, later ones `for`.
fn add(item: &mut Item, values: &Element, known: &HashMap<String, Attribute>) {
    for value in values.all("attvalue") {
        let id = value.tag.get("for").or_else(|| value.tag.get("id")).unwrap_or_default();
        let text = value.tag.get("value").unwrap_or_default();
        let known = known.get(id);
        let title = known.map_or(id, |known| known.title.as_str());
        if known.is_some_and(|known| known.is_list) {
            let inner = text.trim().trim_start_matches('[').trim_end_matches(']');
            for part in inner.split([',', '|', ';']).filter(|part| !part.trim().is_empty()) {
                item.attributes.push((title.to_owned(), part.trim().to_owned()));
            }
        } else {
            item.attributes.push((title.to_owned(), text.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::tests::told;

    #[test]
    fn nodes_edges_and_their_attributes_are_read() {
        let text = r#"<?xml version="1.0" encoding="UTF-8"?>
        <gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3"><meta><creator>A</creator></meta>
        <graph defaultedgetype="directed"><attributes class="node"><attribute id="0" title="schema" type="string"/>
        <attribute id="1" title="aliases" type="liststring"/><attribute id="2" title="country" type="string"><default>Cuba</default></attribute></attributes>
        <attributes class="edge"><attribute id="0" title="percentage" type="double"/></attributes>
        <nodes><node id="a" label="A"><attvalues><attvalue for="0" value="Person"/><attvalue for="1" value="[x, y]"/></attvalues>
        <viz:position x="1" y="2"/><nodes><node id="b" label="B"><attvalues><attvalue for="0" value="Company"/></attvalues></node></nodes></node></nodes>
        <edges><edge id="0" source="a" target="b" label="Owns" weight="2.0" start="2016-01-01"><attvalues><attvalue for="0" value="60.0"/></attvalues></edge>
        <edge id="1" source="a" target="b" label="knows"/></edges></graph></gexf>"#;
        let told = told(read, &[("in.gexf", text.as_bytes())]).expect("readable");
        assert!(told.problems.is_empty(), "{:?}", told.problems);
        assert_eq!((told.schema("a"), told.schema("b")), (Some("Person"), Some("Company")));
        assert!(told.says("a", "name", "A") && told.says("b", "country", "cu"));
        assert!(told.says("a", "notes", "aliases: x") && told.says("b", "notes", "Group: A"));
        let owns = told.tie("Ownership", "a", "b").expect("an ownership");
        let said: Vec<(&str, &str)> =
            owns.values.iter().map(|v| (v.property.as_str(), v.value.as_str())).collect();
        assert!(said.contains(&("percentage", "60.0")), "{said:?}");
        assert!(said.contains(&("startDate", "2016-01-01")), "{said:?}");
        assert!(said.contains(&("description", "weight: 2.0")), "{said:?}");
        assert!(told.tie("UnknownLink", "a", "b").is_some());
    }
}
