//! Proving an account by a code of a second factor, and what is still asked of one that proved the first.

use std::time::Duration;

use super::{Accounts, Origin};
use crate::identity::second_factor::{Needed, Standing, TotpSecret, TypedCode, needed};
use crate::identity::throttling::{GuessedCode, Held};
use crate::model::User;
use crate::model::acr::Acr;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::factor::{Factors, Second, SpentCode};
use crate::model::session::Leave;
use crate::store::{ActingAccount, Change, Conflict, Ground, StoreError, StoreResult};
use crate::support::Timestamp;
use crate::support::id::{FactorId, UserId};

/// Why an account was not proved by a code.
#[derive(Debug)]
pub enum CodeRejected {
    /// It is none, is not the account's, or was used before: the caller is not told which.
    Wrong,
    /// Too many wrong codes.
    Throttled {
        /// When to come back.
        retry_after: Duration,
    },
    /// The browser has to work for its next code.
    Work,
    /// It was mailed, and does not count any more: it was used, tried too often, replaced, or has expired.
    Spent,
    /// What the login began with was ended meanwhile.
    Ended,
    /// The store did not answer.
    Store(StoreError),
}

impl From<StoreError> for CodeRejected {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::TokenSpent) => Self::Wrong,
            StoreError::Conflict(Conflict::Ended | Conflict::Stale) => Self::Ended,
            other => Self::Store(other),
        }
    }
}

impl CodeRejected {
    /// The same of a code that was mailed.
    pub(super) fn of_mailed(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::TokenSpent) => Self::Spent,
            other => other.into(),
        }
    }
}

impl From<Held> for CodeRejected {
    fn from(held: Held) -> Self {
        match held {
            Held::TooOften(throttled) => Self::Throttled { retry_after: throttled.retry_after },
            Held::ForWork => Self::Work,
        }
    }
}

/// A code that somebody typed to prove an account.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// What was typed.
    pub typed: &'a str,
    /// What waits for it: names the login, or the sign-in.
    pub login: &'a str,
    /// Where it comes from.
    pub from: &'a Origin,
}

impl Accounts {
    /// What an account has beside its first factor.
    pub async fn factors(&self, user: UserId) -> StoreResult<Factors> {
        self.stores.factors.of_user(user).await
    }

    /// What an account is still asked for that was proved this strongly.
    pub async fn still_needed(&self, user: &User, proved: &Acr, leave: Option<Leave>) -> StoreResult<Needed> {
        if proved.is_of_two_factors() {
            return Ok(Needed::Nothing(None));
        }
        let (factors, rules) = (self.factors(user.id).await?, self.policies.sign_in().await?);
        let administers = user.has_roles().then_some(rules.administrators_second_factor);
        let leave = rules.leave_that_holds(leave);
        let standing = Standing {
            factors: &factors,
            passkeys: rules.passkeys,
            everybody: rules.second_factor,
            by_role: self.affiliations.require_second_factor(user).await?,
            administers,
            proved,
            leave,
        };
        Ok(needed(&standing))
    }

    /// The same of an account whose end-user proved a first factor just now. That they are let in once without the second is remembered before they are.
    pub async fn needed_to_sign_in(&self, user: &User, proved: &Acr, leave: Option<Leave>) -> StoreResult<Needed> {
        let needed = self.still_needed(user, proved, leave).await?;
        if needed != Needed::Nothing(Some(Leave::FirstTime)) {
            return Ok(needed);
        }
        match self.stores.work.commit(vec![Change::OfferFactor(user.id, self.clock.now())]).await {
            // Two came at once, and one of them is the first.
            Err(StoreError::Conflict(Conflict::Taken)) => Ok(Needed::Enrolment),
            committed => committed.map(|()| needed),
        }
    }

    /// Notes that somebody is in whose second factor was not asked for, as the account trusts the browser.
    pub async fn let_in_by_trust(&self, user: UserId) -> StoreResult<()> {
        let event = self.own_event(AuditKind::SignedIn, user).saying("trusted browser");
        self.stores.work.commit(vec![Change::Audit(event)]).await
    }

