//! Logos: one row for each owner that has one.

use sea_orm::ConnectionTrait;

use crate::model::client::ClientId;
use crate::model::logo::{Logo, LogoId};
use crate::store::sql::db::{execute, query_one};
use crate::store::{LogoOwner, StoreResult};

/// The picture of this id, by its index.
pub(crate) async fn find<C: ConnectionTrait>(db: &C, id: LogoId) -> StoreResult<Option<Vec<u8>>> {
    let sql = "SELECT picture FROM logos WHERE id = $1 LIMIT 1";
    let row = query_one(db, sql, vec![id.digest().as_bytes().to_vec().into()]).await?;
    Ok(row.map(|row| row.try_get::<Vec<u8>>("", "picture")).transpose()?)
}

/// Puts the logo of an owner in the place of the one that they had.
pub(crate) async fn put<C: ConnectionTrait>(db: &C, owner: &LogoOwner, logo: &Logo) -> StoreResult<()> {
    let sql = "INSERT INTO logos (owner, id, picture) VALUES ($1, $2, $3) \
               ON CONFLICT (owner) DO UPDATE SET id = excluded.id, picture = excluded.picture";
    let id = logo.id().digest().as_bytes().to_vec();
    execute(db, sql, vec![owner.key().into(), id.into(), logo.picture().to_vec().into()]).await?;
    Ok(())
}

/// Takes the logo of an owner away, where they have one.
pub(crate) async fn delete<C: ConnectionTrait>(db: &C, owner: &LogoOwner) -> StoreResult<()> {
    execute(db, "DELETE FROM logos WHERE owner = $1", vec![owner.key().into()]).await?;
    Ok(())
}

/// Takes the logo of a client away, with the client.
pub(super) async fn delete_of_client<C: ConnectionTrait>(db: &C, id: &ClientId) -> StoreResult<()> {
    delete(db, &LogoOwner::Client(id.clone())).await
}
