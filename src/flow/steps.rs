//! The middle: what is kept of a pending authorization, and what pages record in it.

use super::next_step::{Facts, Question, SecondFactor, Step, Verdict, candidate, enough, next_step, strongest_wanted};
use super::{Answer, Flow, FlowView, Outcome, RETRIES};
use crate::identity::second_factor::Standing;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::authorization::{Authorization, Origin, Progress};
use crate::model::client::Client;
use crate::model::consent::Consent;
use crate::model::policy::Verification;
use crate::model::session::{Leave, Session, SignIn};
use crate::model::user::User;
use crate::model::{Epoch, Refusal};
use crate::policy::SignInRules;
use crate::protocol::scope::ScopeSet;
use crate::sealed::RecordLabel;
use crate::sessions::{Ending, Means, SessionCookie, Visitor};
use crate::store::{ActingAccount, Change, Conflict, ConsentStanding, Ground, RecordKind, StoreError, StoreResult};
use crate::support::Digest;
use crate::support::id::{AuthorizationId, SignInId, UserId};

/// Why a pending authorization does not go on.
#[derive(Debug)]
pub enum FlowRejected {
    /// It took too long, was answered already, or never was.
    Gone,
    /// It began in another browser.
    OtherBrowser,
    /// The client was deleted, disabled, or lost the redirect URI meanwhile.
    Client,
    /// A store did not answer.
    Store(StoreError),
}

impl From<StoreError> for FlowRejected {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Where a request stands.
pub(super) struct Sight {
    pub(super) step: Step,
    pub(super) session: Session,
    /// How often the candidate's account withdrew what it had allowed the client.
    pub(super) consent_epoch: Epoch,
}

impl Flow {
    /// What a pending authorization is about and where it stands: what a page shows.
    pub async fn view(&self, flow: &str, visitor: &Visitor) -> Result<FlowView, FlowRejected> {
        let authorization = self.find(flow, visitor).await?;
        let client = self.client_still(&authorization).await?;
        let Sight { step, session, consent_epoch } = self.look(&authorization, &client, visitor).await?;
        let enough = enough(&authorization.request, &client, &self.classes);
        Ok(FlowView { authorization, client, session, step, enough, consent_epoch })
    }

    /// What comes next. An answer ends the authorization: of several requests at once, one gets it.
    pub async fn resume(&self, flow: &str, visitor: &Visitor) -> Result<Outcome, FlowRejected> {
        let mut left = RETRIES;
        loop {
            match self.resume_once(flow, visitor).await {
                // The session or the client was ended in this moment: what holds now decides.
                Err(FlowRejected::Store(StoreError::Conflict(Conflict::Ended))) if left > 0 => left -= 1,
                other => return other,
            }
            self.clients.poll().await?;
        }
    }

    async fn resume_once(&self, flow: &str, visitor: &Visitor) -> Result<Outcome, FlowRejected> {
        let FlowView { authorization, client, session, step, consent_epoch, .. } = self.view(flow, visitor).await?;
        let verdict = match step {
            Step::Ask(question) => return Ok(Outcome::Ask { flow: authorization.id, page: question.page() }),
            Step::Answer(verdict) => verdict,
        };
        // The code is in its place before the authorization is taken away: if the store fails in between, the end-user can try again,
        // and a code that was never sent is worth nothing.
        let given = (&verdict, &session, consent_epoch);
        let answer = self.resolve_answer(&authorization, &client, given, visitor).await?;
        let taken: Option<Authorization> =
            self.records.take(RecordKind::Authorization, key(authorization.id), self.clock.now()).await?;
        taken.ok_or(FlowRejected::Gone)?;
        Ok(self.delivered((&client.id, authorization.trial.as_deref()), answer).await?)
    }

    /// Records that the end-user authenticated. The browser gets the new session cookie.
    pub async fn signed_in(
        &self,
        flow: &str,
        visitor: &Visitor,
        user: &User,
        means: (Means, Option<Leave>),
    ) -> Result<SessionCookie, FlowRejected> {
        self.find(flow, visitor).await?;
        let (sign_in, cookie) = self.sessions.sign_in_with(visitor, user, means).await?;
        let recorded = |progress: &mut Progress| {
            progress.go_on_as(sign_in.id);
            progress.authenticated_at = Some(sign_in.auth_time);
        };
        self.record(flow, visitor, recorded).await?;
        Ok(cookie)
    }

    /// Records which of the browser's accounts goes on. One that is not signed in here changes nothing.
    pub async fn choose(&self, flow: &str, visitor: &Visitor, account: SignInId) -> Result<(), FlowRejected> {
        let session = self.sessions.load(visitor.session.as_ref()).await?;
        if !session.sign_ins.iter().any(|sign_in| sign_in.id == account) {
            return Ok(());
        }
        self.record(flow, visitor, |progress| progress.go_on_as(account)).await
    }

    /// Records that the end-user wants to sign in with an account that is not there yet.
    pub async fn choose_another(&self, flow: &str, visitor: &Visitor) -> Result<(), FlowRejected> {
        self.record(flow, visitor, Progress::go_on_as_another).await
    }

