//! Payments and consignments whose headings name one side only: a donor and a committee, an office
//! and a beneficiary, a supplier and a company beside the goods.

use super::{
    super::words::{self, Role},
    party::Party,
    profile::{Profile, has},
};

/// What is said of shares and offices, and never of a payment.
const OF_RELATIONS: [&str; 6] =
    ["percentage", "sharesCount", "sharesValue", "sharesType", "role", "relation"];
/// What only goods on their way have.
const OF_GOODS: [&str; 8] = [
    "goodsDescription",
    "vedCode",
    "blNumber",
    "portOfLoading",
    "portOfDischarge",
    "weight",
    "quantity",
    "ccdNumber",
];

/// Words of headings of offices that buy.
const BUYERS: [&str; 22] = [
    "agency",
    "department",
    "ministry",
    "office",
    "bureau",
    "council",
    "buyer",
    "entity",
    "institution",
    "organisation",
    "organization",
    "entidad",
    "dependencia",
    "institucion",
    "orgao",
    "unidade",
    "contratante",
    "ministerio",
    "behorde",
    "organisme",
    "ведомство",
    "заказчик",
];

/// Takes the office beside the only supplier or payee of a sum for who buys: “agency” beside
/// “vendor” and “value”.
pub(super) fn name_buyer(profiles: &mut [Profile]) {
    let named = |profile: &Profile| {
        profile.headed && matches!(profile.what, Some("name" | "firstName" | "lastName"))
    };
    let mut names = profiles.iter().filter(|profile| named(profile));
    let (Some(only), None) = (names.next(), names.next()) else { return };
    if !matches!(only.role, Some(Role::Supplier | Role::Beneficiary))
        || !has(profiles, &["amount", "amountUsd", "amountEur"])
    {
        return;
    }
    let buys = |profile: &Profile| {
        let heading = words::normal(&profile.heading);
        matches!(profile.what, None | Some("jobtext" | "sort" | "department"))
            && heading.split(' ').all(|word| BUYERS.contains(&word) || word == "name")
            && profile.names >= 0.8
            && !profile.coded
            && profile.different < profile.filled
            && profile.companies + profile.people >= 0.3
    };
    let mut buyers = (0..profiles.len()).filter(|at| buys(&profiles[*at]));
    let (Some(buyer), None) = (buyers.next(), buyers.next()) else { return };
    let profile = &mut profiles[buyer];
    let reason = format!("“{}” stands beside who is paid, and how much", profile.heading);
    profile.name_of(Some(Role::Authority), 0.8, reason);
}

/// Names the other side of payments and consignments of which the headings name one.
pub(super) fn name_other_side(profiles: &mut [Profile], parties: &mut [Party]) {
    if let Some((at, role)) = trader(profiles, parties).or_else(|| payer(profiles, parties)) {
        take(profiles, &mut parties[at], role);
        if role == Role::Consignee {
            let supplier = parties.iter_mut().find(|party| party.role == Some(Role::Supplier));
            if let Some(supplier) = supplier {
                take(profiles, supplier, Role::Shipper);
            }
        }
    }
}

/// Lets a party and the columns of its old role have another.
fn take(profiles: &mut [Profile], party: &mut Party, role: Role) {
    let old = party.role;
    party.personal |= old == Some(Role::Person);
    party.role = Some(role);
    if let Some(name) = party.named_in() {
        profiles[name].role = Some(role);
    }
    for profile in profiles.iter_mut().filter(|profile| old.is_some() && profile.role == old) {
        profile.role = Some(role);
    }
}

/// The only party that may be the other side.
fn other(parties: &[Party], side: Role, open: &[Option<Role>]) -> Option<usize> {
    let aside = [Role::Employer, Role::Bank, Role::Carrier, Role::Vessel, Role::Notify];
    let is_other = |party: &Party| {
        party.role != Some(side) && !party.role.is_some_and(|role| aside.contains(&role))
    };
    let mut others = (0..parties.len()).filter(|at| is_other(&parties[*at]));
    let only = others.next().filter(|_| others.next().is_none())?;
    (open.contains(&parties[only].role) && parties[only].fixed.is_none()).then_some(only)
}

