//! The forms in which headings write the words that `words.txt` lists: squeezed together, declined,
//! without their umlauts, between the marks of programmers.

use super::{Role, WORDS, Words};

/// Articles and prepositions, which leave nothing of a heading unexplained.
pub(super) const FILLERS: &[&str] = &[
    "of", "the", "s", "for", "de", "du", "des", "d", "la", "le", "les", "l", "del", "della",
    "dell", "dello", "dei", "degli", "delle", "di", "do", "da", "dos", "das", "el", "los", "las",
    "der", "die", "den", "dem", "det", "van", "het", "von", "zum", "zur", "av", "af", "pe", "lui",
    "til", "за", "на", "по", "של", "का", "के", "की", "ka", "ke", "ki", "cua",
];

/// What programmers write before and after a heading: the type of a column, “label”.
const NOISE: &[&str] = &[
    "str", "txt", "lbl", "label", "fld", "field", "col", "column", "vch", "varchar", "char", "dsp",
    "inp",
];

/// Ends of compounds, each an attribute.
const HEADS: &[&str] = &[
    "name",
    "names",
    "namen",
    "navn",
    "namn",
    "naam",
    "nimi",
    "address",
    "adresse",
    "adress",
    "adres",
    "anschrift",
    "sitz",
    "number",
    "nummer",
    "num",
    "nr",
    "no",
    "code",
    "id",
    "date",
    "datum",
    "dato",
    "country",
    "land",
    "city",
    "ort",
    "type",
    "typ",
    "amount",
    "betrag",
    "account",
    "konto",
    "iban",
    "bic",
    "email",
    "phone",
    "telefon",
    "title",
    "currency",
    "status",
];

/// Endings of nouns, and those in their place in `words.txt`. The longest come first.
const ENDINGS: &[(&str, &str)] = &[
    // English, German, French, Spanish, the North.
    ("ies", "y"),
    ("ens", ""),
    ("ens", "e"),
    ("es", ""),
    ("ns", ""),
    ("s", ""),
    ("en", "e"),
    ("en", ""),
    ("in", ""),
    ("n", ""),
    ("i", "o"),
    ("i", "e"),
    ("i", ""),
    // Polish, Czech, Slovak, Slovene, Croatian, Hungarian, Romanian, Albanian.
    ("ului", ""),
    ("ilor", ""),
    ("ul", ""),
    ("owi", ""),
    ("ow", ""),
    ("cy", "ca"),
    ("ov", ""),
    ("u", ""),
    ("y", "a"),
    ("y", ""),
    ("a", "o"),
    ("a", "e"),
    ("a", ""),
    ("e", "a"),
    ("e", ""),
    ("it", ""),
    ("ve", ""),
    // Turkish, Azeri, Estonian, Latvian, Lithuanian.
    ("nun", ""),
    ("nin", ""),
    ("un", ""),
    ("leri", ""),
    ("lari", ""),
    ("ler", ""),
    ("lar", ""),
    ("te", ""),
    ("a", "s"),
    ("o", "as"),
    ("io", "is"),
    ("jo", "jas"),
    ("im", "is"),
    // Russian, Ukrainian, Bulgarian, Serbian.
    ("ами", ""),
    ("ия", "ие"),
    ("ии", "ия"),
    ("ию", "ия"),
    ("ов", ""),
    ("ом", ""),
    ("ем", "ь"),
    ("еи", "ь"),
    ("ям", "ь"),
    ("ям", ""),
    ("ам", ""),
    ("ят", ""),
    ("ът", ""),
    ("ите", ""),
    ("та", ""),
    ("то", ""),
    ("а", "о"),
    ("а", ""),
    ("я", "ь"),
    ("я", "и"),
    ("я", "е"),
    ("у", ""),
    ("у", "а"),
    ("ы", "а"),
    ("ы", ""),
    ("и", "ь"),
    ("и", "а"),
    ("и", "я"),
    ("и", ""),
    ("ів", ""),
    ("іі", "ія"),
    ("і", "а"),
    ("і", ""),
    // Kazakh, Georgian, Armenian, Greek.
    ("нын", ""),
    ("нін", ""),
    ("дын", ""),
    ("ის", "ი"),
    ("ი", ""),
    ("ի", ""),
    ("ου", "ος"),
    ("ων", "ος"),
    ("ου", "ο"),
    ("", "ς"),
];

/// Words that look like a form of a role and are none, or whose columns list many in a cell.
const NO_FORMS: &[&str] = &[
    "carriere",
    "parente",
    "parenti",
    "parents",
    "customs",
    "companion",
    "agenda",
    "persones",
    "applicants",
    // Agents of a firm are its customers, whatever the other columns say of them.
    "агента",
    "investors",
];

/// A heading in lower-case words with each word as `words.txt` lists it, where that is another.
pub(super) fn listed(text: &str) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    let noise = |word: &&str| {
        NOISE.contains(word)
            || word.len() == 2 && word.starts_with('t') && word.as_bytes()[1].is_ascii_digit()
    };
    while words.len() > 1 && noise(&words[0]) {
        words.remove(0);
    }
    while words.len() > 1 && words.last().is_some_and(noise) {
        words.pop();
    }
    let words = words.into_iter().map(|word| listed_word(&WORDS, word));
    words.collect::<Vec<_>>().join(" ")
}

