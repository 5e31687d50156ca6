//! What a person ends: every sign-in, or what one app was allowed.

use super::Accounts;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::client::ClientId;
use crate::model::session::SignIn;
use crate::model::user::User;
use crate::model::user_edit::UserEdit;
use crate::store::{ActingAccount, Change, Conflict, Ground, StoreError, StoreResult};
use crate::support::id::UserId;

impl Accounts {
    /// Ends every session and grant of a person, in every browser and app. An account that is gone has none.
    pub async fn sign_out_everywhere(&self, id: UserId) -> StoreResult<()> {
        let end = UserEdit::end_of_everything(id, self.clock.now());
        let event = self.own_event(AuditKind::SessionsRevoked, id);
        match self.stores.work.commit(vec![Change::EditUser(end), Change::Audit(event)]).await {
            Err(StoreError::Conflict(Conflict::Stale)) => Ok(()),
            other => other,
        }
    }

    /// Ends every session and grant of a person but one sign-in, which the caller carries over to the account that this returns; `None` where
    /// that one ended itself meanwhile, and so ends nothing any more.
    pub async fn sign_out_elsewhere(&self, staying: &SignIn) -> StoreResult<Option<User>> {
        let Some(user) = self.stores.users.find(staying.user).await?.filter(User::is_active) else { return Ok(None) };
        let (now, epochs) = (self.clock.now(), staying.epochs());
        let end = UserEdit { decided_in: Some(epochs), ..UserEdit::end_of_everything(user.id, now) };
        let acting = ActingAccount { id: user.id, epochs, sign_in: Some(staying.id), roles: None };
        let event = self.own_event(AuditKind::SessionsRevoked, user.id).saying("everywhere else");
        let changes = vec![Change::Holds(Ground::Account(acting)), Change::EditUser(end), Change::Audit(event)];
        match self.stores.work.commit(changes).await {
            Ok(()) => Ok(Some(user.with_everything_ended(now))),
            Err(StoreError::Conflict(Conflict::Stale | Conflict::Ended)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Withdraws what a person allowed a client, and everything that came of it.
    pub async fn withdraw_consent(&self, user: UserId, client: ClientId) -> StoreResult<()> {
        let event = self.own_event(AuditKind::ConsentWithdrawn, user).to_client(client.clone());
        self.stores.work.commit(vec![Change::WithdrawConsent(user, client), Change::Audit(event)]).await
    }

    pub(super) fn own_event(&self, kind: AuditKind, user: UserId) -> AuditEvent {
        AuditEvent::new(kind, Actor::User(user), self.clock.now(), &*self.random).to_user(user)
    }
}
