//! `haechi migrate`: the schema of the database.

use clap::Subcommand;

use super::failure::{Failure, Outcome};
use super::output::Output;
use super::prompt;
use crate::app::{self, Migration};
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum MigrateCommand {
    /// Bring the schema up to date; nodes that run the release before go on working. `haechi serve` does this by itself unless
    /// `database.migrate_on_start` is false.
    Up,
    /// Take the schema away, with everything in it.
    Down {
        /// Do not ask for confirmation.
        #[arg(long, short)]
        yes: bool,
    },
    /// Say which steps are applied. Exit status 1 where one is missing.
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
                    output.line("The schema is up to date.")
                }
                Self::Down { yes } => {
                    if !yes && !prompt::agreed("Delete every table of the database, with everything in it?")? {
                        return Err(Failure::of("nothing was deleted; --yes deletes without asking"));
                    }
                    app::migrate(config, Migration::Down).await?;
                    output.line("The schema is gone.")
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
    let row =
        |(name, applied): &(String, bool)| vec![name.clone(), if *applied { "applied" } else { "missing" }.to_owned()];
    output.table(&["STEP", "STATE"], &steps.iter().map(row).collect::<Vec<_>>())?;
    if steps.iter().all(|(_, applied)| *applied) {
        Ok(())
    } else {
        Err(Failure::of("the schema is not up to date: `haechi migrate up`"))
    }
}
