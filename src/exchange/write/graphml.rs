//! Entities as nodes, relationships as edges; properties as attributes, several values joined by
//! semicolons, and all of an entity without loss in the attribute `redthread`. What a person reads
//! shows hidden characters (`⟪U+202E⟫`); ids and `redthread` give them back to a program.

use std::io::Write;

use crate::{
    case::{Result, Which},
    exchange::{
        content::{Content, Written},
        graph::{self, Attribute},
        put,
        references::References,
    },
    model::{
        Entity,
        xml::{escape, escape_id, escape_name},
    },
};

/// Writes a graph.
pub fn write(content: &Content<'_>, out: &mut dyn Write) -> Result<Written> {
    let [points, lines] = graph::attributes(content)?;
    put(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
    )?;
    for (sign, target, attributes) in [('n', "node", &points), ('e', "edge", &lines)] {
        for (number, attribute) in attributes.iter().enumerate() {
            put(
                out,
                &format!(
                    "<key id=\"{sign}{number}\" for=\"{target}\" attr.name=\"{}\" attr.type=\"{}\"/>\n",
                    escape(&attribute.name),
                    attribute.kind.word()
                ),
            )?;
        }
    }
    let about = &content.about;
    let known = [
        ("title", &about.case),
        ("chart", &about.chart),
        ("marking", &about.marking),
        ("lens", &about.lens),
        ("asAt", &about.as_at),
        ("author", &about.author),
        ("digest", &about.digest),
    ];
    let known: Vec<_> = known.into_iter().filter(|(_, text)| !text.is_empty()).collect();
    for (name, _) in &known {
        put(
            out,
            &format!(
                "<key id=\"{name}\" for=\"graph\" attr.name=\"{name}\" attr.type=\"string\"/>\n"
            ),
        )?;
    }
    put(out, "<graph edgedefault=\"directed\">\n")?;
    for (name, text) in known {
        put(out, &format!("<data key=\"{name}\">{}</data>\n", escape_name(text)))?;
    }
    let mut written = Written::default();
    let mut references = References::among(points.iter().map(|point| point.name.as_str()));
    content.each(Which::Points, &mut |entity| {
        references.note(&entity);
        written.count(&entity);
        put(out, &format!("<node id=\"{}\">", escape_id(entity.id.as_str())))?;
        data(content, &entity, 'n', &points, out)?;
        put(out, "</node>\n")
    })?;
    let unknown = content.unknown_ends()?;
    for id in &unknown {
        put(out, &format!("<node id=\"{}\"/>\n", escape_id(id.as_str())))?;
    }
    let mut line = |entity: Entity| {
        let Some((source, target)) = &entity.ends else { return Ok(()) };
        put(
            out,
            &format!(
                "<edge id=\"{}\" source=\"{}\" target=\"{}\">",
                escape_id(entity.id.as_str()),
                escape_id(source.as_str()),
                escape_id(target.as_str())
            ),
        )?;
        data(content, &entity, 'e', &lines, out)?;
        put(out, "</edge>\n")
    };
    content.each(Which::Lines, &mut |entity| {
        written.count(&entity);
        line(entity)
    })?;
    references.each(content, &mut written, &mut line)?;
    put(out, "</graph>\n</graphml>\n")?;
    graph::tell(content, &unknown, &mut written)?;
    Ok(written)
}

fn data(
    content: &Content<'_>,
    entity: &Entity,
    sign: char,
    attributes: &[Attribute],
    out: &mut dyn Write,
) -> Result<()> {
    for (number, attribute) in attributes.iter().enumerate() {
        if let Some(value) = graph::value(content, entity, attribute) {
            put(out, &format!("<data key=\"{sign}{number}\">{}</data>", escape(&value)))?;
        }
    }
    Ok(())
}
