//! What headings of tables say, in the languages of the field.

mod forms;
mod letters;
mod other_end;

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use forms::FILLERS;
use letters::is_unparted;
pub(super) use letters::normal;
pub(super) use other_end::{is_other_end, office};

/// Whose column it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Role {
    Company,
    Person,
    Director,
    Owner,
    Parent,
    Asset,
    Payer,
    Beneficiary,
    Counterparty,
    Vessel,
    Source,
    Target,
    Agent,
    Manager,
    Bank,
    Auditor,
    Holder,
    Shipper,
    Consignee,
    Notify,
    Carrier,
    Declarant,
    Authority,
    Supplier,
    Claimant,
    Defendant,
    Caller,
    Called,
    Customer,
    Broker,
    Creditor,
    Debtor,
    Transferor,
    Transferee,
    Employer,
}

/// Roles by their names in `words.txt`.
const ROLES: [(&str, Role); 35] = [
    ("company", Role::Company),
    ("person", Role::Person),
    ("director", Role::Director),
    ("owner", Role::Owner),
    ("parent", Role::Parent),
    ("asset", Role::Asset),
    ("payer", Role::Payer),
    ("beneficiary", Role::Beneficiary),
    ("counterparty", Role::Counterparty),
    ("vessel", Role::Vessel),
    ("source", Role::Source),
    ("target", Role::Target),
    ("agent", Role::Agent),
    ("manager", Role::Manager),
    ("bank", Role::Bank),
    ("auditor", Role::Auditor),
    ("holder", Role::Holder),
    ("shipper", Role::Shipper),
    ("consignee", Role::Consignee),
    ("notify", Role::Notify),
    ("carrier", Role::Carrier),
    ("declarant", Role::Declarant),
    ("authority", Role::Authority),
    ("supplier", Role::Supplier),
    ("claimant", Role::Claimant),
    ("defendant", Role::Defendant),
    ("caller", Role::Caller),
    ("called", Role::Called),
    ("customer", Role::Customer),
    ("broker", Role::Broker),
    ("creditor", Role::Creditor),
    ("debtor", Role::Debtor),
    ("transferor", Role::Transferor),
    ("transferee", Role::Transferee),
    ("employer", Role::Employer),
];

/// What a heading says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Meaning {
    /// Whose column it is, where it says so.
    pub role: Option<Role>,
    /// What stands in it: a name of `words.txt`, most of them properties.
    pub what: Option<&'static str>,
    /// How much of the heading that explains, 0 to 100.
    pub part: u32,
}

struct Words {
    roles: HashMap<String, Role>,
    attributes: HashMap<String, &'static str>,
    /// Phrases that count only as whole headings.
    whole: HashSet<String>,
    /// Phrases in scripts that do not part words, the longest first.
    unparted: Vec<String>,
    /// Words by their abbreviations.
    short: HashMap<String, String>,
    /// Every word of a phrase.
    known: HashSet<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words {
        roles: HashMap::new(),
        attributes: HashMap::new(),
        whole: HashSet::new(),
        unparted: Vec::new(),
        short: HashMap::new(),
        known: HashSet::new(),
    };
    for line in include_str!("words.txt").lines().filter(|line| !line.starts_with('#')) {
        let Some((name, phrases)) = line.split_once(": ") else { continue };
        if let Some(short) = name.strip_prefix("short ") {
            words.short.insert(normal(short), normal(phrases));
            continue;
        }
        let role = name
            .strip_prefix("role ")
            .and_then(|name| ROLES.iter().find(|(known, _)| *known == name))
            .map(|(_, role)| *role);
        for written in phrases.split("; ") {
            let phrase = normal(written);
            if phrase.is_empty() {
                continue;
            }
            if written.starts_with('=') {
                words.whole.insert(phrase.clone());
            }
            if phrase.chars().any(is_unparted) {
                words.unparted.push(phrase.clone());
            }
            words.known.extend(phrase.split(' ').map(str::to_owned));
            match role {
                Some(role) => drop(words.roles.entry(phrase).or_insert(role)),
                None => drop(words.attributes.entry(phrase).or_insert(name)),
            }
        }
    }
    words.unparted.sort_by_key(|phrase| std::cmp::Reverse(phrase.chars().count()));
    words.unparted.dedup();
    words
});

