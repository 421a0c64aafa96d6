//! Trade names that are the only names, first names that are counted, numbers of files and
//! of shares.

use std::collections::{HashMap, HashSet};

use super::{
    super::{
        learn,
        row::Row,
        words::{self, Role},
    },
    party,
    profile::Profile,
};

/// Takes the first trade name for the name of what a row is about, where no column names that and
/// others are its owners or officers.
pub(super) fn instead(profiles: &mut [Profile]) {
    let named = |profile: &&Profile| {
        profile.headed && matches!(profile.what, Some("name" | "firstName" | "lastName"))
    };
    let of_company = |role: Option<Role>| {
        matches!(role, Some(Role::Owner | Role::Director | Role::Manager | Role::Holder))
    };
    let mut others = profiles.iter().filter(named).peekable();
    if others.peek().is_none() || !others.all(|profile| of_company(profile.role)) {
        return;
    }
    let first = profiles.iter().position(|profile| named(&profile)).unwrap_or(0);
    let trade = profiles[..first]
        .iter_mut()
        .find(|profile| profile.headed && profile.what == Some("alias") && profile.names >= 0.8);
    if let Some(profile) = trade {
        (profile.what, profile.role) = (Some("name"), Some(Role::Company));
        profile.reason.push_str(", and nothing else names the company");
    }
}

/// Takes the number of a file for what it is beside a number of registration.
pub(super) fn of_files(profiles: &mut [Profile]) {
    let number =
        |profile: &Profile| profile.what == Some("registrationNumber") && profile.role.is_none();
    let file = |profile: &Profile| words::normal(&profile.heading).starts_with("file ");
    let other = profiles.iter().any(|profile| number(profile) && !file(profile));
    for profile in profiles.iter_mut().filter(|p| other && number(p) && file(p)) {
        profile.what = Some("id");
    }
}

/// Takes one of two columns of shares for numbers of shares where only the other says per cent.
pub(super) fn of_shares(profiles: &mut [Profile]) {
    const PERCENT: [&str; 9] =
        ["percent", "pourcentage", "prozent", "porcentaje", "процент", "比例", "率", "율", "oran"];
    let says = |profile: &Profile| words::mentions(&profile.heading, &PERCENT);
    let share = |profile: &Profile| profile.what == Some("percentage");
    let count = profiles.iter().filter(|profile| share(profile)).count();
    let said = profiles.iter().filter(|profile| share(profile) && says(profile)).count();
    let counted = profiles.iter().any(|profile| profile.what == Some("sharesCount"));
    if count != 2 || said != 1 || counted {
        return;
    }
    if let Some(other) = profiles.iter_mut().find(|p| share(p) && !says(p))
        && other
            .values
            .iter()
            .all(|value| value.chars().all(|c| c.is_ascii_digit() || " .,'".contains(c)))
    {
        other.what = Some("sharesCount");
    }
}

/// Believes of “Owner 2” what is believed of “Owner 1”, though its fewer cells say less.
pub(super) fn numbered(profiles: &mut [Profile]) {
    let bare = |heading: &str| -> String {
        let heading = words::normal(heading);
        let words = heading.split(' ').filter(|word| word.parse::<u64>().is_err());
        words.collect::<Vec<_>>().join(" ")
    };
    for at in 0..profiles.len() {
        let profile = &profiles[at];
        let open = profile.what.is_none()
            && !party::number(&profile.heading).is_empty()
            && profile.names >= 0.8
            && words::meaning(&profile.heading).what == Some("name");
        let same = |other: &&Profile| {
            other.headed
                && other.what == Some("name")
                && other.role.is_some()
                && other.filled >= profile.filled
                && !party::number(&other.heading).is_empty()
                && bare(&other.heading) == bare(&profile.heading)
        };
        let Some(known) = profiles.iter().find(same).filter(|_| open) else { continue };
        let (role, confidence) = (known.role, known.confidence);
        let profile = &mut profiles[at];
        (profile.what, profile.role, profile.headed) = (Some("name"), role, true);
        profile.confidence = confidence;
        profile.reason = format!("the heading says “{}”", profile.heading);
    }
}

