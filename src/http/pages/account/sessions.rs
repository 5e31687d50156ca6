//! Where I am signed in, and signing out there.

use std::cmp::Reverse;

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::super::moments::{day, minute};
use super::super::own_form::OwnForm;
use super::super::section::Section;
use super::factors::{self, Trusted};
use super::shell::{Shell, frame};
use super::{AccountOwner, Done};
use crate::http::cookies::forget_session;
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Texts, keys};
use crate::model::session::SignIn;
use crate::sessions::{Ending, TrustedBrowser};
use crate::support::id::SignInId;

#[derive(askama::Template)]
#[template(path = "account/sessions.html")]
struct SessionsPage {
    frame: Frame,
    shell: Shell,
    sessions: Vec<Row>,
    /// The browsers in which the second factor is not asked for.
    trusted: Vec<Trusted>,
    trusted_csrf: String,
    csrf: String,
}

struct Row {
    id: String,
    /// The program and the system that it runs on.
    device: String,
    /// When it began, when it was used last, and from which network.
    facts: Vec<String>,
    here: bool,
}

impl Row {
    fn of(sign_in: &SignIn, here: SignInId, t: &Texts) -> Self {
        let here = sign_in.id == here;
        Self { id: sign_in.id.to_string(), device: device(&sign_in.browser, t), facts: facts(sign_in, t), here }
    }
}

/// `GET /account/sessions`
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let owner = match AccountOwner::at(&context).await {
        Ok(owner) => owner,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let frame = frame(&context, Section::Sessions);
    let here = owner.sign_in.id;
    let mut sign_ins = context.app.flow.sessions.of_user(owner.user.id).await?;
    // This browser first, then the newest: what an end-user looks for is a sign-in that they did not make.
    sign_ins.sort_by_key(|sign_in| (sign_in.id != here, Reverse(sign_in.created_at)));
    let has = context.app.accounts.factors(owner.user.id).await?.all;
    let trusted = context.app.flow.sessions.trusted_by(&owner.user, &has).await?;
    let named = |one: &TrustedBrowser| Trusted::of(one, device(&one.browser, frame.t), frame.t);
    let shown = SessionsPage {
        trusted: trusted.iter().map(named).collect(),
        trusted_csrf: context.csrf_of(&owner.sign_in, factors::PATH),
        shell: Shell::of(&context, &owner, Section::Sessions, frame.t).after(frame.t, Section::Sessions, &params),
        sessions: sign_ins.iter().map(|sign_in| Row::of(sign_in, here, frame.t)).collect(),
        csrf: context.csrf_of(&owner.sign_in, Section::Sessions.path()),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// The browser in words. A sign-in keeps its program and its system side by side; how the two go together is for the language to say.
fn device(browser: &str, t: &Texts) -> String {
    match browser.split_once(", ") {
        Some((program, system)) => t.with_two(keys::account::SESSION_DEVICE, "program", program, "system", system),
        None if browser.is_empty() => t.get(keys::account::BROWSER_UNKNOWN),
        None => browser.to_owned(),
    }
}

/// What tells one sign-in from another, besides its browser.
pub(in super::super) fn facts(sign_in: &SignIn, t: &Texts) -> Vec<String> {
    let since = t.with(keys::account::SESSION_SINCE, "when", &day(sign_in.created_at));
    let used = t.with(keys::account::SESSION_USED, "when", &minute(sign_in.used_at));
    let from = t.with(keys::account::SESSION_FROM, "network", &sign_in.network);
    let known = [Some(since), Some(used), Some(from).filter(|_| !sign_in.network.is_empty())];
    known.into_iter().flatten().collect()
}

/// What is to end.
enum Wanted {
    One(SignInId),
    Others,
    All,
}

/// `POST /account/sessions`: one sign-in, all but this one, or all of them.
pub async fn post(context: Context, form: OwnForm<AccountOwner>) -> Result<Response, PageError> {
    match wanted(form.params.get("session").unwrap_or_default())? {
        Wanted::One(id) => one(&context, &form.owner, id).await,
        Wanted::Others => others(&context, &form.owner).await,
        Wanted::All => all(&context, &form.owner).await,
    }
}

fn wanted(text: &str) -> Result<Wanted, ProblemKind> {
    match text {
        "all" => Ok(Wanted::All),
        "others" => Ok(Wanted::Others),
        id => id.parse().map(Wanted::One).map_err(|_| ProblemKind::BadRequest),
    }
}

async fn one(context: &Context, owner: &AccountOwner, id: SignInId) -> Result<Response, PageError> {
    if id == owner.sign_in.id {
        context.app.flow.sign_out(&context.visitor, Ending::One(id)).await?;
        return Ok(context.go("/signed-out"));
    }
    context.app.flow.sessions.end_elsewhere(owner.user.id, id).await?;
    Ok(Done::SignedOut.go(context))
}

/// Everything of the account ends, and this browser goes on with a new cookie. One whose own sign-in ended in this moment ends nothing.
async fn others(context: &Context, owner: &AccountOwner) -> Result<Response, PageError> {
    let Some(user) = context.app.accounts.sign_out_elsewhere(&owner.sign_in).await? else {
        return Ok(context.go("/login"));
    };
    let cookie = context.app.flow.sessions.carry_over(&context.visitor, &owner.sign_in, &user).await?;
    Ok(context.with_session(Done::SignedOutElsewhere.go(context), &cookie))
}

async fn all(context: &Context, owner: &AccountOwner) -> Result<Response, PageError> {
    context.app.accounts.sign_out_everywhere(owner.user.id).await?;
    context.app.flow.sign_out(&context.visitor, Ending::One(owner.sign_in.id)).await?;
    let mut response = context.go("/signed-out");
    forget_session(response.headers_mut(), &context.app.issuer);
    Ok(response)
}
