//! Entities as nodes, relationships as edges, with the colours and places of a chart; properties
//! as attributes as in `GraphML`.

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
    let [points, lines] = graph::attributes(content)?.map(|mut attributes| {
        // For these GEXF has places of its own.
        attributes.retain(|attribute| !["label", "x", "y", "color"].contains(&&*attribute.name));
        attributes
    });
    let about = &content.about;
    put(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <gexf xmlns=\"http://gexf.net/1.3\" xmlns:viz=\"http://gexf.net/1.3/viz\" version=\"1.3\">\n",
    )?;
    let all = [&about.marking, &about.lens, &about.case, &about.chart, &about.digest];
    let description: Vec<&str> =
        all.into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    put(
        out,
        &format!(
            "<meta lastmodifieddate=\"{}\">\n<creator>{}</creator>\n<description>{}</description>\n</meta>\n\
             <graph defaultedgetype=\"directed\" mode=\"static\">\n",
            escape(&about.as_at),
            escape_name(&about.author),
            escape_name(&description.join(" – "))
        ),
    )?;
    for (class, attributes) in [("node", &points), ("edge", &lines)] {
        put(out, &format!("<attributes class=\"{class}\">\n"))?;
        for (number, attribute) in attributes.iter().enumerate() {
            put(
                out,
                &format!(
                    "<attribute id=\"{number}\" title=\"{}\" type=\"{}\"/>\n",
                    escape(&attribute.name),
                    attribute.kind.word()
                ),
            )?;
        }
        put(out, "</attributes>\n")?;
    }
    put(out, "<nodes>\n")?;
    let mut written = Written::default();
    let mut references = References::among(points.iter().map(|point| point.name.as_str()));
    content.each(Which::Points, &mut |entity| {
        references.note(&entity);
        written.count(&entity);
        let (id, label) = (escape_id(entity.id.as_str()), escape_name(&entity.caption));
        put(out, &format!("<node id=\"{id}\" label=\"{label}\">"))?;
        values(content, &entity, &points, out)?;
        if let Some(place) = content.places.get(&entity.id) {
            let [red, green, blue] = place.color;
            // Gephi's y grows upwards.
            let (x, y) = (place.x, 0.0 - place.y);
            put(
                out,
                &format!(
                    "<viz:color r=\"{red}\" g=\"{green}\" b=\"{blue}\"/><viz:position x=\"{x}\" y=\"{y}\" z=\"0\"/>"
                ),
            )?;
        }
        put(out, "</node>\n")
    })?;
    let unknown = content.unknown_ends()?;
    for id in &unknown {
        let id = escape_id(id.as_str());
        put(out, &format!("<node id=\"{id}\"/>\n"))?;
    }
    put(out, "</nodes>\n<edges>\n")?;
    let mut line = |entity: Entity| {
        let Some((source, target)) = &entity.ends else { return Ok(()) };
        put(
            out,
            &format!(
                "<edge id=\"{}\" source=\"{}\" target=\"{}\" label=\"{}\" kind=\"{}\">",
                escape_id(entity.id.as_str()),
                escape_id(source.as_str()),
                escape_id(target.as_str()),
                escape_name(&entity.caption),
                escape(&entity.schema)
            ),
        )?;
        values(content, &entity, &lines, out)?;
        put(out, "</edge>\n")
    };
    content.each(Which::Lines, &mut |entity| {
        written.count(&entity);
        line(entity)
    })?;
    references.each(content, &mut written, &mut line)?;
    put(out, "</edges>\n</graph>\n</gexf>\n")?;
    graph::tell(content, &unknown, &mut written)?;
    Ok(written)
}

fn values(
    content: &Content<'_>,
    entity: &Entity,
    attributes: &[Attribute],
    out: &mut dyn Write,
) -> Result<()> {
    put(out, "<attvalues>")?;
    for (number, attribute) in attributes.iter().enumerate() {
        if let Some(value) = graph::value(content, entity, attribute) {
            put(out, &format!("<attvalue for=\"{number}\" value=\"{}\"/>", escape(&value)))?;
        }
    }
    put(out, "</attvalues>")
}
