//! Numbers that only people have: who has one is a person, whatever else the row tells.

use super::{
    super::words,
    party::{self, Party},
    profile::Profile,
};

/// Words of headings of numbers that states give to people, not to firms.
const OF_PEOPLE: [&str; 17] = [
    "cpf",
    "dni",
    "nie",
    "curp",
    "ssn",
    "pesel",
    "snils",
    "nric",
    "aadhaar",
    "cccd",
    "cmnd",
    "cedula",
    "снилс",
    "personnummer",
    "fodselsnummer",
    "personnr",
    "bsn",
];
/// Words of headings of numbers that firms have; beside one of the others, either may stand.
const OF_FIRMS: [&str; 6] = ["cnpj", "nif", "cif", "ruc", "nit", "rut"];

/// Whether a heading names a number of people alone.
fn is_number_of_people(heading: &str) -> bool {
    let heading = words::normal(heading);
    let has = |list: &[&str]| heading.split(' ').any(|word| list.contains(&word));
    has(&OF_PEOPLE) && !has(&OF_FIRMS)
}

/// Marks those as people whose number a column has, by its heading or because there is nobody else.
pub(super) fn find(profiles: &[Profile], parties: &mut [Party]) {
    let groups = party::groups(profiles, parties);
    let alone = (parties.len() == 1).then_some(0);
    for (profile, group) in profiles.iter().zip(groups) {
        let number = matches!(profile.what, Some("idNumber" | "taxNumber" | "registrationNumber"));
        if let Some(index) = group.or(alone).filter(|_| number)
            && is_number_of_people(&profile.heading)
        {
            parties[index].personal = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::guessed;

    #[test]
    fn who_has_a_number_of_people_is_a_person() {
        let (_, lines) = guessed(
            "r.csv",
            "contract_id,usuario_cpf,usuario_nome,situacao\n7,***.000.001-**,Alba Norden,Ativo\n8,***.000.002-**,Jo Roe,Inativo\n",
        );
        assert!(lines[0].starts_with("Person"), "{lines:#?}");
        let (_, lines) = guessed(
            "f.csv",
            "CPF / CNPJ,Nome,Situação\n00.000.000/0001-00,Norden Ltda,Ativo\n00.000.000/0002-00,Vance Ltda,Inativo\n",
        );
        assert!(!lines[0].starts_with("Person"), "{lines:#?}");
    }
}
