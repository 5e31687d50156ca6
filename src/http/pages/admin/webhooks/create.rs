//! Making a webhook. Its secret is shown in the answer that makes it, and never again.

use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::shell::Shell;
use super::super::{Administrator, ConfirmedForm, confirmed_form};
use super::form::WebhookForm;
use super::{edit, shell};
use crate::admin::{Permission, ProvenAuthority, Rejected, webhooks};
use crate::http::error::PageError;
use crate::i18n::keys;

/// Where the form is.
const PATH: &str = "/admin/webhooks/new";

#[derive(askama::Template)]
#[template(path = "admin/webhooks/create.html")]
struct CreatePage {
    frame: Frame,
    shell: Shell,
    form: WebhookForm,
    csrf: String,
    problems: FieldTexts,
}

/// `GET /admin/webhooks/new`
pub async fn get(context: Context, administrator: Administrator) -> Result<Response, PageError> {
    administrator.must(Permission::WriteWebhooks)?;
    let shown = drawn(&context, &administrator, WebhookForm::empty(context.texts(None)), FieldTexts::default());
    Ok(page(&shown, &shown.frame))
}

/// `POST /admin/webhooks/new`
pub async fn post(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    let filled = WebhookForm::typed(context.texts(None), &form.params);
    let sent = Sent { context: &context, administrator: &form.owner, form: filled };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    form: WebhookForm,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (context, t) = (self.context, self.context.texts(None));
        match webhooks::create(&context.app.admin, authority, &self.form.document()).await {
            Ok(made) => edit::with_secret(context, self.administrator, &made).await.map(Ok),
            Err(Rejected::TooMany(..)) => Ok(Err(super::super::refused(t.get(keys::webhooks::TOO_MANY)))),
            Err(rejected) => Ok(Err(self.form.wrong.refuse(t, rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let (problems, manner) = Shown::parts(Some(problem));
        let shown = drawn(self.context, self.administrator, self.form, problems);
        Ok(manner.answer(&shown, &shown.frame))
    }
}

fn drawn(context: &Context, administrator: &Administrator, form: WebhookForm, problems: FieldTexts) -> CreatePage {
    let frame = Frame::of(context, context.locale.0);
    CreatePage {
        shell: shell(context, administrator, &frame.t.get(keys::webhooks::ADD)),
        csrf: administrator.csrf(context, PATH),
        form,
        problems,
        frame,
    }
}
