//! Calls to a provider: through the guarded client, counted by the breaker, tidied by the preset's quirks.

use std::future::Future;
use std::pin::Pin;

use oauth2::http::{StatusCode, header};
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use serde_json::Value;
use url::Url;

use super::breaker::Breakers;
use super::presets::Quirk;
use super::token_answer;
use crate::outgoing::{Caller, FetchFailed, Outgoing};
use crate::support::id::ConnectionId;
use crate::support::{Clock, Secret};

/// The largest answer that is read.
const MAX_BYTES: usize = 64 * 1024;

/// Why a call brought nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum CallFailed {
    /// The provider kept failing, so it was not even asked.
    #[error("left alone for a while, after failures in a row")]
    Open,
    /// The provider did not answer in time, or could not be reached.
    #[error("{0}")]
    Fetch(#[from] FetchFailed),
    /// An answer that says that the provider is out of order, or too busy.
    #[error("the answer was {0}")]
    Status(u16),
    /// The token answer is not one.
    #[error("{0}")]
    Token(#[from] token_answer::TokenAnswerRejected),
    /// The answer is no JSON.
    #[error("the answer is no JSON")]
    NoJson,
}

/// The HTTP client of one connection: its breaker, and what is odd about its provider's answers.
pub(super) struct ProviderHttp<'a> {
    pub(super) outgoing: &'a Outgoing,
    pub(super) breakers: &'a Breakers,
    pub(super) clock: &'a dyn Clock,
    pub(super) connection: ConnectionId,
    pub(super) caller: Caller,
    pub(super) quirks: &'static [Quirk],
}

impl ProviderHttp<'_> {
    /// Sends a request to the token endpoint; the answer is what RFC 6749 section 5 says it should be.
    async fn token(&self, request: HttpRequest) -> Result<HttpResponse, CallFailed> {
        let answer = self.exchange(request).await?;
        let body: Value = serde_json::from_slice(answer.body()).map_err(|_| CallFailed::NoJson)?;
        let refused = |body: &Value| body.get("error").is_some() || !answer.status().is_success();
        let (status, body) = match token_answer::tidy(self.quirks, body.clone()) {
            Ok(tidied) if !refused(&tidied) => (StatusCode::OK, tidied),
            Ok(_) | Err(token_answer::TokenAnswerRejected::Refused) => {
                (StatusCode::BAD_REQUEST, token_answer::refusal(&body))
            }
            Err(other) => return Err(other.into()),
        };
        let mut answer = HttpResponse::new(body.to_string().into_bytes());
        *answer.status_mut() = status;
        let json = header::HeaderValue::from_static("application/json");
        answer.headers_mut().insert(header::CONTENT_TYPE, json);
        Ok(answer)
    }

    /// Reads what an endpoint says about the user behind an access token: RFC 6750 section 2.1.
    pub(super) async fn profile(&self, url: &Url, access_token: &Secret<String>) -> Result<Value, CallFailed> {
        let request = oauth2::http::Request::get(url.as_str())
            .header(header::ACCEPT, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {}", access_token.expose()))
            .body(Vec::new());
        let answer = self.exchange(request.map_err(|_| CallFailed::Fetch(FetchFailed::Url))?).await?;
        if !answer.status().is_success() {
            return Err(CallFailed::Status(answer.status().as_u16()));
        }
        serde_json::from_slice(answer.body()).map_err(|_| CallFailed::NoJson)
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, CallFailed> {
        if !self.breakers.admits(self.connection, self.clock.now()) {
            return Err(CallFailed::Open);
        }
        let answer = self.outgoing.send(self.caller, request, MAX_BYTES).await;
        match answer {
            Ok(answer) if out_of_order(answer.status()) => {
                self.breakers.failed(self.connection, self.clock.now());
                Err(CallFailed::Status(answer.status().as_u16()))
            }
            Ok(answer) => {
                self.breakers.answered(self.connection);
                Ok(answer)
            }
            Err(failure) => {
                self.breakers.failed(self.connection, self.clock.now());
                Err(failure.into())
            }
        }
    }
}

impl<'c> AsyncHttpClient<'c> for ProviderHttp<'_> {
    type Error = CallFailed;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, CallFailed>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.token(request))
    }
}

fn out_of_order(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
}
