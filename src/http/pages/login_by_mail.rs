//! Signing in by mail: the page that waits for the code, and the one that the mailed link leads to.
//!
//! Both work in the browser only that asked for the mail. A link that is opened elsewhere says so and does nothing: whoever sends one of their own to somebody else signs nobody in by it
//! to an account that is not theirs, and programs that look into mail use nothing up.

use axum::http::StatusCode;
use axum::response::Response;

use super::context::Context;
use super::frame::{Frame, leading_to_app, page, with_status};
use super::mailed_code::{self, AwaitedCode, OpenedLink};
use super::message::{self, Action};
use super::prepared_ended;
use super::problems::{self, Shown};
use super::reset::{flow_here, spent};
use super::upstream::start;
use super::view::Form;
use super::work;
use crate::flow::FlowView;
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::http::redirect;
use crate::i18n::keys;
use crate::identity::accounts::{Attempt, CodeRejected, LinkRejected, Presented, SIGNS_IN};
use crate::identity::throttling::Purpose;
use crate::model::one_time_token::OneTimeTokenPurpose;
use crate::model::user::EmailAddress;
use crate::protocol::Params;
use crate::sessions::Means;
use crate::support::Secret;
use crate::upstream::LoginPurpose;

const CODE_PATH: &str = "/login/code";
const LINK_PATH: &str = "/login/link";

#[derive(askama::Template)]
#[template(path = "login_code.html")]
struct CodePage {
    frame: Frame,
    code: AwaitedCode,
    /// The form that asks once more.
    again: Form,
    remember: bool,
}

#[derive(askama::Template)]
#[template(path = "login_link.html")]
struct LinkPage {
    frame: Frame,
    link: OpenedLink,
}

/// The page that waits for the code, as it is looked at.
pub(super) fn sample_code(context: &Context, frame: Frame, email: &str) -> Response {
    let shown =
        CodePage { code: AwaitedCode::sample(context, frame.t, email), again: Form::sample(), remember: false, frame };
    page(&shown, &shown.frame)
}

/// The page that the link leads to, as it is looked at.
pub(super) fn sample_link(frame: Frame, email: &str) -> Response {
    let shown = LinkPage { link: OpenedLink::sample(email), frame };
    page(&shown, &shown.frame)
}

/// Mails a link and a code, and goes on to the page that waits for the code; or says why not. Whoever has an address that is routed to a provider signs in there.
pub(super) async fn ask(
    context: &Context,
    flow: Option<&FlowView>,
    typed: &str,
) -> Result<Result<Response, Shown>, PageError> {
    let t = context.texts(flow);
    let offered = context.app.upstream.offered().await?;
    if let Some(connection) = start::by_domain(typed, &offered) {
        let purpose = LoginPurpose::SignIn { flow: flow.map(|view| view.authorization.id) };
        return start::go(context, connection, purpose, flow).await.map(Ok);
    }
    let Ok(email) = EmailAddress::parse(typed) else {
        let text = t.get(keys::by_mail::NO_ADDRESS);
        return Ok(Err(Shown::saying(StatusCode::UNPROCESSABLE_ENTITY, text)));
    };
    let (from, key) = (context.origin(), context.visitor.browser.bytes());
    match context.app.accounts.ask_to_sign_in(&email, (&from, key), context.asked(flow)).await {
        Ok(id) => {
            let path = waiting(mailed_code::address(CODE_PATH, id, flow), context.visitor.remember);
            Ok(Ok(redirect::see_other(&context.app.issuer.local(&path))))
        }
        Err(rejected) => Ok(Err(problems::of_asking(t, rejected)?)),
    }
}

/// The page that waits for a code, and keeps whether the browser is to be remembered.
fn waiting(address: String, remember: bool) -> String {
    if remember { address + "&remember=yes" } else { address }
}

/// `GET /login/code?login=…`
pub async fn code(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let flow = context.flow(params.get("flow")).await?;
    show_code(&context, flow.as_ref(), &params, None).await
}

