//! The consolidated list of the Security Council as XML, in the layout of its schema
//! `sc-sanctions.xsd`: one element for each individual and entity, with its names in parts, its
//! other names by quality, and its comments, which are kept word for word.
//!
//! Ids are `un-` and the permanent reference number (`QDi.430`); a listing is a `Sanction`.

use super::{
    Head, Input, Problem, Sink,
    markup::{Element, Piece, Xml},
    part::{Part, address, at, country, hashed, quoted},
    refused,
};
use crate::{case::Result, model::schema};

/// Whether a file begins like the list.
pub(in crate::exchange) fn recognises(head: &Head) -> bool {
    head.text.trim_start().starts_with('<') && head.text.contains("<CONSOLIDATED_LIST")
}

/// Reads files of the list.
pub(in crate::exchange) fn read(input: &Input<'_>, sink: &mut dyn Sink) -> Result<()> {
    for (file, path) in input.files.iter().enumerate() {
        let mut xml = Xml::open(path)?;
        let mut rooted = false;
        let mut count = 0_u64;
        while let Some(piece) = xml.next()? {
            let Piece::Open(tag) = piece else { continue };
            match tag.name.as_str() {
                "CONSOLIDATED_LIST" => rooted = true,
                "INDIVIDUALS" | "ENTITIES" if rooted => {}
                "INDIVIDUAL" | "ENTITY" if rooted => {
                    let line = xml.line();
                    let record = xml.element(tag)?;
                    party(file, line, &record, sink)?;
                    count += 1;
                    if count.is_multiple_of(256) {
                        let (done, total) = xml.progress();
                        sink.at(done, total)?;
                    }
                }
                _ if !rooted => {
                    return Err(refused(path, "", "it is not the Security Council's list"));
                }
                other => {
                    let what = format!("an element “{other}” that the list does not have");
                    sink.problem(Problem::new(file, format!("line {}", xml.line()), what))?;
                    xml.skip()?;
                }
            }
        }
        let (done, total) = xml.progress();
        sink.at(done, total)?;
    }
    Ok(())
}

fn party(file: usize, line: u64, record: &Element, sink: &mut dyn Sink) -> Result<()> {
    let number = record.text_of("REFERENCE_NUMBER");
    let own = if number.is_empty() { record.text_of("DATAID") } else { number };
    if own.is_empty() {
        let what = "it has neither a reference number nor an id";
        return sink.problem(Problem::new(file, format!("line {line}"), what));
    }
    let place = format!("record {own}");
    let id = format!("un-{own}");
    let individual = record.tag.name == "INDIVIDUAL";
    let kind = if individual { "Person" } else { "Organization" };
    let comments = record.text_of("COMMENTS1");
    let origin =
        if comments.is_empty() { at(file, &place) } else { quoted(file, &place, comments) };

    let mut party = Part::new(id.as_str(), kind, at(file, &place));
    names(&mut party, record);
    for (tag, property) in
        [("TITLE", "title"), ("DESIGNATION", "position"), ("NATIONALITY", "nationality")]
    {
        for value in record.all(tag).flat_map(|list| list.all("VALUE")) {
            party.put_or_note(property, &value.text, tag_label(tag));
        }
    }
    party.put_or_note("gender", record.text_of("GENDER"), "Gender");
    party.put_or_note("program", record.text_of("UN_LIST_TYPE"), "List");
    party.state("topics", "sanction");
    for born in record.all("INDIVIDUAL_DATE_OF_BIRTH") {
        birth(&mut party, born);
    }
    for place in record.all("INDIVIDUAL_PLACE_OF_BIRTH") {
        birth_place(&mut party, place);
    }
    let mut others = Vec::new();
    for paper in record.all("INDIVIDUAL_DOCUMENT") {
        others.extend(document(&mut party, paper));
    }
    for home in record.children.iter().filter(|child| child.tag.name.ends_with("_ADDRESS")) {
        let parts = [
            ("street", home.text_of("STREET")),
            ("city", home.text_of("CITY")),
            ("state", home.text_of("STATE_PROVINCE")),
            ("postalCode", home.text_of("ZIP_CODE")),
            ("country", home.text_of("COUNTRY")),
        ];
        let note = home.text_of("NOTE");
        match address(&mut party, &parts) {
            Some(mut address) => {
                address.put_or_note("remarks", note, "Note");
                others.push(address);
            }
            None if note.is_empty() => {}
            None => party.note(&format!("Address: {note}")),
        }
    }
    unknown(&mut party, record);
    sink.take(party.done())?;
    if !comments.is_empty() {
        let mut part = Part::new(id.as_str(), kind, origin.clone());
        part.note(comments);
        sink.take(part.done())?;
    }
    let mut listing = Part::new(format!("{id}-listing"), "Sanction", origin);
    listing.state("entity", id.as_str());
    listing.state("authority", "United Nations Security Council");
    listing.put_or_note("program", record.text_of("UN_LIST_TYPE"), "List");
    if schema::schema("Sanction").is_some_and(|schema| schema.property("unscId").is_some()) {
        listing.put("unscId", number);
    }
    listing.put_or_note("listingDate", record.text_of("LISTED_ON"), "Listed on");
    for value in record.all("LAST_DAY_UPDATED").flat_map(|list| list.all("VALUE")) {
        listing.put_or_note("modifiedAt", &value.text, "Updated on");
    }
    others.push(listing);
    others.into_iter().try_for_each(|part| sink.take(part.done()))
}

