//! What a provider's ID token must say: OpenID Connect Core 1.0 section 3.1.3.7. Pure: verified claims in, verdict out.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::presets::Issuer;
use super::subject::{self, SubjectType};
use crate::model::connection::UpstreamAlgorithm;
use crate::support::{Digest, Timestamp};

/// How far a provider's clock may be from ours.
const SKEW: Duration = Duration::from_mins(1);
/// How old an ID token may be that was just redeemed for a code.
const OLDEST: Duration = Duration::from_hours(1);
/// How many of the provider's `amr` values are looked at, and how long each may be.
const AMR: (usize, usize) = (8, 32);

/// What the token is held to.
#[derive(Debug)]
pub struct Expected<'a> {
    /// Who must have issued it.
    pub issuer: Issuer,
    /// The administrator's part of that.
    pub named: Option<&'a str>,
    /// Who we are there.
    pub client_id: &'a str,
    /// What was sent with the request.
    pub nonce: &'a str,
    /// Whether the provider is known to leave the nonce out.
    pub nonce_may_lack: bool,
    /// The token that came with it.
    pub access_token: &'a str,
    /// How it was signed.
    pub algorithm: UpstreamAlgorithm,
    /// How old the authentication may be, where that was asked.
    pub max_age: Option<Duration>,
    /// The time of the check, which `exp` and `iat` are held to.
    pub now: Timestamp,
}

/// Why an ID token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say it")]
pub enum IdTokenRejected {
    #[error("iss is not the issuer of this connection")]
    Issuer,
    #[error("aud is not our client id alone")]
    Audience,
    #[error("azp is not our client id")]
    AuthorizedParty,
    #[error("exp is missing or past")]
    Expired,
    #[error("iat is missing, in the future, or long ago")]
    IssuedAt,
    #[error("nbf is in the future, or no time")]
    NotBefore,
    #[error("sub is missing, is not a text of 1 to 255 ASCII characters, or names no account")]
    Subject,
    #[error("nonce is not the one that was sent")]
    Nonce,
    #[error("at_hash is not that of the access token")]
    AccessTokenHash,
    #[error("auth_time is missing although max_age was asked, or too long ago")]
    AuthTime,
}

/// What the token says about how the user authenticated there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authentication {
    /// When the user authenticated at the provider: `auth_time`, where the token has it.
    pub auth_time: Option<Timestamp>,
    /// The same where it was held to a `max_age`: section 3.1.2.1, "the OP MUST attempt to actively re-authenticate the End-User".
    pub proved_at: Option<Timestamp>,
    /// How strongly, in the provider's words: section 2.
    pub acr: Option<String>,
    /// By which means, in the provider's words: RFC 8176. Which of them count is for the connection to say.
    pub amr: Vec<String>,
    /// The provider's session: what its logout tokens name.
    pub sid: Option<String>,
}

/// Holds verified claims to what is expected.
pub fn check(claims: &Value, expected: &Expected<'_>) -> Result<Authentication, IdTokenRejected> {
    if !expected.issuer.issued(expected.named, claims) {
        return Err(IdTokenRejected::Issuer);
    }
    check_subject(claims)?;
    check_audience(claims, expected.client_id)?;
    check_times(claims, expected.now)?;
    check_nonce(claims, expected)?;
    check_access_token(claims, expected)?;
    let auth_time = check_auth_time(claims, expected)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    let proved_at = expected.max_age.and(auth_time);
    Ok(Authentication { auth_time, proved_at, acr: text("acr"), amr: amr(claims), sid: text("sid") })
}

/// Section 2: "sub REQUIRED. [...] It MUST NOT exceed 255 ASCII characters in length. The `sub` value is a case-sensitive string." Without it
/// there is nothing that a `UserInfo` Response could be compared with (section 5.3.2), so that is not asked for.
fn check_subject(claims: &Value) -> Result<(), IdTokenRejected> {
    let sub = claims.get("sub").unwrap_or(&Value::Null);
    subject::read(sub, SubjectType::Text).map(drop).map_err(|_| IdTokenRejected::Subject)
}

/// Steps 3 to 5: "The ID Token MUST be rejected if the ID Token does not list the Client as a valid audience, or if it contains
/// additional audiences not trusted by the Client." None is trusted.
fn check_audience(claims: &Value, client_id: &str) -> Result<(), IdTokenRejected> {
    let ours = |value: &Value| value.as_str() == Some(client_id);
    let audience = match claims.get("aud") {
        Some(Value::Array(all)) => !all.is_empty() && all.iter().all(ours),
        Some(one) => ours(one),
        None => false,
    };
    if !audience {
        return Err(IdTokenRejected::Audience);
    }
    if claims.get("azp").is_some_and(|azp| !ours(azp)) { Err(IdTokenRejected::AuthorizedParty) } else { Ok(()) }
}

