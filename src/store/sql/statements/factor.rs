//! Second factors and recovery codes. Whatever works once is spent by one statement, which finds it unspent.

use sea_orm::{ConnectionTrait, QueryResult, Value};

use crate::model::factor::{Factor, FactorKind, Factors, MAX_FACTORS, SpentCode};
use crate::store::sql::db::codec::{bytes, corrupt, id};
use crate::store::sql::db::{execute, query_all, query_one};
use crate::store::{Conflict, StoreError, StoreResult};
use crate::support::id::{FactorId, UserId};
use crate::support::{Digest, Timestamp};

/// What an account has.
pub(crate) async fn of_user<C: ConnectionTrait>(db: &C, user: UserId) -> StoreResult<Factors> {
    let sql = "SELECT id, user_id, kind, name, sealed, last_step, created_at, last_used_at FROM factors WHERE user_id = $1 \
               AND NOT EXISTS (SELECT 1 FROM users WHERE users.id = factors.user_id AND users.deleted) ORDER BY created_at, id";
    let all = query_all(db, sql, vec![key(user)]).await?.iter().map(factor_of).collect::<StoreResult<_>>()?;
    let sql = "SELECT (SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1) AS codes, \
               EXISTS (SELECT 1 FROM factor_offers WHERE user_id = $1) AS offered, \
               EXISTS (SELECT 1 FROM passkeys WHERE user_id = $1) AS passkey, \
               EXISTS (SELECT 1 FROM passkeys WHERE user_id = $1 AND hardware) AS hardware";
    let row = query_one(db, sql, vec![key(user)]).await?.ok_or_else(|| corrupt("a count has no row"))?;
    let codes: i64 = row.try_get("", "codes")?;
    let is = |column: &str| row.try_get::<bool>("", column);
    let (offered, passkey, hardware) = (is("offered")?, is("passkey")?, is("hardware")?);
    Ok(Factors { all, recovery_codes: u64::try_from(codes).unwrap_or(0), offered, passkey, hardware })
}

/// Adds a factor, where there is room for it: `Taken` otherwise. The caller holds the account's row, so that no two
/// take the last place.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, factor: &Factor) -> StoreResult<()> {
    require(db, factor.user).await?;
    let sql = format!(
        "INSERT INTO factors (id, user_id, kind, name, sealed, last_step, created_at, last_used_at) \
         SELECT $1, $2, $3, $4, $5, $6, $7, $8 FROM server WHERE server.id = 1 \
         AND (SELECT COUNT(*) FROM factors WHERE user_id = $2) < {MAX_FACTORS}"
    );
    let values = vec![
        factor.id.as_bytes().to_vec().into(),
        key(factor.user),
        factor.kind.as_str().into(),
        factor.name.as_str().into(),
        factor.sealed.clone().into(),
        factor.last_step.into(),
        factor.created_at.millis().into(),
        factor.last_used_at.map(Timestamp::millis).into(),
    ];
    one_row(execute(db, &sql, values).await?, Conflict::Taken)
}

/// Gives a factor of an account another name. `Stale` where there is none.
pub(crate) async fn rename<C: ConnectionTrait>(db: &C, user: UserId, factor: FactorId, name: &str) -> StoreResult<()> {
    let sql = "UPDATE factors SET name = $3 WHERE id = $1 AND user_id = $2";
    let values = vec![factor.as_bytes().to_vec().into(), key(user), name.into()];
    one_row(execute(db, sql, values).await?, Conflict::Stale)
}

/// Takes a factor from an account, and with the last one the recovery codes, which stand for nothing without it. `Stale` where there is none.
pub(crate) async fn delete<C: ConnectionTrait>(db: &C, user: UserId, factor: FactorId) -> StoreResult<()> {
    let sql = "DELETE FROM factors WHERE id = $1 AND user_id = $2";
    one_row(execute(db, sql, vec![factor.as_bytes().to_vec().into(), key(user)]).await?, Conflict::Stale)?;
    delete_useless_codes(db, user).await
}

