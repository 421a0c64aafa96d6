//! Who is on the list: parties by name, for ties and offices that name them.

use std::collections::HashMap;

/// The longest title that is searched for a name, in bytes.
const LONGEST_TITLE: usize = 512;

/// A party's number in the list, `ent_num`.
pub(super) type Number = u64;

/// The parties of the list by their names and other names.
#[derive(Debug, Default)]
pub(super) struct Names {
    schemata: HashMap<Number, &'static str>,
    /// Spelt as the list does.
    exact: HashMap<String, Vec<Number>>,
    /// Without signs and in lower case; main names and others apart.
    main: HashMap<String, Vec<Number>>,
    other: HashMap<String, Vec<Number>>,
}

impl Names {
    /// Takes in a party of the main list.
    pub(super) fn add(&mut self, number: Number, schema: &'static str, name: &str) {
        self.schemata.insert(number, schema);
        push(&mut self.exact, name.to_owned(), number);
        push(&mut self.main, plain(name), number);
    }

    /// Takes in another name of a party.
    pub(super) fn add_other(&mut self, number: Number, name: &str) {
        push(&mut self.other, plain(name), number);
    }

    /// The schema of a party; `Thing` for one that the files at hand say nothing of.
    pub(super) fn schema(&self, number: Number) -> &'static str {
        self.schemata.get(&number).copied().unwrap_or("Thing")
    }

    /// The parties of a name: by its spelling, else without regard to signs, else by their other
    /// names.
    pub(super) fn find(&self, name: &str) -> &[Number] {
        let name = name.trim();
        let bare = name.strip_suffix('.').unwrap_or(name);
        let spelt = [name, bare].into_iter().find_map(|name| self.exact.get(name));
        let plain = || {
            let plain = plain(name);
            self.main.get(&plain).or_else(|| self.other.get(&plain))
        };
        spelt.or_else(plain).map_or(&[], Vec::as_slice)
    }

    /// The one organisation of a name; none where several are called so.
    fn organisation(&self, name: &str) -> Option<Number> {
        let name = name.trim();
        let name = name.strip_prefix("the ").unwrap_or(name);
        let [number] = self.find(name) else { return None };
        let is_organisation = matches!(self.schema(*number), "Company" | "Organization");
        (is_organisation && plain(name).len() > 2).then_some(*number)
    }

    /// The office that a title tells of: what it is called, and the organisation of the list
    /// where it is held. `Director, X`, `Managing Director of the X`, `X Representative in Y`.
    pub(super) fn office<'a>(&self, title: &'a str) -> Option<Office<'a>> {
        if title.len() > LONGEST_TITLE {
            return None;
        }
        for (at, separator) in title.char_indices().filter(|(_, c)| matches!(c, ',' | ' ')) {
            let rest = &title[at + separator.len_utf8()..];
            let name = match separator {
                ',' => Some(rest),
                _ => ["of ", "at ", "for ", "in "].iter().find_map(|word| rest.strip_prefix(word)),
            };
            let Some(number) = name.and_then(|name| self.organisation(name)) else { continue };
            let role = title[..at].trim().trim_end_matches(',');
            return Tie::of(role).map(|tie| Office { role, number, tie });
        }
        // The name first: the longest that is one, and then the role.
        let ends: Vec<usize> = title.match_indices(' ').map(|(at, _)| at).collect();
        ends.iter().rev().find_map(|end| {
            let role = title[end + 1..].trim();
            let tie = Tie::of(role)?;
            let number = self.organisation(&title[..*end])?;
            Some(Office { role, number, tie })
        })
    }
}

/// An office that somebody holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Office<'a> {
    pub(super) role: &'a str,
    /// Where it is held.
    pub(super) number: Number,
    pub(super) tie: Tie,
}

/// What an office makes of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tie {
    /// One leads the other.
    Directs,
    /// One owns the other, in part or whole.
    Owns,
    /// One works for the other.
    Serves,
}

impl Tie {
    /// By the words of a role; `None` where they say of no such tie (ministers of a state, ranks).
    fn of(role: &str) -> Option<Self> {
        const OWNS: [&str; 4] = ["owner", "shareholder", "proprietor", "co-owner"];
        const DIRECTS: [&str; 17] = [
            "director",
            "chairman",
            "chairwoman",
            "chairperson",
            "chair",
            "president",
            "ceo",
            "manager",
            "officer",
            "executive",
            "head",
            "governor",
            "partner",
            "founder",
            "co-founder",
            "secretary",
            "treasurer",
        ];
        const SERVES: [&str; 11] = [
            "employee",
            "representative",
            "official",
            "member",
            "commander",
            "chief",
            "agent",
            "accountant",
            "adviser",
            "advisor",
            "colonel",
        ];
        let role = role.to_lowercase();
        let words: Vec<&str> = role.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
        let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
        if words.iter().any(|word| matches!(*word, "minister" | "ministry")) {
            None
        } else if has(&OWNS) {
            Some(Self::Owns)
        } else if has(&DIRECTS) || role.contains("supervisory board") {
            Some(Self::Directs)
        } else if has(&SERVES) || words.contains(&"general") {
            Some(Self::Serves)
        } else {
            None
        }
    }
}

