//! Private keys that were made elsewhere: PEM with PKCS#8 inside.

use rsa::pkcs8::der::SecretDocument;

use super::ImportRejected;
use super::jwk::PublicKey;
use super::pair::KeyPair;
use crate::model::client::SigningAlgorithm;

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
