//! Links of accounts to identities at upstream providers.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Value};

use super::server::EPOCH;
use super::way_in::{self, Leaving};
use crate::model::upstream_link::{LinkEpochs, SealedTokens, UpstreamIdentity, UpstreamLink, UpstreamSubject};
use crate::store::sql::db::codec::{corrupt, id};
use crate::store::sql::db::entity::upstream_link;
use crate::store::sql::db::{execute, query_one};
use crate::store::{Conflict, StoreError, StoreResult};
use crate::support::id::{ConnectionId, LinkId, UserId};
use crate::support::{Digest, Timestamp};

/// The link of an identity.
pub(crate) async fn find<C: ConnectionTrait>(db: &C, identity: &UpstreamIdentity) -> StoreResult<Option<UpstreamLink>> {
    let key = (identity.connection.as_bytes().to_vec(), identity.subject.as_str().to_owned());
    let there = upstream_link::Entity::find_by_id(key).filter(Expr::cust(OF_AN_ACCOUNT));
    there.one(db).await?.map(UpstreamLink::try_from).transpose()
}

/// The condition that the account which a link leads to was not deleted.
const OF_AN_ACCOUNT: &str =
    "NOT EXISTS (SELECT 1 FROM users WHERE users.id = upstream_links.user_id AND users.deleted)";

/// The links of an account, the oldest first, at most 200.
pub(crate) async fn of_user<C: ConnectionTrait>(db: &C, user: UserId) -> StoreResult<Vec<UpstreamLink>> {
    let rows = upstream_link::Entity::find()
        .filter(upstream_link::Column::UserId.eq(user.as_bytes().to_vec()))
        .filter(Expr::cust(OF_AN_ACCOUNT))
        .filter(Expr::cust(
            "NOT EXISTS (SELECT 1 FROM connections WHERE connections.id = upstream_links.connection_id \
             AND connections.deleted)",
        ))
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
    Ok(upstream_link::Entity::find().filter(through).filter(Expr::cust(OF_AN_ACCOUNT)).count(db).await?)
}

/// Adds a link, if the account and the connection may be used and are in these epochs, as the server is: `Ended` otherwise. `Taken` when the
/// identity has one; that of an account which was deleted is none.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, link: &UpstreamLink, epochs: LinkEpochs) -> StoreResult<()> {
    let dead = "DELETE FROM upstream_links WHERE connection_id = $1 AND subject = $2 \
                AND EXISTS (SELECT 1 FROM users WHERE users.id = upstream_links.user_id AND users.deleted)";
    let identity = &key(&link.identity, link.user)[..2];
    execute(db, dead, identity.to_vec()).await?;
    let sql = format!(
        "INSERT INTO upstream_links \
               (connection_id, subject, user_id, label, tokens, linked_at, last_used_at, id) \
               SELECT connections.id, $2, users.id, $4, $5, $6, $7, $8 FROM connections CROSS JOIN users \
               WHERE connections.id = $1 AND connections.enabled AND connections.epoch = $9 \
               AND users.id = $3 AND users.active AND users.epoch = $10 AND {EPOCH} = $11"
    );
    let mut values = key(&link.identity, link.user);
    let tokens = link.tokens.as_ref().map(|tokens| tokens.0.clone());
    values.extend([link.label.replace('\0', "").into(), tokens.into()]);
    values.extend([link.linked_at.millis().into(), link.last_used_at.millis().into()]);
    values.extend([
        link.id.as_bytes().to_vec().into(),
        epochs.connection.count().into(),
        epochs.user.account.count().into(),
    ]);
    values.push(epochs.user.server.count().into());
    match execute(db, &sql, values).await? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict(Conflict::Ended)),
    }
}

/// Notes that a link was signed in with, under the subject `was` so far. `Stale` unless it is there and leads to this account.
pub(crate) async fn touch<C: ConnectionTrait>(db: &C, was: &UpstreamSubject, link: &UpstreamLink) -> StoreResult<()> {
    let sql = "UPDATE upstream_links SET label = $4, last_used_at = $5, tokens = $6, subject = $7, id = $8 \
               WHERE connection_id = $1 AND subject = $2 AND user_id = $3 AND (id = $8 OR id IS NULL)";
    let mut values = key(&UpstreamIdentity { subject: was.clone(), ..link.identity.clone() }, link.user);
    let tokens = link.tokens.as_ref().map(|tokens| tokens.0.clone());
    values.extend([link.label.replace('\0', "").into(), link.last_used_at.millis().into(), tokens.into()]);
    values.push(link.identity.subject.as_str().into());
    values.push(link.id.as_bytes().to_vec().into());
    one_row(execute(db, sql, values).await?)
}

/// Removes the provider's tokens from every link of a connection.
pub(crate) async fn forget_tokens<C: ConnectionTrait>(db: &C, connection: ConnectionId) -> StoreResult<()> {
    let sql = "UPDATE upstream_links SET tokens = NULL WHERE connection_id = $1 AND tokens IS NOT NULL";
    execute(db, sql, vec![connection.as_bytes().to_vec().into()]).await?;
    Ok(())
}

/// Removes a link, unless the account has no other way in. The caller holds the
/// account's row, so that two of these never decide at the same time.
pub(crate) async fn delete<C: ConnectionTrait>(db: &C, identity: &UpstreamIdentity, user: UserId) -> StoreResult<()> {
    let leaving = Leaving { link: "link.connection_id = $1 AND link.subject = $2", passkey: Leaving::NONE };
    let stays = way_in::other_than("$3", &leaving, way_in::passkeys(db).await?);
    let sql =
        format!("DELETE FROM upstream_links WHERE connection_id = $1 AND subject = $2 AND user_id = $3 AND {stays}");
    if execute(db, &sql, key(identity, user)).await? == 1 {
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

/// The id of a link that a node of a release without ids made, until its next use: always the same one.
fn nameless(identity: &UpstreamIdentity) -> LinkId {
    let whole = [identity.connection.as_bytes(), identity.subject.as_str().as_bytes()].concat();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&Digest::of("link", &whole).as_bytes()[..16]);
    LinkId::from_bytes(bytes)
}

fn one_row(changed: u64) -> StoreResult<()> {
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict(Conflict::Stale)) }
}

impl TryFrom<upstream_link::Model> for UpstreamLink {
    type Error = StoreError;

    fn try_from(row: upstream_link::Model) -> StoreResult<Self> {
        let subject = UpstreamSubject::parse(&row.subject).map_err(|_| corrupt("upstream link: subject"))?;
        let own = row.id.as_deref().map(id).transpose()?;
        let identity = UpstreamIdentity { connection: ConnectionId::from_bytes(id(&row.connection_id)?), subject };
        Ok(Self {
            id: own.map_or_else(|| nameless(&identity), LinkId::from_bytes),
            identity,
            user: UserId::from_bytes(id(&row.user_id)?),
            label: row.label,
            tokens: row.tokens.map(SealedTokens),
            linked_at: Timestamp::from_millis(row.linked_at),
            last_used_at: Timestamp::from_millis(row.last_used_at),
        })
    }
}
