//! `haechi audit`: what happened, and whether all of it is there.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::context::Context;
use super::failure::{Failure, Outcome};
use super::possible::one_of;
use crate::admin::audit::{self, AuditEntry, Export, ExportFormat, VerdictView};
use crate::admin::users;
use crate::audit_chain::{Intact, Verdict};
use crate::model::AuditEvent;
use crate::model::audit_event::{Actor, AuditKind, AuditOutcome, AuditTarget};
use crate::model::audit_filter::AuditFilter;
use crate::model::client::ClientId;
use crate::store::AuditPage;
use crate::support::Timestamp;
use crate::support::id::{AuditEventId, UserId};

/// How many entries are read at a time.
const PAGE: u32 = 500;

/// Show the audit log, the newest entry first, or see whether anything of it was changed.
///
/// Accounts are shown with the address that they have now, where they are still there. With --json it prints a list; with --all and --json one entry a line, each as soon as it is read, to be kept elsewhere. Entries that are looked for among very many may take several pages to come.
#[derive(Args, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_long_help = "\
Examples:
  haechi audit
  haechi audit --kind sign_in_failed --since 24h
  haechi audit --user kim@example.com --limit 10 --json
  haechi audit --all --json > audit.jsonl
  haechi audit --all --format csv > audit.csv"
)]
pub(super) struct Audit {
    #[command(subcommand)]
    command: Option<AuditCommand>,
    #[command(flatten)]
    wanted: Wanted,
    /// Only entries older than this one.
    #[arg(long, value_name = "EVENT_ID")]
    before: Option<AuditEventId>,
    /// At most this many.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..), conflicts_with = "all")]
    limit: u32,
    /// Every entry that there is.
    #[arg(long)]
    all: bool,
    /// How all of them are printed: a table for spreadsheets, or an entry a line.
    #[arg(long, requires = "all", conflicts_with_all = ["before", "json"])]
    format: Option<Format>,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// See whether every entry is there, as it was written.
    ///
    /// Each entry is sealed to the one before it, and the end of the chain with a key that only the server has: who can write to the database, and lacks that key, cannot change, remove or put in an entry without it showing here. It ends with 1 where something does. What retention deleted (`audit.keep_days`) is not missing. Keep the end that it prints elsewhere now and then: the same end stands for the same entries.
    #[command(after_long_help = "Examples:\n  haechi audit verify\n  haechi audit verify --json")]
    Verify,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// RFC 4180, with a head; no cell is a formula.
    Csv,
    /// As --json.
    Jsonl,
}

/// Which entries.
#[derive(Args, Debug)]
struct Wanted {
    /// Only entries of this kind; may be given several times.
    #[arg(long, value_name = "KIND", value_parser = one_of::<AuditKind>(), hide_possible_values = true)]
    kind: Vec<AuditKind>,
    /// Only what became of it: done, or refused.
    #[arg(long, value_parser = one_of::<AuditOutcome>())]
    outcome: Option<AuditOutcome>,
    /// Only what happened to this account: its id or address.
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// Only what happened to this client.
    #[arg(long, value_name = "CLIENT_ID", value_parser = client)]
    client: Option<ClientId>,
    /// Only what happened to this: the id of a connection, a key or a session, or server.
    #[arg(long, value_name = "ID", value_parser = target)]
    target: Option<AuditTarget>,
    /// Only what they caused: the id or address of an account, the id of a client, or anonymous, system, operator.
    #[arg(long, value_name = "WHO")]
    actor: Option<String>,
    /// Only what this request caused: the id that its answer and its page showed.
    #[arg(long, value_name = "REQUEST_ID")]
    request: Option<String>,
    /// Only from this time on: 2026-03-01T09:00:00Z, 2026-03-01, or how long ago: 90m, 24h, 7d.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<Moment>,
    /// Only until this time, given as --since.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Option<Moment>,
}

/// A time, or how long ago it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    At(Timestamp),
    Ago(Duration),
}

fn moment(text: &str) -> Result<Moment, String> {
    let wrong = "not a time as 2026-03-01T09:00:00Z or 2026-03-01, nor how long ago as 90m, 24h or 7d";
    let ago = text.char_indices().next_back().and_then(|(at, unit)| {
        let seconds = match unit {
            'm' => 60,
            'h' => 3600,
            'd' => 24 * 3600,
            _ => return None,
        };
        let count: u32 = text[..at].parse().ok()?;
        Some(Moment::Ago(Duration::from_secs(u64::from(count) * seconds)))
    });
    ago.or_else(|| text.parse().ok().map(Moment::At)).ok_or_else(|| wrong.to_owned())
}

fn client(text: &str) -> Result<ClientId, String> {
    ClientId::parse(text).map_err(|error| error.to_string())
}

fn target(text: &str) -> Result<AuditTarget, String> {
    text.parse().map_err(|_| "not the id of a connection, a key or a session, nor server".to_owned())
}

impl Moment {
    fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Ago(span) => now.minus(span),
        }
    }
}

impl Wanted {
    /// The filter, with accounts looked up that were named by their address.
    async fn filter(self, context: &Context) -> Outcome<AuditFilter> {
        let now = context.app.clock.now();
        let user = match self.user {
            Some(named) => Some(account(context, &named).await?),
            None => None,
        };
        let actor = match self.actor {
            Some(named) if named.contains('@') => Some(Actor::User(account(context, &named).await?)),
            Some(named) => {
                Some(named.parse().map_err(|_| Failure::usage(format!("--actor {named}: nobody has such an id")))?)
            }
            None => None,
        };
        Ok(AuditFilter {
            kinds: self.kind,
            outcome: self.outcome,
            actor,
            user,
            client: self.client,
            target: self.target,
            request: self.request,
            since: self.since.map(|since| since.before(now)),
            until: self.until.map(|until| until.before(now)),
        })
    }
}

