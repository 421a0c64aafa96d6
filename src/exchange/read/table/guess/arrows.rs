//! A column of arrows that says which way the relationship of a row goes.

use super::{plan::Link, profile::Profile};

/// The column of arrows and the cells that turn a relationship round, where there is one: all its
/// cells are arrows or lines.
pub(super) fn turning(profiles: &[Profile]) -> Option<(usize, Vec<String>)> {
    let is = |list: &[&str], value: &String| list.contains(&value.trim());
    profiles.iter().enumerate().find_map(|(at, profile)| {
        let back: Vec<String> =
            profile.values.iter().filter(|value| is(&BACK, value)).cloned().collect();
        let all = profile.values.iter().all(|value| is(&BACK, value) || is(&ON, value));
        (!back.is_empty() && all).then_some((at, back))
    })
}

/// Arrows to the left.
const BACK: [&str; 6] = ["<-", "<--", "<=", "←", "⟵", "⇐"];
/// Arrows to the right, to both sides and to none.
const ON: [&str; 14] =
    ["->", "-->", "=>", "→", "⟶", "⇒", "-", "--", "<->", "↔", "<>", "–", "—", "="];

/// Lets arrows turn the relationships whose kind a column says; whether they do.
pub(super) fn turn(profiles: &[Profile], links: &mut [Link]) -> bool {
    let Some(turned) = turning(profiles) else { return false };
    let [link] = links else { return false };
    link.turned = link.relation.map(|_| turned);
    link.turned.is_some()
}

impl Link {
    /// The ways in which it goes: as it stands, and the other way round.
    pub fn turns(&self) -> impl Iterator<Item = bool> + use<> {
        std::iter::once(false).chain(self.turned.is_some().then_some(true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_are_no_minus_signs() {
        let column = |values: &[&str]| Profile {
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            ..Profile::default()
        };
        let profiles = [column(&["a"]), column(&["->", "<-", "-"])];
        assert_eq!(turning(&profiles), Some((1, vec!["<-".to_owned()])));
        assert_eq!(turning(&[column(&["->", "-"]), column(&["<-", "a"])]), None);
    }
}
