//! Declaring an API.

use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::shell::Shell;
use super::super::{Administrator, ConfirmedForm, confirmed_form};
use super::form::{self, Form};
use super::one::{Tab, shell, tab_of};
use super::{CREATED, LIST};
use crate::admin::apis::{self, ApiResource};
use crate::admin::{Permission, ProvenAuthority, Rejected};
use crate::http::error::PageError;
use crate::i18n::keys;
use crate::protocol::Params;

#[derive(askama::Template)]
#[template(path = "admin/apis/create.html")]
struct CreatePage {
    frame: Frame,
    shell: Shell,
    form: Form,
    csrf: String,
    problems: FieldTexts,
}

/// `GET /admin/apis/new`
pub async fn get(context: Context, administrator: Administrator) -> Result<Response, PageError> {
    administrator.must(Permission::WriteClients)?;
    let form = Form::of(context.texts(None), None, &Params::default());
    let shown = drawn(&context, &administrator, form, FieldTexts::default());
    Ok(page(&shown, &shown.frame))
}

/// `POST /admin/apis/new`
pub async fn post(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    let filled = Form::of(context.texts(None), None, &form.params);
    let document = form::typed(&form.params);
    let sent = Sent { context: &context, administrator: &form.owner, form: filled, document };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    form: Form,
    document: ApiResource,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (context, t) = (self.context, self.context.texts(None));
        match apis::create(&context.app.admin, authority, &self.document).await {
            Ok(made) => Ok(Ok(CREATED.go(context, &tab_of(made.id, Tab::Scopes)))),
            Err(Rejected::TooMany(..)) => Ok(Err(super::super::refused(t.get(keys::apis::TOO_MANY)))),
            Err(rejected) => Ok(Err(self.form.wrong.refuse(t, rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let (problems, manner) = Shown::parts(Some(problem));
        let shown = drawn(self.context, self.administrator, self.form, problems);
        Ok(manner.answer(&shown, &shown.frame))
    }
}

fn drawn(context: &Context, administrator: &Administrator, form: Form, problems: FieldTexts) -> CreatePage {
    let frame = Frame::of(context, context.locale.0);
    CreatePage {
        shell: shell(context, administrator, &frame.t.get(keys::apis::ADD)),
        csrf: administrator.csrf(context, &format!("{LIST}/new")),
        form,
        problems,
        frame,
    }
}
