//! What stands beside a name in its cell: a post before it, and behind it a role in brackets, a
//! share of a company, other spellings, where somebody lives.

use super::content;

/// What may part several names in a cell, the surest first.
const BETWEEN: [&str; 7] = [";", "；", "\n", "|", ", ", "、", "，"];

/// What stands beside names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aside {
    /// `Alba Norden (director)`, `代表取締役 王某`.
    Role,
    /// `Norden Holding Ltd 40 %`.
    Share,
    /// `Воронов Гліб (Voronov Gleb)`.
    Name,
    /// `Norden Fund (NO), Mirage (FR)`.
    Country,
    /// `Alba Norden (Lima)`.
    Note,
    /// `505111667 - Norden Lda`, `Norden Lda (505111667)`.
    Number,
}

/// What the posts that Japanese, Chinese and Korean write before or behind a name have in them.
const POSTS: [&str; 16] = [
    "取締役",
    "社長",
    "会長",
    "理事長",
    "執行役",
    "代表社員",
    "頭取",
    "総裁",
    "董事",
    "监事",
    "監事",
    "总经理",
    "總經理",
    "대표이사",
    "사내이사",
    "대표자",
];

/// Whether a text is a post of those.
pub(super) fn is_post(text: &str) -> bool {
    POSTS.iter().any(|post| text.contains(post))
}

/// Whether most names of people in a column have something in brackets behind them that is neither a
/// role nor another spelling.
pub(super) fn has_notes(cells: &[&str]) -> bool {
    let plain = |name: &str| {
        name.split_whitespace().count() > 1
            && name.chars().all(|c| c.is_alphabetic() || " -'’.,".contains(c))
            && !content::is_organization(name)
    };
    let marked = cells.iter().filter(|cell| cell.ends_with([')', '）']));
    let noted = marked.filter_map(|cell| behind(cell)).filter(|(name, _)| plain(name)).count();
    noted > 1 && noted * 10 >= cells.len() * 8
}

/// Whether all that stands in brackets behind names are posts: `홍하종 (대표이사)`.
pub(super) fn has_posts(cells: &[&str], is_role: impl Fn(&str) -> bool) -> bool {
    let mut inside =
        cells.iter().filter(|cell| cell.ends_with([')', '）'])).filter_map(|cell| behind(cell));
    let all = inside.clone().all(|(_, aside)| is_role(aside));
    all && inside.next().is_some()
}

/// A name without the post before it, and that.
fn before(text: &str) -> Option<(&str, &str)> {
    let (post, name) = text.trim().split_once(char::is_whitespace)?;
    let name = name.trim();
    let is_name = name.chars().any(char::is_alphabetic) && !is_post(name);
    (is_name && is_post(post)).then_some((name, post))
}

/// A name without what stands beside it, and that.
pub(super) fn apart(text: &str) -> Option<(&str, &str)> {
    number_before(text)
        .or_else(|| behind(text))
        .or_else(|| before(text))
        .or_else(|| number_behind(text))
}

/// What may stand between a number and a name, beside blanks.
const JOINTS: [char; 8] = ['-', '–', '—', ':', '|', ',', '/', '.'];
/// The fewest figures of a number that stands beside a name.
const FIGURES: usize = 6;

/// What stands in place of the number of a person that must not be told.
const MASKED: [&str; 3] = ["RGPD", "GDPR", "DSGVO"];

/// The most letters of such a number: `ESX0000001`.
const LETTERS: usize = 3;

/// Whether a text is a number, as of a register or a tax office.
fn is_number(text: &str) -> bool {
    let letters = text.chars().filter(char::is_ascii_uppercase).count();
    text.bytes().filter(u8::is_ascii_digit).count() >= FIGURES
        && letters <= LETTERS
        && text.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || "./-".contains(c))
}

/// A name without the number before it, and that. A blank alone parts none: “10234567 Canada Inc.”
/// is a name.
fn number_before(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let masked = MASKED.into_iter().find(|word| text.starts_with(word));
    // Letters stand before its figures: those behind are of the name.
    let lead = text.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(0);
    let figures = text[lead..].find(|c: char| !c.is_ascii_digit() && !"./-".contains(c));
    let end = masked.map_or_else(|| figures.map(|end| lead + end), |word| Some(word.len()))?;
    let number = text[..end].trim_end_matches(JOINTS);
    let rest = &text[number.len()..];
    let name = rest.trim_start_matches(JOINTS.as_slice()).trim_start();
    let name = name.trim_start_matches(JOINTS).trim_start();
    let joint = &rest[..rest.len() - name.len()];
    let joined = joint.contains(JOINTS);
    (joined && (masked.is_some() || is_number(number)) && name.chars().any(char::is_alphabetic))
        .then_some((name, number))
}

