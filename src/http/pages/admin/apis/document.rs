//! An API as a document, and the commands that do the same.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::Administrator;
use super::super::document::Document;
use super::super::shell::Shell;
use super::one::{Head, Tab, named, shell};
use crate::admin::apis::ApiResource;
use crate::http::error::PageError;
use crate::i18n::keys;

#[derive(askama::Template)]
#[template(path = "admin/apis/document.html")]
struct DocumentPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    document: Document,
}

/// `GET /admin/apis/{id}/document`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let api = named(&context, &administrator, &id).await?;
    let frame = Frame::of(&context, context.locale.0);
    let head = Head::of(frame.t, &administrator, &api, Tab::Document);
    // By its id: an identifier may have what a shell reads as its own.
    let id = api.id.to_string();
    let ways = [
        (format!("haechi apis show {id}"), "getApi", ""),
        (format!("haechi apis update {id} --name \"…\""), "updateApi", r#"{"resource_name": "…"}"#),
        (format!("haechi apis add {id} CLIENT_ID"), "addApiClient", ""),
    ];
    let shown = DocumentPage {
        shell: shell(&context, &administrator, &head.name),
        document: Document::of(&context.app.issuer, &ApiResource::from(&api), (&[&id], api.version), ways),
        head,
        frame,
    };
    Ok(page(&shown, &shown.frame))
}
