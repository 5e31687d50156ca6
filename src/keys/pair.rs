//! A key pair, parsed: made, read from PKCS#8 and used for signing. It stays in memory in this form.

use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::pkcs8::EncodePrivateKey;
use rsa::traits::PublicKeyParts;
use rsa::{RsaPublicKey, rand_core};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::KeyError;
use super::backend::signature::{
    self, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
};
use super::backend::signing::{self, Ed25519KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair};
use super::backend::{rand::SystemRandom, system_random};
use crate::model::client::SigningAlgorithm;
use crate::support::Random;

/// RFC 7518 section 3.3 asks for 2048 bits or more; more would only cost every signature.
const RSA_BITS: usize = 2048;

/// A key pair and the one way it signs.
pub(super) enum KeyPair {
    Ecdsa(EcdsaKeyPair, SystemRandom),
    Ed25519(Ed25519KeyPair),
    Rsa(Box<RsaPair>),
}

/// An RSA key pair, what it signs with, and its public key as big-endian numbers (RFC 8017, appendix A.1.1).
pub(super) struct RsaPair {
    pair: RsaKeyPair,
    encoding: &'static dyn RsaEncoding,
    random: signing::SystemRandom,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl RsaPair {
    fn from_pkcs8(encoding: &'static dyn RsaEncoding, pkcs8: &[u8]) -> Option<Self> {
        let pair = RsaKeyPair::from_pkcs8(pkcs8).ok()?;
        let public = RsaPublicKey::from_pkcs1_der(signing::KeyPair::public_key(&pair).as_ref()).ok()?;
        let (modulus, exponent) = (public.n().to_bytes_be(), public.e().to_bytes_be());
        Some(Self { pair, encoding, random: signing::system_random(), modulus, exponent })
    }
}

/// Makes a private key as PKCS#8. RSA takes as long as it takes to find two primes: call it where waiting is allowed.
pub(super) fn generate(algorithm: SigningAlgorithm, random: &dyn Random) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    const REFUSED: KeyError = KeyError::Crypto("no key could be made");
    let kept = |document: &[u8]| Zeroizing::new(document.to_vec());
    match algorithm {
        SigningAlgorithm::ES256 | SigningAlgorithm::ES384 => {
            let document = EcdsaKeyPair::generate_pkcs8(ecdsa(algorithm), &system_random());
            document.map(|document| kept(document.as_ref())).map_err(|_| REFUSED)
        }
        SigningAlgorithm::EdDSA => {
            let document = Ed25519KeyPair::generate_pkcs8(&signing::system_random());
            document.map(|document| kept(document.as_ref())).map_err(|_| REFUSED)
        }
        SigningAlgorithm::RS256 | SigningAlgorithm::PS256 => generate_rsa(random),
    }
}

fn generate_rsa(random: &dyn Random) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let key = rsa::RsaPrivateKey::new(&mut Drawn(random), RSA_BITS);
    let document = key.map_err(|_| KeyError::Crypto("no RSA key could be made"))?.to_pkcs8_der();
    document.map(|document| document.to_bytes()).map_err(|_| KeyError::Crypto("an RSA key could not be encoded"))
}

const fn ecdsa(algorithm: SigningAlgorithm) -> &'static EcdsaSigningAlgorithm {
    match algorithm {
        SigningAlgorithm::ES384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
        _ => &ECDSA_P256_SHA256_FIXED_SIGNING,
    }
}

