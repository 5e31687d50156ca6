//! Confirming that it is the account's end-user who is about to add a factor in a second step.

use axum::response::Response;

use super::super::context::Context;
use super::super::own_form::{ACCOUNT, OwnForm, Owner, SECOND_STEP};
use super::super::step_up::{self, LOGIN_FIELD};
use super::user_of;
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::http::redirect;
use crate::model::User;
use crate::model::session::SignIn;

/// Whose second step it is. Its sign-in may lack what the account needs by now, as that is what the step is for: it opens nothing but that.
pub struct Stepping {
    sign_in: SignIn,
    user: User,
}

impl Owner for Stepping {
    const HOME: &'static str = ACCOUNT;

    fn sign_in(&self) -> &SignIn {
        &self.sign_in
    }

    fn user(&self) -> &User {
        &self.user
    }

    async fn of(context: &Context, sign_in: SignIn) -> Result<Self, Response> {
        let user = user_of(context, &sign_in).await?;
        Ok(Self { sign_in, user })
    }
}

/// `POST /account/second-step`: leads back to the step, which finds the proof.
pub async fn post(context: Context, form: OwnForm<Stepping>) -> Result<Response, PageError> {
    let login = form.params.get(LOGIN_FIELD).ok_or(ProblemKind::BadRequest)?;
    let proved = match step_up::proof(&context, &form).await? {
        Ok(proved) => proved,
        Err(asked) => return Ok(asked),
    };
    let back = redirect::local_with(&context.app.issuer.local(SECOND_STEP), &[(LOGIN_FIELD, login)]);
    Ok(proved.answer(&context, back))
}
