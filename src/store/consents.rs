//! Consents.

use async_trait::async_trait;

use super::{Page, StoreResult};
use crate::model::client::ClientId;
use crate::model::consent::Consent;
use crate::model::epoch::Epoch;
use crate::model::user::User;
use crate::support::id::UserId;

/// Where an account stands with a client, as of one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsentStanding {
    /// What was agreed to.
    pub consent: Option<Consent>,
    /// How often it was withdrawn: grants of this epoch count, and no others.
    pub epoch: Epoch,
}

/// Reads consents.
#[async_trait]
pub trait ConsentStore: Send + Sync {
    /// The consent of an account to a client.
    async fn find(&self, user: UserId, client: &ClientId) -> StoreResult<Option<Consent>> {
        Ok(self.standing(user, client).await?.consent)
    }
    /// The consent of an account to a client, and how often one was withdrawn.
    async fn standing(&self, user: UserId, client: &ClientId) -> StoreResult<ConsentStanding>;
    /// Every consent of an account, at most 200.
    async fn of_user(&self, user: UserId) -> StoreResult<Vec<Consent>>;
    /// Who agreed to what a client asked for, in the order in which their accounts were made, after one of them.
    async fn of_client(
        &self,
        client: &ClientId,
        after: Option<UserId>,
        limit: u32,
    ) -> StoreResult<Page<(User, Consent)>>;
}
