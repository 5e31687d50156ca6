//! The one place that names the libraries behind `keys`: others with the same interface are swapped in here.

pub(super) use ring::{aead, hkdf, hmac, rand, signature};

/// The generator that the library itself wants to draw from: it accepts no other than its own.
#[allow(clippy::disallowed_methods, reason = "the library takes no generator but its own")]
pub(super) fn system_random() -> rand::SystemRandom {
    rand::SystemRandom::new()
}

/// What signs with RSA and Ed25519 keys: AWS-LC, which is about twice as fast (docs/benchmarks.md), or ring where the feature `aws-lc` is left out. Both read what
/// the other one made.
pub(super) mod signing {
    #[cfg(feature = "aws-lc")]
    use aws_lc_rs as library;
    #[cfg(not(feature = "aws-lc"))]
    use ring as library;

    pub(in crate::keys) use library::rand::SystemRandom;
    pub(in crate::keys) use library::signature::{
        Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
    };

    /// As [`super::system_random`].
    #[allow(clippy::disallowed_methods, reason = "the library takes no generator but its own")]
    pub(in crate::keys) fn system_random() -> SystemRandom {
        SystemRandom::new()
    }
}
