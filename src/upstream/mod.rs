//! Upstream identity providers: users who sign in here with an account that they have elsewhere.
//!
//! Owns the way there ([`start`](Upstream::start)) and back ([`finish`](Upstream::finish)), what providers are like ([`presets`]), what
//! their answers mean ([`profile`], [`subject`], [`id_token`]), the oddities of one or the other ([`apple`], [`token_answer`]), and whose account it
//! is ([`link`]). Leaves accounts to `identity`, who is signed in to `sessions`, and HTTP to `http`.

use std::sync::Arc;
use std::time::Duration;

use crate::config::Config;
use crate::keys::Sealer;
use crate::model::acr::Classes;
use crate::model::connection::{Connection, Slug};
use crate::outgoing::{Documents, Outgoing, PortGuard};
use crate::policy::Policies;
use crate::protocol::issuer::Issuer;
use crate::remote_keys::RemoteKeySets;
use crate::sealed::SealedRecords;
use crate::store::{StoreResult, Stores};
use crate::support::{Clock, Random};

pub mod apple;
mod breaker;
pub mod claims;
mod complete_sign_in;
mod finish;
mod form_post_relay;
pub mod id_token;
pub mod link;
mod login_purpose;
mod login_state;
mod newcomer;
mod pending_link;
pub mod presets;
pub mod profile;
mod prove_account;
mod provider;
mod provider_http;
pub mod provider_tokens;
mod reason;
pub mod secrets;
mod sign_out;
mod start;
pub mod subject;
pub mod token_answer;

pub use complete_sign_in::{ReturnContext, ReturnOutcome};
pub use finish::Returned;
pub use id_token::Authentication;
pub use login_purpose::LoginPurpose;
pub use login_state::LoginState;
pub use pending_link::PendingLink;
pub use reason::{Reason, UpstreamFailed};
pub use sign_out::{LogoutTokenRejected, SignedOutThere};
pub use start::{Begin, Hints};

/// How long a page waits to know what a provider can do.
const PATIENCE: Duration = Duration::from_secs(1);

/// What upstream logins rest on.
#[allow(missing_docs, reason = "each field is documented at its type")]
pub struct Parts {
    pub stores: Stores,
    pub policies: Arc<Policies>,
    pub records: SealedRecords,
    pub sealer: Arc<Sealer>,
    pub outgoing: Arc<Outgoing>,
    pub issuer: Issuer,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

/// Logins through upstream providers.
pub struct Upstream {
    stores: Stores,
    records: SealedRecords,
    /// Seals our secrets at providers (see [`secrets`]) and the tokens that they issue (see [`provider_tokens`]).
    pub sealer: Arc<Sealer>,
    outgoing: Arc<Outgoing>,
    discovery: Documents,
    keys: RemoteKeySets,
    breakers: breaker::Breakers,
    issuer: Issuer,
    /// Whether a provider may be reached without TLS, in the ranges that the configuration names.
    http_allowed: bool,
    /// The ports where a provider may be.
    ports: PortGuard,
    policies: Arc<Policies>,
    /// What apps may ask an authentication to be.
    classes: Classes,
    /// Whether coming back proves an account where the provider does not say when its user authenticated.
    return_proves: bool,
    login_lifetime: Duration,
    /// How long a session here lives at most.
    session_lifetime: Duration,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl Upstream {
    /// Puts the parts together.
    pub fn new(parts: Parts, config: &Config) -> Self {
        let Parts { stores, policies, records, sealer, outgoing, issuer, clock, random } = parts;
        Self {
            stores,
            records,
            sealer,
            discovery: Documents::new(outgoing.clone(), provider::is_discovery),
            keys: RemoteKeySets::of_providers(outgoing.clone()),
            outgoing,
            breakers: breaker::Breakers::default(),
            issuer,
            http_allowed: config.network.outgoing_http,
            ports: PortGuard::new(&config.network.outgoing_ports),
            policies,
            classes: config.acr.classes(),
            return_proves: config.accounts.provider_return_proves,
            login_lifetime: config.sessions.authorization(),
            session_lifetime: config.sessions.absolute(),
            clock,
            random,
        }
    }

    /// The connections that users may choose among, in their order.
    pub async fn offered(&self) -> StoreResult<Vec<Connection>> {
        let mut all = self.stores.connections.all().await?;
        all.retain(|connection| connection.enabled);
        Ok(all)
    }

    /// Whether an account that is linked through a connection can be proved at its provider. One that does not answer just now is asked
    /// when it is needed.
    pub async fn can_prove(&self, connection: &Connection) -> bool {
        if self.return_proves {
            return true;
        }
        match tokio::time::timeout(PATIENCE, self.provider(connection)).await {
            Ok(Ok(provider)) => provider.oidc.is_some_and(|oidc| oidc.auth_time),
            Ok(Err(Reason::Unreachable)) | Err(_) => true,
            Ok(Err(_)) => false,
        }
    }

    /// Where a connection's provider answers: a URI of its own, so that an answer of one is never taken for another's (RFC 9700 section
    /// 4.4.2.2). Administrators copy it into the provider's console.
    pub fn redirect_uri(&self, slug: &Slug) -> String {
        format!("{}/upstream/{slug}/callback", self.issuer.as_str().trim_end_matches('/'))
    }
}

impl std::fmt::Debug for Upstream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upstream").field("issuer", &self.issuer.as_str()).finish_non_exhaustive()
    }
}