/// Whether a heading has one of these stems in it, which are written as [`normal`] writes them.
pub(super) fn mentions(heading: &str, stems: &[&str]) -> bool {
    let heading = normal(heading);
    stems.iter().any(|stem| heading.contains(stem))
}

/// What a heading says. Of a heading in two languages or with a choice (“Firma / Company”), the
/// part counts that is known as a whole.
pub(super) fn meaning(heading: &str) -> Meaning {
    // “# of investors” and “# directors” count them.
    if let Some(counted) = heading.trim_start().strip_prefix("# ") {
        let counted = counted.trim_start();
        return meaning(&format!("number of {}", counted.strip_prefix("of ").unwrap_or(counted)));
    }
    // `$Operator` and `#Company` are marks of a program that wrote the file.
    if let Some(marked) = heading.strip_prefix(['$', '#', '@', '*', '~'])
        && marked.starts_with(char::is_alphabetic)
    {
        return meaning(marked);
    }
    if names_both_sides(heading) {
        return Meaning { role: Some(Role::Counterparty), what: Some("name"), part: 100 };
    }
    if names_birth_or_number(heading) {
        return Meaning { role: None, what: Some("birthOrNumber"), part: 100 };
    }
    let all = meaning_in_scripts(heading);
    // `interests.0.share.exact` is a path: its end says most.
    let former = matches!(all.what, Some("previousName" | "alias" | "weakAlias"));
    if all.part < 60
        && !former
        && !heading.contains(' ')
        && (heading.matches(['.', '/']).count() > 1 || heading.trim_end_matches('.').contains('.'))
    {
        let ends = heading.match_indices(['.', '/']).map(|(at, _)| &heading[at + 1..]);
        let told =
            ends.map(meaning_of).find(|meaning| meaning.what.is_some() && meaning.part >= 50);
        return told.unwrap_or(all);
    }
    if all.part == 100 || !heading.contains(['/', '|', '(', '\u{ff08}']) {
        return all;
    }
    let whole = |part: &str| Some(meaning_of(part)).filter(|meaning| meaning.part == 100);
    let brackets = ['(', ')', '\u{ff08}', '\u{ff09}'];
    // “Name (1) of owner” is one heading.
    let text = heading.trim_end_matches([')', '\u{ff09}']);
    let explained = text.len() < heading.len() && text.matches(brackets).count() == 1;
    let split = |c: char| matches!(c, '/' | '|') || explained && brackets.contains(&c);
    // “المالك 1 / Owner 1” says the same twice: the half of it that is known best.
    let best = || {
        let halves = heading.split(" / ").map(meaning_of).filter(|half| half.what.is_some());
        halves.max_by_key(|half| half.part).filter(|half| half.part > all.part.max(49))
    };
    text.split(split).find_map(whole).or_else(best).unwrap_or(all)
}

/// Whether a heading names a payer and a payee, whichever the row has: “Payer / Payee”.
fn names_both_sides(heading: &str) -> bool {
    let Some((one, other)) = heading.split_once('/') else { return false };
    let side = |part: &str| {
        let meaning = meaning_of(part);
        meaning.role.filter(|_| meaning.part == 100 && meaning.what == Some("name"))
    };
    matches!(
        (side(one), side(other)),
        (Some(Role::Payer), Some(Role::Beneficiary)) | (Some(Role::Beneficiary), Some(Role::Payer))
    )
}

/// Whether a heading says that a person's date of birth or a body's number stands below it.
fn names_birth_or_number(heading: &str) -> bool {
    let Some((one, other)) = heading.split_once('/') else { return false };
    let whats = [meaning_of(one).what, meaning_of(other).what];
    let number =
        |what: Option<&str>| matches!(what, Some("registrationNumber" | "idNumber" | "taxNumber"));
    whats.contains(&Some("birthDate")) && whats.into_iter().any(number)
}