fn push(map: &mut HashMap<String, Vec<Number>>, name: String, number: Number) {
    let known = map.entry(name).or_default();
    if !known.contains(&number) {
        known.push(number);
    }
}

/// A name without its signs, in lower case.
fn plain(name: &str) -> String {
    let lower = name.to_lowercase();
    lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// What kind of thing a party is by what the list calls it and, where that is not said, by the
/// legal form in its name.
pub(super) fn schema(kind: &str, name: &str) -> &'static str {
    match kind {
        "individual" => return "Person",
        "vessel" => return "Vessel",
        "aircraft" => return "Airplane",
        _ => {}
    }
    const FORMS: [&str; 46] = [
        "company",
        "co",
        "co.",
        "limited",
        "ltd",
        "ltd.",
        "llc",
        "l.l.c.",
        "llp",
        "lp",
        "inc",
        "inc.",
        "corp",
        "corp.",
        "corporation",
        "incorporated",
        "plc",
        "p.l.c.",
        "s.a.",
        "s.a",
        "sa",
        "s.a.s.",
        "s.a.l.",
        "sal",
        "s.a.c.",
        "s.a.r.l.",
        "sarl",
        "s.l.",
        "s.r.l.",
        "s.p.a.",
        "spa",
        "gmbh",
        "ag",
        "kg",
        "bv",
        "b.v.",
        "oy",
        "ab",
        "a.s.",
        "ltda",
        "ltda.",
        "pte",
        "pty",
        "ooo",
        "bank",
        "jsc",
    ];
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| c.is_whitespace() || ",()/\"-".contains(c));
    let has_form = { words }.any(|word| FORMS.contains(&word));
    let long_form = ["s. a.", "s.a. de c.v.", "s. de r.l.", "de c.v.", "joint stock", "e.u."];
    if has_form || long_form.iter().any(|form| lower.contains(form)) {
        "Company"
    } else {
        "Organization"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let mut names = Names::default();
        names.add(1, "Company", "DANDONG HONGXIANG INDUSTRIAL DEVELOPMENT CO LTD");
        names.add(2, "Organization", "HIZBALLAH");
        names.add(3, "Organization", "AL-AQSA FOUNDATION");
        names.add(4, "Organization", "AL-AQSA FOUNDATION");
        names.add(5, "Company", "TANCHON COMMERCIAL BANK");
        names.add(6, "Person", "JUSTICE");
        names.add_other(2, "PARTY OF GOD");
        names
    }

    #[test]
    fn a_name_is_found_as_it_is_spelt_and_otherwise() {
        let names = names();
        assert_eq!(names.find("HIZBALLAH."), [2]);
        assert_eq!(names.find("Party of God"), [2]);
        assert_eq!(names.find("AL-AQSA FOUNDATION"), [3, 4]);
        assert!(names.find("NOBODY").is_empty());
    }

    #[test]
    fn an_office_is_read_where_it_names_one_organisation_of_the_list() {
        let names = names();
        for (title, role, number, tie) in [
            (
                "Director of Dandong Hongxiang Industrial Development Co Ltd",
                "Director",
                1,
                Tie::Directs,
            ),
            (
                "Deputy General Manager, Dandong Hongxiang Industrial Development Co Ltd",
                "Deputy General Manager",
                1,
                Tie::Directs,
            ),
            ("Owner of the Party of God", "Owner", 2, Tie::Owns),
            (
                "Head of the Judicial Council, Hizballah",
                "Head of the Judicial Council",
                2,
                Tie::Directs,
            ),
            (
                "Tanchon Commercial Bank Representative in Syria",
                "Representative in Syria",
                5,
                Tie::Serves,
            ),
        ] {
            assert_eq!(names.office(title), Some(Office { role, number, tie }), "{title}");
        }
        for title in ["Minister of Justice", "Director, Al-Aqsa Foundation", "Colonel", "Director"]
        {
            assert_eq!(names.office(title), None, "{title}");
        }
    }
}