/// RFC 7519 section 4.1.5: "The `nbf` (not before) claim identifies the time before which the JWT MUST NOT be accepted for processing." A
/// token without it may be used at once; with something that is no time, never.
pub(super) fn may_be_used(claims: &Value, now: Timestamp) -> bool {
    claims.get("nbf").is_none() || time(claims, "nbf").is_some_and(|nbf| nbf <= now.plus(SKEW))
}

/// Steps 9 and 10, and RFC 7519.
fn check_times(claims: &Value, now: Timestamp) -> Result<(), IdTokenRejected> {
    if !may_be_used(claims, now) {
        return Err(IdTokenRejected::NotBefore);
    }
    let exp = time(claims, "exp").ok_or(IdTokenRejected::Expired)?;
    if now.minus(SKEW) >= exp {
        return Err(IdTokenRejected::Expired);
    }
    let iat = time(claims, "iat").ok_or(IdTokenRejected::IssuedAt)?;
    if iat > now.plus(SKEW) || now.since(iat) > OLDEST { Err(IdTokenRejected::IssuedAt) } else { Ok(()) }
}

/// Step 11: "a `nonce` Claim MUST be present and its value checked".
fn check_nonce(claims: &Value, expected: &Expected<'_>) -> Result<(), IdTokenRejected> {
    let same = match claims.get("nonce") {
        None => expected.nonce_may_lack,
        Some(nonce) => nonce.as_str() == Some(expected.nonce),
    };
    if same { Ok(()) } else { Err(IdTokenRejected::Nonce) }
}

/// Section 3.1.3.8: the access token belongs to the ID token, where that says so.
fn check_access_token(claims: &Value, expected: &Expected<'_>) -> Result<(), IdTokenRejected> {
    let Some(at_hash) = claims.get("at_hash") else { return Ok(()) };
    let bits = match expected.algorithm {
        UpstreamAlgorithm::ES384 => 384,
        UpstreamAlgorithm::EdDSA => 512,
        _ => 256,
    };
    let hash = URL_SAFE_NO_PAD.encode(Digest::left_half(bits, expected.access_token.as_bytes()));
    if at_hash.as_str() == Some(hash.as_str()) { Ok(()) } else { Err(IdTokenRejected::AccessTokenHash) }
}

/// Step 13. A time in the future is none.
fn check_auth_time(claims: &Value, expected: &Expected<'_>) -> Result<Option<Timestamp>, IdTokenRejected> {
    let said = time(claims, "auth_time").filter(|at| *at <= expected.now.plus(SKEW)).map(|at| at.min(expected.now));
    match (expected.max_age, said) {
        (Some(_), None) => Err(IdTokenRejected::AuthTime),
        (Some(age), Some(at)) if expected.now.since(at) > age + SKEW => Err(IdTokenRejected::AuthTime),
        (_, said) => Ok(said),
    }
}

fn time(claims: &Value, name: &str) -> Option<Timestamp> {
    // RFC 7519 section 2 lets a NumericDate have a fraction.
    let value = claims.get(name)?;
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a time beyond i64 saturates, and is refused as any other far one"
    )]
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64))?;
    (0..=253_402_300_799).contains(&seconds).then(|| Timestamp::from_seconds(seconds))
}

