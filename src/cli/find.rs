//! `redthread find`: looking for entities, with a report for people or for programs.

use std::{path::Path, process::ExitCode, sync::Arc, time::Instant};

use serde_json::json;

use super::{
    Failure,
    commands::newest,
    terminal::{say, say_json},
};
use crate::{
    case::{Case, Found, Hit, Reason, Total},
    model::schema,
    network::{Editions, Lens, Look},
};

pub(super) fn find(
    path: &Path,
    query: &str,
    limit: usize,
    editions: Editions,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let mut case = Case::open(path)?;
    let seen = newest(&case, editions == Editions::All)?;
    let lens = seen.as_ref().map(|seen| Lens::default().words(seen));
    let look = seen.map(|seen| Look::new(seen, Arc::default()));
    let find = |case: &Case| match &look {
        Some(look) => look.find(case, query, limit),
        None => case.find(query, limit),
    };
    let start = Instant::now();
    let mut found = find(&case)?;
    if found.still_learning {
        // Nothing was found as it is spelled: it is worth reading the words of the case.
        case.learn(&mut || false)?;
        found = find(&case)?;
    }
    let milliseconds = start.elapsed().as_secs_f64() * 1e3;
    if as_json {
        say_json(&report(query, &found, lens.as_deref(), milliseconds));
    } else {
        tell(&found);
        // What was looked for may be in an older edition.
        lens.iter().for_each(say);
    }
    case.close()?;
    Ok(ExitCode::SUCCESS)
}

fn report(query: &str, found: &Found, lens: Option<&str>, milliseconds: f64) -> serde_json::Value {
    let (total, exact) = match found.total {
        Total::Exactly(count) => (count, true),
        Total::MoreThan(count) => (count, false),
    };
    let hits: Vec<_> = found.hits.iter().map(hit).collect();
    json!({
        "query": query,
        "lens": lens,
        "total": total,
        "totalIsExact": exact,
        "notUnderstood": found.told,
        "milliseconds": (milliseconds * 1e3).round() / 1e3,
        "hits": hits,
    })
}

fn hit(hit: &Hit) -> serde_json::Value {
    let reasons: Vec<_> = hit.reasons.iter().map(reason).collect();
    json!({
        "id": hit.id,
        "caption": hit.caption,
        "schema": hit.schema,
        "links": hit.degree,
        "class": hit.class.word(),
        "reasons": reasons,
    })
}

fn reason(reason: &Reason) -> serde_json::Value {
    let distance = match reason.how {
        crate::case::How::Similar(distance) => Some(distance),
        _ => None,
    };
    json!({
        "property": reason.property,
        "value": reason.value,
        "ranges": reason.ranges,
        "how": reason.how.word(),
        "distance": distance,
    })
}

fn tell(found: &Found) {
    for sentence in &found.told {
        say(sentence);
    }
    for hit in &found.hits {
        say(format!(
            "{}  ({}, {})",
            hit.caption,
            schema::label(&hit.schema).to_lowercase(),
            hit.id
        ));
        for reason in &hit.reasons {
            if reason.value == hit.caption && reason.property == "name" {
                say(format!("    {}", reason.how.words()));
            } else {
                let property = label(&hit.schema, &reason.property);
                say(format!("    {property}: {} ({})", reason.value, reason.how.words()));
            }
        }
    }
    say(match found.total {
        Total::Exactly(0) => "Nothing was found.".to_owned(),
        Total::Exactly(count) if count == found.hits.len() => format!("{count} found"),
        Total::Exactly(count) => format!("{} of {count} found", found.hits.len()),
        Total::MoreThan(count) => format!("{} of more than {count} found", found.hits.len()),
    });
}

fn label<'a>(schema_name: &str, property: &'a str) -> &'a str {
    let known = schema::schema(schema_name).and_then(|s| s.property(property));
    known.map_or(property, |p| p.label.as_str())
}
