//! Webhooks, and the messages to them.

use axum::response::Response;
use serde_json::{Map, Value};

use super::answer::{self, Answered};
use super::body::members;
use super::grace::SecretWanted;
use super::idempotency::{self, Made};
use super::problem::ApiProblem;
use super::request::{Changing, Names, Reading};
use crate::admin::webhooks::{self, MessageView, WebhookResource, WithSecret};
use crate::admin::{Authority, Rejected, Target};
use crate::http::AppState;
use crate::model::Webhook;
use crate::support::id::WebhookId;

pub(super) async fn list(reading: Reading) -> Answered {
    let all = webhooks::list(&reading.app.admin, &reading.by).await?;
    answer::whole(&reading, &all.iter().map(WebhookResource::from).collect::<Vec<_>>())
}

pub(super) async fn create(changing: Changing) -> Answered {
    idempotency::create(changing, async |changing| {
        let made = webhooks::create(&changing.app.admin, &changing.by, &changing.body.document()?).await?;
        let path = format!("/webhooks/{}", made.webhook.id);
        Ok(Made { path, document: with_secret(&made)?, version: made.webhook.version })
    })
    .await
}

pub(super) async fn show(reading: Reading) -> Answered {
    let webhook = find(&reading.app, &reading.by, &reading.names).await?;
    answer::shown(&reading, &WebhookResource::from(&webhook), webhook.version)
}

pub(super) async fn update(changing: Changing) -> Answered {
    let (was, target) = target(&changing).await?;
    let patch = changing.body.patch(&WebhookResource::from(&was))?;
    answered(&changing, webhooks::update(&changing.app.admin, &changing.by, target, &patch).await)
}

pub(super) async fn remove(changing: Changing) -> Result<Response, ApiProblem> {
    let (_, target) = target(&changing).await?;
    let deleted = webhooks::delete(&changing.app.admin, &changing.by, target).await;
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
    answered(&changing, webhooks::set_enabled(&changing.app.admin, &changing.by, target, on).await)
}

pub(super) async fn release(changing: Changing) -> Answered {
    let (_, target) = target(&changing).await?;
    answered(&changing, webhooks::release(&changing.app.admin, &changing.by, target).await)
}

pub(super) async fn rotate_secret(changing: Changing) -> Answered {
    let (_, target) = target(&changing).await?;
    let grace = changing.body.optional::<SecretWanted>()?.grace(webhooks::DEFAULT_GRACE);
    let rotated = webhooks::rotate_secret(&changing.app.admin, &changing.by, target, grace).await;
    let rotated = changing.conditional(rotated)?;
    answer::changed(&changing, &with_secret(&rotated)?, rotated.webhook.version)
}

pub(super) async fn messages(reading: Reading) -> Answered {
    let webhook = find(&reading.app, &reading.by, &reading.names).await?;
    let (before, limit) = (reading.query.after()?, reading.query.limit());
    let page = webhooks::messages(&reading.app.admin, &reading.by, webhook.id, before, limit).await?;
    let next = page.items.last().filter(|_| page.more).map(|last| last.id.to_string());
    answer::page(&reading, &page.items.iter().map(MessageView::from).collect::<Vec<_>>(), next.as_deref())
}

pub(super) async fn test(changing: Changing) -> Answered {
    let (_, target) = target(&changing).await?;
    let sent = webhooks::test(&changing.app.admin, &changing.by, target).await;
    let message = changing.conditional(sent)?;
    answer::came_of_it(&MessageView::from(&message))
}

pub(super) async fn replay(changing: Changing) -> Answered {
    let (webhook, _) = target(&changing).await?;
    let message = changing.names.get("message_id")?;
    let sent = webhooks::replay(&changing.app.admin, &changing.by, webhook.id, message).await?;
    answer::came_of_it(&MessageView::from(&sent))
}

fn answered(changing: &Changing, webhook: Result<Webhook, Rejected>) -> Answered {
    let webhook = changing.conditional(webhook)?;
    answer::changed(changing, &WebhookResource::from(&webhook), webhook.version)
}

fn with_secret(made: &WithSecret) -> Result<Map<String, Value>, ApiProblem> {
    let mut document = members(&WebhookResource::from(&made.webhook))?;
    if let Some(secret) = &made.secret {
        document.insert("secret".to_owned(), secret.expose().as_str().into());
    }
    Ok(document)
}

/// The webhook that the path names.
async fn find(app: &AppState, by: &Authority, names: &Names) -> Result<Webhook, ApiProblem> {
    webhooks::find(&app.admin, by, names.get("webhook_id")?).await?.ok_or(ApiProblem::NOT_FOUND)
}

/// The same, to be changed.
async fn target(changing: &Changing) -> Result<(Webhook, Target<WebhookId>), ApiProblem> {
    let webhook = find(&changing.app, &changing.by, &changing.names).await?;
    let target = changing.precondition.target(webhook.id, webhook.version)?;
    Ok((webhook, target))
}