/// The other side of a payment, beside a payer or a payee and an amount.
fn payer(profiles: &[Profile], parties: &[Party]) -> Option<(usize, Role)> {
    let named = |role: Role| parties.iter().any(|party| party.role == Some(role));
    let (side, role) = match (named(Role::Payer), named(Role::Beneficiary)) {
        (true, false) => (Role::Payer, Role::Beneficiary),
        (false, true) => (Role::Beneficiary, Role::Payer),
        _ => return None,
    };
    if !has(profiles, &["amount", "amountUsd", "amountEur"])
        || has(profiles, &OF_RELATIONS)
        || has(profiles, &["goodsDescription", "vedCode"])
    {
        return None;
    }
    let open = [
        None,
        Some(Role::Company),
        Some(Role::Person),
        Some(Role::Authority),
        Some(Role::Supplier),
    ];
    Some((other(parties, side, &open)?, role))
}

/// The consignee beside a supplier of goods whose bill, port or weight the row tells.
fn trader(profiles: &[Profile], parties: &[Party]) -> Option<(usize, Role)> {
    let supplied = parties.iter().filter(|party| party.role == Some(Role::Supplier)).count() == 1;
    let told = OF_GOODS.iter().filter(|what| has(profiles, &[what])).count();
    let shipped = has(profiles, &["blNumber", "portOfLoading", "portOfDischarge", "vedCode"]);
    if !supplied || told < 3 || !shipped {
        return None;
    }
    let open = [None, Some(Role::Company), Some(Role::Customer), Some(Role::Authority)];
    Some((other(parties, Role::Supplier, &open)?, Role::Consignee))
}

#[cfg(test)]
mod tests {
    use super::super::{TableKind, tests::guessed};

    #[test]
    fn who_stands_beside_a_payee_and_an_amount_pays() {
        let (guess, lines) = guessed(
            "p.csv",
            "OrganisationLabel,BeneficiaryName,PaymentDate,Amount\nNorden Council,Vance Ltd,2021-03-01,50\n\
             Norden Council,Mirage SA,2021-03-02,70\n",
        );
        assert_eq!(guess.kind, TableKind::Payments);
        assert!(lines[2].contains("payer=<payer>, beneficiary=<beneficiary>"), "{lines:#?}");
        let (guess, lines) = guessed(
            "d.csv",
            "party_name,donor_name,total_donation\nRed Union,Vance Ltd,50\nRed Union,Mirage SA,70\n",
        );
        assert_eq!(guess.kind, TableKind::Payments);
        assert!(lines[0].contains("name=party_name") && lines[0].contains("beneficiary"));
    }

    #[test]
    fn an_office_beside_the_only_supplier_of_a_sum_buys() {
        let (_, lines) = guessed(
            "c.csv",
            "piid,agency,vendor,value\nF1,Department of Bridges,Norden Ltd,100\nF2,Department of Bridges,Vance Ltd,200\n\
             F3,Ministry of Wells,Mirage SA,300\n",
        );
        assert!(lines[0].starts_with("LegalEntity authority: name=agency"), "{lines:#?}");
        assert!(lines.iter().any(|line| line.starts_with("UnknownLink")), "{lines:#?}");
    }

    #[test]
    fn shares_beside_a_beneficiary_are_no_payments() {
        let (guess, _) = guessed(
            "o.csv",
            "Company,Beneficiary,Share %,Amount\nNorden Ltd,Jo Roe,50,100\nVance Ltd,Al Moe,70,200\n",
        );
        assert_ne!(guess.kind, TableKind::Payments);
    }

    #[test]
    fn a_supplier_and_a_company_beside_a_bill_of_lading_ship_goods() {
        let (guess, lines) = guessed(
            "b.csv",
            "arrival_date,company,supplier,quantity,weight_kg,goods_shipped,bol\n\
             2021-03-01,Norden Ltd,Vance Ltd,42 CTN,724,PAPER,FICT1\n2021-03-02,Norden Ltd,Mirage SA,2 CTN,7,BOOKS,FICT2\n",
        );
        assert_eq!(guess.kind, TableKind::Trade);
        let act = lines.iter().find(|line| line.starts_with("EconomicActivity"));
        assert!(act.is_some_and(|act| act.contains("sender=<shipper>, receiver=<consignee>")));
    }
}
