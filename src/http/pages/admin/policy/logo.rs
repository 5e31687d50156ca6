//! The logo of the service: a picture that is uploaded, and served from here.

use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::own_form::OwnUpload;
use super::super::super::problems::Shown;
use super::super::logo::{LogoForm, REMOVED, UPLOADED};
use super::super::room::Room;
use super::super::wrong::Wrong;
use super::super::{Administrator, ConfirmedForm, confirmed_form};
use super::branding;
use crate::admin::{Permission, ProvenAuthority, policy};
use crate::http::error::PageError;
use crate::http::extract::picture;
use crate::protocol::Params;

/// `POST /admin/branding/logo`
pub async fn post(context: Context, OwnUpload(form): OwnUpload<Administrator>) -> Result<Response, PageError> {
    // Nobody else's picture waits for a proof.
    form.owner.must(Permission::WriteSettings)?;
    let sent = Sent { context: &context, administrator: &form.owner, params: &form.params, wrong: Wrong::default() };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    params: &'a Params,
    wrong: Wrong,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let admin = &self.context.app.admin;
        let (done, decided) = if LogoForm::removes(self.params) {
            (REMOVED, policy::remove_logo(admin, authority, ()).await)
        } else {
            (UPLOADED, policy::set_logo(admin, authority, (), &picture(self.params)).await)
        };
        match decided {
            Ok(_) => Ok(Ok(done.go(self.context, Room::Branding.path()))),
            Err(rejected) => Ok(Err(self.wrong.refuse(self.context.texts(None), rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        branding::refusing(self.context, self.administrator, (self.wrong, problem)).await
    }
}
