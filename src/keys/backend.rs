//! The one place that names the library behind `keys`: another library with the same interface is swapped in here.

pub(super) use ring::{aead, hkdf, hmac, rand, rsa, signature};

/// The generator that the library itself wants to draw from: it accepts no other than its own.
#[allow(clippy::disallowed_methods, reason = "the library takes no generator but its own")]
pub(super) fn system_random() -> rand::SystemRandom {
    rand::SystemRandom::new()
}