/// What a heading says that may be written in two scripts, one under the other: “企業名 Company”.
fn meaning_in_scripts(heading: &str) -> Meaning {
    let all = meaning_of(heading);
    // “企業ID” is the number of a company.
    if all.part < 100
        && let Some(of) = heading.strip_suffix("ID").or_else(|| heading.strip_suffix("id"))
        && of.ends_with(is_unparted)
        && let said = meaning_of(of.trim_end_matches('名'))
        && said.role.is_some()
        && said.part == 100
    {
        return Meaning { what: Some("id"), ..said };
    }
    let latin: String = heading.chars().filter(|c| !is_unparted(*c)).collect();
    if all.part == 100
        || !heading.chars().any(is_unparted)
        || latin.chars().filter(char::is_ascii_alphabetic).count() < 3
    {
        return all;
    }
    let other: String = heading.chars().filter(|c| !c.is_ascii_alphanumeric()).collect();
    let parts = [other, latin].map(|part| meaning_of_choice(&part));
    parts
        .into_iter()
        .filter(|said| said.part > all.part)
        .max_by_key(|said| said.part)
        .unwrap_or(all)
}

/// What a heading says that leaves a choice: “Company or organization”, “国名、地域名”.
fn meaning_of_choice(heading: &str) -> Meaning {
    let all = meaning_of(heading);
    let parts = heading.split(['、', '，']).flat_map(|part| part.split(" or "));
    let told: Vec<Meaning> = parts.map(|part| meaning_of(part.trim())).collect();
    let whole = told.len() > 1 && told.iter().any(|said| said.part == 100);
    match told.iter().find(|said| said.part == 100) {
        Some(said) if whole && all.part < 100 => *said,
        _ => all,
    }
}

/// What a heading says. The longest phrases win, whole headings before parts of one.
fn meaning_of(heading: &str) -> Meaning {
    let text = normal(heading);
    let said = meaning_without_numbers(&text);
    if said.part == 100 {
        return said;
    }
    let listed = forms::listed(&text);
    if listed == text {
        return said;
    }
    let meant = meaning_without_numbers(&listed);
    let more = said.what.is_none() || meant.part > said.part;
    if meant.what.is_some() && more { meant } else { said }
}

/// What a heading in lower-case words says, with or without its numbers: `vessel 1 type` is the
/// type of a vessel, but “Name 1” is a line of a name.
fn meaning_without_numbers(text: &str) -> Meaning {
    let said = meaning_of_words(text);
    let is_number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    if said.part == 100 || !text.split(' ').any(|word| is_number(&word)) {
        return said;
    }
    let words: Vec<&str> = text.split(' ').filter(|word| !is_number(word)).collect();
    let meant = meaning_of_words(&words.join(" "));
    if words.len() > 1 && meant.what.is_some() && meant.part > said.part { meant } else { said }
}

/// What a heading in lower-case words says.
fn meaning_of_words(text: &str) -> Meaning {
    if text.is_empty() {
        return Meaning::default();
    }
    let (role, what) = (WORDS.roles.get(text).copied(), WORDS.attributes.get(text).copied());
    // “Number” and “name” are attributes; “director”, “имя” and the like can be both.
    if role.is_some() || what.is_some() {
        let what = what.or_else(|| role.map(|_| "name"));
        return Meaning { role, what, part: 100 };
    }
    if let Some(end) = other_end::other_end(text) {
        return end;
    }
    let words: Vec<&str> = text.split(' ').collect();
    if let [rest @ .., "label" | "lbl" | "txt"] = &words[..]
        && !rest.is_empty()
    {
        return meaning_of_words(&rest.join(" "));
    }
    // “CNPJ executor” begins with the number of a firm, whoever it is.
    if let [one, other] = words[..]
        && let Some(number) = [one, other].into_iter().find_map(number_of_state)
        && !WORDS.roles.contains_key(one)
        && !WORDS.roles.contains_key(other)
        && [one, other]
            .iter()
            .all(|word| number_of_state(word).is_some() || !WORDS.attributes.contains_key(*word))
    {
        return Meaning { role: None, what: Some(number), part: 60 };
    }
    if text.chars().any(is_unparted) {
        // “성 명” is one word, written wide.
        let wide = text.contains(' ') && text.split(' ').all(|word| word.chars().count() == 1);
        let said = if wide { meaning_of_words(&text.replace(' ', "")) } else { unparted(text) };
        return named(text, said);
    }
    named(text, parted(text))
}

