//! One-time tokens, as they are written and read: of what is stored only a digest is left.

use std::time::Duration;

use crate::model::one_time_token::{OneTimeToken, OneTimeTokenPurpose};
use crate::support::id::OneTimeTokenId;
use crate::support::{Digest, Random, Secret, Timestamp, opaque, random};

/// What the text of a one-time token begins with.
pub const TOKEN_PREFIX: &str = "hott_";

const ID_BYTES: usize = 16;
const PAYLOAD_BYTES: usize = ID_BYTES + 32;

/// A new token: what is handed out once, and what is stored.
#[derive(Debug)]
pub struct Drawn {
    /// What is handed out.
    pub text: Secret<String>,
    /// What is stored: of nobody yet.
    pub token: OneTimeToken,
}

/// Draws a token.
pub fn draw(purpose: OneTimeTokenPurpose, lifetime: Duration, now: Timestamp, random: &dyn Random) -> Drawn {
    let id = OneTimeTokenId::new(now, random);
    let payload = payload(id, random);
    let token = OneTimeToken {
        id,
        purpose,
        digest: digest(purpose, &payload),
        user: None,
        address: None,
        epoch: None,
        browser: None,
        code: None,
        sealed: None,
        created_at: now,
        expires_at: now.plus(lifetime),
    };
    Drawn { text: Secret::from(opaque::encode(TOKEN_PREFIX, &payload)), token }
}

/// Draws the secret of a token anew that there is already: it keeps its id, and the text that it had is none of it.
pub fn redraw(token: OneTimeToken, lifetime: Duration, now: Timestamp, random: &dyn Random) -> Drawn {
    let payload = payload(token.id, random);
    let token = OneTimeToken { digest: digest(token.purpose, &payload), expires_at: now.plus(lifetime), ..token };
    Drawn { text: Secret::from(opaque::encode(TOKEN_PREFIX, &payload)), token }
}

/// What a token's text says: its id and 256 random bits.
fn payload(id: OneTimeTokenId, random: &dyn Random) -> [u8; PAYLOAD_BYTES] {
    let mut payload = [0; PAYLOAD_BYTES];
    payload[..ID_BYTES].copy_from_slice(id.as_bytes());
    payload[ID_BYTES..].copy_from_slice(&random::bytes::<32>(random));
    payload
}

/// The id and the digest of a presented token; `None` for a text that is none. The digest is of one purpose: a token of another is none of it.
pub fn read(purpose: OneTimeTokenPurpose, text: &Secret<String>) -> Option<(OneTimeTokenId, Digest)> {
    let payload = opaque::decode::<PAYLOAD_BYTES>(TOKEN_PREFIX, text.expose())?;
    let id = payload.first_chunk::<ID_BYTES>()?;
    Some((OneTimeTokenId::from_bytes(*id), digest(purpose, &payload)))
}

/// The secret of a browser, by which what is mailed is bound to it.
pub type BrowserKey = [u8; 32];

/// What a token names the browser by that it is good in.
pub fn browser_of(key: &BrowserKey) -> Digest {
    Digest::of("asking browser", key)
}

/// How many digits a mailed code has.
pub const CODE_DIGITS: usize = 6;

/// A code of six digits, each of them as likely as any other.
pub fn draw_code(random: &dyn Random) -> String {
    const CODES: u32 = 1_000_000;
    loop {
        let drawn = u32::from_be_bytes(random::bytes::<4>(random));
        // What is left above the last whole million would make some codes likelier.
        if drawn < u32::MAX - u32::MAX % CODES {
            return format!("{:0CODE_DIGITS$}", drawn % CODES);
        }
    }
}

/// What is stored of a code. The secret of the browser, which is stored nowhere, is in it: so nobody finds one of a million by its digest.
pub fn code_digest(token: OneTimeTokenId, key: &BrowserKey, code: &str) -> Digest {
    Digest::of("mailed code", &[token.as_bytes().as_slice(), key, code.as_bytes()].concat())
}

fn digest(purpose: OneTimeTokenPurpose, payload: &[u8; PAYLOAD_BYTES]) -> Digest {
    Digest::of(purpose.as_str(), payload)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::SeededRandom;

    #[test]
    fn a_code_has_six_digits_and_is_that_of_one_token_and_browser() {
        let random = SeededRandom::new(3);
        let codes: Vec<String> = (0..200).map(|_| draw_code(&random)).collect();
        assert!(codes.iter().all(|code| code.len() == CODE_DIGITS && code.bytes().all(|byte| byte.is_ascii_digit())));
        assert!(codes.iter().any(|code| code.starts_with('0')), "the first digit is drawn, too");
        let (one, other) = (OneTimeTokenId::from_bytes([1; 16]), OneTimeTokenId::from_bytes([2; 16]));
        let digest = code_digest(one, &[1; 32], "123456");
        for another in [
            code_digest(other, &[1; 32], "123456"),
            code_digest(one, &[2; 32], "123456"),
            code_digest(one, &[1; 32], "123457"),
        ] {
            assert_ne!(digest, another);
        }
        assert_ne!(browser_of(&[1; 32]), browser_of(&[2; 32]));
    }

    #[test]
    fn a_token_is_one_of_its_purpose_only() {
        let now = Timestamp::from_seconds(1);
        let drawn = draw(OneTimeTokenPurpose::ResetPassword, Duration::from_secs(9), now, &SeededRandom::new(1));
        let read_as = |purpose| read(purpose, &drawn.text).unwrap();
        assert_eq!(read_as(OneTimeTokenPurpose::ResetPassword), (drawn.token.id, drawn.token.digest));
        for purpose in OneTimeTokenPurpose::ALL.iter().filter(|other| **other != drawn.token.purpose) {
            assert_ne!(read_as(*purpose).1, drawn.token.digest, "{purpose:?}");
        }
        assert_eq!(drawn.token.expires_at, now.plus(Duration::from_secs(9)));
        assert_eq!(read(drawn.token.purpose, &Secret::from("hott_x")), None);
    }

    #[test]
    fn a_token_that_is_drawn_anew_keeps_its_id_and_has_another_text() {
        let (now, random) = (Timestamp::from_seconds(1), SeededRandom::new(1));
        let lifetime = Duration::from_secs(9);
        let old = draw(OneTimeTokenPurpose::SignUp, lifetime, now, &random);
        let later = now.plus(lifetime);
        let new = redraw(old.token.clone(), lifetime, later, &random);
        let read = |drawn: &Drawn| read(OneTimeTokenPurpose::SignUp, &drawn.text);
        assert_eq!(read(&new), Some((old.token.id, new.token.digest)));
        assert_ne!(read(&old), read(&new));
        assert_eq!((new.token.expires_at, new.token.created_at), (later.plus(lifetime), now));
    }
}
