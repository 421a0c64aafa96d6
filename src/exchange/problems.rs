//! What an import did not understand: every place, and the same grouped by column and reason.

use std::collections::HashMap;

use super::read::Problem;

/// How many problems are kept with their places; the rest are counted.
const KEPT: usize = 100_000;
/// How many problems of a group are kept as examples.
const EXAMPLES: usize = 3;
/// How many groups are kept apart; further ones are one group.
const GROUPS: usize = 1_000;

/// What was not understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    /// The first hundred thousand, in the order of the files.
    pub kept: Vec<Problem>,
    /// How many there are.
    pub count: u64,
    /// The same by column and reason, in the order in which each came first.
    pub groups: Vec<ProblemGroup>,
    places: HashMap<String, usize>,
}

/// Problems of one column that have one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemGroup {
    /// The reason, with “…” for words of the cells that differ.
    pub reason: String,
    pub count: u64,
    /// The first three.
    pub examples: Vec<Problem>,
}

impl Problems {
    /// Counts a problem and keeps it.
    pub(super) fn add(&mut self, problem: Problem) {
        self.count += 1;
        let masked = masked(&problem.reason);
        let next = self.groups.len();
        let at = match self.places.get(&masked) {
            Some(at) => *at,
            None if next < GROUPS => {
                self.places.insert(masked.clone(), next);
                let reason = problem.reason.clone();
                self.groups.push(ProblemGroup { reason, count: 0, examples: Vec::new() });
                next
            }
            None => next - 1,
        };
        let group = &mut self.groups[at];
        group.count += 1;
        if group.reason != problem.reason {
            group.reason = if at + 1 == GROUPS { "other reasons".to_owned() } else { masked };
        }
        if group.examples.len() < EXAMPLES {
            group.examples.push(problem.clone());
        }
        if self.kept.len() < KEPT {
            self.kept.push(problem);
        }
    }
}

impl ProblemGroup {
    /// The group in one line: reason, count and examples. `name` says what to call the file of an
    /// example, where there are several.
    pub fn line(&self, name: &dyn Fn(usize) -> Option<String>) -> String {
        let place = |problem: &Problem| match name(problem.file) {
            Some(file) => format!("{file}, {}", problem.place),
            None => problem.place.clone(),
        };
        if let ([only], 1) = (&self.examples[..], self.count) {
            return format!("{}: {}", place(only), self.reason);
        }
        let examples = self.examples.iter().map(|problem| {
            let differs = problem.reason != self.reason;
            match quoted(&problem.reason).filter(|_| differs) {
                Some(words) => format!("{}: “{words}”", place(problem)),
                None => place(problem),
            }
        });
        let mut examples = examples.collect::<Vec<_>>().join(", ");
        if self.count > self.examples.len() as u64 {
            examples.push_str(", …");
        }
        format!("{}: {} times ({examples})", self.reason, self.count)
    }
}

/// A reason in two parts: the column that it names before the rest.
fn parts(reason: &str) -> (&str, &str) {
    match reason.find("”: ") {
        Some(at) if reason.starts_with("column “") => reason.split_at(at + "”: ".len()),
        _ => ("", reason),
    }
}

/// The first words of a cell that a reason quotes.
fn quoted(reason: &str) -> Option<&str> {
    Some(parts(reason).1.split_once('“')?.1.split_once('”')?.0)
}

/// A reason without the words of the cell that it quotes.
fn masked(reason: &str) -> String {
    let (column, mut rest) = parts(reason);
    // Here the quoted words name what is left out.
    if rest.contains(" is left out ") {
        return reason.to_owned();
    }
    let mut text = column.to_owned();
    while let Some((before, after)) = rest.split_once('“') {
        let Some((_, behind)) = after.split_once('”') else { break };
        text.push_str(before);
        text.push_str("“…”");
        rest = behind;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(reasons: &[&str]) -> Vec<String> {
        let mut problems = Problems::default();
        for (row, reason) in reasons.iter().enumerate() {
            problems.add(Problem::new(0, format!("row {}", row + 2), reason));
        }
        problems.groups.iter().map(|group| group.line(&|_| None)).collect()
    }

    #[test]
    fn one_line_a_column_and_reason() {
        let told = lines(&[
            "column “Share”: “x” is no number",
            "column “Share”: “y” is no number",
            "column “Share”: “z” is no number",
            "column “Share”: “z” is no number",
            "column “Part”: “x” is no number",
            "“owner” is left out because it has no name here",
            "“firm” is left out because it has no name here",
            "“firm” is left out because it has no name here",
        ]);
        assert_eq!(
            told,
            [
                "column “Share”: “…” is no number: 4 times (row 2: “x”, row 3: “y”, row 4: “z”, …)",
                "row 6: column “Part”: “x” is no number",
                "row 7: “owner” is left out because it has no name here",
                "“firm” is left out because it has no name here: 2 times (row 8, row 9)",
            ]
        );
    }

    #[test]
    fn reasons_without_end_are_one_group_in_the_end() {
        let reasons: Vec<String> = (0..1500).map(|n| format!("reason {n}")).collect();
        let reasons: Vec<&str> = reasons.iter().map(String::as_str).collect();
        let told = lines(&reasons);
        assert_eq!(told.len(), GROUPS);
        assert!(told[GROUPS - 1].starts_with("other reasons: 501 times"), "{}", told[GROUPS - 1]);
    }
}
