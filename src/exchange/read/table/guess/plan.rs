//! What kind of table it is, and how the parties of its rows are related.

use super::{
    super::{
        content, learn,
        row::Row,
        words::{self, Role},
    },
    arrows, assign, docket, either,
    events::{self, Event},
    names, offices,
    party::{self, Party},
    profile::Profile,
    residence, sections, statement, steps, values,
};

/// What kind of table it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableKind {
    /// No table that is understood.
    #[default]
    None,
    /// Things of one kind, one a row.
    List,
    /// Things of several kinds, named row by row.
    Mixed,
    /// Relationships, one a row.
    Relationships,
    /// Things with owners, officers and the like beside them.
    Parties,
    /// Payments, one a row.
    Payments,
    /// Consignments of goods, one a row.
    Trade,
    /// What happened to known things, one event a row.
    Events,
    /// Relationships between rows of other tables, named by their ids.
    Graph,
}

impl TableKind {
    /// The kind of a name.
    pub fn named(name: &str) -> Option<Self> {
        let all = [
            Self::None,
            Self::List,
            Self::Mixed,
            Self::Relationships,
            Self::Parties,
            Self::Payments,
            Self::Trade,
            Self::Graph,
            Self::Events,
        ];
        all.into_iter().find(|kind| kind.name() == name)
    }

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::List => "list",
            Self::Mixed => "mixed",
            Self::Relationships => "relationships",
            Self::Parties => "parties",
            Self::Payments => "payments",
            Self::Trade => "trade",
            Self::Events => "events",
            Self::Graph => "graph",
        }
    }
}

/// A relationship between two parties of a row.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub from: usize,
    pub to: usize,
    /// What it is where no column says it.
    pub schema: &'static str,
    /// The column that says what it is, row by row.
    pub relation: Option<usize>,
    /// What is said of it.
    pub said: Vec<(usize, &'static str)>,
    /// Columns that are kept as notes of it.
    pub notes: Vec<usize>,
    /// What it is called where its schema does not say it.
    pub role: Option<String>,
    /// A column of arrows, and its cells that let the relationship go the other way.
    pub turned: Option<(usize, Vec<String>)>,
    /// The column that must say something for it to be.
    pub needs: Option<usize>,
}

impl Link {
    /// A relationship of which nothing is said.
    pub fn between(from: usize, to: usize, schema: &'static str) -> Self {
        Self {
            from,
            to,
            schema,
            relation: None,
            said: Vec::new(),
            notes: Vec::new(),
            role: None,
            turned: None,
            needs: None,
        }
    }
}

/// What a table is made of.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub kind: TableKind,
    pub confidence: f32,
    pub reasons: Vec<String>,
    pub parties: Vec<Party>,
    pub links: Vec<Link>,
    /// The party that the row is about.
    pub subject: Option<usize>,
    /// Columns of the payment or consignment itself.
    pub activity: Vec<(usize, &'static str)>,
    /// What happens in each row.
    pub event: Option<Event>,
    /// The party of a court case in each row, with its part.
    pub part: Option<docket::Part>,
    /// Columns without a meaning, kept as notes.
    pub rest: Vec<usize>,
}

impl Plan {
    /// The first party of a role.
    pub fn role(&self, role: Role) -> Option<usize> {
        self.parties.iter().position(|party| party.role == Some(role))
    }
}

/// Works out what a table is.
pub(super) fn plan(profiles: &mut [Profile], rows: &[Row]) -> Plan {
    sides(profiles);
    names::of_files(profiles);
    names::of_shares(profiles);
    names::instead(profiles);
    let section = sections::find(profiles, rows);
    statement::sides(profiles);
    let mut parties = party::find(profiles, rows);
    either::join(profiles, rows, &mut parties);
    if let Some(section) = section {
        sections::head(section, &mut parties);
    }
    drop_unrelated(profiles, &mut parties);
    drop_lists(profiles, rows, &mut parties);
    numbered_company(profiles, &mut parties);
    events::marked_aircraft(profiles, &mut parties);
    let mut plan = Plan { parties, ..Plan::default() };
    classify(profiles, &mut plan);
    if plan.kind == TableKind::None {
        return plan;
    }
    events::happen(profiles, rows, &mut plan);
    arrows::turn(profiles, &mut plan.links);
    offices::part(profiles, &mut plan, rows);
    let edges = !plan.links.is_empty() || is_activity(plan.kind);
    kinds_by_role(profiles, &mut plan);
    let noted = std::mem::take(&mut plan.rest);
    let about = assign::About {
        edges,
        goods: plan.kind == TableKind::Trade,
        events: plan.kind == TableKind::Events,
        payments: plan.kind == TableKind::Payments,
        relation: plan.links.iter().find_map(|link| link.relation),
    };
    let mut rest = assign::assign(profiles, rows, &mut plan.parties, about);
    steps::find(profiles, rows, &mut plan.parties);
    residence::of_owner(profiles, &mut plan.parties);
    residence::registered(profiles, &mut plan.parties, &mut rest);
    rest.retain(|at| !noted.contains(at));
    own_ids(profiles, &mut plan, rows);
    share_out(profiles, &mut plan, rows, rest);
    docket::share_out(profiles, rows, &mut plan);
    statement::settle(profiles, &mut plan);
    for party in &mut plan.parties {
        party.said.retain(|(at, _)| !noted.contains(at));
        party.notes.retain(|at| !noted.contains(at));
    }
    plan.rest.extend(noted);
    weigh(profiles, &mut plan, rows);
    plan
}

