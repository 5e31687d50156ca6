//! `haechi export`, `haechi plan` and `haechi apply`: the server's attributes, APIs, clients, roles, groups, claim rules, connections and webhooks in files, under version control.
//!
//! Owns the files: their formats, the secrets and the pictures that they refer to, which are read on the machine where the files are, and what is printed of a step. Leaves
//! what differs, and mending it, to `admin`, at either door.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;

use super::confirmation::Confirmation;
use super::context::{Desk, Instead};
use super::failure::{Failure, Outcome};
use super::output::Output;
use crate::admin::declared::{self, Action, Deletion, Step};

mod files;
mod format;
mod logos;
mod release;
mod secret_reference;
mod steps;

use files::Files;
use format::Format;
pub(super) use release::Release;
use steps::{NotDone, Stage, print, steps};

/// Print the attributes, APIs, clients, roles, groups, claim rules, connections and webhooks of this server, how people sign in and how pages look, as a file that `plan` and `apply` read.
///
/// There is no secret in it. What an entry does not say of its secret, `apply` leaves as it is, or makes and prints where the client or webhook is new.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  haechi export > haechi-declared.toml
  haechi export --format yaml
  haechi export --logos logos > haechi-declared.toml")]
pub(super) struct Export {
    /// How it is written. With --json it is JSON.
    #[arg(long, value_enum, default_value_t = Format::Toml)]
    format: Format,
    /// Write the logos that were uploaded to this folder, and say in the file where they are. Without it they are left out.
    #[arg(long, value_name = "FOLDER")]
    logos: Option<PathBuf>,
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

impl Export {
    /// Prints the declaration.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        let mut document = match desk {
            Desk::Here(context) => declared::export(&context.app.admin, &context.authority).await?.to_document(),
            Desk::There(there) => there.api.get("/declaration").await?,
        };
        if let Some(folder) = &self.logos {
            let context = desk.here(Instead::OnTheMachine)?;
            let pictures = declared::export_logos(&context.app.admin, &context.authority).await?;
            logos::write(&mut document, &pictures, folder)?;
        }
        let output = desk.output();
        if output.is_json() {
            return output.json(&document);
        }
        output.raw(&self.format.write(&document).map_err(Failure::of)?)
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
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        let said = self.files.read()?;
        let planned = steps(desk, (&self.files, &said), Stage::Planned).await?;
        print(desk.output(), &planned, Stage::Planned)?;
        if self.check && planned.iter().any(Step::is_change) {
            return Err(Failure::of("the server is not as the files say"));
        }
        Ok(())
    }
}

impl Apply {
    /// Does it, and prints what was done.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        let said = self.files.read()?;
        let planned = steps(desk, (&self.files, &said), Stage::Planned).await?;
        let gone = planned.iter().filter(|step| step.action == Action::Delete);
        let gone: BTreeSet<_> = gone.map(|step| Deletion { kind: step.kind, name: step.name.clone() }).collect();
        if !gone.is_empty() {
            let named: Vec<_> = gone.iter().map(|one| format!("{} {}", one.kind.as_str(), one.name)).collect();
            let question = format!("Delete {}, with everything that came of it?", named.join(", "));
            self.confirmation.given(&question, "nothing was changed")?;
        }
        // What somebody made since is not what was agreed to.
        let stage = Stage::Done(&gone);
        match steps(desk, (&self.files, &said), stage).await {
            Ok(done) => print(desk.output(), &done, stage),
            Err(NotDone { failure, done }) => {
                // The secrets that were made are shown this once, whatever became of the rest.
                if done.iter().any(Step::is_change) {
                    print(desk.output(), &done, stage)?;
                }
                Err(failure)
            }
        }
    }
}
