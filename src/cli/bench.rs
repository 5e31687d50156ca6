//! `haechi bench`: what it takes to see how a large server does.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use super::failure::{Failure, Outcome, note};
use super::prompt;
use crate::bench::{self, Plan, Progress, SeedRejected, Seeded, SeededToken, Step};
use crate::model::client::ClientId;
use crate::support::{Clock, Secret, Timestamp, random};

/// The most grants of one person: more than anybody has.
const MOST_OF_PERSON: u64 = 50;
/// How often it is said how far it is.
const SAY_EVERY: Duration = Duration::from_secs(2);

#[derive(Debug, Subcommand)]
pub(super) enum BenchCommand {
    Seed(Seed),
}

/// Fill an empty database with people, apps, grants and an audit log that do not exist, to see how a large server does.
///
/// Everything is as production writes it: the apps pass the rules of registration, the audit log can be verified, everybody can sign in by the one password, which is printed
/// unless it is given. Groups and roles of every app that are there before are given to a quarter of the people. A database that has more than who administers the server is refused. It is one transaction: by COPY on PostgreSQL, where a million people with three
/// million grants take some minutes. Stop the server meanwhile, as it would wait. Never on a server that is to be used: what is drawn can be drawn again by whoever knows the seed.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi bench seed --people 1000
  haechi bench seed --people 1000000 --apps 5000 --grants 3000000 --audit 5000000
  haechi bench seed --people 10000 --apps 100 --mails 1000 --refusals 2000
  haechi bench seed --people 10000 --grants 30000 --tokens tokens.jsonl --token-count 500 --password-stdin < password.txt")]
pub(super) struct Seed {
    /// How many people; one in fifty is switched off.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    people: u64,
    /// How many apps, of every kind; one in forty is switched off.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    apps: u64,
    /// How many grants with refresh tokens, at most fifty for each person; one in a hundred is revoked.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=5_000_000_000))]
    grants: u64,
    /// How many grants besides that have expired and wait for the sweep.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=100_000_000))]
    expired: u64,
    /// How many entries of the audit log, over the last year or as long as entries are kept.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=5_000_000_000))]
    audit: u64,
    /// How many mails that were sent in the last days.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=100_000_000))]
    mails: u64,
    /// How many refused requests, at most twenty for each app.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=20_000_000))]
    refusals: u64,
    /// What everything is drawn from: the same people, apps and names again.
    #[arg(long = "seed", value_name = "NUMBER", default_value_t = 1)]
    drawn_from: u64,
    /// Write refresh tokens that count into this file, each with what its app authenticates by: a JSON document a line.
    #[arg(long, value_name = "FILE")]
    tokens: Option<PathBuf>,
    /// How many of them.
    #[arg(long, value_name = "N", default_value_t = 1000, requires = "tokens", value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    token_count: u64,
    /// Only tokens of this app; app-0 has the most grants.
    #[arg(long, value_name = "CLIENT_ID", requires = "tokens", value_parser = client)]
    token_app: Option<ClientId>,
    /// Read the password from standard input, instead of drawing one and printing it.
    #[arg(long)]
    password_stdin: bool,
}

fn client(text: &str) -> Result<ClientId, String> {
    ClientId::parse(text).map_err(|error| error.to_string())
}

impl BenchCommand {
    /// Does as told.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        match self {
            Self::Seed(seed) => seed.run(context).await,
        }
    }
}

impl Seed {
    async fn run(self, context: &mut Context) -> Outcome {
        if self.grants > self.people.saturating_mul(MOST_OF_PERSON) {
            let most = self.people.saturating_mul(MOST_OF_PERSON);
            return Err(Failure::usage(format!("--grants {}: at most {most} for so many people", self.grants)));
        }
        let most = self.apps.saturating_mul(bench::MOST_OF_APP);
        if self.refusals > most {
            return Err(Failure::usage(format!("--refusals {}: at most {most} for so many apps", self.refusals)));
        }
        // Before hours of work, and without touching what is in it.
        let tokens = self.tokens.as_deref().map(opened).transpose()?;
        let given = if self.password_stdin { Some(prompt::first_line()?) } else { None };
        let password = given.clone().unwrap_or_else(|| Secret::from(random::text(&*context.app.random)));
        let began = context.app.clock.now();
        let seeded = self.fill(context, &password).await?;
        if let Some((file, path)) = &tokens {
            write_tokens(file, &seeded.tokens).map_err(|why| Failure::of(format!("{}: {why}", path.display())))?;
        }
        let took = context.app.clock.now().since(began);
        tell(context, &self.plan(), &seeded, (given.is_none().then_some(&password), took))
    }

