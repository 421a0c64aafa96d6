//! Court cases with one party a row, and a column that says what part it has.

use super::{
    super::row::Row,
    events::Event,
    party,
    plan::{self, Plan, TableKind},
    profile::Profile,
    values,
};

/// A party of a case in each row.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The column that says which part it has.
    pub role: usize,
    /// Columns about the party in the case: with what is in them, or as notes.
    pub said: Vec<(usize, &'static str)>,
    pub notes: Vec<usize>,
}

/// Finds out whether each row has a case and a party with its part in it.
pub(super) fn classify(profiles: &[Profile], plan: &mut Plan) -> bool {
    let case = profiles.iter().any(|profile| profile.what == Some("caseNumber"));
    let parts = |profile: &Profile| {
        let known = profile.values.iter().filter(|value| values::is_part(value)).count();
        known > 0 && known * 10 >= profile.values.len() * 6
    };
    let Some(role) = profiles.iter().position(parts).filter(|_| case) else { return false };
    // The party before the column, else the one behind it.
    let near = |at: &usize| {
        let first = plan.parties[*at].first();
        if first < role { (0, role - first) } else { (1, first - role) }
    };
    let named = (0..plan.parties.len()).filter(|at| plan.parties[*at].named_in().is_some());
    let Some(party) = named.min_by_key(near) else { return false };
    let mut party = plan.parties[party].clone();
    party.role = None;
    plan::keep(plan, &[]);
    plan.rest.retain(|at| !party.is_named_in(*at));
    plan.parties = vec![party];
    plan.subject = Some(0);
    plan.kind = TableKind::Events;
    plan.event = Some(Event { schema: "CourtCase", voyage: false });
    plan.confidence = 0.9;
    let heading = &profiles[role].heading;
    plan.reasons.push(format!("“{heading}” says which part each party has in its case"));
    plan.part = Some(Part { role, said: Vec::new(), notes: Vec::new() });
    true
}

/// The column with the number of the case.
fn number(profiles: &[Profile]) -> Option<usize> {
    profiles.iter().position(|profile| profile.what == Some("caseNumber"))
}

/// Gives what differs between the rows of one case to the party of the row.
pub(super) fn share_out(profiles: &[Profile], rows: &[Row], plan: &mut Plan) {
    let (Some(part), Some(case)) = (plan.part.as_mut(), number(profiles)) else { return };
    let mut case_of: Vec<&str> = Vec::new();
    for row in rows {
        let own = row.get(case);
        let last = case_of.last().copied().unwrap_or_default();
        case_of.push(if own.is_empty() { last } else { own });
    }
    let of_row = |at: usize| {
        let mut first = std::collections::HashMap::new();
        rows.iter().zip(&case_of).any(|(row, name)| {
            // What a row below the first of a case says is about that row.
            let below = row.get(case).is_empty();
            let cell = row.get(at);
            !cell.is_empty() && (below || *first.entry(*name).or_insert(cell) != cell)
        })
    };
    let role = part.role;
    plan.activity.retain(|(at, _)| *at != role);
    plan.rest.retain(|at| *at != role);
    let is_own = |at: usize| at != case && of_row(at);
    part.said.extend(plan.activity.extract_if(.., |(at, _)| is_own(*at)));
    part.notes.extend(plan.rest.extract_if(.., |at| is_own(*at)));
}

/// The columns of a case that stand in the first of its rows only.
pub(super) fn fill(profiles: &[Profile], rows: &[Row], plan: &Plan) -> Vec<String> {
    let (Some(_), Some(case)) = (&plan.part, number(profiles)) else { return Vec::new() };
    let blank: Vec<&Row> = rows.iter().filter(|row| row.get(case).is_empty()).collect();
    let named = rows.first().is_some_and(|row| !row.get(case).is_empty());
    let party = plan.parties.first().and_then(party::Party::named_in);
    let belong = party.is_some_and(|name| blank.iter().all(|row| !row.get(name).is_empty()));
    if blank.is_empty() || !named || !belong {
        return Vec::new();
    }
    let of_case = plan.activity.iter().map(|(at, _)| *at).chain(plan.rest.iter().copied());
    let empty = |at: &usize| *at != case && blank.iter().all(|row| row.get(*at).is_empty());
    let columns = std::iter::once(case).chain(of_case.filter(empty));
    columns.map(|at| profiles[at].heading.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::guessed;

    #[test]
    fn a_case_stands_above_its_parties() {
        let (guess, lines) = guessed(
            "d.csv",
            "Case number,Court,Party name,Role,Left\nC-1,North,A Ltd,Plaintiff,\n,,Jo Roe,Defendant,2020-01-02\n\
             C-2,North,B Ltd,Plaintiff,\n,,A Ltd,Defendant,\n",
        );
        let made = |start: &str| lines.iter().any(|line| line.starts_with(start));
        assert!(made("CourtCase case: ") || made("CourtCase court case: "), "{lines:#?}");
        assert!(
            lines
                .iter()
                .any(|line| line.starts_with("CourtCaseParty") && line.contains("role=Role")),
            "{lines:#?}"
        );
        assert_eq!(guess.mapping.fill, ["Case number", "Court"]);
    }

    #[test]
    fn parts_without_a_case_are_no_case() {
        let (_, lines) = guessed("d.csv", "Name,Role\nA Ltd,Creditor\nB Ltd,Debtor\n");
        assert!(lines.iter().all(|line| !line.starts_with("CourtCase")), "{lines:#?}");
    }
}
