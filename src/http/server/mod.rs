//! The serve loop: accepts connections, speaks HTTP/1.1 and HTTP/2 over them, with TLS where it is set, and ends in good order.
//!
//! Owns every limit that holds before a handler runs: how many connections there are, how long a head or a handshake may take, how
//! long a connection may be idle, how big a head may be, and which requests are no HTTP at all. The time a body may take, and what
//! a request means, are left to the router.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;

use crate::config;

mod activity;
mod connection;
pub mod tls;

use tls::Tls;

/// How long the accept loop rests when the machine has no more descriptors or memory.
const EXHAUSTED_REST: Duration = Duration::from_millis(100);

/// How often the files of the certificate are looked at.
const TLS_LOOK: Duration = Duration::from_secs(10);

/// What the serve loop is to keep to.
#[derive(Clone)]
pub struct Options {
    /// TLS, where Haechi ends it itself.
    pub tls: Option<Arc<Tls>>,
    /// For a request's head, and for the TLS handshake.
    pub header_timeout: Duration,
    /// For a connection without a request.
    pub idle_timeout: Duration,
    /// For the requests under way when a stop is asked for.
    pub drain: Duration,
    /// The most connections at once.
    pub max_connections: usize,
}

impl Options {
    /// Those of the configuration; reads the certificate.
    pub fn from_config(config: &config::server::ServerConfig) -> Result<Self, tls::TlsError> {
        let tls = match (&config.tls_certificate, &config.tls_key) {
            (Some(certificate), Some(key)) => Some(Arc::new(Tls::load(certificate, key)?)),
            _ => None,
        };
        Ok(Self {
            tls,
            header_timeout: config.header_timeout(),
            idle_timeout: config.idle_timeout(),
            drain: config.drain(),
            max_connections: config.max_connections,
        })
    }
}

/// How far the server is in its life. The process that runs it moves this on; a dropped sender means [`Phase::Draining`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Connections are accepted.
    Serving,
    /// They still are, while load balancers find out that they should look elsewhere: each is ended by its next answer, so that none is kept by the time
    /// it would be closed under a request that is on its way.
    Leaving,
    /// It takes no more, and ends when the requests under way have.
    Draining,
    /// It ends at once.
    Ended,
}

/// The other end of a request's connection, which every request carries as an extension: a proxy or the client itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Serves until `phase` says otherwise. Answers whether every request under way could end.
pub async fn serve(listener: TcpListener, router: Router, options: Options, phase: watch::Receiver<Phase>) -> bool {
    let most = options.max_connections.min(Semaphore::MAX_PERMITS);
    let server = Server { slots: Arc::new(Semaphore::new(most)), cut_off: Arc::default(), router, options, phase };
    let mut looking = tokio::time::interval(TLS_LOOK);
    let mut phase = server.phase.clone();
    loop {
        tokio::select! {
            () = server.accept(&listener) => {}
            _ = looking.tick() => server.renew_certificate(),
            () = taking_no_more(&mut phase) => break,
        }
    }
    server.accept_last(listener);
    server.drain(most, phase).await
}

/// Waits until connections are no longer taken.
async fn taking_no_more(phase: &mut watch::Receiver<Phase>) {
    let _ = phase.wait_for(|phase| *phase >= Phase::Draining).await;
}

/// What every connection shares.
struct Server {
    slots: Arc<Semaphore>,
    router: Router,
    options: Options,
    phase: watch::Receiver<Phase>,
    /// Whether a connection was cut off because everything ended.
    cut_off: Arc<AtomicBool>,
}

impl Server {
    /// Takes one connection, once there is room for it, and serves it beside this loop.
    async fn accept(&self, listener: &TcpListener) {
        let Ok(slot) = Arc::clone(&self.slots).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, peer)) => self.begin(stream, peer, slot),
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "no connection can be accepted now");
                tokio::time::sleep(EXHAUSTED_REST).await;
            }
        }
    }

    /// Takes the connections that the machine has taken already, and closes the port: a request may be on its way in each.
    fn accept_last(&self, listener: TcpListener) {
        let Ok(listener) = listener.into_std() else { return };
        while let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned() {
            let Ok((stream, peer)) = listener.accept() else { return };
            if stream.set_nonblocking(true).is_ok()
                && let Ok(stream) = TcpStream::from_std(stream)
            {
                self.begin(stream, peer, slot);
            }
        }
    }

    fn begin(&self, stream: TcpStream, peer: SocketAddr, slot: OwnedSemaphorePermit) {
        let connection = connection::Connection {
            router: self.router.clone(),
            header_timeout: self.options.header_timeout,
            idle_timeout: self.options.idle_timeout,
            phase: self.phase.clone(),
            cut_off: Arc::clone(&self.cut_off),
            peer,
        };
        let tls = self.options.tls.as_ref().map(|tls| tls.acceptor());
        tokio::spawn(async move {
            let _slot = slot;
            // Answers are small and complete when they are written: waiting for more to send gains nothing.
            let _ = stream.set_nodelay(true);
            match tls {
                None => connection.serve(stream).await,
                Some(acceptor) => match timeout(connection.header_timeout, acceptor.accept(stream)).await {
                    Ok(Ok(stream)) => connection.serve(stream).await,
                    Ok(Err(error)) => tracing::debug!(%peer, %error, "the TLS handshake failed"),
                    Err(_) => tracing::debug!(%peer, "the TLS handshake took too long"),
                },
            }
        });
    }

    fn renew_certificate(&self) {
        match self.options.tls.as_ref().map(|tls| tls.reload_if_changed()) {
            Some(Ok(true)) => tracing::info!("the TLS certificate was renewed"),
            Some(Err(error)) => tracing::error!(%error, "the new TLS certificate cannot be used; the old one stays"),
            Some(Ok(false)) | None => {}
        }
    }

    /// Waits until every connection has given its slot back, for as long as it may.
    async fn drain(self, slots: usize, mut phase: watch::Receiver<Phase>) -> bool {
        let all = u32::try_from(slots).unwrap_or(u32::MAX);
        let ended = async { phase.wait_for(|phase| *phase == Phase::Ended).await.is_ok() };
        tokio::select! {
            _ = self.slots.acquire_many(all) => {}
            () = tokio::time::sleep(self.options.drain) => {}
            true = ended => {}
        };
        // Those that were cut off at the word that ends everything may have given their slots back before this is asked.
        let over = self.slots.available_permits() == slots && !self.cut_off.load(Ordering::SeqCst);
        if !over {
            tracing::warn!(connections = slots - self.slots.available_permits(), "requests under way were cut off");
        }
        over
    }
}

/// Whether an error of `accept` is the fault of the connection that was to come, and not a want of the machine.
fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
