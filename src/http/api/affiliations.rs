//! Groups, roles in apps, and who has which. Those of both kinds are answered by the same handlers.

use axum::response::Response;

use super::answer::{self, Answered};
use super::body::members as members_of;
use super::idempotency::{self, Made};
use super::problem::ApiProblem;
use super::request::{Changing, Names, Reading};
use super::users as accounts;
use crate::admin::affiliations::{self, Defined, Definition};
use crate::admin::users;
use crate::admin::{Authority, Target};
use crate::http::AppState;
use crate::model::AffiliationKind;
use crate::support::id::AffiliationId;

pub(super) async fn list<D: Definition>(reading: Reading) -> Answered {
    let (search, after): (_, Option<String>) = (reading.query.search(), reading.query.after()?);
    let asked = (search, after.as_deref());
    let page = affiliations::list::<D>(&reading.app.admin, &reading.by, asked, reading.query.limit()).await?;
    let next = page.items.last().filter(|_| page.more).map(|last| last.affiliation.key());
    answer::page(&reading, &page.items.iter().map(D::of).collect::<Vec<_>>(), next.as_deref())
}

pub(super) async fn create<D: Definition>(changing: Changing) -> Answered {
    idempotency::create(changing, async |changing| {
        let made = affiliations::create::<D>(&changing.app.admin, &changing.by, &changing.body.document()?).await?;
        let path = format!("/{}s/{}", D::KIND.as_str(), made.affiliation.id);
        Ok(Made { path, document: members_of(&D::of(&made))?, version: made.affiliation.version })
    })
    .await
}

pub(super) async fn show<D: Definition>(reading: Reading) -> Answered {
    let found = find::<D>(&reading.app, &reading.by, &reading.names).await?;
    answer::shown(&reading, &D::of(&found), found.affiliation.version)
}

pub(super) async fn update<D: Definition>(changing: Changing) -> Answered {
    let (was, target) = target::<D>(&changing).await?;
    let patch: D = changing.body.patch(&D::of(&was))?;
    let is = changing.conditional(affiliations::update(&changing.app.admin, &changing.by, target, &patch).await)?;
    answer::changed(&changing, &D::of(&is), is.affiliation.version)
}

pub(super) async fn remove<D: Definition>(changing: Changing) -> Result<Response, ApiProblem> {
    let (_, target) = target::<D>(&changing).await?;
    let deleted = affiliations::delete::<D>(&changing.app.admin, &changing.by, target).await;
    changing.conditional(deleted).map(|()| answer::done())
}

pub(super) async fn release<D: Definition>(changing: Changing) -> Answered {
    let (_, target) = target::<D>(&changing).await?;
    let released = affiliations::release::<D>(&changing.app.admin, &changing.by, target).await;
    let is = changing.conditional(released)?;
    answer::changed(&changing, &D::of(&is), is.affiliation.version)
}

pub(super) async fn members<D: Definition>(reading: Reading) -> Answered {
    let of = find::<D>(&reading.app, &reading.by, &reading.names).await?.affiliation.id;
    let (after, limit) = (reading.query.after()?, reading.query.limit());
    let page = affiliations::members(&reading.app.admin, &reading.by, of, after, limit).await?;
    let next = page.items.last().filter(|_| page.more).map(|last| last.id.to_string());
    let documents = users::documents(&reading.app.admin, &reading.by, &page.items).await?;
    answer::page(&reading, &documents, next.as_deref())
}

pub(super) async fn join<D: Definition>(changing: Changing) -> Result<Response, ApiProblem> {
    let of = find::<D>(&changing.app, &changing.by, &changing.names).await?.affiliation.id;
    let (_, user) = accounts::target(&changing).await?;
    let joined = users::join(&changing.app.admin, &changing.by, user, (D::KIND, of)).await;
    changing.conditional(joined).map(|_| answer::done())
}

pub(super) async fn leave<D: Definition>(changing: Changing) -> Result<Response, ApiProblem> {
    let of = find::<D>(&changing.app, &changing.by, &changing.names).await?.affiliation.id;
    let (_, user) = accounts::target(&changing).await?;
    let left = users::leave(&changing.app.admin, &changing.by, user, (D::KIND, of)).await;
    changing.conditional(left).map(|_| answer::done())
}

/// What an account was given.
pub(super) async fn of_user(reading: Reading) -> Answered {
    let user = accounts::find(&reading.app, &reading.by, &reading.names).await?;
    let given = users::memberships(&reading.app.admin, &reading.by, &user).await?;
    answer::shown(&reading, &given, user.version)
}

/// Gives and takes.
pub(super) async fn set_of_user(changing: Changing) -> Answered {
    let (user, target) = accounts::target(&changing).await?;
    let was = users::memberships(&changing.app.admin, &changing.by, &user).await?;
    let patch = changing.body.patch(&was)?;
    let set = users::set_memberships(&changing.app.admin, &changing.by, target, &patch).await;
    let (user, is) = changing.conditional(set)?;
    answer::changed(&changing, &is, user.version)
}

/// The one that the path names, by its id or by its name.
async fn find<D: Definition>(app: &AppState, by: &Authority, names: &Names) -> Result<Defined, ApiProblem> {
    let name: String = names.get(match D::KIND {
        AffiliationKind::Group => "group",
        AffiliationKind::Role => "role",
    })?;
    affiliations::find::<D>(&app.admin, by, &name).await?.ok_or(ApiProblem::NOT_FOUND)
}

async fn target<D: Definition>(changing: &Changing) -> Result<(Defined, Target<AffiliationId>), ApiProblem> {
    let found = find::<D>(&changing.app, &changing.by, &changing.names).await?;
    let target = changing.precondition.target(found.affiliation.id, found.affiliation.version)?;
    Ok((found, target))
}
