//! What happened to an API, by the audit log.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::Administrator;
use super::super::audit::{About, History};
use super::super::shell::Shell;
use super::one::{Head, Tab, named, shell, tab_of};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::keys;
use crate::model::audit_event::AuditTarget;

#[derive(askama::Template)]
#[template(path = "admin/apis/history.html")]
struct HistoryPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    history: History,
}

/// `GET /admin/apis/{id}/history`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let api = named(&context, &administrator, &id).await?;
    let path = tab_of(api.id, Tab::History);
    let about = About::Target(AuditTarget::Api(api.id));
    let history = History::of(&context, &administrator, (&path, &params), &about).await?;
    let frame = Frame::of(&context, context.locale.0);
    let head = Head::of(frame.t, &administrator, &api, Tab::History);
    let shown = HistoryPage { shell: shell(&context, &administrator, &head.name), head, history, frame };
    Ok(page(&shown, &shown.frame))
}
