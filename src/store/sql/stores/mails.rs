//! The outbox.

use async_trait::async_trait;

use super::SqlStore;
use crate::model::mail::{Mail, MailCounts, MailQuery};
use crate::store::sql::statements::mail::{self, Note, PassOn, Take};
use crate::store::{MailStore, Page, StoreResult};
use crate::support::Timestamp;
use crate::support::id::MailId;

#[async_trait]
impl MailStore for SqlStore {
    async fn behind(&self) -> StoreResult<Option<u64>> {
        mail::behind(&self.read).await
    }

    async fn pass_on(&self, was: u64, is: u64, notices: Vec<Mail>) -> StoreResult<bool> {
        self.write(PassOn { was, is, notices }).await
    }

    async fn due(&self, now: Timestamp, limit: u32) -> StoreResult<Vec<Mail>> {
        mail::due(&self.read, now, limit).await
    }

    async fn take(&self, mail: &Mail, until: Timestamp) -> StoreResult<bool> {
        self.write(Take { id: mail.id, attempts: mail.attempts, due: mail.next_at, until }).await
    }

    async fn note(&self, mail: &Mail) -> StoreResult<()> {
        self.write(Note(mail.clone())).await
    }

    async fn list(&self, query: &MailQuery, before: Option<MailId>, limit: u32) -> StoreResult<Page<Mail>> {
        mail::list(&self.read, query, before, limit).await
    }

    async fn find(&self, id: MailId) -> StoreResult<Option<Mail>> {
        mail::find(&self.read, id).await
    }

    async fn counts(&self) -> StoreResult<MailCounts> {
        mail::counts(&self.read).await
    }
}
