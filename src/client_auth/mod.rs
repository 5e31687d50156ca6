//! Client authentication: which client calls the token, introspection and revocation endpoints.
//!
//! Owns the methods, one file and one line of [`ALL`] each, and the one way to an [`AuthenticatedClient`]. Leaves what the client may do
//! then to the endpoints. Whatever was wrong with a credential looks the same from outside; only a caller whose secret is right learns
//! that it belongs elsewhere.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::clients::ClientCache;
use crate::model::Client;
use crate::model::refusal::{Reason, Refusal};
use crate::outgoing::Outgoing;
use crate::protocol::{ErrorCode, OAuthError, Params};
use crate::remote_keys::RemoteKeySets;
use crate::store::{ReplayStore, StoreError};
use crate::support::Clock;

mod assertion_claims;
mod claimed_client;
pub mod client_secret_basic;
pub mod client_secret_post;
mod limiter;
pub mod none;
pub mod private_key_jwt;
mod secret;
pub mod stand_in;

pub use assertion_claims::ClaimsRejected;
pub use claimed_client::{ClaimedClient, RegisteredClient};

use limiter::FailureLimiter;

/// A client that proved its identity, by the method it is registered with, and that is enabled; or one that the server [stands in for](stand_in). Only this
/// module makes one.
#[derive(Clone, Debug)]
pub struct AuthenticatedClient {
    client: Arc<Client>,
    method: &'static str,
}

impl AuthenticatedClient {
    /// The name of the method that it authenticated by (`token_endpoint_auth_method`).
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// Whether it is the server that stands in for the client: nothing that happens then is the client's doing.
    pub fn is_stand_in(&self) -> bool {
        self.method == stand_in::METHOD
    }

    /// What is registered of the client.
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

/// An endpoint at which clients authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// RFC 6749 section 3.2.
    Token,
    /// RFC 7662 section 2.
    Introspection,
    /// RFC 7009 section 2.
    Revocation,
}

impl Endpoint {
    /// Its path below the issuer.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Token => "/token",
            Self::Introspection => "/introspect",
            Self::Revocation => "/revoke",
        }
    }
}

/// Where a request may carry credentials.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// The endpoint that was called: an assertion may be made out to it.
    pub endpoint: Endpoint,
    /// The parameters of the form that was posted.
    pub params: &'a Params,
    /// The values of the `Authorization` header.
    pub authorization: &'a [&'a [u8]],
    /// The address that the request came from, which failures are counted by.
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
    /// No client has the id that the request names.
    #[error("unknown client")]
    Unknown,
    /// An administrator disabled the client.
    #[error("disabled client")]
    Disabled,
    /// Not a method that the client may use.
    #[error("not a method that the client may use")]
    WrongMethod,
    /// The secret is right, and the client is pinned to sending it by the method of this name.
    #[error("a right secret by another method than {0}, which the client is pinned to")]
    OtherPlace(&'static str),
    /// The secret is none of the client's, or one that has expired.
    #[error("wrong secret")]
    WrongSecret,
    /// The client's assertion does not hold (RFC 7523 section 3).
    #[error("assertion refused: {0}")]
    Assertion(#[from] private_key_jwt::AssertionRejected),
    /// Credentials for the client, or from the address, were wrong too often within a minute.
    #[error("too many failures")]
    Throttled {
        /// How long to wait before the next try.
        retry_after: Duration,
    },
    /// The store that holds clients or used assertions does not answer.
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
            // Who sends a right secret is the client, and may be told what RFC 6749 section 5.2 has `invalid_client` for: "unsupported
            // authentication method".
            Self::OtherPlace(method) => Some(OAuthError::quoting(
                ErrorCode::InvalidClient,
                &format!("the secret is right, but this client must send it by {method}"),
            )),
            Self::Throttled { .. } | Self::Store(_) => None,
            // One answer for all of these: which client ids exist, and what was wrong, is not for the caller to learn.
            _ => Some(OAuthError::new(ErrorCode::InvalidClient, "client authentication failed")),
        }
    }

    /// Why, for the operator.
    const fn reason(&self) -> Reason {
        match self {
            Self::SeveralMethods => Reason::SeveralMethods,
            Self::ClientIdDiffers => Reason::ClientIdDiffers,
            Self::Missing => Reason::CredentialsMissing,
            Self::MalformedHeader => Reason::AuthorizationMalformed,
            Self::Unknown => Reason::UnknownClient,
            Self::Disabled => Reason::ClientDisabled,
            Self::WrongMethod | Self::OtherPlace(_) => Reason::AuthenticationMethod,
            Self::WrongSecret => Reason::WrongSecret,
            Self::Assertion(_) => Reason::AssertionRefused,
            Self::Throttled { .. } => Reason::TooManyFailures,
            Self::Store(_) => Reason::Other,
        }
    }

    /// Whether it may have been a guess.
    const fn is_a_guess(&self) -> bool {
        matches!(self, Self::Unknown | Self::Disabled | Self::WrongMethod | Self::WrongSecret | Self::Assertion(_))
    }
}

/// A client that was not let in: why, as the caller is answered, and what an operator hears of it.
#[derive(Debug)]
pub struct NotAuthenticated {
    /// Why, precisely.
    pub why: ClientAuthRejected,
    /// What is logged of it.
    pub refusal: Box<Refusal>,
}

