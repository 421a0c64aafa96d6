//! The `FollowTheMoney` model: what kinds of things there are, and what can be said of each.
//!
//! Read once from `assets/model`: `ftm.json` is `FollowTheMoney`'s, `redthread.json` adds our few
//! properties. An entity may be of a schema that is not here; it is kept and shown all the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use serde::Deserialize;

/// The property that says of an entity which other one it is the same as. It unites the two where a
/// lens counts it, and connects them nowhere else: it is no reference.
pub const SAME_AS: &str = "sameAs";

/// A kind of entity or relationship, with all that it inherits.
#[derive(Debug)]
pub struct Schema {
    /// Its name, for instance `Company`.
    pub name: String,
    /// What one of it is called.
    pub label: String,
    pub plural: String,
    /// Its ends, if it is a relationship.
    pub edge: Option<Edge>,
    /// Properties to show first, in this order.
    pub featured: Vec<String>,
    /// Properties to name one by, the first that has a value.
    pub caption: Vec<String>,
    /// Properties that one should have.
    pub required: Vec<String>,
    /// Properties that say when it began, the first that has a value.
    pub temporal_start: Vec<String>,
    /// Properties that say when it ended, the first that has a value.
    pub temporal_end: Vec<String>,
    /// Whether it exists only to be inherited from.
    pub is_abstract: bool,
    /// Whether programs make it and people do not, such as an e-mail found in an archive.
    pub generated: bool,
    ancestors: BTreeSet<String>,
    properties: Vec<Property>,
    by_name: hashbrown::HashMap<String, usize>,
}

/// The two ends of a relationship.
#[derive(Clone, Debug)]
pub struct Edge {
    /// The property that names the source.
    pub source: String,
    /// The property that names the target.
    pub target: String,
    /// What it says, as in "A owns B".
    pub label: String,
    /// Properties to write on the line, the first that has a value.
    pub caption: Vec<String>,
    /// Whether it makes a difference which end is which.
    pub directed: bool,
}

/// Something that can be said of an entity.
#[derive(Clone, Debug)]
pub struct Property {
    /// Its name, for instance `registrationNumber`.
    pub name: String,
    pub label: String,
    pub type_: PropertyType,
    /// For an entity-typed property, the schema of the entities that it may name.
    pub range: Option<String>,
    /// For an entity-typed property, the property of that schema which is its other side.
    pub reverse: Option<String>,
    /// The kind of identifier, for instance `lei`.
    pub format: Option<String>,
    /// The longest value that `FollowTheMoney` admits, in characters.
    pub max_length: usize,
    /// Whether it is only the other side of another entity's property, never stated itself.
    pub stub: bool,
    /// Whether people should not be offered it.
    pub hidden: bool,
    /// Whether another property has taken its place.
    pub deprecated: bool,
    /// Whether `FollowTheMoney` does not have it.
    pub own: bool,
}

/// The types of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are FollowTheMoney's and say what they are")]
pub enum PropertyType {
    Address,
    Checksum,
    Country,
    Date,
    Email,
    Entity,
    Gender,
    Html,
    Identifier,
    Ip,
    Json,
    Language,
    Mimetype,
    Name,
    Number,
    Phone,
    String,
    Text,
    Topic,
    Url,
}

impl Schema {
    /// Whether it is `other` or inherits from it.
    pub fn is_a(&self, other: &str) -> bool {
        self.ancestors.contains(other)
    }

    /// Whether it is a relationship.
    pub fn is_edge(&self) -> bool {
        self.edge.is_some()
    }

    /// Whether a person would be offered it for something new.
    pub fn is_creatable(&self) -> bool {
        !self.is_abstract && !self.generated
    }

    /// A property by its name, its own or inherited.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.by_name.get(name).map(|&at| &self.properties[at])
    }

    /// Every property, its own first, then those of its ancestors; without stubs.
    pub fn properties(&self) -> impl Iterator<Item = &Property> {
        self.properties.iter().filter(|p| !p.stub)
    }

    /// The property of a name, if its values are other entities.
    pub fn reference(&self, name: &str) -> Option<&Property> {
        self.property(name).filter(|p| p.is_reference() && !p.stub)
    }

    /// Whether one of it describes another entity rather than standing for itself: an address, or
    /// what is no thing, as a passport or a listing.
    pub fn is_detail(&self) -> bool {
        !self.is_edge() && (self.is_a("Address") || !self.is_a("Thing"))
    }
}

