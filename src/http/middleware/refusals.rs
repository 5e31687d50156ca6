//! Hands what refused a request on, with the id that its answer shows.

use axum::extract::{MatchedPath, Request};
use axum::response::Response;

use crate::app::App;
use crate::http::refused::Refused;
use crate::http::request_id::RequestId;
use crate::refusals::Seen;

/// The endpoint of a request: its route and not its path, which is a stranger's text.
pub(super) fn endpoint(app: &App, request: &Request) -> String {
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str);
    route.strip_prefix(app.issuer.path()).unwrap_or(route).to_owned()
}

/// Logs and keeps why the request was refused, where it was.
pub(super) async fn note(app: &App, id: RequestId, endpoint: String, response: &mut Response) {
    if let Some(Refused(refusal)) = response.extensions_mut().remove::<Refused>() {
        app.refusals.note(Seen { request: id.to_string(), endpoint, refusal: *refusal }).await;
    }
}
