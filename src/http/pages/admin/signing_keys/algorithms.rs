//! Switching an algorithm off and on, of those that are configured.

use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::own_form::OwnForm;
use super::super::super::problems::Shown;
use super::super::wrong::{self, Wrong};
use super::super::{Administrator, ConfirmedForm, confirmed_form, refused};
use super::{LIST, SWITCHED_OFF, SWITCHED_ON, show};
use crate::admin::policy::{self, SigningResource};
use crate::admin::{Permission, ProvenAuthority, Rejected};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::model::client::SigningAlgorithm;

/// Where it is asked for.
pub(super) const PATH: &str = "/admin/keys/algorithms";

/// `POST /admin/keys/algorithms`
pub async fn post(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    form.owner.must(Permission::WriteSettings)?;
    let algorithm = form.params.get("algorithm").and_then(SigningAlgorithm::parse).ok_or(ProblemKind::BadRequest)?;
    let on = match form.params.get("state") {
        Some("on") => true,
        Some("off") => false,
        _ => return Err(ProblemKind::BadRequest.into()),
    };
    confirmed_form(&context, &form, Sent { context: &context, administrator: &form.owner, algorithm, on }).await
}

/// The form as it was sent.
struct Sent<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    algorithm: SigningAlgorithm,
    on: bool,
}

impl ConfirmedForm for Sent<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (admin, t) = (&self.context.app.admin, self.context.texts(None));
        let was = policy::find(admin, authority).await?;
        let mut off = was.signing.off;
        off.retain(|algorithm| *algorithm != self.algorithm);
        if !self.on {
            off.push(self.algorithm);
        }
        let said =
            SigningResource { algorithms_off: Some(off), version: Some(was.version), ..SigningResource::default() };
        match policy::set_signing(admin, authority, (), &said).await {
            Ok(_) => {
                let done = if self.on { SWITCHED_ON } else { SWITCHED_OFF };
                Ok(Ok(done.go(self.context, LIST)))
            }
            Err(Rejected::Invalid(found)) => Ok(Err(refused(Wrong::of(t, &found).beside("algorithms_off").to_owned()))),
            Err(rejected) => Ok(Err(wrong::shown(t, rejected)?.1)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        show(self.context, self.administrator, None, Some(problem)).await
    }
}
