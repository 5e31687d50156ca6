//! `haechi users import`: people from a file, a batch of rows at a time.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::admin::attributes;
use crate::admin::users::{
    self, Existing, ImportOptions, ImportRow, MAX_BATCH, RowError, RowOutcome, RowReport, WouldBe,
};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome, note};
use crate::cli::possible::one_of;
use crate::identity::password::foreign::FirebaseParameters;
use crate::model::attribute::Definitions;
use crate::support::Secret;

/// The longest row, in bytes.
const MAX_ROW: u64 = 64 * 1024;
/// The most rows that are named one by one where something is wrong.
const MAX_NAMED: usize = 1000;

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
    /// How the rows are written; the name of the file says so where nothing else does.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// What is done with a row whose address an account has already: skip it, say what it says of the account (update), or refuse it.
    #[arg(long, value_parser = one_of::<Existing>(), default_value = "skip", hide_possible_values = true)]
    existing: Existing,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// A JSON file with the password hash parameters of a Firebase project, as its console shows them: base64_signer_key, base64_salt_separator, rounds, mem_cost.
    #[arg(long, value_name = "FILE")]
    firebase: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// RFC 4180, with a head.
    Csv,
    /// An account a line.
    Jsonl,
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
        match report.outcome {
            RowOutcome::Created => self.created += 1,
            RowOutcome::Updated => self.updated += 1,
            RowOutcome::Skipped => self.skipped += 1,
            RowOutcome::Refused => {
                self.refused += 1;
                if !context.output.is_json() && self.rows.len() < MAX_NAMED {
                    context.output.line(in_words(&report))?;
                }
                if self.rows.len() < MAX_NAMED {
                    self.rows.push(report);
                }
            }
        }
        Ok(())
    }

    fn tell(self, context: &mut Context) -> Outcome {
        let Self { dry_run, created, updated, skipped, refused, .. } = self;
        let would = if dry_run { "would be " } else { "" };
        let sentence = format!(
            "{created} {would}created, {updated} {would}updated, {skipped} {would}skipped, {refused} {would}refused"
        );
        if context.output.is_json() {
            context.output.json(&self)?;
        } else {
            note(sentence);
        }
        if refused == 0 { Ok(()) } else { Err(Failure::of(format!("{refused} rows are not right"))) }
    }
}

fn in_words(report: &RowReport) -> String {
    let said = report.errors.iter().map(|RowError { field, detail, .. }| match field {
        Some(field) => format!("{field}: {detail}"),
        None => detail.clone(),
    });
    let email = report.email.as_deref().unwrap_or("-");
    format!("row {} {email}: {}", report.row, said.collect::<Vec<_>>().join("; "))
}

fn firebase(file: &Path) -> Outcome<FirebaseParameters> {
    let wrong = |why: &dyn std::fmt::Display| Failure::usage(format!("{}: {why}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| wrong(&error))?;
    let HashParameters { base64_signer_key, base64_salt_separator, rounds, mem_cost } =
        serde_json::from_str(&text).map_err(|error| wrong(&error))?;
    let made = FirebaseParameters::new(base64_signer_key.expose(), &base64_salt_separator, rounds, mem_cost);
    made.map_err(|why| wrong(&why))
}

/// The rows of a file, of which only a batch is in memory.
struct Rows {
    source: Source,
    declared: Definitions,
}

enum Source {
    Csv { reader: csv::Reader<Box<dyn Read>>, head: csv::StringRecord },
    Lines { reader: BufReader<Box<dyn Read>>, at: u64 },
}

/// A row, or what is wrong with it before it is read.
type Taken = Result<ImportRow, RowReport>;

impl Rows {
    fn open(file: &Path, format: Option<Format>, declared: Definitions) -> Outcome<Self> {
        let is_csv = || file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        let format = format.unwrap_or_else(|| if is_csv() { Format::Csv } else { Format::Jsonl });
        let wrong = |why: &dyn std::fmt::Display| Failure::of(format!("cannot read {}: {why}", file.display()));
        let opened: Box<dyn Read> = if file == Path::new("-") {
            Box::new(std::io::stdin())
        } else {
            Box::new(File::open(file).map_err(|error| wrong(&error))?)
        };
        let source = match format {
            Format::Jsonl => Source::Lines { reader: BufReader::new(opened), at: 0 },
            Format::Csv => {
                let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(opened);
                let head = reader.headers().map_err(|error| wrong(&error))?.clone();
                // Spreadsheets begin a file with the mark of its byte order.
                let head = head.iter().map(|name| name.trim_start_matches('\u{feff}')).collect();
                Source::Csv { reader, head }
            }
        };
        Ok(Self { source, declared })
    }

    /// The next rows; none at the end.
    fn batch(&mut self) -> Outcome<Vec<Taken>> {
        let mut batch = Vec::new();
        while batch.len() < MAX_BATCH {
            match self.next()? {
                Some(row) => batch.push(row),
                None => break,
            }
        }
        Ok(batch)
    }

    fn next(&mut self) -> Outcome<Option<Taken>> {
        match &mut self.source {
            Source::Lines { reader, at } => next_line(reader, at),
            Source::Csv { reader, head } => {
                let mut record = csv::StringRecord::new();
                match reader.read_record(&mut record) {
                    Ok(false) => Ok(None),
                    Ok(true) => {
                        let row = record.position().map_or(0, csv::Position::line);
                        if record.len() != head.len() {
                            let why = format!("has {} cells, and the head has {}", record.len(), head.len());
                            return Ok(Some(Err(refused(row, &why))));
                        }
                        let document = users::from_cells(&self.declared, head.iter().zip(record.iter()));
                        Ok(Some(Ok(ImportRow { row, document })))
                    }
                    Err(error) if error.is_io_error() => Err(Failure::of(error)),
                    Err(error) => {
                        let row = error.position().map_or(0, csv::Position::line);
                        Ok(Some(Err(refused(row, &error.to_string()))))
                    }
                }
            }
        }
    }
}

fn next_line(reader: &mut BufReader<Box<dyn Read>>, at: &mut u64) -> Outcome<Option<Taken>> {
    loop {
        let mut line = Vec::new();
        let read = reader.by_ref().take(MAX_ROW + 1).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        *at += 1;
        if read as u64 > MAX_ROW {
            reader.skip_until(b'\n')?;
            return Ok(Some(Err(refused(*at, "is too long"))));
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let row = *at;
        return Ok(Some(match serde_json::from_slice::<Map<String, Value>>(&line) {
            Ok(document) => Ok(ImportRow { row, document }),
            Err(error) => Err(refused(row, &format!("is no JSON object: {error}"))),
        }));
    }
}

fn refused(row: u64, why: &str) -> RowReport {
    let errors = vec![RowError { field: None, code: "malformed".to_owned(), detail: why.to_owned() }];
    RowReport { row, email: None, outcome: RowOutcome::Refused, errors }
}
