//! What follows when a user proved a first factor, in whichever way: their session, or first what is still missing, and the way back to the app that
//! asked, or to the page that they were about to open.
//!
//! The one gate of every way in: nobody begins a session but through [`go_on_as`] and [`go_on_to`], and before what the account needs is proved there is
//! none, only a [`PendingLogin`](crate::sessions::PendingLogin).

use axum::response::Response;

use super::context::Context;
use super::{onward, passkey_offer, second_step};
use crate::flow::FlowView;
use crate::http::error::PageError;
use crate::identity::second_factor::Needed;
use crate::model::User;
use crate::model::factor::Kinds;
use crate::model::session::Leave;
use crate::sessions::{Means, Onward, Then};

/// Goes on with a user who proved a first factor, for the login that it was for.
pub(super) async fn go_on_as(
    context: &Context,
    user: &User,
    flow: Option<&FlowView>,
    means: Means,
) -> Result<Response, PageError> {
    match flow {
        Some(view) => go_on(context, user, (Onward::Flow(view.authorization.id), view.enough), means).await,
        None => go_on_to(context, user, means, &passkey_offer::remembered(context)).await,
    }
}

/// The same, and goes to one of our own pages: what the browser was to come back to is forgotten.
pub(super) async fn go_on_to(context: &Context, user: &User, means: Means, path: &str) -> Result<Response, PageError> {
    go_on(context, user, (Onward::Page(path.to_owned()), Kinds::ALL), means).await
}

/// `kinds` are the second factors that are enough for where it leads.
async fn go_on(
    context: &Context,
    user: &User,
    (to, kinds): (Onward, Kinds),
    means: Means,
) -> Result<Response, PageError> {
    let (accounts, sessions) = (&context.app.accounts, &context.app.flow.sessions);
    let trusted = match sessions.trust_in(&context.visitor, user).await? {
        Some(trust) => trust.rests_on(&accounts.factors(user.id).await?.all).then_some(Leave::TrustedBrowser),
        None => None,
    };
    match accounts.needed_to_sign_in(user, &means.acr(), trusted).await? {
        Needed::Nothing(leave) => {
            if leave == Some(Leave::TrustedBrowser) {
                accounts.let_in_by_trust(user.id).await?;
            }
            let suits = passkey_offer::suits(&means, context.visitor.makes_passkeys);
            let cookie = onward::sign_in((context, &context.visitor), user, &to, (means, leave)).await?;
            let answer = passkey_offer::on_the_way(context, user, &to, suits).await?;
            Ok(context.with_session(answer, &cookie))
        }
        needed => second_step::ask(context, user, (Then::Begin(means), to), (needed, kinds)).await,
    }
}
