//! `/healthz` and `/readyz`: whether the process lives, and whether it can serve.

use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

use crate::app::look_at_clock;
use crate::http::AppState;
use crate::http::arrival;
use crate::http::readiness::{Look, Standing};
use crate::store::StoreResult;
use crate::support::Timestamp;

/// How long a store may take to show that it is there.
const PING_TIMEOUT: Duration = Duration::from_secs(1);
/// How long it may take to show that it writes: the turn of a write comes later under load, and a busy node is no broken one.
const WRITE_TIMEOUT: Duration = Duration::from_secs(3);

/// The process answers.
pub async fn healthz(State(app): State<AppState>, request: Request) -> Response {
    match arrival::answer(&app, &request) {
        Some(arrival) => (StatusCode::OK, serde_json::to_string(&arrival).unwrap_or_default()).into_response(),
        None => answer(StatusCode::OK, "ok"),
    }
}

/// The process can do its work: the database answers and takes writes, its keys sign what its JWKS verifies, and its machine's clock is about right. Where what passes
/// is kept elsewhere and cannot be reached, it is said, and no more than that.
pub async fn readyz(State(app): State<AppState>) -> Response {
    let now = app.clock.now();
    let standing = app.readiness().standing(now, async |what| look(&app, what, now).await).await;
    match standing {
        Standing::Ready => answer(StatusCode::OK, "ready"),
        Standing::Degraded => {
            answer(StatusCode::OK, "degraded: nobody can sign in, as Redis does not answer; tokens are served")
        }
        Standing::Unready => answer(StatusCode::SERVICE_UNAVAILABLE, "not ready"),
        Standing::ClockOff => answer(
            StatusCode::SERVICE_UNAVAILABLE,
            "not ready: the clock of this machine is too far from the database's",
        ),
    }
}

async fn look(app: &AppState, what: Look, now: Timestamp) -> Standing {
    let database = timeout(PING_TIMEOUT, app.stores.housekeeping.ping());
    let passing = timeout(PING_TIMEOUT, app.stores.records.ping());
    let clock = timeout(PING_TIMEOUT, look_at_clock(&app.shared_clock, app.stores.clock.as_ref()));
    let writing = timeout(WRITE_TIMEOUT, write(app, what, now));
    let (database, passing, clock, writing) = tokio::join!(database, passing, clock, writing);
    let keys = app.keys.self_check();
    let (Ok(Ok(())), Ok(Ok(deviation)), Ok(Ok(())), Ok(())) = (&database, &clock, &writing, &keys) else {
        tracing::warn!(?database, ?clock, ?writing, ?keys, "not ready");
        return Standing::Unready;
    };
    if deviation.is_too_far() {
        tracing::warn!(clock = %deviation, "not ready");
        return Standing::ClockOff;
    }
    if !matches!(passing, Ok(Ok(()))) {
        tracing::warn!(?passing, "degraded");
        return Standing::Degraded;
    }
    Standing::Ready
}

/// A full disk, a file that another process holds or a standby answer every question, and take no write.
async fn write(app: &AppState, what: Look, now: Timestamp) -> StoreResult<()> {
    match what {
        Look::Reads => Ok(()),
        Look::Writes => app.stores.housekeeping.prove_writable(now).await,
    }
}

/// What a process answers whose stores are not there yet: it lives, and is not ready.
pub fn not_ready() -> Router {
    Router::new().fallback(async |request: Request| {
        if request.uri().path().ends_with("/healthz") {
            return answer(StatusCode::OK, "ok");
        }
        let mut response = answer(StatusCode::SERVICE_UNAVAILABLE, "not ready: waiting for the database");
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        response
    })
}

fn answer(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], text).into_response()
}
