//! Payments and their accounts.

use std::collections::BTreeSet;

use super::{
    super::{
        super::{
            mapping::{EntityMapping, PropertyMapping, Sign},
            numbers,
            words::Role,
        },
        statement,
    },
    Build, Variant, is_a,
    property::property_of,
    say,
};

/// Whether an attribute names a bank.
fn what_is_bank(what: &str) -> bool {
    matches!(what, "bankName" | "swiftBic")
}

/// A column with amounts of a statement.
struct Amount {
    column: usize,
    /// Whether they go out of the account.
    out: bool,
    /// The sign of those that go this way, where one column has both.
    sign: Option<Sign>,
    /// What another column says of those that go this way.
    only: Option<(String, Vec<String>)>,
}

impl Build<'_> {
    /// The account of a side of a payment; gives its name.
    pub(super) fn account(&mut self, side: Role, said: &[(usize, &'static str)]) -> Option<String> {
        let (at, what) =
            *said.iter().find(|(_, what)| matches!(*what, "iban" | "accountNumber"))?;
        let base = if side == Role::Payer { "account of payer" } else { "account of beneficiary" };
        let name = self.free(base);
        let profile = &self.profiles[at];
        let mut properties = vec![PropertyMapping {
            required: true,
            ..PropertyMapping::column(what, &profile.heading)
        }];
        for (other, what) in said.iter().filter(|(other, _)| *other != at) {
            if let Some(property) =
                matches!(*what, "bankName" | "swiftBic" | "bankCountry" | "bankAddress")
                    .then(|| property_of("BankAccount", what, ""))
                    .flatten()
            {
                let _ = say(&mut properties, property, &self.profiles[*other]);
            }
        }
        // The number of an account is its bank's: two banks may have the same.
        let bank = said.iter().find(|(other, what)| {
            what_is_bank(what) && self.profiles[*other].filled == self.profiles[at].filled
        });
        let bank = bank.filter(|_| what == "accountNumber").map(|(other, _)| self.heading(*other));
        self.made.push(EntityMapping {
            name: name.clone(),
            schema: "BankAccount".to_owned(),
            keys: std::iter::once(profile.heading.clone()).chain(bank).collect(),
            key_literal: format!("BankAccount {}", self.stem),
            whole_key: true,
            properties,
            ..EntityMapping::default()
        });
        Some(name)
    }

    /// Whether an account is made of a column.
    pub(super) fn is_of_account(&self, heading: &str) -> bool {
        let mut accounts = self.made.iter().filter(|made| made.schema == "BankAccount");
        accounts.any(|made| made.all_columns().contains(&heading))
    }

    /// Payments, one a row.
    pub(super) fn payments(&mut self, variants: &[Variant]) {
        let plan = self.plan;
        let of = |role: Role| -> Vec<String> {
            let party = plan.role(role);
            let of = variants.iter().filter(|variant| Some(variant.party) == party);
            of.map(|variant| variant.name.clone()).collect()
        };
        if plan.own_account || plan.role(Role::Counterparty).is_some() {
            self.statement(of(Role::Counterparty));
            return;
        }
        let mut accounts = Vec::new();
        for (side, property) in
            [(Role::Payer, "payerAccount"), (Role::Beneficiary, "beneficiaryAccount")]
        {
            let mut said: Vec<(usize, &'static str)> =
                plan.role(side).map(|at| self.party(at).said.clone()).unwrap_or_default();
            let own = plan.activity.iter().filter(|(at, _)| self.profiles[*at].role == Some(side));
            said.extend(own.copied());
            if let Some(name) = self.account(side, &said) {
                accounts.push((property, name));
            }
        }
        let sides = |names: Vec<String>| -> Vec<Option<String>> {
            if names.is_empty() { vec![None] } else { names.into_iter().map(Some).collect() }
        };
        // Where two columns have the amounts of one account, a row has one of both.
        let either = self.debit_and_credit();
        let amounts: Vec<Option<usize>> = match either {
            Some([debit, credit]) => vec![Some(debit), Some(credit)],
            None => vec![None],
        };
        let without: &[&str] = if either.is_some() { &["debit", "credit"] } else { &[] };
        let pairs = sides(of(Role::Payer)).into_iter().flat_map(|payer| {
            let others = sides(of(Role::Beneficiary)).into_iter();
            others.map(move |beneficiary| (payer.clone(), beneficiary))
        });
        for (payer, beneficiary) in pairs.collect::<Vec<_>>() {
            for amount in &amounts {
                let mut properties: Vec<PropertyMapping> = Vec::new();
                let sides = [(&payer, Role::Payer), (&beneficiary, Role::Beneficiary)];
                for (name, side) in sides {
                    let property = self.side(side);
                    properties
                        .extend(name.as_ref().map(|name| PropertyMapping::entity(property, name)));
                }
                for (property, name) in &accounts {
                    properties.push(PropertyMapping::entity(property, name));
                }
                let filtered: Vec<EntityMapping> = [&payer, &beneficiary]
                    .into_iter()
                    .flatten()
                    .filter_map(|name| self.made.iter().find(|made| made.name == *name).cloned())
                    .collect();
                properties.extend(amount.map(|column| self.amount(column)));
                self.activity("Payment", properties, &filtered, without);
                let first = self.made.iter().filter(|made| made.schema == "Payment").count() == 1;
                let zeros = amount.map(|column| (self.heading(column), self.zeros(column)));
                if let Some(made) = self.made.last_mut() {
                    made.one_end = first || payer.is_none() || beneficiary.is_none();
                    made.filters_not.extend(zeros);
                }
            }
        }
    }

    /// The property of a payment that names a side: the party, or its account in another table.
    pub(super) fn side(&self, side: Role) -> &'static str {
        let refers = self.plan.role(side).and_then(|at| self.party(at).refers.as_ref());
        let account = refers.is_some_and(|refers| is_a(refers.schema, "BankAccount"));
        match (side, account) {
            (Role::Payer, true) => "payerAccount",
            (Role::Payer, false) => "payer",
            (_, true) => "beneficiaryAccount",
            (_, false) => "beneficiary",
        }
    }

    /// The columns for what leaves an account and for what comes in.
    fn debit_and_credit(&self) -> Option<[usize; 2]> {
        let column = |wanted: &str| {
            let mut all = self.plan.activity.iter();
            all.find(|(_, what)| *what == wanted).map(|(at, _)| *at)
        };
        Some([column("debit")?, column("credit")?])
    }

    /// The amount of a payment, without which it is none.
    fn amount(&self, column: usize) -> PropertyMapping {
        let heading = &self.profiles[column].heading;
        PropertyMapping { required: true, ..PropertyMapping::column("amount", heading) }
    }

    /// The cells of a column that say that nothing went this way.
    fn zeros(&self, column: usize) -> Vec<String> {
        let usual = ["0", "0.00", "0,00"];
        let mut all: BTreeSet<String> = usual.map(str::to_owned).into();
        let cells = self.rows.iter().map(|row| row.get(column));
        all.extend(cells.filter(|cell| numbers::is_zero(cell)).map(str::to_owned));
        all.into_iter().collect()
    }

    /// The columns with the amounts of a statement: one for each direction, or one whose sign says
    /// which way a payment goes.
    fn amounts(&self) -> Vec<Amount> {
        if let Some([debit, credit]) = self.debit_and_credit() {
            let amount = |column: usize, out: bool| Amount { column, out, sign: None, only: None };
            return vec![amount(debit, true), amount(credit, false)];
        }
        let mut all = self.plan.activity.iter();
        let Some((column, _)) = all.find(|(_, what)| *what == "amount") else { return Vec::new() };
        let column = *column;
        if let Some((at, out, into)) = statement::direction(self.profiles) {
            let told = |out: bool, values: Vec<String>| Amount {
                column,
                out,
                sign: None,
                only: Some((self.heading(at), values)),
            };
            return vec![told(true, out), told(false, into)];
        }
        let signed = |negative: bool| Amount {
            column,
            out: negative,
            sign: Some(Sign { column: self.heading(column), negative }),
            only: None,
        };
        vec![signed(true), signed(false)]
    }

    /// The payments of an account statement: those that go out and those that come in, from and to
    /// each of the others, or somebody who has no name.
    pub(super) fn statement(&mut self, others: Vec<String>) {
        let plan = self.plan;
        let at = plan.role(Role::Counterparty);
        let theirs = at.map(|at| self.party(at).said.clone()).unwrap_or_default();
        let other_account = self.account(Role::Beneficiary, &theirs);
        let others: Vec<Option<String>> =
            if at.is_none() { vec![None] } else { others.into_iter().map(Some).collect() };
        let own: Vec<(usize, &'static str)> = plan
            .activity
            .iter()
            .filter(|(_, what)| matches!(*what, "iban" | "accountNumber" | "bankName"))
            .copied()
            .collect();
        let own_account = self.account(Role::Payer, &own);
        let amounts = self.amounts();
        for (nth, other) in others.into_iter().enumerate() {
            // By how his name reads, each row has one of them, or of those without a name the last.
            let read: Vec<EntityMapping> = self
                .made
                .iter()
                .filter(|made| other.as_ref() == Some(&made.name) && !made.forms.is_empty())
                .cloned()
                .collect();
            for Amount { column, out, sign, only } in &amounts {
                let mut properties = Vec::new();
                let (mine, theirs, party) = if *out {
                    ("payerAccount", "beneficiaryAccount", "beneficiary")
                } else {
                    ("beneficiaryAccount", "payerAccount", "payer")
                };
                properties
                    .extend(other.as_ref().map(|other| PropertyMapping::entity(party, other)));
                let accounts = [(mine, &own_account), (theirs, &other_account)];
                for (property, name) in accounts {
                    properties
                        .extend(name.as_ref().map(|name| PropertyMapping::entity(property, name)));
                }
                properties.push(self.amount(*column));
                let one = sign.is_some() || only.is_some();
                let without: &[&str] = if one { &["amount"] } else { &["debit", "credit"] };
                self.activity("Payment", properties, &read, without);
                let zeros = (!one).then(|| (self.heading(*column), self.zeros(*column)));
                if let Some(made) = self.made.last_mut() {
                    made.filters_not.extend(zeros);
                    made.one_end = nth == 0 || own_account.is_none() || !read.is_empty();
                    made.sign.clone_from(sign);
                    made.filters.extend(only.clone());
                }
            }
        }
    }
}
