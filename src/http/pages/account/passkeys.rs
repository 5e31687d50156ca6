//! The passkeys of an account: adding, renaming and removing them.

use axum::http::StatusCode;
use axum::response::Response;

use super::super::context::Context;
use super::super::frame::Frame;
use super::super::own_form::OwnForm;
use super::super::passkey::{Answer, Prompt, refused};
use super::super::problems::{FieldTexts, Shown};
use super::super::section::Section;
use super::super::step_up;
use super::super::view::Form;
use super::security::Trouble;
use super::shell::{Shell, frame};
use super::{AccountOwner, Done, security};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::keys;
use crate::identity::passkeys::RemoveRejected;
use crate::protocol::Params;
use crate::support::id::PasskeyId;

/// Where the browser's answer is sent.
const ADD: &str = "/account/passkeys";

#[derive(askama::Template)]
#[template(path = "account/passkey_new.html")]
struct NewPage {
    frame: Frame,
    shell: Shell,
    prompt: Prompt,
    back: String,
    problems: FieldTexts,
}

/// `POST /account/passkeys/new`: the page on which the browser makes one. The account is proved first, so that no passkey is made in vain.
pub async fn ask(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let proved = match step_up::proof(&context, &form).await? {
        Ok(proved) => proved,
        Err(asked) => return Ok(asked),
    };
    let page = show_new(&context, &form.owner, None).await;
    Ok(proved.answer(&context, page))
}

async fn show_new(context: &Context, owner: &AccountOwner, problem: Option<Shown>) -> Result<Response, PageError> {
    let browser = context.visitor.browser.digest();
    let Some(asked) = context.app.passkeys.ask_to_register(&owner.user, browser).await? else {
        return Err(ProblemKind::NotFound.into());
    };
    let (problems, manner) = Shown::parts(problem);
    let frame = frame(context, Section::Security);
    let form = Form { csrf: context.csrf_of(&owner.sign_in, ADD), flow: None };
    let label = frame.t.get(keys::passkey::CREATE);
    let shown = NewPage {
        shell: Shell::of(context, owner, Section::Security, frame.t),
        prompt: Prompt::of(context, asked, (ADD, form), label),
        back: context.app.issuer.local(Section::Security.path()),
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}

/// `POST /account/passkeys`: what the browser made.
pub async fn add(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let proved = match step_up::proof(&context, &form).await? {
        Ok(proved) => proved,
        Err(asked) => return Ok(asked),
    };
    let added = register(&context, &form, &proved).await;
    Ok(proved.answer(&context, added))
}

async fn register(
    context: &Context,
    form: &OwnForm<AccountOwner>,
    proved: &step_up::Proved,
) -> Result<Response, PageError> {
    let Some(sent) = Answer::of(&form.params) else { return show_new(context, &form.owner, None).await };
    let by = (&proved.proof, context.visitor.browser.digest());
    match context.app.passkeys.register(by, form.params.get("name"), &sent.ticket, &sent.answer).await {
        Ok(made) => {
            let whose = (&form.owner.sign_in, &form.owner.user);
            proved.made_passkey(context, whose, &made, Done::PasskeyAdded.go(context)).await
        }
        Err(why) => {
            let shown = refused(context.texts(None), why)?;
            show_new(context, &form.owner, Some(shown)).await
        }
    }
}

/// `POST /account/passkeys/change`: another name, or none of it any more.
pub async fn change(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    let id: PasskeyId = form.params.get("passkey").unwrap_or_default().parse().map_err(|_| ProblemKind::BadRequest)?;
    match form.params.get("do") {
        Some("rename") => rename(&context, &form, id).await,
        Some("remove") => remove(&context, &form, id).await,
        _ => Err(ProblemKind::BadRequest.into()),
    }
}

async fn rename(context: &Context, form: &OwnForm<AccountOwner>, id: PasskeyId) -> Result<Response, PageError> {
    let name = form.params.get("name").unwrap_or_default();
    match context.app.passkeys.rename(form.owner.user.id, id, name).await {
        Ok(()) => Ok(Done::PasskeyRenamed.go(context)),
        Err(why) => not_changed(context, &form.owner, why).await,
    }
}

/// Whoever removes one is signed out everywhere else: a lost device has no more of the account.
async fn remove(context: &Context, form: &OwnForm<AccountOwner>, id: PasskeyId) -> Result<Response, PageError> {
    let proved = match step_up::proof(context, form).await? {
        Ok(proved) => proved,
        Err(asked) => return Ok(asked),
    };
    // As strong as the proof made it, and before everything of the account ends.
    let (visitor, sign_in) = proved.now(context, &form.owner.sign_in).await?;
    match context.app.passkeys.remove(&proved.proof, id).await {
        Ok(user) => {
            let cookie = context.app.flow.sessions.carry_over(&visitor, &sign_in, &user).await?;
            Ok(context.with_session(Done::PasskeyRemoved.go(context), &cookie))
        }
        Err(why) => {
            let answer = not_changed(context, &form.owner, why).await;
            Ok(proved.answer(context, answer))
        }
    }
}

async fn not_changed(context: &Context, owner: &AccountOwner, why: RemoveRejected) -> Result<Response, PageError> {
    let (status, text) = match why {
        RemoveRejected::Store(error) => return Err(error.into()),
        RemoveRejected::Gone => (StatusCode::CONFLICT, keys::passkey::GONE),
        RemoveRejected::LastWayIn => (StatusCode::CONFLICT, keys::passkey::LAST_WAY_IN),
        RemoveRejected::Needed => (StatusCode::CONFLICT, keys::passkey::NEEDED),
        RemoveRejected::Name => (StatusCode::UNPROCESSABLE_ENTITY, keys::passkey::NAME_PROBLEM),
        RemoveRejected::Ended => (StatusCode::CONFLICT, keys::passkey::ENDED),
    };
    let problem = Shown::saying(status, context.texts(None).get(text));
    security::show(context, owner, &Params::default(), Some(Trouble::Password(problem))).await
}
