//! Around pages: the name they are asked under, and the cookie that says which browser it is.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::host;
use crate::admin::claim;
use crate::http::AppState;
use crate::http::cookies::Cookie;
use crate::http::error::PageError;
use crate::http::extract::Browser;

/// Gives a browser that has none its cookie. A post gets none: one from another site comes without the cookies that the browser does have
/// (`SameSite=Lax`), and must not replace them.
pub async fn browser(State(app): State<AppState>, request: Request, next: Next) -> Response {
    if let Err(kind) = host::check_issuer(&request, &app.issuer, &app.config.network) {
        let mut problem = crate::http::problem::Problem::new(kind);
        problem.detail = Some(app.issuer.as_str().to_owned());
        return PageError(problem).into_response();
    }
    claim::look(&app.admin).await;
    let (mut parts, body) = request.into_parts();
    let Ok(browser) = Browser::from_request_parts(&mut parts, &app).await;
    let first = parts.method == Method::GET && !browser.known;
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if first {
        response.headers_mut().append(header::SET_COOKIE, Cookie::Browser.set(&browser.secret.expose(), &app.issuer));
    }
    response
}
