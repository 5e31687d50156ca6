//! Answers: a document with its entity tag, a page of documents, something that was made, or nothing.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};

use super::body::members;
use super::precondition::{is_known, tag};
use super::problem::ApiProblem;
use super::query;
use super::request::{Changing, Reading};
use crate::http::json::Json;
use crate::protocol::own_api;

/// What a handler answers.
pub(super) type Answered = Result<Response, ApiProblem>;

/// A page of a list.
#[derive(Serialize)]
struct Page {
    items: Vec<Map<String, Value>>,
    /// Where the next page begins, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The document that was asked for, or that the caller has it already: RFC 9110 section 15.4.5.
pub(super) fn shown(reading: &Reading, document: &impl Serialize, version: i64) -> Answered {
    if is_known(&reading.headers, version) {
        return Ok(tagged(StatusCode::NOT_MODIFIED.into_response(), version));
    }
    Ok(tagged(unversioned(reading, document)?, version))
}

/// The same, of what has no versions.
pub(super) fn unversioned(reading: &Reading, document: &impl Serialize) -> Answered {
    Ok(Json(reading.query.chosen(members(document)?)).into_response())
}

/// The document as it is after a change, or would be.
pub(super) fn changed(changing: &Changing, document: &impl Serialize, version: i64) -> Answered {
    let response = Json(members(document)?).into_response();
    // What was only tried has no version.
    Ok(if changing.query.dry_run { response } else { tagged(response, version) })
}

/// The document that was made, and where it is: RFC 9110 section 15.3.2.
pub(super) fn created(changing: &Changing, path: &str, (document, version): (&Map<String, Value>, i64)) -> Response {
    let response = (StatusCode::CREATED, Json(document)).into_response();
    if changing.query.dry_run {
        return response;
    }
    let mut response = tagged(response, version);
    let location = changing.app.issuer.url(&format!("{}{path}", own_api::PATH));
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Nothing more than that it is done.
pub(super) fn done() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// What came of a change that has no versions.
pub(super) fn came_of_it(document: &impl Serialize) -> Answered {
    Ok(Json(members(document)?).into_response())
}

/// A page of a list; where another one follows, with the key that it begins after.
pub(super) fn page<D: Serialize>(reading: &Reading, documents: &[D], next: Option<&str>) -> Answered {
    let next = next.map(query::cursor);
    let documents = documents.iter().map(|document| Ok(reading.query.chosen(members(document)?)));
    let items = documents.collect::<Result<_, ApiProblem>>()?;
    let link = next.as_deref().and_then(|next| link_to_next(reading, next));
    let mut response = Json(Page { items, next }).into_response();
    if let Some(link) = link {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// A list as a whole.
pub(super) fn whole<D: Serialize>(reading: &Reading, documents: &[D]) -> Answered {
    page(reading, documents, None)
}

/// RFC 8288 section 3: the way to the next page.
fn link_to_next(reading: &Reading, next: &str) -> Option<HeaderValue> {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    let said = reading.uri.query().unwrap_or_default();
    pairs.extend_pairs(form_urlencoded::parse(said.as_bytes()).filter(|(name, _)| name != "cursor"));
    pairs.append_pair("cursor", next);
    let place = format!("{}{}?{}", reading.app.issuer.origin(), reading.uri.path(), pairs.finish());
    HeaderValue::from_str(&format!("<{place}>; rel=\"next\"")).ok()
}

fn tagged(mut response: Response, version: i64) -> Response {
    if let Some(tag) = tag(version) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
