//! How I sign in: the address, the password, and the accounts elsewhere.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::Frame;
use super::super::problems::{FieldTexts, Shown};
use super::super::section::Section;
use super::AccountOwner;
use super::factors::TwoStep;
use super::links::{self, Links};
use super::passkey_list::{self, Passkeys};
use super::shell::{Shell, frame};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::keys;
use crate::protocol::Params;

#[derive(askama::Template)]
#[template(path = "account/security.html")]
struct SecurityPage {
    frame: Frame,
    shell: Shell,
    verified: bool,
    has_password: bool,
    password_hint: String,
    two_step: Option<TwoStep>,
    links: Links,
    passkeys: Passkeys,
    password_csrf: String,
    links_csrf: String,
    problems: FieldTexts,
}

/// `GET /account/security`
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    match AccountOwner::at(&context).await {
        Ok(owner) => show(&context, &owner, &params, None).await,
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// The section, with what is wrong with its form of the password.
pub(super) async fn show(
    context: &Context,
    owner: &AccountOwner,
    params: &Params,
    problem: Option<Shown>,
) -> Result<Response, PageError> {
    let (problems, manner) = Shown::parts(problem);
    let frame = frame(context, Section::Security);
    let shown = SecurityPage {
        shell: Shell::of(context, owner, Section::Security, frame.t).after(frame.t, Section::Security, params),
        verified: owner.user.email_verified,
        has_password: context.app.stores.users.password(owner.user.id).await?.is_some(),
        password_hint: context.password_hint(frame.t).await?,
        two_step: TwoStep::of(context, owner, frame.t).await?,
        links: links::of(context, owner, frame.t).await?,
        passkeys: passkey_list::of(context, owner, frame.t).await?,
        password_csrf: context.csrf_of(&owner.sign_in, "/account/password"),
        links_csrf: context.csrf_of(&owner.sign_in, "/account/links"),
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}
