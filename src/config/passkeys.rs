//! `[passkeys]`

use std::path::PathBuf;

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use super::problems::Findings;

/// The most related origins: browsers take at least five labels (Web Authentication Level 3 section 5.11.1).
const MAX_RELATED_ORIGINS: usize = 20;

/// Passkeys. They belong to the issuer's host, which browsers call the RP ID: when that changes, nobody's passkey works any more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct PasskeysConfig {
    /// Other origins at which the passkeys of this server may be used, such as `https://example.kr`: they are told to browsers at `/.well-known/webauthn`.
    pub related_origins: Vec<String>,
    /// Which authenticators may make passkeys: `none` asks for no attestation and takes every one; `listed` takes those of `allowed_aaguids` only, whose attestation is
    /// verified by `metadata_file`.
    pub attestation: AttestationPolicy,
    /// Entries of the FIDO Metadata Service as JSON: its BLOB, taken apart, or an array of entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata_file: Option<PathBuf>,
    /// The kinds of authenticators that may make passkeys, by their AAGUIDs.
    pub allowed_aaguids: Vec<String>,
}

/// Which authenticators may make passkeys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttestationPolicy {
    /// Every one. Browsers are asked for no attestation.
    #[default]
    None,
    /// Those that are listed, and prove that they are.
    Listed,
}

impl PasskeysConfig {
    /// The authenticators that are listed.
    pub fn aaguids(&self) -> impl Iterator<Item = Uuid> {
        self.allowed_aaguids.iter().filter_map(|text| text.parse().ok())
    }

    /// Checks that each is an origin, and that a list of authenticators is whole.
    pub(super) fn validate(&self, found: &mut Findings) {
        if self.related_origins.len() > MAX_RELATED_ORIGINS {
            found.wrong("related_origins", format!("must be at most {MAX_RELATED_ORIGINS} origins"));
        }
        if let Some(other) = self.related_origins.iter().find(|origin| !is_origin(origin)) {
            found.wrong("related_origins", format!("{other} is no origin: https, a domain, and nothing behind it"));
        }
        if let Some(other) = self.allowed_aaguids.iter().find(|text| text.parse::<Uuid>().is_err()) {
            found.wrong(
                "allowed_aaguids",
                format!("{other} is no AAGUID, such as 2fc0579f-8113-47ea-b116-bb5a8db9202a"),
            );
        }
        if self.attestation == AttestationPolicy::Listed {
            if self.allowed_aaguids.is_empty() {
                found.wrong("allowed_aaguids", "must name an authenticator where attestation is listed");
            }
            if self.metadata_file.is_none() {
                found.wrong("metadata_file", "must be set where attestation is listed");
            }
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
    fn a_list_of_authenticators_is_whole_or_refused() {
        let listed = PasskeysConfig { attestation: AttestationPolicy::Listed, ..PasskeysConfig::default() };
        let whole = PasskeysConfig {
            metadata_file: Some("metadata.json".into()),
            allowed_aaguids: vec!["2fc0579f-8113-47ea-b116-bb5a8db9202a".to_owned()],
            ..listed.clone()
        };
        let wrong = PasskeysConfig { allowed_aaguids: vec!["YubiKey".to_owned()], ..PasskeysConfig::default() };
        for (config, problems) in [(PasskeysConfig::default(), 0), (whole, 0), (listed, 2), (wrong, 1)] {
            let mut found = Findings::new("passkeys");
            config.validate(&mut found);
            assert_eq!(found.into_found().len(), problems, "{config:?}");
        }
    }

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
