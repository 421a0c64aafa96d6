//! Statements about people and entities.

use serde_json::Value;

use super::{Statement, as_text, list, text, words};
use crate::{
    case::{Origin, Result},
    exchange::{
        Sink,
        part::{Part, address},
    },
};

/// Tells what a statement says of a person or an entity.
pub(super) fn tell(statement: &Statement<'_>, origin: Origin, sink: &mut dyn Sink) -> Result<()> {
    let details = statement.details;
    let person = statement.kind == "person";
    let schema = if person { "Person" } else { schema_of(details) };
    let mut part = Part::new(statement.id_of(statement.record), schema, origin);
    if person {
        of_person(&mut part, details);
    } else {
        of_entity(&mut part, details);
    }
    let mut others = Vec::new();
    for place in list(details, "addresses") {
        let home = [("full", text(place, "address")), ("country", land(place.get("country")))];
        // The country is often in the address; then it need not be said twice.
        let parts = if home[0].1.ends_with(home[1].1) { &home[..1] } else { &home[..] };
        let code = text(place, "postCode");
        let made = address(&mut part, parts);
        if !home[1].1.is_empty() {
            part.put_or_note("country", home[1].1, "Country");
        }
        if let Some(mut made) = made {
            made.put_or_note("postalCode", code, "Post code");
            others.push(made);
        }
    }
    for identifier in list(details, "identifiers") {
        identify(&mut part, identifier, person);
    }
    if let Some(exposure) = details.get("politicalExposure") {
        if text(exposure, "status") == "isPep" {
            part.put("topics", "role.pep");
        }
        for office in list(exposure, "details") {
            part.put_or_note("position", text(office, "jobTitle"), "Office");
            let reason = text(office, "reason");
            if !reason.is_empty() {
                part.note(&format!("Political exposure: {}", words(reason)));
            }
        }
    }
    if statement.status == "closed" {
        part.note(&format!("The record was closed on {}.", statement.date));
    }
    if details.get("isComponent").and_then(Value::as_bool) == Some(true) {
        part.note("Stands in the register as a part of an indirect relationship only.");
    }
    statement.credit(&mut part);
    sink.take(part.done())?;
    others.into_iter().try_for_each(|other| sink.take(other.done()))
}

fn schema_of(details: &Value) -> &'static str {
    match details.pointer("/entityType/type").map_or("", as_text) {
        "registeredEntity" => "Company",
        "legalEntity" => "Organization",
        "state" | "stateBody" => "PublicBody",
        _ => "LegalEntity",
    }
}

fn of_person(part: &mut Part, details: &Value) {
    let mut named = false;
    for name in list(details, "names") {
        let property = match text(name, "type") {
            "former" | "birth" => "previousName",
            _ if named => "alias",
            _ => "name",
        };
        let full = text(name, "fullName");
        let joined = format!("{} {}", text(name, "givenName"), text(name, "familyName"));
        part.put_or_note(property, if full.is_empty() { &joined } else { full }, "Name");
        named |= property == "name";
        if property == "name" {
            part.put("firstName", text(name, "givenName"));
            part.put("lastName", text(name, "familyName"));
            part.put("fatherName", text(name, "patronymicName"));
        }
    }
    let kind = text(details, "personType");
    if !named && kind != "knownPerson" {
        part.put("name", &format!("Unspecified ({})", words(kind)));
    }
    reason(part, details);
    for nationality in list(details, "nationalities") {
        part.put_or_note("nationality", land(Some(nationality)), "Nationality");
    }
    for residency in list(details, "taxResidencies") {
        let land = land(Some(residency));
        if !land.is_empty() {
            part.note(&format!("Tax residency: {land}"));
        }
    }
    part.put_or_note("birthDate", text(details, "birthDate"), "Born");
    part.put_or_note("deathDate", text(details, "deathDate"), "Died");
    if let Some(place) = details.get("placeOfBirth") {
        part.put_or_note("birthPlace", text(place, "address"), "Place of birth");
        part.put("birthCountry", land(place.get("country")));
    }
}