/// The account of this id, also where it is gone, or of this address.
async fn account(context: &Context, named: &str) -> Outcome<UserId> {
    if let Ok(id) = named.parse() {
        return Ok(id);
    }
    let user = users::find(&context.app.admin, &context.authority, named).await?;
    user.map(|user| user.id).ok_or_else(|| Failure::of(format!("there is no account {named}")))
}

impl Audit {
    /// Prints the entries.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        if let Some(AuditCommand::Verify) = self.command {
            return verify(context).await;
        }
        let Self { wanted, before, limit, all, format, .. } = self;
        let filter = wanted.filter(context).await?;
        let json = context.output.is_json().then_some(Format::Jsonl);
        match format.or(json) {
            Some(Format::Csv) if all => export(context, filter, ExportFormat::Csv).await,
            Some(Format::Jsonl) if all && before.is_none() => export(context, filter, ExportFormat::JsonLines).await,
            _ if all => print_all(context, &filter, before).await,
            _ => print(context, &filter, before, limit).await,
        }
    }
}

async fn export(context: &mut Context, filter: AuditFilter, format: ExportFormat) -> Outcome {
    let mut export = Export::new(filter, format);
    while let Some(text) = export.part(&context.app.admin, &context.authority).await? {
        context.output.raw(&text)?;
    }
    Ok(())
}

async fn print(context: &mut Context, filter: &AuditFilter, before: Option<AuditEventId>, limit: u32) -> Outcome {
    let mut found: Vec<AuditEvent> = Vec::new();
    let (mut before, mut wanted) = (before, limit);
    let next = loop {
        let page = audit::find(&context.app.admin, &context.authority, filter, before, wanted.min(PAGE)).await?;
        wanted = wanted.saturating_sub(u32::try_from(page.events.len()).unwrap_or(u32::MAX));
        found.extend(page.events);
        before = page.next;
        if before.is_none() || wanted == 0 {
            break page.next;
        }
    };
    if context.output.is_json() {
        return context.output.json(&found.iter().map(AuditEntry::from).collect::<Vec<_>>());
    }
    print_table(context, &found).await?;
    match next {
        Some(last) => context.output.line(format!("There are more: --before {last}, or --all")),
        None => Ok(()),
    }
}

async fn print_all(context: &mut Context, filter: &AuditFilter, mut before: Option<AuditEventId>) -> Outcome {
    loop {
        let AuditPage { events, next } =
            audit::find(&context.app.admin, &context.authority, filter, before, PAGE).await?;
        if context.output.is_json() {
            events.iter().try_for_each(|event| context.output.json_line(&AuditEntry::from(event)))?;
        } else if !events.is_empty() || next.is_none() {
            print_table(context, &events).await?;
        }
        if next.is_none() {
            return Ok(());
        }
        before = next;
    }
}

async fn verify(context: &mut Context) -> Outcome {
    let verdict = audit::verify(&context.app.admin, &context.authority).await?;
    let shown = VerdictView::from(&verdict);
    let intact = match verdict {
        Verdict::Intact(intact) => intact,
        Verdict::Damaged(_) => return Err(Failure::of(shown.damage.unwrap_or_default())),
    };
    if context.output.is_json() {
        return context.output.json(&shown);
    }
    let Intact { first, last, entries, from_before, head: _ } = intact;
    context.output.line(match (first, last) {
        (Some(first), Some(last)) => format!("Intact from {first} to {last}: {entries} entries."),
        _ => "Intact: there are no entries.".to_owned(),
    })?;
    if from_before > 0 {
        context.output.line(format!(
            "{from_before} of them are from before entries were sealed: they are as they were when they were taken in."
        ))?;
    }
    context.output.line(format!("End: {}", shown.end.unwrap_or_default()))
}

async fn print_table(context: &mut Context, events: &[AuditEvent]) -> Outcome {
    let addresses = addresses(context, events).await?;
    let rows: Vec<_> = events.iter().map(|event| row(event, &addresses)).collect();
    context.output.table(&["WHEN", "WHAT", "WHO", "ACCOUNT", "CLIENT", "ADDRESS", "REQUEST", "DETAIL"], &rows)
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
    vec![
        event.at.to_string(),
        event.kind.as_str().to_owned(),
        match &event.actor {
            Actor::System => "haechi".to_owned(),
            Actor::User(id) => account(id),
            other => other.to_string(),
        },
        or_dash(event.user.as_ref().map(account)),
        or_dash(event.client.as_ref().map(ToString::to_string)),
        or_dash(event.address.clone()),
        or_dash(event.request.clone()),
        or_dash(event.detail.clone()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_outright_or_by_how_long_ago_it_was() {
        assert_eq!(moment("90m"), Ok(Moment::Ago(Duration::from_mins(90))));
        assert_eq!(moment("7d"), Ok(Moment::Ago(Duration::from_hours(24 * 7))));
        assert_eq!(moment("2026-03-01"), Ok(Moment::At(Timestamp::from_seconds(1_772_323_200))));
        assert_eq!(moment("2026-03-01T09:00:00+09:00"), Ok(Moment::At(Timestamp::from_seconds(1_772_323_200))));
        for wrong in ["", "d", "-1d", "7w", "yesterday", "2026-3-1"] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }
}
