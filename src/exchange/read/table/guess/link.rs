//! How the parties of a row are related, by their roles.

use super::{
    super::words::{self, Role},
    held, offices,
    party::{self, Party},
    plan::{Link, Plan},
    profile::{Profile, has},
};

/// Links the parties of a row by their roles.
pub(super) fn link(
    profiles: &[Profile],
    plan: &mut Plan,
    relation: Option<usize>,
    by_column: bool,
) {
    let order = [
        Some(Role::Asset),
        Some(Role::Vessel),
        Some(Role::Company),
        Some(Role::Source),
        None,
        Some(Role::Person),
        Some(Role::Authority),
        Some(Role::Supplier),
        Some(Role::Creditor),
        Some(Role::Transferee),
    ];
    let of = |role: &Option<Role>| plan.parties.iter().position(|party| party.role == *role);
    // The company that a table names first is what its rows are about.
    let first = (0..plan.parties.len()).min_by_key(|at| plan.parties[*at].first());
    let lead = first.filter(|at| plan.parties[*at].role.is_none() && plan.parties[*at].corporate);
    let vessel = of(&Some(Role::Vessel)).or(of(&Some(Role::Asset)));
    let lead = lead.filter(|_| vessel.is_none() && of(&Some(Role::Source)).is_none());
    // What a company owns, and who owns it, have to do with it and not with each other.
    let company = plan.parties.iter().position(|party| {
        party.role == Some(Role::Company) || party.role.is_none() && party.corporate
    });
    let between = company.filter(|_| {
        let owner = [Role::Owner, Role::Parent, Role::Holder].map(Some);
        of(&Some(Role::Asset)).is_some() && owner.iter().any(|role| of(role).is_some())
    });
    let lead = lead.or(between);
    let subject = lead.or_else(|| order.iter().find_map(of)).unwrap_or(0);
    plan.subject = Some(subject);
    let subject_role = plan.parties[subject].role;
    // “Director of” says what those beside the company are to it.
    let office =
        plan.parties[subject].named_in().and_then(|name| words::office(&profiles[name].heading));
    let holds = plan.parties[subject].named_in().is_some_and(|name| {
        let said = words::is_other_end(&profiles[name].heading) || has(profiles, &["percentage"]);
        subject_role == Some(Role::Asset) && said
    });
    let mut links = Vec::new();
    let tables = tables_beside(profiles);
    let side = |party: &Party| tables.get(party.first()).or(tables.last());
    let own_side = side(&plan.parties[subject]);
    let beside = |party: &Party| side(party) == own_side;
    let groups = party::groups(profiles, &plan.parties);
    // The post that stands in the columns of a party is no other's.
    let relation_of = |party: usize| {
        let post = |at: &usize| {
            groups[*at] == Some(party)
                && match profiles[*at].what {
                    Some("role" | "position") => plan.parties[party].role != Some(Role::Target),
                    what => what == Some("relation"),
                }
        };
        // Codes beside the words for them say nothing.
        let worded = |at: &usize| post(at) && profiles[*at].names_relations();
        let own = (0..profiles.len()).find(worded).or_else(|| (0..profiles.len()).find(post));
        // Some texts beside a name say what it is to somebody; a column of kinds of ties says it in
        // each row.
        let of_ties = |at: &usize| profiles[*at].names_relations();
        // “Target role” is what the target is otherwise.
        let relation = relation.filter(|at| {
            let whose = groups[*at].map(|owner| plan.parties[owner].role);
            whose != Some(Some(Role::Target)) || profiles[*at].what == Some("relation")
        });
        let told = relation.filter(of_ties).filter(|at| {
            own.is_some_and(|own| profiles[*at].different * 2 <= profiles[own].different)
        });
        told.or(own).or(relation
            .filter(|at| groups[*at].is_none_or(|owner| owner == party || owner == subject)))
    };
    for (at, party) in
        plan.parties.iter().enumerate().filter(|(at, party)| *at != subject && beside(party))
    {
        // Owners and officers of what a table does not name have nothing to do with each other.
        let belongs = |role: Option<Role>| {
            matches!(role, Some(Role::Owner | Role::Director | Role::Agent | Role::Holder))
        };
        if belongs(party.role) && belongs(subject_role) {
            continue;
        }
        // A heading names the role; where no column says more, the relationship is called so.
        let named = party.name.filter(|_| party.role.is_some());
        let says = named.filter(|_| party.role != Some(Role::Target));
        let heading = says.map(|name| profiles[name].heading.clone());
        let link = |from: usize, to: usize, schema: &'static str, by: bool| {
            let relation = relation_of(at).filter(|_| by);
            let said = schema == "UnknownLink" && relation.is_none();
            let role = heading.clone().filter(|_| said);
            Link { relation, role, ..Link::between(from, to, schema) }
        };
        let ultimate = named.is_some_and(|name| is_ultimate(&profiles[name].heading));
        links.push(match (party.role, subject_role) {
            (Some(Role::Owner), _) if by_column => link(at, subject, "UnknownLink", true),
            // Who is at the end of a chain owns by way of others.
            (Some(Role::Parent), _) if ultimate => link(at, subject, "UnknownLink", false),
            // “Capacity of the partner” says which partners only direct.
            (Some(Role::Owner), _)
                if relation_of(at)
                    .is_some_and(|by| groups[by] == Some(at) && profiles[by].names_relations()) =>
            {
                link(at, subject, "Ownership", true)
            }
            (Some(Role::Owner | Role::Parent | Role::Holder), _) => {
                link(at, subject, "Ownership", false)
            }
            (Some(Role::Company), Some(Role::Asset)) => link(at, subject, "Ownership", false),
            // “Shareholder of” says what those beside the company are to it.
            (Some(Role::Person) | None, Some(Role::Asset)) if holds => {
                link(at, subject, "Ownership", false)
            }
            // Two offices of one tender have the winner between them.
            (Some(Role::Authority), Some(Role::Authority)) => {
                let winner = plan.parties.iter().position(|one| one.role == Some(Role::Supplier));
                let Some(winner) = winner else { continue };
                link(winner, at, "UnknownLink", false)
            }
            (Some(Role::Director), Some(Role::Person)) => link(at, subject, "UnknownLink", true),
            (Some(Role::Director), _)
                if relation_of(at).is_none()
                    && offices::is_of_state(profiles, &plan.parties, [at, subject]) =>
            {
                link(at, subject, "UnknownLink", true)
            }
            (Some(Role::Director), _) => {
                // Who represents the winner of a tender does not direct the office that awards it.
                let firm = |other: &&(usize, &Party)| {
                    other.1.role == Some(Role::Supplier) && other.1.first() < party.first()
                };
                let firms = plan.parties.iter().enumerate();
                let firm = firms.filter(|other| firm(&other)).max_by_key(|(_, one)| one.first());
                link(at, firm.map_or(subject, |(firm, _)| firm), "Directorship", true)
            }
            (Some(Role::Agent), _) => link(at, subject, "Representation", false),
            (Some(Role::Employer), _) => {
                let worker = super::plan::worker_before(&plan.parties, party).unwrap_or(subject);
                link(worker, at, "Employment", false)
            }
            (Some(Role::Debtor), Some(Role::Creditor)) => link(at, subject, "Debt", false),
            (Some(Role::Target), _) | (None, Some(Role::Source)) => {
                link(subject, at, "UnknownLink", true)
            }
            (Some(Role::Asset), _) => link(subject, at, "Ownership", false),
            (Some(Role::Person) | None, Some(Role::Company)) if office.is_some() => {
                Link { role: office.clone(), ..link(at, subject, "Directorship", false) }
            }
            (Some(Role::Person), Some(Role::Company))
                if named.is_some_and(|name| is_employed(&profiles[name].heading)) =>
            {
                link(at, subject, "Employment", true)
            }
            (Some(Role::Person) | None, Some(Role::Company) | None)
                if held::tells(profiles, &plan.parties, at) =>
            {
                link(at, subject, "Ownership", true)
            }
            (Some(Role::Person) | None, _) => link(at, subject, "UnknownLink", true),
            _ => link(at, subject, "UnknownLink", false),
        });
    }
    plan.links = links;
    if let Some(person) = party::with_affiliation(profiles, &plan.parties) {
        plan.subject = Some(person);
    }
}

