//! Edges of which no table has the nodes: each node is called by its id, as one without a label is
//! in other formats.

use std::collections::HashSet;

use super::{
    super::{
        clean,
        content::{self, Kind},
        words::{self, Role},
    },
    Guess, Look, earlier,
    graph::{self, side},
    plan::Plan,
    profile::{Profile, has},
};

/// The two columns of ids that the headings of a table call the ends of something.
pub(super) fn ends(look: &Look) -> Option<[usize; 2]> {
    let able: Vec<usize> = (0..look.profiles.len()).filter(|at| has_ids(look, *at)).collect();
    let sided = |end: usize| {
        let mut own = able.iter().filter(|at| side_of(&look.profiles[**at].heading) == Some(end));
        own.next().copied()
    };
    let pair = match (sided(0), sided(1)) {
        (Some(from), Some(to)) => Some([from, to]),
        _ => able.windows(2).find_map(|pair| {
            let [one, other] = [pair[0], pair[1]];
            let headings = [one, other].map(|at| words::normal(&look.profiles[at].heading));
            (other == one + 1 && are_numbered(&headings)).then_some([one, other])
        }),
    }?;
    if pair.iter().all(|at| look.profiles[*at].different < 2) {
        return None;
    }
    // Bare numbers from and to are a range, unless something says that they are ids.
    let numbers = pair.iter().all(|at| graph::counts_rows(look, *at));
    let open = pair.iter().any(|at| {
        let heading = words::normal(&look.profiles[*at].heading);
        matches!(&*heading, "from" | "to" | "start" | "end")
    });
    let stem = words::normal(&look.stem);
    let says_edges = super::one_file::EDGES
        .iter()
        .filter(|word| word.chars().count() > 1)
        .any(|word| stem.contains(word));
    (!numbers || !open || says_edges).then_some(pair)
}

/// Lets columns of ids name the parties of a row.
pub(super) fn call(profiles: &mut [Profile], pair: [usize; 2]) {
    let money = is_money(profiles);
    let roles = if money { [Role::Payer, Role::Beneficiary] } else { [Role::Source, Role::Target] };
    for (at, role) in pair.into_iter().zip(roles) {
        let profile = &mut profiles[at];
        let reason = format!("“{}” has ids, and no table tells whose they are", profile.heading);
        profile.call_by(Some(role), reason);
    }
}

/// Lets tables without names have rows that are called by their labels or ids, where another table
/// has those ids at the ends of its edges.
pub(super) fn nodes(looks: &[Look], guesses: &mut [Guess]) {
    for table in 0..looks.len() {
        let look = &looks[table];
        if !guesses[table].mapping.entities.is_empty() {
            continue;
        }
        let Some(column) = graph::id_column(look) else { continue };
        let ids: HashSet<&str> = look.rows.iter().map(|row| row.get(column)).collect();
        let edges = |other: &Look| {
            let able = (0..other.profiles.len()).filter(|at| {
                let cells = other.rows.iter().map(|row| row.get(*at));
                let cells = cells.filter(|cell| !clean::is_nothing(cell));
                let known = cells.clone().filter(|cell| ids.contains(cell)).count();
                side_of(&other.profiles[*at].heading).is_some()
                    && known > 0
                    && known as f32 >= graph::MOST * cells.count() as f32
            });
            able.count() > 1
        };
        let named = looks.iter().enumerate().any(|(at, other)| at != table && edges(other));
        // Another table of the same ids has their names.
        let twice = looks.iter().enumerate().any(|(at, other)| {
            at != table
                && !guesses[at].mapping.entities.is_empty()
                && graph::id_column(other).is_some_and(|own| {
                    other.rows.iter().filter(|row| ids.contains(row.get(own))).count() * 2
                        > look.rows.len()
                })
        });
        if !named || twice {
            continue;
        }
        let label = look.profiles.iter().position(|profile| {
            matches!(&*words::normal(&profile.heading), "label" | "name" | "caption")
                && profile.filled == look.rows.len()
        });
        let mut own = look.clone();
        let profile = &mut own.profiles[label.unwrap_or(column)];
        let reason = format!("“{}” is what the nodes are called", profile.heading);
        profile.call_by(None, reason);
        let mut plan = super::plan::plan(&mut own.profiles, &own.rows);
        account(&own, &mut plan);
        guesses[table] = own.finish(plan);
    }
}

/// Takes nodes each of which has the number of an account for accounts.
fn account(look: &Look, plan: &mut Plan) {
    let number = |at: &usize| {
        let profile = &look.profiles[*at];
        matches!(profile.what, Some("accountNumber" | "iban")) && look.tells_apart(*at)
    };
    let Some(number) = (0..look.profiles.len()).find(number) else { return };
    if let [only] = &mut plan.parties[..]
        && only.role.is_none()
    {
        only.fixed = Some("BankAccount");
        plan.rest.retain(|at| *at != number);
        only.notes.retain(|at| *at != number);
        if only.said.iter().all(|(at, _)| *at != number) {
            let what = look.profiles[number].what.unwrap_or("accountNumber");
            only.said.push((number, what));
        }
    }
}

