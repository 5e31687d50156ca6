//! The checked request: a client that is known and enabled, a redirect URI that it registered, and parameters that kept every rule.
//!
//! Owns the order in which a request is checked, and what an `id_token_hint` in it says. Leaves what happens with the request to its caller.
//! Until the client is known and its redirect URI matched, a refusal must not be sent anywhere: RFC 6749 section 4.1.2.1, "MUST NOT
//! automatically redirect the user-agent to the invalid redirection URI". From then on it is for the client.

use std::sync::Arc;

use super::Flow;
use super::answer::ReturnPath;
use super::hint::Hint;
use crate::model::Refusal;
use crate::model::client::{Client, NoncePolicy, PkcePolicy};
use crate::model::refusal::Reason;
use crate::protocol::authorize::AuthorizationRequest;
use crate::protocol::authorize::checks::{self, CheckInput, ClientPolicy, Endpoint};
use crate::protocol::grant_type::GrantType;
use crate::protocol::redirect_uri::RedirectTarget;
use crate::protocol::scope::standard;
use crate::protocol::{ErrorCode, OAuthError, Params};
use crate::store::StoreError;

/// A request that was checked. Only [`Flow::checked_request`] makes one.
#[derive(Debug)]
pub(super) struct CheckedRequest {
    client: Arc<Client>,
    request: AuthorizationRequest,
}

/// Why a request is refused.
#[derive(Debug)]
pub(super) enum RequestRejected {
    /// The request does not say which client it is from.
    Malformed(OAuthError),
    /// There is no such client.
    UnknownClient,
    /// The client is disabled.
    Disabled,
    /// The redirect URI is missing, or not one that the client registered.
    RedirectUri(Arc<Client>),
    /// A rule was broken: the client is told.
    Refused(Arc<Client>, Box<RefusedRequest>),
    /// The store of clients did not answer.
    Store(StoreError),
}

/// A refusal that may be sent to the client's redirect URI.
#[derive(Debug)]
pub(super) struct RefusedRequest {
    redirect: RedirectTarget,
    refusal: checks::Refusal,
    popup: bool,
    noted: Refusal,
}

impl From<StoreError> for RequestRejected {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl CheckedRequest {
    pub(super) fn into_parts(self) -> (Arc<Client>, AuthorizationRequest) {
        (self.client, self.request)
    }
}

impl RefusedRequest {
    /// What the client is told.
    pub(super) const fn error(&self) -> &OAuthError {
        &self.refusal.error
    }

    /// What the operator hears of it.
    pub(super) fn noted(&self) -> Refusal {
        self.noted.clone()
    }

    /// Where and how the client is told: as the answer would have been, as far as the request could be read.
    pub(super) fn return_path<'a>(&'a self, issuer: &'a str) -> ReturnPath<'a> {
        let (mode, state) = (self.refusal.response_mode, self.refusal.state.as_deref());
        ReturnPath { redirect: &self.redirect, mode, state, issuer, popup: self.popup }
    }
}

impl Flow {
    /// Checks the parameters of a request at the authorization endpoint.
    pub(super) async fn checked_request(&self, params: &Params) -> Result<CheckedRequest, RequestRejected> {
        let client = self.requesting_client(params).await?;
        let Some(redirect) = matched(&client, params) else { return Err(RequestRejected::RedirectUri(client)) };
        let hint = self.hint_for(&client, params);
        match check(&client, &redirect, hint.as_ref(), params) {
            Ok(request) => Ok(CheckedRequest { client, request }),
            Err(refusal) => {
                let popup = params.get("display") == Some("popup");
                let noted = noted(&refusal, params, &client);
                let refused = RefusedRequest { redirect, refusal, popup, noted };
                Err(RequestRejected::Refused(client, Box::new(refused)))
            }
        }
    }

    async fn requesting_client(&self, params: &Params) -> Result<Arc<Client>, RequestRejected> {
        let id = params.required("client_id").map_err(RequestRejected::Malformed)?;
        let client = self.clients.find(id).await?.ok_or(RequestRejected::UnknownClient)?;
        if client.enabled { Ok(client) } else { Err(RequestRejected::Disabled) }
    }

    /// What the `id_token_hint` says; `None` where there is none, and where it is not one that this client was given.
    fn hint_for(&self, client: &Client, params: &Params) -> Option<Hint> {
        let hint = params.get("id_token_hint").and_then(|text| Hint::read(text, &self.keys, &self.issuer));
        hint.filter(|hint| hint.is_for(client.id.as_str()))
    }
}

fn check(
    client: &Client,
    redirect: &RedirectTarget,
    hint: Option<&Hint>,
    params: &Params,
) -> Result<AuthorizationRequest, checks::Refusal> {
    let input = CheckInput {
        params,
        redirect,
        client: ClientPolicy {
            pkce_required: client.policy.pkce == PkcePolicy::Required,
            nonce_required: client.policy.nonce == NoncePolicy::Required,
            scopes: &client.policy.scopes,
            resources: &client.policy.resources,
            may_refresh: client.may_use(GrantType::RefreshToken),
            default_max_age: client.policy.default_max_age,
        },
        hinted_subject: hint.map(|hint| hint.sub.as_str()),
    };
    let request = checks::run(Endpoint::Authorization, &input)?;
    if client.may_use(GrantType::AuthorizationCode) {
        return Ok(request);
    }
    // RFC 6749 section 4.1.2.1: "The client is not authorized to request an authorization code using this method."
    let error = OAuthError::new(ErrorCode::UnauthorizedClient, "the client may not use the authorization code grant");
    Err(checks::Refusal { rule: "grant_type", error, response_mode: request.response_mode, state: request.state })
}

/// What the operator hears of a rule that was broken.
fn noted(refusal: &checks::Refusal, params: &Params, client: &Client) -> Refusal {
    let mut noted = Refusal::of_error(&refusal.error);
    match refusal.rule {
        "code_challenge" if params.get("code_challenge").is_none() => noted.reason = Reason::CodeChallengeMissing,
        "nonce" if params.get("nonce").is_none() => noted.reason = Reason::NonceMissing,
        _ => {}
    }
    let noted = noted.of_request(params, Some(client));
    if noted.parameter.is_some() { noted } else { noted.at(refusal.rule, None).of_request(params, Some(client)) }
}

/// Where the answer goes. OpenID Connect Core 1.0 section 3.1.2.1 requires `redirect_uri`; RFC 6749 section 3.1.2.3 lets an OAuth request
/// leave it out where one URI is registered.
fn matched(client: &Client, params: &Params) -> Option<RedirectTarget> {
    let openid = || params.get("scope").is_some_and(|scope| scope.split(' ').any(|one| one == standard::OPENID));
    match (params.get("redirect_uri"), client.redirects.uris.as_slice()) {
        (Some(requested), _) => client.redirect_target(requested),
        (None, [only]) if !openid() => client.redirect_target(only.as_str()),
        (None, _) => None,
    }
}