    /// Records that the end-user agreed, as the account that the page showed. Where that is not what would be asked now (another account, a
    /// sign-in that ended meanwhile), nothing is recorded and the dispatcher asks again.
    pub async fn consent(&self, flow: &str, visitor: &Visitor, account: SignInId) -> Result<(), FlowRejected> {
        let FlowView { authorization, client, session, step, .. } = self.view(flow, visitor).await?;
        let shown = candidate(&authorization, &session).filter(|sign_in| sign_in.id == account);
        let (Some(sign_in), Step::Ask(Question::Consent { .. })) = (shown, step) else { return Ok(()) };
        let now = self.clock.now();
        let before = self.stores.consents.standing(sign_in.user, &client.id).await?;
        let grounds = grounds_of_consent(sign_in, &client, before.epoch);
        let agreed = before.consent.map_or_else(ScopeSet::default, |consent| consent.scope);
        let asked = authorization.request.asked();
        let scope = agreed.union(&asked);
        let event = AuditEvent::new(AuditKind::ConsentGiven, Actor::User(sign_in.user), now, self.random.as_ref())
            .to_user(sign_in.user)
            .to_client(client.id.clone())
            .saying(asked.to_string());
        let consent = Consent { user: sign_in.user, client: client.id.clone(), scope, granted_at: now };
        let changes = grounds.into_iter().chain([Change::PutConsent(consent), Change::Audit(event)]).collect();
        match self.stores.work.commit(changes).await {
            // The session or the client was ended, or a consent withdrawn, in this moment.
            Err(StoreError::Conflict(Conflict::Ended)) => return Ok(self.clients.poll().await?),
            committed => committed?,
        }
        self.record(flow, visitor, |progress| {
            progress.go_on_as(account);
            progress.consented = Some(asked);
        })
        .await
    }

    /// Records that the end-user denied the request.
    pub async fn deny(&self, flow: &str, visitor: &Visitor) -> Result<(), FlowRejected> {
        self.record(flow, visitor, |progress| progress.refused = true).await
    }

    /// Records that the end-user is sent to an upstream provider without being asked.
    pub async fn sent_upstream(&self, flow: &str, visitor: &Visitor) -> Result<(), FlowRejected> {
        self.record(flow, visitor, |progress| progress.sent_upstream = true).await
    }

    /// Ends sign-ins of this browser, and says which are left.
    pub async fn sign_out(&self, visitor: &Visitor, ending: Ending) -> StoreResult<Session> {
        self.sessions.end(visitor, ending).await.map(|(_, left)| left)
    }

    /// What comes next, which accounts are signed in, and where the candidate's stands with the client.
    pub(super) async fn look(
        &self,
        authorization: &Authorization,
        client: &Client,
        visitor: &Visitor,
    ) -> StoreResult<Sight> {
        let session = self.sessions.load(visitor.session.as_ref()).await?;
        let ConsentStanding { consent, epoch } = match candidate(authorization, &session) {
            Some(sign_in) => self.stores.consents.standing(sign_in.user, &client.id).await?,
            None => ConsentStanding::default(),
        };
        let (second, unproved) = match candidate(authorization, &session) {
            Some(sign_in) => self.lacking(authorization, client, sign_in).await?,
            None => (SecondFactor::NONE, false),
        };
        let facts = (consent.as_ref(), second, unproved);
        let step = next_step(&Facts::gather(authorization, &session, client, facts, (&self.classes, self.clock.now())));
        Ok(Sight { step, session, consent_epoch: epoch })
    }

    /// What the account of a sign-in could prove besides and what it must, and whether its address is to be proved and was not. The account is read once, and
    /// not at all where it proved two factors or as much as any class that is asked for may be, and nobody asks for its address.
    async fn lacking(
        &self,
        authorization: &Authorization,
        client: &Client,
        sign_in: &SignIn,
    ) -> StoreResult<(SecondFactor, bool)> {
        let rules = self.policies.sign_in().await?;
        let by_address = match rules.verification {
            Verification::NotAsked => false,
            Verification::BeforeLogin => true,
            Verification::WhenAskedFor => authorization.request.asked().contains("email"),
        };
        let wanted = strongest_wanted(&authorization.request, client, &self.classes);
        let by_factor = !sign_in.acr.satisfies(wanted.as_str());
        if !by_factor && !by_address {
            return Ok((SecondFactor::NONE, false));
        }
        let user = self.stores.users.find(sign_in.user).await?;
        let unproved = by_address && user.as_ref().is_some_and(|user| !user.email_verified);
        let second =
            if by_factor { self.second_factor(&rules, sign_in, user.as_ref()).await? } else { SecondFactor::NONE };
        Ok((second, unproved))
    }

