//! People, their passwords, and whether their sign-ins still count.

use std::collections::HashMap;

use async_trait::async_trait;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, OnConflict};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::{password, user};
use super::error::{corrupt, unreadable};
use super::grant::id;
use super::rows::{self, Rows};
use super::{SqlStore, execute, server};
use crate::model::user::{EmailAddress, PasswordCredential, User, UserStatus};
use crate::store::{Conflict, Page, Standing, StoreError, StoreResult, UserStore};
use crate::support::id::{SignInId, UserId};
use crate::support::{Secret, Timestamp};

/// The longest text that is searched for, in bytes; nothing contains a longer one. (SQLite fails on a pattern of 50 000.)
const LONGEST_SEARCH: usize = 1000;

#[async_trait]
impl UserStore for SqlStore {
    async fn find(&self, id: UserId) -> StoreResult<Option<User>> {
        let row = user::Entity::find_by_id(id.as_bytes().to_vec()).one(&self.read).await?;
        row.map(User::try_from).transpose()
    }

    async fn find_by_email(&self, email: &EmailAddress) -> StoreResult<Option<User>> {
        let same = user::Column::EmailKey.eq(email.lookup_key());
        user::Entity::find().filter(same).one(&self.read).await?.map(User::try_from).transpose()
    }

    async fn password(&self, id: UserId) -> StoreResult<Option<PasswordCredential>> {
        let row = password::Entity::find_by_id(id.as_bytes().to_vec()).one(&self.read).await?;
        Ok(row.map(|row| PasswordCredential {
            user: id,
            phc: Secret::new(row.phc),
            changed_at: Timestamp::from_millis(row.changed_at),
        }))
    }

    async fn standing(&self, user: UserId, sign_in: SignInId) -> StoreResult<Option<Standing>> {
        self.lookups.standing(user, sign_in).await
    }

    async fn list(&self, search: Option<&str>, after: Option<UserId>, limit: u32) -> StoreResult<Page<User>> {
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
        page(query.all(&self.read).await?, limit, User::try_from)
    }

    async fn is_claimed(&self) -> StoreResult<bool> {
        server::is_claimed(&self.read).await
    }
}

/// Whose sign-ins still count: the user, the sign-in, and how they stand. An account that is not there has no entry.
pub(super) async fn look_up_standing<C: ConnectionTrait>(
    db: &C,
    wanted: &[(UserId, SignInId)],
) -> Result<HashMap<(UserId, SignInId), Standing>, DbErr> {
    let rows =
        wanted.iter().map(|(user, sign_in)| vec![user.as_bytes().to_vec().into(), sign_in.as_bytes().to_vec().into()]);
    let sql = |list: &str, _: &str| {
        format!(
            "SELECT column1, column2, active, not_before, \
             EXISTS (SELECT 1 FROM ended_sign_ins WHERE ended_sign_ins.id = column2) AS ended \
             FROM ({list}) AS wanted CROSS JOIN users WHERE users.id = column1"
        )
    };
    let mut found = HashMap::with_capacity(wanted.len());
    for row in rows::select(db, Rows::new(rows), sql).await? {
        let (user, sign_in): (Vec<u8>, Vec<u8>) = (row.try_get("", "column1")?, row.try_get("", "column2")?);
        let active: bool = row.try_get("", "active")?;
        let standing = Standing {
            status: if active { UserStatus::Active } else { UserStatus::Disabled },
            not_before: Timestamp::from_millis(row.try_get("", "not_before")?),
            ended: row.try_get("", "ended")?,
        };
        let read = |bytes: &[u8]| id(bytes).map_err(|error| DbErr::Type(error.to_string()));
        found.insert((UserId::from_bytes(read(&user)?), SignInId::from_bytes(read(&sign_in)?)), standing);
    }
    Ok(found)
}

/// Adds an account.
pub(super) async fn insert<C: ConnectionTrait>(db: &C, user: &User) -> StoreResult<()> {
    let row = user::ActiveModel::from(model_of(user, user.version)?);
    user::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Replaces an account, unless that leaves the server without an administrator. Whoever calls it holds the server's row
/// (see [`server::count_up`]), so that two of these never decide at the same time.
pub(super) async fn update<C: ConnectionTrait>(db: &C, user: &User) -> StoreResult<()> {
    let row = model_of(user, user.version + 1)?;
    let sql = "UPDATE users SET email_key = $3, name_key = $4, active = $5, administers = $6, not_before = $7, \
               version = version + 1, document = $8 WHERE id = $1 AND version = $2 AND ($6 OR NOT administers \
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
    ];
    if execute(db, sql, values).await? == 1 {
        return Ok(());
    }
    let stored = user::Entity::find_by_id(row.id).one(db).await?;
    let stale = stored.is_none_or(|stored| stored.version != user.version);
    Err(StoreError::Conflict(if stale { Conflict::Stale } else { Conflict::LastAdministrator }))
}

/// Sets a password.
pub(super) async fn put_password<C: ConnectionTrait>(db: &C, password: &PasswordCredential) -> StoreResult<()> {
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
    })
}

impl TryFrom<user::Model> for User {
    type Error = StoreError;

    fn try_from(row: user::Model) -> StoreResult<Self> {
        let user: Self = serde_json::from_str(&row.document).map_err(unreadable("user"))?;
        if user.id.as_bytes()[..] == row.id[..] { Ok(user) } else { Err(corrupt("user: the document has another id")) }
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

/// Makes a page of one row more than it holds, which says whether more follow.
pub(super) fn page<R, T>(rows: Vec<R>, limit: u32, read: impl Fn(R) -> StoreResult<T>) -> StoreResult<Page<T>> {
    let limit = limit as usize;
    let more = rows.len() > limit;
    Ok(Page { items: rows.into_iter().take(limit).map(read).collect::<StoreResult<_>>()?, more })
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
