//! How often what happened.

use async_trait::async_trait;

use super::StoreResult;
use crate::model::count::{Count, Measure, Resolution};
use crate::model::sketch::Sketch;
use crate::support::Timestamp;

/// Keeps counts for as long as their resolution says.
#[async_trait]
pub trait CountStore: Send + Sync {
    /// Adds to what is counted already.
    async fn add(&self, counts: Vec<Count>) -> StoreResult<()>;
    /// What was counted in the spans that begin at `from` or later, and before `to`.
    async fn read(
        &self,
        measure: Measure,
        resolution: Resolution,
        from: Timestamp,
        to: Timestamp,
    ) -> StoreResult<Vec<Count>>;
    /// Adds the accounts that were active on a day to those that were seen already.
    async fn see_active(&self, day: Timestamp, sketch: &Sketch) -> StoreResult<()>;
    /// The accounts that were active, for each day that has some, from `from` on and before `to`.
    async fn active(&self, from: Timestamp, to: Timestamp) -> StoreResult<Vec<(Timestamp, Sketch)>>;
}
