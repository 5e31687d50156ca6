//! Changing the password, and setting a first one.

use axum::response::Response;

use super::super::context::Context;
use super::super::own_form::{OwnForm, PASSWORD_FIELD};
use super::super::{problems, step_up};
use super::{AccountOwner, Done, security};
use crate::http::error::PageError;
use crate::identity::accounts::Entitled;
use crate::model::User;
use crate::protocol::Params;
use crate::sessions::{Means, SessionCookie};
use crate::store::StoreResult;
use crate::support::Secret;

/// `POST /account/password`. Every session ends with the old password; this browser goes on with a new cookie.
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    // The form has no field for what an account without a password has not got.
    if form.params.names(PASSWORD_FIELD) { change(&context, &form).await } else { set_first(&context, &form).await }
}

async fn change(context: &Context, form: &OwnForm<AccountOwner>) -> Result<Response, PageError> {
    set(context, form, Entitled::Knows(&typed(form, PASSWORD_FIELD))).await
}

async fn set_first(context: &Context, form: &OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let proved = match step_up::proof(context, form).await? {
        Ok(proved) => proved,
        Err(asked) => return Ok(asked),
    };
    let done = set(context, form, Entitled::Proved(&proved.proof)).await;
    Ok(proved.answer(context, done))
}

async fn set(context: &Context, form: &OwnForm<AccountOwner>, entitled: Entitled<'_>) -> Result<Response, PageError> {
    let (accounts, new) = (&context.app.accounts, typed(form, "password"));
    match accounts.change_password(form.owner.user.id, entitled, &new, &context.origin()).await {
        Ok(user) => {
            let cookie = go_on(context, form, entitled, &user).await?;
            Ok(context.with_session(Done::PasswordChanged.go(context), &cookie))
        }
        Err(rejected) => {
            let problem = Some(problems::of_change_password(context.texts(None), rejected)?);
            security::show(context, &form.owner, &Params::default(), problem).await
        }
    }
}

/// The session that goes on. An end-user who typed the current password authenticated by that. To set a first one is no authentication: the
/// sign-in stays what it is, with the time and the methods it has.
async fn go_on(
    context: &Context,
    form: &OwnForm<AccountOwner>,
    entitled: Entitled<'_>,
    user: &User,
) -> StoreResult<SessionCookie> {
    let sessions = &context.app.flow.sessions;
    match entitled {
        Entitled::Knows(_) => sessions.sign_in(&context.visitor, user, Means::Password).await.map(|(_, cookie)| cookie),
        Entitled::Proved(_) => sessions.carry_over(&context.visitor, &form.owner.sign_in, user).await,
    }
}

fn typed(form: &OwnForm<AccountOwner>, name: &str) -> Secret<String> {
    Secret::from(form.params.get(name).unwrap_or_default())
}
