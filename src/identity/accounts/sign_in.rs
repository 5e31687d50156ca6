//! Proving who one is by password.

use std::time::Duration;

use super::{Accounts, Origin, unreadable_hash};
use crate::identity::password::{Asker, HashingFailed, Password, Verdict};
use crate::identity::throttling::{Admission, Guess, GuessedPassword, Held, Stuffing};
use crate::model::User;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::count::{Counted, LoginMethod, LoginOutcome};
use crate::model::user::{EmailAddress, PasswordCredential};
use crate::store::{Change, Conflict, StoreError, StoreResult};
use crate::support::Secret;
use crate::support::id::UserId;

/// Why a user was not signed in.
#[derive(Debug)]
pub enum SignInRejected {
    /// There is no such account, or it has another password, or none: the caller is not told which.
    WrongCredentials,
    /// Nobody signs in by password.
    SwitchedOff,
    /// Too many wrong guesses.
    Throttled {
        /// When to come back.
        retry_after: Duration,
    },
    /// The browser has to work for its next guess.
    Work,
    /// The password is right and the account is switched off. Only its owner learns that.
    Disabled,
    /// Too many logins at once.
    Busy {
        /// When to come back.
        retry_after: Duration,
    },
    /// The store did not answer.
    Store(StoreError),
}

impl From<StoreError> for SignInRejected {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Held> for SignInRejected {
    fn from(held: Held) -> Self {
        match held {
            Held::TooOften(throttled) => Self::Throttled { retry_after: throttled.retry_after },
            Held::ForWork => Self::Work,
        }
    }
}

/// Whom a typed name and password are checked against.
struct SignInCandidate {
    user: Option<User>,
    password: Option<PasswordCredential>,
}

impl Accounts {
    /// Checks the password of a user who signs in by it, where that is how users sign in: whoever asks is told so, whatever was typed.
    pub async fn sign_in(
        &self,
        email_text: &str,
        password: &Secret<String>,
        from: &Origin,
    ) -> Result<User, SignInRejected> {
        if !self.policies.sign_in().await?.passwords {
            return Err(SignInRejected::SwitchedOff);
        }
        self.check_password(email_text, password, from).await
    }

    /// Checks a user's password. Takes the same steps, and answers the same, whether the account exists or not; a guess is
    /// counted before it is looked at.
    pub(super) async fn check_password(
        &self,
        email_text: &str,
        password: &Secret<String>,
        from: &Origin,
    ) -> Result<User, SignInRejected> {
        // No account can have such a password, so this says nothing about one.
        let Ok(password) = Password::parse(password) else { return Err(SignInRejected::WrongCredentials) };
        let asker = Asker::new(email_text, from.address);
        let place = self.hasher.reserve(&asker).map_err(|why| hashing_failed(why, None))?;
        let subject = self.subject(email_text).await?;
        let account = subject.user.as_ref().map(|user| user.id);
        let guessed = account.map(|id| GuessedPassword::of(id, subject.password.as_ref()));
        let guess = Guess { password: guessed, identifier: email_text, origin: from };
        let admission = self.admit_guess::<SignInRejected>(&guess).await?;
        let phc = subject.password.as_ref().map(|credential| &credential.phc);
        let verdict = place.verify(password.clone(), phc).await;
        match (verdict, subject.user) {
            (Ok(Verdict::Right { outdated }), Some(user)) => {
                self.right_password(user, outdated.then_some((password, asker)), &admission).await
            }
            (Ok(_), _) => {
                let seen = self.throttle.guessed_wrong(&admission, from).await;
                let told = seen.into_iter().map(|stuffing| Change::Audit(self.stuffing(&stuffing)));
                self.stores
                    .work
                    .commit([Change::Audit(self.failure(account))].into_iter().chain(told).collect())
                    .await?;
                Err(SignInRejected::WrongCredentials)
            }
            (Err(why), _) => {
                self.throttle.take_back(&admission).await;
                Err(hashing_failed(why, account))
            }
        }
    }

