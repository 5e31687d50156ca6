//! Accounts, their passwords, and whether their sign-ins still count.

use async_trait::async_trait;

use super::{Page, StoreResult};
use crate::model::user::{EmailAddress, PasswordCredential, User, UserStatus};
use crate::support::Timestamp;
use crate::support::id::{SignInId, UserId};

/// Whether a sign-in of an account still counts: one look for every use of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInStatus {
    /// Whether the account may be used.
    pub status: UserStatus,
    /// Nothing from before this instant counts.
    pub not_before: Timestamp,
    /// The sign-in was ended.
    pub ended: bool,
}

/// Reads accounts.
#[async_trait]
pub trait UserStore: Send + Sync {
    /// The account of this id.
    async fn find(&self, id: UserId) -> StoreResult<Option<User>>;
    /// The account that this address signs in to.
    async fn find_by_email(&self, email: &EmailAddress) -> StoreResult<Option<User>>;
    /// The password of an account; `None` where it has none.
    async fn password(&self, id: UserId) -> StoreResult<Option<PasswordCredential>>;
    /// Whether a sign-in of an account still counts; `None` when there is no such account.
    async fn sign_in_status(&self, user: UserId, sign_in: SignInId) -> StoreResult<Option<SignInStatus>>;
    /// Accounts in the order they were made, after `after`, whose address or name contains `search`.
    async fn list(&self, search: Option<&str>, after: Option<UserId>, limit: u32) -> StoreResult<Page<User>>;
    /// Whether an administrator was ever made.
    async fn is_claimed(&self) -> StoreResult<bool>;
}
