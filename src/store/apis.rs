//! The APIs that are declared.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::Apis;

/// The most APIs: every node keeps all of them.
pub const MAX_APIS: usize = 500;

/// Reads declared APIs. Units of work change them.
#[async_trait]
pub trait ApiStore: Send + Sync {
    /// All of them: there are few.
    async fn all(&self) -> StoreResult<Apis>;
}
