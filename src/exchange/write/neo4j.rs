//! A folder for Neo4j: CSV files with the headers of `neo4j-admin database import`, a script that
//! calls it, and one in Cypher for a database that runs already (`FalkorDB` and Memgraph read it
//! too).
//!
//! Values stand as they are, for programs. The values of a property are a list, joined by the
//! separator that ASCII has for units, which no text contains.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::BufWriter,
    path::Path,
};

use super::{
    content::{Content, Written, denials},
    graph,
    pair::of_csv,
    put,
    references::References,
    unwritten,
};
use crate::{
    case::{Result, Which},
    model::{Entity, schema},
};

/// Joins the values of a property.
const UNIT: char = '\u{1f}';

/// What stands in the file of every kind of point or relationship, before the properties.
const POINT: [&str; 6] = ["id:ID", ":LABEL", "schema", "caption", "strength", "denied:boolean"];
const LINE: [&str; 8] =
    [":START_ID", ":END_ID", ":TYPE", "id", "schema", "caption", "strength", "denied:boolean"];

/// Writes the files into a folder.
pub fn write(content: &Content<'_>, folder: &Path) -> Result<Written> {
    let mut points = content.properties(Which::Entities)?;
    for (schema, properties) in content.properties(Which::Loose)? {
        points.entry(schema).or_default().extend(properties);
    }
    let properties = points.values().flatten().map(String::as_str);
    let mut references = References::among(properties);
    let mut points = Files::new(folder, "nodes", &POINT, points);
    let mut lines =
        Files::new(folder, "relationships", &LINE, content.properties(Which::Relationships)?);
    let mut written = Written::default();
    content.each(Which::Points, &mut |entity| {
        references.note(&entity);
        written.count(&entity);
        let file = points.file(&entity.schema)?;
        let label = format!("Entity{UNIT}{}", file.name);
        let first = [
            plain(entity.id.as_str()),
            label,
            plain(&entity.schema),
            plain(&entity.caption),
            entity.strength.words().to_owned(),
            entity.denied.to_string(),
        ];
        file.row(&first, &entity)
    })?;
    let unknown = content.unknown_ends()?;
    if !unknown.is_empty() {
        let mut out = create(&folder.join("nodes_0_unknown.csv"))?;
        out.write_record(["id:ID", ":LABEL"]).map_err(of_csv)?;
        for id in &unknown {
            out.write_record([plain(id.as_str()), "Entity".to_owned()]).map_err(of_csv)?;
        }
        out.flush().map_err(unwritten)?;
    }
    let mut line = |entity: Entity| {
        let Some((source, target)) = &entity.ends else { return Ok(()) };
        let file = lines.file(&entity.schema)?;
        let first = [
            plain(source.as_str()),
            plain(target.as_str()),
            file.name.clone(),
            plain(entity.id.as_str()),
            plain(&entity.schema),
            plain(&entity.caption),
            entity.strength.words().to_owned(),
            entity.denied.to_string(),
        ];
        file.row(&first, &entity)
    };
    content.each(Which::Lines, &mut |entity| {
        written.count(&entity);
        line(entity)
    })?;
    references.each(content, &mut written, &mut line)?;
    let (points, lines) = (points.finish()?, lines.finish()?);
    admin(folder, &points, &lines, !unknown.is_empty())?;
    cypher(folder, &points, &lines, !unknown.is_empty())?;
    graph::tell(content, &unknown, &mut written)?;
    written.notes.push(
        "Load it with `sh import.sh` (neo4j-admin, a new database) or load.cypher (up to some hundred thousand rows)."
            .to_owned(),
    );
    Ok(written)
}

/// The files of one kind, one for each schema.
struct Files<'a> {
    folder: &'a Path,
    kind: &'static str,
    first: &'static [&'static str],
    /// What is to be in them, by the name that stands for a schema.
    planned: BTreeMap<String, BTreeSet<String>>,
    open: BTreeMap<String, Table>,
}

/// One file.
struct Table {
    /// Its name in the folder.
    path: String,
    /// The label or type of what is in it.
    name: String,
    /// The properties, each with its column.
    properties: Vec<(String, String)>,
    out: csv::Writer<BufWriter<File>>,
}

