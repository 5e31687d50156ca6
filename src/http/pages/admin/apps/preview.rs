//! The way from an app to the preview of somebody's tokens in it: the person is chosen by their address.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::Administrator;
use super::super::head::Head;
use super::super::people;
use super::super::shell::Shell;
use super::super::wrong::Wrong;
use super::app::{Tab, head_of, named, shell};
use crate::admin::{Permission, users};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::redirect;
use crate::i18n::keys;

#[derive(askama::Template)]
#[template(path = "admin/apps/preview.html")]
struct PreviewPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    email: String,
    wrong: Wrong,
    problems: FieldTexts,
}

/// `GET /admin/apps/{id}/preview`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    administrator.must_somewhere(Permission::ReadUsers)?;
    let client = named(&context, &administrator, &id).await?;
    let email = params.get("email").unwrap_or_default().trim().to_owned();
    let (mut wrong, mut problem) = (Wrong::default(), None);
    if !email.is_empty() {
        if let Some(user) = users::find(&context.app.admin, &administrator.authority, &email).await? {
            let page = context.app.issuer.local(&people::preview_of(user.id));
            return redirect::local_with(&page, &[("client_id", client.id.as_str())]);
        }
        let t = context.texts(None);
        wrong.add("email", t.get(keys::claims::PREVIEW_NO_PERSON));
        problem = Some(Shown::marked(t));
    }
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(&context, context.locale.0);
    let shown = PreviewPage {
        shell: shell(&context, &administrator, &client),
        head: head_of(frame.t, &administrator, &client, Tab::Preview),
        email,
        wrong,
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}
