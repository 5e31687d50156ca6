//! Proving the address of an account: the page that asks for it during a login, and the one that a mailed link leads to.

use axum::http::{StatusCode, header};
use axum::response::Response;

use super::account::Done;
use super::context::Context;
use super::frame::{Frame, leading_to_app, page};
use super::message::{self, Action};
use super::problems::{self, FieldTexts, Shown};
use super::reset::{flow_here, spent};
use super::view::{AppBadge, Form};
use crate::flow::Page;
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::http::next::Next;
use crate::http::redirect::{self, encoded};
use crate::i18n::keys;
use crate::identity::accounts::{AskRejected, LinkRejected, PROVES_ADDRESS, Presented};
use crate::model::User;
use crate::model::one_time_token::OneTimeTokenPurpose;
use crate::model::session::SignIn;
use crate::protocol::Params;
use crate::support::Secret;

/// The page that asks during a login.
#[derive(askama::Template)]
#[template(path = "verify_address.html")]
struct AskingPage {
    frame: Frame,
    app: AppBadge,
    form: Form,
    email: String,
    sent: bool,
    problems: FieldTexts,
}

/// The page of a mailed link.
#[derive(askama::Template)]
#[template(path = "prove_address.html")]
struct LinkPage {
    frame: Frame,
    email: String,
    csrf: String,
    token: String,
    flow: String,
    /// The account is signed in here: its end-user may confirm.
    signed_in: bool,
    /// Where an end-user goes who did not make the account, or cannot sign in to it.
    take_over: Option<String>,
}

/// `GET /verify-email?token=…` from a mail, or `GET /verify-email?flow=…` during a login.
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    if params.get("token").is_none() {
        return asking(&context, &params, None).await;
    }
    match presented(&context, &params).await? {
        Some(presented) => of_link(&context, &presented, &params).await,
        None => Ok(spent(&context)),
    }
}

/// `POST /verify-email`: uses the link, for an end-user who is signed in to its account here.
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let Some(presented) = presented(&context, &params).await? else { return Ok(spent(&context)) };
    let Some(sign_in) = signed_in_as(&context, &presented).await? else {
        return of_link(&context, &presented, &params).await;
    };
    match context.app.accounts.verify_address(&presented, &sign_in).await {
        Ok(()) => match flow_here(&context, &params).await {
            Some(view) => redirect::to_dispatcher(&context.app, &view.id(), Ok(())),
            None => Ok(Done::AddressProved.go(&context)),
        },
        Err(LinkRejected::Spent) => Ok(spent(&context)),
        Err(LinkRejected::Taken) => Ok(taken(&context)),
        Err(LinkRejected::Store(error)) => Err(error.into()),
    }
}

/// `POST /verify-email/send`: mails a link, for the account of a login.
pub async fn send(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let Some(view) = context.flow(params.get("flow")).await? else { return Ok(context.go("/account/security")) };
    let Some(sign_in) = view.candidate().filter(|_| view.page() == Some(Page::VerifyAddress)) else {
        return redirect::to_dispatcher(&context.app, &view.id(), Ok(()));
    };
    let Some(user) = context.app.accounts.find(sign_in.user).await? else { return Ok(context.go("/login")) };
    match context.app.accounts.ask_to_verify(&user, &context.origin(), context.asked(Some(&view))).await {
        Ok(()) | Err(AskRejected::SwitchedOff) => {
            let path = context.app.issuer.local("/verify-email");
            redirect::local_with(&path, &[("flow", view.id().as_str()), ("sent", "yes")])
        }
        Err(rejected) => {
            let shown = problems::of_asking(context.texts(Some(&view)), rejected)?;
            asking(&context, &params, Some(shown)).await
        }
    }
}

async fn presented(context: &Context, params: &Params) -> Result<Option<Presented>, PageError> {
    let token = Secret::from(params.get("token").unwrap_or_default());
    context.presented(PROVES_ADDRESS, &token).await
}