fn is_activity(kind: TableKind) -> bool {
    matches!(kind, TableKind::Payments | TableKind::Trade | TableKind::Events)
}

const FROM: [&str; 9] = ["from", "von", "de", "от", "desde", "da", "kimden", "tu", "من"];
const TO: [&str; 9] = ["to", "an", "nach", "к", "кому", "hasta", "kime", "den", "الی"];

/// What a column called from or to is, where its cells are no names.
pub(super) fn dated(profile: &Profile) -> Option<&'static str> {
    let heading = words::normal(&profile.heading);
    let is = |list: &[&str]| profile.names < 0.5 && list.contains(&&*heading);
    if is(&FROM) { Some("startDate") } else { is(&TO).then_some("endDate") }
}

/// Decides by the cells what headings leave open: from and to, a bank that pays, a source.
fn sides(profiles: &mut [Profile]) {
    let money = profiles.iter().any(|p| matches!(p.what, Some("amount" | "amountUsd")));
    let travel = events::of_travel(profiles) && !money;
    for profile in profiles.iter_mut() {
        let heading = words::normal(&profile.heading);
        let side = if FROM.contains(&&*heading) {
            Some(true)
        } else if TO.contains(&&*heading) {
            Some(false)
        } else {
            None
        };
        if let Some(from) = side
            && profile.filled > 0
            && !profile.values.is_empty()
            && profile.values.iter().all(|value| events::is_wallet(value))
        {
            let side = if from { Role::Payer } else { Role::Beneficiary };
            (profile.role, profile.what) = (Some(side), Some("wallet"));
            (profile.headed, profile.confidence) = (true, 0.9);
            continue;
        }
        if let Some(from) = side {
            // Places, too, are what something goes from and to.
            let parties = profile.companies + profile.people >= 0.5 && !travel;
            if profile.names >= 0.5 && !parties {
                profile.what = Some(if from { "placeFrom" } else { "placeTo" });
                (profile.role, profile.headed, profile.confidence) = (None, true, 0.8);
                profile.reason = format!("the heading says “{}”", profile.heading);
                continue;
            }
            let dates = profile.names < 0.5;
            profile.headed = true;
            profile.confidence = 0.85;
            profile.reason =
                format!("the heading says “{}” and the cells are names", profile.heading);
            (profile.role, profile.what) = match (from, dates, money) {
                (true, true, _) => (None, Some("startDate")),
                (false, true, _) => (None, Some("endDate")),
                (true, false, true) => (Some(Role::Payer), Some("name")),
                (false, false, true) => (Some(Role::Beneficiary), Some("name")),
                (true, false, false) => (Some(Role::Source), Some("name")),
                (false, false, false) => (Some(Role::Target), Some("name")),
            };
        }
    }
    let named = |profiles: &[Profile], role: Role| {
        profiles.iter().any(|p| p.role == Some(role) && p.what == Some("name"))
    };
    // A name of a bank beside other names is that of somebody's bank.
    let names = profiles.iter().filter(|p| p.what == Some("name") && p.headed).count();
    for profile in profiles.iter_mut().filter(|profile| names > 1 && profile.role.is_none()) {
        if profile.what == Some("name") && super::profile::is_of_bank(&profile.heading) {
            profile.role = Some(Role::Bank);
        }
    }
    let pays = named(profiles, Role::Payer) || named(profiles, Role::Beneficiary);
    let banks = profiles.iter().any(|profile| {
        profile.role == Some(Role::Bank)
            && profile.what == Some("name")
            && !pays
            && words::side(&profile.heading).is_some()
    });
    for profile in profiles.iter_mut().filter(|_| banks) {
        // Where banks pay, their country is the payer's.
        let side = words::side(&profile.heading);
        match profile.what {
            Some("bankCountry") => (profile.role, profile.what) = (side, Some("country")),
            Some("bankAddress") => (profile.role, profile.what) = (side, Some("address")),
            _ => {}
        }
    }
    for profile in profiles.iter_mut().filter(|profile| profile.role == Some(Role::Bank)) {
        if profile.what != Some("name") {
            continue;
        }
        match words::side(&profile.heading) {
            Some(side) if !pays => profile.role = Some(side),
            side => (profile.role, profile.what) = (side, Some("bankName")),
        }
    }
    for profile in profiles.iter_mut().filter(|profile| profile.role.is_none()) {
        if matches!(profile.what, Some("bankName" | "swiftBic" | "bankCountry" | "bankAddress")) {
            profile.role = words::side(&profile.heading);
        }
    }
    let donor = named(profiles, Role::Payer) && !named(profiles, Role::Beneficiary) && money;
    for profile in profiles.iter_mut() {
        // Whom a donor gives to is a political party, or just “Party”.
        let heading = words::normal(&profile.heading);
        if donor && (profile.what == Some("political") || heading == "party") && profile.names > 0.5
        {
            (profile.role, profile.what) = (Some(Role::Beneficiary), Some("name"));
            (profile.headed, profile.confidence) = (true, 0.9);
        }
    }
    // Who applies for a letter of credit pays by it; who takes part in a tender owns nothing.
    let credit = named(profiles, Role::Beneficiary) && money;
    let case = profiles.iter().any(|profile| matches!(profile.what, Some("caseNumber" | "court")));
    for profile in profiles.iter_mut().filter(|profile| case && profile.what == Some("sector")) {
        profile.what = Some("subjectMatter");
    }
    let tender = named(profiles, Role::Authority);
    let won = named(profiles, Role::Supplier) && !named(profiles, Role::Company);
    for profile in profiles.iter_mut() {
        let heading = words::normal(&profile.heading);
        if credit && profile.role == Some(Role::Claimant) && heading.starts_with("applicant") {
            profile.role = Some(Role::Payer);
        }
        // What is said of the firm of a tender is said of who won it.
        if tender && won && profile.role == Some(Role::Company) && profile.what != Some("name") {
            profile.role = Some(Role::Supplier);
        }
        if tender && profile.role == Some(Role::Owner) {
            profile.role = Some(Role::Supplier);
        }
    }
    // Who buys from suppliers, and not goods from a shipper, awards contracts.
    let buys = named(profiles, Role::Supplier)
        && named(profiles, Role::Consignee)
        && !named(profiles, Role::Shipper);
    // A first line of a name is a first name only among six.
    let six = profiles.iter().any(|profile| words::normal(&profile.heading) == "name 6");
    for profile in profiles.iter_mut() {
        if buys && profile.role == Some(Role::Consignee) {
            profile.role = Some(Role::Authority);
        }
        if !six && words::normal(&profile.heading) == "name 1" {
            (profile.what, profile.role) = (Some("name"), None);
        }
    }
    let target = named(profiles, Role::Target);
    // What is between two nodes may have a label of its own.
    let edges = target && named(profiles, Role::Source);
    for profile in profiles.iter_mut().filter(|profile| edges && profile.role.is_none()) {
        let label = ["label", "name", "title", "caption", "edge name"];
        if profile.what == Some("name") && label.contains(&&*words::normal(&profile.heading)) {
            (profile.what, profile.headed) = (Some("description"), true);
        }
    }
    // Behind two ends of a relationship, a source says where it is from.
    let end = profiles.iter().position(|p| p.role == Some(Role::Target) && p.what == Some("name"));
    let start =
        profiles.iter().position(|p| p.role.is_none() && p.headed && p.what == Some("name"));
    let cited = end.filter(|end| start.is_some_and(|start| start < *end));
    for (at, profile) in profiles.iter_mut().enumerate() {
        let cited = cited.is_some_and(|end| at > end) && profile.companies + profile.people < 0.5;
        if profile.role == Some(Role::Source) && (!target || cited) {
            profile.role = None;
            let named = words::normal(&profile.heading).contains(' ')
                && profile.companies + profile.people >= 0.5;
            if !named {
                (profile.what, profile.headed) = (None, false);
            }
        }
    }
}