/// Which of several tables side by side each column is of, from 0. Columns without a heading and
/// without cells part them, where names stand on both sides.
pub(super) fn tables_beside(profiles: &[Profile]) -> Vec<usize> {
    let is_name = |profile: &Profile| profile.what == Some("name");
    let first = profiles.iter().position(is_name);
    let last = profiles.iter().rposition(is_name);
    let blank = |profile: &Profile| profile.filled == 0 && profile.heading.starts_with("Column ");
    let mut side = 0;
    let side_of = |(at, profile): (usize, &Profile)| {
        let own = side;
        side += usize::from(blank(profile) && first < Some(at) && Some(at) < last);
        own
    };
    profiles.iter().enumerate().map(side_of).collect()
}

/// Whether a heading says that people work for the company beside them.
fn is_employed(heading: &str) -> bool {
    const STEMS: [&str; 21] = [
        "employee",
        "worker",
        "mitarbeiter",
        "arbeitnehmer",
        "employe",
        "salarie",
        "empleado",
        "trabajador",
        "dipendente",
        "pracownik",
        "сотрудник",
        "работник",
        "員工",
        "员工",
        "職員",
        "직원",
        "calisan",
        "عامل",
        "موظف",
        "کارمند",
        "עובד",
    ];
    words::mentions(heading, &STEMS)
}

/// Whether a heading says that a parent is the last of a chain.
fn is_ultimate(heading: &str) -> bool {
    let heading = words::normal(heading);
    ["ultimate", "oberste", "ultime", "última", "ultima", "конечн", "最终", "最終", "최종"]
        .iter()
        .any(|word| heading.contains(&words::normal(word)))
}
