//! Clients, and what was refused of them.

use axum::response::Response;
use serde_json::{Map, Value, json};

use super::answer::{self, Answered};
use super::body::members;
use super::grace::SecretWanted;
use super::idempotency::{self, Made};
use super::problem::ApiProblem;
use super::request::{Changing, Names, Reading};
use crate::admin::clients::{self, ClientResource, ClientSearch, ConsentView, RecentLogins, WithSecret};
use crate::admin::{Authority, Rejected, Target, problems};
use crate::http::AppState;
use crate::model::Client;
use crate::model::client::ClientId;

pub(super) async fn list(reading: Reading) -> Answered {
    let Reading { app, by, query, .. } = &reading;
    let order = query.client_order()?;
    let search = ClientSearch {
        text: query.search().map(str::to_owned),
        kind: query.client_kind,
        enabled: query.enabled,
        resource: None,
    };
    let page = clients::search(&app.admin, by, &search, &order, query.limit()).await?;
    let next = page.items.last().filter(|_| page.more).map(|last| order.place_of(last));
    let documents: Vec<_> = page.items.iter().map(|client| document(app, client)).collect();
    answer::page(&reading, &documents, next.as_deref())
}

pub(super) async fn create(changing: Changing) -> Answered {
    idempotency::create(changing, async |changing| {
        let made = clients::create(&changing.app.admin, &changing.by, changing.body.document()?).await?;
        let (path, version) = (format!("/clients/{}", made.client.id), made.client.version);
        Ok(Made { path, document: with_secret(&changing.app, &made)?, version })
    })
    .await
}

pub(super) async fn show(reading: Reading) -> Answered {
    let client = find(&reading.app, &reading.by, &reading.names).await?;
    answer::shown(&reading, &document(&reading.app, &client), client.version)
}

pub(super) async fn update(changing: Changing) -> Answered {
    let (was, target) = target(&changing).await?;
    let patch = changing.body.patch(&document(&changing.app, &was))?;
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

pub(super) async fn set_logo(changing: Changing) -> Answered {
    let (_, target) = target(&changing).await?;
    let picture = changing.body.picture()?;
    let changed = clients::set_logo(&changing.app.admin, &changing.by, target, picture).await;
    answered(&changing, changed.map(|client| WithSecret { client, secret: None }))
}

pub(super) async fn remove_logo(changing: Changing) -> Result<Response, ApiProblem> {
    let (_, target) = target(&changing).await?;
    let removed = clients::remove_logo(&changing.app.admin, &changing.by, target).await;
    changing.conditional(removed).map(|_| answer::done())
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

/// Who agreed to what it asked for.
pub(super) async fn consents(reading: Reading) -> Answered {
    let client = find(&reading.app, &reading.by, &reading.names).await?;
    let (after, limit) = (reading.query.after()?, reading.query.limit());
    let page = clients::consents(&reading.app.admin, &reading.by, &client.id, after, limit).await?;
    let next = page.items.last().filter(|_| page.more).map(|(user, _)| user.id.to_string());
    answer::page(&reading, &page.items.iter().map(ConsentView::from).collect::<Vec<_>>(), next.as_deref())
}

pub(super) async fn withdraw_consents(changing: Changing) -> Result<Response, ApiProblem> {
    let (_, target) = target(&changing).await?;
    let withdrawn = clients::withdraw_consents(&changing.app.admin, &changing.by, target).await;
    changing.conditional(withdrawn).map(|_| answer::done())
}

fn answered(changing: &Changing, client: Result<WithSecret, Rejected>) -> Answered {
    let made = changing.conditional(client)?;
    answer::changed(changing, &with_secret(&changing.app, &made)?, made.client.version)
}

/// The client as a document.
fn document(app: &AppState, client: &Client) -> ClientResource {
    ClientResource::from(client).at(&app.issuer)
}

/// RFC 7591 section 3.2.1: the registration, with the secret where there is a new one.
fn with_secret(app: &AppState, made: &WithSecret) -> Result<Map<String, Value>, ApiProblem> {
    let mut document = members(&document(app, &made.client))?;
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
