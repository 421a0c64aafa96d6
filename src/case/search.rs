//! Finding entities by any part of any of their names, in any script.

use super::{Case, Result};
use crate::model::Id;

impl Case {
    /// Entities with a name or identifier that contains `text`, the shortest captions first; at
    /// most `limit`. Upper and lower case do not matter.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<Id>> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Vec::new());
        }
        // The index holds groups of three characters; two Han characters are a common family
        // name, so shorter texts are looked for one by one.
        let (sql, wanted) = if text.chars().count() >= 3 {
            let phrase = format!("\"{}\"", text.replace('"', "\"\""));
            ("n.entity IN (SELECT rowid FROM search WHERE search MATCH ?1)", phrase)
        } else {
            ("n.names LIKE '%' || ?1 || '%' ESCAPE '\\'", escape_like(text))
        };
        let mut query = self.db.prepare_cached(&format!(
            "SELECT e.id FROM node n JOIN entity e ON e.key = n.entity WHERE {sql}
             ORDER BY length(n.caption), n.caption, e.id LIMIT ?2"
        ))?;
        let rows = query.query_map((wanted, limit as i64), |row| row.get::<_, String>(0))?;
        Ok(rows.map(|id| id.map(Id::from)).collect::<rusqlite::Result<_>>()?)
    }
}

fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Action, NewValue, Op};

    fn case_with(names: &[&str]) -> Case {
        let mut case = Case::in_memory().expect("memory suffices");
        let ops = names
            .iter()
            .map(|name| Op::Add {
                entity: Id::from(*name),
                schema: "Company".into(),
                values: vec![NewValue::new("name", *name)],
            })
            .collect();
        case.commit(Action::new("Add", ops)).expect("valid");
        case
    }

    fn found(case: &Case, text: &str) -> Vec<String> {
        case.search(text, 10).expect("a search").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn finds_parts_of_names_in_every_script() {
        let case =
            case_with(&["Dandong Hongxiang", "丹东鸿祥实业", "조선광선은행", "Рассвет Трейд"]);
        assert_eq!(found(&case, "HONGX"), ["Dandong Hongxiang"]);
        assert_eq!(found(&case, "鸿祥"), ["丹东鸿祥实业"]);
        assert_eq!(found(&case, "丹东鸿"), ["丹东鸿祥实业"]);
        assert_eq!(found(&case, "광선은행"), ["조선광선은행"]);
        assert_eq!(found(&case, "рассвет"), ["Рассвет Трейд"]);
        assert!(found(&case, "nobody").is_empty());
    }

    #[test]
    fn what_is_typed_is_never_a_query_language() {
        let case = case_with(&["100% \"Clean\" OR NOT*", "Other"]);
        assert_eq!(found(&case, "\"Clean\" OR"), ["100% \"Clean\" OR NOT*"]);
        assert_eq!(found(&case, "%"), ["100% \"Clean\" OR NOT*"]);
        assert!(found(&case, "_").is_empty());
        assert!(found(&case, "'; DROP TABLE node; --").is_empty());
    }

    #[test]
    fn withdrawn_names_are_not_found() {
        let mut case = case_with(&["Hongxiang"]);
        case.commit(Action::new("Withdraw", vec![Op::WithdrawEntity("Hongxiang".into())]))
            .expect("valid");
        assert!(found(&case, "Hongxiang").is_empty());
        case.undo().expect("undo");
        assert_eq!(found(&case, "Hongxiang"), ["Hongxiang"]);
    }
}
