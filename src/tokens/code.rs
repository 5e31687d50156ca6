//! The text of an authorization code: the grant it belongs to, and 256 random bits.

use crate::support::id::GrantId;
use crate::support::random::{self, Random};
use crate::support::{Digest, opaque};

const PREFIX: &str = "hcode_";
const PAYLOAD: usize = 16 + 32;

/// A well-formed code. Whether it was ever issued is for the grant's digest to say.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// Whose it claims to be.
    pub grant: GrantId,
    /// What the store keeps of it.
    pub digest: Digest,
}

impl Code {
    /// Draws a code for a grant: what is stored, and the text for the app.
    pub fn draw(grant: GrantId, random: &dyn Random) -> (Self, String) {
        let mut payload = [0; PAYLOAD];
        payload[..16].copy_from_slice(grant.as_bytes());
        payload[16..].copy_from_slice(&random::bytes::<32>(random));
        (Self { grant, digest: Digest::of("code", &payload) }, opaque::encode(PREFIX, &payload))
    }

    /// Reads a presented code; `None` when it is not shaped like one.
    pub fn parse(text: &str) -> Option<Self> {
        let payload = opaque::decode::<PAYLOAD>(PREFIX, text)?;
        let (grant, _) = payload.split_first_chunk::<16>()?;
        Some(Self { grant: GrantId::from_bytes(*grant), digest: Digest::of("code", &payload) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::{SeededRandom, Timestamp};

    #[test]
    fn a_code_leads_back_to_its_grant() {
        let random = SeededRandom::new(1);
        let grant = GrantId::new(Timestamp::from_seconds(1), &random);
        let (code, text) = Code::draw(grant, &random);
        assert_eq!(Code::parse(&text), Some(code));
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in ["", "hcode_", "hrt_AAAA", "SplxlOBeZQQYbYS6WxSbIA"] {
            assert_eq!(Code::parse(text), None, "{text}");
        }
    }
}
