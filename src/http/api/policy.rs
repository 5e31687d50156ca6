//! What is decided for the whole server.

use axum::response::Response;
use serde::Serialize;

use super::answer::{self, Answered};
use super::problem::ApiProblem;
use super::request::{Changing, Reading};
use crate::admin::policy::{self, BrandingResource, SignInResource, SigningResource};
use crate::http::AppState;
use crate::model::policy::{Policy, PolicySection};

pub(super) async fn show_sign_in(reading: Reading) -> Answered {
    let policy = policy::find(&reading.app.admin, &reading.by).await?;
    answer::shown(&reading, &SignInResource::of(&policy), policy.version)
}

pub(super) async fn update_sign_in(changing: Changing) -> Answered {
    let was = policy::find(&changing.app.admin, &changing.by).await?;
    let target = changing.precondition.target((), was.version)?;
    let patch = changing.body.patch(&SignInResource::of(&was))?;
    let decided = policy::set_sign_in(&changing.app.admin, &changing.by, target, &patch).await;
    let decided = changing.conditional(decided)?;
    answer::changed(&changing, &SignInResource::of(&decided), decided.version)
}

pub(super) async fn release_sign_in(changing: Changing) -> Answered {
    release(&changing, PolicySection::SignIn, SignInResource::of).await
}

pub(super) async fn show_branding(reading: Reading) -> Answered {
    let policy = policy::find(&reading.app.admin, &reading.by).await?;
    answer::shown(&reading, &branding(&reading.app, &policy), policy.version)
}

pub(super) async fn update_branding(changing: Changing) -> Answered {
    let was = policy::find(&changing.app.admin, &changing.by).await?;
    let target = changing.precondition.target((), was.version)?;
    let patch = changing.body.patch(&branding(&changing.app, &was))?;
    let decided = policy::set_branding(&changing.app.admin, &changing.by, target, &patch).await;
    let decided = changing.conditional(decided)?;
    answer::changed(&changing, &branding(&changing.app, &decided), decided.version)
}

pub(super) async fn release_branding(changing: Changing) -> Answered {
    release(&changing, PolicySection::Branding, |policy| branding(&changing.app, policy)).await
}

pub(super) async fn set_logo(changing: Changing) -> Answered {
    let was = policy::find(&changing.app.admin, &changing.by).await?;
    let target = changing.precondition.target((), was.version)?;
    let picture = changing.body.picture()?;
    let decided = policy::set_logo(&changing.app.admin, &changing.by, target, picture).await;
    let decided = changing.conditional(decided)?;
    answer::changed(&changing, &branding(&changing.app, &decided), decided.version)
}

pub(super) async fn remove_logo(changing: Changing) -> Result<Response, ApiProblem> {
    let was = policy::find(&changing.app.admin, &changing.by).await?;
    let target = changing.precondition.target((), was.version)?;
    let removed = policy::remove_logo(&changing.app.admin, &changing.by, target).await;
    changing.conditional(removed).map(|_| answer::done())
}

pub(super) async fn show_signing(reading: Reading) -> Answered {
    let policy = policy::find(&reading.app.admin, &reading.by).await?;
    answer::shown(&reading, &SigningResource::of(&policy), policy.version)
}

pub(super) async fn update_signing(changing: Changing) -> Answered {
    let was = policy::find(&changing.app.admin, &changing.by).await?;
    let target = changing.precondition.target((), was.version)?;
    let patch = changing.body.patch(&SigningResource::of(&was))?;
    let decided = policy::set_signing(&changing.app.admin, &changing.by, target, &patch).await;
    let decided = changing.conditional(decided)?;
    answer::changed(&changing, &SigningResource::of(&decided), decided.version)
}

pub(super) async fn release_signing(changing: Changing) -> Answered {
    release(&changing, PolicySection::Signing, SigningResource::of).await
}

fn branding(app: &AppState, policy: &Policy) -> BrandingResource {
    BrandingResource::of(policy).at(&app.issuer)
}

async fn release<D: Serialize>(
    changing: &Changing,
    section: PolicySection,
    document: impl Fn(&Policy) -> D,
) -> Answered {
    let was = policy::find(&changing.app.admin, &changing.by).await?;
    let target = changing.precondition.target((), was.version)?;
    let released = policy::release(&changing.app.admin, &changing.by, target, section).await;
    let released = changing.conditional(released)?;
    answer::changed(changing, &document(&released), released.version)
}
