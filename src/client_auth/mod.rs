//! Client authentication: who calls the token, introspection and revocation endpoints.
//!
//! Owns the methods, one file each, and the one way to an [`AuthenticatedClient`]. Leaves what the client may do then to the
//! endpoints. Whatever went wrong with a credential looks the same from outside.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::clients::ClientCache;
use crate::keys::foreign;
use crate::model::Client;
use crate::outgoing::{Documents, Outgoing};
use crate::protocol::{ErrorCode, OAuthError, Params};
use crate::store::{ReplayStore, StoreError};
use crate::support::Clock;

mod assertion_claims;
pub mod client_secret_basic;
pub mod client_secret_post;
mod limiter;
pub mod none;
pub mod private_key_jwt;
mod secret;

pub use assertion_claims::ClaimsRejected;

use limiter::FailureLimiter;

/// A client that proved who it is, by the method it is registered with, and that is enabled. Only this module makes one.
#[derive(Clone, Debug)]
pub struct AuthenticatedClient {
    client: Arc<Client>,
}

impl AuthenticatedClient {
    /// The client.
    pub fn client(&self) -> &Arc<Client> {
        &self.client
    }
}

impl std::ops::Deref for AuthenticatedClient {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// Where a request may carry credentials.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// The form.
    pub params: &'a Params,
    /// The values of the `Authorization` header.
    pub authorization: &'a [&'a [u8]],
    /// Where the request came from.
    pub address: IpAddr,
}

/// Why a client is not let in.
#[derive(Debug, thiserror::Error)]
pub enum ClientAuthRejected {
    /// RFC 6749 section 2.3: "The client MUST NOT use more than one authentication method in each request."
    #[error("more than one authentication method")]
    SeveralMethods,
    /// `client_id` names another client than the credentials.
    #[error("client_id differs from the credentials")]
    ClientIdDiffers,
    /// Nothing that names a client.
    #[error("no credentials")]
    Missing,
    /// The `Authorization` header is not one that the method allows.
    #[error("malformed Authorization header")]
    MalformedHeader,
    /// No such client.
    #[error("unknown client")]
    Unknown,
    /// The client is switched off.
    #[error("disabled client")]
    Disabled,
    /// Not the method that the client is registered with.
    #[error("not the registered method")]
    WrongMethod,
    /// No live secret of the client.
    #[error("wrong secret")]
    WrongSecret,
    /// The assertion does not hold.
    #[error("assertion refused: {0}")]
    Assertion(#[from] private_key_jwt::AssertionRejected),
    /// Too many failures from there.
    #[error("too many failures")]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ClientAuthRejected {
    /// What the client's developer is told; `None` for what is no fault of the request.
    pub fn outward(&self) -> Option<OAuthError> {
        match self {
            Self::SeveralMethods => {
                Some(OAuthError::invalid_request("the client used more than one authentication method"))
            }
            Self::ClientIdDiffers => {
                Some(OAuthError::invalid_request("client_id is not the client of the credentials"))
            }
            Self::Throttled { .. } | Self::Store(_) => None,
            // One answer for all of these: which client ids exist, and what was wrong, is nobody's business.
            _ => Some(OAuthError::new(ErrorCode::InvalidClient, "client authentication failed")),
        }
    }

    /// Whether it may have been a guess.
    const fn is_a_guess(&self) -> bool {
        matches!(self, Self::Unknown | Self::Disabled | Self::WrongMethod | Self::WrongSecret | Self::Assertion(_))
    }
}

/// What a request says about who sends it.
struct Presented<'a> {
    client_id: Cow<'a, str>,
    proof: Proof<'a>,
}

/// What a request proves it with.
enum Proof<'a> {
    Nothing,
    BasicSecret(String),
    PostedSecret(&'a str),
    Assertion(&'a str),
}

/// One method: how its credentials are read off a request. `None` where the request has none of its kind.
pub struct Method {
    /// Its registered name.
    pub name: &'static str,
    read: for<'a> fn(&Credentials<'a>) -> Option<Result<Presented<'a>, ClientAuthRejected>>,
}

/// Every method, the preferred one first. Metadata reads this list.
pub const ALL: &[Method] =
    &[private_key_jwt::METHOD, client_secret_basic::METHOD, client_secret_post::METHOD, none::METHOD];

