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

/// Draws a token: its id and 256 random bits.
pub fn draw(purpose: OneTimeTokenPurpose, lifetime: Duration, now: Timestamp, random: &dyn Random) -> Drawn {
    let id = OneTimeTokenId::new(now, random);
    let mut payload = [0; PAYLOAD_BYTES];
    payload[..ID_BYTES].copy_from_slice(id.as_bytes());
    payload[ID_BYTES..].copy_from_slice(&random::bytes::<32>(random));
    let token = OneTimeToken {
        id,
        purpose,
        digest: digest(purpose, &payload),
        user: None,
        address: None,
        epoch: None,
        created_at: now,
        expires_at: now.plus(lifetime),
    };
    Drawn { text: Secret::from(opaque::encode(TOKEN_PREFIX, &payload)), token }
}

/// The id and the digest of a presented token; `None` for a text that is none. The digest is of one purpose: a token of another is none of it.
pub fn read(purpose: OneTimeTokenPurpose, text: &Secret<String>) -> Option<(OneTimeTokenId, Digest)> {
    let payload = opaque::decode::<PAYLOAD_BYTES>(TOKEN_PREFIX, text.expose())?;
    let id = payload.first_chunk::<ID_BYTES>()?;
    Some((OneTimeTokenId::from_bytes(*id), digest(purpose, &payload)))
}

fn digest(purpose: OneTimeTokenPurpose, payload: &[u8; PAYLOAD_BYTES]) -> Digest {
    Digest::of(purpose.as_str(), payload)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::SeededRandom;

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
}
