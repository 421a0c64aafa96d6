//! Tables that name each other's rows by id: nodes in one, edges in another.

use std::collections::{HashMap, HashSet};

use super::{
    super::{
        EntityMapping, PropertyMapping, Row,
        content::{self, Kind},
        words::{self, Role},
    },
    Guess, Look,
    party::{Party, Reference},
    plan::{Link, Plan, TableKind},
    profile::Profile,
    values,
};
use crate::model::schema::{Schema, label, schema};

/// The ids of the rows of a table.
pub(super) struct Space {
    pub table: usize,
    pub column: usize,
    ids: HashSet<String>,
    pub literal: String,
    /// The schema of its rows, where all have one.
    pub schema: &'static str,
    /// Whether those are names.
    pub named: bool,
    /// Whether they are numbers of which no heading says that they are ids.
    pub numbered: bool,
    /// What the mapping calls what its rows are.
    pub base: String,
}

impl Space {
    /// Whether a row has this id.
    pub fn holds(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Whether most cells of a column of another table are its ids.
    pub fn is_named_in(&self, look: &Look, column: usize) -> bool {
        let cells = look.rows.iter().map(|row| row.get(column)).filter(|cell| !cell.is_empty());
        let (mut all, mut known) = (0_usize, 0_usize);
        for cell in cells {
            all += 1;
            known += usize::from(self.holds(cell));
        }
        all > 0 && known as f32 / all as f32 >= MOST
    }
}

/// A column with ids, and the table whose they are.
pub(super) type End<'s> = (usize, &'s Space);

/// How large a part of the cells must be ids of another table.
pub(super) const MOST: f32 = 0.7;

/// Links the tables that are read together: what is an id in one becomes the end of a
/// relationship in another.
pub(super) fn join(looks: &[Look], guesses: &mut [Guess]) {
    let spaces: Vec<Space> =
        (0..looks.len()).filter_map(|table| space(looks, guesses, table)).collect();
    super::chain::between(looks, guesses, &spaces);
    let spaces = spaces.into_iter().chain(numbered(looks, guesses));
    let named = (0..looks.len()).filter_map(|table| names(looks, guesses, table));
    let spaces: Vec<Space> = named.chain(spaces).collect();
    for table in 0..looks.len() {
        let open = guesses[table].kind == TableKind::None;
        let Some((one, other)) = ends(looks, &spaces, table, open) else { continue };
        relate(looks, guesses, table, [one, other]);
    }
}

