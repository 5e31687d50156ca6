//! Consents: what an end-user allowed a client.

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::model::client::ClientId;
use crate::model::consent::Consent;
use crate::protocol::ScopeSet;
use crate::store::sql::db::codec::{corrupt, id};
use crate::store::sql::db::entity::consent;
use crate::store::sql::db::execute;
use crate::store::{StoreError, StoreResult};
use crate::support::Timestamp;
use crate::support::id::UserId;

/// The consent of an account to a client.
pub(crate) async fn find<C: ConnectionTrait>(db: &C, user: UserId, client: &ClientId) -> StoreResult<Option<Consent>> {
    let key = (user.as_bytes().to_vec(), client.as_str().to_owned());
    consent::Entity::find_by_id(key).one(db).await?.map(Consent::try_from).transpose()
}

/// The consents of an account by client id, at most 200.
pub(crate) async fn of_user<C: ConnectionTrait>(db: &C, user: UserId) -> StoreResult<Vec<Consent>> {
    let rows = consent::Entity::find()
        .filter(consent::Column::UserId.eq(user.as_bytes().to_vec()))
        .order_by_asc(consent::Column::ClientId)
        .limit(200)
        .all(db)
        .await?;
    rows.into_iter().map(Consent::try_from).collect()
}

/// Adds or replaces a consent. `Stale` when the account or the client is gone.
pub(crate) async fn put<C: ConnectionTrait>(db: &C, consent: &Consent) -> StoreResult<()> {
    let row = consent::ActiveModel {
        user_id: Set(consent.user.as_bytes().to_vec()),
        client_id: Set(consent.client.as_str().to_owned()),
        scope: Set(consent.scope.to_string()),
        granted_at: Set(consent.granted_at.millis()),
    };
    let on_conflict = OnConflict::columns([consent::Column::UserId, consent::Column::ClientId])
        .update_columns([consent::Column::Scope, consent::Column::GrantedAt])
        .to_owned();
    consent::Entity::insert(row).on_conflict(on_conflict).exec_without_returning(db).await?;
    Ok(())
}

/// Withdraws a consent.
pub(crate) async fn delete<C: ConnectionTrait>(db: &C, user: UserId, client: &ClientId) -> StoreResult<()> {
    let key = vec![user.as_bytes().to_vec().into(), client.as_str().into()];
    execute(db, "DELETE FROM consents WHERE user_id = $1 AND client_id = $2", key).await?;
    Ok(())
}

impl TryFrom<consent::Model> for Consent {
    type Error = StoreError;

    fn try_from(row: consent::Model) -> StoreResult<Self> {
        Ok(Self {
            user: UserId::from_bytes(id(&row.user_id)?),
            client: ClientId::parse(&row.client_id).map_err(|_| corrupt("consent: client id"))?,
            scope: ScopeSet::parse(&row.scope).map_err(|_| corrupt("consent: scope"))?,
            granted_at: Timestamp::from_millis(row.granted_at),
        })
    }
}
