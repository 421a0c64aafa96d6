//! `redthread ask`: a question to a case, and its findings with what they rest on.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, builder::PossibleValuesParser};
use serde_json::{Value, json};

use super::{
    Failure,
    lens::LensArgs,
    terminal::{say, say_json},
    watched,
};
use crate::{
    analysis::{self, Arguments, Entry, Finding, QUESTIONS, question},
    case::{Case, Revision, Stated},
    model::{Citation, Id},
    network::{EntityRef, Lens, Network, Seen},
};

#[derive(Args, Debug)]
pub(super) struct AskArgs {
    /// The case.
    case: PathBuf,
    /// The question.
    #[arg(value_parser = PossibleValuesParser::new(QUESTIONS.iter().map(|entry| entry.name)))]
    question: String,
    /// The entities that it is about, by id or by name; “blocked” can be asked about one.
    entities: Vec<String>,
    /// Maximum path length, in relationships.
    #[arg(long)]
    hops: Option<u32>,
    #[command(flatten)]
    lens: LensArgs,
    /// Answer as JSON.
    #[arg(long)]
    json: bool,
}

impl AskArgs {
    /// The case that is asked.
    pub(super) fn case(&self) -> &Path {
        &self.case
    }
}

/// The questions and what they need, for the help.
pub(super) fn help() -> String {
    let mut text = "Questions:\n".to_owned();
    for entry in QUESTIONS {
        text += &format!("  {:<10} {}\n", entry.name, entry.label);
    }
    text + "\nExamples:
  redthread ask inquiry.redthread blocked --on 2024-07-03 --json
  redthread ask inquiry.redthread paths \"Jade Harbour Holdings Ltd\" \"Evening Lark\"
  redthread ask inquiry.redthread blocked --without \"The Estuary Post\"
  redthread ask inquiry.redthread blocked --known 40"
}

pub(super) fn ask(args: &AskArgs) -> Result<ExitCode, Failure> {
    let Some(entry) = question(&args.question) else {
        return Err(Failure::Said(format!("There is no question called “{}”.", args.question)));
    };
    let case = Case::open(&args.case)?;
    let on = args.lens.day()?;
    let log = case.log()?;
    let lens = args.lens.lens(&case, &log)?;
    let known = lens.horizon.known.and_then(|known| log.iter().find(|one| one.number == known));
    let (seen, findings) = watched("Asking", |progress| {
        let network = Network::read_at(&case, &lens.horizon, progress)?;
        let seen = network.through(&lens);
        let entities = entities(&seen, entry, &args.entities)?;
        let arguments = Arguments { entities, on: on.clone(), hops: args.hops };
        let going = || !progress.is_cancelled();
        let findings = analysis::ask(&network, (&lens, &seen), entry, arguments, &going);
        let findings = findings.ok_or(crate::case::Error::Cancelled)?;
        Ok::<_, Failure>((seen, findings))
    })?;
    if args.json {
        let findings: Vec<Value> = findings
            .iter()
            .map(|finding| report(&case, &lens, &seen, finding))
            .collect::<Result<_, Failure>>()?;
        say_json(&json!({
            "question": entry.name,
            "on": args.lens.on,
            "without": args.lens.without,
            "without_enterers": lens.horizon.without,
            "same": args.lens.same,
            "all_editions": args.lens.all_editions,
            "known": known.map(|one| json!({
                "revision": one.number.get(),
                "at": when(one).to_string(),
                "author": one.author,
            })),
            "findings": findings,
        }));
    } else {
        if let Some(one) = known {
            let at = when(one).strftime("%Y-%m-%d %H:%M:%S");
            say(format!("As known after revision {}, {at} UTC:", one.number));
        }
        if let Some(on) = &on {
            say(format!("As of {on}:"));
        }
        for finding in &findings {
            let weakest = finding.strength.map(|it| format!(" (weakest: {})", it.words()));
            say(format!("{}{}: {}", finding.verdict, weakest.unwrap_or_default(), finding.words));
        }
        if findings.is_empty() {
            say("Nothing was found.");
        }
    }
    case.close()?;
    Ok(ExitCode::SUCCESS)
}

/// When a revision was made.
fn when(revision: &Revision) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(revision.at).unwrap_or_default()
}

/// The entities that are asked about, as many as the question needs.
fn entities(seen: &Seen, entry: &Entry, named: &[String]) -> Result<Vec<Id>, Failure> {
    if entry.about(named.len()).is_none() {
        return Err(Failure::Said(match entry.entities {
            0 if entry.of_one.is_some() => {
                format!("“{}” is asked of the whole case or of one entity.", entry.name)
            }
            0 => format!("“{}” is asked of the whole case; leave the entities out.", entry.name),
            count => format!(
                "“{}” is about {count} entities; name them by id or by name ({} given).",
                entry.name,
                named.len()
            ),
        }));
    }
    named.iter().map(|name| entity(seen, name)).collect()
}

fn entity(seen: &Seen, name: &str) -> Result<Id, Failure> {
    if let Some(entity) = seen.find(name) {
        return Ok(entity.id().clone());
    }
    let called: Vec<&Id> = seen
        .nodes()
        .filter(|entity| entity.caption() == name || entity.all("name").any(|one| one == name))
        .map(EntityRef::id)
        .collect();
    match called.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Failure::Said(format!(
            "There is no entity with the id or the name “{name}” in this case; `redthread find` looks for it."
        ))),
        many => Err(Failure::Said(format!(
            "{} entities are called “{name}”; give the id of one: {}.",
            many.len(),
            many.iter().take(5).map(|id| id.as_str()).collect::<Vec<_>>().join(", ")
        ))),
    }
}

fn report(case: &Case, lens: &Lens, seen: &Seen, finding: &Finding) -> Result<Value, Failure> {
    let stated = case.statements_at(&finding.rests_on, &lens.horizon)?;
    let rests_on: Vec<Value> = stated.iter().flat_map(|one| ground(seen, one)).collect();
    Ok(json!({
        "question": finding.question,
        "about": finding.about,
        "verdict": finding.verdict,
        "words": finding.words,
        "strength": finding.strength,
        "date_uncertain": finding.date_uncertain,
        "rests_on": rests_on,
    }))
}

/// A statement with each place that supports or contradicts it, as far as the lens shows them.
fn ground(seen: &Seen, stated: &Stated) -> Vec<Value> {
    let Stated { id, entity, statement } = stated;
    let strength = seen
        .get(entity)
        .and_then(|entity| entity.strength_of(statement.key))
        .unwrap_or(statement.strength);
    let row = |evidence: Option<&Id>, place: Option<&str>, supports: Option<bool>| {
        json!({
            "statement": id.to_string(),
            "entity": entity,
            "property": statement.property,
            "value": statement.value,
            "strength": strength,
            "evidence": evidence,
            "place": place,
            "supports": supports,
        })
    };
    let counts = |one: &&Citation| one.live && seen.get(&one.evidence).is_some();
    let live: Vec<_> = statement.citations.iter().filter(counts).collect();
    if live.is_empty() {
        return vec![row(None, None, None)];
    }
    live.iter()
        .map(|one| row(Some(&one.evidence), one.page.as_deref(), Some(one.supports)))
        .collect()
}
