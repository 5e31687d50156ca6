//! What the subcommands work with: the same application that serves, without its listener; or, where they have two doors, a [`Desk`].

use std::sync::Arc;

use super::failure::{Failure, Outcome};
use super::output::Output;
use super::remote::Api;
use crate::admin::{Authority, ProvenAuthority};
use crate::app::{self, App, StartError};
use crate::config::Config;
use crate::config::log::LogConfig;
use crate::http::api::OPERATIONS;
use crate::protocol::own_api;
use crate::support::{Clock, Random, SystemClock, SystemRandom};

/// What a subcommand that does not go over the network is done by.
const ON_THE_MACHINE: &str = "leave --server out (and HAECHI_SERVER), on the server's own machine";

/// What is done instead of asking a server elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) enum Instead {
    /// It is run where the server is: it is about that machine, or is for whoever runs the server alone.
    OnTheMachine,
    /// That, or a program calls the operation of this name.
    Call(&'static str),
}

/// An application for one subcommand.
pub(super) struct Context {
    pub(super) app: Arc<App>,
    pub(super) output: Output,
    /// The operator's: for the audit log, and for what is allowed.
    pub(super) authority: ProvenAuthority,
}

/// A server elsewhere, for one subcommand.
pub(super) struct There {
    pub(super) api: Api,
    pub(super) output: Output,
}

/// Where a subcommand with two doors does what it does. What it is asked, and what it prints, is the same at both.
#[allow(clippy::large_enum_variant, reason = "there is one of it")]
pub(super) enum Desk {
    /// On the database of the settings.
    Here(Context),
    /// By the administration API of a server elsewhere.
    There(There),
}

impl Desk {
    /// Where it prints.
    pub(super) fn output(&mut self) -> &mut Output {
        match self {
            Self::Here(context) => &mut context.output,
            Self::There(there) => &mut there.output,
        }
    }

    /// The application here. What needs it is refused of a server elsewhere: it would be done to another one in silence.
    pub(super) fn here(&mut self, instead: Instead) -> Outcome<&mut Context> {
        match self {
            Self::Here(context) => Ok(context),
            Self::There(_) => Err(here_only(instead)),
        }
    }
}

/// Why a subcommand is not done to a server elsewhere, and what does it.
pub(super) fn here_only(instead: Instead) -> Failure {
    let Instead::Call(id) = instead else {
        let why = "this runs where the server's settings and database are, and not over the network";
        return Failure::usage(format!("{why}: {ON_THE_MACHINE}"));
    };
    let operation = OPERATIONS.iter().find(|operation| operation.id == id);
    let call = operation.map_or_else(|| id.to_owned(), |it| format!("{} {}{}", it.method, own_api::PATH, it.path));
    let why = "this command does not go over the network";
    Failure::usage(format!("{why}: {ON_THE_MACHINE}; or have a program call {call}, as docs/api.md says"))
}

impl There {
    /// Runs a subcommand by what `api` makes: the API of a server elsewhere.
    pub(super) fn within(api: Api, output: Output, run: impl AsyncFnOnce(&mut Desk) -> Outcome) -> Outcome {
        runtime()?.block_on(async { run(&mut Desk::There(Self { api, output })).await })
    }
}

/// What subcommands run on.
pub(super) fn runtime() -> Outcome<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

impl Context {
    /// Runs a subcommand within an application of this configuration, on a database that is this server's.
    pub(super) fn within(config: Config, output: Output, run: impl AsyncFnOnce(&mut Self) -> Outcome) -> Outcome {
        Self::on(config, output, app::build, async move |mut context: Self| run(&mut context).await)
    }

    /// The same for a subcommand with two doors.
    pub(super) fn at_desk(config: Config, output: Output, run: impl AsyncFnOnce(&mut Desk) -> Outcome) -> Outcome {
        Self::on(config, output, app::build, async move |context: Self| run(&mut Desk::Here(context)).await)
    }

    /// The same on a database that may be another issuer's: for moving it.
    pub(super) fn of_any_issuer(
        config: Config,
        output: Output,
        run: impl AsyncFnOnce(&mut Self) -> Outcome,
    ) -> Outcome {
        Self::on(config, output, app::build_for_any_issuer, async move |mut context: Self| run(&mut context).await)
    }

    fn on(
        config: Config,
        output: Output,
        build: impl AsyncFnOnce(Arc<Config>, Arc<dyn Clock>, Arc<dyn Random>) -> Result<Arc<App>, StartError>,
        run: impl AsyncFnOnce(Self) -> Outcome,
    ) -> Outcome {
        // A subcommand says itself what it did: only what went wrong is logged, unless more is asked for.
        let log = if config.log == LogConfig::default() {
            LogConfig { filter: "warn".to_owned(), ..LogConfig::default() }
        } else {
            config.log.clone()
        };
        crate::logging::start(&log);
        runtime()?.block_on(async {
            let app = build(Arc::new(config), Arc::new(SystemClock), Arc::new(SystemRandom::new())).await?;
            run(Self { app, output, authority: Authority::operator() }).await
        })
    }
}
