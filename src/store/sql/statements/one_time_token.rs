//! One-time tokens.

use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use crate::model::epoch::Epoch;
use crate::model::one_time_token::{MOST_TRIES, OneTimeToken, OneTimeTokenPurpose};
use crate::model::user::EmailAddress;
use crate::store::sql::db::codec::{self, corrupt};
use crate::store::sql::db::entity::one_time_token;
use crate::store::sql::db::{execute, query_one};
use crate::store::{Conflict, StoreError, StoreResult};
use crate::support::id::{OneTimeTokenId, UserId};
use crate::support::{Digest, Timestamp};

/// Adds a token.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, token: &OneTimeToken) -> StoreResult<()> {
    let row = one_time_token::ActiveModel {
        id: Set(token.id.as_bytes().to_vec()),
        purpose: Set(token.purpose.as_str().to_owned()),
        digest: Set(token.digest.as_bytes().to_vec()),
        user_id: Set(token.user.map(|user| user.as_bytes().to_vec())),
        address: Set(token.address.as_ref().map(EmailAddress::to_string)),
        epoch: Set(token.epoch.map(Epoch::count)),
        created_at: Set(token.created_at.millis()),
        expires_at: Set(token.expires_at.millis()),
        used_at: Set(None),
        browser: Set(token.browser.map(|browser| browser.as_bytes().to_vec())),
        code: Set(token.code.map(|code| code.as_bytes().to_vec())),
        sealed: Set(token.sealed.clone()),
        tries: Set(0),
    };
    one_time_token::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Forgets the unused tokens of a purpose.
pub(crate) async fn drop_unused<C: ConnectionTrait>(db: &C, purpose: OneTimeTokenPurpose) -> StoreResult<()> {
    let sql = "DELETE FROM one_time_tokens WHERE purpose = $1 AND used_at IS NULL";
    execute(db, sql, vec![purpose.as_str().into()]).await?;
    Ok(())
}

/// Forgets the unused tokens of a purpose and an account.
pub(crate) async fn drop_unused_of<C: ConnectionTrait>(
    db: &C,
    purpose: OneTimeTokenPurpose,
    user: UserId,
) -> StoreResult<()> {
    let sql = "DELETE FROM one_time_tokens WHERE user_id = $1 AND purpose = $2 AND used_at IS NULL";
    execute(db, sql, vec![user.as_bytes().to_vec().into(), purpose.as_str().into()]).await?;
    Ok(())
}

/// Spends a token.
pub(crate) async fn take<C: ConnectionTrait>(
    db: &C,
    id: OneTimeTokenId,
    digest: Digest,
    now: Timestamp,
) -> StoreResult<()> {
    let sql = "UPDATE one_time_tokens SET used_at = $3 \
               WHERE id = $1 AND digest = $2 AND used_at IS NULL AND expires_at > $3";
    let values = vec![id.as_bytes().to_vec().into(), digest.as_bytes().to_vec().into(), now.millis().into()];
    unless_spent(execute(db, sql, values).await?)
}

/// Gives a token that waits another text, another code and another end, and lets it be tried anew where its text is another.
pub(crate) async fn renew<C: ConnectionTrait>(
    db: &C,
    seen: Digest,
    token: &OneTimeToken,
    now: Timestamp,
) -> StoreResult<()> {
    let sql = "UPDATE one_time_tokens SET digest = $3, code = $4, expires_at = $5, \
               tries = CASE WHEN digest = $3 THEN tries ELSE 0 END \
               WHERE id = $1 AND digest = $2 AND used_at IS NULL AND expires_at > $6";
    let values = vec![
        token.id.as_bytes().to_vec().into(),
        seen.as_bytes().to_vec().into(),
        token.digest.as_bytes().to_vec().into(),
        token.code.map(|code| code.as_bytes().to_vec()).into(),
        token.expires_at.millis().into(),
        now.millis().into(),
    ];
    unless_spent(execute(db, sql, values).await?)
}

