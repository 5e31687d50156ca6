//! An app as a document, and the commands that do the same.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::Administrator;
use super::super::document::Document;
use super::super::shell::Shell;
use super::app::{Head, Tab, named, shell};
use crate::admin::clients::ClientResource;
use crate::http::error::PageError;
use crate::i18n::keys;

#[derive(askama::Template)]
#[template(path = "admin/apps/document.html")]
struct DocumentPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    document: Document,
}

/// `GET /admin/apps/{id}/document`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let client = named(&context, &administrator, &id).await?;
    let frame = Frame::of(&context, context.locale.0);
    let (issuer, id) = (&context.app.issuer, client.id.as_str());
    let ways = [
        (format!("haechi clients show {id}"), "getClient", ""),
        (format!("haechi clients update {id} --name \"…\""), "updateClient", r#"{"client_name": "…"}"#),
        (format!("haechi clients problems {id}"), "listClientProblems", ""),
        (format!("haechi clients disable {id}"), "disableClient", ""),
    ];
    let shown = DocumentPage {
        shell: shell(&context, &administrator, &client),
        head: Head::of(frame.t, &administrator, &client, Tab::Document),
        document: Document::of(issuer, &ClientResource::from(&client).at(issuer), (&[id], client.version), ways),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}
