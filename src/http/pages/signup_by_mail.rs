//! Signing up where addresses are proved first: the page that waits for the code, and the one that the mailed link leads to.
//!
//! Both work in the browser only in which somebody signed up. Neither says whether the address has an account: where it has, nobody has the code, and its owner another mail.

use axum::http::StatusCode;
use axum::response::Response;

use super::context::Context;
use super::frame::{Frame, leading_to_app, page, with_status};
use super::mailed_code::{self, AwaitedCode, OpenedLink};
use super::message::{self, Action};
use super::problems::{self, Shown};
use super::proven;
use super::reset::flow_here;
use super::work;
use crate::flow::FlowView;
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::http::redirect;
use crate::i18n::keys;
use crate::identity::accounts::{Attempt, CodeRejected, LinkRejected, NotMailedAgain, WaitingSignUp};
use crate::identity::throttling::Purpose;
use crate::model::one_time_token::OneTimeTokenPurpose;
use crate::protocol::Params;
use crate::sessions::Means;
use crate::support::Secret;
use crate::support::id::OneTimeTokenId;

const CODE_PATH: &str = "/signup/code";
const LINK_PATH: &str = "/signup/link";

#[derive(askama::Template)]
#[template(path = "signup_code.html")]
struct CodePage {
    frame: Frame,
    code: AwaitedCode,
}

#[derive(askama::Template)]
#[template(path = "signup_link.html")]
struct LinkPage {
    frame: Frame,
    link: OpenedLink,
}

/// The page that waits for the code, as it is looked at.
pub(super) fn sample_code(context: &Context, frame: Frame, email: &str) -> Response {
    let shown = CodePage { code: AwaitedCode::sample(context, frame.t, email), frame };
    page(&shown, &shown.frame)
}

/// The page that the link leads to, as it is looked at.
pub(super) fn sample_link(frame: Frame, email: &str) -> Response {
    let shown = LinkPage { link: OpenedLink::sample(email), frame };
    page(&shown, &shown.frame)
}

/// On to the page that waits for the code.
pub(super) fn wait(context: &Context, id: OneTimeTokenId, flow: Option<&FlowView>) -> Response {
    redirect::see_other(&context.app.issuer.local(&mailed_code::address(CODE_PATH, id, flow)))
}

/// `GET /signup/code?login=…`
pub async fn code(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let flow = flow_here(&context, &params).await;
    show_code(&context, flow.as_ref(), &params, None).await
}

/// `POST /signup/code`: a code, or the wish for another mail.
pub async fn type_code(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let flow = flow_here(&context, &params).await;
    let flow = flow.as_ref();
    let Some(id) = mailed_code::named_in(&params) else { return Ok(spent(&context, flow)) };
    if params.get("mail") == Some("yes") {
        return mail_again(&context, flow, id, &params).await;
    }
    let (from, login) = (context.origin_of_guess(Purpose::MailedCode, params.get("work")).await, id.to_string());
    let attempt = Attempt { typed: params.get("code").unwrap_or_default(), login: &login, from: &from };
    let key = context.visitor.browser.bytes();
    match context.app.accounts.sign_up_by_code(id, (key, &attempt)).await {
        Ok(user) => proven::go_on_as(&context, &user, flow, Means::Mail).await,
        Err(CodeRejected::Spent | CodeRejected::Ended) => Ok(spent(&context, flow)),
        Err(rejected) => {
            let shown = problems::of_mailed_code(context.texts(flow), rejected)?;
            show_code(&context, flow, &params, Some(shown)).await
        }
    }
}

/// What is answered says nothing about whether the address has an account, or whether it gets another mail.
async fn mail_again(
    context: &Context,
    flow: Option<&FlowView>,
    id: OneTimeTokenId,
    params: &Params,
) -> Result<Response, PageError> {
    let (from, key) = (context.origin(), context.visitor.browser.bytes());
    match context.app.accounts.mail_sign_up_again(id, (&from, key), context.asked(flow)).await {
        Ok(()) => Ok(wait(context, id, flow)),
        Err(NotMailedAgain::Spent) => Ok(spent(context, flow)),
        Err(NotMailedAgain::Asking(rejected)) => {
            let shown = problems::of_asking(context.texts(flow), rejected)?;
            show_code(context, flow, params, Some(shown)).await
        }
    }
}

