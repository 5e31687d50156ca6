//! Using codes up.

use sea_orm::ConnectionTrait;

use super::epochs::EpochColumns;
use super::row::slot;
use crate::model::grant::RefreshSlot;
use crate::store::StoreResult;
use crate::store::sql::db::execute;
use crate::store::sql::db::rows::{self, Reporting, Rows};
use crate::store::sql::statements::write::{Key, Mergeable, Single};
use crate::support::Timestamp;
use crate::support::id::GrantId;

/// Uses a code up that is unused and of a grant in its epochs, and puts the first refresh token in place; answers whether it did.
#[derive(Debug)]
pub(crate) struct RedeemCode {
    pub(crate) id: GrantId,
    pub(crate) now: Timestamp,
    pub(crate) refresh: Option<RefreshSlot>,
    /// When the grant expires from now on.
    pub(crate) expires_at: Timestamp,
}

impl Mergeable for RedeemCode {
    type Output = bool;

    fn key(&self) -> Option<Key> {
        Some(self.id.into())
    }

    async fn apply<C: ConnectionTrait>(db: &C, reporting: Reporting, wanted: &[&Self]) -> StoreResult<Vec<bool>> {
        let rows = Rows::new(wanted.iter().map(|wanted| {
            let mut row = vec![wanted.id.as_bytes().to_vec().into(), wanted.now.millis().into()];
            row.extend(slot(wanted.refresh.as_ref()));
            row.push(wanted.expires_at.millis().into());
            row
        }));
        let current = EpochColumns::of_table().are_current();
        let redeemed = rows::change(db, reporting, rows, "id", |list, _| {
            format!(
                "UPDATE grants SET code_used_at = column2, refresh_generation = column3, refresh_current = column4, \
                 refresh_previous = column5, refresh_rotated_at = column6, refresh_expires_at = column7, \
                 expires_at = column8 FROM ({list}) AS wanted \
                 WHERE id = column1 AND code_used_at IS NULL AND revoked_at IS NULL AND {current}"
            )
        })
        .await?;
        Ok(wanted.iter().map(|wanted| redeemed.contains(wanted.id.as_bytes())).collect())
    }
}

/// Makes an unused code useless.
#[derive(Debug)]
pub(crate) struct BurnCode {
    pub(crate) id: GrantId,
    pub(crate) now: Timestamp,
}

impl Single for BurnCode {
    type Output = ();

    fn key(&self) -> Option<Key> {
        Some(self.id.into())
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<()> {
        let sql = "UPDATE grants SET code_used_at = $2 WHERE id = $1 AND code_used_at IS NULL";
        execute(db, sql, vec![self.id.as_bytes().to_vec().into(), self.now.millis().into()]).await?;
        Ok(())
    }
}