fn amr(claims: &Value) -> Vec<String> {
    let plain = |text: &&str| {
        (1..=AMR.1).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.:".contains(&b))
    };
    let all = claims.get("amr").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    all.iter().filter_map(Value::as_str).filter(plain).take(AMR.0).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn expected() -> Expected<'static> {
        Expected {
            issuer: Issuer::Fixed("https://idp.example"),
            named: None,
            client_id: "us",
            nonce: "n-1",
            nonce_may_lack: false,
            access_token: "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
            algorithm: UpstreamAlgorithm::RS256,
            max_age: None,
            now: Timestamp::from_seconds(NOW),
        }
    }

    fn good() -> Value {
        json!({ "iss": "https://idp.example", "sub": "1", "aud": "us", "exp": NOW + 60, "iat": NOW, "nonce": "n-1" })
    }

    /// The good claims with some replaced, or left out where the value is null.
    fn checked(change: &Value, expected: &Expected<'_>) -> Result<Authentication, IdTokenRejected> {
        let mut claims = good().as_object().unwrap().clone();
        for (name, value) in change.as_object().unwrap() {
            if value.is_null() {
                claims.remove(name);
            } else {
                claims.insert(name.clone(), value.clone());
            }
        }
        check(&Value::Object(claims), expected)
    }

    #[test]
    fn section_3_1_3_7_each_rule_refuses_on_its_own() {
        use IdTokenRejected as R;
        assert!(checked(&json!({}), &expected()).is_ok());
        for (change, why) in [
            (json!({ "iss": "https://idp.example/" }), R::Issuer),
            (json!({ "iss": null }), R::Issuer),
            (json!({ "aud": "them" }), R::Audience),
            (json!({ "aud": null }), R::Audience),
            (json!({ "aud": [] }), R::Audience),
            (json!({ "aud": ["us", "them"], "azp": "us" }), R::Audience),
            (json!({ "azp": "them" }), R::AuthorizedParty),
            (json!({ "exp": NOW - 60 }), R::Expired),
            (json!({ "exp": null }), R::Expired),
            (json!({ "exp": "tomorrow" }), R::Expired),
            (json!({ "iat": NOW + 61 }), R::IssuedAt),
            (json!({ "iat": NOW - 3601 }), R::IssuedAt),
            (json!({ "iat": null }), R::IssuedAt),
            (json!({ "nbf": NOW + 61 }), R::NotBefore),
            (json!({ "nbf": "now" }), R::NotBefore),
            (json!({ "nbf": -1 }), R::NotBefore),
            (json!({ "sub": null }), R::Subject),
            (json!({ "sub": "" }), R::Subject),
            (json!({ "sub": 248_289_761_001_u64 }), R::Subject),
            (json!({ "sub": "undefined" }), R::Subject),
            (json!({ "sub": "00000000-0000-0000-0000-000000000000" }), R::Subject),
            (json!({ "sub": "x".repeat(256) }), R::Subject),
            (json!({ "nonce": "n-2" }), R::Nonce),
            (json!({ "nonce": null }), R::Nonce),
            (json!({ "at_hash": "77QmUPtjPfzWtF2AnpK9RA" }), R::AccessTokenHash),
            (json!({ "at_hash": 1 }), R::AccessTokenHash),
        ] {
            assert_eq!(checked(&change, &expected()), Err(why), "{change}");
        }
        for change in [
            json!({ "aud": ["us"] }),
            json!({ "azp": "us" }),
            json!({ "exp": NOW - 59 }),
            json!({ "nbf": NOW + 60 }),
            json!({ "nbf": NOW - 3601 }),
            json!({ "nbf": 1_800_000_000.5 }),
        ] {
            assert!(checked(&change, &expected()).is_ok(), "{change}");
        }
    }

    #[test]
    fn section_3_1_3_8_at_hash_is_that_of_the_access_token() {
        // Appendix A.3: the hash of this access token under RS256.
        assert!(checked(&json!({ "at_hash": "77QmUPtjPfzWtF2AnpK9RQ" }), &expected()).is_ok());
        let other = Expected { access_token: "another", ..expected() };
        let refused = checked(&json!({ "at_hash": "77QmUPtjPfzWtF2AnpK9RQ" }), &other);
        assert_eq!(refused, Err(IdTokenRejected::AccessTokenHash));
    }

    #[test]
    fn a_nonce_may_lack_only_where_the_provider_is_known_for_it_and_never_differ() {
        let lax = Expected { nonce_may_lack: true, ..expected() };
        assert!(checked(&json!({ "nonce": null }), &lax).is_ok());
        assert_eq!(checked(&json!({ "nonce": "n-2" }), &lax), Err(IdTokenRejected::Nonce));
    }

    #[test]
    fn max_age_wants_an_auth_time_that_is_recent() {
        let strict = Expected { max_age: Some(Duration::from_mins(5)), ..expected() };
        assert_eq!(checked(&json!({}), &strict), Err(IdTokenRejected::AuthTime));
        assert_eq!(checked(&json!({ "auth_time": NOW - 361 }), &strict), Err(IdTokenRejected::AuthTime));
        let found = checked(&json!({ "auth_time": NOW - 300 }), &strict).unwrap();
        assert_eq!(found.auth_time, Some(Timestamp::from_seconds(NOW - 300)));
        assert_eq!(found.proved_at, found.auth_time);
        let unasked = checked(&json!({ "auth_time": NOW }), &expected()).unwrap();
        assert_eq!((unasked.auth_time, unasked.proved_at), (Some(Timestamp::from_seconds(NOW)), None));
        let ahead = checked(&json!({ "auth_time": NOW + 30 }), &expected()).unwrap();
        assert_eq!(ahead.auth_time, Some(Timestamp::from_seconds(NOW)), "no later than now");
        assert_eq!(checked(&json!({ "auth_time": NOW + 3600 }), &expected()).unwrap().auth_time, None);
    }

    #[test]
    fn of_amr_only_plain_words_are_looked_at() {
        let found = checked(&json!({ "amr": ["pwd", "<b>", "", 1, "x".repeat(33), "mfa"] }), &expected()).unwrap();
        assert_eq!(found.amr, ["pwd", "mfa"]);
    }
}
