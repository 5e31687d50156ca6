//! Pages that other handlers show: problems, the posted answer, and the question whether to sign out.

use axum::http::{StatusCode, header};
use axum::response::Response;

use super::frame::{Frame, in_popup, leading_to, page, with_status};
use crate::app::App;
use crate::flow::logout::LogoutRequest;
use crate::flow::{AccountChoice, Answer};
use crate::http::extract::Browser;
use crate::http::problem::{Problem, ProblemKind};
use crate::i18n::{Key, Texts, keys};
use crate::model::{Locale, User};
use crate::protocol::Params;
use crate::support::request::RequestId;

#[derive(askama::Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    frame: Frame,
    code: &'static str,
    title: String,
    text: String,
    retry: Option<String>,
    back: Option<super::message::Action>,
    detail: Option<&'a str>,
    mismatch: Option<Mismatch<'a>>,
    request: String,
}

/// The app whose redirect URI is not registered, and what was sent. The page shows the address and does not link to it.
struct Mismatch<'a> {
    app: &'a str,
    sent: Option<&'a str>,
    /// What an administrator does about it.
    command: String,
}

impl<'a> Mismatch<'a> {
    fn of(problem: &'a Problem) -> Option<Self> {
        let (app, refusal) = (problem.app.as_deref()?, problem.refusal.as_deref()?);
        let command = format!("haechi clients problems {}", refusal.client.as_deref()?);
        Some(Self { app, sent: refusal.sent.as_deref(), command })
    }
}

/// What the page needs that says what happened.
pub struct ProblemShown<'a> {
    /// What the page says went wrong.
    pub problem: &'a Problem,
    /// What leads to the log.
    pub id: RequestId,
    /// The browser, if it was here before: only then can it switch the language.
    pub browser: Option<Browser>,
}

/// The page that says what happened and what to do.
pub fn problem(app: &App, locale: Locale, shown: &ProblemShown<'_>) -> Response {
    let &ProblemShown { problem, id, ref browser } = shown;
    let frame = Frame::of_problem(app, browser.as_ref(), locale);
    let t = frame.t;
    let (title, text) = texts_of(problem.kind);
    let mismatch = Mismatch::of(problem);
    let text = match &mismatch {
        Some(mismatch) => t.with(keys::problem::REDIRECT_URI_OF, "app", mismatch.app),
        None => t.get(text),
    };
    let shown = ProblemPage {
        code: problem.kind.code(),
        title: t.get(title),
        text,
        mismatch,
        retry: problem.retry_after.map(|span| t.with(keys::problem::RETRY, "wait", &t.wait(span))),
        back: way_on(app, t, problem),
        detail: problem.detail.as_deref(),
        request: id.to_string(),
        frame,
    };
    let mut response = with_status(problem.kind.status(), &shown, &shown.frame);
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}

/// The page as it is looked at: of an address where there is nothing.
pub(super) fn sample(frame: Frame) -> Response {
    let (title, text) = texts_of(ProblemKind::NotFound);
    let shown = ProblemPage {
        code: ProblemKind::NotFound.code(),
        title: frame.t.get(title),
        text: frame.t.get(text),
        mismatch: None,
        retry: None,
        back: None,
        detail: None,
        request: "-".to_owned(),
        frame,
    };
    with_status(StatusCode::OK, &shown, &shown.frame)
}

/// What a page calls a problem, and what it says about it.
const fn texts_of(kind: ProblemKind) -> (Key, Key) {
    use crate::i18n::keys::problem as text;
    match kind {
        ProblemKind::UnknownClient => (text::UNKNOWN_CLIENT_TITLE, text::UNKNOWN_CLIENT),
        ProblemKind::RedirectUri => (text::REDIRECT_URI_TITLE, text::REDIRECT_URI),
        ProblemKind::BadRequest => (text::BAD_REQUEST_TITLE, text::BAD_REQUEST),
        ProblemKind::FlowGone => (text::FLOW_GONE_TITLE, text::FLOW_GONE),
        ProblemKind::OtherBrowser => (text::OTHER_BROWSER_TITLE, text::OTHER_BROWSER),
        ProblemKind::StaleForm => (text::STALE_FORM_TITLE, text::STALE_FORM),
        ProblemKind::Forbidden => (text::FORBIDDEN_TITLE, text::FORBIDDEN),
        ProblemKind::NotFound => (text::NOT_FOUND_TITLE, text::NOT_FOUND),
        ProblemKind::MethodNotAllowed => (text::METHOD_NOT_ALLOWED_TITLE, text::METHOD_NOT_ALLOWED),
        ProblemKind::Timeout => (text::TIMEOUT_TITLE, text::TIMEOUT),
        ProblemKind::TooLarge => (text::TOO_LARGE_TITLE, text::TOO_LARGE),
        ProblemKind::UnsupportedMediaType => (text::UNSUPPORTED_MEDIA_TYPE_TITLE, text::UNSUPPORTED_MEDIA_TYPE),
        ProblemKind::WrongHost => (text::WRONG_HOST_TITLE, text::WRONG_HOST),
        ProblemKind::Throttled => (text::THROTTLED_TITLE, text::THROTTLED),
        ProblemKind::Unavailable => (text::UNAVAILABLE_TITLE, text::UNAVAILABLE),
        ProblemKind::Internal => (text::INTERNAL_TITLE, text::INTERNAL),
    }
}