/// The same, unless a heading only counts somebody or marks him.
fn named(text: &str, said: Meaning) -> Meaning {
    // “Total suppliers” is a count, “total paid by supplier” an amount.
    let total = said.what == Some("amount")
        && text
            .strip_prefix("total ")
            .is_some_and(|rest| meaning_of_words(rest).what == Some("name"));
    // “Supplier flag” and “owner rank” mark one, unless it is a ship that has a flag.
    let marked = matches!(said.what, Some("flag" | "position" | "quantity"))
        && said.role != Some(Role::Vessel);
    let nobody = (total || marked || matches!(said.what, None | Some("name" | "id")))
        && forms::counts_or_marks(text, said.role);
    if nobody { Meaning::default() } else { said }
}

/// Phrases within words: the longest phrase that is an attribute and the longest that is a role,
/// not of the same words.
fn parted(text: &str) -> Meaning {
    let words: Vec<&str> = text.split(' ').collect();
    let mut best: [Option<(usize, usize)>; 2] = [None, None];
    let mut meaning = Meaning::default();
    for length in (1..=words.len().min(5)).rev() {
        // Of two as long, the last counts: “director date of birth” is a date of birth.
        for start in (0..=words.len() - length).rev() {
            let phrase = words[start..start + length].join(" ");
            if WORDS.whole.contains(&phrase) {
                continue;
            }
            let free = |taken: &Option<(usize, usize)>| {
                taken.is_none_or(|(from, to)| start + length <= from || start >= to)
            };
            let weak = length == 1
                && matches!(
                    &*phrase,
                    "from" | "to" | "no" | "id" | "nr" | "number" | "part" | "to date"
                );
            // “Sex ID” is the sex, “person ID” an id.
            let code = length == 1 && matches!(&*phrase, "id" | "code");
            let found = code && words.len() > 1 && has_attribute(&words, start);
            if meaning.what.is_none()
                && !found
                && free(&best[1])
                && let Some(what) = WORDS.attributes.get(&*phrase)
            {
                (meaning.what, best[0]) = (Some(*what), Some((start, start + length)));
            } else if meaning.role.is_none()
                && free(&best[0])
                && !weak
                && let Some(role) = WORDS.roles.get(&*phrase)
            {
                (meaning.role, best[1]) = (Some(*role), Some((start, start + length)));
            }
        }
    }
    // “Representante de la empresa” is who represents, not the company.
    if let Some((from, to)) = best[1]
        && let Some((role, start, end)) = head_before(&words, from, best[0])
    {
        (meaning.role, best[1]) = (Some(role), Some((start, end.max(to))));
    }
    // “PreviousName_1.CompanyName” is a name that the company had.
    let mut before = 0;
    if meaning.what == Some("name") {
        let former = (1..=words.len().min(3)).rev().find_map(|length| {
            let what = WORDS.attributes.get(&*words[..length].join(" ")).copied();
            let what = what.filter(|what| matches!(*what, "previousName" | "alias" | "weakAlias"));
            what.map(|what| (what, length))
        });
        let former = former.or(FORMER.contains(&words[0]).then_some(("previousName", 1)));
        if let Some((what, length)) = former {
            (meaning.role, meaning.what, before) = (None, Some(what), length);
        }
    }
    let taken = |at: usize| {
        at < before || best.iter().flatten().any(|(from, to)| (*from..*to).contains(&at))
    };
    let explained = (0..words.len()).filter(|at| taken(*at)).count();
    // Articles and prepositions leave nothing unexplained where all other words are known.
    let whole = (0..words.len()).all(|at| taken(at) || FILLERS.contains(&words[at]));
    meaning.part = if whole && explained > 0 { 100 } else { explained * 100 / words.len() } as u32;
    // “Relation status” is a state of the relationship, and not what it is.
    if meaning.what == Some("relation")
        && let Some((from, to)) = best[0]
    {
        const OF_ONE: [&str; 6] = ["status", "date", "startDate", "endDate", "sourceUrl", "id"];
        let others = words[..from].iter().chain(&words[to..]);
        let said = others.filter_map(|word| WORDS.attributes.get(*word));
        meaning.what = said.copied().find(|what| OF_ONE.contains(what)).or(meaning.what);
    }
    // “Department name” is a department, and nobody.
    if meaning.what == Some("name")
        && meaning.role.is_none()
        && let Some((from, to)) = best[0]
    {
        let rest = [&words[..from], &words[to..]].concat();
        let named = (1..=rest.len()).rev().find_map(|length| {
            rest.windows(length).find_map(|part| WORDS.attributes.get(&*part.join(" ")).copied())
        });
        meaning.what = named.filter(|what| PLACES.contains(what)).or(meaning.what);
    }
    // “Regulated entity name” is the name of a regulated entity, not an “entity name”.
    if meaning.part < 100
        && words.last().is_some_and(|word| WORDS.attributes.get(*word) == Some(&"name"))
        && let Some(role) = WORDS.roles.get(&words[..words.len() - 1].join(" "))
    {
        return Meaning { role: Some(*role), what: Some("name"), part: 100 };
    }
    // “RUC Proveedor” is the number of a supplier, though “RUC” by itself must be all of a heading.
    if meaning.part < 100
        && meaning.what.is_none()
        && let Some((from, to)) = best[1]
        && let Some(number) = number_beside(&words[..from], &words[to..])
    {
        return Meaning { what: Some(number), part: 100, ..meaning };
    }
    let last = best[1].is_some_and(|(_, to)| to == words.len());
    if meaning.role.is_some() && meaning.what.is_none() && (meaning.part >= 50 || last) {
        meaning.what = Some("name");
    }
    meaning
}

