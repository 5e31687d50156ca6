//! The command line: one file a subcommand.
//!
//! Owns what is typed and what is printed. Does nothing itself: a subcommand reads its arguments, calls the functions that the console
//! and the pages call, and shows what they answered.
#![allow(clippy::doc_markdown, reason = "doc comments of arguments are what --help prints")]
#![allow(clippy::struct_excessive_bools, reason = "a flag is a bool")]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

mod affiliations;
mod algorithms;
mod apis;
mod attributes;
mod audit;
mod banner;
mod bench;
mod branding;
mod claim;
mod claim_rules;
mod clients;
mod completions;
mod config;
mod confirmation;
mod connections;
mod context;
mod declared;
mod demo;
mod doctor;
mod door;
mod dumps;
mod ends;
mod failure;
mod frame;
mod issuer;
mod keys;
mod login;
mod mail;
mod managers;
mod migrate;
mod output;
mod overview;
mod passwords;
mod picture;
mod possible;
mod prompt;
mod recipes;
mod remote;
mod serve;
mod sessions;
mod sign_in;
mod stop;
mod users;
mod waiting;
mod webhooks;

use context::Context;
use door::{Door, DoorArguments};
use failure::{Failure, Outcome, note};
use output::{Output, Reader};

/// What clap prints below the list of subcommands.
const AFTER_HELP: &str = "\
Without a subcommand, haechi serves.

With --server (or HAECHI_SERVER), subcommands that administer do it to a server elsewhere, over its API: `haechi login` first.

Settings: ./haechi.toml, or the file of --config or HAECHI_CONFIG; variables such as HAECHI_SERVER__ISSUER go before it.
`haechi config example` prints every setting with its default.

--json prints documents for programs: members in snake_case, times in RFC 3339 (UTC, seconds), and an error as one object on standard
error, with `code`, `detail`, `exit_status` and, where several things are wrong, `errors`.

Exit status: 0 done; 1 refused, failed or not confirmed; 2 wrong arguments or settings; 3 too early, and nothing was done.";

/// Haechi: end-users sign in once, apps and services know who they are.
#[derive(Debug, Parser)]
#[command(name = "haechi", version, after_help = AFTER_HELP, max_term_width = 100)]
struct Cli {
    /// Read the settings from this file.
    #[arg(long, short, global = true, value_name = "FILE", display_order = 900)]
    config: Option<PathBuf>,

    /// Print for programs: documents as JSON, an error as an object on standard error.
    #[arg(long, global = true, display_order = 901)]
    json: bool,

