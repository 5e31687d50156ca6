//! The start of a server whose PostgreSQL is not there yet: an orchestrator starts everything at once, and something has to come first.
//!
//! Owns waiting for it: the process lives and is not ready meanwhile. What is wrong with the settings, or with what is in the database, ends the start as ever. SQLite
//! is a file, and not waited for; nor is Redis, which a server starts without.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::failure::{Failure, Outcome};
use crate::app::{self, App, StartError};
use crate::config::Config;
use crate::http;
use crate::http::server::{Options, Phase, serve};
use crate::keys::KeyError;
use crate::store::StoreError;
use crate::support::{SystemClock, SystemRandom};

/// How long is waited before the second try, and twice as long before each further one, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How many reasons are said.
const MOST_REASONS: usize = 10;

/// The house, and the listener that it is to be served on.
pub(super) async fn start(
    config: &Arc<Config>,
    listener: TcpListener,
    options: &Options,
) -> Outcome<(Arc<App>, TcpListener)> {
    let (mut said, mut pause) = (Vec::new(), FIRST_PAUSE);
    let away = |error: StartError| match error {
        StartError::Store(StoreError::Unavailable(why))
        | StartError::Keys(KeyError::Store(StoreError::Unavailable(why)))
            if !config.database.is_sqlite() =>
        {
            Ok(why)
        }
        other => Err(Failure::from(other)),
    };
    match once(config).await {
        Ok(app) => return Ok((app, listener)),
        Err(error) => say(away(error)?, &mut said),
    }
    let listener = listener.into_std().map_err(Failure::of)?;
    let meanwhile = Meanwhile::begin(&listener, options).map_err(Failure::of)?;
    loop {
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
        match once(config).await {
            Ok(app) => {
                tracing::info!("over: what was waited for is there");
                meanwhile.end().await;
                return Ok((app, TcpListener::from_std(listener).map_err(Failure::of)?));
            }
            Err(error) => say(away(error)?, &mut said),
        }
    }
}

/// Says each reason once: a database that is away fills no log.
fn say(why: String, said: &mut Vec<String>) {
    if said.len() < MOST_REASONS && !said.contains(&why) {
        tracing::warn!(%why, "not ready: waiting");
        said.push(why);
    }
}

async fn once(config: &Arc<Config>) -> Result<Arc<App>, StartError> {
    let app = app::begin(Arc::clone(config), Arc::new(SystemClock), Arc::new(SystemRandom::new())).await?;
    app::take_up(&app).await?;
    Ok(app)
}

/// What answers on the port meanwhile. The port stays open when it ends.
struct Meanwhile {
    phase: watch::Sender<Phase>,
    serving: JoinHandle<bool>,
}

impl Meanwhile {
    fn begin(listener: &std::net::TcpListener, options: &Options) -> io::Result<Self> {
        let listener = TcpListener::from_std(listener.try_clone()?)?;
        let (phase, watched) = watch::channel(Phase::Serving);
        let serving = tokio::spawn(serve(listener, http::not_ready(), options.clone(), watched));
        Ok(Self { phase, serving })
    }

    async fn end(self) {
        self.phase.send_replace(Phase::Ended);
        let _ = self.serving.await;
    }
}
