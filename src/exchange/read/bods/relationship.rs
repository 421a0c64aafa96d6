//! Statements about relationships: one of ours for each interest.

use std::collections::HashMap;

use serde_json::Value;

use super::{Statement, as_text, list, text, unspecified, words};
use crate::{
    case::{Origin, Result},
    exchange::{
        Problem, Sink,
        part::{Part, hashed},
    },
    model::{Id, schema},
};

/// Tells the interests of a statement; `replaced` says when another took its place.
pub(super) fn tell(
    statement: &Statement<'_>,
    replaced: Option<&str>,
    origin: Origin,
    sink: &mut dyn Sink,
) -> Result<()> {
    let details = statement.details;
    let mut ends = Vec::new();
    for (key, role) in [("interestedParty", "interested party"), ("subject", "subject")] {
        match details.get(key) {
            Some(Value::String(record)) if !record.is_empty() => {
                ends.push(statement.id_of(record.trim()));
            }
            Some(said @ Value::Object(_)) => {
                let (id, part) = unspecified(statement, role, said, &origin);
                sink.take(part.done())?;
                ends.push(id);
            }
            _ => {
                let what = format!("the relationship has no {role}");
                return sink.problem(Problem::new(origin.file, origin.place, what));
            }
        }
    }
    let none = Value::Null;
    let interests: Vec<&Value> = list(details, "interests").collect();
    let interests = if interests.is_empty() { vec![&none] } else { interests };
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for interest in interests {
        let kind = text(interest, "type");
        let before = seen.entry(kind).or_default();
        let nth = before.to_string();
        *before += 1;
        let own = if replaced.is_some() { statement.id } else { "" };
        let id = hashed("bods", &[statement.publisher, statement.record, own, kind, &nth]);
        let part = interest_of(statement, interest, (&ends[0], &ends[1]), id, replaced, &origin);
        sink.take(part.done())?;
    }
    Ok(())
}

fn interest_of(
    statement: &Statement<'_>,
    interest: &Value,
    (party, subject): (&Id, &Id),
    id: String,
    replaced: Option<&str>,
    origin: &Origin,
) -> Part {
    let kind = text(interest, "type");
    let name = schema_of(kind);
    let mut part = Part::new(id, name, origin.clone());
    if let Some(edge) = schema::schema(name).and_then(|schema| schema.edge.as_ref()) {
        part.state(&edge.source, party.as_str());
        part.state(&edge.target, subject.as_str());
    }
    let share = interest.get("share").map(share).unwrap_or_default();
    if name == "Ownership" {
        part.put_or_note("percentage", &share, "Share");
        if kind != "shareholding" {
            part.put_or_note("role", &words(kind), "Interest");
        }
        part.put_or_note("ownershipType", text(interest, "directOrIndirect"), "Held");
    } else {
        let property = if name == "Control" { "controlType" } else { "role" };
        let role = if kind.is_empty() { "interest not stated" } else { &words(kind) };
        part.put_or_note(property, role, "Interest");
        if !share.is_empty() {
            part.note(&format!("Share: {share} %"));
        }
        let held = text(interest, "directOrIndirect");
        if !held.is_empty() {
            part.note(&format!("Held: {held}"));
        }
    }
    part.put_or_note("startDate", text(interest, "startDate"), "From");
    let end = text(interest, "endDate");
    let closed = statement.status == "closed";
    let end = match replaced {
        _ if !end.is_empty() => end,
        Some(date) => date,
        None if closed => statement.date,
        None => "",
    };
    part.put_or_note("endDate", end, "Until");
    if replaced.is_some() || closed {
        part.put("status", if replaced.is_some() { "replaced" } else { "closed" });
    }
    match interest.get("beneficialOwnershipOrControl").and_then(Value::as_bool) {
        Some(true) => part.note("Beneficial ownership or control."),
        // A nominee or an intermediate holds the shares, but is not the owner that matters.
        Some(false) => {
            part.put_or_note("role", "not beneficial (nominee or intermediate)", "Interest");
        }
        None => {}
    }
    part.note(text(interest, "details"));
    let details = statement.details;
    if details.get("isComponent").and_then(Value::as_bool) == Some(true) {
        part.note("Part of an indirect relationship.");
    }
    let parts: Vec<&str> = list(details, "componentRecords").map(as_text).collect();
    if !parts.is_empty() {
        part.note(&format!("Made up of the records: {}", parts.join(", ")));
    }
    statement.credit(&mut part);
    part
}

/// The kinds of interest (the standard's code list `interestType`) as ours.
fn schema_of(kind: &str) -> &'static str {
    match kind {
        "shareholding"
        | "rightsToSurplusAssetsOnDissolution"
        | "rightsToProfitOrIncome"
        | "rightToProfitOrIncomeFromAssets"
        | "enjoymentAndUseOfAssets" => "Ownership",
        "boardMember" | "boardChair" | "seniorManagingOfficial" => "Directorship",
        "votingRights"
        | "appointmentOfBoard"
        | "otherInfluenceOrControl"
        | "controlViaCompanyRulesOrArticles"
        | "controlByLegalFramework"
        | "rightsGrantedByContract"
        | "conditionalRightsGrantedByContract"
        | "settlor"
        | "trustee"
        | "protector" => "Control",
        _ => "UnknownLink",
    }
}

/// `50`, `25 to 50`, `more than 25`, `at most 10`: in per cent.
fn share(share: &Value) -> String {
    let number =
        |key: &str| share.get(key).filter(|value| value.is_number()).map(ToString::to_string);
    let flag = |key: &str| share.get(key).and_then(Value::as_bool) == Some(true);
    if let Some(exact) = number("exact") {
        return exact;
    }
    // Before 0.4 the flags said `exclusiveMinimum: true`, now they are numbers of their own.
    let least = number("exclusiveMinimum").or_else(|| number("minimum"));
    let most = number("exclusiveMaximum").or_else(|| number("maximum"));
    let more = flag("exclusiveMinimum") || number("exclusiveMinimum").is_some();
    let less = flag("exclusiveMaximum") || number("exclusiveMaximum").is_some();
    let above = if more { "more than " } else { "" };
    match (least, most) {
        (Some(least), Some(most)) if less => format!("{above}{least} to less than {most}"),
        (Some(least), Some(most)) => format!("{above}{least} to {most}"),
        (Some(least), None) if more => format!("more than {least}"),
        (Some(least), None) => format!("at least {least}"),
        (None, Some(most)) if less => format!("less than {most}"),
        (None, Some(most)) => format!("at most {most}"),
        (None, None) => String::new(),
    }
}
