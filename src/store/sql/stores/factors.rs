//! Second factors.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::factor::Factors;
use crate::store::sql::statements::factor;
use crate::store::{FactorStore, StoreResult};
use crate::support::id::UserId;

#[async_trait]
impl FactorStore for SqlStore {
    async fn of_user(&self, user: UserId) -> StoreResult<Factors> {
        factor::of_user(&self.read, user).await
    }
}
