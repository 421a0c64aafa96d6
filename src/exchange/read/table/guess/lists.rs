//! People in one cell with a comma between them.

use super::{
    super::{content, row::Row, words, words::Role},
    profile::Profile,
};

/// Signs that may part people where no surer one does.
const COMMAS: [&str; 5] = [", ", ",", "、", "，", "·"];

/// What parts the people of a cell in a column of directors or people, where the cells show it.
pub(super) fn parting(
    profile: &Profile,
    role: Option<Role>,
    rows: &[Row],
    name: usize,
) -> Option<&'static str> {
    let officers = role == Some(Role::Director);
    if !officers && role != Some(Role::Person) {
        return None;
    }
    let cells: Vec<&str> =
        rows.iter().map(|row| row.get(name)).filter(|cell| !cell.is_empty()).collect();
    let several = words::mentions(&profile.heading, &["members", "directors", "officers", "board"]);
    COMMAS.into_iter().find(|comma| {
        let parted: Vec<&&str> = cells.iter().filter(|cell| bare(cell).contains(comma)).collect();
        let all = |fits: fn(&str) -> bool| {
            parted.iter().all(|cell| bare(cell).split(comma).all(|part| fits(part.trim())))
        };
        // “Norden, Alba” is one: a surname alone stands before its comma.
        !parted.is_empty()
            && (officers && all(is_short) || (several || parted.len() > 1) && all(is_whole))
    })
}

/// A cell without what stands in brackets at its end, which is about all of its people.
fn bare(cell: &str) -> &str {
    let cell = cell.trim();
    let inner = cell.strip_suffix([')', '）']);
    inner.and_then(|inner| inner.rfind(['(', '（'])).map_or(cell, |at| cell[..at].trim_end())
}

/// A name of two to five characters in a script that needs no more.
fn is_short(part: &str) -> bool {
    (2..=5).contains(&part.chars().count())
        && !part.is_ascii()
        && part.chars().all(char::is_alphabetic)
}

/// Whether a cell has several whole names of people with commas between them.
pub(super) fn are_people(cell: &str) -> bool {
    let parts = bare(cell).split([',', '、', '，']);
    parts.clone().count() > 1 && parts.map(str::trim).all(|part| is_whole(part) || is_short(part))
}

/// A name with a first name and a last name, of nobody but a person.
fn is_whole(part: &str) -> bool {
    let words: Vec<&str> = part.split_whitespace().collect();
    let capital = |word: &&str| word.chars().next().is_some_and(char::is_uppercase);
    (2..=5).contains(&words.len())
        && capital(&words[0])
        && words.last().is_some_and(capital)
        && part.chars().all(|c| c.is_alphabetic() || " -'’.".contains(c))
        && !content::is_organization(part)
}

#[cfg(test)]
mod tests {
    use super::super::tests::guessed;

    #[test]
    fn people_with_a_comma_between_them_are_several() {
        let (guess, lines) = guessed(
            "s.csv",
            "Company,Board members\nA Ltd,\"Alba Norden, Jo Roe\"\nB Ltd,\"Su Poe, Al Moe, Ed Koe\"\nC Ltd,Ann Loe\n",
        );
        let person = guess.mapping.entities.iter().find(|made| made.schema == "Person");
        assert!(person.is_some_and(|made| made.each.is_some()), "{lines:#?}");
        let (guess, lines) = guessed(
            "s.csv",
            "Company,Director\nA Ltd,\"Norden, Alba\"\nB Ltd,\"Poe, Su Maria\"\nC Ltd,\"Loe, Ann\"\n",
        );
        assert!(guess.mapping.entities.iter().all(|made| made.each.is_none()), "{lines:#?}");
    }
}
