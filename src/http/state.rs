//! What handlers are given: the application, and what only HTTP needs besides, put together once.

use std::ops::Deref;
use std::sync::Arc;

use arc_swap::ArcSwap;

use super::document::Document;
use super::metadata;
use super::readiness::Readiness;
use crate::app::App;
use crate::config::origins::Origins;
use crate::keys::PublishedKeys;
use crate::policy::Holding;
use crate::support::request::RequestIds;

/// The state of every handler. Reads as the [`App`] that it holds.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Served>);

#[derive(Debug)]
struct Served {
    app: Arc<App>,
    described: ArcSwap<Described>,
    readiness: Readiness,
    origins: Origins,
    requests: RequestIds,
}

/// The documents that describe the server to everybody, and what they were written down from.
#[derive(Debug)]
pub(super) struct Described {
    keys: Arc<PublishedKeys>,
    decided: Arc<Holding>,
    pub(super) metadata: Document,
    pub(super) jwks: Document,
}

impl Described {
    fn now(app: &App) -> Self {
        let (keys, decided) = (app.keys.jwks(), app.accounts.policies.seen_last());
        // Those that a key is held for and that are not switched off.
        let mut algorithms = app.keys.algorithms();
        algorithms.retain(|algorithm| decided.policy.signing.is_on(*algorithm));
        let classes = (&app.config.acr.classes(), app.passkeys.hardware().any());
        let metadata = metadata::document(&app.issuer, &algorithms, classes);
        let jwks = Document::tagged(keys.body.clone(), &keys.etag, keys.max_age.as_secs());
        Self { keys, decided, metadata, jwks }
    }

    /// Whether they would be the same now: the keys are published anew whenever anything about them changes.
    fn is_current(&self, app: &App) -> bool {
        Arc::ptr_eq(&self.keys, &app.keys.jwks()) && Arc::ptr_eq(&self.decided, &app.accounts.policies.seen_last())
    }
}

impl AppState {
    /// The state of an application that is to be served.
    pub fn new(app: Arc<App>) -> Self {
        Self::with(app, Origins::default())
    }

    /// The same of an application whose settings come from there.
    pub fn with(app: Arc<App>, origins: Origins) -> Self {
        let described = ArcSwap::from_pointee(Described::now(&app));
        let requests = RequestIds::new(app.random.as_ref());
        Self(Arc::new(Served { app, described, readiness: Readiness::default(), origins, requests }))
    }

    /// Whether it can serve, as far as is known.
    pub fn readiness(&self) -> &Readiness {
        &self.0.readiness
    }

    /// Where its settings come from.
    pub(super) fn origins(&self) -> &Origins {
        &self.0.origins
    }

    /// The documents that describe the server, written down once for each state of the keys and of the policy.
    pub(super) fn described(&self) -> Arc<Described> {
        let described = self.0.described.load_full();
        if described.is_current(self) {
            return described;
        }
        let anew = Arc::new(Described::now(self));
        self.0.described.store(anew.clone());
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
