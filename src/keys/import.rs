//! Private keys that somebody made elsewhere: PEM with PKCS#8 inside.

use rsa::pkcs8::der::SecretDocument;

use super::jwk::PublicKey;
use super::pair::KeyPair;
use crate::model::client::SigningAlgorithm;

/// Why a key is not imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportRejected {
    /// Another format, an encrypted key, or no key.
    #[error(
        "not a PEM file with an unencrypted PKCS#8 private key; `openssl pkcs8 -topk8 -nocrypt` makes one of other formats"
    )]
    NotPkcs8,
    /// A key that this algorithm cannot be used with.
    #[error("not a key for {} within the permitted sizes (RSA: 2048 to 4096 bits, exponent 65537)", .0.as_str())]
    Unsuited(SigningAlgorithm),
    /// The ring holds it already. A key is used with one algorithm and lives once.
    #[error("the key ring holds this key already")]
    Known,
}

/// Reads a private key and makes sure that it signs with this algorithm and keeps the bounds of a published key.
pub(super) fn read(algorithm: SigningAlgorithm, pem: &str) -> Result<SecretDocument, ImportRejected> {
    let (label, document) = SecretDocument::from_pem(pem.trim()).map_err(|_| ImportRejected::NotPkcs8)?;
    if label != "PRIVATE KEY" {
        return Err(ImportRejected::NotPkcs8);
    }
    let unsuited = ImportRejected::Unsuited(algorithm);
    let jwk = KeyPair::from_pkcs8(algorithm, document.as_bytes()).ok_or(unsuited)?.public_jwk();
    let key = jwk.as_object().and_then(|jwk| PublicKey::from_jwk(jwk).ok()).ok_or(unsuited)?;
    if key.suits(algorithm) { Ok(document) } else { Err(unsuited) }
}
