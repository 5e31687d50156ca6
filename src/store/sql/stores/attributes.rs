//! The custom attributes that are declared.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::attribute::Definitions;
use crate::store::sql::statements::attribute;
use crate::store::{AttributeStore, StoreResult};

#[async_trait]
impl AttributeStore for SqlStore {
    async fn all(&self) -> StoreResult<Definitions> {
        attribute::all(&self.read).await
    }
}
