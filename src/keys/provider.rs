//! The crypto provider of `jsonwebtoken`: our backend behind its verifier trait.
//!
//! It verifies only. Tokens are signed by [`super::signer`] with keys that are already parsed, which that trait cannot hold.

use std::sync::OnceLock;

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::signature::{Error, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};

use super::backend::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use crate::model::client::SigningAlgorithm;

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
    verifier_factory: |algorithm, key| Ok(Box::new(BackendVerifier::new(*algorithm, key)?)),
    key_utils: KeyUtils::new_unimplemented(),
};

/// Whether `signature` (base64url) is one of this key over `signed`.
pub(super) fn verifies(key: &DecodingKey, algorithm: SigningAlgorithm, signed: &str, signature: &str) -> bool {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        // Fails only when something in this process installed a provider before; theirs verifies too.
        let _ = PROVIDER.install_default();
    });
    jsonwebtoken::crypto::verify(signature, signed.as_bytes(), key, named(algorithm)).unwrap_or(false)
}

const fn named(algorithm: SigningAlgorithm) -> Algorithm {
    match algorithm {
        SigningAlgorithm::ES256 => Algorithm::ES256,
        SigningAlgorithm::ES384 => Algorithm::ES384,
        SigningAlgorithm::EdDSA => Algorithm::EdDSA,
        SigningAlgorithm::RS256 => Algorithm::RS256,
        SigningAlgorithm::PS256 => Algorithm::PS256,
    }
}

/// A public key and the one way it is used.
struct BackendVerifier {
    algorithm: Algorithm,
    key: DecodingKey,
    method: Method,
}

enum Method {
    Bytes(&'static dyn VerificationAlgorithm),
    Rsa(&'static RsaParameters),
}

impl BackendVerifier {
    fn new(algorithm: Algorithm, key: &DecodingKey) -> Result<Self> {
        let method = match algorithm {
            Algorithm::ES256 => Method::Bytes(&ECDSA_P256_SHA256_FIXED),
            Algorithm::ES384 => Method::Bytes(&ECDSA_P384_SHA384_FIXED),
            Algorithm::EdDSA => Method::Bytes(&ED25519),
            Algorithm::RS256 => Method::Rsa(&RSA_PKCS1_2048_8192_SHA256),
            Algorithm::PS256 => Method::Rsa(&RSA_PSS_2048_8192_SHA256),
            _ => return Err(ErrorKind::UnsupportedAlgorithm.into()),
        };
        if key.family() != algorithm.family() {
            return Err(ErrorKind::InvalidKeyFormat.into());
        }
        Ok(Self { algorithm, key: key.clone(), method })
    }
}

impl Verifier<Vec<u8>> for BackendVerifier {
    fn verify(&self, signed: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let outcome = match (&self.method, self.key.kind()) {
            (Method::Bytes(algorithm), DecodingKeyKind::SecretOrDer(key)) => {
                UnparsedPublicKey::new(*algorithm, key).verify(signed, signature)
            }
            (Method::Rsa(parameters), DecodingKeyKind::RsaModulusExponent { n, e }) => {
                RsaPublicKeyComponents { n, e }.verify(parameters, signed, signature)
            }
            _ => return Err(Error::new()),
        };
        outcome.map_err(|_| Error::new())
    }
}

impl JwtVerifier for BackendVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}
