//! From a request to the provider and the endpoint that it is for; oddities that do not depend on what is answered.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::providers::{self, Provider};
use super::{Endpoint, Mischief, Odd, Said, Shared, authorization, id_token, token};

/// Where [`Odd::Redirecting`] leads.
pub(super) const ELSEWHERE: &str = "https://elsewhere.example/inside";

/// A request, as the endpoints read it.
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) query: BTreeMap<String, String>,
    pub(super) headers: HeaderMap,
    pub(super) form: BTreeMap<String, String>,
}

impl Asked {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub(super) fn router(shared: Shared) -> Router {
    Router::new().fallback(async move |request: Request| answer(shared, request).await)
}

async fn answer(shared: Shared, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let host = parts.headers.get(header::HOST).map_or("", |host| host.to_str().unwrap());
    let host = host.split(':').next().unwrap();
    let Some((provider, endpoint)) = providers::find(host, parts.uri.path()) else {
        shared.state().strayed.push(format!("{host}{}", parts.uri.path()));
        return (StatusCode::NOT_FOUND, "nobody is here").into_response();
    };
    shared.state().heard.push((provider.name, endpoint));
    let odd = match shared.state().mischief {
        Some(Mischief::At(at, odd)) if at == endpoint => Some(odd),
        _ => None,
    };
    let Some(asked) = read(&parts.method, &parts.uri, parts.headers, &body) else {
        return (StatusCode::BAD_REQUEST, "a parameter is there twice").into_response();
    };
    let plain = match endpoint {
        Endpoint::Authorization => return authorization::answer(&shared, provider, &asked),
        Endpoint::Token => token::answer(&shared, provider, &asked),
        Endpoint::Discovery => (200, discovery(&shared, provider)),
        Endpoint::Jwks => (200, id_token::published(&shared, provider)),
        Endpoint::Answer(n) => profile(&shared, provider, n, &asked),
    };
    match odd {
        Some(odd) => oddly(odd, plain).await,
        None => json_answer(plain),
    }
}

/// The parameters; `None` where one is there twice.
fn read(method: &Method, uri: &Uri, headers: HeaderMap, body: &Bytes) -> Option<Asked> {
    let pairs = |text: &[u8]| {
        let mut map = BTreeMap::new();
        form_urlencoded::parse(text).into_owned().all(|(n, v)| map.insert(n, v).is_none()).then_some(map)
    };
    let query = pairs(uri.query().unwrap_or_default().as_bytes())?;
    Some(Asked { method: method.clone(), query, headers, form: pairs(body)? })
}

fn json_answer((status, value): (u16, Value)) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    (status, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

async fn oddly(odd: Odd, (status, mut value): (u16, Value)) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    match odd {
        Odd::Never => std::future::pending().await,
        Odd::Trickling => {
            let drops = futures_util::stream::unfold((), async |()| {
                tokio::time::sleep(Duration::from_millis(200)).await;
                Some((Ok::<_, Infallible>(Bytes::from_static(b" ")), ()))
            });
            (json, Body::from_stream(drops)).into_response()
        }
        Odd::Oversized => {
            let padding = Value::from("x".repeat(4 << 20));
            match &mut value {
                Value::Array(list) => list.push(padding),
                other => other["padding"] = padding,
            }
            json_answer((status, value))
        }
        Odd::Nested => (json, format!("{}{}", "[".repeat(10_000), "]".repeat(10_000))).into_response(),
        Odd::Redirecting => (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, ELSEWHERE)]).into_response(),
        Odd::Html => ([(header::CONTENT_TYPE, "text/html")], "<html>Sorry, we are moving!</html>").into_response(),
        Odd::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "30")], "").into_response(),
    }
}

/// OpenID Connect Discovery 1.0 section 3.
fn discovery(shared: &Shared, provider: &'static Provider) -> Value {
    let openid = provider.openid.as_ref().unwrap();
    let mut document = json!({
        "issuer": openid.issuer,
        "authorization_endpoint": provider.authorization,
        "token_endpoint": provider.token,
        "jwks_uri": openid.jwks,
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [openid.algorithm],
    });
    super::merge(&mut document, &(openid.announced)());
    let state = shared.state();
    if state.mischief == Some(Mischief::OtherIssuerDiscovered) {
        document["issuer"] = json!("https://evil.example");
    }
    state.saying(Said::Discovery, document)
}

/// RFC 6750: what an access token opens.
fn profile(shared: &Shared, provider: &'static Provider, n: usize, asked: &Asked) -> (u16, Value) {
    let answer = &provider.answers[n];
    let state = shared.state();
    let token = asked.header("authorization").strip_prefix("Bearer ").unwrap_or_default();
    let known = state.logins.get(token).is_some_and(|login| std::ptr::eq(login.provider, provider));
    if !known || !token.starts_with("access-") {
        return (401, json!({ "error": "invalid_token" }));
    }
    if asked.method != Method::GET || (answer.agent_wanted && asked.header("user-agent").is_empty()) {
        return (403, json!({ "message": "Request forbidden by administrative rules." }));
    }
    let wanted = |(name, value): &(&str, &str)| asked.query.get(*name).is_some_and(|given| given == value);
    if let Some(missing) = answer.query.iter().find(|pair| !wanted(pair)) {
        return (400, json!({ "error": "invalid_request", "missing": missing.0 }));
    }
    let mut person = state.person(provider);
    if state.mischief == Some(Mischief::OtherSubjectInProfile) {
        person.id = provider.somebody_else;
    }
    (200, state.saying(Said::Answer(n), (answer.shape)(&person)))
}
