//! XML as a stream of pieces, bounded in depth and length, without entities of its own making.

use std::{io::BufReader, path::Path, rc::Rc};

use quick_xml::{Reader, XmlVersion, errors::Error as XmlError, escape, events::Event};

use super::{
    refused,
    text::{LONGEST, Meter, Source, count},
};
use crate::case::{Error, Result};

/// How deep elements may lie within each other; nested graphs of `GraphML` need two levels each.
const DEEPEST: usize = 256;
/// How many elements one record may have within it.
const MOST: usize = 1_000_000;

/// A piece of a document. Names are without their prefix.
#[derive(Debug)]
pub(in crate::exchange) enum Piece {
    Open(Tag),
    /// Text, in as many parts as it happens to come.
    Text(String),
    Close,
}

/// The beginning of an element.
#[derive(Clone, Debug, Default)]
pub(in crate::exchange) struct Tag {
    pub(in crate::exchange) name: String,
    /// Its attributes, in their order.
    pub(in crate::exchange) attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute.
    pub(in crate::exchange) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// An element with all that lies in it.
#[derive(Debug, Default)]
pub(in crate::exchange) struct Element {
    pub(in crate::exchange) tag: Tag,
    /// Its own text.
    pub(in crate::exchange) text: String,
    pub(in crate::exchange) children: Vec<Element>,
}

impl Element {
    /// The elements of a name in it.
    pub(in crate::exchange) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.tag.name == name)
    }

    /// The trimmed text of the first element of a name in it; empty where there is none.
    pub(in crate::exchange) fn text_of(&self, name: &str) -> &str {
        self.children
            .iter()
            .find(|child| child.tag.name == name)
            .map_or("", |child| child.text.trim())
    }
}

/// A document that is being read.
pub(in crate::exchange) struct Xml<'a> {
    reader: Reader<BufReader<Source>>,
    meter: Rc<Meter>,
    path: &'a Path,
    buffer: Vec<u8>,
    depth: usize,
    rooted: bool,
    line: u64,
}