fn listed_word(known: &Words, word: &str) -> String {
    if let Some(long) = known.short.get(word) {
        return long.clone();
    }
    if known.roles.contains_key(word) || known.attributes.contains_key(word) {
        return word.to_owned();
    }
    let plain = without_umlauts(known, word);
    let word = plain.as_deref().unwrap_or(word);
    let found = || inflected(known, word).map(str::to_owned).or_else(|| compound(known, word));
    if plain.is_some() && known.known.contains(word) {
        return word.to_owned();
    }
    found().unwrap_or_else(|| word.to_owned())
}

/// `gruendung` without the letters that stand for an umlaut, where only that is a known word.
fn without_umlauts(known: &Words, word: &str) -> Option<String> {
    if known.known.contains(word) || !["ae", "oe", "ue"].iter().any(|pair| word.contains(pair)) {
        return None;
    }
    let plain = word.replace("ae", "a").replace("oe", "o").replace("ue", "u");
    let told = plain.len() > 4 && known.known.contains(&plain)
        || compound(known, &plain).is_some()
        || inflected(known, &plain).is_some();
    told.then_some(plain)
}

/// The role of which a word is the plural or another case: `учредителя`, `wspólnika`, “suppliers”.
fn inflected<'a>(known: &'a Words, word: &str) -> Option<&'a str> {
    if NO_FORMS.contains(&word) || known.whole.contains(word) {
        return None;
    }
    ENDINGS.iter().find_map(|(ending, instead)| {
        let base = format!("{}{instead}", word.strip_suffix(ending)?);
        let short = if *ending == "s" || !base.is_ascii() { 4 } else { 5 };
        let role = known.roles.get_key_value(&base).map(|(role, _)| role.as_str());
        role.filter(|role| role.chars().count() >= short && !known.whole.contains(*role))
    })
}

/// The two words of which one is made: `schuldneradresse`, `companyname`.
fn compound(known: &Words, word: &str) -> Option<String> {
    const LINKS: &[&str] = &["", "s", "es", "n", "en", "e"];
    HEADS.iter().find_map(|head| {
        let before = word.strip_suffix(head).filter(|before| before.chars().count() >= 3)?;
        let role = |base: &str| {
            let long = base.chars().count() >= 4 && !known.whole.contains(base);
            long && known.roles.contains_key(base)
        };
        let role = LINKS
            .iter()
            .filter_map(|link| before.strip_suffix(link))
            .find(|base| role(base))
            .map(str::to_owned)
            .or_else(|| Some(format!("{before}e")).filter(|base| role(base)));
        let phrase = format!("{before} {head}");
        match role {
            Some(role) => Some(format!("{role} {head}")),
            None => known.attributes.contains_key(&phrase).then_some(phrase),
        }
    })
}

/// Whether a heading counts somebody or says yes or no of him, so that nobody's name is below it:
/// “Number of directors”, `has_owner`, “Payee checked”.
pub(super) fn counts_or_marks(text: &str, role: Option<Role>) -> bool {
    const COUNTS: &[&str] = &[
        "number of",
        "no of",
        "nr of",
        "num of",
        "nbr of",
        "count of",
        "total",
        "anzahl",
        "zahl der",
        "nombre d",
        "nombre total",
        "nb",
        "nb de",
        "numero de",
        "numero di",
        "cantidad de",
        "quantidade de",
        "aantal",
        "antal",
        "antall",
        "liczba",
        "ilosc",
        "pocet",
        "broj",
        "stevilo",
        "numar de",
        "numarul de",
        "количество",
        "число",
        "кол во",
        "кількість",
        "sayisi",
        "so luong",
        "αριθμος",
    ];
    const MARKS: &[&str] = &[
        "count",
        "counts",
        "total",
        "flag",
        "verified",
        "confirmed",
        "checked",
        "matched",
        "match",
        "missing",
        "exists",
        "score",
        "rank",
        "indicator",
        "ind",
        "yn",
        "active",
        "changes",
        "changed",
        "age",
        "ratio",
        "anzahl",
        "sayisi",
        "szama",
        "lukumaara",
        "skaits",
        "skaicius",
        "arv",
        "количество",
        "adedi",
        "meeting",
        "report",
        "fee",
        "fees",
    ];
    const FIRST: &[&str] = &["is", "has", "have", "had", "are", "was", "does", "can"];
    let words: Vec<&str> = text.split(' ').collect();
    let begins = |phrase: &str| text.strip_prefix(phrase).is_some_and(|rest| rest.starts_with(' '));
    let french = matches!(&words[..], ["nombre", "de", who] if who.ends_with('s'));
    let counted = ["人数", "数量", "家数", "数", "수", "件数", "명수"];
    role.is_some()
        && words.len() > 1
        && (french
            || FIRST.contains(&words[0])
            || COUNTS.iter().any(|phrase| begins(phrase))
            || words.last().is_some_and(|last| MARKS.contains(last)))
        || role.is_some() && counted.iter().any(|end| text.ends_with(end))
}
