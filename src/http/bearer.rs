//! Bearer tokens on requests: RFC 6750.

use axum::http::{HeaderMap, StatusCode, header};

use crate::http::error::ApiError;
use crate::protocol::{ErrorCode, OAuthError, Params};

const REALM: &str = "Bearer realm=\"haechi\"";
const TWO_WAYS: OAuthError = OAuthError::invalid_request("the access token was sent in more than one way");

/// The token of a request: from the header (section 2.1) or the form (section 2.2). A token in the query (section 2.3) ends up in logs and
/// histories and is not read: RFC 9700 section 4.3.2.
pub(super) fn token<'a>(headers: &'a HeaderMap, form: &'a Params, query: &Params) -> Result<&'a str, ApiError> {
    if query.names("access_token") {
        return Err(refuse(OAuthError::invalid_request("an access token must not be in the query")));
    }
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(refuse(TWO_WAYS));
    }
    // "Clients MUST NOT use more than one method to transmit the token in each request" (section 2).
    match (first.map(|value| from_header(value.as_bytes())), form.get("access_token")) {
        (Some(_), Some(_)) => Err(refuse(TWO_WAYS)),
        (Some(Some(token)), None) | (None, Some(token)) => Ok(token),
        (Some(None) | None, None) => Err(unauthenticated()),
    }
}

/// RFC 9110 section 11.1: the scheme in any case.
pub(super) fn from_header(value: &[u8]) -> Option<&str> {
    let (scheme, rest) = value.split_at_checked(6)?;
    let token = rest.strip_prefix(b" ")?.trim_ascii_start();
    let bearer = scheme.eq_ignore_ascii_case(b"bearer") && !token.is_empty();
    std::str::from_utf8(token).ok().filter(|_| bearer)
}

/// Section 3: the challenge carries the error.
pub(super) fn refuse(error: OAuthError) -> ApiError {
    let scope = if error.code == ErrorCode::InsufficientScope { ", scope=\"openid\"" } else { "" };
    let (code, description) = (error.code.as_str(), &error.description);
    let challenge = format!("{REALM}, error=\"{code}\", error_description=\"{description}\"{scope}");
    ApiError::new(error).with_challenge(&challenge)
}

/// Section 3.1: "If the request lacks any authentication information [...], the resource server SHOULD NOT include an error code or
/// other error information."
fn unauthenticated() -> ApiError {
    let error = OAuthError::new(ErrorCode::InvalidToken, "an access token is required");
    ApiError::new(error).with_status(StatusCode::UNAUTHORIZED).with_challenge(REALM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_holds_one_token_behind_the_scheme() {
        assert_eq!(from_header(b"Bearer abc"), Some("abc"));
        assert_eq!(from_header(b"bEARER  abc"), Some("abc"));
        for bad in [&b"Bearer"[..], b"Bearer ", b"Basic abc", b"Bearerabc", b"Bearer\tabc", b"", b"Bearer \xff"] {
            assert_eq!(from_header(bad), None, "{bad:?}");
        }
    }
}
