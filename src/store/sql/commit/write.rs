//! Every write, as a value: what the queue holds, and how each is carried out.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, TransactionTrait};

use super::unit_of_work;
use crate::model::signing_key::SigningKeyRecord;
use crate::store::sql::db::rows::ChangedRows;
use crate::store::sql::db::rows::Reporting::ReturnsKeys;
use crate::store::sql::statements::expired::{self, Expiring};
use crate::store::sql::statements::grant::{self, Redemption, Rotation};
use crate::store::sql::statements::spent_value::{self, Use};
use crate::store::sql::statements::{sealed_record, signing_key, throttle};
use crate::store::{Change, GrantFilter, RecordKind, SealedRecord, StoreResult};
use crate::support::id::GrantId;
use crate::support::{Digest, Timestamp};

/// A write.
#[derive(Debug)]
pub(crate) enum Write {
    InsertGrant(Box<grant::Row>),
    RedeemCode(Box<Redemption>),
    Rotate(Box<Rotation>),
    UseValue(Use),
    PutRecord(RecordKind, Box<SealedRecord>),
    BurnCode(GrantId, Timestamp),
    ForgetPreviousRefreshToken(GrantId, u32),
    RevokeToken(Digest, Timestamp),
    TakeRecord(RecordKind, Digest, Timestamp),
    DeleteRecord(RecordKind, Digest),
    Hit(Digest, Timestamp, Timestamp),
    ResetThrottle(Digest),
    RevokeGrants(GrantFilter, Timestamp),
    ReplaceKeys(u64, Vec<SigningKeyRecord>),
    Purge(&'static Expiring, Timestamp),
    Unit(Vec<Change>),
}

/// What a write answers.
#[derive(Debug)]
pub(crate) enum Answer {
    /// How many rows it changed, or what a counter shows.
    Rows(u64),
    /// What it took.
    Record(Option<SealedRecord>),
}

impl Answer {
    pub(crate) fn happened(&self) -> bool {
        self.rows() == 1
    }

    pub(crate) fn rows(&self) -> u64 {
        if let Self::Rows(rows) = self { *rows } else { 0 }
    }

    pub(crate) fn record(self) -> Option<SealedRecord> {
        if let Self::Record(record) = self { record } else { None }
    }
}

impl From<bool> for Answer {
    fn from(happened: bool) -> Self {
        Self::Rows(happened.into())
    }
}

impl Write {
    /// Whether it is short and frequent, so that it pays to share a transaction with others.
    pub(crate) fn is_hot(&self) -> bool {
        !matches!(self, Self::RevokeGrants(..) | Self::ReplaceKeys(..) | Self::Purge(..) | Self::Unit(_))
    }

    /// What it writes to, where that is one row: two writes to the same row come one after the other.
    pub(crate) fn row(&self) -> Option<[u8; 32]> {
        match self {
            Self::InsertGrant(row) => Some(widened(row.id)),
            Self::RedeemCode(wanted) => Some(widened(wanted.id)),
            Self::Rotate(wanted) => Some(widened(wanted.id)),
            Self::BurnCode(id, _) | Self::ForgetPreviousRefreshToken(id, _) => Some(widened(*id)),
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
    pub(crate) fn has_steps(&self) -> bool {
        matches!(self, Self::ReplaceKeys(..) | Self::Unit(_))
    }

    /// Whether it is one statement, which is a transaction by itself.
    pub(crate) fn is_one_statement(&self) -> bool {
        !self.has_steps() && !matches!(self, Self::PutRecord(..))
    }

    /// Carries out one write.
    pub(crate) async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<Answer> {
        let rows = match self {
            Self::InsertGrant(row) => one(&grant::insert(db, ReturnsKeys, &[row.as_ref()]).await?, row.id.as_bytes()),
            Self::RedeemCode(wanted) => {
                one(&grant::redeem(db, ReturnsKeys, &[wanted.as_ref()]).await?, wanted.id.as_bytes())
            }
            Self::Rotate(wanted) => {
                one(&grant::rotate(db, ReturnsKeys, &[wanted.as_ref()]).await?, wanted.id.as_bytes())
            }
            Self::UseValue(used) => {
                one(&spent_value::first_use(db, ReturnsKeys, &[used]).await?, used.value.as_bytes())
            }
            Self::PutRecord(kind, record) => sealed_record::put(db, &[(*kind, record.as_ref())]).await.map(|()| 1)?,
            Self::BurnCode(id, now) => grant::burn(db, *id, *now).await?,
            Self::ForgetPreviousRefreshToken(id, generation) => {
                grant::forget_previous_refresh_token(db, *id, *generation).await?
            }
            Self::RevokeToken(jti, until) => spent_value::revoke_token(db, *jti, *until).await?,
            Self::TakeRecord(kind, key, now) => {
                return Ok(Answer::Record(sealed_record::take(db, *kind, *key, *now).await?));
            }
            Self::DeleteRecord(kind, key) => sealed_record::delete(db, *kind, *key).await?,
            Self::Hit(key, now, end) => throttle::hit(db, *key, *now, *end).await?,
            Self::ResetThrottle(key) => throttle::reset(db, *key).await?,
            Self::RevokeGrants(filter, now) => grant::revoke(db, filter, *now).await?,
            Self::ReplaceKeys(expected, keys) => signing_key::replace(db, *expected, keys).await.map(|()| 1)?,
            Self::Purge(table, now) => expired::purge(db, table, *now).await?,
            Self::Unit(changes) => unit_of_work::apply(db, changes).await.map(|()| 1)?,
        };
        Ok(Answer::Rows(rows))
    }

    /// Carries out one write so that nothing of it stays when it fails.
    pub(crate) async fn apply_or_undo(&self, db: &DatabaseTransaction) -> StoreResult<Answer> {
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

fn one(changed: &ChangedRows, key: &[u8]) -> u64 {
    changed.contains(key).into()
}

/// An id in the room of a digest.
fn widened(id: GrantId) -> [u8; 32] {
    let mut wide = [0; 32];
    wide[..16].copy_from_slice(id.as_bytes());
    wide
}
