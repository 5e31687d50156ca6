//! Lists of grants.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Statement,
};

use super::epochs::EpochColumns;
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
        .filter(Expr::cust(EpochColumns::of_table().are_current()))
        .filter(grant::Column::ExpiresAt.gt(now.millis()))
        .order_by_desc(grant::Column::Id)
        .limit(200)
        .all(db)
        .await?;
    rows.into_iter().map(Grant::try_from).collect()
}

/// For each client that has offline access to an account, the newest live grant that gives it; at most 200.
pub(crate) async fn offline_of_user<C: ConnectionTrait>(
    db: &C,
    user: UserId,
    now: Timestamp,
) -> StoreResult<Vec<Grant>> {
    let current = EpochColumns::of_table().are_current();
    let sql = format!(
        "SELECT * FROM (SELECT grants.*, ROW_NUMBER() OVER (PARTITION BY client_id ORDER BY id DESC) AS nth FROM grants \
         WHERE user_id = $1 AND offline AND refresh_current IS NOT NULL AND revoked_at IS NULL AND expires_at > $2 \
         AND {current}) AS newest WHERE nth = 1 ORDER BY client_id LIMIT 200"
    );
    let values = [user.as_bytes().to_vec().into(), now.millis().into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let rows = db.query_all_raw(statement).await?;
    rows.iter().map(|row| Grant::try_from(grant::Model::from_query_result(row, "")?)).collect()
}