    async fn fill(&self, context: &Context, password: &Secret<String>) -> Outcome<Seeded> {
        let app = &context.app;
        // Standard error is an object where something is wrong, and nothing else, for programs.
        let mut said = Said { clock: &*app.clock, last: app.clock.now(), silent: context.output.is_json() };
        let mut told = |progress: Progress| said.hear(progress);
        let seeded = bench::seed(app, &context.authority, &self.plan(), password, &mut told).await;
        seeded.map_err(|why| match why {
            SeedRejected::Store(error) => error.into(),
            SeedRejected::App(rejected) => rejected.into(),
            other => Failure::of(other),
        })
    }

    fn plan(&self) -> Plan {
        let tokens = if self.tokens.is_some() { self.token_count } else { 0 };
        let Self { people, apps, grants, expired, audit: entries, mails, refusals, drawn_from: seed, .. } = *self;
        let tokens_of = self.token_app.clone();
        Plan { people, apps, grants, expired, entries, mails, refusals, tokens, tokens_of, seed }
    }
}

/// Says how far it is, now and then.
struct Said<'a> {
    clock: &'a dyn Clock,
    last: Timestamp,
    silent: bool,
}

impl Said<'_> {
    fn hear(&mut self, Progress { what, done, of }: Progress) {
        let now = self.clock.now();
        if !self.silent && (done == of || now.since(self.last) >= SAY_EVERY) {
            self.last = now;
            note(format!("{what}: {done} of {of}"));
        }
    }
}

/// A file that only its owner may read, as it was until something is written.
fn opened(path: &Path) -> Outcome<(File, PathBuf)> {
    let opened = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
    let file = opened.map_err(|why| Failure::of(format!("{}: {why}", path.display())))?;
    Ok((file, path.to_owned()))
}

fn write_tokens(file: &File, tokens: &[SeededToken]) -> std::io::Result<()> {
    file.set_len(0)?;
    let mut lines = BufWriter::new(file);
    for SeededToken { client, secret, refresh_token } in tokens {
        let line = json!({
            "client_id": client,
            "client_secret": secret.as_ref().map(Secret::expose),
            "refresh_token": refresh_token.expose(),
        });
        writeln!(lines, "{line}")?;
    }
    lines.flush()
}

fn tell(
    context: &mut Context,
    plan: &Plan,
    seeded: &Seeded,
    (password, took): (Option<&Secret<String>>, Duration),
) -> Outcome {
    let Plan { people, apps, grants, expired, entries, mails, refusals, seed, .. } = *plan;
    if context.output.is_json() {
        let step = |step: &Step| json!({ "what": step.what, "count": step.count, "seconds": step.took.as_secs_f64() });
        return context.output.json(&json!({
            "people": people,
            "apps": apps,
            "grants": grants,
            "expired": expired,
            "audit": entries,
            "mails": mails,
            "refusals": refusals,
            "seed": seed,
            "tokens": seeded.tokens.len(),
            "seconds": took.as_secs_f64(),
            "steps": seeded.steps.iter().map(step).collect::<Vec<_>>(),
            "email": seeded.end_user,
            "password": password.map(Secret::expose),
        }));
    }
    let rows: Vec<Vec<String>> = seeded.steps.iter().map(row).collect();
    context.output.table(&["WHAT", "HOW MANY", "SECONDS", "A SECOND"], &rows)?;
    context.output.line(format!("{people} people and what they did are there after {:.1} s.", took.as_secs_f64()))?;
    match password {
        Some(password) => {
            context.output.line(format!("Sign in as {} with the password {}", seeded.end_user, password.expose()))
        }
        None => context.output.line(format!("Sign in as {} with the password that was given.", seeded.end_user)),
    }
}

fn row(step: &Step) -> Vec<String> {
    let Step { what, count, took } = *step;
    let a_second = u128::from(count) * 1000 / took.as_millis().max(1);
    vec![what.to_owned(), count.to_string(), format!("{:.1}", took.as_secs_f64()), a_second.to_string()]
}
