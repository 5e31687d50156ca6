//! Second factors: what is needed of an account beside its first one, and the codes that prove it.
//!
//! Owns the one rule that says what is still missing ([`needed`]), the codes of apps ([`TotpSecret`], RFC 6238) and recovery codes ([`RecoveryCode`]),
//! all of it pure. Leaves spending a code to [`Accounts`](super::Accounts), and what waits for one to `sessions`.

mod needed;
mod recovery;
mod totp;
mod typed;

pub use needed::{Needed, Standing, needed};
pub use recovery::{RecoveryCode, draw as draw_recovery_codes};
pub use totp::TotpSecret;
pub use typed::TypedCode;

/// RFC 4648 section 6: the alphabet that apps read secrets in, and people type recovery codes in.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Bytes in base32, without padding.
fn base32(bytes: &[u8]) -> String {
    let (mut text, mut held, mut bits) = (String::new(), 0_u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(held >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(held << (5 - bits) & 31) as usize]));
    }
    text
}

/// A text in groups of four, as people read it out.
fn grouped(text: &str, between: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648 section 10.
    #[test]
    fn base32_is_that_of_the_rfc() {
        for (plain, text) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(plain.as_bytes()), text);
        }
        assert_eq!(grouped("ABCDEFGHIJ", " "), "ABCD EFGH IJ");
    }
}