    async fn second_factor(
        &self,
        rules: &SignInRules,
        sign_in: &SignIn,
        user: Option<&User>,
    ) -> StoreResult<SecondFactor> {
        let mut factors = self.stores.factors.of_user(sign_in.user).await?;
        factors.hardware = factors.hardware && self.has_in_hardware(sign_in.user).await?;
        let policy = user.filter(|user| user.has_roles()).map(|_| rules.administrators_second_factor);
        let by_role = match user {
            Some(user) => self.affiliations.require_second_factor(user).await?,
            None => false,
        };
        let standing = Standing {
            factors: &factors,
            passkeys: rules.passkeys,
            everybody: rules.second_factor,
            by_role,
            administers: policy,
            proved: &sign_in.acr,
            leave: rules.leave_that_holds(sign_in.leave),
        };
        Ok(SecondFactor::of(&standing))
    }

    /// Whether an account has a passkey whose key is in hardware by what is proved now: its authenticator may be listed no more.
    async fn has_in_hardware(&self, user: UserId) -> StoreResult<bool> {
        if !self.hardware.any() {
            return Ok(false);
        }
        let passkeys = self.stores.passkeys.of_user(user).await?;
        Ok(passkeys.iter().any(|passkey| self.hardware.protection(passkey).is_hardware()))
    }

    /// Stores a pending authorization, until it expires or its browser has begun too many others since.
    pub(super) async fn keep(&self, authorization: &Authorization) -> StoreResult<()> {
        let label = RecordLabel {
            kind: RecordKind::Authorization,
            key: key(authorization.id),
            owners: vec![owner(&authorization.origin)],
            expires_at: authorization.expires_at,
        };
        self.records.put(label, authorization, self.clock.now()).await
    }

    /// Finds a pending authorization of this browser.
    async fn find(&self, flow: &str, visitor: &Visitor) -> Result<Authorization, FlowRejected> {
        let id: AuthorizationId = flow.parse().map_err(|_| FlowRejected::Gone)?;
        let now = self.clock.now();
        let found: Option<Authorization> = self.records.get(RecordKind::Authorization, key(id), now).await?;
        let authorization = found.filter(|found| now < found.expires_at).ok_or(FlowRejected::Gone)?;
        let same = authorization.origin.is_browser(visitor.browser.digest());
        if same { Ok(authorization) } else { Err(FlowRejected::OtherBrowser) }
    }

    /// Changes a pending authorization. It is taken away and put back, so that one that was answered meanwhile never comes back; where another
    /// request has it in hand, that one's change counts.
    async fn record(
        &self,
        flow: &str,
        visitor: &Visitor,
        change: impl FnOnce(&mut Progress),
    ) -> Result<(), FlowRejected> {
        let found = self.find(flow, visitor).await?;
        let taken = self.records.take(RecordKind::Authorization, key(found.id), self.clock.now()).await?;
        let Some(mut authorization): Option<Authorization> = taken else { return Ok(()) };
        change(&mut authorization.progress);
        Ok(self.keep(&authorization).await?)
    }

    /// The client, if it still is one and still has the redirect URI.
    async fn client_still(&self, authorization: &Authorization) -> Result<std::sync::Arc<Client>, FlowRejected> {
        let client = self.clients.find(authorization.client.as_str()).await?.filter(|client| client.enabled);
        let target = authorization.request.redirect.as_str();
        let matches = |client: &Client| client.redirect_target(target).is_some();
        client.filter(|client| matches(client)).ok_or(FlowRejected::Client)
    }

    /// What the client is answered; for a code, the grant behind it is stored.
    pub(super) async fn resolve_answer(
        &self,
        authorization: &Authorization,
        client: &Client,
        (verdict, session, consent_epoch): (&Verdict, &Session, Epoch),
        visitor: &Visitor,
    ) -> StoreResult<Answer> {
        match verdict {
            Verdict::Issue(sign_in) => {
                let answer = self.issue(authorization, (client, consent_epoch), sign_in).await?;
                self.sessions.used(visitor.session.as_ref(), session, sign_in.id).await?;
                Ok(answer)
            }
            Verdict::Refuse(error) => {
                let refusal = Refusal::of_error(error).by(&client.id);
                Ok(self.return_path(authorization).error(error, refusal))
            }
        }
    }
}

/// What a consent rests on: the sign-in that gives it, the client that the page showed, and what was agreed to before, to which it adds.
fn grounds_of_consent(sign_in: &SignIn, client: &Client, withdrawn: Epoch) -> [Change; 2] {
    let (id, epochs) = (sign_in.user, sign_in.epochs());
    let acting = ActingAccount { id, epochs, sign_in: Some(sign_in.id), roles: None };
    let consent = Ground::Consent { user: id, client: client.id.clone(), client_epoch: client.epoch, withdrawn };
    [Change::Holds(Ground::Account(acting)), Change::Holds(consent)]
}

/// What stands for the browser as the owner of its pending authorizations, of which it has only so many.
fn owner(origin: &Origin) -> UserId {
    let Origin::Browser(secret) = origin;
    let digest = Digest::of("owner of authorizations", secret.as_bytes());
    UserId::from_bytes(std::array::from_fn(|at| digest.as_bytes()[at]))
}

/// What a pending authorization is found by.
fn key(id: AuthorizationId) -> Digest {
    Digest::of("authorization", id.as_bytes())
}