/// The sign-in of the link's account in this browser.
async fn signed_in_as(context: &Context, presented: &Presented) -> Result<Option<SignIn>, PageError> {
    Ok(context.session().await?.of_user(presented.user().id).cloned())
}

async fn asking(context: &Context, params: &Params, problem: Option<Shown>) -> Result<Response, PageError> {
    let Some(view) = context.flow(params.get("flow")).await? else { return Ok(context.go("/account/security")) };
    let Some(sign_in) = view.candidate().filter(|_| view.page() == Some(Page::VerifyAddress)) else {
        return redirect::to_dispatcher(&context.app, &view.id(), Ok(()));
    };
    let Some(user) = context.app.accounts.find(sign_in.user).await? else { return Ok(context.go("/login")) };
    let (problems, manner) = Shown::parts(problem);
    let locale = context.locale_for(Some(&view));
    let form = context.form("/verify-email/send", Some(&view));
    // A new account was mailed its link with its making.
    let now = context.app.clock.now();
    let waits = context.app.stores.one_time_tokens.waits(user.id, OneTimeTokenPurpose::VerifyAddress, now).await?;
    let shown = AskingPage {
        frame: Frame::at(context, locale, format!("/verify-email{}", form.query())),
        app: AppBadge::of(&view.client, locale),
        form,
        email: user.email.to_string(),
        sent: waits.is_some() || params.get("sent").is_some(),
        problems,
    };
    Ok(leading_to_app(manner.answer(&shown, &shown.frame), Some(&view)))
}

async fn of_link(context: &Context, presented: &Presented, params: &Params) -> Result<Response, PageError> {
    let text = |name| params.get(name).unwrap_or_default().to_owned();
    let (token, flow) = (text("token"), text("flow"));
    let signed_in = signed_in_as(context, presented).await?.is_some();
    let rules = context.app.policies.sign_in().await?;
    // Who gives an account another address is its end-user, and can sign in.
    let may_take_over = presented.purpose() == OneTimeTokenPurpose::VerifyAddress && rules.passwords && !signed_in;
    let here = format!("/verify-email?token={}", encoded(&token));
    let shown = LinkPage {
        frame: Frame::at(context, context.locale.0, here.clone()),
        email: presented.address().to_string(),
        csrf: context.csrf("/verify-email"),
        signed_in,
        take_over: may_take_over.then(|| context.app.issuer.local(&format!("/reset?token={}", encoded(&token)))),
        token,
        flow,
    };
    let mut response = page(&shown, &shown.frame);
    // Who signs in first comes back to the link.
    if let Some(next) = Next::parse(&here).filter(|_| !signed_in) {
        response.headers_mut().append(header::SET_COOKIE, next.remember(&context.app.issuer));
    }
    Ok(response)
}

/// The page that asks during a login, as it is looked at.
pub(super) fn sample_asking(frame: Frame, user: &User) -> Response {
    let shown = AskingPage {
        app: AppBadge::sample(frame.t),
        form: Form::sample(),
        email: user.email.to_string(),
        sent: true,
        problems: FieldTexts::default(),
        frame,
    };
    page(&shown, &shown.frame)
}

/// The page of a mailed link, as it is looked at.
pub(super) fn sample_link(frame: Frame, user: &User) -> Response {
    let shown = LinkPage {
        email: user.email.to_string(),
        csrf: String::new(),
        token: String::new(),
        flow: String::new(),
        signed_in: true,
        take_over: None,
        frame,
    };
    page(&shown, &shown.frame)
}

/// Another account has the address by now.
pub(super) fn taken(context: &Context) -> Response {
    let t = context.texts(None);
    let text = (t.get(keys::verification::TAKEN_TITLE), t.get(keys::verification::TAKEN));
    let account =
        Action { href: context.app.issuer.local("/account/security"), label: t.get(keys::verification::TO_ACCOUNT) };
    let frame = Frame::at(context, t.locale(), "/account/security".to_owned());
    message::show(StatusCode::CONFLICT, "address-taken", text, Some(account), frame)
}
