//! The one way out: requests to URLs that clients and administrators named (a client's `jwks_uri`, the endpoints of an upstream provider).
//!
//! Owns what protects this network from them: https only, no redirects, ports of the web, addresses vetted and pinned, limits on time, size and
//! number; and keeping documents for as long as their hosts say ([`Documents`]). Leaves what an answer means to the caller. A refusal looks the same from outside whatever its cause, so that
//! it tells no caller which hosts and ports exist here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::http::{Request, Response, header};
use tokio::sync::{Semaphore, SemaphorePermit};
use url::{Host, Url};

use crate::config::network::NetworkConfig;

mod address;
mod documents;
pub mod ports;
mod resolver;
mod tls;

pub use address::AddressGuard;
pub use documents::Documents;
pub use ports::PortGuard;
pub use resolver::{Lookup, SystemLookup};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// A failure takes at least this long, so that its cause cannot be told by the time it took.
const FAILURE_TAKES: Duration = Duration::from_millis(300);

/// Who chose the URL, and so how far a call may reach and how many may be under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// A client named it in its registration: public addresses, and the ranges of the configuration.
    Client,
    /// An administrator named it for a connection to an upstream provider.
    Connection {
        /// Whether it may be on a private or loopback address: for providers inside the same network.
        private: bool,
    },
    /// An administrator named it to be told what happens: as far as a client's.
    Webhook,
    /// The configuration names it, and anybody may cause the call: as far as a client's.
    Operator,
}

impl Caller {
    /// How many of its calls may be under way: altogether, and to one host.
    const fn at_once(self) -> (usize, usize) {
        match self {
            Self::Client => (32, 4),
            // Users wait for these; a host that hangs holds its own places only.
            Self::Connection { .. } => (256, 32),
            Self::Webhook => (16, 2),
            Self::Operator => (16, 16),
        }
    }
}

/// Why the guarded client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum OutgoingError {
    /// The file of further certificate authorities cannot be read.
    #[error("network.outgoing_authorities: {0}")]
    Authorities(String),
    /// The TLS settings do not fit together.
    #[error("outgoing TLS: {0}")]
    Tls(String),
}

/// Why a document was not fetched: for the log and for tests, never for the one that named the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchFailed {
    /// Not https (or http where the configuration allows it), or it holds a user name.
    #[error("the URL is not one to fetch from")]
    Url,
    /// The port is none of the web, and none that the configuration names.
    #[error("the port is not allowed")]
    Port,
    /// The host is, or resolves to, an address that outgoing calls may not reach.
    #[error("the address is not allowed")]
    Address,
    /// It took too long, or too much else was under way.
    #[error("it took too long")]
    Timeout,
    /// The connection, TLS or HTTP broke.
    #[error("the connection failed")]
    Connection,
    /// The answer was no 200: redirects are not followed.
    #[error("the answer was {0}")]
    Status(u16),
    /// The answer is larger than asked for.
    #[error("the answer is too large")]
    TooLarge,
}

/// A document as its host sent it, with how long it may be kept.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The body, as it was sent.
    pub body: Vec<u8>,
    /// How long `Cache-Control` lets it be kept; zero for `no-store` and `no-cache`, `None` where it does not say.
    pub max_age: Option<Duration>,
}

/// The HTTP client that vets where it connects to, and bounds what a call costs.
pub struct Outgoing {
    https: Guarded,
    /// Reaches private addresses too.
    private: Guarded,
    /// Reaches the allowed ranges only.
    http: Option<Guarded>,
    ports: PortGuard,
    clients: Slots,
    connections: Slots,
    webhooks: Slots,
    operators: Slots,
    timeout: Duration,
}

/// A client, and what it may reach.
struct Guarded {
    client: reqwest::Client,
    guard: Arc<AddressGuard>,
}

/// How many calls are under way.
struct Slots {
    all: Semaphore,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
    per_host: usize,
}

impl Slots {
    fn of(caller: Caller) -> Self {
        let (all, per_host) = caller.at_once();
        Self { all: Semaphore::new(all), hosts: Mutex::new(HashMap::new()), per_host }
    }

    fn host(&self, url: &Url) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.retain(|_, slots| Arc::strong_count(slots) > 1);
        let name = url.host_str().unwrap_or_default().to_owned();
        hosts.entry(name).or_insert_with(|| Arc::new(Semaphore::new(self.per_host))).clone()
    }

    async fn place(&self) -> Result<SemaphorePermit<'_>, FetchFailed> {
        self.all.acquire().await.map_err(|_| FetchFailed::Timeout)
    }
}

impl Outgoing {
    /// The guarded client of this configuration.
    pub fn new(config: &NetworkConfig) -> Result<Self, OutgoingError> {
        let lookup: Arc<dyn Lookup> = Arc::new(SystemLookup);
        Self::with_lookup(config, &lookup)
    }

    /// The guarded client, with names looked up by `lookup`.
    pub fn with_lookup(config: &NetworkConfig, lookup: &Arc<dyn Lookup>) -> Result<Self, OutgoingError> {
        let tls = tls::client_config(config.outgoing_authorities.as_deref())?;
        let public = AddressGuard::new(config.outgoing_allowed.clone());
        let guarded = |guard: AddressGuard| {
            let guard = Arc::new(guard);
            let client =
                client(tls.clone(), resolver::Vetted::new(lookup.clone(), guard.clone()), config.outgoing_timeout())?;
            Ok::<_, OutgoingError>(Guarded { client, guard })
        };
        Ok(Self {
            private: guarded(public.with_private())?,
            http: config.outgoing_http.then(|| guarded(public.listed_only())).transpose()?,
            https: guarded(public)?,
            ports: PortGuard::new(&config.outgoing_ports),
            clients: Slots::of(Caller::Client),
            connections: Slots::of(Caller::Connection { private: false }),
            webhooks: Slots::of(Caller::Webhook),
            operators: Slots::of(Caller::Operator),
            timeout: config.outgoing_timeout(),
        })
    }

