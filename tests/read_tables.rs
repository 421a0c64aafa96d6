//! How the tables of `tests/data/tables` are read by the program itself, without a mapping: what
//! was reached is not lost again.

use crate::answers::script;

/// The least score, in thousandths of the cells.
const SCORE: u32 = 990;
/// The least number of tables that are read without asking.
const READ: u32 = 200;
/// The same for the tables of `further.txt`, which the rules were not made with.
const FURTHER: (u32, u32) = (930, 100);

/// The number that follows a phrase.
fn after(told: &str, phrase: &str) -> u32 {
    let rest = told.split_once(phrase).unwrap_or_else(|| panic!("no “{phrase}” in {told}")).1;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().expect("a number")
}

/// The last line of the score of some of the tables, and all of it.
fn measured(of: &str) -> Option<(String, String)> {
    let told = script("score.py", &["--program", env!("CARGO_BIN_EXE_redthread"), of])?;
    Some((told.lines().last().unwrap_or_default().to_owned(), told))
}

#[test]
fn tables_are_read_as_well_as_before() {
    let Some((sum, told)) = measured("--first") else { return };
    assert!(after(&sum, "score 0.") >= SCORE, "{told}");
    assert_eq!(after(&sum, "invented entities "), 0, "{told}");
    assert_eq!(after(&sum, "invented relationships "), 0, "{told}");
    assert_eq!(after(&sum, "false merges "), 0, "{told}");
    assert!(after(&sum, "tables, ") >= READ, "{told}");
}

#[test]
fn further_tables_are_read_as_well_as_before_and_nothing_is_invented() {
    let Some((sum, told)) = measured("--further") else { return };
    assert!(after(&sum, "score 0.") >= FURTHER.0, "{told}");
    assert_eq!(after(&sum, "invented entities "), 0, "{told}");
    assert_eq!(after(&sum, "invented relationships "), 0, "{told}");
    assert_eq!(after(&sum, "false merges "), 0, "{told}");
    assert!(after(&sum, "tables, ") >= FURTHER.1, "{told}");
}
