//! Clients, and what was refused of them.

use axum::response::Response;
use serde_json::{Map, Value, json};

use super::answer::{self, Answered};
use super::body::members;
use super::grace::SecretWanted;
use super::idempotency::{self, Made};
use super::problem::ApiProblem;
use super::request::{Changing, Names, Reading};
use crate::admin::clients::{self, ClientResource, ClientSearch, RecentLogins, WithSecret};
use crate::admin::{Authority, Rejected, Target, problems};
use crate::http::AppState;
use crate::model::Client;
use crate::model::client::ClientId;

pub(super) async fn list(reading: Reading) -> Answered {
    let Reading { app, by, query, .. } = &reading;
    let after = query.after::<String>()?.map(|text| ClientId::parse(&text)).transpose();
    let after = after.map_err(|why| ApiProblem::malformed(format!("cursor: {why}")))?;
    let search = ClientSearch {
        text: query.search().map(str::to_owned),
        kind: query.client_kind,
        enabled: query.enabled,
        resource: None,
    };
    let page = clients::search(&app.admin, by, &search, after.as_ref(), query.limit()).await?;
    let next = page.items.last().filter(|_| page.more).map(|client| client.id.as_str());
    let documents: Vec<_> = page.items.iter().map(ClientResource::from).collect();
    answer::page(&reading, &documents, next)
}

pub(super) async fn create(changing: Changing) -> Answered {
    idempotency::create(changing, async |changing| {
        let made = clients::create(&changing.app.admin, &changing.by, changing.body.document()?).await?;
        let (path, version) = (format!("/clients/{}", made.client.id), made.client.version);
        Ok(Made { path, document: with_secret(&made)?, version })
    })
    .await
}

pub(super) async fn show(reading: Reading) -> Answered {
    let client = find(&reading.app, &reading.by, &reading.names).await?;
    answer::shown(&reading, &ClientResource::from(&client), client.version)
}

pub(super) async fn update(changing: Changing) -> Answered {
    let (was, target) = target(&changing).await?;
    let patch = changing.body.patch(&ClientResource::from(&was))?;
    let changed = clients::update(&changing.app.admin, &changing.by, target, &patch).await;
    answered(&changing, changed)
}

pub(super) async fn remove(changing: Changing) -> Result<Response, ApiProblem> {
    let (_, target) = target(&changing).await?;
    let deleted = clients::delete(&changing.app.admin, &changing.by, target).await;
    changing.conditional(deleted).map(|()| answer::done())
}

pub(super) async fn enable(changing: Changing) -> Answered {
    switch(changing, true).await
}

pub(super) async fn disable(changing: Changing) -> Answered {
    switch(changing, false).await
}

async fn switch(changing: Changing, on: bool) -> Answered {
    let (_, target) = target(&changing).await?;
    let switched = clients::set_enabled(&changing.app.admin, &changing.by, target, on).await;
    answered(&changing, switched.map(|client| WithSecret { client, secret: None }))
}

pub(super) async fn release(changing: Changing) -> Answered {
    let (_, target) = target(&changing).await?;
    let released = clients::release(&changing.app.admin, &changing.by, target).await;
    answered(&changing, released.map(|client| WithSecret { client, secret: None }))
}

pub(super) async fn rotate_secret(changing: Changing) -> Answered {
    let (_, target) = target(&changing).await?;
    let grace = changing.body.optional::<SecretWanted>()?.grace(clients::DEFAULT_GRACE);
    answered(&changing, clients::rotate_secret(&changing.app.admin, &changing.by, target, grace).await)
}

pub(super) async fn problems(reading: Reading) -> Answered {
    let client = find(&reading.app, &reading.by, &reading.names).await?;
    let found = problems::list(&reading.app.admin, &reading.by, Some(client.id.as_str())).await?;
    answer::whole(&reading, &found)
}

pub(super) async fn all_problems(reading: Reading) -> Answered {
    let found = problems::list(&reading.app.admin, &reading.by, None).await?;
    answer::whole(&reading, &found)
}

pub(super) async fn recent_logins(reading: Reading) -> Answered {
    let client = find(&reading.app, &reading.by, &reading.names).await?;
    let seen: Option<RecentLogins> = clients::recent_logins(&reading.app.admin, &reading.by, &client).await?;
    match seen {
        Some(seen) => answer::unversioned(&reading, &seen),
        None => answer::unversioned(&reading, &json!({ "count": 0 })),
    }
}

fn answered(changing: &Changing, client: Result<WithSecret, Rejected>) -> Answered {
    let made = changing.conditional(client)?;
    answer::changed(changing, &with_secret(&made)?, made.client.version)
}

/// RFC 7591 section 3.2.1: the registration, with the secret where there is a new one.
fn with_secret(made: &WithSecret) -> Result<Map<String, Value>, ApiProblem> {
    let mut document = members(&ClientResource::from(&made.client))?;
    if let Some(secret) = &made.secret {
        document.insert("client_secret".to_owned(), secret.expose().as_str().into());
    }
    Ok(document)
}

/// The client that the path names.
async fn find(app: &AppState, by: &Authority, names: &Names) -> Result<Client, ApiProblem> {
    clients::find(&app.admin, by, &names.client()?).await?.ok_or(ApiProblem::NOT_FOUND)
}

/// The same, to be changed.
async fn target(changing: &Changing) -> Result<(Client, Target<ClientId>), ApiProblem> {
    let client = find(&changing.app, &changing.by, &changing.names).await?;
    let target = changing.precondition.target(client.id.clone(), client.version)?;
    Ok((client, target))
}
