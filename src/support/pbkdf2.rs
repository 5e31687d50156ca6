//! PBKDF2 (RFC 8018 section 5.2), for passwords that others hashed with it.

use std::num::NonZeroU32;

use ring::pbkdf2::{self, PBKDF2_HMAC_SHA1, PBKDF2_HMAC_SHA256, PBKDF2_HMAC_SHA384, PBKDF2_HMAC_SHA512};

/// The hash function below the HMAC that it iterates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the documentation")]
pub enum HashFunction {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl HashFunction {
    /// The bytes of its output.
    pub const fn output_bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// Whether a password makes this key. Compares in constant time.
pub fn verify(function: HashFunction, iterations: NonZeroU32, salt: &[u8], password: &[u8], key: &[u8]) -> bool {
    let algorithm = match function {
        HashFunction::Sha1 => PBKDF2_HMAC_SHA1,
        HashFunction::Sha256 => PBKDF2_HMAC_SHA256,
        HashFunction::Sha384 => PBKDF2_HMAC_SHA384,
        HashFunction::Sha512 => PBKDF2_HMAC_SHA512,
    };
    pbkdf2::verify(algorithm, iterations, salt, password, key).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6070 section 2.
    #[test]
    fn the_vectors_of_rfc_6070() {
        let key = [
            0x4b, 0x00, 0x79, 0x01, 0xb7, 0x65, 0x48, 0x9a, 0xbe, 0xad, 0x49, 0xd9, 0x26, 0xf7, 0x21, 0xd0, 0x65, 0xa4,
            0x29, 0xc1,
        ];
        let iterations = NonZeroU32::new(4096).unwrap();
        assert!(verify(HashFunction::Sha1, iterations, b"salt", b"password", &key));
        assert!(!verify(HashFunction::Sha1, iterations, b"salt", b"Password", &key));
    }
}
