//! Deleting one's own account.
//!
//! It is the deletion that administrators make too, in one change: from the commit on nothing of the account counts, anywhere. What differs is who
//! asks: the end-user, who typed the address and proved the account a moment ago.

use super::{Accounts, RecentProof};
use crate::mail::{Happened, Letter, Notice};
use crate::model::audit_event::{AuditEvent, AuditKind};
use crate::model::user::{EmailAddress, LastOf, User};
use crate::model::user_edit::UserEdit;
use crate::store::{Change, Conflict, StoreError, StoreResult, UserQuery};

/// How many of those who administer the server are looked at before the commit decides.
const MOST_ADMINISTRATORS: u32 = 200;

/// Why an account was not deleted.
#[derive(Debug)]
pub enum DeleteRejected {
    /// The server cannot do without it.
    Last(LastOf),
    /// The account, or the sign-in that the proof was given in, ended meanwhile.
    Gone,
    /// The store did not answer.
    Store(StoreError),
}

impl From<StoreError> for DeleteRejected {
    fn from(error: StoreError) -> Self {
        match error {
            // Of those who administer it, nobody else could sign in.
            StoreError::Conflict(Conflict::LastAdministrator | Conflict::LockedOut) => {
                Self::Last(LastOf::Administrators)
            }
            StoreError::Conflict(Conflict::LastOwner) => Self::Last(LastOf::Owners),
            StoreError::Conflict(Conflict::Stale | Conflict::Ended) => Self::Gone,
            other => Self::Store(other),
        }
    }
}

/// Whether what was typed names this account: its address, whatever the case.
pub fn names_account(user: &User, typed: &str) -> bool {
    EmailAddress::parse(typed).is_ok_and(|typed| typed.lookup_key() == user.email.lookup_key())
}

impl Accounts {
    /// Deletes the account that proved itself, with everything that it has; what the audit log has of it is its id.
    pub async fn delete(&self, proof: &RecentProof) -> Result<(), DeleteRejected> {
        let user = proof.account();
        let end = UserEdit { decided_in: Some(proof.epochs()), ..UserEdit::end_of_everything(user, self.clock.now()) };
        let event = self.own_event(AuditKind::UserDeleted, user);
        let told = self.stores.users.find(user).await?.and_then(|user| self.told_of_deletion(&user, &event));
        let mut changes = vec![Change::Holds(proof.ground()), Change::DeleteUser(end), Change::Audit(event)];
        changes.extend(told);
        Ok(self.stores.work.commit(changes).await?)
    }

    /// The mail that tells of a deletion, for the unit of work that deletes: nobody knows the address afterwards. It is about no account, as there is none.
    pub(crate) fn told_of_deletion(&self, user: &User, event: &AuditEvent) -> Option<Change> {
        let event = event.clone().to_user(user.id);
        let letter = Letter::Notice(Notice::of(Happened::Deleted, &event));
        self.mailer.put(&user.email, None, self.mailer.locale_of(Some(user), None), letter)
    }

    /// What keeps an account from being deleted, as far as that can be said before: the commit decides.
    pub async fn indispensable(&self, user: &User) -> StoreResult<Option<LastOf>> {
        if LastOf::lost_by(user, None, &[]).is_none() {
            return Ok(None);
        }
        let query = UserQuery { administers: Some(true), ..UserQuery::default() };
        let all = self.stores.users.list(&query, MOST_ADMINISTRATORS).await?.items;
        let others: Vec<User> = all.into_iter().filter(|other| other.id != user.id).collect();
        Ok(LastOf::lost_by(user, None, &others))
    }
}
