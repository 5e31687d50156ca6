//! What the tokens of a client are like.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::SigningAlgorithm;

/// How a client's tokens are signed and how long they live.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenPolicy {
    /// The algorithm that its access tokens are signed with.
    pub access_token_algorithm: SigningAlgorithm,
    /// The algorithm that its ID tokens are signed with (`id_token_signed_response_alg`).
    pub id_token_algorithm: SigningAlgorithm,
    /// How long its tokens live.
    pub lifetimes: TokenLifetimes,
}

impl Default for TokenPolicy {
    fn default() -> Self {
        Self {
            access_token_algorithm: SigningAlgorithm::ES256,
            // OpenID Connect Dynamic Client Registration 1.0 section 2: "The default, if omitted, is RS256."
            id_token_algorithm: SigningAlgorithm::RS256,
            lifetimes: TokenLifetimes::default(),
        }
    }
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
