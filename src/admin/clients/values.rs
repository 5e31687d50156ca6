//! The values of a client's document that the model has in other types, by their registered names.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::client::{ClientAuthentication, ClientKind, PkcePolicy};

/// `application_type`: OpenID Connect Dynamic Client Registration 1.0 section 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the registered values")]
pub enum ApplicationType {
    Web,
    Native,
}

/// `token_endpoint_auth_method`: RFC 7591 section 2, OpenID Connect Core 1.0 section 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "see ClientAuthentication")]
pub enum AuthenticationMethod {
    None,
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
}

/// Whether an authorization request must carry a code challenge: see [`PkcePolicy`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "see PkcePolicy")]
pub enum Pkce {
    Required,
    WhenSent,
}

impl From<PkcePolicy> for Pkce {
    fn from(policy: PkcePolicy) -> Self {
        match policy {
            PkcePolicy::Required => Self::Required,
            PkcePolicy::WhenSent => Self::WhenSent,
        }
    }
}

impl From<Pkce> for PkcePolicy {
    fn from(said: Pkce) -> Self {
        match said {
            Pkce::Required => Self::Required,
            Pkce::WhenSent => Self::WhenSent,
        }
    }
}

impl ApplicationType {
    pub(super) const fn of(kind: ClientKind) -> Self {
        if matches!(kind, ClientKind::Native) { Self::Native } else { Self::Web }
    }
}

impl AuthenticationMethod {
    pub(super) const fn of(authentication: &ClientAuthentication) -> Self {
        match authentication {
            ClientAuthentication::None => Self::None,
            ClientAuthentication::ClientSecretBasic => Self::ClientSecretBasic,
            ClientAuthentication::ClientSecretPost => Self::ClientSecretPost,
            ClientAuthentication::PrivateKeyJwt { .. } => Self::PrivateKeyJwt,
        }
    }
}
