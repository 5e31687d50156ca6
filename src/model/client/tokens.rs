//! What the tokens of a client are like.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::SigningAlgorithm;

/// How a client's tokens are signed and how long they live.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenPolicy {
    /// The algorithm that its access tokens are signed with.
    pub access_token_algorithm: SigningAlgorithm,
    /// The algorithm that its ID tokens are signed with (`id_token_signed_response_alg`).
    pub id_token_algorithm: SigningAlgorithm,
    /// How its access tokens name their type.
    #[serde(default)]
    pub access_token_type: AccessTokenType,
    /// What its ID tokens say of the end-user.
    #[serde(default)]
    pub id_token_claims: IdTokenClaims,
    /// How long its tokens live.
    pub lifetimes: TokenLifetimes,
}

impl Default for TokenPolicy {
    fn default() -> Self {
        Self {
            access_token_algorithm: SigningAlgorithm::ES256,
            // OpenID Connect Dynamic Client Registration 1.0 section 2: "The default, if omitted, is RS256."
            id_token_algorithm: SigningAlgorithm::RS256,
            access_token_type: AccessTokenType::default(),
            id_token_claims: IdTokenClaims::default(),
            lifetimes: TokenLifetimes::default(),
        }
    }
}

/// The type that an access token names itself in its `typ` header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum AccessTokenType {
    /// RFC 9068 section 2.1, which every resource server should know.
    #[default]
    #[serde(rename = "at+jwt")]
    AtJwt,
    /// For resource servers that refuse every other type (Spring Security's decoder does, unless it is told otherwise).
    #[serde(rename = "JWT")]
    Jwt,
}

/// What an ID token says of the end-user besides who they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdTokenClaims {
    /// Nothing that was not asked for by name: what scopes stand for comes from UserInfo (OpenID Connect Core 1.0 section 5.4).
    #[default]
    Minimal,
    /// What the granted scopes stand for, as many client libraries expect it.
    Profile,
}

/// How long the tokens of a client live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenLifetimes {
    /// Access tokens and ID tokens live this long from their issue.
    pub access_token: Duration,
    /// A refresh token that is not used lives this long.
    pub refresh_token_idle: Duration,
    /// All refresh tokens of one authorization end this long after it.
    pub refresh_token_absolute: Duration,
}

impl Default for TokenLifetimes {
    fn default() -> Self {
        const DAY: u64 = 86_400;
        Self {
            access_token: Duration::from_mins(10),
            refresh_token_idle: Duration::from_secs(30 * DAY),
            refresh_token_absolute: Duration::from_secs(180 * DAY),
        }
    }
}
