//! Becoming the first administrator, by the link that the server printed: with a new account, or with one that there is.

use axum::http::{StatusCode, header};
use axum::response::Response;

use super::context::Context;
use super::frame::Frame;
use super::message::{self, Action};
use super::own_form::{CONSOLE, SETUP};
use super::problems::{self, FieldTexts, Shown};
use super::proven;
use super::signup::{Typed, new_account};
use super::way::{Place, Way};
use super::work::{self, Work};
use crate::admin::claim::{self, ClaimRejected, LinkState};
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::http::next::Next;
use crate::http::redirect::encoded;
use crate::i18n::keys;
use crate::identity::accounts::{SignInRejected, SignUpRejected};
use crate::identity::throttling::Purpose;
use crate::sessions::Means;
use crate::support::Secret;

#[derive(askama::Template)]
#[template(path = "claim.html")]
struct ClaimPage {
    frame: Frame,
    way: Option<Way>,
    csrf: String,
    token: String,
    name: String,
    email: String,
    password_hint: String,
    problems: FieldTexts,
    work: Option<Work>,
    signed_in: Option<SignedIn>,
}

/// The account that is signed in to the browser.
struct SignedIn {
    email: String,
    csrf: String,
}

/// `GET /claim?token=…`. Looking does not spend the link, and says at once whether it still works.
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let token = params.get("token").unwrap_or_default();
    context.app.throttle.admit_authorization(context.visitor.address).await?;
    match claim::link_state(&context.app.admin, &Secret::from(token)).await? {
        LinkState::Open => show(&context, token, Typed::default(), None).await,
        LinkState::Claimed => Ok(claimed(&context)),
        LinkState::Spent => Ok(spent(&context)),
    }
}

/// `POST /claim`: a new account; or one that there is, where its address and its password were typed.
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let token = params.get("token").unwrap_or_default();
    let typed = Typed::of(&params);
    let new = new_account(&context, &typed, &params, None);
    let t = context.texts(None);
    let from = context.origin_of_guess(Purpose::Password, params.get("work")).await;
    context.app.throttle.admit_authorization(context.visitor.address).await?;
    let problem = match claim::claim(&context.app.admin, &Secret::from(token), new, &from).await {
        Ok(user) => return proven::go_on_to(&context, &user, Means::Password, SETUP).await,
        Err(ClaimRejected::AlreadyClaimed) => return Ok(claimed(&context)),
        Err(ClaimRejected::LinkSpent) => return Ok(spent(&context)),
        // It signs in, by its second factor too, and comes back to the link.
        Err(ClaimRejected::SecondFactor(user)) => {
            return proven::go_on_to(&context, &user, Means::Password, &here(token)).await;
        }
        Err(ClaimRejected::Account(why)) => problems::of_sign_up(t, why)?,
        Err(ClaimRejected::Password(why)) => problems::of_claim(t, why)?,
    };
    work::kept(&context, &from, params.get("work"), &problem).await;
    show(&context, token, typed, Some(problem)).await
}

/// Where a link leads.
pub(super) fn here(token: &str) -> String {
    format!("/claim?token={}", encoded(token))
}

/// The link was used, has expired, or a newer one took its place.
pub(super) fn spent(context: &Context) -> Response {
    let t = context.texts(None);
    let text = (t.get(keys::claim::SPENT_TITLE), t.get(keys::claim::SPENT));
    let home = Action { href: context.app.issuer.local("/"), label: t.get(keys::problem::HOME) };
    message::show(StatusCode::GONE, "claim-spent", text, Some(home), Frame::of(context, t.locale()))
}

/// There is an administrator already: whoever is one signs in.
pub(super) fn claimed(context: &Context) -> Response {
    let t = context.texts(None);
    let text = (t.get(keys::claim::CLAIMED_TITLE), t.get(keys::claim::CLAIMED));
    let sign_in = Action { href: context.app.issuer.local(CONSOLE), label: t.get(keys::claim::TO_CONSOLE) };
    message::show(StatusCode::GONE, "claimed", text, Some(sign_in), Frame::of(context, t.locale()))
}

/// Why the account that is signed in did not become administrator, although its end-user proved it.
pub(super) fn refused(context: &Context, why: SignUpRejected) -> Result<Response, PageError> {
    let (texts, manner) = Shown::parts(Some(problems::of_sign_up(context.texts(None), why)?));
    Ok(said(context, texts, manner))
}

/// The same, where the proof does not hold any more.
pub(super) fn refused_proof(context: &Context, why: SignInRejected) -> Result<Response, PageError> {
    let (texts, manner) = Shown::parts(Some(problems::of_sign_in(context.texts(None), why)?));
    Ok(said(context, texts, manner))
}

fn said(context: &Context, texts: FieldTexts, manner: problems::Manner) -> Response {
    let t = context.texts(None);
    let text = (t.get(keys::claim::TITLE), texts.summary.unwrap_or_default());
    manner.status_of(message::show(StatusCode::OK, "claim-refused", text, None, Frame::of(context, t.locale())))
}

async fn show(context: &Context, token: &str, typed: Typed, problem: Option<Shown>) -> Result<Response, PageError> {
    let signed_in =
        match context.session().await?.current() {
            Some(sign_in) => context.app.accounts.find(sign_in.user).await?.map(|user| SignedIn {
                email: user.email.to_string(),
                csrf: context.csrf_of(sign_in, "/account/claim"),
            }),
            None => None,
        };
    // Whose account it is to be is only known once it was typed.
    let due = work::held_up(problem.as_ref());
    let (problems, manner) = Shown::parts(problem);
    // Whoever is here has the link that the note on every other page is about.
    let frame = Frame { unclaimed: false, ..Frame::at(context, context.locale.0, here(token)) };
    let page = ClaimPage {
        way: Some(Way::from(Place::Account)),
        csrf: context.csrf("/claim"),
        token: token.to_owned(),
        name: typed.name,
        email: typed.email,
        password_hint: context.password_hint(frame.t).await?,
        problems,
        work: Work::ask(context, frame.t, Purpose::Password, due).await,
        signed_in,
        frame,
    };
    let mut response = work::with_worker(manner.answer(&page, &page.frame), page.work.is_some());
    // Who signs in first comes back to the link.
    if let Some(next) = Next::parse(&format!("/claim?token={token}")) {
        response.headers_mut().append(header::SET_COOKIE, next.remember(&context.app.issuer));
    }
    Ok(response)
}
