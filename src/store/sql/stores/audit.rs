//! The audit log.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::audit_filter::AuditFilter;
use crate::store::sql::statements::audit_chain::{self, Cut, Seal};
use crate::store::sql::statements::audit_event;
use crate::store::{AuditLog, AuditPage, SealedChain, StoreResult, StoredEntry};
use crate::support::id::AuditEventId;

#[async_trait]
impl AuditLog for SqlStore {
    async fn find(&self, filter: &AuditFilter, before: Option<AuditEventId>, limit: u32) -> StoreResult<AuditPage> {
        audit_event::find(&self.read, filter, before, limit).await
    }

    async fn chain(&self) -> StoreResult<SealedChain> {
        audit_chain::chain(&self.read).await
    }

    async fn unsealed(&self, limit: u32) -> StoreResult<Vec<StoredEntry>> {
        audit_chain::unsealed(&self.read, limit).await
    }

    async fn chained(&self, after: u64, limit: u32) -> StoreResult<Vec<StoredEntry>> {
        audit_chain::chained(&self.read, after, limit).await
    }

    async fn seal(&self, was: &SealedChain, is: &SealedChain, entries: Vec<StoredEntry>) -> StoreResult<bool> {
        self.write(Seal { was: was.clone(), is: is.clone(), entries }).await
    }

    async fn cut(&self, was: &SealedChain, is: &SealedChain) -> StoreResult<Option<u64>> {
        self.write(Cut { was: was.clone(), is: is.clone() }).await
    }
}
