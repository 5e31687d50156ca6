//! What an operation takes from a request: who calls, the names in the path, the query, the conditions, and the body.

use std::collections::HashMap;
use std::str::FromStr;

use axum::RequestPartsExt;
use axum::extract::{Extension, FromRequest, FromRequestParts, OriginalUri, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

use super::body::ReceivedBody;
use super::caller::Caller;
use super::operation::Operation;
use super::precondition::Precondition;
use super::problem::ApiProblem;
use super::query::Query;
use crate::admin::{Authority, ProvenAuthority, Rejected};
use crate::http::AppState;
use crate::http::extract;
use crate::model::client::ClientId;
use crate::support::Digest;

/// The names in the path.
#[derive(Clone, Debug)]
pub(super) struct Names(HashMap<String, String>);

impl Names {
    /// One of them. A text that names no such thing names nothing that there is.
    pub(super) fn get<K: FromStr>(&self, name: &str) -> Result<K, ApiProblem> {
        self.0.get(name).and_then(|text| text.parse().ok()).ok_or(ApiProblem::NOT_FOUND)
    }

    /// The id of a client.
    pub(super) fn client(&self) -> Result<ClientId, ApiProblem> {
        let text: String = self.get("client_id")?;
        ClientId::parse(&text).map_err(|_| ApiProblem::NOT_FOUND)
    }
}

/// The name under which a caller wants something to be made once: a digest of it, of the caller and of the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct IdempotencyKey(pub(super) Digest);

impl IdempotencyKey {
    const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
    /// The longest key, in bytes.
    const MAX_BYTES: usize = 255;

    /// Reads the key of a request: a string (RFC 9651 section 3.3.3), or the same without quotation marks, as many send it.
    fn of(headers: &HeaderMap, caller: &str, path: &str) -> Result<Option<Self>, ApiProblem> {
        let mut values = headers.get_all(Self::HEADER).iter();
        let Some(value) = values.next() else { return Ok(None) };
        let text = value.to_str().unwrap_or_default().trim();
        let key = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
        let legal =
            (1..=Self::MAX_BYTES).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic() && b != b'"');
        if values.next().is_some() || !legal {
            let most = Self::MAX_BYTES;
            let why = format!("Idempotency-Key must be one text of 1 to {most} printable characters without spaces");
            return Err(ApiProblem::malformed(why));
        }
        Ok(Some(Self(Digest::of("idempotency key", format!("{caller}\0{path}\0{key}").as_bytes()))))
    }
}

/// A request that reads.
pub(super) struct Reading {
    pub(super) app: AppState,
    pub(super) by: Authority,
    pub(super) names: Names,
    pub(super) query: Query,
    pub(super) headers: HeaderMap,
    /// The path and query as they were sent, for the way to the next page.
    pub(super) uri: axum::http::Uri,
    operation: &'static Operation,
}

impl Reading {
    /// Who calls, looked up once more: for what is answered part by part.
    pub(super) async fn still(&self) -> Result<Authority, ApiProblem> {
        let caller = Caller::of(&self.app, self.operation, &self.headers).await?;
        Ok(caller.authority().clone())
    }
}

/// A request that changes something.
pub(super) struct Changing {
    pub(super) app: AppState,
    pub(super) by: ProvenAuthority,
    pub(super) names: Names,
    pub(super) query: Query,
    pub(super) precondition: Precondition,
    pub(super) idempotency_key: Option<IdempotencyKey>,
    pub(super) body: ReceivedBody,
}

impl Changing {
    /// What was done, or why it was not: where the caller made a condition, a change that came between is what the condition was for.
    pub(super) fn conditional<T>(&self, outcome: Result<T, Rejected>) -> Result<T, ApiProblem> {
        outcome.map_err(|rejected| {
            let problem = ApiProblem::from(rejected);
            if self.precondition.is_made() { problem.under_a_condition() } else { problem }
        })
    }
}

impl FromRequestParts<AppState> for Reading {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiProblem> {
        let (operation, caller, names, query) = begin(parts, app).await?;
        let uri = parts.extensions.get::<OriginalUri>().map_or_else(|| parts.uri.clone(), |uri| uri.0.clone());
        let (app, by, headers) = (app.clone(), caller.authority().clone(), parts.headers.clone());
        Ok(Self { app, by, names, query, headers, uri, operation })
    }
}

impl FromRequest<AppState> for Changing {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, ApiProblem> {
        let (mut parts, body) = request.into_parts();
        let (operation, caller, names, query) = begin(&mut parts, app).await?;
        let by = caller.proven(app).await?;
        let by = if query.dry_run { by.trying() } else { by };
        let precondition = Precondition::of(&parts.headers);
        let idempotency_key = IdempotencyKey::of(&parts.headers, caller.name(), parts.uri.path())?;
        let body = (body, operation.takes.most_bytes());
        let body = ReceivedBody::receive(&parts.headers, body, app.config.server.body_timeout()).await?;
        Ok(Self { app: app.clone(), by, names, query, precondition, idempotency_key, body })
    }
}

/// What all operations take.
async fn begin(parts: &mut Parts, app: &AppState) -> Result<(&'static Operation, Caller, Names, Query), ApiProblem> {
    let not_guarded = || ApiProblem::internal(&"an operation is not guarded");
    let caller = parts.extensions.get::<Caller>().cloned().ok_or_else(not_guarded)?;
    let Extension(operation) = parts.extract::<Extension<&'static Operation>>().await.map_err(|_| not_guarded())?;
    let params = extract::query(parts.uri.query()).map_err(|why| ApiProblem::of_kind(why.kind()).because(why))?;
    let query = Query::read(operation, &params)?;
    let names = Path::from_request_parts(parts, app).await.map_err(|_| ApiProblem::NOT_FOUND)?;
    let Path(names) = names;
    Ok((operation, caller, Names(names), query))
}
