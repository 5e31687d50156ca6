//! Sealing and tagging under keys derived from the key-encryption key, one for each purpose.

use subtle::ConstantTimeEq;

use super::backend::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use super::backend::{hkdf, hmac};
use super::kek::KeyEncryptionKey;
use crate::support::{Random, random};

/// The first byte of a sealed value, so that another way of sealing can be told from this one.
const VERSION: u8 = 1;
const SALT_LEN: usize = 16;
const HEAD_LEN: usize = 1 + SALT_LEN + NONCE_LEN;
/// No shorter piece of a tag is accepted.
const SHORTEST_TAG: usize = 16;

/// Seals values so that only Haechi can read them, and notices when they were changed or moved.
///
/// AES-256-GCM with random nonces wears a key out after 2^32 values (NIST SP 800-38D section 8.3), which a busy server reaches
/// in weeks. So each value has a key of its own, derived from 16 random bytes that travel with it.
pub struct Sealer(hmac::Key);

impl Sealer {
    /// The sealer of a purpose; what one purpose sealed no other opens.
    pub fn new(kek: &KeyEncryptionKey, purpose: &str) -> Self {
        Self(subkey(kek, "seal", purpose))
    }

    /// Seals `plain`. It opens only with the same `aad`: name there what the value is and whose.
    pub fn seal(&self, random: &dyn Random, aad: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(HEAD_LEN + plain.len() + AES_256_GCM.tag_len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&random::bytes::<{ SALT_LEN + NONCE_LEN }>(random));
        sealed.extend_from_slice(plain);
        let (head, body) = sealed.split_at_mut(HEAD_LEN);
        let tag = self
            .key_and_nonce(head)
            .and_then(|(key, nonce)| key.seal_in_place_separate_tag(nonce, Aad::from(aad), body).ok());
        match tag {
            Some(tag) => sealed.extend_from_slice(tag.as_ref()),
            // Only a value beyond the 64 GiB of SP 800-38D gets here. What cannot be sealed is not kept.
            None => sealed.clear(),
        }
        sealed
    }

    /// Opens a sealed value; `None` when this sealer did not seal it for this `aad`.
    pub fn unseal(&self, aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (head, body) = sealed.split_at_checked(HEAD_LEN)?;
        if head[0] != VERSION {
            return None;
        }
        let (key, nonce) = self.key_and_nonce(head)?;
        let mut plain = body.to_vec();
        let length = key.open_in_place(nonce, Aad::from(aad), &mut plain).ok()?.len();
        plain.truncate(length);
        Some(plain)
    }

    fn key_and_nonce(&self, head: &[u8]) -> Option<(LessSafeKey, Nonce)> {
        let (salt, nonce) = head.get(1..)?.split_at_checked(SALT_LEN)?;
        let key = hmac::sign(&self.0, salt);
        let key = UnboundKey::new(&AES_256_GCM, key.as_ref()).ok()?;
        Some((LessSafeKey::new(key), Nonce::try_assume_unique_for_key(nonce).ok()?))
    }
}

/// Tags values (HMAC-SHA256) so that Haechi knows them again as its own.
pub struct MacKey(hmac::Key);

impl MacKey {
    /// The key of a purpose; a tag of one purpose is none of another.
    pub fn new(kek: &KeyEncryptionKey, purpose: &str) -> Self {
        Self(subkey(kek, "mac", purpose))
    }

    /// The tag over these parts. Their lengths count: what is moved from one part to the next changes the tag.
    pub fn tag(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let mut tag = [0; 32];
        tag.copy_from_slice(context.sign().as_ref());
        tag
    }

    /// Whether `tag`, or the first 16 bytes or more of it, is the tag over these parts. Takes the same time for any wrong one.
    pub fn verify(&self, parts: &[&[u8]], tag: &[u8]) -> bool {
        let expected = self.tag(parts);
        (SHORTEST_TAG..=expected.len()).contains(&tag.len()) && bool::from(expected[..tag.len()].ct_eq(tag))
    }
}

/// HMAC-SHA256 (RFC 2104) under a key that a receiver holds, too: what others verify, and no tag of ours.
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut tag = [0; 32];
    tag.copy_from_slice(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message).as_ref());
    tag
}

/// HKDF-SHA256 (RFC 5869): the use and the purpose are its `info`.
#[allow(clippy::expect_used, reason = "a key of 32 bytes is far below what HKDF may put out (RFC 5869 section 2.3)")]
fn subkey(kek: &KeyEncryptionKey, usage: &str, purpose: &str) -> hmac::Key {
    let info = [b"haechi 1".as_slice(), usage.as_bytes(), purpose.as_bytes()];
    let length_of_use = [u8::try_from(usage.len()).unwrap_or(u8::MAX)];
    let info = [info[0], &length_of_use, info[1], info[2]];
    hkdf::Salt::new(hkdf::HKDF_SHA256, &[])
        .extract(kek.bytes())
        .expand(&info, hmac::HMAC_SHA256)
        .expect("32 bytes fit")
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::SeededRandom;

    fn kek() -> KeyEncryptionKey {
        KeyEncryptionKey::from_bytes([7; 32])
    }

    #[test]
    fn a_sealed_value_opens_for_the_same_aad_and_purpose_only() {
        let random = SeededRandom::new(1);
        let sealer = Sealer::new(&kek(), "records");
        let sealed = sealer.seal(&random, b"session 1", b"secret");
        assert_eq!(sealer.unseal(b"session 1", &sealed).as_deref(), Some(&b"secret"[..]));
        assert_eq!(sealer.unseal(b"session 2", &sealed), None);
        assert_eq!(Sealer::new(&kek(), "other").unseal(b"session 1", &sealed), None);
        let other = KeyEncryptionKey::from_bytes([8; 32]);
        assert_eq!(Sealer::new(&other, "records").unseal(b"session 1", &sealed), None);
        assert!(!sealed.windows(6).any(|bytes| bytes == b"secret"));
    }

    #[test]
    fn every_changed_or_missing_byte_is_noticed() {
        let sealer = Sealer::new(&kek(), "records");
        let sealed = sealer.seal(&SeededRandom::new(1), b"", b"secret");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(sealer.unseal(b"", &changed), None, "at {at}");
            assert_eq!(sealer.unseal(b"", &sealed[..at]), None, "cut at {at}");
        }
    }

    #[test]
    fn equal_values_are_sealed_differently() {
        let (sealer, random) = (Sealer::new(&kek(), "records"), SeededRandom::new(1));
        assert_ne!(sealer.seal(&random, b"", b"x"), sealer.seal(&random, b"", b"x"));
        assert_eq!(sealer.unseal(b"", &sealer.seal(&random, b"", b"")).as_deref(), Some(&b""[..]));
    }

    #[test]
    fn a_tag_binds_its_parts_and_its_purpose() {
        let mac = MacKey::new(&kek(), "csrf");
        let tag = mac.tag(&[b"ab", b"c"]);
        assert!(mac.verify(&[b"ab", b"c"], &tag));
        assert!(mac.verify(&[b"ab", b"c"], &tag[..16]));
        assert!(!mac.verify(&[b"ab", b"c"], &tag[..15]));
        assert!(!mac.verify(&[b"ab", b"c"], &[]));
        assert!(!mac.verify(&[b"ab", b"c"], &[&tag[..], &[0]].concat()));
        assert!(!mac.verify(&[b"a", b"bc"], &tag));
        assert!(!mac.verify(&[b"abc"], &tag));
        assert!(!MacKey::new(&kek(), "refresh").verify(&[b"ab", b"c"], &tag));
    }
}
