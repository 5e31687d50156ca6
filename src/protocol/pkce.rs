//! Proof Key for Code Exchange, method S256 only: RFC 7636.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::error::OAuthError;
use crate::support::Digest;

/// Why a code challenge was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChallengeRejected {
    /// The method is `plain`, absent (which means `plain`), or unknown.
    #[error("method is not S256")]
    MethodNotS256,
    /// Not the 43 characters of a base64url SHA-256 digest.
    #[error("not a base64url SHA-256 digest")]
    Malformed,
}

impl From<ChallengeRejected> for OAuthError {
    fn from(rejected: ChallengeRejected) -> Self {
        Self::invalid_request(match rejected {
            ChallengeRejected::MethodNotS256 => "code_challenge_method must be S256",
            ChallengeRejected::Malformed => "code_challenge must be 43 characters of base64url",
        })
    }
}

/// A code challenge under S256: the base64url SHA-256 digest of the verifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeChallenge(String);

impl CodeChallenge {
    /// Reads `code_challenge` and `code_challenge_method`. RFC 7636 section 4.3 lets an absent method mean `plain`,
    /// and RFC 9700 section 2.1.1 asks for a method that does not expose the verifier, so both are refused.
    pub fn parse(challenge: &str, method: Option<&str>) -> Result<Self, ChallengeRejected> {
        if method != Some("S256") {
            return Err(ChallengeRejected::MethodNotS256);
        }
        let digest = URL_SAFE_NO_PAD.decode(challenge).ok().filter(|bytes| bytes.len() == 32);
        digest.map(|_| Self(challenge.to_owned())).ok_or(ChallengeRejected::Malformed)
    }

    /// The challenge of a verifier: RFC 7636 section 4.2, `BASE64URL-ENCODE(SHA256(ASCII(code_verifier)))`.
    pub fn of(verifier: &str) -> Self {
        Self(URL_SAFE_NO_PAD.encode(Digest::sha256(verifier.as_bytes()).as_bytes()))
    }

    /// RFC 7636 section 4.6: `BASE64URL-ENCODE(SHA256(ASCII(code_verifier))) == code_challenge`.
    pub fn matches(&self, verifier: &CodeVerifier<'_>) -> bool {
        Self::of(verifier.0).0.as_bytes().ct_eq(self.0.as_bytes()).into()
    }

    /// The challenge's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A well-formed code verifier: RFC 7636 section 4.1, 43 to 128 unreserved characters.
#[derive(Clone, Copy)]
pub struct CodeVerifier<'a>(&'a str);

impl<'a> CodeVerifier<'a> {
    /// Reads a verifier; `None` when it is malformed.
    pub fn parse(text: &'a str) -> Option<Self> {
        let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        ((43..=128).contains(&text.len()) && text.bytes().all(unreserved)).then_some(Self(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_appendix_b_matches() {
        let challenge = CodeChallenge::parse(CHALLENGE, Some("S256")).unwrap();
        assert!(challenge.matches(&CodeVerifier::parse(VERIFIER).unwrap()));
        assert!(!challenge.matches(&CodeVerifier::parse(&VERIFIER.replace('d', "e")).unwrap()));
    }

    #[test]
    fn plain_is_refused_whether_said_or_implied() {
        for method in [None, Some("plain"), Some("s256"), Some("")] {
            assert_eq!(CodeChallenge::parse(CHALLENGE, method), Err(ChallengeRejected::MethodNotS256));
        }
    }

    #[test]
    fn a_challenge_has_one_spelling() {
        for text in ["short", &CHALLENGE.replace('-', "+"), &format!("{CHALLENGE}="), &CHALLENGE[1..]] {
            assert_eq!(CodeChallenge::parse(text, Some("S256")), Err(ChallengeRejected::Malformed), "{text}");
        }
    }

    #[test]
    fn a_verifier_is_43_to_128_unreserved_characters() {
        assert!(CodeVerifier::parse(&"a".repeat(42)).is_none());
        assert!(CodeVerifier::parse(&"a".repeat(43)).is_some());
        assert!(CodeVerifier::parse(&"a".repeat(128)).is_some());
        assert!(CodeVerifier::parse(&"a".repeat(129)).is_none());
        assert!(CodeVerifier::parse(&format!("{}\n", "a".repeat(43))).is_none());
        assert!(CodeVerifier::parse(&"é".repeat(30)).is_none());
    }
}
