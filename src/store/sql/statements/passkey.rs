//! The passkeys of accounts.

use sea_orm::{ConnectionTrait, QueryResult, Value};
use uuid::Uuid;

use super::user;
use super::way_in::{self, Leaving};
use crate::model::passkey::{Backup, CredentialId, KeyProtection, MAX_PASSKEYS, Passkey, PasskeyUse, StoredCredential};
use crate::store::sql::db::codec::{corrupt, id};
use crate::store::sql::db::{execute, query_all, query_one};
use crate::store::{Conflict, StoreError, StoreResult};
use crate::support::Timestamp;
use crate::support::id::{PasskeyId, UserId};

const COLUMNS: &str = "passkeys.id, passkeys.user_id, passkeys.credential_id, passkeys.credential, passkeys.name, passkeys.aaguid, \
                       passkeys.sign_count, passkeys.backup_eligible, passkeys.backed_up, passkeys.hardware, passkeys.created_at, \
                       passkeys.last_used_at";

/// The passkey of a credential, where its account was not deleted.
pub(crate) async fn find<C: ConnectionTrait>(db: &C, credential: &CredentialId) -> StoreResult<Option<Passkey>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM passkeys JOIN users ON users.id = passkeys.user_id AND NOT users.deleted \
         WHERE passkeys.credential_id = $1"
    );
    query_one(db, &sql, vec![credential.as_bytes().to_vec().into()]).await?.as_ref().map(passkey).transpose()
}

/// The passkeys of an account, the oldest first.
pub(crate) async fn of_user<C: ConnectionTrait>(db: &C, user: UserId) -> StoreResult<Vec<Passkey>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM passkeys JOIN users ON users.id = passkeys.user_id AND NOT users.deleted \
         WHERE passkeys.user_id = $1 ORDER BY passkeys.id LIMIT {MAX_PASSKEYS}"
    );
    query_all(db, &sql, vec![user.as_bytes().to_vec().into()]).await?.iter().map(passkey).collect()
}

/// Adds one. `Taken` when its credential is some account's; that of an account which was deleted is none's. The caller holds the account's row, so that no two
/// add the last one that there is room for.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, passkey: &Passkey) -> StoreResult<()> {
    user::require(db, passkey.user).await?;
    let dead = "DELETE FROM passkeys WHERE credential_id = $1 \
                AND EXISTS (SELECT 1 FROM users WHERE users.id = passkeys.user_id AND users.deleted)";
    execute(db, dead, vec![passkey.credential_id.as_bytes().to_vec().into()]).await?;
    let sql = format!(
        "INSERT INTO passkeys (id, user_id, credential_id, credential, name, aaguid, sign_count, backup_eligible, backed_up, \
         created_at, last_used_at, hardware) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 \
         WHERE (SELECT COUNT(*) FROM passkeys WHERE passkeys.user_id = $2) < {MAX_PASSKEYS}"
    );
    let Passkey { id, user, credential_id, credential, name, aaguid, sign_count, .. } = passkey;
    let Passkey { backup, protection, created_at, last_used_at, .. } = passkey;
    let values: Vec<Value> = vec![
        id.as_bytes().to_vec().into(),
        user.as_bytes().to_vec().into(),
        credential_id.as_bytes().to_vec().into(),
        credential.0.clone().into(),
        name.clone().into(),
        aaguid.as_bytes().to_vec().into(),
        i64::from(*sign_count).into(),
        backup.is_eligible().into(),
        backup.is_backed_up().into(),
        created_at.millis().into(),
        last_used_at.map(Timestamp::millis).into(),
        protection.is_hardware().into(),
    ];
    if execute(db, &sql, values).await? == 1 { Ok(()) } else { Err(StoreError::Conflict(Conflict::Full)) }
}

/// Gives one of an account another name.
pub(crate) async fn rename<C: ConnectionTrait>(db: &C, of: (PasskeyId, UserId), name: &str) -> StoreResult<()> {
    let mut values = key(of);
    values.push(name.into());
    one_row(execute(db, "UPDATE passkeys SET name = $3 WHERE id = $1 AND user_id = $2", values).await?)
}

/// Notes a use. Web Authentication Level 3 section 7.2 step 22: a counter counts up, unless there is none, in which case it stays zero; of two uses with one value at
/// one time, one is noted.
pub(crate) async fn touch<C: ConnectionTrait>(db: &C, used: &PasskeyUse) -> StoreResult<()> {
    let sql = "UPDATE passkeys SET sign_count = $3, backed_up = $4, last_used_at = $5 WHERE id = $1 AND user_id = $2 \
               AND backup_eligible = $6 AND (sign_count < $3 OR (sign_count = 0 AND $3 = 0))";
    let mut values = key((used.id, used.user));
    values.extend([i64::from(used.sign_count).into(), used.backup.is_backed_up().into()]);
    values.extend([used.at.millis().into(), used.backup.is_eligible().into()]);
    one_row(execute(db, sql, values).await?)
}

