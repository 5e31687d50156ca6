//! Forms that act for the account that is signed in: its own ones, and those of the console.
//!
//! Owns that such a form does what it says for the sign-in it was drawn for, or nothing: where another account signed in meanwhile in the
//! same browser, its end-user is told so, and may go on as either. A handler gets whom it acts for from the form and from nowhere else, so none can leave that out.
//! A form that waited for a proof comes back as it was first sent. Leaves the proof to [`step_up`](super::step_up).

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::context::Context;
use super::frame::{Frame, with_status};
use super::kept_form;
use super::passkey::Answer;
use crate::http::AppState;
use crate::http::csrf::DrawnFor;
use crate::http::error::PageError;
use crate::http::extract::{Brings, PostedForm};
use crate::http::problem::ProblemKind;
use crate::i18n::keys;
use crate::model::User;
use crate::model::session::{Session, SignIn};
use crate::protocol::Params;
use crate::support::Secret;
use crate::support::id::SignInId;

/// Where the pages of owners begin.
pub(super) const HOMES: &[&str] = &[ACCOUNT, CONSOLE];
/// Where those of an account begin.
pub(super) const ACCOUNT: &str = "/account";
/// Where those of the console begin.
pub(super) const CONSOLE: &str = "/admin";
/// Where a login waits for its second step.
pub(super) const SECOND_STEP: &str = "/second-step";
/// Where the first run goes on once the server is claimed.
pub(super) const SETUP: &str = "/admin/setup";

#[derive(askama::Template)]
#[template(path = "other_sign_in.html")]
struct OtherSignInPage {
    frame: Frame,
    text: String,
    /// The address of the account that is in use.
    now: String,
    home: &'static str,
    switch: Option<Switch>,
}

/// The way to the sign-in that the form was drawn for, where it is still one of the browser's.
struct Switch {
    csrf: String,
    sign_in: String,
    email: String,
}

/// A form, and whom it acts for.
pub struct OwnForm<O> {
    /// Whom it acts for.
    pub(super) owner: O,
    /// What was sent: of a form that waited, what was sent first.
    pub(super) params: Params,
    /// Where it was sent to: one of our own paths, without the issuer's.
    pub(super) path: String,
    /// The form waited for a proof, and this is sent now.
    pub(super) waited: Option<Waited>,
}

/// A form that comes back from the page that asks for a proof.
pub(super) struct Waited {
    /// What finds the form.
    pub(super) handle: String,
    /// The password, where it was typed.
    pub(super) password: Secret<String>,
    /// The code of a second factor, where one was typed.
    pub(super) code: String,
    /// What a passkey answered, where one was used.
    pub(super) passkey: Option<Answer>,
    /// What says that the browser worked for it.
    pub(super) work: Option<String>,
}

/// The hidden field that names a form which waited.
pub(super) const WAITED_FIELD: &str = "kept";
/// The field of the password that proves the account.
pub(super) const PASSWORD_FIELD: &str = "current";

/// The field of the code that proves it.
const CODE_FIELD: &str = "code";

/// Whom a form may act for: made of the sign-in that is in use.
pub trait Owner: Sized {
    /// Where its pages begin: the way on of an end-user whose form was another account's.
    const HOME: &'static str;

    /// The sign-in.
    fn sign_in(&self) -> &SignIn;

    /// The account.
    fn user(&self) -> &User;

    /// The owner that this sign-in makes, or what its end-user is answered instead.
    fn of(context: &Context, sign_in: SignIn) -> impl Future<Output = Result<Self, Response>> + Send;
}

impl<O: Owner> FromRequest<AppState> for OwnForm<O> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Response> {
        Self::received(request, app, Brings::Text).await
    }
}

/// The same, of a form that brings a picture along.
pub struct OwnUpload<O>(pub(super) OwnForm<O>);

impl<O: Owner> FromRequest<AppState> for OwnUpload<O> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Response> {
        OwnForm::received(request, app, Brings::Picture).await.map(Self)
    }
}

