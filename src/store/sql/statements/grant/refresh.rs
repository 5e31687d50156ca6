//! Replacing refresh tokens.

use sea_orm::{ConnectionTrait, Value};

use super::epochs::EpochColumns;
use super::row::slot;
use crate::model::grant::RefreshSlot;
use crate::store::sql::db::codec::bytes;
use crate::store::sql::db::execute;
use crate::store::sql::db::rows::{self, Reporting, Rows};
use crate::store::sql::statements::write::{Key, Mergeable, Single};
use crate::store::{RefreshRotation, StoreResult};
use crate::support::id::GrantId;
use crate::support::{Digest, Timestamp};

/// Replaces a refresh token, if the slot still has the expected generation and digest, and the grant is in its epochs.
#[derive(Debug)]
pub(crate) struct RotateRefreshToken {
    pub(crate) id: GrantId,
    pub(crate) expected: (u32, Digest),
    pub(crate) next: RefreshSlot,
    /// When the grant expires from now on.
    pub(crate) expires_at: Timestamp,
}

impl RotateRefreshToken {
    fn row(&self) -> Vec<Value> {
        let (generation, current) = self.expected;
        let mut row = vec![self.id.as_bytes().to_vec().into(), i64::from(generation).into(), bytes(current)];
        row.extend(slot(Some(&self.next)));
        row.push(self.expires_at.millis().into());
        row
    }
}

impl Mergeable for RotateRefreshToken {
    type Output = RefreshRotation;

    fn key(&self) -> Option<Key> {
        Some(self.id.into())
    }

    async fn apply<C: ConnectionTrait>(
        db: &C,
        reporting: Reporting,
        wanted: &[&Self],
    ) -> StoreResult<Vec<RefreshRotation>> {
        let rows = Rows::new(wanted.iter().map(|wanted| wanted.row()));
        let current = EpochColumns::of_table().are_current();
        let rotated = rows::change(db, reporting, rows, "id", |list, _| {
            format!(
                "UPDATE grants SET refresh_generation = column4, refresh_current = column5, \
                 refresh_previous = column6, refresh_rotated_at = column7, refresh_expires_at = column8, \
                 expires_at = column9 FROM ({list}) AS wanted \
                 WHERE id = column1 AND refresh_generation = column2 AND refresh_current = column3 \
                 AND revoked_at IS NULL AND {current}"
            )
        })
        .await?;
        let found = |wanted: &&Self| {
            if rotated.contains(wanted.id.as_bytes()) { RefreshRotation::Fresh } else { RefreshRotation::Lost }
        };
        Ok(wanted.iter().map(found).collect())
    }
}

/// Forgets the refresh token before the newest, if the newest is still of this generation.
#[derive(Debug)]
pub(crate) struct ForgetPreviousRefreshToken {
    pub(crate) id: GrantId,
    pub(crate) generation: u32,
}

impl Single for ForgetPreviousRefreshToken {
    type Output = ();

    fn key(&self) -> Option<Key> {
        Some(self.id.into())
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<()> {
        let sql = "UPDATE grants SET refresh_previous = NULL \
                   WHERE id = $1 AND refresh_generation = $2 AND refresh_previous IS NOT NULL";
        execute(db, sql, vec![self.id.as_bytes().to_vec().into(), i64::from(self.generation).into()]).await?;
        Ok(())
    }
}
