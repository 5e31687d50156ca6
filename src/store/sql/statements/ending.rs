//! What was ended at once, and the dead rows that it left: they count no more from the commit on, and go later, some at a time.

use sea_orm::{ConnectionTrait, Value};

use super::expired::STEP;
use super::write::{Extent, Key, Single};
use crate::model::client::ClientId;
use crate::store::StoreResult;
use crate::store::sql::db::codec::corrupt;
use crate::store::sql::db::{execute, query_one};
use crate::support::id::{ConnectionId, UserId};

const USER: &str = "user";
const CLIENT: &str = "client";
const CONNECTION: &str = "connection";
const CONSENT: &str = "consent";

/// What was ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ended<'a> {
    /// Everything of an account.
    User(UserId),
    /// Everything of a client.
    Client(&'a ClientId),
    /// Everything that came through a connection, or the connection itself.
    Connection(ConnectionId),
    /// What an account allowed a client.
    Consent(UserId, &'a ClientId),
}

impl Ended<'_> {
    /// The columns of its row.
    fn row(self) -> Vec<Value> {
        let (kind, key) = match self {
            Self::User(id) => (USER, id.as_bytes().to_vec()),
            Self::Client(id) => (CLIENT, id.as_str().as_bytes().to_vec()),
            Self::Connection(id) => (CONNECTION, id.as_bytes().to_vec()),
            Self::Consent(user, client) => (CONSENT, [user.as_bytes(), client.as_str().as_bytes()].concat()),
        };
        vec![kind.into(), key.into()]
    }
}

/// Notes that something was ended, for [`Sweep`].
pub(crate) async fn note<C: ConnectionTrait>(db: &C, ended: Ended<'_>) -> StoreResult<()> {
    execute(db, "INSERT INTO endings (kind, key) VALUES ($1, $2) ON CONFLICT (kind, key) DO NOTHING", ended.row())
        .await?;
    Ok(())
}

/// Deletes some rows that something which was ended left dead; answers how many, or `None` where nothing was ended that is not swept.
#[derive(Debug)]
pub(crate) struct Sweep;

impl Single for Sweep {
    type Output = Option<u64>;

    const EXTENT: Extent = Extent::Statements;

    fn key(&self) -> Option<Key> {
        None
    }

    async fn apply<C: ConnectionTrait>(&self, db: &C) -> StoreResult<Option<u64>> {
        let Some(row) = query_one(db, "SELECT kind, key FROM endings LIMIT 1", vec![]).await? else { return Ok(None) };
        let (kind, key): (String, Vec<u8>) = (row.try_get("", "kind")?, row.try_get("", "key")?);
        let row = || vec![kind.clone().into(), key.clone().into()];
        // Taken away first: what ends in this moment waits for this transaction, and is noted anew.
        execute(db, "DELETE FROM endings WHERE kind = $1 AND key = $2", row()).await?;
        let mut gone = 0;
        for dead in dead_rows(&kind, &key)? {
            gone += dead.delete(db, STEP - gone.min(STEP)).await?;
        }
        if gone >= STEP {
            execute(db, "INSERT INTO endings (kind, key) VALUES ($1, $2) ON CONFLICT (kind, key) DO NOTHING", row())
                .await?;
        }
        Ok(Some(gone))
    }
}

/// Rows of a table that are dead.
struct DeadRows {
    table: &'static str,
    /// The columns of its primary key.
    key: &'static str,
    /// Which: found by an index, and out of the epoch that they would count in.
    condition: &'static str,
    values: Vec<Value>,
}

impl DeadRows {
    async fn delete<C: ConnectionTrait>(self, db: &C, limit: u64) -> StoreResult<u64> {
        let Self { table, key, condition, values } = self;
        let sql =
            format!("DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {condition} LIMIT {limit})");
        Ok(execute(db, &sql, values).await?)
    }
}

fn dead_rows(kind: &str, key: &[u8]) -> StoreResult<Vec<DeadRows>> {
    let grants = |condition, values| DeadRows { table: "grants", key: "id", condition, values };
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| corrupt("ending: client id"));
    Ok(match kind {
        USER => vec![grants(
            "user_id = $1 AND NOT EXISTS (SELECT 1 FROM users WHERE users.id = grants.user_id \
             AND users.epoch = grants.user_epoch)",
            vec![key.to_vec().into()],
        )],
        CLIENT => vec![
            grants(
                "client_id = $1 AND NOT EXISTS (SELECT 1 FROM clients WHERE clients.id = grants.client_id \
                 AND clients.epoch = grants.client_epoch AND NOT clients.deleted)",
                vec![text(key)?.into()],
            ),
            DeadRows {
                table: "consents",
                key: "user_id, client_id",
                condition: "client_id = $1 AND NOT EXISTS (SELECT 1 FROM clients WHERE clients.id = consents.client_id \
                            AND NOT clients.deleted AND consents.client_epoch >= clients.born_epoch)",
                values: vec![text(key)?.into()],
            },
            // The next client of this id begins in an epoch of its own.
            DeadRows {
                table: "withdrawals",
                key: "user_id, client_id",
                condition: "client_id = $1 AND EXISTS (SELECT 1 FROM clients WHERE clients.id = withdrawals.client_id \
                            AND clients.deleted)",
                values: vec![text(key)?.into()],
            },
        ],
        CONNECTION => vec![
            grants(
                "connection_id = $1 AND EXISTS (SELECT 1 FROM connections WHERE connections.id = grants.connection_id \
                 AND connections.epoch <> grants.connection_epoch)",
                vec![key.to_vec().into()],
            ),
            DeadRows {
                table: "upstream_links",
                key: "connection_id, subject",
                condition: "connection_id = $1 AND EXISTS (SELECT 1 FROM connections \
                            WHERE connections.id = upstream_links.connection_id AND connections.deleted)",
                values: vec![key.to_vec().into()],
            },
        ],
        CONSENT => {
            let (user, client) = key.split_at_checked(16).ok_or_else(|| corrupt("ending: consent"))?;
            vec![grants(
                "user_id = $1 AND client_id = $2 AND COALESCE((SELECT epoch FROM withdrawals \
                 WHERE withdrawals.user_id = grants.user_id AND withdrawals.client_id = grants.client_id), 0) \
                 <> grants.consent_epoch",
                vec![user.to_vec().into(), text(client)?.into()],
            )]
        }
        _ => return Err(corrupt("ending: kind")),
    })
}
