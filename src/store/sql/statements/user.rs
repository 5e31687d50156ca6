//! Accounts and their passwords.

use std::collections::BTreeSet;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select, Value,
};

use super::affiliation::{self, VERSION};
use super::containing::searchable;
use super::delegation;
use super::ending::{self, Ended};
use super::factor;
use super::server::EPOCH;
use crate::model::epoch::Epoch;
use crate::model::user::{EmailAddress, LastOf, PasswordCredential, User};
use crate::model::user_edit::UserEdit;
use crate::store::sql::db::codec::{corrupt, unreadable};
use crate::store::sql::db::entity::{password, user};
use crate::store::sql::db::page::page;
use crate::store::sql::db::{execute, query_all, query_one};
use crate::store::{Conflict, Page, StoreError, StoreResult};
use crate::support::id::{AffiliationId, UserId};
use crate::support::{Secret, Timestamp};

/// What the document of an account has whose address nobody proved. No text in a document looks so, as its quotation marks are escaped there, and no claim and no
/// attribute is an object behind this name.
pub(super) const UNPROVED: &str = r#""email_verified":false,"profile":{"#;

/// What is read of an account.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct StoredUser {
    id: Vec<u8>,
    document: String,
    epoch: i64,
    server_epoch: i64,
    definitions_version: i64,
    delegations: Option<String>,
}

// The epoch that the server is in is read with an account in one statement: nothing can end between the two. So are the count of changes of definitions, and
// what the account manages.
impl StoredUser {
    /// What is read, for a statement that reads more: each name begins with `prefix`.
    pub(super) fn columns(prefix: &str) -> String {
        Self::columns_with(&delegation::of("users.id"), prefix)
    }

    /// The same but for what the account manages: no token says it, and who administers by one is read anew.
    pub(super) fn columns_behind_a_grant(prefix: &str) -> String {
        Self::columns_with(delegation::NONE_READ, prefix)
    }

    fn columns_with(delegations: &str, prefix: &str) -> String {
        let columns = [
            ("id", "users.id"),
            ("document", "users.document"),
            ("epoch", "users.epoch"),
            ("server_epoch", EPOCH),
            ("definitions_version", VERSION),
            ("delegations", delegations),
        ];
        columns.map(|(name, column)| format!("{column} AS {prefix}{name}")).join(", ")
    }

    /// The accounts that a statement reads these columns of, unprefixed, in its order: one more than `limit` says that more follow.
    pub(super) async fn page<C: ConnectionTrait>(
        db: &C,
        sql: &str,
        values: Vec<Value>,
        limit: u32,
    ) -> StoreResult<Page<User>> {
        let rows = query_all(db, sql, values).await?;
        let found = rows.iter().map(|row| Self::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
        page(found, limit, User::try_from)
    }
}

/// The accounts that there are.
fn accounts() -> Select<user::Entity> {
    user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Document, user::Column::Epoch])
        .expr_as(Expr::cust(EPOCH), "server_epoch")
        .expr_as(Expr::cust(VERSION), "definitions_version")
        .expr_as(Expr::cust(delegation::of("users.id")), "delegations")
        .filter(user::Column::Deleted.eq(false))
}

/// The account of this id.
pub(crate) async fn find<C: ConnectionTrait>(db: &C, id: UserId) -> StoreResult<Option<User>> {
    one(db, accounts().filter(user::Column::Id.eq(id.as_bytes().to_vec()))).await
}

async fn one<C: ConnectionTrait>(db: &C, accounts: Select<user::Entity>) -> StoreResult<Option<User>> {
    accounts.into_model::<StoredUser>().one(db).await?.map(User::try_from).transpose()
}

/// The account of this address.
pub(crate) async fn find_by_email<C: ConnectionTrait>(db: &C, email: &EmailAddress) -> StoreResult<Option<User>> {
    one(db, accounts().filter(user::Column::EmailKey.eq(email.lookup_key()))).await
}

/// The password of an account; `None` where it has none.
pub(crate) async fn password<C: ConnectionTrait>(db: &C, id: UserId) -> StoreResult<Option<PasswordCredential>> {
    let row = password::Entity::find_by_id(id.as_bytes().to_vec()).one(db).await?;
    Ok(row.map(|row| PasswordCredential {
        user: id,
        phc: Secret::new(row.phc),
        changed_at: Timestamp::from_millis(row.changed_at),
    }))
}

/// The accounts that were given a group or a role in apps themselves, in the order in which they were made.
pub(crate) async fn members<C: ConnectionTrait>(
    db: &C,
    of: AffiliationId,
    after: Option<UserId>,
    limit: u32,
) -> StoreResult<Page<User>> {
    let after = after.unwrap_or_else(|| UserId::from_bytes([0; 16]));
    let sql = format!(
        "SELECT {} FROM affiliated JOIN users ON users.id = affiliated.user_id WHERE affiliated.affiliation_id = $1 \
         AND affiliated.user_id > $2 AND NOT users.deleted ORDER BY affiliated.user_id LIMIT {}",
        StoredUser::columns(""),
        limit.saturating_add(1)
    );
    StoredUser::page(db, &sql, vec![of.as_bytes().to_vec().into(), after.as_bytes().to_vec().into()], limit).await
}

