//! The properties of schemata that attributes are.

use super::{
    super::super::{edit, words},
    is_a,
};
use crate::model::schema;

/// The property of a schema that an attribute is.
pub(super) fn property_of(
    schema_name: &str,
    what: &'static str,
    heading: &str,
) -> Option<&'static str> {
    let heading = words::normal(heading);
    let says = |parts: &[&str]| parts.iter().any(|part| heading.contains(part));
    let founded = || says(&["inc", "found", "grund", "creation", "построй", "buil", "تاسیس"]);
    let is = |other: &str| is_a(schema_name, other);
    let renamed = match what {
        "isin" => "isinCode",
        // The year of a person's birth or the number of a body is neither for certain.
        "birthOrNumber" => return None,
        "placeFrom" | "placeTo" | "passengers" | "wallet" | "tail" | "port"
            if !matches!(schema_name, "CryptoWallet" | "Airplane") =>
        {
            return None;
        }
        "wallet" => "publicKey",
        "tail" => "registrationNumber",
        "closeDate" if is("BankAccount") => "closingDate",
        "closeDate" if is("LegalEntity") => "dissolutionDate",
        "bankCountry" if is("BankAccount") => "country",
        // “Role in the proceedings” is no position of a person.
        "role" if is("Person") && words::meaning(&heading).part < 50 => return None,
        "kind" if is("Vehicle") && says(&["type", "tip", "typ", "class", "类型", "船型"]) => {
            "type"
        }
        "sort" if is("Vehicle") => "type",
        // What an event is, nobody is.
        "kind" if words::meaning(&heading).part < 100 && !words::names_company(&heading) => {
            return None;
        }
        "description" => return None,
        // A sum in the row of a body was paid or won, and is not what the body is worth.
        "amount" | "amountUsd" | "amountEur" if is("LegalEntity") => return None,
        "kind" if !says(&["type", "tip", "typ", "form", "类型", "유형", "tur", "نوع", "סוג"]) =>
        {
            return None;
        }
        "kind" if is("Vehicle") => "type",
        "kind" => "legalForm",
        "swiftBic" if is("BankAccount") => "bic",
        "latinName" => "alias",
        "abbreviation" | "previousName" | "alias" => what,
        "role" if is("Person") => "position",
        "role" | "relation" if is("Family") || is("Associate") => "relationship",
        "relation" => "role",
        "notes" => edit::notes_of(schema_name)?,
        "jurisdiction" if !is("Organization") && !is("LegalEntity") => "country",
        "jurisdiction" if is("Person") => "country",
        "nationality" if is("Vehicle") => "flag",
        "nationality" if !is("Person") => "country",
        "birthDate" if is("Vehicle") && founded() => "buildDate",
        "birthDate" if !is("Person") && is("LegalEntity") && founded() => "incorporationDate",
        "incorporationDate" if is("Vehicle") => "registrationDate",
        "idNumber" | "registrationNumber" if is("Vessel") => "imoNumber",
        "idNumber" if !is("Person") => "registrationNumber",
        "registrationNumber" if is("Person") => "idNumber",
        "type" if is("Organization") => "legalForm",
        "tonnage" => "grossRegisteredTonnage",
        "position" if !is("Person") => "role",
        "plate" if is("Vehicle") => "registrationNumber",
        "plate" => return None,
        "arrival" if is("EconomicActivity") => "endDate",
        "departure" if is("EconomicActivity") => "startDate",
        "startDate" if is("BankAccount") => "openingDate",
        "endDate" if is("BankAccount") => "closingDate",
        "currency" if is("Ownership") => "sharesCurrency",
        "amount" if is("Ownership") => "sharesValue",
        "weight" if is("EconomicActivity") => return None,
        "incorporationDate" if is("BankAccount") => "openingDate",
        "blNumber" => "recordId",
        "customsValue" => "customsAmount",
        "bankName" | "iban" | "accountNumber" if !is("BankAccount") => return None,
        other => other,
    };
    let known = schema::schema(schema_name)?.property(renamed)?;
    (!known.stub && known.range.is_none()).then_some(renamed)
}