    /// Fetches a document of at most `max_bytes`.
    pub async fn get(
        &self,
        caller: Caller,
        url: &Url,
        accept: &'static str,
        max_bytes: usize,
    ) -> Result<Fetched, FetchFailed> {
        let request = Request::get(url.as_str()).header(header::ACCEPT, accept).body(Vec::new());
        let answer = self.send(caller, request.map_err(|_| FetchFailed::Url)?, max_bytes).await?;
        if answer.status() != 200 {
            return Err(FetchFailed::Status(answer.status().as_u16()));
        }
        let max_age = answer.headers().get(header::CACHE_CONTROL).and_then(|value| max_age(value.to_str().ok()?));
        Ok(Fetched { max_age, body: answer.into_body() })
    }

    /// Sends a request and reads an answer of at most `max_bytes`, whatever its status.
    pub async fn send(
        &self,
        caller: Caller,
        request: Request<Vec<u8>>,
        max_bytes: usize,
    ) -> Result<Response<Vec<u8>>, FetchFailed> {
        let minimum = tokio::time::sleep(FAILURE_TAKES);
        let host = request.uri().host().map(str::to_owned);
        let limited = tokio::time::timeout(self.timeout, self.exchange(caller, request, max_bytes));
        let outcome = limited.await.unwrap_or(Err(FetchFailed::Timeout));
        if let Err(failure) = &outcome {
            tracing::debug!(host, %failure, "outgoing request failed");
            minimum.await;
        }
        outcome
    }

    async fn exchange(
        &self,
        caller: Caller,
        request: Request<Vec<u8>>,
        max_bytes: usize,
    ) -> Result<Response<Vec<u8>>, FetchFailed> {
        let request = reqwest::Request::try_from(request).map_err(|_| FetchFailed::Url)?;
        let client = self.client_for(caller, request.url())?;
        let slots = match caller {
            Caller::Client => &self.clients,
            Caller::Connection { .. } => &self.connections,
            Caller::Webhook => &self.webhooks,
            Caller::Operator => &self.operators,
        };
        let host = slots.host(request.url());
        let _host_slot = host.acquire().await.map_err(|_| FetchFailed::Timeout)?;
        let _slot = slots.place().await?;
        let mut response = client.execute(request).await.map_err(|error| failure(&error))?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
            if body.len() + chunk.len() > max_bytes {
                return Err(FetchFailed::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let mut answer = Response::new(body);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }

    /// The client for the URL's scheme, once a host that is an address was vetted. Names are vetted when they are resolved.
    fn client_for(&self, caller: Caller, url: &Url) -> Result<&reqwest::Client, FetchFailed> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(FetchFailed::Url);
        }
        // What a connection's ports are, its URLs were held to when they were read: each connection may name its own.
        if !matches!(caller, Caller::Connection { .. } | Caller::Operator) && !self.ports.allows(url) {
            return Err(FetchFailed::Port);
        }
        let Guarded { client, guard } = match (url.scheme(), caller) {
            ("https", Caller::Connection { private: true }) => &self.private,
            ("https", _) => &self.https,
            ("http", _) => self.http.as_ref().ok_or(FetchFailed::Url)?,
            _ => return Err(FetchFailed::Url),
        };
        let allowed = match url.host().ok_or(FetchFailed::Url)? {
            Host::Ipv4(address) => guard.allows(address.into()),
            Host::Ipv6(address) => guard.allows(address.into()),
            Host::Domain(_) => true,
        };
        if allowed { Ok(client) } else { Err(FetchFailed::Address) }
    }
}

#[allow(clippy::disallowed_methods, reason = "the one home of outgoing HTTP")]
fn client(
    tls: rustls::ClientConfig,
    resolver: resolver::Vetted,
    timeout: Duration,
) -> Result<reqwest::Client, OutgoingError> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .dns_resolver(Arc::new(resolver))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .http1_only()
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(timeout)
        // A connection that is kept would outlive the check of its address.
        .pool_max_idle_per_host(0)
        .user_agent(concat!("haechi/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| OutgoingError::Tls(error.to_string()))
}

/// A client for addresses that the operator chose, such as this server's own: it reaches any. Never for what a stranger wrote.
pub fn unguarded(config: &NetworkConfig) -> Result<reqwest::Client, OutgoingError> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls::client_config(config.outgoing_authorities.as_deref())?)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .http1_only()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(config.outgoing_timeout())
        .user_agent(concat!("haechi/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| OutgoingError::Tls(error.to_string()))
}

/// What a transport error was: the resolver's refusal is somewhere among its causes.
fn failure(error: &reqwest::Error) -> FetchFailed {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<resolver::Refused>() {
            return FetchFailed::Address;
        }
        cause = error.source();
    }
    if error.is_timeout() { FetchFailed::Timeout } else { FetchFailed::Connection }
}

/// RFC 9111 section 5.2.2: `max-age`, unless the document may not be kept at all.
fn max_age(cache_control: &str) -> Option<Duration> {
    let directives = || cache_control.split(',').map(str::trim);
    if directives().any(|d| d.eq_ignore_ascii_case("no-store") || d.eq_ignore_ascii_case("no-cache")) {
        return Some(Duration::ZERO);
    }
    let value = directives().find_map(|d| {
        let (name, value) = d.split_once('=')?;
        name.eq_ignore_ascii_case("max-age").then_some(value)
    })?;
    value.trim_matches('"').parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
