//! UserInfo and introspection at their cheapest: who calls, the token's signature and claims, and the one row behind it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use crate::read::Id;
use crate::{Claims, Floor, ISSUER, claims, is_client, json, seconds, sign};

/// As long as that of an account of Haechi's.
const SUBJECT: &str = "usr_0123456789abcdef0123456789abcdef";

/// A token that a row of this store stands behind.
pub(crate) async fn access_token(State(floor): State<Arc<Floor>>, Path(store): Path<String>) -> Response {
    let Some(row) = floor.readers.first(&store) else { return StatusCode::NOT_FOUND.into_response() };
    let jti = URL_SAFE_NO_PAD.encode([&[1_u8][..], &row, &sign::random::<12>()].concat());
    floor.keys.sign("ES256", &Claims { sub: SUBJECT, jti, ..claims("openid offline_access") }).into_response()
}

#[derive(Serialize)]
struct UserInfo<'a> {
    sub: &'a str,
}

pub(crate) async fn userinfo(
    State(floor): State<Arc<Floor>>,
    Path(store): Path<String>,
    headers: HeaderMap,
) -> Response {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let payload = bearer.and_then(|token| floor.keys.verify(token)).unwrap_or_default();
    match presented(&floor, &store, &payload).await {
        Some(claims) => json(&UserInfo { sub: claims.sub }),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

#[derive(Serialize)]
struct Introspection<'a> {
    active: bool,
    token_type: &'a str,
    #[serde(flatten)]
    claims: Option<Claims<'a>>,
}

pub(crate) async fn introspect(
    State(floor): State<Arc<Floor>>,
    Path(store): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !is_client(&floor, &headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let token = form_urlencoded::parse(&body).find(|(name, _)| name == "token").map(|(_, token)| token);
    let payload = token.and_then(|token| floor.keys.verify(&token)).unwrap_or_default();
    let claims = presented(&floor, &store, &payload).await;
    json(&Introspection { active: claims.is_some(), token_type: "Bearer", claims })
}

/// What a verified token says, if it is of this issuer, has not expired, and its row is there.
async fn presented<'a>(floor: &Floor, store: &str, payload: &'a [u8]) -> Option<Claims<'a>> {
    let claims: Claims<'a> = serde_json::from_slice(payload).ok()?;
    let counts = claims.iss == ISSUER && claims.exp > seconds();
    (counts && floor.readers.has(store, row_of(&claims.jti)?).await).then_some(claims)
}

/// The row that a `jti` names, as those of Haechi name a grant.
fn row_of(jti: &str) -> Option<Id> {
    URL_SAFE_NO_PAD.decode(jti).ok()?.get(1..17)?.try_into().ok()
}
