//! Setting a new password by a mailed link, accepting an invitation by a password or a passkey, and the way back of an administrator by a passkey.

use axum::http::StatusCode;
use axum::response::Response;

use super::context::Context;
use super::frame::{Frame, page};
use super::message::{self, Action};
use super::own_form::ACCOUNT;
use super::passkey::{self, Answer, Prompt};
use super::prepared_ended;
use super::problems::{self, FieldTexts, Shown};
use crate::flow::FlowView;
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::http::next::Next;
use crate::http::redirect::encoded;
use crate::i18n::{Key, keys};
use crate::identity::accounts::{GIVES_WAY_IN, LinkRejected, Presented, ResetRejected};
use crate::identity::passkeys::{NotAccepted, PasskeyRejected};
use crate::model::User;
use crate::model::one_time_token::OneTimeTokenPurpose;
use crate::protocol::Params;
use crate::sessions::Means;
use crate::support::Secret;

#[derive(askama::Template)]
#[template(path = "reset.html")]
struct ResetPage {
    frame: Frame,
    title: String,
    text: String,
    email: String,
    csrf: String,
    token: String,
    flow: String,
    password_hint: String,
    /// A password can be set: everywhere but where nobody signs in by one, and there is another way on the page.
    passwords: bool,
    problems: FieldTexts,
    /// An invitation is accepted by a passkey alone, too.
    passkey: Option<Prompt>,
    /// Whoever loses it is mailed a link.
    recoverable: bool,
}

/// `GET /reset?token=…`. Looking uses nothing up: programs that look into mail follow every link.
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let token = Secret::from(params.get("token").unwrap_or_default());
    match context.presented(GIVES_WAY_IN, &token).await? {
        Some(presented) => show(&context, &presented, &params, (None, None)).await,
        None => Ok(spent(&context)),
    }
}

/// `POST /reset/passkey`: accepts an invitation, or goes the way back, by the passkey that the browser made.
pub async fn by_passkey(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let token = Secret::from(params.get("token").unwrap_or_default());
    // Nobody guesses a link; but each answer of an authenticator that is looked at costs a signature.
    context.app.throttle.admit_authorization(context.visitor.address).await?;
    let mut said = (None, None);
    if let Some(sent) = Answer::of(&params) {
        let from = (&context.origin(), context.visitor.browser.digest());
        match context.app.passkeys.accept_invitation(&token, from, (&sent.ticket, &sent.answer)).await {
            Ok((entered, protection)) => {
                let (flow, means) = (flow_here(&context, &params).await, Means::Passkey(protection));
                return prepared_ended::go_on_as(&context, &entered, flow.as_ref(), means).await;
            }
            Err(NotAccepted::Link(LinkRejected::Store(error))) => return Err(error.into()),
            // The link was used meanwhile, or an account has the passkey: below the first shows.
            Err(NotAccepted::Link(LinkRejected::Spent | LinkRejected::Taken)) => {
                said.0 = Some(passkey::refused(context.texts(None), PasskeyRejected::Replayed)?);
            }
            Err(NotAccepted::Passkey(why)) => said.0 = Some(passkey::refused(context.texts(None), why)?),
        }
        // The passkey was made in vain.
        said.1 = passkey::unknown(&context, &sent);
    }
    match context.app.accounts.presented(GIVES_WAY_IN, &token).await? {
        Some(presented) => show(&context, &presented, &params, said).await,
        None => Ok(spent(&context)),
    }
}

/// `POST /reset`. Whose password it is only the link says. It is the first factor of a login, which goes on as any other: what else is asked of the account is
/// asked now.
pub async fn post(mut context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let token = Secret::from(params.get("token").unwrap_or_default());
    let password = Secret::from(params.get("password").unwrap_or_default());
    let accounts = &context.app.accounts;
    context.app.throttle.admit_authorization(context.visitor.address).await?;
    let rejected = match accounts.reset_password(&token, &password, &context.origin()).await {
        Ok(entered) => {
            let flow = flow_here(&context, &params).await;
            // Whoever came from the link that proves the address has used it by this.
            if context.next.as_ref().is_some_and(|next| next.as_str().starts_with("/verify-email")) {
                context.next = Next::parse(ACCOUNT);
            }
            return prepared_ended::go_on_as(&context, &entered, flow.as_ref(), Means::PasswordByMail).await;
        }
        Err(ResetRejected::Link(LinkRejected::Store(error))) => return Err(error.into()),
        Err(ResetRejected::Link(_)) => return Ok(spent(&context)),
        Err(rejected) => rejected,
    };
    let shown = problems::of_reset(context.texts(None), rejected)?;
    match accounts.presented(GIVES_WAY_IN, &token).await? {
        Some(presented) => show(&context, &presented, &params, (Some(shown), None)).await,
        None => Ok(spent(&context)),
    }
}

