//! The database's clock.

use async_trait::async_trait;

use super::SqlStore;
use crate::store::sql::statements::server;
use crate::store::{DatabaseClock, StoreResult};
use crate::support::Timestamp;

#[async_trait]
impl DatabaseClock for SqlStore {
    async fn shows(&self) -> StoreResult<Timestamp> {
        server::now(&self.read).await
    }
}
