//! What the subcommands work with: the same application that serves, without its listener.

use std::sync::Arc;

use super::failure::Outcome;
use super::output::Output;
use crate::admin::{Authority, ProvenAuthority};
use crate::app::{self, App, StartError};
use crate::config::Config;
use crate::config::log::LogConfig;
use crate::support::{Clock, Random, SystemClock, SystemRandom};

/// An application for one subcommand.
pub(super) struct Context {
    pub(super) app: Arc<App>,
    pub(super) output: Output,
    /// The operator's: for the audit log, and for what is allowed.
    pub(super) authority: ProvenAuthority,
}

impl Context {
    /// Runs a subcommand within an application of this configuration, on a database that is this server's.
    pub(super) fn within(config: Config, output: Output, run: impl AsyncFnOnce(&mut Self) -> Outcome) -> Outcome {
        Self::on(config, output, app::build, run)
    }

    /// The same on a database that may be another issuer's: for moving it.
    pub(super) fn of_any_issuer(
        config: Config,
        output: Output,
        run: impl AsyncFnOnce(&mut Self) -> Outcome,
    ) -> Outcome {
        Self::on(config, output, app::build_for_any_issuer, run)
    }

    fn on(
        config: Config,
        output: Output,
        build: impl AsyncFnOnce(Arc<Config>, Arc<dyn Clock>, Arc<dyn Random>) -> Result<Arc<App>, StartError>,
        run: impl AsyncFnOnce(&mut Self) -> Outcome,
    ) -> Outcome {
        // A subcommand says itself what it did: only what went wrong is logged, unless more is asked for.
        let log = if config.log == LogConfig::default() {
            LogConfig { filter: "warn".to_owned(), ..LogConfig::default() }
        } else {
            config.log.clone()
        };
        crate::logging::start(&log);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let app = build(Arc::new(config), Arc::new(SystemClock), Arc::new(SystemRandom::new())).await?;
            run(&mut Self { app, output, authority: Authority::operator() }).await
        })
    }
}