/// The number that a state or a register gives, where a word names it and nothing else.
fn number_of_state(word: &str) -> Option<&'static str> {
    const KNOWN: [&str; 14] = [
        "cnpj", "cpf", "ruc", "cuit", "siren", "siret", "edrpou", "kvk", "cvr", "inn", "ogrn",
        "pesel", "nip", "uen",
    ];
    KNOWN.contains(&word).then(|| WORDS.attributes.get(word).copied()).flatten()
}

/// Somebody before the preposition behind which another is named: where he stands.
fn head_before(
    words: &[&str],
    other: usize,
    taken: Option<(usize, usize)>,
) -> Option<(Role, usize, usize)> {
    let joined = words[..other].iter().rev().take_while(|word| FILLERS.contains(word)).count();
    let end = other.checked_sub(joined).filter(|_| joined > 0)?;
    (1..=end.min(3)).rev().find_map(|length| {
        let start = end - length;
        let phrase = words[start..end].join(" ");
        let free = taken.is_none_or(|(from, to)| end <= from || start >= to);
        let role = WORDS.roles.get(&phrase).filter(|_| free && !WORDS.whole.contains(&phrase))?;
        Some((*role, start, end))
    })
}

/// The number that the words before and after somebody in a heading say, articles left out.
fn number_beside(before: &[&str], after: &[&str]) -> Option<&'static str> {
    const NUMBERS: [&str; 6] =
        ["registrationNumber", "taxNumber", "idNumber", "innCode", "ogrnCode", "vatCode"];
    let rest: Vec<&str> =
        [before, after].concat().into_iter().filter(|word| !FILLERS.contains(word)).collect();
    WORDS.attributes.get(&*rest.join(" ")).copied().filter(|what| NUMBERS.contains(what))
}

