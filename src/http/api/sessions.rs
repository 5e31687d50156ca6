//! Where accounts are signed in.

use axum::response::Response;

use super::answer::{self, Answered};
use super::problem::ApiProblem;
use super::request::{Changing, Reading};
use super::users::{find, target};
use crate::admin::sessions::{self, SignInView};
use crate::admin::users;

pub(super) async fn list(reading: Reading) -> Answered {
    let user = find(&reading.app, &reading.by, &reading.names).await?;
    let sign_ins = sessions::list(&reading.app.admin, &reading.by, &reading.app.flow.sessions, user.id).await?;
    answer::whole(&reading, &sign_ins.iter().map(SignInView::from).collect::<Vec<_>>())
}

pub(super) async fn end(changing: Changing) -> Result<Response, ApiProblem> {
    let user = find(&changing.app, &changing.by, &changing.names).await?;
    let (app, id) = (&changing.app, changing.names.get("sid")?);
    let ended = sessions::revoke(&app.admin, &changing.by, &app.flow.sessions, user.id, id).await?;
    if ended { Ok(answer::done()) } else { Err(ApiProblem::NOT_FOUND) }
}

pub(super) async fn end_all_of_user(changing: Changing) -> Result<Response, ApiProblem> {
    let (_, target) = target(&changing).await?;
    let ended = users::revoke_sessions(&changing.app.admin, &changing.by, target).await;
    changing.conditional(ended).map(|_| answer::done())
}

pub(super) async fn end_everything(changing: Changing) -> Result<Response, ApiProblem> {
    sessions::end_all(&changing.app.admin, &changing.by).await?;
    Ok(answer::done())
}
