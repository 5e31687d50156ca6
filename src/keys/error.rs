//! What can go wrong with keys, and why a token is refused.

use std::io;
use std::path::PathBuf;

use crate::model::client::SigningAlgorithm;
use crate::store::StoreError;
use crate::support::id::KeyId;

/// Why the ring could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The key-encryption key is not to be had.
    #[error(transparent)]
    Kek(#[from] KekError),
    /// The store did not answer.
    #[error("signing keys: {0}")]
    Store(#[from] StoreError),
    /// A stored key does not open under the key-encryption key.
    #[error(
        "signing key {0} does not open under this key-encryption key: it was sealed under another one, or it was changed"
    )]
    WrongKeyEncryptionKey(KeyId),
    /// A stored key opens, but is no key of its algorithm, or not the one that its public part claims.
    #[error("signing key {0} is not what its record says")]
    Corrupt(KeyId),
    /// There is no active key of this algorithm (yet).
    #[error("no active {} key", .0.as_str())]
    NoKey(SigningAlgorithm),
    /// No key of the ring has this id.
    #[error("no signing key {0}")]
    UnknownKey(KeyId),
    /// A key from elsewhere is not taken.
    #[error(transparent)]
    Import(#[from] ImportRejected),
    /// The claims cannot be written as JSON.
    #[error("claims are no JSON object: {0}")]
    Claims(#[from] serde_json::Error),
    /// The library refused to make a key or a signature.
    #[error("cryptography failed: {0}")]
    Crypto(&'static str),
    /// Other nodes changed the ring again and again.
    #[error("other nodes keep changing the signing keys")]
    Contended,
    /// A fresh token does not verify by the published keys.
    #[error("a token signed with {} does not verify by the published keys", .0.as_str())]
    SelfCheck(SigningAlgorithm),
}

/// Why there is no key-encryption key.
#[derive(Debug, thiserror::Error)]
pub enum KekError {
    /// `keys.key_encryption_key` is not 32 bytes in base64. The value is not repeated here.
    #[error("keys.key_encryption_key is not 32 bytes in base64; `openssl rand -base64 32` makes one")]
    Setting,
    /// The file's content is not 32 bytes in base64.
    #[error(
        "{} does not hold 32 bytes in base64; bring back the copy you keep of it (a new key cannot open what the old one sealed)",
        .0.display()
    )]
    Content(PathBuf),
    /// The file is not there, and none is made now.
    #[error(
        "there is no key-encryption key at {}. One is made only when `haechi serve` starts on an empty database: bring this one's back, or let \
         --config, keys.folder or keys.key_encryption_key say where it is",
        .0.display()
    )]
    Missing(PathBuf),
    /// The file is there and cannot be read.
    #[error("cannot read {}: {}; the user that runs Haechi must be allowed to", .0.display(), .1)]
    Unreadable(PathBuf, io::Error),
    /// The file is not there and cannot be made.
    #[error("cannot make {}: {}; set keys.folder to a writable folder, or keys.key_encryption_key", .0.display(), .1)]
    Unwritable(PathBuf, io::Error),
}

/// Why a key is not imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportRejected {
    /// Another format, or no key.
    #[error(
        "not a PEM file with an unencrypted PKCS#8 private key; `openssl pkcs8 -topk8 -nocrypt` makes one of other formats"
    )]
    NotPkcs8,
    /// A key under a passphrase.
    #[error("the private key is encrypted: take its passphrase off first; `openssl pkcs8 -topk8 -nocrypt` does it")]
    Encrypted,
    /// A public key or a certificate.
    #[error("this is the public half of a key: the private key signs")]
    PublicOnly,
    /// A key of another kind or on another curve than this algorithm is defined for.
    #[error("not a key for {}: {}", .0.as_str(), kind_of(*.0))]
    Unsuited(SigningAlgorithm),
    /// An RSA key of another size.
    #[error("an RSA key must have 2048 to 4096 bits and the exponent 65537 (RFC 7518, section 3.3)")]
    RsaBounds,
    /// The ring holds it already. A key is used with one algorithm and lives once.
    #[error("the key ring holds this key already")]
    Known,
    /// It was revoked here: it may be in wrong hands, and stays out.
    #[error("this key was revoked: it may be in wrong hands, and is not taken again")]
    Revoked,
}

impl ImportRejected {
    /// What a program tells these apart by. A code never changes its meaning.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotPkcs8 => "not_pkcs8",
            Self::Encrypted => "key_encrypted",
            Self::PublicOnly => "key_public",
            Self::Unsuited(_) => "key_of_another_algorithm",
            Self::RsaBounds => "rsa_key_size",
            Self::Known => "key_known",
            Self::Revoked => "key_revoked",
        }
    }
}

/// What an algorithm signs with: RFC 7518 sections 3.3 to 3.5, RFC 8037 section 3.1.
const fn kind_of(algorithm: SigningAlgorithm) -> &'static str {
    match algorithm {
        SigningAlgorithm::ES256 => "it needs an EC key on the curve P-256",
        SigningAlgorithm::ES384 => "it needs an EC key on the curve P-384",
        SigningAlgorithm::EdDSA => "it needs an Ed25519 key",
        SigningAlgorithm::RS256 | SigningAlgorithm::PS256 => "it needs an RSA key",
    }
}

/// Why a token is refused. What is told to the outside is the callers' affair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenRejected {
    /// Longer than any honest token.
    #[error("too long")]
    TooLong,
    /// No JWS in compact serialization with JSON objects inside.
    #[error("not a signed JWT")]
    Malformed,
    /// A JSON object names a member twice (RFC 7515 section 4, RFC 7519 section 4).
    #[error("a member appears twice")]
    DuplicateMember,
    /// `crit` or `b64` is present: no extension is understood (RFC 7515 section 4.1.11, RFC 7797 section 6).
    #[error("an extension must be understood")]
    Critical,
    /// `alg` is none, symmetric, unknown, or not the one this key is used with (RFC 8725 section 3.1).
    #[error("algorithm not allowed")]
    Algorithm,
    /// No key, or more than one, answers to the header.
    #[error("no such key")]
    UnknownKey,
    /// `typ` names another kind of token (RFC 8725 section 3.11).
    #[error("another type of token")]
    Type,
    /// The signature does not verify.
    #[error("wrong signature")]
    Signature,
    /// The claims are not of the wanted shape.
    #[error("claims of the wrong shape")]
    Claims,
}
