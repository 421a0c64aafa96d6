//! What a word sounds like: one key for the spellings that romanisation has given one name.
//!
//! Mohammed, Muhammad and محمد (which has no vowels) have one key, and so have Kim and Gim,
//! Khabarovsk and Habarovsk, Sergey and Sergej. A key says only that two words may be one name; how
//! near their spellings are is for whoever compares them.

/// A key: words with the same one may be spellings of one name. Never 0.
pub type Sound = u32;

/// Korean family names and the spellings that lists have for each.
const SURNAMES: [&[&str]; 22] = [
    &["kim", "gim"],
    &["lee", "yi", "ri", "rhee", "rhie", "li", "i"],
    &["park", "pak", "bak"],
    &["choe", "choi", "chwe", "choy"],
    &["jong", "jung", "jeong", "chung", "chong", "cheong"],
    &["jo", "cho", "joe"],
    &["kang", "gang"],
    &["yun", "yoon", "youn"],
    &["jang", "chang"],
    &["im", "lim", "rim"],
    &["no", "ro", "noh", "roh"],
    &["yu", "yoo", "ryu", "ryoo", "you"],
    &["paek", "baek", "baik", "paik", "back"],
    &["ho", "heo", "hur", "huh"],
    &["sin", "shin"],
    &["so", "seo", "suh"],
    &["u", "woo", "wu"],
    &["mun", "moon"],
    &["kwon", "gwon", "kwun"],
    &["ko", "go", "koh", "goh"],
    &["ryang", "yang"],
    &["an", "ahn"],
];

/// The key of a folded word in Latin letters; none where it says nothing.
pub fn sound(word: &str) -> Option<Sound> {
    if !word.is_ascii() || word.len() > 32 || word.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    // Most words differ in the first letter, and a million are asked for.
    let begin = word.bytes().next()?;
    let is_it = |name: &&str| name.as_bytes()[0] == begin && *name == word;
    if word.len() <= 6
        && let Some(at) = SURNAMES.iter().position(|names| names.iter().any(is_it))
    {
        return Some(at as Sound + 1);
    }
    let skeleton = skeleton(word)?;
    // FNV-1a; the numbers of the family names stay free.
    let hash = skeleton
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, b| (hash ^ u32::from(b)).wrapping_mul(0x0100_0193));
    Some(hash.max(SURNAMES.len() as u32 + 1))
}

/// Whether a key is that of a family name with a list of spellings, however different those are.
pub fn is_listed(sound: Sound) -> bool {
    (1..=SURNAMES.len() as Sound).contains(&sound)
}

/// The consonants by their kind, the first vowel if it begins the word, and in a short word the
/// kinds of all vowels.
fn skeleton(word: &str) -> Option<String> {
    let (mut consonants, mut full) = (String::new(), String::new());
    let bytes = word.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let (kind, length) = kind(&bytes[at..], at == 0);
        at += length;
        let Some(kind) = kind else { continue };
        let vowel = matches!(kind, 'a' | 'i' | 'u');
        if full.ends_with(kind) {
            continue;
        }
        full.push(kind);
        if !vowel && !consonants.ends_with(kind) {
            consonants.push(kind);
        } else if vowel && full.len() == 1 {
            consonants.push('a');
        }
    }
    if full.is_empty() {
        return None;
    }
    // The h at the end of Abdullah is not heard.
    if consonants.len() > 2 && consonants.ends_with('h') {
        consonants.pop();
    }
    Some(if consonants.trim_start_matches('a').len() < 3 { full } else { consonants })
}

/// The kind of sound that letters begin with, and how many letters it takes.
fn kind(rest: &[u8], first: bool) -> (Option<char>, usize) {
    const GROUPS: [(&[u8], char); 26] = [
        (b"shch", 's'),
        (b"sch", 's'),
        (b"tch", 'j'),
        (b"dzh", 'j'),
        (b"zh", 'j'),
        (b"ch", 'j'),
        (b"dj", 'j'),
        (b"sh", 's'),
        (b"kh", 'h'),
        (b"gh", 'k'),
        (b"ph", 'v'),
        (b"th", 't'),
        (b"dh", 't'),
        (b"ts", 's'),
        (b"tz", 's'),
        (b"ck", 'k'),
        (b"qu", 'k'),
        (b"ks", 'x'),
        (b"eo", 'u'),
        (b"eu", 'u'),
        (b"ae", 'a'),
        (b"oo", 'u'),
        (b"ou", 'u'),
        (b"ee", 'i'),
        (b"ie", 'i'),
        (b"ei", 'i'),
    ];
    for (letters, kind) in GROUPS {
        if rest[0] == letters[0] && rest.starts_with(letters) {
            return (Some(kind), letters.len());
        }
    }
    let next = rest.get(1).copied();
    let kind = match rest[0] {
        b'c' if next.is_none_or(|n| matches!(n, b'e' | b'i' | b'y' | b'j')) => 's',
        b'k' | b'g' | b'q' | b'c' => 'k',
        b'p' | b'b' => 'p',
        b'f' | b'v' | b'w' => 'v',
        b't' | b'd' => 't',
        b's' | b'z' => 's',
        // Jurij is Yuri, Sergej is Sergei; but Jong is Chong.
        b'j' if !first && next.is_none_or(|n| !b"aeiou".contains(&n)) => 'i',
        b'j' => 'j',
        b'l' => 'l',
        b'r' => 'r',
        b'm' => 'm',
        b'n' => 'n',
        b'h' => 'h',
        b'x' => 'x',
        b'a' => 'a',
        b'e' | b'i' => 'i',
        b'o' | b'u' => 'u',
        // Before a vowel it only colours it.
        b'y' if !first && next.is_some_and(|n| b"aeiou".contains(&n)) => return (None, 1),
        b'y' => 'i',
        _ => return (None, 1),
    };
    (Some(kind), 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same(words: &[&str]) {
        let keys: Vec<_> = words.iter().map(|word| sound(word)).collect();
        assert!(keys[0].is_some() && keys.iter().all(|key| *key == keys[0]), "{words:?} {keys:?}");
    }

    #[test]
    fn spellings_of_one_name_have_one_key() {
        same(&["mohammed", "muhammad", "mohamed", "mhmd"]);
        same(&["kim", "gim"]);
        same(&["lee", "yi", "ri", "rhee"]);
        same(&["park", "pak", "bak"]);
        same(&["choe", "choi"]);
        same(&["jong", "jeong", "jung", "chong"]);
        same(&["un", "eun"]);
        same(&["jongun", "jeongeun", "chongun"]);
        same(&["khabarovsk", "habarovsk"]);
        same(&["tsoy", "tsoi", "tzoi"]);
        same(&["sergey", "sergei", "sergej"]);
        same(&["kwangson", "gwangseon"]);
        same(&["abdullah", "abdulla"]);
    }

    #[test]
    fn different_names_have_different_keys() {
        for (one, other) in [
            ("kim", "kang"),
            ("hongxiang", "dandong"),
            ("smith", "jones"),
            ("un", "in"),
            ("ri", "ra"),
        ] {
            assert_ne!(sound(one), sound(other), "{one} {other}");
        }
        assert_eq!(sound("9074729"), None);
    }

    proptest! {
        #[test]
        fn any_word_has_a_key_or_none(word in "\\PC{0,40}") {
            sound(&word);
        }
    }
}
