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

    /// The left-most half of a value's SHA-256, SHA-384 or SHA-512 digest, by the digest's size in bits: what `at_hash` is
    /// made of (OpenID Connect Core 1.0 section 3.1.3.6).
    pub fn left_half(bits: u16, value: &[u8]) -> Vec<u8> {
        let algorithm = match bits {
            512 => &ring::digest::SHA512,
            384 => &ring::digest::SHA384,
            _ => &ring::digest::SHA256,
        };
        let digest = ring::digest::digest(algorithm, value);
        digest.as_ref()[..algorithm.output_len() / 2].to_vec()
    }

    /// A digest that was read back from a store; `None` when it is not 32 bytes long.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The digest's bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The digest as hexadecimal digits.
    pub fn hex(&self) -> String {
        use fmt::Write as _;
        self.0.iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    fn copied(bytes: &[u8]) -> Self {
        let mut digest = [0; 32];
        digest.copy_from_slice(bytes);
        Self(digest)
    }
}

/// Plain SHA-256 of what comes piece by piece.
pub struct Sha256(ring::digest::Context);

impl Sha256 {
    /// Of nothing yet.
    pub fn new() -> Self {
        Self(ring::digest::Context::new(&ring::digest::SHA256))
    }

    /// And of this.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The digest of all pieces in a row.
    pub fn finish(self) -> Digest {
        Digest::copied(self.0.finish().as_ref())
    }
}

impl Default for Sha256 {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sha256(..)")
    }
}

/// SHA-1, by which collections of stolen passwords name them. It protects nothing here.
pub fn sha1(value: &[u8]) -> [u8; 20] {
    let mut digest = [0; 20];
    digest.copy_from_slice(ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, value).as_ref());
    digest
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

    #[test]
    fn the_left_half_has_half_the_bits() {
        assert_eq!([256, 384, 512].map(|bits| Digest::left_half(bits, b"x").len()), [16, 24, 32]);
        assert_eq!(Digest::left_half(256, b"x"), Digest::sha256(b"x").as_bytes()[..16]);
    }
}
