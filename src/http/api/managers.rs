//! Who manages a client, or the people in a group, without a role.

use axum::response::Response;

use super::answer::{self, Answered};
use super::problem::ApiProblem;
use super::request::{Changing, Names, Reading};
use super::users as accounts;
use crate::admin::affiliations::{self, GroupResource};
use crate::admin::{Authority, Target, clients, delegations};
use crate::http::AppState;
use crate::model::{ClientId, Delegation, DelegationKind};
use crate::support::id::UserId;

pub(super) async fn of_client(reading: Reading) -> Answered {
    list(reading, DelegationKind::App).await
}

pub(super) async fn of_group(reading: Reading) -> Answered {
    list(reading, DelegationKind::Group).await
}

pub(super) async fn add_to_client(changing: Changing) -> Result<Response, ApiProblem> {
    give(changing, DelegationKind::App).await
}

pub(super) async fn add_to_group(changing: Changing) -> Result<Response, ApiProblem> {
    give(changing, DelegationKind::Group).await
}

pub(super) async fn remove_from_client(changing: Changing) -> Result<Response, ApiProblem> {
    take(changing, DelegationKind::App).await
}

pub(super) async fn remove_from_group(changing: Changing) -> Result<Response, ApiProblem> {
    take(changing, DelegationKind::Group).await
}

async fn list(reading: Reading, kind: DelegationKind) -> Answered {
    let of = find(&reading.app, &reading.by, &reading.names, kind).await?;
    answer::whole(&reading, &delegations::documents(&reading.app.admin, &reading.by, &of).await?)
}

async fn give(changing: Changing, kind: DelegationKind) -> Result<Response, ApiProblem> {
    let of = find(&changing.app, &changing.by, &changing.names, kind).await?;
    let (admin, by) = (&changing.app.admin, &changing.by);
    let given = match holder(&changing).await? {
        Holder::Account(user) => delegations::give(admin, by, user, &of).await,
        Holder::ServiceAccount(client) => delegations::give_to_service_account(admin, by, client, &of).await,
    };
    changing.conditional(given).map(|()| answer::done())
}

async fn take(changing: Changing, kind: DelegationKind) -> Result<Response, ApiProblem> {
    let of = find(&changing.app, &changing.by, &changing.names, kind).await?;
    let (admin, by) = (&changing.app.admin, &changing.by);
    let taken = match holder(&changing).await? {
        Holder::Account(user) => delegations::take(admin, by, user, &of).await,
        Holder::ServiceAccount(client) => delegations::take_from_service_account(admin, by, client, &of).await,
    };
    if changing.conditional(taken)? { Ok(answer::done()) } else { Err(ApiProblem::NOT_FOUND) }
}

/// Who manages, as the path names them.
enum Holder {
    Account(Target<UserId>),
    ServiceAccount(Target<ClientId>),
}

/// The account of the path's `sub`, or the client, which no id of an account looks like.
async fn holder(changing: &Changing) -> Result<Holder, ApiProblem> {
    let sub: String = changing.names.get("sub")?;
    let Ok(id) = ClientId::parse(&sub) else { return Ok(Holder::Account(accounts::target(changing).await?.1)) };
    let client = clients::find(&changing.app.admin, &changing.by, &id).await?.ok_or(ApiProblem::NOT_FOUND)?;
    Ok(Holder::ServiceAccount(changing.precondition.target(client.id, client.version)?))
}

/// What the path names.
async fn find(app: &AppState, by: &Authority, names: &Names, kind: DelegationKind) -> Result<Delegation, ApiProblem> {
    let missing = ApiProblem::NOT_FOUND;
    match kind {
        DelegationKind::App => {
            let client = clients::find(&app.admin, by, &names.client()?).await?.ok_or(missing)?;
            Ok(Delegation::App(client.id))
        }
        DelegationKind::Group => {
            let name: String = names.get("group")?;
            let group = affiliations::find::<GroupResource>(&app.admin, by, &name).await?.ok_or(missing)?;
            Ok(Delegation::Group(group.affiliation.id))
        }
    }
}
