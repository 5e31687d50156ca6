//! `haechi export`, `haechi plan` and `haechi apply`: the server's attributes, APIs, clients, roles, groups, claim rules, connections and webhooks in files, under version control.

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::{Value, json};

use super::confirmation::Confirmation;
use super::context::Context;
use super::failure::{Failure, Outcome, note};
use super::output::Output;
use crate::admin::declared::{self, Action, DeclaredKind, Step, StepRejected};

mod files;
mod format;
mod secret_reference;

use files::Files;
use format::Format;

/// Print the attributes, APIs, clients, roles, groups, claim rules, connections and webhooks of this server, how people sign in and how pages look, as a file that `plan` and `apply` read.
///
/// There is no secret in it. What an entry does not say of its secret, `apply` leaves as it is, or makes and prints where the client or webhook is new.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi export > haechi-declared.toml
  haechi export --format yaml")]
pub(super) struct Export {
    /// How it is written. With --json it is JSON.
    #[arg(long, value_enum, default_value_t = Format::Toml)]
    format: Format,
}

/// Print the JSON Schema of the files that `plan` and `apply` read: for editors, and for checks before a merge.
///
/// Editors find it by the first line of a file: `#:schema haechi-declared.schema.json` in TOML, `# yaml-language-server:
/// $schema=haechi-declared.schema.json` in YAML.
#[derive(Args, Debug)]
#[command(after_long_help = "Examples:\n  haechi schema > haechi-declared.schema.json")]
pub(super) struct Schema {}

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

/// Make the attributes, APIs, clients, roles, groups, claim rules, connections and webhooks of this server, how people sign in and how pages look, what the files say. Applied once more, it does nothing.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi apply haechi-declared.toml
  haechi apply --owner gitops --prune --yes haechi-declared.toml
  haechi apply --prune --yes clients.toml connections.json")]
pub(super) struct Apply {
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Give something back that files manage (`apply --owner`): console, API and command line may change it again, until they are applied again.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi release client shop
  haechi release webhook warehouse
  haechi release policy sign_in")]
pub(super) struct Release {
    /// What it is.
    #[arg(value_parser = PossibleValuesParser::new(kind_names()))]
    kind: String,
    /// What files call it: a client_id, the resource of an API, `app:name` for a role of one app, `sign_in`, `branding` or `signing` of the policy, or the name of any other.
    name: String,
}

fn kind_names() -> Vec<&'static str> {
    DeclaredKind::ALL.iter().map(|kind| kind.as_str()).collect()
}

impl Release {
    /// Gives it back.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        let Self { kind: word, name } = self;
        let kind = DeclaredKind::named(&word).ok_or_else(|| Failure::usage(format!("there is no kind {word}")))?;
        let (admin, authority) = (&context.app.admin, &context.authority);
        let managed_by = declared::managed_by(admin, authority, kind, &name).await?;
        declared::release(admin, authority, kind, &name).await?;
        let sentence = match &managed_by {
            Some(manager) => format!("{word} {name} is released: the files of {manager} managed it."),
            None => format!("{word} {name} is managed by no files."),
        };
        let released_from = managed_by.map(|manager| manager.to_string());
        context.output.tell(sentence, &json!({ "kind": word, "name": name, "released_from": released_from }))
    }
}

impl Export {
    /// Prints the declaration.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        let document = declared::export(&context.app.admin, &context.authority).await?.to_document();
        if context.output.is_json() {
            return context.output.json(&document);
        }
        context.output.raw(&self.format.write(&document).map_err(Failure::of)?)
    }
}

impl Schema {
    /// Prints the schema.
    pub(super) fn run(output: &mut Output) -> Outcome {
        let mut text = serde_json::to_string_pretty(&declared::schema()).map_err(Failure::of)?;
        text.push('\n');
        output.raw(&text)
    }
}

impl Plan {
    /// Prints what would be done.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        let declared = self.files.read()?;
        let authority = self.files.authority(&context.authority);
        let steps = declared::plan(&context.app.admin, &authority, &declared, self.files.undeclared()).await?;
        print(context, &steps, Stage::Planned)?;
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
        let (admin, authority) = (&context.app.admin, &self.files.authority(&context.authority));
        let undeclared = self.files.undeclared();
        let planned = declared::plan(admin, authority, &declared, undeclared).await?;
        let gone = planned.iter().filter(|step| step.action == Action::Delete);
        let gone: Vec<String> = gone.map(|step| format!("{} {}", step.kind.as_str(), step.name)).collect();
        if !gone.is_empty() {
            let question = format!("Delete {}, with everything that came of it?", gone.join(", "));
            self.confirmation.given(&question, "nothing was changed")?;
        }
        let steps = declared::apply(admin, authority, &declared, undeclared).await?;
        print(context, &steps, Stage::Done)
    }
}

impl From<StepRejected> for Failure {
    fn from(rejected: StepRejected) -> Self {
        Self::of(rejected)
    }
}

/// Whether steps are only said, or were taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Planned,
    Done,
}

/// Prints steps; secrets that were made, where they are made.
fn print(context: &mut Context, steps: &[Step], stage: Stage) -> Outcome {
    if context.output.is_json() {
        let shown = |step: &Step| -> Outcome<Value> {
            let mut shown = serde_json::to_value(step).map_err(Failure::of)?;
            if let (Some(secret), Stage::Done) = (&step.secret, stage) {
                shown[step.secret_member()] = json!(secret.expose());
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
        if let (Some(secret), Stage::Done) = (&step.secret, stage) {
            context.output.line(format!("    {}: {} (shown this once)", step.secret_member(), secret.expose()))?;
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
    note(match stage {
        Stage::Planned => format!("{created} to create, {changed} to change, {deleted} to delete; {kept} as declared"),
        Stage::Done => format!("{created} created, {changed} changed, {deleted} deleted; {kept} as declared"),
    });
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
