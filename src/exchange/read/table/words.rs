//! What headings of tables say, in the languages of the field.

use std::{collections::HashMap, sync::LazyLock};

/// Whose column it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Role {
    Company,
    Person,
    Director,
    Owner,
    Payer,
    Beneficiary,
    Vessel,
}

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
    roles: HashMap<&'static str, Role>,
    attributes: HashMap<&'static str, &'static str>,
    /// Phrases in scripts that do not part words, the longest first.
    unparted: Vec<&'static str>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words =
        Words { roles: HashMap::new(), attributes: HashMap::new(), unparted: Vec::new() };
    for line in include_str!("words.txt").lines().filter(|line| !line.starts_with('#')) {
        let Some((name, phrases)) = line.split_once(": ") else { continue };
        let role = match name.strip_prefix("role ") {
            Some("company") => Some(Role::Company),
            Some("person") => Some(Role::Person),
            Some("director") => Some(Role::Director),
            Some("owner") => Some(Role::Owner),
            Some("payer") => Some(Role::Payer),
            Some("beneficiary") => Some(Role::Beneficiary),
            Some("vessel") => Some(Role::Vessel),
            _ => None,
        };
        for phrase in phrases.split("; ") {
            match role {
                Some(role) => drop(words.roles.entry(phrase).or_insert(role)),
                None => drop(words.attributes.entry(phrase).or_insert(name)),
            }
            if phrase.chars().any(is_unparted) {
                words.unparted.push(phrase);
            }
        }
    }
    words.unparted.sort_by_key(|phrase| std::cmp::Reverse(phrase.chars().count()));
    words.unparted.dedup();
    words
});

fn is_unparted(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// A heading in lower-case words: `ownerBirth_date (DOB)` is `owner birth date dob`.
pub(super) fn normal(heading: &str) -> String {
    let mut text = String::new();
    let mut before = ' ';
    for c in heading.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            text.push(' ');
        }
        before = c;
        match c {
            '%' => text.push_str(" percent "),
            _ if c.is_alphanumeric() || c == '№' => text.extend(c.to_lowercase()),
            _ => text.push(' '),
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a heading says. The longest phrases win, whole headings before parts of one.
pub(super) fn meaning(heading: &str) -> Meaning {
    let text = normal(heading);
    if text.is_empty() {
        return Meaning::default();
    }
    let (role, what) = (WORDS.roles.get(&*text).copied(), WORDS.attributes.get(&*text).copied());
    // “Number” and “name” are attributes; “director”, “имя” and the like can be both.
    if role.is_some() || what.is_some() {
        let what = what.or_else(|| role.map(|_| "name"));
        return Meaning { role, what, part: 100 };
    }
    if text.chars().any(is_unparted) {
        return unparted(&text);
    }
    parted(&text)
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
            let free = |taken: &Option<(usize, usize)>| {
                taken.is_none_or(|(from, to)| start + length <= from || start >= to)
            };
            let weak = length == 1
                && matches!(
                    &*phrase,
                    "from" | "to" | "no" | "id" | "nr" | "number" | "part" | "to date"
                );
            if meaning.what.is_none()
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
    let explained: usize = best.iter().flatten().map(|(from, to)| to - from).sum();
    meaning.part = (explained * 100 / words.len()) as u32;
    if meaning.role.is_some() && meaning.what.is_none() && meaning.part >= 50 {
        meaning.what = Some("name");
    }
    meaning
}

fn unparted(text: &str) -> Meaning {
    let mut rest = text.to_owned();
    let mut meaning = Meaning::default();
    let mut explained = 0;
    for phrase in &WORDS.unparted {
        if !rest.contains(phrase) {
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
            rest = rest.replacen(phrase, " ", 1);
        }
    }
    meaning.part = (explained * 100 / text.chars().count().max(1)) as u32;
    if meaning.role.is_some() && meaning.what.is_none() {
        meaning.what = Some("name");
    }
    meaning
}

/// Whether a cell is a known heading.
pub(super) fn knows(cell: &str) -> bool {
    cell.chars().count() <= 60 && meaning(cell).part >= 50
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_many_lands_are_understood() {
        for (heading, role, what) in [
            ("Company Name", None, Some("name")),
            ("Registration No.", None, Some("registrationNumber")),
            ("Firma", Some(Role::Company), Some("name")),
            ("Geschäftsführer", Some(Role::Director), Some("name")),
            ("Наименование", None, Some("name")),
            ("Адрес организации", Some(Role::Company), Some("address")),
            ("Дата рождения директора", Some(Role::Director), Some("birthDate")),
            ("公司名称", None, Some("name")),
            ("法定代表人", Some(Role::Director), Some("name")),
            ("股东姓名", Some(Role::Owner), Some("name")),
            ("회사명", None, Some("name")),
            ("주주 국적", Some(Role::Owner), Some("nationality")),
            ("ownerBirthDate", Some(Role::Owner), Some("birthDate")),
            ("director_nationality", Some(Role::Director), Some("nationality")),
            ("Shareholder", Some(Role::Owner), Some("name")),
            ("Share %", None, Some("percentage")),
            ("Beneficial owner country", Some(Role::Owner), Some("country")),
            ("Beneficiary", Some(Role::Beneficiary), Some("name")),
            ("Date of birth", None, Some("birthDate")),
            ("IMO", None, Some("imoNumber")),
            ("Zahlungsempfänger", Some(Role::Beneficiary), Some("name")),
            ("xyzzy", None, None),
        ] {
            let told = meaning(heading);
            assert_eq!((told.role, told.what), (role, what), "{heading}");
        }
    }
}