/// Makes a table one of relationships between rows of others, whose ids two of its columns hold.
pub(super) fn relate(
    looks: &[Look],
    guesses: &mut [Guess],
    table: usize,
    [one, other]: [End<'_>; 2],
) {
    for (_, space) in [&one, &other] {
        identify(&looks[space.table], &mut guesses[space.table], space);
    }
    for (column, space) in [one, other] {
        let nodes = &looks[space.table];
        personal(nodes, &mut guesses[space.table], space, &looks[table]);
        promote(nodes, &mut guesses[space.table], space, &looks[table], column);
    }
    guesses[table] = looks[table].finish(plan(&looks[table], one, other));
    for end in [one, other] {
        only_known(&looks[table], &mut guesses[table], end, looks[end.1.table].rows.len());
    }
}

/// What the first column is called where it has the codes by which other tables name its rows.
const CODES: [&str; 12] = [
    "code",
    "codigo",
    "cod",
    "clave",
    "kod",
    "код",
    "编号",
    "编码",
    "番号",
    "コード",
    "코드",
    "כוד",
];

/// The column in which each row has an id of its own.
pub(super) fn id_column(look: &Look) -> Option<usize> {
    let mut ids = (0..look.profiles.len()).filter(|at| is_id(&look.profiles[*at]));
    let is_code = |profile: &Profile| CODES.contains(&&*words::normal(&profile.heading));
    let first = look.profiles.first().filter(|profile| is_code(profile)).map(|_| 0);
    ids.find(|at| look.tells_apart(*at)).or(first.filter(|at| look.tells_apart(*at)))
}

/// Whether a heading calls a column ids.
pub(super) fn is_id(profile: &Profile) -> bool {
    let heading = words::normal(&profile.heading);
    profile.what == Some("id")
        || heading.split(' ').any(|word| word.ends_with("id") || word == "slug")
}

/// The names of the rows of a list, where each has its own: edges may name them.
fn names(looks: &[Look], guesses: &[Guess], table: usize) -> Option<Space> {
    let look = &looks[table];
    let list = matches!(guesses[table].kind, TableKind::List | TableKind::Mixed);
    let mut columns = (0..look.profiles.len()).filter(|at| look.tells_apart(*at));
    let column = columns.find(|at| {
        let profile = &look.profiles[*at];
        profile.headed && profile.what == Some("name")
    });
    let space = space_of(look, &guesses[table], (table, column.filter(|_| list)?))?;
    Some(Space { named: true, ..space })
}

/// What the ids of the rows of each table name, and the numbers of other columns that tell its rows
/// apart.
pub(super) fn spaces(looks: &[Look], guesses: &[Guess]) -> Vec<Space> {
    let spaces = (0..looks.len()).filter_map(|table| space(looks, guesses, table));
    spaces.chain(numbered(looks, guesses)).collect()
}

/// What the numbers of other columns name that tell the rows of a table apart.
fn numbered(looks: &[Look], guesses: &[Guess]) -> Vec<Space> {
    let of_table = |table: usize| {
        let (look, guess) = (&looks[table], &guesses[table]);
        let numbers = (0..look.profiles.len()).filter(|at| is_number(look, *at));
        let own = numbers.filter_map(move |at| space_of(look, guess, (table, at)));
        let apart = own.filter(move |space| is_told_apart(look, guess, space));
        // A register may have a row for each officer of a firm.
        let registered = (0..look.profiles.len()).filter(|at| has_register(look, *at));
        let registered = registered.filter_map(move |at| space_of(look, guess, (table, at)));
        apart.chain(registered).map(|space| Space { numbered: true, ..space })
    };
    (0..looks.len()).flat_map(of_table).collect()
}

/// Whether a column has the numbers of a register under each of which one name stands, in several
/// rows.
fn has_register(look: &Look, column: usize) -> bool {
    let profile = &look.profiles[column];
    let name =
        look.profiles.iter().position(|profile| profile.headed && profile.what == Some("name"));
    let Some(name) = name.filter(|_| profile.what == Some("registrationNumber")) else {
        return false;
    };
    let mut names: HashMap<&str, &str> = HashMap::new();
    let one = look
        .rows
        .iter()
        .filter(|row| row.says(column))
        .all(|row| *names.entry(row.get(column)).or_insert(row.get(name)) == row.get(name));
    one && names.len() > 1 && profile.different < profile.filled
}

/// Whether nearly each row of a table has another name of what its numbers would name: one office
/// with many numbers has none of them.
fn is_told_apart(look: &Look, guess: &Guess, space: &Space) -> bool {
    let made = guess.mapping.entities.iter().find(|made| is_variant(&made.name, &space.base));
    let mut names =
        made.into_iter().flat_map(|made| &made.properties).filter(|s| s.property == "name");
    let column = names.next().and_then(|said| said.columns.first());
    let profile = look.profiles.iter().find(|profile| Some(&profile.heading) == column);
    // What has a number of a register has no other that is not called so.
    let known = |what: &str| super::assign::NUMBERS.contains(&what);
    let own = look.profiles[space.column].what;
    let called = own.is_some_and(|what| known(what) || matches!(what, "id" | "ticker" | "isin"));
    let numbered =
        made.is_some_and(|made| made.properties.iter().any(|said| known(&said.property)));
    (called || !numbered)
        && profile.is_some_and(|profile| profile.different * 10 >= profile.filled * 9)
}

/// Whether a heading is of a paper or a deal: who stands beside the number of a contract is not what
/// has that number.
pub(super) fn is_of_paper(heading: &str) -> bool {
    const PAPERS: [&str; 20] = [
        "contract",
        "order",
        "invoice",
        "tender",
        "case",
        "licen",
        "permit",
        "document",
        "file",
        "transaction",
        "payment",
        "bill",
        "award",
        "lot",
        "notice",
        "filing",
        "report",
        "record",
        "vertrag",
        "договор",
    ];
    words::mentions(heading, &PAPERS)
}

/// Whether each row has another number in a column, which counts nothing and is of no paper.
fn is_number(look: &Look, column: usize) -> bool {
    let profile = &look.profiles[column];
    const OTHERS: [&str; 9] = [
        "name",
        "amount",
        "debit",
        "credit",
        "percentage",
        "phone",
        "postalCode",
        "email",
        "website",
    ];
    let able = profile.what.is_none_or(|what| !OTHERS.contains(&what));
    look.tells_apart(column)
        && profile.filled > 1
        && able
        && profile.coded
        && !is_of_paper(&profile.heading)
        && look.rows.iter().all(|row| {
            let cell = row.get(column);
            cell.len() >= 4
                && cell.bytes().any(|byte| byte.is_ascii_digit())
                && content::kind(cell) != Kind::Date
        })
}

/// What the ids of the rows of a table name.
pub(super) fn space(looks: &[Look], guesses: &[Guess], table: usize) -> Option<Space> {
    let column = id_column(&looks[table]).filter(|_| !guesses[table].is_nameless)?;
    space_of(&looks[table], &guesses[table], (table, column))
}

/// What the cells of a column that has another one in each row name.
pub(super) fn space_of(
    look: &Look,
    guess: &Guess,
    (table, column): (usize, usize),
) -> Option<Space> {
    // What only stands for the rows of another table has no rows here.
    let things: Vec<_> = guess
        .mapping
        .entities
        .iter()
        .filter(|made| !is_edge(&made.schema) && !made.refers)
        .collect();
    if things.is_empty() {
        return None;
    }
    let named = things[subject(&things, &look.profiles[column].heading)].name.clone();
    let (base, _) = named.split_once(" (").unwrap_or((&named, ""));
    let own: Vec<_> = things.iter().filter(|made| is_variant(&made.name, base)).collect();
    let first = schema(&own[0].schema)?;
    let made_so = own.iter().filter(|made| !made.name.contains(" as "));
    let one = made_so.clone().all(|made| made.schema == own[0].schema);
    Some(Space {
        table,
        column,
        // The ids of all rows were looked up in one column only.
        ids: match look.ids.as_ref().filter(|_| id_column(look) == Some(column)) {
            Some(ids) => ids.clone(),
            None => look.rows.iter().map(|row| row.get(column).to_owned()).collect(),
        },
        literal: match &look.sheet {
            Some(sheet) => format!("Node {}, {sheet}", look.stem),
            None => format!("Node {}", look.stem),
        },
        schema: if one { &first.name } else { "Thing" },
        named: false,
        numbered: false,
        base: base.to_owned(),
    })
}

/// Which of the things of a row an id is of: an `account_id` of the account, else the first.
fn subject(things: &[&EntityMapping], heading: &str) -> usize {
    let heading = words::normal(heading);
    // “entity_id” beside “entity_name”.
    let first = heading.split(' ').next().unwrap_or_default();
    let beside = |made: &&EntityMapping| {
        made.properties.iter().any(|said| {
            said.property == "name"
                && said.columns.iter().any(|column| {
                    words::normal(column).split(' ').next().is_some_and(|word| word == first)
                })
        })
    };
    if let Some(at) = things.iter().position(beside).filter(|_| heading.contains(' ')) {
        return at;
    }
    let named = |made: &&EntityMapping| {
        let label = words::normal(label(&made.schema));
        label.split(' ').any(|word| heading.split(' ').any(|other| other == word))
    };
    things.iter().position(named).unwrap_or(0)
}

/// Whether an entity is of this name, or one of the kinds of it: `entity (person)`, or the same as
/// what a relationship demands: `entity as organization`.
pub(super) fn is_variant(name: &str, base: &str) -> bool {
    let of_kind = |rest: &str| rest.starts_with(" (") || rest.starts_with(" as ");
    name == base || name.strip_prefix(base).is_some_and(of_kind)
}

pub(super) fn is_edge(schema_name: &str) -> bool {
    schema(schema_name).is_some_and(Schema::is_edge)
}

/// The two columns of a table that hold ids of others, in the order source and target. In one that
/// is not understood (`open`), names of the rows of another are enough.
fn ends<'s>(
    looks: &[Look],
    spaces: &'s [Space],
    table: usize,
    open: bool,
) -> Option<(End<'s>, End<'s>)> {
    let look = &looks[table];
    let mut found: Vec<(usize, usize, &Space)> = Vec::new();
    // “owner_id” is an end where “owned_id” is the other.
    let mut roles: Vec<Option<usize>> =
        look.profiles.iter().map(|profile| side_of_ids(&profile.heading)).collect();
    if !roles.contains(&Some(0)) || !roles.contains(&Some(1)) {
        roles.clear();
    }
    for (column, profile) in look.profiles.iter().enumerate() {
        if profile.filled == 0 {
            continue;
        }
        let sided = side(&profile.heading).is_some();
        let within = |space: &&Space| {
            let cells = look.rows.iter().map(|row| row.get(column)).filter(|cell| !cell.is_empty());
            let known = cells.filter(|cell| space.ids.contains(*cell)).count();
            // Names are keys where every one of them is there.
            let enough = if space.named { 1.0 } else { MOST };
            let all = open && profile.different > 1;
            // A number is not the id of a row of any table; its heading must say of which.
            let said = !space.numbered
                || likeness(&profile.heading, &looks[space.table], space.column) > 1;
            said && (sided || all || !space.named) && known as f32 / profile.filled as f32 >= enough
        };
        let near = |space: &&Space| likeness(&profile.heading, &looks[space.table], space.column);
        let best = spaces
            .iter()
            .filter(|space| space.table != table)
            .filter(within)
            .max_by_key(|space| near(space));
        let Some(space) = best else { continue };
        let rank = match side(&profile.heading).or(roles.get(column).copied().flatten()) {
            Some(rank) => rank,
            None if near(&space) > 0 => 2,
            None if open && space.named => 2,
            // Ids that do not count rows are those of no other table.
            None if is_id(profile) && !counts_rows(look, column) => 2,
            None => continue,
        };
        found.push((rank, column, space));
    }
    found.sort_by_key(|(rank, column, _)| (*rank, *column));
    let &[(_, one, from), (_, other, to), ..] = &found[..] else { return None };
    Some(((one, from), (other, to)))
}

