//! Making an account oneself.

use std::time::Duration;

use super::{AccountRejected, Accounts, NewAccount, Origin};
use crate::identity::password::HashingFailed;
use crate::identity::throttling::Throttled;
use crate::model::User;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::user::PasswordCredential;
use crate::store::{Change, Conflict, StoreError};

/// Why no account was made.
#[derive(Debug)]
pub enum SignUpRejected {
    /// The operator makes the accounts here.
    SwitchedOff,
    /// Fields break rules: each that does, once.
    Fields(Vec<AccountRejected>),
    /// An account signs in with this address already.
    EmailTaken,
    /// Too many new accounts from one address.
    Throttled {
        /// When to come back.
        retry_after: Duration,
    },
    /// Too many logins at once.
    Busy {
        /// When to come back.
        retry_after: Duration,
    },
    /// The store did not answer.
    Store(StoreError),
}

impl From<Vec<AccountRejected>> for SignUpRejected {
    fn from(rejected: Vec<AccountRejected>) -> Self {
        Self::Fields(rejected)
    }
}

impl From<Throttled> for SignUpRejected {
    fn from(throttled: Throttled) -> Self {
        Self::Throttled { retry_after: throttled.retry_after }
    }
}

impl From<HashingFailed> for SignUpRejected {
    fn from(failed: HashingFailed) -> Self {
        match failed {
            HashingFailed::Busy { retry_after } => Self::Busy { retry_after },
            HashingFailed::Unreadable => Self::Store(StoreError::Corrupt("argon2 refused its parameters".to_owned())),
        }
    }
}

impl From<StoreError> for SignUpRejected {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Taken) => Self::EmailTaken,
            other => Self::Store(other),
        }
    }
}

impl Accounts {
    /// Makes an account. Whether the address is free shows only at the end, after the same work, and each try counts.
    pub async fn sign_up(&self, new: NewAccount, from: &Origin) -> Result<User, SignUpRejected> {
        if !self.rules.sign_up {
            return Err(SignUpRejected::SwitchedOff);
        }
        let account = new.check(&self.rules)?;
        let place = self.hasher.reserve()?;
        self.throttle.admit_sign_up(from.address).await?;
        let phc = place.hash(account.password).await?;
        let now = self.clock.now();
        let user = self.new_user(account.email, account.name, account.locale).await?;
        let event = AuditEvent::new(AuditKind::UserCreated, Actor::User(user.id), now, &*self.random).to_user(user.id);
        let credential = PasswordCredential { user: user.id, phc, changed_at: now };
        let changes = vec![Change::InsertUser(user.clone()), Change::PutPassword(credential), Change::Audit(event)];
        self.stores.work.commit(changes).await?;
        Ok(user)
    }
}
