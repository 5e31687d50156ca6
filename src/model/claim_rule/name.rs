//! What a claim of a rule can be called: RFC 7519 section 4.2 and 4.3.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::protocol::claims;

/// The longest name, in bytes.
pub const MAX_CLAIM_BYTES: usize = 200;

/// What tokens, and what is answered beside them, mean something by. No rule speaks for the server.
const OF_PROTOCOLS: &[&str] = &[
    // RFC 7519 section 4.1.
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    // OpenID Connect Core 1.0 sections 2, 3.1.3.6, 3.3.2.11, 5.6.2 and 7.4.
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "azp",
    "at_hash",
    "c_hash",
    "s_hash",
    "_claim_names",
    "_claim_sources",
    "sub_jwk",
    // OpenID Connect Front-Channel Logout 1.0 section 3, Back-Channel Logout 1.0 section 2.4; Native SSO 1.0 section 3.4.
    "sid",
    "events",
    "ds_hash",
    // RFC 8693 section 4, RFC 9068 section 2.2, RFC 9396 section 9.1, RFC 7800 section 3.1.
    "client_id",
    "scope",
    "act",
    "may_act",
    "authorization_details",
    "cnf",
    // RFC 7662 section 2.2 and RFC 9701 section 5: what introspection says of a token.
    "active",
    "username",
    "token_type",
    "token_introspection",
    // RFC 8417 section 2.2, RFC 9493: security events.
    "txn",
    "toe",
    "sub_id",
    // RFC 9449 section 4.2, RFC 8485 section 3.
    "htm",
    "htu",
    "ath",
    "vot",
    "vtm",
    // CIBA Core 1.0 section 10.3.1: the ID token that is pushed.
    "urn:openid:params:jwt:claim:auth_req_id",
    "urn:openid:params:jwt:claim:rt_hash",
    // What apps take for the word of whoever verified an end-user, or for an error: OpenID Connect for Identity Assurance 1.0 section 5, RFC 6749 section 5.2.
    "verified_claims",
    "error",
    "error_description",
    "error_uri",
    // What tokens are told apart by elsewhere, and how they are written.
    "typ",
    "alg",
    "kid",
    "token_use",
];

/// Namespaces of specifications: what they will define there is not known yet.
const OF_SPECIFICATIONS: &[&str] = &["urn:ietf:", "urn:openid:"];

/// The name of a claim that a rule may give.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClaimName(String);

/// Why a text is no name of a claim that a rule may give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimNameRejected {
    /// It cannot be a name.
    #[error("must be 1 to {MAX_CLAIM_BYTES} printable ASCII characters without spaces, quotes, backslashes and #")]
    NotAName,
    /// RFC 7519 section 2: a `StringOrURI` with a colon "MUST be a URI".
    #[error("has a colon, so it must be a URI such as https://example.com/claims/level")]
    NotAUri,
    /// Specifications say what it means.
    #[error("is a name that tokens or OpenID Connect define: choose another, or a URI of your own")]
    Defined,
}

impl ClaimName {
    /// Reads a name.
    pub fn parse(text: &str) -> Result<Self, ClaimNameRejected> {
        // A quote, a backslash and a space make names that nobody compares right; `#` begins a language (OpenID Connect Core 1.0 section 5.2).
        let plain = |b: u8| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'`' | b'\\' | b'<' | b'>');
        let is_uri = text.contains(':');
        let legal = (1..=MAX_CLAIM_BYTES).contains(&text.len()) && text.bytes().all(plain);
        if !legal || (text.contains('#') && !is_uri) {
            return Err(ClaimNameRejected::NotAName);
        }
        if !is_open(text) {
            return Err(ClaimNameRejected::Defined);
        }
        if is_uri && Url::parse(text).is_err() {
            return Err(ClaimNameRejected::NotAUri);
        }
        Ok(Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClaimName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether no specification says what a claim of this name means, in whatever language and however it is written: names differ by case (RFC 7519
/// section 10.1.1), and apps that forget it exist.
pub fn is_open(name: &str) -> bool {
    let base = name.split_once('#').map_or(name, |(base, _)| base).to_ascii_lowercase();
    let standard = [claims::PROFILE, claims::EMAIL, claims::ADDRESS, claims::PHONE, claims::GROUPS, claims::ROLES];
    !OF_PROTOCOLS.contains(&base.as_str())
        && !standard.iter().any(|names| names.contains(&base.as_str()))
        && !OF_SPECIFICATIONS.iter().any(|space| base.starts_with(space))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_that_specifications_define_is_open() {
        let standard = [claims::PROFILE, claims::EMAIL, claims::ADDRESS, claims::PHONE, claims::GROUPS, claims::ROLES];
        for name in OF_PROTOCOLS.iter().chain(standard.into_iter().flatten()) {
            assert_eq!(ClaimName::parse(name), Err(ClaimNameRejected::Defined), "{name}");
            let shouted = name.to_ascii_uppercase();
            assert_eq!(ClaimName::parse(&shouted), Err(ClaimNameRejected::Defined), "{shouted}");
            assert!(ClaimName::parse(&format!("{name}#ko")).is_err(), "{name}#ko");
        }
        assert_eq!(ClaimName::parse("urn:ietf:params:oauth:x"), Err(ClaimNameRejected::Defined));
        assert_eq!(ClaimName::parse("URN:openid:x"), Err(ClaimNameRejected::Defined));
    }

    #[test]
    fn a_name_is_a_word_or_a_uri() {
        for good in [
            "employee_number",
            "department",
            "https://example.com/claims/level",
            "urn:example:x#y",
            "entitlements",
            "a.b/c",
        ] {
            assert_eq!(ClaimName::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "a b", "부서", "a\"b", "a\\b", "a\n", "level#ko", "<script>", "it's", &"x".repeat(201)] {
            assert_eq!(ClaimName::parse(bad), Err(ClaimNameRejected::NotAName), "{bad:?}");
        }
        for bad in ["shop:", ":x", "1shop:level", "https:"] {
            let found = ClaimName::parse(bad);
            assert!(found == Err(ClaimNameRejected::NotAUri) || Url::parse(bad).is_ok(), "{bad:?} {found:?}");
        }
        assert_eq!(ClaimName::parse(":x"), Err(ClaimNameRejected::NotAUri));
    }
}
