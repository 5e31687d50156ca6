//! A small shop that signs its users in with Haechi: what an app does, shown with real tokens.
//!
//! Owns its pages and its own short memory. It is an app like any other: it talks to the server over HTTP only, with a library that any
//! app could use; nothing but its registration goes through [`admin`](crate::admin). Nothing here is part of the server.

use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use url::Url;

use crate::admin::{Administration, Rejected};
use crate::outgoing::OutgoingError;
use crate::support::{Random, Secret};

mod pages;
mod products;
mod provider;
mod register;
mod routes;
mod shopper;
mod texts;
mod tokens;

use provider::Provider;
use shopper::Shoppers;

/// The shop's client id.
pub const CLIENT_ID: &str = crate::model::client::DEMO_SHOP;

/// Why the shop did not open.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The server does not answer.
    #[error(
        "Haechi does not answer at {issuer} ({reason}). Start it in another terminal with `haechi`, then run `haechi demo` again"
    )]
    NotRunning {
        /// Where it should be.
        issuer: String,
        /// Why it did not open.
        reason: String,
    },
    /// The shop could not be registered.
    #[error("the shop cannot be registered: {0}")]
    Registration(#[from] Rejected),
    /// No client for HTTP could be made.
    #[error(transparent)]
    Outgoing(#[from] OutgoingError),
}

/// What the shop is made of.
pub(crate) struct Shop {
    provider: Provider,
    shoppers: Shoppers,
    random: Arc<dyn Random>,
    /// The server's origin, which forms may lead to.
    server: String,
}

/// The shop before it has its secret: it knows the server, and that it answers.
pub struct Closed {
    provider: Provider,
    random: Arc<dyn Random>,
    server: String,
}

/// Looks for the server. `own` is where the shop itself will be, such as `http://localhost:3000`.
pub async fn find_server(
    config: &crate::config::Config,
    own: &str,
    random: Arc<dyn Random>,
) -> Result<Closed, DemoError> {
    let issuer = &config.server.issuer;
    let algorithm = register::algorithm_of(&config.keys.algorithms);
    let provider = Provider::new(issuer, own, algorithm, crate::outgoing::unguarded(&config.network)?);
    provider
        .discover()
        .await
        .map_err(|reason| DemoError::NotRunning { issuer: issuer.clone(), reason: reason.to_string() })?;
    let server = Url::parse(issuer).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    Ok(Closed { provider, random, server })
}

impl Closed {
    /// Registers the shop, with a secret that never leaves it.
    pub async fn register(mut self, admin: &Administration) -> Result<Router, DemoError> {
        let secret: Secret<String> = register::register(admin, self.provider.own(), self.provider.algorithm()).await?;
        self.provider.keep(secret);
        let Self { provider, random, server } = self;
        Ok(routes::router(Arc::new(Shop { provider, shoppers: Shoppers::default(), random, server })))
    }
}

/// Where the shop listens: this machine only.
pub async fn listen(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, port)).await
}
