//! The beginning: from an app's parameters to a checked request, and to what comes next.
//!
//! Until the client is known and its redirect URI matched, a failure is shown to the person and never sent anywhere: RFC 6749 section
//! 4.1.2.1, "MUST NOT automatically redirect the user-agent to the invalid redirection URI". From then on it goes to the app.

use std::sync::Arc;
use std::time::Duration;

use super::answer::ReturnPath;
use super::hint::Hint;
use super::{Flow, Outcome};
use crate::identity::throttling::Throttled;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::authorization::{Authorization, Progress};
use crate::model::client::{Client, PkcePolicy};
use crate::protocol::authorize::checks::{self, CheckInput, ClientPolicy};
use crate::protocol::grant_type::GrantType;
use crate::protocol::redirect_uri::RedirectTarget;
use crate::protocol::scope::standard;
use crate::protocol::{ErrorCode, OAuthError, Params};
use crate::sessions::Visitor;
use crate::store::{Change, Conflict, StoreError};
use crate::support::id::AuthorizationId;

/// The longest redirect URI that the audit log repeats, in characters.
const MAX_LOGGED: usize = 200;

/// Why the person is shown a page and nothing goes to an app.
#[derive(Debug)]
pub enum StartRejected {
    /// There is no such client, or it is disabled: nobody learns which.
    UnknownClient,
    /// The redirect URI is missing, or not one that the client registered.
    RedirectUri,
    /// The request does not say which client it is from.
    Malformed(OAuthError),
    /// Too many logins were begun from this address.
    Throttled {
        /// When to come back.
        retry_after: Duration,
    },
    /// A store did not answer.
    Store(StoreError),
}

impl From<StoreError> for StartRejected {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Throttled> for StartRejected {
    fn from(throttled: Throttled) -> Self {
        Self::Throttled { retry_after: throttled.retry_after }
    }
}

impl Flow {
    /// Begins an authorization. Nothing is stored when it can be answered at once.
    pub async fn start(&self, params: &Params, visitor: &Visitor) -> Result<Outcome, StartRejected> {
        match self.start_once(params, visitor).await {
            Err(StartRejected::Store(StoreError::Conflict(Conflict::Ended))) => {
                // The session or the client was ended in this moment: what holds now decides.
                self.clients.poll().await?;
                self.start_once(params, visitor).await
            }
            other => other,
        }
    }

    async fn start_once(&self, params: &Params, visitor: &Visitor) -> Result<Outcome, StartRejected> {
        let client = self.client_of(params).await?;
        let Some(redirect) = matched(&client, params) else {
            self.note_mismatch(&client, params, visitor).await?;
            return Err(StartRejected::RedirectUri);
        };
        match self.checked(&client, &redirect, params) {
            Ok(authorization) => {
                let authorization = self.begun(authorization, &client, visitor);
                self.first_step(authorization, &client, visitor).await
            }
            Err(refusal) => {
                let checks::Refusal { error, response_mode: mode, state } = refusal;
                let (state, issuer) = (state.as_deref(), self.issuer.as_str());
                let popup = params.get("display") == Some("popup");
                let path = ReturnPath { redirect: &redirect, mode, state, issuer, popup };
                Ok(Outcome::Answer(Box::new(path.error(&error))))
            }
        }
    }

    async fn client_of(&self, params: &Params) -> Result<Arc<Client>, StartRejected> {
        let id = params.required("client_id").map_err(StartRejected::Malformed)?;
        let client = self.clients.find(id).await?.filter(|client| client.enabled);
        client.ok_or(StartRejected::UnknownClient)
    }

    fn checked(
        &self,
        client: &Client,
        redirect: &RedirectTarget,
        params: &Params,
    ) -> Result<crate::protocol::authorize::AuthorizationRequest, checks::Refusal> {
        let hint = params.get("id_token_hint").and_then(|text| Hint::read(text, &self.keys, &self.issuer));
        let hint = hint.filter(|hint| hint.is_for(client.id.as_str()));
        let request = checks::run(&CheckInput {
            params,
            redirect,
            client: ClientPolicy {
                pkce_required: client.policy.pkce == PkcePolicy::Required,
                scopes: &client.policy.scopes,
                resources: &client.policy.resources,
                may_refresh: client.may_use(GrantType::RefreshToken),
                default_max_age: client.policy.default_max_age,
            },
            hinted_subject: hint.as_ref().map(|hint| hint.sub.as_str()),
        })?;
        if client.may_use(GrantType::AuthorizationCode) {
            return Ok(request);
        }
        // RFC 6749 section 4.1.2.1: "The client is not authorized to request an authorization code using this method."
        let error =
            OAuthError::new(ErrorCode::UnauthorizedClient, "the client may not use the authorization code grant");
        Err(checks::Refusal { error, response_mode: request.response_mode, state: request.state })
    }

    fn begun(
        &self,
        request: crate::protocol::authorize::AuthorizationRequest,
        client: &Client,
        visitor: &Visitor,
    ) -> Authorization {
        let now = self.clock.now();
        Authorization {
            id: AuthorizationId::new(now, self.random.as_ref()),
            client: client.id.clone(),
            request,
            browser: visitor.browser.digest(),
            progress: Progress::default(),
            created_at: now,
            expires_at: now.plus(self.authorization_lifetime),
        }
    }

    async fn first_step(
        &self,
        authorization: Authorization,
        client: &Client,
        visitor: &Visitor,
    ) -> Result<Outcome, StartRejected> {
        let (step, session) = self.look(&authorization, client, visitor).await?;
        let Some(page) = super::steps::page_of(&step) else {
            return Ok(Outcome::Answer(Box::new(self.resolve_answer(&authorization, &step, &session, visitor).await?)));
        };
        // Only strangers are counted: whoever is signed in was counted when they signed in.
        if session.sign_ins.is_empty() {
            self.throttle.admit_authorization(visitor.address).await?;
        }
        self.keep(&authorization).await?;
        Ok(Outcome::Ask { flow: authorization.id, page })
    }

    /// Somebody tries out redirect URIs, or an app is misconfigured: its owner wants to know. Bounded like a login that begins, so that
    /// nobody can fill the log.
    async fn note_mismatch(&self, client: &Client, params: &Params, visitor: &Visitor) -> Result<(), StartRejected> {
        self.throttle.admit_authorization(visitor.address).await?;
        let sent = params.get("redirect_uri").unwrap_or("none");
        let kind = AuditKind::RedirectUriMismatch;
        let event = AuditEvent::new(kind, Actor::Anonymous, self.clock.now(), self.random.as_ref())
            .to_client(client.id.clone())
            .from_address(visitor.address)
            .saying(printable(sent));
        Ok(self.stores.work.commit(vec![Change::Audit(event)]).await?)
    }
}

/// Where the answer goes. OpenID Connect Core 1.0 section 3.1.2.1 requires `redirect_uri`; RFC 6749 section 3.1.2.3 lets an OAuth request
/// leave it out where one URI is registered.
fn matched(client: &Client, params: &Params) -> Option<RedirectTarget> {
    let openid = || params.get("scope").is_some_and(|scope| scope.split(' ').any(|one| one == standard::OPENID));
    match (params.get("redirect_uri"), client.redirects.uris.as_slice()) {
        (Some(requested), registered) => registered.iter().find_map(|uri| uri.matches(requested)),
        (None, [only]) if !openid() => only.matches(only.as_str()),
        (None, _) => None,
    }
}

/// A stranger's text, harmless in a log.
fn printable(text: &str) -> String {
    text.chars().take(MAX_LOGGED).map(|c| if c.is_ascii_graphic() { c } else { '?' }).collect()
}
