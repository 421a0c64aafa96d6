//! The first mapping of a table, by itself: by its headings in many languages and by what its
//! cells look like.

mod party;
mod profile;

use std::collections::HashSet;

use super::{mapping::Mapping, row::Row, source::Table};
use profile::Profile;

/// A mapping that was guessed, with why.
#[derive(Clone, Debug, Default)]
pub struct Guess {
    /// The mapping; without entities where nothing was understood.
    pub mapping: Mapping,
    /// What kind of table it seems to be: `a list of shareholders`.
    pub shape: &'static str,
    /// Every column in its order.
    pub columns: Vec<Column>,
}

/// What a column seems to be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    pub heading: String,
    /// How certain it is, 0 to 1.
    pub confidence: f32,
    /// Why, without a full stop; nothing where the column was not understood.
    pub reason: String,
    /// Whether its dates could mean two days each and nothing tells which comes first.
    pub ambiguous: bool,
    /// Whether it holds keys, hashes or stamps that nobody wants to read.
    pub technical: bool,
}

/// Guesses what the columns of a table mean.
pub fn guess(table: &Table) -> Guess {
    // A line of totals is no example of what stands in the columns.
    let shape = super::Shape::of(table);
    let rows: Vec<Row> =
        table.sample.iter().filter(|row| shape.wrong(row).is_none()).cloned().collect();
    let profiles: Vec<Profile> = table
        .columns
        .iter()
        .enumerate()
        .map(|(column, heading)| Profile::of(heading, column, &rows))
        .collect();
    let stem = table.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (shape, entities) = party::entities(&profiles, &stem);
    let used: HashSet<String> = entities
        .iter()
        .flat_map(|entity| &entity.properties)
        .filter(|said| !said.labelled)
        .flat_map(|said| said.all_columns().into_iter().map(str::to_owned))
        .collect();
    let columns = profiles.into_iter().map(|profile| {
        let known = used.contains(&profile.heading);
        Column {
            ambiguous: profile.ambiguous && known,
            confidence: if known { profile.confidence } else { 0.0 },
            reason: if known { profile.reason } else { String::new() },
            technical: profile.technical,
            heading: profile.heading,
        }
    });
    Guess {
        shape,
        columns: columns.collect(),
        mapping: Mapping {
            name: stem,
            columns: table.columns.clone(),
            entities,
            ..Mapping::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::table::Settings;

    fn guessed(name: &str, text: &str) -> (Guess, Vec<String>) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("space");
        let guess = guess(&Table::open(&path, &Settings::default()).expect("a table"));
        let lines = guess.mapping.entities.iter().map(|entity| {
            let said = entity.properties.iter().map(|said| {
                let from = match &said.entity {
                    Some(other) => format!("<{other}>"),
                    None => said.columns.join("+"),
                };
                format!("{}={from}", said.property)
            });
            format!("{} {}: {}", entity.schema, entity.name, said.collect::<Vec<_>>().join(", "))
        });
        let lines = lines.collect();
        (guess, lines)
    }

    #[test]
    fn a_register_of_companies() {
        let (guess, lines) = guessed(
            "r.csv",
            "id,Company Name,Company Number,Status,Incorporated,Street,Town,Post code,Country,Website,hash,Remarks\n\
             1,A Ltd,0042,Active,2001-02-03,Main St 1,X,AB1,United Kingdom,https://a.example,0123456789abcdef0123,odd\n\
             2,B Ltd,0043,Active,2002-02-03,Main St 2,X,AB1,United Kingdom,,1123456789abcdef0123,\n",
        );
        assert_eq!(guess.shape, "a register of companies");
        assert_eq!(
            lines,
            [
                "Company company: name=Company Name, registrationNumber=Company Number, status=Status, \
              incorporationDate=Incorporated, country=Country, website=Website, \
              notes=Remarks, address=Street+Town+Post code"
            ]
        );
        assert_eq!(guess.mapping.entities[0].keys, ["Company Number", "Country"]);
        assert_eq!(guess.mapping.entities[0].key_literal, "Company");
        assert!(guess.columns[0].technical && guess.columns[10].technical);
        assert!(guess.columns[1].confidence > 0.8 && guess.columns[1].reason.contains("heading"));
        assert_eq!(guess.columns[10].reason, "");
    }

    #[test]
    fn owners_and_directors_beside_a_company() {
        let (guess, lines) = guessed(
            "s.csv",
            "Company,Director,Date of birth,Nationality,Shareholder,Shareholder country,Share %\n\
             A Ltd,Jane Doe,1970-01-02,British,B Holding GmbH,Germany,60\n\
             A Ltd,John Doe,1971-01-02,German,C Holding SA,France,40\n",
        );
        assert_eq!(guess.shape, "a register with owners and directors");
        assert_eq!(
            lines,
            [
                "Company company: name=Company",
                "Person director: name=Director, birthDate=Date of birth, nationality=Nationality",
                "Company owner: name=Shareholder, country=Shareholder country",
                "Directorship directorship: director=<director>, organization=<company>",
                "Ownership ownership: owner=<owner>, asset=<company>, percentage=Share %",
            ]
        );
    }

    #[test]
    fn two_owners_in_one_row_are_two() {
        let (_, lines) = guessed(
            "s.csv",
            "Company,Owner 1,Share 1,Owner 2,Share 2\nA Ltd,Jane Doe,60,John Doe,40\nB Ltd,Jo Roe,50,Al Roe,50\n",
        );
        assert_eq!(
            lines[3..],
            [
                "Ownership ownership: owner=<owner>, asset=<company>, percentage=Share 1",
                "Ownership ownership 2: owner=<owner 2>, asset=<company>, percentage=Share 2",
            ]
        );
    }

    #[test]
    fn payments_with_accounts() {
        let (guess, lines) = guessed(
            "p.csv",
            "Date,Payer,Payer IBAN,Beneficiary,Beneficiary IBAN,Amount,Currency,Details\n\
             2016-01-02,A Ltd,GB82WEST12345698765432,B GmbH,DE89370400440532013000,100.50,EUR,Invoice 1\n",
        );
        assert_eq!(guess.shape, "a list of payments");
        assert_eq!(
            lines[2..],
            [
                "BankAccount account of payer: iban=Payer IBAN",
                "BankAccount account of beneficiary: iban=Beneficiary IBAN",
                "Payment payment: payer=<payer>, beneficiary=<beneficiary>, payerAccount=<account of payer>, \
                 beneficiaryAccount=<account of beneficiary>, date=Date, amount=Amount, currency=Currency, \
                 purpose=Details",
            ]
        );
        assert!(guess.mapping.entities[4].each_row);
    }

    #[test]
    fn people_with_their_names_apart_and_content_without_headings() {
        let (guess, lines) = guessed(
            "n.csv",
            "First name,Last name,DOB,Passport No\nJane,Doe,1970-01-02,X1\nJohn,Roe,1971-01-02,X2\n",
        );
        assert_eq!(guess.shape, "a list of people");
        assert_eq!(
            lines,
            [
                "Person person: name=First name+Last name, firstName=First name, lastName=Last name, \
              birthDate=DOB, passportNumber=Passport No"
            ]
        );
        let (guess, lines) =
            guessed("c.csv", "A Trading Ltd,gb,a@example.org\nB Trading Ltd,de,b@example.org\n");
        assert_eq!(lines, ["Company company: name=Column 1, country=Column 2, email=Column 3"]);
        assert!(guess.columns[0].reason.contains("2 of 2 cells are names of companies"));
        let (guess, _) = guessed("x.csv", "a1;b2\n1;2\n3;4\n");
        assert!(guess.mapping.entities.is_empty());
    }

    #[test]
    fn every_guess_fits_its_table() {
        for text in [
            "Name,Company,Position,E-mail\nJane Doe,A Ltd,Manager,a@example.org\nJo Roe,B Ltd,Clerk,b@example.org\n",
            "船名,IMO,船旗,船东\nTEST,9074729,巴拿马,丹东测试有限公司\n",
            "Название;Участник;Доля\nООО А;Иванов Иван;50\n",
            "Owner,Asset\nJane Doe,A Ltd\n",
            "name,name,name\na b,c d,e f\n",
        ] {
            let (guess, lines) = guessed("t.csv", text);
            let columns = &guess.mapping.columns;
            assert_eq!(guess.mapping.check(columns), Ok(()), "{text} {lines:#?}");
            assert!(!lines.is_empty(), "{text}");
        }
    }
}
