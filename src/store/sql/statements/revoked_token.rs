//! Access tokens that were revoked by themselves, until they expire.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::lookup::LookUp;
use super::write::{Key, Single};
use crate::store::StoreResult;
use crate::store::sql::db::codec::{bytes, digest};
use crate::store::sql::db::execute;
use crate::store::sql::db::rows::{self, Rows};
use crate::support::{Digest, Timestamp};

/// Remembers that a token is revoked, until the latest of what was ever asked for.
#[derive(Debug)]
pub(crate) struct RevokeToken {
    pub(crate) jti: Digest,
    pub(crate) until: Timestamp,
}

impl Single for RevokeToken {
    type Output = ();

    fn key(&self) -> Option<Key> {
        Some(self.jti.into())
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<()> {
        let sql = "INSERT INTO revoked_tokens (jti, expires_at) VALUES ($1, $2) ON CONFLICT (jti) DO UPDATE \
                   SET expires_at = excluded.expires_at WHERE revoked_tokens.expires_at < excluded.expires_at";
        execute(db, sql, vec![bytes(self.jti), self.until.millis().into()]).await?;
        Ok(())
    }
}

/// Looks up, by its `jti`'s digest, whether a token is revoked: it is where there is something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FindRevokedToken(pub(crate) Digest);

impl LookUp for FindRevokedToken {
    type Found = ();

    async fn look_up<C: ConnectionTrait>(db: &C, wanted: &[Self]) -> Result<HashMap<Self, ()>, DbErr> {
        let rows = Rows::new(wanted.iter().map(|jti| vec![bytes(jti.0)]));
        let sql = |list: &str, _: &str| {
            format!("SELECT jti FROM ({list}) AS wanted CROSS JOIN revoked_tokens WHERE jti = column1")
        };
        let read = |row: &QueryResult| {
            let jti: Vec<u8> = row.try_get("", "jti")?;
            digest(&jti).map(|jti| (Self(jti), ())).map_err(|error| DbErr::Type(error.to_string()))
        };
        rows::select(db, rows, sql).await?.iter().map(read).collect()
    }
}
