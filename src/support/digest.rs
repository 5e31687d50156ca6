//! SHA-256 digests of secrets: what the stores keep instead of the secrets themselves.

use std::fmt;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// A SHA-256 digest. Compares in constant time.
#[derive(Clone, Copy, Eq, Hash, Serialize, Deserialize)]
#[allow(clippy::derived_hash_with_manual_eq, reason = "equal bytes hash equally; only the time to compare differs")]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `value` under a `purpose`. The purpose keeps the kinds apart: the digest of a code is never
    /// the digest of a session, even of the same bytes.
    pub fn of(purpose: &str, value: &[u8]) -> Self {
        let mut context = ring::digest::Context::new(&ring::digest::SHA256);
        context.update(purpose.as_bytes());
        context.update(&[0]);
        context.update(value);
        Self::copied(context.finish().as_ref())
    }

    /// Plain SHA-256, where a specification asks for just that (PKCE, `at_hash`).
    pub fn sha256(value: &[u8]) -> Self {
        Self::copied(ring::digest::digest(&ring::digest::SHA256, value).as_ref())
    }

    /// A digest that was read back from a store; `None` when it is not 32 bytes long.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The digest's bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn copied(bytes: &[u8]) -> Self {
        let mut digest = [0; 32];
        digest.copy_from_slice(bytes);
        Self(digest)
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for Digest {
    /// The first bytes only: enough to tell two apart in a test, too few to look one up.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({:02x}{:02x}..)", self.0[0], self.0[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_purpose_keeps_kinds_apart() {
        assert_ne!(Digest::of("code", b"x"), Digest::of("session", b"x"));
        assert_ne!(Digest::of("a", b"bc"), Digest::of("ab", b"c"));
    }
}