/// Roles that nothing is known to be between are notes: who audits, who carries.
fn drop_unrelated(profiles: &mut [Profile], parties: &mut Vec<Party>) {
    let ships = profiles.iter().any(|profile| {
        profile.role == Some(Role::Vessel) || matches!(profile.what, Some("imoNumber" | "tail"))
    });
    let workers: Vec<bool> =
        parties.iter().map(|party| worker_before(parties, party).is_some()).collect();
    let mut workers = workers.into_iter();
    parties.retain(|party| {
        let worker = workers.next().unwrap_or_default();
        let dropped = matches!(party.role, Some(Role::Auditor | Role::Carrier | Role::Bank))
            || party.role == Some(Role::Employer) && !worker
            || party.role == Some(Role::Manager) && !ships;
        if let Some(name) = party.name.filter(|_| dropped) {
            (profiles[name].role, profiles[name].what) = (None, None);
        }
        !dropped
    });
}

/// The person before an employer, who works for it.
fn worker_before(parties: &[Party], employer: &Party) -> Option<usize> {
    let works = |party: &Party| matches!(party.role, None | Some(Role::Person)) && !party.corporate;
    let before = parties.iter().enumerate().filter(|(_, party)| party.first() < employer.first());
    before
        .filter(|(_, party)| works(party))
        .max_by_key(|(_, party)| party.first())
        .map(|(at, _)| at)
}

