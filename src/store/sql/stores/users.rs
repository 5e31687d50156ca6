//! Accounts, their passwords, and whether their sign-ins still count.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::epoch::ConnectionEpoch;
use crate::model::session::EndMarks;
use crate::model::user::{EmailAddress, PasswordCredential, User};
use crate::store::sql::statements::sign_in::FindSignInStatus;
use crate::store::sql::statements::{server, user, user_search};
use crate::store::{Page, SignInStatus, StoreResult, UserQuery, UserStore};
use crate::support::id::UserId;

#[async_trait]
impl UserStore for SqlStore {
    async fn find(&self, id: UserId) -> StoreResult<Option<User>> {
        user::find(&self.read, id).await
    }

    async fn find_by_email(&self, email: &EmailAddress) -> StoreResult<Option<User>> {
        user::find_by_email(&self.read, email).await
    }

    async fn password(&self, id: UserId) -> StoreResult<Option<PasswordCredential>> {
        user::password(&self.read, id).await
    }

    async fn sign_in_status(
        &self,
        user: UserId,
        sign_in: EndMarks,
        through: Option<ConnectionEpoch>,
    ) -> StoreResult<Option<SignInStatus>> {
        let (connection, link) = (through.map(|of| of.connection), through.and_then(|of| of.link));
        self.lookups.find(FindSignInStatus { user, sign_in, connection, link }).await
    }

    async fn list(&self, query: &UserQuery, limit: u32) -> StoreResult<Page<User>> {
        user_search::list(&self.read, query, limit).await
    }

    async fn is_claimed(&self) -> StoreResult<bool> {
        server::is_claimed(&self.read).await
    }
}
