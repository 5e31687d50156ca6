//! `/healthz` and `/readyz`: whether the process lives, and whether it can serve.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::probe;
use crate::http::AppState;

/// How long a store may take to show that it is there.
const PING_TIMEOUT: Duration = Duration::from_secs(1);

/// The process answers.
pub async fn healthz(State(app): State<AppState>, request: Request) -> Response {
    match probe::answer(&app, &request) {
        Some(arrival) => (StatusCode::OK, serde_json::to_string(&arrival).unwrap_or_default()).into_response(),
        None => answer(StatusCode::OK, "ok"),
    }
}

/// The process can do its work: its stores answer, and its keys sign what its JWKS verifies.
pub async fn readyz(State(app): State<AppState>) -> Response {
    let now = app.clock.now();
    let ready = if app.readiness().is_leaving() {
        false
    } else if let Some(ready) = app.readiness().known(now) {
        ready
    } else {
        let ready = look(&app).await;
        app.readiness().learn(now, ready);
        ready
    };
    if ready { answer(StatusCode::OK, "ready") } else { answer(StatusCode::SERVICE_UNAVAILABLE, "not ready") }
}

async fn look(app: &AppState) -> bool {
    let database = tokio::time::timeout(PING_TIMEOUT, app.stores.housekeeping.ping());
    let passing = tokio::time::timeout(PING_TIMEOUT, app.stores.records.ping());
    let (database, passing) = tokio::join!(database, passing);
    let ready = matches!((&database, &passing), (Ok(Ok(())), Ok(Ok(()))));
    let keys = app.keys.self_check();
    if !ready || keys.is_err() {
        tracing::warn!(?database, ?passing, ?keys, "not ready");
    }
    ready && keys.is_ok()
}

fn answer(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], text).into_response()
}
