//! What stands behind a name in its cell: a role in brackets, a share of a company, other
//! spellings.

use super::content;

/// What may part several names in a cell, the surest first.
const BETWEEN: [&str; 7] = [";", "；", "\n", "|", ", ", "、", "，"];

/// What stands behind names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aside {
    /// `Alba Norden (director)`.
    Role,
    /// `Norden Holding Ltd 40 %`.
    Share,
    /// `Воронов Гліб (Voronov Gleb)`.
    Name,
    /// `Norden Fund (NO), Mirage (FR)`.
    Country,
}

/// Whether half of the names of people in a column, or more, have other spellings of them in
/// brackets behind them.
pub(super) fn has_names(cells: &[&str]) -> bool {
    let is_name = |part: &str| {
        let mut words = part.split_whitespace();
        let capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
        let plain = part.chars().all(|c| c.is_alphabetic() || " -'’.".contains(c));
        part.split_whitespace().count() > 1 && plain && words.all(capital)
    };
    let marked = cells.iter().filter(|cell| cell.ends_with(')'));
    let asides: Vec<(&str, &str)> = marked.filter_map(|cell| behind(cell)).collect();
    asides.len() > 1
        && asides.len() * 2 >= cells.len()
        && asides.iter().all(|(name, inside)| {
            let person = name.contains(' ') && !content::is_organization(name);
            person && inside.split(',').all(|part| is_name(part.trim()))
        })
}

/// A name without what stands behind it, and that.
pub(super) fn behind(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let (name, aside) = if let Some(inner) = text.strip_suffix([')', '）']) {
        let at = inner.rfind(['(', '（'])?;
        (&text[..at], inner[at..].trim_start_matches(['(', '（']))
    } else {
        let rest = text.strip_suffix(['%', '％'])?;
        let rest = rest.trim_end();
        let number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '<' | '>');
        let name = rest.trim_end_matches(number);
        (name.len() < rest.len()).then_some(())?;
        (name, &text[name.len()..])
    };
    let name = name.trim_end_matches([' ', '-', '–', '—', ':', ',', '=']).trim();
    let is_name = name.chars().any(char::is_alphabetic) && !aside.trim().is_empty();
    is_name.then(|| (name, aside.trim()))
}

/// What stands behind nearly all names of a column, and what parts several in a cell.
pub(super) fn of(cells: &[&str], is_role: impl Fn(&str) -> bool) -> Option<(Aside, &'static str)> {
    let marked = |cell: &&&str| cell.ends_with([')', '）', '%', '％']);
    if cells.is_empty() || cells.iter().filter(marked).count() * 10 < cells.len() * 8 {
        return None;
    }
    let fits = |split: &str| {
        let parts = cells.iter().flat_map(|cell| cell.split(split));
        let parts: Vec<&str> = parts.map(str::trim).filter(|part| !part.is_empty()).collect();
        let asides: Vec<&str> =
            parts.iter().filter_map(|part| behind(part)).map(|(_, aside)| aside).collect();
        if asides.len() < 2 || asides.len() * 10 < parts.len() * 9 {
            return None;
        }
        let share = |aside: &&&str| aside.ends_with(['%', '％']);
        if asides.iter().filter(share).count() == asides.len() {
            return Some(Aside::Share);
        }
        let roles = asides.iter().filter(|aside| is_role(aside)).count();
        (roles * 10 >= asides.len() * 7).then_some(Aside::Role)
    };
    let several = |split: &&&str| cells.iter().any(|cell| cell.contains(**split));
    let parted = BETWEEN.iter().filter(several).find_map(|split| Some((fits(split)?, *split)));
    parted
        .or_else(|| Some((Aside::Country, with_countries(cells)?)))
        .or_else(|| Some((fits(";")?, ";")))
}

/// What parts the names of several cells, where the code of a country is behind each.
fn with_countries(cells: &[&str]) -> Option<&'static str> {
    let coded = |part: &&str| {
        behind(part).is_some_and(|(_, aside)| {
            aside.len() == 2 && aside.bytes().all(|byte| byte.is_ascii_uppercase())
        })
    };
    [";", ","].into_iter().find(|split| {
        let several: Vec<&&str> = cells.iter().filter(|cell| cell.contains(split)).collect();
        let parts = cells.iter().flat_map(|cell| cell.split(split));
        let (all, marked) = (parts.clone().count(), parts.filter(coded).count());
        several.len() > 1
            && several.iter().all(|cell| cell.split(split).all(|part| coded(&part)))
            && marked * 10 >= all * 8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_spellings_stand_in_brackets() {
        assert!(has_names(&[
            "Воронов Гліб (Voronov Gleb, Воронов Глеб)",
            "Міраж Іван (Mirazh Ivan)"
        ]));
        assert!(!has_names(&["Jo Roe (director)", "Al Roe (chairman)"]));
        assert!(!has_names(&["A Trading (Hong Kong)", "B Ltd", "C Ltd"]));
    }

    #[test]
    fn names_are_told_from_what_stands_behind_them() {
        for (text, told) in [
            ("Alba Norden (director)", Some(("Alba Norden", "director"))),
            ("王某（董事）", Some(("王某", "董事"))),
            ("Norden Holding Ltd 40 %", Some(("Norden Holding Ltd", "40 %"))),
            ("Jo Roe: 33.3%", Some(("Jo Roe", "33.3%"))),
            ("A (UK) Ltd (60%)", Some(("A (UK) Ltd", "60%"))),
            ("Alba Norden", None),
            ("(director)", None),
            ("60 %", None),
        ] {
            assert_eq!(behind(text), told, "{text}");
        }
        let role = |text: &str| text == "director" || text == "secretary";
        let cells = ["Jo Roe (director); Al Roe (secretary)", "Su Roe (director)"];
        assert_eq!(of(&cells, role), Some((Aside::Role, ";")));
        assert_eq!(of(&["A Ltd 60%, B Ltd 40%", "C Ltd 100%"], role), Some((Aside::Share, ", ")));
        assert_eq!(of(&["A (UK)", "B (UK)", "C Ltd"], role), None);
        assert_eq!(of(&["A (UK)", "B (UK)"], role), None);
        let funds = ["A Fund (NO), B (FR)", "C (US),B (FR)", "D (DK)"];
        assert_eq!(of(&funds, role), Some((Aside::Country, ",")));
        assert_eq!(of(&["A (UK), Ltd", "B (UK), Ltd"], role), None);
    }
}
