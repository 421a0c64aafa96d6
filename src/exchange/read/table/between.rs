//! What stands alone in a row between the rows of a table: what a program prints on each page, and
//! titles of the rows below.

use super::words;

/// Whether a program printed it, as “Page 2 of 3” and “Generated on 2017-01-01”. `word` is in small
/// letters and without signs behind it, as in all of these.
pub(super) fn is_printed(word: &str) -> bool {
    const PAGES: [&str; 6] = ["page ", "seite ", "página ", "pagina ", "стр. ", "страница "];
    const WHOLE: [&str; 10] = [
        "continued",
        "end of report",
        "end of list",
        "end of file",
        "confidential",
        "fortsetzung",
        "suite",
        "continuación",
        "продолжение",
        "vertraulich",
    ];
    const STARTS: [&str; 7] = [
        "generated on",
        "printed on",
        "created on",
        "report date",
        "erstellt am",
        "exported on",
        "see note",
    ];
    let numbered = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    PAGES.iter().filter_map(|start| word.strip_prefix(start)).any(numbered)
        || WHOLE.contains(&word)
        || STARTS.iter().any(|start| word.starts_with(start))
}

/// Whether it is a title of the rows below, in a table of so many columns: “Shareholders” above a
/// second table, “INDIVIDUALS”, “Members — seen in June” or “Members:” above its rows. `word` is
/// `text` in small letters and without signs behind it.
pub(super) fn is_title((text, word): (&str, &str), first_cell: &str, width: usize) -> bool {
    const GROUPS: [&str; 14] = [
        "individuals",
        "persons",
        "people",
        "entities",
        "companies",
        "organisations",
        "organizations",
        "vessels",
        "ships",
        "aircraft",
        "personen",
        "unternehmen",
        "физические лица",
        "юридические лица",
    ];
    let signed = first_cell.ends_with([':', '：'])
        || first_cell.contains(" — ")
        || first_cell.contains(" – ");
    width > 2 && (signed && width > 3 || GROUPS.contains(&word) || words::meaning(text).part == 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_and_titles_are_told_from_names() {
        for word in ["page 2 of 3", "end of report", "generated on 2017-01-01", "see note 3"] {
            assert!(is_printed(word), "{word}");
        }
        for word in ["page industries ltd", "pageant", "suite trading", "alba norden"] {
            assert!(!is_printed(word), "{word}");
        }
        let is_title = |text: &str, width| is_title((text, &text.to_lowercase()), text, width);
        assert!(is_title("INDIVIDUALS", 3));
        assert!(is_title("Shareholders", 3));
        assert!(is_title("Members — seen in June", 4));
        assert!(!is_title("Members — seen in June", 3));
        assert!(!is_title("Shareholders", 2));
        assert!(!is_title("Alba Norden", 5));
    }
}
