//! Declared APIs, and which clients may ask tokens for each.

use axum::response::Response;

use super::answer::{self, Answered};
use super::body::members;
use super::idempotency::{self, Made};
use super::problem::ApiProblem;
use super::request::{Changing, Names, Reading};
use crate::admin::apis::{self, ApiResource, ApiSearch};
use crate::admin::clients::ClientResource;
use crate::admin::{Authority, Rejected, Target};
use crate::http::AppState;
use crate::model::{Api, ClientId};
use crate::support::id::ApiId;

pub(super) async fn list(reading: Reading) -> Answered {
    let query = &reading.query;
    let search = ApiSearch { text: query.search(), resource: query.resources.first().map(String::as_str) };
    let after: Option<String> = query.after()?;
    let page = apis::list(&reading.app.admin, &reading.by, (search, after.as_deref()), query.limit()).await?;
    let next = page.items.last().filter(|_| page.more).map(|last| last.resource.as_str());
    answer::page(&reading, &page.items.iter().map(ApiResource::from).collect::<Vec<_>>(), next)
}

pub(super) async fn create(changing: Changing) -> Answered {
    idempotency::create(changing, async |changing| {
        let made = apis::create(&changing.app.admin, &changing.by, &changing.body.document()?).await?;
        let path = format!("/apis/{}", made.id);
        Ok(Made { path, document: members(&ApiResource::from(&made))?, version: made.version })
    })
    .await
}

pub(super) async fn show(reading: Reading) -> Answered {
    let api = find(&reading.app, &reading.by, &reading.names).await?;
    answer::shown(&reading, &ApiResource::from(&api), api.version)
}

pub(super) async fn update(changing: Changing) -> Answered {
    let (was, target) = target(&changing).await?;
    let patch = changing.body.patch(&ApiResource::from(&was))?;
    answered(&changing, apis::update(&changing.app.admin, &changing.by, target, &patch).await)
}

pub(super) async fn release(changing: Changing) -> Answered {
    let (_, target) = target(&changing).await?;
    answered(&changing, apis::release(&changing.app.admin, &changing.by, target).await)
}

pub(super) async fn remove(changing: Changing) -> Result<Response, ApiProblem> {
    let (_, target) = target(&changing).await?;
    let deleted = apis::delete(&changing.app.admin, &changing.by, target).await;
    changing.conditional(deleted).map(|()| answer::done())
}

pub(super) async fn clients(reading: Reading) -> Answered {
    let api = find(&reading.app, &reading.by, &reading.names).await?;
    let after = reading.query.after::<String>()?.map(|text| ClientId::parse(&text)).transpose();
    let after = after.map_err(|why| ApiProblem::malformed(format!("cursor: {why}")))?;
    let (admin, limit) = (&reading.app.admin, reading.query.limit());
    let page = apis::clients_of(admin, &reading.by, &api, after.as_ref(), limit).await?;
    let next = page.items.last().filter(|_| page.more).map(|last| last.id.as_str());
    let documents: Vec<_> =
        page.items.iter().map(|client| ClientResource::from(client).at(&reading.app.issuer)).collect();
    answer::page(&reading, &documents, next)
}

pub(super) async fn let_ask(changing: Changing) -> Result<Response, ApiProblem> {
    set(changing, true).await
}

pub(super) async fn forbid(changing: Changing) -> Result<Response, ApiProblem> {
    set(changing, false).await
}

async fn set(changing: Changing, may: bool) -> Result<Response, ApiProblem> {
    let (api, _) = target(&changing).await?;
    let client = changing.names.client()?;
    apis::let_ask(&changing.app.admin, &changing.by, (api.id, &client), may).await?;
    Ok(answer::done())
}

fn answered(changing: &Changing, api: Result<Api, Rejected>) -> Answered {
    let api = changing.conditional(api)?;
    answer::changed(changing, &ApiResource::from(&api), api.version)
}

/// The one that the path names.
async fn find(app: &AppState, by: &Authority, names: &Names) -> Result<Api, ApiProblem> {
    let id: ApiId = names.get("api_id")?;
    apis::find(&app.admin, by, &id.to_string()).await?.ok_or(ApiProblem::NOT_FOUND)
}

/// The same, to be changed.
async fn target(changing: &Changing) -> Result<(Api, Target<ApiId>), ApiProblem> {
    let api = find(&changing.app, &changing.by, &changing.names).await?;
    let target = changing.precondition.target(api.id, api.version)?;
    Ok((api, target))
}
