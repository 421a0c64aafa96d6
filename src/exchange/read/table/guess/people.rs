//! Numbers that only people have: who has one is a person, whatever else the row tells.

use super::{
    super::{
        content,
        row::Row,
        words::{self, Role},
    },
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

/// Whether a heading names a number of firms alone.
fn is_number_of_firms(heading: &str) -> bool {
    let heading = words::normal(heading);
    let has = |list: &[&str]| heading.split(' ').any(|word| list.contains(&word));
    has(&["cnpj", "ein", "kvk", "siren", "siret"]) && !has(&OF_PEOPLE)
}

/// Marks those as people whose number a column has, by its heading or because there is nobody else.
/// A number of firms beside people, none of whom is called like a firm, is a firm's that no column
/// names: it is no more than a note.
pub(super) fn find(profiles: &mut [Profile], rows: &[Row], parties: &mut [Party]) {
    let alone = parties.iter().all(|party| {
        party.named_in().is_some_and(|name| {
            profiles[name].people >= 0.7
                && profiles[name].filled > 4
                && rows.iter().all(|row| !content::is_organization(row.get(name)))
        })
    });
    let number = |profile: &Profile| {
        matches!(profile.what, Some("idNumber" | "taxNumber" | "registrationNumber"))
    };
    for profile in profiles.iter_mut().filter(|profile| alone && number(profile)) {
        if is_number_of_firms(&profile.heading) {
            (profile.what, profile.headed) = (None, false);
        }
    }
    in_posts(profiles, rows, parties);
    of_people(profiles, rows, parties);
    let groups = party::groups(profiles, parties);
    let alone = (parties.len() == 1).then_some(0);
    for (at, (profile, group)) in profiles.iter().zip(groups).enumerate() {
        let number = matches!(profile.what, Some("idNumber" | "taxNumber" | "registrationNumber"));
        // “CPF” before a name is his who is named.
        let next = parties.iter().position(|party| party.name == Some(at + 1));
        if let Some(index) = group.or(alone).or(next).filter(|_| number)
            && is_number_of_people(&profile.heading)
        {
            parties[index].personal = true;
        }
    }
}

/// Calls people by their ids where a table of their posts has no other name of them: a `person_id`
/// of words beside an organisation.
pub(super) fn called_by_id(profiles: &mut [Profile]) {
    let name = |profile: &Profile| {
        profile.headed && matches!(profile.what, Some("name" | "firstName" | "lastName"))
    };
    let names: Vec<Option<Role>> = profiles.iter().filter(|p| name(p)).map(|p| p.role).collect();
    let post = |profile: &Profile| matches!(profile.what, Some("role" | "position"));
    if names != [Some(Role::Company)] || !profiles.iter().any(post) {
        return;
    }
    let is_person = |profile: &&mut Profile| {
        let heading = words::normal(&profile.heading);
        let worded = |value: &String| {
            value.matches(['-', '_', '.', ' ']).count() > 0
                && value.chars().filter(|c| c.is_alphabetic()).count() * 2 > value.len()
        };
        ["person id", "person", "officer id", "member id", "individual id"].contains(&&*heading)
            && matches!(profile.what, Some("id" | "name"))
            && !profile.values.is_empty()
            && profile.values.iter().all(worded)
    };
    if let Some(profile) = profiles.iter_mut().find(is_person) {
        let reason = format!("“{}” is all that names a person", profile.heading);
        profile.call_by(Some(Role::Person), reason);
    }
}

/// Headings that speak of posts, which people have and firms have not.
const POSTS: [&str; 22] = [
    "position",
    "job",
    "post",
    "occupation",
    "designation",
    "puesto",
    "cargo",
    "poste",
    "fonction",
    "funktion",
    "berufsbezeichnung",
    "mansione",
    "stanowisko",
    "должност",
    "посада",
    "职务",
    "職務",
    "役職",
    "직위",
    "직책",
    "chuc vu",
    "jabatan",
];

/// Whether a heading speaks of posts.
pub(super) fn is_post(heading: &str) -> bool {
    words::mentions(heading, &POSTS)
}

/// Takes the offices of a list of people, who stand in it alone, for their posts: each is a person.
fn in_posts(profiles: &mut [Profile], rows: &[Row], parties: &[Party]) {
    let [only] = parties else { return };
    let Some(name) = only.named_in().filter(|_| only.role.is_none() && !only.corporate) else {
        return;
    };
    let people = profiles[name].people >= 0.5 || profiles[name].titled > 0.0;
    if !people || rows.iter().any(|row| content::is_organization(row.get(name))) {
        return;
    }
    // “Cargo” is a post where it is no freight.
    let is_role = |profile: &Profile| {
        profile.what == Some("role")
            || profile.what == Some("goodsDescription")
                && words::normal(&profile.heading) == "cargo"
    };
    for profile in profiles.iter_mut().filter(|profile| is_role(profile)) {
        if is_post(&profile.heading) {
            profile.what = Some("position");
        }
    }
}

/// Words of headings of what only people have.
const OF_PERSONS: [&str; 36] = [
    "age",
    "alter",
    "edad",
    "idade",
    "eta",
    "возраст",
    "вік",
    "yas",
    "年龄",
    "年齡",
    "年齢",
    "나이",
    "education",
    "educacion",
    "escolaridade",
    "instrucao",
    "образование",
    "освіта",
    "egitim",
    "学历",
    "學歷",
    "학력",
    "constituency",
    "wahlkreis",
    "circonscription",
    "circunscripcion",
    "seat",
    "religion",
    "marital",
    "spouse",
    "criminal",
    "conviction",
    "estado civil",
    "familienstand",
    "hobbies",
    "alma mater",
];

/// Marks those as people of whom a list tells at least two things that only people have, where
/// nobody in it is called like a body: candidates with their age and education.
fn of_people(profiles: &[Profile], rows: &[Row], parties: &mut [Party]) {
    let [only] = parties else { return };
    let Some(name) = only.named_in().filter(|_| only.role.is_none() && !only.corporate) else {
        return;
    };
    let of_persons = |profile: &&Profile| {
        let heading = words::normal(&profile.heading);
        profile.filled > 0
            && OF_PERSONS.iter().any(|word| {
                heading.split(' ').any(|own| own == *word)
                    || (word.contains(' ') || !word.is_ascii()) && heading.contains(word)
            })
    };
    let told = profiles.iter().filter(of_persons).count();
    let body = rows.iter().any(|row| content::is_organization(row.get(name)));
    if told > 1 && !body {
        only.personal = true;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::guessed;

    #[test]
    fn a_person_without_a_name_is_called_by_the_id() {
        let (_, lines) = guessed(
            "j.csv",
            "from,organisation,to,person_id,position\n2001-01-01,Norden Office,2004-01-01,alba-norden,Head of Unit\n\
             2005-01-01,Mirage Bureau,,alba-norden,Advisor\n2005-01-01,Mirage Bureau,,jo-roe,Clerk\n",
        );
        assert!(lines.iter().any(|line| line.contains("name=person_id")), "{lines:#?}");
        assert!(lines.iter().any(|line| line.contains("role=position")), "{lines:#?}");
    }

    #[test]
    fn who_has_a_post_in_a_list_is_a_person() {
        let (_, lines) = guessed(
            "l.csv",
            "Name,Position,City\nJane Doe,Accountant,Ulm\nJohn Roe,Clerk,Bonn\nAnn Poe,Clerk,Ulm\n",
        );
        assert!(lines[0].starts_with("Person"), "{lines:#?}");
        assert!(lines[0].contains("position=Position"), "{lines:#?}");
    }

    #[test]
    fn who_has_an_age_and_an_education_is_a_person() {
        let (_, lines) = guessed(
            "c.csv",
            "year,constituency,name,party,education,age\n2004,North,MANORANJAN B,INC,Graduate,65\n\
             2004,South,BISHNU P,BJP,Post Graduate,55\n2009,North,KULDEEP R,INC,Graduate,45\n",
        );
        assert!(lines[0].starts_with("Person"), "{lines:#?}");
    }

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
