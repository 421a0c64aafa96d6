//! The words that one that was typed may be meant for, as they are spelled or sound nearly so.

use super::{
    super::{Result, index::NAME},
    explain::Similar,
    query::Word,
    vocabulary::Vocabulary,
};
use crate::model::fold;

/// A word that so many entities have is not misspelled.
const COMMON: u32 = 1_000;
/// Words that may stand for a misspelled one.
const NEAR: usize = 16;
/// How many are looked at where some may be gone.
const NEAR_OF_OLD: usize = 8 * NEAR;

/// Where words that are spelled alike are looked for.
pub(super) struct Alike<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    /// Whether anything still has a term. Asked only where the vocabulary may have words that are gone.
    pub(super) is_said: &'a dyn Fn(&str) -> Result<bool>,
}

impl Alike<'_> {
    /// Adds what a word may be meant for: its own spelling, its reading in Latin letters, and each of the
    /// syllables or words of that together. `terms` are for the index, `similar` for what explains a hit.
    pub(super) fn add(
        &self,
        word: &Word,
        terms: &mut Vec<String>,
        similar: &mut Similar,
    ) -> Result<()> {
        let own = fold::squeezed(&word.folded);
        let Vocabulary { names, texts, .. } = self.vocabulary;
        if names.docs(&own).max(texts.docs(&own)) < COMMON {
            self.near(&own, terms, similar)?;
        }
        let Some(latin) = &word.latin else { return Ok(()) };
        self.near(&fold::squeezed(latin), terms, similar)?;
        let mut units = Vec::new();
        fold::wanted(latin, |unit| units.push(unit.to_owned()));
        let mut all = Vec::new();
        for unit in units {
            let mut any = Vec::new();
            self.near(&unit, &mut any, similar)?;
            any.push(format!("\"{NAME}{unit}\""));
            all.push(format!("({})", any.join(" OR ")));
            similar.push((unit, 0));
        }
        if all.len() > 1 {
            terms.push(format!("({})", all.join(" AND ")));
        }
        Ok(())
    }

    fn near(&self, word: &str, terms: &mut Vec<String>, similar: &mut Similar) -> Result<()> {
        let is_old = self.vocabulary.is_old();
        let most = if is_old { NEAR_OF_OLD } else { NEAR };
        for (words, mark) in [(&self.vocabulary.names, "@"), (&self.vocabulary.texts, "")] {
            let mut count = 0;
            for near in words.near(word, most) {
                let term = format!("\"{mark}{}\"", near.word);
                if count == NEAR {
                    break;
                }
                if is_old && !(self.is_said)(&term)? {
                    continue;
                }
                count += 1;
                terms.push(term);
                similar.push((near.word, near.distance));
            }
        }
        Ok(())
    }
}
