//! `haechi claim`: a fresh link for the first administrator.

use serde_json::json;

use super::context::Context;
use super::failure::{Failure, Outcome};
use super::output::Style;
use crate::admin::claim::issue_link;
use crate::admin::{Authority, Rejected};
use crate::app::App;

/// Prints a fresh link.
pub(super) async fn run(context: &mut Context) -> Outcome {
    let Some(link) = link(&context.app).await? else {
        return Err(Failure::of(
            "this server has its administrator already; `haechi users create --administrator` makes another",
        ));
    };
    if context.output.is_json() {
        return context.output.json(&json!({ "url": link.url, "expires_at": link.expires_at.to_string() }));
    }
    let text = context.output.styled(Style::Link, &link.url);
    context.output.raw(&format!("{text}\n"))?;
    context.output.line(format!("It works once, until {}.", link.expires_at))
}

/// A link that makes the first administrator.
pub(super) struct ClaimLink {
    /// The link itself, a secret.
    pub(super) url: String,
    /// From when it no longer works.
    pub(super) expires_at: crate::support::Timestamp,
}

/// A fresh link; `None` where the server is claimed.
pub(super) async fn link(app: &App) -> Outcome<Option<ClaimLink>> {
    match issue_link(&app.admin, &Authority::operator()).await {
        Ok(token) => {
            let url = format!("{}/claim?token={}", app.config.server.issuer, token.text.expose());
            Ok(Some(ClaimLink { url, expires_at: token.expires_at }))
        }
        Err(Rejected::AlreadyClaimed) => Ok(None),
        Err(rejected) => Err(rejected.into()),
    }
}
