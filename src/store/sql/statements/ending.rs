//! What was ended at once, and the dead rows that it left: they count no more from the commit on, and go later, some at a time.

use sea_orm::{ConnectionTrait, Value};

use super::expired::STEP;
use super::server::EPOCH;
use super::write::{Extent, Key, Single};
use crate::model::client::ClientId;
use crate::store::StoreResult;
use crate::store::sql::db::codec::corrupt;
use crate::store::sql::db::{execute, query_one};
use crate::support::Timestamp;
use crate::support::id::{AffiliationId, ConnectionId, UserId};

const USER: &str = "user";
const CLIENT: &str = "client";
const CONNECTION: &str = "connection";
const CONSENT: &str = "consent";
const AFFILIATION: &str = "affiliation";
const EVERYTHING: &str = "everything";

/// What was ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ended<'a> {
    /// Everything on the server.
    Everything,
    /// Everything of an account, or the account itself.
    User(UserId),
    /// Everything of a client.
    Client(&'a ClientId),
    /// Everything that came through a connection, or the connection itself.
    Connection(ConnectionId),
    /// What an account allowed a client.
    Consent(UserId, &'a ClientId),
    /// A group or a role.
    Affiliation(AffiliationId),
}

impl Ended<'_> {
    /// The columns of its row.
    fn row(self) -> Vec<Value> {
        let (kind, key) = match self {
            // The walk over the grants begins before the first.
            Self::Everything => (EVERYTHING, Vec::new()),
            Self::User(id) => (USER, id.as_bytes().to_vec()),
            Self::Client(id) => (CLIENT, id.as_str().as_bytes().to_vec()),
            Self::Connection(id) => (CONNECTION, id.as_bytes().to_vec()),
            Self::Affiliation(id) => (AFFILIATION, id.as_bytes().to_vec()),
            Self::Consent(user, client) => (CONSENT, [user.as_bytes(), client.as_str().as_bytes()].concat()),
        };
        vec![kind.into(), key.into()]
    }
}

/// Notes that something was ended, for [`Sweep`].
pub(crate) async fn note<C: ConnectionTrait>(db: &C, ended: Ended<'_>) -> StoreResult<()> {
    note_row(db, ended.row()).await
}

async fn note_row<C: ConnectionTrait>(db: &C, row: Vec<Value>) -> StoreResult<()> {
    execute(db, "INSERT INTO endings (kind, key) VALUES ($1, $2) ON CONFLICT (kind, key) DO NOTHING", row).await?;
    Ok(())
}

/// Ends everything of every end-user: one row, however much there is. The epoch counts up to the present second at least: where an older copy of
/// the database was put back, sessions that Redis kept meanwhile may be of the epochs that follow on the copy's, and none of them comes again.
pub(crate) async fn end_everything<C: ConnectionTrait>(db: &C, now: Timestamp) -> StoreResult<()> {
    let sql = "UPDATE server SET epoch = CASE WHEN epoch < $1 THEN $1 ELSE epoch + 1 END WHERE id = 1";
    execute(db, sql, vec![now.seconds().into()]).await?;
    note(db, Ended::Everything).await
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
        if kind == EVERYTHING {
            return walk(db, key).await.map(Some);
        }
        let mut gone = 0;
        for dead in dead_rows(&kind, &key)? {
            gone += dead.delete(db, STEP - gone.min(STEP)).await?;
        }
        if gone >= STEP {
            note_row(db, row()).await?;
        }
        Ok(Some(gone))
    }
}

/// Goes through the next grants after one, in the order of their ids, and deletes those of an epoch of the server that is over. What it came to
/// is noted in place of where it began, until there are no more: no index is kept for what happens once in years.
async fn walk<C: ConnectionTrait>(db: &C, after: Vec<u8>) -> StoreResult<u64> {
    let last = format!("SELECT id FROM grants WHERE id > $1 ORDER BY id LIMIT 1 OFFSET {}", STEP - 1);
    let last = query_one(db, &last, vec![after.clone().into()]).await?;
    let last = last.map(|row| row.try_get::<Vec<u8>>("", "id")).transpose()?;
    let over = format!("DELETE FROM grants WHERE id > $1 AND server_epoch <> {EPOCH}");
    let Some(last) = last else { return Ok(execute(db, &over, vec![after.into()]).await?) };
    note_row(db, vec![EVERYTHING.into(), last.clone().into()]).await?;
    Ok(execute(db, &format!("{over} AND id <= $2"), vec![after.into(), last.into()]).await?)
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
        USER => of_user(key),
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
        AFFILIATION => vec![DeadRows {
            table: "affiliated",
            key: "affiliation_id, user_id",
            condition: "affiliation_id = $1",
            values: vec![key.to_vec().into()],
        }],
        _ => return Err(corrupt("ending: kind")),
    })
}

/// What an end of everything of an account leaves dead, and besides what its deletion does: its own row comes last.
fn of_user(key: &[u8]) -> Vec<DeadRows> {
    let rows =
        |table, columns, condition| DeadRows { table, key: columns, condition, values: vec![key.to_vec().into()] };
    vec![
        rows(
            "grants",
            "id",
            "user_id = $1 AND NOT EXISTS (SELECT 1 FROM users WHERE users.id = grants.user_id \
             AND users.epoch = grants.user_epoch)",
        ),
        rows(
            "consents",
            "user_id, client_id",
            "user_id = $1 AND EXISTS (SELECT 1 FROM users WHERE users.id = consents.user_id AND users.deleted)",
        ),
        rows(
            "withdrawals",
            "user_id, client_id",
            "user_id = $1 AND EXISTS (SELECT 1 FROM users WHERE users.id = withdrawals.user_id AND users.deleted)",
        ),
        rows(
            "upstream_links",
            "connection_id, subject",
            "user_id = $1 AND EXISTS (SELECT 1 FROM users WHERE users.id = upstream_links.user_id AND users.deleted)",
        ),
        rows(
            "passkeys",
            "id",
            "user_id = $1 AND EXISTS (SELECT 1 FROM users WHERE users.id = passkeys.user_id AND users.deleted)",
        ),
        // A record that is another account's as well stays until it expires: its sessions of this account count for nothing.
        rows(
            "records",
            "kind, key",
            "owners = $1 AND (kind, key) IN (SELECT record_owners.kind, record_owners.key FROM record_owners \
             WHERE record_owners.owner = $1) AND EXISTS (SELECT 1 FROM users WHERE users.id = $1 AND users.deleted)",
        ),
        rows("users", "id", "id = $1 AND deleted"),
    ]
}