impl Property {
    /// The codes that it admits with what they mean, where there is a list of them.
    pub fn choices(&self) -> &'static [(String, String)] {
        MODEL.choices.get(self.list()).map_or(&[], Vec::as_slice)
    }

    /// The code of its list that is meant by a code or a name, in any case: `cn` by `China`,
    /// `CN` or `CHN`.
    pub fn choice_named(&self, text: &str) -> Option<&'static str> {
        choice_named(self.list(), text)
    }

    fn list(&self) -> &str {
        match self.type_ {
            PropertyType::Country => "country",
            PropertyType::Language => "language",
            PropertyType::Gender => "gender",
            PropertyType::Topic => "topic",
            _ => &self.name,
        }
    }

    /// Whether its values are other entities, to which it connects.
    fn is_reference(&self) -> bool {
        self.type_ == PropertyType::Entity && self.name != SAME_AS
    }

    /// Its label as it is written within a sentence.
    pub fn phrase(&self) -> String {
        phrase(&self.label)
    }

    /// What it says of a reference: "Parent company", and "Address" for an address that is an entity.
    pub fn relation(&self) -> &str {
        self.label.strip_suffix(" entity").unwrap_or(&self.label)
    }

    /// What those are called that refer by it: "Subsidiaries"; `None` where the model has no word.
    pub(crate) fn reverse_label(&self) -> Option<&'static str> {
        let range = schema(self.range.as_deref()?)?;
        range.property(self.reverse.as_deref()?).map(|property| property.label.as_str())
    }
}

/// A schema by its name; `None` for one that this program does not know.
pub fn schema(name: &str) -> Option<&'static Schema> {
    MODEL.schemata.get(name)
}

/// The names of the properties by which some schema refers to other entities.
pub fn references() -> impl Iterator<Item = &'static str> {
    let all = schemata().flat_map(Schema::properties);
    all.filter(|p| p.is_reference()).map(|p| p.name.as_str())
}

/// Every schema, by name.
pub fn schemata() -> impl Iterator<Item = &'static Schema> {
    MODEL.schemata.values()
}

/// What people call a code of one of the lists (`country`, `language`, `topic`, …).
pub fn choice(list: &str, code: &str) -> Option<&'static str> {
    let choices = MODEL.choices.get(list)?;
    choices.iter().find(|(c, _)| c == code).map(|(_, label)| label.as_str())
}

/// The code of one of the lists (`country`, `language`, `topic`, …) that a code or a name means.
pub fn choice_named(list: &str, text: &str) -> Option<&'static str> {
    MODEL.named.get(list)?.get(&text.to_lowercase()).map(String::as_str)
}

/// What people call a schema; the name itself for one that is not known.
pub fn label(name: &str) -> &str {
    schema(name).map_or(name, |s| &s.label)
}

/// Names in labels, which keep their capital letter.
const PROPER: [&str; 9] =
    ["Aleph", "Bureau", "Dijk", "Google", "Places", "Reuters", "Sayari", "Wikidata", "Wikipedia"];

/// A word without its capital letter, unless it is a name or an abbreviation.
fn lower(word: &str) -> String {
    let rest = word.chars().next().map_or("", |first| &word[first.len_utf8()..]);
    let ordinary = rest.chars().any(char::is_lowercase) && !rest.chars().any(char::is_uppercase);
    if ordinary && !PROPER.contains(&word) { word.to_lowercase() } else { word.to_owned() }
}

/// A label as it is written within a sentence: `nationality`, but `IMO number` and `Wikidata ID`.
pub fn phrase(label: &str) -> String {
    label.split(' ').map(lower).collect::<Vec<_>>().join(" ")
}

/// A label with one capital letter at its beginning, besides names and abbreviations: `Tax number`.
fn sentence_case(label: &str) -> String {
    match label.split_once(' ') {
        Some((first, rest)) => format!("{first} {}", phrase(rest)),
        None => label.to_owned(),
    }
}