/// Whether all cells of a column are whole numbers, as any list of rows has them.
pub(super) fn counts_rows(look: &Look, column: usize) -> bool {
    look.rows.iter().all(|row| row.get(column).bytes().all(|byte| byte.is_ascii_digit()))
}

/// Which end of a relationship a heading says a column of ids to be: `owner_id` of `owned_id`.
fn side_of_ids(heading: &str) -> Option<usize> {
    side(heading).or(match whose(heading)? {
        Role::Owner | Role::Parent | Role::Holder => Some(0),
        Role::Asset => Some(1),
        _ => None,
    })
}

/// Which end of a relationship a heading says a column to be: 0 for the source, 1 for the target.
pub(super) fn side(heading: &str) -> Option<usize> {
    let role = words::meaning(heading).role;
    let heading = words::normal(heading);
    let is = |word: &str| heading == word || heading.starts_with(&format!("{word} "));
    let any = |words: &[&str]| words.iter().any(|word| is(word));
    match role {
        Some(Role::Source | Role::Payer) => Some(0),
        Some(Role::Target | Role::Beneficiary) => Some(1),
        _ if is("from") || heading.starts_with("source") || is("start id") => Some(0),
        _ if is("to") || heading.starts_with("target") || is("end id") => Some(1),
        _ if any(&["origen", "origine", "quelle", "origem", "источник"]) => Some(0),
        _ if any(&["cible", "destino", "ziel", "destination", "цель"]) => Some(1),
        _ => None,
    }
}

