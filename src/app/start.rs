//! From a configuration to a working house: opens the stores, brings the schema up to date, and does the chores that recur.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::clock::ClockWatch;
use super::{App, StartError, World, assemble};
use crate::config::Config;
use crate::outgoing::SystemLookup;
use crate::store::redis::RedisStore;
use crate::store::sql::SqlStore;
use crate::store::{DatabaseClock, RecordStore, StoreResult, Stores};
use crate::support::shared_clock::TOLERANCE;
use crate::support::{Clock, Random, Timestamp};

/// How often a node looks whether another changed a client: a change holds everywhere within this time.
const LOOK_FOR_CHANGES: Duration = Duration::from_millis(250);
/// How often the signing keys are looked after.
const TEND_KEYS: Duration = Duration::from_secs(1);
/// How often a node looks at the database's clock: a machine's clock that jumps is out of step for so long.
const LOOK_AT_CLOCK: Duration = Duration::from_secs(1);
/// How often rows that have expired are deleted; at once again while there were any.
const TIDY: Duration = Duration::from_secs(60);
/// How often the audit log is shortened, likewise.
const SHORTEN_AUDIT_LOG: Duration = Duration::from_mins(10);
/// The rest between two deletions, so that they never crowd out the rest.
const TIDY_REST: Duration = Duration::from_millis(200);

/// Opens the stores of the configuration and puts the house together. Nothing recurs until [`keep_house`].
pub async fn build(
    config: Arc<Config>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<Arc<App>, StartError> {
    let stores = open(&config).await?;
    assemble(config, stores, World { clock, random, lookup: Arc::new(SystemLookup) }).await
}

/// The stores of a configuration, their schema up to date where that is wanted at the start.
async fn open(config: &Config) -> Result<Stores, StartError> {
    let sql = SqlStore::connect(&config.database).await?;
    if config.database.migrate_on_start {
        sql.migrate().await?;
    } else if sql.migrations().await?.iter().any(|(_, applied)| !applied) {
        return Err(StartError::Schema);
    }
    let mut stores = Stores::from(Arc::new(sql));
    if let Some(redis) = &config.redis {
        let redis = Arc::new(RedisStore::connect(redis).await?);
        stores.records = redis.clone();
        stores.throttles = redis;
    }
    Ok(stores)
}

/// Which way to move the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Migration {
    /// To what this version needs.
    Up,
    /// To nothing: every table goes, with what is in it.
    Down,
}

/// Moves the schema of the database.
pub async fn migrate(config: &Config, direction: Migration) -> StoreResult<()> {
    let sql = SqlStore::connect(&config.database).await?;
    match direction {
        Migration::Up => sql.migrate().await,
        Migration::Down => sql.unmigrate().await,
    }
}

/// What a database says of itself.
#[derive(Clone, Debug)]
pub struct DatabaseState {
    /// The steps of the schema in order, and whether each is applied.
    pub steps: Vec<(String, bool)>,
    /// The server's clock.
    pub now: Timestamp,
}

/// Asks the database of a configuration. Changes nothing, except that a SQLite file is made where there is none.
pub async fn database_state(config: &Config) -> StoreResult<DatabaseState> {
    let sql = SqlStore::connect(&config.database).await?;
    Ok(DatabaseState { steps: sql.migrations().await?, now: sql.shows().await? })
}

/// What a Redis that answers says of itself.
#[derive(Clone, Debug)]
pub struct RedisState {
    /// What it deletes when its memory is full (`maxmemory-policy`); `None` where it does not say.
    pub policy: Option<String>,
    /// Its time; `None` where it does not say.
    pub now: Option<Timestamp>,
}

/// Asks the Redis of a configuration.
pub async fn redis_state(config: &crate::config::redis::RedisConfig) -> StoreResult<RedisState> {
    let redis = RedisStore::connect(config).await?;
    redis.ping().await?;
    Ok(RedisState { policy: redis.eviction_policy().await, now: redis.time().await.ok() })
}

/// Begins the chores of a serving node: noticing changes of other nodes, looking after the keys, keeping the database's time, deleting what
/// has expired. They end when the answer is dropped.
pub fn keep_house(app: &Arc<App>) -> JoinSet<()> {
    let mut chores = JoinSet::new();
    let node = Arc::clone(app);
    chores.spawn(every(LOOK_FOR_CHANGES, "changes of other nodes cannot be seen", async move || {
        node.clients.poll().await
    }));
    let node = Arc::clone(app);
    chores.spawn(every(TEND_KEYS, "the signing keys cannot be looked after", async move || node.keys.tend().await));
    let watch = ClockWatch::new(Arc::clone(app));
    chores.spawn(every(LOOK_AT_CLOCK, "the database's clock cannot be seen", async move || watch.look().await));
    let node = Arc::clone(app);
    chores.spawn(sweep(TIDY, "what has expired cannot be deleted", async move || purge(&node).await));
    let node = Arc::clone(app);
    let unshortened = "old entries of the audit log cannot be deleted";
    chores.spawn(sweep(SHORTEN_AUDIT_LOG, unshortened, async move || shorten_audit_log(&node).await));
    chores
}

/// Does a chore again and again; one that was late does not catch up.
async fn every<T, E: std::fmt::Display>(span: Duration, trouble: &'static str, chore: impl AsyncFn() -> Result<T, E>) {
    let mut ticks = interval(span);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut noted = Trouble::default();
    loop {
        ticks.tick().await;
        noted.note(trouble, chore().await);
    }
}

/// Deletes what has expired, also for a node or a moment whose clock is a little behind: the id of an assertion that was used still protects
/// there. Says how many rows went.
pub async fn purge(app: &App) -> StoreResult<u64> {
    app.stores.housekeeping.purge(app.clock.now().minus(TOLERANCE)).await
}

/// Deletes what of the audit log is older, or more, than is to be kept. Says how many entries went.
pub async fn shorten_audit_log(app: &App) -> StoreResult<u64> {
    let config = &app.config.audit;
    app.stores.audit.forget(app.clock.now().minus(config.keep()), config.keep_entries).await
}

/// Sweeps again and again; at once again while there was something to sweep.
async fn sweep(span: Duration, trouble: &'static str, chore: impl AsyncFn() -> StoreResult<u64>) {
    let mut noted = Trouble::default();
    loop {
        let swept = chore().await;
        let more = swept.as_ref().is_ok_and(|count| *count > 0);
        noted.note(trouble, swept);
        sleep(if more { TIDY_REST } else { span }).await;
    }
}

/// Says once that a chore fails, and once that it works again: a database that is away fills no log.
#[derive(Default)]
struct Trouble(bool);

impl Trouble {
    fn note<T, E: std::fmt::Display>(&mut self, what: &'static str, outcome: Result<T, E>) {
        match outcome {
            Ok(_) if self.0 => {
                self.0 = false;
                tracing::info!("over: {what}");
            }
            Err(error) if !self.0 => {
                self.0 = true;
                tracing::warn!(%error, "{what}");
            }
            _ => {}
        }
    }
}
