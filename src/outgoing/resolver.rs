//! Names to vetted addresses: the connection goes to what was vetted, so that a name which resolves differently a moment later gains
//! nothing.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::AddressGuard;

/// Resolves host names to addresses.
#[async_trait]
pub trait Lookup: Send + Sync {
    /// The addresses of a host; a port of 0 stands for the one that the URL names.
    async fn addresses(&self, host: &str) -> io::Result<Vec<SocketAddr>>;
}

/// The resolver of the operating system.
#[derive(Clone, Copy, Debug)]
pub struct SystemLookup;

#[async_trait]
impl Lookup for SystemLookup {
    async fn addresses(&self, host: &str) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((host, 0)).await?.collect())
    }
}

/// No address of the host may be reached.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("no address of the host may be reached")]
pub(super) struct Refused;

/// A resolver that leaves out what the guard does not allow.
pub(super) struct Vetted {
    lookup: Arc<dyn Lookup>,
    guard: Arc<AddressGuard>,
}

impl Vetted {
    pub(super) fn new(lookup: Arc<dyn Lookup>, guard: Arc<AddressGuard>) -> Self {
        Self { lookup, guard }
    }
}

impl Resolve for Vetted {
    fn resolve(&self, name: Name) -> Resolving {
        let (lookup, guard) = (self.lookup.clone(), self.guard.clone());
        Box::pin(async move {
            let found = lookup.addresses(name.as_str()).await?;
            let allowed: Vec<_> = found.into_iter().filter(|address| guard.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err(Refused.into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}
