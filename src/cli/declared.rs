//! `haechi export`, `haechi plan` and `haechi apply`: the server's clients and connections in files, under version control.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::{Args, ValueEnum};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::confirmation::Confirmation;
use super::context::Context;
use super::failure::{Failure, Outcome, note};
use crate::admin::declared::{self, Action, Declaration, Step, StepRejected, Undeclared};

/// The member of a document that may be a reference.
const SECRET: &str = "client_secret";

/// Print the clients and connections of this server as a file that `plan` and `apply` read.
///
/// There is no secret in it. What an entry does not say of its secret, `apply` leaves as it is, or makes and prints where the client is new.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi export > haechi-declared.toml
  haechi export --format json")]
pub(super) struct Export {
    /// How it is written. With --json it is JSON.
    #[arg(long, value_enum, default_value_t = Format::Toml)]
    format: Format,
}

/// Say what `apply` would do: what differs between the files and this server. Nothing is changed.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi plan haechi-declared.toml
  haechi plan --prune --check clients.toml connections.json")]
pub(super) struct Plan {
    #[command(flatten)]
    files: Files,
    /// Fail (exit status 1) where anything differs: for a job that watches for drift.
    #[arg(long)]
    check: bool,
}

/// Make the clients and connections of this server what the files say. Applied once more, it does nothing.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi apply haechi-declared.toml
  haechi apply --prune --yes clients.toml connections.json")]
pub(super) struct Apply {
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    confirmation: Confirmation,
}

#[derive(Args, Debug)]
struct Files {
    /// TOML or JSON, by the name's ending. A client_secret may be a reference: `{ env = "NAME" }`, `{ file = "PATH" }` or `{ command = ["PROGRAM", "ARGUMENT"] }`.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Delete what there is and the files do not declare, of the kinds that they are about.
    #[arg(long)]
    prune: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// TOML.
    Toml,
    /// JSON.
    Json,
}

impl Export {
    /// Prints the declaration.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        let document = declared::export(&context.app.admin, &context.authority).await?.to_document();
        if context.output.is_json() {
            return context.output.json(&document);
        }
        let text = match self.format {
            Format::Toml => toml::to_string_pretty(&document).map_err(Failure::of)?,
            Format::Json => serde_json::to_string_pretty(&document).map_err(Failure::of)? + "\n",
        };
        context.output.raw(&text)
    }
}

impl Plan {
    /// Prints what would be done.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        let declared = self.files.read()?;
        let steps = declared::plan(&context.app.admin, &context.authority, &declared, self.files.undeclared()).await?;
        print(context, &steps, "would be")?;
        if self.check && steps.iter().any(Step::is_change) {
            return Err(Failure::of("the server is not as the files say"));
        }
        Ok(())
    }
}

impl Apply {
    /// Does it, and prints what was done.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        let declared = self.files.read()?;
        let (admin, authority) = (&context.app.admin, &context.authority);
        let undeclared = self.files.undeclared();
        let planned = declared::plan(admin, authority, &declared, undeclared).await?;
        let gone = planned.iter().filter(|step| step.action == Action::Delete);
        let gone: Vec<String> = gone.map(|step| format!("{} {}", step.kind.as_str(), step.name)).collect();
        if !gone.is_empty() {
            let question = format!("Delete {}, with everything that came of it?", gone.join(", "));
            self.confirmation.given(&question, "nothing was changed")?;
        }
        let steps = declared::apply(admin, authority, &declared, undeclared).await?;
        print(context, &steps, "was")
    }
}

impl From<StepRejected> for Failure {
    fn from(rejected: StepRejected) -> Self {
        Self::of(rejected)
    }
}

impl Files {
    const fn undeclared(&self) -> Undeclared {
        if self.prune { Undeclared::Goes } else { Undeclared::Stays }
    }

    /// All files as one declaration.
    fn read(&self) -> Outcome<Declaration> {
        let mut lists: Map<String, Value> = Map::new();
        for file in &self.files {
            let rejected = |why: &dyn std::fmt::Display| Failure::usage(format!("{}: {why}", file.display()));
            let mut value = parsed(file).map_err(|why| rejected(&why))?;
            resolve(&mut value, file).map_err(|why| rejected(&why))?;
            // Each file alone first: what is wrong is said with the file that it is in.
            declared::read(&value).map_err(|why| rejected(&why))?;
            for (name, entries) in value.as_object_mut().map(std::mem::take).unwrap_or_default() {
                match (lists.get_mut(&name).and_then(Value::as_array_mut), entries) {
                    (Some(known), Value::Array(more)) => known.extend(more),
                    (_, entries) => drop(lists.insert(name, entries)),
                }
            }
        }
        declared::read(&Value::Object(lists)).map_err(Failure::usage)
    }
}