/// Columns with several names in a cell that no sign parts for certain, and representatives of
/// owners, are notes.
fn drop_lists(profiles: &mut [Profile], rows: &[Row], parties: &mut Vec<Party>) {
    let several = |cell: &str| {
        let parts: Vec<&str> = cell.split(", ").collect();
        // “Dandong Trading Co., Ltd. (Hong Kong)” is one: its last part is a form alone.
        let names_one = |part: &&str| {
            let bare = part.split('(').next().unwrap_or_default().trim();
            bare.contains(' ')
                && content::is_organization(bare)
                && bare.split(' ').any(|word| !content::is_company(&format!("x {word}")))
        };
        parts.len() > 1 && parts.iter().all(names_one)
    };
    let body = |party: &Party| party.role == Some(Role::Company) || party.corporate;
    let owner = parties.iter().position(|party| party.role == Some(Role::Owner));
    let owner_first = owner.map(|at| parties[at].first());
    let company_first = parties.iter().find(|party| body(party)).map(Party::first);
    let first = parties.iter().map(Party::first).min();
    parties.retain(|party| {
        let Some(name) = party.name else { return true };
        let listed = party.split.is_none()
            && Some(party.first()) != first
            && rows.iter().any(|row| several(row.get(name)));
        let heading = words::normal(&profiles[name].heading);
        let stands_for = REPRESENTATIVES.iter().any(|stem| heading.contains(stem))
            && company_first < owner_first
            && owner_first.is_some_and(|owner| owner < name);
        if listed || stands_for {
            (profiles[name].role, profiles[name].what) = (None, None);
        }
        !listed && !stands_for
    });
}

/// Stems of headings that name who acts for another.
const REPRESENTATIVES: [&str; 7] =
    ["represent", "rappresent", "apoderado", "procurador", "bevollm", "vertreter", "代理"];

/// A company that only has a number beside its officers.
fn numbered_company(profiles: &mut [Profile], parties: &mut Vec<Party>) {
    let has = |what: &str| profiles.iter().position(|profile| profile.what == Some(what));
    let things = [
        ("tail", "Airplane"),
        ("plate", "Vehicle"),
        ("vin", "Vehicle"),
        ("titleNumber", "RealEstate"),
        ("iban", "BankAccount"),
        ("accountNumber", "BankAccount"),
    ];
    // A register of aircraft names the owner of each mark.
    if let Some(mark) = has("tail")
        && let [only] = &mut parties[..]
        && only.role.is_none()
        && ["placeFrom", "arrival", "departure"].iter().all(|what| has(what).is_none())
    {
        only.role = Some(Role::Owner);
        // Further names in such a register are further owners.
        for profile in profiles.iter_mut().filter(|profile| profile.what == Some("alias")) {
            profile.what = None;
        }
        parties.push(Party {
            role: Some(Role::Asset),
            said: vec![(mark, "tail")],
            fixed: Some("Airplane"),
            ..Party::default()
        });
        return;
    }
    let owned = parties.iter().any(|party| matches!(party.role, Some(Role::Owner | Role::Holder)));
    let subject = parties
        .iter()
        .any(|party| matches!(party.role, Some(Role::Company | Role::Asset | Role::Vessel)));
    let thing = things.iter().find_map(|(what, schema)| Some((has(what)?, *what, *schema)));
    if let Some((number, what, schema)) = thing.filter(|_| owned && !subject) {
        parties.push(Party {
            role: Some(Role::Asset),
            said: vec![(number, what)],
            fixed: Some(schema),
            ..Party::default()
        });
        return;
    }
    let [only] = &parties[..] else { return };
    let person = only.role.is_none_or(|role| matches!(role, Role::Person | Role::Director))
        && only.name.is_some_and(|name| profiles[name].companies < 0.5);
    let officer = only.role.is_some_and(|role| matches!(role, Role::Director | Role::Person));
    let of_body = |at: &usize| {
        let heading = words::normal(&profiles[*at].heading);
        words::names_company(&heading) || heading.contains("charity")
    };
    let number = (0..profiles.len())
        .find(|at| profiles[*at].what == Some("registrationNumber") && of_body(at));
    if let Some(number) = number.filter(|_| officer && person) {
        parties.push(Party {
            role: Some(Role::Company),
            said: vec![(number, "registrationNumber")],
            ..Party::default()
        });
        return;
    }
    let post = has("role").or_else(|| has("position")).or_else(|| has("relation"));
    let personal = has("birthDate").is_some() || has("nationality").is_some();
    if let Some(number) = has("registrationNumber").filter(|_| person && post.is_some() && personal)
    {
        parties[0].role = Some(Role::Person);
        parties.push(Party {
            role: Some(Role::Company),
            said: vec![(number, "registrationNumber")],
            ..Party::default()
        });
    }
}

