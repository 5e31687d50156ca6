//! The logo of an app: a picture that is uploaded, and served from here.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::own_form::OwnUpload;
use super::super::super::problems::Shown;
use super::super::logo::{LogoForm, REMOVED, UPLOADED};
use super::super::wrong::Wrong;
use super::super::{Administrator, ConfirmedForm, confirmed_form};
use super::app::{named, path_of};
use super::settings::{self, Said};
use crate::admin::{Permission, ProvenAuthority, clients};
use crate::http::error::PageError;
use crate::http::extract::picture;
use crate::http::problem::ProblemKind;
use crate::model::client::Client;
use crate::protocol::Params;

/// `POST /admin/apps/{id}/logo`
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    OwnUpload(form): OwnUpload<Administrator>,
) -> Result<Response, PageError> {
    let client = named(&context, &form.owner, &id).await?;
    // Nobody else's picture waits for a proof.
    if !form.owner.may_in_app(Permission::WriteClients, &client.id) {
        return Err(ProblemKind::Forbidden.into());
    }
    let wrong = Wrong::default();
    let sent = Sent { context: &context, administrator: &form.owner, client, params: &form.params, wrong };
    confirmed_form(&context, &form, sent).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    client: Client,
    params: &'a Params,
    wrong: Wrong,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (admin, id) = (&self.context.app.admin, &self.client.id);
        let (done, changed) = if LogoForm::removes(self.params) {
            (REMOVED, clients::remove_logo(admin, authority, id).await)
        } else {
            (UPLOADED, clients::set_logo(admin, authority, id, &picture(self.params)).await)
        };
        match changed {
            Ok(_) => Ok(Ok(done.go(self.context, &path_of(id)))),
            Err(rejected) => Ok(Err(self.wrong.refuse(self.context.texts(None), rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        settings::show(self.context, self.administrator, &self.client, Said::refusing(self.wrong, problem)).await
    }
}