/// Adds an account.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, user: &User) -> StoreResult<()> {
    let row = user::ActiveModel::from(model_of(user, user.version)?);
    user::Entity::insert(row).exec_without_returning(db).await?;
    affiliation::follow(db, user.id, &[], &user.affiliations).await
}

/// The active accounts that administer the server, in the order they were made.
pub(super) async fn administrators<C: ConnectionTrait>(db: &C) -> StoreResult<Vec<User>> {
    // As the partial index says it, or SQLite would not use that.
    let query = accounts().filter(Expr::cust("users.administers")).order_by_asc(user::Column::Id);
    query.into_model::<StoredUser>().all(db).await?.into_iter().map(User::try_from).collect()
}

/// Replaces an account, unless that leaves the server without an administrator or an owner. The caller holds the
/// account's row, and the server's where it administers the server, so that two of these never decide at the same time.
pub(crate) async fn update<C: ConnectionTrait>(db: &C, user: &User) -> StoreResult<()> {
    let was = in_version(db, user).await?;
    keep_the_last(db, &was, Some(user)).await?;
    let row = model_of(user, user.version + 1)?;
    if was.epoch != user.epoch {
        // What was made in the epochs before is dead.
        ending::note(db, Ended::User(user.id)).await?;
    }
    let sql = "UPDATE users SET email_key = $3, name_key = $4, active = $5, administers = $6, not_before = $7, \
               version = version + 1, document = $8, epoch = $9 WHERE id = $1 AND version = $2 AND NOT deleted";
    let values = vec![
        row.id.into(),
        user.version.into(),
        row.email_key.into(),
        row.name_key.into(),
        row.active.into(),
        row.administers.into(),
        row.not_before.into(),
        row.document.into(),
        row.epoch.into(),
    ];
    unless_stale(execute(db, sql, values).await?)?;
    affiliation::follow(db, user.id, &was.affiliations, &user.affiliations).await
}

/// The account as it is stored, in the version that is to be changed.
async fn in_version<C: ConnectionTrait>(db: &C, user: &User) -> StoreResult<User> {
    let stored = find(db, user.id).await?.filter(|stored| stored.version == user.version);
    stored.ok_or(StoreError::Conflict(Conflict::Stale))
}

/// Refuses what leaves the server without an account that it always keeps.
async fn keep_the_last<C: ConnectionTrait>(db: &C, was: &User, after: Option<&User>) -> StoreResult<()> {
    // Most changes are of accounts that administer nothing, or leave what they may as it is.
    if LastOf::lost_by(was, after, &[]).is_none() {
        return Ok(());
    }
    let others: Vec<User> = administrators(db).await?.into_iter().filter(|other| other.id != was.id).collect();
    match LastOf::lost_by(was, after, &others) {
        None => Ok(()),
        Some(LastOf::Administrators) => Err(StoreError::Conflict(Conflict::LastAdministrator)),
        Some(LastOf::Owners) => Err(StoreError::Conflict(Conflict::LastOwner)),
    }
}

fn unless_stale(changed: u64) -> StoreResult<()> {
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict(Conflict::Stale)) }
}

/// Edits an account as it is stored now. The caller holds its row, so it is not changed in between.
pub(crate) async fn edit<C: ConnectionTrait>(db: &C, edit: &UserEdit) -> StoreResult<()> {
    let edited = find(db, edit.id).await?.and_then(|user| edit.applied_to(&user));
    update(db, &edited.ok_or(StoreError::Conflict(Conflict::Stale))?).await
}

/// Deletes an account, unless that leaves the server without an administrator or an owner: its row stays until what hangs on it is swept,
/// without anything of the end-user and under a name that is no address, in an epoch that nothing was made in. The caller holds its row,
/// so the account is not changed in between.
pub(crate) async fn delete<C: ConnectionTrait>(db: &C, edit: &UserEdit) -> StoreResult<()> {
    let found = find(db, edit.id).await?.filter(|user| edit.applied_to(user).is_some());
    let user = found.ok_or(StoreError::Conflict(Conflict::Stale))?;
    keep_the_last(db, &user, None).await?;
    let left = model_of(&user.without_end_user(edit.at), user.version + 1)?;
    let sql = "UPDATE users SET deleted = TRUE, active = FALSE, administers = FALSE, email_key = $3, name_key = '', \
               not_before = $4, version = version + 1, document = $5, epoch = $6 WHERE id = $1 AND version = $2 AND NOT deleted";
    let values = vec![
        left.id.clone().into(),
        user.version.into(),
        format!("~{}", user.id).into(),
        left.not_before.into(),
        left.document.into(),
        left.epoch.into(),
    ];
    unless_stale(execute(db, sql, values).await?)?;
    delete_password(db, user.id).await?;
    execute(db, "DELETE FROM passkey_offers WHERE user_id = $1", vec![left.id.clone().into()]).await?;
    affiliation::forget(db, user.id).await?;
    delegation::forget(db, user.id).await?;
    factor::delete_all(db, user.id).await?;
    ending::note(db, Ended::User(user.id)).await
}

