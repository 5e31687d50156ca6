//! Changing the password, and setting a first one.

use axum::response::Response;

use super::super::context::Context;
use super::super::own_form::{OwnForm, PASSWORD_FIELD};
use super::super::{problems, step_up, work};
use super::{AccountOwner, Done, security};
use crate::http::error::PageError;
use crate::identity::accounts::Entitled;
use crate::identity::throttling::Purpose;
use crate::model::User;
use crate::model::session::SignIn;
use crate::protocol::Params;
use crate::sessions::{Means, SessionCookie, Visitor};
use crate::store::StoreResult;
use crate::support::Secret;

/// `POST /account/password`. Every session ends with the old password; this browser goes on with a new cookie.
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    // The form has no field for what an account without a password has not got.
    if form.params.names(PASSWORD_FIELD) { change(&context, &form).await } else { set_first(&context, &form).await }
}

/// Who has a second factor proves the account by that first: the password alone takes nothing over.
async fn change(context: &Context, form: &OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let password = typed(form, PASSWORD_FIELD);
    if !context.app.accounts.second_factors(form.owner.user.id).await?.any() {
        let here = (context.visitor.clone(), form.owner.sign_in.clone());
        return set(context, form, here, Entitled::Knows(&password)).await;
    }
    let proved = match step_up::proof(context, form).await? {
        Ok(proved) => proved,
        Err(asked) => return Ok(asked),
    };
    let here = proved.now(context, &form.owner.sign_in).await?;
    let done = set(context, form, here, Entitled::Knows(&password)).await;
    Ok(proved.answer(context, done))
}

async fn set_first(context: &Context, form: &OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let proved = match step_up::proof(context, form).await? {
        Ok(proved) => proved,
        Err(asked) => return Ok(asked),
    };
    let here = proved.now(context, &form.owner.sign_in).await?;
    let done = set(context, form, here, Entitled::Proved(&proved.proof)).await;
    Ok(proved.answer(context, done))
}

async fn set(
    context: &Context,
    form: &OwnForm<AccountOwner>,
    here: (Visitor, SignIn),
    entitled: Entitled<'_>,
) -> Result<Response, PageError> {
    let (accounts, new) = (&context.app.accounts, typed(form, "password"));
    let from = context.origin_of_guess(Purpose::Password, form.params.get("work")).await;
    match accounts.change_password(form.owner.user.id, entitled, &new, &from).await {
        Ok(user) => {
            let cookie = go_on(context, here, entitled, &user).await?;
            Ok(context.with_session(Done::PasswordChanged.go(context), &cookie))
        }
        Err(rejected) => {
            let problem = problems::of_change_password(context.texts(None), rejected)?;
            work::kept(context, &from, form.params.get("work"), &problem).await;
            let trouble = Some(security::Trouble::Password(problem));
            security::show(context, &form.owner, &Params::default(), trouble).await
        }
    }
}

/// The session that goes on. An end-user who typed the current password authenticated by that, and one by two factors stays as strong as it was. To set a
/// first one is no authentication: the sign-in stays what it is, with the time and the methods it has.
async fn go_on(
    context: &Context,
    (visitor, sign_in): (Visitor, SignIn),
    entitled: Entitled<'_>,
    user: &User,
) -> StoreResult<SessionCookie> {
    let sessions = &context.app.flow.sessions;
    match entitled {
        Entitled::Knows(_) if !sign_in.acr.is_of_two_factors() => {
            sessions.sign_in(&visitor, user, Means::Password).await.map(|(_, cookie)| cookie)
        }
        Entitled::Knows(_) | Entitled::Proved(_) => sessions.carry_over(&visitor, &sign_in, user).await,
    }
}

fn typed(form: &OwnForm<AccountOwner>, name: &str) -> Secret<String> {
    Secret::from(form.params.get(name).unwrap_or_default())
}