/// `GET /signup/link?token=…`. Looking uses nothing up.
pub async fn link(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    match of_link(&context, &params).await? {
        Some(waiting) => Ok(show_link(&context, &waiting, &params)),
        None => Ok(spent(&context, None)),
    }
}

/// `POST /signup/link`
pub async fn use_link(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let Some(waiting) = of_link(&context, &params).await? else { return Ok(spent(&context, None)) };
    let key = context.visitor.browser.bytes();
    if !waiting.is_of(key) {
        return Ok(show_link(&context, &waiting, &params));
    }
    match context.app.accounts.sign_up_by_link(&waiting, (&context.origin(), key)).await {
        Ok(user) => {
            let flow = flow_here(&context, &params).await;
            proven::go_on_as(&context, &user, flow.as_ref(), Means::Mail).await
        }
        Err(LinkRejected::Spent) => Ok(spent(&context, None)),
        Err(LinkRejected::Taken) => Ok(taken(&context)),
        Err(LinkRejected::Store(error)) => Err(error.into()),
    }
}

/// There is nothing to guess about a link; but each look costs one.
async fn of_link(context: &Context, params: &Params) -> Result<Option<WaitingSignUp>, PageError> {
    context.app.throttle.admit_authorization(context.visitor.address).await?;
    let token = Secret::from(params.get("token").unwrap_or_default());
    Ok(context.app.accounts.waiting_sign_up(&token).await?)
}

async fn show_code(
    context: &Context,
    flow: Option<&FlowView>,
    params: &Params,
    problem: Option<Shown>,
) -> Result<Response, PageError> {
    let of = (OneTimeTokenPurpose::SignUp, CODE_PATH);
    let Some((code, manner)) = AwaitedCode::find(context, flow, of, params, problem).await? else {
        return Ok(spent(context, flow));
    };
    let frame = Frame::at(context, context.locale_for(flow), code.address(flow));
    let shown = CodePage { frame, code };
    let answer = work::with_worker(manner.answer(&shown, &shown.frame), shown.code.work.is_some());
    Ok(leading_to_app(answer, flow))
}

fn show_link(context: &Context, waiting: &WaitingSignUp, params: &Params) -> Response {
    let of = (waiting.address(), waiting.is_of(context.visitor.browser.bytes()));
    let (link, frame, status) = OpenedLink::at(context, LINK_PATH, params, of);
    let shown = LinkPage { frame, link };
    with_status(status, &shown, &shown.frame)
}

/// Somebody has an account with the address by now: whoever reads this proved that it is theirs.
fn taken(context: &Context) -> Response {
    let t = context.texts(None);
    let text = (t.get(keys::sign_up::TAKEN_TITLE), t.get(keys::sign_up::TAKEN));
    let login = Action { href: context.app.issuer.local("/login"), label: t.get(keys::sign_up::TO_SIGN_IN) };
    let frame = Frame::at(context, t.locale(), "/login".to_owned());
    message::show(StatusCode::CONFLICT, "address-taken", text, Some(login), frame)
}

/// Neither link nor code do anything any more, or never did in this browser.
fn spent(context: &Context, flow: Option<&FlowView>) -> Response {
    let t = context.texts(flow);
    let query = context.form("/signup", flow).query();
    let href = context.app.issuer.local(&format!("/signup{query}"));
    let again = Action { href, label: t.get(keys::sign_up::AGAIN) };
    let text = (t.get(keys::sign_up::SPENT_TITLE), t.get(keys::sign_up::SPENT));
    let frame = Frame::at(context, t.locale(), format!("/signup{query}"));
    message::show(StatusCode::GONE, "sign-up-spent", text, Some(again), frame)
}
