//! The Offshore Leaks database of the International Consortium of Investigative Journalists as
//! comma-separated values (offshoreleaks.icij.org/pages/database): a file for each kind of node,
//! and one of relationships, in the columns of today and of the releases since 2016.
//!
//! Ids are `icij-` and the number of the node. The database does not say whether an officer is a
//! person or a company, so that officers and intermediaries are `LegalEntity`. Nodes that ICIJ
//! thinks alike (`same_name_as`, `similar`) are linked and not united.

use super::{
    Head, Input, Problem, Sink,
    part::{Part, at, country, hashed},
    refused,
    text::{Rows, first_rows, total},
};
use crate::{
    case::Result,
    model::{Id, schema},
};

/// The kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Entities,
    /// Officers, intermediaries.
    Parties,
    Others,
    Addresses,
    Relationships,
}

/// The columns of a file by what they are called today.
#[derive(Debug)]
struct Columns {
    names: Vec<String>,
    kind: Kind,
}

impl Columns {
    fn of(header: &[String]) -> Option<Self> {
        let names: Vec<String> = header.iter().map(|name| today(name)).collect();
        let has = |wanted: &str| names.iter().any(|name| name == wanted);
        let any = |wanted: &[&str]| wanted.iter().any(|name| has(name));
        // Any export for Neo4j calls the ends of its relationships so.
        let bare = header.iter().any(|name| name.trim().to_lowercase() == ":start_id");
        if bare && !any(&["sourceid", "valid_until", "link"]) {
            return None;
        }
        let kind = if has("node_id_start") && has("node_id_end") && has("rel_type") {
            Kind::Relationships
        } else if !has("node_id") || !any(&["sourceid", "valid_until", "icij_id"]) {
            return None;
        } else if any(&["ibcruc", "company_type", "service_provider", "struck_off_date"]) {
            let is_other = has("type") && !has("company_type");
            if is_other { Kind::Others } else { Kind::Entities }
        } else if has("address") && !has("internal_id") && !has("status") {
            Kind::Addresses
        } else if has("name") {
            Kind::Parties
        } else {
            return None;
        };
        Some(Self { names, kind })
    }

    /// A field of a row by its column; empty where there is none.
    fn get<'a>(&self, row: &'a [String], column: &str) -> &'a str {
        let at = self.names.iter().position(|name| name == column);
        at.and_then(|at| row.get(at)).map_or("", |field| field.trim())
    }
}

/// What a column is called today.
fn today(name: &str) -> String {
    let name = name.trim().trim_start_matches('\u{feff}').to_lowercase();
    let name = name.strip_prefix("n.").unwrap_or(&name);
    match name {
        "start_id" | "node_1" | "node_id_1" | ":start_id" => "node_id_start",
        "end_id" | "node_2" | "node_id_2" | ":end_id" => "node_id_end",
        ":type" => "rel_type",
        other => other,
    }
    .to_owned()
}

/// The columns of a header, which in some releases calls the kind of a relationship `TYPE`.
fn columns(header: &[String]) -> Option<Columns> {
    let mut header = header.to_vec();
    let is_edges = header.iter().any(|name| today(name) == "node_id_start");
    for name in header.iter_mut().filter(|name| is_edges && name.eq_ignore_ascii_case("type")) {
        *name = "rel_type".to_owned();
    }
    Columns::of(&header)
}

/// Whether a file begins like one of the database's.
pub(in crate::exchange) fn recognises(head: &Head) -> bool {
    first_rows(head, 1).first().is_some_and(|header| columns(header).is_some())
}

