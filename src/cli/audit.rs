//! `haechi audit`: what happened.

use std::collections::{HashMap, HashSet};

use clap::Args;

use super::context::Context;
use super::failure::Outcome;
use crate::admin::audit::{self, AuditEntry};
use crate::admin::users;
use crate::model::AuditEvent;
use crate::model::audit_event::Actor;
use crate::support::id::{AuditEventId, UserId};

/// How many entries are read at a time.
const PAGE: u32 = 500;

/// Show the audit log, the newest entry first.
///
/// Accounts are shown with the address that they have now, where they are still there. With --json it prints a list; with --all and --json one entry a line, each as soon as it is read, to be kept elsewhere.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi audit
  haechi audit --limit 10 --json
  haechi audit --all --json > audit.jsonl")]
pub(super) struct Audit {
    /// Only entries older than this one.
    #[arg(long, value_name = "EVENT_ID")]
    before: Option<AuditEventId>,
    /// At most this many.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..), conflicts_with = "all")]
    limit: u32,
    /// Every entry that there is.
    #[arg(long)]
    all: bool,
}

impl Audit {
    /// Prints the entries.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        if self.all { self.print_all(context).await } else { self.print(context).await }
    }

    async fn print(self, context: &mut Context) -> Outcome {
        let mut found: Vec<AuditEvent> = Vec::new();
        let mut wanted = self.limit;
        let more = loop {
            let before = found.last().map(|last| last.id).or(self.before);
            let page = audit::list(&context.app.admin, &context.authority, before, wanted.min(PAGE)).await?;
            wanted = wanted.saturating_sub(u32::try_from(page.items.len()).unwrap_or(u32::MAX));
            found.extend(page.items);
            if !page.more || wanted == 0 {
                break page.more;
            }
        };
        if context.output.is_json() {
            return context.output.json(&found.iter().map(AuditEntry::from).collect::<Vec<_>>());
        }
        print_table(context, &found).await?;
        match found.last().filter(|_| more) {
            Some(last) => context.output.line(format!("There are more: --before {}, or --all", last.id)),
            None => Ok(()),
        }
    }

    async fn print_all(self, context: &mut Context) -> Outcome {
        let mut before = self.before;
        loop {
            let page = audit::list(&context.app.admin, &context.authority, before, PAGE).await?;
            if context.output.is_json() {
                page.items.iter().try_for_each(|event| context.output.json_line(&AuditEntry::from(event)))?;
            } else {
                print_table(context, &page.items).await?;
            }
            before = page.items.last().map(|last| last.id);
            if !page.more || before.is_none() {
                return Ok(());
            }
        }
    }
}

async fn print_table(context: &mut Context, events: &[AuditEvent]) -> Outcome {
    let addresses = addresses(context, events).await?;
    let rows: Vec<_> = events.iter().map(|event| row(event, &addresses)).collect();
    context.output.table(&["WHEN", "WHAT", "WHO", "ACCOUNT", "CLIENT", "ADDRESS", "DETAIL"], &rows)
}

/// The addresses of the accounts that entries name, where they are still there: a look-up each.
async fn addresses(context: &Context, events: &[AuditEvent]) -> Outcome<HashMap<UserId, String>> {
    let actor = |event: &AuditEvent| match event.actor {
        Actor::User(id) => Some(id),
        _ => None,
    };
    let named: HashSet<UserId> = events.iter().flat_map(|event| [actor(event), event.user]).flatten().collect();
    let mut addresses = HashMap::new();
    for id in named {
        if let Some(user) = users::find(&context.app.admin, &context.authority, &id.to_string()).await? {
            addresses.insert(id, user.email.to_string());
        }
    }
    Ok(addresses)
}

fn row(event: &AuditEvent, addresses: &HashMap<UserId, String>) -> Vec<String> {
    let account = |id: &UserId| match addresses.get(id) {
        Some(address) => format!("{id} {address}"),
        None => id.to_string(),
    };
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let kind = serde_json::to_value(event.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
    vec![
        event.at.to_string(),
        or_dash(kind),
        match &event.actor {
            Actor::Anonymous => "anonymous".to_owned(),
            Actor::System => "haechi".to_owned(),
            Actor::Operator => "operator".to_owned(),
            Actor::User(id) => account(id),
            Actor::Client(id) => id.to_string(),
        },
        or_dash(event.user.as_ref().map(account)),
        or_dash(event.client.as_ref().map(ToString::to_string)),
        or_dash(event.address.clone()),
        or_dash(event.detail.clone()),
    ]
}
