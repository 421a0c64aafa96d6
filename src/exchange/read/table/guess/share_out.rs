//! Which relationship, payment or note a column belongs to that is about no party.

use super::{
    super::{
        row::Row,
        words::{self, Role},
    },
    party::{self, Party},
    plan::{Link, Plan, TableKind, is_activity},
    profile::Profile,
    values,
};

/// Gives the columns that are about no party to relationships, payments or notes.
pub(super) fn share_out(profiles: &[Profile], plan: &mut Plan, rows: &[Row], rest: Vec<usize>) {
    for at in rest {
        let what = profiles[at].what;
        if is_activity(plan.kind) {
            // An id that does not count the rows is the number of the payment.
            let numbered = plan.kind == TableKind::Payments
                && what == Some("id")
                && !profiles[at].counter
                && profiles[at].different == profiles[at].filled
                && profiles.iter().all(|profile| profile.what != Some("transactionNumber"));
            let what = if numbered { Some("transactionNumber") } else { what };
            let what = what.map(|what| plan.event.map_or(what, |event| event.renamed(what)));
            match what.filter(|what| *what != "id") {
                Some(what) => plan.activity.push((at, what)),
                None => plan.rest.push(at),
            }
            continue;
        }
        // When a relationship was registered is its date.
        let what = what.map(|what| match what {
            "incorporationDate" => "date",
            "position" => "role",
            other => other,
        });
        let Some(what) = what.filter(|what| party::OF_EDGES.contains(what)) else {
            plan.rest.push(at);
            continue;
        };
        if is_of_subject(profiles, plan, (at, what)) {
            plan.rest.push(at);
            continue;
        }
        let used = plan.links.iter().any(|link| link.relation == Some(at));
        let office = plan.links.iter().any(|link| link.schema == "Directorship")
            && matches!(what, "startDate" | "endDate")
            && is_of_office(&profiles[at].heading);
        let number = party::number(&profiles[at].heading);
        let shares = matches!(what, "percentage" | "sharesCount" | "sharesValue" | "sharesType");
        let subject = plan.subject;
        let other = |link: &Link| if Some(link.from) == subject { link.to } else { link.from };
        let mut fitting: Vec<usize> = (0..plan.links.len())
            .filter(|nth| {
                let link = &plan.links[*nth];
                let numbered = &plan.parties[other(link)].number;
                let fits = if used {
                    link.relation == Some(at)
                } else if shares {
                    link.schema == "Ownership" || link.relation.is_some()
                } else if office {
                    link.schema == "Directorship"
                } else if what == "role" {
                    link.schema != "Ownership" || plan.links.len() == 1
                } else {
                    true
                };
                fits && (number.is_empty() || numbered.is_empty() || *numbered == number)
            })
            .collect();
        // The one whose party is next to the left, else next to the right. An owner or officer is
        // one for a time, rather than who acts for another.
        let timed = matches!(what, "startDate" | "endDate");
        fitting.sort_by_key(|nth| {
            let link = &plan.links[*nth];
            let weak = timed && matches!(link.schema, "Representation" | "UnknownLink");
            let first = plan.parties[other(link)].first();
            if first < at { (weak, 0, at - first) } else { (weak, 1, first - at) }
        });
        match fitting.first() {
            Some(nth) => plan.links[*nth].said.push((at, what)),
            None => plan.rest.push(at),
        }
    }
    own_by_shares(profiles, plan);
    // What has no meaning is about the relationship where the row is little else, but about a
    // person of whom the row tells more where it may have no relationship.
    let told = plan.subject.is_some_and(|at| plan.parties[at].has(&["birthDate", "gender"]));
    let whole = |row: &Row| {
        let mut ends = plan.parties.iter().filter_map(Party::named_in);
        ends.all(|at| !row.get(at).is_empty())
    };
    if plan.kind == TableKind::Relationships && (!told || rows.iter().all(whole)) {
        let rest = std::mem::take(&mut plan.rest);
        // Who owns or directs a company and is not read is a note on it.
        let body = plan.subject.filter(|at| plan.parties[*at].is_body());
        let (of_body, rest): (Vec<usize>, Vec<usize>) = rest.into_iter().partition(|at| {
            let role = words::meaning(&profiles[*at].heading).role;
            body.is_some()
                && matches!(role, Some(Role::Owner | Role::Director | Role::Parent | Role::Auditor))
        });
        if let Some(body) = body {
            plan.parties[body].notes.extend(of_body);
        }
        // A row of a register of aircraft, cars or land is about those, not about their owners.
        let thing = plan
            .parties
            .iter_mut()
            .find(|party| matches!(party.fixed, Some("Airplane" | "Vehicle" | "RealEstate")));
        if let Some(thing) = thing {
            thing.notes.extend(rest);
            return;
        }
        plan.links[0].notes.extend(rest);
    }
}

/// Whether a date stands among the columns of a company, before the first of its owners and
/// officers, and speaks of no office.
fn is_of_subject(profiles: &[Profile], plan: &Plan, (at, what): (usize, &str)) -> bool {
    let Some(subject) = plan.subject else { return false };
    let dated = matches!(what, "date" | "startDate" | "endDate");
    let others = plan.parties.iter().enumerate().filter(|(nth, _)| *nth != subject);
    let first = others.map(|(_, party)| party.first()).min();
    dated
        && plan.kind == TableKind::Parties
        && plan.parties[subject].is_body()
        && plan.parties[subject].first() < at
        && first.is_some_and(|first| at < first)
        && !is_of_office(&profiles[at].heading)
}

/// Who has shares in a company owns it, where no column says what he is.
fn own_by_shares(profiles: &[Profile], plan: &mut Plan) {
    let Some(subject) = plan.subject else { return };
    let company = &plan.parties[subject];
    if company.role != Some(Role::Company) && !company.corporate {
        return;
    }
    for link in &mut plan.links {
        let says = link.relation.is_some_and(|at| {
            let office = |value: &String| {
                values::relation(value).is_some_and(|found| found.schema == "Directorship")
            };
            profiles[at].values.iter().any(office)
        });
        let shares = link
            .said
            .iter()
            .any(|(_, what)| matches!(*what, "percentage" | "sharesCount" | "sharesValue"));
        let holder = plan.parties[link.from].role;
        let open = matches!(holder, None | Some(Role::Person));
        if link.schema == "UnknownLink" && link.to == subject && shares && open && !says {
            link.schema = "Ownership";
        }
    }
}

/// Whether a heading speaks of taking an office or leaving it.
fn is_of_office(heading: &str) -> bool {
    const STEMS: [&str; 19] = [
        "appoint",
        "resign",
        "nombr",
        "nomm",
        "nomin",
        "cese",
        "dimiss",
        "demiss",
        "bestell",
        "abberuf",
        "назнач",
        "увольн",
        "任职",
        "就任",
        "退任",
        "취임",
        "선임",
        "사임",
        "atanma",
    ];
    words::mentions(heading, &STEMS)
}
