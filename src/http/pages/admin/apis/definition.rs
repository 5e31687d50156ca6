//! What an API is, and what its tokens are like.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::Frame;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::done::Done;
use super::super::head::Head;
use super::super::release::Managed;
use super::super::shell::Shell;
use super::super::{Administrator, ConfirmedForm, confirmed_form, version_of};
use super::form::{self, Form};
use super::one::{Tab, head_of, managed, may_change, named, path_of, shell};
use super::{DONE, SAVED};
use crate::admin::apis::{self, ApiResource};
use crate::admin::recipes::Configuration;
use crate::admin::{ProvenAuthority, Target};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::keys;
use crate::model::Api;
use crate::protocol::Params;

#[derive(askama::Template)]
#[template(path = "admin/apis/definition.html")]
struct DefinitionPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    /// What is said of it may be changed here.
    may_change: bool,
    managed: Option<Managed>,
    form: Form,
    version: i64,
    /// What it verifies its tokens by.
    verify: Configuration,
    csrf: String,
    done: Option<String>,
    problems: FieldTexts,
}

/// `GET /admin/apis/{id}`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let api = named(&context, &administrator, &id).await?;
    let form = Form::of(context.texts(None), Some(&api), &Params::default());
    let done = Done::said(DONE, context.texts(None), params.get("done"));
    Ok(show(&context, &administrator, &api, (form, done, None)))
}

/// `POST /admin/apis/{id}`
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let api = named(&context, &form.owner, &id).await?;
    let version = version_of(&form.params).unwrap_or(api.version);
    let document = ApiResource { resource: None, ..form::typed(&form.params) };
    let filled = Form::of(context.texts(None), Some(&api), &form.params);
    let sent = Sent { context: &context, administrator: &form.owner, api, version, document, form: filled };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    api: Api,
    /// The version that the form was drawn of.
    version: i64,
    document: ApiResource,
    form: Form,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let target = Target::at(self.api.id, self.version);
        match apis::update(&self.context.app.admin, authority, target, &self.document).await {
            Ok(api) => Ok(Ok(SAVED.go(self.context, &path_of(api.id)))),
            Err(rejected) => Ok(Err(self.form.wrong.refuse(self.context.texts(None), rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        Ok(show(self.context, self.administrator, &self.api, (self.form, None, Some(problem))))
    }
}

fn show(
    context: &Context,
    administrator: &Administrator,
    api: &Api,
    (form, done, problem): (Form, Option<String>, Option<Shown>),
) -> Response {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::of(context, context.locale.0);
    let head = head_of(frame.t, administrator, api, Tab::Definition);
    let shown = DefinitionPage {
        shell: shell(context, administrator, &head.name),
        csrf: administrator.csrf(context, &head.path),
        may_change: may_change(administrator, api),
        managed: managed(administrator, api),
        version: api.version,
        verify: Configuration::of_api(&context.app.issuer, api),
        head,
        form,
        done,
        problems,
        frame,
    };
    manner.answer(&shown, &shown.frame)
}