/// Says what the table is and links its parties.
fn classify(profiles: &[Profile], plan: &mut Plan) {
    let has = |what: &str| profiles.iter().any(|profile| profile.what == Some(what));
    let side = |role: Role| {
        plan.role(role).is_some()
            || profiles.iter().any(|profile| {
                profile.role == Some(role) && matches!(profile.what, Some("iban" | "accountNumber"))
            })
    };
    let money = has("amount") || has("amountUsd") || has("amountEur");
    let goods = has("vedCode") || has("goodsDescription");
    let trader = plan.role(Role::Shipper).or(plan.role(Role::Consignee)).is_some();
    let sends = plan.role(Role::Shipper).or(plan.role(Role::Payer)).is_some();
    let receives = plan.role(Role::Consignee).or(plan.role(Role::Beneficiary)).is_some();
    let measured = has("vedCode") || has("quantity") || has("weight") || has("customsAmount");
    if plan.role(Role::Shipper).is_some()
        && plan.role(Role::Consignee).is_some()
        && !is_sale(profiles, plan)
        || goods && sends && receives && (trader || measured || !money)
        || goods && measured && (sends || receives)
    {
        plan.kind = TableKind::Trade;
        plan.reasons.push(if sends && receives {
            "each row has a shipper and a consignee".into()
        } else {
            "each row has goods and who sends or receives them".into()
        });
        plan.confidence = 0.9;
        keep(plan, &OF_TRADE);
        let mark = profiles.iter().position(|profile| profile.what == Some("tail"));
        if let Some(mark) = mark.filter(|_| plan.role(Role::Vessel).is_none()) {
            plan.parties.push(Party {
                role: Some(Role::Vessel),
                said: vec![(mark, "tail")],
                fixed: Some("Airplane"),
                ..Party::default()
            });
        }
        return;
    }
    if money && side(Role::Payer) && side(Role::Beneficiary)
        || plan.role(Role::Counterparty).is_some()
            && (has("debit") && has("credit") || statement::goes_both_ways(profiles))
    {
        plan.kind = TableKind::Payments;
        plan.reasons.push("each row has a payer, a payee and an amount".into());
        plan.confidence = 0.9;
        keep(plan, &OF_PAYMENTS);
        return;
    }
    if docket::classify(profiles, plan)
        || events::classify(profiles, plan)
        || plan.parties.is_empty()
    {
        return;
    }
    let special = [Role::Claimant, Role::Defendant, Role::Caller, Role::Called];
    if special.iter().any(|role| plan.role(*role).is_some()) {
        plan.confidence = 0.3;
        plan.reasons.push("it tells of cases or calls".into());
        plan.kind = TableKind::List;
        plan.subject = Some(0);
        return;
    }
    let relation = profiles
        .iter()
        .position(|p| p.what == Some("relation"))
        .or_else(|| {
            profiles.iter().position(|p| {
                matches!(p.what, Some("role" | "position" | "kind" | "name"))
                    && p.names_relations()
                    && !p.names_kinds()
                    && plan
                        .parties
                        .iter()
                        .all(|party| party.name.is_none_or(|n| profiles[n].heading != p.heading))
            })
        })
        .or_else(|| {
            // What nobody understands may still say what is between two parties.
            profiles.iter().position(|p| {
                matches!(p.what, None | Some("sort" | "jobtext"))
                    && p.values.len() > 1
                    && p.values.iter().all(|value| values::is_relation(value))
            })
        })
        .or_else(|| profiles.iter().position(|p| p.what == Some("role")));
    let by_column = relation.is_some_and(|at| profiles[at].what == Some("relation"));
    link(profiles, plan, relation, by_column);
    plan.kind = if plan.links.is_empty() { TableKind::List } else { TableKind::Parties };
    let contacts = party::with_affiliation(profiles, &plan.parties).is_some();
    if plan.links.len() == 1 && plan.parties.len() == 2 && !contacts {
        plan.kind = TableKind::Relationships;
    }
    plan.confidence = 0.9;
}

