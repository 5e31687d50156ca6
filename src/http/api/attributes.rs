//! The custom attributes of accounts that are declared.

use axum::response::Response;

use super::answer::{self, Answered};
use super::body::members;
use super::idempotency::{self, Made};
use super::problem::ApiProblem;
use super::request::{Changing, Names, Reading};
use crate::admin::attributes::{self, AttributeResource};
use crate::admin::{Authority, Rejected, Target};
use crate::http::AppState;
use crate::model::attribute::AttributeDefinition;

pub(super) async fn list(reading: Reading) -> Answered {
    let declared = attributes::list(&reading.app.admin, &reading.by).await?;
    let documents: Vec<_> = declared.iter().map(AttributeResource::from).collect();
    answer::whole(&reading, &documents)
}

pub(super) async fn create(changing: Changing) -> Answered {
    idempotency::create(changing, async |changing| {
        let made = attributes::create(&changing.app.admin, &changing.by, changing.body.document()?).await?;
        let document = members(&AttributeResource::from(&made))?;
        Ok(Made { path: format!("/attributes/{}", made.name), document, version: made.version })
    })
    .await
}

pub(super) async fn show(reading: Reading) -> Answered {
    let found = find(&reading.app, &reading.by, &reading.names).await?;
    answer::shown(&reading, &AttributeResource::from(&found), found.version)
}

pub(super) async fn update(changing: Changing) -> Answered {
    let (was, target) = target(&changing).await?;
    let patch = changing.body.patch(&AttributeResource::from(&was))?;
    let updated: Result<_, Rejected> = attributes::update(&changing.app.admin, &changing.by, target, &patch).await;
    let is = changing.conditional(updated)?;
    answer::changed(&changing, &AttributeResource::from(&is), is.version)
}

pub(super) async fn release(changing: Changing) -> Answered {
    let (_, target) = target(&changing).await?;
    let released = changing.conditional(attributes::release(&changing.app.admin, &changing.by, target).await)?;
    answer::changed(&changing, &AttributeResource::from(&released), released.version)
}

pub(super) async fn remove(changing: Changing) -> Result<Response, ApiProblem> {
    let (_, target) = target(&changing).await?;
    let deleted = attributes::delete(&changing.app.admin, &changing.by, target).await;
    changing.conditional(deleted).map(|()| answer::done())
}

async fn find(app: &AppState, by: &Authority, names: &Names) -> Result<AttributeDefinition, ApiProblem> {
    let name: String = names.get("name")?;
    attributes::find(&app.admin, by, &name).await?.ok_or(ApiProblem::NOT_FOUND)
}

async fn target(changing: &Changing) -> Result<(AttributeDefinition, Target<String>), ApiProblem> {
    let found = find(&changing.app, &changing.by, &changing.names).await?;
    let target = changing.precondition.target(found.name.clone(), found.version)?;
    Ok((found, target))
}