/// Takes codes of figures beside names, “customer code” beside “customer name”, for numbers of those
/// who are called so, where each has one.
pub(super) fn codes_of_parties(profiles: &mut [Profile], rows: &[Row]) {
    const CODES: [&str; 6] = ["code", "kod", "код", "codigo", "cod", "kode"];
    let parted = |heading: &str| {
        let heading = words::normal(heading);
        heading.rsplit_once(' ').map(|(stem, last)| (stem.to_owned(), last.to_owned()))
    };
    for at in 0..profiles.len() {
        let Some((stem, last)) = parted(&profiles[at].heading) else { continue };
        let figures = |row: &&Row| {
            let cell = row.get(at).trim();
            (6..=14).contains(&cell.len()) && cell.bytes().all(|byte| byte.is_ascii_digit())
        };
        let filled = rows.iter().filter(|row| row.says(at));
        let numbers = filled.clone().filter(figures).count();
        if profiles[at].what.is_some()
            || !CODES.contains(&&*last)
            || numbers < 2
            || numbers * 10 < filled.count() * 9
        {
            continue;
        }
        let named = |other: &usize| {
            let profile = &profiles[*other];
            let same = words::normal(&profile.heading) == stem
                || parted(&profile.heading).is_some_and(|(own, _)| own == stem);
            same && profile.headed && profile.what == Some("name") && profile.role.is_some()
        };
        let Some(name) = (0..profiles.len()).find(named) else { continue };
        let mut of_code: HashMap<&str, HashSet<String>> = HashMap::new();
        for row in rows.iter().filter(|row| row.says(at)) {
            of_code.entry(row.get(at)).or_default().insert(learn::folded(row.get(name)));
        }
        let one = of_code.values().filter(|names| names.len() == 1).count();
        if one * 20 < of_code.len() * 19 {
            continue;
        }
        let reason = format!("each name under “{}” has one", profiles[name].heading);
        let role = profiles[name].role;
        let profile = &mut profiles[at];
        (profile.what, profile.role, profile.headed) = (Some("registrationNumber"), role, true);
        (profile.confidence, profile.reason) = (0.8, reason);
    }
}

/// Lets what land is worth be no value of shares in it.
pub(super) fn of_worth(profiles: &mut [Profile]) {
    let land = profiles.iter().any(|profile| profile.what == Some("titleNumber"));
    let payer = profiles.iter().any(|profile| {
        matches!(profile.role, Some(Role::Payer | Role::Beneficiary | Role::Transferee))
    });
    if !land || payer {
        return;
    }
    for profile in profiles.iter_mut() {
        if matches!(profile.what, Some("amount" | "sharesValue")) {
            profile.what = None;
        }
    }
}

/// Lets numbers whose unit stands in a column of its own be notes, where that unit is a multiple:
/// 1,418 beside “千株” are not 1,418 shares.
pub(super) fn of_units(profiles: &mut [Profile]) {
    const HEADINGS: [&str; 9] =
        ["unit", "units", "単位", "单位", "單位", "단위", "einheit", "unite", "ед изм"];
    const MULTIPLES: [&str; 10] =
        ["千", "万", "百万", "億", "亿", "thousand", "million", "тыс", "млн", "천"];
    let is_unit = |profile: &Profile| {
        let heading = words::normal(&profile.heading);
        let multiple = |value: &String| {
            let value = value.to_lowercase();
            MULTIPLES.iter().any(|multiple| value.contains(multiple))
        };
        HEADINGS.contains(&&*heading) && profile.values.iter().any(multiple)
    };
    let Some(unit) = profiles.iter().position(is_unit) else { return };
    let number = |what: &str| {
        matches!(what, "sharesCount" | "sharesValue" | "amount" | "capital" | "debit" | "credit")
    };
    profiles[unit].what = None;
    let before = profiles[..unit].iter_mut().rev().take(2);
    for profile in before.filter(|profile| profile.what.is_some_and(number)) {
        (profile.what, profile.role) = (None, None);
    }
}

