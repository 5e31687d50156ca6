//! Hands what refused a request on, with the id that its answer shows.

use axum::extract::MatchedPath;
use axum::response::Response;

use crate::app::App;
use crate::http::refused::Refused;
use crate::refusals::Seen;
use crate::support::request::RequestId;

/// Logs and keeps why the request was refused, where it was.
pub(super) async fn note(app: &App, id: RequestId, route: Option<MatchedPath>, response: &mut Response) {
    if let Some(Refused(refusal)) = response.extensions_mut().remove::<Refused>() {
        let endpoint = endpoint(app, route.as_ref());
        app.refusals.note(Seen { request: id.to_string(), endpoint, refusal: *refusal }).await;
    }
}

/// The endpoint of a request: its route and not its path, which is a stranger's text.
fn endpoint(app: &App, route: Option<&MatchedPath>) -> String {
    let route = route.map_or("-", MatchedPath::as_str);
    route.strip_prefix(app.issuer.path()).unwrap_or(route).to_owned()
}
