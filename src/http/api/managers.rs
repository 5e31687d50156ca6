//! Who manages a client, or the people in a group, without a role.

use axum::response::Response;

use super::answer::{self, Answered};
use super::problem::ApiProblem;
use super::request::{Changing, Names, Reading};
use super::users as accounts;
use crate::admin::affiliations::{self, GroupResource};
use crate::admin::delegations::{self, ManagerView};
use crate::admin::{Authority, clients};
use crate::http::AppState;
use crate::model::{Delegation, DelegationKind};

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
    let managers = delegations::list(&reading.app.admin, &reading.by, &of).await?;
    answer::whole(&reading, &managers.iter().map(ManagerView::from).collect::<Vec<_>>())
}

async fn give(changing: Changing, kind: DelegationKind) -> Result<Response, ApiProblem> {
    let of = find(&changing.app, &changing.by, &changing.names, kind).await?;
    let (_, user) = accounts::target(&changing).await?;
    let given = delegations::give(&changing.app.admin, &changing.by, user, &of).await;
    changing.conditional(given).map(|()| answer::done())
}

async fn take(changing: Changing, kind: DelegationKind) -> Result<Response, ApiProblem> {
    let of = find(&changing.app, &changing.by, &changing.names, kind).await?;
    let (_, user) = accounts::target(&changing).await?;
    let taken = delegations::take(&changing.app.admin, &changing.by, user, &of).await;
    if changing.conditional(taken)? { Ok(answer::done()) } else { Err(ApiProblem::NOT_FOUND) }
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
