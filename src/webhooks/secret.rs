//! What messages are signed with: Standard Webhooks 1.0.0, "Signature scheme". A receiver holds the same secret, and nothing shows it again.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::keys::{Sealer, hmac_sha256};
use crate::model::connection::SealedSecret;
use crate::model::webhook::Webhook;
use crate::support::id::WebhookId;
use crate::support::{Random, Secret, Timestamp, random};

/// What a secret begins with, by which it is known for one.
const PREFIX: &str = "whsec_";
/// Standard Webhooks 1.0.0: "Random. At least 24 bytes (192 bits, 512 maximum)".
pub const SECRET_BYTES: (usize, usize) = (24, 64);

/// A text that is no secret of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be {PREFIX} and {} to {} random bytes in base64", SECRET_BYTES.0, SECRET_BYTES.1)]
pub struct NotASecret;

/// A secret of a webhook.
pub struct WebhookSecret(Secret<Vec<u8>>);

impl WebhookSecret {
    /// A secret of 32 random bytes.
    pub fn draw(random: &dyn Random) -> Self {
        Self(Secret::new(random::bytes::<32>(random).to_vec()))
    }

    /// Reads a secret that a receiver has already.
    pub fn parse(text: &str) -> Result<Self, NotASecret> {
        let bytes = text.trim().strip_prefix(PREFIX).and_then(|rest| STANDARD.decode(rest).ok()).ok_or(NotASecret)?;
        if (SECRET_BYTES.0..=SECRET_BYTES.1).contains(&bytes.len()) {
            Ok(Self(Secret::new(bytes)))
        } else {
            Err(NotASecret)
        }
    }

    /// As it is written.
    pub fn to_text(&self) -> Secret<String> {
        Secret::from(format!("{PREFIX}{}", STANDARD.encode(self.0.expose())))
    }

    /// Seals it to a webhook; it counts until another one follows.
    pub fn seal(&self, sealer: &Sealer, random: &dyn Random, webhook: WebhookId, now: Timestamp) -> SealedSecret {
        let sealed = sealer.seal(random, &binding(webhook), self.0.expose());
        SealedSecret { sealed, created_at: now, expires_at: None }
    }

    /// "v1" and the signature over the id of the message, the second of the attempt and the body.
    fn sign(&self, id: &str, second: i64, body: &str) -> String {
        let signed = format!("{id}.{second}.{body}");
        format!("v1,{}", STANDARD.encode(hmac_sha256(self.0.expose(), signed.as_bytes())))
    }
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret")
    }
}

/// What a secret is sealed to: moved to another webhook it does not open.
fn binding(webhook: WebhookId) -> Vec<u8> {
    [b"webhook secret ".as_slice(), webhook.as_bytes()].concat()
}

/// The value of `webhook-signature`: one signature for each secret that counts now, the newest first, so that a receiver may change its secret while
/// both do. `None` where none opens (another key-encryption key): nothing is sent unsigned.
pub(super) fn signatures(sealer: &Sealer, webhook: &Webhook, now: Timestamp, id: &str, body: &str) -> Option<String> {
    let counts = webhook.secrets.iter().filter(|secret| secret.is_live(now));
    let opened = counts.filter_map(|secret| sealer.unseal(&binding(webhook.id), &secret.sealed));
    let signed: Vec<String> =
        opened.map(|bytes| WebhookSecret(Secret::new(bytes)).sign(id, now.seconds(), body)).collect();
    (!signed.is_empty()).then(|| signed.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_specifications_libraries() {
        // The values that the libraries of Standard Webhooks are tested with.
        let secret = WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_as_long_as_it_must_be() {
        let of = |bytes: usize| WebhookSecret::parse(&format!("whsec_{}", STANDARD.encode(vec![7; bytes])));
        assert!(of(24).is_ok() && of(64).is_ok());
        for text in ["", "whsec_", "whsec_!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            assert_eq!(WebhookSecret::parse(text).unwrap_err(), NotASecret, "{text}");
        }
        assert!(of(23).is_err() && of(65).is_err());
        let drawn = WebhookSecret::draw(&crate::support::SeededRandom::new(1)).to_text();
        assert_eq!(WebhookSecret::parse(drawn.expose()).unwrap().to_text(), drawn);
    }
}