impl<O: Owner> OwnForm<O> {
    async fn received(request: Request, app: &AppState, brings: Brings) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Ok(context) = Context::from_request_parts(&mut parts, app).await;
        let posted = PostedForm::received(Request::from_parts(parts, body), app, brings).await;
        let PostedForm { path, params, drawn_for } = posted.map_err(IntoResponse::into_response)?;
        let sign_in = still_in_use(&context, drawn_for, O::HOME).await?;
        let sent = as_first_sent(&context, sign_in.id, &path, params).await;
        let (params, waited) = sent.map_err(IntoResponse::into_response)?;
        Ok(Self { owner: O::of(&context, sign_in).await?, params, path, waited })
    }
}

/// What was sent first, where this is what is sent after waiting for a proof.
async fn as_first_sent(
    context: &Context,
    sign_in: SignInId,
    path: &str,
    params: Params,
) -> Result<(Params, Option<Waited>), PageError> {
    let Some(handle) = params.get(WAITED_FIELD).map(str::to_owned) else { return Ok((params, None)) };
    let found = kept_form::find(context, sign_in, &handle).await?;
    let kept = found.filter(|form| form.path == path).ok_or(ProblemKind::FlowGone)?;
    let password = Secret::from(params.get(PASSWORD_FIELD).unwrap_or_default());
    let code = params.get(CODE_FIELD).unwrap_or_default().to_owned();
    let (passkey, work) = (Answer::of(&params), params.get("work").map(str::to_owned));
    Ok((kept.params(), Some(Waited { handle, password, code, passkey, work })))
}

/// The sign-in that something was drawn for, where it is the one in use; else what the end-user is told, with the way to `home`.
pub(super) async fn still_in_use(
    context: &Context,
    drawn_for: DrawnFor,
    home: &'static str,
) -> Result<SignIn, Response> {
    let DrawnFor::SignIn(id) = drawn_for else { return Err(PageError::from(ProblemKind::StaleForm).into_response()) };
    let session = context.session().await.map_err(|error| PageError::from(error).into_response())?;
    match session.current() {
        Some(current) if current.id == id => Ok(current.clone()),
        Some(current) => {
            let page = of_another_sign_in(context, &session, (current, id), home).await;
            Err(page.unwrap_or_else(IntoResponse::into_response))
        }
        None => Err(context.go("/login")),
    }
}

/// The page that says whose the form was, and which account is signed in now.
async fn of_another_sign_in(
    context: &Context,
    session: &Session,
    (current, drawn_for): (&SignIn, SignInId),
    home: &'static str,
) -> Result<Response, PageError> {
    let t = context.texts(None);
    let now = address(context, current).await?;
    let switch = match session.sign_ins.iter().find(|sign_in| sign_in.id == drawn_for) {
        Some(other) => Some(Switch {
            csrf: context.csrf_of(current, "/account/switch"),
            sign_in: other.id.to_string(),
            email: address(context, other).await?,
        }),
        None => None,
    };
    let text = match &switch {
        Some(other) => t.with_two(keys::own_form::OTHER, "email", &now, "other", &other.email),
        // It ended, and whose it was is not told.
        None => t.with(keys::own_form::ENDED, "email", &now),
    };
    let mut frame = Frame::of(context, t.locale());
    home.clone_into(&mut frame.here);
    let page = OtherSignInPage { frame, text, now, home, switch };
    Ok(with_status(StatusCode::CONFLICT, &page, &page.frame))
}

async fn address(context: &Context, sign_in: &SignIn) -> Result<String, PageError> {
    let user = context.app.accounts.find(sign_in.user).await?;
    Ok(user.map(|user| user.email.to_string()).unwrap_or_default())
}

/// The page that says that another account signed in, as it is looked at.
pub(super) fn sample(frame: Frame, user: &User) -> Response {
    let now = user.email.to_string();
    let text = frame.t.with(keys::own_form::ENDED, "email", &now);
    let page = OtherSignInPage { text, now, home: ACCOUNT, switch: None, frame };
    with_status(StatusCode::OK, &page, &page.frame)
}
