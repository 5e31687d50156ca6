//! Consents: what an end-user allowed a client.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Value,
};

use super::ending::{self, Ended};
use super::user::{self, StoredUser};
use crate::model::client::ClientId;
use crate::model::consent::Consent;
use crate::model::epoch::Epoch;
use crate::model::user::User;
use crate::protocol::ScopeSet;
use crate::store::sql::db::codec::{corrupt, id};
use crate::store::sql::db::entity::consent;
use crate::store::sql::db::page::page;
use crate::store::sql::db::{execute, query_all, query_one};
use crate::store::{Conflict, ConsentStanding, Page, StoreError, StoreResult};
use crate::support::Timestamp;
use crate::support::id::UserId;

/// The condition that a consent is to the client that is registered now, and not to one that had its id before.
pub(super) fn counts() -> &'static str {
    "EXISTS (SELECT 1 FROM clients WHERE clients.id = consents.client_id AND NOT clients.deleted \
     AND consents.client_epoch >= clients.born_epoch)"
}

/// The same within a statement that has the row of the client, which is not deleted.
pub(super) const COUNTS_FOR_CLIENT: &str = "consents.client_epoch >= clients.born_epoch";

/// The consent of an account to a client, and how often one was withdrawn.
pub(crate) async fn standing<C: ConnectionTrait>(
    db: &C,
    user: UserId,
    client: &ClientId,
) -> StoreResult<ConsentStanding> {
    let counts = counts();
    let of_both = "user_id = $1 AND client_id = $2";
    let sql = format!(
        "SELECT (SELECT scope FROM consents WHERE {of_both} AND {counts}) AS scope, \
         (SELECT granted_at FROM consents WHERE {of_both} AND {counts}) AS granted_at, \
         (SELECT epoch FROM withdrawals WHERE {of_both}) AS epoch"
    );
    let Some(row) = query_one(db, &sql, key(user, client)).await? else { return Ok(ConsentStanding::default()) };
    let (scope, granted_at): (Option<String>, Option<i64>) =
        (row.try_get("", "scope")?, row.try_get("", "granted_at")?);
    let consent = scope.zip(granted_at).map(|(scope, granted_at)| {
        let scope = ScopeSet::parse(&scope).map_err(|_| corrupt("consent: scope"))?;
        let granted_at = Timestamp::from_millis(granted_at);
        Ok::<_, StoreError>(Consent { user, client: client.clone(), scope, granted_at })
    });
    let epoch: Option<i64> = row.try_get("", "epoch")?;
    Ok(ConsentStanding { consent: consent.transpose()?, epoch: Epoch::from_count(epoch.unwrap_or_default()) })
}

/// The consents of an account by client id, at most 200.
pub(crate) async fn of_user<C: ConnectionTrait>(db: &C, user: UserId) -> StoreResult<Vec<Consent>> {
    let rows = consent::Entity::find()
        .filter(consent::Column::UserId.eq(user.as_bytes().to_vec()))
        .filter(Expr::cust(counts()))
        .order_by_asc(consent::Column::ClientId)
        .limit(200)
        .all(db)
        .await?;
    rows.into_iter().map(Consent::try_from).collect()
}

/// Who agreed to what a client asked for, in the order in which their accounts were made, after one of them: from each consent to its account, in which
/// order SQLite reads what a `CROSS JOIN` names.
pub(crate) async fn of_client<C: ConnectionTrait>(
    db: &C,
    client: &ClientId,
    after: Option<UserId>,
    limit: u32,
) -> StoreResult<Page<(User, Consent)>> {
    let mut values: Vec<Value> = vec![client.as_str().into()];
    let later = if after.is_some() { " AND consents.user_id > $2" } else { "" };
    if let Some(after) = after {
        values.push(after.as_bytes().to_vec().into());
    }
    let sql = format!(
        "SELECT {}, consents.scope AS agreed_to, consents.granted_at AS agreed_at FROM consents CROSS JOIN users \
         WHERE consents.client_id = $1{later} AND {} AND users.id = consents.user_id AND NOT users.deleted \
         ORDER BY consents.user_id LIMIT {}",
        StoredUser::columns(""),
        counts(),
        limit.saturating_add(1)
    );
    let rows = query_all(db, &sql, values).await?;
    page(rows, limit, |row| {
        let user = User::try_from(StoredUser::from_query_result(&row, "")?)?;
        let scope: String = row.try_get("", "agreed_to")?;
        let scope = ScopeSet::parse(&scope).map_err(|_| corrupt("consent: scope"))?;
        let granted_at = Timestamp::from_millis(row.try_get("", "agreed_at")?);
        let consent = Consent { user: user.id, client: client.clone(), scope, granted_at };
        Ok((user, consent))
    })
}

/// Adds or replaces a consent. `Stale` when the account or the client is gone.
pub(crate) async fn put<C: ConnectionTrait>(db: &C, consent: &Consent) -> StoreResult<()> {
    user::require(db, consent.user).await?;
    let sql = "INSERT INTO consents (user_id, client_id, scope, granted_at, client_epoch) \
               SELECT $1, clients.id, $3, $4, clients.epoch FROM clients WHERE clients.id = $2 AND NOT clients.deleted \
               ON CONFLICT (user_id, client_id) DO UPDATE SET scope = excluded.scope, granted_at = excluded.granted_at, \
               client_epoch = excluded.client_epoch";
    let mut values = key(consent.user, &consent.client);
    values.extend([consent.scope.to_string().into(), consent.granted_at.millis().into()]);
    match execute(db, sql, values).await? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict(Conflict::Stale)),
    }
}

/// Withdraws what an account allowed a client: one row, however many grants there are; none for what was never a client. `Stale` when the
/// account is gone.
pub(crate) async fn withdraw<C: ConnectionTrait>(db: &C, user: UserId, client: &ClientId) -> StoreResult<()> {
    user::require(db, user).await?;
    let count = "INSERT INTO withdrawals (user_id, client_id, epoch) SELECT $1, clients.id, 1 FROM clients WHERE clients.id = $2 \
                 ON CONFLICT (user_id, client_id) DO UPDATE SET epoch = withdrawals.epoch + 1";
    execute(db, count, key(user, client)).await?;
    execute(db, "DELETE FROM consents WHERE user_id = $1 AND client_id = $2", key(user, client)).await?;
    ending::note(db, Ended::Consent(user, client)).await
}

/// A consent as a row, given to the client in this epoch.
pub(super) fn model_of(consent: &Consent, client_epoch: Epoch) -> consent::Model {
    consent::Model {
        user_id: consent.user.as_bytes().to_vec(),
        client_id: consent.client.as_str().to_owned(),
        scope: consent.scope.to_string(),
        granted_at: consent.granted_at.millis(),
        client_epoch: client_epoch.count(),
    }
}

fn key(user: UserId, client: &ClientId) -> Vec<Value> {
    vec![user.as_bytes().to_vec().into(), client.as_str().into()]
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