/// Reads files, those of nodes before those of relationships. A relationship may lead to nodes of
/// files that are not here.
pub(in crate::exchange) fn read(input: &Input<'_>, sink: &mut dyn Sink) -> Result<()> {
    let total = total(input)?;
    let mut done = 0;
    for relationships in [false, true] {
        for (file, path) in input.files.iter().enumerate() {
            let mut rows = Rows::open(path)?;
            let Some(columns) = rows.next()?.as_deref().and_then(columns) else {
                let what = "its first row is none of the headers of the Offshore Leaks database";
                return Err(refused(path, "row 1", what));
            };
            if (columns.kind == Kind::Relationships) != relationships {
                continue;
            }
            while let Some(row) = rows.next()? {
                rows.tell(sink, done, total)?;
                let place = format!("row {}", rows.number);
                if row.len() == columns.names.len() {
                    match columns.kind {
                        Kind::Relationships => edge(file, place, &columns, &row, sink)?,
                        _ => node(file, place, &columns, &row, sink)?,
                    }
                } else if rows.is_open_end() && row.len() < columns.names.len() {
                    return Err(refused(path, place, "the file is cut off here"));
                } else {
                    let wanted = columns.names.len();
                    let what = format!("it has {} columns instead of {wanted}", row.len());
                    sink.problem(Problem::new(file, place, what))?;
                }
            }
            done += rows.size();
        }
    }
    sink.at(total, total)
}

fn id(number: &str) -> Id {
    format!("icij-{number}").into()
}

/// Columns with the property that they are and what they are called in a note.
const VALUES: [(&str, &str, &str); 15] = [
    ("original_name", "alias", "Original name"),
    ("former_name", "previousName", "Former name"),
    ("company_type", "legalForm", "Company type"),
    ("type", "legalForm", "Type"),
    ("incorporation_date", "incorporationDate", "Incorporated"),
    ("struck_off_date", "dissolutionDate", "Struck off"),
    ("closed_date", "dissolutionDate", "Closed"),
    ("inactivation_date", "", "Inactive since"),
    ("dorm_date", "", "Dormant since"),
    ("status", "status", "Status"),
    ("service_provider", "", "Service provider"),
    ("ibcruc", "registrationNumber", "Number (IBC or RUC)"),
    ("internal_id", "", "Number with the service provider"),
    ("valid_until", "", "Validity"),
    ("note", "", "Note"),
];

fn node(
    file: usize,
    place: String,
    columns: &Columns,
    row: &[String],
    sink: &mut dyn Sink,
) -> Result<()> {
    let get = |column: &str| columns.get(row, column);
    let number = get("node_id");
    if number.is_empty() {
        return sink.problem(Problem::new(file, place, "it has no node_id"));
    }
    let schema = match columns.kind {
        Kind::Entities => "Company",
        Kind::Others => "Organization",
        Kind::Addresses => "Address",
        _ => "LegalEntity",
    };
    let mut part = Part::new(id(number), schema, at(file, place));
    let (name, address) = (get("name"), get("address"));
    if columns.kind == Kind::Addresses {
        part.put_or_note("full", if address.is_empty() { name } else { address }, "Address");
        if !address.is_empty() && name != address {
            part.put_or_note("name", name, "Name");
        }
    } else {
        part.put_or_note("name", name, "Name");
        part.put_or_note("address", address, "Address");
        part.put("icijId", number);
    }
    for (column, property, label) in VALUES {
        let value = get(column);
        if column != "original_name" || value != name {
            part.put_or_note(property, value, label);
        }
    }
    if columns.kind == Kind::Entities {
        part.state("topics", "corp.offshore");
    }
    let place = [get("jurisdiction_description"), get("jurisdiction")];
    if let Some(code) = place.iter().find_map(|text| country(text)) {
        part.put("jurisdiction", code);
    } else if let Some(text) = place.iter().find(|text| !text.is_empty()) {
        part.note(&format!("Jurisdiction: {text}"));
    }
    let codes: Vec<&str> = parts(get("country_codes")).collect();
    let names: Vec<&str> = parts(get("countries")).collect();
    for (index, code) in codes.iter().enumerate() {
        let name = names.get(index).copied().unwrap_or_default();
        match country(code).or_else(|| country(name)) {
            Some(code) => drop(part.put("country", code)),
            None => part.note(&format!("Country: {code} {name}")),
        }
    }
    for name in names.iter().skip(codes.len()) {
        part.put_or_note("country", name, "Country");
    }
    let leak = get("sourceid");
    if !leak.is_empty() {
        part.put_or_note("publisher", &format!("ICIJ, {leak}"), "Source");
    }
    part.state("sourceUrl", format!("https://offshoreleaks.icij.org/nodes/{number}"));
    sink.take(part.done())
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|part| !part.is_empty())
}

