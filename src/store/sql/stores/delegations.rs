//! Who manages one app, or the people in one group, without a role.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::{Delegation, User};
use crate::store::sql::statements::manager;
use crate::store::{DelegationStore, StoreResult};

#[async_trait]
impl DelegationStore for SqlStore {
    async fn holders(&self, of: &Delegation) -> StoreResult<Vec<User>> {
        manager::holders(&self.read, of).await
    }
}
