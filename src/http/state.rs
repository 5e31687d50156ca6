//! What handlers are given: the application, and what only HTTP needs besides, put together once.

use std::ops::Deref;
use std::sync::Arc;

use super::document::Document;
use super::metadata;
use super::readiness::Readiness;
use super::request_id::RequestIds;
use crate::app::App;

/// The state of every handler. Reads as the [`App`] that it holds.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Served>);

#[derive(Debug)]
struct Served {
    app: Arc<App>,
    metadata: Document,
    readiness: Readiness,
    requests: RequestIds,
}

impl AppState {
    /// The state of an application that is to be served.
    pub fn new(app: Arc<App>) -> Self {
        let metadata = metadata::document(&app.issuer, &app.keys);
        let requests = RequestIds::new(app.random.as_ref());
        Self(Arc::new(Served { app, metadata, readiness: Readiness::default(), requests }))
    }

    /// Whether it can serve, as far as is known.
    pub fn readiness(&self) -> &Readiness {
        &self.0.readiness
    }

    /// The metadata, written down once.
    pub(super) fn metadata(&self) -> &Document {
        &self.0.metadata
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
