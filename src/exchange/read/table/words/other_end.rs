//! Headings that say what the party beside them is to whom they name: under “Director of” stands
//! the body, not a director, and under “Subsidiary of” the parent.

use super::{Meaning, Role, WORDS, meaning_of_words, normal};

/// What parts a role from whose it is, at the end of a heading.
const OF: [&str; 15] = [
    "of", "in", "at", "de", "en", "dans", "chez", "von", "bei", "di", "presso", "do", "van", "av",
    "af",
];

/// What a heading in lower-case words says that ends with a role of somebody else.
pub(super) fn other_end(text: &str) -> Option<Meaning> {
    let end = match role_of(text)? {
        Role::Owner | Role::Parent => Role::Asset,
        Role::Director => Role::Company,
        Role::Asset => Role::Parent,
        _ => return None,
    };
    Some(Meaning { role: Some(end), what: Some("name"), part: 100 })
}

/// The role that the party beside a column has, where its heading ends with that.
fn role_of(text: &str) -> Option<Role> {
    let (said, of) = text.rsplit_once(' ').filter(|(_, of)| OF.contains(of))?;
    let said = said.strip_prefix("is ").unwrap_or(said);
    let said = ["a ", "the "].into_iter().find_map(|word| said.strip_prefix(word)).unwrap_or(said);
    let known = WORDS.roles.get(said).copied().filter(|_| !WORDS.attributes.contains_key(said));
    let whole = || Some(meaning_of_words(said)).filter(|meant| meant.part == 100);
    let role = known.or_else(|| whole().filter(|meant| meant.what == Some("name"))?.role)?;
    // “Owner in” is no English, “investor in” is.
    let held = of != "in" || said.contains("invest") || role == Role::Director;
    held.then_some(role)
}

/// Whether a heading ends with a role that the party beside its column has.
pub(in super::super) fn is_other_end(heading: &str) -> bool {
    let text = normal(heading);
    !WORDS.roles.contains_key(&text) && other_end(&text).is_some()
}

/// The office that the people beside a column have in the bodies under it: “Chairman” of “Chairman
/// of”.
pub(in super::super) fn office(heading: &str) -> Option<String> {
    let text = normal(heading);
    (!WORDS.roles.contains_key(&text) && role_of(&text) == Some(Role::Director)).then(|| {
        let heading = heading.trim();
        heading.rsplit_once(char::is_whitespace).map_or(heading, |(said, _)| said).to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::{super::meaning, *};

    #[test]
    fn what_somebody_is_of_is_the_other_end() {
        for (heading, role) in [
            ("Director of", Role::Company),
            ("Chairman of", Role::Company),
            ("Administrateur de", Role::Company),
            ("Geschäftsführer bei", Role::Company),
            ("Shareholder of", Role::Asset),
            ("Is beneficial owner of", Role::Asset),
            ("Investor in", Role::Asset),
            ("Accionista de", Role::Asset),
            ("Gesellschafter von", Role::Asset),
            ("Parent of", Role::Asset),
            ("Subsidiary of", Role::Parent),
            ("Filiale de", Role::Parent),
            ("被投资方", Role::Asset),
        ] {
            let said = meaning(heading);
            assert_eq!((said.role, said.what), (Some(role), Some("name")), "{heading}");
        }
        assert_eq!(meaning("Owned by").role, Some(Role::Owner));
        assert_eq!(meaning("Number of directors of").role, None);
        assert_eq!(office("Chairman of").as_deref(), Some("Chairman"));
        assert_eq!(office("Shareholder of"), None);
    }
}
