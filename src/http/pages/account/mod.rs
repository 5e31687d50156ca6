//! The end-user's own pages, in sections: who they are here, how they sign in, where they are signed in, which apps have access, and what is
//! theirs to take along or to end.
//!
//! Owns what each section shows and where a form leads back to. A change leads to the section that was changed, which says what was done; no
//! section repeats another one's form. Leaves the changes to `identity` and `sessions`, and asking for a proof to [`step_up`](super::step_up).

use axum::response::{IntoResponse, Response};

use super::context::Context;
use super::own_form::{ACCOUNT, Owner};
use super::second_step;
use crate::http::error::PageError;
use crate::model::User;
use crate::model::session::SignIn;

pub mod adding;
pub mod apps;
pub mod claim;
pub mod confirm;
pub mod data;
pub mod delete;
mod done;
pub mod email;
mod factors;
pub mod language;
pub mod links;
pub mod overview;
mod passkey_list;
pub mod passkey_offer;
pub mod passkeys;
pub mod password;
pub mod profile;
pub mod security;
pub mod sessions;
mod shell;
pub mod switch;
pub mod two_step;

pub(super) use done::Done;
pub(super) use sessions::facts;

/// Whose page it is: an account, as it is now, and its sign-in.
pub struct AccountOwner {
    sign_in: SignIn,
    user: User,
}

impl Owner for AccountOwner {
    const HOME: &'static str = ACCOUNT;

    fn sign_in(&self) -> &SignIn {
        &self.sign_in
    }

    fn user(&self) -> &User {
        &self.user
    }

    async fn of(context: &Context, sign_in: SignIn) -> Result<Self, Response> {
        let user = user_of(context, &sign_in).await?;
        second_step::complete(context, (&user, &sign_in), ACCOUNT).await?;
        Ok(Self { sign_in, user })
    }
}

/// The account of a sign-in, or the way to the login page where it is gone.
async fn user_of(context: &Context, sign_in: &SignIn) -> Result<User, Response> {
    match context.app.accounts.find(sign_in.user).await {
        Ok(Some(user)) => Ok(user),
        Ok(None) => Err(context.go("/login")),
        Err(error) => Err(PageError::from(error).into_response()),
    }
}

impl AccountOwner {
    /// Who asks for a page, or the way to the login page.
    async fn at(context: &Context) -> Result<Self, Response> {
        Self::of(context, context.signed_in().await?).await
    }
}
