//! `haechi config`: the settings.

use clap::Subcommand;
use serde_json::json;

use super::failure::{Failure, Outcome};
use super::output::Output;
use crate::config::example::example;
use crate::config::fields::sections;
use crate::config::load::Sources;
use crate::identity::password::breached;

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Check file and environment, and name everything that is wrong with them. A list of stolen passwords that they name is read, too.
    #[command(
        after_long_help = "Examples:\n  haechi config check\n  haechi config check --config /etc/haechi/haechi.toml"
    )]
    Check,
    /// Print a file with every setting, its documentation and its default.
    ///
    /// With --json: the settings as a list, each with its variable, its documentation and its default.
    #[command(after_long_help = "Examples:\n  haechi config example > haechi.toml\n  haechi config example --json")]
    Example,
    /// Show the settings in force: defaults, file and environment together, without their secrets.
    #[command(after_long_help = "Examples:\n  haechi config show\n  haechi config show --json")]
    Show,
}

impl ConfigCommand {
    /// Does as told.
    pub(super) fn run(self, sources: &Sources, output: &mut Output) -> Outcome {
        match self {
            Self::Example if output.is_json() => output.json(&sections()),
            Self::Example => output.raw(&example()),
            Self::Check => {
                let config = sources.load_to_serve()?;
                breached::list(&config.passwords).map_err(Failure::of)?;
                let file = sources.file.as_ref().map(|file| file.display().to_string());
                let sentence = format!("The settings are in order ({}).", file.as_deref().unwrap_or("no file"));
                output.tell(sentence, &json!({ "in_order": true, "file": file }))
            }
            Self::Show => {
                let settings = sources.load()?.masked();
                if output.is_json() { output.json(&settings) } else { output.raw(&settings.to_string()) }
            }
        }
    }
}
