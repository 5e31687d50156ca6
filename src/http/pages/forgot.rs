//! A forgotten password: asking for a link by mail.

use axum::http::StatusCode;
use axum::response::Response;

use super::context::Context;
use super::frame::{Frame, leading_to_app, page};
use super::message::{self, Action};
use super::problems::{self, FieldTexts, Shown};
use super::view::{AppBadge, Form};
use crate::flow::FlowView;
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::i18n::keys;
use crate::identity::accounts::AskRejected;

#[derive(askama::Template)]
#[template(path = "forgot.html")]
struct ForgotPage {
    frame: Frame,
    app: Option<AppBadge>,
    form: Form,
    email: String,
    /// A mail was asked for: it can be asked for once more.
    sent: bool,
    problems: FieldTexts,
}

/// `GET /forgot`
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let flow = context.flow(params.get("flow")).await?;
    if !context.app.accounts.resets_passwords().await? {
        return Ok(off(&context, flow.as_ref()));
    }
    let email = flow.as_ref().and_then(FlowView::login_hint).unwrap_or_default().to_owned();
    Ok(show(&context, flow.as_ref(), email, None))
}

/// `POST /forgot`. What is answered says nothing about whether there is such an account.
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let flow = context.flow(params.get("flow")).await?;
    let email = params.get("email").unwrap_or_default();
    match context.app.accounts.ask_to_reset(email, &context.origin(), context.asked(flow.as_ref())).await {
        Ok(()) => Ok(sent(&context, flow.as_ref(), email.to_owned())),
        Err(AskRejected::SwitchedOff) => Ok(off(&context, flow.as_ref())),
        Err(rejected) => {
            let shown = problems::of_asking(context.texts(flow.as_ref()), rejected)?;
            Ok(show(&context, flow.as_ref(), email.to_owned(), Some(shown)))
        }
    }
}

fn show(context: &Context, flow: Option<&FlowView>, email: String, problem: Option<Shown>) -> Response {
    let (problems, manner) = Shown::parts(problem);
    let shown = ForgotPage { problems, ..form_page(context, flow, email) };
    leading_to_app(manner.answer(&shown, &shown.frame), flow)
}

/// The same whether there is such an account or not: all that it knows is what was typed.
fn sent(context: &Context, flow: Option<&FlowView>, email: String) -> Response {
    let shown = ForgotPage { sent: true, ..form_page(context, flow, email) };
    leading_to_app(page(&shown, &shown.frame), flow)
}

fn form_page(context: &Context, flow: Option<&FlowView>, email: String) -> ForgotPage {
    ForgotPage {
        frame: frame(context, flow),
        app: flow.map(|view| AppBadge::of(&view.client, context.locale_for(flow))),
        form: context.form("/forgot", flow),
        email,
        sent: false,
        problems: FieldTexts::default(),
    }
}

/// The page as it is looked at.
pub(super) fn sample(frame: Frame) -> Response {
    let problems = FieldTexts::default();
    let shown = ForgotPage { app: None, form: Form::sample(), email: String::new(), sent: false, problems, frame };
    page(&shown, &shown.frame)
}

/// Nobody signs in by password here, or no mail leaves: who runs the service helps.
fn off(context: &Context, flow: Option<&FlowView>) -> Response {
    let t = context.texts(flow);
    let text = (t.get(keys::recovery::OFF_TITLE), t.get(keys::recovery::OFF));
    message::show(StatusCode::FORBIDDEN, "forgot-off", text, Some(to_login(context, flow)), frame(context, flow))
}

fn to_login(context: &Context, flow: Option<&FlowView>) -> Action {
    let query = context.form("/login", flow).query();
    let label = context.texts(flow).get(keys::recovery::TO_SIGN_IN);
    Action { href: context.app.issuer.local(&format!("/login{query}")), label }
}

fn frame(context: &Context, flow: Option<&FlowView>) -> Frame {
    Frame::at(context, context.locale_for(flow), format!("/forgot{}", context.form("/forgot", flow).query()))
}
