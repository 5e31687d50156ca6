//! One-time tokens.

use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use crate::model::one_time_token::{OneTimeToken, OneTimeTokenPurpose};
use crate::store::sql::db::entity::one_time_token;
use crate::store::sql::db::{execute, query_one};
use crate::store::{Conflict, StoreError, StoreResult};
use crate::support::id::OneTimeTokenId;
use crate::support::{Digest, Timestamp};

/// Adds a token.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, token: &OneTimeToken) -> StoreResult<()> {
    let row = one_time_token::ActiveModel {
        id: Set(token.id.as_bytes().to_vec()),
        purpose: Set(token.purpose.as_str().to_owned()),
        digest: Set(token.digest.as_bytes().to_vec()),
        user_id: Set(token.user.map(|user| user.as_bytes().to_vec())),
        created_at: Set(token.created_at.millis()),
        expires_at: Set(token.expires_at.millis()),
        used_at: Set(None),
    };
    one_time_token::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Forgets the unused tokens of a purpose.
pub(crate) async fn drop_unused<C: ConnectionTrait>(db: &C, purpose: OneTimeTokenPurpose) -> StoreResult<()> {
    let sql = "DELETE FROM one_time_tokens WHERE purpose = $1 AND used_at IS NULL";
    execute(db, sql, vec![purpose.as_str().into()]).await?;
    Ok(())
}

/// Spends a token.
pub(crate) async fn take<C: ConnectionTrait>(
    db: &C,
    id: OneTimeTokenId,
    digest: Digest,
    now: Timestamp,
) -> StoreResult<()> {
    let sql = "UPDATE one_time_tokens SET used_at = $3 \
               WHERE id = $1 AND digest = $2 AND used_at IS NULL AND expires_at > $3";
    let values = vec![id.as_bytes().to_vec().into(), digest.as_bytes().to_vec().into(), now.millis().into()];
    match execute(db, sql, values).await? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict(Conflict::TokenSpent)),
    }
}

/// Whether a token could be spent.
pub(crate) async fn stands<C: ConnectionTrait>(
    db: &C,
    id: OneTimeTokenId,
    digest: Digest,
    now: Timestamp,
) -> StoreResult<bool> {
    let sql = "SELECT id FROM one_time_tokens WHERE id = $1 AND digest = $2 AND used_at IS NULL AND expires_at > $3";
    let values = vec![id.as_bytes().to_vec().into(), digest.as_bytes().to_vec().into(), now.millis().into()];
    Ok(query_one(db, sql, values).await?.is_some())
}