/// Where a problem's page leads, if not to the start page. A form that did not fit leads to where the user was; the wrong address to the right
/// one, as every page below it would be this one again.
fn way_on(app: &App, t: &Texts, problem: &Problem) -> Option<super::message::Action> {
    if problem.kind == ProblemKind::WrongHost {
        let label = t.with(keys::problem::TO_ADDRESS, "address", app.issuer.as_str());
        return Some(super::message::Action { href: app.issuer.url("/"), label });
    }
    let path = problem.go_on.as_deref()?;
    Some(super::message::Action { href: app.issuer.local(path), label: t.get(keys::problem::GO_ON) })
}

#[derive(askama::Template)]
#[template(path = "form_post.html")]
struct FormPostPage<'a> {
    frame: Frame,
    app: String,
    action: &'a str,
    answer: &'a [(&'static str, String)],
}

/// The page that posts an answer to the app: OAuth 2.0 Form Post Response Mode section 2. It posts itself, and has a button for where there
/// is no script.
pub fn form_post(app: &App, locale: Locale, answer: &Answer) -> Response {
    let action = answer.redirect.as_str();
    let host = url::Url::parse(action).ok().and_then(|url| url.host_str().map(str::to_owned));
    let shown = FormPostPage {
        frame: Frame::of_problem(app, None, locale),
        app: host.unwrap_or_else(|| action.to_owned()),
        action,
        answer: &answer.params,
    };
    in_popup(leading_to(page(&shown, &shown.frame), answer.redirect.csp_source()), answer.popup)
}

/// What the page needs that asks whether to sign out.
#[allow(missing_docs, reason = "each is what its type says")]
pub struct LogoutPage<'a> {
    pub request: &'a LogoutRequest,
    pub accounts: &'a [AccountChoice],
    /// What the app sent: the form sends it again, and it is checked again.
    pub params: &'a Params,
    /// The hidden field `csrf`.
    pub csrf: &'a str,
    /// The browser, to switch its language.
    pub browser: &'a Browser,
}

#[derive(askama::Template)]
#[template(path = "logout.html")]
struct ConfirmPage<'a> {
    frame: Frame,
    app: Option<String>,
    email: String,
    csrf: &'a str,
    carried: Vec<(&'static str, &'a str)>,
}

/// What the form of the page sends again.
const CARRIED: &[&str] = &["client_id", "id_token_hint", "post_logout_redirect_uri", "state", "ui_locales"];

/// The page that asks whether to sign out.
pub fn confirm_logout(app: &App, locale: Locale, asked: &LogoutPage<'_>) -> Response {
    let emails: Vec<&str> = asked.accounts.iter().map(|choice| choice.user.email.as_str()).collect();
    let carried: Vec<(&'static str, &str)> =
        CARRIED.iter().filter_map(|name| Some((*name, asked.params.get(name)?))).collect();
    let mut frame = Frame::of_problem(app, Some(asked.browser), locale);
    // Without the language that the app asked for, or the switch would change nothing.
    let kept = carried.iter().filter(|(name, _)| *name != "ui_locales");
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
    frame.here = format!("/logout?{query}");
    let shown = ConfirmPage {
        frame,
        app: asked.request.client.as_ref().map(|client| client.presentation.name_in(locale).to_owned()),
        email: emails.join(", "),
        csrf: asked.csrf,
        carried,
    };
    let response = with_status(StatusCode::OK, &shown, &shown.frame);
    match &asked.request.back {
        Some(back) => leading_to(response, back.csp_source()),
        None => response,
    }
}

/// The page that asks whether to sign out, as it is looked at.
pub(super) fn sample_sign_out(frame: Frame, user: &User) -> Response {
    let app = Some(frame.t.get(keys::branding::SAMPLE_APP));
    let shown = ConfirmPage { app, email: user.email.to_string(), csrf: "", carried: Vec::new(), frame };
    page(&shown, &shown.frame)
}
