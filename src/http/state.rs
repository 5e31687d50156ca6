//! What handlers are given: the application, and what only HTTP needs besides, put together once.

use std::ops::Deref;
use std::sync::Arc;

use arc_swap::ArcSwap;

use super::document::Document;
use super::metadata;
use super::readiness::Readiness;
use crate::app::App;
use crate::config::origins::Origins;
use crate::model::client::SigningAlgorithm;
use crate::support::request::RequestIds;

/// The state of every handler. Reads as the [`App`] that it holds.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Served>);

#[derive(Debug)]
struct Served {
    app: Arc<App>,
    metadata: ArcSwap<Described>,
    readiness: Readiness,
    origins: Origins,
    requests: RequestIds,
}

/// The metadata, and the algorithms that it names.
#[derive(Debug)]
pub(super) struct Described {
    algorithms: Vec<SigningAlgorithm>,
    pub(super) document: Document,
}

impl Described {
    fn now(app: &App) -> Self {
        let algorithms = algorithms(app);
        Self { document: metadata::document(&app.issuer, &algorithms, &app.config.acr.classes()), algorithms }
    }
}

/// The algorithms that a key is held for and that are not switched off.
fn algorithms(app: &App) -> Vec<SigningAlgorithm> {
    let decided = app.accounts.policies.seen_last();
    let mut algorithms = app.keys.algorithms();
    algorithms.retain(|algorithm| decided.policy.signing.is_on(*algorithm));
    algorithms
}

impl AppState {
    /// The state of an application that is to be served.
    pub fn new(app: Arc<App>) -> Self {
        Self::with(app, Origins::default())
    }

    /// The same of an application whose settings come from there.
    pub fn with(app: Arc<App>, origins: Origins) -> Self {
        let metadata = ArcSwap::from_pointee(Described::now(&app));
        let requests = RequestIds::new(app.random.as_ref());
        Self(Arc::new(Served { app, metadata, readiness: Readiness::default(), origins, requests }))
    }

    /// Whether it can serve, as far as is known.
    pub fn readiness(&self) -> &Readiness {
        &self.0.readiness
    }

    /// Where its settings come from.
    pub(super) fn origins(&self) -> &Origins {
        &self.0.origins
    }

    /// The metadata, written down once for each set of algorithms: a client may bring another one.
    pub(super) fn metadata(&self) -> Arc<Described> {
        let described = self.0.metadata.load_full();
        if described.algorithms == algorithms(self) {
            return described;
        }
        let anew = Arc::new(Described::now(self));
        self.0.metadata.store(anew.clone());
        anew
    }

    /// Where the ids of requests come from.
    pub(super) fn requests(&self) -> &RequestIds {
        &self.0.requests
    }
}

impl Deref for AppState {
    type Target = App;

    fn deref(&self) -> &App {
        &self.0.app
    }
}
