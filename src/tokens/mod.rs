//! Tokens: what they are made of, minting them, and what becomes of them afterwards.
//!
//! Owns the texts of codes and refresh tokens, the claims of access tokens and ID tokens, whether a token still counts,
//! introspection, revocation and UserInfo. Leaves who may have a token to `grants`, and signing to `keys`.

use std::sync::Arc;

use crate::affiliations::Affiliations;
use crate::clients::ClientCache;
use crate::config;
use crate::counts::Counts;
use crate::keys::{KeyRing, MacKey};
use crate::store::Stores;
use crate::support::{Clock, Random, Timestamp};

mod audit;
mod claims;
pub mod code;
pub mod end_user_claims;
pub mod form;
pub mod introspect;
pub mod issue;
pub mod jti;
pub mod presented;
pub mod refresh_token;
pub mod revoke;
mod seen_logins;
mod settling;
pub mod userinfo;
pub mod validity;

pub use audit::{Incident, record};
pub use claims::{AccessToken, Audience};
pub use form::TokenForm;
pub use seen_logins::SeenLogins;
pub use settling::Settling;

/// What everything about tokens rests on.
pub struct TokenService {
    /// Where grants and revocations are kept.
    pub stores: Stores,
    /// The registered clients.
    pub clients: Arc<ClientCache>,
    /// The groups and roles that people have.
    pub affiliations: Arc<Affiliations>,
    /// The keys that sign and verify.
    pub keys: Arc<KeyRing>,
    /// Proves that a refresh token is ours.
    pub refresh_mac: MacKey,
    /// The `iss` of every token.
    pub issuer: Arc<str>,
    /// How long codes, tokens and retries live.
    pub settings: config::tokens::TokensConfig,
    /// Where is noted that an app has its newest tokens.
    pub settling: Settling,
    /// Where is counted who is issued tokens.
    pub counts: Arc<Counts>,
    /// Where is noted what logins had.
    pub seen_logins: SeenLogins,
    /// Decides `iat` and `exp`.
    pub clock: Arc<dyn Clock>,
    /// Draws codes, refresh tokens and `jti`s.
    pub random: Arc<dyn Random>,
}

impl TokenService {
    /// The present.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
