//! Lists of grants.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::epochs;
use crate::model::grant::Grant;
use crate::store::StoreResult;
use crate::store::sql::db::entity::grant;
use crate::support::Timestamp;
use crate::support::id::UserId;

/// The live grants of an account, the newest first, at most 200.
pub(crate) async fn of_user<C: ConnectionTrait>(db: &C, user: UserId, now: Timestamp) -> StoreResult<Vec<Grant>> {
    let rows = grant::Entity::find()
        .filter(grant::Column::UserId.eq(user.as_bytes().to_vec()))
        .filter(grant::Column::RevokedAt.is_null())
        .filter(Expr::cust(epochs::of_stored_grant()))
        .filter(grant::Column::ExpiresAt.gt(now.millis()))
        .order_by_desc(grant::Column::Id)
        .limit(200)
        .all(db)
        .await?;
    rows.into_iter().map(Grant::try_from).collect()
}
