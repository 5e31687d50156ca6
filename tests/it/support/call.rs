//! Raw requests, as a client sends them, and their answers.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use haechi::http::server::Peer;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::app::TestApp;

/// The secret of every client of a furnished house.
pub const SECRET: &str = "hcs_secret-of-everybody";

impl TestApp {
    /// A request that is yet to be sent.
    pub fn call(&self, method: &'static str, path: &str) -> Call {
        let request = Request::builder().method(method).uri(path);
        let peer = ([192, 0, 2, 1], 1).into();
        Call { router: self.router.clone(), request, headers: HeaderMap::new(), body: String::new(), bytes: None, peer }
    }

    pub fn post(&self, path: &str) -> Call {
        self.call("POST", path)
    }

    pub fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }
}

/// A request under construction.
pub struct Call {
    router: Router,
    request: axum::http::request::Builder,
    headers: HeaderMap,
    body: String,
    /// What is sent in the place of the body, where it is no text.
    bytes: Option<Vec<u8>>,
    peer: SocketAddr,
}

impl Call {
    /// Adds parameters to the form.
    pub fn form(mut self, pairs: &[(&str, &str)]) -> Self {
        let mut form = form_urlencoded::Serializer::new(std::mem::take(&mut self.body));
        form.extend_pairs(pairs);
        self.body = form.finish();
        if self.headers.contains_key(header::CONTENT_TYPE) {
            return self;
        }
        self.header("content-type", "application/x-www-form-urlencoded")
    }

    /// Sends exactly this body.
    pub fn body(mut self, content_type: &str, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self.headers.remove(header::CONTENT_TYPE);
        self.header("content-type", content_type)
    }

    /// Sends these bytes, which are no text.
    pub fn bytes(mut self, content_type: &str, bytes: &[u8]) -> Self {
        self.bytes = Some(bytes.to_vec());
        self.header("content-type", content_type)
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        self.headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        self
    }

    /// Authenticates by Basic, with the secret that is right.
    pub fn basic(self, client: &str) -> Self {
        self.basic_with(client, SECRET)
    }

    pub fn basic_with(self, client: &str, secret: &str) -> Self {
        let value = format!("Basic {}", STANDARD.encode(format!("{client}:{secret}")));
        self.header("authorization", &value)
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Sends it from another address.
    pub fn from(mut self, address: &str) -> Self {
        self.peer = SocketAddr::new(address.parse().unwrap(), 1);
        self
    }

    /// Sends it to another node.
    pub fn to(mut self, node: &Router) -> Self {
        self.router = node.clone();
        self
    }

    pub async fn send(self) -> Answer {
        self.send_to("id.example").await
    }

    /// Sends it to a server of another name.
    pub async fn send_to(self, host: &str) -> Answer {
        let (parts, body) = self.begin(host).await.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// Sends it, and leaves the body of the answer to be read part by part.
    pub async fn begin(self, host: &str) -> axum::response::Response {
        let mut request = self.request.body(Body::from(self.bytes.unwrap_or_else(|| self.body.into_bytes()))).unwrap();
        request.headers_mut().extend(self.headers);
        request.headers_mut().insert(header::HOST, HeaderValue::from_str(host).unwrap());
        request.extensions_mut().insert(Peer(self.peer));
        self.router.oneshot(request).await.unwrap()
    }
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The JSON of an answer with this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        self.json()
    }

    /// The error code of an answer with this status.
    #[track_caller]
    pub fn error(&self, status: u16) -> String {
        self.expect(status)["error"].as_str().unwrap_or_else(|| panic!("no error: {self:?}")).to_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    #[track_caller]
    pub fn tokens(&self) -> TokenSet {
        let json = self.expect(200);
        let text = |name: &str| json.get(name).map(|value| value.as_str().unwrap().to_owned());
        TokenSet {
            access_token: text("access_token").unwrap(),
            refresh_token: text("refresh_token"),
            id_token: text("id_token"),
            scope: text("scope"),
            expires_in: json["expires_in"].as_i64().unwrap(),
        }
    }
}

/// The tokens of an answer.
#[derive(Clone, Debug)]
pub struct TokenSet {
    pub access_token: String,
    pub refresh_token: Option<String>,
    pub id_token: Option<String>,
    pub scope: Option<String>,
    pub expires_in: i64,
}

impl TokenSet {
    pub fn refresh(&self) -> &str {
        self.refresh_token.as_deref().unwrap()
    }
}

/// The header and the claims of a JWT, unverified.
pub fn open(token: &str) -> (Value, BTreeMap<String, Value>) {
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let header = serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (header, serde_json::from_slice(&parts.next().unwrap()).unwrap())
}

/// An object without the values that differ from run to run.
pub fn masked(object: impl serde::Serialize, names: &[&str]) -> Value {
    let mut object = serde_json::to_value(object).unwrap();
    for name in names {
        assert!(object[name].is_string(), "{name}: {object}");
        object[name] = Value::from(format!("[{name}]"));
    }
    object
}