/// What was seen of a request before it was refused.
#[derive(Default)]
struct Seen {
    /// The client that the request names, and the method that it uses.
    named: Option<(String, &'static str)>,
    /// The client of that id.
    client: Option<Arc<Client>>,
}

impl Seen {
    fn refusal(&self, why: &ClientAuthRejected, params: &Params) -> Refusal {
        let mut refusal = Refusal::new(why.reason());
        if let Some((client, method)) = &self.named {
            refusal = match &self.client {
                Some(client) => refusal.by(&client.id),
                None => refusal.naming(client),
            };
            if let ClientAuthRejected::WrongMethod | ClientAuthRejected::OtherPlace(_) = why {
                let registered = self.client.iter().map(|client| client.authentication.method.as_str());
                refusal = refusal.at("token_endpoint_auth_method", Some(method)).expecting(registered);
            }
        }
        match why {
            ClientAuthRejected::Assertion(why) => {
                refusal = refusal.at("client_assertion", None).because(&why.to_string());
            }
            ClientAuthRejected::ClientIdDiffers => refusal = refusal.at("client_id", params.get("client_id")),
            _ => {}
        }
        refusal.of_request(params, self.client.as_deref())
    }
}

/// What a request says of the client that sends it, read off by one method.
pub struct Presented<'a> {
    /// The client it names: the one that the limiter counts for, nothing more until the credential is verified.
    client_id: Cow<'a, str>,
    /// What proves it: a secret or an assertion as it was sent; empty where the method proves nothing.
    credential: Cow<'a, str>,
}

/// One method of client authentication.
#[async_trait]
pub trait Method: Sync {
    /// Its name in the registry of RFC 7591 section 4.2 (`token_endpoint_auth_method`).
    fn name(&self) -> &'static str;

    /// Reads its credentials off a request; `None` where the request has none of its kind.
    fn read<'a>(&self, credentials: &Credentials<'a>) -> Option<Result<Presented<'a>, ClientAuthRejected>>;

    /// Verifies what [`read`](Self::read) found against what is registered. Only [`ClaimedClient`] makes the answer, so a client that is
    /// unknown, disabled or not to be authenticated so is refused by each method alike.
    async fn verify<'a>(
        &self,
        authenticator: &Authenticator,
        claimed: ClaimedClient<'a>,
        presented: Evidence<'_>,
    ) -> Result<RegisteredClient<'a>, ClientAuthRejected>;
}

/// What a client is to be believed by.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// A secret or an assertion as it was sent; empty where the method proves nothing.
    credential: &'a str,
    /// Where it was sent.
    endpoint: Endpoint,
}

/// Every method, as the metadata lists them. What can be used without further settings comes first, as there are libraries that take the first one.
pub const ALL: &[&dyn Method] = &[
    &client_secret_basic::ClientSecretBasic,
    &client_secret_post::ClientSecretPost,
    &private_key_jwt::PrivateKeyJwt,
    &none::PublicClient,
];

/// What authentication rests on.
pub struct Authenticator {
    clients: Arc<ClientCache>,
    replays: Arc<dyn ReplayStore>,
    /// The key sets behind `jwks_uri`.
    remote_keys: RemoteKeySets,
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
    /// An authenticator of these parts, with no failures counted yet.
    pub fn new(parts: Parts) -> Self {
        Self {
            clients: parts.clients,
            replays: parts.replays,
            remote_keys: RemoteKeySets::of_clients(parts.outgoing),
            issuer: parts.issuer,
            clock: parts.clock,
            failures: FailureLimiter::new(parts.failures_per_minute),
        }
    }

    /// Finds out which client sends a request.
    pub async fn authenticate(&self, credentials: &Credentials<'_>) -> Result<AuthenticatedClient, NotAuthenticated> {
        let mut seen = Seen::default();
        let found = self.find_out(credentials, &mut seen).await;
        found.map_err(|why| NotAuthenticated { refusal: Box::new(seen.refusal(&why, credentials.params)), why })
    }

    async fn find_out(
        &self,
        credentials: &Credentials<'_>,
        seen: &mut Seen,
    ) -> Result<AuthenticatedClient, ClientAuthRejected> {
        let (method, presented) = read(credentials)?;
        let client_id = presented.client_id.as_ref();
        seen.named = Some((client_id.to_owned(), method.name()));
        let now = self.clock.now();
        let client = self.clients.find(client_id).await?;
        seen.client.clone_from(&client);
        // There is nothing to guess of a public client, so nobody who shares its address keeps it from anything.
        let guessable = !client.as_ref().is_some_and(|client| client.is_public());
        if guessable {
            self.failures.check(client_id, credentials.address, now)?;
        }
        let claimed = ClaimedClient::new(client.as_ref(), method.name());
        let evidence = Evidence { credential: &presented.credential, endpoint: credentials.endpoint };
        match method.verify(self, claimed, evidence).await {
            Ok(registered) => Ok(AuthenticatedClient { client: registered.client().clone(), method: method.name() }),
            Err(rejected) if guessable && rejected.is_a_guess() => {
                Err(self.failures.record(client_id, credentials.address, now).unwrap_or(rejected))
            }
            Err(rejected) => Err(rejected),
        }
    }
}

/// The client that a request says it is from, by whatever credentials: nothing is proved by that.
pub fn named(credentials: &Credentials<'_>) -> Option<String> {
    read(credentials).ok().map(|(_, presented)| presented.client_id.into_owned())
}

/// The one method that a request uses, and what it read.
fn read<'a>(credentials: &Credentials<'a>) -> Result<(&'static dyn Method, Presented<'a>), ClientAuthRejected> {
    let mut methods = ALL.iter().filter_map(|method| Some((*method, method.read(credentials)?)));
    let (method, presented) = methods.next().ok_or(ClientAuthRejected::Missing)?;
    if methods.next().is_some() {
        return Err(ClientAuthRejected::SeveralMethods);
    }
    let presented = presented?;
    match credentials.params.get("client_id") {
        Some(named) if named != presented.client_id => Err(ClientAuthRejected::ClientIdDiffers),
        _ => Ok((method, presented)),
    }
}

#[cfg(test)]
mod tests;
