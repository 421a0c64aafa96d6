//! How other scripts read in Latin letters: the usage of lists and registers, not of scholars.

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

use super::{Out, digit, is_han, is_hangul, is_silent, letters};

/// Writes the reading of one character that is not ASCII.
pub(super) fn write(c: char, at: usize, out: &mut Out<'_>) {
    if canonical_combining_class(c) != 0 || is_silent(c) {
        return;
    }
    if is_han(c) || is_hangul(c) {
        out.syllable(true, at);
        put(any_ascii::any_ascii_char(c), at, out);
        return;
    }
    if let Some(reading) = cyrillic(c).or_else(|| arabic(c, out.length == 0)) {
        out.syllable(false, at);
        put(reading, at, out);
        return;
    }
    if let Some(latin) = letters(c).filter(|l| l.is_ascii()) {
        out.syllable(false, at);
        put(latin, at, out);
        return;
    }
    decompose_compatible(c, |part| {
        if canonical_combining_class(part) != 0 || is_silent(part) {
            return;
        }
        if let Some(digit) = digit(part) {
            out.syllable(false, at);
            out.put(digit, at);
        } else if part.is_alphanumeric() {
            out.syllable(false, at);
            put(
                letters(part).filter(|l| l.is_ascii()).unwrap_or(any_ascii::any_ascii_char(part)),
                at,
                out,
            );
        } else {
            out.gap();
        }
    });
}

fn put(reading: &str, at: usize, out: &mut Out<'_>) {
    for c in reading.chars().filter(char::is_ascii_alphanumeric) {
        out.put(c.to_ascii_lowercase(), at);
    }
}

/// Russian, Ukrainian and Belarusian letters as passports and sanctions lists write them.
fn cyrillic(c: char) -> Option<&'static str> {
    let lower = match c {
        'А'..='Я' => char::from_u32(c as u32 + 0x20)?,
        'Ѐ'..='Џ' => char::from_u32(c as u32 + 0x50)?,
        other => other,
    };
    Some(match lower {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' | 'Ґ' => "g",
        'д' => "d",
        'е' | 'ё' | 'э' => "e",
        'ж' => "zh",
        'з' => "z",
        'и' | 'і' => "i",
        'й' | 'ы' => "y",
        'ї' => "yi",
        'є' => "ye",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ў' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ю' => "yu",
        'я' => "ya",
        _ => return None,
    })
}

/// Arabic letters that stand for vowels, or for none in Latin spelling. The others are consonants
/// everywhere.
fn arabic(c: char, first: bool) -> Option<&'static str> {
    Some(match c {
        'ا' | 'أ' | 'إ' | 'آ' | 'ٱ' | 'ع' | 'ة' | 'ى' => "a",
        'و' if !first => "u",
        'ي' | 'ی' if !first => "i",
        'ئ' | 'ؤ' | 'ء' => "",
        _ => return None,
    })
}
