//! Statements of an account: which amounts go out and which come in.

use super::{
    super::words::{self, Role},
    plan::{Plan, TableKind},
    profile::Profile,
};

/// The words of a column that says which way each amount goes.
const OUT: [&str; 34] = [
    "af",
    "uit",
    "obciazenie",
    "vydaj",
    "d",
    "dr",
    "db",
    "dbit",
    "debit",
    "debits",
    "out",
    "outgoing",
    "sent",
    "withdrawal",
    "payment",
    "s",
    "soll",
    "lastschrift",
    "belastung",
    "debe",
    "cargo",
    "salida",
    "debito",
    "расход",
    "дебет",
    "списание",
    "исходящий",
    "借",
    "借方",
    "支出",
    "转出",
    "출금",
    "borc",
    "مدین",
];
const IN: [&str; 33] = [
    "bij",
    "uznanie",
    "prijem",
    "c",
    "cr",
    "crdt",
    "cred",
    "credit",
    "credits",
    "in",
    "incoming",
    "received",
    "deposit",
    "receipt",
    "h",
    "haben",
    "gutschrift",
    "haber",
    "abono",
    "entrada",
    "credito",
    "приход",
    "кредит",
    "зачисление",
    "входящий",
    "поступление",
    "贷",
    "贷方",
    "收入",
    "转入",
    "입금",
    "alacak",
    "دائن",
];

/// The column that says row by row which way an amount goes, with its values for what goes out and
/// for what comes in.
pub(super) fn direction(profiles: &[Profile]) -> Option<(usize, Vec<String>, Vec<String>)> {
    let is = |words: &[&str], value: &String| words.contains(&&*words::normal(value));
    profiles.iter().enumerate().find_map(|(at, profile)| {
        let both = profile.values.iter().all(|value| is(&OUT, value) || is(&IN, value));
        let (out, into): (Vec<String>, Vec<String>) =
            profile.values.iter().cloned().partition(|value| is(&OUT, value));
        let told = both && !out.is_empty() && !into.is_empty() && profile.filled > 1;
        told.then_some((at, out, into))
    })
}

/// Whether one column of amounts says by its signs, or another by its words, which way each goes.
pub(super) fn goes_both_ways(profiles: &[Profile]) -> bool {
    let mut amounts = profiles.iter().filter(|profile| profile.what == Some("amount"));
    let signed = amounts.clone().any(|profile| profile.negative > 0.0);
    amounts.next().is_some() && (signed || direction(profiles).is_some())
}

/// Makes the one side that a table names the other party of an account where half of its amounts
/// or more are below zero: the payee of a list of turnover is whoever paid, too.
pub(super) fn sides(profiles: &mut [Profile]) {
    references(profiles);
    let named = |profiles: &[Profile], role: Role| {
        profiles.iter().position(|p| p.role == Some(role) && p.what == Some("name"))
    };
    let sides = [Role::Payer, Role::Beneficiary].map(|role| named(profiles, role));
    if sides == [None, None] && named(profiles, Role::Counterparty).is_none() {
        only_name(profiles);
    }
    let ([Some(one), None] | [None, Some(one)]) = sides else { return };
    let amounts = profiles.iter().filter(|profile| profile.what == Some("amount"));
    let below = amounts.map(|profile| profile.negative).fold(0.0, f32::max);
    let other = |profile: &Profile| {
        matches!(profile.role, Some(Role::Payer | Role::Beneficiary))
            && profile.role != profiles[one].role
    };
    if (below >= 0.5 || direction(profiles).is_some()) && !profiles.iter().any(other) {
        let side = profiles[one].role;
        for profile in profiles.iter_mut().filter(|profile| profile.role == side) {
            profile.role = Some(Role::Counterparty);
        }
    }
}

/// Makes the one name of a row the other party, where a column says which way the amounts of dated
/// rows go.
fn only_name(profiles: &mut [Profile]) {
    let dated = profiles.iter().any(|profile| profile.what == Some("date"));
    let mut names = (0..profiles.len())
        .filter(|at| matches!(profiles[*at].what, Some("name" | "firstName" | "lastName")));
    let (Some(name), None) = (names.next(), names.next()) else { return };
    let open = profiles[name].role.is_none() && profiles[name].headed;
    if dated && open && direction(profiles).is_some() && goes_both_ways(profiles) {
        profiles[name].role = Some(Role::Counterparty);
    }
}

/// Tells the numbers of payments from what they are for, where one column has codes and another
/// has words: “Reference” beside “Narration”.
fn references(profiles: &mut [Profile]) {
    let purpose = |profile: &Profile| profile.what == Some("purpose");
    let worded = profiles.iter().any(|profile| purpose(profile) && !profile.coded);
    let numbered = profiles.iter().any(|profile| profile.what == Some("transactionNumber"));
    if !worded || numbered {
        return;
    }
    if let Some(code) =
        profiles.iter_mut().find(|p| purpose(p) && p.coded && p.different == p.filled)
    {
        code.what = Some("transactionNumber");
    }
}

/// Keeps the column that says which way amounts go in a note on the payment, which goes that way.
pub(super) fn settle(profiles: &[Profile], plan: &mut Plan) {
    let statement = plan.kind == TableKind::Payments && plan.role(Role::Counterparty).is_some();
    let debits = plan.activity.iter().any(|(_, what)| *what == "debit");
    let Some((at, ..)) = direction(profiles).filter(|_| statement && !debits) else { return };
    for party in &mut plan.parties {
        party.said.retain(|(other, _)| *other != at);
        party.notes.retain(|other| *other != at);
    }
    plan.activity.retain(|(other, _)| *other != at);
    plan.rest.retain(|other| *other != at);
    plan.rest.push(at);
}

#[cfg(test)]
mod tests {
    use super::super::{TableKind, tests::guessed};

    const OUT: &str = "Payment payment: beneficiary=<counterparty>, amount=Amount, date=Date";
    const IN: &str = "Payment payment 2: payer=<counterparty>, amount=Amount, date=Date";

    #[test]
    fn the_sign_of_an_amount_says_which_way_it_goes() {
        let (guess, lines) = guessed(
            "s.csv",
            "Date,Payer/Payee,Amount\n2021-03-01,Jo Roe,-1.50\n2021-03-02,A Ltd,20.00\n",
        );
        assert_eq!((guess.kind, &lines[1..]), (TableKind::Payments, &[OUT.into(), IN.into()][..]));
        let negative = guess.mapping.entities.iter().filter_map(|made| made.sign.as_ref());
        assert_eq!(negative.map(|sign| sign.negative).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn a_column_says_which_way_an_amount_goes() {
        let (guess, lines) = guessed(
            "s.csv",
            "Date,Counterparty,Amount,DR/CR\n2021-03-01,Jo Roe,1.50,DR\n2021-03-02,A Ltd,20.00,CR\n",
        );
        assert!(lines[1].starts_with(OUT) && lines[2].starts_with(IN), "{lines:#?}");
        assert_eq!(guess.mapping.entities[2].filters["DR/CR"], ["CR"]);
    }

    #[test]
    fn a_payee_of_plain_payments_stays_a_payee() {
        let (_, lines) = guessed(
            "s.csv",
            "Date,Payer,Payee,Amount\n2021-03-01,Jo Roe,A Ltd,1.50\n2021-03-02,Jo Roe,B Ltd,-20.00\n",
        );
        assert!(lines[2].starts_with("Payment payment: payer=<payer>"), "{lines:#?}");
    }
}
