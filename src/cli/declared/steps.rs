//! The steps of an application: taken, or only said, at either door; and how they are printed.

use std::collections::BTreeSet;

use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::files::{Files, Said};
use crate::admin::declared::{self, Action, Deletion, MAX_SENT, Step, StepRejected};
use crate::cli::context::{Desk, There};
use crate::cli::failure::{Failure, Outcome, note};
use crate::cli::output::Output;
use crate::cli::remote::HalfDone;
use crate::support::escape::escaped;

/// Where the API applies what is sent.
const PATH: &str = "/declaration/apply";
/// Why what is too much is not sent.
const TOO_MUCH: &str = "\
the files are more than the 4 MiB that a server elsewhere takes at once: apply the files of one kind after those of another, or all of them on the \
server's own machine, without --server (and HAECHI_SERVER)";

/// Whether steps are only said, or were taken.
#[derive(Clone, Copy)]
pub(super) enum Stage<'a> {
    Planned,
    /// With what may be deleted.
    Done(&'a BTreeSet<Deletion>),
}

impl<'a> Stage<'a> {
    const fn confirmed(self) -> Option<&'a BTreeSet<Deletion>> {
        match self {
            Self::Planned => None,
            Self::Done(these) => Some(these),
        }
    }
}

/// Why not everything was done, and what was done before.
pub(super) struct NotDone {
    pub(super) failure: Failure,
    pub(super) done: Vec<Step>,
}

/// What the API answers.
#[derive(Deserialize)]
struct Steps {
    items: Vec<Value>,
}

impl From<StepRejected> for NotDone {
    fn from(mut rejected: StepRejected) -> Self {
        let done = std::mem::take(&mut rejected.done);
        Self { failure: Failure::of(rejected), done }
    }
}

impl From<Failure> for NotDone {
    fn from(failure: Failure) -> Self {
        Self { failure, done: Vec::new() }
    }
}

impl From<HalfDone> for NotDone {
    fn from(HalfDone { failure, done }: HalfDone) -> Self {
        Self { failure, done: done.iter().filter_map(|step| Step::of_shown(step).ok()).collect() }
    }
}

impl From<NotDone> for Failure {
    fn from(refused: NotDone) -> Self {
        refused.failure
    }
}

/// The steps that files ask for.
pub(super) async fn steps(
    desk: &mut Desk,
    (files, said): (&Files, &Said),
    stage: Stage<'_>,
) -> Result<Vec<Step>, NotDone> {
    match desk {
        Desk::Here(context) => {
            let (admin, authority) = (&context.app.admin, &files.authority(&context.authority));
            let (declared, undeclared) = (&said.declared, files.undeclared(stage.confirmed()));
            Ok(match stage {
                Stage::Planned => declared::plan(admin, authority, declared, undeclared).await?,
                Stage::Done(_) => declared::apply(admin, authority, declared, undeclared).await?,
            })
        }
        Desk::There(there) => steps_there(there, &files.sent(said, stage.confirmed()), stage).await,
    }
}

async fn steps_there(there: &mut There, sent: &Value, stage: Stage<'_>) -> Result<Vec<Step>, NotDone> {
    if sent.to_string().len() > MAX_SENT {
        return Err(Failure::usage(TOO_MUCH).into());
    }
    let query: &[(&str, &str)] = match stage {
        Stage::Planned => &[("dry_run", "true")],
        Stage::Done(_) => &[],
    };
    let Steps { items } = there.api.send_with((Method::POST, PATH), (query, sent)).await?;
    let steps: Result<_, _> = items.iter().map(Step::of_shown).collect();
    Ok(steps.map_err(Failure::of)?)
}

/// Prints steps; secrets that were made, where they are made.
pub(super) fn print(output: &mut Output, steps: &[Step], stage: Stage<'_>) -> Outcome {
    if output.is_json() {
        let shown: Result<Vec<_>, _> = steps.iter().map(Step::shown).collect();
        return output.json(&shown.map_err(Failure::of)?);
    }
    for step in steps.iter().filter(|step| step.is_change()) {
        output.line(format!("{} {} {}", sign(&step.action), step.kind.as_str(), step.name))?;
        if let Action::Change { differences } = &step.action {
            for one in differences {
                output.line(format!("    {}: {} → {}", one.member, one.is, one.declared))?;
            }
        }
        if let Some(secret) = &step.secret {
            output.line(format!("    {}: {} (shown this once)", step.secret_member(), secret.expose()))?;
        }
    }
    for step in steps.iter().filter(|step| step.action == Action::Leave) {
        let (kind, name) = (step.kind.as_str(), escaped(&step.name));
        note(format!("{kind} {name} is not declared and came after the plan: it stays"));
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
        Stage::Done(_) => format!("{created} created, {changed} changed, {deleted} deleted; {kept} as declared"),
    });
    Ok(())
}

const fn sign(action: &Action) -> char {
    match action {
        Action::Create => '+',
        Action::Change { .. } => '~',
        Action::Delete => '-',
        Action::Keep | Action::Leave => '=',
    }
}
