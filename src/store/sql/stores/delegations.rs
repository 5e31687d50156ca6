//! Who manages one app, or the people in one group, without a role.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::{ClientId, Delegation, ServiceAccount, User};
use crate::store::sql::statements::{manager, service_account};
use crate::store::{DelegationStore, StoreResult};

#[async_trait]
impl DelegationStore for SqlStore {
    async fn holders(&self, of: &Delegation) -> StoreResult<Vec<User>> {
        manager::holders(&self.read, of).await
    }

    async fn service_account(&self, id: &ClientId) -> StoreResult<Option<ServiceAccount>> {
        service_account::find(&self.read, id).await
    }

    async fn service_accounts(&self, of: &Delegation) -> StoreResult<Vec<ServiceAccount>> {
        service_account::holders(&self.read, of).await
    }
}
