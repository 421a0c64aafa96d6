//! `GraphML` (graphml.graphdrawing.org) as networkx, Gephi, igraph and yEd write it: typed keys
//! with defaults, nested graphs, and yEd's labels. Hyperedges are told and left out.

use std::collections::HashMap;

use super::{Graph, Item};
use crate::{
    case::Result,
    exchange::{
        Head, Input, Problem, Sink,
        markup::{Element, Piece, Tag, Xml},
        refused,
    },
};

/// Whether a file begins like `GraphML`.
pub(in crate::exchange) fn recognises(head: &Head) -> bool {
    head.text.trim_start().starts_with('<') && head.text.contains("<graphml")
}

/// A declared attribute.
struct Key {
    name: String,
    of: String,
    default: Option<String>,
}

/// What is open.
enum Frame {
    /// The document, a graph, or what holds nothing of its own.
    Outer,
    Item(Item),
}

/// Reads files.
pub(in crate::exchange) fn read(input: &Input<'_>, sink: &mut dyn Sink) -> Result<()> {
    for (file, path) in input.files.iter().enumerate() {
        let mut xml = Xml::open(path)?;
        let mut graph = Graph::new(file, path)?;
        let mut keys: HashMap<String, Key> = HashMap::new();
        let mut frames: Vec<Frame> = Vec::new();
        while let Some(piece) = xml.next()? {
            match piece {
                Piece::Open(tag) if frames.is_empty() && tag.name != "graphml" => {
                    return Err(refused(path, "", "it is not GraphML"));
                }
                Piece::Open(tag) => match tag.name.as_str() {
                    "graphml" => frames.push(Frame::Outer),
                    "graph" => {
                        // What lies within a node comes after what is said of it.
                        if let Some(Frame::Item(item)) = frames.last_mut() {
                            tell(&mut graph, item, &keys, sink, &xml)?;
                        }
                        frames.push(Frame::Outer);
                    }
                    "key" => {
                        let key = xml.element(tag)?;
                        let id = key.tag.get("id").unwrap_or_default().to_owned();
                        let key = declared(&key);
                        if matches!(key.of.as_str(), "node" | "all" | "") {
                            graph.declare(&key.name);
                        }
                        keys.insert(id, key);
                    }
                    "node" => frames.push(Frame::Item(node(&tag, xml.line(), &frames))),
                    "edge" => frames.push(Frame::Item(edge(&tag, xml.line()))),
                    "data" => {
                        let data = xml.element(tag)?;
                        if let Some(Frame::Item(item)) = frames.last_mut() {
                            add(item, &data, &keys);
                            if item.is_too_long() {
                                return Err(xml.refuse("a node has more than 10,000 attributes"));
                            }
                        }
                    }
                    "desc" => {
                        let text = xml.element(tag)?.text;
                        if let Some(Frame::Item(item)) = frames.last_mut() {
                            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                            item.attributes.push(("description".to_owned(), text));
                        }
                    }
                    "hyperedge" => {
                        let hyperedge = xml.element(tag)?;
                        let ends: Vec<&str> = hyperedge
                            .all("endpoint")
                            .filter_map(|end| end.tag.get("node"))
                            .take(6)
                            .collect();
                        let what = format!(
                            "a hyperedge of {} ends ({}) cannot be a relationship of two",
                            hyperedge.all("endpoint").count(),
                            ends.join(", ")
                        );
                        let place = format!("line {}", xml.line());
                        sink.problem(Problem::new(file, place, what))?;
                    }
                    _ => xml.skip()?,
                },
                Piece::Close => {
                    if let Some(Frame::Item(mut item)) = frames.pop() {
                        tell(&mut graph, &mut item, &keys, sink, &xml)?;
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

/// Tells an item. A node that others lie in is told before them, and again where more is said of
/// it after them.
fn tell(
    graph: &mut Graph,
    item: &mut Item,
    keys: &HashMap<String, Key>,
    sink: &mut dyn Sink,
    xml: &Xml<'_>,
) -> Result<()> {
    let of = if item.ends.is_some() { "edge" } else { "node" };
    let defaults = keys
        .values()
        .filter(|key| key.of == of || key.of == "all")
        .filter_map(|key| Some((key.name.clone(), key.default.clone()?)))
        .collect();
    graph.tell(item, defaults, sink, xml)
}

fn declared(key: &Element) -> Key {
    let id = key.tag.get("id").unwrap_or_default();
    // yEd's keys of graphics have a type of its own and no name.
    let name = key.tag.get("attr.name").unwrap_or(id).to_owned();
    let default = key.all("default").next().map(|value| value.text.trim().to_owned());
    let of = key.tag.get("for").unwrap_or("all").to_owned();
    Key { name, of, default: default.filter(|text| !text.is_empty()) }
}

fn node(tag: &Tag, line: u64, frames: &[Frame]) -> Item {
    let group = frames.iter().rev().find_map(|frame| match frame {
        Frame::Item(item) => Some(item.caption()),
        Frame::Outer => None,
    });
    Item { id: tag.get("id").map(str::to_owned), line, group, ..Item::default() }
}

fn edge(tag: &Tag, line: u64) -> Item {
    let end = |name: &str| tag.get(name).unwrap_or_default().to_owned();
    Item {
        id: tag.get("id").map(str::to_owned),
        ends: Some((end("source"), end("target"))),
        line,
        ..Item::default()
    }
}

/// Adds what a `data` element says.
fn add(item: &mut Item, data: &Element, keys: &HashMap<String, Key>) {
    let id = data.tag.get("key").unwrap_or_default();
    let name = keys.get(id).map_or(id, |key| key.name.as_str());
    if data.children.is_empty() {
        item.attributes.push((name.to_owned(), data.text.trim().to_owned()));
        return;
    }
    // yEd: shapes and lines with their labels somewhere in them; places and colours are not read.
    let mut open: Vec<&Element> = vec![data];
    while let Some(element) = open.pop() {
        if matches!(element.tag.name.as_str(), "NodeLabel" | "EdgeLabel") {
            let label = element.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let first = !item.attributes.iter().any(|(key, _)| key == "label");
            let key = if first { "label" } else { "Second label" };
            if !label.is_empty() {
                item.attributes.push((key.to_owned(), label));
            }
        }
        open.extend(element.children.iter().rev());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::tests::{Told, told};

    fn read_text(text: &str) -> Told {
        told(read, &[("in.graphml", text.as_bytes())]).expect("readable")
    }

    #[test]
    fn attributes_become_properties_and_the_rest_notes() {
        let told = read_text(
            r#"<graphml><key id="d0" for="node" attr.name="label" attr.type="string"/>
            <key id="d1" for="node" attr.name="type"><default>person</default></key>
            <key id="d2" for="all" attr.name="country"/><key id="d3" for="node" attr.name="size"/>
            <key id="d4" for="edge" attr.name="relationship"/>
            <graph edgedefault="directed">
            <node id="a"><data key="d0">A</data><data key="d2">China</data><data key="d3">3</data></node>
            <edge source="a" target="b"><data key="d4">owns</data></edge>
            <edge source="a" target="b"><data key="d4">drinks with</data></edge>
            <edge source="a" target="c"/>
            <node id="b"><data key="d1">Company</data><data key="d0">B</data></node>
            <hyperedge><endpoint node="a"/><endpoint node="b"/><endpoint node="c"/></hyperedge>
            </graph></graphml>"#,
        );
        let id = |name: &str| {
            let found = told.entities.iter().find(|e| e.values.iter().any(|v| v.value == name));
            found.expect("there").id.as_str().to_owned()
        };
        let (a, b) = (id("A"), id("B"));
        assert_eq!((told.schema(&a), told.schema(&b)), (Some("Person"), Some("Company")));
        assert!(told.says(&a, "country", "cn") && told.says(&a, "notes", "size: 3"));
        assert!(told.tie("Ownership", &a, &b).is_some());
        let other = told.tie("UnknownLink", &a, &b).expect("the other one");
        assert!(other.values.iter().any(|v| v.property == "role" && v.value == "drinks with"));
        let reasons: Vec<&str> = told.problems.iter().map(|p| p.reason.as_str()).collect();
        assert_eq!(reasons.len(), 2);
        assert!(reasons[0].contains("hyperedge of 3 ends") && reasons[1].contains("“c”"));
    }

    #[test]
    fn yed_labels_and_groups_are_read() {
        let told = read_text(
            r#"<graphml xmlns:y="http://www.yworks.com/xml/graphml">
            <key for="node" id="d6" yfiles.type="nodegraphics"/><key for="edge" id="d9" yfiles.type="edgegraphics"/>
            <graph edgedefault="directed" id="G"><node id="n0" yfiles.foldertype="group">
            <data key="d6"><y:ProxyAutoBoundsNode><y:Realizers><y:GroupNode><y:NodeLabel>Holding</y:NodeLabel></y:GroupNode></y:Realizers></y:ProxyAutoBoundsNode></data>
            <graph id="n0:"><node id="n0::n0"><desc>Seen in
            Testville</desc><data key="d6"><y:ShapeNode><y:Geometry x="1"/><y:NodeLabel>Inner
            Ltd</y:NodeLabel><y:NodeLabel>since 2016</y:NodeLabel></y:ShapeNode></data></node></graph></node>
            <node id="n1"><data key="d6"><y:ShapeNode/></data></node>
            <edge id="e0" source="n0" target="n0::n0"><data key="d9"><y:PolyLineEdge><y:EdgeLabel>holds</y:EdgeLabel></y:PolyLineEdge></data></edge>
            </graph></graphml>"#,
        );
        assert!(told.problems.is_empty(), "{:?}", told.problems);
        let says = |property: &str, value: &str| {
            let mut values = told.entities.iter().flat_map(|e| &e.values);
            values.any(|v| v.property == property && v.value == value)
        };
        assert!(says("name", "Holding") && says("name", "Inner Ltd"));
        assert!(says("notes", "Group: Holding") && says("role", "holds"));
        assert!(says("notes", "Second label: since 2016"));
        assert!(says("description", "Seen in Testville"));
        assert!(says("name", "n1"), "a node without label is called by its id");
    }

    #[test]
    fn ids_of_entities_stay_and_a_whole_entity_comes_back_as_it_was() {
        let told = read_text(
            r#"<graphml><key id="k" for="node" attr.name="schema"/><key id="w" for="all" attr.name="redthread"/>
            <graph edgedefault="directed"><node id="ofac-1"><data key="k">Company</data></node>
            <node id="x"><data key="w">{"id":"x","schema":"Person","properties":{"name":["A; B","C"]},"redthread":{"denied":{"name":["D"]}}}</data></node>
            <edge id="own-1" source="x" target="ofac-1"><data key="k">Ownership</data></edge>
            <node id="y"><data key="w">{oops</data></node></graph></graphml>"#,
        );
        assert_eq!(told.schema("ofac-1"), Some("Company"));
        assert!(told.says("x", "name", "A; B") && told.says("x", "name", "C"));
        let denied = told.entities.iter().flat_map(|e| &e.values).find(|v| v.denied);
        assert_eq!(denied.map(|v| v.value.as_str()), Some("D"));
        assert_eq!(told.tie("Ownership", "x", "ofac-1").map(|e| e.id.as_str()), Some("own-1"));
        assert!(told.problems[0].reason.contains("damaged"));
    }
}
