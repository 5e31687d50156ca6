//! `[server]`

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Where Haechi listens and what it is called from outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// The address and port to listen on.
    pub listen: SocketAddr,
    /// The issuer: the URL that apps and people use, without a slash at its end. It is in every token, so changing it makes
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
    /// Seconds that requests under way have to end after a stop was asked for.
    pub drain_seconds: u64,
    /// The most connections that are served at once; further ones wait to be accepted.
    pub max_connections: usize,
    /// Threads that serve requests; as many as there are processors unless set.
    pub worker_threads: Option<usize>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
            issuer: "http://localhost:8080".to_owned(),
            tls_certificate: None,
            tls_key: None,
            header_timeout_seconds: 10,
            body_timeout_seconds: 10,
            drain_seconds: 25,
            max_connections: 20_000,
            worker_threads: None,
        }
    }
}
