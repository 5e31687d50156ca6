//! From a configuration to a working house: opens the stores, brings the schema up to date, and does the chores that recur.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::clock::ClockWatch;
use super::mark::{self, Missing, Noted};
use super::{App, StartError, World, assemble, identity};
use crate::config::Config;
use crate::model::AuditEvent;
use crate::model::audit_event::{Actor, AuditKind};
use crate::outgoing::SystemLookup;
use crate::protocol::issuer::Issuer;
use crate::store::redis::RedisStore;
use crate::store::sql::SqlStore;
use crate::store::{Change, DatabaseClock, RecordStore, StoreError, StoreResult, Stores};
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
/// How often the mark beside the database is renewed.
const MARK: Duration = Duration::from_secs(30);
/// The rest between two deletions, so that they never crowd out the rest.
const TIDY_REST: Duration = Duration::from_millis(200);

/// Opens the stores of the configuration, which must be this server's, and puts the house together. Nothing recurs until [`keep_house`].
pub async fn build(
    config: Arc<Config>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<Arc<App>, StartError> {
    let issuer = Issuer::parse(&config.server.issuer)?;
    let stores = open(&config, Some(&issuer)).await?;
    assemble(config, stores, World { clock, random, lookup: Arc::new(SystemLookup) }).await
}

/// The same on stores that may be those of another issuer: for moving them to this one.
pub async fn build_for_any_issuer(
    config: Arc<Config>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<Arc<App>, StartError> {
    let stores = open(&config, None).await?;
    assemble(config, stores, World { clock, random, lookup: Arc::new(SystemLookup) }).await
}

/// The stores of a configuration, their schema up to date where that is wanted at the start.
async fn open(config: &Config, issuer: Option<&Issuer>) -> Result<Stores, StartError> {
    let sql = SqlStore::connect(&config.database).await?;
    // Before the schema is moved: that of another server is none of ours.
    check_identity(&sql, issuer).await?;
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

/// Refuses a database that this release cannot work on, or that is not the issuer's where one is named.
async fn check_identity(sql: &SqlStore, issuer: Option<&Issuer>) -> Result<(), StartError> {
    let Some(said) = sql.identity_if_said().await? else { return Ok(()) };
    identity::check_generation(&said)?;
    issuer.map_or(Ok(()), |issuer| identity::check_issuer(&said, issuer))
}

/// Makes the database this server's, and says loudly what is missing from it. For a node that is about to serve.
pub async fn take_up(app: &App) -> Result<(), StartError> {
    let before = app.stores.server.identity().await?;
    let noted = mark::path(&app.config.database).and_then(|path| mark::read(&path));
    let said = identity::adopt(&app.stores, &app.issuer, app.random.as_ref()).await?;
    // Another server may have started on it a moment ago.
    identity::check_issuer(&said, &app.issuer)?;
    if let Some(missing) = mark::missing(noted.as_ref(), &before) {
        tracing::error!("{missing}. What was done since is undone; bring back a backup if that is too much");
        let event = AuditEvent::new(AuditKind::CommitsLost, Actor::System, app.clock.now(), app.random.as_ref());
        app.stores.work.commit(vec![Change::Audit(event.saying(missing.to_string()))]).await?;
    }
    Ok(())
}

/// Notes beside a SQLite database how far it is committed.
pub async fn note_mark(app: &App) -> StoreResult<()> {
    let Some(path) = mark::path(&app.config.database) else { return Ok(()) };
    let mark = app.stores.server.count_mark().await?;
    let Some(instance) = app.stores.server.identity().await?.instance else { return Ok(()) };
    let noted = Noted { instance, mark, at: app.clock.now() };
    mark::write(&path, &noted).map_err(|error| StoreError::Unavailable(format!("{}: {error}", path.display())))
}

/// Which way to move the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Migration {
    /// To what this version needs.
    Up,
    /// To nothing: every table goes, with what is in it.
    Down,
}

/// Moves the schema of the database, which must be this server's.
pub async fn migrate(config: &Config, direction: Migration) -> Result<(), StartError> {
    let issuer = Issuer::parse(&config.server.issuer)?;
    let sql = SqlStore::connect(&config.database).await?;
    check_identity(&sql, Some(&issuer)).await?;
    match direction {
        Migration::Up => sql.migrate().await?,
        Migration::Down => {
            sql.unmigrate().await?;
            // What it says was deleted on purpose.
            if let Some(path) = mark::path(&config.database) {
                let _ = std::fs::remove_file(path);
            }
        }
    }
    Ok(())
}

/// What a database says of itself.
#[derive(Clone, Debug)]
pub struct DatabaseState {
    /// The steps of the schema in order, and whether each is applied.
    pub steps: Vec<(String, bool)>,
    /// The server's clock.
    pub now: Timestamp,
    /// Why a server of this configuration would not start on it.
    pub refused: Option<String>,
    /// What it lacks of what was committed to it.
    pub missing: Option<Missing>,
}

/// Asks the database of a configuration. Changes nothing, except that a SQLite file is made where there is none.
pub async fn database_state(config: &Config) -> StoreResult<DatabaseState> {
    let sql = SqlStore::connect(&config.database).await?;
    let said = sql.identity_if_said().await?.unwrap_or_default();
    let refused = match Issuer::parse(&config.server.issuer) {
        Ok(issuer) => identity::check_generation(&said).and_then(|()| identity::check_issuer(&said, &issuer)).err(),
        // The check of the configuration says so.
        Err(_) => None,
    };
    let noted = mark::path(&config.database).and_then(|path| mark::read(&path));
    Ok(DatabaseState {
        steps: sql.migrations().await?,
        now: sql.shows().await?,
        refused: refused.map(|why| why.to_string()),
        missing: mark::missing(noted.as_ref(), &said),
    })
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
    let node = Arc::clone(app);
    chores.spawn(every(MARK, "the mark beside the database cannot be renewed", async move || note_mark(&node).await));
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