/// How much a heading says of the table whose ids stand below it.
pub(super) fn likeness(heading: &str, look: &Look, column: usize) -> usize {
    let heading = words::normal(heading);
    let own = words::normal(&look.profiles[column].heading);
    let beside =
        || heading.starts_with(&format!("{own} ")) || heading.ends_with(&format!(" {own}"));
    if own != "id" && (heading == own || beside()) {
        return 2;
    }
    let stem = words::normal(look.sheet.as_ref().unwrap_or(&look.stem));
    let start = |word: &str| word.chars().take(5).collect::<String>();
    let said = heading.split(' ').any(|word| word.len() > 3 && stem.contains(&start(word)));
    // The id of a winner is that of a supplier.
    let role = whose(&heading).filter(|role| !matches!(role, Role::Company | Role::Person));
    let of_role = |word: &str| word.len() > 3 && words::meaning(word).role == role;
    usize::from(said || role.is_some() && stem.split(' ').any(of_role))
}

/// Tells something from others by the ids of a table alone.
pub(super) fn key_by(made: &mut EntityMapping, column: String, space: &Space) {
    made.keys = vec![column];
    made.key_literal.clone_from(&space.literal);
    (made.each_row, made.whole_key) = (false, true);
    made.agree.clear();
}

/// Makes the id of a row the key of what the row is.
pub(super) fn identify(look: &Look, guess: &mut Guess, space: &Space) {
    let column = look.profiles[space.column].heading.clone();
    for made in &mut guess.mapping.entities {
        if is_variant(&made.name, &space.base) && !is_edge(&made.schema) {
            key_by(made, column.clone(), space);
            // What names the rows of a table is no number of a register.
            let numbers = ["accountNumber", "registrationNumber", "idNumber"];
            let as_number = |said: &PropertyMapping| {
                numbers.contains(&&*said.property) && said.columns == [column.clone()]
            };
            if !space.numbered && made.properties.iter().any(as_number) {
                made.properties.retain(|said| !as_number(said));
                super::build::label(made, vec![column.clone()]);
            }
        }
    }
}

