//! What kind of table it is, and how the parties of its rows are related.

use super::{
    super::{
        content, learn,
        row::Row,
        words::{self, Role},
    },
    arrows, assign, bodies, deals, denied, docket, either,
    events::{self, Event},
    held, holdings, link, many, movements, names, nobody, offices,
    party::{self, Party},
    people,
    profile::Profile,
    residence, sections, share_out, sides, statement, stems, steps, values, weigh,
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
    /// Whether the rows are payments of accounts whose other side no column names.
    pub own_account: bool,
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
    plan_with(profiles, rows, None)
}

/// The same for a table of whose rows one party is a row of another table.
pub(super) fn plan_with(profiles: &mut [Profile], rows: &[Row], other: Option<Party>) -> Plan {
    sides::sides(profiles);
    nobody::settle(profiles, rows);
    denied::by_cells(profiles, rows);
    movements::accounts(profiles);
    names::of_files(profiles);
    stems::find(profiles);
    names::of_shares(profiles);
    names::numbered(profiles);
    names::codes_of_parties(profiles, rows);
    names::of_units(profiles);
    names::of_worth(profiles);
    names::of_ratios(profiles);
    names::instead(profiles);
    held::first_of_row(profiles);
    holdings::call(profiles, rows);
    let section = sections::find(profiles, rows);
    statement::sides(profiles);
    deals::name_buyer(profiles);
    people::called_by_id(profiles);
    let mut parties = party::find(profiles, rows);
    either::join(profiles, rows, &mut parties);
    if let Some(section) = section {
        sections::head(section, &mut parties);
    }
    parties.extend(other);
    drop_unrelated(profiles, &mut parties);
    drop_lists(profiles, rows, &mut parties);
    numbered_company(profiles, &mut parties);
    events::marked_aircraft(profiles, &mut parties);
    held::company(profiles, &mut parties);
    deals::name_other_side(profiles, &mut parties);
    people::find(profiles, rows, &mut parties);
    bodies::find(profiles, &mut parties);
    offices::drop_circumstances(profiles, &mut parties);
    let mut plan = Plan { parties, ..Plan::default() };
    classify(profiles, &mut plan);
    if plan.kind == TableKind::None {
        return plan;
    }
    // What is said of the row is not said of the row of another table.
    let elsewhere = |at: usize| plan.parties[at].refers.is_some();
    if plan.subject.is_some_and(elsewhere) {
        plan.subject = (0..plan.parties.len()).find(|at| !elsewhere(*at));
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
    many::drop_shared(profiles, rows, &mut plan.parties);
    rest.extend(many::drop_varying(profiles, rows, &mut plan.parties));
    steps::find(profiles, rows, &mut plan.parties);
    residence::of_owner(profiles, &mut plan.parties);
    residence::registered(profiles, &mut plan.parties, &mut rest);
    rest.retain(|at| !noted.contains(at));
    own_ids(profiles, &mut plan, rows);
    share_out::share_out(profiles, &mut plan, rows, rest);
    docket::share_out(profiles, rows, &mut plan);
    statement::settle(profiles, &mut plan);
    for party in &mut plan.parties {
        party.said.retain(|(at, _)| !noted.contains(at));
        party.notes.retain(|at| !noted.contains(at));
    }
    plan.rest.extend(noted);
    weigh::weigh(profiles, &mut plan, rows);
    plan
}

pub(super) fn is_activity(kind: TableKind) -> bool {
    matches!(kind, TableKind::Payments | TableKind::Trade | TableKind::Events)
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
pub(super) fn worker_before(parties: &[Party], employer: &Party) -> Option<usize> {
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
        // “Berenberg, Gossler & Co.” is one.
        let joined = parts.last().is_some_and(|last| last.contains(" & "));
        // “Dandong Trading Co., Ltd. (Hong Kong)” is one: its last part is a form alone.
        let names_one = |part: &&str| {
            let bare = part.split('(').next().unwrap_or_default().trim();
            bare.contains(' ')
                && content::is_organization(bare)
                && bare.split(' ').any(|word| !content::is_company(&format!("x {word}")))
        };
        parts.len() > 1 && !joined && parts.iter().all(names_one)
    };
    let body = |party: &Party| party.role == Some(Role::Company) || party.corporate;
    let owner = parties.iter().position(|party| party.role == Some(Role::Owner));
    let owner_first = owner.map(|at| parties[at].first());
    let company_first = parties.iter().find(|party| body(party)).map(Party::first);
    let first = parties.iter().map(Party::first).min();
    parties.retain(|party| {
        let Some(name) = party.name else { return true };
        // One cell of many that seems to name two is a long name.
        let listed = party.split.is_none()
            && Some(party.first()) != first
            && rows.iter().filter(|row| several(row.get(name))).count() * 10
                >= profiles[name].filled;
        let stands_for = words::mentions(&profiles[name].heading, &REPRESENTATIVES)
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
        && matches!(only.role, None | Some(Role::Manager))
        && ["placeFrom", "arrival", "departure"].iter().all(|what| has(what).is_none())
    {
        only.role = only.role.or(Some(Role::Owner));
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
    let money =
        has("amount") || has("amountUsd") || has("amountEur") || has("debit") && has("credit");
    let goods = has("vedCode") || has("goodsDescription");
    let trader = plan.role(Role::Shipper).or(plan.role(Role::Consignee)).is_some();
    let sends = plan.role(Role::Shipper).or(plan.role(Role::Payer)).is_some();
    let receives = plan.role(Role::Consignee).or(plan.role(Role::Beneficiary)).is_some();
    let customs = has("vedCode") || has("weight") || has("customsAmount");
    // What was paid for is counted, too.
    let paid = money && plan.role(Role::Payer).is_some() && plan.role(Role::Beneficiary).is_some();
    let measured = customs || has("quantity") && !paid;
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
    if movements::has_one_side(profiles, plan) {
        plan.kind = TableKind::Payments;
        plan.reasons.push("each row has an amount and who pays it or is paid".into());
        plan.confidence = 0.85;
        keep(plan, &OF_PAYMENTS);
        return;
    }
    if movements::classify(profiles, plan)
        || docket::classify(profiles, plan)
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
                let sort = p.what == Some("sort") && party::are_ends(&plan.parties);
                (sort || matches!(p.what, Some("role" | "position" | "kind" | "name")))
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
                    && !p.values.is_empty()
                    && p.values.iter().all(|value| values::is_relation(value))
            })
        })
        .or_else(|| profiles.iter().position(|p| p.what == Some("role")));
    let by_column = relation.is_some_and(|at| profiles[at].what == Some("relation"));
    link::link(profiles, plan, relation, by_column);
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
            let number = party::number(&heading);
            let counts = |word: &&str| *word == number || word.parse::<u64>().is_ok();
            let short = heading.split(' ').filter(|word| !counts(word)).count() <= 2;
            let same = number == party::number(&profiles[name].heading);
            let beside = !alone && short && same && first(at) == first(name);
            let own = profile.role.is_none() || profile.role == party.role;
            // An “ID” next to a name that always has the same.
            let plain = !alone
                && matches!(&*heading, "id" | "uid" | "person id")
                && at.abs_diff(name) == 1
                && profile.different < profile.filled
                && telling
                && is_of_one(rows, at, name);
            profile.what == Some("id") && !profile.counter && own && (again || beside || plain)
        });
        // A number under which others are called otherwise, here and there, counts something else.
        party.id = party.id.filter(|id| !alone || is_of_one(rows, *id, name));
    }
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
