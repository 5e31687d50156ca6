//! What an account is told that nobody asked for: a sign-in in a browser that it does not know, and guesses that are held back.
//!
//! The one place that tells of a sign-in, whatever it was by: every session begins with it, once all that the account needs is proved. Guesses are told of once a day, so that
//! whoever guesses does not fill a mailbox by it; what would be an account and is none takes the same steps.

use super::{Accounts, Attempt, CodeRejected, Origin};
use crate::identity::throttling::{Admission, Guess, GuessedCode, Held, Throttled};
use crate::mail::{Happened, Letter, Notice};
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::user::User;
use crate::store::{Change, StoreError, StoreResult};
use crate::support::id::UserId;

impl Accounts {
    /// Tells an account of a sign-in that begins in a browser that it does not know, and has it know that browser from now on.
    pub async fn signs_in_here(&self, user: &User, from: &Origin) -> StoreResult<()> {
        if self.throttle.knows(user.id, from).await {
            return Ok(());
        }
        let event = self.own_event(AuditKind::SignedIn, user.id);
        let letter = Letter::Notice(Notice::of(Happened::NewSignIn, &event));
        let told = self.mailer.put(&user.email, Some(user.id), self.mailer.locale_of(Some(user), None), letter);
        if let Some(told) = told {
            self.stores.work.commit(vec![told]).await?;
        }
        self.throttle.now_known(user.id, from).await;
        Ok(())
    }

    /// Counts a guess at a password, and notes where such guesses are held back, or those at what is typed as the name of an account that there is not.
    pub(super) async fn admit_guess<E: From<Held> + From<StoreError>>(
        &self,
        guess: &Guess<'_>,
    ) -> Result<Admission, E> {
        match self.throttle.admit_guess(guess).await {
            Ok(admission) => Ok(admission),
            Err(held) => {
                if matches!(held, Held::TooOften(Throttled { aimed: true, .. })) {
                    let account = guess.password.map(|of| of.account);
                    self.held_back(AuditKind::PasswordsHeldBack, &guess.name(), account).await?;
                }
                Err(held.into())
            }
        }
    }

    /// Counts a guess at a code, and notes where such guesses are held back. Those at a recovery code nobody can guess.
    pub(super) async fn admit_code(
        &self,
        (account, what): (UserId, GuessedCode),
        attempt: &Attempt<'_>,
    ) -> Result<Admission, CodeRejected> {
        match self.throttle.admit_code((account, what), attempt.login, attempt.from).await {
            Ok(admission) => Ok(admission),
            Err(held) => {
                if matches!(held, Held::TooOften(_)) && what == GuessedCode::OfAnApp {
                    self.held_back(AuditKind::CodesHeldBack, &format!("codes of {account}"), Some(account)).await?;
                }
                Err(held.into())
            }
        }
    }

    async fn held_back(&self, kind: AuditKind, name: &str, user: Option<UserId>) -> StoreResult<()> {
        if !self.throttle.first_today(name).await {
            return Ok(());
        }
        let event = AuditEvent::new(kind, Actor::Anonymous, self.clock.now(), &*self.random);
        self.stores.work.commit(vec![Change::Audit(AuditEvent { user, ..event })]).await
    }
}