/// Makes what the rows of a table are people where a third of the edges between them, or more, are
/// ties of kinship and none of them is called like a body.
fn personal(look: &Look, guess: &mut Guess, space: &Space, edges: &Look) {
    let relation = edges.profiles.iter().position(Profile::names_relations);
    let Some(relation) = relation else { return };
    let said = edges.rows.iter().map(|row| row.get(relation)).filter(|cell| !cell.is_empty());
    let kin = said
        .clone()
        .filter(|cell| values::relation(cell).is_some_and(|relation| relation.schema == "Family"));
    let (kin, said) = (kin.count(), said.count());
    let own =
        |made: &EntityMapping| made.schema == "LegalEntity" && is_variant(&made.name, &space.base);
    let names = guess.mapping.entities.iter().filter(|made| own(made));
    let names = names.flat_map(|made| &made.properties).filter(|said| said.property == "name");
    let columns: HashSet<&String> = names.flat_map(|said| &said.columns).collect();
    let body = look.profiles.iter().any(|profile| {
        columns.contains(&profile.heading) && (profile.companies > 0.0 || profile.people < 0.3)
    });
    if kin * 3 < said || kin == 0 || body {
        return;
    }
    for made in guess.mapping.entities.iter_mut().filter(|made| own(made)) {
        "Person".clone_into(&mut made.schema);
    }
}

