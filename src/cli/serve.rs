//! `haechi serve`: the server, from its configuration to its end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use url::{Host, Url};

use super::failure::{Failure, Outcome};
use super::output::Output;
use super::stop::{StopSignals, StoppedBy};
use super::{banner, claim, waiting};
use crate::app;
use crate::config::Config;
use crate::config::origins::{Origin, Origins};
use crate::http::AppState;
use crate::http::server::{Options, Phase, serve};

/// Serves until the process is told to stop.
pub(super) fn run((config, origins): (Config, Origins), output: Output) -> Outcome {
    crate::logging::start(&config.log);
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if let Some(threads) = config.server.worker_threads {
        builder.worker_threads(threads);
    }
    builder.enable_all().build()?.block_on(begin((config, origins), output))
}

async fn begin((config, origins): (Config, Origins), mut output: Output) -> Outcome {
    let options = Options::from_config(&config.server).map_err(Failure::usage)?;
    allow_descriptors(config.server.max_connections);
    // The port first: of two servers that start by mistake, one stops here and touches nothing.
    let listener = bind(config.server.listen).await?;
    let elsewhere = elsewhere(&config, &origins);
    let config = Arc::new(config);
    let (app, listener) = waiting::start(&config, listener, &options).await?;
    let (phase, watched) = watch::channel(Phase::Serving);
    // Before any caller can see that it is up: until here a signal ends the process at once, as nothing is under way.
    let signals = StopSignals::listen()?;
    let state = AppState::with(Arc::clone(&app), origins);
    let router = crate::http::router(&state);
    let serving = tokio::spawn(serve(listener, router, options, watched));
    let _chores = app::keep_house(&app);
    let link = claim::link(&app).await?;
    banner::print(&mut output, &config, (link.as_ref(), elsewhere.as_deref()))?;
    if let Some(elsewhere) = elsewhere {
        tracing::warn!("{elsewhere}");
    }
    tracing::info!(listen = %config.server.listen, issuer = %config.server.issuer, "ready");
    tokio::spawn(until_stopped(signals, state, phase, config.server.unready()));
    let ended = serving.await.map_err(Failure::of)?;
    app.refusals.written().await;
    if let Err(error) = app.counts.write().await {
        tracing::warn!(%error, "what was counted last cannot be written");
    }
    if let Err(error) = app::look_at_mark(&app).await {
        tracing::warn!(%error, "how far the database is committed cannot be noted");
    }
    if !ended {
        return Err(Failure::of("requests under way were cut off"));
    }
    tracing::info!("stopped");
    Ok(())
}

/// What is said where nothing answers at the issuer: it names another port of this machine, and nobody said where to listen. That port may be a proxy's, so it
/// is no error; where to listen is not taken from it either, as the two are settings of their own.
fn elsewhere(config: &Config, origins: &Origins) -> Option<String> {
    let server = &config.server;
    let issuer = Url::parse(&server.issuer).ok()?;
    let here = match issuer.host()? {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    };
    // What takes TLS for it is a proxy.
    let direct = issuer.scheme() == "http" || server.tls_certificate.is_some();
    let port = issuer.port_or_known_default()?;
    if *origins.of("server.listen") != Origin::Default || !here || !direct || port == server.listen.port() {
        return None;
    }
    let (issuer, listen) = (&server.issuer, server.listen);
    let wanted = SocketAddr::new(listen.ip(), port);
    Some(format!(
        "this server listens at {listen}, and its issuer is {issuer}: unless a proxy leads from one to the other, nothing answers there. Set server.listen to {wanted} \
         (HAECHI_SERVER__LISTEN)"
    ))
}

/// Raises this process's own limit of open files towards what its connections need, as far as it may.
fn allow_descriptors(connections: usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let wanted = u64::try_from(connections).unwrap_or(u64::MAX).saturating_add(1000);
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = wanted.min(maximum.unwrap_or(u64::MAX));
    if current.is_some_and(|current| current < raised) {
        // Where it may not, the accept loop rests when there are no more.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum });
    }
}

async fn bind(address: SocketAddr) -> Outcome<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let hint = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                ": is Haechi running already? For another port set server.listen and server.issuer"
            }
            std::io::ErrorKind::PermissionDenied => ": ports below 1024 need CAP_NET_BIND_SERVICE",
            std::io::ErrorKind::AddrNotAvailable => ": this machine does not have that address; correct server.listen",
            _ => "",
        };
        Failure::of(format!("cannot listen on {address}: {error}{hint}"))
    })
}

/// Moves the phase on as signals come.
async fn until_stopped(mut signals: StopSignals, state: AppState, phase: watch::Sender<Phase>, unready: Duration) {
    let stopped_by = signals.next().await;
    tracing::info!("stopping: what is under way may end");
    let draining = async {
        // Only an orchestrator has a load balancer that must look elsewhere first; an operator at a terminal has not.
        if stopped_by == StoppedBy::Orchestrator {
            state.readiness().leave();
            phase.send_replace(Phase::Leaving);
            tokio::time::sleep(unready).await;
        }
        phase.send_replace(Phase::Draining);
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = draining => {}
        _ = signals.next() => drop(phase.send_replace(Phase::Ended)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_at_another_port_of_this_machine_is_told_of_with_both_addresses() {
        let said = |issuer: &str| {
            let mut config = Config::default();
            issuer.clone_into(&mut config.server.issuer);
            elsewhere(&config, &Origins::default())
        };
        for issuer in
            ["http://localhost:9000", "http://127.0.0.1:9000", "http://[::1]:9000", "http://id.localhost:9000"]
        {
            let text = said(issuer).unwrap_or_else(|| panic!("{issuer}"));
            for part in ["127.0.0.1:8080", issuer, "server.listen to 127.0.0.1:9000"] {
                assert!(text.contains(part), "{text}");
            }
        }
        for issuer in ["http://localhost:8080", "https://localhost:9000", "https://id.example.com"] {
            assert_eq!(said(issuer), None, "{issuer}");
        }
    }
}
