//! Every write, as a value: what the queue holds, and how each is carried out.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, TransactionTrait};

use super::rows::Changed;
use super::rows::Learn::Which;
use super::spent_value::Use;
use super::{SqlStore, deadline, grant, housekeeping, queue, record, signing_key, spent_value, throttle, unit_of_work};
use crate::model::grant::RefreshSlot;
use crate::model::signing_key::SigningKeyRecord;
use crate::store::{Change, GrantFilter, RecordKind, SealedRecord, StoreResult};
use crate::support::id::GrantId;
use crate::support::{Digest, Timestamp};

/// A write.
#[derive(Debug)]
pub(super) enum Write {
    InsertGrant(Box<grant::Row>),
    RedeemCode(Box<Redemption>),
    Rotate(Box<Rotation>),
    UseValue(Use),
    PutRecord(RecordKind, Box<SealedRecord>),
    BurnCode(GrantId, Timestamp),
    Settle(GrantId, u32),
    RevokeToken(Digest, Timestamp),
    TakeRecord(RecordKind, Digest, Timestamp),
    DeleteRecord(RecordKind, Digest),
    Hit(Digest, Timestamp, Timestamp),
    ResetThrottle(Digest),
    RevokeGrants(GrantFilter, Timestamp),
    ReplaceKeys(u64, Vec<SigningKeyRecord>),
    Purge(usize, Timestamp),
    Unit(Vec<Change>),
}

/// A code to use up.
#[derive(Debug)]
pub(super) struct Redemption {
    pub(super) id: GrantId,
    pub(super) now: Timestamp,
    pub(super) refresh: Option<RefreshSlot>,
    pub(super) expires_at: Timestamp,
}

/// A refresh token to replace, if the slot still has this generation and digest.
#[derive(Debug)]
pub(super) struct Rotation {
    pub(super) id: GrantId,
    pub(super) expected: (u32, Digest),
    pub(super) next: RefreshSlot,
    pub(super) expires_at: Timestamp,
}

/// What a write answers.
#[derive(Debug)]
pub(super) enum Answer {
    /// How many rows it changed, or what a counter shows.
    Rows(u64),
    /// What it took.
    Record(Option<SealedRecord>),
}

impl Answer {
    pub(super) fn happened(&self) -> bool {
        self.rows() == 1
    }

    pub(super) fn rows(&self) -> u64 {
        if let Self::Rows(rows) = self { *rows } else { 0 }
    }

    pub(super) fn record(self) -> Option<SealedRecord> {
        if let Self::Record(record) = self { record } else { None }
    }
}

impl From<bool> for Answer {
    fn from(happened: bool) -> Self {
        Self::Rows(happened.into())
    }
}

impl SqlStore {
    /// Carries a write out, and answers once it is committed.
    pub(super) async fn write(&self, write: Write) -> StoreResult<Answer> {
        if self.is_sqlite() || write.is_hot() {
            self.queue.run(write).await
        } else {
            let done = deadline::within(self.deadline, queue::alone(&self.write, &write)).await;
            done.unwrap_or_else(|| Err(deadline::silent()))
        }
    }
}

impl Write {
    /// Whether it is short and frequent, so that it pays to share a transaction with others.
    fn is_hot(&self) -> bool {
        !matches!(self, Self::RevokeGrants(..) | Self::ReplaceKeys(..) | Self::Purge(..) | Self::Unit(_))
    }

    /// What it writes to, where that is one row: two writes to the same row come one after the other.
    pub(super) fn row(&self) -> Option<[u8; 32]> {
        match self {
            Self::InsertGrant(row) => Some(widened(row.id)),
            Self::RedeemCode(wanted) => Some(widened(wanted.id)),
            Self::Rotate(wanted) => Some(widened(wanted.id)),
            Self::BurnCode(id, _) | Self::Settle(id, _) => Some(widened(*id)),
            Self::UseValue(used) => Some(*used.value.as_bytes()),
            Self::PutRecord(_, record) => Some(*record.key.as_bytes()),
            Self::RevokeToken(key, _)
            | Self::TakeRecord(_, key, _)
            | Self::DeleteRecord(_, key)
            | Self::Hit(key, ..)
            | Self::ResetThrottle(key) => Some(*key.as_bytes()),
            Self::RevokeGrants(..) | Self::ReplaceKeys(..) | Self::Purge(..) | Self::Unit(_) => None,
        }
    }

    /// Whether it can fail halfway, and must then be taken back without its neighbours.
    pub(super) fn has_steps(&self) -> bool {
        matches!(self, Self::ReplaceKeys(..) | Self::Unit(_))
    }

    /// Whether it is one statement, which is a transaction by itself.
    pub(super) fn is_one_statement(&self) -> bool {
        !self.has_steps() && !matches!(self, Self::PutRecord(..))
    }

    /// Carries out one write.
    pub(super) async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<Answer> {
        let rows = match self {
            Self::InsertGrant(row) => one(&grant::insert(db, Which, &[row.as_ref()]).await?, row.id.as_bytes()),
            Self::RedeemCode(wanted) => one(&grant::redeem(db, Which, &[wanted.as_ref()]).await?, wanted.id.as_bytes()),
            Self::Rotate(wanted) => one(&grant::rotate(db, Which, &[wanted.as_ref()]).await?, wanted.id.as_bytes()),
            Self::UseValue(used) => one(&spent_value::first_use(db, Which, &[used]).await?, used.value.as_bytes()),
            Self::PutRecord(kind, record) => record::put(db, &[(*kind, record.as_ref())]).await.map(|()| 1)?,
            Self::BurnCode(id, now) => grant::burn(db, *id, *now).await?,
            Self::Settle(id, generation) => grant::settle(db, *id, *generation).await?,
            Self::RevokeToken(jti, until) => spent_value::revoke_token(db, *jti, *until).await?,
            Self::TakeRecord(kind, key, now) => return Ok(Answer::Record(record::take(db, *kind, *key, *now).await?)),
            Self::DeleteRecord(kind, key) => record::delete(db, *kind, *key).await?,
            Self::Hit(key, now, end) => throttle::hit(db, *key, *now, *end).await?,
            Self::ResetThrottle(key) => throttle::reset(db, *key).await?,
            Self::RevokeGrants(filter, now) => grant::revoke(db, filter, *now).await?,
            Self::ReplaceKeys(expected, keys) => signing_key::replace(db, *expected, keys).await.map(|()| 1)?,
            Self::Purge(table, now) => housekeeping::purge(db, *table, *now).await?,
            Self::Unit(changes) => unit_of_work::apply(db, changes).await.map(|()| 1)?,
        };
        Ok(Answer::Rows(rows))
    }

    /// Carries out one write so that nothing of it stays when it fails.
    pub(super) async fn apply_or_undo(&self, db: &DatabaseTransaction) -> StoreResult<Answer> {
        if !self.has_steps() {
            return self.apply(db).await;
        }
        let step: DatabaseTransaction = db.begin().await?;
        match self.apply(&step).await {
            Ok(answer) => step.commit().await.map(|()| answer).map_err(DbErr::into),
            Err(error) => {
                step.rollback().await?;
                Err(error)
            }
        }
    }
}

fn one(changed: &Changed, key: &[u8]) -> u64 {
    changed.contains(key).into()
}

/// An id in the room of a digest.
fn widened(id: GrantId) -> [u8; 32] {
    let mut wide = [0; 32];
    wide[..16].copy_from_slice(id.as_bytes());
    wide
}
