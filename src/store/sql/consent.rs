//! What people agreed to.

use async_trait::async_trait;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::consent;
use super::error::corrupt;
use super::grant::id;
use super::{SqlStore, execute};
use crate::model::client::ClientId;
use crate::model::consent::Consent;
use crate::protocol::ScopeSet;
use crate::store::{ConsentStore, StoreError, StoreResult};
use crate::support::Timestamp;
use crate::support::id::UserId;

#[async_trait]
impl ConsentStore for SqlStore {
    async fn find(&self, user: UserId, client: &ClientId) -> StoreResult<Option<Consent>> {
        let key = (user.as_bytes().to_vec(), client.as_str().to_owned());
        consent::Entity::find_by_id(key).one(&self.read).await?.map(Consent::try_from).transpose()
    }

    async fn of_user(&self, user: UserId) -> StoreResult<Vec<Consent>> {
        let rows = consent::Entity::find()
            .filter(consent::Column::UserId.eq(user.as_bytes().to_vec()))
            .order_by_asc(consent::Column::ClientId)
            .limit(200)
            .all(&self.read)
            .await?;
        rows.into_iter().map(Consent::try_from).collect()
    }
}

/// Sets what a person agreed to. `Stale` when the person or the client is gone.
pub(super) async fn put<C: ConnectionTrait>(db: &C, consent: &Consent) -> StoreResult<()> {
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
pub(super) async fn delete<C: ConnectionTrait>(db: &C, user: UserId, client: &ClientId) -> StoreResult<()> {
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
