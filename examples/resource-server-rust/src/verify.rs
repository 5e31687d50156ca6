//! From a request to a caller: RFC 9068 section 4 for the token, RFC 6750 section 3 for the refusals.

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jsonwebtoken::jwk::{Jwk, KeyAlgorithm};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::json;

use crate::keys::{Keys, Unreachable};

/// What an access token says about its bearer. Those without a default must be there (RFC 9068 section 2.2).
#[derive(Deserialize)]
#[allow(dead_code, reason = "read so that they must be there")]
pub struct Caller {
    pub sub: String,
    pub client_id: String,
    pub iat: i64,
    pub jti: String,
    #[serde(default)]
    pub scope: String,
}

/// Why a request was refused.
pub enum Refused {
    /// There is no token. The answer names no error: the caller may simply not know yet that it needs one.
    NoToken,
    /// The `Authorization` header is not `Bearer` and one token.
    Malformed,
    /// The token is no good. Why is nobody's business.
    InvalidToken,
    /// The token is good, but not for this.
    InsufficientScope(&'static str),
    /// No key has been fetched so far, so no token can be judged.
    NoKeys,
}

pub struct Verifier {
    keys: Keys,
    issuer: String,
    audience: String,
}

impl Verifier {
    pub fn new(issuer: String, audience: String) -> reqwest::Result<Self> {
        Ok(Self { keys: Keys::new(issuer.clone())?, issuer, audience })
    }

    /// The caller, if the request brings a token that is good here and has the scope.
    pub async fn require(&self, headers: &HeaderMap, scope: &'static str) -> Result<Caller, Refused> {
        let caller = self.verify(bearer(headers)?).await?;
        if !caller.scope.split(' ').any(|granted| granted == scope) {
            return Err(Refused::InsufficientScope(scope));
        }
        Ok(caller)
    }

    async fn verify(&self, token: &str) -> Result<Caller, Refused> {
        let header = decode_header(token)?;
        // An ID token is signed by the same keys, and must not be taken for an access token.
        let typ = header.typ.unwrap_or_default().to_ascii_lowercase();
        if typ != "at+jwt" && typ != "application/at+jwt" {
            return Err(Refused::InvalidToken);
        }
        let kid = header.kid.ok_or(Refused::InvalidToken)?;
        let jwk = self.keys.find(&kid).await?.ok_or(Refused::InvalidToken)?;
        // The key decides about the algorithm, not the token.
        let mut rules = Validation::new(algorithm_of(&jwk).ok_or(Refused::InvalidToken)?);
        rules.set_issuer(&[&self.issuer]);
        rules.set_audience(&[&self.audience]);
        rules.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
        rules.validate_nbf = true;
        rules.leeway = 5;
        Ok(decode(token, &DecodingKey::from_jwk(&jwk)?, &rules)?.claims)
    }
}

/// RFC 6750 section 2.1. The scheme's case does not matter (RFC 9110 section 11.1).
fn bearer(headers: &HeaderMap) -> Result<&str, Refused> {
    let value = headers.get(header::AUTHORIZATION).ok_or(Refused::NoToken)?;
    let mut words = value.to_str().unwrap_or_default().split_ascii_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(scheme), Some(token), None) if scheme.eq_ignore_ascii_case("bearer") => Ok(token),
        _ => Err(Refused::Malformed),
    }
}

/// The signature algorithms that are good enough here; anything else, `none` and shared secrets above all, is not.
fn algorithm_of(jwk: &Jwk) -> Option<Algorithm> {
    Some(match jwk.common.key_algorithm? {
        KeyAlgorithm::ES256 => Algorithm::ES256,
        KeyAlgorithm::ES384 => Algorithm::ES384,
        KeyAlgorithm::EdDSA => Algorithm::EdDSA,
        KeyAlgorithm::PS256 => Algorithm::PS256,
        KeyAlgorithm::RS256 => Algorithm::RS256,
        _ => return None,
    })
}

impl From<jsonwebtoken::errors::Error> for Refused {
    fn from(_: jsonwebtoken::errors::Error) -> Self {
        Self::InvalidToken
    }
}

impl From<Unreachable> for Refused {
    fn from(_: Unreachable) -> Self {
        Self::NoKeys
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, error, scope) = match self {
            Self::NoToken => (StatusCode::UNAUTHORIZED, None, None),
            Self::Malformed => (StatusCode::BAD_REQUEST, Some("invalid_request"), None),
            Self::InvalidToken => (StatusCode::UNAUTHORIZED, Some("invalid_token"), None),
            Self::InsufficientScope(scope) => (StatusCode::FORBIDDEN, Some("insufficient_scope"), Some(scope)),
            Self::NoKeys => return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")]).into_response(),
        };
        let mut challenge = "Bearer realm=\"orders\"".to_owned();
        for (name, value) in [("error", error), ("scope", scope)] {
            challenge += &value.map(|value| format!(", {name}=\"{value}\"")).unwrap_or_default();
        }
        (status, [(header::WWW_AUTHENTICATE, challenge)], Json(json!({ "error": error }))).into_response()
    }
}
