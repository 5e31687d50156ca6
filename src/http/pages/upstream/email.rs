//! The provider names no e-mail address: the user is asked for one.

use crate::i18n::keys;
use axum::http::StatusCode;
use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, leading_to_app, page, with_status};
use super::super::providers::label;
use super::outcome;
use crate::flow::FlowView;
use crate::http::error::PageError;
use crate::http::extract::{PageForm, PageQuery};
use crate::http::problem::ProblemKind;
use crate::http::redirect::encoded;
use crate::model::connection::Connection;
use crate::model::user::EmailAddress;
use crate::upstream::PendingLink;

#[derive(askama::Template)]
#[template(path = "upstream_email.html")]
struct EmailPage {
    frame: Frame,
    provider: String,
    csrf: String,
    waiting: String,
    email: String,
    problem: String,
}

/// `GET /upstream/email`
pub async fn get(context: Context, PageQuery(params): PageQuery) -> Result<Response, PageError> {
    let waiting = params.get("waiting").unwrap_or_default();
    let (_, connection, view) = find(&context, waiting).await?;
    Ok(show(&context, waiting, &connection, view.as_ref(), None))
}

/// `POST /upstream/email`
pub async fn post(context: Context, PageForm(params): PageForm) -> Result<Response, PageError> {
    let waiting = params.get("waiting").unwrap_or_default();
    let (_, connection, view) = find(&context, waiting).await?;
    let typed = params.get("email").unwrap_or_default();
    let Ok(email) = EmailAddress::parse(typed) else {
        return Ok(show(&context, waiting, &connection, view.as_ref(), Some(typed)));
    };
    let with = context.return_context(view.as_ref()).await?;
    let outcome = context.app.upstream.with_email(waiting, email, &with).await?.ok_or(ProblemKind::FlowGone)?;
    outcome::show(&context, &connection, view.as_ref(), outcome).await
}

async fn find(context: &Context, waiting: &str) -> Result<(PendingLink, Connection, Option<FlowView>), PageError> {
    let waits = context.app.upstream.pending_link(waiting, &context.visitor).await?;
    let waits = waits.filter(|waits| waits.owner.is_none()).ok_or(ProblemKind::FlowGone)?;
    let connection = context.app.stores.connections.find(waits.connection).await?.ok_or(ProblemKind::FlowGone)?;
    let view = context.flow(waits.flow.map(|flow| flow.to_string()).as_deref()).await?;
    Ok((waits, connection, view))
}

fn show(
    context: &Context,
    waiting: &str,
    connection: &Connection,
    view: Option<&FlowView>,
    typed: Option<&str>,
) -> Response {
    let here = format!("/upstream/email?waiting={}", encoded(waiting));
    let frame = Frame::at(context, context.locale_for(view), here);
    let page = EmailPage {
        provider: label(connection, frame.t),
        csrf: context.csrf("/upstream/email"),
        waiting: waiting.to_owned(),
        email: typed.unwrap_or_default().to_owned(),
        problem: if typed.is_some() { frame.t.get(keys::form::PROBLEM_EMAIL) } else { String::new() },
        frame,
    };
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    leading_to_app(with_status(status, &page, &page.frame), view)
}

/// The page as it is looked at.
pub(in super::super) fn sample(frame: Frame) -> Response {
    let nothing = String::new;
    let shown = EmailPage {
        provider: frame.t.get(keys::branding::SAMPLE_PROVIDER),
        csrf: nothing(),
        waiting: nothing(),
        email: nothing(),
        problem: nothing(),
        frame,
    };
    page(&shown, &shown.frame)
}
