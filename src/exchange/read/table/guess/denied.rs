//! What cells deny of headings: a date is no office, a text is no sector, a picture is no site.

use super::{
    super::{
        content::{self, Kind},
        row::Row,
        words,
    },
    profile::Profile,
};

/// Words with which headings of pictures begin.
const PICTURES: [&str; 14] = [
    "img",
    "image",
    "photo",
    "picture",
    "logo",
    "icon",
    "thumbnail",
    "thumb",
    "avatar",
    "foto",
    "bild",
    "imagen",
    "picto",
    "portrait",
];
/// Ends of addresses of files.
const FILES: [&str; 8] = [".pdf", ".jpg", ".jpeg", ".png", ".doc", ".docx", ".xls", ".xlsx"];
/// Stems of headings that say by how much a share changed.
const CHANGES: [&str; 7] =
    ["change", "bought", "sold", "variation", "veranderung", "изменен", "变动"];
/// The longest sector, in characters.
const SECTOR: usize = 80;

/// Whether a cell can be a day, a year, or what programs count instead of days.
fn may_be_date(cell: &str) -> bool {
    let digits = cell.bytes().all(|byte| byte.is_ascii_digit());
    match content::kind(cell) {
        Kind::Date => true,
        Kind::Number if digits => matches!(cell.len(), 1 | 2 | 4 | 5 | 6 | 8 | 10 | 13 | 14),
        // “2009.02.16.”
        Kind::Number => cell.matches(['.', '/', '-']).count() > 1,
        _ => cell.chars().any(char::is_numeric) || cell.chars().any(char::is_alphabetic),
    }
}

/// Takes from columns what hardly any of their cells can be.
pub(super) fn by_cells(profiles: &mut [Profile], rows: &[Row]) {
    for (at, profile) in profiles.iter_mut().enumerate() {
        let Some(what) = profile.what else { continue };
        let cells: Vec<&str> =
            rows.iter().filter(|row| row.says(at)).map(|row| row.get(at).trim()).collect();
        let most = |fits: &dyn Fn(&str) -> bool| {
            !cells.is_empty()
                && cells.iter().filter(|cell| fits(cell)).count() * 5 >= cells.len() * 4
        };
        let dated = |cell: &str| matches!(content::kind(cell), Kind::Date | Kind::Number);
        let file = |cell: &str| FILES.iter().any(|end| cell.to_lowercase().ends_with(end));
        let heading = words::normal(&profile.heading);
        let denied = match what {
            "role" | "relation" | "position" => {
                most(&|cell| dated(cell) && cell.bytes().filter(u8::is_ascii_digit).count() > 3)
            }
            "birthDate" | "incorporationDate" | "dissolutionDate" => {
                profile.different > 1 && most(&|cell| !cell.chars().any(char::is_numeric))
            }
            "startDate" | "endDate" | "date" | "arrival" | "departure" => {
                most(&|cell| !may_be_date(cell))
            }
            "address" | "city" | "placeFrom" | "placeTo" | "region" | "street" | "port"
            | "location" => most(&|cell| content::kind(cell) == Kind::Date),
            "percentage" | "sharesCount" | "sharesValue" => {
                words::mentions(&profile.heading, &CHANGES)
                    || profile.different > 1 && most(&|cell| cell.starts_with(['+', '-']))
            }
            "sector" => most(&|cell| cell.chars().count() > SECTOR),
            "website" | "sourceUrl" => heading
                .split(' ')
                .next()
                .is_some_and(|word| PICTURES.iter().any(|picture| word.starts_with(picture))),
            _ => false,
        };
        if denied {
            (profile.what, profile.role, profile.headed) = (None, None, false);
        } else if what == "website"
            && (most(&file) || heading.split(' ').any(|word| matches!(word, "source" | "sources")))
        {
            profile.what = Some("sourceUrl");
        }
    }
    exactly(profiles);
}

/// Of several states of one thing, the one counts whose heading says no more: “status” beside
/// “annual filing status”.
fn exactly(profiles: &mut [Profile]) {
    for what in ["status", "legalForm"] {
        let own = |profile: &Profile| profile.what == Some(what) && profile.role.is_none();
        let exact = |profile: &Profile| words::meaning(&profile.heading).part == 100;
        if profiles.iter().filter(|profile| own(profile)).count() < 2
            || !profiles.iter().any(|profile| own(profile) && exact(profile))
        {
            continue;
        }
        for profile in profiles.iter_mut().filter(|profile| own(profile) && !exact(profile)) {
            (profile.what, profile.headed) = (None, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::guessed;

    #[test]
    fn cells_deny_what_headings_seem_to_say() {
        let long = "Trade in, repair of and storage for machines, engines, parts and whatever else belongs to them";
        let (_, lines) = guessed(
            "c.csv",
            &format!(
                "Company,Director,Mandate,Annual filing status,Status,Activity,Logo link\n\
                 Norden Ltd,Jo Roe,2019-01-02,Filed,Active,\"{long}\",https://n.example/a\n\
                 Vance Ltd,Al Moe,2020-02-03,Pending,Closed,\"{long} too\",https://v.example/b\n"
            ),
        );
        assert!(lines[0].contains(", status=Status"), "{lines:#?}");
        let denied = ["role=Mandate", "position=Mandate", "sector=", "website="];
        for said in denied {
            assert!(lines.iter().all(|line| !line.contains(said)), "{said}: {lines:#?}");
        }
    }
}
