//! `jti`: the id of an access token, which leads back to the grant it was minted from.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::model::Epoch;
use crate::support::Digest;
use crate::support::id::GrantId;
use crate::support::random::{self, Random};

/// The format of this file; another one would begin with another byte.
const VERSION: u8 = 1;
const GRANTED: usize = 1 + 16 + 4 + 8;
/// The length of one that no grant stands behind.
const FREE: usize = 1 + 8 + 16;

/// Where an access token came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The grant that the token rests on.
    pub grant: GrantId,
    /// The generation of the refresh token that was handed out beside it.
    pub generation: u32,
}

/// Draws the `jti` of a token that a user's grant stands behind.
pub fn granted(origin: Origin, random: &dyn Random) -> String {
    let mut bytes = [VERSION; GRANTED];
    bytes[1..17].copy_from_slice(origin.grant.as_bytes());
    bytes[17..21].copy_from_slice(&origin.generation.to_be_bytes());
    bytes[21..].copy_from_slice(&random::bytes::<8>(random));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Draws the `jti` of a token that no grant stands behind, which counts in this epoch of its client.
pub fn free(epoch: Epoch, random: &dyn Random) -> String {
    let mut bytes = [VERSION; FREE];
    bytes[1..9].copy_from_slice(&epoch.count().to_be_bytes());
    bytes[9..].copy_from_slice(&random::bytes::<16>(random));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The epoch of the client in which a token was minted that no grant stands behind. One from before there were epochs in it is of the first.
pub fn client_epoch(jti: &str) -> Epoch {
    let bytes: Option<[u8; FREE]> = URL_SAFE_NO_PAD.decode(jti).ok().and_then(|bytes| bytes.try_into().ok());
    let epoch = bytes.as_ref().filter(|bytes| bytes[0] == VERSION).and_then(|bytes| bytes[1..].first_chunk::<8>());
    epoch.map_or_else(Epoch::default, |epoch| Epoch::from_count(i64::from_be_bytes(*epoch)))
}

/// Reads where a token came from; `None` for one that no grant stands behind. Only worth anything when the token's signature
/// was verified.
pub fn origin(jti: &str) -> Option<Origin> {
    let bytes: [u8; GRANTED] = URL_SAFE_NO_PAD.decode(jti).ok()?.try_into().ok()?;
    let (version, rest) = bytes.split_first()?;
    let (grant, rest) = rest.split_first_chunk::<16>()?;
    let (generation, _) = rest.split_first_chunk::<4>()?;
    let origin = Origin { grant: GrantId::from_bytes(*grant), generation: u32::from_be_bytes(*generation) };
    (*version == VERSION).then_some(origin)
}

/// What the list of revoked tokens keeps of a `jti`.
pub fn digest(jti: &str) -> Digest {
    Digest::of("jti", jti.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::{SeededRandom, Timestamp};

    #[test]
    fn a_jti_leads_back_to_its_grant() {
        let random = SeededRandom::new(1);
        let origin = Origin { grant: GrantId::new(Timestamp::from_seconds(1), &random), generation: 7 };
        assert_eq!(super::origin(&granted(origin, &random)), Some(origin));
        assert_ne!(granted(origin, &random), granted(origin, &random));
    }

    #[test]
    fn a_free_jti_leads_nowhere() {
        let epoch = Epoch::default().next();
        let jti = free(epoch, &SeededRandom::new(1));
        assert_eq!((origin(&jti), client_epoch(&jti)), (None, epoch));
        assert_eq!(client_epoch(&URL_SAFE_NO_PAD.encode([7; 16])), Epoch::default(), "from before");
    }
}
