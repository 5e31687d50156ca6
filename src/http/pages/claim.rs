//! Becoming the first administrator, by the link that the server printed.

use crate::i18n::keys;
use axum::http::StatusCode;
use axum::response::Response;

use super::context::Context;
use super::frame::Frame;
use super::problems::{self, FieldTexts, Shown};
use super::signup::{Typed, new_account};
use super::{message, proven};
use crate::admin::claim::{self, ClaimRejected};
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::http::redirect::encoded;
use crate::sessions::Means;
use crate::support::Secret;

#[derive(askama::Template)]
#[template(path = "claim.html")]
struct ClaimPage {
    frame: Frame,
    csrf: String,
    token: String,
    name: String,
    email: String,
    password_hint: String,
    problems: FieldTexts,
}

/// `GET /claim?token=…`. Looking does not spend the link.
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let token = params.get("token").unwrap_or_default();
    if token.is_empty() || !claim::is_open(&context.app.admin).await? {
        return Ok(spent(&context));
    }
    Ok(show(&context, token, Typed::default(), None))
}

/// `POST /claim`
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let token = params.get("token").unwrap_or_default();
    let typed = Typed::of(&params);
    let new = new_account(&context, &typed, &params, None);
    match claim::claim(&context.app.admin, &Secret::from(token), new, &context.origin()).await {
        Ok(user) => proven::go_on_as(&context, &user, None, Means::Password).await,
        Err(ClaimRejected::AlreadyClaimed | ClaimRejected::LinkSpent) => Ok(spent(&context)),
        Err(ClaimRejected::Account(why)) => {
            let shown = problems::of_sign_up(context.texts(None), why)?;
            Ok(show(&context, token, typed, Some(shown)))
        }
    }
}

fn spent(context: &Context) -> Response {
    let t = context.texts(None);
    let text = (t.get(keys::claim::SPENT_TITLE), t.get(keys::claim::SPENT));
    message::show(StatusCode::GONE, "claim-spent", text, None, Frame::of(context, t.locale()))
}

fn show(context: &Context, token: &str, typed: Typed, problem: Option<Shown>) -> Response {
    let (problems, manner) = Shown::parts(problem);
    let frame = Frame::at(context, context.locale.0, format!("/claim?token={}", encoded(token)));
    let page = ClaimPage {
        csrf: context.csrf("/claim"),
        token: token.to_owned(),
        name: typed.name,
        email: typed.email,
        password_hint: context.password_hint(frame.t),
        problems,
        frame,
    };
    manner.answer(&page, &page.frame)
}
