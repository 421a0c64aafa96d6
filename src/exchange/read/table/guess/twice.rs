//! Names that two columns of a table have twice, of which one is another writing of the other.

use super::{
    super::{
        learn,
        row::Row,
        words::{self, Role},
    },
    profile::Profile,
};

/// Makes the less telling one of two columns with the same names other names of the same.
pub(super) fn settle(profiles: &mut [Profile], rows: &[Row]) {
    once_more(profiles, rows);
    said_twice(profiles, rows);
}

/// Makes a column whose names are those of another column in most rows, shorter or in another
/// spelling, other names of the same, where no heading says that they are somebody else's.
fn once_more(profiles: &mut [Profile], rows: &[Row]) {
    let open = |profile: &Profile| {
        profile.what == Some("name")
            && !profile.called
            && matches!(profile.role, None | Some(Role::Company | Role::Person))
    };
    let names: Vec<usize> = (0..profiles.len()).filter(|at| open(&profiles[*at])).collect();
    for (nth, one) in names.iter().copied().enumerate() {
        for other in names[nth + 1..].iter().copied() {
            if !open(&profiles[one]) || !open(&profiles[other]) {
                continue;
            }
            let both = rows.iter().filter(|row| row.says(one) && row.says(other));
            let all = both.clone().count();
            let same = both.filter(|row| are_one(row.get(one), row.get(other))).count();
            const FULL: [&str; 3] = ["registered name", "legal name", "official name"];
            let full = words::mentions(&profiles[other].heading, &FULL)
                && profiles[one].role.is_none()
                && profiles[other].filled < profiles[one].filled;
            if !full && (all < 3 || same * 10 < all * 7) {
                continue;
            }
            // The one that more rows have, or that says whose name it is.
            let rank = |at: usize| (profiles[at].filled, profiles[at].role.is_some());
            let less = if rank(other) > rank(one) { one } else { other };
            (profiles[less].what, profiles[less].role) = (Some("alias"), None);
        }
    }
}

/// Whether two names are of one: the shorter one within the other, the same first word, which is
/// more than a form, or the surname before a comma among the words of the other: “Norden, Mr A”
/// and “Alba Norden”.
fn are_one(one: &str, other: &str) -> bool {
    let surname = |turned: &str, plain: &str| {
        let Some((last, _)) = turned.split_once(',') else { return false };
        let last = learn::folded(&words::normal(last));
        let plain = (!plain.contains(',')).then(|| learn::folded(&words::normal(plain)));
        let ends = |name: String| name.split(' ').any(|word| word == last);
        last.chars().count() > 2 && plain.is_some_and(ends)
    };
    if surname(one, other) || surname(other, one) {
        return true;
    }
    let [one, other] = [one, other].map(|name| learn::folded(&words::normal(name)));
    let short = if one.len() < other.len() { &one } else { &other };
    let first = |name: &str| name.split(' ').next().unwrap_or_default().to_owned();
    let same = first(&one) == first(&other) && first(&one).chars().count() > 3;
    short.chars().count() > 1 && (one.contains(&other) || other.contains(&one)) || same
}

/// Makes one of two columns with the same names, written apart or not, another writing of the
/// other: “name” beside “donor name”.
fn said_twice(profiles: &mut [Profile], rows: &[Row]) {
    let named = |profile: &Profile| profile.headed && profile.what == Some("name");
    for at in 0..profiles.len() {
        for other in 0..profiles.len() {
            let pair = at != other && named(&profiles[at]) && named(&profiles[other]);
            // Who owns a firm may direct it, too.
            if !pair || profiles[at].role.is_some() || profiles[other].role.is_none() && other > at
            {
                continue;
            }
            // Who stands for himself stands beside firms for which another does.
            let stands = matches!(profiles[other].role, Some(Role::Director | Role::Agent));
            if stands && profiles[at].companies > 0.0 {
                continue;
            }
            let both = rows.iter().filter(|row| row.says(at) && row.says(other));
            let (mut all, mut same) = (0, 0);
            for row in both {
                all += 1;
                same += usize::from(is_same(row.get(at), row.get(other)));
            }
            if all > 2 && same * 10 >= all * 8 && profiles[other].different > 1 {
                (profiles[at].what, profiles[at].role) = (Some("alias"), None);
            }
        }
    }
}

/// Whether two names are one, or differ by one word of three or more.
fn is_same(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|name| words::normal(&name.to_lowercase()));
    if one == other {
        return true;
    }
    let words: Vec<&str> = one.split(' ').collect();
    let common = words.iter().filter(|word| other.split(' ').any(|own| own == **word)).count();
    let most = words.len().max(other.split(' ').count());
    common > 1 && common + 1 >= most
}
