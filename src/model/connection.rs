//! A connection to an upstream identity provider: what an administrator set up so that end-users can sign in with it.
//!
//! Owns the settings of one connection. Leaves what they mean to a provider (endpoints, claims, quirks) to the preset that the
//! connection names, and opening its sealed secrets to `upstream`.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use super::acr::{Acr, Classes};
use super::epoch::Epoch;
use super::manager::Manager;
pub use super::slug::{NotASlug, Slug};
use super::upstream_value::UpstreamValue;
use super::user::Role;
use crate::support::Timestamp;
use crate::support::id::ConnectionId;

/// A name of a preset: one of those that `upstream` has. A connection whose preset is gone cannot be used.
pub type PresetId = String;

/// An algorithm that a provider may sign ID tokens with: RFC 7518 section 3.1. `none` is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[allow(missing_docs, reason = "the registered names")]
pub enum UpstreamAlgorithm {
    ES256,
    ES384,
    RS256,
    PS256,
    #[allow(clippy::upper_case_acronyms, reason = "the registered spelling")]
    EdDSA,
    /// A MAC under the client secret: for providers that have nothing better.
    HS256,
}

impl UpstreamAlgorithm {
    /// All of them.
    pub const ALL: &[Self] = &[Self::ES256, Self::ES384, Self::RS256, Self::PS256, Self::EdDSA, Self::HS256];

    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::RS256 => "RS256",
            Self::PS256 => "PS256",
            Self::EdDSA => "EdDSA",
            Self::HS256 => "HS256",
        }
    }

    /// The algorithm of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| algorithm.as_str() == text)
    }
}

/// A secret that is shared with another server, sealed: bytes that only Haechi can open.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedSecret {
    /// The secret, sealed to what it is of.
    #[serde(serialize_with = "to_base64", deserialize_with = "from_base64")]
    pub sealed: Vec<u8>,
    /// When it was set.
    pub created_at: Timestamp,
    /// From when it is no longer tried; `None` for the newest.
    pub expires_at: Option<Timestamp>,
}

impl SealedSecret {
    /// Whether it counts now.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }

    /// Prepares secrets for one that follows: the newest of them counts for `grace` beside it, and those before it no more.
    pub fn retire(secrets: &mut Vec<Self>, grace: Duration, now: Timestamp) {
        secrets.retain(|old| old.expires_at.is_none() && !grace.is_zero());
        for old in secrets {
            old.expires_at = Some(now.plus(grace));
        }
    }
}

impl fmt::Debug for SealedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedSecret").field("created_at", &self.created_at).finish_non_exhaustive()
    }
}

pub(super) fn to_base64<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes))
}

pub(super) fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
    STANDARD.decode(text.as_bytes()).map_err(serde::de::Error::custom)
}

/// A registration of Haechi as a client at an upstream provider.
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own that an administrator sees")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Stays the same when the slug is changed.
    pub id: ConnectionId,
    /// Its name in URLs.
    pub slug: Slug,
    /// What its button says; the preset's name where it is empty.
    pub label: String,
    /// What kind of provider it is.
    pub preset: PresetId,
    /// What the preset asks for besides: an issuer, a tenant, endpoints, a team id.
    pub settings: BTreeMap<String, String>,
    /// Our `client_id` at the provider.
    pub client_id: String,
    /// How we prove it: the newest first.
    pub secrets: Vec<SealedSecret>,
    /// What is asked for; the preset's where it is empty.
    pub scopes: Vec<String>,
    /// Claims that are read elsewhere than the preset says: profile field to JSON pointer.
    pub claim_map: BTreeMap<String, String>,
    /// Only end-users whose trusted address is of one of these domains are let in; all of them where it is empty.
    pub allowed_domains: Vec<String>,
    /// Whether end-users may make an account with it.
    pub sign_up: bool,
    /// Whether the provider's word counts that an address is verified.
    pub trust_email: bool,
    /// Whether the provider's tokens are kept, sealed, with each link.
    #[serde(default)]
    pub keep_tokens: bool,
    /// What accounts that are made with it may do to Haechi itself.
    #[serde(default)]
    pub default_roles: Vec<Role>,
    /// End-users whose address is of one of these domains are sent here at once, without choosing.
    #[serde(default)]
    pub routed_domains: Vec<String>,
    /// What of the provider's word counts as two factors: without it, its word is one, however it came about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub two_factors: Vec<UpstreamValue>,
    /// What of it counts as phishing-resistant besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phishing_resistant: Vec<UpstreamValue>,
    /// Whether it may be on a private or loopback address.
    pub allow_private_network: bool,
    /// What its ID tokens may be signed with; the preset's where it is empty.
    pub algorithms: Vec<UpstreamAlgorithm>,
    /// Where its button stands: small numbers first.
    pub position: i32,
    /// Whether it may be used.
    pub enabled: bool,
    /// The sessions and grants that came through it in this epoch count, and no others.
    #[serde(default)]
    pub epoch: Epoch,
    /// Whose files manage it, where some do: what they say of it is changed by them alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<Manager>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts the changes: a change made from a stale copy is refused.
    pub version: i64,
}

