//! Signing in with a password.

use crate::i18n::keys;
use axum::response::Response;

use super::context::Context;
use super::frame::{Frame, leading_to_app};
use super::problems::{self, Shown};
use super::proven;
use super::providers::{Upstreams, Wording};
use super::upstream::start;
use super::view::{AppBadge, Form};
use crate::flow::{FlowView, Page};
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::http::redirect;
use crate::identity::accounts::SignInRejected;
use crate::model::connection::Connection;
use crate::sessions::Means;
use crate::support::Secret;
use crate::upstream::LoginPurpose;

#[derive(askama::Template)]
#[template(path = "login.html")]
struct LoginPage {
    frame: Frame,
    app: Option<AppBadge>,
    form: Form,
    email: String,
    again: bool,
    problem: Option<String>,
    wrong: bool,
    sign_up: bool,
    upstreams: Upstreams,
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
    let email = flow.as_ref().and_then(FlowView::login_hint).unwrap_or_default().to_owned();
    Ok(show(&context, flow.as_ref(), &offered, email, None))
}

/// `POST /login`
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let flow = context.flow(params.get("flow")).await?;
    let email = params.get("email").unwrap_or_default();
    let password = Secret::from(params.get("password").unwrap_or_default());
    match context.app.accounts.sign_in(email, &password, &context.origin()).await {
        Ok(user) => proven::go_on_as(&context, &user, flow.as_ref(), Means::Password).await,
        Err(rejected) => {
            let offered = context.app.upstream.offered().await?;
            let routed =
                start::by_domain(email, &offered).filter(|_| matches!(rejected, SignInRejected::WrongCredentials));
            if let Some(connection) = routed {
                let purpose = LoginPurpose::SignIn { flow: flow.as_ref().map(|view| view.authorization.id) };
                return start::go(&context, connection, purpose, flow.as_ref()).await;
            }
            let shown = problems::of_sign_in(context.texts(flow.as_ref()), rejected)?;
            Ok(show(&context, flow.as_ref(), &offered, email.to_owned(), Some(shown)))
        }
    }
}

fn show(
    context: &Context,
    flow: Option<&FlowView>,
    offered: &[Connection],
    email: String,
    problem: Option<Shown>,
) -> Response {
    let wrong = problem.as_ref().is_some_and(|shown| shown.typed_wrong);
    let (texts, manner) = Shown::parts(problem);
    let form = context.form("/login", flow);
    let page = LoginPage {
        frame: Frame::at(context, context.locale_for(flow), format!("/login{}", form.query())),
        app: flow.map(|view| AppBadge::of(&view.client, context.locale_for(flow))),
        form,
        email,
        again: flow.is_some_and(FlowView::is_asked_again),
        wrong,
        problem: texts.summary,
        sign_up: context.app.accounts.sign_up_is_open(),
        upstreams: Upstreams::of(context, flow, offered, Wording::SignIn),
    };
    leading_to_app(manner.answer(&page, &page.frame), flow)
}
