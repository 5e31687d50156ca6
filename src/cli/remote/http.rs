//! Calls to the server that the operator named: bounded in time and size, over TLS as [`Server`](super::Server) says, following nothing.

use std::error::Error;

use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};

use crate::cli::failure::{Failure, Outcome};
use crate::config::network::NetworkConfig;

/// Seconds that a call may take: looking through a whole audit log takes its time.
const PATIENCE: u64 = 60;
/// The largest answer that is read, in bytes.
const MAX_BYTES: usize = 16 << 20;

/// What calls are made by. The operator named where they go, so that it may be anywhere.
#[derive(Clone)]
pub(in crate::cli) struct Http(Client);

/// What a call was answered with.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Http {
    /// Calls that trust the certificate authorities of this configuration.
    pub(in crate::cli) fn new(network: &NetworkConfig) -> Outcome<Self> {
        let network = NetworkConfig { outgoing_timeout_seconds: PATIENCE, ..network.clone() };
        crate::outgoing::unguarded(&network).map(Self).map_err(Failure::of)
    }

    /// A request to be filled in.
    pub(super) fn request(&self, method: Method, url: &str) -> RequestBuilder {
        self.0.request(method, url)
    }

    /// Sends a request, and reads what it is answered with.
    pub(super) async fn send(&self, request: RequestBuilder) -> Outcome<Answer> {
        let request = request.build().map_err(Failure::of)?;
        let host = request.url().host_str().unwrap_or_default().to_owned();
        let broken = |why: reqwest::Error| Failure::told("unreachable", in_words(&host, &why));
        let mut response = self.0.execute(request).await.map_err(broken)?;
        // Where it leads to, the operator did not say.
        if response.status().is_redirection() {
            let problem =
                format!("{host} answers with a redirect, which is not followed: --server takes the issuer itself");
            return Err(Failure::of(problem));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(broken)? {
            if body.len() + chunk.len() > MAX_BYTES {
                return Err(Failure::of(format!("{host} answers with more than {} MiB", MAX_BYTES >> 20)));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status: response.status().as_u16(), headers: response.headers().clone(), body })
    }
}

/// What became of a call, by its innermost cause: that says what to mend.
fn in_words(host: &str, why: &reqwest::Error) -> String {
    if why.is_timeout() {
        return format!("{host} does not answer in time");
    }
    let mut cause: &dyn Error = why;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let what = if why.is_connect() { "cannot be reached" } else { "broke off" };
    format!("{host} {what}: {cause}")
}