fn tag_label(tag: &str) -> &'static str {
    match tag {
        "TITLE" => "Title",
        "DESIGNATION" => "Designation",
        _ => "Nationality",
    }
}

fn names(party: &mut Part, record: &Element) {
    let parts = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"];
    let parts: Vec<&str> =
        parts.iter().map(|part| record.text_of(part)).filter(|part| !part.is_empty()).collect();
    party.put_or_note("name", &parts.join(" "), "Name");
    // Which of the parts is the family's the list does not say: it differs by language.
    if party.schema() == "Person" && parts.len() > 1 {
        party.put("firstName", parts[0]);
        party.put("secondName", parts[1]);
    }
    let script = record.text_of("NAME_ORIGINAL_SCRIPT");
    party.put_or_note("alias", script, "Name in the original script");
    for alias in record.children.iter().filter(|child| child.tag.name.ends_with("_ALIAS")) {
        let quality = alias.text_of("QUALITY");
        let property = match quality.to_lowercase().as_str() {
            "low" => "weakAlias",
            "f.k.a." | "fka" => "previousName",
            _ => "alias",
        };
        let text = alias.text_of("ALIAS_NAME");
        // Some hold several names, parted by semicolons.
        for name in text.split(';') {
            party.put_or_note(property, name, "Alias");
        }
        let details = [
            ("born", alias.text_of("DATE_OF_BIRTH")),
            ("in", alias.text_of("CITY_OF_BIRTH")),
            ("in", alias.text_of("COUNTRY_OF_BIRTH")),
            ("note:", alias.text_of("NOTE")),
        ];
        let details: Vec<String> = details
            .iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(label, text)| format!("{label} {text}"))
            .collect();
        if !details.is_empty() {
            party.note(&format!("Alias “{text}”: {}", details.join(", ")));
        }
    }
}

fn birth(party: &mut Part, born: &Element) {
    let kind = born.text_of("TYPE_OF_DATE");
    let around = if kind == "APPROXIMATELY" { "circa " } else { "" };
    let mut said = false;
    for tag in ["DATE", "YEAR"] {
        let text = born.text_of(tag);
        // A day without time zone; some carry one all the same.
        let day = text.get(..10).filter(|_| text.len() > 10 && tag == "DATE").unwrap_or(text);
        if !text.is_empty() {
            said = true;
            if !party.put_as("birthDate", day, &format!("{around}{text}")) {
                party.note(&format!("Date of birth: {around}{text}"));
            }
        }
    }
    let (from, to) = (born.text_of("FROM_YEAR"), born.text_of("TO_YEAR"));
    if !from.is_empty() || !to.is_empty() {
        said = true;
        let spelt = format!("between {from} and {to}");
        let both = [from, to].map(|year| party.put_as("birthDate", year, &spelt));
        if both.contains(&false) {
            party.note(&format!("Date of birth: {spelt}"));
        }
    }
    let note = born.text_of("NOTE");
    if !note.is_empty() {
        let label = if said { "Date of birth, note" } else { "Date of birth" };
        party.note(&format!("{label}: {note}"));
    }
}

fn birth_place(party: &mut Part, place: &Element) {
    let land = place.text_of("COUNTRY");
    let parts = ["STREET", "CITY", "STATE_PROVINCE", "COUNTRY"];
    let parts: Vec<&str> =
        parts.iter().map(|part| place.text_of(part)).filter(|part| !part.is_empty()).collect();
    party.put_or_note("birthPlace", &parts.join(", "), "Place of birth");
    party.put("birthCountry", country(land).unwrap_or_default());
    let note = place.text_of("NOTE");
    if !note.is_empty() {
        party.note(&format!("Place of birth, note: {note}"));
    }
}