/// Takes the recovery codes from an account that has no second factor for which they would stand.
pub(super) async fn delete_useless_codes<C: ConnectionTrait>(db: &C, user: UserId) -> StoreResult<()> {
    let sql = "DELETE FROM recovery_codes WHERE user_id = $1 AND NOT EXISTS (SELECT 1 FROM factors WHERE user_id = $1)";
    execute(db, sql, vec![key(user)]).await?;
    Ok(())
}

/// Takes every factor from an account, with the recovery codes.
pub(crate) async fn delete_all<C: ConnectionTrait>(db: &C, user: UserId) -> StoreResult<()> {
    for table in ["factors", "recovery_codes", "factor_offers"] {
        execute(db, &format!("DELETE FROM {table} WHERE user_id = $1"), vec![key(user)]).await?;
    }
    Ok(())
}

/// Spends a code: `TokenSpent` where it was spent before, or is of no factor of the account.
pub(crate) async fn spend<C: ConnectionTrait>(
    db: &C,
    user: UserId,
    code: SpentCode,
    now: Timestamp,
) -> StoreResult<()> {
    let spent = match code {
        SpentCode::Step { factor, step } => {
            let sql = "UPDATE factors SET last_step = $3, last_used_at = $4 \
                       WHERE id = $1 AND user_id = $2 AND last_step < $3";
            let values = vec![factor.as_bytes().to_vec().into(), key(user), step.into(), now.millis().into()];
            execute(db, sql, values).await?
        }
        SpentCode::Recovery(digest) => {
            let sql = "DELETE FROM recovery_codes WHERE user_id = $1 AND digest = $2";
            execute(db, sql, vec![key(user), bytes(digest)]).await?
        }
    };
    one_row(spent, Conflict::TokenSpent)
}

/// Replaces the recovery codes of an account by a set that is made now: none of the set before counts.
pub(crate) async fn put_recovery_codes<C: ConnectionTrait>(
    db: &C,
    user: UserId,
    codes: &[Digest],
    now: Timestamp,
) -> StoreResult<()> {
    require(db, user).await?;
    execute(db, "DELETE FROM recovery_codes WHERE user_id = $1", vec![key(user)]).await?;
    for code in codes {
        let sql = "INSERT INTO recovery_codes (user_id, digest, made_at) VALUES ($1, $2, $3)";
        execute(db, sql, vec![key(user), bytes(*code), now.millis().into()]).await?;
    }
    Ok(())
}

/// Remembers that an account was let in without the second factor that it needs. `Taken` where it was before.
pub(crate) async fn offer<C: ConnectionTrait>(db: &C, user: UserId, now: Timestamp) -> StoreResult<()> {
    let sql = "INSERT INTO factor_offers (user_id, offered_at) VALUES ($1, $2) ON CONFLICT (user_id) DO NOTHING";
    one_row(execute(db, sql, vec![key(user), now.millis().into()]).await?, Conflict::Taken)
}

/// `Stale` where there is no such account.
async fn require<C: ConnectionTrait>(db: &C, user: UserId) -> StoreResult<()> {
    let sql = "SELECT 1 AS one FROM users WHERE id = $1 AND NOT deleted";
    match query_one(db, sql, vec![key(user)]).await? {
        Some(_) => Ok(()),
        None => Err(StoreError::Conflict(Conflict::Stale)),
    }
}

fn key(user: UserId) -> Value {
    user.as_bytes().to_vec().into()
}

fn one_row(changed: u64, otherwise: Conflict) -> StoreResult<()> {
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict(otherwise)) }
}

fn factor_of(row: &QueryResult) -> StoreResult<Factor> {
    let (own, user): (Vec<u8>, Vec<u8>) = (row.try_get("", "id")?, row.try_get("", "user_id")?);
    let kind: String = row.try_get("", "kind")?;
    let used: Option<i64> = row.try_get("", "last_used_at")?;
    Ok(Factor {
        id: FactorId::from_bytes(id(&own)?),
        user: UserId::from_bytes(id(&user)?),
        kind: FactorKind::named(&kind).ok_or_else(|| corrupt("factor: kind"))?,
        name: row.try_get("", "name")?,
        sealed: row.try_get("", "sealed")?,
        last_step: row.try_get("", "last_step")?,
        created_at: Timestamp::from_millis(row.try_get("", "created_at")?),
        last_used_at: used.map(Timestamp::from_millis),
    })
}
