//! Sealed records: browser sessions, logins under way.

use super::{RedisStore, Timestamp, async_trait, life, name, value};
use crate::store::{RecordKind, RecordStore, SealedRecord, StoreResult};
use crate::support::Digest;
use crate::support::id::UserId;

/// The most records of one account that are listed.
const MOST_OF_OWNER: usize = 200;

impl RedisStore {
    fn records_of(&self, kind: RecordKind) -> String {
        format!("{}{{{}}}r:", self.prefix, kind.as_str())
    }

    fn owners_of(&self, kind: RecordKind) -> String {
        format!("{}{{{}}}o:", self.prefix, kind.as_str())
    }

    /// Stores a record; with `XX` only in the place of one that is there. Says whether it did.
    async fn store(
        &self,
        kind: RecordKind,
        record: SealedRecord,
        now: Timestamp,
        condition: &'static str,
    ) -> StoreResult<bool> {
        let name = name(record.key);
        let mut script = self.scripts.put.key(self.records_of(kind) + &name);
        script.arg(value::encode(&record)?).arg(life(record.expires_at.since(now)));
        script.arg(now.millis()).arg(name).arg(self.owners_of(kind)).arg(condition);
        script.arg(kind.most_of_owner().unwrap_or(0));
        self.link.ask(script).await
    }

    async fn remove(&self, kind: RecordKind, key: Digest) -> StoreResult<Option<Vec<u8>>> {
        let name = name(key);
        let mut script = self.scripts.take.key(self.records_of(kind) + &name);
        script.arg(name).arg(self.owners_of(kind));
        self.link.ask(script).await
    }
}

#[async_trait]
impl RecordStore for RedisStore {
    async fn put(&self, kind: RecordKind, record: SealedRecord, now: Timestamp) -> StoreResult<()> {
        self.store(kind, record, now, "").await.map(|_| ())
    }

    async fn renew(&self, kind: RecordKind, record: SealedRecord, now: Timestamp) -> StoreResult<bool> {
        self.store(kind, record, now, "XX").await
    }

    async fn get(&self, kind: RecordKind, key: Digest, now: Timestamp) -> StoreResult<Option<SealedRecord>> {
        let mut command = ::redis::cmd("GET");
        command.arg(self.records_of(kind) + &name(key));
        let found: Option<Vec<u8>> = self.link.ask(command).await?;
        unexpired(key, found, now)
    }

    async fn take(&self, kind: RecordKind, key: Digest, now: Timestamp) -> StoreResult<Option<SealedRecord>> {
        unexpired(key, self.remove(kind, key).await?, now)
    }

    async fn delete(&self, kind: RecordKind, key: Digest) -> StoreResult<()> {
        self.remove(kind, key).await.map(|_| ())
    }

    async fn of_owner(&self, kind: RecordKind, owner: UserId, now: Timestamp) -> StoreResult<Vec<SealedRecord>> {
        let owner_hex = owner.to_string().split_off(UserId::PREFIX.len());
        let mut script = self.scripts.of_owner.key(self.owners_of(kind) + &owner_hex);
        script.arg(now.millis()).arg(MOST_OF_OWNER).arg(self.records_of(kind));
        let found: Vec<(String, Vec<u8>)> = self.link.ask(script).await?;
        let read = |(name, bytes): (String, Vec<u8>)| unexpired(super::digest(&name)?, Some(bytes), now);
        let records: StoreResult<Vec<_>> = found.into_iter().map(read).collect();
        Ok(records?.into_iter().flatten().filter(|record| record.owners.contains(&owner)).collect())
    }

    async fn ping(&self) -> StoreResult<()> {
        self.ask_whether_it_answers().await
    }
}

/// Redis forgets by its own clock; whether a record counts is decided by ours.
fn unexpired(key: Digest, found: Option<Vec<u8>>, now: Timestamp) -> StoreResult<Option<SealedRecord>> {
    let record = found.map(|bytes| value::decode(key, &bytes)).transpose()?;
    Ok(record.filter(|record| record.expires_at > now))
}
