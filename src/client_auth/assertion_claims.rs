//! The claims of a client assertion: RFC 7523 section 3, OpenID Connect Core 1.0 section 9.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::support::Timestamp;

/// How far another clock may be ahead.
const SKEW: Duration = Duration::from_mins(1);
/// The longest that an assertion may still live: its `jti` is remembered for as long.
const MAX_LIFE: Duration = Duration::from_mins(5);
/// The longest `jti`, in bytes.
const MAX_JTI: usize = 256;

/// What is wrong with the claims of an assertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimsRejected {
    /// "The JWT MUST contain an iss [...] claim", for client authentication the `client_id`.
    #[error("iss is not the client")]
    Issuer,
    /// "For client authentication, the subject MUST be the `client_id` of the OAuth client."
    #[error("sub is not the client")]
    Subject,
    /// Not this server's issuer as one plain string. An array, or another URL of this server, would let another server pass an
    /// assertion on that was made for it.
    #[error("aud is not the issuer")]
    Audience,
    /// Missing, not a whole number, over, or too far ahead.
    #[error("exp is missing, over or too far ahead")]
    Expiry,
    /// Not a whole number, or in the future.
    #[error("nbf is in the future")]
    NotBefore,
    /// Not a whole number, or in the future.
    #[error("iat is in the future")]
    IssuedAt,
    /// Missing, or not a text of sensible length.
    #[error("jti is missing or too long")]
    Id,
}

/// What makes a checked assertion unique, and until when that must be remembered.
#[derive(Debug, PartialEq)]
pub(super) struct Once<'a> {
    pub(super) jti: &'a str,
    pub(super) until: Timestamp,
}

/// Checks the claims of an assertion whose signature was verified.
pub(super) fn check<'a>(
    claims: &'a Map<String, Value>,
    client: &str,
    issuer: &str,
    now: Timestamp,
) -> Result<Once<'a>, ClaimsRejected> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(client) {
        return Err(ClaimsRejected::Issuer);
    }
    if text("sub") != Some(client) {
        return Err(ClaimsRejected::Subject);
    }
    if text("aud") != Some(issuer) {
        return Err(ClaimsRejected::Audience);
    }
    let until = date(claims, "exp").ok().flatten().ok_or(ClaimsRejected::Expiry)?;
    if until <= now || until > now.plus(MAX_LIFE).plus(SKEW) {
        return Err(ClaimsRejected::Expiry);
    }
    let latest = now.plus(SKEW);
    if date(claims, "nbf").map_err(|Malformed| ClaimsRejected::NotBefore)?.is_some_and(|nbf| nbf > latest) {
        return Err(ClaimsRejected::NotBefore);
    }
    if date(claims, "iat").map_err(|Malformed| ClaimsRejected::IssuedAt)?.is_some_and(|iat| iat > latest) {
        return Err(ClaimsRejected::IssuedAt);
    }
    let jti = text("jti").filter(|jti| (1..=MAX_JTI).contains(&jti.len())).ok_or(ClaimsRejected::Id)?;
    Ok(Once { jti, until })
}

/// A claim that is there and is no date is not the same as one that is absent.
struct Malformed;

/// A `NumericDate` (RFC 7519 section 2) as clients write it: whole seconds, not negative.
fn date(claims: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>, Malformed> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let seconds = value.as_i64().filter(|seconds| *seconds >= 0).ok_or(Malformed)?;
    Ok(Some(Timestamp::from_seconds(seconds)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ISSUER: &str = "https://id.example";
    const NOW: i64 = 1_000_000;

    fn with(name: &str, value: Option<Value>) -> Result<(), ClaimsRejected> {
        let mut claims = json!({
            "iss": "shop", "sub": "shop", "aud": ISSUER, "exp": NOW + 60, "iat": NOW, "nbf": NOW, "jti": "1",
        });
        let map = claims.as_object_mut().unwrap();
        match value {
            Some(value) => map.insert(name.to_owned(), value),
            None => map.remove(name),
        };
        check(map, "shop", ISSUER, Timestamp::from_seconds(NOW)).map(|_| ())
    }

    #[test]
    fn a_plain_assertion_holds_and_must_be_remembered_until_it_ends() {
        let claims = json!({"iss": "shop", "sub": "shop", "aud": ISSUER, "exp": NOW + 60, "jti": "1"});
        let once = check(claims.as_object().unwrap(), "shop", ISSUER, Timestamp::from_seconds(NOW)).unwrap();
        assert_eq!(once, Once { jti: "1", until: Timestamp::from_seconds(NOW + 60) });
    }

    #[test]
    fn cauth_002_only_the_issuer_as_one_string_is_an_audience() {
        for aud in [
            json!("https://id.example/"),
            json!("https://id.example/token"),
            json!("https://ID.example"),
            json!("http://id.example"),
            json!([ISSUER]),
            json!([ISSUER, "https://evil.example"]),
            json!({"iss": ISSUER}),
            json!(null),
        ] {
            assert_eq!(with("aud", Some(aud.clone())), Err(ClaimsRejected::Audience), "{aud}");
        }
        assert_eq!(with("aud", None), Err(ClaimsRejected::Audience));
    }

    #[test]
    fn jwt_010_a_malformed_time_is_not_an_absent_one() {
        for value in [json!("9999999999"), json!(1e20), json!(-1), json!(null), json!([1]), json!({}), json!(1.5)] {
            assert_eq!(with("exp", Some(value.clone())), Err(ClaimsRejected::Expiry), "{value}");
            assert_eq!(with("nbf", Some(value.clone())), Err(ClaimsRejected::NotBefore), "{value}");
            assert_eq!(with("iat", Some(value.clone())), Err(ClaimsRejected::IssuedAt), "{value}");
        }
        assert_eq!(with("exp", None), Err(ClaimsRejected::Expiry));
        assert_eq!(with("nbf", None), Ok(()));
        assert_eq!(with("iat", None), Ok(()));
    }

    #[test]
    fn jwt_011_clocks_may_differ_by_a_minute() {
        for name in ["nbf", "iat"] {
            assert_eq!(with(name, Some(json!(NOW + 8))), Ok(()));
            assert_eq!(with(name, Some(json!(NOW + 60))), Ok(()));
            assert!(with(name, Some(json!(NOW + 61))).is_err());
            assert!(with(name, Some(json!(NOW + 3600))).is_err());
        }
        assert_eq!(with("exp", Some(json!(NOW))), Err(ClaimsRejected::Expiry));
        assert_eq!(with("exp", Some(json!(NOW + 360))), Ok(()));
        assert_eq!(with("exp", Some(json!(NOW + 361))), Err(ClaimsRejected::Expiry));
        assert_eq!(with("exp", Some(json!(NOW + 172_800))), Err(ClaimsRejected::Expiry));
    }

    #[test]
    fn the_client_speaks_for_itself_only() {
        assert_eq!(with("iss", Some(json!("other"))), Err(ClaimsRejected::Issuer));
        assert_eq!(with("sub", Some(json!("other"))), Err(ClaimsRejected::Subject));
        assert_eq!(with("sub", Some(json!(7))), Err(ClaimsRejected::Subject));
    }

    #[test]
    fn an_id_is_required() {
        for value in [Some(json!("")), Some(json!(7)), Some(json!("x".repeat(257))), None] {
            assert_eq!(with("jti", value), Err(ClaimsRejected::Id));
        }
    }
}
