//! Bodies that a column names beside people with offices: a committee with its chair and members.

use super::{
    super::words::{self, Role},
    party::Party,
    profile::Profile,
};

/// Stems of headings of what has a chair and members.
const STEMS: [&str; 22] = [
    "committee",
    "commission",
    "council",
    "board",
    "ausschuss",
    "gremium",
    "kommission",
    "comite",
    "comision",
    "consejo",
    "conseil",
    "comissao",
    "conselho",
    "consiglio",
    "comitato",
    "komisja",
    "комитет",
    "комиссия",
    "комісія",
    "委员会",
    "委員会",
    "komisyon",
];

/// Takes a column for the body in which the people of a list have their offices, where nothing else
/// names one.
pub(super) fn find(profiles: &mut [Profile], parties: &mut Vec<Party>) {
    let [only] = &parties[..] else { return };
    let Some(name) = only.named_in().filter(|_| only.role.is_none() && !only.corporate) else {
        return;
    };
    let people = profiles[name].people >= 0.5 || !only.apart.is_empty();
    let office = |profile: &Profile| {
        matches!(profile.what, Some("role" | "position" | "relation")) && profile.names_relations()
    };
    if !people || !profiles.iter().any(office) {
        return;
    }
    let is_body = |profile: &Profile| {
        matches!(profile.what, None | Some("sector" | "jobtext"))
            && profile.names >= 0.8
            && words::mentions(&profile.heading, &STEMS)
    };
    let Some(at) = profiles.iter().position(is_body) else { return };
    let reason = format!("people have offices in “{}”", profiles[at].heading);
    profiles[at].name_of(Some(Role::Company), 0.85, reason);
    parties.push(Party {
        role: Some(Role::Company),
        name: Some(at),
        corporate: true,
        fixed: Some("Organization"),
        ..Party::default()
    });
}

#[cfg(test)]
mod tests {
    use super::super::{TableKind, tests::guessed};

    #[test]
    fn a_committee_has_its_chair_and_its_members() {
        let (guess, lines) = guessed(
            "c.csv",
            "Name,Committee,Position\nJane Doe,Finance,Chair\nJohn Roe,Finance,Member\nAnn Poe,Budget,Member\nEd Koe,Budget,Chair\n",
        );
        assert_eq!(guess.kind, TableKind::Relationships);
        assert!(lines.iter().any(|line| line.contains("name=Committee")), "{lines:#?}");
        assert!(lines.iter().any(|line| line.starts_with("Directorship")), "{lines:#?}");
        assert!(lines.iter().any(|line| line.starts_with("Membership")), "{lines:#?}");
        let (guess, _) = guessed(
            "t.csv",
            "Name,Board type,City\nJane Doe,Oak,Ulm\nJohn Roe,Ash,Ulm\nAnn Poe,Oak,Bonn\n",
        );
        assert_eq!(guess.kind, TableKind::List, "boards are wood, too");
    }
}