/// Whether a ship is sold in each row: it has a seller and a buyer, and no goods.
fn is_sale(profiles: &[Profile], plan: &Plan) -> bool {
    const SIDES: [&str; 16] = [
        "seller",
        "buyer",
        "vendor",
        "purchaser",
        "verkaufer",
        "kaufer",
        "vendeur",
        "acheteur",
        "vendedor",
        "comprador",
        "продавец",
        "покупатель",
        "卖方",
        "买方",
        "satici",
        "alici",
    ];
    let of_goods = [
        "vedCode",
        "goodsDescription",
        "quantity",
        "weight",
        "blNumber",
        "portOfLoading",
        "portOfDischarge",
        "originCountry",
        "destinationCountry",
    ];
    let goods = profiles.iter().any(|p| p.what.is_some_and(|what| of_goods.contains(&what)));
    let deals = |role: Role| {
        let name = plan.role(role).and_then(|at| plan.parties[at].name);
        name.is_some_and(|name| SIDES.contains(&&*words::normal(&profiles[name].heading)))
    };
    !goods && plan.role(Role::Vessel).is_some() && deals(Role::Shipper) && deals(Role::Consignee)
}

/// Who takes part in a payment, and in a consignment.
const OF_PAYMENTS: [Role; 3] = [Role::Payer, Role::Beneficiary, Role::Counterparty];
const OF_TRADE: [Role; 7] = [
    Role::Shipper,
    Role::Consignee,
    Role::Payer,
    Role::Beneficiary,
    Role::Notify,
    Role::Declarant,
    Role::Vessel,
];

/// Keeps the parties of these roles; what others are called is a note.
pub(super) fn keep(plan: &mut Plan, roles: &[Role]) {
    let (kept, others): (Vec<Party>, Vec<Party>) = std::mem::take(&mut plan.parties)
        .into_iter()
        .partition(|party| party.role.is_some_and(|role| roles.contains(&role)));
    plan.parties = kept;
    for party in others {
        plan.rest.extend(party.name);
        plan.rest.extend(party.apart.iter().map(|(at, _)| *at));
    }
}

