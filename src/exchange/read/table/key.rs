//! Ids that are made of the values of key columns, so that the same row gives the same entity.
//!
//! They are what `FollowTheMoney`'s own mapping makes: the SHA-1 of the literal and of the key
//! values in the order of their bytes, in hexadecimal. SHA-1 is no protection here and none is
//! needed; it is used because two tools then call the same entity the same.

/// The SHA-1 of bytes in hexadecimal.
pub(super) fn sha1(bytes: &[u8]) -> String {
    hex::encode(digest(bytes))
}

/// The SHA-1 of bytes (FIPS 180-4).
#[allow(clippy::many_single_char_names, reason = "the standard calls them so")]
fn digest(bytes: &[u8]) -> [u8; 20] {
    let mut state: [u32; 5] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];
    let mut message = bytes.to_vec();
    message.push(0x80);
    while message.len() % 64 != 56 {
        message.push(0);
    }
    message.extend((bytes.len() as u64 * 8).to_be_bytes());
    for block in message.chunks_exact(64) {
        let mut words = [0_u32; 80];
        for (word, four) in words.iter_mut().zip(block.chunks_exact(4)) {
            *word = four.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
        }
        for at in 16..80 {
            let mixed = words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16];
            words[at] = mixed.rotate_left(1);
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (at, word) in words.iter().enumerate() {
            let (mix, constant) = match at {
                0..20 => (b & c | !b & d, 0x5A82_7999),
                20..40 => (b ^ c ^ d, 0x6ED9_EBA1),
                40..60 => (b & c | b & d | c & d, 0x8F1B_BCDC),
                _ => (b ^ c ^ d, 0xCA62_C1D6_u32),
            };
            let next = a.rotate_left(5).wrapping_add(mix).wrapping_add(e);
            (e, d, c, b) = (d, c, b.rotate_left(30), a);
            a = next.wrapping_add(constant).wrapping_add(*word);
        }
        for (sum, word) in state.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(word);
        }
    }
    let mut all = [0; 20];
    for (four, word) in all.chunks_exact_mut(4).zip(state) {
        four.copy_from_slice(&word.to_be_bytes());
    }
    all
}

/// An id as `FollowTheMoney` signs it for a data set: followed by a dot and the HMAC-SHA-1 of it
/// under the name of the set, in place of a signature that it has.
pub(super) fn signed(id: &str, dataset: &str) -> String {
    const BLOCK: usize = 64;
    let id = id.rsplit_once('.').map_or(id, |(own, _)| own);
    let mut key = dataset.as_bytes().to_vec();
    if key.len() > BLOCK {
        key = digest(&key).to_vec();
    }
    key.resize(BLOCK, 0);
    let pad = |with: u8| -> Vec<u8> { key.iter().map(|byte| byte ^ with).collect() };
    let mut inner = pad(0x36);
    inner.extend(id.bytes());
    let mut outer = pad(0x5c);
    outer.extend(digest(&inner));
    format!("{id}.{}", sha1(&outer))
}

/// The id that a literal and key values make, as `FollowTheMoney` makes it; `None` where every
/// key is empty.
pub(super) fn of_keys(literal: &str, mut keys: Vec<&str>) -> Option<String> {
    keys.retain(|key| !key.is_empty());
    if keys.is_empty() {
        return None;
    }
    keys.sort_unstable();
    let bytes: Vec<u8> = literal.bytes().chain(keys.iter().flat_map(|key| key.bytes())).collect();
    Some(sha1(&bytes))
}

/// The id that everything said of an entity makes: pairs of property and value, in their order.
/// `None` where nothing is said.
pub(super) fn of_content(literal: &str, said: &[(&str, &str)]) -> Option<String> {
    if said.is_empty() {
        return None;
    }
    let mut bytes = literal.as_bytes().to_vec();
    for (property, value) in said {
        for part in [property, value] {
            // A separator that no value holds: what is said cannot shift from one to the next.
            bytes.push(0);
            bytes.extend(part.bytes());
        }
    }
    Some(sha1(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_examples_come_out() {
        assert_eq!(sha1(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(sha1(b""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
        let two_blocks = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        assert_eq!(sha1(two_blocks), "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
        assert_eq!(sha1(&vec![b'a'; 1_000_000]), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
    }

    #[test]
    fn a_signature_is_that_of_the_published_example() {
        // RFC 2202, case 2.
        let signature = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
        let text = "what do ya want for nothing?";
        assert_eq!(signed(text, "Jefe"), format!("{text}.{signature}"));
        assert_eq!(signed("a.b", "x"), signed("a", "x"), "an earlier signature is replaced");
    }

    #[test]
    fn keys_count_without_order_and_content_with_it() {
        assert_eq!(of_keys("x", vec!["b", "", "a"]), of_keys("x", vec!["a", "b"]));
        assert_ne!(of_keys("x", vec!["a"]), of_keys("y", vec!["a"]));
        assert_eq!(of_keys("x", vec!["", ""]), None);
        assert_ne!(of_content("", &[("a", "bc")]), of_content("", &[("ab", "c")]));
    }
}
