//! A trial: an administrator goes through a client's own login, and the console is told what the client would be.
//!
//! Owns that a trial weakens nothing that clients rest on. Its request names a redirect URI that the client registered and keeps every rule that
//! other requests keep; there is no redirect URI of this server's that a request could name, and none that matches for a trial alone. What differs is where
//! the answer goes: into a sealed record, which the account that began the trial takes out once, in the browser in which it began. So the code is
//! in no address, no page and no app, and what redeems it (the verifier) never left the server. Leaves who may begin a trial to `admin`, and redeeming the
//! code to `grants`.

use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::{Flow, Outcome, StartRejected};
use crate::model::Refusal;
use crate::model::client::{Client, ClientId};
use crate::protocol::Params;
use crate::protocol::pkce::CodeChallenge;
use crate::protocol::redirect_uri::RegisteredRedirectUri;
use crate::protocol::scope::standard;
use crate::sealed::RecordLabel;
use crate::sessions::Visitor;
use crate::store::{Change, GrantFilter, RecordKind, StoreResult};
use crate::support::id::UserId;
use crate::support::{Digest, Timestamp, random};
use crate::tokens::code::Code;

/// What is asked for in a trial.
#[derive(Clone, Debug)]
pub struct TrialOrder<'a> {
    /// The client whose login it is.
    pub client: &'a Client,
    /// The administrator's account, which alone sees what comes of it.
    pub by: UserId,
    /// The scopes that the client would ask for, separated by spaces.
    pub scope: &'a str,
    /// The resource that it would ask a token for: RFC 8707.
    pub resource: Option<&'a str>,
}

/// A trial: what the client would remember until its answer comes, and the answer.
#[derive(Clone, Serialize, Deserialize)]
pub struct Trial {
    /// The client.
    pub client: ClientId,
    /// The parameters of the authorization request, as the client would send them.
    pub request: Vec<(String, String)>,
    /// What redeems the code: RFC 7636 section 4.1.
    pub code_verifier: String,
    /// The parameters of the answer; empty until there is one.
    pub answer: Vec<(String, String)>,
    /// Why the client is refused, where it is.
    pub refusal: Option<Refusal>,
    by: UserId,
    /// The digest of the browser's secret.
    browser: Digest,
    expires_at: Timestamp,
}

impl Trial {
    /// A parameter of the request.
    pub fn asked(&self, name: &str) -> Option<&str> {
        value(&self.request, name)
    }

    /// A parameter of the answer.
    pub fn answered(&self, name: &str) -> Option<&str> {
        value(&self.answer, name)
    }
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

impl std::fmt::Debug for Trial {
    /// Without what redeems its code.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trial").field("client", &self.client).field("by", &self.by).finish_non_exhaustive()
    }
}

impl Flow {
    /// Begins the login of a client in the browser of an administrator who may try it.
    pub async fn try_out(&self, order: &TrialOrder<'_>, visitor: &Visitor) -> Result<Outcome, StartRejected> {
        let handle = self.drawn();
        let trial = self.trial(order, visitor);
        self.keep_trial(&handle, &trial).await?;
        let params = Params::from_pairs(trial.request).unwrap_or_default();
        self.start_for(&params, visitor, Some(&handle)).await
    }

    /// Takes out what came of a trial: once, for the account that began it and in its browser.
    pub async fn tried(&self, handle: &str, by: UserId, visitor: &Visitor) -> StoreResult<Option<Trial>> {
        let (key, now) = (key(handle), self.clock.now());
        let is_theirs = |trial: &Trial| {
            trial.by == by
                && trial.browser == visitor.browser.digest()
                && now < trial.expires_at
                && !trial.answer.is_empty()
        };
        // Looked at before it is taken, so that nobody else can spend it.
        let found: Option<Trial> = self.records.get(RecordKind::Trial, key, now).await?;
        if !found.as_ref().is_some_and(is_theirs) {
            return Ok(None);
        }
        self.records.take(RecordKind::Trial, key, now).await
    }

    /// Ends what a trial was granted, whatever became of it.
    pub async fn end_trial(&self, trial: &Trial) -> StoreResult<()> {
        let Some(code) = trial.answered("code").and_then(Code::parse) else { return Ok(()) };
        self.stores.work.commit(vec![Change::RevokeGrants(GrantFilter::One(code.grant), self.clock.now())]).await
    }

    /// The outcome of an answer: where it answers a trial, it goes into its record instead of to the client.
    pub(super) async fn delivered(
        &self,
        (client, trial): (&ClientId, Option<&str>),
        answer: Answer,
    ) -> StoreResult<Outcome> {
        let Some(handle) = trial else { return Ok(Outcome::Answer(Box::new(answer))) };
        let found: Option<Trial> = self.records.take(RecordKind::Trial, key(handle), self.clock.now()).await?;
        if let Some(mut trial) = found {
            trial.answer = answer.params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            trial.refusal = answer.refusal.map(|refusal| *refusal);
            self.keep_trial(handle, &trial).await?;
        }
        Ok(Outcome::Tried { client: client.clone(), trial: handle.to_owned() })
    }

    /// The request that the client would send, with everything that RFC 9700 asks of clients.
    fn trial(&self, order: &TrialOrder<'_>, visitor: &Visitor) -> Trial {
        let code_verifier = self.drawn();
        let challenge = CodeChallenge::of(&code_verifier);
        let redirect_uri = order.client.redirects.uris.first().map(RegisteredRedirectUri::as_str).unwrap_or_default();
        let is_openid = order.scope.split(' ').any(|scope| scope == standard::OPENID);
        let nonce = is_openid.then(|| self.drawn());
        let state = self.drawn();
        let pairs = [
            ("response_type", Some("code")),
            ("client_id", Some(order.client.id.as_str())),
            ("redirect_uri", Some(redirect_uri)),
            ("scope", Some(order.scope).filter(|scope| !scope.is_empty())),
            ("state", Some(&state)),
            ("nonce", nonce.as_deref()),
            ("code_challenge", Some(challenge.as_str())),
            ("code_challenge_method", Some("S256")),
            ("resource", order.resource),
        ];
        let said = pairs.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
        Trial {
            client: order.client.id.clone(),
            request: said.collect(),
            code_verifier,
            answer: Vec::new(),
            refusal: None,
            by: order.by,
            browser: visitor.browser.digest(),
            expires_at: self.clock.now().plus(self.authorization_lifetime),
        }
    }

    async fn keep_trial(&self, handle: &str, trial: &Trial) -> StoreResult<()> {
        let (kind, key, expires_at) = (RecordKind::Trial, key(handle), trial.expires_at);
        self.records.put(RecordLabel { kind, key, owners: Vec::new(), expires_at }, trial, self.clock.now()).await
    }

    /// 256 random bits as a text.
    fn drawn(&self) -> String {
        random::text(self.random.as_ref())
    }
}

/// What a trial is found by.
fn key(handle: &str) -> Digest {
    Digest::of("trial", handle.as_bytes())
}
