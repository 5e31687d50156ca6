//! `[server]`

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use super::problems::Findings;
use crate::protocol::issuer::Issuer;
use documented::DocumentedFields;
use serde::{Deserialize, Serialize};

/// Where Haechi listens and what it is called from outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct ServerConfig {
    /// The address and port to listen on.
    pub listen: SocketAddr,
    /// The issuer: the URL that apps and browsers use, without a slash at its end. It is in every token, so changing it makes
    /// every token and client configuration useless. `http` is allowed for `localhost` and loopback addresses only.
    pub issuer: String,
    /// PEM file with the certificate chain; set together with `tls_key` to serve TLS without a proxy in front.
    pub tls_certificate: Option<PathBuf>,
    /// PEM file with the certificate's private key.
    pub tls_key: Option<PathBuf>,
    /// Seconds a client has for sending the head of a request, and for the TLS handshake.
    pub header_timeout_seconds: u64,
    /// Seconds a client has for sending the body of a request.
    pub body_timeout_seconds: u64,
    /// Seconds after which a connection without a request is closed. Longer than that of a proxy in front, so that it never
    /// sends a request into a closing connection.
    pub idle_timeout_seconds: u64,
    /// Seconds to answer `/readyz` with 503 before connections are refused after a stop was asked for, so that a load balancer
    /// looks elsewhere first.
    pub unready_seconds: u64,
    /// Seconds that requests under way have to end after a stop was asked for.
    pub drain_seconds: u64,
    /// The most connections that are served at once; further ones wait to be accepted.
    pub max_connections: usize,
    /// Threads that serve requests; as many as there are processors unless set.
    pub worker_threads: Option<usize>,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
            issuer: "http://localhost:8080".to_owned(),
            tls_certificate: None,
            tls_key: None,
            header_timeout_seconds: 10,
            body_timeout_seconds: 10,
            idle_timeout_seconds: 75,
            unready_seconds: 0,
            drain_seconds: 25,
            max_connections: 20_000,
            worker_threads: None,
        }
    }
}

impl ServerConfig {
    /// The longest that the head of a request, or a TLS handshake, may take: `header_timeout_seconds`.
    pub fn header_timeout(&self) -> Duration {
        Duration::from_secs(self.header_timeout_seconds)
    }

    /// The longest that the body of a request may take: `body_timeout_seconds`.
    pub fn body_timeout(&self) -> Duration {
        Duration::from_secs(self.body_timeout_seconds)
    }

    /// How long a connection stays open without a request: `idle_timeout_seconds`.
    pub fn idle_timeout(&self) -> Duration {
        Duration::from_secs(self.idle_timeout_seconds)
    }

    /// How long `/readyz` says no before connections are refused: `unready_seconds`.
    pub fn unready(&self) -> Duration {
        Duration::from_secs(self.unready_seconds)
    }

    /// How long requests under way have to end: `drain_seconds`.
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }

    /// Checks the issuer, that certificate and key come together, and the ranges.
    pub(super) fn validate(&self, found: &mut Findings) {
        if let Err(why) = Issuer::parse(&self.issuer) {
            found.wrong("issuer", why.to_string());
        }
        match (&self.tls_certificate, &self.tls_key) {
            (Some(_), None) => found.wrong("tls_key", "must be set together with tls_certificate"),
            (None, Some(_)) => found.wrong("tls_certificate", "must be set together with tls_key"),
            _ => {}
        }
        found.range("header_timeout_seconds", &self.header_timeout_seconds, &1, &300);
        found.range("body_timeout_seconds", &self.body_timeout_seconds, &1, &300);
        found.range("idle_timeout_seconds", &self.idle_timeout_seconds, &1, &3600);
        found.range("unready_seconds", &self.unready_seconds, &0, &300);
        found.range("drain_seconds", &self.drain_seconds, &0, &3600);
        found.range("max_connections", &self.max_connections, &1, &1_000_000);
        if let Some(threads) = &self.worker_threads {
            found.range("worker_threads", threads, &1, &1024);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_has_one_spelling() {
        let good = [
            "http://localhost:8080",
            "http://127.0.0.1:8080",
            "http://[::1]:8080",
            "https://id.example.org",
            "https://example.org/realm",
            "http://shop.localhost:8080",
        ];
        for issuer in good {
            assert!(Issuer::parse(issuer).is_ok(), "{issuer}");
        }
        let bad = [
            "",
            "id.example.org",
            "http://id.example.org",
            "http://10.0.0.1",
            "http://localhost.example.org",
            "https://id.example.org/",
            "https://id.example.org/realm/",
            "https://id.example.org?a=b",
            "https://id.example.org?",
            "https://id.example.org#x",
            "https://user@id.example.org",
            "https://ID.example.org",
            "https://id.example.org:443",
            "https://example.org/a/../b",
            "ftp://id.example.org",
        ];
        for issuer in bad {
            assert!(Issuer::parse(issuer).is_err(), "{issuer}");
        }
    }
}
