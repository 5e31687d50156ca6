//! A recent proof that a form was sent with, and the session that remembers it.
//!
//! Leaves asking for one to [`step_up`](super::step_up), and what counts as one to `identity`.

use axum::response::{IntoResponse, Response};

use super::context::Context;
use crate::http::error::PageError;
use crate::identity::RecentProof;
use crate::model::factor::Second;
use crate::model::session::SignIn;
use crate::model::{Passkey, User};
use crate::sessions::{SessionCookie, Visitor};

/// A recent proof, and the cookie of the session that remembers it from now on.
pub(super) struct Proved {
    pub(super) proof: RecentProof,
    pub(super) cookie: Option<SessionCookie>,
}

impl Proved {
    /// What the end-user is answered: the new cookie goes along, unless what was done began with it and gives another.
    pub(super) fn answer(self, context: &Context, answer: Result<Response, PageError>) -> Response {
        let response = answer.unwrap_or_else(IntoResponse::into_response);
        match self.cookie {
            Some(cookie) if !context.gives_session(&response) => context.with_session(response, &cookie),
            _ => response,
        }
    }

    /// The browser with the session that it has from now on, and the sign-in as it is there.
    pub(super) async fn now(&self, context: &Context, sign_in: &SignIn) -> Result<(Visitor, SignIn), PageError> {
        let mut visitor = context.visitor.clone();
        if let Some(cookie) = &self.cookie {
            visitor.session = Some(cookie.secret.clone());
        }
        let session = context.app.flow.sessions.load(visitor.session.as_ref()).await?;
        let current = session.sign_ins.into_iter().find(|one| one.id == sign_in.id);
        Ok((visitor, current.unwrap_or_else(|| sign_in.clone())))
    }

    /// What the end-user is answered who made a passkey by this proof. Their sign-in is as strong as a use of it would make it, as whoever made it unlocked its
    /// authenticator at this origin: otherwise the next thing that takes a proof would ask for what was made a moment ago.
    pub(super) async fn made_passkey(
        &self,
        context: &Context,
        (sign_in, user): (&SignIn, &User),
        passkey: &Passkey,
        answer: Response,
    ) -> Result<Response, PageError> {
        let (visitor, sign_in) = self.now(context, sign_in).await?;
        let by = (sign_in.id, sign_in.epochs());
        let second = Second::Passkey(passkey.protection);
        Ok(match context.app.flow.sessions.raise(&visitor, by, (user, second)).await? {
            Some(cookie) => context.with_session(answer, &cookie),
            // It ended in this moment.
            None => answer,
        })
    }
}