/// What to call an entity: the first value of the schema's caption properties, else its id.
///
/// `first` gives the first value of a property. A relationship without a caption of its own is
/// called by its label. `FollowTheMoney` calls a document by its file name; we prefer its title,
/// which is what a reader of the chart can look up.
pub fn caption<'a>(schema_name: &str, first: &dyn Fn(&str) -> Option<&'a str>, id: &str) -> String {
    let Some(schema) = schema(schema_name) else {
        return first("name").unwrap_or(id).to_owned();
    };
    let title = if schema.is_a("Document") { first("title") } else { None };
    if let Some(title) = title {
        return title.to_owned();
    }
    if schema.is_edge() {
        return line_label(schema, first);
    }
    let found = schema.caption.iter().find_map(|property| first(property));
    match found {
        Some(text) => text.to_owned(),
        None if schema.is_a("Thing") => id.to_owned(),
        None => schema.label.clone(),
    }
}

/// The property whose value names an entity or stands on the line of a relationship: the one that
/// [`caption`] takes now, else the first that it would take.
pub fn caption_property<'a>(
    schema: &'a Schema,
    first: &dyn Fn(&str) -> Option<&'a str>,
) -> Option<&'a str> {
    if schema.is_a("Document") {
        return Some("title");
    }
    let edge = schema.edge.as_ref();
    let own = match schema.name.as_str() {
        "Ownership" => Some("percentage"),
        "Payment" | "Debt" => Some("amount"),
        _ => None,
    };
    let mut all = own
        .into_iter()
        .chain(edge.map_or(&schema.caption, |edge| &edge.caption).iter().map(String::as_str))
        .chain(edge.map(|_| "role"))
        .filter(|name| schema.property(name).is_some());
    all.clone().find(|name| first(name).is_some()).or_else(|| all.next())
}

/// What to write on the line of a relationship: share, amount or role, else what it says.
pub(crate) fn line_label<'a>(schema: &Schema, first: &dyn Fn(&str) -> Option<&'a str>) -> String {
    let said = |property: &str| first(property).map(str::trim).filter(|text| !text.is_empty());
    match schema.name.as_str() {
        "Ownership" => {
            if let Some(share) = said("percentage") {
                let number = share.trim_end_matches('%').trim();
                return if number.parse::<f64>().is_ok() {
                    format!("{number} %")
                } else {
                    share.to_owned()
                };
            }
            return said("role").unwrap_or("owns").to_owned();
        }
        "Payment" | "Debt" => {
            if let Some(amount) = said("amount") {
                let amount = super::value::thousands(amount);
                let currency = said("currency").map(|c| format!("{c} ")).unwrap_or_default();
                let date = said("date").or_else(|| said("startDate"));
                let date = date.map(|d| format!(" · {d}")).unwrap_or_default();
                let owed = if schema.name == "Debt" { "owes " } else { "" };
                return format!("{owed}{currency}{amount}{date}");
            }
        }
        _ => {}
    }
    let edge = schema.edge.as_ref();
    let found = edge.and_then(|edge| edge.caption.iter().find_map(|property| said(property)));
    found.or_else(|| said("role")).map_or_else(
        || edge.map_or_else(|| schema.label.clone(), |edge| edge.label.clone()),
        str::to_owned,
    )
}

/// The relationships that can stand between two entities, most likely first, each with whether
/// it then leads from `target` to `source`.
///
/// Likely is what investigators of companies draw most: owning, directing and paying before the
/// rest; an unspecified link comes last because it says least.
pub fn edges_between(source: &str, target: &str) -> Vec<(&'static Schema, bool)> {
    const ORDER: [&str; 17] = [
        "Ownership",
        "Directorship",
        "Family",
        "Payment",
        "Employment",
        "Control",
        "Representation",
        "Membership",
        "Occupancy",
        "Associate",
        "Debt",
        "ContractAward",
        "Succession",
        "ProjectParticipant",
        "CourtCaseParty",
        "Documentation",
        "UnknownLink",
    ];
    let mut found = Vec::new();
    for (rank, name) in ORDER.iter().enumerate() {
        let Some(schema) = schema(name) else { continue };
        let (forward, backward) = (admits(schema, source, target), admits(schema, target, source));
        if forward {
            found.push((likelihood(name, source, target) * 100 + rank, schema, false));
        }
        // The other way round only where that is another claim.
        let directed = schema.edge.as_ref().is_some_and(|edge| edge.directed);
        if backward && (directed || !forward) {
            let unlikely = if forward { 50 } else { 1 };
            found.push((likelihood(name, target, source) * 100 + rank + unlikely, schema, true));
        }
    }
    found.sort_by_key(|(order, ..)| *order);
    found.into_iter().map(|(_, schema, reversed)| (schema, reversed)).collect()
}

