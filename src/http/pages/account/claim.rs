//! Becoming the first administrator with the account that is signed in.

use axum::response::Response;

use super::super::context::Context;
use super::super::own_form::{OwnForm, SETUP};
use super::super::{claim, second_step, step_up};
use super::AccountOwner;
use crate::admin::claim::{ClaimRejected, claim_as};
use crate::http::error::PageError;
use crate::identity::second_factor::Needed;
use crate::model::factor::Kinds;
use crate::sessions::Onward;
use crate::support::Secret;

/// `POST /account/claim`: after the proof that everything which opens an account or the server takes.
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let proved = match step_up::proof(&context, &form).await? {
        Ok(proved) => proved,
        Err(asked) => return Ok(asked),
    };
    let token = Secret::from(form.params.get("token").unwrap_or_default());
    let sign_in = &form.owner.sign_in;
    let answer = match claim_as(&context.app.admin, &token, &proved.proof).await {
        Ok(_) => Ok(context.go(SETUP)),
        Err(ClaimRejected::AlreadyClaimed) => Ok(claim::claimed(&context)),
        Err(ClaimRejected::LinkSpent) => Ok(claim::spent(&context)),
        Err(ClaimRejected::SecondFactor(user)) => {
            let onward = Onward::Page(claim::here(token.expose()));
            second_step::raise(&context, (&user, sign_in), onward, (Needed::Proof, Kinds::ALL)).await
        }
        Err(ClaimRejected::Account(why)) => claim::refused(&context, why),
        Err(ClaimRejected::Password(why)) => claim::refused_proof(&context, why),
    };
    Ok(proved.answer(&context, answer))
}
