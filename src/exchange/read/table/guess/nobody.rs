//! Columns whose heading only seems to name somebody: classes of people and firms, texts of
//! payments, names of what two numbered parties meet in.

use super::{
    super::{row::Row, words},
    party,
    profile::{Profile, has},
};

/// Last words of headings that say to which class somebody belongs.
const CLASSES: [&str; 32] = [
    "industry",
    "industries",
    "sector",
    "sectors",
    "category",
    "categories",
    "class",
    "classes",
    "classification",
    "type",
    "types",
    "status",
    "level",
    "size",
    "branche",
    "branchen",
    "kategorie",
    "kategorien",
    "klasse",
    "typ",
    "secteur",
    "secteurs",
    "categorie",
    "categoria",
    "categorias",
    "sectores",
    "settore",
    "отрасль",
    "категория",
    "тип",
    "статус",
    "kategori",
];
/// The same at the end of headings in scripts that do not part words.
const UNPARTED: [&str; 6] = ["行业", "类别", "类型", "業種", "업종", "유형"];
/// Headings of what a bank writes about a payment, which elsewhere call the name of something.
const TEXTS: [&str; 10] = [
    "label",
    "title",
    "text",
    "caption",
    "libelle",
    "intitule",
    "bezeichnung",
    "titel",
    "titulo",
    "naslov",
];

/// Settles which columns that look like names name nobody.
pub(super) fn settle(profiles: &mut [Profile], rows: &[Row]) {
    classes(profiles);
    texts(profiles, rows);
    beside_numbered(profiles);
    states(profiles);
    too_long(profiles, rows);
    lose_to_plain(profiles, rows);
    deeds(profiles, rows);
    sentences(profiles, rows);
    posts(profiles);
}

/// What cells are on average too long for, in words: parts of a name, and posts.
fn too_long(profiles: &mut [Profile], rows: &[Row]) {
    for (at, profile) in profiles.iter_mut().enumerate() {
        let most = match profile.what {
            Some("firstName" | "middleName" | "lastName" | "title") => 4,
            Some("position" | "role") => 8,
            _ => continue,
        };
        if mostly(rows, at, |cell| cell.split_whitespace().count() > most) {
            (profile.what, profile.role, profile.headed) = (None, None, false);
        }
    }
}

/// Whether most of the cells of a column, and more than two, are such.
fn mostly(rows: &[Row], at: usize, is: impl Fn(&str) -> bool) -> bool {
    let cells = rows.iter().filter(|row| row.says(at)).map(|row| row.get(at));
    let (all, such) = (cells.clone().count(), cells.filter(|cell| is(cell)).count());
    all > 2 && such * 2 > all
}

/// Beside a full column that is called “name” and nothing else, a mostly empty one of other names
/// names nobody: `alternate_name`.
fn lose_to_plain(profiles: &mut [Profile], rows: &[Row]) {
    let plain = profiles.iter().any(|profile| {
        let heading = words::normal(&profile.heading);
        matches!(&*heading, "name" | "nombre" | "nom" | "nome" | "名称" | "名稱" | "наименование")
            && profile.filled * 10 >= rows.len() * 9
            && profile.names >= 0.8
    });
    for profile in profiles.iter_mut().filter(|_| plain) {
        let other = profile.what == Some("name") && profile.role.is_none();
        if other && profile.confidence <= 0.8 && profile.filled * 2 < rows.len() {
            profile.what = Some("alias");
        }
    }
}

/// First words of what deeds and undertakings are called, as [`words::normal`] writes them.
const DEEDS: [&str; 30] = [
    "contract",
    "agreement",
    "memorandum",
    "project",
    "tender",
    "grant",
    "convenio",
    "contrato",
    "acuerdo",
    "proyecto",
    "licitacion",
    "contrat",
    "convention",
    "accord",
    "projet",
    "marche",
    "vertrag",
    "vereinbarung",
    "projekt",
    "contratto",
    "accordo",
    "progetto",
    "umowa",
    "porozumienie",
    "договор",
    "соглашение",
    "контракт",
    "проект",
    "договір",
    "угода",
];

/// “Convenio Marco de Cooperación” is what two parties agreed on, and neither of them.
fn deeds(profiles: &mut [Profile], rows: &[Row]) {
    for (at, profile) in profiles.iter_mut().enumerate() {
        if profile.what != Some("name") || profile.companies >= 0.3 {
            continue;
        }
        let is_deed = |cell: &str| {
            words::normal(cell).split_once(' ').is_some_and(|(first, _)| DEEDS.contains(&first))
        };
        if mostly(rows, at, is_deed) {
            (profile.what, profile.role, profile.headed) = (None, None, false);
        }
    }
}

