//! What hangs on an account: its passkeys, the accounts at providers that sign in to it, and the clients that have access to it.

use axum::response::Response;

use super::answer::{self, Answered};
use super::problem::ApiProblem;
use super::request::{Changing, Reading};
use super::users::find;
use crate::admin::users::{self, AppView, LinkView, PasskeyView, ResetWanted};
use crate::support::id::{LinkId, PasskeyId};

pub(super) async fn links(reading: Reading) -> Answered {
    let user = find(&reading.app, &reading.by, &reading.names).await?;
    let ways = users::ways_in(&reading.app.admin, &reading.by, user.id).await?;
    answer::whole(&reading, &ways.links.iter().map(LinkView::from).collect::<Vec<_>>())
}

pub(super) async fn unlink(changing: Changing) -> Result<Response, ApiProblem> {
    let user = find(&changing.app, &changing.by, &changing.names).await?;
    let (admin, id) = (&changing.app.admin, changing.names.get::<LinkId>("link_id")?);
    let links = users::ways_in(admin, &changing.by, user.id).await?.links;
    let (link, _) = links.into_iter().find(|(link, _)| link.id == id).ok_or(ApiProblem::NOT_FOUND)?;
    users::unlink(admin, &changing.by, user.id, link.identity).await?;
    Ok(answer::done())
}

pub(super) async fn passkeys(reading: Reading) -> Answered {
    let user = find(&reading.app, &reading.by, &reading.names).await?;
    let ways = users::ways_in(&reading.app.admin, &reading.by, user.id).await?;
    answer::whole(&reading, &ways.passkeys.iter().map(PasskeyView::from).collect::<Vec<_>>())
}

pub(super) async fn remove_passkey(changing: Changing) -> Result<Response, ApiProblem> {
    let user = find(&changing.app, &changing.by, &changing.names).await?;
    let (admin, id) = (&changing.app.admin, changing.names.get::<PasskeyId>("passkey_id")?);
    let ResetWanted { reason } = changing.body.value()?;
    let removed = users::remove_passkey(admin, &changing.by, user.id, id, &reason).await?;
    if removed { Ok(answer::done()) } else { Err(ApiProblem::NOT_FOUND) }
}

pub(super) async fn apps(reading: Reading) -> Answered {
    let user = find(&reading.app, &reading.by, &reading.names).await?;
    let apps = users::apps(&reading.app.admin, &reading.by, user.id).await?;
    answer::whole(&reading, &apps.iter().map(AppView::from).collect::<Vec<_>>())
}

pub(super) async fn withdraw(changing: Changing) -> Result<Response, ApiProblem> {
    let user = find(&changing.app, &changing.by, &changing.names).await?;
    let (admin, client) = (&changing.app.admin, changing.names.client()?);
    if !users::apps(admin, &changing.by, user.id).await?.iter().any(|app| app.client.id == client) {
        return Err(ApiProblem::NOT_FOUND);
    }
    users::withdraw(admin, &changing.by, user.id, client).await?;
    Ok(answer::done())
}

pub(super) async fn withdraw_all(changing: Changing) -> Result<Response, ApiProblem> {
    let user = find(&changing.app, &changing.by, &changing.names).await?;
    users::withdraw_all(&changing.app.admin, &changing.by, user.id).await?;
    Ok(answer::done())
}
