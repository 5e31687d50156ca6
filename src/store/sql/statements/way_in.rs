//! How an account can be signed in to: a condition within a statement, as what goes last must not go, and what somebody else prepared.

use sea_orm::ConnectionTrait;

use super::{factor, server};
use crate::protocol::issuer::Issuer;
use crate::store::StoreResult;
use crate::store::sql::db::execute;
use crate::support::Timestamp;
use crate::support::id::UserId;

/// Whether accounts sign in by password, within a statement.
pub(super) const PASSWORDS: &str = "(SELECT policy.passwords FROM policy WHERE policy.id = 1)";

/// Whether accounts sign in by passkey by what is decided, within a statement.
pub(super) const PASSKEYS: &str = "(SELECT policy.passkeys FROM policy WHERE policy.id = 1)";

/// The condition that passkeys sign in: what is decided, or none at all where [there can be none](passkeys_are_possible).
pub(super) async fn passkeys<C: ConnectionTrait>(db: &C) -> StoreResult<&'static str> {
    Ok(if passkeys_are_possible(db).await? { PASSKEYS } else { "(1 = 0)" })
}

/// Whether browsers have passkeys for the issuer that the database belongs to.
pub(super) async fn passkeys_are_possible<C: ConnectionTrait>(db: &C) -> StoreResult<bool> {
    // A database that no server started on yet has no issuer.
    let issuer = server::identity(db).await?.issuer.and_then(|issuer| Issuer::parse(&issuer).ok());
    Ok(issuer.is_none_or(|issuer| issuer.rp_id().is_some()))
}

/// The ways that are about to go, as conditions on the rows `link` and `passkey`.
pub(super) struct Leaving<'a> {
    pub(super) link: &'a str,
    pub(super) passkey: &'a str,
}

impl Leaving<'_> {
    /// A condition that no row meets.
    pub(super) const NONE: &'static str = "1 = 0";
}

/// The condition that an account has a way in that stays: a password or a passkey, where those count, or a link of an enabled connection. `user` is what stands
/// for the account's id, `passkeys` the condition that [those count](passkeys).
pub(super) fn other_than(user: &str, leaving: &Leaving<'_>, passkeys: &str) -> String {
    let Leaving { link, passkey } = leaving;
    let linked = linked(user, link);
    format!(
        "(({PASSWORDS} AND EXISTS (SELECT 1 FROM passwords WHERE passwords.user_id = {user})) \
         OR ({passkeys} AND EXISTS (SELECT 1 FROM passkeys AS passkey WHERE passkey.user_id = {user} AND NOT ({passkey}))) \
         OR {linked})"
    )
}

/// The condition that an account has a link of an enabled connection, one that is about to go aside.
pub(super) fn linked(user: &str, leaving: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM upstream_links AS link JOIN connections ON connections.id = link.connection_id \
         WHERE link.user_id = {user} AND connections.enabled AND NOT connections.deleted AND NOT ({leaving}))"
    )
}

/// The condition that an account has a way in, whether it counts by what is decided now or not.
pub(super) fn any(user: &str) -> String {
    let one = |table| format!("EXISTS (SELECT 1 FROM {table} WHERE {table}.user_id = {user})");
    format!("({})", ["passwords", "passkeys", "upstream_links"].map(one).join(" OR "))
}

/// Where ways in beside the password are, and which column says when one was made.
const MADE: [(&str, &str); 4] = [
    ("upstream_links", "linked_at"),
    ("passkeys", "created_at"),
    ("factors", "created_at"),
    ("recovery_codes", "made_at"),
];

/// Removes the ways in beside the password of an account that were made since then, and with its last second factor its recovery codes, which stand for nothing without
/// one. The caller holds the account's row, so that nothing is added beside it.
pub(crate) async fn delete_since<C: ConnectionTrait>(db: &C, user: UserId, since: Timestamp) -> StoreResult<()> {
    for (table, made_at) in MADE {
        let sql = format!("DELETE FROM {table} WHERE user_id = $1 AND {made_at} >= $2");
        execute(db, &sql, vec![user.as_bytes().to_vec().into(), since.millis().into()]).await?;
    }
    factor::delete_useless_codes(db, user).await
}