impl KeyPair {
    /// Reads a private key; `None` when it is none of this algorithm.
    pub(super) fn from_pkcs8(algorithm: SigningAlgorithm, pkcs8: &[u8]) -> Option<Self> {
        let rsa = |encoding| RsaPair::from_pkcs8(encoding, pkcs8).map(|pair| Self::Rsa(Box::new(pair)));
        match algorithm {
            SigningAlgorithm::ES256 | SigningAlgorithm::ES384 => {
                let pair = EcdsaKeyPair::from_pkcs8(ecdsa(algorithm), pkcs8, &system_random()).ok()?;
                Some(Self::Ecdsa(pair, system_random()))
            }
            // Keys made elsewhere may lack the public half (RFC 8410 section 7); where it is there, it is checked.
            SigningAlgorithm::EdDSA => Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8).ok().map(Self::Ed25519),
            SigningAlgorithm::RS256 => rsa(&RSA_PKCS1_SHA256),
            SigningAlgorithm::PS256 => rsa(&RSA_PSS_SHA256),
        }
    }

    /// Hands the signature over `message` to `taker`.
    pub(super) fn sign<T>(&self, message: &[u8], taker: impl FnOnce(&[u8]) -> T) -> Result<T, KeyError> {
        const REFUSED: KeyError = KeyError::Crypto("no signature could be made");
        match self {
            Self::Ecdsa(pair, random) => {
                pair.sign(random, message).map(|made| taker(made.as_ref())).map_err(|_| REFUSED)
            }
            Self::Ed25519(pair) => Ok(taker(pair.sign(message).as_ref())),
            Self::Rsa(rsa) => {
                let mut signature = vec![0; rsa.modulus.len()];
                rsa.pair.sign(rsa.encoding, &rsa.random, message, &mut signature).map_err(|_| REFUSED)?;
                Ok(taker(&signature))
            }
        }
    }

    /// How many bytes a signature has.
    pub(super) fn signature_len(&self) -> usize {
        match self {
            // Both halves of a fixed-length signature are as long as a coordinate; a public key is a byte and two coordinates.
            Self::Ecdsa(pair, _) => signature::KeyPair::public_key(pair).as_ref().len() - 1,
            Self::Ed25519(_) => 64,
            Self::Rsa(rsa) => rsa.modulus.len(),
        }
    }

    /// The public key as a JWK, without `kid`, `use` and `alg`: RFC 7518 section 6, RFC 8037 section 2.
    pub(super) fn public_jwk(&self) -> Value {
        match self {
            Self::Ecdsa(pair, _) => {
                let coordinates = &signature::KeyPair::public_key(pair).as_ref()[1..];
                let (x, y) = coordinates.split_at(coordinates.len() / 2);
                let curve = if x.len() == 32 { "P-256" } else { "P-384" };
                json!({ "kty": "EC", "crv": curve, "x": base64url(x), "y": base64url(y) })
            }
            Self::Ed25519(pair) => {
                let point = signing::KeyPair::public_key(pair);
                json!({ "kty": "OKP", "crv": "Ed25519", "x": base64url(point.as_ref()) })
            }
            Self::Rsa(rsa) => {
                json!({ "kty": "RSA", "n": base64url(&rsa.modulus), "e": base64url(&rsa.exponent) })
            }
        }
    }
}

fn base64url(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// Our source of chance as the `rsa` crate wants it.
struct Drawn<'a>(&'a dyn Random);

impl rand_core::RngCore for Drawn<'_> {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, buffer: &mut [u8]) {
        self.0.fill(buffer);
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), rand_core::Error> {
        self.0.fill(buffer);
        Ok(())
    }
}

impl rand_core::CryptoRng for Drawn<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that is built with the feature `aws-lc` and one that is built without read the same keys.
    #[test]
    fn either_library_reads_the_keys_that_the_other_made() {
        let made = generate(SigningAlgorithm::EdDSA, &crate::support::SeededRandom::new(1)).unwrap();
        let ours = KeyPair::from_pkcs8(SigningAlgorithm::EdDSA, &made).unwrap();
        let rings = signature::Ed25519KeyPair::from_pkcs8(&made).unwrap();
        let x = base64url(signature::KeyPair::public_key(&rings).as_ref());
        assert_eq!(ours.public_jwk()["x"], x);
        let made = signature::Ed25519KeyPair::generate_pkcs8(&system_random()).unwrap();
        let rings = signature::Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap();
        let ours = KeyPair::from_pkcs8(SigningAlgorithm::EdDSA, made.as_ref()).unwrap();
        let signatures = (ours.sign(b"text", <[u8]>::to_vec).unwrap(), rings.sign(b"text").as_ref().to_vec());
        assert_eq!(
            signatures.0, signatures.1,
            "RFC 8032, section 5.1.6: a signature is made of the key and the text alone"
        );
    }
}
