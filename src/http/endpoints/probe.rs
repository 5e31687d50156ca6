//! How a request arrived, told to a holder of the key-encryption key: `haechi doctor` asks through the issuer's URL and learns what
//! the proxies in between make of its request. To other callers `/healthz` says no more than that the process lives.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::http::extract::ClientAddress;
use crate::http::server::Peer;
use crate::keys::MacKey;
use crate::support::Timestamp;

/// The header that asks.
pub const HEADER: HeaderName = HeaderName::from_static("haechi-probe");

/// What a request may carry when a proxy handed it on.
const FORWARDING: [HeaderName; 5] = [
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-real-ip"),
    header::FORWARDED,
];

/// How a request arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// The other end of the connection: a proxy or the client.
    pub peer: Option<String>,
    /// Whether `network.trusted_proxies` has it.
    pub trusted: bool,
    /// The forwarding headers that came along.
    pub forwarding: Vec<String>,
    /// The address that counts: for throttling and the audit log.
    pub address: String,
    /// The `Host` that arrived.
    pub host: Option<String>,
    /// The server's time, in milliseconds since 1970.
    pub now: i64,
}

/// The header's value at this moment; it works for a minute before and after.
pub fn ask(key: &MacKey, now: Timestamp) -> String {
    URL_SAFE_NO_PAD.encode(key.tag(&[&minute(now).to_be_bytes()]))
}

/// How the request arrived, if it asks as one who may.
pub(super) fn answer(app: &App, request: &Request) -> Option<Arrival> {
    let tag = URL_SAFE_NO_PAD.decode(request.headers().get(HEADER)?.as_bytes()).ok()?;
    let now = minute(app.clock.now());
    let may = (-1..=1).any(|off| app.probe.verify(&[&now.saturating_add(off).to_be_bytes()], &tag));
    may.then(|| arrival(app, request))
}

fn arrival(app: &App, request: &Request) -> Arrival {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip().to_canonical());
    let network = &app.config.network;
    let text =
        |headers: &HeaderMap, name: HeaderName| headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    Arrival {
        peer: peer.map(|peer| peer.to_string()),
        trusted: peer.is_some_and(|peer| network.trusted_proxies.iter().any(|range| range.contains(&peer))),
        forwarding: FORWARDING
            .iter()
            .filter(|name| request.headers().contains_key(*name))
            .map(ToString::to_string)
            .collect(),
        address: ClientAddress::of_request(request, network).0.to_string(),
        host: text(request.headers(), header::HOST).or_else(|| request.uri().authority().map(ToString::to_string)),
        now: app.clock.now().millis(),
    }
}

const fn minute(now: Timestamp) -> i64 {
    now.seconds().div_euclid(60)
}
