//! What is decided for the whole server.

use super::answer::{self, Answered};
use super::request::{Changing, Reading};
use crate::admin::policy::{self, BrandingResource, SignInResource};

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

pub(super) async fn show_branding(reading: Reading) -> Answered {
    let policy = policy::find(&reading.app.admin, &reading.by).await?;
    answer::shown(&reading, &BrandingResource::of(&policy), policy.version)
}

pub(super) async fn update_branding(changing: Changing) -> Answered {
    let was = policy::find(&changing.app.admin, &changing.by).await?;
    let target = changing.precondition.target((), was.version)?;
    let patch = changing.body.patch(&BrandingResource::of(&was))?;
    let decided = policy::set_branding(&changing.app.admin, &changing.by, target, &patch).await;
    let decided = changing.conditional(decided)?;
    answer::changed(&changing, &BrandingResource::of(&decided), decided.version)
}