/// 0 for what one would guess first, higher for what is rarer.
fn likelihood(edge: &str, source: &str, target: &str) -> usize {
    let is = |name: &str, other: &str| schema(name).is_some_and(|s| s.is_a(other));
    let people = is(source, "Person") && is(target, "Person");
    match edge {
        "Family" => 0,
        "Directorship" if is(source, "Person") && is(target, "Organization") => 0,
        "Employment" if is(source, "Person") => 1,
        "Ownership" if is(source, "Person") && is(target, "Organization") => 1,
        "Ownership" if is(target, "Company") || !is(target, "LegalEntity") => 0,
        "UnknownLink" => 4,
        "Documentation" | "CourtCaseParty" | "ProjectParticipant" => 3,
        "Associate" if people => 1,
        _ if people => 2,
        "Directorship" => 2,
        _ => 1,
    }
}

/// Whether a relationship may lead from the one to the other.
fn admits(edge_schema: &Schema, source: &str, target: &str) -> bool {
    let Some(edge) = &edge_schema.edge else { return false };
    let fits = |property: &str, name: &str| {
        let range =
            edge_schema.property(property).and_then(|p| p.range.as_deref()).unwrap_or("Thing");
        // Of a schema that is not known, anything may be true.
        schema(name).is_none_or(|s| s.is_a(range))
    };
    fits(&edge.source, source) && fits(&edge.target, target)
}

struct Model {
    schemata: BTreeMap<String, Schema>,
    choices: BTreeMap<String, Vec<(String, String)>>,
    /// The codes of a list's entries by code, name and other names, in lower case.
    named: BTreeMap<String, BTreeMap<String, String>>,
}

static MODEL: LazyLock<Model> = LazyLock::new(Model::read);

