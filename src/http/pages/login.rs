//! Signing in with a password.

use crate::i18n::keys;
use axum::response::Response;

use super::context::Context;
use super::frame::{Frame, leading_to_app, page};
use super::login_by_mail;
use super::passkey::Prompt;
use super::problems::{self, Shown};
use super::providers::{Upstreams, Wording};
use super::upstream::start;
use super::view::{AppBadge, Form, Person};
use super::work::{self, Work};
use super::{passkey_offer, proven};
use crate::flow::{FlowView, Page};
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::http::redirect;
use crate::identity::accounts::SignInRejected;
use crate::identity::throttling::Purpose;
use crate::model::connection::Connection;
use crate::sessions::Means;
use crate::support::Secret;
use crate::upstream::LoginPurpose;

#[derive(askama::Template)]
#[template(path = "login.html")]
#[allow(clippy::struct_excessive_bools, reason = "each is a part of the page that is there or not")]
struct LoginPage {
    frame: Frame,
    app: Option<AppBadge>,
    form: Form,
    email: String,
    again: bool,
    /// Whose account is to be proved again.
    whose: Option<Person>,
    problem: Option<String>,
    wrong: bool,
    sign_up: bool,
    /// Accounts are signed in to by password.
    passwords: bool,
    /// Whoever forgot their password is mailed a link.
    resets: bool,
    /// Whoever wants to is mailed a link and a code to sign in by.
    by_mail: bool,
    /// Whether the box is ticked that asks to stay signed in, where there is one.
    remember: Option<bool>,
    upstreams: Upstreams,
    passkey: Option<Prompt>,
    /// Accounts have passkeys that no browser uses at this address.
    stranded: bool,
    /// What browsers fill in where the address is typed.
    autocomplete: &'static str,
    work: Option<Work>,
}

/// `GET /login`
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let flow = context.flow(params.get("flow")).await?;
    match &flow {
        Some(view) if !matches!(view.page(), Some(Page::Login | Page::SignUp)) => {
            return redirect::to_dispatcher(&context.app, &view.id(), Ok(()));
        }
        None if context.session().await?.current().is_some() => return Ok(context.go("/account")),
        _ => {}
    }
    let offered = context.app.upstream.offered().await?;
    if let Some(view) = &flow
        && let Some(connection) = start::routed(view, &offered)
    {
        context.app.flow.sent_upstream(&view.id(), &context.visitor).await?;
        let purpose = LoginPurpose::SignIn { flow: Some(view.authorization.id) };
        return start::go(&context, connection, purpose, Some(view)).await;
    }
    let whose = whose(&context, flow.as_ref()).await?;
    let hint = flow.as_ref().and_then(FlowView::login_hint).map(str::to_owned);
    let email = hint.or_else(|| whose.as_ref().map(|person| person.email.clone())).unwrap_or_default();
    show(&context, flow.as_ref(), (&offered, whose), Entered { email, ..Entered::default() }).await
}

/// The page as it is looked at, for an app.
pub(super) fn sample(frame: Frame) -> Response {
    let shown = LoginPage {
        app: Some(AppBadge::sample(frame.t)),
        form: Form::sample(),
        email: String::new(),
        again: false,
        whose: None,
        problem: None,
        wrong: false,
        sign_up: true,
        passwords: true,
        resets: false,
        by_mail: false,
        remember: None,
        upstreams: Upstreams::none(frame.t),
        passkey: None,
        stranded: false,
        autocomplete: "username",
        work: None,
        frame,
    };
    page(&shown, &shown.frame)
}

/// The account that is signed in, and has to be proved once more.
async fn whose(context: &Context, flow: Option<&FlowView>) -> Result<Option<Person>, PageError> {
    let asked = flow.filter(|view| view.is_asked_again()).and_then(FlowView::candidate);
    let Some(sign_in) = asked else { return Ok(None) };
    Ok(context.app.accounts.find(sign_in.user).await?.map(|user| Person::of(&user)))
}