    #[command(flatten)]
    door: DoorArguments,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one of it")]
enum Command {
    /// Serve until told to stop: what haechi does without a subcommand.
    ///
    /// SIGTERM and SIGINT let what is under way end (`server.drain_seconds`); a second one stops at once.
    #[command(after_long_help = "Examples:\n  haechi serve\n  haechi serve --config /etc/haechi/haechi.toml")]
    Serve,
    /// Print a fresh link that makes the first administrator.
    ///
    /// The link works once, within an hour, and only while the server has no administrator. Links that were printed before stop
    /// working. Where there is an administrator, `haechi users create --administrator` makes another.
    #[command(after_long_help = "Examples:\n  haechi claim\n  haechi claim --json")]
    Claim,
    Login(login::Login),
    Logout(login::Logout),
    Demo(demo::Demo),
    Doctor(doctor::Doctor),
    /// Print, check or show the settings.
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// List, make and change accounts.
    #[command(subcommand)]
    Users(users::UsersCommand),
    /// List, declare and take back the custom attributes of accounts.
    #[command(subcommand)]
    Attributes(attributes::AttributesCommand),
    /// List, make and change the rules by which apps are told of people: which claims their tokens have.
    #[command(subcommand)]
    ClaimRules(claim_rules::ClaimRulesCommand),
    /// List, make and change groups, and who is in them: what apps hear of in the claim groups.
    #[command(subcommand)]
    Groups(affiliations::groups::GroupsCommand),
    /// List, make and change roles in apps, and who has them: what apps hear of in the claim roles.
    #[command(subcommand)]
    Roles(affiliations::roles::RolesCommand),
    /// List, add and remove who manages one app, or the people in one group, without a role.
    #[command(subcommand)]
    Managers(managers::ManagersCommand),
    /// List, declare and change APIs: what tokens are for, and which apps may ask for them.
    #[command(subcommand)]
    Apis(apis::ApisCommand),
    /// List, register and change the apps and services that use this server.
    #[command(subcommand)]
    Clients(clients::ClientsCommand),
    /// List and show recipes: how software that others wrote is registered and configured.
    Recipes(recipes::Recipes),
    /// List, make and change connections to the providers that end-users sign in with: Google, Apple, Kakao, Naver and others.
    #[command(subcommand)]
    Connections(connections::ConnectionsCommand),
    /// Show and decide how end-users sign up and in.
    #[command(subcommand)]
    SignIn(sign_in::SignInCommand),
    /// Show and decide how the pages of end-users present the service: name, texts, colour and links.
    #[command(subcommand)]
    Branding(branding::BrandingCommand),
    /// See whether mail leaves the server and what became of it, and send it again.
    #[command(subcommand)]
    Mail(mail::MailCommand),
    Overview(overview::Overview),
    /// Make lists of stolen passwords.
    #[command(subcommand)]
    Passwords(passwords::PasswordsCommand),
    /// Print the issuer that the database belongs to, or move the server to another one.
    #[command(subcommand)]
    Issuer(issuer::IssuerCommand),
    /// List and rotate the signing keys.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// List and end sessions: who is signed in where.
    #[command(subcommand)]
    Sessions(sessions::SessionsCommand),
    Audit(audit::Audit),
    /// List, make and change webhooks: programs that are told what happens.
    #[command(subcommand)]
    Webhooks(webhooks::WebhooksCommand),
    Export(declared::Export),
    Plan(declared::Plan),
    Apply(declared::Apply),
    Release(declared::Release),
    Schema(declared::Schema),
    /// Bring the database's schema up to date, or take it away.
    #[command(subcommand)]
    Migrate(migrate::MigrateCommand),
    /// See how a large server does: fill an empty database for benchmarks.
    #[command(subcommand)]
    Bench(bench::BenchCommand),
    Completions(completions::Completions),
    Man(completions::ManPages),
}

/// The whole command line as it is parsed: its reference is made from it.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs what the arguments of this process say.
pub fn run() -> ExitCode {
    if let Err(error) = dumps::forbid() {
        note(format!("core dumps cannot be switched off: {error}"));
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misread(&error),
    };
    let json = cli.json;
    match dispatch(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print(json);
            failure.code()
        }
    }
}

/// Says what is wrong with the arguments, or shows the help that was asked for.
fn misread(error: &clap::Error) -> ExitCode {
    let wants_json = std::env::args_os().any(|word| word == "--json");
    if !(error.use_stderr() && wants_json) {
        error.exit();
    }
    let said = error.render().to_string();
    let what = said.split("\n\n").next().unwrap_or_default();
    let failure = Failure::usage(what.strip_prefix("error: ").unwrap_or(what).trim_end());
    failure.print(true);
    failure.code()
}

