//! Which icon stands for which schema.

#[allow(dead_code, reason = "made by a script: every icon that the bundled font has")]
pub mod ui;

use crate::model::schema;

/// The icons of schemata: the first that fits counts, so what is special comes before what it
/// inherits from.
const ICONS: [(&str, char); 35] = [
    ("Person", ui::PERSON),
    ("Family", ui::FAMILY_RESTROOM),
    ("PublicBody", ui::ACCOUNT_BALANCE),
    ("Company", ui::DOMAIN),
    ("Organization", ui::CORPORATE_FARE),
    ("Vessel", ui::DIRECTIONS_BOAT),
    ("Airplane", ui::FLIGHT),
    ("Vehicle", ui::DIRECTIONS_CAR),
    ("BankAccount", ui::CREDIT_CARD),
    ("CryptoWallet", ui::CURRENCY_BITCOIN),
    ("Security", ui::MONITORING),
    ("RealEstate", ui::HOME_WORK),
    ("Contract", ui::HANDSHAKE),
    ("License", ui::LICENSE),
    ("Address", ui::PLACE),
    ("Passport", ui::BADGE),
    ("Identification", ui::BADGE),
    ("Sanction", ui::GAVEL),
    ("CourtCase", ui::GAVEL),
    ("Trip", ui::ANCHOR),
    ("Event", ui::EVENT),
    ("Position", ui::WORK),
    ("Project", ui::ASSIGNMENT),
    ("Image", ui::IMAGE),
    ("Video", ui::MOVIE),
    ("Audio", ui::MUSIC_NOTE),
    ("Pages", ui::PICTURE_AS_PDF),
    ("HyperText", ui::LANGUAGE),
    ("Email", ui::MAIL),
    ("Message", ui::COMMENT),
    ("Document", ui::DESCRIPTION),
    ("Payment", ui::PAYMENTS),
    ("LegalEntity", ui::GROUPS),
    ("Asset", ui::INVENTORY_2),
    ("Interval", ui::LINK),
];

/// The icon of a schema: its own, or that of what it inherits from.
pub fn for_schema(name: &str) -> char {
    schema::schema(name)
        .and_then(|s| ICONS.iter().find(|(ancestor, _)| s.is_a(ancestor)))
        .map_or(ui::CATEGORY, |(_, icon)| *icon)
}

/// The schemata that have an icon of their own, each with it.
pub fn of_schemata() -> impl Iterator<Item = (&'static str, char)> {
    ICONS.into_iter()
}

/// Every icon that a schema can have, each once; at most 64.
pub fn all() -> Vec<char> {
    let mut all = vec![ui::CATEGORY];
    for (_, icon) in ICONS {
        if !all.contains(&icon) {
            all.push(icon);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_most_has_an_icon_of_its_own() {
        let names = [
            "Person",
            "Company",
            "PublicBody",
            "Vessel",
            "BankAccount",
            "Address",
            "Event",
            "Document",
        ];
        let icons: std::collections::BTreeSet<char> = names.iter().map(|n| for_schema(n)).collect();
        assert_eq!(icons.len(), names.len());
        assert_eq!(for_schema("NoSuchSchema"), ui::CATEGORY);
    }
}