fn of_entity(part: &mut Part, details: &Value) {
    let name = text(details, "name");
    part.put_or_note("name", name, "Name");
    let kind = details.pointer("/entityType/type").map_or("", as_text);
    if name.is_empty() && matches!(kind, "unknownEntity" | "anonymousEntity") {
        part.put("name", &format!("Unspecified ({})", words(kind)));
    }
    let subtype = details.pointer("/entityType/subtype").map_or("", as_text);
    let form = details.pointer("/entityType/details").map_or("", as_text);
    part.put_or_note("legalForm", form, "Legal form");
    if !matches!(kind, "registeredEntity" | "" | "unknownEntity" | "anonymousEntity") {
        let subtype = if subtype.is_empty() || subtype == "other" { kind } else { subtype };
        part.put_or_note("classification", &words(subtype), "Kind");
    }
    reason(part, details);
    for other in list(details, "alternateNames") {
        part.put_or_note("alias", as_text(other), "Other name");
    }
    let place = details.get("jurisdiction").or_else(|| details.get("incorporatedInJurisdiction"));
    part.put_or_note("jurisdiction", land(place), "Jurisdiction");
    part.put_or_note("incorporationDate", text(details, "foundingDate"), "Founded");
    part.put_or_note("dissolutionDate", text(details, "dissolutionDate"), "Dissolved");
    part.put_or_note("website", text(details, "uri"), "Web");
    let listing = details.get("publicListing").unwrap_or(&Value::Null);
    for security in list(listing, "securitiesListings") {
        let security_id = security.get("security").unwrap_or(&Value::Null);
        part.put_or_note("ticker", text(security_id, "ticker"), "Ticker");
        let number = text(security_id, "id");
        let is_isin = text(security_id, "idScheme").eq_ignore_ascii_case("isin");
        part.put_or_note(if is_isin { "isinCode" } else { "" }, number, "Security");
    }
    for filing in list(listing, "companyFilingsURLs") {
        part.put_or_note("sourceUrl", as_text(filing), "Filings");
    }
}

/// Why somebody is not named.
fn reason(part: &mut Part, details: &Value) {
    for key in ["unspecifiedPersonDetails", "unspecifiedEntityDetails"] {
        let Some(said) = details.get(key) else { continue };
        let said = [words(text(said, "reason")), text(said, "description").to_owned()];
        part.note(&format!("Not specified: {}", said.join(" ").trim()));
    }
}

/// A place's code, else its name.
fn land(place: Option<&Value>) -> &str {
    let Some(place) = place else { return "" };
    let code = text(place, "code");
    // A part of a country has a code with a hyphen, of which the country's is the beginning.
    let code = code.split('-').next().unwrap_or_default();
    if code.is_empty() { text(place, "name") } else { code }
}

/// A number by its scheme: those of org-id.guide for entities, `GBR-PASSPORT` and the like for
/// people.
fn identify(part: &mut Part, identifier: &Value, person: bool) {
    let number = text(identifier, "id");
    let scheme = text(identifier, "scheme");
    let name = text(identifier, "schemeName");
    let property = match scheme.rsplit('-').next().unwrap_or_default() {
        "LEI" => "leiCode",
        "TAXID" => "taxNumber",
        "PASSPORT" if person => "passportNumber",
        "VAT" => "vatCode",
        "DUNS" => "dunsCode",
        _ if person => "idNumber",
        _ => "registrationNumber",
    };
    let label = if name.is_empty() { scheme } else { name };
    part.put_or_note(property, number, if label.is_empty() { "Number" } else { label });
    let uri = text(identifier, "uri");
    if number.is_empty() || uri.starts_with("http") {
        part.put_or_note("sourceUrl", uri, "Register");
    }
}