impl Connection {
    /// A connection of a preset, switched off, with what is most often wanted.
    pub fn new(id: ConnectionId, slug: Slug, preset: PresetId, client_id: String, now: Timestamp) -> Self {
        Self {
            id,
            slug,
            label: String::new(),
            preset,
            settings: BTreeMap::new(),
            client_id,
            secrets: Vec::new(),
            scopes: Vec::new(),
            claim_map: BTreeMap::new(),
            allowed_domains: Vec::new(),
            sign_up: true,
            trust_email: false,
            keep_tokens: false,
            default_roles: Vec::new(),
            routed_domains: Vec::new(),
            two_factors: Vec::new(),
            phishing_resistant: Vec::new(),
            managed_by: None,
            allow_private_network: false,
            algorithms: Vec::new(),
            position: 0,
            enabled: false,
            epoch: Epoch::default(),
            created_at: now,
            version: 0,
        }
    }

    /// What an authentication at the provider amounts to here, by what it says of it.
    pub fn reached(&self, acr: Option<&str>, amr: &[String]) -> Acr {
        let said = |values: &[UpstreamValue]| values.iter().any(|value| value.is_said(acr, amr));
        if said(&self.phishing_resistant) {
            Acr::PHISHING_RESISTANT
        } else if said(&self.two_factors) {
            Acr::TWO_FACTORS
        } else {
            Acr::ONE_FACTOR
        }
    }

    /// Those of the methods that the provider says it used which count here: an administrator named them. Apps read `amr` as our word, and no other is ours.
    pub fn counting(&self, amr: &[String]) -> Vec<String> {
        let named = |method: &String| {
            let mut values = self.two_factors.iter().chain(&self.phishing_resistant);
            values.any(|value| *value == UpstreamValue::Amr(method.clone()))
        };
        amr.iter().filter(|method| named(method)).cloned().collect()
    }

    /// The values of `acr` that are asked of the provider, where an app asks for one of these classes: those that count as it.
    pub fn asked_for(&self, wanted: &[String], classes: &Classes) -> Vec<&str> {
        let counting = [(&self.phishing_resistant, Acr::PHISHING_RESISTANT), (&self.two_factors, Acr::TWO_FACTORS)];
        let mut asked = Vec::new();
        for wanted in wanted.iter().filter(|wanted| !classes.meets(&Acr::ONE_FACTOR, wanted)) {
            let met = counting.iter().filter(|(_, reached)| classes.meets(reached, wanted));
            for value in met.flat_map(|(values, _)| values.iter()).filter_map(UpstreamValue::acr) {
                if !asked.contains(&value) {
                    asked.push(value);
                }
            }
        }
        asked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::SeededRandom;

    #[test]
    fn a_slug_is_short_and_plain() {
        for good in ["google", "a", "my-idp-2", &"a".repeat(40)] {
            assert_eq!(Slug::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "-a", "a-", "A", "a/b", "a.b", "구글", &"a".repeat(41)] {
            assert_eq!(Slug::parse(bad), Err(NotASlug), "{bad}");
        }
    }

    #[test]
    fn a_connection_survives_its_document_and_prints_no_secret() {
        let id = ConnectionId::new(Timestamp::from_seconds(1), &SeededRandom::new(1));
        let secret = SealedSecret { sealed: vec![7; 40], created_at: Timestamp::from_seconds(1), expires_at: None };
        let connection = Connection {
            secrets: vec![secret],
            ..Connection::new(
                id,
                Slug::parse("x").unwrap(),
                "google".to_owned(),
                "c".to_owned(),
                Timestamp::from_seconds(1),
            )
        };
        let text = serde_json::to_string(&connection).unwrap();
        assert_eq!(serde_json::from_str::<Connection>(&text).unwrap(), connection);
        assert!(!format!("{connection:?}").contains("7, 7"));
    }
}
