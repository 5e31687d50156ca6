//! Where an end-user wanted to go who was sent to sign in first.
//!
//! The page is kept in a cookie for a few minutes, so that it survives every way of signing in: a password, a new account, a provider. What comes
//! back is read as anything from outside is: only one of our own pages is ever gone to.

use axum::http::{HeaderMap, HeaderValue};

use super::cookies::Cookie;
use crate::protocol::issuer::Issuer;

/// Where pages begin that an end-user may come back to.
const ROOTS: &[&str] = &["/account", "/admin", "/claim", "/verify-email"];
/// The longest path with its query, in bytes.
const MAX_BYTES: usize = 1000;

/// One of our own pages: path and query, without the issuer's path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next(String);

impl Next {
    /// Reads it; `None` for whatever is no page of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let path = text.split('?').next().unwrap_or_default();
        let legal = |b: u8| b.is_ascii_graphic() && !b";,\"\\#%".contains(&b);
        let plain = !path.contains("//") && !path.contains("..");
        let ours = ROOTS
            .iter()
            .any(|root| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
        (text.len() <= MAX_BYTES && text.bytes().all(legal) && plain && ours).then(|| Self(text.to_owned()))
    }

    /// The page that a browser is to come back to.
    pub fn of_browser(headers: &HeaderMap, issuer: &Issuer) -> Option<Self> {
        Cookie::Next.read(headers, issuer).and_then(Self::parse)
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The header that lets the browser remember it.
    pub fn remember(&self, issuer: &Issuer) -> HeaderValue {
        Cookie::Next.set(&self.0, issuer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_are_come_back_to() {
        for good in ["/account", "/admin", "/admin/connections/google?done=saved", "/claim?token=hott_abc-_"] {
            assert_eq!(Next::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "/",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/account",
            "/accounts",
            "/admin//evil.example",
            "/admin/../logout",
            "/account\r\nset-cookie: x",
            "/account; Domain=x",
            "/account#x",
            "/admin/%2e%2e",
            "/logout",
            "javascript:alert(1)",
            "/account 2",
        ] {
            assert_eq!(Next::parse(bad), None, "{bad}");
        }
        assert_eq!(Next::parse(&format!("/account?{}", "x".repeat(2000))), None);
    }
}
