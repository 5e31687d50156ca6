//! Accounts.

use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{self, Answered};
use super::body::members;
use super::idempotency::{self, Made};
use super::problem::ApiProblem;
use super::query::{Query, Sort};
use super::request::{Changing, Names, Reading};
use crate::admin::affiliations;
use crate::admin::users::{self, FactorView, ResetWanted, UserResource};
use crate::admin::{Authority, Rejected, Target};
use crate::http::AppState;
use crate::model::{AffiliationKind, User};
use crate::store::{UserOrder, UserQuery};
use crate::support::Secret;
use crate::support::id::{AffiliationId, UserId};

/// The password that an account is given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordGiven {
    /// What the end-user is to type.
    #[schema(value_type = String)]
    password: Secret<String>,
    /// How it is known that it is the account's owner who asks, or why it has to be, in a line: the audit log keeps it.
    #[serde(default)]
    reason: String,
}

pub(super) async fn list(reading: Reading) -> Answered {
    let Reading { app, by, query, .. } = &reading;
    let wanted = UserQuery {
        search: query.search().map(str::to_owned),
        status: query.status,
        administers: query.administers,
        within: None,
        given: given(app, by, query).await?,
        order: match query.sort() {
            Sort::Oldest => UserOrder::Oldest(query.after()?),
            Sort::Newest => UserOrder::Newest(query.after()?),
            Sort::Email => UserOrder::Email(query.after()?),
        },
    };
    let page = users::list(&app.admin, by, &wanted, query.limit()).await?;
    let next = page.items.last().filter(|_| page.more).map(|last| wanted.order.place_of(last));
    let documents = users::documents(&app.admin, by, &page.items).await?;
    answer::page(&reading, &documents, next.as_deref())
}

/// The group and the role in apps that the accounts of a list are to have.
async fn given(app: &AppState, by: &Authority, query: &Query) -> Result<Vec<AffiliationId>, ApiProblem> {
    let asked = [(AffiliationKind::Group, &query.group), (AffiliationKind::Role, &query.role)];
    if asked.iter().all(|(_, name)| name.is_none()) {
        return Ok(Vec::new());
    }
    let all = affiliations::catalogue(&app.admin, by).await?;
    let id = |(kind, name): (AffiliationKind, &Option<String>)| {
        let name = name.as_deref()?;
        let missing = || ApiProblem::malformed(format!("there is no {} {name}", kind.as_str()));
        Some(all.find(kind, name).map(|one| one.id).ok_or_else(missing))
    };
    asked.into_iter().filter_map(id).collect()
}

pub(super) async fn create(changing: Changing) -> Answered {
    idempotency::create(changing, async |changing| {
        let user = users::create(&changing.app.admin, &changing.by, changing.body.document()?).await?;
        made(changing, &user).await
    })
    .await
}

pub(super) async fn invite(changing: Changing) -> Answered {
    idempotency::create(changing, async |changing| {
        let user = users::invite(&changing.app.admin, &changing.by, changing.body.document()?).await?;
        made(changing, &user).await
    })
    .await
}

/// An account that was made.
async fn made(changing: &Changing, user: &User) -> Result<Made, ApiProblem> {
    let document = members(&document(&changing.app, &changing.by, user).await?)?;
    Ok(Made { path: format!("/users/{}", user.id), document, version: user.version })
}

pub(super) async fn show(reading: Reading) -> Answered {
    let user = find(&reading.app, &reading.by, &reading.names).await?;
    answer::shown(&reading, &document(&reading.app, &reading.by, &user).await?, user.version)
}

pub(super) async fn update(changing: Changing) -> Answered {
    let (was, target) = target(&changing).await?;
    let patch = changing.body.patch(&document(&changing.app, &changing.by, &was).await?)?;
    answered(&changing, users::update(&changing.app.admin, &changing.by, target, &patch).await).await
}

pub(super) async fn remove(changing: Changing) -> Result<Response, ApiProblem> {
    let (_, target) = target(&changing).await?;
    let deleted = users::delete(&changing.app.admin, &changing.by, target).await;
    changing.conditional(deleted).map(|()| answer::done())
}

pub(super) async fn enable(changing: Changing) -> Answered {
    switch(changing, true).await
}

pub(super) async fn disable(changing: Changing) -> Answered {
    switch(changing, false).await
}

async fn switch(changing: Changing, on: bool) -> Answered {
    let (_, target) = target(&changing).await?;
    answered(&changing, users::set_enabled(&changing.app.admin, &changing.by, target, on).await).await
}

pub(super) async fn set_password(changing: Changing) -> Answered {
    let (_, target) = target(&changing).await?;
    let PasswordGiven { password, reason } = changing.body.value()?;
    let set = users::set_password(&changing.app.admin, &changing.by, target, &password, &reason).await;
    answered(&changing, set).await
}

pub(super) async fn factors(reading: Reading) -> Answered {
    let user = find(&reading.app, &reading.by, &reading.names).await?;
    let found = users::factors(&reading.app.admin, &reading.by, user.id).await?;
    answer::whole(&reading, &found.all.iter().map(FactorView::from).collect::<Vec<_>>())
}

pub(super) async fn reset_factors(changing: Changing) -> Answered {
    let (_, target) = target(&changing).await?;
    let ResetWanted { reason } = changing.body.value()?;
    answered(&changing, users::reset_factors(&changing.app.admin, &changing.by, target, &reason).await).await
}

pub(super) async fn send_reset_link(changing: Changing) -> Answered {
    let (_, target) = target(&changing).await?;
    let ResetWanted { reason } = changing.body.value()?;
    answered(&changing, users::send_reset_link(&changing.app.admin, &changing.by, target, &reason).await).await
}

pub(super) async fn invite_again(changing: Changing) -> Answered {
    let (_, target) = target(&changing).await?;
    answered(&changing, users::invite_again(&changing.app.admin, &changing.by, target).await).await
}

pub(super) async fn withdraw_invitation(changing: Changing) -> Result<Response, ApiProblem> {
    let (_, target) = target(&changing).await?;
    let withdrawn = users::withdraw_invitation(&changing.app.admin, &changing.by, target).await;
    changing.conditional(withdrawn).map(|_| answer::done())
}

async fn answered(changing: &Changing, user: Result<User, Rejected>) -> Answered {
    let user = changing.conditional(user)?;
    answer::changed(changing, &document(&changing.app, &changing.by, &user).await?, user.version)
}

/// An account as a document.
async fn document(app: &AppState, by: &Authority, user: &User) -> Result<UserResource, ApiProblem> {
    Ok(users::document(&app.admin, by, user).await?)
}

/// The account that the path names.
pub(super) async fn find(app: &AppState, by: &Authority, names: &Names) -> Result<User, ApiProblem> {
    let id: Result<UserId, _> = names.get("sub");
    // What may not be seen is not told apart from what there is not: the permission is asked first.
    let text = id.as_ref().map(UserId::to_string).unwrap_or_default();
    users::find(&app.admin, by, &text).await?.ok_or(ApiProblem::NOT_FOUND)
}

/// The same, to be changed.
pub(super) async fn target(changing: &Changing) -> Result<(User, Target<UserId>), ApiProblem> {
    let user = find(&changing.app, &changing.by, &changing.names).await?;
    let target = changing.precondition.target(user.id, user.version)?;
    Ok((user, target))
}
