//! Connections to upstream providers.

use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{self, Answered};
use super::body::members;
use super::grace;
use super::idempotency::{self, Made};
use super::problem::ApiProblem;
use super::request::{Changing, Names, Reading};
use crate::admin::connections::{self, ConnectionResource, Shift};
use crate::admin::{Authority, Rejected, Target};
use crate::http::AppState;
use crate::model::Connection;
use crate::model::connection::Slug;
use crate::support::Secret;

/// The secret that a provider issued.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SecretGiven {
    /// As the provider shows it.
    #[schema(value_type = String)]
    client_secret: Secret<String>,
    /// Seconds that the old secret is tried on.
    #[serde(default)]
    grace_seconds: Option<u32>,
}

/// Where a button goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    /// Before the one that is before it, or after the one that is after it.
    to: Direction,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Direction {
    Up,
    Down,
}

pub(super) async fn list(reading: Reading) -> Answered {
    let Reading { app, by, query, .. } = &reading;
    let after: Option<String> = query.after()?;
    let all = connections::list(&app.admin, by).await?;
    let at = |slug: &String| all.iter().position(|one| one.slug.as_str() == slug).map_or(all.len(), |at| at + 1);
    let left = &all[after.as_ref().map_or(0, at)..];
    let page = &left[..left.len().min(usize::try_from(query.limit()).unwrap_or(usize::MAX))];
    let next = page.last().filter(|_| page.len() < left.len()).map(|one| one.slug.as_str());
    let documents: Vec<_> = page.iter().map(|one| ConnectionResource::of(one, &app.issuer)).collect();
    answer::page(&reading, &documents, next)
}

pub(super) async fn create(changing: Changing) -> Answered {
    idempotency::create(changing, async |changing| {
        let made = connections::create(&changing.app.admin, &changing.by, changing.body.document()?).await?;
        let document = members(&ConnectionResource::of(&made, &changing.app.issuer))?;
        Ok(Made { path: format!("/connections/{}", made.slug), document, version: made.version })
    })
    .await
}

pub(super) async fn show(reading: Reading) -> Answered {
    let connection = find(&reading.app, &reading.by, &reading.names).await?;
    answer::shown(&reading, &ConnectionResource::of(&connection, &reading.app.issuer), connection.version)
}

pub(super) async fn update(changing: Changing) -> Answered {
    let (was, target) = target(&changing).await?;
    let patch = changing.body.patch(&ConnectionResource::of(&was, &changing.app.issuer))?;
    answered(&changing, connections::update(&changing.app.admin, &changing.by, target, &patch).await)
}

pub(super) async fn remove(changing: Changing) -> Result<Response, ApiProblem> {
    let (_, target) = target(&changing).await?;
    let came_through = changing.query.came_through();
    let deleted = connections::delete(&changing.app.admin, &changing.by, target, came_through).await;
    changing.conditional(deleted).map(|_| answer::done())
}

pub(super) async fn enable(changing: Changing) -> Answered {
    switch(changing, true).await
}

pub(super) async fn disable(changing: Changing) -> Answered {
    switch(changing, false).await
}

async fn switch(changing: Changing, on: bool) -> Answered {
    let (_, target) = target(&changing).await?;
    let came_through = changing.query.came_through();
    answered(&changing, connections::set_enabled(&changing.app.admin, &changing.by, target, on, came_through).await)
}

pub(super) async fn release(changing: Changing) -> Answered {
    let (_, target) = target(&changing).await?;
    answered(&changing, connections::release(&changing.app.admin, &changing.by, target).await)
}

pub(super) async fn set_secret(changing: Changing) -> Answered {
    let (_, target) = target(&changing).await?;
    let SecretGiven { client_secret, grace_seconds } = changing.body.value()?;
    let grace = grace::of_seconds(grace_seconds, connections::DEFAULT_GRACE);
    let rotated = connections::rotate_secret(&changing.app.admin, &changing.by, target, &client_secret, grace).await;
    answered(&changing, rotated)
}

pub(super) async fn shift(changing: Changing) -> Answered {
    let (was, _) = target(&changing).await?;
    let Place { to } = changing.body.value()?;
    let shift = match to {
        Direction::Up => Shift::Up,
        Direction::Down => Shift::Down,
    };
    connections::shift(&changing.app.admin, &changing.by, &was.slug, shift).await?;
    let moved = find(&changing.app, &changing.by, &changing.names).await?;
    answer::changed(&changing, &ConnectionResource::of(&moved, &changing.app.issuer), moved.version)
}

fn answered(changing: &Changing, connection: Result<Connection, Rejected>) -> Answered {
    let connection = changing.conditional(connection)?;
    answer::changed(changing, &ConnectionResource::of(&connection, &changing.app.issuer), connection.version)
}

/// The connection that the path names.
async fn find(app: &AppState, by: &Authority, names: &Names) -> Result<Connection, ApiProblem> {
    let slug: String = names.get("slug")?;
    let slug = Slug::parse(&slug).map_err(|_| ApiProblem::NOT_FOUND)?;
    connections::find(&app.admin, by, &slug).await?.ok_or(ApiProblem::NOT_FOUND)
}

/// The same, to be changed.
async fn target(changing: &Changing) -> Result<(Connection, Target<Slug>), ApiProblem> {
    let connection = find(&changing.app, &changing.by, &changing.names).await?;
    let target = changing.precondition.target(connection.slug.clone(), connection.version)?;
    Ok((connection, target))
}
