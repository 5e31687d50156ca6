//! `haechi users import`: people from a file, a batch of rows at a time.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::rows::{Format, Rows};
use crate::admin::attributes;
use crate::admin::users::{self, Existing, ImportOptions, RowError, RowOutcome, RowReport, WouldBe};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome, note};
use crate::cli::possible::one_of;
use crate::identity::password::foreign::FirebaseParameters;
use crate::support::Secret;

/// The most rows that are named one by one where something is wrong.
const MAX_NAMED: usize = 1000;
/// The most rows that are named one by one of those that would be taken.
const MAX_PLANNED: usize = 100;

/// Make accounts of the rows of a file, with their password hashes: CSV with a head, or an account a line as JSON, by the names of OpenID Connect's claims.
///
/// Beside the claims a row may have `password_hash` (argon2, bcrypt, PBKDF2 or scrypt as PHC strings, Django's forms, Keycloak's credentials, Firebase's scrypt
/// with `password_salt` and --firebase), `email_verified`, custom attributes (`attributes.NAME`), links to providers (`links.CONNECTION`, the `sub` there), and the
/// groups and roles in apps (`shop:manager`) that somebody is given besides what they have (`groups`, `roles`: names with spaces between them in CSV). Each hash
/// is replaced by one of this server as soon as its password was right once. Each row is done as a whole or not at all; a file that was taken in half can be
/// given again. Roles of Haechi itself are never imported. What is wrong is said row by row, and ends with status 1.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi users import people.csv --dry-run
  haechi users import people.jsonl --existing update
  haechi users import firebase.jsonl --firebase hash-parameters.json")]
pub(in crate::cli) struct Import {
    /// The file; `-` is standard input.
    file: PathBuf,
    /// How the rows are written. Where it is not said, the ending of the file's name says so, and of what has none, its first letter.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// What is done with a row whose address an account has already: skip it, say what it says of the account (update), or refuse it.
    #[arg(long, value_parser = one_of::<Existing>(), default_value = "skip", hide_possible_values = true)]
    existing: Existing,
    /// Say what would be done with each row, the first hundred of them, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// A JSON file with the password hash parameters of a Firebase project, as its console shows them: base64_signer_key, base64_salt_separator, rounds, mem_cost.
    #[arg(long, value_name = "FILE")]
    firebase: Option<PathBuf>,
}

/// What Firebase's console shows.
#[derive(Deserialize)]
struct HashParameters {
    base64_signer_key: Secret<String>,
    base64_salt_separator: String,
    rounds: u32,
    mem_cost: u32,
}

/// What became of all rows.
#[derive(Default, Serialize)]
struct Summary {
    dry_run: bool,
    created: u64,
    updated: u64,
    skipped: u64,
    refused: u64,
    /// The rows that were refused, the first ones of them.
    rows: Vec<RowReport>,
    /// Where it is only tried, the rows that would be taken, the first ones of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    planned: Vec<RowReport>,
}

impl Import {
    /// Takes the rows in.
    pub(in crate::cli) async fn run(self, context: &mut Context) -> Outcome {
        let options =
            ImportOptions { existing: self.existing, firebase: self.firebase.as_deref().map(firebase).transpose()? };
        let declared = attributes::list(&context.app.admin, &context.authority).await?;
        let mut rows = Rows::open(&self.file, self.format, declared)?;
        let authority = context.authority.clone();
        let authority = if self.dry_run { authority.trying() } else { authority };
        let mut would_be = WouldBe::default();
        let mut summary = Summary { dry_run: self.dry_run, ..Summary::default() };
        loop {
            let batch = rows.batch()?;
            if batch.is_empty() {
                break;
            }
            let (read, wrong): (Vec<_>, Vec<_>) = batch.into_iter().partition(Result::is_ok);
            let read = read.into_iter().filter_map(Result::ok).collect();
            let mut reports = users::import(&context.app.admin, &authority, read, &options, &mut would_be).await?;
            reports.extend(wrong.into_iter().filter_map(Result::err));
            reports.sort_by_key(|report| report.row);
            reports.into_iter().try_for_each(|report| summary.add(report, context))?;
        }
        summary.tell(context)
    }
}

impl Summary {
    fn add(&mut self, report: RowReport, context: &mut Context) -> Outcome {
        let refused = report.outcome == RowOutcome::Refused;
        match report.outcome {
            RowOutcome::Created => self.created += 1,
            RowOutcome::Updated => self.updated += 1,
            RowOutcome::Skipped => self.skipped += 1,
            RowOutcome::Refused => self.refused += 1,
        }
        let (named, most) = match (refused, self.dry_run) {
            (true, _) => (&mut self.rows, MAX_NAMED),
            (false, true) => (&mut self.planned, MAX_PLANNED),
            (false, false) => return Ok(()),
        };
        if named.len() < most {
            if !context.output.is_json() {
                context.output.line(in_words(&report))?;
            }
            named.push(report);
        }
        Ok(())
    }

    fn tell(self, context: &mut Context) -> Outcome {
        let Self { dry_run, created, updated, skipped, refused, .. } = self;
        let taken = created + updated + skipped;
        let (rows, left_out) = (taken + refused, taken.saturating_sub(self.planned.len() as u64));
        let would = if dry_run { "would be " } else { "" };
        let sentence = format!(
            "{rows} rows: {created} {would}created, {updated} {would}updated, {skipped} {would}skipped, {refused} {would}refused"
        );
        if context.output.is_json() {
            context.output.json(&self)?;
        } else {
            if dry_run && left_out > 0 {
                note(format!("{left_out} further rows that would be taken are not shown"));
            }
            note(sentence);
        }
        if refused == 0 { Ok(()) } else { Err(Failure::of(format!("{refused} rows are not right"))) }
    }
}

fn in_words(report: &RowReport) -> String {
    let email = report.email.as_deref().unwrap_or("-");
    let would_be = match report.outcome {
        RowOutcome::Created => "created",
        RowOutcome::Updated => "updated",
        RowOutcome::Skipped => "skipped: its account stays as it is",
        RowOutcome::Refused => return format!("row {} {email}: {}", report.row, what_is_wrong(report)),
    };
    format!("row {} {email}: would be {would_be}", report.row)
}

fn what_is_wrong(report: &RowReport) -> String {
    let said = report.errors.iter().map(|RowError { field, detail, .. }| match field {
        Some(field) => format!("{field}: {detail}"),
        None => detail.clone(),
    });
    said.collect::<Vec<_>>().join("; ")
}

fn firebase(file: &Path) -> Outcome<FirebaseParameters> {
    let wrong = |why: &dyn std::fmt::Display| Failure::usage(format!("{}: {why}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| wrong(&error))?;
    let HashParameters { base64_signer_key, base64_salt_separator, rounds, mem_cost } =
        serde_json::from_str(&text).map_err(|error| wrong(&error))?;
    let made = FirebaseParameters::new(base64_signer_key.expose(), &base64_salt_separator, rounds, mem_cost);
    made.map_err(|why| wrong(&why))
}
