//! Making a group, or a role in apps.

use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::own_form::OwnForm;
use super::super::super::problems::{FieldTexts, Shown};
use super::super::shell::Shell;
use super::super::{Administrator, ConfirmedForm, confirmed_form};
use super::form::Form;
use super::{CREATED, Side, Sided, path_of, shell};
use crate::admin::{Permission, ProvenAuthority, Rejected, affiliations};
use crate::http::error::PageError;
use crate::i18n::keys;
use crate::protocol::Params;

#[derive(askama::Template)]
#[template(path = "admin/groups/create.html")]
struct CreatePage {
    frame: Frame,
    shell: Shell,
    side: &'static Side,
    form: Form,
    csrf: String,
    problems: FieldTexts,
}

/// `GET /admin/groups/new`, `GET /admin/roles/new`
pub async fn get<D: Sided>(context: Context, administrator: Administrator) -> Result<Response, PageError> {
    administrator.must(Permission::WriteGroups)?;
    let form = Form::of::<D>(None, &Params::default());
    let shown = drawn::<D>(&context, &administrator, form, FieldTexts::default());
    Ok(page(&shown, &shown.frame))
}

/// `POST /admin/groups/new`, `POST /admin/roles/new`
pub async fn post<D: Sided>(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    let filled = Form::of::<D>(None, &form.params);
    let document = D::typed(&form.params);
    let sent = Sent { context: &context, administrator: &form.owner, form: filled, document };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a, D> {
    context: &'a Context,
    administrator: &'a Administrator,
    form: Form,
    document: D,
}

impl<D: Sided> ConfirmedForm for Sent<'_, D> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (context, t) = (self.context, self.context.texts(None));
        match affiliations::create(&context.app.admin, authority, &self.document).await {
            Ok(made) => Ok(Ok(CREATED.go(context, &path_of::<D>(made.affiliation.id)))),
            Err(Rejected::TooMany(..)) => Ok(Err(super::super::refused(t.get(keys::groups::TOO_MANY)))),
            Err(rejected) => Ok(Err(self.form.wrong.refuse(t, rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let (problems, manner) = Shown::parts(Some(problem));
        let shown = drawn::<D>(self.context, self.administrator, self.form, problems);
        Ok(manner.answer(&shown, &shown.frame))
    }
}

fn drawn<D: Sided>(context: &Context, administrator: &Administrator, form: Form, problems: FieldTexts) -> CreatePage {
    let frame = Frame::of(context, context.locale.0);
    CreatePage {
        shell: shell::<D>(context, administrator, &frame.t.get(D::SIDE.add)),
        side: D::SIDE,
        csrf: administrator.csrf(context, &format!("{}/new", D::SIDE.list)),
        form,
        problems,
        frame,
    }
}
