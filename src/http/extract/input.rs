//! Parameters of a query or a form: one reader, with one limit on size, time and type.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::upload;
use crate::http::AppState;
use crate::http::browser::Browser;
use crate::http::csrf::{self, DrawnFor};
use crate::http::error::{ApiError, PageError};
use crate::http::input_rejected::InputRejected;
use crate::http::problem::{Problem, ProblemKind};
use crate::protocol::Params;
use crate::protocol::params::ParamsRejected;
use crate::support::id::AuthorizationId;

/// The most bytes of a body.
pub const MAX_BYTES: usize = 64 * 1024;
/// The most bytes of a query: what the server takes as a request's target.
const MAX_QUERY_BYTES: usize = 16 * 1024;

/// The form of an app's request: RFC 6749 section 2.3.1, "The parameters can only be transmitted in the request-body and MUST NOT be included
/// in the request URI". No parameter is read from the query, and one that stands there too is included twice.
#[derive(Debug)]
pub struct ApiForm(pub Params);

impl FromRequest<AppState> for ApiForm {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, ApiError> {
        let beside = query(request.uri().query())?;
        let params = form(request, body_timeout(app)).await?;
        // RFC 6749 section 3.2: "Request and response parameters MUST NOT be included more than once."
        if beside.iter().any(|(name, _)| params.names(name)) {
            return Err(InputRejected::Params(ParamsRejected::Repeated).into());
        }
        Ok(Self(params))
    }
}

/// The query of a page.
#[derive(Debug)]
pub struct PageQuery(pub Params);

impl FromRequestParts<AppState> for PageQuery {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _app: &AppState) -> Result<Self, PageError> {
        Ok(Self(query(parts.uri.query())?))
    }
}

/// A form that other sites may post to, by specification: authorization and logout requests. OpenID Connect Core 1.0 section 3.1.2.1 has
/// all of a request either in the query or in the body; one that is in both would be read as one thing here and as another by what stands
/// in front.
#[derive(Debug)]
pub struct OpenForm(pub Params);

impl FromRequest<AppState> for OpenForm {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, PageError> {
        if request.uri().query().is_some_and(|query| !query.is_empty()) {
            return Err(InputRejected::QueryBesideForm.into());
        }
        Ok(Self(form(request, body_timeout(app)).await?))
    }
}

/// A form of one of our own pages: posted by that page, in the browser that was shown it. It is no account's: what acts for the account
/// that is signed in takes an [`OwnForm`](crate::http::pages::OwnForm).
#[derive(Debug)]
pub struct PageForm(pub Params);

impl FromRequest<AppState> for PageForm {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, PageError> {
        let PostedForm { path, params, drawn_for } = PostedForm::from_request(request, app).await?;
        match drawn_for {
            DrawnFor::Browser => Ok(Self(params)),
            DrawnFor::SignIn(_) => Err(stale(&path, &params)),
        }
    }
}

/// A form of one of our own pages, and what it was drawn for.
#[derive(Debug)]
pub(in crate::http) struct PostedForm {
    /// Where it was posted to.
    pub(in crate::http) path: String,
    pub(in crate::http) params: Params,
    pub(in crate::http) drawn_for: DrawnFor,
}

impl FromRequest<AppState> for PostedForm {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, PageError> {
        Self::received(request, app, Brings::Text).await
    }
}

/// What a form of one of our own pages brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Brings {
    /// What was typed and pressed.
    Text,
    /// A picture besides.
    Picture,
}

impl PostedForm {
    /// Receives it. What comes back after it waited for a proof brings no picture along: it waited with the rest.
    pub(in crate::http) async fn received(request: Request, app: &AppState, brings: Brings) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        csrf::check_origin(&parts.headers, &app.issuer)?;
        let Ok(browser) = Browser::from_request_parts(&mut parts, app).await;
        let path = parts.uri.path().to_owned();
        let is_upload = brings == Brings::Picture && upload::is_upload(&parts.headers);
        let request = Request::from_parts(parts, body);
        let params = if is_upload {
            with_picture(request, body_timeout(app)).await?
        } else {
            form(request, body_timeout(app)).await?
        };
        let drawn_for = csrf::drawn_for(app, &browser, &path, &params).map_err(|_| stale(&path, &params))?;
        Ok(Self { path, params, drawn_for })
    }
}

/// The form is worth nothing, and its user goes on elsewhere.
fn stale(path: &str, params: &Params) -> PageError {
    let mut problem = Problem::new(ProblemKind::StaleForm);
    problem.go_on = Some(way_on(path, params));
    PageError(problem)
}

/// Where a user goes on whose form was too old: to the login that it belongs to, or to the page it was on.
fn way_on(path: &str, params: &Params) -> String {
    let flow = params.get("flow").and_then(|text| text.parse::<AuthorizationId>().ok());
    match flow {
        Some(flow) => format!("/continue?flow={flow}"),
        None if path == "/login" || path == "/signup" => path.to_owned(),
        None => "/".to_owned(),
    }
}

/// Reads a query string.
pub(in crate::http) fn query(query: Option<&str>) -> Result<Params, InputRejected> {
    let query = query.unwrap_or_default();
    if query.len() > MAX_QUERY_BYTES {
        return Err(InputRejected::TooLarge);
    }
    Ok(Params::parse(query.as_bytes())?)
}

fn body_timeout(app: &AppState) -> Duration {
    app.config.server.body_timeout()
}

/// Reads the body of a form with a picture.
async fn with_picture(request: Request, timeout: Duration) -> Result<Params, InputRejected> {
    let (parts, body) = request.into_parts();
    let bytes = tokio::time::timeout(timeout, read(body, upload::MAX_FORM_BYTES)).await;
    let bytes = bytes.map_err(|_| InputRejected::Timeout)??;
    upload::params(Request::from_parts(parts, Body::from(bytes))).await
}

/// Reads a form body.
async fn form(request: Request, timeout: Duration) -> Result<Params, InputRejected> {
    if !is_form(request.headers()) {
        return Err(InputRejected::MediaType);
    }
    let bytes = tokio::time::timeout(timeout, read(request.into_body(), MAX_BYTES)).await;
    Ok(Params::parse(&bytes.map_err(|_| InputRejected::Timeout)??)?)
}

pub(in crate::http) async fn read(body: Body, most: usize) -> Result<bytes::Bytes, InputRejected> {
    match Limited::new(body, most).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(InputRejected::TooLarge),
        Err(_) => Err(InputRejected::Broken),
    }
}

/// RFC 6749 appendix B: "application/x-www-form-urlencoded" with UTF-8. Another charset would read as other characters.
fn is_form(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(one), None) = (types.next(), types.next()) else { return false };
    let Ok(text) = one.to_str() else { return false };
    let (media_type, parameters) = text.split_once(';').unwrap_or((text, ""));
    media_type.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
        && parameters.split(';').all(|parameter| match parameter.trim().split_once('=') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
                value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
            }
            _ => true,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn form_of(content_type: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.append(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        is_form(&headers)
    }

    #[test]
    fn only_forms_in_utf_8_are_read() {
        assert!(form_of("application/x-www-form-urlencoded"));
        assert!(form_of("Application/X-WWW-Form-Urlencoded ; charset=\"UTF-8\""));
        for other in ["application/json", "text/plain", "application/x-www-form-urlencoded; charset=utf-16", ""] {
            assert!(!form_of(other), "{other}");
        }
        assert!(!is_form(&HeaderMap::new()));
    }

    #[test]
    fn a_second_content_type_is_refused() {
        let mut headers = HeaderMap::new();
        headers.append(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        headers.append(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        assert!(!is_form(&headers));
    }
}
