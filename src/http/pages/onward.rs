//! Where a login leads once all that the account needs is proved: a session begins, and the browser goes on to the app or the page that waits.
//!
//! Nobody calls this but what knows that nothing is missing: [`proven`](super::proven) and [`second_step`](super::second_step).

use axum::http::header;
use axum::response::Response;

use super::context::Context;
use crate::http::cookies::Cookie;
use crate::http::error::PageError;
use crate::http::redirect;
use crate::model::User;
use crate::model::session::Leave;
use crate::sessions::{Means, Onward, SessionCookie, Visitor};

/// Begins the session, for the app that waits where one does. An account that does not know the browser is told of it.
pub(super) async fn sign_in(
    (context, visitor): (&Context, &Visitor),
    user: &User,
    onward: &Onward,
    means: (Means, Option<Leave>),
) -> Result<SessionCookie, PageError> {
    let flow = &context.app.flow;
    context.app.accounts.signs_in_here(user, &context.origin()).await?;
    match onward {
        Onward::Flow(id) => Ok(flow.signed_in(&id.to_string(), visitor, user, means).await?),
        Onward::Page(_) => Ok(flow.sessions.sign_in_with(visitor, user, means).await?.1),
    }
}

/// To where the login was to lead.
pub(super) fn way(context: &Context, onward: &Onward) -> Result<Response, PageError> {
    match onward {
        Onward::Flow(id) => redirect::to_dispatcher(&context.app, &id.to_string(), Ok(())),
        Onward::Page(path) => {
            let mut response = context.go(path);
            if context.next.is_some() {
                response.headers_mut().append(header::SET_COOKIE, Cookie::Next.forget(&context.app.issuer));
            }
            Ok(response)
        }
    }
}
