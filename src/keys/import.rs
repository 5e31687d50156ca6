//! Private keys that were made elsewhere: PEM with PKCS#8 inside.

use rsa::pkcs8::der::SecretDocument;
use rsa::pkcs8::{ObjectIdentifier, PrivateKeyInfo};

use super::ImportRejected;
use super::jwk::PublicKey;
use super::pair::KeyPair;
use crate::model::client::SigningAlgorithm;

/// RFC 8017 appendix A.1: `rsaEncryption`.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// Reads a private key and makes sure that it signs with this algorithm and keeps the bounds of a published key.
pub(super) fn read(algorithm: SigningAlgorithm, pem: &str) -> Result<SecretDocument, ImportRejected> {
    let (label, document) = SecretDocument::from_pem(pem.trim()).map_err(|_| by_labels(pem))?;
    if label != "PRIVATE KEY" {
        return Err(by_labels(pem));
    }
    let unsuited = unsuited(algorithm, document.as_bytes());
    let jwk = KeyPair::from_pkcs8(algorithm, document.as_bytes()).ok_or(unsuited)?.public_jwk();
    let key = jwk.as_object().and_then(|jwk| PublicKey::from_jwk(jwk).ok()).ok_or(unsuited)?;
    if key.suits(algorithm) { Ok(document) } else { Err(unsuited) }
}

/// What a text is that is no such key, as far as its labels say: RFC 7468 sections 5, 11 and 13. Older software says in a header that a key is
/// encrypted (RFC 1421 section 4.6.1.1).
fn by_labels(pem: &str) -> ImportRejected {
    let is_encrypted = pem.contains("BEGIN ENCRYPTED PRIVATE KEY") || pem.contains("Proc-Type: 4,ENCRYPTED");
    let is_public = pem.contains("PUBLIC KEY-----") || pem.contains("BEGIN CERTIFICATE-----");
    if is_encrypted {
        ImportRejected::Encrypted
    } else if is_public && !pem.contains("PRIVATE KEY-----") {
        ImportRejected::PublicOnly
    } else {
        ImportRejected::NotPkcs8
    }
}

/// Why a key is refused that the algorithm cannot be used with: RSA keys are, for every algorithm of RSA, unless it is for their size.
fn unsuited(algorithm: SigningAlgorithm, pkcs8: &[u8]) -> ImportRejected {
    let for_rsa = matches!(algorithm, SigningAlgorithm::RS256 | SigningAlgorithm::PS256);
    match PrivateKeyInfo::try_from(pkcs8) {
        Ok(key) if for_rsa && key.algorithm.oid == RSA => ImportRejected::RsaBounds,
        Ok(_) => ImportRejected::Unsuited(algorithm),
        Err(_) => ImportRejected::NotPkcs8,
    }
}