/// What has a name and is nobody.
const PLACES: [&str; 13] = [
    "city",
    "region",
    "street",
    "address",
    "country",
    "court",
    "port",
    "sector",
    "status",
    "legalForm",
    "currency",
    "jobtext",
    "goodsDescription",
];

/// Words before a name that is no longer borne.
const FORMER: [&str; 16] = [
    "former",
    "previous",
    "prior",
    "old",
    "ex",
    "ancien",
    "ancienne",
    "anterior",
    "прежнее",
    "бывшее",
    "прежнии",
    "fruherer",
    "fruhere",
    "ehemaliger",
    "ehemalige",
    "eski",
];

/// Whether a word beside this one is an attribute that codes are made for.
fn has_attribute(words: &[&str], except: usize) -> bool {
    const CODED: [&str; 6] =
        ["gender", "country", "nationality", "status", "currency", "legalForm"];
    let coded = |word: &&str| WORDS.attributes.get(*word).is_some_and(|what| CODED.contains(what));
    words.iter().enumerate().any(|(at, word)| at != except && coded(word))
}

fn unparted(text: &str) -> Meaning {
    let mut rest = text.to_owned();
    let mut meaning = Meaning::default();
    let mut explained = 0;
    // “名” by itself is a first name; behind another word it only says that this has a name.
    let alone = |phrase: &String| matches!(phrase.as_str(), "名" | "姓") && phrase != text;
    for phrase in WORDS.unparted.iter().filter(|phrase| !alone(phrase)) {
        if !rest.contains(phrase.as_str()) || WORDS.whole.contains(phrase) {
            continue;
        }
        let (role, what) = (WORDS.roles.get(phrase), WORDS.attributes.get(phrase));
        let used = match (role, what) {
            (_, Some(what)) if meaning.what.is_none() => {
                meaning.what = Some(what);
                true
            }
            (Some(role), _) if meaning.role.is_none() => {
                meaning.role = Some(*role);
                true
            }
            _ => false,
        };
        if used {
            explained += phrase.chars().count();
            rest = rest.replacen(phrase.as_str(), " ", 1);
        }
    }
    let long = text.trim_end_matches(" percent").chars().count();
    meaning.part = (explained * 100 / long.max(1)) as u32;
    // “企業名” is the whole name of a company.
    let named = meaning.what.is_none() || meaning.what == Some("firstName");
    if meaning.role.is_some() && named {
        meaning.what = Some("name");
    }
    meaning
}

/// Whether a heading says that something is a payer's or a payee's, beside whatever else it says.
pub(super) fn side(heading: &str) -> Option<Role> {
    let text = normal(heading);
    let sided = |role: &&Role| matches!(role, Role::Payer | Role::Beneficiary);
    let word = text.split(' ').find_map(|word| WORDS.roles.get(word).filter(sided).copied());
    word.or_else(|| {
        let starts = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if starts(&["付款", "汇款", "转出", "송금", "依頼", "ordering"]) {
            Some(Role::Payer)
        } else {
            starts(&["收款", "转入", "수취", "受取"]).then_some(Role::Beneficiary)
        }
    })
}

/// Whether a heading speaks of a company, whatever it says of it: “Company name”, “企业名称”.
pub(super) fn names_company(heading: &str) -> bool {
    let text = normal(heading);
    let is = |phrase: &str| WORDS.roles.get(phrase) == Some(&Role::Company);
    let words: Vec<&str> = text.split(' ').collect();
    (1..=2).any(|length| words.windows(length).any(|part| is(&part.join(" "))))
        || WORDS.unparted.iter().any(|phrase| is(phrase) && text.contains(phrase.as_str()))
}

/// Whether a cell is a known heading.
pub(super) fn knows(cell: &str) -> bool {
    cell.chars().count() <= 60 && meaning(cell).part >= 50
}

#[cfg(test)]
mod tests;