#[derive(Deserialize)]
struct FtmFile {
    schemata: BTreeMap<String, SchemaFile>,
    values: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct OwnFile {
    properties: BTreeMap<String, BTreeMap<String, PropertyFile>>,
    values: BTreeMap<String, BTreeMap<String, String>>,
    aliases: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct SchemaFile {
    label: String,
    plural: String,
    extends: Vec<String>,
    edge: Option<EdgeFile>,
    temporal_extent: Extent,
    featured: Vec<String>,
    caption: Vec<String>,
    required: Vec<String>,
    r#abstract: bool,
    generated: bool,
    hidden: bool,
    properties: BTreeMap<String, PropertyFile>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Extent {
    start: Vec<String>,
    end: Vec<String>,
}

#[derive(Deserialize)]
struct EdgeFile {
    source: String,
    target: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    caption: Vec<String>,
    #[serde(default)]
    directed: bool,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
struct PropertyFile {
    label: String,
    #[serde(rename = "type")]
    type_: PropertyType,
    range: Option<String>,
    reverse: Option<String>,
    format: Option<String>,
    #[serde(default = "no_limit")]
    max_length: usize,
    #[serde(default)]
    stub: bool,
    #[serde(default)]
    hidden: bool,
    #[serde(default)]
    deprecated: bool,
    #[serde(skip)]
    own: bool,
}

fn no_limit() -> usize {
    usize::MAX
}

impl Model {
    fn read() -> Self {
        let mut ftm: FtmFile = serde_json::from_str(include_str!("../../assets/model/ftm.json"))
            .expect("the embedded model is well-formed");
        let own: OwnFile = serde_json::from_str(include_str!("../../assets/model/redthread.json"))
            .expect("the embedded extensions are well-formed");
        for (name, properties) in own.properties {
            let known = &mut ftm.schemata.entry(name).or_default().properties;
            for (name, property) in properties {
                let own = !known.contains_key(&name);
                known.insert(name, PropertyFile { own, ..property });
            }
        }
        let schemata =
            ftm.schemata.keys().map(|name| (name.clone(), build(&ftm.schemata, name))).collect();
        let choices: BTreeMap<String, Vec<(String, String)>> = ftm
            .values
            .into_iter()
            .chain(own.values)
            .map(|(list, values)| {
                let mut values: Vec<_> = values.into_iter().collect();
                // Grades have an order of their own; countries and the like are found by name.
                if !matches!(&*list, "reliability" | "legalStatus") {
                    values.sort_by(|a, b| a.1.cmp(&b.1));
                }
                (list, values)
            })
            .collect();
        let mut named = own.aliases;
        for (list, values) in &choices {
            let named = named.entry(list.clone()).or_default();
            // Where two would be called the same, a code is meant before a name, and the first
            // name before another.
            for (code, label) in values.iter().rev() {
                named.insert(label.to_lowercase(), code.clone());
            }
            for (code, _) in values.iter().rev() {
                named.insert(code.to_lowercase(), code.clone());
            }
        }
        Self { schemata, choices, named }
    }
}

/// A schema and its ancestors, nearest first, each once.
fn lineage(files: &BTreeMap<String, SchemaFile>, name: &str) -> Vec<String> {
    let mut found = vec![name.to_owned()];
    let mut next = 0;
    while next < found.len() {
        let parents = files.get(&found[next]).map_or(&[][..], |file| &file.extends);
        for parent in parents {
            if !found.contains(parent) {
                found.push(parent.clone());
            }
        }
        next += 1;
    }
    found
}

fn build(files: &BTreeMap<String, SchemaFile>, name: &str) -> Schema {
    let lineage = lineage(files, name);
    let file = &files[name];
    let inherited = |get: fn(&SchemaFile) -> &Vec<String>| {
        let of = lineage.iter().filter_map(|n| files.get(n)).map(get).find(|list| !list.is_empty());
        of.cloned().unwrap_or_default()
    };
    let mut properties = Vec::new();
    let mut by_name = hashbrown::HashMap::new();
    for file in lineage.iter().filter_map(|name| files.get(name)) {
        for (name, property) in &file.properties {
            if by_name.contains_key(name) {
                continue;
            }
            by_name.insert(name.clone(), properties.len());
            let PropertyFile {
                label,
                type_,
                range,
                reverse,
                format,
                max_length,
                stub,
                hidden,
                deprecated,
                own,
            } = property.clone();
            let name = name.clone();
            properties.push(Property {
                name,
                label: sentence_case(&label),
                type_,
                range,
                reverse,
                format,
                max_length,
                stub,
                hidden,
                deprecated,
                own,
            });
        }
    }
    let edge = lineage.iter().find_map(|n| files.get(n)?.edge.as_ref()).map(|edge| Edge {
        source: edge.source.clone(),
        target: edge.target.clone(),
        label: edge.label.clone(),
        caption: edge.caption.clone(),
        directed: edge.directed,
    });
    Schema {
        name: name.to_owned(),
        label: file.label.clone(),
        plural: file.plural.clone(),
        edge,
        featured: inherited(|f| &f.featured),
        caption: inherited(|f| &f.caption),
        required: inherited(|f| &f.required),
        temporal_start: inherited(|f| &f.temporal_extent.start),
        temporal_end: inherited(|f| &f.temporal_extent.end),
        is_abstract: file.r#abstract,
        generated: file.generated || file.hidden,
        ancestors: lineage.iter().cloned().collect(),
        properties,
        by_name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_71_schemata_are_here_and_hold_together() {
        assert_eq!(schemata().count(), 71);
        assert_eq!(schemata().filter(|s| s.is_edge()).count(), 17);
        for schema in schemata() {
            let named = schema.featured.iter().chain(&schema.caption).chain(&schema.required);
            for property in named.chain(&schema.temporal_start).chain(&schema.temporal_end) {
                assert!(schema.property(property).is_some(), "{} has no {property}", schema.name);
            }
            if let Some(edge) = &schema.edge {
                for end in [&edge.source, &edge.target] {
                    let property = schema.property(end).expect("an end is a property");
                    assert_eq!(property.type_, PropertyType::Entity);
                    let range = property.range.as_deref().expect("an end has a range");
                    assert!(super::schema(range).is_some());
                }
            }
        }
    }

    #[test]
    fn inheritance_reaches_all_ancestors() {
        let company = schema("Company").expect("known");
        assert!(company.is_a("Asset") && company.is_a("LegalEntity") && company.is_a("Thing"));
        assert!(!company.is_a("Person"));
        for name in ["name", "leiCode", "isinCode", "legalStatus"] {
            assert!(company.property(name).is_some(), "{name}");
        }
        assert!(schema("Pages").and_then(|s| s.property("reliability")).is_some());
    }

    fn first(source: &str, target: &str) -> &'static str {
        &edges_between(source, target)[0].0.name
    }

    #[test]
    fn the_likely_relationship_comes_first() {
        assert_eq!(first("Person", "Company"), "Directorship");
        assert_eq!(first("Company", "Company"), "Ownership");
        assert_eq!(first("Company", "Vessel"), "Ownership");
        assert_eq!(first("Person", "Person"), "Family");
        let back = edges_between("Vessel", "Company");
        assert_eq!((&*back[0].0.name, back[0].1), ("Ownership", true));
        let last = edges_between("Person", "Company").pop().expect("some");
        assert_eq!(last.0.name, "UnknownLink");
        assert!(!edges_between("Address", "Address").is_empty());
    }

    #[test]
    fn labels_are_in_sentence_case_and_keep_names_and_abbreviations() {
        let label = |schema_name: &str, property: &str| {
            let property = schema(schema_name).and_then(|s| s.property(property)).expect("known");
            (property.label.as_str(), property.phrase())
        };
        for (schema_name, property, alone, within) in [
            ("Vessel", "imoNumber", "IMO number", "IMO number"),
            ("Company", "imoNumber", "IMO number", "IMO number"),
            ("Company", "leiCode", "LEI", "LEI"),
            ("Company", "taxNumber", "Tax number", "tax number"),
            ("Company", "bvdId", "Bureau van Dijk ID", "Bureau van Dijk ID"),
            ("Company", "wikidataId", "Wikidata ID", "Wikidata ID"),
            ("Company", "vatCode", "V.A.T. identifier", "V.A.T. identifier"),
            ("Address", "osmId", "OpenStreetmap place ID", "OpenStreetmap place ID"),
            ("Person", "nationality", "Nationality", "nationality"),
            ("Pages", "publisher", "Publishing source", "publishing source"),
        ] {
            assert_eq!(label(schema_name, property), (alone, within.to_owned()));
        }
        assert_eq!(phrase(super::label("RealEstate")), "real estate");
    }

    #[test]
    fn captions_and_line_labels_say_what_a_person_would() {
        let values = |pairs: &'static [(&str, &str)]| {
            move |name: &str| pairs.iter().find(|(p, _)| *p == name).map(|(_, v)| *v)
        };
        assert_eq!(caption("Company", &values(&[("alias", "B"), ("name", "A")]), "id"), "A");
        assert_eq!(caption("Pages", &values(&[("fileName", "x.pdf"), ("title", "T")]), "id"), "T");
        assert_eq!(caption("Company", &values(&[]), "id"), "id");
        assert_eq!(caption("Nonsense", &values(&[("name", "N")]), "id"), "N");
        assert_eq!(caption("Ownership", &values(&[("percentage", "60")]), "id"), "60 %");
        assert_eq!(caption("Directorship", &values(&[]), "id"), "directs");
        let paid = values(&[("amount", "1250000"), ("currency", "USD"), ("date", "2014-03-02")]);
        assert_eq!(caption("Payment", &paid, "id"), "USD 1\u{2009}250\u{2009}000 · 2014-03-02");
    }

    #[test]
    fn the_property_that_gives_the_caption_is_the_one_that_is_edited() {
        for known in schemata() {
            // Whatever single property has a value: where that value is the caption, it is edited.
            for property in known.properties() {
                let first = |name: &str| (name == property.name).then_some("7");
                let caption = caption(&known.name, &first, "id");
                let edited = caption_property(known, &first);
                let is_title = !known.is_a("Document") || property.name == "title";
                if is_title && caption.contains('7') {
                    assert_eq!(edited, Some(property.name.as_str()), "{}", known.name);
                }
            }
            let edited = caption_property(known, &|_| None);
            assert!(edited.is_none_or(|name| known.property(name).is_some()), "{}", known.name);
        }
    }
}
