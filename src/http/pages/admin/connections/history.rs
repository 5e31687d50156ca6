//! What happened to a connection, by the audit log.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::Administrator;
use super::super::audit::{About, History};
use super::{Head, named, path_of, shell_within};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::keys;
use crate::model::audit_event::AuditTarget;

/// `GET /admin/connections/{slug}/history`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(slug): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let connection = named(&context, &administrator, &slug).await?;
    let path = format!("{}/history", path_of(&connection.slug));
    let about = About::Target(AuditTarget::Connection(connection.id));
    let history = History::of(&context, &administrator, (&path, &params), &about).await?;
    let frame = Frame::of(&context, context.locale.0);
    let head = Head::of(&connection, frame.t);
    let shell = shell_within(&context, &administrator, &head, frame.t.get(keys::audit::HISTORY));
    Ok(history.answer(frame, shell, head.name))
}
