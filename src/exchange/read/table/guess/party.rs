//! Which columns name somebody or something, and which columns are about whom.

use super::{
    super::{
        aside::Aside,
        learn, parts,
        row::Row,
        words::{self, Role},
    },
    lists, names, naming,
    profile::{Profile, has},
};

/// Somebody or something with a name, or at least a number, in each row.
#[derive(Clone, Debug, Default)]
pub(super) struct Party {
    pub role: Option<Role>,
    /// The number in its headings: “Shareholder 2”.
    pub number: String,
    /// The column with its name.
    pub name: Option<usize>,
    /// A column with its name in another language.
    pub also: Option<usize>,
    /// First and last name, where they stand apart.
    pub apart: Vec<(usize, &'static str)>,
    /// Other columns about it, with what is in them.
    pub said: Vec<(usize, &'static str)>,
    /// Columns about it that are kept as notes.
    pub notes: Vec<usize>,
    /// The column that says which kind of thing it is.
    pub kind: Option<usize>,
    /// What parts several of them in a cell.
    pub split: Option<&'static str>,
    /// What stands behind its name in the cell.
    pub aside: Option<Aside>,
    /// The column with an id that the table gives it.
    pub id: Option<usize>,
    /// Its schema, where its number says what it is.
    pub fixed: Option<&'static str>,
    /// The row of another table that it is.
    pub refers: Option<Reference>,
    /// The column by which alone it is known, where that is not its name.
    pub key: Option<usize>,
    /// Whether its name or its heading says that it is a company or the like.
    pub corporate: bool,
    /// Whether columns of its group tell what only people have.
    pub personal: bool,
    /// Whether each row names either a body, in one column, or a person, by parts of a name.
    pub either: bool,
    /// Columns with as many parts as the one with its names.
    pub beside: Vec<usize>,
    /// The column that the rows fill above which its name stands alone.
    pub above: Option<usize>,
}

/// A row of another table, named by its id.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    pub column: usize,
    /// What goes into the id before the key, there and here.
    pub literal: String,
    pub schema: &'static str,
}

/// What people have and companies have not.
pub(super) const PERSONAL: [&str; 13] = [
    "birthDate",
    "birthPlace",
    "birthCountry",
    "nationality",
    "gender",
    "passportNumber",
    "firstName",
    "lastName",
    "middleName",
    "fatherName",
    "motherName",
    "profession",
    "position",
];
/// What companies have and people have not.
pub(super) const CORPORATE: [&str; 16] = [
    "registrationNumber",
    "legalForm",
    "incorporationDate",
    "dissolutionDate",
    "jurisdiction",
    "sector",
    "capital",
    "ogrnCode",
    "kppCode",
    "uscCode",
    "leiCode",
    "vatCode",
    "isin",
    "abbreviation",
    "taxNumber",
    "status",
];
/// What no person has.
const CORPORATE_ALONE: [&str; 7] = [
    "registrationNumber",
    "legalForm",
    "capital",
    "incorporationDate",
    "uscCode",
    "ogrnCode",
    "kppCode",
];
/// What ships have.
pub(super) const OF_VESSELS: [&str; 9] = [
    "imoNumber",
    "mmsi",
    "callSign",
    "flag",
    "pastFlags",
    "tonnage",
    "deadweightTonnage",
    "buildDate",
    "type",
];
/// What is said of a relationship, not of who is related.
pub(super) const OF_EDGES: [&str; 17] = [
    "percentage",
    "sharesCount",
    "sharesValue",
    "sharesType",
    "role",
    "relation",
    "startDate",
    "endDate",
    "amount",
    "amountUsd",
    "amountEur",
    "currency",
    "date",
    "purpose",
    "transactionNumber",
    "debit",
    "credit",
];

impl Party {
    /// The first of the columns that name it.
    pub fn first(&self) -> usize {
        let apart = self.apart.iter().map(|(at, _)| *at);
        let said = self.said.iter().map(|(at, _)| *at);
        if let Some(refers) = &self.refers {
            return refers.column;
        }
        self.name.into_iter().chain(apart).min().or_else(|| said.min()).unwrap_or(0)
    }

    /// The column with its name, or with the first part of it.
    pub(crate) fn named_in(&self) -> Option<usize> {
        self.name.or(self.apart.first().map(|(at, _)| *at))
    }

    /// Whether its name stands in a column.
    pub(crate) fn is_named_in(&self, column: usize) -> bool {
        self.name == Some(column)
            || self.also == Some(column)
            || self.apart.iter().any(|(at, _)| *at == column)
            || self.refers.as_ref().is_some_and(|refers| refers.column == column)
    }

