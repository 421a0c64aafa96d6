//! The numbered sources of a picture or a report: which documents what it shows rests on.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    case::{Case, Horizon, Progress, Result},
    chart::{Picture, text::one_line},
    model::{Chart, Credibility, Evidence, Id, Reliability, StatementKey},
    network::{EntityRef, Seen},
};

/// Numbered documents, and which of them each thing rests on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sources {
    /// In the order of their numbers, which is that of their acquisition.
    pub entries: Vec<Source>,
    /// By what rests on them; ascending.
    numbers: BTreeMap<Id, Vec<usize>>,
}

/// A document in a list of sources.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    pub evidence: Id,
    /// Its title, else the name of its file.
    pub title: String,
    /// The publisher or author; empty where unknown.
    pub origin: String,
    /// The date of publication as the case has it; empty where unknown.
    pub published: String,
    /// The day of acquisition (UTC), and by whom; empty where no record is kept.
    pub acquired: String,
    /// SHA-256 of its bytes in lower-case hexadecimal; empty where no record is kept.
    pub sha256: String,
    pub reliability: Option<Reliability>,
    /// How far what is cited from it here can be believed: every judgement once, best first.
    pub credibilities: BTreeSet<Credibility>,
}

impl Source {
    /// Its grades in the Admiralty code, such as `B2, B3`; empty where nothing was judged.
    pub fn grades(&self) -> String {
        let letter = self.reliability.map(Reliability::code);
        let grades: Vec<String> = self
            .credibilities
            .iter()
            .map(|digit| format!("{}{}", letter.unwrap_or_default(), digit.code()))
            .collect();
        if grades.is_empty() { letter.unwrap_or_default().to_owned() } else { grades.join(", ") }
    }
}

/// A citation of something that is shown.
struct Cited {
    by: Id,
    evidence: Id,
    credibility: Option<Credibility>,
}

impl Sources {
    /// The sources of entities and relationships, by their ids. Documents that are `withheld` are
    /// left out.
    ///
    /// What a lens lets count is taken from `seen`; where that was read without its support, from
    /// the case.
    pub fn of<'a>(
        case: &Case,
        seen: &Seen,
        ids: impl IntoIterator<Item = &'a Id>,
        withheld: &[Id],
    ) -> Result<Self> {
        let mut gathering = Gathering { case, seen, cited: Vec::new() };
        for id in ids {
            gathering.take(id, id)?;
        }
        gathering.number(withheld)
    }

    /// The sources of what a picture of a chart shows: a group rests on what its members rest on, a
    /// line on what its relationships do. A photo on a card is a source of it.
    pub fn of_picture(case: &Case, seen: &Seen, chart: &Chart, picture: &Picture) -> Result<Self> {
        let mut gathering = Gathering { case, seen, cited: Vec::new() };
        for node in &picture.nodes {
            match chart.groups.iter().find(|group| group.id == node.id) {
                Some(group) => {
                    for member in &group.members {
                        gathering.take(&node.id, member)?;
                    }
                }
                None => gathering.take(&node.id, &node.id)?,
            }
        }
        for id in picture.lines.iter().flat_map(|line| &line.ids) {
            gathering.take(id, id)?;
        }
        gathering.take_photos(picture)?;
        gathering.number(&chart.hidden)
    }

    /// The numbers of what something rests on, ascending.
    pub fn numbers(&self, id: &Id) -> &[usize] {
        self.numbers.get(id).map_or(&[], Vec::as_slice)
    }

    /// The numbers of what several things rest on together, ascending.
    pub fn numbers_of<'a>(&self, ids: impl IntoIterator<Item = &'a Id>) -> Vec<usize> {
        let all: BTreeSet<usize> =
            ids.into_iter().flat_map(|id| self.numbers(id)).copied().collect();
        all.into_iter().collect()
    }

    /// Whether nothing is cited.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Numbers in brackets, three or more in a row as a range, such as `[1–4, 6]`; empty for none.
pub fn bracketed(numbers: &[usize]) -> String {
    if numbers.is_empty() {
        return String::new();
    }
    let runs = numbers.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
        [first, .., last] if run.len() > 2 => format!("{first}–{last}"),
        few => few.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    });
    format!("[{}]", runs.collect::<Vec<_>>().join(", "))
}

struct Gathering<'a> {
    case: &'a Case,
    seen: &'a Seen,
    cited: Vec<Cited>,
}

