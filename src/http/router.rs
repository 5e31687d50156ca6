//! Every route, one line each.

use axum::Router;
use axum::middleware::from_fn_with_state;

use super::middleware;
use super::state::AppState;

/// The whole HTTP surface.
pub fn router(app: &AppState) -> Router {
    let routes = protocol().merge(pages(app)).with_state(app.clone());
    let routes = match app.issuer.path() {
        "" => routes,
        path => Router::new().nest(path, routes),
    };
    middleware::around(
        routes.fallback(middleware::not_found).method_not_allowed_fallback(middleware::method_not_allowed),
        app,
    )
}

/// What apps and services call.
fn protocol() -> Router<AppState> {
    Router::new()
}

/// What people open.
fn pages(app: &AppState) -> Router<AppState> {
    Router::new().route_layer(from_fn_with_state(app.clone(), middleware::browser))
}
