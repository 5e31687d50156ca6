//! Accounts and their passwords.

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, OnConflict};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::ending::{self, Ended};
use crate::model::epoch::Epoch;
use crate::model::user::{EmailAddress, PasswordCredential, User};
use crate::model::user_edit::UserEdit;
use crate::store::sql::db::codec::{corrupt, unreadable};
use crate::store::sql::db::entity::{password, user};
use crate::store::sql::db::page::page;
use crate::store::sql::db::{execute, query_one};
use crate::store::{Conflict, Page, StoreError, StoreResult};
use crate::support::id::UserId;
use crate::support::{Secret, Timestamp};

/// The longest text that is searched for, in bytes; nothing contains a longer one. (SQLite fails on a pattern of 50 000.)
const LONGEST_SEARCH: usize = 1000;

/// The account of this id.
pub(crate) async fn find<C: ConnectionTrait>(db: &C, id: UserId) -> StoreResult<Option<User>> {
    user::Entity::find_by_id(id.as_bytes().to_vec()).one(db).await?.map(User::try_from).transpose()
}

/// The account of this address.
pub(crate) async fn find_by_email<C: ConnectionTrait>(db: &C, email: &EmailAddress) -> StoreResult<Option<User>> {
    let same = user::Column::EmailKey.eq(email.lookup_key());
    user::Entity::find().filter(same).one(db).await?.map(User::try_from).transpose()
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

/// Accounts in the order they were made, after `after`, whose address or name contains `search`.
pub(crate) async fn list<C: ConnectionTrait>(
    db: &C,
    search: Option<&str>,
    after: Option<UserId>,
    limit: u32,
) -> StoreResult<Page<User>> {
    let mut query = user::Entity::find().order_by_asc(user::Column::Id).limit(u64::from(limit) + 1);
    if let Some(after) = after {
        query = query.filter(user::Column::Id.gt(after.as_bytes().to_vec()));
    }
    if search.is_some_and(|text| text.len() > LONGEST_SEARCH) {
        return Ok(Page { items: vec![], more: false });
    }
    if let Some(text) = search {
        let pattern = || LikeExpr::new(containing(text)).escape('\\');
        let (email, name) = (Expr::col(user::Column::EmailKey), Expr::col(user::Column::NameKey));
        query = query.filter(Condition::any().add(email.like(pattern())).add(name.like(pattern())));
    }
    page(query.all(db).await?, limit, User::try_from)
}

/// Adds an account.
pub(crate) async fn insert<C: ConnectionTrait>(db: &C, user: &User) -> StoreResult<()> {
    let row = user::ActiveModel::from(model_of(user, user.version)?);
    user::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Replaces an account, unless that leaves the server without an administrator. The caller holds the server's row
/// (see [`super::server::count_up`]), so that two of these never decide at the same time.
pub(crate) async fn update<C: ConnectionTrait>(db: &C, user: &User) -> StoreResult<()> {
    let row = model_of(user, user.version + 1)?;
    note_end(db, user.id, row.epoch).await?;
    let sql = "UPDATE users SET email_key = $3, name_key = $4, active = $5, administers = $6, not_before = $7, \
               version = version + 1, document = $8, epoch = $9 WHERE id = $1 AND version = $2 AND ($6 OR NOT administers \
               OR EXISTS (SELECT 1 FROM users AS other WHERE other.administers AND other.id <> $1))";
    let values = vec![
        row.id.clone().into(),
        user.version.into(),
        row.email_key.into(),
        row.name_key.into(),
        row.active.into(),
        row.administers.into(),
        row.not_before.into(),
        row.document.into(),
        row.epoch.into(),
    ];
    if execute(db, sql, values).await? == 1 {
        return Ok(());
    }
    let stored = user::Entity::find_by_id(row.id).one(db).await?;
    let stale = stored.is_none_or(|stored| stored.version != user.version);
    Err(StoreError::Conflict(if stale { Conflict::Stale } else { Conflict::LastAdministrator }))
}

/// Edits an account as it is stored now. The caller holds the server's row, so it is not changed in between.
pub(crate) async fn edit<C: ConnectionTrait>(db: &C, edit: &UserEdit) -> StoreResult<()> {
    let edited = find(db, edit.id).await?.and_then(|user| edit.applied_to(&user));
    update(db, &edited.ok_or(StoreError::Conflict(Conflict::Stale))?).await
}

/// Notes that what was made in the epochs before this one is dead, if it is one that begins.
async fn note_end<C: ConnectionTrait>(db: &C, id: UserId, epoch: i64) -> StoreResult<()> {
    let before = query_one(db, "SELECT epoch FROM users WHERE id = $1", vec![id.as_bytes().to_vec().into()]).await?;
    let before = before.map(|row| row.try_get::<i64>("", "epoch")).transpose()?;
    if before.is_some_and(|before| before != epoch) { ending::note(db, Ended::User(id)).await } else { Ok(()) }
}

/// Sets a password.
pub(crate) async fn put_password<C: ConnectionTrait>(db: &C, password: &PasswordCredential) -> StoreResult<()> {
    let row = password::ActiveModel {
        user_id: Set(password.user.as_bytes().to_vec()),
        phc: Set(password.phc.expose().clone()),
        changed_at: Set(password.changed_at.millis()),
    };
    let replaced = [password::Column::Phc, password::Column::ChangedAt];
    let on_conflict = OnConflict::column(password::Column::UserId).update_columns(replaced).to_owned();
    password::Entity::insert(row).on_conflict(on_conflict).exec_without_returning(db).await?;
    Ok(())
}

fn model_of(user: &User, version: i64) -> StoreResult<user::Model> {
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
    })
}

impl TryFrom<user::Model> for User {
    type Error = StoreError;

    fn try_from(row: user::Model) -> StoreResult<Self> {
        let user: Self = serde_json::from_str(&row.document).map_err(unreadable("user"))?;
        if user.id.as_bytes()[..] != row.id[..] {
            return Err(corrupt("user: the document has another id"));
        }
        // The column is what statements compare: a node of a release without epochs writes documents without one.
        Ok(Self { epoch: Epoch::from_count(row.epoch), ..user })
    }
}

/// Text as it is searched: lower case, and without the one character that PostgreSQL cannot hold.
fn searchable(text: &str) -> String {
    text.replace('\0', "").to_lowercase()
}

/// The `LIKE` pattern of everything that contains a text, in which `%`, `_` and the escape itself mean themselves.
fn containing(text: &str) -> String {
    let literal = searchable(text).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{literal}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_in_a_search_mean_themselves() {
        assert_eq!(containing(r"50%_\"), r"%50\%\_\\%");
        assert_eq!(containing("Kim\0"), "%kim%");
    }
}
