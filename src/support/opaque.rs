//! The text of every bearer value that only Haechi reads: `prefix`, base64url payload, checksum.
//!
//! The prefix tells users and secret scanners what leaked, the checksum (CRC-32, six characters) tells a scanner that it
//! is not a look-alike and lets a mistyped value be refused without a look-up. Neither is a secret or a proof.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const CHECKSUM_CHARS: usize = 6;

/// Writes a payload as text.
pub fn encode(prefix: &str, payload: &[u8]) -> String {
    let mut text = String::with_capacity(prefix.len() + payload.len() * 4 / 3 + 2 + CHECKSUM_CHARS);
    text.push_str(prefix);
    URL_SAFE_NO_PAD.encode_string(payload, &mut text);
    let checksum = checksum(&text);
    text.push_str(&checksum);
    text
}

/// Reads back a payload of exactly `N` bytes; `None` for anything that [`encode`] did not write with this prefix.
pub fn decode<const N: usize>(prefix: &str, text: &str) -> Option<[u8; N]> {
    let (body, sum) = text.split_at_checked(text.len().checked_sub(CHECKSUM_CHARS)?)?;
    let encoded = body.strip_prefix(prefix)?;
    if sum != checksum(body) {
        return None;
    }
    URL_SAFE_NO_PAD.decode(encoded).ok()?.try_into().ok()
}

/// Four bytes of CRC-32 as six characters of base64url.
fn checksum(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(crc32fast::hash(text.as_bytes()).to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_survives_its_text() {
        let text = encode("hcode_", &[7; 48]);
        assert_eq!(decode::<48>("hcode_", &text), Some([7; 48]));
    }

    #[test]
    fn a_value_of_another_kind_or_length_is_refused() {
        let text = encode("hcode_", &[7; 48]);
        assert_eq!(decode::<48>("hrt_", &text), None);
        assert_eq!(decode::<47>("hcode_", &text), None);
    }

    #[test]
    fn any_single_changed_character_is_noticed() {
        let text = encode("hcode_", &[7; 48]);
        for at in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[at] = if other[at] == b'x' { b'y' } else { b'x' };
            assert_eq!(decode::<48>("hcode_", &String::from_utf8(other).unwrap()), None, "at {at}");
        }
    }

    #[test]
    fn short_and_foreign_texts_do_not_panic() {
        for text in ["", "a", "hcode_", "해치해치해치", "hcode_😀😀"] {
            assert_eq!(decode::<48>("hcode_", text), None);
        }
    }
}
