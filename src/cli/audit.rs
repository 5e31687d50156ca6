//! `haechi audit`: what happened.

use clap::Args;

use super::context::Context;
use super::failure::Outcome;
use crate::admin::audit;
use crate::model::AuditEvent;
use crate::model::audit_event::Actor;
use crate::support::id::AuditEventId;

/// Show the audit log, the newest entry first.
#[derive(Args, Debug)]
pub(super) struct Audit {
    /// Only entries older than this one.
    #[arg(long, value_name = "EVENT_ID")]
    before: Option<AuditEventId>,
    /// At most this many.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

impl Audit {
    /// Prints the entries.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        let page = audit::list(&context.app.admin, &context.authority, self.before, self.limit).await?;
        if self.json {
            return context.output.json(&page.items);
        }
        let rows: Vec<_> = page.items.iter().map(row).collect();
        context.output.table(&["WHEN", "WHAT", "WHO", "ACCOUNT", "CLIENT", "ADDRESS", "DETAIL"], &rows)?;
        match page.items.last().filter(|_| page.more) {
            Some(last) => context.output.line(format!("There are more: --before {}", last.id)),
            None => Ok(()),
        }
    }
}

fn row(event: &AuditEvent) -> Vec<String> {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let kind = serde_json::to_value(event.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
    vec![
        event.at.to_string(),
        or_dash(kind),
        match &event.actor {
            Actor::Anonymous => "anonymous".to_owned(),
            Actor::System => "haechi".to_owned(),
            Actor::Operator => "operator".to_owned(),
            Actor::User(id) => id.to_string(),
            Actor::Client(id) => id.to_string(),
        },
        or_dash(event.user.map(|id| id.to_string())),
        or_dash(event.client.as_ref().map(ToString::to_string)),
        or_dash(event.address.clone()),
        or_dash(event.detail.clone()),
    ]
}
