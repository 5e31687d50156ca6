//! An app or service that is registered with Haechi: RFC 6749 section 2, RFC 7591 section 2 for the names.
//!
//! Owns the aggregate and its groups, a file each. They are flat in the stored document, under names that stay: `tests/it/store/golden`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::epoch::Epoch;
use super::manager::Manager;
use crate::protocol::grant_type::GrantType;
use crate::protocol::redirect_uri::{LoopbackPort, RedirectTarget, RegisteredRedirectUri};
use crate::protocol::resource::Resource;
use crate::support::Timestamp;

mod algorithm;
mod authentication;
mod id;
mod policy;
mod presentation;
mod redirects;
mod seen_login;
mod software;
mod tokens;

pub use algorithm::SigningAlgorithm;
pub use authentication::{AssertionAudience, Authentication, ClientAuthentication, ClientKeys, ClientSecret};
pub use id::{ClientId, DEMO_SHOP, NotAClientId};
pub use policy::{AccessPolicy, ConsentPolicy, NoncePolicy, PkcePolicy};
pub use presentation::{ClientLinks, Presentation};
pub use redirects::Redirects;
pub use seen_login::{SecretPlace, SeenLogin};
pub use software::Software;
pub use tokens::{AccessTokenType, IdTokenClaims, TokenLifetimes, TokenPolicy};

/// What kind of program a client is: decides which redirect URIs it may register and whether it can keep a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientKind {
    /// An app with a server side.
    Web,
    /// A program in the browser: public, calls with CORS.
    Browser,
    /// A mobile or desktop program: public, RFC 8252.
    Native,
    /// A program that acts for itself, without end-users: client credentials.
    Service,
}

impl ClientKind {
    /// Whether a program of this kind cannot keep a secret: RFC 6749 section 2.1, public clients.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Browser | Self::Native)
    }
}

/// A registered client: RFC 6749 section 2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Client {
    /// The `client_id`.
    pub id: ClientId,
    /// What kind of program it is: that never changes.
    pub kind: ClientKind,
    /// Whether it may be used. A disabled client can do nothing, and nothing that it was granted works.
    pub enabled: bool,
    /// The grants of this epoch count, and no others.
    #[serde(default)]
    pub epoch: Epoch,
    /// What end-users see of it.
    #[serde(flatten)]
    pub presentation: Presentation,
    /// Which software it is, and who answers for it.
    #[serde(flatten)]
    pub software: Software,
    /// Its authentication method, with its secrets or keys.
    #[serde(flatten)]
    pub authentication: Authentication,
    /// Where its answers may go.
    #[serde(flatten)]
    pub redirects: Redirects,
    /// What it may ask for, and on which terms.
    #[serde(flatten)]
    pub policy: AccessPolicy,
    /// What its tokens are like.
    #[serde(flatten)]
    pub tokens: TokenPolicy,
    /// Whose files manage it, where some do: what they say of it is changed by them alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<Manager>,
    /// When it was registered (`client_id_issued_at`).
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts the changes: a change made from a stale copy is refused.
    pub version: i64,
}

impl Client {
    /// A client of a kind with every other field at its safe default: nothing allowed that was not named.
    pub fn new(id: ClientId, name: String, kind: ClientKind, now: Timestamp) -> Self {
        Self {
            id,
            kind,
            enabled: true,
            epoch: Epoch::default(),
            presentation: Presentation { name, names: BTreeMap::new(), links: ClientLinks::default() },
            software: Software::default(),
            authentication: Authentication::of(kind),
            redirects: Redirects::default(),
            policy: AccessPolicy::of(kind),
            tokens: TokenPolicy::default(),
            managed_by: None,
            created_at: now,
            updated_at: now,
            version: 0,
        }
    }

    /// Whether it may use a grant type.
    pub fn may_use(&self, grant: GrantType) -> bool {
        self.policy.grant_types.contains(&grant)
    }

    /// Whether it may ask tokens for a resource.
    pub fn may_ask_for(&self, resource: &Resource) -> bool {
        self.policy.resources.iter().any(|own| own.names_same(resource))
    }

    /// Whether it is a public client (RFC 6749 section 2.1): it has no credential.
    pub fn is_public(&self) -> bool {
        self.authentication.method == ClientAuthentication::None
    }

    /// Where an answer may go that was asked for at this URI; `None` where it is not one of the client's. RFC 9700 section 2.1: "exact
    /// string matching except for port numbers in localhost redirection URIs of native apps".
    pub fn redirect_target(&self, requested: &str) -> Option<RedirectTarget> {
        let ports = if self.kind == ClientKind::Native { LoopbackPort::Any } else { LoopbackPort::Registered };
        self.redirects.uris.iter().find_map(|uri| uri.matches(requested, ports))
    }

    /// Whether a browser page of this origin may call the endpoints on the client's behalf (CORS).
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.origins().any(|own| own == origin)
    }

    /// The origins of its redirect URIs.
    pub fn origins(&self) -> impl Iterator<Item = String> + '_ {
        self.redirects.uris.iter().filter_map(RegisteredRedirectUri::origin)
    }
}
