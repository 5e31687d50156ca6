//! The connection to Redis: made when needed, shared by all callers, thrown away at the first doubt.
//!
//! Owns how long an operation may take and when to connect again. There is no schedule of attempts: the next operation after a
//! failure connects, so whatever needs Redis works again with the first request after its return, and nothing waits for a
//! connection longer than for an answer.

use std::sync::Arc;
use std::time::Duration;

use ::redis::aio::MultiplexedConnection;
use ::redis::{
    AsyncConnectionConfig, Client, Cmd, ErrorKind, FromRedisValue, RedisError, RedisResult, ScriptInvocation,
    ServerErrorKind, TlsCertificates,
};
use arc_swap::ArcSwapOption;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

use crate::config;
use crate::store::{StoreError, StoreResult};

/// How many commands may wait to be written.
const QUEUE: usize = 1024;

/// What can be asked in one round trip.
pub(super) enum Request<'a> {
    Command(Cmd),
    Script(ScriptInvocation<'a>),
}

impl From<Cmd> for Request<'_> {
    fn from(command: Cmd) -> Self {
        Self::Command(command)
    }
}

impl<'a> From<ScriptInvocation<'a>> for Request<'a> {
    fn from(script: ScriptInvocation<'a>) -> Self {
        Self::Script(script)
    }
}

impl Request<'_> {
    async fn send<T: FromRedisValue>(&self, mut connection: MultiplexedConnection) -> RedisResult<T> {
        match self {
            Self::Command(command) => command.query_async(&mut connection).await,
            Self::Script(script) => script.invoke_async(&mut connection).await,
        }
    }
}

enum Attempt<T> {
    Answered(T),
    Failed(RedisError),
    TimedOut,
}

/// The one connection that all callers share.
pub(super) struct Link {
    client: Client,
    settings: AsyncConnectionConfig,
    timeout: Duration,
    live: ArcSwapOption<MultiplexedConnection>,
    /// Held while connecting, so that a crowd makes one connection.
    connecting: Mutex<()>,
}

impl Link {
    pub(super) fn new(config: &config::redis::RedisConfig) -> StoreResult<Self> {
        Ok(Self {
            client: client(config)?,
            // The library's own timeouts are off: the one of `ask` holds for connecting and answering together.
            settings: AsyncConnectionConfig::new()
                .set_connection_timeout(None)
                .set_response_timeout(None)
                .set_pipeline_buffer_size(QUEUE),
            timeout: config.operation_timeout(),
            live: ArcSwapOption::empty(),
            connecting: Mutex::new(()),
        })
    }

    /// Asks Redis for something, within the time that one operation may take.
    pub(super) async fn ask<T: FromRedisValue>(&self, request: impl Into<Request<'_>>) -> StoreResult<T> {
        let request = request.into();
        let deadline = Instant::now() + self.timeout;
        let answer = match self.attempt(&request, deadline).await {
            // The connection was closed while it was not used (a restart, an idle timeout on the way), so a new one may do.
            // Should the request have reached Redis after all, running it twice does no harm: at worst a record that was
            // taken is not found, or an event is counted twice.
            Attempt::Failed(error) if error.is_connection_dropped() => self.attempt(&request, deadline).await,
            answer => answer,
        };
        match answer {
            Attempt::Answered(value) => Ok(value),
            Attempt::Failed(error) => Err(store_error(&error)),
            Attempt::TimedOut => Err(StoreError::Unavailable("Redis did not answer in time".to_owned())),
        }
    }

    async fn attempt<T: FromRedisValue>(&self, request: &Request<'_>, deadline: Instant) -> Attempt<T> {
        let connection = match timeout_at(deadline, self.connection()).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return Attempt::Failed(error),
            Err(_) => return Attempt::TimedOut,
        };
        match timeout_at(deadline, request.send(MultiplexedConnection::clone(&connection))).await {
            Ok(Ok(value)) => Attempt::Answered(value),
            Ok(Err(error)) => {
                if error.is_io_error() || error.is_unrecoverable_error() || is_demoted(&error) {
                    self.forget(&connection);
                }
                Attempt::Failed(error)
            }
            // A host that vanished says nothing, not even that the connection is broken.
            Err(_) => {
                self.forget(&connection);
                Attempt::TimedOut
            }
        }
    }

    async fn connection(&self) -> RedisResult<Arc<MultiplexedConnection>> {
        if let Some(live) = self.live.load_full() {
            return Ok(live);
        }
        let _turn = self.connecting.lock().await;
        if let Some(live) = self.live.load_full() {
            return Ok(live);
        }
        let fresh = Arc::new(self.client.get_multiplexed_async_connection_with_config(&self.settings).await?);
        self.live.store(Some(fresh.clone()));
        Ok(fresh)
    }

    /// Stops using a connection, unless it was replaced already. Operations under way on it may still end well.
    fn forget(&self, connection: &Arc<MultiplexedConnection>) {
        self.live.compare_and_swap(connection, None);
    }
}

fn client(config: &config::redis::RedisConfig) -> StoreResult<Client> {
    let wrong = |why: String| StoreError::Misconfigured(format!("redis: {why}"));
    let client = match &config.authorities {
        None => Client::open(config.url.as_str()),
        Some(file) => {
            let pem = std::fs::read(file).map_err(|error| wrong(format!("{}: {error}", file.display())))?;
            let certificates = TlsCertificates { client_tls: None, root_cert: Some(pem) };
            Client::build_with_tls(config.url.as_str(), certificates)
        }
    };
    // The library's words quote no URL, which may hold a password.
    client.map_err(|error| wrong(error.to_string()))
}

/// Whether this server is no primary any more: the address may lead to another one by now, this connection never will.
fn is_demoted(error: &RedisError) -> bool {
    matches!(error.kind(), ErrorKind::Server(ServerErrorKind::ReadOnly | ServerErrorKind::MasterDown))
}

fn store_error(error: &RedisError) -> StoreError {
    match error.kind() {
        ErrorKind::UnexpectedReturnType => StoreError::Corrupt(error.to_string()),
        _ => StoreError::Unavailable(format!("Redis: {error}")),
    }
}