    /// What entries of the audit log call a first factor that was proved: with it somebody is in, or asked for the second.
    pub(super) async fn kind_of_first_factor(&self, user: &User) -> StoreResult<AuditKind> {
        let factors = self.factors(user.id).await?;
        let more = factors.any() || (factors.passkey && self.must_prove_passkey(user).await?);
        Ok(if more { AuditKind::FirstFactorProved } else { AuditKind::SignedIn })
    }

    /// Whether an account that has a passkey is asked for it beside a first factor.
    async fn must_prove_passkey(&self, user: &User) -> StoreResult<bool> {
        Ok(self.policies.sign_in().await?.passkeys && self.must_have_one(user).await?)
    }

    /// Proves an account by a code, which is used up by that: of many who present it at once, one does. It is counted before it is looked at.
    pub async fn prove_code(&self, user: &User, attempt: &Attempt<'_>) -> Result<Second, CodeRejected> {
        let typed = TypedCode::read(attempt.typed).ok_or(CodeRejected::Wrong)?;
        let guessed = match &typed {
            TypedCode::OfAnApp(_) => GuessedCode::OfAnApp,
            TypedCode::Recovery(_) => GuessedCode::Recovery,
        };
        let admission = self.admit_code((user.id, guessed), attempt).await?;
        let factors = self.factors(user.id).await?;
        let now = self.clock.now();
        let (code, second) = match &typed {
            TypedCode::OfAnApp(code) => (self.step_of(&factors, code, now), Second::Totp),
            TypedCode::Recovery(code) => {
                (factors.any().then(|| SpentCode::Recovery(code.digest(user.id))), Second::RecoveryCode)
            }
        };
        let committed = match code {
            Some(code) => self.stores.work.commit(self.spending(user, code, second)).await.map_err(CodeRejected::from),
            None => Err(CodeRejected::Wrong),
        };
        match committed {
            Ok(()) => {
                self.throttle.code_was_right((user.id, guessed), &admission, attempt.from).await;
                Ok(second)
            }
            Err(CodeRejected::Wrong) => {
                let failed = AuditEvent::new(AuditKind::SecondFactorFailed, Actor::Anonymous, now, &*self.random);
                self.stores.work.commit(vec![Change::Audit(failed.to_user(user.id))]).await?;
                Err(CodeRejected::Wrong)
            }
            Err(other) => {
                // It was right; what did not hold was something else.
                self.throttle.take_back(&admission).await;
                Err(other)
            }
        }
    }

    /// What spends a code, where the account is as it was when the login began.
    fn spending(&self, user: &User, code: SpentCode, second: Second) -> Vec<Change> {
        let acting = ActingAccount { id: user.id, epochs: user.epochs(), sign_in: None, roles: None };
        let mut changes = vec![
            Change::Holds(Ground::Account(acting)),
            Change::SpendCode { user: user.id, code, now: self.clock.now() },
        ];
        if second == Second::RecoveryCode {
            changes.push(Change::Audit(self.own_event(AuditKind::RecoveryCodeUsed, user.id)));
        }
        changes.push(Change::Audit(self.own_event(AuditKind::SignedIn, user.id).saying(second.as_str())));
        changes
    }

    /// Which step of which app a code is of. Every app is asked.
    fn step_of(&self, factors: &Factors, code: &str, now: Timestamp) -> Option<SpentCode> {
        let mut found = None;
        for factor in &factors.all {
            let secret = self.sealer.unseal(&binding(factor.id, factor.user), &factor.sealed);
            let Some(secret) = secret.and_then(|bytes| TotpSecret::of(&bytes)) else {
                tracing::warn!(factor = %factor.id, "a second factor could not be opened");
                continue;
            };
            let step = secret.step_of(code, now, factor.last_step);
            found = found.or(step.map(|step| SpentCode::Step { factor: factor.id, step }));
        }
        found
    }
}

/// What a secret is sealed to: moved to another factor or account it does not open.
pub(super) fn binding(factor: FactorId, user: UserId) -> Vec<u8> {
    [b"factor ".as_slice(), factor.as_bytes(), user.as_bytes()].concat()
}
