//! Rows that say what happened to a known thing: port calls and flights, incidents, court cases,
//! calls, transfers between wallets.

use super::{
    super::{row::Row, words::Role},
    party::Party,
    plan::{Link, Plan, TableKind},
    profile::{Profile, has},
};

/// What happens in each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub schema: &'static str,
    /// Whether a trip leaves first and arrives later; a call at a port is the other way round.
    pub voyage: bool,
}

/// Attributes of an event, not of the thing to which it happens.
pub(super) const OF_EVENTS: [&str; 24] = [
    "date",
    "startDate",
    "endDate",
    "arrival",
    "departure",
    "closeDate",
    "fileDate",
    "port",
    "portCountry",
    "event",
    "placeFrom",
    "placeTo",
    "passengers",
    "duration",
    "notes",
    "description",
    "purpose",
    "status",
    "caseNumber",
    "court",
    "subjectMatter",
    "jobtext",
    "listed",
    "goodsDescription",
];

impl Event {
    /// The attribute as the schema of the event has it.
    pub fn renamed(self, what: &'static str) -> &'static str {
        match (self.schema, what) {
            ("Trip", "arrival") if self.voyage => "endDate",
            ("Trip", "arrival") => "startDate",
            ("Trip", "departure") if self.voyage => "startDate",
            ("Trip", "departure") => "endDate",
            ("Trip", "port") => "location",
            ("Trip", "portCountry") => "country",
            ("Trip", "event") => "name",
            ("CourtCase", "date" | "startDate") => "fileDate",
            ("CourtCase", "endDate") => "closeDate",
            ("CourtCase", "subjectMatter") => "category",
            ("Call", "startDate") => "date",
            (_, other) => other,
        }
    }
}

/// The column of an attribute.
fn column(profiles: &[Profile], what: &str) -> Option<usize> {
    profiles.iter().position(|profile| profile.what == Some(what))
}

/// Whether a table is about travel, so that from and to are places.
pub(super) fn of_travel(profiles: &[Profile]) -> bool {
    has(profiles, &["tail", "arrival", "departure", "port", "passengers", "imoNumber"])
        || profiles.iter().any(|profile| profile.role == Some(Role::Vessel))
}

/// An aircraft that only has its mark.
pub(super) fn marked_aircraft(profiles: &[Profile], parties: &mut Vec<Party>) {
    let places = has(profiles, &["placeFrom", "placeTo", "arrival", "departure"]);
    let Some(mark) = column(profiles, "tail").filter(|_| places) else { return };
    parties.retain(|party| !party.is_named_in(mark));
    parties.push(Party {
        role: Some(Role::Asset),
        said: vec![(mark, "tail")],
        fixed: Some("Airplane"),
        ..Party::default()
    });
}

/// Finds out whether the rows are events, and of what. Only events that stand for their whole
/// table are settled here; trips keep the relationships of their rows.
pub(super) fn classify(profiles: &[Profile], plan: &mut Plan) -> bool {
    calls(profiles, plan) || cases(profiles, plan) || wallets(profiles, plan)
}

fn settled(plan: &mut Plan, schema: &'static str, why: &str) {
    plan.kind = TableKind::Events;
    plan.event = Some(Event { schema, voyage: false });
    plan.confidence = 0.9;
    plan.reasons.push(why.into());
}

/// Calls from number to number.
fn calls(profiles: &[Profile], plan: &mut Plan) -> bool {
    let numbers = [column(profiles, "callerNumber"), column(profiles, "calledNumber")];
    let [Some(from), Some(to)] = numbers else { return false };
    for (role, number) in [(Role::Caller, from), (Role::Called, to)] {
        if let Some(party) = plan.role(role) {
            plan.parties[party].key = Some(number);
        } else {
            plan.parties.push(Party { role: Some(role), key: Some(number), ..Party::default() });
        }
        let party = plan.role(role).unwrap_or_default();
        plan.parties[party].said.push((number, "phone"));
    }
    keep(plan, &[Role::Caller, Role::Called]);
    settled(plan, "Call", "each row has the number that calls and the number called");
    true
}

/// Court cases with their parties.
fn cases(profiles: &[Profile], plan: &mut Plan) -> bool {
    let sides = [Role::Claimant, Role::Defendant];
    let parties = sides.iter().filter(|role| plan.role(**role).is_some()).count();
    let case = has(profiles, &["caseNumber", "court", "fileDate", "subjectMatter"]);
    if parties == 0 || !case {
        return false;
    }
    keep(plan, &sides);
    settled(plan, "CourtCase", "each row has a case and its parties");
    true
}

/// Transfers between wallets.
fn wallets(profiles: &[Profile], plan: &mut Plan) -> bool {
    let of = |role: Role| {
        profiles.iter().position(|profile| {
            profile.what == Some("wallet")
                && profile.role == Some(role)
                && profile.values.iter().all(|value| is_address(value))
        })
    };
    let (Some(from), Some(to)) = (of(Role::Payer), of(Role::Beneficiary)) else { return false };
    let party = |at: usize, role: Role| Party {
        role: Some(role),
        said: vec![(at, "wallet")],
        fixed: Some("CryptoWallet"),
        ..Party::default()
    };
    keep(plan, &[]);
    plan.parties = vec![party(from, Role::Source), party(to, Role::Target)];
    plan.links = vec![Link::between(0, 1, "UnknownLink")];
    plan.kind = TableKind::Relationships;
    plan.confidence = 0.9;
    plan.reasons.push("each row has the wallet that pays and the wallet that is paid".into());
    true
}

/// Whether a cell looks like the address of a wallet.
fn is_address(cell: &str) -> bool {
    cell.len() >= 12 && cell.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether a cell can only be the address of a wallet.
pub(super) fn is_wallet(cell: &str) -> bool {
    let marked = ["0x", "0X", "bc1", "T", "1", "3"].iter().any(|start| cell.starts_with(start));
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    marked && cell.len() >= 26 && digits > 3 && digits < cell.len() && is_address(cell)
}

/// Makes the rows of a ship or an aircraft trips, where they say when and where.
pub(super) fn happen(profiles: &[Profile], rows: &[Row], plan: &mut Plan) {
    let dated = has(profiles, &["arrival", "departure", "date", "startDate", "endDate"])
        && !rows.is_empty();
    let placed = has(profiles, &["port", "placeFrom", "placeTo", "event"]);
    if !dated
        || !placed
        || !matches!(plan.kind, TableKind::List | TableKind::Parties | TableKind::Relationships)
    {
        return;
    }
    let Some(subject) = plan.subject.map(|at| &plan.parties[at]) else { return };
    let craft = subject.role == Some(Role::Vessel)
        || subject.fixed == Some("Airplane")
        || subject.role.is_none() && has(profiles, &["imoNumber"]);
    if !craft {
        return;
    }
    let voyage = !has(profiles, &["port"]) && has(profiles, &["placeFrom", "placeTo"]);
    plan.kind = TableKind::Events;
    plan.event = Some(Event { schema: "Trip", voyage });
    plan.reasons.push("each row says when and where something happened".into());
}

/// Keeps the parties of these roles; what others are called is a note.
fn keep(plan: &mut Plan, roles: &[Role]) {
    super::plan::keep(plan, roles);
}
