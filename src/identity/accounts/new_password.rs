//! The one way by which a new password becomes a hash that is stored.

use super::Accounts;
use crate::identity::password::{Asker, HashingFailed, Password, PasswordRejected};
use crate::support::Secret;

/// Why a password that passed the rules is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// It was stolen elsewhere.
    Rejected(PasswordRejected),
    /// It was not hashed.
    Hashing(HashingFailed),
}

impl From<HashingFailed> for NotTaken {
    fn from(failed: HashingFailed) -> Self {
        Self::Hashing(failed)
    }
}

impl Accounts {
    /// Hashes a new password, unless it is among those that were stolen elsewhere. That may mean a call to the outside: whoever can be slowed down was, before
    /// this.
    pub(crate) async fn take_password(&self, password: Password, asker: &Asker) -> Result<Secret<String>, NotTaken> {
        if self.breached.has(&password).await {
            return Err(NotTaken::Rejected(PasswordRejected::Breached));
        }
        Ok(self.hasher.hash(password, asker).await?)
    }
}