/// What authentication rests on.
pub struct Authenticator {
    clients: Arc<ClientCache>,
    replays: Arc<dyn ReplayStore>,
    /// The key sets behind `jwks_uri`.
    remote_keys: Documents,
    issuer: Arc<str>,
    clock: Arc<dyn Clock>,
    failures: FailureLimiter,
}

/// The parts of an [`Authenticator`].
#[allow(missing_docs, reason = "each is what its type says")]
pub struct Parts {
    pub clients: Arc<ClientCache>,
    pub replays: Arc<dyn ReplayStore>,
    pub outgoing: Arc<Outgoing>,
    pub issuer: Arc<str>,
    pub clock: Arc<dyn Clock>,
    /// Failures for one client from one address, per minute, before further ones must wait.
    pub failures_per_minute: u32,
}

impl Authenticator {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self {
            clients: parts.clients,
            replays: parts.replays,
            remote_keys: Documents::new(parts.outgoing, |keys| foreign::check_jwks(keys).is_ok()),
            issuer: parts.issuer,
            clock: parts.clock,
            failures: FailureLimiter::new(parts.failures_per_minute),
        }
    }

    /// Finds out who sends a request.
    pub async fn authenticate(&self, credentials: &Credentials<'_>) -> Result<AuthenticatedClient, ClientAuthRejected> {
        let presented = read(credentials)?;
        let client_id = presented.client_id.as_ref();
        let now = self.clock.now();
        self.failures.check(client_id, credentials.address, now)?;
        let client = self.clients.find(client_id).await?;
        match self.verify(client.as_deref(), &presented.proof).await {
            Ok(()) => client.map(|client| AuthenticatedClient { client }).ok_or(ClientAuthRejected::Unknown),
            Err(rejected) if rejected.is_a_guess() => {
                tracing::info!(client = client.as_ref().map(|c| c.id.as_str()), %rejected, "client authentication failed");
                Err(self.failures.record(client_id, credentials.address, now).unwrap_or(rejected))
            }
            Err(rejected) => Err(rejected),
        }
    }

    /// Checks the proof against what is registered. A secret is digested and compared whoever is said to have sent it, so that an
    /// unknown client takes as long as a known one.
    async fn verify(&self, client: Option<&Client>, proof: &Proof<'_>) -> Result<(), ClientAuthRejected> {
        let secret_is_right = match proof {
            Proof::BasicSecret(text) => secret::is_live_secret_of(client, text, self.clock.now()),
            Proof::PostedSecret(text) => secret::is_live_secret_of(client, text, self.clock.now()),
            Proof::Nothing | Proof::Assertion(_) => false,
        };
        let client = client.ok_or(ClientAuthRejected::Unknown)?;
        let method = client.authentication.method.as_str();
        let registered = match proof {
            Proof::Nothing => method == none::METHOD.name,
            Proof::BasicSecret(_) => method == client_secret_basic::METHOD.name,
            Proof::PostedSecret(_) => method == client_secret_post::METHOD.name,
            Proof::Assertion(_) => method == private_key_jwt::METHOD.name,
        };
        if !client.enabled {
            return Err(ClientAuthRejected::Disabled);
        }
        match proof {
            _ if !registered => Err(ClientAuthRejected::WrongMethod),
            Proof::Nothing => Ok(()),
            Proof::BasicSecret(_) | Proof::PostedSecret(_) if secret_is_right => Ok(()),
            Proof::BasicSecret(_) | Proof::PostedSecret(_) => Err(ClientAuthRejected::WrongSecret),
            Proof::Assertion(assertion) => private_key_jwt::verify(self, client, assertion).await,
        }
    }
}

/// The one method that a request uses.
fn read<'a>(credentials: &Credentials<'a>) -> Result<Presented<'a>, ClientAuthRejected> {
    let mut methods = ALL.iter().filter_map(|method| (method.read)(credentials));
    let presented = methods.next().ok_or(ClientAuthRejected::Missing)?;
    if methods.next().is_some() {
        return Err(ClientAuthRejected::SeveralMethods);
    }
    let presented = presented?;
    match credentials.params.get("client_id") {
        Some(named) if named != presented.client_id => Err(ClientAuthRejected::ClientIdDiffers),
        _ => Ok(presented),
    }
}

#[cfg(test)]
mod tests;
