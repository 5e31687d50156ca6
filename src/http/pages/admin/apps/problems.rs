//! What was refused of an app lately, in plain words.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::moments::minute;
use super::super::Administrator;
use super::super::head::Head;
use super::super::shell::Shell;
use super::app::{Tab, head_of, named, shell};
use super::reasons;
use crate::admin::problems::{self, Problem};
use crate::http::error::PageError;
use crate::i18n::keys;

#[derive(askama::Template)]
#[template(path = "admin/apps/problems.html")]
struct ProblemsPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    rows: Vec<Row>,
}

/// Refusals that say the same.
struct Row {
    text: String,
    mend: Option<String>,
    mended: bool,
    endpoint: String,
    sent: Option<String>,
    count: u64,
    last: String,
    request: String,
}

/// `GET /admin/apps/{id}/problems`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let client = named(&context, &administrator, &id).await?;
    let id = client.id.as_str();
    let found = problems::list(&context.app.admin, &administrator.authority, Some(id)).await?;
    let t = context.texts(None);
    let row = |problem: Problem| Row {
        text: reasons::in_words(t, &problem.now),
        mend: problem.mend.map(|mend| mend.read(t)),
        mended: problem.mended,
        endpoint: problem.endpoint,
        sent: problem.refusal.sent,
        count: problem.count.into(),
        last: minute(problem.last_at),
        request: problem.last_request_id,
    };
    let frame = Frame::of(&context, context.locale.0);
    let shown = ProblemsPage {
        shell: shell(&context, &administrator, &client),
        head: head_of(frame.t, &administrator, &client, Tab::Problems),
        rows: found.into_iter().map(row).collect(),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}