    /// Looks up what there is; where there is nothing, looks up as much.
    async fn subject(&self, email_text: &str) -> StoreResult<SignInCandidate> {
        let user = match EmailAddress::parse(email_text) {
            Ok(email) => self.stores.users.find_by_email(&email).await?,
            Err(_) => None,
        };
        let id = user.as_ref().map_or_else(|| UserId::new(self.clock.now(), &*self.random), |user| user.id);
        let password = self.stores.users.password(id).await?;
        Ok(SignInCandidate { user, password })
    }

    /// Whose password is guessed at with a name, if anybody's.
    pub(super) async fn password_of(
        &self,
        email_text: &str,
    ) -> StoreResult<(Option<UserId>, Option<PasswordCredential>)> {
        let subject = self.subject(email_text).await?;
        Ok((subject.user.map(|user| user.id), subject.password))
    }

    async fn right_password(
        &self,
        user: User,
        outdated: Option<(Password, Asker)>,
        admission: &Admission,
    ) -> Result<User, SignInRejected> {
        // What came of the account while the password was verified counts: one that was changed meanwhile opens nothing.
        let began_with = user.epochs();
        let user = self.stores.users.find(user.id).await?.filter(|user| user.epochs() == began_with);
        let user = user.ok_or(SignInRejected::WrongCredentials)?;
        self.throttle.take_back(admission).await;
        if !user.is_active() {
            let failure = self.failure(Some(user.id)).saying("the account is disabled");
            self.stores.work.commit(vec![Change::Audit(failure)]).await?;
            return Err(SignInRejected::Disabled);
        }
        let kind = self.kind_of_first_factor(&user).await?;
        let event = self.own_event(kind, user.id).saying("password");
        self.stores.work.commit(vec![Change::Audit(event)]).await?;
        if let Some((password, asker)) = outdated {
            self.renew_hash(&user, password, &asker).await;
        }
        Ok(user)
    }

    /// Hashes the password anew with the parameters that are set now. No sign-in waits or fails for it: the next sign-in
    /// tries again. The account goes along in the commit, so that a password which was changed meanwhile is not set back.
    async fn renew_hash(&self, user: &User, password: Password, asker: &Asker) {
        let Ok(phc) = self.hasher.hash(password, asker).await else { return };
        let credential = PasswordCredential { user: user.id, phc, changed_at: self.clock.now() };
        let changes = vec![Change::UpdateUser(user.clone()), Change::PutPassword(credential)];
        match self.stores.work.commit(changes).await {
            Ok(()) | Err(StoreError::Conflict(Conflict::Stale)) => {}
            Err(error) => tracing::warn!(%error, user = %user.id, "a password hash could not be renewed"),
        }
    }

    fn stuffing(&self, seen: &Stuffing) -> AuditEvent {
        tracing::warn!("{seen}: further guesses of unknown browsers have to be worked for");
        let event = AuditEvent::new(AuditKind::GuessingSeen, Actor::System, self.clock.now(), &*self.random);
        event.saying(seen.to_string())
    }

    /// The name that was typed is not in it: users type their password there.
    fn failure(&self, account: Option<UserId>) -> AuditEvent {
        self.counts.note(Counted::Login(LoginMethod::Password, LoginOutcome::Failed));
        let now = self.clock.now();
        let event = AuditEvent::new(AuditKind::SignInFailed, Actor::Anonymous, now, &*self.random);
        AuditEvent { user: account, ..event }
    }
}

fn hashing_failed(why: HashingFailed, account: Option<UserId>) -> SignInRejected {
    match (why, account) {
        (HashingFailed::Busy { retry_after }, _) => SignInRejected::Busy { retry_after },
        (HashingFailed::Unreadable, Some(user)) => SignInRejected::Store(unreadable_hash(user)),
        (HashingFailed::Unreadable, None) => SignInRejected::WrongCredentials,
    }
}
