//! The list of formats that something can be written to.

use std::{fs::File, io::Write, path::Path};

use crate::{
    case::Result,
    exchange::{
        content::{Content, Written},
        ftm, gexf, graphml, neo4j, pair, statements, xlsx,
    },
};

/// A format that something can be written to.
#[derive(Debug)]
pub struct Target {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is called in the window.
    pub label: &'static str,
    /// The endings of its files' names, the usual one first; none for a folder.
    pub endings: &'static [&'static str],
    /// What it is for, in one line.
    pub purpose: &'static str,
    pub(super) writer: Writer,
}

/// How a format is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Writer {
    /// From the beginning to the end of a file.
    Stream(fn(&Content<'_>, &mut dyn Write) -> Result<Written>),
    /// Here and there in a file.
    Seek(fn(&Content<'_>, &mut File) -> Result<Written>),
    /// Several files in a folder.
    Folder(fn(&Content<'_>, &Path) -> Result<Written>),
    /// Pictures of a chart.
    Svg,
    Png,
    Pdf,
    /// A table of what has a date.
    Timeline,
}

/// The table of a timeline, which only a timeline is written as.
pub static TIMELINE: Target = Target {
    name: "timeline",
    label: "Timeline as CSV",
    endings: &["csv"],
    purpose: "One dated thing a row: its lane, what it is, from when to when. Safe to open in a spreadsheet.",
    writer: Writer::Timeline,
};

/// Every format, in the order in which they are offered.
pub static TARGETS: [Target; 10] = [
    Target {
        name: "pdf",
        label: "PDF",
        endings: &["pdf"],
        purpose: "A chart to print or send: sharp at every size, its names can be searched and copied.",
        writer: Writer::Pdf,
    },
    Target {
        name: "svg",
        label: "SVG",
        endings: &["svg"],
        purpose: "A chart for a drawing program or a web page, with its names as text.",
        writer: Writer::Svg,
    },
    Target {
        name: "png",
        label: "PNG",
        endings: &["png"],
        purpose: "A chart as an image, for slides and messages.",
        writer: Writer::Png,
    },
    Target {
        name: "xlsx",
        label: "Excel workbook",
        endings: &["xlsx"],
        purpose: "Tables to read and sort: entities, relationships, statements and their sources, evidence.",
        writer: Writer::Seek(xlsx::write),
    },
    Target {
        name: "csv",
        label: "CSV pair",
        endings: &[],
        purpose: "A folder with entities.csv and relationships.csv, safe to open in a spreadsheet.",
        writer: Writer::Folder(pair::write),
    },
    Target {
        name: "ftm",
        label: "FollowTheMoney entities",
        endings: &["ftm.ndjson", "ndjson", "jsonl", "ijson", "json"],
        purpose: "Everything stated, for OpenAleph, OpenSanctions and Redthread: one JSON object a line.",
        writer: Writer::Stream(ftm::write),
    },
    Target {
        name: "statements",
        label: "FollowTheMoney statements",
        endings: &["statements.csv", "csv"],
        purpose: "One statement a row with its source and date, for nomenklatura and OpenSanctions. Raw: not for a spreadsheet, which may run a value as a formula.",
        writer: Writer::Stream(statements::write),
    },
    Target {
        name: "graphml",
        label: "GraphML",
        endings: &["graphml"],
        purpose: "The network for networkx, Gephi, yEd and Cytoscape, with every property.",
        writer: Writer::Stream(graphml::write),
    },
    Target {
        name: "gexf",
        label: "GEXF",
        endings: &["gexf"],
        purpose: "The network for Gephi, with the places and colours of a chart.",
        writer: Writer::Stream(gexf::write),
    },
    Target {
        name: "neo4j",
        label: "Neo4j",
        endings: &[],
        purpose: "A folder of CSV files with scripts that load them into Neo4j, by bulk or by Cypher. Raw: not for a spreadsheet, which may run a value as a formula.",
        writer: Writer::Folder(neo4j::write),
    },
];

/// A target by its name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().chain([&TIMELINE]).find(|target| target.name == name)
}

/// The target that a file is of by the ending of its name.
pub fn fitting(path: &Path) -> Option<&'static Target> {
    TARGETS.iter().find(|target| !target.is_folder() && target.fits(path))
}

impl Target {
    /// Whether it is a picture of a chart.
    pub fn is_picture(&self) -> bool {
        matches!(self.writer, Writer::Svg | Writer::Png | Writer::Pdf)
    }

    /// Whether its files have a place for what is said of them as a whole.
    pub fn has_metadata(&self) -> bool {
        self.is_picture() || matches!(self.name, "xlsx" | "graphml" | "gexf")
    }

    /// Whether its tables hold values exactly as they are stored, which a spreadsheet may run as
    /// formulas.
    pub(crate) fn is_raw(&self) -> bool {
        matches!(self.name, "statements" | "neo4j")
    }

    /// Whether it is a folder of several files.
    pub fn is_folder(&self) -> bool {
        self.endings.is_empty()
    }

    /// Whether a name ends as its files' names do; a folder's may end in any way.
    pub fn fits(&self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        self.is_folder()
            || self.endings.iter().any(|end| {
                name.strip_suffix(end)
                    .and_then(|stem| stem.strip_suffix('.'))
                    .is_some_and(|stem| !stem.is_empty())
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_by_its_ending_and_a_folder_is_not() {
        for (name, is) in [
            ("a.ftm.ndjson", "ftm"),
            ("a.json", "ftm"),
            ("a.statements.csv", "statements"),
            ("A.PDF", "pdf"),
            ("a.graphml", "graphml"),
        ] {
            assert_eq!(fitting(Path::new(name)).map(|target| target.name), Some(is), "{name}");
        }
        for name in ["a", "a.docx", ".pdf", "folder/"] {
            assert!(fitting(Path::new(name)).is_none(), "{name}");
        }
        let names: std::collections::BTreeSet<&str> = TARGETS.iter().map(|t| t.name).collect();
        assert_eq!(names.len(), TARGETS.len());
    }
}
