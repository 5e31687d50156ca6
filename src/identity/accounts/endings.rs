//! What a person ends: every sign-in, or what one app was allowed.

use super::Accounts;
use crate::model::audit_event::{Actor, AuditEvent, AuditKind};
use crate::model::client::ClientId;
use crate::model::user_edit::UserEdit;
use crate::store::{Change, Conflict, StoreError, StoreResult};
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

    /// Withdraws what a person allowed a client, and everything that came of it.
    pub async fn withdraw_consent(&self, user: UserId, client: ClientId) -> StoreResult<()> {
        let event = self.own_event(AuditKind::ConsentWithdrawn, user).to_client(client.clone());
        self.stores.work.commit(vec![Change::WithdrawConsent(user, client), Change::Audit(event)]).await
    }

    fn own_event(&self, kind: AuditKind, user: UserId) -> AuditEvent {
        AuditEvent::new(kind, Actor::User(user), self.clock.now(), &*self.random).to_user(user)
    }
}
