//! Ways between members of a graph in two CSV files.

use std::{collections::HashMap, path::PathBuf, process::ExitCode, time::Instant};

use clap::Args;
use serde_json::{Value, json};

use super::{
    Failure,
    graph::{Read, answer_with, round, rows, told},
    watched,
};
use crate::{
    model::visible::visible,
    network::path::{Pathfinder, Ways},
};

#[derive(Args, Debug)]
#[command(next_help_heading = "For path and paths")]
pub(super) struct Ends {
    /// The id of the member where ways begin.
    #[arg(long, value_name = "ID", requires = "to")]
    from: Option<String>,
    /// The id of the member where they end.
    #[arg(long, value_name = "ID", requires = "from")]
    to: Option<String>,
    /// In place of the two, many pairs of ids: CSV with the columns `from` and `to`, or else the
    /// first two; or a JSON list of lists of two.
    #[arg(long, value_name = "FILE", conflicts_with = "from")]
    pairs: Option<PathBuf>,
    /// Of how many ties a way is at most.
    #[arg(long, default_value_t = 4)]
    hops: u32,
    /// How many ways to find for each pair at most.
    #[arg(long, default_value_t = 1_000_000)]
    most: usize,
}

impl Ends {
    fn read(&self, ids: &[String]) -> Result<Vec<(u32, u32)>, Failure> {
        let number: HashMap<&str, u32> = ids.iter().map(String::as_str).zip(0..).collect();
        let find = |id: &str| {
            number.get(id).copied().ok_or_else(|| {
                Failure::Said(format!("There is no member with the id “{id}”; check it."))
            })
        };
        if let (Some(from), Some(to)) = (&self.from, &self.to) {
            return Ok(vec![(find(from)?, find(to)?)]);
        }
        let Some(path) = &self.pairs else {
            return Err(Failure::Said(
                "Ways have two ends; name them with --from and --to, or a file with --pairs."
                    .to_owned(),
            ));
        };
        let mut pairs = Vec::new();
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
            let said = |error: &dyn std::fmt::Display| {
                let name = path.display();
                Failure::Said(format!("{name} is no JSON list of pairs ({error}); check the file."))
            };
            let text = std::fs::read_to_string(path).map_err(|error| said(&error))?;
            let read: Vec<(Value, Value)> =
                serde_json::from_str(&text).map_err(|error| said(&error))?;
            let id = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            for (from, to) in read {
                pairs.push((find(&id(from))?, find(&id(to))?));
            }
        } else {
            for row in rows(path, [("from", 0), ("to", 1)])? {
                let [from, to] = row?;
                pairs.push((find(&from)?, find(&to)?));
            }
        }
        Ok(pairs)
    }
}

/// Finds one of the shortest ways between the ends, or all that are short enough.
pub(super) fn measure(
    op: &str,
    shortest: bool,
    ends: &Ends,
    Read { ids, graph, .. }: &Read,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let pairs = ends.read(ids)?;
    let started = Instant::now();
    let found: Vec<Ways> = watched("Looking for ways", |progress| {
        let mut finder = Pathfinder::default();
        let one = |(at, pair): (usize, &(u32, u32))| {
            if shortest {
                let ways: Vec<_> = finder.shortest(graph, pair.0, pair.1).into_iter().collect();
                return Some(Ways { all: false, ways });
            }
            let going = |part: f32| told(progress, (at as f32 + part) / pairs.len() as f32);
            finder.ways(graph, *pair, ends.hops, ends.most, &going)
        };
        pairs.iter().enumerate().map_while(one).collect()
    });
    let took = started.elapsed().as_secs_f64();
    let named = |way: &[u32]| way.iter().map(|n| ids[*n as usize].as_str()).collect::<Vec<_>>();
    let check: usize = if shortest {
        found.iter().flat_map(|found| &found.ways).map(|way| way.len() - 1).sum()
    } else {
        found.iter().map(|found| found.ways.len()).sum()
    };
    let answers = pairs.iter().zip(&found).map(|((from, to), found)| {
        let ways: Vec<_> = found.ways.iter().map(|way| named(way)).collect();
        let ends = [*from, *to].map(|n| ids[n as usize].as_str());
        if shortest {
            json!({ "from": ends[0], "to": ends[1], "way": ways.first() })
        } else {
            json!({ "from": ends[0], "to": ends[1], "ways": ways, "all": found.all })
        }
    });
    let mut text = String::new();
    if let ([_], [found]) = (&pairs[..], &found[..]) {
        for way in &found.ways {
            text += &named(way).into_iter().map(visible).collect::<Vec<_>>().join(" → ");
            text.push('\n');
        }
        if !shortest && !found.all {
            text += "There are more; --most says how many to find.\n";
        }
    }
    text += &format!("{op}: {check}, in {took:.6} s");
    let answer = if as_json {
        json!({
            "op": op, "nodes": graph.len(), "edges": graph.ties(), "pairs": pairs.len(),
            "hops": if shortest { None } else { Some(ends.hops) },
            "s": round(took), "check": check, "ways": answers.collect::<Vec<_>>(),
        })
    } else {
        Value::Null
    };
    answer_with(as_json, &answer, &text);
    Ok(ExitCode::SUCCESS)
}
