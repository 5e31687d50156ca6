//! `/healthz` and `/readyz`: whether the process lives, and whether it can serve.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::probe;
use crate::app::look_at_clock;
use crate::http::AppState;
use crate::http::readiness::Standing;

/// How long a store may take to show that it is there.
const PING_TIMEOUT: Duration = Duration::from_secs(1);

/// The process answers.
pub async fn healthz(State(app): State<AppState>, request: Request) -> Response {
    match probe::answer(&app, &request) {
        Some(arrival) => (StatusCode::OK, serde_json::to_string(&arrival).unwrap_or_default()).into_response(),
        None => answer(StatusCode::OK, "ok"),
    }
}

/// The process can do its work: its stores answer, its keys sign what its JWKS verifies, and its machine's clock is about right.
pub async fn readyz(State(app): State<AppState>) -> Response {
    let now = app.clock.now();
    let standing = if app.readiness().is_leaving() {
        Standing::Unready
    } else if let Some(standing) = app.readiness().known(now) {
        standing
    } else {
        let standing = look(&app).await;
        app.readiness().learn(now, standing);
        standing
    };
    match standing {
        Standing::Ready => answer(StatusCode::OK, "ready"),
        Standing::Unready => answer(StatusCode::SERVICE_UNAVAILABLE, "not ready"),
        Standing::ClockOff => answer(
            StatusCode::SERVICE_UNAVAILABLE,
            "not ready: the clock of this machine is too far from the database's",
        ),
    }
}

async fn look(app: &AppState) -> Standing {
    let database = tokio::time::timeout(PING_TIMEOUT, app.stores.housekeeping.ping());
    let passing = tokio::time::timeout(PING_TIMEOUT, app.stores.records.ping());
    let clock = tokio::time::timeout(PING_TIMEOUT, look_at_clock(&app.shared_clock, app.stores.clock.as_ref()));
    let (database, passing, clock) = tokio::join!(database, passing, clock);
    let ready = matches!((&database, &passing, &clock), (Ok(Ok(())), Ok(Ok(())), Ok(Ok(_))));
    let keys = app.keys.self_check();
    if !ready || keys.is_err() {
        tracing::warn!(?database, ?passing, ?clock, ?keys, "not ready");
        return Standing::Unready;
    }
    match clock {
        Ok(Ok(deviation)) if deviation.is_too_far() => {
            tracing::warn!(clock = %deviation, "not ready");
            Standing::ClockOff
        }
        _ => Standing::Ready,
    }
}

fn answer(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], text).into_response()
}
