//! What follows when a user authenticated, in whichever way: their session, and the way back to the app that asked.

use axum::response::Response;

use super::context::Context;
use crate::flow::FlowView;
use crate::http::error::PageError;
use crate::http::redirect;
use crate::model::User;
use crate::sessions::{Means, SessionSecret};

/// Begins the session of a user who authenticated, and goes on with the login it was for.
pub(super) async fn go_on_as(
    context: &Context,
    user: &User,
    flow: Option<&FlowView>,
    means: Means,
) -> Result<Response, PageError> {
    let (response, cookie): (Response, SessionSecret) = if let Some(view) = flow {
        let cookie = context.app.flow.signed_in(&view.id(), &context.visitor, user, means).await?;
        (redirect::to_dispatcher(&context.app, &view.id(), Ok(()))?, cookie)
    } else {
        let (_, cookie) = context.app.flow.sessions.sign_in(&context.visitor, user, means).await?;
        (context.go("/account"), cookie)
    };
    Ok(context.with_session(response, &cookie))
}
