//! Deleting an app: what goes is said first.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::head::Head;
use super::super::shell::Shell;
use super::super::wrong;
use super::super::{Administrator, ConfirmedForm, confirmed_form};
use super::app::{Tab, head_of, named, path_of, shell};
use super::{DELETED, LIST};
use crate::admin::{Permission, ProvenAuthority, clients};
use crate::http::error::PageError;
use crate::i18n::keys;
use crate::model::client::Client;

#[derive(askama::Template)]
#[template(path = "admin/apps/delete.html")]
struct DeletePage {
    frame: Frame,
    shell: Shell,
    head: Head,
    csrf: String,
    problems: FieldTexts,
}

/// `GET /admin/apps/{id}/delete`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    administrator.must(Permission::WriteClients)?;
    let client = named(&context, &administrator, &id).await?;
    Ok(show(&context, &administrator, &client, None))
}

/// `POST /admin/apps/{id}/delete`
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let client = named(&context, &form.owner, &id).await?;
    confirmed_form(&context, &form, Sent { context: &context, administrator: &form.owner, client }).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    client: Client,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        match clients::delete(&self.context.app.admin, authority, &self.client.id).await {
            Ok(()) => Ok(Ok(DELETED.go(self.context, LIST))),
            Err(rejected) => Ok(Err(wrong::shown(self.context.texts(None), rejected)?.1)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        Ok(show(self.context, self.administrator, &self.client, Some(problem)))
    }
}

fn show(context: &Context, administrator: &Administrator, client: &Client, problem: Option<Shown>) -> Response {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(context, context.locale.0);
    let path = path_of(&client.id);
    let shown = DeletePage {
        shell: shell(context, administrator, client).further(&path, frame.t.get(keys::apps::DELETE)),
        head: head_of(frame.t, administrator, client, Tab::Settings),
        csrf: administrator.csrf(context, &format!("{path}/delete")),
        problems,
        frame,
    };
    manner.answer(&shown, &shown.frame)
}