impl Gathering<'_> {
    fn take(&mut self, by: &Id, id: &Id) -> Result<()> {
        let (of, only) = match self.seen.reference(id) {
            Some(reference) => (reference.source().id().clone(), Some(reference.statements())),
            None => (id.clone(), None),
        };
        let only: Option<BTreeSet<StatementKey>> = only.map(Iterator::collect);
        let counts = |statement| only.as_ref().is_none_or(|only| only.contains(&statement));
        if self.has_support() {
            let Some(entity) = self.seen.get(&of) else { return Ok(()) };
            let grounds = entity.grounds().filter(|ground| counts(ground.statement));
            self.cited.extend(grounds.map(|ground| Cited {
                by: by.clone(),
                evidence: ground.document.id().clone(),
                credibility: ground.credibility,
            }));
            return Ok(());
        }
        let said = self.case.said_at(&Horizon::default(), &Progress::new())?;
        for statement in said.of(&of)?.into_iter().filter(|one| counts(one.key)) {
            self.cited.extend(statement.citations.into_iter().map(|citation| Cited {
                by: by.clone(),
                evidence: citation.evidence,
                credibility: citation.credibility,
            }));
        }
        Ok(())
    }

    /// Takes the documents that are photos on cards.
    fn take_photos(&mut self, picture: &Picture) -> Result<()> {
        if picture.nodes.iter().all(|node| node.photo.is_none()) {
            return Ok(());
        }
        let is_seen = |id: &Id| !self.has_support() || self.seen.get(id).is_some();
        let mut documents = self.case.evidence()?;
        documents.retain(|document| document.live && is_seen(&document.id));
        for node in &picture.nodes {
            let Some(hash) = &node.photo else { continue };
            let found = documents.iter().find(|document| *document.sha256 == **hash);
            self.cited.extend(found.map(|document| Cited {
                by: node.id.clone(),
                evidence: document.id.clone(),
                credibility: None,
            }));
        }
        Ok(())
    }

    /// Whether what is seen was read together with what supports it.
    fn has_support(&self) -> bool {
        self.seen.evidence().next().is_some()
    }

    fn number(self, withheld: &[Id]) -> Result<Sources> {
        let cited: BTreeSet<Id> = self
            .cited
            .iter()
            .map(|one| one.evidence.clone())
            .filter(|id| !withheld.contains(id))
            .collect();
        if cited.is_empty() {
            return Ok(Sources::default());
        }
        let read;
        let documents = if self.has_support() {
            self.seen
        } else {
            let ids: Vec<Id> = cited.iter().cloned().collect();
            read = Seen::new(self.case.among(&ids)?);
            &read
        };
        let records: Vec<Evidence> = if self.has_support() {
            self.seen.evidence().cloned().collect()
        } else {
            self.case.evidence()?.into_iter().filter(|record| record.live).collect()
        };
        let mut entries: Vec<Source> = Vec::with_capacity(cited.len());
        let recorded = records.iter().filter(|record| cited.contains(&record.id));
        entries.extend(recorded.map(|record| entry(Some(record), documents.get(&record.id))));
        for document in cited.iter().filter_map(|id| documents.get(id)) {
            if !entries.iter().any(|entry| entry.evidence == *document.id()) {
                entries.push(entry(None, Some(document)));
            }
        }
        let places: BTreeMap<Id, usize> =
            entries.iter().enumerate().map(|(n, entry)| (entry.evidence.clone(), n)).collect();
        let mut numbers: BTreeMap<Id, BTreeSet<usize>> = BTreeMap::new();
        for one in &self.cited {
            let Some(&place) = places.get(&one.evidence) else { continue };
            numbers.entry(one.by.clone()).or_default().insert(place + 1);
            // A judgement of the whole document counts where the citation has none of its own.
            let judged = || records.iter().find(|record| record.id == one.evidence)?.judged;
            entries[place].credibilities.extend(one.credibility.or_else(judged));
        }
        let numbers =
            numbers.into_iter().map(|(id, all)| (id, all.into_iter().collect())).collect();
        Ok(Sources { entries, numbers })
    }
}

fn entry(record: Option<&Evidence>, document: Option<EntityRef<'_>>) -> Source {
    let said = |property: &str| document.and_then(|one| one.first(property)).unwrap_or_default();
    let title = record.map(|record| &*record.caption).or(document.map(EntityRef::caption));
    let origin = record.and_then(|record| record.origin.as_deref()).unwrap_or(said("publisher"));
    let published = [said("publishedAt"), said("date")].into_iter().find(|day| !day.is_empty());
    let acquired = record.map(|record| {
        let day = jiff::Timestamp::from_millisecond(record.acquired_at)
            .map(|at| at.strftime("%Y-%m-%d").to_string())
            .unwrap_or_default();
        one_line(&format!("{day} by {}", record.acquired_by))
    });
    let id = record.map(|record| &record.id).or(document.map(EntityRef::id));
    Source {
        evidence: id.cloned().unwrap_or_else(|| Id::from("")),
        title: one_line(title.unwrap_or_default()),
        origin: one_line(origin),
        published: published.unwrap_or_default().to_owned(),
        acquired: acquired.unwrap_or_default(),
        sha256: record.map(|record| record.sha256.clone()).unwrap_or_default(),
        reliability: record.and_then(|record| record.reliability),
        credibilities: BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_a_row_are_a_range() {
        assert_eq!(bracketed(&[]), "");
        assert_eq!(bracketed(&[2]), "[2]");
        assert_eq!(bracketed(&[1, 2, 4]), "[1, 2, 4]");
        assert_eq!(bracketed(&[1, 2, 3, 4, 6, 8, 9, 10]), "[1–4, 6, 8–10]");
    }
}
