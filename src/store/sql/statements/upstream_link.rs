//! Links of accounts to identities at upstream providers.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Value};

use crate::model::upstream_link::{SealedTokens, UpstreamIdentity, UpstreamLink, UpstreamSubject};
use crate::store::sql::db::codec::{corrupt, id};
use crate::store::sql::db::entity::upstream_link;
use crate::store::sql::db::{execute, query_one};
use crate::store::{Conflict, StoreError, StoreResult};
use crate::support::Timestamp;
use crate::support::id::{ConnectionId, UserId};

/// The link of an identity.
pub(crate) async fn find<C: ConnectionTrait>(db: &C, identity: &UpstreamIdentity) -> StoreResult<Option<UpstreamLink>> {
    let key = (identity.connection.as_bytes().to_vec(), identity.subject.as_str().to_owned());
    upstream_link::Entity::find_by_id(key).one(db).await?.map(UpstreamLink::try_from).transpose()
}

/// The links of an account, the oldest first, at most 200.
pub(crate) async fn of_user<C: ConnectionTrait>(db: &C, user: UserId) -> StoreResult<Vec<UpstreamLink>> {
    let rows = upstream_link::Entity::find()
        .filter(upstream_link::Column::UserId.eq(user.as_bytes().to_vec()))
        .order_by_asc(upstream_link::Column::LinkedAt)
        .order_by_asc(upstream_link::Column::ConnectionId)
        .order_by_asc(upstream_link::Column::Subject)
        .limit(200)
        .all(db)
        .await?;
    rows.into_iter().map(UpstreamLink::try_from).collect()
}

/// How many accounts are linked through a connection.
pub(crate) async fn count<C: ConnectionTrait>(db: &C, connection: ConnectionId) -> StoreResult<u64> {
    let through = upstream_link::Column::ConnectionId.eq(connection.as_bytes().to_vec());
    Ok(upstream_link::Entity::find().filter(through).count(db).await?)
}

/// Adds a link. `Taken` when the identity has one, `Stale` when the connection or the account is gone.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, link: &UpstreamLink) -> StoreResult<()> {
    let row = upstream_link::ActiveModel::from(upstream_link::Model {
        connection_id: link.identity.connection.as_bytes().to_vec(),
        subject: link.identity.subject.as_str().to_owned(),
        user_id: link.user.as_bytes().to_vec(),
        label: link.label.replace('\0', ""),
        tokens: link.tokens.as_ref().map(|tokens| tokens.0.clone()),
        linked_at: link.linked_at.millis(),
        last_used_at: link.last_used_at.millis(),
    });
    upstream_link::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Notes that a link was signed in with, under the subject `was` so far. `Stale` unless it is there and leads to this account.
pub(crate) async fn touch<C: ConnectionTrait>(db: &C, was: &UpstreamSubject, link: &UpstreamLink) -> StoreResult<()> {
    let sql = "UPDATE upstream_links SET label = $4, last_used_at = $5, tokens = $6, subject = $7 \
               WHERE connection_id = $1 AND subject = $2 AND user_id = $3";
    let mut values = key(&UpstreamIdentity { subject: was.clone(), ..link.identity.clone() }, link.user);
    let tokens = link.tokens.as_ref().map(|tokens| tokens.0.clone());
    values.extend([link.label.replace('\0', "").into(), link.last_used_at.millis().into(), tokens.into()]);
    values.push(link.identity.subject.as_str().into());
    one_row(execute(db, sql, values).await?)
}

/// Removes the provider's tokens from every link of a connection.
pub(crate) async fn forget_tokens<C: ConnectionTrait>(db: &C, connection: ConnectionId) -> StoreResult<()> {
    let sql = "UPDATE upstream_links SET tokens = NULL WHERE connection_id = $1 AND tokens IS NOT NULL";
    execute(db, sql, vec![connection.as_bytes().to_vec().into()]).await?;
    Ok(())
}

/// Removes a link, unless the account has no other way in: a password, or a link of an enabled connection. The caller holds the
/// server's row (see [`super::server::count_up`]), so that two of these never decide at the same time.
pub(crate) async fn delete<C: ConnectionTrait>(db: &C, identity: &UpstreamIdentity, user: UserId) -> StoreResult<()> {
    let sql = "DELETE FROM upstream_links WHERE connection_id = $1 AND subject = $2 AND user_id = $3 AND \
               (EXISTS (SELECT 1 FROM passwords WHERE passwords.user_id = $3) \
               OR EXISTS (SELECT 1 FROM upstream_links AS other JOIN connections ON connections.id = other.connection_id \
               WHERE other.user_id = $3 AND connections.enabled \
               AND NOT (other.connection_id = $1 AND other.subject = $2)))";
    if execute(db, sql, key(identity, user)).await? == 1 {
        return Ok(());
    }
    let there = "SELECT 1 AS one FROM upstream_links WHERE connection_id = $1 AND subject = $2 AND user_id = $3";
    let there = query_one(db, there, key(identity, user)).await?.is_some();
    Err(StoreError::Conflict(if there { Conflict::LastWayIn } else { Conflict::Stale }))
}

fn key(identity: &UpstreamIdentity, user: UserId) -> Vec<Value> {
    vec![
        identity.connection.as_bytes().to_vec().into(),
        identity.subject.as_str().into(),
        user.as_bytes().to_vec().into(),
    ]
}

fn one_row(changed: u64) -> StoreResult<()> {
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict(Conflict::Stale)) }
}

impl TryFrom<upstream_link::Model> for UpstreamLink {
    type Error = StoreError;

    fn try_from(row: upstream_link::Model) -> StoreResult<Self> {
        let subject = UpstreamSubject::parse(&row.subject).map_err(|_| corrupt("upstream link: subject"))?;
        Ok(Self {
            identity: UpstreamIdentity { connection: ConnectionId::from_bytes(id(&row.connection_id)?), subject },
            user: UserId::from_bytes(id(&row.user_id)?),
            label: row.label,
            tokens: row.tokens.map(SealedTokens),
            linked_at: Timestamp::from_millis(row.linked_at),
            last_used_at: Timestamp::from_millis(row.last_used_at),
        })
    }
}
