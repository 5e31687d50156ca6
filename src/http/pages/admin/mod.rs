//! The console: pages for administrators only.
//!
//! Owns who gets in, and that somebody who signed in long ago proves again who they are before anything is changed that leads to
//! secrets. Leaves every change to `admin`.

use crate::i18n::keys;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::context::Context;
use super::problems::{self, Shown};
use crate::admin::{Authority, Rejected};
use crate::http::AppState;
use crate::http::error::PageError;
use crate::http::problem::{Problem, ProblemKind};
use crate::model::User;
use crate::model::session::SignIn;
use crate::protocol::Params;
use crate::sessions::{Means, SessionSecret};
use crate::support::Secret;

pub mod connections;

/// Who signed in longer ago than this proves again who they are.
const RECENT: Duration = Duration::from_mins(15);
/// Where that moment is near, the page asks at once: reading the page and typing take time too.
const ALMOST: Duration = Duration::from_mins(5);
/// The field of the page where the password is typed again.
const PASSWORD_FIELD: &str = "current";

/// An administrator at a page of the console. A handler that takes one is for administrators only: anybody else is answered before it.
pub struct Administrator {
    sign_in: SignIn,
    user: User,
    authority: Authority,
    has_password: bool,
}

/// What a page needs that may ask for the password again.
#[derive(Clone, Debug)]
pub(super) struct Proof {
    /// Whether it asks.
    pub(super) asked: bool,
    /// Whether there is a password to ask for.
    pub(super) by_password: bool,
    /// Whose it is, for the person's password manager.
    pub(super) email: String,
}

impl FromRequestParts<AppState> for Administrator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Response> {
        let Ok(context) = Context::from_request_parts(parts, app).await;
        Self::of(&context).await
    }
}

impl Administrator {
    /// The administrator who asks for the page: the way to the login for nobody, a refusal for everybody else.
    async fn of(context: &Context) -> Result<Self, Response> {
        let sign_in = context.signed_in().await?;
        let (user, authority) = match Authority::of_account(&context.app.admin, sign_in.user).await {
            Ok(found) => found,
            Err(Rejected::NotFound(_)) => return Err(context.go("/login")),
            Err(rejected) => return Err(PageError::from(rejected).into_response()),
        };
        // What the pages offer is for those who may do all of it. The other roles are for pages that are still to come.
        if !user.is_administrator() {
            return Err(PageError::from(ProblemKind::Forbidden).into_response());
        }
        match context.app.stores.users.password(user.id).await {
            Ok(password) => Ok(Self { sign_in, user, authority, has_password: password.is_some() }),
            Err(error) => Err(PageError::from(error).into_response()),
        }
    }

    /// What a page is to ask that leads to secrets.
    fn proof(&self, context: &Context) -> Proof {
        let age = context.app.clock.now().since(self.sign_in.auth_time);
        Proof { asked: age + ALMOST > RECENT, by_password: self.has_password, email: self.user.email.to_string() }
    }

    /// Makes sure that it is still the administrator who sits there. The answer is the cookie of the renewed session where the password
    /// was typed, or what the page says.
    async fn prove(
        &self,
        context: &Context,
        params: &Params,
    ) -> Result<Result<Option<SessionSecret>, Shown>, PageError> {
        let t = context.texts(None);
        if context.app.clock.now().since(self.sign_in.auth_time) <= RECENT {
            return Ok(Ok(None));
        }
        let typed = params.get(PASSWORD_FIELD).unwrap_or_default();
        if typed.is_empty() || !self.has_password {
            return Ok(Err(Shown::confirmation(t, keys::console::CONFIRM_NEEDED)));
        }
        match context.app.accounts.sign_in(self.user.email.as_str(), &Secret::from(typed), &context.origin()).await {
            Ok(user) => {
                let (_, cookie) = context.app.flow.sessions.sign_in(&context.visitor, &user, Means::Password).await?;
                Ok(Ok(Some(cookie)))
            }
            Err(rejected) => Ok(Err(problems::of_confirmation(t, rejected)?)),
        }
    }
}

/// The answer to a form, with the cookie of the session that it renewed.
fn renewed(context: &Context, response: Response, cookie: Option<&SessionSecret>) -> Response {
    match cookie {
        Some(cookie) => context.with_session(response, cookie),
        None => response,
    }
}

/// What was wrong with a form, with the status of an answer that changed nothing.
fn refused(text: String) -> Shown {
    Shown::saying(StatusCode::CONFLICT, text)
}

/// What a change ran into that no field is about.
impl From<Rejected> for PageError {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::Store(error) => error.into(),
            Rejected::NotFound(_) => ProblemKind::NotFound.into(),
            Rejected::Forbidden(_) => ProblemKind::Forbidden.into(),
            other => Self(Problem::new(ProblemKind::BadRequest).because(other.to_string())),
        }
    }
}