    /// Whether one of these is said of it.
    pub fn has(&self, list: &[&str]) -> bool {
        self.said.iter().any(|(_, what)| list.contains(what))
    }

    /// Whether it is a person for certain.
    pub(crate) fn is_person(&self) -> bool {
        matches!(self.role, Some(Role::Person | Role::Director))
            || !self.apart.is_empty() && !self.either
    }

    /// Whether it is a thing that nobody writes to or calls: an aircraft, an account.
    pub(super) fn is_thing(&self) -> bool {
        self.fixed.is_some_and(|schema| !matches!(schema, "RealEstate" | "Organization"))
    }

    /// Whether it is an aircraft or a car.
    pub(super) fn is_machine(&self) -> bool {
        matches!(self.fixed, Some("Airplane" | "Vehicle"))
    }

    /// The column by which its rows are told apart: with its name, else with its number.
    pub(super) fn key_column(&self) -> Option<usize> {
        self.named_in().or_else(|| self.said.first().map(|(at, _)| *at))
    }

    pub(super) fn is_body(&self) -> bool {
        !self.is_thing() && self.is_one()
    }

    fn is_one(&self) -> bool {
        matches!(self.role, Some(Role::Company | Role::Asset | Role::Vessel))
            || self.role.is_none()
                && (self.corporate || self.apart.is_empty() && self.has(&CORPORATE_ALONE))
    }