/// `POST /login`
pub async fn post(mut context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let flow = context.flow(params.get("flow")).await?;
    let email = params.get("email").unwrap_or_default();
    let password = Secret::from(params.get("password").unwrap_or_default());
    context.visitor.remember = params.get("remember") == Some("yes");
    if params.names("mail") {
        return match login_by_mail::ask(&context, flow.as_ref(), email).await? {
            Ok(elsewhere) => Ok(elsewhere),
            Err(problem) => {
                let offered = context.app.upstream.offered().await?;
                again(&context, flow.as_ref(), &offered, Entered::wrongly(email, problem)).await
            }
        };
    }
    if params.names("ask") {
        // It is no guess; but it is looked up.
        context.app.throttle.admit_asking(context.visitor.address).await?;
        let due = context.app.accounts.password_asks_work(email, &context.origin()).await?;
        return Ok(work::told(&context, Purpose::Password, due).await);
    }
    context.visitor.makes_passkeys = passkey_offer::can_make(&params);
    let origin = context.origin_of_guess(Purpose::Password, params.get("work")).await;
    match context.app.accounts.sign_in(email, &password, &origin).await {
        Ok(user) => proven::go_on_as(&context, &user, flow.as_ref(), Means::Password).await,
        Err(rejected) => {
            let offered = context.app.upstream.offered().await?;
            let routed = start::by_domain(email, &offered)
                .filter(|_| matches!(rejected, SignInRejected::WrongCredentials | SignInRejected::SwitchedOff));
            if let Some(connection) = routed {
                let purpose = LoginPurpose::SignIn { flow: flow.as_ref().map(|view| view.authorization.id) };
                return start::go(&context, connection, purpose, flow.as_ref()).await;
            }
            let shown = problems::of_sign_in(context.texts(flow.as_ref()), rejected)?;
            work::kept(&context, &origin, params.get("work"), &shown).await;
            again(&context, flow.as_ref(), &offered, Entered::wrongly(email, shown)).await
        }
    }
}

/// The page again, after a passkey was refused.
pub(super) async fn refused(
    context: &Context,
    flow: Option<&FlowView>,
    problem: Shown,
    signal: Option<String>,
) -> Result<Response, PageError> {
    let offered = context.app.upstream.offered().await?;
    again(context, flow, &offered, Entered { signal, ..Entered::wrongly("", problem) }).await
}

/// What a page that comes again says of what was sent.
#[derive(Default)]
struct Entered {
    email: String,
    problem: Option<Shown>,
    /// What the browser is told of its passkeys.
    signal: Option<String>,
}

impl Entered {
    fn wrongly(email: &str, problem: Shown) -> Self {
        Self { email: email.to_owned(), problem: Some(problem), signal: None }
    }
}

/// The page again.
async fn again(
    context: &Context,
    flow: Option<&FlowView>,
    offered: &[Connection],
    entered: Entered,
) -> Result<Response, PageError> {
    let whose = whose(context, flow).await?;
    show(context, flow, (offered, whose), entered).await
}

async fn show(
    context: &Context,
    flow: Option<&FlowView>,
    (offered, whose): (&[Connection], Option<Person>),
    Entered { email, problem, signal }: Entered,
) -> Result<Response, PageError> {
    let rules = context.app.policies.sign_in().await?;
    let wrong = problem.as_ref().is_some_and(|shown| shown.typed_wrong);
    let typed = problem.is_some() && rules.passwords && !email.is_empty();
    let due = work::held_up(problem.as_ref())
        || (typed && context.app.accounts.password_asks_work(&email, &context.origin()).await?);
    let (texts, manner) = Shown::parts(problem);
    let work = Work::ask(context, context.texts(flow), Purpose::Password, due).await;
    let form = context.form("/login", flow);
    let passkey = Prompt::to_sign_in(context, flow, signal).await?;
    let shown = LoginPage {
        frame: Frame::at(context, context.locale_for(flow), format!("/login{}", form.query())),
        app: flow.map(|view| AppBadge::of(&view.client, context.locale_for(flow))),
        form,
        email,
        again: flow.is_some_and(FlowView::is_asked_again),
        whose,
        wrong,
        problem: texts.summary,
        sign_up: !rules.sign_up.is_closed(),
        passwords: rules.passwords,
        resets: context.app.accounts.resets_passwords().await?,
        by_mail: context.app.accounts.signs_in_by_mail().await?,
        remember: rules.remember_me.then_some(context.visitor.remember),
        upstreams: Upstreams::of(context, flow, offered, Wording::SignIn).alone(!rules.passwords),
        autocomplete: if passkey.is_some() { "username webauthn" } else { "username" },
        passkey,
        stranded: context.app.passkeys.are_stranded().await?,
        work,
    };
    let answer = work::with_worker(manner.answer(&shown, &shown.frame), shown.passwords);
    Ok(leading_to_app(answer, flow))
}
