//! The claims of a client assertion: RFC 7523 section 3, OpenID Connect Core 1.0 section 9.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::model::client::AssertionAudience;
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
    /// Not what the client's assertions may be made out to. A second audience, or another URL of this server than the one that was called,
    /// would let another server pass an assertion on that was made for it.
    #[error("aud is not {}", match .0 {
        AssertionAudience::Issuer => "the issuer",
        AssertionAudience::IssuerOrEndpoint => "the issuer or the URL of this endpoint",
    })]
    Audience(AssertionAudience),
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

/// Who may speak, and to whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'a> {
    pub(super) client: &'a str,
    pub(super) issuer: &'a str,
    /// The URL of the endpoint that was called, as our metadata writes it.
    pub(super) endpoint: &'a str,
    /// What the client registered.
    pub(super) audience: AssertionAudience,
}

/// Checks the claims of an assertion whose signature was verified.
pub(super) fn check<'a>(
    claims: &'a Map<String, Value>,
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<Once<'a>, ClaimsRejected> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(expected.client) {
        return Err(ClaimsRejected::Issuer);
    }
    if text("sub") != Some(expected.client) {
        return Err(ClaimsRejected::Subject);
    }
    if !is_for_us(claims.get("aud"), expected) {
        return Err(ClaimsRejected::Audience(expected.audience));
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

/// RFC 7523 section 3: "The authorization server MUST reject any JWT that does not contain its own identity as the intended audience", by "the
/// Simple String Comparison method". An array (RFC 7519 section 4.1.3) has exactly one member: with a second one the same assertion is good
/// elsewhere, and comes from there.
fn is_for_us(aud: Option<&Value>, expected: &Expected<'_>) -> bool {
    match (expected.audience, aud) {
        (AssertionAudience::Issuer, Some(Value::String(aud))) => aud == expected.issuer,
        (AssertionAudience::IssuerOrEndpoint, Some(Value::String(aud))) => is_one_of_ours(aud, expected),
        (AssertionAudience::IssuerOrEndpoint, Some(Value::Array(list))) => {
            matches!(list.as_slice(), [Value::String(aud)] if is_one_of_ours(aud, expected))
        }
        _ => false,
    }
}

fn is_one_of_ours(aud: &str, expected: &Expected<'_>) -> bool {
    [expected.issuer, expected.endpoint].contains(&aud)
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
    const ENDPOINT: &str = "https://id.example/token";
    const NOW: i64 = 1_000_000;

    fn expected(audience: AssertionAudience) -> Expected<'static> {
        Expected { client: "shop", issuer: ISSUER, endpoint: ENDPOINT, audience }
    }

    fn with(name: &str, value: Option<Value>) -> Result<(), ClaimsRejected> {
        with_for(AssertionAudience::default(), name, value)
    }

    fn with_for(audience: AssertionAudience, name: &str, value: Option<Value>) -> Result<(), ClaimsRejected> {
        let mut claims = json!({
            "iss": "shop", "sub": "shop", "aud": ISSUER, "exp": NOW + 60, "iat": NOW, "nbf": NOW, "jti": "1",
        });
        let map = claims.as_object_mut().unwrap();
        match value {
            Some(value) => map.insert(name.to_owned(), value),
            None => map.remove(name),
        };
        check(map, &expected(audience), Timestamp::from_seconds(NOW)).map(|_| ())
    }

    #[test]
    fn a_plain_assertion_holds_and_must_be_remembered_until_it_ends() {
        let claims = json!({"iss": "shop", "sub": "shop", "aud": ISSUER, "exp": NOW + 60, "jti": "1"});
        let expected = expected(AssertionAudience::default());
        let once = check(claims.as_object().unwrap(), &expected, Timestamp::from_seconds(NOW)).unwrap();
        assert_eq!(once, Once { jti: "1", until: Timestamp::from_seconds(NOW + 60) });
    }

    #[test]
    fn cauth_002_one_audience_which_is_the_issuer_or_the_endpoint_that_was_called() {
        for aud in [json!(ISSUER), json!(ENDPOINT), json!([ISSUER]), json!([ENDPOINT])] {
            assert_eq!(with("aud", Some(aud.clone())), Ok(()), "{aud}");
        }
        let refused = Err(ClaimsRejected::Audience(AssertionAudience::IssuerOrEndpoint));
        for aud in [
            json!("https://id.example/"),
            json!("https://id.example/token/"),
            json!("https://id.example/token?x=1"),
            json!("https://id.example/introspect"),
            json!("https://ID.example"),
            json!("http://id.example"),
            json!([]),
            json!([ISSUER, "https://evil.example"]),
            json!([ISSUER, ENDPOINT]),
            json!([ISSUER, ISSUER]),
            json!([[ISSUER]]),
            json!({"iss": ISSUER}),
            json!(null),
        ] {
            assert_eq!(with("aud", Some(aud.clone())), refused, "{aud}");
        }
        assert_eq!(with("aud", None), refused);
    }

    #[test]
    fn cauth_002_a_client_that_asks_for_it_is_held_to_the_issuer_as_one_text() {
        let with = |aud| with_for(AssertionAudience::Issuer, "aud", Some(aud));
        assert_eq!(with(json!(ISSUER)), Ok(()));
        for aud in [json!([ISSUER]), json!(ENDPOINT), json!([ENDPOINT]), json!([ISSUER, ENDPOINT]), json!(null)] {
            assert_eq!(with(aud.clone()), Err(ClaimsRejected::Audience(AssertionAudience::Issuer)), "{aud}");
        }
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
