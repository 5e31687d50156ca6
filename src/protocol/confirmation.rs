//! Sender-constrained tokens: which key the presenter of a token must prove to hold, and what its type is then called.

use serde::{Deserialize, Serialize};

/// The `cnf` claim of a token that is bound to a key: RFC 7800 section 3.1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confirmation {
    /// RFC 9449 section 6.1, DPoP: the SHA-256 thumbprint of the key as a JWK (RFC 7638), in base64url.
    #[serde(rename = "jkt")]
    JwkThumbprint(String),
    /// RFC 8705 section 3.1, mutual TLS: the SHA-256 thumbprint of the client's certificate, in base64url.
    #[serde(rename = "x5t#S256")]
    CertificateThumbprint(String),
}

/// The key that the sender of a request proved to hold, by a DPoP proof or by its TLS handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SenderKey(pub Confirmation);

/// `token_type` of a token answer: RFC 6749 section 7.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum TokenType {
    /// RFC 6750 section 4: who holds the token may use it. A certificate-bound token is of this type too (RFC 8705 section 3).
    Bearer,
    /// RFC 9449 section 5: used with a proof of the key only.
    DPoP,
}

/// The sender of a request does not hold the key that what it presents is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sender does not prove to hold the key that it is bound to")]
pub struct NotTheKey;

impl Confirmation {
    /// What a token that is bound to this key is called.
    pub const fn token_type(&self) -> TokenType {
        match self {
            Self::JwkThumbprint(_) => TokenType::DPoP,
            Self::CertificateThumbprint(_) => TokenType::Bearer,
        }
    }

    /// The key that new tokens are bound to: that of the grant, which the sender must then prove to hold (RFC 9449 section 5, "the
    /// authorization server MUST ensure" of a bound refresh token that the proof is of the same key; section 10 for codes), else the
    /// sender's.
    pub fn of_tokens(bound_to: Option<&Self>, sender: Option<&SenderKey>) -> Result<Option<Self>, NotTheKey> {
        match (bound_to, sender) {
            (None, sender) => Ok(sender.map(|key| key.0.clone())),
            (Some(bound), Some(SenderKey(key))) if bound == key => Ok(Some(bound.clone())),
            (Some(_), _) => Err(NotTheKey),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn jkt(text: &str) -> Confirmation {
        Confirmation::JwkThumbprint(text.to_owned())
    }

    #[test]
    fn a_confirmation_is_written_as_its_claim() {
        assert_eq!(serde_json::to_value(jkt("abc")).unwrap(), json!({ "jkt": "abc" }));
        let certificate = Confirmation::CertificateThumbprint("def".to_owned());
        assert_eq!(serde_json::to_value(&certificate).unwrap(), json!({ "x5t#S256": "def" }));
        assert_eq!((jkt("abc").token_type(), certificate.token_type()), (TokenType::DPoP, TokenType::Bearer));
    }

    #[test]
    fn what_is_bound_stays_bound_to_its_key() {
        let (key, other) = (SenderKey(jkt("a")), SenderKey(jkt("b")));
        assert_eq!(Confirmation::of_tokens(None, None), Ok(None));
        assert_eq!(Confirmation::of_tokens(None, Some(&key)), Ok(Some(jkt("a"))));
        assert_eq!(Confirmation::of_tokens(Some(&jkt("a")), Some(&key)), Ok(Some(jkt("a"))));
        assert_eq!(Confirmation::of_tokens(Some(&jkt("a")), Some(&other)), Err(NotTheKey));
        assert_eq!(Confirmation::of_tokens(Some(&jkt("a")), None), Err(NotTheKey));
    }
}