fn dispatch(cli: Cli) -> Outcome {
    let sources = crate::config::load::Sources::of_process(cli.config);
    let mut output = Output::stdout(if cli.json { Reader::Program } else { Reader::Person });
    let door = Door::of(cli.door, &sources)?;
    match cli.command.unwrap_or(Command::Serve) {
        // What needs neither a database nor a server.
        Command::Schema(_) => declared::Schema::run(&mut output),
        Command::Completions(command) => command.run(self::command(), &mut output),
        Command::Man(command) => command.run(self::command(), &mut output),
        Command::Config(command) => command.run(&sources, &mut output),
        Command::Recipes(command) => command.run(&mut output),
        Command::Passwords(command) => command.run(&mut output),
        Command::Login(command) => command.run((&sources, door.server()?), &mut output),
        Command::Logout(_) => login::Logout::run((&sources, door.server()?), &mut output),
        // What has both doors.
        Command::Users(command) => door.either(output, async |desk| command.run(desk).await),
        Command::Groups(command) => door.either(output, async |desk| command.run(desk).await),
        Command::Roles(command) => door.either(output, async |desk| command.run(desk).await),
        Command::Apis(command) => door.either(output, async |desk| command.run(desk).await),
        Command::Clients(command) => door.either(output, async |desk| command.run(desk).await),
        Command::Connections(command) => match command.presets(&mut output) {
            Some(done) => done,
            None => door.either(output, async |desk| command.run(desk).await),
        },
        Command::Keys(command) => door.either(output, async |desk| command.run(desk).await),
        Command::Sessions(command) => door.either(output, async |desk| command.run(desk).await),
        Command::Audit(command) => door.either(output, async |desk| command.run(desk).await),
        Command::Webhooks(command) => door.either(output, async |desk| command.run(desk).await),
        Command::Attributes(command) => door.either(output, async |desk| command.run(desk).await),
        Command::ClaimRules(command) => door.either(output, async |desk| command.run(desk).await),
        Command::Managers(command) => door.either(output, async |desk| command.run(desk).await),
        Command::SignIn(command) => door.either(output, async |desk| command.run(desk).await),
        Command::Branding(command) => door.either(output, async |desk| command.run(desk).await),
        Command::Mail(command) => door.either(output, async |desk| command.run(desk).await),
        Command::Overview(_) => door.either(output, overview::Overview::run),
        Command::Export(command) => door.either(output, async |desk| command.run(desk).await),
        Command::Plan(command) => door.either(output, async |desk| command.run(desk).await),
        Command::Apply(command) => door.either(output, async |desk| command.run(desk).await),
        Command::Release(command) => door.either(output, async |desk| command.run(desk).await),
        // What is done on this machine, and never to a server elsewhere.
        Command::Serve => {
            door.must_be_here()?;
            serve::run((sources.load_to_serve()?, sources.origins()), output)
        }
        Command::Demo(command) => {
            door.must_be_here()?;
            command.run(sources.load()?, output)
        }
        Command::Doctor(_) => {
            door.must_be_here()?;
            doctor::Doctor::run(&sources, output)
        }
        Command::Issuer(command) => {
            door.must_be_here()?;
            Context::of_any_issuer(sources.load()?, output, async |c| command.run(c).await)
        }
        Command::Migrate(command) => {
            door.must_be_here()?;
            command.run(&sources.load()?, &mut output)
        }
        Command::Claim => door.here(output, claim::run),
        Command::Bench(command) => door.here(output, async |c| command.run(c).await),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::document::Document;
    use crate::cli::frame::Kind;

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

    /// Every argument of `create` and `update` is named where what it said is wrong, and stands for a field that there is.
    #[test]
    fn every_argument_that_says_a_field_is_known_by_it() {
        fn check<K: Kind>() {
            let all = Cli::command();
            let of = all.find_subcommand(K::COMMAND).unwrap();
            let commands = ["create", "update"].map(|name| of.find_subcommand(name).unwrap());
            let named = |option: &str| K::ARGUMENTS.iter().any(|(_, known, _)| known.split(' ').next() == Some(option));
            for (field, option, _) in K::ARGUMENTS {
                assert!(K::Document::members().contains(&field.trim_end_matches('#')), "{} has no {field}", K::NAME);
                let long = option.split(' ').next().unwrap().trim_start_matches("--");
                let is_there = |command: &&clap::Command| command.get_arguments().any(|it| it.get_long() == Some(long));
                assert!(commands.iter().any(is_there), "there is no {option}");
            }
            for group in commands[0].get_groups().filter(|group| group.get_id() == "Form") {
                for id in group.get_args() {
                    let argument = commands[0].get_arguments().find(|argument| argument.get_id() == id).unwrap();
                    let option = format!("--{}", argument.get_long().unwrap());
                    assert!(named(&option), "{option} of {} stands for no field", K::COMMAND);
                }
            }
        }
        check::<apis::ApisKind>();
        check::<clients::Clients>();
        check::<connections::Connections>();
        check::<users::Users>();
    }
}
