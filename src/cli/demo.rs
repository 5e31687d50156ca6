//! `haechi demo`: a shop that signs its users in with the running server.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use serde_json::json;
use tokio::sync::watch;

use super::failure::{Failure, Outcome};
use super::output::{Output, Style};
use super::stop::StopSignals;
use crate::app::{self, App, StartError};
use crate::config::Config;
use crate::config::log::LogConfig;
use crate::demo;
use crate::doctor::probe::{self, Arrival};
use crate::http::server::{Options, Phase, serve};
use crate::support::{Random, SystemClock, SystemRandom};

/// Open a small shop that signs its users in with the running server.
///
/// Start `haechi` in one terminal and `haechi demo` in another: sign up, sign in, agree, look at your tokens, refresh them, sign
/// out. The shop registers itself as the client `haechi-demo-shop` and gets a new secret at every start.
#[derive(Args, Debug)]
#[command(after_long_help = "Examples:\n  haechi demo\n  haechi demo --port 3001")]
pub(super) struct Demo {
    /// The port of the shop.
    #[arg(long, default_value_t = 3000, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
}

impl Demo {
    /// Serves the shop until it is told to stop.
    pub(super) fn run(self, config: Config, output: Output) -> Outcome {
        crate::logging::start(&LogConfig { filter: "warn".to_owned(), ..config.log.clone() });
        tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(self.open(config, output))
    }

    async fn open(self, config: Config, mut output: Output) -> Outcome {
        let listener = demo::listen(self.port).await.map_err(|error| {
            Failure::of(format!("cannot listen on port {}: {error}; --port chooses another", self.port))
        })?;
        let own = format!("http://localhost:{}", self.port);
        let random: Arc<dyn Random> = Arc::new(SystemRandom::new());
        let closed = demo::find_server(&config, &own, Arc::clone(&random)).await.map_err(Failure::of)?;
        let issuer = config.server.issuer.clone();
        let router = {
            // The application goes again with its database connections: from here on the shop is a client like any other.
            let app =
                app::build(Arc::new(config), Arc::new(SystemClock), random).await.map_err(|error| match error {
                    // Run in another folder it would register the shop with a server that does not run.
                    StartError::NoDatabase { .. } => elsewhere(&issuer),
                    other => other.into(),
                })?;
            if !is_the_one_that_runs(&app).await {
                return Err(elsewhere(&issuer));
            }
            closed.register(&app.admin).await.map_err(Failure::of)?
        };
        let mut signals = StopSignals::listen()?;
        if output.is_json() {
            output.json_line(&json!({ "shop": own, "issuer": issuer }))?;
        } else {
            let shop = output.styled(Style::Link, &own);
            output.raw(&format!("  The shop is open: {shop}\n"))?;
            output.line(format!("  It signs its users in at {issuer}. Ctrl-C closes it."))?;
        }
        let (phase, watched) = watch::channel(Phase::Serving);
        tokio::spawn(async move {
            signals.next().await;
            phase.send_replace(Phase::Draining);
        });
        serve(listener, router, options(), watched).await;
        Ok(())
    }
}

fn elsewhere(issuer: &str) -> Failure {
    Failure::of(format!(
        "the server at {issuer} does not have the settings of this one: run the demo in the server's folder, or with its --config"
    ))
}

/// Whether the server that answers has the keys of this application.
async fn is_the_one_that_runs(app: &App) -> bool {
    let url = format!("{}/healthz", app.issuer.as_str());
    let Ok(client) = crate::outgoing::unguarded(&app.config.network) else { return false };
    let asked = client.get(url).header(probe::HEADER, probe::ask(&app.probe, app.clock.now())).send().await;
    let Ok(answer) = asked else { return false };
    let told = answer.bytes().await.unwrap_or_default();
    serde_json::from_slice::<Arrival>(&told).is_ok()
}

const fn options() -> Options {
    Options {
        tls: None,
        header_timeout: Duration::from_secs(10),
        idle_timeout: Duration::from_secs(75),
        drain: Duration::from_secs(2),
        max_connections: 100,
    }
}
