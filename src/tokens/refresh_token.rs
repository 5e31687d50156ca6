//! The text of a refresh token: its grant, how many came before it, 256 random bits, and a MAC that proves we made it.
//!
//! A token whose MAC holds and which is not the grant's newest was handed out once: showing it again is reuse. Without the MAC,
//! any caller who knows a grant's id could make up a token and have the grant revoked.

use crate::keys::MacKey;
use crate::support::id::GrantId;
use crate::support::random::{self, Random};
use crate::support::{Digest, opaque};

const PREFIX: &str = "hrt_";
const SIGNED: usize = 16 + 4 + 32;
const MAC: usize = 16;
const PAYLOAD: usize = SIGNED + MAC;

/// A refresh token that we made. Whether it still counts is for the grant's slot to say.
#[derive(Clone, Debug, PartialEq)]
pub struct RefreshToken {
    /// The grant that it refreshes.
    pub grant: GrantId,
    /// How many rotations came before it.
    pub generation: u32,
    /// What the store keeps of it.
    pub digest: Digest,
}

impl RefreshToken {
    /// Draws a token for a grant: what is stored, and the text for the app.
    pub fn draw(grant: GrantId, generation: u32, key: &MacKey, random: &dyn Random) -> (Self, String) {
        let mut payload = [0; PAYLOAD];
        payload[..16].copy_from_slice(grant.as_bytes());
        payload[16..20].copy_from_slice(&generation.to_be_bytes());
        payload[20..SIGNED].copy_from_slice(&random::bytes::<32>(random));
        let tag = key.tag(&[&payload[..SIGNED]]);
        payload[SIGNED..].copy_from_slice(&tag[..MAC]);
        let token = Self { grant, generation, digest: digest(&payload) };
        (token, opaque::encode(PREFIX, &payload))
    }

    /// Reads a presented token; `None` when it is not one that we made.
    pub fn parse(text: &str, key: &MacKey) -> Option<Self> {
        let payload = opaque::decode::<PAYLOAD>(PREFIX, text)?;
        if !key.verify(&[&payload[..SIGNED]], &payload[SIGNED..]) {
            return None;
        }
        let (grant, rest) = payload.split_first_chunk::<16>()?;
        let (generation, _) = rest.split_first_chunk::<4>()?;
        let generation = u32::from_be_bytes(*generation);
        Some(Self { grant: GrantId::from_bytes(*grant), generation, digest: digest(&payload) })
    }
}

fn digest(payload: &[u8]) -> Digest {
    Digest::of("refresh_token", payload)
}
