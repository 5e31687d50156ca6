//! Groups and roles in apps, and who has which.

use async_trait::async_trait;

use super::{Page, StoreResult};
use crate::model::User;
use crate::model::affiliation::Catalogue;
use crate::support::id::{AffiliationId, UserId};

/// The most groups, and the most roles: every node keeps all of them.
pub const MAX_AFFILIATIONS: usize = 1000;

/// Reads groups and roles. Units of work change them, and give them to accounts.
#[async_trait]
pub trait AffiliationStore: Send + Sync {
    /// All of them.
    async fn catalogue(&self) -> StoreResult<Catalogue>;
    /// The accounts that were given one themselves, in the order in which they were made.
    async fn members(&self, of: AffiliationId, after: Option<UserId>, limit: u32) -> StoreResult<Page<User>>;
}