fn edge(
    file: usize,
    place: String,
    columns: &Columns,
    row: &[String],
    sink: &mut dyn Sink,
) -> Result<()> {
    let get = |column: &str| columns.get(row, column);
    let (from, to, kind) = (get("node_id_start"), get("node_id_end"), get("rel_type"));
    if from.is_empty() || to.is_empty() {
        return sink.problem(Problem::new(file, place, "it does not say both of its ends"));
    }
    let (kind, link) = (words(kind), words(get("link")));
    // An address is nobody to be tied to: it is where somebody is.
    if kind == "registered address" || kind == "has address" {
        let mut part = Part::new(id(from), "Thing", at(file, place));
        part.state("addressEntity", id(to).as_str());
        return sink.take(part.done());
    }
    let role = if link.is_empty() { &kind } else { &link };
    let name = schema_of(&kind, role);
    let key = hashed("icij-link", &[from, to, &kind, &link]);
    let mut part = Part::new(key, name, at(file, place));
    let Some(edge) = schema::schema(name).and_then(|schema| schema.edge.as_ref()) else {
        return Ok(());
    };
    part.state(&edge.source, id(from).as_str());
    part.state(&edge.target, id(to).as_str());
    part.put_or_note("role", role, "Role");
    for (column, property, label) in [
        ("start_date", "startDate", "From"),
        ("end_date", "endDate", "Until"),
        ("status", "status", "Status"),
        ("valid_until", "", "Validity"),
    ] {
        part.put_or_note(property, get(column), label);
    }
    let leak = get("sourceid");
    if !leak.is_empty() {
        part.put_or_note("publisher", &format!("ICIJ, {leak}"), "Source");
    }
    sink.take(part.done())
}

