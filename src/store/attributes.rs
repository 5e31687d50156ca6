//! The custom attributes that are declared.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::attribute::Definitions;

/// Reads declared attributes.
#[async_trait]
pub trait AttributeStore: Send + Sync {
    /// All of them: there are few.
    async fn all(&self) -> StoreResult<Definitions>;
}