/// `POST /login/code`
pub async fn type_code(mut context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let flow = context.flow(params.get("flow")).await?;
    context.visitor.remember = params.get("remember") == Some("yes");
    let Some(id) = mailed_code::named_in(&params) else { return Ok(spent(&context)) };
    let session = context.session().await?;
    let (from, login) = (context.origin_of_guess(Purpose::MailedCode, params.get("work")).await, id.to_string());
    let attempt = Attempt { typed: params.get("code").unwrap_or_default(), login: &login, from: &from };
    let key = context.visitor.browser.bytes();
    match context.app.accounts.sign_in_by_code(id, (key, &attempt), &session.sign_ins).await {
        Ok(entered) => prepared_ended::go_on_as(&context, &entered, flow.as_ref(), Means::Mail).await,
        Err(CodeRejected::Spent | CodeRejected::Ended) => Ok(code_spent(&context, flow.as_ref())),
        Err(rejected) => {
            let shown = problems::of_mailed_code(context.texts(flow.as_ref()), rejected)?;
            show_code(&context, flow.as_ref(), &params, Some(shown)).await
        }
    }
}

/// `GET /login/link?token=…`. Looking uses nothing up.
pub async fn link(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    match presented(&context, &params).await? {
        Some(presented) => Ok(show_link(&context, &presented, &params)),
        None => Ok(spent(&context)),
    }
}

/// `POST /login/link`
pub async fn use_link(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let Some(presented) = presented(&context, &params).await? else { return Ok(spent(&context)) };
    let key = context.visitor.browser.bytes();
    if !presented.is_of(key) {
        return Ok(show_link(&context, &presented, &params));
    }
    let session = context.session().await?;
    let here = session.of_user(presented.user().id);
    match context.app.accounts.sign_in_by_link(&presented, key, here).await {
        Ok(entered) => {
            let flow = flow_here(&context, &params).await;
            prepared_ended::go_on_as(&context, &entered, flow.as_ref(), Means::Mail).await
        }
        Err(LinkRejected::Spent | LinkRejected::Taken) => Ok(spent(&context)),
        Err(LinkRejected::Store(error)) => Err(error.into()),
    }
}

async fn presented(context: &Context, params: &Params) -> Result<Option<Presented>, PageError> {
    let token = Secret::from(params.get("token").unwrap_or_default());
    let found = context.presented(SIGNS_IN, &token).await?;
    // Where it is not offered any more, what was mailed before does nothing.
    Ok(if context.app.accounts.signs_in_by_mail().await? { found } else { None })
}

async fn show_code(
    context: &Context,
    flow: Option<&FlowView>,
    params: &Params,
    problem: Option<Shown>,
) -> Result<Response, PageError> {
    let of = (OneTimeTokenPurpose::SignIn, CODE_PATH);
    let Some((code, manner)) = AwaitedCode::find(context, flow, of, params, problem).await? else {
        return Ok(code_spent(context, flow));
    };
    let remember = params.get("remember") == Some("yes");
    let here = waiting(code.address(flow), remember);
    let shown = CodePage {
        frame: Frame::at(context, context.locale_for(flow), here),
        code,
        again: context.form("/login", flow),
        remember,
    };
    let answer = work::with_worker(manner.answer(&shown, &shown.frame), shown.code.work.is_some());
    Ok(leading_to_app(answer, flow))
}

/// The code does not count any more, or never did in this browser.
fn code_spent(context: &Context, flow: Option<&FlowView>) -> Response {
    let t = context.texts(flow);
    let query = context.form("/login", flow).query();
    let href = context.app.issuer.local(&format!("/login{query}"));
    let login = Action { href, label: t.get(keys::recovery::TO_SIGN_IN) };
    let text = (t.get(keys::by_mail::SPENT_TITLE), t.get(keys::by_mail::CODE_SPENT));
    let frame = Frame::at(context, t.locale(), format!("/login{query}"));
    message::show(StatusCode::GONE, "code-spent", text, Some(login), frame)
}

fn show_link(context: &Context, presented: &Presented, params: &Params) -> Response {
    let of = (presented.user().email.to_string(), presented.is_of(context.visitor.browser.bytes()));
    let (link, frame, status) = OpenedLink::at(context, LINK_PATH, params, of);
    let shown = LinkPage { frame, link };
    with_status(status, &shown, &shown.frame)
}
