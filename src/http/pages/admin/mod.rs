//! The console: pages for administrators only.
//!
//! Owns which accounts are let in, and the frame of forms that lead to secrets ([`ConfirmedForm`]): an administrator who signed in long
//! ago proves the account again first. Leaves every change to `admin`, and what a recent proof is to `identity`.

use crate::i18n::keys;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::context::Context;
use super::own_form::Owner;
use super::problems::{self, Shown};
use crate::admin::{Authority, ProvenAuthority, Rejected};
use crate::http::AppState;
use crate::http::error::PageError;
use crate::http::problem::{Problem, ProblemKind};
use crate::identity::RecentProof;
use crate::model::User;
use crate::model::session::SignIn;
use crate::protocol::Params;
use crate::sessions::{Means, SessionSecret};
use crate::support::Secret;

pub mod connections;

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
    /// Whether the form asks for a proof.
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
        Self::at(&context).await
    }
}

/// The administrator that a sign-in makes; a refusal for every other account. The role is asked for at each request.
impl Owner for Administrator {
    const HOME: &'static str = "/admin/connections";

    async fn of(context: &Context, sign_in: SignIn) -> Result<Self, Response> {
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
}

impl Administrator {
    /// The administrator who asks for a page, or the way to the login page.
    async fn at(context: &Context) -> Result<Self, Response> {
        Self::of(context, context.signed_in().await?).await
    }

    /// The hidden token of a form that acts for this administrator.
    fn csrf(&self, context: &Context, path: &str) -> String {
        context.csrf_of(&self.sign_in, path)
    }

    /// What a page is to ask that leads to secrets.
    fn proof(&self, context: &Context) -> Proof {
        let asked = RecentProof::ends_soon(&self.sign_in, context.app.clock.now());
        Proof { asked, by_password: self.has_password, email: self.user.email.to_string() }
    }

    /// The proof that the form needs: of the sign-in where it is recent enough, else of the password in the form. The answer is the
    /// proof, with the cookie of the renewed session where the password was typed; or what the page says.
    async fn prove(&self, context: &Context, params: &Params) -> Result<Result<Proved, Shown>, PageError> {
        let t = context.texts(None);
        if let Some(proof) = RecentProof::of(&self.sign_in, context.app.clock.now()) {
            return Ok(Ok(Proved { proof, cookie: None }));
        }
        let typed = params.get(PASSWORD_FIELD).unwrap_or_default();
        if typed.is_empty() || !self.has_password {
            return Ok(Err(Shown::confirmation(t, keys::console::CONFIRM_NEEDED)));
        }
        match context.app.accounts.prove(&self.user, &Secret::from(typed), &context.origin()).await {
            Ok((user, proof)) => {
                let (_, cookie) = context.app.flow.sessions.sign_in(&context.visitor, &user, Means::Password).await?;
                Ok(Ok(Proved { proof, cookie: Some(cookie) }))
            }
            Err(rejected) => Ok(Err(problems::of_confirmation(t, rejected)?)),
        }
    }
}

/// What an administrator proved, and the cookie of the session that it renewed.
struct Proved {
    proof: RecentProof,
    cookie: Option<SessionSecret>,
}

/// A form that leads to secrets, as it was sent.
trait ConfirmedForm {
    /// Does what it asks for, with the authority of an administrator who proved the account a moment ago. The answer is where to go next, or what the page says.
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError>;

    /// The page again, with what was typed and what was wrong.
    async fn show(self, problem: Shown) -> Result<Response, PageError>;
}

/// Answers a form that leads to secrets: the proof first, then what it asks for, then the page again where either was refused. The
/// cookie of a session that the proof renewed goes with every answer from then on.
async fn confirmed_form(
    context: &Context,
    administrator: &Administrator,
    params: &Params,
    mut form: impl ConfirmedForm,
) -> Result<Response, PageError> {
    let Proved { proof, cookie } = match administrator.prove(context, params).await? {
        Ok(proved) => proved,
        Err(asked) => return form.show(asked).await,
    };
    let authority = administrator.authority.clone().proven(&proof)?;
    let response = match form.act(&authority).await? {
        Ok(response) => response,
        Err(problem) => form.show(problem).await?,
    };
    Ok(match cookie {
        Some(cookie) => context.with_session(response, &cookie),
        None => response,
    })
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
            Rejected::Forbidden(_) | Rejected::ProofNeeded => ProblemKind::Forbidden.into(),
            other => Self(Problem::new(ProblemKind::BadRequest).because(other.to_string())),
        }
    }
}