/// What a tender is about is no name, though a column calls it so: most of its cells are sentences,
/// and another column names somebody.
fn sentences(profiles: &mut [Profile], rows: &[Row]) {
    const WORDS: usize = 6;
    let named = |profile: &Profile| profile.headed && profile.what == Some("name");
    let count = profiles.iter().filter(|profile| named(profile)).count();
    for (at, profile) in profiles.iter_mut().enumerate() {
        const HEADINGS: [&str; 14] = [
            "name",
            "title",
            "subject",
            "наименование",
            "название",
            "назва",
            "nombre",
            "titulo",
            "nom",
            "titre",
            "bezeichnung",
            "titel",
            "nome",
            "nazwa",
        ];
        let bare = HEADINGS.contains(&&*words::normal(&profile.heading));
        let open = bare && profile.role.is_none() && profile.companies < 0.3;
        if count < 2 || !named(profile) || !open {
            continue;
        }
        if mostly(rows, at, |cell| cell.split_whitespace().count() >= WORDS) {
            (profile.what, profile.headed) = (None, false);
        }
    }
}

/// “Deputy head of the group” in small letters beside names of people is a post.
fn posts(profiles: &mut [Profile]) {
    let starts = |profile: &Profile, fits: fn(char) -> bool| {
        let mut values = profile.values.iter().peekable();
        values.peek().is_some() && values.all(|value| value.chars().next().is_some_and(fits))
    };
    let named = |profile: &Profile| profile.headed && profile.what == Some("name");
    let capital = |profile: &Profile| named(profile) && profile.people >= 0.5;
    if !profiles.iter().any(capital) {
        return;
    }
    for profile in profiles.iter_mut() {
        if named(profile) && profile.role.is_none() && starts(profile, char::is_lowercase) {
            (profile.what, profile.headed) = (None, false);
        }
    }
}

/// What cells say of how something is held or where it stands, in a column that seems to name who
/// holds it.
const STATES: [&str; 24] = [
    "owned",
    "leased",
    "rented",
    "chartered",
    "operated",
    "managed",
    "sold",
    "acquired",
    "active",
    "inactive",
    "operating",
    "planned",
    "pending",
    "closed",
    "open",
    "public",
    "private",
    "listed",
    "delisted",
    "self owned",
    "eigentum",
    "gemietet",
    "geleast",
    "propio",
];

/// “Owned” and “56 owned / 3 leased” name nobody, and a column that has them among few values is no
/// column of names.
fn states(profiles: &mut [Profile]) {
    let is_state = |value: &String| {
        let text = words::normal(value);
        let mut words = text.split(' ').filter(|word| word.parse::<u64>().is_err()).peekable();
        words.peek().is_some()
            && (STATES.contains(&&*text) || words.all(|word| STATES.contains(&word)))
    };
    for profile in profiles.iter_mut().filter(|profile| profile.what == Some("name")) {
        let stated = profile.values.iter().filter(|value| is_state(value)).count();
        if stated > 0 && stated * 10 >= profile.values.len() && profile.companies < 0.5 {
            (profile.what, profile.role, profile.headed) = (None, None, false);
        }
    }
}

/// “Employee industries” are no employees.
fn classes(profiles: &mut [Profile]) {
    for profile in profiles.iter_mut().filter(|profile| profile.what == Some("name")) {
        let heading = words::normal(&profile.heading);
        let last = heading.split(' ').next_back().unwrap_or_default();
        let parted = heading.contains(' ') && CLASSES.contains(&last);
        let ends = |end: &&str| heading.len() > end.len() && heading.ends_with(*end);
        if parted || UNPARTED.iter().any(ends) {
            (profile.what, profile.role, profile.headed) = (None, None, false);
        }
    }
}

/// Takes the text of a bank for the purpose of a payment: dated amounts have it, and another column
/// has the same or numbers stand in it.
fn texts(profiles: &mut [Profile], rows: &[Row]) {
    if !has(profiles, &["amount", "debit", "credit", "amountUsd", "amountEur"])
        || !has(profiles, &["date"])
    {
        return;
    }
    let named = |profile: &Profile| profile.headed && profile.what == Some("name");
    let mut names = (0..profiles.len()).filter(|at| named(&profiles[*at]));
    let (Some(name), None) = (names.next(), names.next()) else { return };
    let heading = words::normal(&profiles[name].heading);
    if profiles[name].role.is_some() || !TEXTS.contains(&&*heading) {
        return;
    }
    let cells = || rows.iter().filter(|row| row.says(name));
    let numbered = |row: &&Row| row.get(name).bytes().filter(u8::is_ascii_digit).count() >= 3;
    let numbers = cells().filter(numbered).count();
    let twice = (0..profiles.len())
        .filter(|at| *at != name && profiles[*at].different > 1)
        .any(|at| cells().all(|row| row.get(at).trim() == row.get(name).trim()));
    if twice || numbers * 4 >= cells().count().max(1) {
        (profiles[name].what, profiles[name].role) = (Some("purpose"), None);
    }
}

