//! The beginning of an authorization: what happens with a checked request, and with one that was refused.

use std::sync::Arc;
use std::time::Duration;

use super::checked_request::{CheckedRequest, RequestRejected};
use super::next_step::Step;
use super::steps::Sight;
use super::{Flow, Outcome, RETRIES};
use crate::identity::throttling::Throttled;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::authorization::{Authorization, Origin, Progress};
use crate::model::client::{Client, ClientId};
use crate::model::refusal::{Reason, Refusal};
use crate::protocol::authorize::AuthorizationRequest;
use crate::protocol::redirect_uri::RegisteredRedirectUri;
use crate::protocol::{OAuthError, Params};
use crate::sessions::Visitor;
use crate::store::{Change, Conflict, StoreError};
use crate::support::harmless::harmless;
use crate::support::id::AuthorizationId;

/// Why the end-user is shown a page and nothing goes to a client.
#[derive(Debug)]
pub enum StartRejected {
    /// There is no such client, or it is disabled: the page does not say which.
    UnknownClient(Box<Refusal>),
    /// The redirect URI is missing, or not one that the client registered.
    RedirectUri {
        /// The client that would have had to register it.
        client: Arc<Client>,
        /// What was sent, and what is registered.
        refusal: Box<Refusal>,
    },
    /// The request does not say which client it is from.
    Malformed(OAuthError),
    /// Too many logins were begun from this address.
    Throttled {
        /// How long to wait before the next one.
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
        self.start_for(params, visitor, None).await
    }

    /// The same, where the answer may be for a trial.
    pub(super) async fn start_for(
        &self,
        params: &Params,
        visitor: &Visitor,
        trial: Option<&str>,
    ) -> Result<Outcome, StartRejected> {
        let mut left = RETRIES;
        loop {
            match self.start_once(params, visitor, trial).await {
                // The session or the client was ended in this moment: what holds now decides.
                Err(StartRejected::Store(StoreError::Conflict(Conflict::Ended))) if left > 0 => left -= 1,
                other => return other,
            }
            self.clients.poll().await?;
        }
    }

    async fn start_once(
        &self,
        params: &Params,
        visitor: &Visitor,
        trial: Option<&str>,
    ) -> Result<Outcome, StartRejected> {
        match self.checked_request(params).await {
            Ok(checked) => self.begin(checked, visitor, trial).await,
            Err(RequestRejected::Refused(client, refused)) => {
                let answer = refused.return_path(self.issuer.as_str()).error(refused.error(), refused.noted());
                Ok(self.delivered((&client.id, trial), answer).await?)
            }
            Err(RequestRejected::RedirectUri(client)) => {
                self.note_mismatch(&client, params, visitor).await?;
                let refusal = Box::new(mismatch(&client, params));
                Err(StartRejected::RedirectUri { client, refusal })
            }
            Err(RequestRejected::UnknownClient) => Err(unknown(Reason::UnknownClient, params)),
            Err(RequestRejected::Disabled) => Err(unknown(Reason::ClientDisabled, params)),
            Err(RequestRejected::Malformed(error)) => Err(StartRejected::Malformed(error)),
            Err(RequestRejected::Store(error)) => Err(StartRejected::Store(error)),
        }
    }

    async fn begin(
        &self,
        checked: CheckedRequest,
        visitor: &Visitor,
        trial: Option<&str>,
    ) -> Result<Outcome, StartRejected> {
        let (client, request) = checked.into_parts();
        let pending = self.pending(client.id.clone(), request, Origin::Browser(visitor.browser.digest()));
        let authorization = Authorization { trial: trial.map(str::to_owned), ..pending };
        let Sight { step, session, consent_epoch } = self.look(&authorization, &client, visitor).await?;
        let question = match step {
            Step::Ask(question) => question,
            Step::Answer(verdict) => {
                let given = (&verdict, &session, consent_epoch);
                let answer = self.resolve_answer(&authorization, &client, given, visitor).await?;
                return Ok(self.delivered((&client.id, trial), answer).await?);
            }
        };
        // Of a browser without a sign-in there is nothing to count by but its address; any other is the account's that it used last, wherever it is.
        match session.sign_ins.iter().max_by_key(|sign_in| sign_in.used_at) {
            Some(sign_in) => self.throttle.admit_authorization_of(sign_in.user).await?,
            None => self.throttle.admit_authorization(visitor.address).await?,
        }
        self.keep(&authorization).await?;
        Ok(Outcome::Ask { flow: authorization.id, page: question.page() })
    }

    fn pending(&self, client: ClientId, request: AuthorizationRequest, origin: Origin) -> Authorization {
        let now = self.clock.now();
        Authorization {
            id: AuthorizationId::new(now, self.random.as_ref()),
            client,
            request,
            origin,
            progress: Progress::default(),
            created_at: now,
            expires_at: now.plus(self.authorization_lifetime),
            trial: None,
        }
    }

    /// An attacker tries out redirect URIs, or a client is misconfigured: its owner wants to know. Bounded like a login that begins, so that
    /// the log cannot be filled from outside.
    async fn note_mismatch(&self, client: &Client, params: &Params, visitor: &Visitor) -> Result<(), StartRejected> {
        self.throttle.admit_authorization(visitor.address).await?;
        let sent = params.get("redirect_uri").unwrap_or("none");
        let kind = AuditKind::RedirectUriMismatch;
        let event = AuditEvent::new(kind, Actor::Anonymous, self.clock.now(), self.random.as_ref())
            .to_client(client.id.clone())
            .saying(harmless(sent));
        Ok(self.stores.work.commit(vec![Change::Audit(event)]).await?)
    }
}

fn unknown(reason: Reason, params: &Params) -> StartRejected {
    let refusal = Refusal::new(reason).at("client_id", params.get("client_id"));
    StartRejected::UnknownClient(Box::new(refusal.of_request(params, None)))
}

/// What the operator hears of a redirect URI that is not registered.
fn mismatch(client: &Client, params: &Params) -> Refusal {
    let sent = params.get("redirect_uri");
    let reason = if sent.is_some() { Reason::RedirectUriMismatch } else { Reason::RedirectUriMissing };
    let registered = client.redirects.uris.iter().map(RegisteredRedirectUri::as_str);
    Refusal::new(reason).by(&client.id).at("redirect_uri", sent).expecting(registered)
}
