//! What a client may ask for, and on which terms.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ClientKind;
use crate::model::role::Role;
use crate::protocol::grant_type::GrantType;
use crate::protocol::resource::Resource;
use crate::protocol::scope::ScopeSet;

/// What a client may ask for, and on which terms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccessPolicy {
    /// The grant types that the client may use (`grant_types`).
    pub grant_types: Vec<GrantType>,
    /// The scopes that the client may ask for (`scope`).
    pub scopes: ScopeSet,
    /// The resources that the client may ask tokens for: RFC 8707 section 2.
    pub resources: Vec<Resource>,
    /// The resources that the client serves: it may introspect tokens made for them (RFC 7662 section 2.1).
    pub serves: Vec<Resource>,
    /// Whether end-users are asked for consent.
    pub consent: ConsentPolicy,
    /// Whether PKCE (RFC 7636) is required.
    pub pkce: PkcePolicy,
    /// Whether authentication requests must carry a nonce (OpenID Connect Core 1.0 section 3.1.2.1).
    #[serde(default)]
    pub nonce: NoncePolicy,
    /// How old an authentication may be when the request does not say (`default_max_age`).
    pub default_max_age: Option<Duration>,
    /// The authentication context classes that the client prefers when the request does not say (`default_acr_values`).
    #[serde(default)]
    pub default_acr_values: Vec<String>,
    /// Whether nobody signs in to it without a second factor.
    #[serde(default)]
    pub second_factor_required: bool,
    /// What the client itself may do to Haechi: with any, it is a service account.
    #[serde(default)]
    pub roles: Vec<Role>,
}

impl AccessPolicy {
    /// The safe default of a kind: nothing allowed that was not named.
    pub(super) fn of(kind: ClientKind) -> Self {
        Self {
            grant_types: if kind == ClientKind::Service {
                vec![GrantType::ClientCredentials]
            } else {
                vec![GrantType::AuthorizationCode, GrantType::RefreshToken]
            },
            scopes: ScopeSet::default(),
            resources: Vec::new(),
            serves: Vec::new(),
            consent: ConsentPolicy::Ask,
            pkce: PkcePolicy::of(kind),
            nonce: NoncePolicy::default(),
            default_max_age: None,
            default_acr_values: Vec::new(),
            second_factor_required: false,
            roles: Vec::new(),
        }
    }
}

/// Whether end-users are asked for consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentPolicy {
    /// They are, once for each scope.
    Ask,
    /// The client belongs to the operator: they are not, unless the client itself asks for it (`prompt=consent`).
    FirstParty,
}

/// Whether an authorization request must carry a code challenge. One that was sent binds the code, whatever the policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PkcePolicy {
    /// Every authorization request must carry one. RFC 9700 section 2.1.1: "Public clients MUST use PKCE".
    Required,
    /// The client may leave it out: section 2.1.1 only recommends PKCE to confidential clients. Stored under the name that it had first.
    #[serde(rename = "exempt", alias = "when_sent")]
    WhenSent,
}

impl PkcePolicy {
    /// What a kind begins with: an app with a server side has a secret besides, and much of what exists sends no challenge.
    const fn of(kind: ClientKind) -> Self {
        if matches!(kind, ClientKind::Web) { Self::WhenSent } else { Self::Required }
    }
}

/// Whether an authentication request must carry a nonce. One that was sent is in the ID token, whatever the policy says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoncePolicy {
    /// Every request with the scope `openid` must carry one.
    Required,
    /// The client may leave it out: OpenID Connect Core 1.0 section 3.1.2.1 makes it optional in the authorization code flow.
    #[default]
    WhenSent,
}
