//! The command line: one file a subcommand.
//!
//! Owns what is typed and what is printed. Does nothing itself: a subcommand reads its arguments, calls the functions that the console
//! and the pages call, and shows what they answered.
#![allow(clippy::doc_markdown, reason = "doc comments of arguments are what --help prints")]
#![allow(clippy::struct_excessive_bools, reason = "a flag is a bool")]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod audit;
mod banner;
mod claim;
mod clients;
mod config;
mod connections;
mod context;
mod demo;
mod doctor;
mod dumps;
mod failure;
mod frame;
mod issuer;
mod keys;
mod migrate;
mod output;
mod prompt;
mod recipes;
mod serve;
mod sessions;
mod stop;
mod users;

use context::Context;
use failure::{Outcome, note};
use output::Output;

/// What clap prints below the list of subcommands.
const AFTER_HELP: &str = "\
Without a subcommand, haechi serves.

Settings: ./haechi.toml, or the file of --config or HAECHI_CONFIG; variables such as HAECHI_SERVER__ISSUER go before it.
`haechi config example` prints every setting with its default.

Exit status: 0 done; 1 refused or failed; 2 wrong arguments or settings.";

/// Haechi: end-users sign in once, apps and services know who they are.
#[derive(Debug, Parser)]
#[command(name = "haechi", version, after_help = AFTER_HELP, max_term_width = 100)]
struct Cli {
    /// Read the settings from this file.
    #[arg(long, short, global = true, value_name = "FILE", display_order = 900)]
    config: Option<PathBuf>,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one of it")]
enum Command {
    /// Serve until told to stop: what haechi does without a subcommand.
    ///
    /// SIGTERM and SIGINT let what is under way end (`server.drain_seconds`); a second one stops at once.
    Serve,
    /// Print a fresh link that makes the first administrator.
    ///
    /// The link works once, within an hour, and only while the server has no administrator. Links that were printed before stop
    /// working.
    Claim,
    Demo(demo::Demo),
    Doctor(doctor::Doctor),
    /// Print, check or show the settings.
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// List, make and change accounts.
    #[command(subcommand)]
    Users(users::UsersCommand),
    /// List, register and change the apps and services that use this server.
    #[command(subcommand)]
    Clients(clients::ClientsCommand),
    /// List and show recipes: how software that others wrote is registered and configured.
    Recipes(recipes::Recipes),
    /// List, make and change connections to the providers that end-users sign in with: Google, Apple, Kakao, Naver and others.
    #[command(subcommand)]
    Connections(connections::ConnectionsCommand),
    /// Print the issuer that the database belongs to, or move the server to another one.
    #[command(subcommand)]
    Issuer(issuer::IssuerCommand),
    /// List and rotate the signing keys.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// List and end sessions: who is signed in where.
    #[command(subcommand)]
    Sessions(sessions::SessionsCommand),
    /// Show the audit log, the newest entry first.
    Audit(audit::Audit),
    /// Bring the database's schema up to date, or take it away.
    #[command(subcommand)]
    Migrate(migrate::MigrateCommand),
}

/// Runs what the arguments of this process say.
pub fn run() -> ExitCode {
    if let Err(error) = dumps::forbid() {
        note(format!("core dumps cannot be switched off: {error}"));
    }
    let cli = Cli::parse();
    match dispatch(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            failure.code()
        }
    }
}

fn dispatch(cli: Cli) -> Outcome {
    let sources = crate::config::load::Sources::of_process(cli.config);
    let mut output = Output::stdout();
    match cli.command.unwrap_or(Command::Serve) {
        Command::Config(command) => command.run(&sources, &mut output),
        Command::Serve => serve::run(sources.load()?, output),
        Command::Demo(command) => command.run(sources.load()?, output),
        Command::Doctor(command) => command.run(&sources, output),
        Command::Claim => Context::within(sources.load()?, output, claim::run),
        Command::Users(command) => Context::within(sources.load()?, output, async |c| command.run(c).await),
        Command::Clients(command) => Context::within(sources.load()?, output, async |c| command.run(c).await),
        Command::Recipes(command) => command.run(&mut output),
        Command::Connections(command) => Context::within(sources.load()?, output, async |c| command.run(c).await),
        Command::Issuer(command) => Context::of_any_issuer(sources.load()?, output, async |c| command.run(c).await),
        Command::Keys(command) => Context::within(sources.load()?, output, async |c| command.run(c).await),
        Command::Sessions(command) => Context::within(sources.load()?, output, async |c| command.run(c).await),
        Command::Audit(command) => Context::within(sources.load()?, output, async |c| command.run(c).await),
        Command::Migrate(command) => command.run(&sources.load()?, &mut output),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_go_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_subcommand_and_argument_says_what_it_is_for() {
        fn check(command: &clap::Command) {
            assert!(command.get_about().is_some(), "{} has no help", command.get_name());
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{} {} has no help", command.get_name(), argument.get_id());
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }
}
