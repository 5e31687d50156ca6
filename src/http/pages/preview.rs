//! What pages of end-users and mails look like with what is not saved, for an administrator who decides it.
//!
//! Owns how they are shown. Each is the page or the mail itself, with its own template; it is looked at and does nothing: its policy lets no script run, no form be
//! sent and no link lead anywhere, and only pages of ours may have it in a frame. Pages of an account are those of the administrator who looks; what belongs to a login is shown without one.
//! Leaves what is asked for to the console.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::account;
use super::admin::Administrator;
use super::admin::policy::preview::{Asked, Page, Shown};
use super::context::Context;
use super::frame::Frame;
use super::section::Section;
use super::{
    answers, consent, forgot, login, login_by_mail, message, own_form, recovery_codes, reset, second_step,
    second_step_by_mail, select_account, signup, signup_by_mail, step_up, undo_address, upstream, verify_address,
};
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::model::branding::Scheme;
use crate::model::factor::RECOVERY_CODES;
use crate::protocol::Params;

/// `sandbox` without `allow-scripts` and `allow-forms` (HTML section 7.1.5); of our own origin, or our style sheet would not be read.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self' https: data:; form-action 'none'; frame-ancestors 'self'; base-uri 'none'; \
     sandbox allow-same-origin",
);
/// A mail brings its style along, as mail programs want it, and nothing else: it is of no origin at all.
const POLICY_OF_MAIL: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'; base-uri 'none'; sandbox",
);
/// What a mail asks its reader's preference with.
const IF_DARK: &str = "@media (prefers-color-scheme: dark)";

/// `GET /admin/branding/preview`
pub async fn get(
    context: Context,
    administrator: Administrator,
    headers: HeaderMap,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let asked = match Asked::of(&context, administrator, (&headers, &params)).await? {
        Ok(asked) => asked,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (mut response, policy) = match asked.shown {
        Shown::Page(page) => (page_of(context, page, asked).await?, POLICY),
        Shown::Mail(name) => (mail(&context, name, &asked)?, POLICY_OF_MAIL),
    };
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    Ok(response)
}

/// A page.
async fn page_of(context: Context, page: Page, asked: Asked) -> Result<Response, PageError> {
    let Asked { locale, previewed, user, .. } = asked;
    let context = context.previewing(locale, previewed);
    let frame = Frame::of(&context, locale);
    let email = user.email.as_str();
    Ok(match page {
        Page::Login => login::sample(frame),
        Page::LoginCode => login_by_mail::sample_code(&context, frame, email),
        Page::LoginLink => login_by_mail::sample_link(frame, email),
        Page::SignUp => signup::sample(&context, frame).await?,
        Page::SignUpCode => signup_by_mail::sample_code(&context, frame, email),
        Page::SignUpLink => signup_by_mail::sample_link(frame, email),
        Page::SignUpAgain => signup::sample_again(frame, &user),
        Page::SelectAccount => select_account::sample(frame, &user),
        Page::Consent => consent::sample(frame, &user),
        Page::SecondStep => second_step::sample(frame, &user),
        Page::SecondStepByMail => second_step_by_mail::sample(frame, &user),
        Page::AddFactor => second_step::sample_adding(&context, frame, &user),
        Page::NoPasskey => second_step::sample_no_passkey(frame, &user),
        Page::RecoveryCodes => recovery_codes::sample(frame),
        Page::RecoveryUsed => recovery_codes::used_page(frame, RECOVERY_CODES as u64 - 1, "-".to_owned()),
        Page::VerifyAddress => verify_address::sample_asking(frame, &user),
        Page::ProveAddress => verify_address::sample_link(frame, &user),
        Page::UndoAddress => undo_address::sample(frame, &user),
        Page::Forgot => forgot::sample(frame),
        Page::Reset => reset::sample(&context, frame, &user).await?,
        Page::ProviderAddress => upstream::email::sample(frame),
        Page::ProviderConfirm => upstream::confirm::sample(frame, &user),
        Page::StepUp => step_up::sample(frame, &user),
        Page::OtherSignIn => own_form::sample(frame, &user),
        Page::Of(section) => return section_of(context, section).await,
        Page::Delete => return account::delete::get(context).await,
        Page::Unlink => account::links::sample(frame),
        Page::SignOut => answers::sample_sign_out(frame, &user),
        Page::SignedOut => message::sample(&context.app, frame),
        Page::Error => answers::sample(frame),
    })
}

/// A page of the account that looks.
async fn section_of(context: Context, section: Section) -> Result<Response, PageError> {
    let nothing = || PageQuery(Params::default());
    match section {
        Section::Overview => account::overview::get(context).await,
        Section::Profile => account::profile::get(context, nothing()).await,
        Section::Security => account::security::get(context, nothing()).await,
        Section::Sessions => account::sessions::get(context, nothing()).await,
        Section::Apps => account::apps::get(context, nothing()).await,
        Section::Preferences => account::language::get(context, nothing()).await,
        Section::Data => account::data::get(context, nothing()).await,
    }
}

/// A mail to who looks, in the scheme that is asked for.
fn mail(context: &Context, name: &str, asked: &Asked) -> Result<Response, PageError> {
    let Asked { locale, previewed, user, .. } = asked;
    let rendered = context.app.mailer.sample(name, (*locale, &user.email), &previewed.branding);
    let rendered = rendered.ok_or(ProblemKind::NotFound)?;
    let html = in_scheme(&rendered.html, previewed.preview.scheme).replacen("<body", "<body inert", 1);
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
    Ok((kind, html).into_response())
}

/// A mail whose reader has this preference.
fn in_scheme(html: &str, scheme: Scheme) -> String {
    let asked = if scheme == Scheme::Dark { "@media all" } else { "@media not all" };
    html.replace(IF_DARK, asked).replace("color-scheme: light dark", &format!("color-scheme: {}", scheme.as_str()))
}
