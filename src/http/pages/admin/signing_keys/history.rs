//! When keys took over and were taken out of use, by the audit log.

use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::Administrator;
use super::super::audit::{About, History};
use super::super::room::Room;
use super::super::shell::Shell;
use super::LIST;
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::keys;
use crate::model::audit_event::AuditKind;

/// Where it is.
pub(super) const PATH: &str = "/admin/keys/history";

/// `GET /admin/keys/history`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let about = About::Kind(AuditKind::KeysRotated);
    let history = History::of(&context, &administrator, (PATH, &params), &about).await?;
    let frame = Frame::of(&context, context.locale.0);
    let (title, name) = (frame.t.get(keys::audit::HISTORY), frame.t.get(keys::signing_keys::TITLE));
    let shell = Shell::of(&context, &administrator, Room::Keys).further(LIST, title);
    Ok(history.answer(frame, shell, name))
}
