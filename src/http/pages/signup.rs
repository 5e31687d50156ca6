//! Making an account.

use crate::i18n::keys;
use axum::http::StatusCode;
use axum::response::Response;

use super::context::Context;
use super::frame::{Frame, leading_to_app, page};
use super::message::{self, Action};
use super::passkey::Prompt;
use super::problems::{self, FieldTexts, Shown};
use super::proven;
use super::providers::{Upstreams, Wording};
use super::signup_by_mail;
use super::view::{AppBadge, Form};
use crate::flow::FlowView;
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::identity::accounts::{NewAccount, SignUpRejected};
use crate::model::User;
use crate::model::session::SignIn;
use crate::protocol::Params;
use crate::sessions::Means;
use crate::support::Secret;

#[derive(askama::Template)]
#[template(path = "signup.html")]
struct SignUpPage {
    frame: Frame,
    app: Option<AppBadge>,
    form: Form,
    name: String,
    email: String,
    password_hint: String,
    /// Accounts are made by a password, and not by a provider only.
    passwords: bool,
    problems: FieldTexts,
    upstreams: Upstreams,
    /// Accounts are made by a passkey alone, too.
    passkey: Option<Prompt>,
    /// Whoever loses it is mailed a link.
    recoverable: bool,
}

/// Where an end-user makes another account than the one that is signed in.
const ANOTHER: &str = "/signup?another=yes";

#[derive(askama::Template)]
#[template(path = "signup_signed_in.html")]
struct SignedInPage {
    frame: Frame,
    /// The address of the account that is in use.
    email: String,
    another: &'static str,
}

/// The page for who is signed in already, as it is looked at.
pub(super) fn sample_again(frame: Frame, user: &User) -> Response {
    let shown = SignedInPage { email: user.email.to_string(), another: ANOTHER, frame };
    page(&shown, &shown.frame)
}

/// What a page that comes again says of what was sent.
#[derive(Default)]
pub(super) struct Entered {
    pub(super) typed: Typed,
    pub(super) problem: Option<Shown>,
    /// What the browser is told of its passkeys.
    pub(super) signal: Option<String>,
}

/// What a user typed and may keep when the page comes again.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) name: String,
    pub(super) email: String,
}

impl Typed {
    pub(super) fn of(params: &Params) -> Self {
        let text = |name| params.get(name).unwrap_or_default().to_owned();
        Self { name: text("name"), email: text("email") }
    }
}

/// `GET /signup`
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let flow = context.flow(params.get("flow")).await?;
    if context.app.policies.current().await?.sign_in.sign_up.is_closed() {
        return Ok(closed(&context, flow.as_ref()));
    }
    if flow.is_none()
        && params.get("another").is_none()
        && let Some(sign_in) = context.session().await?.current()
    {
        return signed_in(&context, sign_in).await;
    }
    let email = flow.as_ref().and_then(FlowView::login_hint).unwrap_or_default().to_owned();
    let typed = Typed { email, ..Typed::default() };
    show(&context, flow.as_ref(), Entered { typed, ..Entered::default() }).await
}

/// The page as it is looked at.
pub(super) async fn sample(context: &Context, frame: Frame) -> Result<Response, PageError> {
    let shown = SignUpPage {
        app: None,
        form: Form::sample(),
        name: String::new(),
        email: String::new(),
        password_hint: context.password_hint(frame.t).await?,
        passwords: true,
        problems: FieldTexts::default(),
        upstreams: Upstreams::none(frame.t),
        passkey: None,
        recoverable: true,
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// Somebody is signed in already: they may have come here by mistake, or to make another account.
async fn signed_in(context: &Context, sign_in: &SignIn) -> Result<Response, PageError> {
    let Some(user) = context.app.accounts.find(sign_in.user).await? else { return Ok(context.go("/login")) };
    let frame = Frame::of(context, context.locale.0);
    let shown = SignedInPage { email: user.email.to_string(), another: ANOTHER, frame };
    Ok(page(&shown, &shown.frame))
}

/// `POST /signup`
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let flow = context.flow(params.get("flow")).await?;
    let typed = Typed::of(&params);
    let (new, flow) = (new_account(&context, &typed, &params, flow.as_ref()), flow.as_ref());
    let (accounts, from) = (&context.app.accounts, context.origin());
    let rejected = if accounts.proves_addresses_first().await? {
        let here = (&from, context.visitor.browser.bytes());
        match accounts.sign_up_by_mail(new, here, context.asked(flow)).await {
            Ok(id) => return Ok(signup_by_mail::wait(&context, id, flow)),
            Err(rejected) => rejected,
        }
    } else {
        match accounts.sign_up(new, &from).await {
            Ok(user) => return proven::go_on_as(&context, &user, flow, Means::Password).await,
            Err(rejected) => rejected,
        }
    };
    if matches!(rejected, SignUpRejected::SwitchedOff) {
        return Ok(closed(&context, flow));
    }
    let shown = problems::of_sign_up(context.texts(flow), rejected)?;
    show(&context, flow, Entered { typed, problem: Some(shown), signal: None }).await
}

/// The account that was typed in, in the language of the page.
pub(super) fn new_account(context: &Context, typed: &Typed, params: &Params, flow: Option<&FlowView>) -> NewAccount {
    NewAccount {
        email: typed.email.clone(),
        name: Some(typed.name.clone()),
        password: Secret::from(params.get("password").unwrap_or_default()),
        locale: Some(context.locale_for(flow).as_str().to_owned()),
    }
}

pub(super) fn closed(context: &Context, flow: Option<&FlowView>) -> Response {
    let t = context.texts(flow);
    let query = context.form("/login", flow).query();
    let login =
        Action { href: context.app.issuer.local(&format!("/login{query}")), label: t.get(keys::sign_up::TO_SIGN_IN) };
    let text = (t.get(keys::sign_up::OFF_TITLE), t.get(keys::sign_up::OFF));
    message::show(StatusCode::FORBIDDEN, "signup-closed", text, Some(login), Frame::of(context, t.locale()))
}

pub(super) async fn show(
    context: &Context,
    flow: Option<&FlowView>,
    Entered { typed, problem, signal }: Entered,
) -> Result<Response, PageError> {
    let mut offered = context.app.upstream.offered().await?;
    offered.retain(|connection| connection.sign_up);
    let rules = context.app.policies.sign_in().await?;
    let (problems, manner) = Shown::parts(problem);
    let passkey = Prompt::to_sign_up(context, flow, signal).await?;
    let form = context.form("/signup", flow);
    // Who was shown the form wants it again.
    let here = if flow.is_some() { format!("/signup{}", form.query()) } else { ANOTHER.to_owned() };
    let shown = SignUpPage {
        frame: Frame::at(context, context.locale_for(flow), here),
        app: flow.map(|view| AppBadge::of(&view.client, context.locale_for(flow))),
        form,
        name: typed.name,
        email: typed.email,
        password_hint: context.password_hint(context.texts(flow)).await?,
        passwords: rules.passwords,
        problems,
        upstreams: Upstreams::of(context, flow, &offered, Wording::SignUp).alone(!rules.passwords && passkey.is_none()),
        passkey,
        recoverable: context.app.accounts.resets_passwords().await?,
    };
    Ok(leading_to_app(manner.answer(&shown, &shown.frame), flow))
}
