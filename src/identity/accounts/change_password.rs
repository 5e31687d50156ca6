//! Changing one's own password.

use std::time::Duration;

use super::{Accounts, NotTaken, Origin, RecentProof, unreadable_hash};
use crate::identity::password::{Asker, HashingFailed, Password, PasswordRejected, Verdict};
use crate::identity::throttling::{Guess, GuessedPassword, Held};
use crate::model::User;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::epoch::AccountEpochs;
use crate::model::user::PasswordCredential;
use crate::model::user_edit::UserEdit;
use crate::store::{Change, Ground, StoreError};
use crate::support::Secret;
use crate::support::id::UserId;

/// What entitles an end-user to set a new password.
#[derive(Clone, Copy, Debug)]
pub enum Entitled<'a> {
    /// The current one, as it was typed.
    Knows(&'a Secret<String>),
    /// The account has none, and proved itself by other means a moment ago.
    Proved(&'a RecentProof),
}

impl Entitled<'_> {
    /// The epochs in which it entitles: of what was looked at for a password, and of what was proved otherwise.
    const fn epochs(&self, user: &User) -> AccountEpochs {
        match self {
            Self::Knows(_) => user.epochs(),
            Self::Proved(proof) => proof.epochs(),
        }
    }

    /// What the change rests on besides: a proof is worth nothing once its sign-in has ended.
    const fn ground(&self) -> Option<Ground> {
        match self {
            Self::Knows(_) => None,
            Self::Proved(proof) => Some(proof.ground()),
        }
    }
}

/// Why a password was not changed.
#[derive(Debug)]
pub enum ChangePasswordRejected {
    /// The current password is another.
    WrongPassword,
    /// The new one may not be a password.
    Password(PasswordRejected),
    /// The account is gone or switched off.
    NoAccount,
    /// Too many wrong guesses.
    Throttled {
        /// When to come back.
        retry_after: Duration,
    },
    /// The browser has to work for its next guess.
    Work,
    /// Too many logins at once.
    Busy {
        /// When to come back.
        retry_after: Duration,
    },
    /// The store did not answer, or everything of the account was ended meanwhile (`Stale`).
    Store(StoreError),
}

impl From<StoreError> for ChangePasswordRejected {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Held> for ChangePasswordRejected {
    fn from(held: Held) -> Self {
        match held {
            Held::TooOften(throttled) => Self::Throttled { retry_after: throttled.retry_after },
            Held::ForWork => Self::Work,
        }
    }
}

impl Accounts {
    /// Sets a new password for an end-user who knows the current one, or a first one for an account that proved itself just now. Every session
    /// and grant from before ends, in every browser: the caller begins a new session for the end-user at hand, with the account that this returns.
    pub async fn change_password(
        &self,
        id: UserId,
        entitled: Entitled<'_>,
        new: &Secret<String>,
        from: &Origin,
    ) -> Result<User, ChangePasswordRejected> {
        let user = self.stores.users.find(id).await?.filter(User::is_active);
        let user = user.ok_or(ChangePasswordRejected::NoAccount)?;
        match entitled {
            Entitled::Knows(current) => self.verify_current(&user, current, from).await?,
            Entitled::Proved(proof) => self.check_recent(id, proof).await?,
        }
        let name = user.profile.get("name").and_then(serde_json::Value::as_str);
        let new = self
            .rules()
            .await?
            .check_password(new, user.email.as_str(), name)
            .map_err(ChangePasswordRejected::Password)?;
        let phc =
            self.take_password(new, &Asker::new(user.email.as_str(), from.address)).await.map_err(|not_taken| {
                match not_taken {
                    NotTaken::Rejected(why) => ChangePasswordRejected::Password(why),
                    NotTaken::Hashing(why) => hashing_failed(why, id),
                }
            })?;
        let now = self.clock.now();
        let event = AuditEvent::new(AuditKind::PasswordChanged, Actor::User(id), now, &*self.random).to_user(id);
        // Whatever else of the account changes meanwhile: only where everything was ended since is the proof worth nothing.
        let end = UserEdit { decided_in: Some(entitled.epochs(&user)), ..UserEdit::end_of_everything(id, now) };
        let mut changes: Vec<Change> = entitled.ground().map(Change::Holds).into_iter().collect();
        changes.extend([
            Change::EditUser(end),
            Change::PutPassword(PasswordCredential { user: id, phc, changed_at: now }),
            Change::Audit(event),
        ]);
        self.stores.work.commit(changes).await?;
        Ok(User { version: user.version + 1, ..user.with_everything_ended(now) })
    }

    /// Where there is no password to know, a recent proof is what entitles.
    async fn check_recent(&self, id: UserId, proof: &RecentProof) -> Result<(), ChangePasswordRejected> {
        let entitled = proof.account() == id && self.stores.users.password(id).await?.is_none();
        if entitled { Ok(()) } else { Err(ChangePasswordRejected::WrongPassword) }
    }

    /// A stolen session must not become a way to guess: this counts as signing in does.
    async fn verify_current(
        &self,
        user: &User,
        current: &Secret<String>,
        from: &Origin,
    ) -> Result<(), ChangePasswordRejected> {
        let Ok(current) = Password::parse(current) else { return Err(ChangePasswordRejected::WrongPassword) };
        let asker = Asker::new(user.email.as_str(), from.address);
        let place = self.hasher.reserve(&asker).map_err(|why| hashing_failed(why, user.id))?;
        let credential = self.stores.users.password(user.id).await?;
        let guessed = GuessedPassword::of(user.id, credential.as_ref());
        let guess = Guess { password: Some(guessed), identifier: user.email.as_str(), origin: from };
        let admission = self.admit_guess::<ChangePasswordRejected>(&guess).await?;
        match place.verify(current, credential.as_ref().map(|c| &c.phc)).await {
            Ok(Verdict::Right { .. }) => {
                self.throttle.take_back(&admission).await;
                Ok(())
            }
            Ok(Verdict::Wrong) => Err(ChangePasswordRejected::WrongPassword),
            Err(why) => {
                self.throttle.take_back(&admission).await;
                Err(hashing_failed(why, user.id))
            }
        }
    }
}

fn hashing_failed(why: HashingFailed, user: UserId) -> ChangePasswordRejected {
    match why {
        HashingFailed::Busy { retry_after } => ChangePasswordRejected::Busy { retry_after },
        HashingFailed::Unreadable => ChangePasswordRejected::Store(unreadable_hash(user)),
    }
}