/// Whether one of these accounts administers the server.
pub(crate) async fn any_administers<C: ConnectionTrait>(db: &C, ids: &BTreeSet<UserId>) -> StoreResult<bool> {
    if ids.is_empty() {
        return Ok(false);
    }
    let (list, values) = listed(ids);
    let sql = format!("SELECT 1 AS one FROM users WHERE id IN ({list}) AND administers");
    Ok(query_one(db, &sql, values).await?.is_some())
}

/// Takes the rows of these accounts until the end of the transaction, always in the same order; answers whether one of them administers the server. PostgreSQL only.
pub(crate) async fn hold<C: ConnectionTrait>(db: &C, ids: &BTreeSet<UserId>) -> StoreResult<bool> {
    if ids.is_empty() {
        return Ok(false);
    }
    let (list, values) = listed(ids);
    let sql = format!("SELECT administers FROM users WHERE id IN ({list}) ORDER BY id FOR NO KEY UPDATE");
    let mut administers = false;
    for row in query_all(db, &sql, values).await? {
        administers |= row.try_get::<bool>("", "administers")?;
    }
    Ok(administers)
}

fn listed(ids: &BTreeSet<UserId>) -> (String, Vec<Value>) {
    let list: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
    (list.join(", "), ids.iter().map(|id| id.as_bytes().to_vec().into()).collect())
}

/// Refuses where an account is not there: `Stale`.
pub(super) async fn require<C: ConnectionTrait>(db: &C, id: UserId) -> StoreResult<()> {
    let sql = "SELECT 1 AS one FROM users WHERE id = $1 AND NOT deleted";
    match query_one(db, sql, vec![id.as_bytes().to_vec().into()]).await? {
        Some(_) => Ok(()),
        None => Err(StoreError::Conflict(Conflict::Stale)),
    }
}

/// Sets a password.
pub(crate) async fn put_password<C: ConnectionTrait>(db: &C, password: &PasswordCredential) -> StoreResult<()> {
    let row = password::ActiveModel::from(password_model_of(password));
    let replaced = [password::Column::Phc, password::Column::ChangedAt];
    let on_conflict = OnConflict::column(password::Column::UserId).update_columns(replaced).to_owned();
    password::Entity::insert(row).on_conflict(on_conflict).exec_without_returning(db).await?;
    Ok(())
}

/// Takes the password of an account away.
pub(crate) async fn delete_password<C: ConnectionTrait>(db: &C, user: UserId) -> StoreResult<()> {
    execute(db, "DELETE FROM passwords WHERE user_id = $1", vec![user.as_bytes().to_vec().into()]).await?;
    Ok(())
}

/// A password as a row.
pub(super) fn password_model_of(password: &PasswordCredential) -> password::Model {
    password::Model {
        user_id: password.user.as_bytes().to_vec(),
        phc: password.phc.expose().clone(),
        changed_at: password.changed_at.millis(),
    }
}

/// An account as a row, in this version.
pub(super) fn model_of(user: &User, version: i64) -> StoreResult<user::Model> {
    let stored = User { version, ..user.clone() };
    Ok(user::Model {
        id: user.id.as_bytes().to_vec(),
        email_key: user.email.lookup_key(),
        name_key: searchable(user.display_name()),
        active: user.is_active(),
        administers: user.is_active() && user.is_administrator(),
        not_before: user.not_before.millis(),
        version,
        document: serde_json::to_string(&stored).map_err(unreadable("user"))?,
        epoch: user.epoch.count(),
        deleted: false,
    })
}

impl TryFrom<StoredUser> for User {
    type Error = StoreError;

    fn try_from(row: StoredUser) -> StoreResult<Self> {
        let user: Self = serde_json::from_str(&row.document).map_err(unreadable("user"))?;
        if user.id.as_bytes()[..] != row.id[..] {
            return Err(corrupt("user: the document has another id"));
        }
        // The column is what statements compare: a node of a release without epochs writes documents without one.
        Ok(Self {
            epoch: Epoch::from_count(row.epoch),
            server_epoch: Epoch::from_count(row.server_epoch),
            definitions_version: row.definitions_version,
            delegations: delegation::read(row.delegations.as_deref())?,
            ..user
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::attribute::AttributeValue;

    #[test]
    fn a_document_says_whether_its_address_is_proved_in_one_place() {
        let email = EmailAddress::parse("kim@example.com").unwrap();
        let mut user = User::new(UserId::from_bytes([1; 16]), email, Timestamp::from_seconds(1));
        let says_so = |user: &User| model_of(user, 0).unwrap().document.contains(UNPROVED);
        assert!(says_so(&user));
        user.email_verified = true;
        user.profile.insert("name".to_owned(), UNPROVED.into());
        user.attributes =
            [("email_verified", AttributeValue::Boolean(false)), ("profile", AttributeValue::Text("{".to_owned()))]
                .map(|(name, value)| (name.to_owned(), value))
                .into();
        assert!(!says_so(&user));
    }
}
