//! The floor: what a token endpoint costs when it does nothing but parse, sign and answer, and what one durable write adds; and what UserInfo
//! and introspection cost when they do nothing but verify, read one row and answer.
//!
//! Not a server for anybody: no checks, one client, one key. `scripts/bench` drives it beside Haechi in the same run.
#![allow(clippy::expect_used, reason = "a benchmark that cannot start has nothing to say")]

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

mod read;
mod resource;
mod sign;
mod write;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// As many bytes as Haechi's discovery document has.
const DOCUMENT: &[u8] = &[b' '; 2500];
const ISSUER: &str = "http://127.0.0.1:8080";

struct Floor {
    keys: sign::Keys,
    secret: ring::digest::Digest,
    writers: write::Writers,
    readers: read::Readers,
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().expect("usage: haechi-floor ADDRESS CLIENT_SECRET [STORE_URL...]");
    let secret = arguments.next().expect("a client secret");
    let stores: Vec<String> = arguments.collect();
    let readers = read::Readers::open(&stores).await;
    let writers = write::Writers::open(stores).await;
    let floor = Arc::new(Floor { keys: sign::Keys::generate(), secret: digest(secret.as_bytes()), writers, readers });
    let router = Router::new()
        .route("/document", get(|| async { DOCUMENT }))
        .route("/token/{algorithm}", post(token))
        .route("/token/{algorithm}/{store}/{id_token}", post(tokens_with_write))
        .route("/access-token/{store}", get(resource::access_token))
        .route("/userinfo/{store}", get(resource::userinfo))
        .route("/introspect/{store}", post(resource::introspect))
        .with_state(floor);
    let listener = tokio::net::TcpListener::bind(address).await.expect("the address is free");
    axum::serve(listener, router).await.expect("it serves");
}

async fn token(
    State(floor): State<Arc<Floor>>,
    Path(algorithm): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(&floor, &algorithm, None, &headers, &body)
}

/// One write, an access token, and an ID token that is signed by the other algorithm.
async fn tokens_with_write(
    State(floor): State<Arc<Floor>>,
    Path((algorithm, store, id_token)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let response = answer(&floor, &algorithm, Some(&id_token), &headers, &body);
    floor.writers.write(&store).await;
    response
}

/// Basic, form, signatures, JSON.
fn answer(floor: &Floor, algorithm: &str, id_token: Option<&str>, headers: &HeaderMap, body: &[u8]) -> Response {
    if !is_client(floor, headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let scope = form_urlencoded::parse(body).find(|(name, _)| name == "scope").map(|(_, scope)| scope);
    let signed = |algorithm: &str| floor.keys.sign(algorithm, &claims(scope.as_deref().unwrap_or_default()));
    let (token, id_token) = (signed(algorithm), id_token.map(signed));
    json(&serde_json::json!(
        {"access_token": token, "token_type": "Bearer", "expires_in": 600, "scope": scope, "id_token": id_token}
    ))
}

fn json(body: &impl serde::Serialize) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (headers, serde_json::to_string(body).expect("an answer is JSON")).into_response()
}

fn is_client(floor: &Floor, headers: &HeaderMap) -> bool {
    let basic = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let decoded =
        basic.and_then(|value| value.strip_prefix("Basic ")).and_then(|encoded| STANDARD.decode(encoded).ok());
    let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    text.split_once(':').is_some_and(|(_, secret)| is_same(digest(secret.as_bytes()).as_ref(), floor.secret.as_ref()))
}

/// Takes as long wherever the first difference is.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0_u8, |differing, (a, b)| differing | (a ^ b)) == 0
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    client_id: &'a str,
    scope: &'a str,
    iat: u64,
    exp: u64,
    jti: String,
}

fn claims(scope: &str) -> Claims<'_> {
    let now = seconds();
    let jti = URL_SAFE_NO_PAD.encode(sign::random::<16>());
    Claims { iss: ISSUER, sub: "bench", aud: ISSUER, client_id: "bench", scope, iat: now, exp: now + 600, jti }
}

#[allow(clippy::disallowed_methods, reason = "the floor injects nothing")]
fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn digest(bytes: &[u8]) -> ring::digest::Digest {
    ring::digest::digest(&ring::digest::SHA256, bytes)
}
