//! `haechi migrate`: the schema of the database.

use clap::Subcommand;
use serde_json::json;

use super::confirmation::Confirmation;
use super::failure::{Failure, Outcome};
use super::output::Output;
use crate::app::{self, Migration};
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum MigrateCommand {
    /// Bring the schema up to date; nodes that run the release before go on working. `haechi serve` does this by itself unless
    /// `database.migrate_on_start` is false.
    #[command(after_long_help = "Examples:\n  haechi migrate up")]
    Up,
    /// Take the schema away, with everything in it.
    #[command(after_long_help = "Examples:\n  haechi migrate down\n  haechi migrate down --yes")]
    Down {
        #[command(flatten)]
        confirmation: Confirmation,
    },
    /// Say which steps are applied. Exit status 1 where one is missing.
    #[command(after_long_help = "Examples:\n  haechi migrate status\n  haechi migrate status --json")]
    Status,
}

impl MigrateCommand {
    /// Does as told.
    pub(super) fn run(self, config: &Config, output: &mut Output) -> Outcome {
        crate::logging::start(&config.log);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            match self {
                Self::Up => {
                    app::migrate(config, Migration::Up).await?;
                    output.tell("The schema is up to date.", &json!({ "schema": "up_to_date" }))
                }
                Self::Down { confirmation } => {
                    let question = "Delete every table of the database, with everything in it?";
                    confirmation.given(question, "nothing was deleted")?;
                    app::migrate(config, Migration::Down).await?;
                    output.tell("The schema is gone.", &json!({ "schema": "gone" }))
                }
                Self::Status => status(config, output).await,
            }
        })
    }
}

async fn status(config: &Config, output: &mut Output) -> Outcome {
    let state = app::database_state(config).await?;
    if let Some(why) = state.refused {
        return Err(Failure::of(why));
    }
    let steps = state.steps;
    if output.is_json() {
        let step = |(name, applied): &(String, bool)| json!({ "step": name, "applied": applied });
        output.json(&json!({ "steps": steps.iter().map(step).collect::<Vec<_>>() }))?;
    } else {
        let state = |applied: bool| if applied { "applied" } else { "missing" };
        let row = |(name, applied): &(String, bool)| vec![name.clone(), state(*applied).to_owned()];
        output.table(&["STEP", "STATE"], &steps.iter().map(row).collect::<Vec<_>>())?;
    }
    if steps.iter().all(|(_, applied)| *applied) {
        Ok(())
    } else {
        Err(Failure::of("the schema is not up to date: `haechi migrate up`"))
    }
}
