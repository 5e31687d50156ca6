//! What happened to an app, by the audit log.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::Administrator;
use super::super::audit::{About, History};
use super::super::shell::Shell;
use super::app::{Head, Tab, named, path_of, shell};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::keys;
use crate::model::audit_event::AuditTarget;

#[derive(askama::Template)]
#[template(path = "admin/apps/history.html")]
struct HistoryPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    history: History,
}

/// `GET /admin/apps/{id}/history`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let client = named(&context, &administrator, &id).await?;
    let path = format!("{}/history", path_of(&client.id));
    let about = About::Target(AuditTarget::Client(client.id.clone()));
    let history = History::of(&context, &administrator, (&path, &params), &about).await?;
    let frame = Frame::of(&context, context.locale.0);
    let shown = HistoryPage {
        shell: shell(&context, &administrator, &client),
        head: Head::of(frame.t, &administrator, &client, Tab::History),
        history,
        frame,
    };
    Ok(page(&shown, &shown.frame))
}
