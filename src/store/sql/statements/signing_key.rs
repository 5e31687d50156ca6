//! The signing keys.

use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};

use super::server;
use crate::model::client::SigningAlgorithm;
use crate::model::signing_key::{KeyState, SigningKeyRecord};
use crate::store::sql::db::codec::{corrupt, id, unreadable};
use crate::store::sql::db::entity::signing_key;
use crate::store::sql::db::execute;
use crate::store::{Conflict, StoreError, StoreResult};
use crate::support::Timestamp;
use crate::support::id::KeyId;

/// Every key, and the version of the ring they make.
pub(crate) async fn load<C: ConnectionTrait>(db: &C) -> StoreResult<(u64, Vec<SigningKeyRecord>)> {
    // The version is read before and after: keys that were replaced in between would come with the wrong one.
    loop {
        let before = server::keys_version(db).await?;
        let rows = signing_key::Entity::find().order_by_asc(signing_key::Column::Id).all(db).await?;
        if server::keys_version(db).await? == before {
            let keys = rows.into_iter().map(SigningKeyRecord::try_from).collect::<StoreResult<_>>()?;
            return Ok((before, keys));
        }
    }
}

/// Replaces the whole ring if its version is as expected; `Stale` otherwise.
pub(crate) async fn replace<C: ConnectionTrait>(db: &C, expected: u64, keys: &[SigningKeyRecord]) -> StoreResult<()> {
    if !server::next_keys_version(db, i64::try_from(expected).unwrap_or(-1)).await? {
        return Err(StoreError::Conflict(Conflict::Stale));
    }
    execute(db, "DELETE FROM signing_keys", vec![]).await?;
    for key in keys {
        let row = signing_key::ActiveModel {
            id: Set(key.id.as_bytes().to_vec()),
            algorithm: Set(key.algorithm.as_str().to_owned()),
            state: Set(key.state.as_str().to_owned()),
            public_jwk: Set(key.public_jwk.to_string()),
            sealed: Set(key.sealed.clone()),
            created_at: Set(key.created_at.millis()),
            activated_at: Set(key.activated_at.map(Timestamp::millis)),
            retired_at: Set(key.retired_at.map(Timestamp::millis)),
        };
        signing_key::Entity::insert(row).exec_without_returning(db).await?;
    }
    Ok(())
}

impl TryFrom<signing_key::Model> for SigningKeyRecord {
    type Error = StoreError;

    fn try_from(row: signing_key::Model) -> StoreResult<Self> {
        let states = [KeyState::Next, KeyState::Active, KeyState::Retiring, KeyState::Retired];
        let state = states.into_iter().find(|state| state.as_str() == row.state);
        Ok(Self {
            id: KeyId::from_bytes(id(&row.id)?),
            algorithm: SigningAlgorithm::parse(&row.algorithm).ok_or_else(|| corrupt("key: algorithm"))?,
            state: state.ok_or_else(|| corrupt("key: state"))?,
            public_jwk: serde_json::from_str(&row.public_jwk).map_err(unreadable("key"))?,
            sealed: row.sealed,
            created_at: Timestamp::from_millis(row.created_at),
            activated_at: row.activated_at.map(Timestamp::from_millis),
            retired_at: row.retired_at.map(Timestamp::from_millis),
        })
    }
}