/// Links the parties of a row by their roles.
fn link(profiles: &[Profile], plan: &mut Plan, relation: Option<usize>, by_column: bool) {
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
    let subject = lead.or_else(|| order.iter().find_map(of)).unwrap_or(0);
    plan.subject = Some(subject);
    let subject_role = plan.parties[subject].role;
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
                && matches!(profiles[*at].what, Some("role" | "relation" | "position"))
        };
        // Codes beside the words for them say nothing.
        let worded = |at: &usize| post(at) && profiles[*at].names_relations();
        let own = (0..profiles.len()).find(worded).or_else(|| (0..profiles.len()).find(post));
        own.or(relation
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
        let heading = named.map(|name| profiles[name].heading.clone());
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
            // Two offices of one tender have the winner between them.
            (Some(Role::Authority), Some(Role::Authority)) => {
                let winner = plan.parties.iter().position(|one| one.role == Some(Role::Supplier));
                let Some(winner) = winner else { continue };
                link(winner, at, "UnknownLink", false)
            }
            (Some(Role::Director), Some(Role::Person)) => link(at, subject, "UnknownLink", true),
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
                let worker = worker_before(&plan.parties, party).unwrap_or(subject);
                link(worker, at, "Employment", false)
            }
            (Some(Role::Debtor), Some(Role::Creditor)) => link(at, subject, "Debt", false),
            (Some(Role::Target), _) | (None, Some(Role::Source)) => {
                link(subject, at, "UnknownLink", true)
            }
            (Some(Role::Asset), _) => link(subject, at, "Ownership", false),
            (Some(Role::Person), Some(Role::Company))
                if named.is_some_and(|name| is_employed(&profiles[name].heading)) =>
            {
                link(at, subject, "Employment", true)
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

/// Whether one of several tables side by side has no heading for its names.
fn has_strange_side(profiles: &[Profile]) -> bool {
    let sides = tables_beside(profiles);
    let named = |side: usize| {
        let mut own = profiles.iter().zip(&sides).filter(|(_, of)| **of == side);
        own.any(|(profile, _)| profile.headed && profile.what == Some("name"))
    };
    let count = sides.last().map_or(0, |last| last + 1);
    count > 1 && !(0..count).all(named)
}

/// Whether a heading says that people work for the company beside them.
fn is_employed(heading: &str) -> bool {
    const STEMS: [&str; 20] = [
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
    ];
    let heading = words::normal(heading);
    STEMS.iter().any(|stem| heading.contains(stem)) || heading.contains("עובד")
}

/// Whether a heading says that a parent is the last of a chain.
fn is_ultimate(heading: &str) -> bool {
    let heading = words::normal(heading);
    ["ultimate", "oberste", "ultime", "última", "ultima", "конечн", "最终", "最終", "최종"]
        .iter()
        .any(|word| heading.contains(&words::normal(word)))
}

/// Gives kind columns to the parties whose heading they share, before anything else is shared out.
fn kinds_by_role(profiles: &[Profile], plan: &mut Plan) {
    let groups = party::groups(profiles, &plan.parties);
    for (at, profile) in profiles.iter().enumerate() {
        let taken = plan.links.iter().any(|link| link.relation == Some(at));
        if taken || !profile.names_kinds() || profile.names_relations() {
            continue;
        }
        if !matches!(profile.what, Some("kind" | "type" | "legalForm")) {
            continue;
        }
        let beside = plan.parties.iter().position(|party| {
            party.name.is_some_and(|name| {
                party::first_word(&profiles[name].heading) == party::first_word(&profile.heading)
            })
        });
        let by_role = groups[at].or(profile.role.and_then(|role| plan.role(role))).or(beside);
        let alone = (plan.parties.len() == 1).then_some(0);
        // Beside an owner and a company, a kind is the owner's: a company is known to be one.
        let open = plan.parties.iter().enumerate().filter(|(_, party)| {
            !(matches!(party.role, Some(Role::Company | Role::Asset | Role::Vessel))
                || party.role.is_none() && party.corporate)
        });
        // Of those, the one next to it.
        let open = open.min_by_key(|(_, party)| party.first().abs_diff(at)).map(|(index, _)| index);
        if let Some(index) = by_role.or(alone).or(open)
            && plan.parties[index].kind.is_none()
        {
            plan.parties[index].kind = Some(at);
            plan.parties[index].said.push((at, "kind"));
            if plan.kind == TableKind::List {
                plan.kind = TableKind::Mixed;
                plan.reasons.push(format!("“{}” says what each row is", profile.heading));
            }
        }
    }
}

/// Finds the ids that the table gives its parties: `person_id` beside `person_name`, or a number
/// that comes again in a list.
fn own_ids(profiles: &[Profile], plan: &mut Plan, rows: &[Row]) {
    let first = |at: usize| party::first_word(&profiles[at].heading);
    let alone = plan.parties.len() == 1;
    // Where each row has an id of its own, no other tells what the rows are.
    let unique = profiles.iter().any(|profile| {
        profile.what == Some("id")
            && profile.filled > 1
            && profile.different == profile.filled
            && (!profile.counter || profile.filled == rows.len())
    });
    for party in &mut plan.parties {
        let Some(name) = party.named_in() else { continue };
        party.id = profiles.iter().enumerate().position(|(at, profile)| {
            // A code of few values, as of sexes or countries, tells nobody from others.
            let telling = profile.different * 3 >= profile.filled;
            let again = alone && !unique && telling && profile.different < profile.filled;
            // “Vessel voyage ID” is that of a voyage.
            let heading = words::normal(&profile.heading);
            let words = heading.split(' ').filter(|word| word.parse::<u64>().is_err());
            let short = words.count() <= 2;
            let beside = !alone && short && first(at) == first(name);
            let own = profile.role.is_none() || profile.role == party.role;
            profile.what == Some("id") && !profile.counter && own && (again || beside)
        });
        // A number under which others are called otherwise, here and there, counts something else.
        party.id = party.id.filter(|id| !alone || is_of_one(rows, *id, name));
    }
}

/// Gives the columns that are about no party to relationships, payments or notes.
fn share_out(profiles: &[Profile], plan: &mut Plan, rows: &[Row], rest: Vec<usize>) {
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
    let heading = words::normal(heading);
    STEMS.iter().any(|stem| heading.contains(stem))
}

/// Whether a row is made of headings only.
fn is_heading(row: &Row) -> bool {
    let mut filled = row.cells().filter(|cell| !cell.is_empty());
    row.filled() > 2 && filled.all(|cell| words::meaning(cell).part == 100)
}

/// Whether the rows of each id are next to each other, or have one name.
fn is_of_one(rows: &[Row], id: usize, name: usize) -> bool {
    let mut last = std::collections::HashMap::new();
    let mut numbered = rows.iter().enumerate().filter(|(_, row)| !row.get(id).is_empty());
    numbered.all(|(at, row)| {
        let own = learn::folded(row.get(name));
        let before = last.insert(row.get(id).to_owned(), (at, own.clone()));
        before.is_none_or(|(before, other)| before + 1 == at || other == own)
    })
}

/// Whether rows of one id of the table have different names, as where a list has a row for each
/// alias.
fn goes_on(party: &Party, rows: &[Row]) -> bool {
    let (Some(id), Some(name)) = (party.id, party.named_in()) else { return false };
    let mut names = std::collections::HashMap::new();
    rows.iter().any(|row| {
        let (id, name) = (row.get(id), learn::folded(row.get(name)));
        !id.is_empty() && *names.entry(id.to_owned()).or_insert_with(|| name.clone()) != name
    })
}

/// Whether only owners or officers have names where a company has numbers.
fn is_alone(profiles: &[Profile], plan: &Plan) -> bool {
    let of_company = !plan.parties.is_empty()
        && plan.parties.iter().all(|party| {
            matches!(party.role, Some(Role::Owner | Role::Director | Role::Parent | Role::Agent))
        });
    let of = ["registrationNumber", "taxNumber", "legalForm", "capital", "percentage"];
    // Without another column of names, the company stands elsewhere: they are a list.
    let other = |profile: &Profile| {
        profile.what.is_none() && profile.companies + profile.people >= 0.3
            || profile.what.is_some_and(|what| of[..4].contains(&what))
    };
    of_company
        && profiles.iter().any(|profile| profile.what.is_some_and(|what| of.contains(&what)))
        && profiles.iter().any(other)
}

/// Whether most cells of the first row would do as headings.
fn begins_with_headings(rows: &[Row]) -> bool {
    let Some(first) = rows.first() else { return false };
    let cells: Vec<&str> = first.cells().filter(|cell| !cell.is_empty()).collect();
    let known = cells.iter().filter(|cell| words::meaning(cell).part >= 60).count();
    cells.len() >= 4 && known * 10 >= cells.len() * 7 || known >= 6 && known * 2 >= cells.len()
}

/// Whether a heading was read in another encoding than it was written in: UTF-8 as Windows-1252
/// has a sign behind each `Ã`, and not a letter.
fn is_garbled(heading: &str) -> bool {
    let pairs = heading.chars().zip(heading.chars().skip(1));
    heading.contains('\u{fffd}')
        || pairs.into_iter().any(|(one, next)| {
            matches!(one, 'Ã' | 'Ð' | 'Ñ' | 'Â')
                && (matches!(next, '\u{80}'..='\u{bf}') || "€‚ƒ„…†‡ˆ‰‹‘’“”•–—˜™›".contains(next))
        })
}

/// How sure all of it is.
fn weigh(profiles: &[Profile], plan: &mut Plan, rows: &[Row]) {
    for party in &plan.parties {
        let Some(name) = party.named_in() else { continue };
        let profile = &profiles[name];
        plan.reasons.push(if profile.reason.is_empty() {
            format!("“{}” has names", profile.heading)
        } else {
            profile.reason.clone()
        });
        let sure = if profile.headed { profile.confidence.max(0.8) } else { profile.confidence };
        plan.confidence = plan.confidence.min(sure);
    }
    for (doubtful, why) in [
        (profiles.len() > 40, "it has more columns than a plain list"),
        (rows.iter().any(is_heading), "it has headings again among its rows"),
        (is_alone(profiles, plan), "it has owners or officers, and nothing says of which company"),
        (
            arrows::turning(profiles).is_some()
                && plan.links.iter().all(|link| link.turned.is_none()),
            "arrows say which way the relationships of its rows go",
        ),
        (
            offices::apart(profiles, plan, rows).is_some()
                && plan.links.iter().all(|link| link.needs.is_none()),
            "some owners have an office and no share",
        ),
        (begins_with_headings(rows), "its first row seems to be a second row of headings"),
        (has_strange_side(profiles), "a blank column parts it into two tables"),
        (plan.parties.iter().any(|party| goes_on(party, rows)), "several rows tell of one thing"),
    ] {
        if doubtful {
            plan.confidence = plan.confidence.min(0.6);
            plan.reasons.push(why.into());
        }
    }
    let wallets = plan.parties.iter().any(|party| party.fixed == Some("CryptoWallet"));
    if !wallets && profiles.iter().any(|profile| profile.what == Some("wallet")) {
        plan.confidence = plan.confidence.min(0.5);
        plan.reasons.push("wallets are not read yet".into());
    }
    if profiles.iter().any(|profile| is_garbled(&profile.heading)) {
        plan.confidence = plan.confidence.min(0.5);
        plan.reasons.push("the headings are not in the encoding that was found".into());
    }
    if let [link] = &plan.links[..] {
        let ends = [&plan.parties[link.from], &plan.parties[link.to]];
        let unsaid = link.schema == "UnknownLink" && link.relation.is_none();
        if unsaid && ends.iter().all(|party| party.role.is_none()) {
            // In a wide table, a second name that no heading explains may be anything.
            let own = |party: &Party| {
                party.name.is_some_and(|name| {
                    profiles[name].headed && words::normal(&profiles[name].heading).contains(' ')
                })
            };
            // The one whose birth and sex the row tells needs no more.
            let named = ends.iter().all(|party| own(party) || party.has(&["birthDate", "gender"]));
            let sure = if profiles.len() > 8 && !named { 0.6 } else { 0.8 };
            plan.confidence = plan.confidence.min(sure);
        }
    }
}