fn parsed(file: &Path) -> Result<Value, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("toml") => toml::from_str(&text).map_err(|error| error.to_string()),
        Some("json") => serde_json::from_str(&text).map_err(|error| error.to_string()),
        _ => Err("the name must end in .toml or .json".to_owned()),
    }
}

/// Where a secret is that a file does not hold.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum Reference {
    /// An environment variable.
    Env(String),
    /// A file, from the folder of the declaration on. A line break at its end is no part of the secret.
    File(PathBuf),
    /// A program that prints it, with its arguments; no shell reads them.
    Command(Vec<String>),
}

/// Puts secrets in place of the references to them.
fn resolve(value: &mut Value, file: &Path) -> Result<(), String> {
    let lists = value.as_object_mut().into_iter().flat_map(Map::values_mut);
    let entries = lists.filter_map(Value::as_array_mut).flatten().filter_map(Value::as_object_mut);
    for secret in entries.filter_map(|entry| entry.get_mut(SECRET)).filter(|secret| secret.is_object()) {
        let reference: Reference = serde_json::from_value(secret.take())
            .map_err(|_| format!("{SECRET} is a text, or one of env, file and command"))?;
        *secret = json!(reference.read(file)?);
    }
    Ok(())
}

impl Reference {
    fn read(&self, declared_in: &Path) -> Result<String, String> {
        let text = match self {
            Self::Env(name) => variable(name)?,
            Self::File(path) => {
                let path = declared_in.parent().unwrap_or(Path::new("")).join(path);
                std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?
            }
            Self::Command(words) => printed_by(words)?,
        };
        let secret = text.trim_end_matches(['\r', '\n']);
        if secret.is_empty() {
            Err(format!("{SECRET} is empty where it was referred to"))
        } else {
            Ok(secret.to_owned())
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the file names the variable: it is no setting")]
fn variable(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|_| format!("the variable {name} is not set"))
}

fn printed_by(words: &[String]) -> Result<String, String> {
    let (program, arguments) = words.split_first().ok_or("the command is empty")?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output().map_err(|error| format!("{program}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{program}: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{program} printed what is no text"))
}

/// Prints steps; secrets that were made, where they are made.
fn print(context: &mut Context, steps: &[Step], verb: &str) -> Outcome {
    if context.output.is_json() {
        let shown = |step: &Step| -> Outcome<Value> {
            let mut shown = serde_json::to_value(step).map_err(Failure::of)?;
            if let (Some(secret), "was") = (&step.secret, verb) {
                shown[SECRET] = json!(secret.expose());
            }
            Ok(shown)
        };
        let shown = steps.iter().map(shown).collect::<Outcome<Vec<_>>>()?;
        return context.output.json(&shown);
    }
    for step in steps {
        let (sign, kind) = (sign(&step.action), step.kind.as_str());
        if !step.is_change() {
            continue;
        }
        context.output.line(format!("{sign} {kind} {}", step.name))?;
        if let Action::Change { differences } = &step.action {
            for one in differences {
                context.output.line(format!("    {}: {} → {}", one.member, one.is, one.declared))?;
            }
        }
        if let (Some(secret), "was") = (&step.secret, verb) {
            context.output.line(format!("    client_secret: {} (shown this once)", secret.expose()))?;
        }
    }
    let count = |fits: fn(&Action) -> bool| steps.iter().filter(|step| fits(&step.action)).count();
    let created = count(|action| *action == Action::Create);
    let changed = count(|action| matches!(action, Action::Change { .. }));
    let deleted = count(|action| *action == Action::Delete);
    let kept = count(|action| *action == Action::Keep);
    if created + changed + deleted == 0 {
        note(format!("nothing differs: {kept} as declared"));
        return Ok(());
    }
    note(format!("{created} {verb} created, {changed} changed, {deleted} deleted; {kept} as declared"));
    Ok(())
}

const fn sign(action: &Action) -> char {
    match action {
        Action::Create => '+',
        Action::Change { .. } => '~',
        Action::Delete => '-',
        Action::Keep => '=',
    }
}
