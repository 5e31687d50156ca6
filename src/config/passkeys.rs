//! `[passkeys]`

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};
use url::Url;

use super::problems::Findings;

/// The most related origins: browsers take at least five labels (Web Authentication Level 3 section 5.11.1).
const MAX_RELATED_ORIGINS: usize = 20;

/// Passkeys. They belong to the issuer's host, which browsers call the RP ID: when that changes, nobody's passkey works any more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct PasskeysConfig {
    /// Other origins at which the passkeys of this server may be used, such as `https://example.kr`: they are told to browsers at `/.well-known/webauthn`.
    pub related_origins: Vec<String>,
}

impl PasskeysConfig {
    /// Checks that each is an origin.
    pub(super) fn validate(&self, found: &mut Findings) {
        if self.related_origins.len() > MAX_RELATED_ORIGINS {
            found.wrong("related_origins", format!("must be at most {MAX_RELATED_ORIGINS} origins"));
        }
        if let Some(other) = self.related_origins.iter().find(|origin| !is_origin(origin)) {
            found.wrong("related_origins", format!("{other} is no origin: https, a domain, and nothing behind it"));
        }
    }
}

fn is_origin(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        url.scheme() == "https" && url.domain().is_some() && url.origin().ascii_serialization() == text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_https_a_domain_and_nothing_behind_it() {
        assert!(is_origin("https://example.kr") && is_origin("https://example.kr:8443"));
        for other in
            ["http://example.kr", "https://example.kr/", "https://example.kr/x", "https://192.0.2.1", "example.kr", ""]
        {
            assert!(!is_origin(other), "{other}");
        }
    }
}
