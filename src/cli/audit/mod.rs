//! `haechi audit`: what happened, and whether all of it is there.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::Value;

use super::context::{Context, Desk, Instead};
use super::failure::{Failure, Outcome};
use crate::admin::audit::{self, Export, ExportFormat, VerdictView};
use crate::model::audit_filter::AuditFilter;
use crate::support::id::AuditEventId;

mod accounts;
mod entries;
mod table;
mod wanted;

use entries::Entries;
use table::print_table;
use wanted::Wanted;

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

impl Audit {
    /// Prints the entries.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        if let Some(AuditCommand::Verify) = self.command {
            return verify(desk).await;
        }
        let Self { wanted, before, limit, all, format, .. } = self;
        let filter = wanted.filter(desk).await?;
        let json = desk.output().is_json().then_some(Format::Jsonl);
        let is_here = matches!(desk, Desk::Here(_));
        match format.or(json) {
            Some(Format::Csv) if all => {
                export(desk.here(Instead::Call("exportAuditEntries"))?, filter, ExportFormat::Csv).await
            }
            Some(Format::Jsonl) if all && before.is_none() && is_here => {
                export(desk.here(Instead::Call("exportAuditEntries"))?, filter, ExportFormat::JsonLines).await
            }
            _ if all => print_all(desk, &filter, before, format.is_some()).await,
            _ => print(desk, &filter, before, limit).await,
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

async fn print(desk: &mut Desk, filter: &AuditFilter, before: Option<AuditEventId>, limit: u32) -> Outcome {
    let mut found: Vec<Value> = Vec::new();
    let (mut before, mut wanted) = (before, limit);
    let next = loop {
        let Entries { entries, next } = Entries::find(desk, filter, before, wanted.min(PAGE)).await?;
        wanted = wanted.saturating_sub(u32::try_from(entries.len()).unwrap_or(u32::MAX));
        found.extend(entries);
        before = next;
        if before.is_none() || wanted == 0 {
            break next;
        }
    };
    if desk.output().is_json() {
        return desk.output().json(&found);
    }
    print_table(desk, &found).await?;
    match next {
        Some(last) => desk.output().line(format!("There are more: --before {last}, or --all")),
        None => Ok(()),
    }
}

async fn print_all(desk: &mut Desk, filter: &AuditFilter, mut before: Option<AuditEventId>, as_lines: bool) -> Outcome {
    let as_lines = as_lines || desk.output().is_json();
    loop {
        let Entries { entries, next } = Entries::find(desk, filter, before, PAGE).await?;
        if as_lines {
            let output = desk.output();
            entries.iter().try_for_each(|entry| output.json_line(entry))?;
        } else if !entries.is_empty() || next.is_none() {
            print_table(desk, &entries).await?;
        }
        if next.is_none() {
            return Ok(());
        }
        before = next;
    }
}

async fn verify(desk: &mut Desk) -> Outcome {
    let shown: VerdictView = match desk {
        Desk::Here(context) => VerdictView::from(&audit::verify(&context.app.admin, &context.authority).await?),
        Desk::There(there) => there.api.get("/audit/verification").await?,
    };
    if !shown.intact {
        return Err(Failure::of(shown.damage.unwrap_or_default()));
    }
    let output = desk.output();
    if output.is_json() {
        return output.json(&shown);
    }
    output.line(match (&shown.first, &shown.last) {
        (Some(first), Some(last)) => {
            format!("Intact from {first} to {last}: {} entries.", shown.entries.unwrap_or_default())
        }
        _ => "Intact: there are no entries.".to_owned(),
    })?;
    let from_before = shown.from_before_the_chain.unwrap_or_default();
    if from_before > 0 {
        output.line(format!(
            "{from_before} of them are from before entries were sealed: they are as they were when they were taken in."
        ))?;
    }
    output.line(format!("End: {}", shown.end.unwrap_or_default()))
}