/// `officer_of` and `OFFICER OF` as words.
fn words(text: &str) -> String {
    text.to_lowercase().split(['_', ' ']).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What a relationship is by its kind and by what it is called.
fn schema_of(kind: &str, role: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| role.contains(word));
    if kind == "intermediary of" || has(&["intermediary", "attorney", "agent", "nominee", "proxy"])
    {
        // A nominee is one on another's behalf, whatever the office.
        "Representation"
    } else if has(&["shareholder", "owner", "beneficiary", "stockholder", "member of"]) {
        "Ownership"
    } else if has(&["director", "president", "secretary", "treasurer", "chairman", "manager"]) {
        "Directorship"
    } else {
        "UnknownLink"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::tests::told;

    const ENTITIES: &str = "node_id,name,original_name,former_name,jurisdiction,jurisdiction_description,company_type,address,internal_id,incorporation_date,inactivation_date,struck_off_date,dorm_date,status,service_provider,ibcRUC,country_codes,countries,sourceID,valid_until,note\n\
        10000001,FICTIONAL HOLDINGS LTD.,FICTIONAL HOLDINGS LTD.,OLD FICTION LTD.,BVI,British Virgin Islands,,1 Invented Road,1,23-MAR-2006,18-FEB-2013,15-FEB-2013,,Defaulted,FICTIONAL PROVIDER,25221,HKG;XXX,Hong Kong;Not identified,FICTIONAL Papers,current through 2015,\n\
        broken\n";
    const OFFICERS: &str = "node_id,name,countries,country_codes,sourceID,valid_until,note\n12000001,FICTIONAL Person,China,CHN,FICTIONAL Papers,current through 2015,\n";
    const ADDRESSES: &str = "node_id,address,name,countries,country_codes,sourceID,valid_until,note\n14000001,\"1 Invented Road, Hong Kong\",,Hong Kong,HKG,FICTIONAL Papers,,\n";
    const EDGES: &str = "node_id_start,node_id_end,rel_type,link,status,start_date,end_date,sourceID\n\
        12000001,10000001,officer_of,shareholder of,,2006-03-23,,FICTIONAL Papers\n\
        12000001,10000001,officer_of,director of,,,,FICTIONAL Papers\n\
        11000001,10000001,intermediary_of,intermediary of,,,,FICTIONAL Papers\n\
        10000001,14000001,registered_address,registered address,,,,FICTIONAL Papers\n\
        12000001,12000002,same_name_as,same name as,,,,FICTIONAL Papers\n";

    #[test]
    fn nodes_and_relationships_come_in_any_order_of_files() {
        let told = told(
            read,
            &[
                ("relationships.csv", EDGES.as_bytes()),
                ("nodes-entities.csv", ENTITIES.as_bytes()),
                ("nodes-officers.csv", OFFICERS.as_bytes()),
                ("nodes-addresses.csv", ADDRESSES.as_bytes()),
            ],
        )
        .expect("readable");
        let company = "icij-10000001";
        assert_eq!(told.schema(company), Some("Company"));
        for (property, value) in [
            ("name", "FICTIONAL HOLDINGS LTD."),
            ("previousName", "OLD FICTION LTD."),
            ("jurisdiction", "vg"),
            ("incorporationDate", "2006-03-23"),
            ("dissolutionDate", "2013-02-15"),
            ("country", "hk"),
            ("notes", "Country: XXX Not identified"),
            ("notes", "Inactive since: 18-FEB-2013"),
            ("registrationNumber", "25221"),
            ("addressEntity", "icij-14000001"),
        ] {
            assert!(told.says(company, property, value), "{property} {value}");
        }
        assert_eq!(told.schema("icij-14000001"), Some("Address"));
        assert_eq!(told.schema("icij-12000001"), Some("LegalEntity"));
        let person = "icij-12000001";
        assert!(told.tie("Ownership", person, company).is_some());
        assert!(told.tie("Directorship", person, company).is_some());
        assert!(told.tie("Representation", "icij-11000001", company).is_some());
        assert!(told.tie("UnknownLink", person, "icij-12000002").is_some());
        assert_eq!(told.problems.len(), 1);
        assert_eq!((told.problems[0].file, told.problems[0].place.as_str()), (1, "row 3"));
    }

    #[test]
    fn headers_of_earlier_releases_are_known_and_others_are_not() {
        let kind = |header: &str| {
            let header: Vec<String> = header.split(',').map(str::to_owned).collect();
            columns(&header).map(|columns| columns.kind)
        };
        for (header, wanted) in [
            (
                "START_ID,TYPE,END_ID,link,start_date,end_date,sourceID,valid_until",
                Kind::Relationships,
            ),
            ("node_id_1,rel_type,node_id_2", Kind::Relationships),
            (
                "node_1,rel_type,node_2,sourceID,valid_until,start_date,end_date",
                Kind::Relationships,
            ),
            (
                "name,icij_id,valid_until,country_codes,countries,node_id,sourceID,note",
                Kind::Parties,
            ),
            (
                "name,internal_id,address,valid_until,country_codes,countries,status,node_id,sourceID,note",
                Kind::Parties,
            ),
            (
                "address,icij_id,valid_until,country_codes,countries,node_id,sourceID,note",
                Kind::Addresses,
            ),
            (
                "node_id,name,type,incorporation_date,struck_off_date,closed_date,jurisdiction,jurisdiction_description,countries,country_codes,sourceID,valid_until,note",
                Kind::Others,
            ),
        ] {
            assert_eq!(kind(header), Some(wanted), "{header}");
        }
        assert_eq!(kind("id,name,country"), None);
        assert_eq!(kind("node_id,x"), None);
    }
}
