//! Where a request came from: the peer, or what the trusted proxies in front say.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, header};
use ipnet::IpNet;

use crate::config::network::{AddressHeader, NetworkConfig};
use crate::http::AppState;
use crate::http::server::Peer;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// The most hops that are looked at.
const MAX_HOPS: usize = 32;

/// The address that the request came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions, &parts.headers, &app.config.network))
    }
}

impl ClientAddress {
    /// The same, before a request was taken apart.
    pub(crate) fn of_request(request: &Request, network: &NetworkConfig) -> Self {
        Self::of(request.extensions(), request.headers(), network)
    }

    /// The address behind the right-most trusted hop: everything to the left of it can be made up by the caller.
    fn of(extensions: &Extensions, headers: &HeaderMap, network: &NetworkConfig) -> Self {
        let peer = extensions.get::<Peer>().map(|peer| peer.0.ip());
        // Without a peer (a test that drives the router) there is no proxy to trust either.
        let Some(peer) = peer else { return Self(IpAddr::from([127, 0, 0, 1])) };
        Self(behind_proxies(peer.to_canonical(), headers, network))
    }
}

fn behind_proxies(peer: IpAddr, headers: &HeaderMap, network: &NetworkConfig) -> IpAddr {
    let trusted = |address: &IpAddr| network.trusted_proxies.iter().any(|range: &IpNet| range.contains(address));
    if !trusted(&peer) {
        return peer;
    }
    let hops = match network.address_header {
        AddressHeader::XForwardedFor => listed(headers, &X_FORWARDED_FOR, |hop| Some(hop.to_owned())),
        AddressHeader::Forwarded => listed(headers, &header::FORWARDED, forwarded_for),
    };
    let mut nearest = peer;
    for hop in hops.iter().rev().take(MAX_HOPS) {
        // What is no address was not written by a proxy that knows one: go no further than what is known.
        let Some(address) = hop.as_deref().and_then(parse_hop) else { return nearest };
        nearest = address;
        if !trusted(&address) {
            break;
        }
    }
    nearest
}

/// The hops of a header in order, several lines joined as RFC 9110 section 5.3 has it.
fn listed(headers: &HeaderMap, name: &HeaderName, read: impl Fn(&str) -> Option<String>) -> Vec<Option<String>> {
    let lines = headers.get_all(name).iter().map(|line| line.to_str().unwrap_or_default());
    lines.flat_map(|line| line.split(',')).map(|hop| read(hop.trim())).collect()
}

/// The `for` of one element: RFC 7239 section 4. Nothing where it has none.
fn forwarded_for(element: &str) -> Option<String> {
    let pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for")).map(|(_, value)| value.trim());
    values.next().map(|value| value.trim_matches('"').to_owned())
}

/// An address, with or without a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`.
fn parse_hop(text: &str) -> Option<IpAddr> {
    let bracketed = text.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(address, _)| address);
    let address = bracketed.map_or_else(|| text.parse().ok(), |inner| inner.parse().ok());
    address.or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip())).map(|ip: IpAddr| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn network(header: AddressHeader) -> NetworkConfig {
        NetworkConfig {
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            address_header: header,
            ..NetworkConfig::default()
        }
    }

    fn from(peer: &str, name: &'static str, lines: &[&'static str], header: AddressHeader) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name, HeaderValue::from_static(line));
        }
        behind_proxies(peer.parse().unwrap(), &headers, &network(header)).to_string()
    }

    #[test]
    fn the_right_most_untrusted_hop_counts() {
        let x = |peer, lines: &[&'static str]| from(peer, "x-forwarded-for", lines, AddressHeader::XForwardedFor);
        assert_eq!(x("10.0.0.1", &["6.6.6.6, 192.0.2.7, 10.1.1.1"]), "192.0.2.7");
        assert_eq!(x("10.0.0.1", &["6.6.6.6", "192.0.2.7:443"]), "192.0.2.7");
        assert_eq!(x("10.0.0.1", &["2001:db8::1"]), "2001:db8::1");
        assert_eq!(x("10.0.0.1", &["10.0.0.2"]), "10.0.0.2");
    }

    #[test]
    fn nobody_but_a_trusted_proxy_is_believed() {
        let x = |peer, lines: &[&'static str]| from(peer, "x-forwarded-for", lines, AddressHeader::XForwardedFor);
        assert_eq!(x("192.0.2.1", &["6.6.6.6"]), "192.0.2.1");
        assert_eq!(x("10.0.0.1", &["6.6.6.6, unknown"]), "10.0.0.1");
        assert_eq!(x("10.0.0.1", &[""]), "10.0.0.1");
        assert_eq!(from("10.0.0.1", "forwarded", &["for=6.6.6.6"], AddressHeader::XForwardedFor), "10.0.0.1");
    }

    #[test]
    fn forwarded_is_read_as_rfc_7239_writes_it() {
        let f = |lines: &[&'static str]| from("10.0.0.1", "forwarded", lines, AddressHeader::Forwarded);
        assert_eq!(f(&["for=6.6.6.6, for=192.0.2.60;proto=http;by=203.0.113.43"]), "192.0.2.60");
        assert_eq!(f(&["For=\"[2001:db8:cafe::17]:4711\""]), "2001:db8:cafe::17");
        assert_eq!(f(&["for=_hidden"]), "10.0.0.1");
        assert_eq!(f(&["proto=https"]), "10.0.0.1");
    }
}
