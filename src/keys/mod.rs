//! Keys: the ring that signs and rotates, the JWKS that services verify by, and the key that seals what is stored.
//!
//! Owns every use of a private key, every check of a JWS, the key-encryption key and what is derived from it. `ring` and
//! `jsonwebtoken` are named here only. Leaves what a token says, and whether its times and audience fit, to its callers, and
//! where keys are stored to [`crate::store::SigningKeyStore`].

mod assertion;
mod backend;
mod compact;
mod error;
pub mod foreign;
mod import;
mod jwk;
mod jwks;
pub mod kek;
mod key_ring;
mod loaded;
mod pair;
mod plan;
mod provider;
mod published;
mod seal;
mod signer;
mod strict_json;
mod summary;
mod x5c;

use std::time::Duration;

pub use assertion::AssertionKey;
pub use error::{ImportRejected, KekError, KeyError, TokenRejected};
pub use jwks::JwksRejected;
pub use kek::{Absent, KeyEncryptionKey};
pub use key_ring::KeyRing;
pub use plan::{KeyTimes, Rotation};
pub use published::PublishedKeys;
pub use seal::{MacKey, Sealer, hmac_sha256};
pub use summary::{Imported, KeySummary};

/// How long any token that the ring signs may live at most. A key stays published for this long after its last signature, so
/// a caller that lets a client choose a lifetime holds it to this.
pub const LONGEST_TOKEN_LIFETIME: Duration = Duration::from_hours(24);

/// What kind of token a JWT is: RFC 8725 section 3.11, "Use Explicit Typing".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenType {
    /// RFC 9068 section 2.1: `at+jwt`.
    AccessToken,
    /// An access token under the name of any JWT (RFC 7519 section 5.1), for resource servers that know no other. By its type alone it cannot be
    /// told from an ID token: who reads either looks for what only the other has.
    PlainAccessToken,
    /// OpenID Connect Core 1.0 section 2.
    IdToken,
    /// OpenID Connect Back-Channel Logout 1.0 section 2.4: `logout+jwt`.
    LogoutToken,
}

impl TokenType {
    const ALL: [Self; 4] = [Self::AccessToken, Self::PlainAccessToken, Self::IdToken, Self::LogoutToken];

    /// The `typ` header that is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "at+jwt",
            Self::PlainAccessToken | Self::IdToken => "JWT",
            Self::LogoutToken => "logout+jwt",
        }
    }

    /// Whether a `typ` header names this type. RFC 7515 section 4.1.9: a media type, compared without regard to case, whose
    /// `application/` may be left out.
    fn is_named_by(self, typ: &str) -> bool {
        let short = match typ.split_at_checked("application/".len()) {
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("application/") => rest,
            _ => typ,
        };
        short.eq_ignore_ascii_case(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_known_in_any_case_with_and_without_application() {
        for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"] {
            assert!(TokenType::AccessToken.is_named_by(typ), "{typ}");
        }
        for typ in [
            "JWT",
            "at+jwt ",
            "application/application/at+jwt",
            "text/at+jwt",
            "",
            "logout+jwt",
            "해치해치해치해치at+jwt",
        ] {
            assert!(!TokenType::AccessToken.is_named_by(typ), "{typ}");
        }
    }
}
