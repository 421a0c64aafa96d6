//! Which of several columns with names are names of parties: names in two languages, the texts of
//! codes.

use super::{
    super::{row::Row, words},
    profile::Profile,
    twice,
};

/// Settles what columns with names are before parties are made of them.
pub(super) fn settle(profiles: &mut [Profile], rows: &[Row]) {
    in_two_scripts(profiles, rows);
    codes_of_countries(profiles);
    names_of_codes(profiles);
    twice::settle(profiles, rows);
}

/// Words that say in which language or form a name is given, not whose it is.
const LANGUAGES: &[&str] = &[
    "orig",
    "alt",
    "alternative",
    "укр",
    "ориг",
    "альт",
    "англ",
    "лат",
    "рос",
    "in",
    "en",
    "eng",
    "english",
    "ar",
    "arabic",
    "ru",
    "rus",
    "russian",
    "cn",
    "zh",
    "chinese",
    "local",
    "native",
    "latin",
    "fr",
    "de",
    "es",
    "uk",
    "ukr",
    "he",
    "original",
    "jp",
    "ja",
    "japanese",
    "ko",
    "kr",
    "korean",
    "th",
    "thai",
    "alphabetic",
    "alphabet",
    "phonetic",
    "kana",
    "katakana",
    "hiragana",
    "romaji",
    "romanized",
    "romanised",
    "pinyin",
    "transliterated",
    "transliteration",
    "short",
    "abbreviated",
    "full",
    "hebrew",
    "spanish",
    "german",
    "french",
    "italian",
    "portuguese",
    "turkish",
    "greek",
    "persian",
    "farsi",
    "ukrainian",
    "georgian",
    "armenian",
    "hindi",
    "vietnamese",
    "cyrillic",
    "englisch",
    "deutsch",
    "anglais",
    "francais",
    "ingles",
    "espanol",
    "inglese",
    "английском",
    "английский",
    "русском",
    "русский",
    "украинском",
    "англійською",
    "українською",
];
/// The same in scripts that do not part words.
const UNPARTED: &[&str] = &[
    "簡稱",
    "简称",
    "略称",
    "英文",
    "英語",
    "英语",
    "中文",
    "別名",
    "フリガナ",
    "ふりがな",
    "カナ",
    "かな",
    "ローマ字",
    "외국어",
    "영문",
    "국문",
    "약칭",
    "日本語",
    "中国語",
    "韓国語",
    "外国語",
    "日文",
    "韩文",
    "俄文",
    "外文",
    "原文",
    "漢字",
    "ハングル",
    "한글",
    "한국어",
    "영어",
    "한자",
];

/// Makes the second of two columns that only differ by a language another name of the first.
fn in_two_scripts(profiles: &mut [Profile], rows: &[Row]) {
    let bare = |heading: &str| {
        let mut heading = words::normal(heading);
        let mut marked = false;
        // Scripts that do not part words.
        for kind in UNPARTED {
            if heading.contains(kind) {
                heading = heading.replace(kind, "");
                marked = true;
            }
        }
        let mut heading = heading.trim().to_owned();
        for name in ["名稱", "名称", "名前", "名", "명칭", "명"] {
            if let Some(rest) = heading.strip_suffix(name) {
                heading = rest.to_owned();
                break;
            }
        }
        let words: Vec<&str> = heading.split_whitespace().collect();
        let kept: Vec<&str> =
            words.iter().copied().filter(|word| !LANGUAGES.contains(word)).collect();
        (marked || kept.len() < words.len(), kept.join(" "))
    };
    // “corporateKana” beside “corporateName”.
    let unnamed = |own: &str| -> String {
        let words = own.split(' ').filter(|word| !matches!(*word, "name" | "names"));
        words.collect::<Vec<_>>().join(" ")
    };
    let same = |one: &str, other: &str| {
        one == other || !unnamed(one).is_empty() && unnamed(one) == unnamed(other)
    };
    let is_name = |profile: &Profile| matches!(profile.what, Some("name" | "alias" | "latinName"));
    for at in 1..profiles.len() {
        if !is_name(&profiles[at]) {
            continue;
        }
        let (marked, own) = bare(&profiles[at].heading);
        let before = profiles[..at].iter().position(|other| {
            let (other_marked, other_own) = bare(&other.heading);
            is_name(other) && (marked || other_marked) && same(&own, &other_own)
        });
        let Some(before) = before else { continue };
        if [before, at].iter().all(|at| profiles[*at].what != Some("name")) {
            continue;
        }
        let only =
            |one: usize, other: usize| rows.iter().any(|row| !row.says(one) && row.says(other));
        if only(before, at) && profiles[before].also.is_none() {
            // Some are named in one language, some in the other.
            profiles[before].also = Some(at);
            (profiles[before].what, profiles[before].headed) = (Some("name"), true);
            (profiles[at].what, profiles[at].role) = (None, None);
        } else if profiles[before].what == Some("name") {
            (profiles[at].what, profiles[at].role) = (Some("alias"), None);
        }
    }
}