/// A document of identity: its number at the person, and an entity with what else is said of it.
fn document(party: &mut Part, paper: &Element) -> Option<Part> {
    if paper.children.is_empty() {
        return None;
    }
    let kind = paper.text_of("TYPE_OF_DOCUMENT");
    let other = paper.text_of("TYPE_OF_DOCUMENT2");
    let number = paper.text_of("NUMBER");
    let is_passport = ["pass", "pasap"].iter().any(|word| kind.to_lowercase().contains(word));
    let (schema, property) =
        if is_passport { ("Passport", "passportNumber") } else { ("Identification", "idNumber") };
    if number.is_empty() {
        let said: Vec<&str> = paper.children.iter().map(|child| child.text.trim()).collect();
        let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
        party.note(&format!("Document: {}", said.join(", ")));
        return None;
    }
    party.put_or_note(property, number, kind);
    let issuer = [paper.text_of("ISSUING_COUNTRY"), paper.text_of("COUNTRY_OF_ISSUE")];
    let key = hashed("un-id", &[party.id().as_str(), kind, number, issuer[0]]);
    let mut document = Part::new(key, schema, party.origin().clone());
    document.state("holder", party.id().as_str());
    document.put_or_note("number", number, "Number");
    document.put_or_note("type", if other.is_empty() { kind } else { other }, "Type");
    for land in issuer {
        document.put_or_note("country", land, "Country");
    }
    document.put_or_note("startDate", paper.text_of("DATE_OF_ISSUE"), "Issued");
    let city = paper.text_of("CITY_OF_ISSUE");
    if !city.is_empty() {
        document.note(&format!("Issued in {city}"));
    }
    document.put_or_note("summary", paper.text_of("NOTE"), "Note");
    Some(document)
}

/// What later versions of the list may add is kept.
fn unknown(party: &mut Part, record: &Element) {
    const KNOWN: [&str; 27] = [
        "DATAID",
        "VERSIONNUM",
        "FIRST_NAME",
        "SECOND_NAME",
        "THIRD_NAME",
        "FOURTH_NAME",
        "UN_LIST_TYPE",
        "REFERENCE_NUMBER",
        "LISTED_ON",
        "GENDER",
        "COMMENTS1",
        "NATIONALITY",
        "LIST_TYPE",
        "LAST_DAY_UPDATED",
        "INDIVIDUAL_ALIAS",
        "INDIVIDUAL_ADDRESS",
        "INDIVIDUAL_DATE_OF_BIRTH",
        "INDIVIDUAL_PLACE_OF_BIRTH",
        "INDIVIDUAL_DOCUMENT",
        "SORT_KEY",
        "SORT_KEY_LAST_MOD",
        "DESIGNATION",
        "TITLE",
        "NAME_ORIGINAL_SCRIPT",
        "ENTITY_ALIAS",
        "ENTITY_ADDRESS",
        "SUBMITTED_BY",
    ];
    for child in record.children.iter().filter(|child| !KNOWN.contains(&&*child.tag.name)) {
        let inner = child.children.iter().map(|value| value.text.trim());
        let texts: Vec<&str> = std::iter::once(child.text.trim()).chain(inner).collect();
        let text = texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ");
        if !text.is_empty() {
            party.note(&format!("{}: {text}", child.tag.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::exchange::tests::told;

    #[test]
    fn a_record_is_read_with_qualities_and_bounds() {
        let text = "<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID>
            <FIRST_NAME>FICTIONAL</FIRST_NAME><SECOND_NAME>PERSON</SECOND_NAME>
            <UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER>
            <LISTED_ON>2016-01-02</LISTED_ON><NAME_ORIGINAL_SCRIPT>虚构</NAME_ORIGINAL_SCRIPT>
            <COMMENTS1>Invented &amp; harmless.</COMMENTS1><NEW_THING>kept</NEW_THING>
            <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>A</ALIAS_NAME></INDIVIDUAL_ALIAS>
            <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>B</ALIAS_NAME></INDIVIDUAL_ALIAS>
            <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1960</FROM_YEAR>
            <TO_YEAR>1962</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH><INDIVIDUAL_DOCUMENT/>
            </INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>";
        let told = told(super::read, &[("un.xml", text.as_bytes())]).expect("readable");
        assert!(told.problems.is_empty());
        for (property, value) in [
            ("name", "FICTIONAL PERSON"),
            ("weakAlias", "A"),
            ("alias", "B"),
            ("alias", "虚构"),
            ("birthDate", "1960"),
            ("birthDate", "1962"),
            ("notes", "NEW_THING: kept"),
            ("notes", "Invented & harmless."),
        ] {
            assert!(told.says("un-XXi.001", property, value), "{property} {value}");
        }
        assert!(told.says("un-XXi.001-listing", "listingDate", "2016-01-02"));
        let quotes = told.entities.iter().filter_map(|e| e.origin.as_ref()?.quote.as_deref());
        assert!(quotes.collect::<Vec<_>>().contains(&"Invented & harmless."));
    }
}
