//! The second step of a login by a code that is mailed, for who has no second factor: where the policy allows it, and the first factor did not rest on mail.

use axum::response::Response;

use super::context::Context;
use super::frame::{Frame, leading_to_app, page};
use super::problems::{self, FieldTexts, Shown};
use super::second_step::{Away, MAIL_PATH, Waiting};
use super::view::Person;
use super::work::{self, Work};
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::http::problem::ProblemKind;
use crate::http::redirect::{self, encoded};
use crate::i18n::keys;
use crate::identity::accounts::Attempt;
use crate::identity::throttling::Purpose;
use crate::model::User;
use crate::protocol::Params;
use crate::support::id::OneTimeTokenId;

const PATH: &str = "/second-step/code";

#[derive(askama::Template)]
#[template(path = "second_step_mailed.html")]
struct CodePage {
    frame: Frame,
    csrf: String,
    again: String,
    login: String,
    code: String,
    whose: Person,
    away: Option<Away>,
    problems: FieldTexts,
    work: Option<Work>,
}

/// `POST /second-step/mail`
pub async fn send(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let waiting = Waiting::find(&context, params.get("login").unwrap_or_default()).await?;
    if !waiting.may_be_mailed_a_code().await? {
        return Err(ProblemKind::Forbidden.into());
    }
    let locale = context.locale_for(waiting.flow.as_ref());
    let key = (context.visitor.browser.bytes(), Some(locale));
    match context.app.accounts.mail_code(&waiting.user, &context.origin(), key).await {
        Ok(id) => {
            let path = context.app.issuer.local(PATH);
            redirect::local_with(&path, &[("login", &waiting.handle), ("mailed", &id.to_string())])
        }
        Err(rejected) => {
            let shown = problems::of_asking(context.texts(waiting.flow.as_ref()), rejected)?;
            Ok(show(&context, &waiting, &params, Some(shown)).await)
        }
    }
}

/// `GET /second-step/code`
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let waiting = Waiting::find(&context, params.get("login").unwrap_or_default()).await?;
    Ok(show(&context, &waiting, &params, None).await)
}

/// `POST /second-step/code`
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let waiting = Waiting::find(&context, params.get("login").unwrap_or_default()).await?;
    if !waiting.may_be_mailed_a_code().await? {
        return Err(ProblemKind::Forbidden.into());
    }
    let id: OneTimeTokenId = params.get("mailed").and_then(|text| text.parse().ok()).ok_or(ProblemKind::BadRequest)?;
    let from = context.origin_of_guess(Purpose::MailedCode, params.get("work")).await;
    let attempt = Attempt { typed: params.get("code").unwrap_or_default(), login: &waiting.handle, from: &from };
    let key = context.visitor.browser.bytes();
    match context.app.accounts.prove_mailed_code(&waiting.user, id, (key, &attempt)).await {
        Ok(second) => {
            let user = waiting.user.clone();
            waiting.finish(&user, second, false, Vec::new()).await
        }
        Err(rejected) => {
            let shown = problems::of_mailed_code(context.texts(waiting.flow.as_ref()), rejected)?;
            Ok(show(&context, &waiting, &params, Some(shown)).await)
        }
    }
}

async fn show(context: &Context, waiting: &Waiting<'_>, params: &Params, problem: Option<Shown>) -> Response {
    let flow = waiting.flow.as_ref();
    let due = work::held_up(problem.as_ref())
        || context.app.accounts.code_asks_work(waiting.user.id, true, (&waiting.handle, &context.origin())).await;
    let (problems, manner) = Shown::parts(problem);
    let (login, code) = (waiting.handle.clone(), params.get("mailed").unwrap_or_default().to_owned());
    let here = format!("{PATH}?login={}&mailed={}", encoded(&login), encoded(&code));
    let shown = CodePage {
        frame: Frame::at(context, context.locale_for(flow), here),
        csrf: context.csrf(PATH),
        again: context.csrf(MAIL_PATH),
        login,
        code,
        whose: Person::of(&waiting.user),
        away: waiting.away(),
        problems,
        work: Work::ask(context, context.texts(flow), Purpose::MailedCode, due).await,
    };
    leading_to_app(work::with_worker(manner.answer(&shown, &shown.frame), shown.work.is_some()), flow)
}

/// The page as it is looked at.
pub(super) fn sample(frame: Frame, user: &User) -> Response {
    let nothing = String::new;
    let shown = CodePage {
        csrf: nothing(),
        again: nothing(),
        login: nothing(),
        code: nothing(),
        whose: Person::of(user),
        away: None,
        problems: FieldTexts::default(),
        work: None,
        frame,
    };
    page(&shown, &shown.frame)
}
