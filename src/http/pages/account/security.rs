//! How I sign in: the address, the password, and the accounts elsewhere.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::Frame;
use super::super::problems::{FieldTexts, Shown};
use super::super::section::Section;
use super::super::work::{self, Work};
use super::AccountOwner;
use super::factors::TwoStep;
use super::links::{self, Links};
use super::passkey_list::{self, Passkeys};
use super::shell::{Shell, frame};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::i18n::keys;
use crate::identity::throttling::Purpose;
use crate::protocol::Params;

#[derive(askama::Template)]
#[template(path = "account/security.html")]
struct SecurityPage {
    frame: Frame,
    shell: Shell,
    verified: bool,
    /// Mail leaves this server: the address can be proved and changed.
    mails: bool,
    /// What was typed as another address.
    new_email: String,
    email_csrf: String,
    verify_csrf: String,
    address_problems: FieldTexts,
    has_password: bool,
    password_hint: String,
    two_step: Option<TwoStep>,
    links: Links,
    passkeys: Passkeys,
    password_csrf: String,
    /// What the next guess at the password costs.
    work: Option<Work>,
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

/// What is wrong with one of its forms.
pub(super) enum Trouble {
    /// With that of the password, or what is said of passkeys and second factors, which has no field.
    Password(Shown),
    /// With that of the address, and what was typed.
    Address(Shown, String),
}

/// The section, with what is wrong with one of its forms.
pub(super) async fn show(
    context: &Context,
    owner: &AccountOwner,
    params: &Params,
    trouble: Option<Trouble>,
) -> Result<Response, PageError> {
    let due = match &trouble {
        Some(Trouble::Password(shown)) => {
            let (email, from) = (owner.user.email.as_str(), context.origin());
            work::held_up(Some(shown)) || context.app.accounts.password_asks_work(email, &from).await?
        }
        Some(Trouble::Address(..)) | None => false,
    };
    let (problems, address_problems, new_email, manner) = match trouble {
        Some(Trouble::Address(shown, typed)) => {
            let (texts, manner) = Shown::parts(Some(shown));
            (FieldTexts::default(), texts, typed, manner)
        }
        Some(Trouble::Password(shown)) => {
            let (texts, manner) = Shown::parts(Some(shown));
            (texts, FieldTexts::default(), String::new(), manner)
        }
        None => {
            let (texts, manner) = Shown::parts(None);
            (texts, FieldTexts::default(), String::new(), manner)
        }
    };
    let frame = frame(context, Section::Security);
    let shown = SecurityPage {
        shell: Shell::of(context, owner, Section::Security, frame.t).after(frame.t, Section::Security, params),
        verified: owner.user.email_verified,
        mails: context.app.mailer.is_on(),
        new_email,
        email_csrf: context.csrf_of(&owner.sign_in, "/account/email"),
        verify_csrf: context.csrf_of(&owner.sign_in, "/account/email/verify"),
        address_problems,
        has_password: context.app.stores.users.password(owner.user.id).await?.is_some(),
        password_hint: context.password_hint(frame.t).await?,
        two_step: TwoStep::of(context, owner, frame.t).await?,
        links: links::of(context, owner, frame.t).await?,
        passkeys: passkey_list::of(context, owner, frame.t).await?,
        work: Work::ask(context, frame.t, Purpose::Password, due).await,
        password_csrf: context.csrf_of(&owner.sign_in, "/account/password"),
        links_csrf: context.csrf_of(&owner.sign_in, "/account/links"),
        problems,
        frame,
    };
    Ok(work::with_worker(manner.answer(&shown, &shown.frame), shown.work.is_some()))
}
