//! Movements of accounts where no column names the other side: dated amounts of which the sign, or
//! a column, says whether they leave the account or come in.

use super::{
    super::words::Role,
    plan::{Plan, TableKind},
    profile::{Profile, has},
    statement,
};

/// Whether the rows are dated amounts that go both ways, and name nobody.
fn are_movements(profiles: &[Profile]) -> bool {
    let both = has(profiles, &["debit"]) && has(profiles, &["credit"]);
    (both || statement::goes_both_ways(profiles))
        && has(profiles, &["date"])
        && !has(profiles, &["name", "firstName", "lastName"])
}

/// Takes an id that stands in the rows of many movements for the number of their account.
pub(super) fn accounts(profiles: &mut [Profile]) {
    if !are_movements(profiles) || has(profiles, &["iban", "accountNumber"]) {
        return;
    }
    let most = profiles.iter().map(|profile| profile.filled).max().unwrap_or(0);
    let account = profiles.iter_mut().find(|profile| {
        profile.what == Some("id")
            && !profile.counter
            && profile.filled == most
            && profile.different * 5 <= profile.filled
            && profile.different > 0
    });
    if let Some(profile) = account {
        (profile.what, profile.confidence) = (Some("accountNumber"), 0.6);
        profile.reason = format!("“{}” is the same in the rows of many amounts", profile.heading);
    }
}

/// Whether each row is a dated amount that one party pays, or is paid, of whom alone it tells.
pub(super) fn has_one_side(profiles: &[Profile], plan: &Plan) -> bool {
    let [only] = &plan.parties[..] else { return false };
    let amount = profiles.iter().filter(|profile| profile.what == Some("amount"));
    matches!(only.role, Some(Role::Payer | Role::Beneficiary))
        && only.name.is_some_and(|name| profiles[name].headed)
        && amount.count() == 1
        && has(profiles, &["date"])
}

/// Finds out whether the rows are payments from and to an account, of which only the account is
/// known.
pub(super) fn classify(profiles: &[Profile], plan: &mut Plan) -> bool {
    let account = profiles.iter().find(|p| matches!(p.what, Some("iban" | "accountNumber")));
    let Some(account) = account.filter(|_| plan.parties.is_empty()) else { return false };
    if !are_movements(profiles) {
        return false;
    }
    plan.kind = TableKind::Payments;
    plan.own_account = true;
    plan.confidence = account.confidence.min(0.75);
    plan.reasons.push("each row has an amount that leaves an account or comes in".into());
    true
}

#[cfg(test)]
mod tests {
    use super::super::{SURE, TableKind, tests::guessed};

    #[test]
    fn what_did_not_go_a_way_is_no_payment() {
        let (guess, lines) = guessed(
            "s.csv",
            "Date,Counterparty,Debit,Credit\n2026-08-05,Norden Ltd,15.50,0.00 EUR\n2026-08-06,Vance Ltd,0.00,20.00\n",
        );
        let made = guess.mapping.entities.iter().filter(|made| made.schema == "Payment");
        let zeros: Vec<_> = made.map(|made| made.filters_not.clone()).collect();
        assert_eq!(zeros.len(), 2, "{lines:#?}");
        assert!(zeros[0]["Debit"].contains(&"0.00".to_owned()));
        assert!(zeros[1]["Credit"].contains(&"0.00 EUR".to_owned()));
        let (guess, lines) = guessed(
            "s.csv",
            "Date,Payer,Payee,Debit,Credit\n2026-08-05,Norden Ltd,Vance Ltd,15.50,0.00\n2026-08-06,Mirage Ltd,Norden Ltd,0.00,20.00\n",
        );
        assert_eq!(guess.kind, TableKind::Payments);
        let sided = |line: &&String| line.contains("payer=<payer>, beneficiary=<beneficiary>");
        assert_eq!(lines.iter().filter(sided).count(), 2, "{lines:#?}");
    }

    #[test]
    fn an_account_pays_and_is_paid_by_somebody_whom_no_column_names() {
        let (guess, lines) = guessed(
            "s.csv",
            "Account,Date,Description,Amount\nX-100200,2021-03-01,Rent 2021-03,-150.00\n\
             X-100200,2021-03-02,Fees 17,-2.50\nX-100200,2021-03-03,Order 2281,90.00\n",
        );
        assert_eq!(guess.kind, TableKind::Payments);
        assert!(guess.confidence < SURE);
        assert_eq!(
            lines,
            [
                "BankAccount account of payer: accountNumber=Account",
                "Payment payment: payerAccount=<account of payer>, amount=Amount, date=Date, description=Description",
                "Payment payment 2: beneficiaryAccount=<account of payer>, amount=Amount, date=Date, description=Description",
            ]
        );
    }

    #[test]
    fn the_text_of_a_bank_is_the_purpose() {
        let (guess, lines) = guessed(
            "h.csv",
            "date,raw,amount,id,label\n2021-03-01,NORDEN LTD 20210301,-15,acc-n,NORDEN LTD 20210301\n\
             2021-03-02,VANCE LTD 772,90,acc-n,VANCE LTD 772\n2021-03-02,MIRAGE SA 9911,10,acc-n,MIRAGE SA 9911\n\
             2021-03-04,ROE 4312,-70,acc-n,ROE 4312\n2021-03-05,MOE 4313,-71,acc-n,MOE 4313\n",
        );
        assert_eq!(guess.kind, TableKind::Payments);
        assert!(lines.iter().all(|line| !line.contains("name=")), "{lines:#?}");
    }
}
