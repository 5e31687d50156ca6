//! The console: pages for administrators only.
//!
//! Owns which accounts are let in (those with any role; each page shows what the roles allow), that requests begin here ([`arrival`]), what surrounds a page ([`shell`]) and the frame
//! of forms that change something ([`ConfirmedForm`]): an administrator who proved the account long ago does so again first. Leaves every change, and
//! who may make it, to `admin`, the page that asks to [`step_up`], and what a recent proof is to `identity`.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::context::Context;
use super::own_form::{CONSOLE, OwnForm, Owner};
use super::problems::Shown;
use super::second_step;
use super::step_up::{self, Proved};
use crate::admin::{Authority, Permission, ProvenAuthority, Rejected};
use crate::http::AppState;
use crate::http::error::PageError;
use crate::http::problem::{Problem, ProblemKind};
use crate::model::session::SignIn;
use crate::model::user::Role;
use crate::model::{ClientId, User};
use crate::protocol::Params;

pub mod apis;
pub mod apps;
mod arrival;
mod attention;
pub mod audit;
mod charts;
pub mod claims;
pub mod connections;
mod delegated;
pub mod design;
mod document;
mod done;
mod grace;
pub mod groups;
mod head;
pub mod home;
mod listing;
mod logins;
mod logo;
pub mod mail;
mod managers;
pub mod object;
mod overview;
pub mod people;
pub mod policy;
pub mod release;
mod room;
pub mod search;
pub mod settings;
pub mod setup;
mod several;
mod shell;
pub mod signing_keys;
mod token_preview;
pub mod webhooks;
mod wrong;

/// An administrator at a page of the console. A handler that takes one is for administrators only: anybody else is answered before it.
pub struct Administrator {
    sign_in: SignIn,
    user: User,
    authority: Authority,
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
    const HOME: &'static str = CONSOLE;

    fn sign_in(&self) -> &SignIn {
        &self.sign_in
    }

    fn user(&self) -> &User {
        &self.user
    }

    async fn of(context: &Context, sign_in: SignIn) -> Result<Self, Response> {
        if let Some(answer) = arrival::from_elsewhere(context) {
            return Err(answer);
        }
        let (user, authority) = match Authority::of_account(&context.app.admin, sign_in.user).await {
            Ok(found) => found,
            Err(Rejected::NotFound(_)) => return Err(context.go("/login")),
            Err(rejected) => return Err(PageError::from(rejected).into_response()),
        };
        second_step::complete(context, (&user, &sign_in), CONSOLE).await?;
        Ok(Self { sign_in, user, authority })
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

    /// Whether the administrator may do something everywhere: what they may not, pages do not offer.
    const fn may(&self, permission: Permission) -> bool {
        self.authority.allows(permission)
    }

    /// Whether the administrator may do something in an app.
    fn may_in_app(&self, permission: Permission, client: &ClientId) -> bool {
        self.authority.allows_in_app(permission, client)
    }

    /// Whether the administrator may do something to a person.
    fn may_on_person(&self, permission: Permission, user: &User) -> bool {
        self.authority.allows_on_person(permission, user)
    }

    /// The roles that a form gives, where `held` are: of those that the administrator may give the ticked ones, and of the others those that are held.
    fn roles_given(&self, held: &[Role], ticked: impl Fn(Role) -> bool) -> Vec<Role> {
        let is_given = |role: &Role| if self.authority.may_assign(*role) { ticked(*role) } else { held.contains(role) };
        Role::ALL.iter().copied().filter(is_given).collect()
    }

    /// Refuses a page that leads to nothing but what the administrator may do nowhere.
    fn must_somewhere(&self, permission: Permission) -> Result<(), PageError> {
        if self.authority.allows_somewhere(permission) { Ok(()) } else { Err(ProblemKind::Forbidden.into()) }
    }

    /// Refuses a page that leads to nothing but what the administrator may not do.
    fn must(&self, permission: Permission) -> Result<(), PageError> {
        if self.may(permission) { Ok(()) } else { Err(ProblemKind::Forbidden.into()) }
    }

    /// What the administrator may do after having proved the account.
    fn proven(&self, proved: &Proved) -> Result<ProvenAuthority, PageError> {
        Ok(self.authority.clone().proven(&proved.proof)?)
    }
}

/// A form that changes something, as it was sent.
trait ConfirmedForm {
    /// Does what it asks for, with the authority of an administrator who proved the account a moment ago. The answer is where to go next, or what the page says.
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError>;

    /// The page again, with what was typed and what was wrong.
    async fn show(self, problem: Shown) -> Result<Response, PageError>;
}

/// Answers a form that changes something: the proof first, then what it asks for, then the page again where that was refused.
async fn confirmed_form(
    context: &Context,
    form: &OwnForm<Administrator>,
    sent: impl ConfirmedForm,
) -> Result<Response, PageError> {
    confirmed(context, form, async |authority| act(sent, authority).await).await
}

/// Answers what changes something and is done with one press: the proof first, then what it asks for.
async fn confirmed(
    context: &Context,
    form: &OwnForm<Administrator>,
    does: impl AsyncFnOnce(&ProvenAuthority) -> Result<Response, PageError>,
) -> Result<Response, PageError> {
    let proved = match step_up::proof(context, form).await? {
        Ok(proved) => proved,
        Err(asked) => return Ok(asked),
    };
    let authority = form.owner.proven(&proved)?;
    Ok(proved.answer(context, does(&authority).await))
}

async fn act(mut form: impl ConfirmedForm, authority: &ProvenAuthority) -> Result<Response, PageError> {
    match form.act(authority).await? {
        Ok(response) => Ok(response),
        Err(problem) => form.show(problem).await,
    }
}

/// The version that a form was drawn of.
fn version_of(params: &Params) -> Option<i64> {
    params.get("version")?.parse().ok()
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