    pub(super) fn is_corporate(&self) -> bool {
        !matches!(self.role, Some(Role::Person | Role::Director | Role::Vessel))
            && (self.apart.is_empty() || self.either)
    }
}

/// Whether the parties of a row are the two ends of an edge, of which no heading says what they are.
pub(super) fn are_ends(parties: &[Party]) -> bool {
    let [one, other] = parties else { return false };
    are_two_ends([one, other])
}

/// The same of two parties among several.
pub(super) fn are_two_ends([one, other]: [&Party; 2]) -> bool {
    let roles = [one.role, other.role];
    roles == [Some(Role::Source), Some(Role::Target)]
        || roles == [Some(Role::Target), Some(Role::Source)]
        || one.role == other.role && one.number != other.number
}

/// The digits of a heading, or the letter by which it counts parties: `person_a_name`.
pub(super) fn number(heading: &str) -> String {
    let digits: String = heading.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() { letter(heading).unwrap_or_default() } else { digits }
}

/// The letter by which a heading counts parties.
fn letter(heading: &str) -> Option<String> {
    let heading = words::normal(heading);
    let (before, rest) = heading.split_once(" a").or_else(|| heading.split_once(" b"))?;
    if !rest.is_empty() && !rest.starts_with(' ') {
        return None;
    }
    let counted = ["person", "party", "entity", "company", "node", "actor", "name", "firm"];
    counted.contains(&before).then(|| heading[before.len() + 1..][..1].to_owned())
}

/// The first word of a heading.
pub(super) fn first_word(heading: &str) -> String {
    words::normal(heading).split(' ').next().unwrap_or_default().to_owned()
}

/// Whether two columns name the same in most rows: in another spelling, shorter, in other words.
fn alike(rows: &[Row], one: usize, other: usize) -> bool {
    let (mut both, mut same) = (0, 0);
    for row in rows {
        let (a, b) = (row.get(one), row.get(other));
        if a.is_empty() || b.is_empty() {
            continue;
        }
        both += 1;
        let (a, b) = (words::normal(a), words::normal(b));
        let folded = (learn::folded(&a), learn::folded(&b));
        let inside = folded.0.contains(&folded.1) || folded.1.contains(&folded.0);
        let common = |word: &str| word.chars().count() > 3 || !word.is_ascii();
        let shared = a.split(' ').any(|word| common(word) && b.split(' ').any(|o| o == word));
        same += usize::from(inside || shared);
    }
    both > 0 && same * 2 > both
}

/// Whether the first party with a heading is an owner or an officer, and none a company.
fn owned(profiles: &[Profile], first: usize) -> bool {
    let of_company = |role: Option<Role>| {
        matches!(
            role,
            Some(Role::Owner | Role::Director | Role::Parent | Role::Holder | Role::Agent)
        )
    };
    let named = |profile: &&Profile| profile.headed && profile.what == Some("name");
    of_company(profiles[first].role)
        && profiles.iter().filter(named).all(|profile| of_company(profile.role))
}

/// Stems of headings that name whom one reaches at a firm.
pub(super) const CONTACTS: [&str; 9] =
    ["contact", "kontakt", "contatto", "контакт", "联系人", "聯絡人", "連絡", "담당자", "liên hệ"];

/// Who has a name in a row. Columns that turn out to be no names lose what they were taken for.
pub(super) fn find(profiles: &mut [Profile], rows: &[Row]) -> Vec<Party> {
    // Names that no heading calls so are believed only where there are no others, or where they
    // are the companies before the owners and officers of companies.
    let first = profiles.iter().position(|profile| profile.headed && profile.what == Some("name"));
    let lead = first.filter(|first| owned(profiles, *first)).and_then(|first| {
        profiles[..first].iter().position(|p| !p.headed && p.what == Some("name"))
    });
    if let Some(lead) = lead {
        profiles[lead].headed = true;
        profiles[lead].confidence = profiles[lead].confidence.min(0.8);
        profiles[lead].reason.push_str(", before the owners and officers of companies");
    }
    if profiles.iter().any(|profile| profile.headed && profile.what == Some("name")) {
        // Names with the forms of companies nearly throughout need no heading that is known.
        let sure = |profile: &Profile| {
            profile.companies >= 0.8
                && profile.different > 4
                && profile.different * 2 >= profile.filled
        };
        for profile in
            profiles.iter_mut().filter(|p| !p.headed && p.what == Some("name") && !sure(p))
        {
            (profile.what, profile.role) = (None, None);
        }
    } else if profiles.len() > 4 {
        // In a wide table without headings, one column of names is enough to be wrong about.
        let mut names = profiles.iter_mut().filter(|profile| profile.what == Some("name"));
        names.next();
        names.for_each(|profile| (profile.what, profile.role) = (None, None));
    }
    naming::settle(profiles, rows);
    let mut parties: Vec<Party> = Vec::new();
    for at in 0..profiles.len() {
        let profile = &profiles[at];
        let Some(what) = profile.what else { continue };
        let apart = matches!(what, "firstName" | "lastName" | "middleName");
        if what != "name" && !apart {
            continue;
        }
        let (role, digits) = (profile.role, names::number_of(profiles, at));
        let numbered = role.is_none() && !digits.is_empty() && what == "name";
        if numbered && parties.iter().any(|party| !party.apart.is_empty()) {
            profiles[at].what = None;
            continue;
        }
        let same = parties.iter().rposition(|party| {
            let first = party.first();
            (party.role == role || apart && role.is_none())
                && (names::number_of(profiles, first) == digits || apart)
        });
        if let Some(same) = same {
            if apart {
                let party = &mut parties[same];
                if party.apart.iter().all(|(_, other)| *other != what) {
                    party.apart.push((at, what));
                } else {
                    profiles[at].what = None;
                }
                continue;
            }
            let before = parties[same].name;
            match before {
                None => {
                    parties[same].name = Some(at);
                    continue;
                }
                // “Sponsor name” is the name, where “sponsor” only is what one calls it.
                Some(before)
                    if profile.headed
                        && words::normal(&profile.heading)
                            == format!("{} name", words::normal(&profiles[before].heading)) =>
                {
                    parties[same].name = Some(at);
                    (profiles[before].what, profiles[before].role) = (Some("alias"), role);
                    continue;
                }
                // The same name once more, or a name of nobody whom a heading names.
                Some(before)
                    if alike(rows, before, at)
                        && (role.is_none()
                            || first_word(&profiles[before].heading)
                                == first_word(&profile.heading))
                        || role.is_none() && !profile.headed =>
                {
                    profiles[at].what = None;
                    continue;
                }
                Some(_) => {}
            }
        }
        parties.push(Party {
            role,
            number: digits,
            name: (!apart).then_some(at),
            also: profile.also,
            apart: if apart { vec![(at, what)] } else { Vec::new() },
            corporate: !apart
                && (profile.companies >= 0.5 || words::names_company(&profile.heading)),
            split: profile.aside.map(|(_, split)| split).or(profile.split.filter(|_| {
                matches!(
                    role,
                    Some(
                        Role::Director
                            | Role::Person
                            | Role::Owner
                            | Role::Supplier
                            | Role::Transferor
                            | Role::Transferee
                            | Role::Customer
                            | Role::Agent
                            | Role::Parent
                            | Role::Asset
                            | Role::Company
                            | Role::Claimant
                            | Role::Defendant
                    )
                )
            })),
            aside: profile.aside.map(|(aside, _)| aside),
            ..Party::default()
        });
    }
    // “EU relations position” beside “EU relations name” is a person's.
    let stems: Vec<Vec<String>> = parties.iter().map(|party| stem(profiles, party)).collect();
    for profile in profiles.iter() {
        let personal = profile.what.is_some_and(|what| is_personal(what) || what == "title");
        if let Some(index) = group(&stems, &profile.heading).filter(|_| personal) {
            parties[index].personal = true;
        }
    }
    // Two contacts of a firm in a cell are two.
    for party in parties.iter_mut().filter(|party| party.split.is_none()) {
        let contact = |name: &usize| {
            profiles[*name].slashed && words::mentions(&profiles[*name].heading, &CONTACTS)
        };
        party.split = party.name.filter(contact).map(|_| parts::SLASH);
    }
    // Whom one reaches at a firm is a person.
    let bodies = parties.iter().filter(|party| party.corporate).count();
    for party in parties.iter_mut().filter(|party| party.role.is_none() && !party.corporate) {
        let contact = |name: &usize| {
            profiles[*name].people >= 0.5 && words::mentions(&profiles[*name].heading, &CONTACTS)
        };
        if bodies > 0 && party.name.is_some_and(|name| contact(&name)) {
            party.role = Some(Role::Person);
        }
    }
    for party in parties.iter_mut().filter(|p| p.split.is_none_or(|split| split == "\n")) {
        let parting =
            party.name.and_then(|name| lists::parting(&profiles[name], party.role, rows, name));
        party.split = parting.or(party.split);
    }
    bodies_apart(profiles, rows, &mut parties);
    // “Nom” beside “Prénom” is a last name.
    for party in &mut parties {
        let first = party.apart.iter().any(|(_, what)| *what == "firstName");
        let last = party.apart.iter().any(|(_, what)| *what == "lastName");
        if let Some(name) = party.name.filter(|_| first && !last) {
            party.name = None;
            party.apart.push((name, "lastName"));
        }
        // “Name” beside “Last name” is a first name, where it does not have the last name in it.
        if let Some(name) = party.name.filter(|_| last && !first) {
            let at = party.apart.iter().find(|(_, what)| *what == "lastName").map(|(at, _)| *at);
            let both =
                rows.iter().filter(|row| row.says(name) && at.is_some_and(|at| row.says(at)));
            let inside = |row: &&Row| {
                let own = at.map(|at| row.get(at).to_lowercase()).unwrap_or_default();
                row.get(name).to_lowercase().contains(&own)
            };
            if both.clone().count() > 0 && both.clone().filter(inside).count() * 10 <= both.count()
            {
                party.name = None;
                party.apart.push((name, "firstName"));
            }
        }
        // A name that is used stands beside it in some rows: “Nom d'usage”.
        let used = party.apart.iter().position(|(_, what)| *what == "lastName");
        let both = used.zip(party.name).filter(|_| first && last);
        if let Some((used, name)) = both
            && profiles[party.apart[used].0].filled < profiles[name].filled
            && rows
                .iter()
                .all(|row| !row.get(name).contains(' ') || row.get(party.apart[used].0).is_empty())
        {
            let (other, _) = party.apart[used];
            party.apart[used].0 = name;
            party.name = None;
            (profiles[other].what, profiles[other].role) = (Some("alias"), None);
        }
    }
    parties
}

/// Parts the name of a body from a last and a first name that are somebody's who belongs to it:
/// “Organisme” beside “Nom de famille” and “Prénom”.
fn bodies_apart(profiles: &[Profile], rows: &[Row], parties: &mut Vec<Party>) {
    let mut bodies: Vec<Party> = Vec::new();
    for party in parties.iter_mut() {
        let part =
            |wanted: &str| party.apart.iter().find(|(_, what)| *what == wanted).map(|(at, _)| *at);
        let (Some(name), Some(last), Some(_)) = (party.name, part("lastName"), part("firstName"))
        else {
            continue;
        };
        let both = rows.iter().filter(|row| row.says(name) && row.says(last));
        let inside = |row: &&Row| {
            row.get(name).to_lowercase().contains(&row.get(last).trim().to_lowercase())
        };
        let is_body =
            words::names_company(&profiles[name].heading) || profiles[name].companies >= 0.3;
        if is_body
            && both.clone().count() > 1
            && both.clone().filter(inside).count() * 2 < both.count()
        {
            party.name = None;
            bodies.push(Party {
                role: profiles[name].role,
                name: Some(name),
                corporate: true,
                ..Party::default()
            });
            if party.role == profiles[name].role {
                party.role = None;
            }
        }
    }
    parties.extend(bodies);
}

/// The party of whose group of columns each column is, where its heading says so.
pub(super) fn groups(profiles: &[Profile], parties: &[Party]) -> Vec<Option<usize>> {
    let stems: Vec<Vec<String>> = parties.iter().map(|party| stem(profiles, party)).collect();
    profiles.iter().map(|profile| group(&stems, &profile.heading)).collect()
}

pub(super) fn is_personal(what: &str) -> bool {
    PERSONAL.contains(&what)
}

/// The words of the heading of a party without those that say that it is a name: `vessel 1` of
/// `vessel_1_name`, `shipper` of “Name of shipper”.
pub(super) fn stem(profiles: &[Profile], party: &Party) -> Vec<String> {
    let Some(column) = party.named_in() else { return Vec::new() };
    let heading = words::normal(&profiles[column].heading);
    let mut words: Vec<&str> = heading.split(' ').collect();
    let is_name = |word: &str| {
        matches!(word, "of" | "the" | "de" | "du" | "del" | "der" | "des" | "do" | "da")
            || matches!(
                words::meaning(word).what,
                Some("name" | "firstName" | "lastName" | "middleName")
            ) && words::meaning(word).role.is_none()
            || matches!(word, "first" | "last" | "full" | "middle" | "given" | "family")
    };
    while words.last().is_some_and(|word| is_name(word)) {
        words.pop();
    }
    while words.first().is_some_and(|word| is_name(word)) {
        words.remove(0);
    }
    words.into_iter().map(str::to_owned).collect()
}

/// The party whose words a heading begins or ends with, where that is one.
pub(super) fn group(stems: &[Vec<String>], heading: &str) -> Option<usize> {
    let heading = words::normal(heading);
    let words: Vec<&str> = heading.split(' ').collect();
    // “Код учасника” is of the “Учасник”.
    let like = |one: &str, other: &str| {
        let long = one.chars().count().min(other.chars().count());
        let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
        // “Adres wspólnika” is of the “Wspólnik”.
        let longer =
            long >= 6 && same == long && one.chars().count().max(other.chars().count()) <= long + 2;
        one == other
            || longer
            || long >= 6
                && !one.is_ascii()
                && same + 1 >= long
                && same + 2 >= one.chars().count().max(other.chars().count())
    };
    let fits = |stem: &Vec<String>| {
        let long = stem.len();
        (1..words.len()).contains(&long) && {
            let tail = &words[words.len() - long..];
            words[..long].iter().eq(stem.iter())
                || tail.iter().zip(stem).all(|(word, other)| like(word, other))
        }
    };
    let fitting: Vec<usize> = (0..stems.len()).filter(|at| fits(&stems[*at])).collect();
    let most = fitting.iter().map(|at| stems[*at].len()).max()?;
    let mut longest = fitting.into_iter().filter(|at| stems[*at].len() == most);
    longest.next().filter(|_| longest.next().is_none())
}

/// The only party of several whose heading ends with the word with which another heading ends:
/// “Αριθμός Αναδόχου” beside “Επωνυμία Αναδόχου” and “Φορέας”.
pub(super) fn by_last_word(stems: &[Vec<String>], heading: &str) -> Option<usize> {
    let heading = words::normal(heading);
    let words: Vec<&str> = heading.split(' ').collect();
    let last = words.last().filter(|word| words.len() > 1 && word.chars().count() >= 5)?;
    let ends = |stem: &Vec<String>| stem.len() > 1 && stem.last().is_some_and(|own| own == last);
    let mut same = (0..stems.len()).filter(|at| ends(&stems[*at]));
    same.next().filter(|_| same.next().is_none() && stems.len() > 1)
}

/// The one party whose heading begins as a heading does: a “registration number” is a registrant's.
pub(super) fn by_start(profiles: &[Profile], parties: &[Party], heading: &str) -> Option<usize> {
    const SHARED: usize = 7;
    let start = |heading: &str| first_word(heading).chars().take(SHARED).collect::<String>();
    let own = start(heading);
    let begins =
        |party: &Party| party.named_in().is_some_and(|name| start(&profiles[name].heading) == own);
    let mut same = (0..parties.len()).filter(|at| begins(&parties[*at]));
    let one = same.next().filter(|_| same.next().is_none() && parties.len() > 1);
    one.filter(|_| own.chars().count() == SHARED)
}

/// The person of each row where a company is only named beside him: a book of contacts.
pub(super) fn with_affiliation(profiles: &[Profile], parties: &[Party]) -> Option<usize> {
    let [one, other] = parties else { return None };
    let (person, at, body) =
        if one.first() < other.first() { (one, 0, other) } else { (other, 1, one) };
    let corporate =
        has(profiles, &["registrationNumber", "incorporationDate", "percentage", "sharesCount"]);
    let reached = has(profiles, &["phone", "email"]);
    let is_person = !person.apart.is_empty() && person.role.is_none();
    (is_person && body.role == Some(Role::Company) && reached && !corporate).then_some(at)
}
