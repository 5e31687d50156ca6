//! How often what happened.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::count::{Count, Measure, Resolution};
use crate::model::sketch::Sketch;
use crate::store::sql::statements::count::{self, AddCounts, ReplaceSketch};
use crate::store::{CountStore, StoreError, StoreResult};
use crate::support::Timestamp;

/// How often nodes that add to one sketch at once may get in each other's way.
const TRIES: u32 = 8;

#[async_trait]
impl CountStore for SqlStore {
    async fn add(&self, counts: Vec<Count>) -> StoreResult<()> {
        if counts.is_empty() { Ok(()) } else { self.write(AddCounts::new(counts)).await }
    }

    async fn read(
        &self,
        measure: Measure,
        resolution: Resolution,
        from: Timestamp,
        to: Timestamp,
    ) -> StoreResult<Vec<Count>> {
        count::read(&self.read, (measure, resolution), from, to).await
    }

    async fn see_active(&self, day: Timestamp, sketch: &Sketch) -> StoreResult<()> {
        for _ in 0..TRIES {
            let (version, mut merged) = count::sketch(&self.read, day).await?;
            merged.merge(sketch);
            if self.write(ReplaceSketch { day, version, sketch: merged }).await? {
                return Ok(());
            }
        }
        Err(StoreError::Unavailable("too many nodes add to a sketch at once".to_owned()))
    }

    async fn active(&self, from: Timestamp, to: Timestamp) -> StoreResult<Vec<(Timestamp, Sketch)>> {
        count::active(&self.read, from, to).await
    }
}
