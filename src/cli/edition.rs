//! What an import says of a file that is another edition of a document in the case.

use serde_json::{Value, json};

use super::{import::ImportArgs, terminal::say};
use crate::{
    analysis::Difference,
    case::{Case, Error, Result},
    exchange::{
        edition::{Held, looks_like},
        import::{EditionOf, Job},
    },
    model::{Evidence, Id, PartialDate, Property, schema},
    network::{Changed, Noted, measured::counted},
};

/// Entities of each kind that are written out for people, and for programs.
const WRITTEN: usize = 5;
const LISTED: usize = 100;

/// What the arguments say of the edition that a file is.
pub(super) fn asked(args: &ImportArgs, case: &Case) -> Result<Option<EditionOf>> {
    let date = args.edition_date.as_deref().map(PartialDate::from_input).transpose();
    let date = date.map_err(|error| Error::invalid(error.to_string()))?;
    if args.edition_of.is_empty() {
        return Ok(None);
    }
    let of = documents(case, &args.edition_of)?;
    Ok(Some(EditionOf { of, date, is_older: args.older }))
}

/// The documents of a case by their names or ids.
pub(super) fn documents(case: &Case, words: &[String]) -> Result<Vec<Id>> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let held = Held::of(case)?;
    let find = |word: &String| {
        let live = || held.evidence.iter().filter(|one| one.live);
        let by_id = live().find(|one| one.id.as_str() == word);
        let called = |one: &&Evidence| one.file_name == *word || one.caption == *word;
        // Editions are often called alike: the newest is meant.
        let newest = held.newest().rfind(called);
        let found = by_id.or(newest).or_else(|| live().rfind(called));
        found.map(|one| one.id.clone()).ok_or_else(|| {
            let names: Vec<String> = live().map(|one| format!("“{}”", one.file_name)).collect();
            let there = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            Error::not_found(format!(
                "There is no document with the name or id “{word}” in the case; there are: {there}"
            ))
        })
    };
    words.iter().map(find).collect()
}

/// Says which document a file looks like a newer edition of.
pub(super) fn hint(case: &Case, job: &Job) -> Option<(Evidence, String)> {
    let (None, [file]) = (&job.edition, &job.files[..]) else { return None };
    // The import itself says what is wrong with a file.
    let held = Held::of(case).ok()?;
    let like = looks_like(&held, file, job.title.as_deref()).ok().flatten()?.clone();
    let words = format!(
        "looks like a newer edition of “{}”; --edition-of {} compares them and shows the newest",
        like.caption,
        quoted(&like.file_name)
    );
    Some((like, words))
}

fn quoted(name: &str) -> String {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "._-+/".contains(c));
    if is_plain { name.to_owned() } else { format!("'{}'", name.replace('\'', "'\\''")) }
}

fn name_of(case: &Case, id: &Id) -> String {
    case.caption(id).ok().flatten().unwrap_or_else(|| id.to_string())
}

/// What tells two editions apart, for programs.
pub(super) fn as_json(case: &Case, difference: &Difference) -> Value {
    let Difference { older, newer, is_older, compared, flips } = difference;
    let documents = |ids: &[Id]| -> Vec<Value> {
        ids.iter().map(|id| json!({ "id": id, "name": name_of(case, id) })).collect()
    };
    let noted = |all: &[Noted]| {
        let first = all.iter().take(LISTED);
        let first =
            first.map(|one| json!({ "id": one.id, "schema": one.schema, "name": one.name }));
        json!({ "count": all.len(), "first": first.collect::<Vec<_>>() })
    };
    let said = |all: &[(String, String)]| -> Vec<Value> {
        all.iter().map(|(name, value)| json!({ "property": name, "value": value })).collect()
    };
    let changed = compared.changed.iter().take(LISTED).map(|one| {
        json!({
            "id": one.id,
            "schema": one.schema,
            "name": one.name,
            "gone": said(&one.gone),
            "new": said(&one.new),
        })
    });
    let flips = flips.iter().map(|flip| {
        json!({
            "question": flip.pinned.question,
            "about": flip.pinned.about,
            "before": flip.before,
            "after": flip.after,
            "pinned": flip.pinned.words,
            "words": flip.words,
        })
    });
    json!({
        "of": documents(if *is_older { newer } else { older }),
        "isOlder": is_older,
        "new": noted(&compared.new),
        "changed": {
            "count": compared.changed.len(),
            "first": changed.collect::<Vec<_>>(),
        },
        "gone": noted(&compared.gone),
        "flips": flips.collect::<Vec<_>>(),
    })
}

/// Says what tells two editions apart.
pub(super) fn write(case: &Case, difference: &Difference) {
    let Difference { older, newer, is_older, compared, flips } = difference;
    let names = |ids: &[Id]| -> String {
        let names: Vec<String> = ids.iter().map(|id| format!("“{}”", name_of(case, id))).collect();
        names.join(", ")
    };
    let (age, of) = if *is_older { ("an older", newer) } else { ("a newer", older) };
    say(format!(
        "  {age} edition of {}: {} new, {} changed, {} gone",
        names(of),
        compared.new.len(),
        compared.changed.len(),
        compared.gone.len()
    ));
    listed("new", &compared.new, noted);
    listed("changed", &compared.changed, changed);
    listed("gone", &compared.gone, noted);
    if !flips.is_empty() {
        let count = counted(flips.len(), "pinned finding changes", "pinned findings change");
        say(format!("  {count}:"));
    }
    for flip in flips {
        let about: Vec<String> = flip.pinned.about.iter().map(|id| name_of(case, id)).collect();
        say(format!(
            "    {}, {}: {} → {}",
            flip.pinned.question,
            about.join(", "),
            flip.before,
            flip.after
        ));
    }
}

fn listed<T>(word: &str, all: &[T], words: impl Fn(&T) -> String) {
    for one in all.iter().take(WRITTEN) {
        say(format!("    {word:<8} {}", words(one)));
    }
    if all.len() > WRITTEN {
        say(format!("    {word:<8} … and {} more", all.len() - WRITTEN));
    }
}

fn noted(one: &Noted) -> String {
    format!("{} ({})", one.name, schema::label(&one.schema).to_lowercase())
}

fn changed(one: &Changed) -> String {
    let known = schema::schema(&one.schema);
    let label = |name: &str| {
        let property = known.and_then(|schema| schema.property(name));
        property.map_or_else(|| name.to_owned(), Property::phrase)
    };
    let mut parts = Vec::new();
    let mut new: Vec<&(String, String)> = one.new.iter().collect();
    for (name, value) in &one.gone {
        match new.iter().position(|(other, _)| other == name) {
            Some(at) => {
                let (_, now) = new.remove(at);
                parts.push(format!("{} “{value}” → “{now}”", label(name)));
            }
            None => parts.push(format!("{} “{value}” gone", label(name))),
        }
    }
    parts.extend(new.into_iter().map(|(name, value)| format!("{} “{value}” new", label(name))));
    let more = parts.len().saturating_sub(WRITTEN);
    parts.truncate(WRITTEN);
    if more > 0 {
        parts.push(format!("{more} more"));
    }
    format!("{}: {}", one.name, parts.join(", "))
}