/// The login that was interrupted, where this is its browser and it waits still. A link may name another browser's, which is none of this one.
pub(super) async fn flow_here(context: &Context, params: &Params) -> Option<FlowView> {
    context.app.flow.view(params.get("flow")?, &context.visitor).await.ok()
}

/// The link does nothing any more.
pub(super) fn spent(context: &Context) -> Response {
    let t = context.texts(None);
    let text = (t.get(keys::recovery::SPENT_TITLE), t.get(keys::recovery::SPENT));
    let login = Action { href: context.app.issuer.local("/login"), label: t.get(keys::recovery::TO_SIGN_IN) };
    let frame = Frame::at(context, t.locale(), "/login".to_owned());
    message::show(StatusCode::GONE, "link-spent", text, Some(login), frame)
}

async fn show(
    context: &Context,
    presented: &Presented,
    params: &Params,
    (problem, signal): (Option<Shown>, Option<String>),
) -> Result<Response, PageError> {
    let text = |name| params.get(name).unwrap_or_default().to_owned();
    let (token, flow) = (text("token"), text("flow"));
    let t = context.texts(None);
    let passkey = Prompt::to_accept(context, presented, signal).await?;
    let recovers = presented.purpose() == OneTimeTokenPurpose::Recovery;
    if recovers && passkey.is_none() {
        // Passkeys were switched off meanwhile, and it is good for nothing else.
        return Ok(spent(context));
    }
    let passwords = !recovers && (passkey.is_none() || context.app.policies.sign_in().await?.passwords);
    let (title, said) = match presented.purpose() {
        OneTimeTokenPurpose::Recovery => (keys::recovery::BACK_TITLE, keys::recovery::BACK),
        OneTimeTokenPurpose::Invitation => (keys::recovery::INVITED_TITLE, invited(passwords, passkey.is_some())),
        _ => (keys::recovery::RESET_TITLE, keys::recovery::RESET),
    };
    let (problems, manner) = Shown::parts(problem);
    let query = if flow.is_empty() { String::new() } else { format!("&flow={}", encoded(&flow)) };
    let shown = ResetPage {
        title: t.get(title),
        text: t.get(said),
        email: presented.user().email.to_string(),
        csrf: context.csrf("/reset"),
        password_hint: context.password_hint(t).await?,
        passwords,
        problems,
        passkey,
        recoverable: context.app.accounts.resets_passwords().await?,
        frame: Frame::at(context, t.locale(), format!("/reset?token={}{query}", encoded(&token))),
        token,
        flow,
    };
    Ok(manner.answer(&shown, &shown.frame))
}

/// The page as it is looked at: of who forgot the password.
pub(super) async fn sample(context: &Context, frame: Frame, user: &User) -> Result<Response, PageError> {
    let shown = ResetPage {
        title: frame.t.get(keys::recovery::RESET_TITLE),
        text: frame.t.get(keys::recovery::RESET),
        email: user.email.to_string(),
        csrf: String::new(),
        token: String::new(),
        flow: String::new(),
        password_hint: context.password_hint(frame.t).await?,
        passwords: true,
        problems: FieldTexts::default(),
        passkey: None,
        recoverable: false,
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// What somebody who is invited chooses from.
const fn invited(password: bool, passkey: bool) -> Key {
    match (password, passkey) {
        (_, false) => keys::recovery::INVITED,
        (true, true) => keys::recovery::INVITED_ANY,
        (false, true) => keys::recovery::INVITED_PASSKEY,
    }
}