/// Whether a column has amounts of money: a bare value or total is one only where a column says
/// when it was paid, or in which currency.
pub(super) fn is_money(profiles: &[Profile]) -> bool {
    const BARE: [&str; 12] = [
        "value",
        "values",
        "total",
        "sum",
        "wert",
        "valeur",
        "valor",
        "valore",
        "wartosc",
        "значение",
        "值",
        "deger",
    ];
    let bare = |profile: &Profile| BARE.contains(&&*words::normal(&profile.heading));
    let amount = |profile: &Profile| profile.what == Some("amount") && !bare(profile);
    // “Control” among its values says that they are no amounts.
    let counted = |profile: &Profile| {
        let digit = |value: &String| value.bytes().any(|byte| byte.is_ascii_digit());
        profile.what == Some("amount") && profile.values.iter().all(digit)
    };
    has(profiles, &["amountUsd", "amountEur"])
        || profiles.iter().any(amount)
        || profiles.iter().any(counted) && has(profiles, &["date", "currency"])
}

/// Which end a heading says, 0 for the first.
fn side_of(heading: &str) -> Option<usize> {
    side(heading).or_else(|| words::side(heading).map(|role| usize::from(role != Role::Payer)))
}

/// Whether all cells of a column can be ids: codes or whole numbers, not dates.
fn has_ids(look: &Look, at: usize) -> bool {
    let profile = &look.profiles[at];
    let is_id = |cell: &str| {
        earlier::is_id(cell)
            && cell.chars().all(|c| c.is_alphanumeric() || "-_:/@.#".contains(c))
            && (cell.bytes().all(|byte| byte.is_ascii_digit())
                || !matches!(content::kind(cell), Kind::Date | Kind::Number | Kind::Percent))
    };
    let cells = look.rows.iter().map(|row| row.get(at)).filter(|cell| !clean::is_nothing(cell));
    let years = cells.clone().all(|cell| {
        cell.len() == 4 && cell.parse::<u16>().is_ok_and(|year| (1800..2101).contains(&year))
    });
    !super::profile::is_of_bank(&profile.heading)
        && profile.filled * 20 >= look.rows.len() * 19
        && !years
        && cells.clone().all(is_id)
}

/// Whether two headings are the same but for their numbers or letters: `node1` and `node2`.
fn are_numbered([one, other]: &[String; 2]) -> bool {
    const STEMS: [&str; 16] = [
        "node",
        "vertex",
        "id",
        "entity",
        "actor",
        "person",
        "user",
        "member",
        "account",
        "company",
        "firm",
        "individual",
        "nodo",
        "noeud",
        "knoten",
        "узел",
    ];
    let parted = |heading: &str| {
        let (stem, last) = heading.rsplit_once(' ')?;
        Some((stem.to_owned(), last.to_owned()))
    };
    let pairs = [("1", "2"), ("a", "b"), ("0", "1"), ("i", "j"), ("x", "y")];
    match (parted(one), parted(other)) {
        (Some((stem, first)), Some((same, second))) => {
            stem == same
                && stem.split(' ').any(|word| STEMS.contains(&word))
                && pairs.contains(&(&*first, &*second))
        }
        _ => matches!((&**one, &**other), ("i", "j") | ("u", "v") | ("ego", "alter") | ("a", "b")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{TableKind, tests::guessed};

    #[test]
    fn nodes_that_no_table_has_are_called_by_their_ids() {
        for text in [
            "source,target\n1,2\n1,3\n2,4\n",
            "Source,Target,Weight\nE101,E102,3\nE101,E103,1\n",
            "node1,node2\n0,1\n0,2\n1,2\n",
            "from,to\nA-1,B-2\nA-1,C-3\n",
        ] {
            let (guess, lines) = guessed("edges.csv", text);
            assert_eq!(guess.kind, TableKind::Relationships, "{text}");
            assert_eq!(lines.len(), 3, "{lines:#?}");
            assert!(lines[2].starts_with("UnknownLink other link: subject="), "{lines:#?}");
        }
        let (guess, _) = guessed("links.csv", "source,target,value\n0,1,6.1\n0,2,6.0\n1,2,3.3\n");
        assert_eq!(guess.kind, TableKind::Relationships, "a bare value is no money");
        let (guess, lines) =
            guessed("t.csv", "from_id,to_id,amount\nC1,C2,300\nC1,C3,100\nC3,C2,500\n");
        assert_eq!(guess.kind, TableKind::Payments);
        assert!(lines.iter().any(|line| line.contains("payer=<payer>")), "{lines:#?}");
    }

    #[test]
    fn ranges_and_years_are_no_edges() {
        for text in [
            "from,to,rate\n0,100,5\n101,200,7\n",
            "Start,End,Value\n1999,2004,5\n2001,2007,7\n",
            "phone1,phone2\n5551234,5551235\n5551236,5551237\n",
        ] {
            let (guess, lines) = guessed("x.csv", text);
            assert!(guess.mapping.entities.is_empty(), "{text}: {lines:#?}");
        }
    }
}
