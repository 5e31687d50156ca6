//! A person as a document, and the commands that do the same.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::Administrator;
use super::super::document::Document;
use super::super::shell::Shell;
use super::person::{Head, Tab, named, shell};
use crate::admin::users;
use crate::http::error::PageError;
use crate::i18n::keys;

#[derive(askama::Template)]
#[template(path = "admin/people/document.html")]
struct DocumentPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    document: Document,
}

/// `GET /admin/people/{id}/document`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let user = named(&context, &administrator, &id).await?;
    let frame = Frame::of(&context, context.locale.0);
    let id = user.id.to_string();
    let ways = [
        (format!("haechi users show {id}"), "getUser", ""),
        (format!("haechi users update {id} --name \"…\""), "updateUser", r#"{"name": "…"}"#),
        (format!("haechi users disable {id}"), "disableUser", ""),
    ];
    let resource = users::document(&context.app.admin, &administrator.authority, &user).await?;
    let shown = DocumentPage {
        shell: shell(&context, &administrator, &user),
        head: Head::of((&context, &administrator), frame.t, &user, Tab::Document).await?,
        document: Document::of(&context.app.issuer, &resource, (&[&id], user.version), ways),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}
