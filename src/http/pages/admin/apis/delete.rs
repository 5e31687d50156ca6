//! Taking an API back: what is lost is said first.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::shell::Shell;
use super::super::{Administrator, ConfirmedForm, confirmed_form, wrong};
use super::one::{named, path_of, shell};
use super::{DELETED, LIST};
use crate::admin::{Permission, ProvenAuthority, apis};
use crate::http::error::PageError;
use crate::i18n::keys;
use crate::model::Api;

#[derive(askama::Template)]
#[template(path = "admin/apis/delete.html")]
struct DeletePage {
    frame: Frame,
    shell: Shell,
    path: String,
    name: String,
    resource: String,
    csrf: String,
    problems: FieldTexts,
}

/// `GET /admin/apis/{id}/delete`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    administrator.must(Permission::WriteClients)?;
    let api = named(&context, &administrator, &id).await?;
    Ok(show(&context, &administrator, &api, None))
}

/// `POST /admin/apis/{id}/delete`
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let api = named(&context, &form.owner, &id).await?;
    confirmed_form(&context, &form, Sent { context: &context, administrator: &form.owner, api }).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    api: Api,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        match apis::delete(&self.context.app.admin, authority, self.api.id).await {
            Ok(()) => Ok(Ok(DELETED.go(self.context, LIST))),
            Err(rejected) => Ok(Err(wrong::shown(self.context.texts(None), rejected)?.1)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        Ok(show(self.context, self.administrator, &self.api, Some(problem)))
    }
}

fn show(context: &Context, administrator: &Administrator, api: &Api, problem: Option<Shown>) -> Response {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(context, context.locale.0);
    let (path, name) = (path_of(api.id), api.name_in(frame.t.locale()).to_owned());
    let shown = DeletePage {
        shell: shell(context, administrator, &name).further(&path, frame.t.get(keys::connection::DELETE)),
        csrf: administrator.csrf(context, &format!("{path}/delete")),
        resource: api.resource.as_str().to_owned(),
        name,
        path,
        problems,
        frame,
    };
    manner.answer(&shown, &shown.frame)
}
