//! How a request arrived: by which proxy, from which address, under which name. `haechi doctor` asks through the issuer's URL, with the key-encryption key, and to
//! other callers `/healthz` says no more than that the process lives; the console looks at the requests of its administrators.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, header};

use super::extract::ClientAddress;
use super::server::Peer;
use crate::app::App;
use crate::doctor::probe::{self, Arrival};

/// What a request may carry when a proxy handed it on.
const FORWARDING: [HeaderName; 5] = [
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-real-ip"),
    header::FORWARDED,
];

/// How the request arrived, if it asks as one who may.
pub fn answer(app: &App, request: &Request) -> Option<Arrival> {
    let asked = request.headers().get(probe::HEADER)?;
    probe::may_ask(&app.probe, app.clock.now(), asked.as_bytes()).then(|| arrival(app, request))
}

/// How it arrived.
pub fn arrival(app: &App, request: &Request) -> Arrival {
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
