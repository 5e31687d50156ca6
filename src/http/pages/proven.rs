//! What follows when a user authenticated, in whichever way: their session, and the way back to the app that asked, or to the page that they
//! were about to open.

use axum::http::header;
use axum::response::Response;

use super::context::Context;
use super::own_form::ACCOUNT;
use crate::flow::FlowView;
use crate::http::cookies::Cookie;
use crate::http::error::PageError;
use crate::http::next::Next;
use crate::http::redirect;
use crate::model::User;
use crate::sessions::Means;

/// Begins the session of a user who authenticated, and goes on with the login it was for.
pub(super) async fn go_on_as(
    context: &Context,
    user: &User,
    flow: Option<&FlowView>,
    means: Means,
) -> Result<Response, PageError> {
    let Some(view) = flow else {
        let next = context.next.as_ref().map_or(ACCOUNT, Next::as_str);
        return go_on_to(context, user, means, next).await;
    };
    let cookie = context.app.flow.signed_in(&view.id(), &context.visitor, user, means).await?;
    Ok(context.with_session(redirect::to_dispatcher(&context.app, &view.id(), Ok(()))?, &cookie))
}

/// The same, and goes to one of our own pages: what the browser was to come back to is forgotten.
pub(super) async fn go_on_to(context: &Context, user: &User, means: Means, path: &str) -> Result<Response, PageError> {
    let (_, cookie) = context.app.flow.sessions.sign_in(&context.visitor, user, means).await?;
    let mut response = context.with_session(context.go(path), &cookie);
    if context.next.is_some() {
        response.headers_mut().append(header::SET_COOKIE, Cookie::Next.forget(&context.app.issuer));
    }
    Ok(response)
}
