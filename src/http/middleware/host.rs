//! The host that a request was meant for. Nothing is ever built from it; a request that names another one, or none that makes sense, is
//! refused all the same, so that a cache in front cannot be taught a foreign name.

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderName, header};

use crate::config::network::NetworkConfig;
use crate::http::problem::ProblemKind;
use crate::http::server::Peer;
use crate::protocol::issuer::Issuer;

const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// RFC 9112 section 3.2: "A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message that lacks a Host header
/// field and to any request message that contains more than one Host header field line or a Host header field with an invalid field
/// value." A request without any comes from HTTP/1.0 or from a test and names no other host.
pub(super) fn check(request: &Request) -> Result<(), ProblemKind> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next();
    let named = host.map(|host| host.to_str().ok().and_then(authority).ok_or(ProblemKind::BadRequest)).transpose()?;
    let target = request.uri().authority();
    let disagree = matches!((&named, target), (Some(a), Some(b)) if !a.as_str().eq_ignore_ascii_case(b.as_str()));
    if hosts.next().is_some() || disagree || target.is_some_and(|target| target.as_str().contains('@')) {
        return Err(ProblemKind::BadRequest);
    }
    Ok(())
}

/// Refuses a page under any name but the issuer's own. What the proxies in front say the name was counts instead of `Host`.
pub(super) fn check_issuer(request: &Request, issuer: &Issuer, network: &NetworkConfig) -> Result<(), ProblemKind> {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip().to_canonical());
    let proxied = peer.is_some_and(|peer| network.trusted_proxies.iter().any(|range| range.contains(&peer)));
    let forwarded = request.headers().get_all(X_FORWARDED_HOST).iter().next_back().filter(|_| proxied);
    let host = forwarded.or_else(|| request.headers().get(header::HOST)).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| request.uri().authority().map(Authority::as_str));
    if host.is_none_or(|host| issuer.is_named(host)) { Ok(()) } else { Err(ProblemKind::WrongHost) }
}

/// `Host = uri-host [ ":" port ]`: no user name, no path, not empty.
fn authority(text: &str) -> Option<Authority> {
    let parsed: Authority = text.parse().ok()?;
    (!parsed.as_str().contains('@') && !parsed.host().is_empty()).then_some(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn request(hosts: &[&str]) -> Request {
        let mut request = Request::builder().uri("/login");
        for host in hosts {
            request = request.header("host", *host);
        }
        request.body(Body::empty()).unwrap()
    }

    #[test]
    fn two_hosts_or_a_broken_one_are_a_bad_request() {
        for hosts in [&["a.example", "b.example"][..], &["id.example:@evil.example"], &["a b"], &[""], &["a/b"]] {
            assert_eq!(check(&request(hosts)), Err(ProblemKind::BadRequest), "{hosts:?}");
        }
        assert_eq!(check(&request(&["id.example:8080"])), Ok(()));
    }

    #[test]
    fn pages_answer_under_the_issuers_name_only() {
        let issuer = Issuer::parse("https://id.example").unwrap();
        let asked = |request: &Request| check_issuer(request, &issuer, &NetworkConfig::default());
        for own in ["id.example", "ID.example", "id.example:443"] {
            assert_eq!(asked(&request(&[own])), Ok(()), "{own}");
        }
        for other in ["evil.example", "id.example:8080", "id.example.evil.example"] {
            assert_eq!(asked(&request(&[other])), Err(ProblemKind::WrongHost), "{other}");
        }
    }

    #[test]
    fn a_proxy_that_leaves_out_the_port_names_no_other_host() {
        let issuer = Issuer::parse("http://localhost:8080").unwrap();
        let asked = |host: &str| check_issuer(&request(&[host]), &issuer, &NetworkConfig::default());
        for own in ["localhost:8080", "localhost", "LOCALHOST"] {
            assert_eq!(asked(own), Ok(()), "{own}");
        }
        for other in ["localhost:8081", "localhost.evil.example", "local", "[::1]"] {
            assert_eq!(asked(other), Err(ProblemKind::WrongHost), "{other}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_may_say_another_name() {
        let issuer = Issuer::parse("https://id.example").unwrap();
        let network =
            NetworkConfig { trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()], ..NetworkConfig::default() };
        let mut proxied = request(&["backend:8080"]);
        proxied.headers_mut().insert(X_FORWARDED_HOST, "id.example".parse().unwrap());
        proxied.extensions_mut().insert(Peer("10.0.0.1:9".parse().unwrap()));
        assert_eq!(check_issuer(&proxied, &issuer, &network), Ok(()));
        proxied.extensions_mut().insert(Peer("192.0.2.1:9".parse().unwrap()));
        assert_eq!(check_issuer(&proxied, &issuer, &network), Err(ProblemKind::WrongHost));
    }
}