/// Makes bodies companies where a relationship of the edges demands that of one of them.
fn promote(look: &Look, guess: &mut Guess, space: &Space, edges: &Look, column: usize) {
    let relation = edges.profiles.iter().position(Profile::names_relations);
    let Some(relation) = relation else { return };
    let owned: HashSet<&str> = edges
        .rows
        .iter()
        .filter(|row| {
            values::relation(row.get(relation))
                .is_some_and(|relation| relation.schema == "Ownership" && !relation.reversed)
        })
        .map(|row| row.get(column))
        .collect();
    let place = |heading: &str| look.columns.iter().position(|column| column == heading);
    for made in &mut guess.mapping.entities {
        let body = made.schema == "LegalEntity" && !made.filters.is_empty();
        if !body || !is_variant(&made.name, &space.base) {
            continue;
        }
        let is_one = |row: &&Row| {
            made.filters.iter().all(|(heading, values)| {
                place(heading).is_some_and(|at| values.iter().any(|value| value == row.get(at)))
            })
        };
        let mut rows = look.rows.iter().filter(is_one);
        if rows.any(|row| owned.contains(row.get(space.column))) {
            "Company".clone_into(&mut made.schema);
        }
    }
}

/// How many rows of a table are looked at; of one with fewer, all ids are known.
const LOOKED: usize = 200;

/// Leaves out ends that no row of the other table is, so that nothing is related to nobody.
pub(super) fn only_known(look: &Look, guess: &mut Guess, end: End<'_>, rows: usize) {
    let (column, space) = end;
    let mut ids = look.rows.iter().map(|row| row.get(column)).filter(|id| !id.is_empty());
    if rows >= LOOKED || ids.all(|id| space.ids.contains(id)) {
        return;
    }
    let heading = &look.profiles[column].heading;
    let mut known: Vec<String> = space.ids.iter().cloned().collect();
    known.sort_unstable();
    for made in guess.mapping.entities.iter_mut().filter(|made| made.refers) {
        if made.keys == [heading.clone()] {
            made.filters.insert(heading.clone(), known.clone());
        }
    }
}

/// A table of edges.
pub(super) fn plan(look: &Look, one: End<'_>, other: End<'_>) -> Plan {
    let party = |(column, space): End<'_>, role: Role| Party {
        role: Some(role),
        refers: Some(Reference { column, literal: space.literal.clone(), schema: space.schema }),
        ..Party::default()
    };
    if super::nameless::is_money(&look.profiles)
        && accounts_or_parties(one.1)
        && accounts_or_parties(other.1)
        && look.profiles.iter().all(|profile| !profile.names_relations())
    {
        // The order of columns does not say who pays.
        if let Some([payer, payee]) = pays(look, [one, other]) {
            return payments(look, party(payer, Role::Payer), party(payee, Role::Beneficiary));
        }
    }
    let said = said_by([one, other].map(|(column, _)| &*look.profiles[column].heading));
    // A person is in a company, whichever of them comes first.
    let turned = match said {
        Some((_, turned)) => turned,
        None => one.1.schema == "Company" && other.1.schema == "Person",
    };
    let (from, to) = if turned { (other, one) } else { (one, other) };
    let usual = said.map_or("UnknownLink", |(schema, _)| schema);
    let relation = look
        .profiles
        .iter()
        .enumerate()
        .filter(|(_, profile)| profile.names_relations())
        .max_by_key(|(at, profile)| (profile.filled, std::cmp::Reverse(*at)))
        .map(|(at, _)| at)
        .or_else(|| look.profiles.iter().position(|profile| profile.what == Some("role")));
    let mut link = Link { relation, ..Link::between(0, 1, usual) };
    for (at, profile) in look.profiles.iter().enumerate() {
        if at == from.0 || at == to.0 {
            continue;
        }
        match super::sides::dated(profile).or(profile.what) {
            _ if relation == Some(at) => link.said.push((at, "relation")),
            Some(what) if super::party::OF_EDGES.contains(&what) => link.said.push((at, what)),
            _ => link.notes.push(at),
        }
    }
    Plan {
        kind: TableKind::Graph,
        confidence: 0.9,
        reasons: vec![format!(
            "“{}” and “{}” hold the ids of rows of other tables",
            look.profiles[from.0].heading, look.profiles[to.0].heading
        )],
        parties: vec![party(from, Role::Source), party(to, Role::Target)],
        links: vec![link],
        ..Plan::default()
    }
}

