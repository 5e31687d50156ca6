//! `haechi config`: the settings.

use clap::Subcommand;

use super::failure::Outcome;
use super::output::Output;
use crate::config::example::example;
use crate::config::load::Sources;

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Check file and environment, and name everything that is wrong with them.
    Check,
    /// Print a file with every setting, its documentation and its default
    ///
    /// haechi config example > haechi.toml
    #[command(verbatim_doc_comment)]
    Example,
    /// Show the settings in force: defaults, file and environment together, without their secrets.
    Show,
}

impl ConfigCommand {
    /// Does as told.
    pub(super) fn run(self, sources: &Sources, output: &mut Output) -> Outcome {
        match self {
            Self::Example => output.raw(&example()),
            Self::Check => {
                sources.load()?;
                let file = sources.file.as_ref().map(|file| file.display().to_string());
                output.line(format!("The settings are in order ({}).", file.as_deref().unwrap_or("no file")))
            }
            Self::Show => output.raw(&sources.load()?.masked().to_string()),
        }
    }
}
