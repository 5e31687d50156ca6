//! Changing the password.

use axum::response::Response;

use super::super::context::Context;
use super::super::own_form::OwnForm;
use super::super::problems;
use super::{AccountOwner, Done, Said, show};
use crate::http::error::PageError;
use crate::identity::RecentProof;
use crate::identity::accounts::Entitled;
use crate::sessions::Means;
use crate::support::Secret;

/// `POST /account/password`. Every session ends with the old password; this browser gets a new one.
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let OwnForm { owner, params } = form;
    let secret = |name| Secret::from(params.get(name).unwrap_or_default());
    let accounts = &context.app.accounts;
    let current = secret("current");
    // The form has no field for what an account without a password has not got.
    let proof = RecentProof::of(&owner.sign_in, context.app.clock.now());
    let entitled = if params.names("current") { Entitled::Knows(&current) } else { Entitled::Proved(proof.as_ref()) };
    match accounts.change_password(owner.user.id, entitled, &secret("password"), &context.origin()).await {
        Ok(user) => {
            let (_, cookie) = context.app.flow.sessions.sign_in(&context.visitor, &user, Means::Password).await?;
            Ok(context.with_session(Done::PasswordChanged.go(&context), &cookie))
        }
        Err(rejected) => {
            let problem = Some(problems::of_change_password(context.texts(None), rejected)?);
            show(&context, &owner, Said { problem, ..Said::default() }).await
        }
    }
}
