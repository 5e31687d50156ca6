//! Deleting a webhook: what is lost is said first.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::own_form::OwnForm;
use super::super::shell::Shell;
use super::super::{Administrator, confirmed};
use super::{DELETED, LIST, named, path_of, shell};
use crate::admin::{Permission, webhooks};
use crate::http::error::PageError;
use crate::i18n::keys;

#[derive(askama::Template)]
#[template(path = "admin/webhooks/delete.html")]
struct DeletePage {
    frame: Frame,
    shell: Shell,
    path: String,
    url: String,
    csrf: String,
}

/// `GET /admin/webhooks/{id}/delete`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    administrator.must(Permission::WriteWebhooks)?;
    let webhook = named(&context, &administrator, &id).await?;
    let frame = Frame::of(&context, context.locale.0);
    let path = path_of(webhook.id);
    let shown = DeletePage {
        shell: shell(&context, &administrator, &webhook.url).further(&path, frame.t.get(keys::connection::DELETE)),
        csrf: administrator.csrf(&context, &format!("{path}/delete")),
        url: webhook.url,
        path,
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// `POST /admin/webhooks/{id}/delete`
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let webhook = named(&context, &form.owner, &id).await?;
    confirmed(&context, &form, async |authority| {
        webhooks::delete(&context.app.admin, authority, webhook.id).await?;
        Ok(DELETED.go(&context, LIST))
    })
    .await
}
