//! `[network]`

use std::path::PathBuf;
use std::time::Duration;

use documented::DocumentedFields;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::problems::Findings;

/// The header that the proxies in front write a caller's address into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressHeader {
    /// The header `X-Forwarded-For`.
    #[default]
    XForwardedFor,
    /// The header `Forwarded`: RFC 7239.
    Forwarded,
}

/// Proxies in front, and calls to the outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DocumentedFields)]
#[serde(deny_unknown_fields, default)]
pub struct NetworkConfig {
    /// The addresses of the proxies in front. What they say about where a request came from counts only when it comes from these.
    pub trusted_proxies: Vec<IpNet>,
    /// The header that those proxies write a caller's address into: `x-forwarded-for` or `forwarded`. The other one is ignored, as a
    /// proxy passes on what it does not know.
    pub address_header: AddressHeader,
    /// Address ranges that outgoing calls may reach although they are private or loopback (a client's `jwks_uri` inside the
    /// same network, say).
    pub outgoing_allowed: Vec<IpNet>,
    /// Whether outgoing calls may use `http` to the ranges of `outgoing_allowed`.
    pub outgoing_http: bool,
    /// Ports that outgoing calls may go to besides 80, 443, 8080 and 8443. On this machine itself every port counts as named.
    pub outgoing_ports: Vec<u16>,
    /// PEM file with further certificate authorities that outgoing calls trust.
    pub outgoing_authorities: Option<PathBuf>,
    /// Seconds that an outgoing call may take, from looking up its name to the end of the answer.
    pub outgoing_timeout_seconds: u64,
}

impl Default for NetworkConfig {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            address_header: AddressHeader::default(),
            outgoing_allowed: Vec::new(),
            outgoing_http: false,
            outgoing_ports: Vec::new(),
            outgoing_authorities: None,
            outgoing_timeout_seconds: 5,
        }
    }
}

impl NetworkConfig {
    /// How long an outgoing call may take.
    pub fn outgoing_timeout(&self) -> Duration {
        Duration::from_secs(self.outgoing_timeout_seconds)
    }

    /// Checks that plain calls go to named ranges only, and that ports are some.
    pub(super) fn validate(&self, found: &mut Findings) {
        if self.outgoing_http && self.outgoing_allowed.is_empty() {
            found.wrong("outgoing_http", "needs outgoing_allowed, which names the ranges it is for");
        }
        if self.outgoing_ports.contains(&0) {
            found.wrong("outgoing_ports", "0 is no port");
        }
        if !(1..=600).contains(&self.outgoing_timeout_seconds) {
            found.wrong("outgoing_timeout_seconds", "must be 1 to 600");
        }
    }
}
