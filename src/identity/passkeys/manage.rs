//! Renaming and removing the passkeys of one's own account.

use super::Passkeys;
use crate::identity::RecentProof;
use crate::model::User;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::passkey::passkey_name;
use crate::model::user_edit::UserEdit;
use crate::store::{Change, Conflict, StoreError};
use crate::support::id::{PasskeyId, UserId};

/// Why a passkey was not removed, or not renamed.
#[derive(Debug)]
pub enum RemoveRejected {
    /// There is no such passkey of the account, any more.
    Gone,
    /// It is the last way in, and stays.
    LastWayIn,
    /// It is the only second factor of an account that must have one.
    Needed,
    /// The name may not be one.
    Name,
    /// What it rests on ended meanwhile.
    Ended,
    /// The store did not answer.
    Store(StoreError),
}

impl From<StoreError> for RemoveRejected {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Stale) => Self::Gone,
            StoreError::Conflict(Conflict::LastWayIn | Conflict::LockedOut) => Self::LastWayIn,
            StoreError::Conflict(Conflict::Ended) => Self::Ended,
            other => Self::Store(other),
        }
    }
}

impl Passkeys {
    /// Gives a passkey of an account another name, which is no way in, and nobody else's business.
    pub async fn rename(&self, user: UserId, id: PasskeyId, name: &str) -> Result<(), RemoveRejected> {
        let name = passkey_name(name).ok_or(RemoveRejected::Name)?;
        Ok(self.accounts.stores.work.commit(vec![Change::RenamePasskey { id, user, name }]).await?)
    }

    /// Removes a passkey of the account that proved itself, unless it is the last way in, or the only second factor of an account that must have one. Every session and grant from before ends, in every browser: whoever has a
    /// lost device has no more of the account. The caller goes on with the account that this returns.
    pub async fn remove(&self, proof: &RecentProof, id: PasskeyId) -> Result<User, RemoveRejected> {
        let accounts = &self.accounts;
        let account = proof.account();
        let user = accounts.find(account).await?.filter(User::is_active).ok_or(RemoveRejected::Ended)?;
        let passkeys = self.of(account).await?;
        let is_only = passkeys.len() == 1 && self.are_offered().await? && !accounts.factors(account).await?.any();
        let passkey = passkeys.into_iter().find(|passkey| passkey.id == id).ok_or(RemoveRejected::Gone)?;
        if is_only && accounts.must_have_one(&user).await? {
            return Err(RemoveRejected::Needed);
        }
        let now = accounts.clock.now();
        let event = AuditEvent::new(AuditKind::PasskeyRemoved, Actor::User(account), now, &*accounts.random);
        let end = UserEdit { decided_in: Some(proof.epochs()), ..UserEdit::end_of_everything(account, now) };
        let changes = vec![
            Change::Holds(proof.ground()),
            Change::DeletePasskey(id, account),
            Change::EditUser(end),
            Change::Audit(event.to_user(account).saying(passkey.name)),
        ];
        accounts.stores.work.commit(changes).await?;
        Ok(User { version: user.version + 1, ..user.with_everything_ended(now) })
    }
}
