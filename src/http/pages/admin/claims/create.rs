//! Making a claim rule.

use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::shell::Shell;
use super::super::{Administrator, ConfirmedForm, confirmed_form, refused};
use super::form::{Form, typed};
use super::{CREATED, LIST, path_of, shell};
use crate::admin::{Permission, ProvenAuthority, Rejected, attributes, claim_rules};
use crate::http::error::PageError;
use crate::i18n::keys;
use crate::protocol::Params;

#[derive(askama::Template)]
#[template(path = "admin/claims/create.html")]
struct CreatePage {
    frame: Frame,
    shell: Shell,
    form: Form,
    csrf: String,
    problems: FieldTexts,
}

/// `GET /admin/claims/new`
pub async fn get(context: Context, administrator: Administrator) -> Result<Response, PageError> {
    administrator.must(Permission::WriteAttributes)?;
    let form = filled(&context, &administrator, &Params::default()).await?;
    let shown = drawn(&context, &administrator, form, FieldTexts::default());
    Ok(page(&shown, &shown.frame))
}

/// `POST /admin/claims/new`
pub async fn post(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    form.owner.must(Permission::WriteAttributes)?;
    let filled = filled(&context, &form.owner, &form.params).await?;
    let sent = Sent { context: &context, administrator: &form.owner, form: filled, params: &form.params };
    confirmed_form(&context, &form, sent).await
}

async fn filled(context: &Context, administrator: &Administrator, params: &Params) -> Result<Form, PageError> {
    let declared = attributes::list(&context.app.admin, &administrator.authority).await?;
    Ok(Form::of(context.texts(None), None, &declared, params))
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    form: Form,
    params: &'a Params,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (context, t) = (self.context, self.context.texts(None));
        let Some(document) = typed(self.params) else {
            self.form.wrong.add("values", t.get(keys::claims::PROBLEM_VALUES));
            return Ok(Err(Shown::marked(t)));
        };
        match claim_rules::create(&context.app.admin, authority, &document).await {
            Ok(made) => Ok(Ok(CREATED.go(context, &path_of(made.name.as_str())))),
            Err(Rejected::TooMany(..)) => Ok(Err(refused(t.get(keys::claims::TOO_MANY)))),
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
        shell: shell(context, administrator, &frame.t.get(keys::claims::ADD)),
        csrf: administrator.csrf(context, &format!("{LIST}/new")),
        form,
        problems,
        frame,
    }
}