/// A name without the number behind it, and that.
fn number_behind(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let (at, last) =
        text.char_indices().rfind(|(_, c)| !c.is_ascii_digit() && !"./-".contains(*c))?;
    let number = text[at + last.len_utf8()..].trim_start_matches(JOINTS);
    let rest = &text[..text.len() - number.len()];
    let name = rest.trim_end_matches(|c: char| c == ' ' || JOINTS.contains(&c));
    let joined = rest[name.len()..].contains(JOINTS);
    (joined && is_number(number) && name.chars().any(char::is_alphabetic)).then_some((name, number))
}

/// Whether a number stands before or behind a name.
fn is_numbered(text: &str) -> bool {
    let behind = || behind(text).filter(|(_, aside)| is_number(aside));
    number_before(text).or_else(behind).or_else(|| number_behind(text)).is_some()
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
fn behind(text: &str) -> Option<(&str, &str)> {
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

/// What stands beside nearly all names of a column, and what parts several in a cell.
pub(super) fn of(cells: &[&str], is_role: impl Fn(&str) -> bool) -> Option<(Aside, &'static str)> {
    let posts = cells.iter().filter(|cell| before(cell).is_some()).count();
    if posts > 1 && posts * 10 >= cells.len() * 6 {
        return Some((Aside::Role, ";"));
    }
    let numbered = cells.iter().filter(|cell| is_numbered(cell)).count();
    if numbered > 1 && numbered * 10 >= cells.len() * 7 {
        let lists = |split: &&&str| {
            let several = cells.iter().filter(|cell| cell.contains(**split));
            several.clone().count() > 0
                && several.clone().all(|cell| cell.split(**split).all(is_numbered))
        };
        let split = [" | ", "|", ";", "\n"].iter().find(lists).copied().unwrap_or("\n");
        return Some((Aside::Number, split));
    }
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
    fn what_else_stands_in_brackets_is_a_note_on_people() {
        assert!(has_notes(&["Norden Alba (Lima, Peru)", "Roe Jo (Oslo)"]));
        assert!(!has_notes(&["A Trading Ltd (Hong Kong)", "B Ltd (Oslo)"]));
        assert!(!has_notes(&["Norden (Lima)", "Roe (Oslo)"]));
        let role = |text: &str| text == "director";
        assert!(has_posts(&["Jo Roe, Al Moe (director)", "Su Poe"], role));
        assert!(!has_posts(&["Jo Roe (Oslo)", "Su Poe (director)"], role));
        assert!(!has_posts(&["Su Poe"], role));
    }

    #[test]
    fn numbers_stand_before_and_behind_names() {
        for (text, told) in [
            ("505111667 - Norden Lda", Some(("Norden Lda", "505111667"))),
            ("505111667-Norden, Lda", Some(("Norden, Lda", "505111667"))),
            ("12.345.678/0001-90 – Norden SA", Some(("Norden SA", "12.345.678/0001-90"))),
            ("Norden Lda (505111667)", Some(("Norden Lda", "505111667"))),
            ("Norden Lda - 505111667", Some(("Norden Lda", "505111667"))),
            ("10234567 Canada Inc.", None),
            ("9876-5432 Québec inc.", None),
            ("ESX0000001 - Mirage SL", Some(("Mirage SL", "ESX0000001"))),
            ("RGPD - Alba Norden", Some(("Alba Norden", "RGPD"))),
            ("Norden 2015", None),
        ] {
            assert_eq!(apart(text), told, "{text}");
        }
        let cells = ["505111667 - Norden Lda", "506093190 - Vance, Lda", "RGPD - Alba Norden"];
        assert_eq!(of(&cells, |_| false), Some((Aside::Number, "\n")));
        let lists = ["505111667 - Norden Lda | 506093190 - Vance, Lda", "507105141 - Moe SA"];
        assert_eq!(of(&lists, |_| false), Some((Aside::Number, " | ")));
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
        assert_eq!(apart("代表取締役社長　王 某"), Some(("王 某", "代表取締役社長")));
        assert_eq!(apart("王 某"), None);
        assert_eq!(
            of(&["代表取締役 王某", "社長 李某", "張某"], |_| false),
            Some((Aside::Role, ";"))
        );
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
