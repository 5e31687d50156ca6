//! The rules by which apps are told of people.

use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::affiliation::{count_up, require_client};
use crate::model::claim_rule::{ClaimRule, Rules};
use crate::model::client::ClientId;
use crate::store::sql::db::codec::unreadable;
use crate::store::sql::db::{execute, query_all};
use crate::store::{Conflict, StoreError, StoreResult};

/// All of them.
pub(crate) async fn all<C: ConnectionTrait>(db: &C) -> StoreResult<Rules> {
    let rows = query_all(db, "SELECT version, document FROM claim_rules", vec![]).await?;
    Ok(Rules::new(rows.iter().map(rule).collect::<StoreResult<_>>()?))
}

fn rule(row: &QueryResult) -> StoreResult<ClaimRule> {
    let (document, version): (String, i64) = (row.try_get("", "document")?, row.try_get("", "version")?);
    let rule: ClaimRule = serde_json::from_str(&document).map_err(unreadable("claim rule"))?;
    Ok(ClaimRule { version, ..rule })
}

/// Adds one: `Taken` where there is one of its name, or one that gives the same apps the same claim in one place; `Stale` where its client is not
/// there.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, rule: &ClaimRule) -> StoreResult<()> {
    if let Some(client) = &rule.client {
        require_client(db, client).await?;
    }
    let sql = "INSERT INTO claim_rules (name, client, version, document) VALUES ($1, $2, $3, $4)";
    let values = vec![rule.name.as_str().into(), client(rule).into(), rule.version.into(), document(rule)?.into()];
    execute(db, sql, values).await?;
    fill(db, rule).await?;
    count_up(db).await
}

/// Replaces one whose stored version is `version`; refused as a new one is.
pub(crate) async fn update<C: ConnectionTrait>(db: &C, rule: &ClaimRule) -> StoreResult<()> {
    let next = ClaimRule { version: rule.version + 1, ..rule.clone() };
    if let Some(client) = &rule.client {
        require_client(db, client).await?;
    }
    let sql =
        "UPDATE claim_rules SET version = version + 1, client = $3, document = $4 WHERE name = $1 AND version = $2";
    let values = vec![rule.name.as_str().into(), rule.version.into(), client(rule).into(), document(&next)?.into()];
    unless_stale(execute(db, sql, values).await?)?;
    clear(db, rule.name.as_str()).await?;
    fill(db, rule).await?;
    count_up(db).await
}

/// Takes one away.
pub(crate) async fn delete<C: ConnectionTrait>(db: &C, name: &str) -> StoreResult<()> {
    unless_stale(execute(db, "DELETE FROM claim_rules WHERE name = $1", vec![name.into()]).await?)?;
    clear(db, name).await?;
    count_up(db).await
}

/// Takes the rules of a client away, with the client.
pub(super) async fn delete_of_client<C: ConnectionTrait>(db: &C, client: &ClientId) -> StoreResult<()> {
    let own = || vec![Value::from(client.as_str())];
    if execute(db, "DELETE FROM claim_rules WHERE client = $1", own()).await? == 0 {
        return Ok(());
    }
    execute(db, "DELETE FROM claim_rule_places WHERE client = $1", own()).await?;
    count_up(db).await
}

/// Takes the places that it fills.
async fn fill<C: ConnectionTrait>(db: &C, rule: &ClaimRule) -> StoreResult<()> {
    let sql = "INSERT INTO claim_rule_places (client, claim, place, rule) VALUES ($1, $2, $3, $4)";
    for place in &rule.tokens {
        let (claim, name) = (rule.claim.as_str(), rule.name.as_str());
        execute(db, sql, vec![client(rule).into(), claim.into(), place.as_str().into(), name.into()]).await?;
    }
    Ok(())
}

async fn clear<C: ConnectionTrait>(db: &C, name: &str) -> StoreResult<()> {
    execute(db, "DELETE FROM claim_rule_places WHERE rule = $1", vec![name.into()]).await?;
    Ok(())
}

/// The client that alone is told; empty where every one is.
fn client(rule: &ClaimRule) -> &str {
    rule.client.as_ref().map(ClientId::as_str).unwrap_or_default()
}

fn document(rule: &ClaimRule) -> StoreResult<String> {
    serde_json::to_string(rule).map_err(unreadable("claim rule"))
}

fn unless_stale(changed: u64) -> StoreResult<()> {
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict(Conflict::Stale)) }
}
