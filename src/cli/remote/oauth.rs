//! The server as an authorization server: where its endpoints are, and what its token endpoint answers.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use serde::Deserialize;

use super::http::{Answer, Http};
use super::server::Server;
use crate::cli::failure::{Failure, Outcome};
use crate::support::Secret;

const FORM: &str = "application/x-www-form-urlencoded";

/// What is read of a server's metadata: RFC 8414 section 2.
#[derive(Clone, Debug, Deserialize)]
pub(in crate::cli) struct Endpoints {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) revocation_endpoint: String,
}

/// What the token endpoint gave: RFC 6749 section 5.1.
#[derive(Debug, Deserialize)]
pub(in crate::cli) struct Granted {
    pub(super) access_token: Secret<String>,
    pub(super) refresh_token: Option<Secret<String>>,
    /// Seconds that the access token lives; what does not say is not kept.
    #[serde(default)]
    pub(super) expires_in: u32,
    /// OpenID Connect Core 1.0 section 3.1.3.3.
    id_token: Option<Secret<String>>,
}

/// What is read of an ID token: OpenID Connect Core 1.0 section 2.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
}

impl Granted {
    /// Which account signed in. OpenID Connect Core 1.0 section 3.1.3.7: an ID token that came straight from the token endpoint goes by TLS, which
    /// "MAY be used to validate the issuer in place of checking the token signature".
    pub(super) fn subject(&self, endpoints: &Endpoints, client: &str) -> Option<String> {
        let payload = self.id_token.as_ref()?.expose().split('.').nth(1)?;
        let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        (claims.iss == endpoints.issuer && claims.aud == client).then_some(claims.sub)
    }
}

/// RFC 6749 section 5.2.
#[derive(Deserialize)]
struct Refusal {
    error: String,
    #[serde(default)]
    error_description: String,
}

impl Endpoints {
    /// Asks the server for them. OpenID Connect Discovery 1.0 section 4.3: the issuer "MUST be identical to the Issuer URL that was used".
    pub(in crate::cli) async fn of(http: &Http, server: &Server) -> Outcome<Self> {
        let url = server.at("/.well-known/openid-configuration");
        let answer = http.send(http.request(Method::GET, &url).header(ACCEPT, "application/json")).await?;
        let found = Some(&answer).filter(|answer| answer.status == 200);
        let found: Option<Self> = found.and_then(|answer| serde_json::from_slice(&answer.body).ok());
        let endpoints = found.ok_or_else(|| Failure::of(format!("{server} is no issuer: nothing is at {url}")))?;
        if endpoints.issuer != server.as_str() {
            let problem = format!("{server} calls itself {}: --server takes that", endpoints.issuer);
            return Err(Failure::told("failed", problem));
        }
        // What is sent there is worth an account: it goes to the server that was named.
        let all = [&endpoints.authorization_endpoint, &endpoints.token_endpoint, &endpoints.revocation_endpoint];
        if let Some(elsewhere) = all.into_iter().find(|endpoint| !server.has(endpoint)) {
            let problem = format!("{server} names an endpoint of another server: {elsewhere}");
            return Err(Failure::told("failed", problem));
        }
        Ok(endpoints)
    }
}

/// Asks for tokens, as a public client that names itself in the form.
pub(super) async fn ask(http: &Http, endpoint: &str, form: &[(&str, &str)]) -> Outcome<Granted> {
    granted(&post(http, endpoint, form, None).await?)
}

/// Asks for tokens, as a client with a secret.
pub(super) async fn ask_with(
    http: &Http,
    endpoint: &str,
    form: &[(&str, &str)],
    (client, secret): (&str, &Secret<String>),
) -> Outcome<Granted> {
    granted(&post(http, endpoint, form, Some(&basic(client, secret))).await?)
}

/// Ends a token, with what came of the same grant: RFC 7009 section 2.1.
pub(super) async fn revoke(http: &Http, endpoint: &str, client: &str, token: &Secret<String>) -> Outcome {
    let form = [("token", token.expose().as_str()), ("client_id", client)];
    let answer = post(http, endpoint, &form, None).await?;
    if answer.status == 200 { Ok(()) } else { Err(refused(&answer)) }
}

async fn post(http: &Http, endpoint: &str, form: &[(&str, &str)], basic: Option<&Secret<String>>) -> Outcome<Answer> {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = http.request(Method::POST, endpoint).header(CONTENT_TYPE, FORM).header(ACCEPT, "application/json");
    let request = match basic {
        Some(basic) => request.header(AUTHORIZATION, basic.expose()),
        None => request,
    };
    http.send(request.body(body)).await
}

/// RFC 6749 section 2.3.1: both are encoded as form values first.
fn basic(client: &str, secret: &Secret<String>) -> Secret<String> {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = Secret::new(format!("{}:{}", encoded(client), encoded(secret.expose())));
    Secret::new(format!("Basic {}", STANDARD.encode(pair.expose())))
}

fn granted(answer: &Answer) -> Outcome<Granted> {
    if answer.status != 200 {
        return Err(refused(answer));
    }
    serde_json::from_slice(&answer.body).map_err(|_| Failure::of("the server answers with no tokens"))
}

fn refused(answer: &Answer) -> Failure {
    match serde_json::from_slice::<Refusal>(&answer.body) {
        Ok(Refusal { error, error_description }) => {
            let detail = if error_description.is_empty() { String::new() } else { format!(": {error_description}") };
            let problem = format!("the server refuses ({error}){detail}");
            Failure::told(error, problem)
        }
        Err(_) => Failure::of(format!("the server answers with status {}", answer.status)),
    }
}