/// Which of two columns of ids has who pays and which who is paid, where their headings say it or
/// the rows are gifts to a party, a candidate or a fund.
fn pays<'s>(look: &Look, [one, other]: [End<'s>; 2]) -> Option<[End<'s>; 2]> {
    const RECEIVERS: [&str; 8] =
        ["party", "candidate", "committee", "campaign", "fund", "faction", "partei", "partido"];
    const GIFTS: [&str; 8] =
        ["donation", "gift", "contribution", "spende", "donacion", "doacao", "donativo", "пожертв"];
    let heading = |end: End<'_>| look.profiles[end.0].heading.clone();
    let sides = [one, other].map(|end| side(&heading(end)));
    match sides {
        [Some(0), _] | [None, Some(1)] => return Some([one, other]),
        [Some(_), _] | [None, Some(_)] => return Some([other, one]),
        [None, None] => {}
    }
    let gifts = look.profiles.iter().any(|profile| {
        words::mentions(&profile.heading, &GIFTS)
            || profile.values.iter().any(|value| words::mentions(value, &GIFTS))
    });
    let receives = |end: End<'_>| words::mentions(&heading(end), &RECEIVERS);
    match [one, other].map(receives) {
        [true, false] if gifts => Some([other, one]),
        [false, true] if gifts => Some([one, other]),
        // An account and another one are in the order in which money goes.
        _ => [one, other].iter().all(|end| end.1.schema == "BankAccount").then_some([one, other]),
    }
}

/// What the headings of two columns of ids say is between what they name, and whether the second is
/// where it begins: `owner_id` and `company_id` are an owner and what he owns.
fn said_by([one, other]: [&str; 2]) -> Option<(&'static str, bool)> {
    let ties = |role: Option<Role>| match role? {
        Role::Owner | Role::Parent | Role::Holder => Some("Ownership"),
        Role::Director => Some("Directorship"),
        Role::Agent => Some("Representation"),
        _ => None,
    };
    let roles = [one, other].map(whose);
    match (ties(roles[0]), ties(roles[1])) {
        (Some(schema), None) => Some((schema, false)),
        (None, Some(schema)) => Some((schema, true)),
        (None, None) if roles[1] == Some(Role::Asset) => Some(("Ownership", false)),
        (None, None) if roles[0] == Some(Role::Asset) => Some(("Ownership", true)),
        _ => None,
    }
}

/// Whose ids a heading says a column to hold, not that it holds ids: `owner_entity_id` is of an
/// owner.
pub(super) fn whose(heading: &str) -> Option<Role> {
    let heading = words::normal(heading);
    let said: Vec<&str> = heading.split(' ').filter(|word| !ID_WORDS.contains(word)).collect();
    words::meaning(&said.join(" ")).role
}

/// Whether a heading calls a column ids and nothing more.
pub(super) fn is_bare(heading: &str) -> bool {
    words::normal(heading).split(' ').all(|word| ID_WORDS.contains(&word))
}

/// Words that say that a column holds the ids of rows, not whose.
const ID_WORDS: [&str; 13] = [
    "id", "ids", "slug", "entity", "node", "company", "key", "code", "number", "no", "ref", "uid",
    "uuid",
];

/// Whether the rows of a table can pay.
fn accounts_or_parties(space: &Space) -> bool {
    schema(space.schema)
        .is_some_and(|known| ["BankAccount", "LegalEntity"].iter().any(|able| known.is_a(able)))
}

/// Payments between rows of another table.
fn payments(look: &Look, payer: Party, beneficiary: Party) -> Plan {
    let ends = [&payer, &beneficiary].map(|party| party.refers.as_ref().map(|to| to.column));
    let mut plan = Plan {
        kind: TableKind::Payments,
        confidence: 0.9,
        reasons: vec!["each row has an amount between two rows of another table".into()],
        ..Plan::default()
    };
    for (at, profile) in look.profiles.iter().enumerate() {
        if ends.contains(&Some(at)) {
            continue;
        }
        match profile.what {
            Some(what) if what != "id" => plan.activity.push((at, what)),
            _ => plan.rest.push(at),
        }
    }
    plan.parties = vec![payer, beneficiary];
    plan
}