/// Codes under a heading that nobody understands are no countries where another column names them.
fn codes_of_countries(profiles: &mut [Profile]) {
    let named = profiles.iter().any(|profile| {
        profile.headed
            && matches!(profile.what, Some("country" | "nationality" | "jurisdiction" | "flag"))
    });
    let code = |profile: &Profile| {
        !profile.headed
            && profile.what == Some("country")
            && profile.values.iter().all(|value| value.chars().count() <= 3)
    };
    for profile in profiles.iter_mut().filter(|profile| named && code(profile)) {
        profile.what = None;
    }
}

/// A name beside the code of the same, “Region code” and “Region name”, is the text of the code
/// where nothing says that it is somebody's and others are named.
fn names_of_codes(profiles: &mut [Profile]) {
    let stems = |heading: &str, says: &dyn Fn(&str) -> bool| -> Vec<Vec<String>> {
        let parts = heading.split('/').map(words::normal);
        let stem = |part: String| {
            let all: Vec<&str> = part.split(' ').collect();
            let stem: Vec<String> =
                all.iter().filter(|word| !says(word)).map(|word| (*word).to_owned()).collect();
            (!stem.is_empty() && stem.len() < all.len()).then_some(stem)
        };
        parts.filter_map(stem).collect()
    };
    let is_code = |word: &str| matches!(word, "code" | "cd" | "kod" | "код" | "коды" | "kodu");
    let is_name = |word: &str| words::meaning(word).what == Some("name");
    let codes: Vec<Vec<String>> =
        profiles.iter().flat_map(|profile| stems(&profile.heading, &is_code)).collect();
    // “RGN” beside “RGN_name” is such a code, too.
    let bare: Vec<Vec<String>> = profiles
        .iter()
        .filter(|profile| profile.coded && profile.what.is_none())
        .map(|profile| words::normal(&profile.heading).split(' ').map(str::to_owned).collect())
        .collect();
    let named = profiles.iter().filter(|p| p.headed && p.what == Some("name")).count();
    for profile in profiles.iter_mut().filter(|profile| named > 1 && profile.role.is_none()) {
        let text = profile.what == Some("name")
            && profile.companies < 0.5
            && stems(&profile.heading, &is_name)
                .iter()
                .any(|stem| codes.contains(stem) || bare.contains(stem));
        if text {
            (profile.what, profile.headed) = (None, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::guessed;

    #[test]
    fn names_in_two_languages_are_of_one() {
        let (guess, lines) = guessed(
            "n.csv",
            "Company name in English,Company name in Chinese,Country\nA Ltd,,HK\n,乙有限公司,HK\nC Ltd,丙有限公司,HK\n",
        );
        assert_eq!(
            lines,
            [
                "Company company: name=Company name in English+Company name in Chinese, country=Country"
            ]
        );
        assert!(!guess.mapping.entities[0].whole_key);
    }

    #[test]
    fn the_text_of_a_code_is_no_party() {
        let (_, lines) = guessed(
            "c.csv",
            "Company name,Size code,Size name\nA Ltd,1,Small firms\nB Ltd,2,Large firms\nC Ltd,1,Small firms\n",
        );
        assert_eq!(lines.len(), 1, "{lines:#?}");
    }
}