/// Counts a try at the code of a token, in the browser that it is good in.
pub(crate) async fn try_code<C: ConnectionTrait>(
    db: &C,
    id: OneTimeTokenId,
    browser: Digest,
    now: Timestamp,
) -> StoreResult<()> {
    let sql = format!(
        "UPDATE one_time_tokens SET tries = tries + 1 WHERE id = $1 AND browser = $2 AND used_at IS NULL AND expires_at > $3 AND \
         tries < {MOST_TRIES}"
    );
    let values = vec![id.as_bytes().to_vec().into(), browser.as_bytes().to_vec().into(), now.millis().into()];
    unless_spent(execute(db, &sql, values).await?)
}

/// Ends a token whose code was tried as often as it may be, the last time wrongly.
pub(crate) async fn end_tried_out<C: ConnectionTrait>(db: &C, id: OneTimeTokenId, now: Timestamp) -> StoreResult<()> {
    let sql =
        format!("UPDATE one_time_tokens SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND tries >= {MOST_TRIES}");
    execute(db, &sql, vec![id.as_bytes().to_vec().into(), now.millis().into()]).await?;
    Ok(())
}

/// A token that could be spent, in the browser that it is good in.
pub(crate) async fn find_in_browser<C: ConnectionTrait>(
    db: &C,
    id: OneTimeTokenId,
    browser: Digest,
    now: Timestamp,
) -> StoreResult<Option<OneTimeToken>> {
    let token = live(db, id, now).await?;
    Ok(token.filter(|token| token.browser == Some(browser)))
}

/// A token that could be spent.
pub(crate) async fn find<C: ConnectionTrait>(
    db: &C,
    id: OneTimeTokenId,
    digest: Digest,
    now: Timestamp,
) -> StoreResult<Option<OneTimeToken>> {
    let token = live(db, id, now).await?;
    Ok(token.filter(|token| token.digest == digest))
}

async fn live<C: ConnectionTrait>(db: &C, id: OneTimeTokenId, now: Timestamp) -> StoreResult<Option<OneTimeToken>> {
    let row = one_time_token::Entity::find_by_id(id.as_bytes().to_vec()).one(db).await?;
    let stands = |row: &one_time_token::Model| row.used_at.is_none() && row.expires_at > now.millis();
    row.filter(stands).map(|row| read(&row)).transpose()
}

/// Whether an account has an unused token of a purpose.
pub(crate) async fn waits<C: ConnectionTrait>(
    db: &C,
    user: UserId,
    purpose: OneTimeTokenPurpose,
    now: Timestamp,
) -> StoreResult<Option<Timestamp>> {
    let sql = "SELECT created_at FROM one_time_tokens WHERE user_id = $1 AND purpose = $2 AND used_at IS NULL \
               AND expires_at > $3 ORDER BY created_at DESC LIMIT 1";
    let values = vec![user.as_bytes().to_vec().into(), purpose.as_str().into(), now.millis().into()];
    let row = query_one(db, sql, values).await?;
    Ok(row.map(|row| row.try_get("", "created_at")).transpose()?.map(Timestamp::from_millis))
}

fn unless_spent(changed: u64) -> StoreResult<()> {
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict(Conflict::TokenSpent)) }
}

fn read(row: &one_time_token::Model) -> StoreResult<OneTimeToken> {
    let purpose = OneTimeTokenPurpose::ALL.iter().copied().find(|purpose| purpose.as_str() == row.purpose);
    let address = row.address.as_deref().map(EmailAddress::parse).transpose();
    Ok(OneTimeToken {
        id: OneTimeTokenId::from_bytes(codec::id(&row.id)?),
        purpose: purpose.ok_or_else(|| corrupt("a one-time token for what there is not"))?,
        digest: codec::digest(&row.digest)?,
        user: row.user_id.as_deref().map(codec::id).transpose()?.map(UserId::from_bytes),
        address: address.map_err(|_| corrupt("a one-time token for what is no address"))?,
        epoch: row.epoch.map(Epoch::from_count),
        browser: row.browser.as_deref().map(codec::digest).transpose()?,
        code: row.code.as_deref().map(codec::digest).transpose()?,
        sealed: row.sealed.clone(),
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
    })
}
