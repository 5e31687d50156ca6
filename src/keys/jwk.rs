//! Public keys as JWKs (RFC 7517, RFC 7518 section 6, RFC 8037 section 2) and the bounds they are held to.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde_json::{Map, Value};

use super::{TokenRejected, provider, x5c};
use crate::model::client::SigningAlgorithm;
use crate::support::Digest;

/// Members that only a private or a symmetric key has: RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1, RFC 9964.
const PRIVATE_MEMBERS: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// What a public key is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    P256,
    P384,
    Ed25519,
    Rsa,
}

/// A public key that kept its bounds.
pub(super) struct PublicKey {
    kind: Kind,
    key: DecodingKey,
}

/// Why a single JWK is no [`PublicKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotAPublicKey {
    Private,
    Kind,
    Bounds,
}

impl PublicKey {
    /// Reads the key material of a JWK.
    pub(super) fn from_jwk(jwk: &Map<String, Value>) -> Result<Self, NotAPublicKey> {
        if PRIVATE_MEMBERS.iter().any(|name| jwk.contains_key(*name)) {
            return Err(NotAPublicKey::Private);
        }
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        match (text("kty"), text("crv")) {
            (Some("EC"), Some("P-256")) => Self::elliptic(jwk, Kind::P256, 32),
            (Some("EC"), Some("P-384")) => Self::elliptic(jwk, Kind::P384, 48),
            (Some("OKP"), Some("Ed25519")) => {
                let x = bytes(jwk, "x", 32).ok_or(NotAPublicKey::Bounds)?;
                Ok(Self { kind: Kind::Ed25519, key: DecodingKey::from_ed_der(&x) })
            }
            (Some("RSA"), None) => Self::rsa(jwk),
            _ => Err(NotAPublicKey::Kind),
        }
    }

    /// RFC 7518 section 6.2.1.2: the coordinate's length "MUST be the full size of a coordinate for the curve".
    fn elliptic(jwk: &Map<String, Value>, kind: Kind, coordinate: usize) -> Result<Self, NotAPublicKey> {
        let x = bytes(jwk, "x", coordinate).ok_or(NotAPublicKey::Bounds)?;
        let y = bytes(jwk, "y", coordinate).ok_or(NotAPublicKey::Bounds)?;
        let point = [&[4_u8][..], &x, &y].concat();
        Ok(Self { kind, key: DecodingKey::from_ec_der(&point) })
    }

    /// 2048 bits at least (RFC 7518 section 3.3: "A key of size 2048 bits or larger MUST be used"), 4096 at most, so that
    /// no client can make verifying expensive; and the exponent that is usual.
    fn rsa(jwk: &Map<String, Value>) -> Result<Self, NotAPublicKey> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("n").len() > 700 || text("e") != "AQAB" {
            return Err(NotAPublicKey::Bounds);
        }
        let n = URL_SAFE_NO_PAD.decode(text("n")).map_err(|_| NotAPublicKey::Bounds)?;
        // RFC 7518 section 6.3.1.1: no leading zero octets.
        let bits = n.len() * 8 - n.first().map_or(0, |first| first.leading_zeros() as usize);
        if n.first() == Some(&0) || !(2048..=4096).contains(&bits) {
            return Err(NotAPublicKey::Bounds);
        }
        Ok(Self { kind: Kind::Rsa, key: DecodingKey::from_rsa_raw_components(&n, &[1, 0, 1]) })
    }

    /// Whether the key is of the type, and on the curve, that this algorithm is defined for.
    pub(super) const fn suits(&self, algorithm: SigningAlgorithm) -> bool {
        matches!(
            (self.kind, algorithm),
            (Kind::P256, SigningAlgorithm::ES256)
                | (Kind::P384, SigningAlgorithm::ES384)
                | (Kind::Ed25519, SigningAlgorithm::EdDSA)
                | (Kind::Rsa, SigningAlgorithm::RS256 | SigningAlgorithm::PS256)
        )
    }

    /// Whether the JWK's certificate, where it has one, is for this key.
    pub(super) fn fits_certificate(&self, jwk: &Map<String, Value>) -> bool {
        jwk.get("x5c").is_none_or(|x5c| x5c::matches(x5c, self.key.kind()))
    }

    /// Verifies a base64url signature.
    pub(super) fn verify(
        &self,
        algorithm: SigningAlgorithm,
        signed: &str,
        signature: &str,
    ) -> Result<(), TokenRejected> {
        if self.suits(algorithm) && provider::verifies(&self.key, algorithm, signed, signature) {
            Ok(())
        } else {
            Err(TokenRejected::Signature)
        }
    }
}

/// What one of our public keys is known by, whatever its id: the members of RFC 7638 section 3.2, which are all that it has, in the order of section 3.3.
pub(super) fn digest_of(public_jwk: &Value) -> Digest {
    let members: BTreeMap<&String, &Value> = public_jwk.as_object().into_iter().flatten().collect();
    Digest::of("signing key", serde_json::to_string(&members).unwrap_or_default().as_bytes())
}

/// A base64url member of exactly `length` bytes.
fn bytes(jwk: &Map<String, Value>, name: &str, length: usize) -> Option<Vec<u8>> {
    let text = jwk.get(name)?.as_str().filter(|text| text.len() < 100)?;
    URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == length)
}
