//! Words that several headings of a table share: those at the end of all say nothing
//! (`nomUniteLegale` beside `sigleUniteLegale`), those in brackets behind several say of what they
//! speak (“Name (owner)” beside “Number (owner)”).

use super::super::words;

/// The fewest headings that share words.
const FEWEST: usize = 6;

/// Each heading without the words at its end that most of them share, where those have no meaning
/// of their own.
pub(super) fn without(headings: &[String]) -> Vec<String> {
    if let Some(grouped) = in_brackets(headings) {
        return grouped;
    }
    let normal: Vec<String> = headings.iter().map(|heading| words::normal(heading)).collect();
    let parts: Vec<Vec<&str>> = normal.iter().map(|heading| heading.split(' ').collect()).collect();
    let Some(shared) = tail(&parts) else { return without_groups(headings, &normal) };
    let bare = |(heading, words): (&String, &Vec<&str>)| match words.strip_suffix(&shared[..]) {
        Some(rest) if !rest.is_empty() => rest.join(" "),
        _ => heading.clone(),
    };
    headings.iter().zip(&parts).map(bare).collect()
}

/// Headings without the first word of a group of them, where that word by itself would say what
/// each of them is: `activity_employer` beside `activity_period` is an employer, and no activity.
fn without_groups(headings: &[String], normal: &[String]) -> Vec<String> {
    const GROUP: usize = 3;
    let bare = |(heading, own): (&String, &String)| {
        let Some((group, rest)) = own.split_once(' ') else { return heading.clone() };
        let begins =
            |other: &&String| other.strip_prefix(group).is_some_and(|rest| rest.starts_with(' '));
        let same = normal.iter().filter(begins).count() >= GROUP;
        let said = words::meaning(group);
        let names_attribute = said.what.is_some_and(|what| what != "name") && said.role.is_none();
        let all = words::meaning(heading);
        let told = all.part < 100 && all.what == said.what;
        let other = words::meaning(rest);
        let known = other.what.is_some() && other.part == 100;
        if same && names_attribute && told && known { rest.to_owned() } else { heading.clone() }
    };
    headings.iter().zip(normal).map(bare).collect()
}

/// Headings with what stands in brackets behind them before them, where most have such brackets
/// and several have the same.
fn in_brackets(headings: &[String]) -> Option<Vec<String>> {
    let parts: Vec<Option<(&str, &str)>> = headings
        .iter()
        .map(|heading| {
            let (before, inside) = heading.trim().strip_suffix(')')?.split_once(" (")?;
            (!before.is_empty() && inside.contains(char::is_alphabetic)).then_some((before, inside))
        })
        .collect();
    let again =
        |inside: &str| parts.iter().flatten().filter(|(_, other)| *other == inside).count() > 1;
    let shared = parts.iter().flatten().filter(|(_, inside)| again(inside)).count();
    if headings.len() < FEWEST || shared * 10 < headings.len() * 8 {
        return None;
    }
    let said = headings.iter().zip(&parts).map(|(heading, part)| match part {
        Some((before, inside)) => format!("{} {before}", inside.replace("(s)", "")),
        None => heading.clone(),
    });
    Some(said.collect())
}

/// The longest run of words with which most headings end.
fn tail<'w>(parts: &[Vec<&'w str>]) -> Option<Vec<&'w str>> {
    let ends = |tail: &[&str]| {
        parts.iter().filter(|words| words.len() > tail.len() && words.ends_with(tail)).count()
    };
    let most = |tail: &[&str]| {
        let count = ends(tail);
        count >= FEWEST && count * 10 >= parts.len() * 6
    };
    let candidates = parts.iter().flat_map(|words| (1..words.len()).map(|from| &words[from..]));
    let longest = candidates.filter(|tail| most(tail)).max_by_key(|tail| tail.len())?;
    let meaning = words::meaning(&longest.join(" "));
    (meaning.role.is_none() && meaning.part < 100).then(|| longest.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(headings: &[&str]) -> Vec<String> {
        without(&headings.iter().map(|heading| (*heading).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn words_that_all_share_say_nothing() {
        let all = ["siren", "nomXyzzyAbc", "sigleXyzzyAbc", "sexeXyzzyAbc", "etatXyzzyAbc"];
        let more = ["prenomXyzzyAbc", "dateXyzzyAbc"];
        let said = bare(&[&all[..], &more].concat());
        assert_eq!(said, ["siren", "nom", "sigle", "sexe", "etat", "prenom", "date"]);
        let groups = ["Nom (Propriétaire(s) parcelle)", "Ville (Propriétaire(s) parcelle)"];
        let owned = bare(&[&groups[..], &["A (B)", "C (B)", "D (B)", "E (B)"]].concat());
        assert_eq!(owned[..2], ["Propriétaire parcelle Nom", "Propriétaire parcelle Ville"]);
        assert_eq!(bare(&all), all, "few headings may share words by chance");
        let names =
            ["first name", "last name", "full name", "other name", "old name", "birth name"];
        assert_eq!(bare(&names), names, "a name is a name");
    }
}