impl<'a> Xml<'a> {
    /// Opens a file.
    pub(in crate::exchange) fn open(path: &'a Path) -> Result<Self> {
        let (source, meter) = Source::open(path)?;
        let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, source));
        reader.config_mut().expand_empty_elements = true;
        Ok(Self { reader, meter, path, buffer: Vec::new(), depth: 0, rooted: false, line: 1 })
    }

    /// The line that the last piece ended on, from 1.
    pub(in crate::exchange) fn line(&self) -> u64 {
        self.line
    }

    /// Bytes read, and how many there are.
    pub(in crate::exchange) fn progress(&self) -> (u64, u64) {
        (self.meter.read.get(), self.meter.size)
    }

    /// The error of a document that cannot be taken in, at the present line.
    pub(in crate::exchange) fn refuse(&self, what: &str) -> Error {
        refused(self.path, format!("line {}", self.line), what)
    }

    /// The next piece; `None` at the end of the document.
    pub(in crate::exchange) fn next(&mut self) -> Result<Option<Piece>> {
        loop {
            self.meter.next_piece();
            self.buffer.clear();
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event.into_owned(),
                Err(error) => return Err(self.broken(&error)),
            };
            self.line += count(&self.buffer, b'\n');
            match event {
                Event::Start(start) => {
                    self.depth += 1;
                    self.rooted = true;
                    if self.depth > DEEPEST {
                        return Err(self.refuse("its elements lie more than 256 deep"));
                    }
                    let mut tag = Tag { name: local(start.name().as_ref()), ..Tag::default() };
                    for attribute in start.attributes().with_checks(false) {
                        let attribute = attribute.map_err(|_| {
                            self.refuse("it is not well-formed XML (an attribute is misspelt)")
                        })?;
                        let value = attribute
                            .normalized_value(XmlVersion::Implicit1_0)
                            .map_err(|_| self.refuse(ENTITY))?;
                        tag.attributes.push((local(attribute.key.as_ref()), value.into_owned()));
                    }
                    return Ok(Some(Piece::Open(tag)));
                }
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(Some(Piece::Close));
                }
                Event::Text(text) => {
                    return Ok(Some(Piece::Text(text.xml10_content().into_owned())));
                }
                Event::CData(text) => {
                    return Ok(Some(Piece::Text(text.xml10_content().into_owned())));
                }
                Event::GeneralRef(name) => {
                    let character = name.resolve_char_ref().map_err(|_| self.refuse(ENTITY))?;
                    let text = match character {
                        Some(character) => character.to_string(),
                        None => escape::resolve_predefined_entity(&name)
                            .ok_or_else(|| self.refuse(ENTITY))?
                            .to_owned(),
                    };
                    return Ok(Some(Piece::Text(text)));
                }
                Event::DocType(text) if text.contains(['[', '%']) || text.contains("<!") => {
                    return Err(self.refuse(
                        "it defines entities of its own (a DTD), which are not read as they can do harm",
                    ));
                }
                Event::Eof if self.depth > 0 || !self.rooted => {
                    return Err(self.refuse("the file is cut off here"));
                }
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// The rest of an element that has just begun.
    pub(in crate::exchange) fn element(&mut self, tag: Tag) -> Result<Element> {
        let mut open = vec![Element { tag, ..Element::default() }];
        let (mut count, mut length) = (1, 0);
        loop {
            match self.next()? {
                Some(Piece::Open(tag)) => {
                    count += 1;
                    length += tag.attributes.iter().map(|(k, v)| k.len() + v.len()).sum::<usize>();
                    open.push(Element { tag, ..Element::default() });
                }
                Some(Piece::Text(text)) => {
                    length += text.len();
                    if let Some(innermost) = open.last_mut() {
                        innermost.text.push_str(&text);
                    }
                }
                Some(Piece::Close) => {
                    let Some(done) = open.pop() else { break };
                    match open.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None => return Ok(done),
                    }
                }
                None => break,
            }
            if count > MOST || length as u64 > LONGEST {
                return Err(self.refuse("a record is longer than 16 MiB"));
            }
        }
        Err(self.refuse("the file is cut off here"))
    }

    /// Passes over the rest of an element that has just begun.
    pub(in crate::exchange) fn skip(&mut self) -> Result<()> {
        let outside = self.depth - 1;
        while self.depth > outside {
            if self.next()?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn broken(&self, error: &XmlError) -> Error {
        if self.meter.is_overrun() {
            return self.refuse("a part of it is longer than 16 MiB");
        }
        match error {
            XmlError::Io(source) if source.kind() == std::io::ErrorKind::InvalidData => {
                self.refuse("it is not text in the encoding that it claims")
            }
            XmlError::Io(source) => Error::Unreadable {
                path: self.path.to_owned(),
                source: std::io::Error::new(source.kind(), source.to_string()),
            },
            XmlError::Encoding(_) => self.refuse("it is not text in the encoding that it claims"),
            XmlError::Syntax(_) if self.meter.is_at_end() => {
                self.refuse("the file is cut off here")
            }
            other => {
                let what = other.to_string().replace(['\n', '`'], " ");
                let what: String = what.chars().filter(|c| !c.is_control()).take(120).collect();
                self.refuse(&format!("it is not well-formed XML ({})", what.trim_end_matches('.')))
            }
        }
    }
}

const ENTITY: &str = "it uses an entity that is not one of XML's own";

/// A name without its prefix; of attributes such as `attr.name`, all of it.
fn local(name: &str) -> String {
    name.rsplit_once(':').map_or(name, |(_, local)| local).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> std::result::Result<Element, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("in.xml");
        std::fs::write(&path, text).expect("space");
        let mut xml = Xml::open(&path).map_err(|e| e.to_string())?;
        let mut root = Element::default();
        while let Some(piece) = xml.next().map_err(|e| e.to_string())? {
            if let Piece::Open(tag) = piece {
                root = xml.element(tag).map_err(|e| e.to_string())?;
            }
        }
        Ok(root)
    }

    #[test]
    fn text_comes_whole_and_names_without_prefix() {
        let root = read("<?xml version='1.0'?>\n<!DOCTYPE a><y:a x='1 &lt; 2'><b> A &amp; <![CDATA[<B>]]> &#233;</b><c/></y:a>".as_bytes())
            .expect("well-formed");
        assert_eq!((root.tag.name.as_str(), root.tag.get("x")), ("a", Some("1 < 2")));
        assert_eq!(root.text_of("b"), "A & <B> é");
        assert_eq!(root.all("c").count(), 1);
        let latin = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a><b>caf\xe9</b></a>";
        assert_eq!(read(latin).expect("decoded").text_of("b"), "café");
    }

    #[test]
    fn what_is_broken_or_made_to_harm_is_refused_with_its_line() {
        let deep = "<a>".repeat(300);
        for (text, said) in [
            ("<a>\n<b>x</b>", "line 2: the file is cut off here"),
            ("<a>\n<b x='1", "cut off"),
            ("", "cut off"),
            ("<a></b>", "not well-formed"),
            ("<a>&bomb;</a>", "an entity"),
            ("<a x='&bomb;'/>", "an entity"),
            ("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "entities of its own"),
            (deep.as_str(), "256 deep"),
        ] {
            let error = read(text.as_bytes()).expect_err(text);
            assert!(error.contains(said) && error.contains("nothing was imported"), "{error}");
        }
        assert!(read(b"<a>\xff\xff</a>").expect_err("not text").contains("encoding"));
    }
}