/// Lets what “Group 1 name” and “Group 2 name” meet in be no third party where its column numbers
/// nobody and repeats.
fn beside_numbered(profiles: &mut [Profile]) {
    let bare = |heading: &str| -> String {
        let heading = words::normal(heading);
        let words = heading.split(' ').filter(|word| word.parse::<u64>().is_err());
        words.collect::<Vec<_>>().join(" ")
    };
    let named = |profile: &&Profile| profile.headed && profile.what == Some("name");
    let of = |number: &str| -> Vec<String> {
        let all = profiles.iter().filter(named);
        let own = all.filter(|profile| party::number(&profile.heading) == number);
        own.map(|profile| bare(&profile.heading)).collect()
    };
    let second = of("2");
    if !of("1").iter().any(|heading| second.contains(heading)) {
        return;
    }
    for profile in profiles.iter_mut().filter(|p| p.what == Some("name") && p.role.is_none()) {
        let heading = words::normal(&profile.heading);
        let plain = heading.contains(' ') && party::number(&heading).is_empty();
        if plain && profile.different * 2 <= profile.filled && profile.companies < 0.3 {
            (profile.what, profile.headed) = (None, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::guessed;

    #[test]
    fn classes_of_people_are_nobody() {
        let (_, lines) = guessed(
            "g.csv",
            "Company,Director,Employee industries\nNorden Ltd,Jo Roe,Real Estate\nVance Ltd,Al Moe,Private Banking\n",
        );
        assert_eq!(lines.len(), 3, "{lines:#?}");
    }

    #[test]
    fn sentences_and_posts_are_nobody() {
        let (_, lines) = guessed(
            "t.csv",
            "name,organization,deadline\n\
             Delivery of a heavy truck for cleaning,Town of Norden,2024-01-02\n\
             Choice of a supplier of electric energy,Town of Vance,2024-01-03\n\
             Repair of the roof of the school,Town of Norden,2024-01-04\n",
        );
        assert_eq!(lines.iter().filter(|line| line.contains(": name=")).count(), 1, "{lines:#?}");
        let (_, lines) = guessed(
            "p.csv",
            "name,party,label\nAlba Norden,PO,deputy head of the group\nJo Roe,PO,\nAl Moe,PS,deputy head of the group\n",
        );
        assert_eq!(lines.iter().filter(|line| line.contains(": name=")).count(), 1, "{lines:#?}");
    }

    #[test]
    fn sentences_are_no_part_of_a_name_and_no_post() {
        let (_, lines) = guessed(
            "t.csv",
            "Name,Family\nAlba Norden,Wife Mary and two sons in Vance\nJo Roe,Brother of the owner of the mill\n\
             Al Moe,Nobody knows where his family is from\n",
        );
        assert!(lines[0].contains("name=Name") && !lines[0].contains("lastName"), "{lines:#?}");
        let (_, lines) = guessed(
            "d.csv",
            "Title,Acquiring Company,Acquired Company\n\
             Norden bought the whole of Vance Ltd in 1994,Norden,Vance\n\
             Norden bought the whole of Moe Ltd in 1995,Norden,Moe\n\
             Norden bought the whole of Roe Ltd in 1996,Norden,Roe\n",
        );
        assert!(lines.iter().all(|line| !line.starts_with("Person")), "{lines:#?}");
    }

    #[test]
    fn agreements_are_nobody() {
        let (_, lines) = guessed(
            "c.csv",
            "nombre,entidad,fecha_vencimiento,responsable\n\
             Convenio de cooperación,Norden S.A.,2026-08-20,Alba Vance\n\
             Convenio de prácticas,Moe Ltda.,2026-03-15,Jo Roe\nConvenio marco,Kellner S.A.,2026-04-15,Al Moe\n",
        );
        assert!(!lines.iter().any(|line| line.contains(": name=nombre")), "{lines:#?}");
    }

    #[test]
    fn a_full_column_of_names_wins_over_an_empty_one() {
        let (_, lines) = guessed(
            "o.csv",
            "id,alternate_name,name,tax_id,website\n1,,Norden Family Service,,\n2,,Vance Volunteers,,\n\
             3,Moe House,House of Moe,12-345,\n",
        );
        assert!(lines[0].contains(": name=name"), "{lines:#?}");
    }

    #[test]
    fn how_something_is_held_names_nobody() {
        let (_, lines) = guessed(
            "a.csv",
            "Company,Type,Owner\nNorden Air,A330,Owned\nVance Air,B777,56 owned / 3 leased\nMirage Air,B767,Owned\n",
        );
        assert_eq!(lines.iter().filter(|line| line.contains(": name=")).count(), 1, "{lines:#?}");
    }

    #[test]
    fn what_two_numbered_parties_meet_in_is_no_third() {
        let (_, lines) = guessed(
            "g.csv",
            "Group 1 name,Group 2 name,Map name\nRed Hand,Blue Hand,North Valley\nRed Hand,Old Guard,North Valley\n\
             Blue Hand,Old Guard,North Valley\nBlue Hand,Green Band,South Valley\n",
        );
        assert_eq!(lines.len(), 3, "{lines:#?}");
    }

    #[test]
    fn a_name_that_is_written_twice_is_one() {
        let (_, lines) = guessed(
            "d.csv",
            "name,donor_name,amount\nAlba Norden,ALBA NORDEN,50\nJosé Ana Roe,JOSE ANA ROY,70\nAl Moe,AL MOE,10\n",
        );
        let parties = lines.iter().filter(|line| line.contains(": name="));
        assert_eq!(parties.count(), 1, "{lines:#?}");
    }
}