/// Takes a bare ratio beside a number of shares for the share of the capital.
pub(super) fn of_ratios(profiles: &mut [Profile]) {
    const HEADINGS: [&str; 10] =
        ["割合", "比率", "比例", "占比", "비율", "ratio", "%", "доля", "anteil", "percent"];
    let counts = |profile: &Profile| is_number_of_shares(&profile.heading);
    if profiles.iter().any(|profile| profile.what == Some("percentage"))
        || !profiles.iter().any(counts)
    {
        return;
    }
    let is_ratio = |profile: &Profile| {
        let heading = words::normal(&profile.heading);
        let said = HEADINGS.contains(&&*heading) || HEADINGS.contains(&profile.heading.trim());
        let value = |value: &String| {
            let number = value.trim().trim_end_matches(['%', '％']).trim().parse::<f32>();
            number.is_ok_and(|number| (0.0..=100.0).contains(&number))
        };
        said && profile.what.is_none()
            && !profile.values.is_empty()
            && profile.values.iter().all(value)
    };
    if let Some(profile) = profiles.iter_mut().find(|profile| is_ratio(profile)) {
        (profile.what, profile.headed, profile.confidence) = (Some("percentage"), true, 0.9);
        profile.reason = format!("“{}” stands beside a number of shares", profile.heading);
    }
}

/// Whether a heading says that numbers of shares stand below it.
pub(super) fn is_number_of_shares(heading: &str) -> bool {
    words::meaning(heading).what == Some("sharesCount")
}

/// The number of a party in a heading: none where it counts the first names of one person, of
/// which no last name has a number.
pub(super) fn number_of(profiles: &[Profile], at: usize) -> String {
    let digits = party::number(&profiles[at].heading);
    let part = |what: Option<&str>| matches!(what, Some("firstName" | "middleName"));
    if digits.is_empty() || !part(profiles[at].what) {
        return digits;
    }
    let same = |profile: &Profile| {
        matches!(profile.what, Some("lastName" | "name"))
            && party::number(&profile.heading) == digits
    };
    let lasts = |profile: &Profile| matches!(profile.what, Some("lastName" | "name"));
    if profiles.iter().any(lasts) && !profiles.iter().any(same) { String::new() } else { digits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_beside_a_percentage_are_counted() {
        let column = |heading: &str, value: &str| Profile {
            heading: heading.to_owned(),
            what: Some("percentage"),
            values: vec![value.to_owned()],
            ..Profile::default()
        };
        let mut both = [column("Parts détenues", "60"), column("Pourcentage", "60,00")];
        of_shares(&mut both);
        assert_eq!(both.each_ref().map(|p| p.what), [Some("sharesCount"), Some("percentage")]);
        let mut two = [column("Direct", "60"), column("Indirect", "40")];
        of_shares(&mut two);
        assert!(two.iter().all(|p| p.what == Some("percentage")));
    }

    #[test]
    fn who_stands_beside_a_number_of_shares_in_thousands_owns_them() {
        let (_, lines) = super::super::tests::guessed(
            "s.csv",
            "会社名,氏名又は名称,所有株式数,単位,割合\n株式会社ノルデン,アルバ銀行,\"1,418\",千株,11.86\n\
             株式会社ノルデン,ミラージュ株式会社,523,千株,4.37\n株式会社ヴァンス,アルバ銀行,99,千株,5.1\n",
        );
        let shares =
            |line: &&String| line.starts_with("Ownership") && line.contains("percentage=割合");
        assert!(lines.iter().any(|line| shares(&line)), "{lines:#?}");
        assert!(lines.iter().all(|line| !line.contains("sharesCount")), "{lines:#?}");
    }

    #[test]
    fn the_number_of_a_file_is_no_other_number() {
        let column = |heading: &str| Profile {
            heading: heading.to_owned(),
            what: Some("registrationNumber"),
            ..Profile::default()
        };
        let mut both = [column("File No."), column("Inc. No.")];
        of_files(&mut both);
        assert_eq!(both.each_ref().map(|p| p.what), [Some("id"), Some("registrationNumber")]);
        let mut alone = [column("File No.")];
        of_files(&mut alone);
        assert_eq!(alone[0].what, Some("registrationNumber"));
    }

    #[test]
    fn a_trade_name_is_the_name_where_there_is_no_other() {
        let column = |what: &'static str, role: Option<Role>| Profile {
            what: Some(what),
            role,
            names: 1.0,
            headed: true,
            ..Profile::default()
        };
        let owner = || column("name", Some(Role::Owner));
        let mut alone = [column("alias", None), column("alias", None), owner()];
        instead(&mut alone);
        assert_eq!(alone.each_ref().map(|p| p.what), [Some("name"), Some("alias"), Some("name")]);
        let mut beside = [column("name", Some(Role::Company)), column("alias", None), owner()];
        instead(&mut beside);
        assert_eq!(beside[1].what, Some("alias"));
    }
}