/// Removes one, unless the account has no other way in; while no passkey counts, another one is as good as this. The caller holds the account's row, so that two of these never decide at the same time.
pub(crate) async fn delete<C: ConnectionTrait>(db: &C, id: PasskeyId, user: UserId) -> StoreResult<()> {
    let count = way_in::passkeys(db).await?;
    let stays = way_in::other_than("$2", &Leaving { link: Leaving::NONE, passkey: "passkey.id = $1" }, count);
    let sql = format!(
        "DELETE FROM passkeys WHERE id = $1 AND user_id = $2 AND ({stays} OR (NOT {count} \
         AND EXISTS (SELECT 1 FROM passkeys AS other WHERE other.user_id = $2 AND other.id <> $1)))"
    );
    if execute(db, &sql, key((id, user))).await? == 1 {
        return Ok(());
    }
    let there = "SELECT 1 AS one FROM passkeys WHERE id = $1 AND user_id = $2";
    let there = query_one(db, there, key((id, user))).await?.is_some();
    Err(StoreError::Conflict(if there { Conflict::LastWayIn } else { Conflict::Stale }))
}

/// Whether there are any; those of accounts that were deleted are among them until they are swept.
pub(crate) async fn any<C: ConnectionTrait>(db: &C) -> StoreResult<bool> {
    Ok(query_one(db, "SELECT 1 AS one FROM passkeys LIMIT 1", vec![]).await?.is_some())
}

/// Removes all of an account. The caller holds the account's row, so that none is added beside it.
pub(crate) async fn delete_all<C: ConnectionTrait>(db: &C, user: UserId) -> StoreResult<()> {
    execute(db, "DELETE FROM passkeys WHERE user_id = $1", vec![user.as_bytes().to_vec().into()]).await?;
    Ok(())
}

/// How many accounts could sign in by nothing but a passkey, where passwords count or do not: nobody where browsers have none for the issuer.
pub(crate) async fn count_only<C: ConnectionTrait>(db: &C, passwords: bool) -> StoreResult<u64> {
    if !way_in::passkeys_are_possible(db).await? {
        return Ok(0);
    }
    let linked = way_in::linked("users.id", Leaving::NONE);
    let sql = format!(
        "SELECT COUNT(DISTINCT passkeys.user_id) AS accounts FROM passkeys \
         JOIN users ON users.id = passkeys.user_id AND users.active \
         WHERE NOT ($1 AND EXISTS (SELECT 1 FROM passwords WHERE passwords.user_id = users.id)) AND NOT {linked}"
    );
    let row = query_one(db, &sql, vec![passwords.into()]).await?.ok_or_else(|| corrupt("a count has no row"))?;
    Ok(u64::try_from(row.try_get::<i64>("", "accounts")?).unwrap_or(0))
}

/// When an account last did not want a passkey.
pub(crate) async fn declined<C: ConnectionTrait>(db: &C, user: UserId) -> StoreResult<Option<Timestamp>> {
    let sql = "SELECT declined_at FROM passkey_offers WHERE user_id = $1";
    let row = query_one(db, sql, vec![user.as_bytes().to_vec().into()]).await?;
    Ok(row.map(|row| row.try_get::<i64>("", "declined_at")).transpose()?.map(Timestamp::from_millis))
}

/// Remembers that it did not.
pub(crate) async fn decline<C: ConnectionTrait>(db: &C, user: UserId, at: Timestamp) -> StoreResult<()> {
    user::require(db, user).await?;
    let sql = "INSERT INTO passkey_offers (user_id, declined_at) VALUES ($1, $2) \
               ON CONFLICT (user_id) DO UPDATE SET declined_at = excluded.declined_at";
    execute(db, sql, vec![user.as_bytes().to_vec().into(), at.millis().into()]).await?;
    Ok(())
}

fn key((id, user): (PasskeyId, UserId)) -> Vec<Value> {
    vec![id.as_bytes().to_vec().into(), user.as_bytes().to_vec().into()]
}

fn one_row(changed: u64) -> StoreResult<()> {
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict(Conflict::Stale)) }
}

fn passkey(row: &QueryResult) -> StoreResult<Passkey> {
    let bytes = |column: &str| row.try_get::<Vec<u8>>("", column);
    let (eligible, backed_up) = (row.try_get("", "backup_eligible")?, row.try_get("", "backed_up")?);
    let sign_count: i64 = row.try_get("", "sign_count")?;
    Ok(Passkey {
        id: PasskeyId::from_bytes(id(&bytes("id")?)?),
        user: UserId::from_bytes(id(&bytes("user_id")?)?),
        credential_id: CredentialId::parse(&bytes("credential_id")?).map_err(|_| corrupt("passkey: credential id"))?,
        credential: StoredCredential(row.try_get("", "credential")?),
        name: row.try_get("", "name")?,
        aaguid: Uuid::from_bytes(id(&bytes("aaguid")?)?),
        sign_count: u32::try_from(sign_count).map_err(|_| corrupt("passkey: counter"))?,
        backup: Backup::of(eligible, backed_up).ok_or_else(|| corrupt("passkey: backup flags"))?,
        protection: KeyProtection::of(row.try_get("", "hardware")?),
        created_at: Timestamp::from_millis(row.try_get("", "created_at")?),
        last_used_at: row.try_get::<Option<i64>>("", "last_used_at")?.map(Timestamp::from_millis),
    })
}
