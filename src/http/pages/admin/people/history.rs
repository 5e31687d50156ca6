//! What happened to a person, by the audit log.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::Administrator;
use super::super::audit::{About, History};
use super::super::shell::Shell;
use super::person::{Head, Tab, named, path_of, shell};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::keys;
use crate::model::audit_event::AuditTarget;

#[derive(askama::Template)]
#[template(path = "admin/people/history.html")]
struct HistoryPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    history: History,
}

/// `GET /admin/people/{id}/history`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let user = named(&context, &administrator, &id).await?;
    let path = format!("{}/history", path_of(user.id));
    let about = About::Target(AuditTarget::User(user.id));
    let history = History::of(&context, &administrator, (&path, &params), &about).await?;
    let frame = Frame::of(&context, context.locale.0);
    let shown = HistoryPage {
        shell: shell(&context, &administrator, &user),
        head: Head::of((&context, &administrator), frame.t, &user, Tab::History).await?,
        history,
        frame,
    };
    Ok(page(&shown, &shown.frame))
}
