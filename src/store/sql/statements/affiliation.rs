//! Groups and roles in apps, and who has which.
//!
//! What an account has is in its document; the rows of `affiliated` say the same from the other side, and are written with it. One that is gone counts for
//! nothing from its commit on, whatever documents say: its id is never used again. Its rows go later: see [`ending`].

use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::delegation;
use super::ending::{self, Ended};
use crate::model::affiliation::{Affiliation, Catalogue};
use crate::model::client::ClientId;
use crate::model::user::User;
use crate::store::sql::db::codec::{corrupt, id, unreadable};
use crate::store::sql::db::{execute, query_all, query_one};
use crate::store::{Conflict, StoreError, StoreResult};
use crate::support::id::{AffiliationId, UserId};

/// The count of changes of what is defined, within a statement.
pub(super) const VERSION: &str = "(SELECT server.affiliations_version FROM server WHERE server.id = 1)";

/// All of them.
pub(crate) async fn catalogue<C: ConnectionTrait>(db: &C) -> StoreResult<Catalogue> {
    // First: what is read after it may be newer, and is read again then.
    let row = query_one(db, &format!("SELECT {VERSION} AS version"), vec![]).await?;
    let version = row.ok_or_else(|| corrupt("the server's row is missing"))?.try_get("", "version")?;
    let rows = query_all(db, "SELECT id, version, document FROM affiliations", vec![]).await?;
    let all = rows.iter().map(affiliation).collect::<StoreResult<Vec<_>>>()?;
    Ok(Catalogue::new(version, all))
}

/// Adds one: `Taken` where there is one of its kind and name, `Stale` where its client is not there.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, one: &Affiliation) -> StoreResult<()> {
    let scope = one.client().map(ClientId::as_str).unwrap_or_default();
    if let Some(client) = one.client() {
        require_client(db, client).await?;
    }
    let sql = "INSERT INTO affiliations (id, kind, scope, name, version, document) VALUES ($1, $2, $3, $4, $5, $6)";
    let values = vec![
        bytes(one.id),
        one.kind().as_str().into(),
        scope.into(),
        one.name.as_str().into(),
        one.version.into(),
        document(one)?.into(),
    ];
    execute(db, sql, values).await?;
    count_up(db).await
}

/// Replaces one whose stored version is `version`.
pub(crate) async fn update<C: ConnectionTrait>(db: &C, one: &Affiliation) -> StoreResult<()> {
    let next = Affiliation { version: one.version + 1, ..one.clone() };
    let sql = "UPDATE affiliations SET version = version + 1, document = $3 WHERE id = $1 AND version = $2";
    unless_stale(execute(db, sql, vec![bytes(one.id), one.version.into(), document(&next)?.into()]).await?)?;
    count_up(db).await
}

/// Takes one away.
pub(crate) async fn delete<C: ConnectionTrait>(db: &C, of: AffiliationId) -> StoreResult<()> {
    unless_stale(execute(db, "DELETE FROM affiliations WHERE id = $1", vec![bytes(of)]).await?)?;
    ending::note(db, Ended::Affiliation(of)).await?;
    delegation::delete_of_group(db, of).await?;
    count_up(db).await
}

/// Takes the roles of a client away, with the client.
pub(super) async fn delete_of_client<C: ConnectionTrait>(db: &C, client: &ClientId) -> StoreResult<()> {
    let own = || vec![client.as_str().into()];
    let rows = query_all(db, "SELECT id FROM affiliations WHERE scope = $1", own()).await?;
    for row in &rows {
        let of = AffiliationId::from_bytes(id(&row.try_get::<Vec<u8>>("", "id")?)?);
        ending::note(db, Ended::Affiliation(of)).await?;
    }
    if rows.is_empty() {
        return Ok(());
    }
    execute(db, "DELETE FROM affiliations WHERE scope = $1", own()).await?;
    count_up(db).await
}

/// The columns that say who has which.
pub(super) const COLUMNS: [&str; 2] = ["affiliation_id", "user_id"];

/// What an account that is new has, as rows of those.
pub(super) fn rows_of(user: &User) -> Vec<Vec<Value>> {
    user.affiliations.iter().map(|of| vec![bytes(*of), user.id.as_bytes().to_vec().into()]).collect()
}

/// Writes what an account was given and lost. `Stale` where it is given one that is not there.
pub(super) async fn follow<C: ConnectionTrait>(
    db: &C,
    user: UserId,
    was: &[AffiliationId],
    is: &[AffiliationId],
) -> StoreResult<()> {
    let pair = |of: &AffiliationId| vec![bytes(*of), user.as_bytes().to_vec().into()];
    for lost in was.iter().filter(|id| !is.contains(id)) {
        execute(db, "DELETE FROM affiliated WHERE affiliation_id = $1 AND user_id = $2", pair(lost)).await?;
    }
    for given in is.iter().filter(|id| !was.contains(id)) {
        let sql = "INSERT INTO affiliated (affiliation_id, user_id) SELECT id, $2 FROM affiliations WHERE id = $1";
        unless_stale(execute(db, sql, pair(given)).await?)?;
    }
    Ok(())
}

/// Forgets what an account had that is deleted.
pub(super) async fn forget<C: ConnectionTrait>(db: &C, user: UserId) -> StoreResult<()> {
    execute(db, "DELETE FROM affiliated WHERE user_id = $1", vec![user.as_bytes().to_vec().into()]).await?;
    Ok(())
}

/// `Stale` where there is no such client.
pub(super) async fn require_client<C: ConnectionTrait>(db: &C, client: &ClientId) -> StoreResult<()> {
    let sql = "SELECT 1 AS one FROM clients WHERE id = $1 AND NOT deleted";
    match query_one(db, sql, vec![client.as_str().into()]).await? {
        Some(_) => Ok(()),
        None => Err(StoreError::Conflict(Conflict::Stale)),
    }
}

/// Counts a change of what is defined: groups, roles, attributes and claim rules.
pub(super) async fn count_up<C: ConnectionTrait>(db: &C) -> StoreResult<()> {
    let sql = "UPDATE server SET affiliations_version = affiliations_version + 1 WHERE id = 1";
    execute(db, sql, vec![]).await?;
    Ok(())
}

fn unless_stale(changed: u64) -> StoreResult<()> {
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict(Conflict::Stale)) }
}

fn bytes(of: AffiliationId) -> Value {
    of.as_bytes().to_vec().into()
}

fn document(one: &Affiliation) -> StoreResult<String> {
    serde_json::to_string(one).map_err(unreadable("affiliation"))
}

fn affiliation(row: &QueryResult) -> StoreResult<Affiliation> {
    let (document, version): (String, i64) = (row.try_get("", "document")?, row.try_get("", "version")?);
    let one: Affiliation = serde_json::from_str(&document).map_err(unreadable("affiliation"))?;
    if one.id.as_bytes()[..] != row.try_get::<Vec<u8>>("", "id")?[..] {
        return Err(corrupt("affiliation: the document has another id"));
    }
    Ok(Affiliation { version, ..one })
}