impl<'a> Files<'a> {
    fn new(
        folder: &'a Path,
        kind: &'static str,
        first: &'static [&'static str],
        schemata: BTreeMap<String, BTreeSet<String>>,
    ) -> Self {
        let mut planned: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (name, properties) in schemata {
            let edge = schema::schema(&name).and_then(|schema| schema.edge.as_ref());
            let ends = edge.filter(|_| kind == "relationships");
            let kept = properties.into_iter().filter(|property| {
                ends.is_none_or(|e| *property != e.source && *property != e.target)
            });
            planned.entry(word(&name)).or_default().extend(kept);
        }
        Self { folder, kind, first, planned, open: BTreeMap::new() }
    }

    fn file(&mut self, schema: &str) -> Result<&mut Table> {
        let name = word(schema);
        match self.open.entry(name.clone()) {
            std::collections::btree_map::Entry::Occupied(entry) => Ok(entry.into_mut()),
            std::collections::btree_map::Entry::Vacant(entry) => {
                let path = format!("{}_{name}.csv", self.kind);
                let mut out = create(&self.folder.join(&path))?;
                let mut taken: BTreeSet<String> = self
                    .first
                    .iter()
                    .map(|head| head.split(':').next().unwrap_or_default().to_owned())
                    .chain(["denials".to_owned()])
                    .collect();
                let mut properties = Vec::new();
                for property in self.planned.remove(&name).unwrap_or_default() {
                    let mut column = word(&property);
                    while !taken.insert(column.clone()) {
                        column.push('_');
                    }
                    properties.push((property, column));
                }
                let heads = properties.iter().map(|(_, column)| format!("{column}:string[]"));
                let first = self.first.iter().copied().chain(["denials"]).map(str::to_owned);
                out.write_record(first.chain(heads)).map_err(of_csv)?;
                Ok(entry.insert(Table { path, name, properties, out }))
            }
        }
    }

    fn finish(self) -> Result<Vec<Table>> {
        let mut done = Vec::new();
        for (_, mut table) in self.open {
            table.out.flush().map_err(unwritten)?;
            done.push(table);
        }
        Ok(done)
    }
}

impl Table {
    fn row(&mut self, first: &[String], entity: &Entity) -> Result<()> {
        for cell in first {
            self.out.write_field(cell).map_err(of_csv)?;
        }
        self.out.write_field(plain(&denials(entity))).map_err(of_csv)?;
        for (property, _) in &self.properties {
            let values: Vec<String> = entity.all(property).map(plain).collect();
            self.out.write_field(values.join(&UNIT.to_string())).map_err(of_csv)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(of_csv)
    }
}

fn create(path: &Path) -> Result<csv::Writer<BufWriter<File>>> {
    let file = File::create_new(path).map_err(unwritten)?;
    Ok(csv::Writer::from_writer(BufWriter::new(file)))
}

fn plain(text: &str) -> String {
    text.replace([UNIT, '\0'], " ")
}

/// A name that needs no quotes in Cypher, in a shell and in the name of a file.
fn word(name: &str) -> String {
    let word: String =
        name.chars().take(80).map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if word.is_empty() { "_".to_owned() } else { word }
}

fn admin(folder: &Path, points: &[Table], lines: &[Table], unknown: bool) -> Result<()> {
    let mut script = "#!/bin/sh\n\
        # Makes a new Neo4j database of this folder. Give its name, or none for the default one; Neo4j\n\
        # must not be running on it.\n\
        set -eu\n\
        cd \"$(dirname \"$0\")\"\n\
        exec \"${NEO4J_ADMIN:-neo4j-admin}\" database import full \\\n  \
        --id-type=string --array-delimiter=U+001F --multiline-fields=true \\\n"
        .to_owned();
    if unknown {
        script.push_str("  --nodes=nodes_0_unknown.csv \\\n");
    }
    for table in points {
        script.push_str(&format!("  --nodes={} \\\n", table.path));
    }
    for table in lines {
        script.push_str(&format!("  --relationships={} \\\n", table.path));
    }
    script.push_str("  \"${1:-neo4j}\"\n");
    text(&folder.join("import.sh"), &script)
}

fn cypher(folder: &Path, points: &[Table], lines: &[Table], unknown: bool) -> Result<()> {
    let mut script = "// Loads this folder into an empty database that is running: copy it into the database's import\n\
        // folder and give this script to cypher-shell.\n\
        CREATE INDEX FOR (n:Entity) ON (n.id);\n"
        .to_owned();
    let load = |path: &str| format!("\nLOAD CSV WITH HEADERS FROM 'file:///{path}' AS row\n");
    let sets = |sign: char, table: &Table| {
        let mut sets = vec![format!("{sign}.denied = (row.`denied:boolean` = 'true')")];
        for name in ["schema", "caption", "strength", "denials"] {
            sets.push(format!("{sign}.{name} = row.{name}"));
        }
        for (_, column) in &table.properties {
            sets.push(format!("{sign}.`{column}` = split(row.`{column}:string[]`, '{UNIT}')"));
        }
        sets.join(",\n    ")
    };
    if unknown {
        script.push_str(&load("nodes_0_unknown.csv"));
        script.push_str("MERGE (n:Entity {id: row.`id:ID`});\n");
    }
    for table in points {
        script.push_str(&load(&table.path));
        script.push_str(&format!(
            "MERGE (n:Entity {{id: row.`id:ID`}})\nSET n:`{}`,\n    {};\n",
            table.name,
            sets('n', table)
        ));
    }
    for table in lines {
        script.push_str(&load(&table.path));
        script.push_str(&format!(
            "MATCH (a:Entity {{id: row.`:START_ID`}}), (b:Entity {{id: row.`:END_ID`}})\n\
             MERGE (a)-[r:`{}` {{id: row.id}}]->(b)\nSET {};\n",
            table.name,
            sets('r', table)
        ));
    }
    text(&folder.join("load.cypher"), &script)
}

fn text(path: &Path, text: &str) -> Result<()> {
    let mut file = File::create_new(path).map_err(unwritten)?;
    put(&mut file, text)?;
    file.sync_all().map_err(unwritten)
}
